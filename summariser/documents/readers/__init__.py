"""Readers that return a Document from a file, an address, standard input, bytes or a string."""

import re
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import IO

from summariser.documents.document import Document
from summariser.documents.readers.compressed import bare_name, is_compressed, unpacked
from summariser.documents.readers.encodings import decode
from summariser.documents.readers.registry import LEADING, About, Reader, reader_for, too_long
from summariser.documents.reading import Note, Reading
from summariser.errors import InputError, SummariserError

STDIN = "-"
_WEB_ADDRESS = re.compile(r"\s*https?://\S+\s*", re.IGNORECASE)
_ADDRESS_AS_PATH = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/")  # a Path keeps one slash only
_MOST_COMPRESSED = 100_000_000  # bytes of a compressed file
_LONGEST_NAME = 255  # characters; a longer str cannot be the name of a file


def read(
    source: "str | Path | Document",
    *,
    published: date | None = None,
    max_characters: int | None = None,
    whole_page: bool = False,
) -> Document:
    """Return the Document of a source.

    Args:
        source: A Path (a file), a str (the text itself) or a Document, which is returned unchanged.
        published: The day of publication; None means that it is read from the file or the text, if they have it.
        max_characters: The maximum length of the text; None means no limit.
        whole_page: True to keep everything that an HTML page shows, not only its article.

    Raises:
        InputError: The source has another type, does not exist, is of no format that is read, is empty, is longer than
            `max_characters`, or is a str that is the name of a file; or `published` is not a date.
    """
    require_source(source)
    _require_day(published)
    if isinstance(source, Document):
        document = source
    elif isinstance(source, Path):
        document = _read_path(source, published, max_characters, whole_page=whole_page)
    else:
        document = read_text(source, source="text", published=published, max_characters=max_characters)
    _refuse_if_longer(len(document.text), max_characters, document.source)
    return document


def is_text_file(path: Path) -> bool:
    """Return True if a file holds text, as far as its beginning tells; False if it cannot be opened."""
    try:
        with path.open("rb") as file:
            data = file.read(LEADING)
        reader = reader_for(data, "")
        return not reader.by_beginning and (reader.name != "plain text" or bool(decode(data, source="").text.strip()))
    except (OSError, ValueError, InputError):
        return False


def require_source(source: object) -> None:
    """Raise InputError if a value cannot be a source.

    Raises:
        InputError: The value has a wrong type, or is a str that is the name of a file.
    """
    if isinstance(source, Document | Path):
        return
    if not isinstance(source, str):
        raise InputError(
            f"The source is of the type {type(source).__name__}; pass a text as str, a file as Path, or a Document."
        )
    if _names_a_file(source):
        raise InputError(
            f"The text {source!r} is the name of a file; pass Path({source!r}) for what is in the file, "
            f"or Document.from_text({source!r}) for these words."
        )
    if _WEB_ADDRESS.fullmatch(source):
        from summariser.documents.addresses import without_password

        shown = without_password(source)
        raise InputError(f"The text {shown!r} is an address; pass read_address({shown!r}) for the page there.")


def _names_a_file(text: str) -> bool:
    if len(text) > _LONGEST_NAME or len(text.splitlines()) != 1:
        return False
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # the text cannot be the name of a file
        return False


def _require_day(published: object) -> None:
    if published is not None and (isinstance(published, datetime) or not isinstance(published, date)):
        raise InputError(
            f"The argument published is of the type {type(published).__name__}; "
            "pass a day as datetime.date, such as date(2024, 6, 19)."
        )


def read_text(
    text: str,
    *,
    source: str,
    published: date | None = None,
    max_characters: int | None = None,
    notes: tuple[Note, ...] = (),
) -> Document:
    """Return the Document of a text; `source` is its name, `notes` what a reader of the summary should know.

    Raises:
        InputError: The text is empty or longer than `max_characters`.
    """
    _refuse_if_longer(len(text), max_characters, "The text" if source == "text" else source)
    return Document.from_text(text, source=source, published=published, notes=notes)


def read_stdin(
    *, published: date | None = None, max_characters: int | None = None, whole_page: bool = False
) -> Document:
    """Return the Document of the bytes of standard input.

    Raises:
        InputError: Standard input is closed, is of no format that is read, is empty or is longer than `max_characters`.
    """
    if sys.stdin is None:
        raise InputError("Standard input is closed; give a file.")
    return read_file(
        sys.stdin.buffer, source=STDIN, published=published, max_characters=max_characters, whole_page=whole_page
    )


def read_file(
    file: IO[bytes],
    *,
    source: str,
    published: date | None = None,
    max_characters: int | None = None,
    whole_page: bool = False,
) -> Document:
    """Return the Document of an open file; stop reading when the file is longer than allowed.

    Raises:
        InputError: The file is of no format that is read, is empty or is longer than `max_characters`.
    """
    about = About(source="Standard input" if source == STDIN else source, whole_page=whole_page)
    data = file.read(LEADING)
    if not is_compressed(data):
        reader = reader_for(data, source)
        limit = _limit_of(reader, max_characters)
        while not reader.by_beginning and (limit is None or len(data) <= limit):
            more = file.read(-1 if limit is None else limit + 1 - len(data))
            if not more:
                break
            data += more
        _refuse_if_larger(len(data), reader, about, max_characters)
    else:
        data += file.read(_MOST_COMPRESSED + 1 - len(data))
        if len(data) > _MOST_COMPRESSED:
            raise InputError(f"{about.source} is too large (more than {_MOST_COMPRESSED:,} bytes); split it.")
    document = read_bytes(data, source=source, published=published, max_characters=max_characters, about=about)
    _refuse_if_longer(len(document.text), max_characters, about.source)
    return document


def read_bytes(
    data: bytes,
    *,
    source: str,
    published: date | None = None,
    max_characters: int | None = None,
    about: About | None = None,
) -> Document:
    """Return the Document of a file's bytes; the notes of the Document tell what was guessed and left out.

    Args:
        data: The bytes.
        source: The name of the source; its ending tells the format if the bytes do not.
        published: The day of publication; None means that it is read from the file or the text, if they have it.
        max_characters: The maximum length of the text; None means no limit.
        about: What else is known of the bytes.

    Raises:
        InputError: The bytes are of no format that is read, or hold no text.
    """
    reading = _reading(data, source, about or About(source=source), max_characters)
    return Document.from_reading(reading, source=source, published=published)


def _reading(data: bytes, name: str, about: About, max_characters: int | None) -> Reading:
    """Return what the reader of the format finds, also in a compressed file."""
    if is_compressed(data):
        name = bare_name(name)
        reader = reader_for(unpacked(data, about, LEADING), name)
        limit = _limit_of(reader, max_characters)
        data = unpacked(data, about, LEADING if reader.by_beginning else limit and limit + 1)
        if is_compressed(data):
            raise InputError(f"{about.source} is compressed twice; unpack it.")
        _refuse_if_larger(len(data), reader, about, max_characters)
    reader = reader_for(data, name)
    if max_characters is not None:
        about = replace(about, max_characters=max_characters)
    try:
        return reader.read(data, about)
    except SummariserError:
        raise
    except Exception as error:  # libraries raise errors of all kinds at files that nobody has foreseen
        raise InputError(
            f"{about.source} cannot be read as {reader.name} ({type(error).__name__}); check that it is complete, "
            "or save its text."
        ) from error


def _read_path(path: Path, published: date | None, max_characters: int | None, *, whole_page: bool) -> Document:
    try:
        if path.is_dir():
            raise InputError(f"{path} is a directory; give the files in it, such as {path}/*.txt.")
        file = path.open("rb")
    except FileNotFoundError:
        if found := _ADDRESS_AS_PATH.match(str(path)):
            raise InputError(
                f"The Path is an address ({found[1]}://…) and names no file; give addresses of the web to read_address."
            ) from None
        raise InputError(f"{path} does not exist; check the name.") from None
    except (OSError, ValueError) as error:  # a name may contain characters that are not allowed
        raise _unreadable(path, error) from None
    with file:
        try:
            _refuse_by_size(file, path, max_characters)
            return read_file(
                file, source=str(path), published=published, max_characters=max_characters, whole_page=whole_page
            )
        except OSError as error:
            raise _unreadable(path, error) from None


def _refuse_by_size(file: IO[bytes], path: Path, max_characters: int | None) -> None:
    """Raise InputError if a file is larger than its reader allows, before it is read."""
    if not path.is_file():  # a pipe or a device has no size
        return
    leading = file.read(LEADING)
    file.seek(0)
    if not is_compressed(leading):
        about, size = About(source=str(path)), path.stat().st_size
        _refuse_if_larger(size, reader_for(leading, path.name), about, max_characters, whole=True)


def _unreadable(path: Path, error: OSError | ValueError) -> InputError:
    why = getattr(error, "strerror", None) or error
    return InputError(f"{str(path)!r} cannot be read ({why}); check its name and rights.")


def _limit_of(reader: Reader, max_characters: int | None) -> int | None:
    """Return the most bytes of a file that a reader gets; None if there is no limit."""
    return reader.most_bytes if reader.most_bytes is not None else _byte_limit(max_characters)


def _refuse_if_larger(
    size: int, reader: Reader, about: About, max_characters: int | None, *, whole: bool = False
) -> None:
    """Raise InputError if a file is too large; `size` is that of the whole file, or what was read of it."""
    if reader.by_beginning:
        return
    limit = _limit_of(reader, max_characters)
    if limit is None or size <= limit:
        return
    told = f"{size:,} bytes" if whole else f"more than {limit:,} bytes"
    if reader.most_bytes is None:
        raise too_long(about.source, told, max_characters)
    raise InputError(
        f"{about.source} is too large ({told}; the limit for {reader.name} is {limit:,}); split it, or save its text."
    )


def _byte_limit(max_characters: int | None) -> int | None:
    """Return the most bytes that `max_characters` can have in any supported encoding; None if there is no limit."""
    return None if max_characters is None else 4 * max_characters + 4


def _refuse_if_longer(length: int, limit: int | None, what: str) -> None:
    if limit is not None and length > limit:
        raise too_long(what, f"{length:,} characters", limit)
