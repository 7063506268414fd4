"""A View as text for a terminal."""

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from summariser.render.view import Line, Mark, Section, View


def print_text(view: View, console: Console) -> None:
    """Print a View on a console: in each section the refuted items first, then those not settled, with reasons."""
    console.print(_head(view))
    for section in view.sections:
        if section.lines:
            console.print(_section(section))
    if view.warnings:
        console.print(Text("Warnings", style="bold"))
        for warning in view.warnings:
            console.print(Padding(Text(warning), (0, 0, 0, 2)))
        console.print()
    console.print(Text(view.tally, style="bold"))
    for meaning in view.legend:
        console.print(Padding(Text(meaning, style="dim"), (0, 0, 0, 2)))
    console.print(Text(view.closing, style="dim"))


def _head(view: View) -> RenderableType:
    return Group(
        Text(view.headline, style="bold"),
        Text(" · ".join(view.facts), style="dim"),
        Text(),
        Text(view.overview),
        Text(),
    )


def _section(section: Section) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for line in section.lines:
        mark = Text(line.mark, style=_STYLES[line.mark])
        table.add_row(mark, Text(line.id, style="dim"), Text(line.label, style="cyan"), _content(line))
    return Group(Text(section.heading, style="bold"), Padding(table, (0, 0, 1, 2)))


def _content(line: Line) -> Text:
    text = Text(line.who, style="bold")
    if line.what:
        text.append(f": {line.what}", style="not bold")
    text.append(f"  {line.where}", style="not bold dim")
    if line.reason:
        text.append(f"\n{line.reason}", style="not bold red" if line.mark == "✗" else "not bold yellow")
    for note in line.notes:
        text.append(f"\nnote: {note}", style="not bold dim")
    return text


_STYLES: dict[Mark, str] = {"✓": "green", "?": "yellow", "✗": "bold red", "~": "magenta"}
