"""The readers of file formats, chosen by content first and by the ending of the name second."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath

from summariser.documents.reading import Reading
from summariser.errors import InputError

LEADING = 65536  # bytes from the beginning of a file by which a format is recognised


@dataclass(frozen=True, kw_only=True)
class About:
    """What is known of a file beside its content.

    Attributes:
        source: The name of the source, for messages.
        charset: The encoding that a server declares, or None.
        whole_page: True to keep everything that a page shows, not only its article.
        max_characters: The length of a text that is refused when it is longer; a reader may stop there.
    """

    source: str
    charset: str | None = None
    whole_page: bool = False
    max_characters: int | None = None


def _never(data: bytes) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A reader of one file format.

    Attributes:
        name: The name of the format, for messages.
        endings: The endings of its files, in lower case and with the dot; a folder's files with them are read.
        read: Returns the text of a file, its places and its metadata; raises InputError if the file is of no use.
        recognises: Returns True if the first 64 KB of a file are of this format.
        most_bytes: The largest size of a file; None for the limit that the length of the text sets.
        by_beginning: True if `read` needs the first 64 KB only.
    """

    name: str
    endings: frozenset[str]
    read: Callable[[bytes, About], Reading] = field(repr=False)
    recognises: Callable[[bytes], bool] = field(default=_never, repr=False)
    most_bytes: int | None = None
    by_beginning: bool = False


_added: list[Reader] = []


def add_reader(reader: Reader) -> None:
    """Add a reader for a file format; it comes before the readers of this package and before those added earlier.

    Args:
        reader: The reader. In worker processes it exists only if a module that is imported there adds it.
    """
    _added.insert(0, reader)


def has_added() -> bool:
    """Return True if readers were added, which other processes do not have."""
    return bool(_added)


def readers() -> tuple[Reader, ...]:
    """Return all readers in the order in which they are asked; the reader of plain text is the last."""
    from summariser.documents.readers.formats import BUILT_IN

    return (*_added, *BUILT_IN)


def endings() -> frozenset[str]:
    """Return the endings of the files that are read from a folder, in lower case and with the dot."""
    return frozenset(ending for reader in readers() for ending in reader.endings)


def reader_for(data: bytes, name: str) -> Reader:
    """Return the reader of a file.

    Args:
        data: The file, or its first bytes.
        name: The name of the file.
    """
    known = readers()
    leading = data[:LEADING]
    ending = PurePath(name).suffix.casefold()
    for reader in known:
        if reader.recognises(leading):
            return reader
    return next((reader for reader in known if ending in reader.endings), known[-1])


def too_long(what: str, size: str, limit: int | None) -> InputError:
    """Return the error of a text that is longer than `max_characters`.

    Args:
        what: The name of the source.
        size: Its length, with a unit.
        limit: The limit in characters.
    """
    return InputError(
        f"{what} is too long ({size}; the limit is {limit:,} characters); "
        "split it, or raise max_characters (SUMMARISER_MAX_CHARACTERS)."
    )
