"""Folders and JSON Lines: every file and line is read, fails by its name, or is counted as left out."""

import bz2
import errno
import io
import json
import lzma
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import pytest

from summariser.batch import LeftOut, count, items_from
from summariser.errors import InputError
from tests import formats
from tests.formats import AGREED, PLEDGED
from tests.test_cli import Cli, cli  # noqa: F401  # the fixture
from tests.test_readers import WORDS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of many kinds."""
    monkeypatch.chdir(tmp_path)
    files: dict[str, bytes] = {
        "a.TXT": AGREED.encode(),
        "b.html": formats.PAGE.encode(),
        "c.eml": formats.mail(PLEDGED),
        "d.vtt": formats.VTT.encode(),
        "deep/e.md": AGREED.encode(),
        "deep/f.txt.gz": formats.packed(AGREED.encode()),
        "g.docx": b"PK\x03\x04 damaged",
        "h.xyz": b"x",
        "i.XYZ": b"x",
        "j.png": b"x",
        "k.tar.gz": b"x",
        "notes": AGREED.encode(),
        "program": bytes(range(256)),
        ".hidden": b"x",
        ".git/config.txt": b"x",
    }
    for name, data in files.items():
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "news"


@pytest.mark.parametrize("unreadable", ["news", "news/deep"])
def test_a_folder_without_the_right_to_read_it_fails_by_its_name(
    folder: Path, unreadable: str, monkeypatch: pytest.MonkeyPatch
):
    names = Path.iterdir

    def refused(path: Path) -> Iterator[Path]:
        if path == Path(unreadable):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return names(path)

    monkeypatch.setattr(Path, "iterdir", refused)
    items = {item.id: item for item in items_from(["news"])}
    assert len(items) == (1 if unreadable == "news" else 7)
    with pytest.raises(
        InputError, match=rf"^{unreadable} cannot be read \(Permission denied\); check its name and rights"
    ):
        items[unreadable].document()


def test_a_folder_gives_every_file_that_can_be_read_and_counts_the_others(folder: Path):
    left_out = LeftOut()
    items = {Path(item.id).relative_to("news").as_posix(): item for item in items_from(["news"], left_out)}
    assert sorted(items) == [
        "a.TXT", "b.html", "c.eml", "d.vtt", "deep/e.md", "deep/f.txt.gz", "g.docx", "notes",
    ]  # fmt: skip
    assert str(left_out) == "6 files left out: 2 .xyz, 1 .png, 1 .tar.gz, 1 hidden, 1 without an ending."
    for name, item in items.items():
        if name != "g.docx":
            assert item.document().text
    with pytest.raises(InputError, match=r"news/g\.docx is a"):
        items["g.docx"].document()
    assert count(["news"]) == 8


def test_nothing_is_said_where_nothing_is_left_out():
    assert str(LeftOut()) == ""


def test_a_folder_of_a_storage_counts_what_it_leaves_out_too():
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/mixed/a.html", formats.PAGE.encode())
    memory.pipe_file("/mixed/b.xyz", b"x")
    try:
        left_out = LeftOut()
        (item,) = items_from(["memory://mixed"], left_out)
        assert item.document().title == "Board and union reach deal"
        assert str(left_out) == "1 file left out: 1 .xyz."
    finally:
        memory.rm("/mixed", recursive=True)


def test_the_command_line_says_what_was_left_out(cli: Cli, folder: Path):  # noqa: F811  # the fixture
    done = cli("batch", folder, "--no-store", "--dry-run")
    assert done.returncode == 5
    assert f"summariser: {folder / 'g.docx'} is a" in done.stderr
    assert "7 documents to summarise, 0 in the store, 1 that cannot be read" in done.stdout
    assert done.stderr.endswith(
        "summariser: 6 files left out: 2 .xyz, 1 .png, 1 .tar.gz, 1 hidden, 1 without an ending.\n"
    )


def test_a_dry_run_names_the_first_three_that_cannot_be_read(cli: Cli, tmp_path: Path):  # noqa: F811  # the fixture
    names = [str(tmp_path / f"{number}.txt") for number in range(5)]
    done = cli("batch", *names, "--no-store", "--dry-run")
    assert done.returncode == 5
    assert done.stderr == "".join(f"summariser: {name} does not exist; check the name.\n" for name in names[:3])


@pytest.mark.parametrize("source", ["news", "news/**/*.*"])
def test_links_that_lead_in_a_circle_give_each_file_once(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    inner = tmp_path / "news" / "sub"
    inner.mkdir(parents=True)
    (inner / "z.txt").write_text(AGREED, "utf-8")
    (inner / "up").symlink_to("..")
    assert [Path(item.id).as_posix() for item in items_from([source])] == ["news/sub/z.txt"]


def test_a_pipe_in_a_folder_is_left_out_and_one_that_is_named_is_read(tmp_path: Path):
    (tmp_path / "a.txt").write_text(AGREED, "utf-8")
    pipes = [tmp_path / "b.txt", tmp_path / "c"]
    for pipe in pipes:
        os.mkfifo(pipe)
    left_out = LeftOut()
    assert [item.id for item in items_from([str(tmp_path)], left_out)] == [str(tmp_path / "a.txt")]
    assert str(left_out) == "2 files left out: 2 special."
    assert [item.id for item in items_from([tmp_path.as_uri()])] == [(tmp_path / "a.txt").as_uri()]
    (item,) = items_from([str(pipes[0])])
    writer = threading.Thread(target=lambda: pipes[0].write_text(AGREED, "utf-8"), daemon=True)
    writer.start()
    assert item.document().text == AGREED
    writer.join()


# ── JSON Lines ───────────────────────────────────────────────────────────────────────────────────


def lines(*texts: str) -> str:
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)


@pytest.mark.parametrize("source", ["a.jsonl{}", "*{}", "@list"])
@pytest.mark.parametrize(
    ("ending", "packed"), [(".gz", formats.packed), (".bz2", bz2.compress), (".XZ", lzma.compress)]
)
def test_compressed_lines_are_read_line_by_line(
    source: str, ending: str, packed: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    source = source.format(ending)
    Path(f"a.jsonl{ending}").write_bytes(packed(lines(AGREED, PLEDGED).encode()))
    Path("list").write_text(f"a.jsonl{ending}\n", "utf-8")
    assert [item.document().text for item in items_from([source])] == [AGREED, PLEDGED]
    assert count([source]) == 2
    for data in (Path(f"a.jsonl{ending}").read_bytes()[:-12], lines(AGREED).encode()):
        Path(f"a.jsonl{ending}").write_bytes(data)
        with pytest.raises(InputError, match=r"a\.jsonl\.\w+ is damaged or cut short"):
            list(items_from([source]))[-1].document()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_lines_are_read_in_every_unicode_encoding(encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("docs.jsonl").write_bytes(lines(*WORDS.values()).encode(encoding))
    items = list(items_from(["docs.jsonl"]))
    assert [item.document().text for item in items] == list(WORDS.values())
    assert [item.id for item in items] == [f"docs.jsonl:{n}" for n in range(1, len(WORDS) + 1)]


def test_a_line_in_another_encoding_is_read_and_the_guess_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("docs.jsonl").write_bytes(lines(WORDS["fr"]).encode("cp1252") + lines(WORDS["en"]).encode())
    old, new = (item.document() for item in items_from(["docs.jsonl"]))
    assert (old.text, new.text) == (WORDS["fr"], WORDS["en"])
    assert (old.notes, new.notes) == ((("encoding_guessed", "The encoding was guessed to be Windows-1252."),), ())


def test_a_line_that_cannot_be_decoded_fails_with_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    bad = b'{"text": "' + bytes(range(128, 256)) * 2 + b'"}\n'
    Path("docs.jsonl").write_bytes(lines("One.").encode() + bad)
    right, wrong = items_from(["docs.jsonl"])
    assert right.document().text == "One."
    with pytest.raises(InputError, match=r"docs\.jsonl:2 cannot be decoded"):
        wrong.document()


def test_standard_input_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch):
    data = io.BytesIO(lines(WORDS["ru"]).encode("utf-16"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(data, encoding="ascii"))
    (item,) = items_from(["-"])
    assert (item.id, item.document().text) == ("standard input:1", WORDS["ru"])


def test_the_text_of_a_line_may_be_called_content_or_body(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("docs.jsonl").write_text(json.dumps({"content": AGREED}) + "\n" + json.dumps({"body": PLEDGED}), "utf-8")
    assert [item.document().text for item in items_from(["docs.jsonl"])] == [AGREED, PLEDGED]


@pytest.mark.parametrize(
    "written",
    [
        "[\n{a},\n{b}\n]\n",
        "[{a},\n{b}]\n",
        "[ {a},\n  {b}\n ]",
        "[\r\n\t{a},\r\n\t{b},\r\n],\r\n",
        "\x1e{a}\n\x1e{b}\n",
        "{a},\n{b},\n",
        "{a}\n\n{b}",
        "\ufeff[\n{a},\n{b}\n]",
    ],
)
def test_a_list_with_an_object_a_line_and_a_sequence_are_read(
    written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    first, second = lines(AGREED, PLEDGED).splitlines()
    Path("docs.jsonl").write_text(written.replace("{a}", first).replace("{b}", second), "utf-8", newline="")
    assert [item.document().text for item in items_from(["docs.jsonl"])] == [AGREED, PLEDGED]


@pytest.mark.parametrize("value", [[{"text": AGREED}, {"text": PLEDGED}], {"text": AGREED}, [{"text": AGREED}]])
def test_json_over_several_lines_is_one_failure_that_says_what_to_write(
    value: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("docs.jsonl").write_text(json.dumps(value, indent=2), "utf-8")
    (item,) = items_from(["docs.jsonl"])
    with pytest.raises(InputError, match=r"docs\.jsonl is JSON over several lines; write one JSON object .*jq"):
        item.document()


def test_a_list_on_one_line_is_called_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("docs.jsonl").write_text(json.dumps([{"text": AGREED}]) + "\n" + lines(PLEDGED), "utf-8")
    wrong, right = items_from(["docs.jsonl"])
    assert right.document().text == PLEDGED
    with pytest.raises(InputError, match=r"docs\.jsonl:1 is a list; write one JSON object per line, .*jq"):
        wrong.document()


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "", "content": AGREED},
        {"text": None, "body": AGREED},
        {"text": "  ", "content": None, "body": AGREED},
        {"text": AGREED, "content": PLEDGED},
        {"text": ["a"], "content": AGREED},
    ],
)
def test_the_first_text_of_a_line_that_says_something_counts(
    fields: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("docs.jsonl").write_text(json.dumps(fields), "utf-8")
    assert [item.document().text for item in items_from(["docs.jsonl"])] == [AGREED]


def test_a_list_in_utf_16_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("é.txt").write_text(AGREED, "utf-8")
    Path("list").write_bytes("é.txt\r\n".encode("utf-16"))
    (item,) = items_from(["@list"])
    assert item.document().text == AGREED


@pytest.mark.parametrize("name", ["docs.ndjson", "docs.jsonlines", "docs.NDJSON"])
def test_lines_of_json_have_several_endings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(lines(AGREED, PLEDGED), "utf-8")
    assert [item.document().text for item in items_from([name])] == [AGREED, PLEDGED]
    assert count([name]) == 2


@pytest.mark.parametrize(
    ("id_", "name"),
    [("0", "0"), ("7.5", "7.5"), ("NaN", "docs.jsonl:1"), ("true", "docs.jsonl:1"), ('["a"]', "docs.jsonl:1"),
     ('"\\ud83d"', "?")],
)  # fmt: skip
def test_an_id_is_a_text_or_a_number_and_anything_else_gives_way_to_the_place(
    id_: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("docs.jsonl").write_text(f'{{"id": {id_}, "text": "{AGREED}"}}\n', "utf-8")
    assert [item.id for item in items_from(["docs.jsonl"])] == [name]


def test_lines_of_files_that_were_put_together_and_raw_tabs_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("docs.jsonl").write_bytes(
        lines(AGREED).encode("utf-8-sig") + lines("A\\tB.").replace("\\\\t", "\t").encode("utf-8-sig")
    )
    assert [item.document().text for item in items_from(["docs.jsonl"])] == [AGREED, "A\tB."]


def test_a_number_or_words_behind_a_full_stop_are_no_ending_and_lock_files_are_left_out(tmp_path: Path):
    for name in ("Statement 12.3", "Letter of Dr. Belmar", "~$plan.docx", "a.xyz"):
        (tmp_path / name).write_text(AGREED, "utf-8")
    left_out = LeftOut()
    read_as = [item.path.name for item in items_from([str(tmp_path)], left_out) if item.path]
    assert read_as == ["Letter of Dr. Belmar", "Statement 12.3"]
    assert str(left_out) == "2 files left out: 1 .xyz, 1 hidden."
