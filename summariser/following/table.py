"""Commitments as a table for a terminal, and as CSV."""

import csv
import io
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from summariser.following.query import Answer, FollowedCommitment
from summariser.render import MARK_NAMES, MARKS, Mark, in_marks
from summariser.render.tables import disarmed
from summariser.render.terminal import Text
from summariser.schema import MARK_OF
from summariser.text import normalise

_STYLES: dict[Mark, str] = {"✓": "green", "?": "yellow", "✗": "bold red", "~": "magenta"}


def print_table(answer: Answer, console: Console) -> None:
    """Print commitments on a console, each with its mark, its quotation and its source, and how many have each mark.

    Args:
        answer: The commitments.
        console: The console.
    """
    table = Table(box=None, padding=(0, 2, 1, 0), pad_edge=False, header_style="bold")
    table.add_column("", width=1)
    table.add_column("due", width=10)
    table.add_column("status", width=10)
    table.add_column("commitment", width=max(20, console.width - 27), overflow="fold")
    for each in answer:
        mark = MARK_OF[each.verdict]
        due = each.deadline_date.isoformat() if each.deadline_date else "–"
        table.add_row(Text(mark, _STYLES[mark]), Text(due), Text(each.status, "cyan"), _content(each))
    if answer.commitments:
        console.print(table)
    console.print(Text(_tally(answer), "bold"))


def _content(each: FollowedCommitment) -> Text:
    towards = f" → {', '.join(each.to)}" if each.to else ""
    text = Text(normalise(f"{', '.join(each.by) or '?'}{towards}"), "bold")
    terms = "; ".join(filter(None, (each.action, each.condition, each.deadline)))
    text.append(normalise(f": {terms}"), "not bold")
    if each.reason:
        text.append(normalise(f"\n{each.reason}"), f"not bold {'red' if each.verdict == 'refuted' else 'yellow'}")
    if each.quotation:
        words = " ".join(normalise(each.quotation).split())
        text.append(f"\n{in_marks(words)}", "not bold italic")
    numbers = ", ".join(map(str, each.sentences)) or "–"
    published = each.published.isoformat() if each.published else None
    said = f"said by {each.said_by}" if each.said_by else None
    facts = filter(None, (said, f"{each.source} [{numbers}]", each.item, published))
    text.append(normalise(f"\n{' · '.join(facts)}"), "not bold dim")
    return text


def _tally(answer: Answer) -> str:
    """Return how many commitments have each mark, and how many of them are shown if not all are."""
    number, shown = sum(answer.verdicts.values()), len(answer)
    if not number:
        return "No commitment was found."
    marks = {MARK_OF[verdict]: count for verdict, count in answer.verdicts.items()}
    counted = ", ".join(f"{marks[mark]:,} {MARK_NAMES[mark]} ({mark})" for mark in MARKS if mark in marks)
    found = f"{number:,} {'commitment' if number == 1 else 'commitments'}: {counted}"
    return f"{found}. The first {shown:,} are shown." if answer.beyond_limit else found


def to_csv(commitments: Iterable[FollowedCommitment]) -> str:
    """Return commitments as CSV, with a row of column names.

    Several names in a cell have a semicolon between them. An apostrophe is put before a cell that a spreadsheet program
    would take for a formula.

    Args:
        commitments: The commitments.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(FollowedCommitment._fields)
    writer.writerows(map(_cell, each.to_json().values()) for each in commitments)
    return file.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, list):
        return _cell(("; " if value and isinstance(value[0], str) else " ").join(map(str, value)))
    return "" if value is None else disarmed(str(value))
