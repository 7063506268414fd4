"""A View in brief: each claim in one line, and the words that it cites beneath it if there is room."""

from collections.abc import Iterator
from dataclasses import dataclass

from summariser.render.view import MARKS, Line, Mark, View

_QUOTED = (30, 20, 12, 0)  # words of a quotation; the first number with which the text is shorter than the article
_SIGNS: dict[Mark, str] = {
    "✗": "refuted by the text",
    "?": "not settled by its words",
    "✓": "supported by its words",
    "~": "inferred by a model",
}


@dataclass(frozen=True, slots=True)
class BriefLine:
    """One claim in brief.

    Attributes:
        mark: Its mark.
        label: Its closed value, such as "agreed".
        who: The parties that it is about.
        what: Its content in few words.
        due: The day of its deadline, with "due" or "from" before it; empty if it has none.
        where: The sentences that it cites.
        quote: The cited words, perhaps cut; empty if `what` has them already or there is no room.
        remark: Why it is refuted, or which fields are not settled.
    """

    mark: Mark
    label: str
    who: str
    what: str
    due: str
    where: str
    quote: str
    remark: str


@dataclass(frozen=True, slots=True)
class BriefSection:
    """The claims of one kind in brief."""

    heading: str
    lines: tuple[BriefLine, ...]


def in_brief(view: View) -> tuple[BriefSection, ...]:
    """Return the claims of a View in brief, with quotations as long as the room allows.

    Quotations are cut until the claims take less room than the article. If even the claims alone take more, they have
    no quotations.

    Args:
        view: The View.
    """
    room = view.characters - len(view.headline) - len(view.overview) - sum(map(len, view.telling))
    for quoted in _QUOTED:
        sections = tuple(_sections(view, quoted))
        if sum(_length(line) for section in sections for line in section.lines) < room:
            break
    return sections


def signs(view: View) -> str:
    """Return what each mark that occurs means, in one line."""
    marks = {line.mark for section in view.sections if section.is_claim for line in section.lines}
    meanings = [f"{mark} {_SIGNS[mark]}" for mark in MARKS if mark in marks]
    told = ("headline and overview: a model’s words, of which names and numbers are checked",) if view.overview else ()
    return " · ".join((*meanings, "[1] sentence of the text", *told)) if meanings else ""


def _sections(view: View, quoted: int) -> Iterator[BriefSection]:
    for section in view.sections:
        if section.is_claim and section.lines:
            yield BriefSection(section.heading, tuple(_line(line, quoted) for line in section.lines))


def _line(line: Line, quoted: int) -> BriefLine:
    unsettled = f"not settled: {', '.join(line.unsettled)}" if line.mark == "?" and line.unsettled else line.reason
    return BriefLine(
        mark=line.mark,
        label=line.label,
        who=line.who,
        what=line.short,
        due=line.due,
        where=line.where,
        quote="" if _has_words_of(line.short, line.quote) else _first_words(line.quote, quoted),
        remark=unsettled,
    )


def _has_words_of(short: str, quote: str) -> bool:
    """Return True if what stands before the first ellipsis or addition is in the quotation word for word."""
    said = short.split(" …", maxsplit=1)[0].split("; ", maxsplit=1)[0].split(" (on ", maxsplit=1)[0]
    return bool(said) and _plain(said) in _plain(quote)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .,;“”\"'")


def _first_words(text: str, count: int) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= count else f"{' '.join(words[:count])} …" if count else ""


def _length(line: BriefLine) -> int:
    parts = (line.label, line.who, line.what, line.due, line.where, line.quote, line.remark)
    return sum(len(part) + 1 for part in parts if part)
