"""Reports of runs and comparisons: tables on a terminal, Markdown, JUnit XML and an HTML page."""

from summariser.evals.report.html import run_html
from summariser.evals.report.junit import junit
from summariser.evals.report.markdown import comparison_markdown, run_markdown, table_markdown
from summariser.evals.report.rows import Bounds, Row, Score, bounds, figure, rows
from summariser.evals.report.tables import Table, comparison_tables, flip_table, run_tables
from summariser.evals.report.terminal import print_comparison, print_run

__all__ = [
    "Bounds",
    "Row",
    "Score",
    "Table",
    "bounds",
    "comparison_markdown",
    "comparison_tables",
    "figure",
    "flip_table",
    "junit",
    "print_comparison",
    "print_run",
    "rows",
    "run_html",
    "run_markdown",
    "run_tables",
    "table_markdown",
]
