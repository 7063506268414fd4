"""Readers that return a Document from a file, standard input, bytes or a string."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import IO

from summariser.documents.document import Document
from summariser.documents.readers.plain_text import decode
from summariser.errors import InputError

STDIN = "-"
TEXT_FILES = frozenset({".txt", ".md", ".text"})  # endings of the files that are read from a folder
_LONGEST_NAME = 255  # characters; a longer str cannot be the name of a file


def read(
    source: "str | Path | Document", *, published: date | None = None, max_characters: int | None = None
) -> Document:
    """Return the Document of a source.

    Args:
        source: A Path (a file), a str (the text itself) or a Document, which is returned unchanged.
        published: The day of publication; None means that it is read from the text, if the text has it.
        max_characters: The maximum length of the text; None means no limit.

    Raises:
        InputError: The source has another type, does not exist, is not text, is empty, is longer than
            `max_characters`, or is a str that is the name of a file; or `published` is not a date.
    """
    require_source(source)
    _require_day(published)
    if isinstance(source, Document):
        document = source
    elif isinstance(source, Path):
        document = read_bytes(_file_bytes(source, max_characters), source=str(source), published=published)
    else:
        document = read_text(source, source="text", published=published, max_characters=max_characters)
    _refuse_if_longer(len(document.text), max_characters, document.source)
    return document


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


def read_text(text: str, *, source: str, published: date | None = None, max_characters: int | None = None) -> Document:
    """Return the Document of a text; `source` is its name.

    Raises:
        InputError: The text is empty or longer than `max_characters`.
    """
    _refuse_if_longer(len(text), max_characters, "The text" if source == "text" else source)
    return Document.from_text(text, source=source, published=published)


def read_stdin(*, published: date | None = None, max_characters: int | None = None) -> Document:
    """Return the Document of the bytes of standard input.

    Raises:
        InputError: Standard input is closed, is not text, is empty or is longer than `max_characters`.
    """
    if sys.stdin is None:
        raise InputError("Standard input is closed; give a file.")
    return read_file(sys.stdin.buffer, source=STDIN, published=published, max_characters=max_characters)


def read_file(
    file: IO[bytes], *, source: str, published: date | None = None, max_characters: int | None = None
) -> Document:
    """Return the Document of an open file; stop reading when the file is longer than `max_characters` allows.

    Raises:
        InputError: The file is not text, is empty or is longer than `max_characters`.
    """
    named = "Standard input" if source == STDIN else source
    limit = _byte_limit(max_characters)
    data = file.read() if limit is None else file.read(limit + 1)
    if limit is not None and len(data) > limit:
        raise _too_long(named, f"more than {limit:,} bytes", max_characters)
    document = read_bytes(data, source=source, published=published)
    _refuse_if_longer(len(document.text), max_characters, named)
    return document


def read_bytes(data: bytes, *, source: str, published: date | None = None) -> Document:
    """Return the Document of an encoded text; if the encoding is a guess, the notes of the Document say so.

    Raises:
        InputError: The bytes are not text, or the text is empty.
    """
    text, guessed = decode(data, source=source)
    notes = (("encoding_guessed", f"The encoding was guessed to be {guessed}."),) if guessed else ()
    return Document.from_text(text, source=source, published=published, notes=notes)


def _file_bytes(path: Path, max_characters: int | None) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{path} is a directory; give the files in it, such as {path}/*.txt.")
        limit = _byte_limit(max_characters)
        if limit is not None and path.is_file() and path.stat().st_size > limit:
            raise _too_long(str(path), f"{path.stat().st_size:,} bytes", max_characters)
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path} does not exist; check the name.") from None
    except (OSError, ValueError) as error:  # a name may contain characters that are not allowed
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{str(path)!r} cannot be read ({why}); check its name and rights.") from None


def _byte_limit(max_characters: int | None) -> int | None:
    """Return the most bytes that `max_characters` can have in any supported encoding; None if there is no limit."""
    return None if max_characters is None else 4 * max_characters + 4


def _refuse_if_longer(length: int, limit: int | None, what: str) -> None:
    if limit is not None and length > limit:
        raise _too_long(what, f"{length:,} characters", limit)


def _too_long(what: str, size: str, limit: int | None) -> InputError:
    return InputError(
        f"{what} is too long ({size}; the limit is {limit:,} characters); "
        "split it, or raise max_characters (SUMMARISER_MAX_CHARACTERS)."
    )
