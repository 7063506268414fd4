"""The output formats of Summaries, and their texts."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

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


def show_all(summaries: "Sequence[Summary]", format: Format, *, full: bool, to_terminal: bool) -> str:
    """Return Summaries as text in one of the formats, one behind the other."""
    return "".join(rendered(summary, format, full=full, to_terminal=to_terminal) for summary in summaries)


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
    from rich.console import Console

    from summariser.render.text import print_text

    console = Console(highlight=False) if to_terminal else Console(highlight=False, no_color=True, width=100)
    with console.capture() as captured:
        print_text(summary.view(), console, full=full, hint=HINT)
    return captured.get() if to_terminal and console.is_terminal else trimmed(captured.get())


def trimmed(text: str) -> str:
    """Return the text without the white space that a table leaves at the ends of its lines."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())
