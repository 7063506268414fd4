"""Comparisons in plain words, which the renderings show."""

from collections import Counter
from collections.abc import Iterator, Sequence

from summariser.comparison.models import Change, Comparison, Difference, Side
from summariser.render.comparison import ComparedItem, ComparedSide, ComparisonView, OpenQuestions
from summariser.schema import MARK_OF, claims, source_in_words
from summariser.text import printable

_HEADINGS = {
    "dropped": "Dropped",
    "softer": "Softer",
    "turned": "Stances that turned",
    "firmer": "Firmer",
    "number": "Other numbers",
    "date": "Other dates",
    "condition": "Other conditions",
    "recipient": "Other recipients",
    "new": "New",
    "gone": "Risks that are gone",
    "name": "Other names",
    "speaker": "Other speakers",
    "stance": "Other stances",
    "only": "Not in every report",
}


def view_of(comparison: Comparison) -> ComparisonView:
    """Return a comparison in words."""
    names = _names(comparison)
    found: list[tuple[str, ComparedItem]] = [
        *((change.change, _of_change(change, names)) for change in comparison.changes),
        *((each.difference, _of_difference(each, names)) for each in comparison.differences),
    ]
    counts = Counter(name for name, _ in found)
    reports = comparison.way == "reports"
    noun = "difference" if reports else "change"
    nouns = noun if len(found) == 1 else f"{noun}s"
    counted = ", ".join(f"{counts[name]} {name}" for name in _HEADINGS if counts[name])
    return ComparisonView(
        title=f"{len(names)} reports compared" if reports else "What changed",
        sources=tuple(
            f"{source_in_words(document.source)}{f', {document.published.isoformat()}' if document.published else ''}"
            for document in comparison.documents
        ),
        items=tuple(
            (heading, tuple(item for each, item in found if each == name))
            for name, heading in _HEADINGS.items()
            if counts[name]
        ),
        same=tuple(ComparedItem("same", each.kind, _sides(each.sides, names)) for each in comparison.same),
        unclear=tuple(_questions(comparison, names)),
        notes=comparison.notes,
        matrix=tuple(_matrix(comparison)) if reports else (),
        tally=f"{len(found)} {nouns}: {counted}." if found else f"No {nouns} were found.",
    )


def _questions(comparison: Comparison, names: list[str]) -> Iterator[OpenQuestions]:
    """Yield what is unclear, by the other text and the reason."""
    found: dict[tuple[int, str], list[tuple[ComparedSide, str]]] = {}
    for each in comparison.unclear:
        entry = (_side(each.side, names, ""), _where(each.sentences))
        found.setdefault((each.other, each.reason), []).append(entry)
    for (other, reason), items in found.items():
        yield OpenQuestions(names[other], reason, tuple(items))


def _names(comparison: Comparison) -> list[str]:
    """Return a short name for each text: the last part of its source if that tells the texts apart."""
    sources = [printable(document.source) for document in comparison.documents]
    short = [source.rpartition("/")[2] for source in sources]
    return short if len(set(short)) == len(short) else sources


def _of_change(change: Change, names: Sequence[str]) -> ComparedItem:
    sides = (
        _side(change.before, names, change.was) if change.before else None,
        _side(change.after, names, change.now) if change.after else None,
    )
    return ComparedItem(change.change, change.kind, sides)


def _of_difference(difference: Difference, names: Sequence[str]) -> ComparedItem:
    values = difference.values or ("",) * len(difference.sides)
    sides: list[ComparedSide | None] = [None] * len(names)
    for side, value in zip(difference.sides, values, strict=False):
        sides[side.source] = _side(side, names, value)
    wanted = sides if difference.difference == "only" else [side for side in sides if side is not None]
    return ComparedItem(difference.difference, difference.kind, tuple(wanted))


def _sides(sides: Sequence[Side], names: Sequence[str]) -> tuple[ComparedSide, ...]:
    return tuple(_side(side, names, "") for side in sides)


def _side(side: Side, names: Sequence[str], value: str) -> ComparedSide:
    return ComparedSide(
        source=names[side.source],
        who=side.who or ("the report" if side.item else ""),
        text=side.text,
        quote=side.quote,
        where=_where(side.sentences),
        mark=MARK_OF[side.verdict] if side.verdict else "",
        value="" if side.text.startswith(value) else value,
    )


def _where(sentences: Sequence[int]) -> str:
    return f"[{', '.join(map(str, sentences))}]" if sentences else ""


def _matrix(comparison: Comparison) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each item of reports with the sentences of each report that has it; empty where a report does not."""
    known = [(each.kind, each.sides) for each in comparison.same]
    known += [(each.kind, each.sides) for each in comparison.differences if each.difference == "only"]
    for kind in claims():
        for sides in (sides for name, sides in known if name == kind.name):
            first = sides[0]
            cells = (
                " ".join(_where(side.sentences) for side in sides if side.source == number)
                for number in range(len(comparison.documents))
            )
            yield f"{first.who}: {first.text}" if first.who else first.text, tuple(cells)
