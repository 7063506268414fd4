"""Tables of rows as CSV, Parquet or XLSX files, written row by row, so that memory does not grow with the table."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Any

from summariser.errors import ConfigurationError
from summariser.extras import installing

Row = Mapping[str, object]
"""The values of a row by column: text, a number, a truth value or a date. A column without a value may be left out."""
Columns = Mapping[str, type]
"""The columns of a table in order, each with the type of its values: str, int, float, bool or date."""

_NAMES = {"csv": "CSV", "parquet": "Parquet", "xlsx": "XLSX"}
_LIBRARIES = {"parquet": "pyarrow", "xlsx": "xlsxwriter"}
"""The libraries of the formats that need one; the extras that install them are called like the formats."""
_BYTE_ORDER_MARK = "\ufeff"

FORMATS = tuple(_NAMES)
"""The formats of tables, which are also their file endings."""
BINARY_FORMATS = tuple(_LIBRARIES)
"""The formats that cannot be written to standard output."""


def require_format(format: str, output: str | Path | None) -> None:
    """Check that a table can be written, before any work is done for it; other formats than tables pass.

    Args:
        format: One of FORMATS, or the name of another format.
        output: A path or an address; None for standard output.

    Raises:
        ConfigurationError: A binary format is to be written to standard output, or its library is missing.
    """
    if format not in BINARY_FORMATS:
        return
    name, library = _NAMES[format], _LIBRARIES[format]
    if output is None:
        raise ConfigurationError(f"{name} cannot be written to standard output; give a file as the argument output.")
    if find_spec(library) is None:
        raise ConfigurationError(f"{name} needs {library}; {installing(format)}.")


class Table(ABC):
    """A table that is being written."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def write(self, row: Row) -> None:
        """Write one row.

        Raises:
            ValueError: The row has a value for a column that the table does not have.
        """
        if unknown := row.keys() - self._columns.keys():
            raise ValueError(f"the table has no column {', '.join(sorted(unknown))}")
        self._write([_cell(row.get(name)) for name in self._columns])

    @abstractmethod
    def _write(self, cells: list[Any]) -> None:
        """Write one row: a value for each column, None for an empty cell."""


@contextmanager
def opened(file: str | Path | IO[str], format: str, columns: Columns, *, bom: bool = False) -> Iterator[Table]:
    """Return a context manager that gives a Table, and finishes the file at its end, also after an error.

    Args:
        file: A path, which is overwritten; for CSV also an open text file, which stays open.
        format: One of FORMATS.
        columns: The columns.
        bom: True to begin CSV with a byte order mark.
    """
    if format != "csv":
        with closing(_BINARY[format](str(file), columns)) as table:
            yield table
    elif isinstance(file, str | Path):
        with Path(file).open("w", encoding="utf-8", newline="") as text:
            yield _Csv(text, columns, bom=bom)
    else:
        yield _Csv(file, columns, bom=bom)


def _cell(value: object) -> object:
    """Return a value as it is written: None for empty text, and text without what UTF-8 cannot encode."""
    return value.encode("utf-8", "backslashreplace").decode() or None if isinstance(value, str) else value


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────

_FORMULA = re.compile(r"^(?=[\t\r\n]|\s*[=+\-@＝＋－＠])")
"""The beginning of a text that a spreadsheet program may take for a formula."""
_FORMULA_WITHIN = re.compile(r"(?<=[;\t\r\n])(?=(?:[^\S\t\r\n]|\x22)*[=+\-@＝＋－＠])")
"""The places within a text where a formula begins for a program that separates cells at semicolons or tabs, as those
of many countries do, and so does not see the quotation marks around the text."""
_QUOTED = re.compile(r'[",;\t\r\n]|^\s|\s$')
"""What makes quotation marks necessary. Python's csv module leaves a text with semicolons or tabs bare, and LibreOffice
offers to split a line at these as well as at commas."""


class _Csv(Table):
    """Writes CSV as RFC 4180 describes it."""

    def __init__(self, file: IO[str], columns: Columns, *, bom: bool) -> None:
        super().__init__(columns)
        self._file = file
        file.write(_BYTE_ORDER_MARK if bom else "")
        self._write(list(columns))

    def _write(self, cells: list[Any]) -> None:
        self._file.write(",".join(map(_as_csv, cells)) + "\r\n")


def _as_csv(value: object) -> str:
    """Return a cell as CSV; no spreadsheet program takes a text for a formula."""
    text = "" if value is None else disarmed(value) if isinstance(value, str) else str(value)
    return '"{}"'.format(text.replace('"', '""')) if _QUOTED.search(text) else text


def disarmed(text: str) -> str:
    """Return a text with an apostrophe before what a spreadsheet program would take for the beginning of a formula."""
    return _FORMULA_WITHIN.sub("'", _FORMULA.sub("'", text))


# ── Parquet ──────────────────────────────────────────────────────────────────────────────────────


class _Parquet(Table):
    """Writes groups of a few thousand rows."""

    _ROW_GROUP = 4096

    def __init__(self, path: str, columns: Columns) -> None:
        import pyarrow
        import pyarrow.parquet

        super().__init__(columns)
        types = {
            str: pyarrow.string(),
            int: pyarrow.int64(),
            float: pyarrow.float64(),
            bool: pyarrow.bool_(),
            date: pyarrow.date32(),
        }
        self._schema = pyarrow.schema([(name, types[type]) for name, type in columns.items()])
        self._file = pyarrow.parquet.ParquetWriter(path, self._schema)
        self._rows: list[list[Any]] = []

    def _write(self, cells: list[Any]) -> None:
        self._rows.append(cells)
        if len(self._rows) >= self._ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow

        if self._rows:
            arrays = map(pyarrow.array, zip(*self._rows, strict=True), self._schema.types)
            self._file.write_table(pyarrow.Table.from_arrays(list(arrays), schema=self._schema))
            self._rows = []

    def close(self) -> None:
        """Write the last group and the index of all groups."""
        self._flush()
        self._file.close()


# ── XLSX ─────────────────────────────────────────────────────────────────────────────────────────

_FIRST_DAY = date(1900, 3, 1)
"""The first day that all spreadsheet programs count alike; earlier days are written as text."""
_LONGEST = 32_767  # UTF-16 code units of a cell
_CUT = " … (cut here, for a cell of XLSX holds at most 32,767 characters; CSV and Parquet have all of it)"


class _Xlsx(Table):
    """Writes a workbook; rows that do not fit on a sheet go to the next."""

    _ROWS = 1_048_576  # of a sheet

    def __init__(self, path: str, columns: Columns) -> None:
        from xlsxwriter import Workbook

        super().__init__(columns)
        self._path, self._folder = path, TemporaryDirectory()
        self._made = Path(self._folder.name, "book.xlsx")
        self._book = Workbook(self._made, {"constant_memory": True, "tmpdir": self._folder.name})
        self._book.use_zip64()  # sheets of more than two gigabytes; smaller ones stay as they are
        self._bold = self._book.add_format({"bold": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._text = self._book.add_format({"quote_prefix": True})  # it stays text when somebody edits it
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for at, (name, type) in enumerate(self._columns.items()):
            self._sheet.write_string(0, at, name, self._bold)
            if type is date:
                self._sheet.set_column(at, at, 11)  # characters; a day that does not fit is shown as #####
        self._row = 1

    def _write(self, cells: list[Any]) -> None:
        if self._row == self._ROWS:
            self._end_sheet()
            self._begin_sheet()
        for at, value in enumerate(cells):
            if value is not None:
                self._put(at, value)
        self._row += 1

    def _put(self, at: int, value: Any) -> None:
        if isinstance(value, date) and value < _FIRST_DAY:
            value = value.isoformat()
        if isinstance(value, str):
            self._put_text(at, value)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._row, at, value, self._day)
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._row, at, value)
        else:
            self._sheet.write_number(self._row, at, value)

    def _put_text(self, at: int, text: str) -> None:
        """Write text as text, which is never evaluated, whatever it begins with; say so if it has to be cut."""
        units = text.encode("utf-16-le")
        if len(units) > 2 * _LONGEST:
            text = units[: 2 * (_LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT
        self._sheet.write_string(self._row, at, text, self._text if _FORMULA.match(text) else None)

    def _end_sheet(self) -> None:
        self._sheet.autofilter(0, 0, self._row - 1, len(self._columns) - 1)

    def close(self) -> None:
        """Make the workbook from the temporary files of its sheets, then copy it, so that it is written in one go."""
        from xlsxwriter.exceptions import FileCreateError

        with self._folder:
            self._end_sheet()
            try:
                self._book.close()
            except FileCreateError as error:  # whose argument is the error of the system, such as a full disk
                raise error.args[0] from None
            with self._made.open("rb") as made, Path(self._path).open("wb") as file:
                copyfileobj(made, file)


_BINARY: dict[str, type[_Parquet] | type[_Xlsx]] = {"parquet": _Parquet, "xlsx": _Xlsx}
