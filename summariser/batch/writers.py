"""Write the results of a batch atomically: one JSON line per document, or one table row per item."""

import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from summariser.batch.remote_files import is_address, put
from summariser.batch.results import Result
from summariser.errors import ConfigurationError
from summariser.extras import installing

COLUMNS = (
    "id", "source", "published", "language", "kind", "item", "label", "who", "to", "text", "condition", "deadline",
    "deadline_date", "quote", "verified", "basis", "rests_on", "sentences", "evidence", "match", "verdict",
    "confidence", "reason", "error",
)  # fmt: skip
"""The columns of a table. A row is an item, or the document itself with its headline or error."""


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
    def __init__(self, file: IO[str]) -> None:
        self._rows = csv.DictWriter(file, COLUMNS)
        self._rows.writeheader()

    def write(self, result: Result) -> None:
        for row in rows_of(result):
            self._rows.writerow(row)


class _Parquet:
    """Writes row groups of a few thousand rows, so that memory does not grow with the batch."""

    _ROW_GROUP = 4096

    def __init__(self, path: str) -> None:
        import pyarrow
        import pyarrow.parquet

        self._pyarrow = pyarrow
        kinds = {"verified": pyarrow.bool_(), "confidence": pyarrow.float64()}
        self._schema = pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in COLUMNS])
        self._file = pyarrow.parquet.ParquetWriter(path, self._schema)
        self._rows_in_memory: list[dict[str, Any]] = []

    def write(self, result: Result) -> None:
        self._rows_in_memory += rows_of(result)
        if len(self._rows_in_memory) >= self._ROW_GROUP:
            self.flush()

    def flush(self) -> None:
        """Write the rows in memory."""
        if self._rows_in_memory:
            self._file.write_table(self._pyarrow.Table.from_pylist(self._rows_in_memory, schema=self._schema))
            self._rows_in_memory = []

    def close(self) -> None:
        """Write the remaining rows and close the file."""
        self.flush()
        self._file.close()


@contextmanager
def written(output: str | Path | None, format: str) -> Iterator[Writer]:
    """Return a context manager that gives a Writer.

    The output file is created at the end of the `with` block. If the block ends with an error, the file holds the
    results so far.

    Args:
        output: A path, or an address of shared or object storage; None for standard output.
        format: "jsonl", "csv" or "parquet".

    Raises:
        ConfigurationError: The file cannot be written.
    """
    if output is None:
        yield _Lines(sys.stdout) if format == "jsonl" else _Rows(sys.stdout)
        return
    with _temporary_file_for(output) as name:
        if format == "parquet":
            parquet = _Parquet(name)
            try:
                yield parquet
            finally:
                parquet.close()
        else:
            with Path(name).open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                yield _Lines(file) if format == "jsonl" else _Rows(file)


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


def require_format(format: str, output: str | Path | None) -> None:
    """Check that a format can be written, before any request is made.

    Args:
        format: "jsonl", "csv" or "parquet".
        output: A path or an address; None for standard output.

    Raises:
        ConfigurationError: Parquet is wanted, but the output is standard output or pyarrow is missing.
    """
    if format != "parquet":
        return
    if output is None:
        raise ConfigurationError("Parquet cannot be written to standard output; give a file as the argument output.")
    import importlib.util

    if importlib.util.find_spec("pyarrow") is None:
        raise ConfigurationError(f"Parquet needs pyarrow; {installing('parquet')}.")


def rows_of(result: Result) -> Iterator[dict[str, Any]]:
    """Yield the rows of a result by the names in COLUMNS: one for the document, and one for each item."""
    of_document: dict[str, Any] = {"id": result.id, "source": result.source}
    error = {"error": str(result.error)} if result.error else {}
    summary = result.summary
    if summary is None:
        yield {**of_document, "kind": "document", **error}
        return
    document = summary.document
    of_document |= {
        "published": document.published.isoformat() if document.published else None,
        "language": document.language,
    }
    headline = {"kind": "document", "text": summary.headline, "label": summary.run.status}
    yield {**of_document, **headline, **error}
    for row in summary.to_rows():
        yield {**of_document, **row}
