"""The View: a Summary in plain words, which is all that the renderings get."""

from dataclasses import dataclass
from typing import Literal

Mark = Literal["✗", "?", "✓", "~"]
MARKS: tuple[Mark, ...] = ("✗", "?", "✓", "~")
"""The marks of items in the order in which they are shown."""
MARK_NAMES: dict[Mark, str] = {"✗": "refuted", "?": "not settled", "✓": "supported", "~": "inferred"}
"""The marks in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item.

    Attributes:
        id: The item's id.
        label: Its closed value, such as "agreed", or its kind.
        who: The parties that it is about.
        what: Its content.
        where: The sentences that it cites, such as "[4]".
        mark: Its mark: the source supports it, does not settle it or refutes it, or a model inferred it.
        reason: Why the source does not support it, as a sentence; empty if it does.
        notes: The messages of the warnings about it.
    """

    id: str
    label: str
    who: str
    what: str
    where: str
    mark: Mark
    reason: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one kind, in the order of their marks."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A Summary in words.

    Attributes:
        headline: The headline; without one, the document's title.
        facts: The source, the day of publication and the language, as far as they are known.
        overview: A few sentences about what happened.
        sections: The items by kind, the most important kind first.
        warnings: The messages of the warnings about the whole Summary.
        tally: The number of items, and how many of them have each mark.
        closing: The prompt, the model, the tokens, the seconds and the cost.
    """

    headline: str
    facts: tuple[str, ...]
    overview: str
    sections: tuple[Section, ...]
    warnings: tuple[str, ...]
    tally: str
    closing: str

    @property
    def legend(self) -> tuple[str, ...]:
        """What each mark that occurs means, and what a number in brackets means, as sentences."""
        lines = [line for section in self.sections for line in section.lines]
        marks = {line.mark for line in lines}
        meanings = [f"{mark} {MARK_NAMES[mark]}: {_MEANINGS[mark]}" for mark in MARKS if mark in marks]
        return (*meanings, "[1] the number of the sentence that an item cites.") if lines else ()


_MEANINGS: dict[Mark, str] = {
    "✗": "the text says something else, or the quoted words are not the text's.",
    "?": "nothing in the text speaks against it, but its words do not say every field; read the cited sentence.",
    "✓": "the cited words are the text's, and the checks found every field in them or in what they refer to.",
    "~": "a model concluded it from other items; the text does not say it.",
}
