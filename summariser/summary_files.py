"""Read the summaries in JSON files, JSON Lines files and folders of them."""

import glob
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from summariser.errors import InputError
from summariser.schema import SCHEMA_VERSION, Summary, summary_type

STDIN = "-"
_ENDINGS = (".json", ".jsonl")
_STORE = b"SQLite format 3\0"
_CURE = "give JSON that this program wrote"


class SummaryReader:
    """Reads summaries from files, one after the other. A file that cannot be read does not end the reading.

    Attributes:
        errors: An error for each source or file of which something cannot be read.
        failed: The number of documents that failed in a batch, so that its results hold no summary of them.
    """

    def __init__(self) -> None:
        self.errors: list[InputError] = []
        self.failed = 0

    def read(
        self, sources: Iterable[str], progress: Callable[[int, int], None] = lambda done, total: None
    ) -> Iterator[Summary]:
        """Yield the summaries of sources.

        A source is a file, a folder with its .json and .jsonl files and those of its subfolders, a pattern such as
        `out/*.json`, or - for standard input. A file holds one summary, a list of summaries, or one on each line. A
        result of a batch counts as its summary.

        Args:
            sources: The sources.
            progress: Called with the number of bytes that are read, and the number of all.
        """
        sizes = {name: _size(name) for source in sources for name in self._names(source)}
        done, total = 0, sum(sizes.values())
        for name, size in sizes.items():
            for summary, place in self._summaries(name):
                progress(done + place, total)
                yield summary
            done += size
        progress(total, total)

    def _names(self, source: str) -> Iterator[str]:
        """Yield the names of the files of a source."""
        if not source:
            self._wrong("A source is empty; give a file or a folder with summaries, or - for standard input.")
        elif Path(source).is_dir():
            files = sorted(self._files_in(source))
            if not files:
                self._wrong(f"There is no .json or .jsonl file in {source}; {_CURE}.")
            yield from files
        elif glob.has_magic(source) and not Path(source).exists():
            files = sorted(glob.glob(source, recursive=True))  # noqa: PTH207  # unlike Path.glob it takes absolute ones
            if not files:
                self._wrong(f"No file matches {source}; check the pattern.")
            yield from files
        else:
            yield source

    def _files_in(self, folder: str) -> Iterator[str]:
        """Yield the JSON files of a folder and its subfolders, without hidden ones."""
        for path, folders, names in os.walk(folder, onerror=self._unreadable):
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield from (
                str(Path(path, name))
                for name in names
                if name.casefold().endswith(_ENDINGS) and not name.startswith(".")
            )

    def _summaries(self, name: str) -> Iterator[tuple[Summary, int]]:
        """Yield the summaries of a file, each with how far it is read, and note an error if something in it is none."""
        wrong: list[str] = []
        try:
            with _opened(name) as file:
                for place, entry in _entries(file, "standard input" if name == STDIN else name):
                    try:
                        summary = _summary(entry)
                    except ValueError as error:
                        wrong.append(f"{place} {error}")
                    else:
                        self.failed += summary is None
                        if summary is not None:
                            yield summary, 0 if name == STDIN else file.tell()
        except OSError as error:
            self._unreadable(error)
        except InputError as error:
            self.errors.append(error)
        if wrong:
            more = "" if len(wrong) == 1 else f", and {len(wrong) - 1} more entries of this file cannot be read either"
            self._wrong(f"{wrong[0]}{more}; {_CURE}.")

    def _unreadable(self, error: OSError) -> None:
        self._wrong(f"{error.filename} cannot be read ({error.strerror}); check its name and its permissions.")

    def _wrong(self, message: str) -> None:
        self.errors.append(InputError(message))


def _size(name: str) -> int:
    try:
        return 0 if name == STDIN else Path(name).stat().st_size
    except OSError:  # which reading the file reports
        return 0


def _opened(name: str) -> "nullcontext[IO[bytes]] | IO[bytes]":
    if name != STDIN:
        return Path(name).open("rb")
    if sys.stdin is None:
        raise InputError("Standard input is closed; give a file.")
    return nullcontext(sys.stdin.buffer)


def _entries(file: IO[bytes], name: str) -> Iterator[tuple[str, Any]]:
    """Yield what a file holds, each with its place: JSON data, or the bytes of a line.

    Raises:
        InputError: The file is a store, or is in an encoding that its bytes contradict.
    """
    if name.casefold().endswith(".jsonl"):
        yield from _lines(_in_utf8(file), name)
        return
    content = file.read()
    if content.startswith(_STORE):
        raise InputError(f"{name} is a store, not a file of summaries; name it in the setting store.")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        lines = content.splitlines()
        yield from _lines(lines, name) if len(lines) > 1 and lines[0].endswith(b"}") else [(name, content)]
        return
    if isinstance(data, list):
        yield from ((f"{name}, entry {number}", each) for number, each in enumerate(data, 1))
    else:
        yield name, data


def _in_utf8(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file of JSON Lines in UTF-8, also of one in UTF-16 or UTF-32.

    Raises:
        InputError: The bytes contradict the encoding.
    """
    first = file.readline()
    encoding = json.detect_encoding(first)
    if encoding.startswith("utf-8"):
        yield first
        yield from file
        return
    try:
        text = (first + file.read()).decode(encoding)
    except UnicodeDecodeError:
        raise InputError(f"{file.name} is damaged {encoding.upper()}; {_CURE}.") from None
    yield from (line.encode() for line in text.split("\n"))


def _lines(lines: Iterable[bytes], name: str) -> Iterator[tuple[str, bytes]]:
    return ((f"{name}, line {number}", line) for number, line in enumerate(lines, 1) if line.strip())


def _summary(entry: Any) -> Summary | None:
    """Return the summary of an entry; None for a document that failed in a batch.

    Raises:
        ValueError: The entry is no summary; the message says why, without a subject.
    """
    if isinstance(entry, bytes):
        try:
            entry = json.loads(entry)
        except (ValueError, RecursionError) as error:
            why = getattr(error, "msg", "")
            raise ValueError(f"is no JSON ({why})" if why else "is no JSON") from None
    if isinstance(entry, dict) and {"id", "summary", "error"} <= entry.keys():
        if entry["summary"] is None and entry["error"] is not None:
            return None
        entry = entry["summary"]
    if not isinstance(entry, dict) or "schema_version" not in entry:
        raise ValueError("is no summary (it has no schema_version)")
    version = entry["schema_version"]
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise ValueError(f"is a summary in version {version} of the format, which a newer program wrote")
    try:
        return summary_type().model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise ValueError(f"is no summary ({where}: {first['msg']})") from None
