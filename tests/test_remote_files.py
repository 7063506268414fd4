"""Documents from, and results to, addresses of shared or object storage."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from summariser import summarise_many
from summariser.batch import Item, count, items_from
from summariser.batch.remote_files import require_storage
from summariser.batch.writers import written
from summariser.errors import ConfigurationError, InputError
from tests.test_batch import Server, texts
from tests.test_killed_batches import Command, provider
from tests.test_pipeline import TEXT


@pytest.fixture
def bucket() -> Iterator[str]:
    """A bucket with some news in it."""
    memory = fsspec.filesystem("memory")
    lines = "\n".join(json.dumps({"id": str(n), "text": f"{TEXT} {n}"}) for n in range(3))
    files = {"a.txt": TEXT, "deep/b.md": TEXT, "c.png": "", "docs.jsonl": lines, "list": "memory://bucket/a.txt\n"}
    for name, text in files.items():
        memory.pipe_file(f"/bucket/{name}", text.encode())
    yield "memory://bucket"
    memory.rm("/bucket", recursive=True)


def test_folders_patterns_files_lists_and_lines_at_an_address_are_sources(bucket: str):
    sources = [bucket, f"{bucket}/*.txt", f"{bucket}/a.txt", f"@{bucket}/list", f"{bucket}/docs.jsonl"]
    items = list(items_from(sources))
    assert [item.id.replace("memory:///", "memory://") for item in items] == [
        f"{bucket}/a.txt", f"{bucket}/deep/b.md", f"{bucket}/a.txt", f"{bucket}/a.txt", f"{bucket}/a.txt",
        "0", "1", "2",
    ]  # fmt: skip
    assert [item.document().text.count("Arlen") > 0 for item in items] == [True] * 8
    assert items[0].document().source == items[0].id
    assert (count(sources[:4]), count(sources)) == (5, None)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("none.txt", "there is no such file"),
        ("none.jsonl", "there is no such file"),
        ("none/*.txt", "no text files at"),
    ],
)
def test_what_is_not_there_is_one_failure_that_names_it(bucket: str, name: str, told: str):
    (item,) = items_from([f"{bucket}/{name}"])
    with pytest.raises(InputError, match=told):
        item.document()


def test_a_kind_of_storage_that_is_not_installed_or_known_is_named():
    for address in ("nowhere://x/a.txt", "nowhere://x/a.jsonl"):
        (item,) = items_from([address])
        with pytest.raises(InputError, match="nowhere"):
            item.document()
    with pytest.raises(ConfigurationError, match="give another address as the argument output"):
        require_storage("nowhere://x/out.jsonl")


def test_a_text_at_an_address_that_is_too_long_is_refused_before_all_of_it_is_read(bucket: str):
    with pytest.raises(InputError, match="too long"):
        Item(id="a", address=f"{bucket}/a.txt").document(max_characters=10)


def test_results_appear_whole_at_an_address(bucket: str):
    memory = fsspec.filesystem("memory")
    with written(f"{bucket}/out.jsonl", "jsonl") as writer:
        for result in summarise_many(texts(3), model=Server().model):
            writer.write(result)
        assert not memory.exists("/bucket/out.jsonl")
    assert len(memory.cat_file("/bucket/out.jsonl").splitlines()) == 3
    assert not memory.exists("/bucket/out.jsonl.partial")


def test_an_address_that_cannot_be_written_says_that_the_work_is_kept(bucket: str, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise PermissionError("no")

    monkeypatch.setattr(type(fsspec.filesystem("memory")), "put_file", broken)
    with pytest.raises(ConfigurationError, match="results in the store are kept"), written(f"{bucket}/out.csv", "csv"):
        pass


def test_the_command_reads_and_writes_addresses(tmp_path: Path):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(TEXT, "utf-8")
    with provider() as address:
        command = Command(tmp_path, address)
        code, _, told = command.run(f"file://{tmp_path}/news", "--output", f"file://{tmp_path}/out.csv")
    assert code == 0, told
    assert f"file://{tmp_path}/news/a.txt" in (tmp_path / "out.csv").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file() and "store" not in path.name) == [
        "out.csv"
    ]


@pytest.mark.parametrize("where", ["file://{}/folder", "file://{}/none/out.jsonl"])
def test_an_address_at_which_no_file_can_be_is_refused_before_any_work(tmp_path: Path, where: str):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigurationError, match="give another address as the argument output"):
        require_storage(where.format(tmp_path))


def test_a_folder_that_goes_away_is_one_sentence(tmp_path: Path):
    folder = tmp_path / "gone"
    folder.mkdir()
    with pytest.raises(ConfigurationError, match="results in the store are kept"):
        with written(folder / "out.jsonl", "jsonl"):
            shutil.rmtree(folder)
