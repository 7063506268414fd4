"""The output formats of Summaries, and their texts."""

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from summariser.cli.output import printed
from summariser.errors import ConfigurationError
from summariser.render.tables import FORMATS

if TYPE_CHECKING:
    from summariser.schema import Summary

HINT = "--full shows every item, its reason and all notes."
"""What a brief text says about where the rest is."""


class Format(StrEnum):
    """The output formats of a Summary."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"

    @property
    def is_table(self) -> bool:
        """True if all documents make one table."""
        return self in FORMATS


def require_one_page(format: Format, count: int) -> None:
    """Raise ConfigurationError if several Summaries would become one HTML page."""
    if format is Format.HTML and count > 1:
        raise ConfigurationError(
            "An HTML page shows one document; give one source, or write a folder of pages with "
            "'summariser batch --format html --output FOLDER'."
        )


def rendered(summary: "Summary", format: Format, *, full: bool, to_terminal: bool) -> str:
    """Return a Summary as text.

    Args:
        summary: The Summary.
        format: The format.
        full: True for every item with its id and its reason, and every note, as text and Markdown.
        to_terminal: True to use the width and the colours of the terminal.
    """
    if format is Format.JSON:
        return summary.to_json() + "\n"
    if format is Format.JSONL:
        return summary.to_json(indent=None) + "\n"
    if format is Format.MARKDOWN:
        return summary.to_markdown(full=full)
    if format is Format.HTML:
        return summary.to_html()
    from summariser.render.text import print_text

    show = partial(print_text, summary.view(), full=full, hint=HINT)
    return printed(show, to_terminal=to_terminal, trim=True)
