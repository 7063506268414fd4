"""A comparison of texts for people: text for a terminal, Markdown, and one HTML page."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding

from summariser.render.markdown import escape
from summariser.render.terminal import Text
from summariser.render.view import Mark, in_marks

_STYLES = {
    "dropped": "bold red",
    "softer": "red",
    "gone": "red",
    "firmer": "green",
    "new": "green",
    "turned": "magenta",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSide:
    """What one text says.

    Attributes:
        source: The name of the text.
        who: The parties that act or speak; empty for a sentence.
        text: What it says.
        quote: The words of the text; empty if they are not at hand.
        where: The numbers of the sentences, such as "[4]".
        mark: The mark of the item; empty for a sentence that is no item.
        value: The value that differs, such as "agreed"; empty if it is the whole item.
    """

    source: str
    who: str
    text: str
    quote: str
    where: str
    mark: Mark | str
    value: str


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """One change or difference: its name, the kind of the item, and what each text says; None where it says nothing."""

    name: str
    kind: str
    sides: tuple[ComparedSide | None, ...]

    @property
    def known(self) -> tuple[ComparedSide, ...]:
        """The sides that say something."""
        return tuple(side for side in self.sides if side is not None)


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """Items of which the comparison cannot tell whether another text has them, for one reason.

    Attributes:
        other: The other text.
        reason: Why it is unclear, as a sentence.
        items: Each item, and the places of the other text that may tell of it.
    """

    other: str
    reason: str
    items: tuple[tuple[ComparedSide, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """A comparison in words.

    Attributes:
        title: What is compared.
        sources: The names of the texts, with their days of publication.
        items: The changes or differences, by heading.
        same: What stands in all texts unchanged, or in several reports.
        unclear: What cannot be told.
        notes: What limits the comparison.
        matrix: For reports: each item with a sign for each report that has it.
        tally: The number of changes or differences by name.
    """

    title: str
    sources: tuple[str, ...]
    items: tuple[tuple[str, tuple[ComparedItem, ...]], ...]
    same: tuple[ComparedItem, ...]
    unclear: tuple[OpenQuestions, ...]
    notes: tuple[str, ...]
    matrix: tuple[tuple[str, tuple[str, ...]], ...]
    tally: str


def print_comparison(view: ComparisonView, console: Console) -> None:
    """Print a comparison on a console: the changes by heading, each with the words of both texts."""
    console.print(Text(view.title, style="bold"))
    for number, source in enumerate(view.sources, 1):
        console.print(Text(f"{number}  {source}", style="dim"))
    console.print()
    for heading, items in view.items:
        console.print(Text(heading, style="bold"))
        for item in items:
            for line in _lines(item):
                console.print(Padding(line, (0, 0, 0, 2)))
        console.print()
    if view.same:
        console.print(Text(f"The same: {len(view.same)}", style="bold"))
        for item in view.same:
            side = item.known[0]
            console.print(Padding(Text(f"{_said(side)} {' '.join(each.where for each in item.known)}"), (0, 0, 0, 2)))
        console.print()
    if view.unclear:
        console.print(Text("Not told, because it is unclear", style="bold"))
        for each in view.unclear:
            console.print(Padding(Text(f"{each.other}: {each.reason}", style="yellow"), (0, 0, 0, 2)))
            for side, where in each.items:
                console.print(Padding(Text(_question(side, each.other, where)), (0, 0, 0, 4)))
        console.print()
    for note in view.notes:
        console.print(Text(f"note: {note}"))
    console.print(Text(view.tally, style="bold"))


def _lines(item: ComparedItem) -> Iterator[Text]:
    yield Text(item.kind, style=_STYLES.get(item.name, "cyan"))
    for side in item.known:
        line = Text(f"  {side.source} ", style="dim")
        line.append(f"{side.mark} " if side.mark else "", style="default")
        line.append(side.where, style="dim")
        line.append(f" {side.value}: " if side.value else " ", style="bold")
        line.append(_said(side), style="default")
        yield line


def _question(side: ComparedSide, other: str, where: str) -> str:
    """Return an item of which it is unclear whether another text has it, with the places there that may tell of it."""
    return f"{_said(side)} {side.where}" + (f" – {other} {where}" if where else "")


def _said(side: ComparedSide) -> str:
    return f"{side.who}: {side.text}" if side.who else in_marks(side.text)


def comparison_to_markdown(view: ComparisonView) -> str:
    """Return a comparison as Markdown; the words of the texts and of the model are escaped."""
    parts = [f"# {escape(view.title)}", "\n".join(f"{n}. {escape(source)}" for n, source in enumerate(view.sources, 1))]
    for heading, items in view.items:
        parts.append(f"## {escape(heading)}")
        lines = []
        for item in items:
            lines.append(f"- **{item.name}** ({item.kind})")
            for side in item.known:
                value = f" *{escape(side.value)}*:" if side.value else ""
                quote = f" – {escape(in_marks(side.quote))}" if side.quote and side.who else ""
                lines.append(
                    f"  - {escape(side.source)} {side.mark} {escape(side.where)}{value} {escape(_said(side))}{quote}"
                )
        parts.append("\n".join(lines))
    if view.matrix:
        head = ["item", *map(str, range(1, len(view.sources) + 1))]
        rows = [f"| {' | '.join(map(escape, head))} |", f"|{'---|' * len(head)}"]
        rows += [f"| {escape(text)} | {' | '.join(signs)} |" for text, signs in view.matrix]
        parts += ["## What each reports", "\n".join(rows)]
    if view.unclear:
        parts += ["## Not told, because it is unclear"]
        for each in view.unclear:
            lines = [f"  - {escape(_question(side, each.other, where))}" for side, where in each.items]
            parts.append("\n".join([f"- {escape(each.other)}: {escape(each.reason)}", *lines]))
    parts += ["\n".join(f"- note: {escape(note)}" for note in view.notes), f"**{escape(view.tally)}**"]
    return "\n\n".join(part for part in parts if part) + "\n"


def comparison_to_html(view: ComparisonView) -> str:
    """Return a comparison as one HTML page with the texts side by side; it loads and sends nothing."""
    from summariser.render.page import policy, template

    return template("comparison.html").render(view=view, marked=marked, **policy()) + "\n"


def marked(item: ComparedItem, side: ComparedSide) -> list[tuple[str, bool]]:
    """Return the words of one side in pieces, each with True if the other side does not have it.

    Args:
        item: The change or difference.
        side: One of its sides.
    """
    others = {
        word.casefold().strip(".,;:“”\"'()") for each in item.known if each is not side for word in each.text.split()
    }
    if len(item.known) < 2:
        return [(side.text, False)]
    pieces: list[tuple[str, bool]] = []
    for word in side.text.split():
        own = word.casefold().strip(".,;:“”\"'()") not in others
        if pieces and pieces[-1][1] == own:
            pieces[-1] = (f"{pieces[-1][0]} {word}", own)
        else:
            pieces.append((word, own))
    return pieces
