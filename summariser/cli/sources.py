"""Read a source as a command line names it."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from summariser.errors import InputError

if TYPE_CHECKING:
    from summariser.documents import Document
    from summariser.settings import Settings


def read_source(source: str, settings: "Settings", *, published: date | None = None) -> "Document":
    """Return the Document of a file, an address of the web, or standard input.

    Args:
        source: The name of the file, the address, or - for standard input.
        settings: The limits, and how pages are read.
        published: The day of publication, or None.

    Raises:
        InputError: The source cannot be read, or has no text.
    """
    from summariser.documents import STDIN, is_web_address, read, read_address, read_stdin

    if not source:
        raise InputError("A source is empty; give a file, an address, or - for standard input.")
    if is_web_address(source):
        return read_address(source, published=published, **settings.reading)
    limit, whole_page = settings.max_characters, settings.whole_page
    if source == STDIN:
        return read_stdin(published=published, max_characters=limit, whole_page=whole_page)
    return read(Path(source), published=published, max_characters=limit, whole_page=whole_page)
