"""summariser show, and batches as pages: a summary that was made is rendered again, without asking anybody."""

import json
from pathlib import Path

import pytest

from summariser import Summary, summarise
from summariser.batch.results import Result
from summariser.batch.writers import written
from summariser.errors import ProviderError
from summariser.testing import FakeModel
from tests.program import Ran, run
from tests.test_pipeline import ANSWER, TEXT


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def summary_file(article: Path) -> Path:
    summary = summarise(article, model=FakeModel(ANSWER))
    path = article.with_suffix(".json")
    path.write_text(summary.to_json(), "utf-8")
    return path


def show(folder: Path, *arguments: object, stdin: bytes = b"") -> Ran:
    return run(["show", *arguments], folder=folder, environment={}, stdin=stdin)


@pytest.mark.parametrize(
    ("format", "shown"),
    [
        ("text", "Arlen and Bocia sign harbour treaty"),
        ("json", '"schema_version": 2'),
        ("jsonl", '"schema_version": 2'),
        ("markdown", "# Arlen and Bocia sign harbour treaty"),
        ("html", "<!doctype html>"),
        ("csv", "sentences"),
    ],
)
def test_a_summary_is_shown_in_any_format(summary_file: Path, tmp_path: Path, format: str, shown: str):
    ran = show(tmp_path, summary_file, "--format", format)
    assert (ran.code, ran.err) == (0, "")
    assert shown in ran.out


def test_what_is_shown_as_json_is_what_was_read(summary_file: Path, tmp_path: Path):
    assert json.loads(show(tmp_path, summary_file).out) == json.loads(summary_file.read_text("utf-8"))
    piped = show(tmp_path, "-", stdin=summary_file.read_bytes())
    assert json.loads(piped.out) == json.loads(summary_file.read_text("utf-8"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_json_lines_are_read_in_any_encoding_of_json(summary_file: Path, tmp_path: Path, encoding: str):
    line = json.dumps(json.loads(summary_file.read_text("utf-8")))
    lines = tmp_path / "results.jsonl"
    lines.write_bytes(f"{line}\n{line}\n".encode(encoding))
    assert len(json.loads(show(tmp_path, lines, "--format", "json").out)) == 2
    lines.write_bytes(line.encode("utf-16-be")[:-1])
    assert "is damaged UTF-16" in show(tmp_path, lines).err


def test_the_page_shows_the_article_if_it_has_not_changed(summary_file: Path, article: Path, tmp_path: Path):
    assert "Harbour treaty signed" in show(tmp_path, summary_file, "--format", "html").out
    article.write_text(TEXT + " More.", "utf-8")
    changed = show(tmp_path, summary_file, "--format", "html")
    assert "The article is not at hand" in changed.out
    refused = show(tmp_path, summary_file, "--format", "html", "--document", article)
    assert refused.code == 2 and "made from another text" in refused.err


def test_full_shows_ids_and_parties(summary_file: Path, tmp_path: Path):
    brief, full = (show(tmp_path, summary_file, "--format", "text", *more).out for more in ([], ["--full"]))
    assert "Parties" in full and " C1 " in full
    assert "Parties" not in brief and " C1 " not in brief
    assert "--full" in brief


def test_refused_formats_than_text_and_markdown_are_always_full(summary_file: Path, tmp_path: Path):
    items = [item.id for item in Summary.model_validate_json(summary_file.read_text("utf-8")).items]
    for format in ("json", "jsonl", "html", "csv"):
        usual, full = (show(tmp_path, summary_file, "--format", format, *more).out for more in ([], ["--full"]))
        assert usual == full
        assert items and all(id in usual for id in items)


def test_results_of_a_batch_are_shown_and_failed_ones_are_counted(summary_file: Path, tmp_path: Path):
    lines = tmp_path / "results.jsonl"
    good = {"id": "a", "source": "a", "summary": json.loads(summary_file.read_text("utf-8")), "error": None}
    failed = {"id": "b", "source": "b", "summary": None, "error": {"code": "provider", "message": "down"}}
    lines.write_text("".join(json.dumps(each) + "\n" for each in (good, failed, good)), "utf-8")
    ran = show(tmp_path, lines, "--format", "jsonl")
    assert ran.code == 0 and len(ran.out.splitlines()) == 2
    assert "1 of 3 results have no summary" in ran.err
    page = show(tmp_path, lines, "--format", "html")
    assert page.code == 2 and "one document" in page.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1}', "is no summary (it has no schema_version)"),
        ("", "is no JSON"),
        ("not json", "is no JSON"),
        ('{"schema_version": 2}', "is no summary (document: Field required)"),
        ("[" * 100_000, "is no JSON"),
    ],
)
def test_what_is_no_summary_is_refused_in_one_sentence(tmp_path: Path, content: str, message: str):
    file = tmp_path / "x.json"
    file.write_text(content, "utf-8")
    ran = show(tmp_path, file)
    assert ran.code == 2 and ran.out == ""
    assert message in ran.err and "Traceback" not in ran.err


# ── batches as pages ─────────────────────────────────────────────────────────────────────────────


def test_a_batch_as_html_is_a_folder_of_pages_with_an_index_in_the_order_of_the_input(tmp_path: Path):
    summary = summarise(TEXT, model=FakeModel(ANSWER))
    results = [
        Result(number=1, id="b/second.txt", source="b/second.txt", summary=summary),
        Result(number=0, id="a/<first>.txt", source="a/<first>.txt", summary=summary),
        Result(number=2, id="third", source="third", error=ProviderError("the server is down")),
    ]
    with written(tmp_path / "pages", "html") as writer:
        for result in results:
            writer.write(result)
    names = sorted(path.name for path in (tmp_path / "pages").iterdir())
    assert names == ["00001-first.html", "00002-second.html", "index.html"]
    index = (tmp_path / "pages/index.html").read_text("utf-8")
    assert index.index("a/&lt;first&gt;.txt") < index.index("b/second.txt") < index.index("the server is down")
    assert 'href="00001-first.html"' in index and "1 without a summary" in index
    assert TEXT.split()[0] in (tmp_path / "pages/00001-first.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ([], "HTML pages need a folder"),
        (["--output", "s3://bucket/pages"], "need a folder of this machine"),
        (["--output", "pages.html"], "names a file"),
    ],
)
def test_a_batch_as_html_needs_a_folder(article: Path, tmp_path: Path, output: list[str], message: str):
    ran = run(["batch", article, "--format", "html", *output], folder=tmp_path, environment={})
    assert ran.code == 2 and message in ran.err


def test_a_summary_without_items_is_told_in_one_sentence(tmp_path: Path):
    empty = {**ANSWER, "parties": [], "commitments": [], "reactions": [], "risks": []}
    file = tmp_path / "none.json"
    file.write_text(summarise(TEXT, model=FakeModel(empty)).to_json(), "utf-8")
    for format in ("text", "markdown", "html"):
        shown = show(tmp_path, file, "--format", format).out
        assert "Nothing was found in this text" in shown and "this text.." not in shown


def test_an_empty_file_of_results_is_told_from_one_whose_documents_failed(tmp_path: Path):
    file = tmp_path / "none.jsonl"
    file.write_text("", "utf-8")
    assert "it is empty" in show(tmp_path, file).err
