"""The store: nothing is paid twice, nothing is lost, and what is wrong with it is said."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from summariser import events, load_settings, summarise
from summariser.documents.document import Document
from summariser.errors import ConfigurationError, ModelError, ProviderError, RefusedError, StoreError
from summariser.models.client import Model
from summariser.prompts import load
from summariser.schema import Summary
from summariser.storage import key_of
from summariser.storage.store import Failure, Store
from summariser.testing import FakeModel, completion
from tests.test_pipeline import ANSWER, TEXT, changed, made

KEY = "k" * 64
CARRIED = {"carried": ["C1", "R1", "K1"], "doubtful": []}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "store.sqlite"


def again(path: Path, *answers: object, text: str = TEXT, **settings: object) -> tuple[Summary, FakeModel]:
    asked = FakeModel(*answers)
    return summarise(text, model=asked, settings=load_settings(store=path, **settings)), asked


@contextmanager
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """The store's file as SQLite sees it; what is done to it is kept."""
    with closing(sqlite3.connect(path)) as connection, connection:
        yield connection


def test_a_text_is_summarised_once(path: Path):
    first, _ = again(path, ANSWER)
    second, asked = again(path)
    assert second == first
    assert asked.requests == []


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": 0.5},
        {"seed": 7},
        {"passage_tokens": 900},
        {"verify": True},
        {"language": "de"},
        {"prompt": "brief@1"},
    ],
)
def test_a_summary_is_kept_under_all_that_determines_it(change: dict[str, object]):
    document, settings = Document.from_text(TEXT), load_settings(**change)
    usual = key_of(document, load("brief@2"), "openai/fake", load_settings())
    assert key_of(document, load("brief@2"), "openai/fake", load_settings(api_key="other", retry_seconds=1)) == usual
    assert key_of(document, load(settings.prompt or "brief@2"), "openai/fake", settings) != usual
    assert key_of(document, load("brief@2"), "openai/other", load_settings()) != usual


def test_an_answer_is_kept_under_its_request_so_that_a_prompt_that_asks_the_same_costs_nothing(path: Path):
    again(path, ANSWER, prompt="brief@2")
    summary, asked = again(path, prompt="brief@1")
    assert (summary.run.prompt, asked.requests) == ("brief@1", [])


def test_another_text_or_day_is_another(path: Path):
    again(path, ANSWER)
    _, asked = again(path, ANSWER, text=f"{TEXT} It rained.")
    assert len(asked.requests) == 1
    _, asked = again(path, ANSWER, text=f"2025-03-01\n\n{TEXT}")
    assert len(asked.requests) == 1


def test_the_same_text_by_another_name_is_the_same_with_its_own_name(path: Path, tmp_path: Path):
    file = tmp_path / "article.txt"
    file.write_text(TEXT, "utf-8")
    again(path, ANSWER)
    asked = FakeModel()
    kept = summarise(file, model=asked, settings=load_settings(store=path))
    assert (kept.document.source, asked.requests) == (str(file), [])


def test_after_a_failure_between_two_calls_only_the_second_is_made_again(path: Path):
    first, asked = again(path, ANSWER, ProviderError("down"), verify=True)
    assert (first.run.status, len(asked.requests)) == ("partial", 2)
    second, asked = again(path, CARRIED, verify=True)
    assert (second.run.status, len(asked.requests)) == ("ok", 1)
    _, asked = again(path, verify=True)
    assert asked.requests == []


def test_answers_that_led_to_none_that_can_be_used_are_not_kept(path: Path):
    for wrong in (RefusedError("no"), completion("no json"), completion("{", finish_reason="length")):
        with pytest.raises(ModelError):
            again(path, *[wrong] * 20, prompt="brief@1")
    _, asked = again(path, ANSWER, prompt="brief@1")
    assert len(asked.requests) == 1


def test_an_answer_that_was_corrected_is_kept_with_what_led_to_it(path: Path):
    again(path, completion("no json"), ANSWER)
    with database(path) as connection:
        connection.execute("DELETE FROM summaries")
    kept, asked = again(path)
    assert (kept.run.requests, asked.requests) == (2, [])


def test_refresh_asks_anew_and_keeps_that(path: Path):
    again(path, ANSWER)
    again(path, changed(headline="Newer"), refresh=True)
    kept, _ = again(path)
    assert kept.headline == "Newer"


def test_a_partial_summary_is_not_kept(path: Path):
    again(path, ANSWER, ProviderError("down"), infer_risks=True)
    _, asked = again(path, {"risks": []}, infer_risks=True)
    assert len(asked.requests) == 1


# ── claims ───────────────────────────────────────────────────────────────────────────────────────


def test_work_that_a_living_process_claimed_is_theirs_until_it_ends(path: Path):
    one, other = Store(path), Store(path)
    assert (one.claim(KEY), other.claim(KEY), one.claim(KEY)) == (True, False, True)
    one.close()
    assert other.claim(KEY)
    other.keep(KEY, made())
    with Store(path) as third:
        assert third.claim(KEY)  # which ended when its summary was kept
    other.close()


def test_a_store_may_be_made_by_several_processes_at_once(tmp_path: Path):
    script = (
        "import sys\nfrom pathlib import Path\nfrom summariser.storage.store import Store\n"
        "for name in sys.stdin:\n    Store(Path(sys.argv[1]) / name.strip()).close()\n    print(flush=True)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [subprocess.Popen(command, text=True, bufsize=1, **pipes) for _ in range(3)]
    for number in range(20):
        for process in processes:
            process.stdin.write(f"{number}.sqlite\n")
        for process in processes:
            process.stdout.readline()
    assert [process.communicate()[1] for process in processes] == [""] * 3


def test_a_claim_ends_with_a_process_that_was_killed(path: Path):
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom summariser.storage.store import Store\n"
        f"store = Store(Path({str(path)!r}))\nprint(store.claim({KEY!r}), flush=True)\ntime.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "True"
        with Store(path) as store:
            assert not store.claim(KEY)
            process.kill()
            process.wait()
            assert store.claim(KEY)


def test_a_failure_is_kept_until_a_summary_is(path: Path):
    with Store(path) as store:
        store.keep_failure(KEY, Failure("RefusedError", "The model refused."))
        assert store.failure(KEY) == ("RefusedError", "The model refused.")
        store.keep(KEY, made())
        assert store.failure(KEY) is None
        assert store.summary(KEY, source="x") is not None


def test_many_threads_write_and_read_at_once(path: Path):
    summary = made()
    with Store(path) as store:

        def work(number: int) -> None:
            for each in range(10):
                store.keep(f"{number}-{each}", summary)
                assert store.summary(f"{number}-{each}", source="text") == summary

        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(store.summary(f"{n}-{e}", source="text") for n in range(8) for e in range(10))


def test_a_store_leaves_no_connection_of_a_thread_that_ended(path: Path):
    """SQLite takes the log beside a file away when the last connection to it closes."""
    log = path.with_name(f"{path.name}-wal")
    with Store(path) as store:
        together = threading.Barrier(4)

        def work(number: int) -> None:
            together.wait(60)
            store.add_batch(str(number), ["key"])

        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert log.exists()
    assert not log.exists()


def test_a_store_that_is_closed_lets_a_thread_finish_its_work_and_begin_none(path: Path):
    begun, go_on = threading.Event(), threading.Event()

    def keys() -> Iterator[str]:
        begun.set()
        go_on.wait(60)
        yield KEY

    store = Store(path)
    working = threading.Thread(target=store.add_batch, args=("token", keys()))
    ending = threading.Thread(target=store.close)
    working.start()
    begun.wait(60)
    ending.start()
    with pytest.raises(StoreError, match="is closed; open it again"):
        while True:
            store.answer(KEY)
    go_on.set()
    working.join()
    ending.join()
    assert not path.with_name(f"{path.name}-wal").exists()
    with Store(path) as later:
        assert later.batch_answer(KEY) is not None


# ── what is wrong is said ────────────────────────────────────────────────────────────────────────


def test_damage_is_said_to_whoever_summarises(path: Path):
    again(path, ANSWER)
    with database(path) as file:
        file.execute("UPDATE summaries SET json = x'00'")
    heard: list[object] = []
    asked = FakeModel()
    summarise(TEXT, model=asked, settings=load_settings(store=path), listener=heard.append)
    assert asked.requests == []  # its answer is whole
    (told,) = [event.message for event in heard if isinstance(event, events.Note)]
    assert told.startswith("1 entry of the store") and "computed again" in told


def test_a_damaged_row_counts_as_none_is_noted_and_the_rest_stays(path: Path):
    with Store(path) as store:
        store.keep(KEY, made())
        store.keep("other", made())
    with database(path) as connection:
        connection.execute("UPDATE summaries SET json = substr(json, 1, 40) WHERE key = ?", (KEY,))
    with Store(path) as store:
        assert store.summary(KEY, source="x") is None
        assert store._database.damaged == [f"summaries {KEY[:12]}"]
        assert store.summary("other", source="x") is not None


@pytest.mark.parametrize(
    "content", [b"this is no database at all, but long enough to be one" * 40, b"SQLite format 3\0"]
)
def test_a_file_that_is_no_store_is_told_and_left_alone(path: Path, content: bytes):
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="name another file in the setting store"):
        Store(path)
    assert path.read_bytes()[: len(content)] == content


def test_a_database_of_another_kind_is_not_written_to(path: Path):
    path.parent.mkdir(parents=True)
    with database(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    with pytest.raises(StoreError, match="a database of another kind"):
        Store(path)


def test_a_store_of_a_newer_version_is_told(path: Path):
    Store(path).close()
    with database(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="made by a newer summariser; update"):
        Store(path)


def test_a_folder_is_no_store(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="is a folder"):
        again(tmp_path, ANSWER)


def test_a_store_leaves_no_owner_behind(path: Path):
    with Store(path) as store:
        store.claim(KEY)
        assert len(list(path.parent.glob("*.owners/[!.]*"))) == 1
    assert list(path.parent.glob("*.owners/[!.]*")) == []


def test_no_key_is_in_the_store(path: Path):
    asked = FakeModel(ANSWER)
    secret = "sk-very-secret-0123456789"
    summarise(TEXT, model=asked, settings=load_settings(store=path, api_key=secret, base_url=f"http://u:{secret}@h/v1"))
    with database(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    everything = b"".join(file.read_bytes() for file in path.parent.rglob("*") if file.is_file())
    assert secret.encode() not in everything


def test_a_model_with_a_store_is_the_callers_to_close(path: Path):
    closed: list[bool] = []
    asked = FakeModel(ANSWER)
    own = Model(name=asked.name, transport=asked.transport, retry_seconds=0, close=lambda: closed.append(True))
    summarise(TEXT, model=own, settings=load_settings(store=path))
    assert closed == []
