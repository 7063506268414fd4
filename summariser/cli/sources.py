"""Find the documents that a command line names."""

from pathlib import Path
from typing import TYPE_CHECKING

from summariser.errors import InputError

if TYPE_CHECKING:
    from summariser.schema import Summary


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
