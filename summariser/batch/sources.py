"""Read the documents of a batch one by one, never all into memory."""

import glob
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from summariser.batch.remote_files import is_address, names_at, opened_at, text_at
from summariser.documents import TEXT_FILES, Document, read, read_file, read_text
from summariser.errors import InputError

STDIN = "-"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One document of a batch.

    Exactly one of `path`, `address`, `text`, `ready` and `error` is set.

    Attributes:
        id: The name of the document in the input.
        path: The file of the document.
        address: The address of the document in shared or object storage.
        text: The text of the document.
        source: The name of the document in its Summary.
        published: The date of publication.
        ready: A document that is already read.
        error: The reason why the document cannot be read.
    """

    id: str
    path: Path | None = None
    address: str | None = None
    text: str | None = None
    source: str | None = None
    published: date | None = None
    ready: Document | None = None
    error: InputError | None = None

    def document(self, *, max_characters: int | None = None) -> Document:
        """Read the document and return it.

        Args:
            max_characters: The maximum length of the text; None for no limit.

        Raises:
            InputError: The document cannot be read.
        """
        if self.error is not None:
            raise self.error
        if self.ready is not None:
            return self.ready
        if self.path is not None:
            return read(self.path, published=self.published, max_characters=max_characters)
        if self.address is not None:
            with opened_at(self.address) as file:
                return read_file(file, source=self.address, published=self.published, max_characters=max_characters)
        text = self.text or ""
        return read_text(text, source=self.source or self.id, published=self.published, max_characters=max_characters)


def items_from(sources: Iterable[str]) -> Iterator[Item]:
    """Yield the documents of sources as a command line gives them.

    A source is one of these, on this machine or at an address of shared or object storage such as s3://bucket/news:

    - a file
    - a folder, with its .txt, .md and .text files and those of its subfolders
    - a pattern such as `news/*.txt`
    - a .jsonl file, or - for JSON Lines on standard input, with one document per line: an object with `text` and
      optionally `id`, `published` and `source`
    - @list, where list is a text file with one path per line

    A document that cannot be read is an Item with an error.

    Args:
        sources: The sources.

    Raises:
        InputError: A source is empty, or standard input is closed.
    """
    for source in sources:
        if not source:
            raise InputError("A source is empty; give a file, a folder, a pattern, a list, or - for standard input.")
        if source == STDIN and sys.stdin is None:
            raise InputError("Standard input is closed; give a file.")
        if source == STDIN:
            yield from _lines(sys.stdin, "standard input")
        elif source.startswith("@"):
            yield from _listed(source[1:])
        elif source.endswith(".jsonl"):
            yield from _opened_lines(source)
        elif is_address(source):
            yield from _stored(source)
        elif Path(source).is_dir():
            yield from (_file(path) for path in _files_in(Path(source)))
        elif glob.has_magic(source) and not Path(source).exists():
            yield from _matching(source)
        else:
            yield _file(source)


def count(sources: Iterable[str]) -> int | None:
    """Return the number of documents in sources without reading them; None if it is not known in advance."""
    total = 0
    for source in sources:
        if source == STDIN or (is_address(source) and source.endswith(".jsonl")):
            return None
        path = Path(source)
        if source.endswith(".jsonl") and path.is_file():
            with path.open("rb") as lines:
                total += sum(not line.isspace() for line in lines)
        else:
            total += sum(1 for _ in items_from([source]))
    return total


def _file(name: str | Path) -> Item:
    if is_address(str(name)):
        return Item(id=str(name), source=str(name), address=str(name))
    return Item(id=str(name), path=Path(name))


def _stored(address: str) -> Iterator[Item]:
    try:
        names = names_at(address, TEXT_FILES)
    except InputError as error:
        yield Item(id=address, error=error)
        return
    if not names:
        yield _invalid(address, f"There are no text files at {address}; check the address.")
    yield from map(_file, names)


def _opened(name: str) -> AbstractContextManager[IO[str]]:
    return text_at(name) if is_address(name) else Path(name).open(encoding="utf-8")


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the text files of a folder and its subfolders, sorted by name."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith("."):
            yield from _files_in(path)
        elif path.suffix.casefold() in TEXT_FILES:
            yield path


def _matching(pattern: str) -> Iterator[Item]:
    found = False
    for name in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207  # unlike Path.glob it accepts absolute patterns
        if Path(name).is_file():
            found = True
            yield _file(name)
    if not found:
        yield _invalid(pattern, f"No file matches {pattern}; check the pattern.")


def _listed(name: str) -> Iterator[Item]:
    try:
        with _opened(name) as lines:
            for line in lines:
                if file := line.strip():
                    yield _file(file)
    except InputError as error:
        yield Item(id=name, error=error)
    except (OSError, UnicodeDecodeError) as error:
        yield _invalid(
            name, f"The list {name} cannot be read ({_reason(error)}); give a text file with one path per line."
        )


def _opened_lines(name: str) -> Iterator[Item]:
    try:
        with _opened(name) as lines:
            yield from _lines(lines, name)
    except InputError as error:
        yield Item(id=name, error=error)
    except (OSError, UnicodeDecodeError) as error:
        yield _invalid(name, f"{name} cannot be read ({_reason(error)}); give a .jsonl file in UTF-8.")


def _lines(lines: IO[str], where: str) -> Iterator[Item]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _of_line(line, f"{where}:{number}")


def _of_line(line: str, place: str) -> Item:
    """Return the document of one line of JSON Lines; an invalid line becomes an Item with an error."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return _invalid(place, f"{place} is no JSON; write one JSON object per line.")
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        return _invalid(
            place, f'{place} has no "text"; write one JSON object per line, with the text of the document as "text".'
        )
    name = str(fields.get("id") or fields.get("source") or place)
    try:
        published = date.fromisoformat(str(fields["published"])[:10]) if fields.get("published") else None
    except ValueError:
        return _invalid(name, f'{place}: "published" is {fields["published"]!r}; write a date such as 2024-06-19.')
    return Item(id=name, text=fields["text"], source=str(fields.get("source") or name), published=published)


def _invalid(name: str, message: str) -> Item:
    return Item(id=name, error=InputError(message))


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "error" if isinstance(error, OSError) else "not UTF-8"
