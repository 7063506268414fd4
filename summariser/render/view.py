"""The View: a Summary in plain words, which is all that the renderings get."""

from dataclasses import dataclass
from typing import Literal

Mark = Literal["✗", "?", "✓", "~"]
MARKS: tuple[Mark, ...] = ("✗", "?", "✓", "~")
"""The marks of items in the order in which they are shown."""
MARK_NAMES: dict[Mark, str] = {"✗": "refuted", "?": "not settled", "✓": "supported", "~": "inferred"}
"""The marks in words."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of an item: what a reader calls it, and its value in words; empty if it has none."""

    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the source says of one field: the field in words, the outcome and the reason."""

    title: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item.

    Attributes:
        id: The item's id.
        label: Its closed value, such as "agreed", or its kind.
        who: The parties that it is about.
        what: Its content.
        short: Its content in few words.
        due: The day of its deadline, such as "due 2025-04-04", or "from 2025-04-04" if it begins then; empty if it has
            none.
        where: The sentences that it cites, such as "[4]".
        sentences: Their numbers.
        spans: The places of the cited words in the source's text, as (start, end).
        quote: The cited words.
        mark: Its mark: the source supports it, does not settle it or refutes it, or a model inferred it.
        reason: Why the source does not support it, as a sentence; empty if it does.
        unsettled: The fields that nothing settles, in words.
        notes: The messages of the warnings about it, and what a supported item leaves open.
        parties: The names of all parties that it names.
        cells: Its fields in words.
        findings: What the source says of each field.
    """

    id: str
    label: str
    who: str
    what: str
    short: str
    due: str
    where: str
    sentences: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    quote: str
    mark: Mark
    reason: str
    unsettled: tuple[str, ...]
    notes: tuple[str, ...]
    parties: tuple[str, ...]
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one kind, in the order of their marks; of those that are not settled the most doubtful is first.

    Attributes:
        heading: The heading.
        kind: The kind in the singular.
        lines: The items.
        is_claim: True for what the Summary claims of the source, False for the parties.
    """

    heading: str
    kind: str
    lines: tuple[Line, ...]
    is_claim: bool


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A sentence of the source: its number, its place in the text, its paragraph; False for boilerplate."""

    number: int
    start: int
    end: int
    paragraph: int
    is_content: bool


@dataclass(frozen=True, slots=True)
class Article:
    """The text of the source, and its sentences in order."""

    text: str
    sentences: tuple[SourceSentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A Summary in words.

    Attributes:
        headline: The headline; without one, the document's title.
        facts: The source, the day of publication and the language, as far as they are known.
        overview: A few sentences about what happened.
        sections: The items by kind, the most important kind first.
        warnings: The messages of the warnings about the whole Summary.
        telling: Those of them that a brief rendering shows too.
        counted: How many warnings there are of the other kinds, in words.
        tally: The number of claims, and how many of them have each mark; then the same of the parties.
        made_by: The prompt and the model, and the status if it is not complete: what a reader elsewhere needs.
        closing: The prompt, the model, the tokens, the seconds and the cost.
        characters: The length of the source's text.
        language: The ISO 639-1 code of the source's language; empty if it is unknown.
        article: The source's text, if it is at hand.
    """

    headline: str
    facts: tuple[str, ...]
    overview: str
    sections: tuple[Section, ...]
    warnings: tuple[str, ...]
    telling: tuple[str, ...]
    counted: tuple[str, ...]
    tally: str
    made_by: str
    closing: str
    characters: int
    language: str
    article: Article | None = None

    @property
    def legend(self) -> tuple[str, ...]:
        """What each mark that occurs means, and what a number in brackets means, as sentences."""
        lines = [line for section in self.sections for line in section.lines]
        marks = {line.mark for line in lines}
        meanings = [f"{mark} {MARK_NAMES[mark]}: {_MEANINGS[mark]}" for mark in MARKS if mark in marks]
        return (*meanings, "[1] the number of the sentence that an item cites.") if lines else ()


def in_marks(words: str) -> str:
    """Return words of a source in quotation marks, unless they begin with one."""
    return words if words.startswith(_QUOTATION_MARKS) else f"“{words}”"


_QUOTATION_MARKS = ("“", '"', "«", "„", "'", "‘")
_MEANINGS: dict[Mark, str] = {
    "✗": "the text says something else, or the quoted words are not the text's.",
    "?": "the checks could not find every field in the text's words; read the reason and the cited sentence. "
    "The most doubtful items come first.",
    "✓": "the cited words are the text's, and the checks found every field in them or in what they refer to; "
    "only the kind of a party may be the model's reading.",
    "~": "a model concluded it from other items; the text does not say it.",
}
