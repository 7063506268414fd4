"""Read the documents of a batch one by one, never all into memory."""

import codecs
import glob
import io
import json
import lzma
import math
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path, PurePath
from typing import IO

from summariser.batch.remote_files import is_address, names_at, opened_at
from summariser.documents import (
    Document,
    bare_name,
    bytes_at,
    decode,
    endings,
    is_text_file,
    is_web_address,
    opened,
    read,
    read_address,
    read_file,
    read_text,
    without_password,
)
from summariser.errors import InputError

STDIN = "-"
_TEXTS = ("text", "content", "body")
"""Names of the field with the text of a line; the first one that says something counts."""
_ONE_LINE = "write one JSON object per line"
_WIDE = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
"""How a file of JSON Lines in UTF-16 begins."""


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
        default_published: The date of publication if neither `published` nor the text states one.
        ready: A document that is already read.
        notes: What a reader of the summary should know of the text, as pairs of a warning code and a sentence.
        error: The reason why the document cannot be read.
    """

    id: str
    path: Path | None = None
    address: str | None = None
    text: str | None = None
    source: str | None = None
    published: date | None = None
    default_published: date | None = None
    ready: Document | None = None
    notes: tuple[tuple[str, str], ...] = ()
    error: InputError | None = None

    def document(
        self, *, max_characters: int | None = None, whole_page: bool = False, private_addresses: bool = False
    ) -> Document:
        """Read the document and return it.

        Args:
            max_characters: The maximum length of the text; None for no limit.
            whole_page: True to keep everything that an HTML page shows, not only its article.
            private_addresses: True to allow addresses of this machine and of private networks.

        Raises:
            InputError: The document cannot be read.
        """
        if self.error is not None:
            raise self.error
        document = self._read(max_characters, whole_page=whole_page, private_addresses=private_addresses)
        if document.published or self.default_published is None:
            return document
        return replace(document, published=self.default_published)

    def _read(self, most: int | None, *, whole_page: bool, private_addresses: bool) -> Document:
        if self.ready is not None:
            return self.ready
        day = self.published
        if self.path is not None:
            return read(self.path, published=day, max_characters=most, whole_page=whole_page)
        if self.address is not None and is_web_address(self.address):
            return read_address(
                self.address,
                published=day,
                max_characters=most,
                whole_page=whole_page,
                private_addresses=private_addresses,
            )
        if self.address is not None:
            with opened_at(self.address) as file:
                return read_file(
                    file,
                    source=without_password(self.address),
                    published=day,
                    max_characters=most,
                    whole_page=whole_page,
                )
        return read_text(
            self.text or "", source=self.source or self.id, published=day, max_characters=most, notes=self.notes
        )


class LeftOut:
    """The files of folders that are not read, counted by kind."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()

    def add(self, name: str, kind: str | None = None) -> None:
        """Count a file; without a kind its name tells it."""
        self._kinds[kind or _kind(name)] += 1

    def __str__(self) -> str:
        """Return what was left out as a sentence, the most frequent kinds first; empty if nothing was."""
        number = self._kinds.total()
        if not number:
            return ""
        kinds = sorted(self._kinds.items(), key=lambda found: (-found[1], found[0]))
        files = "1 file" if number == 1 else f"{number} files"
        return f"{files} left out: {', '.join(f'{count} {kind}' for kind, count in kinds)}."


def _kind(name: str) -> str:
    """Return the kind of a file in words: its ending in lower case, also before .gz and its like."""
    path = PurePath(name)
    if _is_hidden(path.name):
        return "hidden"
    kind = "".join(path.suffixes[-2:] if path.suffix.casefold() == ".gz" else path.suffixes[-1:]).casefold()
    return kind if _has_ending(name) else "without an ending"


def _is_hidden(name: str) -> bool:
    """Return True if a name is that of a hidden file, or of one that an Office program keeps beside an open file."""
    return name.startswith((".", "~$"))


def _has_ending(name: str) -> bool:
    """Return True if a name has an ending that tells a kind, unlike "Statement 12.3" and "Letter of Dr. Belmar"."""
    ending = PurePath(name).suffix[1:]
    return bool(ending) and not ending.isdigit() and " " not in ending


def _is_read(name: str) -> bool:
    """Return True if a folder's file with this name is read, whatever it holds."""
    path = PurePath(name)
    return not _is_hidden(path.name) and PurePath(bare_name(path.name)).suffix.casefold() in endings()


def items_from(sources: Iterable[str], left_out: LeftOut | None = None) -> Iterator[Item]:
    """Yield the documents of sources as a command line gives them.

    A source is one of these, on this machine or at an address of shared or object storage such as s3://bucket/news, or
    the address of a page of the web:

    - a file
    - a folder, with the files of all formats that are read, and text without an ending, also in its subfolders
    - a pattern such as `news/*.txt`
    - a .jsonl or .ndjson file, also with .gz, .bz2 or .xz, or - for JSON Lines on standard input, with one document
      per line: an object with `text` and optionally `id`, `published` and `source`
    - @list, where list is a text file with one path per line

    A document that cannot be read is an Item with an error.

    Args:
        sources: The sources.
        left_out: Counts the files of folders that are not read.

    Raises:
        InputError: A source is empty, or standard input is closed.
    """
    left_out = LeftOut() if left_out is None else left_out
    for source in sources:
        if not source:
            raise InputError("A source is empty; give a file, a folder, a pattern, a list, or - for standard input.")
        if source == STDIN and sys.stdin is None:
            raise InputError("Standard input is closed; give a file.")
        if source == STDIN:
            yield from _lines(sys.stdin.buffer, "standard input")
        elif source.startswith("@"):
            yield from _listed(source[1:])
        elif is_web_address(source) or (_has_lines(source) and not _is_pattern(source)):
            yield from _named(source)
        elif is_address(source):
            yield from _stored(source, left_out)
        elif Path(source).is_dir():
            yield from _files_in(Path(source), left_out)
        elif _is_pattern(source):
            yield from _matching(source)
        else:
            yield _file(source)


def count(sources: Iterable[str]) -> int | None:
    """Return the number of documents in sources without reading them; None if it is not known in advance."""
    total = 0
    for source in sources:
        if source == STDIN or (_has_lines(source) and (is_address(source) or not Path(source).is_file())):
            return None
        if _has_lines(source) and bare_name(source) == source:
            with Path(source).open("rb") as lines:
                total += sum(line.strip() not in (b"", b"[", b"]") for line in lines)
        else:
            total += sum(1 for _ in items_from([source]))
    return total


def _has_lines(name: str) -> bool:
    """Return True if a name is one of a file of JSON Lines."""
    return bare_name(name).casefold().endswith((".jsonl", ".ndjson", ".jsonlines"))


def _is_pattern(name: str) -> bool:
    if is_address(name):
        return not is_web_address(name) and ("*" in name or "?" in name)
    return glob.has_magic(name) and not Path(name).exists()


def _named(name: str) -> Iterator[Item]:
    """Yield the document of a file, or the documents of a file of JSON Lines."""
    if _has_lines(name):
        yield from _opened_lines(name)
    else:
        yield _file(name)


def _file(name: str | Path) -> Item:
    if is_address(str(name)):
        shown = without_password(str(name))
        return Item(id=shown, source=shown, address=str(name))
    return Item(id=str(name), path=Path(name))


def _stored(address: str, left_out: LeftOut) -> Iterator[Item]:
    def accepts(name: str, special: bool) -> bool:
        is_read = _is_read(name) and not special
        if not is_read:
            left_out.add(name, "special" if special else None)
        return is_read

    try:
        names = names_at(address, accepts)
    except InputError as error:
        yield Item(id=without_password(address), error=error)
        return
    if not names:
        yield _invalid(
            address, f"There are no text files at {address}, or of another format that is read; check the address."
        )
    for name in names:
        yield from _named(name)


def _opened(name: str) -> AbstractContextManager[IO[bytes]]:
    if is_web_address(name):
        return io.BytesIO(bytes_at(name))
    return opened_at(name) if is_address(name) else Path(name).open("rb")


def _files_in(folder: Path, left_out: LeftOut, known: set[Path] | None = None) -> Iterator[Item]:
    """Yield the files of a folder and its subfolders that are read, sorted by name, and each folder that cannot be.

    A folder that several links lead to, or its own subfolders, is read once. Pipes, sockets and devices are left out,
    because reading them may never end.
    """
    known = set() if known is None else known
    real = folder.resolve()
    if real in known:
        return
    known.add(real)
    try:
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                if not path.name.startswith("."):
                    yield from _files_in(path, left_out, known)
            elif path.exists() and not path.is_file():
                left_out.add(path.name, "special")
            elif _is_read(path.name) or (
                not _has_ending(path.name) and not _is_hidden(path.name) and is_text_file(path)
            ):
                yield _file(path)
            else:
                left_out.add(path.name)
    except OSError as error:
        yield _invalid(str(folder), f"{folder} cannot be read ({_reason(error)}); check its name and rights.")


def _matching(pattern: str) -> Iterator[Item]:
    found: dict[Path, str] = {}  # by real folder, because ** follows links in circles
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207  # unlike Path.glob it accepts absolute patterns
    for name in sorted(names, key=lambda name: (len(PurePath(name).parts), name)):
        if Path(name).is_file():
            found.setdefault(Path(name).parent.resolve() / PurePath(name).name, name)
    for name in sorted(found.values()):
        yield from _named(name)
    if not found:
        yield _invalid(pattern, f"No file matches {pattern}; check the pattern.")


def _listed(name: str) -> Iterator[Item]:
    try:
        with _opened(name) as file:
            lines = decode(file.read(), source=f"The list {without_password(name)}").text.splitlines()
        for path in filter(None, map(str.strip, lines)):
            yield from _named(path)
    except InputError as error:
        yield Item(id=without_password(name), error=error)
    except OSError as error:
        yield _invalid(
            name, f"The list {name} cannot be read ({_reason(error)}); give a text file with one path per line."
        )


def _opened_lines(name: str) -> Iterator[Item]:
    try:
        with _opened(name) as file:
            yield from _lines(opened(file, name), without_password(name))
    except InputError as error:
        yield Item(id=without_password(name), error=error)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        if not isinstance(error, OSError) or (error.errno is None and bare_name(name) != name):
            yield _invalid(name, f"{name} is damaged or cut short: it cannot be unpacked; get it again.")
            return
        yield _invalid(name, f"{name} cannot be read ({_reason(error)}); check its name and rights.")


def _lines(file: IO[bytes], where: str) -> Iterator[Item]:
    """Yield the documents of JSON Lines in UTF-8, in UTF-16, or in another encoding that can be told line by line."""
    opened, is_first = None, True
    for number, line in enumerate(_raw_lines(file), 1):
        place = f"{where}:{number}"
        try:
            text, notes = (line, ()) if isinstance(line, str) else _decoded(line, place)
        except InputError as error:
            yield Item(id=place, error=error)
            continue
        text = _without_frame(text)
        if not text:
            continue
        if opened is not None and text.startswith('"'):
            yield _invalid(where, f"{where} is JSON over several lines; {_ONE_LINE}, for example with jq.")
            return
        if opened is not None:
            yield opened
        opened, found = None, _of_line(text, place, notes)
        if text == "{" and is_first:
            opened = found
        else:
            yield found
        is_first = False
    if opened is not None:
        yield opened


def _without_frame(line: str) -> str:
    """Return a line without what separates objects in a list over several lines or in a sequence (RFC 7464)."""
    bare = line.strip().lstrip("\x1e")
    if bare in ("[", "]", "],"):
        return ""
    bare = bare.removesuffix(",") if bare.endswith("},") else bare
    opens = bare.startswith("[") and not bare.endswith("]")
    closes = bare.endswith("}]") and not bare.startswith("[")
    return bare[1:].lstrip() if opens else bare[:-1] if closes else bare


def _raw_lines(file: IO[bytes]) -> Iterator[bytes | str]:
    """Yield the lines of a file: as characters if they are UTF-16, otherwise as bytes without a byte order mark."""
    first = file.readline()
    wide = next((name for begin, name in _WIDE if first.startswith(begin)), None)
    if wide is not None:
        rest = codecs.getreader(wide)(_Chained(first, file), "replace")
        yield from (line.removeprefix("\ufeff") for line in rest)
        return
    for line in chain((first,), file):
        yield line.removeprefix(codecs.BOM_UTF8)


class _Chained(io.RawIOBase):
    """A file whose first bytes are already read."""

    def __init__(self, first: bytes, file: IO[bytes]) -> None:
        self._first, self._file = first, file

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        first, self._first = self._first, b""
        return first or self._file.read(size)


def _decoded(line: bytes, place: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a line as text, and the notes about its encoding."""
    try:
        return line.decode(), ()
    except UnicodeDecodeError:
        found = decode(line, source=place)
        return found.text, found.notes


def _of_line(line: str, place: str, notes: tuple[tuple[str, str], ...] = ()) -> Item:
    """Return the document of one line of JSON Lines; an invalid line becomes an Item with an error."""
    try:
        fields = json.loads(line, strict=False)  # tabs and the like in texts are read
    except (ValueError, RecursionError):
        return _invalid(place, f"{place} is no JSON; {_ONE_LINE}.")
    if fields and isinstance(fields, list):
        return _invalid(place, f"{place} is a list; {_ONE_LINE}, for example with jq.")
    text = _text_in(fields) if isinstance(fields, dict) else None
    if not isinstance(text, str):
        what = f'{place} has no "text"' if text is None else f'The "text" of {place} is {_kind_of(text)}'
        return _invalid(place, f'{what}; {_ONE_LINE}, with the text of the document as "text".')
    source = _name_in(fields, "source")
    name = _name_in(fields, "id") or source or place
    try:
        published = date.fromisoformat(str(fields["published"])[:10]) if fields.get("published") else None
    except ValueError:
        return _invalid(name, f'{place}: "published" is {fields["published"]!r}; write a date such as 2024-06-19.')
    return Item(id=name, text=text, source=source or name, published=published, notes=notes)


def _text_in(fields: Mapping[str, object]) -> object:
    """Return the first text of a line that says something, else the first value in the place of one, or None."""
    found = [fields[name] for name in _TEXTS if fields.get(name) is not None]
    return next((each for each in found if isinstance(each, str) and each.strip()), next(iter(found), None))


def _name_in(fields: Mapping[str, object], field: str) -> str:
    """Return a text or a finite number of a line as a name; "" if the field is missing or holds something else."""
    value = fields.get(field)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return str(value) if known else ""


def _kind_of(value: object) -> str:
    """Return what a value is that should be a text."""
    return {dict: "an object", list: "a list", bool: "a truth value"}.get(type(value), "a number")


def _invalid(name: str, message: str) -> Item:
    return Item(id=without_password(name), error=InputError(without_password(message)))


def _reason(error: OSError) -> str:
    return error.strerror or "error"
