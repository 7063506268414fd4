"""A run or a comparison as Markdown, for pull requests and step summaries."""

from collections.abc import Sequence

from summariser.evals.compare import Comparison
from summariser.evals.gate import Failure
from summariser.evals.report.rows import Row
from summariser.evals.report.tables import Table, check_tables, comparison_tables, flip_table, run_tables
from summariser.evals.run_record import RunRecord


def run_markdown(record: RunRecord, rows: Sequence[Row], failures: Sequence[Failure] | None) -> str:
    """Return a run as Markdown: the result of the gate and the tables.

    Args:
        record: The run.
        rows: Its rows.
        failures: The failures of the gate; None if the run was not compared with a baseline.
    """
    head = f"## {record.prompt} with {record.model}, {len(record.scored)} cases ({record.split}, {record.mode})\n"
    failed = "".join(f"- ✗ {_escaped(failure.message)}\n" for failure in failures or ())
    gate = "Nothing was held against a baseline.\n" if failures is None else failed or "The gate holds.\n"
    return "\n".join([head, gate, *map(table_markdown, (*run_tables(rows), *check_tables(record)))])


def comparison_markdown(found: Comparison) -> str:
    """Return a comparison as Markdown: the verdict, the differences and the items that flipped."""
    tables = [*comparison_tables(found), flip_table(found)]
    return "\n".join(
        [f"## {found.b} against {found.a}\n", f"{_escaped(found.verdict)}\n", *map(table_markdown, tables)]
    )


def table_markdown(table: Table) -> str:
    """Return a table as Markdown, below its title."""
    lines = [f"**{_escaped(table.title)}**", "", _line(table.columns), _line(["---"] * len(table.columns))]
    return "\n".join([*lines, *map(_line, table.rows)]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    """Return a text without characters that begin a column, a tag or a line."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
