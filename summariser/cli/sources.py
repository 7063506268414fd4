"""Read sources as a command line names them, and find the documents of summaries."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from summariser.cli.messages import say
from summariser.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from summariser.documents import Document
    from summariser.schema import Summary
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
    from summariser.documents import STDIN, is_web_address, read, read_address, read_stdin, without_password

    if not source:
        raise InputError("A source is empty; give a file, an address, or - for standard input.")
    if is_web_address(source):
        return read_address(source, published=published, **settings.reading)
    if "://" in source and not Path(source).exists():
        raise InputError(
            f"{without_password(source)} cannot be read here; give an address that begins with http:// or https://, or "
            "the name of a file. 'summariser batch' also reads storage such as s3://bucket/folder."
        )
    limit, whole_page = settings.max_characters, settings.whole_page
    if source == STDIN:
        return read_stdin(published=published, max_characters=limit, whole_page=whole_page)
    return read(Path(source), published=published, max_characters=limit, whole_page=whole_page)


def require_one_stdin(sources: Sequence[str]) -> None:
    """Raise ConfigurationError if - is given more than once."""
    if sources.count("-") > 1:
        raise ConfigurationError("Standard input can be read only once; give - only once.")


def say_notes(document: "Document") -> None:
    """Write what a reader should know of how a document was read, a line for each note."""
    from summariser.documents import STDIN

    name = "Standard input" if document.source == STDIN else document.source
    for code, note in document.notes:
        say(f"{name}: {note}", event=code, source=document.source)


def with_source(summary: "Summary", folder: Path, given: Path | None = None) -> "Summary":
    """Return a Summary with the document that it was made from, if that is at hand.

    Args:
        summary: The Summary.
        folder: The folder of its file, where the document may be as well.
        given: The file of the document; None for the one that the Summary names.

    Raises:
        InputError: The given file cannot be read, or is another document.
    """
    from summariser.documents import read

    if given is not None:
        return summary.with_source(read(given))
    named = Path(summary.document.source)
    for path in (named, folder / named.name):
        try:
            if path.is_file():
                return summary.with_source(read(path))
        except (InputError, OSError, ValueError):  # unreadable, or no longer the same
            continue
    return summary
