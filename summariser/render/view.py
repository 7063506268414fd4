"""The View: a Summary in plain words, which is all that the renderings get."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item.

    Attributes:
        id: The item's id.
        label: Its closed value, such as "agreed", or its kind.
        who: The parties that it is about.
        what: Its content.
        where: The sentences that it cites, with the verdict, such as "[4] cited".
        verified: True if the checks found the item supported by the source.
        inferred: True if a model inferred the item, so that the source does not state it.
        warnings: The messages of the warnings about it.
    """

    id: str
    label: str
    who: str
    what: str
    where: str
    verified: bool
    inferred: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one kind, unverified ones first, inferred ones last."""

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
        tally: The numbers of items and of verified items.
        closing: The prompt, the model, the tokens, the seconds and the cost.
    """

    headline: str
    facts: tuple[str, ...]
    overview: str
    sections: tuple[Section, ...]
    warnings: tuple[str, ...]
    tally: str
    closing: str
