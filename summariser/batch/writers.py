"""The results of a batch in a file: whole, or not there; a line a document, or a row an item."""

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
    "deadline_date", "quote", "verified", "basis", "rests_on", "sentences", "evidence", "verdict", "error",
)  # fmt: skip
"""The columns of a row an item; a document without items or with an error has one row of its own."""


class Writer(Protocol):
    """What results are written with."""

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
    """Row groups of some thousand rows, so that memory does not grow with the batch."""

    _AT_ONCE = 4096

    def __init__(self, path: str) -> None:
        import pyarrow
        import pyarrow.parquet

        self._pyarrow = pyarrow
        kinds = {"verified": pyarrow.bool_()}
        self._schema = pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in COLUMNS])
        self._file = pyarrow.parquet.ParquetWriter(path, self._schema)
        self._held: list[dict[str, Any]] = []

    def write(self, result: Result) -> None:
        self._held += rows_of(result)
        if len(self._held) >= self._AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        if self._held:
            self._file.write_table(self._pyarrow.Table.from_pylist(self._held, schema=self._schema))
            self._held = []

    def close(self) -> None:
        """End the file."""
        self.flush()
        self._file.close()


@contextmanager
def written(output: str | Path | None, format: str) -> Iterator[Writer]:
    """A writer of results for the length of a `with`: to standard output, or to a file that appears whole at the end.

    `output` is a path, or an address of shared or object storage.

    The file appears also where the `with` ends by an error, with what was written until then. `format` is jsonl, csv or
    parquet. Raises ConfigurationError where the file cannot be written or pyarrow is missing.
    """
    if output is None:
        yield _Lines(sys.stdout) if format == "jsonl" else _Rows(sys.stdout)
        return
    with _appearing(output) as name:
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
def _appearing(output: str | Path) -> Iterator[str]:
    """The name of a new file, which becomes the output at the end of the `with`, also where that ends by an error."""
    address = str(output) if is_address(str(output)) else None
    path = Path(output)
    try:
        if not address:
            path = path.resolve()  # of a link, the file that it leads to
            if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
                yield str(path)
                return
        handle, name = tempfile.mkstemp(dir=None if address else path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise ConfigurationError(f"{output} cannot be written: {error.strerror}.") from None
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
    """Make a file the output, readable as any new file of the user's is."""
    umask = os.umask(0)
    os.umask(umask)
    try:
        file.chmod(0o666 & ~umask)
        file.replace(path)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise ConfigurationError(
            f"{path} cannot be written ({error.strerror}); what was done is kept: "
            "give another file as the argument output."
        ) from None


def require_format(format: str, output: str | Path | None) -> None:
    """Find out before any work that a format can be written. Raises ConfigurationError."""
    if format != "parquet":
        return
    if output is None:
        raise ConfigurationError("Parquet is no text; give a file as the argument output.")
    import importlib.util

    if importlib.util.find_spec("pyarrow") is None:
        raise ConfigurationError(f"Parquet needs pyarrow; {installing('parquet')}.")


def rows_of(result: Result) -> Iterator[dict[str, Any]]:
    """Yield a row for each item of a result, by COLUMNS; one for a document that has none, or that failed."""
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
