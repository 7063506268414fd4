"""A run or a comparison as tables on a terminal, or as plain columns in a pipe."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from summariser.evals.compare import Comparison
from summariser.evals.report.rows import Row
from summariser.evals.report.tables import Table, check_tables, comparison_tables, flip_table, run_tables
from summariser.evals.run_record import RunRecord

_MOST_FLIPS = 40


def print_run(record: RunRecord, rows: Sequence[Row], console: Console) -> None:
    """Print the tables of a run."""
    console.print(Text(f"{record.prompt} with {record.model}: {len(record.scored)} cases", style="bold"))
    console.print(Text(f"split {record.split}, {record.mode}, metric {record.metric}"))
    for table in (*run_tables(rows), *check_tables(record)):
        _print(table, console)


def print_comparison(found: Comparison, console: Console, *, every_flip: bool) -> int:
    """Print a comparison: the differences, the items that flipped, and the verdict.

    Args:
        found: The comparison.
        console: The console.
        every_flip: True to print all flipped items, not only the first 40.

    Returns:
        The number of flipped items that were not printed.
    """
    for table in comparison_tables(found):
        _print(table, console)
    flipped = flip_table(found)
    shown = flipped.rows if every_flip else flipped.rows[:_MOST_FLIPS]
    _print(Table(f"{flipped.title} ({len(flipped.rows)})", flipped.columns, shown), console)
    left_out = len(flipped.rows) - len(shown)
    if left_out:
        console.print(Text(f"… and {left_out} more.\n"))
    console.print(Text(found.verdict, style="bold"))
    return left_out


def _print(table: Table, console: Console) -> None:
    shown = RichTable(box=SIMPLE_HEAD, title=Text(table.title), title_justify="left", pad_edge=False)
    for column in table.columns:
        shown.add_column(Text(column), overflow="fold")
    for row in table.rows:
        shown.add_row(*map(Text, row))
    console.print(shown)
