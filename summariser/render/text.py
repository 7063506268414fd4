"""A View as text for a terminal."""

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from summariser.render.brief import BriefLine, BriefSection, in_brief, signs
from summariser.render.terminal import MARK_STYLES, Text
from summariser.render.view import Line, Section, View, in_marks


def print_text(view: View, console: Console, *, full: bool = False, hint: str = "") -> None:
    """Print a View on a console: in each section the refuted items first, then those not settled.

    Args:
        view: The View.
        console: The console.
        full: True for every item with its id and its reason, and every warning.
        hint: What to say in brief about where the rest is; empty for nothing.
    """
    console.print(_head(view))
    if full:
        _print_full(view, console)
    else:
        _print_brief(view, console, hint)
    console.print(Text(view.closing, style="dim"))


def _head(view: View) -> RenderableType:
    return Group(
        Text(view.headline, style="bold"),
        Text(" · ".join(view.facts), style="dim"),
        Text(),
        Text(view.overview),
        Text(),
    )


def _statement(line: BriefLine | Line) -> Text:
    """Return who does what by when."""
    text = Text(line.who, style="bold")
    if line.what:
        text.append(f": {line.what}", style="not bold")
    if line.due:
        text.append(f" – {line.due}", style="not bold cyan")
    return text


# ── in brief ─────────────────────────────────────────────────────────────────────────────────────


def _print_brief(view: View, console: Console, hint: str) -> None:
    for section in in_brief(view):
        console.print(_brief_section(section))
    for warning in view.telling:
        console.print(Text(f"note: {warning}"))
    for line in (signs(view), f"{view.tally.rstrip('.')}.", _more(view, hint)):
        if line:
            console.print(Text(line, style="bold" if line.startswith(view.tally) else "dim"))


def _more(view: View, hint: str) -> str:
    counted = f"{'; '.join(view.counted)}." if view.counted else ""
    return " ".join(filter(None, (counted[:1].upper() + counted[1:], hint)))


def _brief_section(section: BriefSection) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for line in section.lines:
        mark = Text(line.mark, style=MARK_STYLES[line.mark])
        table.add_row(mark, Text(line.label, style="cyan"), _brief_content(line))
    return Group(Text(section.heading, style="bold"), Padding(table, (0, 0, 1, 2)))


def _brief_content(line: BriefLine) -> Text:
    text = _statement(line)
    text.append(f" {line.where}", style="not bold dim")
    if line.quote:
        text.append(f"\n{in_marks(line.quote)}", style="not bold italic dim")
    if line.remark:
        text.append(f"\n{line.remark}", style=f"not bold {'red' if line.mark == '✗' else 'yellow'}")
    return text


# ── in full ──────────────────────────────────────────────────────────────────────────────────────


def _print_full(view: View, console: Console) -> None:
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


def _section(section: Section) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for line in section.lines:
        mark = Text(line.mark, style=MARK_STYLES[line.mark])
        table.add_row(mark, Text(line.id, style="dim"), Text(line.label, style="cyan"), _content(line))
    return Group(Text(section.heading, style="bold"), Padding(table, (0, 0, 1, 2)))


def _content(line: Line) -> Text:
    text = _statement(line)
    text.append(f"  {line.where}", style="not bold dim")
    if line.reason:
        text.append(f"\n{line.reason}", style="not bold red" if line.mark == "✗" else "not bold yellow")
    for note in line.notes:
        text.append(f"\nnote: {note}", style="not bold dim")
    return text
