"""A run or a comparison as Markdown, for pull requests and step summaries."""

from collections.abc import Sequence

from summariser.evals.compare import Comparison
from summariser.evals.gate import Failure
from summariser.evals.report.rows import Row
from summariser.evals.report.tables import Table, comparison_tables, flip_table, run_tables
from summariser.evals.run import RunRecord


def run_markdown(record: RunRecord, rows: Sequence[Row], failures: Sequence[Failure] | None) -> str:
    """The tables of a run, and what the gate says of it."""
    head = f"## {record.prompt} with {record.model}, {len(record.scored)} cases ({record.split}, {record.mode})\n"
    told = "".join(f"- ✗ {_escaped(failure.message)}\n" for failure in failures or ())
    gate = "Nothing was held against a baseline.\n" if failures is None else told or "The gate holds.\n"
    return "\n".join([head, gate, *map(table_markdown, run_tables(rows))])


def comparison_markdown(found: Comparison) -> str:
    """The verdict, the tables of a comparison, and what flipped."""
    tables = [*comparison_tables(found), flip_table(found)]
    return "\n".join(
        [f"## {found.b} against {found.a}\n", f"{_escaped(found.verdict)}\n", *map(table_markdown, tables)]
    )


def table_markdown(table: Table) -> str:
    """One table, its title above it."""
    lines = [f"**{_escaped(table.title)}**", "", _line(table.columns), _line(["---"] * len(table.columns))]
    return "\n".join([*lines, *map(_line, table.rows)]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    """A text that stays text in a cell: no column, no tag, no line of its own."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
