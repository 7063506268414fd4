"""What every rendering of a Summary shows, as plain words: a View. The formats know nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item.

    Attributes:
        id: The item's id.
        label: Its closed value, such as "agreed", or its kind.
        who: The parties that it is about.
        what: What it says.
        where: The sentences that it cites, with the verdict, such as "[4] cited".
        verified: True if code found that the source carries it.
        inferred: True if a model inferred it, so that the source does not say it.
        warnings: The sentences of the warnings about it.
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
        headline: The headline, or what stands for it.
        facts: Source, day of publication and language, as far as they are known.
        overview: What happened, in a few sentences.
        sections: The items, kind by kind, in the order in which a reader wants them.
        warnings: The warnings that are about no single item.
        tally: How many items there are and how many of them the source carries.
        closing: Prompt, model, tokens, seconds and cost.
    """

    headline: str
    facts: tuple[str, ...]
    overview: str
    sections: tuple[Section, ...]
    warnings: tuple[str, ...]
    tally: str
    closing: str
