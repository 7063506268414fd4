"""Readers: files, standard input and strings become Documents, or one clear sentence."""

import io
from datetime import datetime
from pathlib import Path

import pytest

from summariser.documents.document import Document
from summariser.documents.readers import read, read_stdin
from summariser.documents.readers.plain_text import decode
from summariser.errors import InputError

TEXT = "Der Café-Verband sagte „nein“ – und blieb dabei."


@pytest.mark.parametrize(
    ("encoding", "guessed"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_each_known_encoding_is_read_and_a_guess_is_said(encoding, guessed):
    assert decode(TEXT.encode(encoding), source="x") == (TEXT, guessed)


def test_a_guessed_encoding_is_in_the_notes_of_the_document(tmp_path: Path):
    path = tmp_path / "old.txt"
    path.write_bytes(TEXT.encode("cp1252"))
    assert read(path).notes == (("encoding_guessed", "The encoding was guessed to be Windows-1252."),)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 8,
        b"GIF89a\x00\x01\x02\x03\x00\x00" * 20,
        b"\x7fELF\x02\x01\x01" + b"\0" * 60,
        b"\x01\x02\x03a" * 30,
    ],
)
def test_binary_data_is_refused(data):
    with pytest.raises(InputError, match="binary data"):
        decode(data, source="x.bin")


def test_bytes_of_no_known_encoding_are_refused():
    with pytest.raises(InputError, match=r"byte 4 fits neither"):
        decode(b"caf\xe9\x81", source="x")


def test_a_utf16_file_cut_in_half_is_refused():
    with pytest.raises(InputError, match="cannot be decoded"):
        decode("abc".encode("utf-16") + b"\x41", source="x")


def test_a_missing_file_is_one_sentence(tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.txt does not exist; check the name\.$"):
        read(tmp_path / "none.txt")


def test_a_directory_is_one_sentence(tmp_path: Path):
    with pytest.raises(InputError, match="is a directory"):
        read(tmp_path)


def test_an_empty_file_is_one_sentence(tmp_path: Path):
    path = tmp_path / "empty.txt"
    path.touch()
    with pytest.raises(InputError, match="is empty"):
        read(path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match=r"too long \(50,000,000 bytes.*SUMMARISER_MAX_CHARACTERS"):
        read(path, max_characters=2_000_000)


def test_a_long_string_is_refused_by_the_same_limit():
    with pytest.raises(InputError, match="limit is 10"):
        read("a text of more than ten", max_characters=10)


def test_a_string_is_the_text_itself():
    assert read("The council met.").text == "The council met."


def test_a_string_that_names_a_file_is_refused_with_both_cures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("The council met.")
    with pytest.raises(InputError, match=r"'a\.txt' is the name of a file; pass Path\('a\.txt'\).*Document\.from_text"):
        read("a.txt")
    for text in ("a.txt\nand more", "b.txt", "a.txt ", "x" * 10_000, "nul\0"):
        assert read(text).text
    assert read(Path("a.txt")).text == "The council met."


@pytest.mark.parametrize("source", [b"bytes", None, 7, ["a list"]])
def test_a_source_of_another_type_is_one_sentence(source: object):
    with pytest.raises(InputError, match=rf"of the type {type(source).__name__}; pass a text as str, a file as Path"):
        read(source)  # type: ignore[arg-type]  # what a script may do


@pytest.mark.parametrize("published", [datetime(2024, 6, 19), "2024-06-19", 0])  # a day has no zone
def test_a_day_of_another_type_is_one_sentence(published: object):
    with pytest.raises(InputError, match=r"published is of the type \w+; pass a day as datetime\.date"):
        read("The council met.", published=published)  # type: ignore[arg-type]  # what a script may do


def test_a_document_stays_as_it_is():
    made = Document.from_text("The council met.")
    assert read(made) is made


def test_standard_input_is_bytes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Le café.".encode("utf-16"))))
    made = read_stdin()
    assert (made.source, made.text) == ("-", "Le café.")
