"""Write the results of a batch atomically: one JSON line per document, or one table row per item."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from summariser.batch.pages import Pages
from summariser.batch.remote_files import is_address, put
from summariser.batch.results import Result
from summariser.errors import ConfigurationError
from summariser.render.tables import Table, opened
from summariser.schema import COLUMNS


class Writer(Protocol):
    """Writes results in one format."""

    def write(self, result: Result) -> None:
        """Write one result."""


class _Lines:
    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, result: Result) -> None:
        self._file.write(json.dumps(result.to_json(), ensure_ascii=False) + "\n")


class _Rows:
    def __init__(self, table: Table) -> None:
        self._table = table

    def write(self, result: Result) -> None:
        for row in rows_of(result):
            self._table.write(row)


@contextmanager
def written(output: str | Path | None, format: str, *, bom: bool = False) -> Iterator[Writer]:
    """Return a context manager that gives a Writer.

    The output file is created at the end of the `with` block. If the block ends with an error, the file holds the
    results so far.

    Args:
        output: A path, or an address of shared or object storage; None for standard output.
        format: "jsonl"; the format of a table: "csv", "parquet" or "xlsx", of which the last two need a file; or
            "html", which needs a folder.
        bom: True to begin CSV with a byte order mark.

    Raises:
        ConfigurationError: The file cannot be written.
    """
    if format == "html":
        with closing(Pages(Path(output or "."))) as pages:
            yield pages
        return
    with ExitStack() as stack:
        file = sys.stdout if output is None else stack.enter_context(_temporary_file_for(output))
        if format != "jsonl":
            yield _Rows(stack.enter_context(opened(file, format, COLUMNS, bom=bom)))
        elif isinstance(file, str):
            with Path(file).open("w", encoding="utf-8", errors="backslashreplace", newline="") as lines:
                yield _Lines(lines)
        else:
            yield _Lines(file)


@contextmanager
def _temporary_file_for(output: str | Path) -> Iterator[str]:
    """Yield the name of a temporary file, which becomes the output at the end, also after an error."""
    address = str(output) if is_address(str(output)) else None
    path = Path(output)
    try:
        if not address:
            path = path.resolve()  # replace the target of a link, not the link
            if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
                yield str(path)
                return
        handle, name = tempfile.mkstemp(dir=None if address else path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise ConfigurationError(
            f"{output} cannot be written ({error.strerror}); give another file as the argument output."
        ) from None
    os.close(handle)
    try:
        yield name
    finally:
        if address:
            try:
                put(Path(name), address)
            finally:
                Path(name).unlink()
        else:
            _move(Path(name), path)


def _move(file: Path, path: Path) -> None:
    """Rename a temporary file to the output, with the permissions of a new file."""
    umask = os.umask(0)
    os.umask(umask)
    try:
        file.chmod(0o666 & ~umask)
        file.replace(path)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise ConfigurationError(
            f"{path} cannot be written ({error.strerror}); results in the store are kept: "
            "give another file as the argument output."
        ) from None


def rows_of(result: Result) -> Iterator[dict[str, Any]]:
    """Yield the rows of a result by the names in COLUMNS: one for the document, and one for each item."""
    of_document: dict[str, Any] = {"id": result.id, "source": result.source}
    error = {"error": str(result.error)} if result.error else {}
    summary = result.summary
    if summary is None:
        yield {**of_document, "kind": "document", **error}
        return
    document = summary.document
    of_document |= {"published": document.published, "language": document.language}
    headline = {"kind": "document", "text": summary.headline, "label": summary.run.status}
    yield {**of_document, **headline, **error}
    for row in summary.to_rows():
        yield {**of_document, **row}
