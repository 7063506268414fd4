"""Worker processes: what they call, what happens when one is lost, and that none outlives its parent."""

import asyncio
import hashlib
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from summariser import asummarise_many, load_settings, summarise_many
from summariser.batch import local
from summariser.batch.budget import Budget
from summariser.batch.local import Batch, processes_for
from summariser.batch.sources import Item
from summariser.concurrency import run_now
from summariser.documents.document import Document
from summariser.errors import LostError
from summariser.models.client import Model
from summariser.pipeline import Session
from summariser.processes import Processes
from summariser.schema import Summary
from summariser.testing import FakeModel, completion
from tests.benchmarks.recorded_server import answers, text_of
from tests.conftest import ROOT
from tests.test_batch import texts
from tests.test_killed_batches import Command, children, documents, provider, wait_for_requests
from tests.test_pipeline import ANSWER, TEXT

LONG = 120  # seconds after which a test that hangs fails
PROC = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists the children of a process")


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    with closing(Processes(2, modules=["summariser.pipeline"])) as found:
        assert found.ready.wait(LONG)
        yield found


def call(processes: Processes, function: Any, *arguments: object, **named: object) -> object:
    return run_now(processes.call(function, *arguments, **named))


def wait_until_ended(numbers: list[int]) -> None:
    """Come back once none of these processes runs; one that does not end fails."""
    for _ in range(50 * LONG):
        if not any(Path(f"/proc/{number}").exists() for number in numbers):
            return
        time.sleep(0.02)
    raise AssertionError(f"of the processes {numbers} some still run")


# ── calls ────────────────────────────────────────────────────────────────────────────────────────


def test_a_function_is_called_in_another_process(processes: Processes):
    assert call(processes, os.getpid) not in (os.getpid(), None)
    assert call(processes, int, "ff", base=16) == 255


def test_an_error_is_raised_here_with_its_own_traceback(processes: Processes):
    with pytest.raises(ValueError, match="math domain error"):
        call(processes, math.sqrt, -1)


def test_what_cannot_be_sent_is_done_here(processes: Processes):
    class Own(str):
        pass

    assert type(call(processes, max, [Own("b"), "a"])) is Own


def test_what_a_function_prints_or_reads_does_not_meet_the_pipes(processes: Processes):
    assert call(processes, os.write, 1, b"a line\n") == 7
    assert call(processes, os.read, 0, 1) == b""


def kill_own_process(marker: Path) -> str:
    """End this process without a word, but only the first time."""
    if marker.exists():
        return "done"
    marker.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("never comes here")


def test_a_call_whose_worker_is_lost_is_made_once_more(processes: Processes, tmp_path: Path):
    assert call(processes, kill_own_process, tmp_path / "marker") == "done"


def test_a_call_that_loses_two_workers_fails_and_the_next_one_has_a_worker(processes: Processes):
    with pytest.raises(LostError, match="Two worker processes with this document were lost"):
        call(processes, os._exit, 1)
    assert call(processes, os.getpid) != os.getpid()


def test_if_every_worker_is_lost_the_work_is_done_here():
    with closing(Processes(1)) as processes:
        assert processes.ready.wait(LONG)
        for _ in range(3):
            with pytest.raises(LostError):
                call(processes, os._exit, 1)
        assert call(processes, os.getpid) == os.getpid()


def test_if_no_worker_can_start_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with closing(Processes(2)) as processes:
        assert call(processes, os.getpid) == os.getpid()
        assert not processes.ready.is_set()


@pytest.mark.parametrize("executable", ["/opt/summaries", "", None])
def test_a_frozen_program_and_one_that_embeds_python_start_none(monkeypatch: pytest.MonkeyPatch, executable: str):
    session = Session(model=FakeModel(), settings=load_settings(processes=3))
    assert processes_for(16, session) == 3
    monkeypatch.setattr(sys, "executable", executable)
    assert processes_for(16, session) == 0


def test_by_default_there_is_one_a_core_and_none_for_one_document_at_a_time_one_core_or_a_local_model(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delenv("SUMMARISER_PROCESSES")
    remote, local_model = (Session(model=FakeModel(name=f"{by}/x"), settings=load_settings()) for by in ("y", "local"))
    monkeypatch.setattr(local, "usable_cores", lambda: 6)
    assert [processes_for(count, remote) for count in (1, 4, 16)] == [0, 4, 6]
    assert processes_for(16, local_model) == 0
    monkeypatch.setattr(local, "usable_cores", lambda: 1)
    assert processes_for(16, remote) == 0


def test_by_default_they_start_once_more_than_eight_documents_with_some_text_have_come(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SUMMARISER_PROCESSES")
    monkeypatch.setattr(local, "usable_cores", lambda: 2)
    long = f"{TEXT} " * 30
    begun: list[tuple[int, bool]] = []
    session = Session(model=FakeModel(lambda wire: ANSWER), settings=load_settings())
    few, many = ([Item(id=str(n), text=f"{text} {n}") for n in range(12)] for text in ("Arlen signed.", long))
    for items in (few, many):
        found = Batch(items=items, session=session, budget=Budget("x/y"), concurrency=2)
        with closing(found.run()) as results:
            for _ in results:
                begun.append((found._begun, found._processes is not None))
    assert len(begun) == 24 and begun[-1] == (12, True)
    assert not any(started for count, started in begun[:12])
    assert not any(started for count, started in begun[12:] if count <= 8)


# ── documents ────────────────────────────────────────────────────────────────────────────────────


def plain(summary: Summary) -> str:
    """A Summary as JSON, without the time that it took."""
    return summary.model_copy(update={"run": summary.run.model_copy(update={"seconds": 0.0})}).to_json()


def recorded(prompt: str) -> list[tuple[str, Model]]:
    """The texts of the suite, each with a model that gives the recorded answer."""
    found = []
    for case, answer in answers(prompt).items():
        said = completion(answer)
        model = Model(name="openai/claude", transport=lambda wire, listener, said=said: said, verified=False)
        found.append((text_of(case), model))
    return found


@pytest.mark.parametrize("prompt", ["brief@2", "brief@3"])
def test_the_recorded_answers_give_the_same_bytes_with_and_without_worker_processes(processes: Processes, prompt: str):
    session = Session(prompt=prompt, model=FakeModel(), settings=load_settings())
    for text, model in recorded(prompt):
        document = Document.from_text(text)
        alone = run_now(session.make(document, model, id="x"))
        read = call(processes, Document.from_text, text)
        assert read == document
        shared = run_now(session.make(read, model.changed(compute=processes.call), id="x"))
        assert plain(shared) == plain(alone)


@pytest.mark.slow
@pytest.mark.parametrize("prompt", ["brief@2", "brief@3"])
def test_the_recorded_answers_give_the_same_bytes_in_whatever_order_sets_are(prompt: str):
    script = f"from tests.test_processes import digests_of; digests_of({prompt!r})"
    ways = [
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout.splitlines()
        for seed in ("1", "2", "3", "4")
    ]
    assert len(ways[0]) > 20
    assert all(way == ways[0] for way in ways)


def digests_of(prompt: str) -> None:
    """Print the digest of the Summary of each recorded answer to a prompt."""
    session = Session(prompt=prompt, model=FakeModel(), settings=load_settings())
    for text, model in recorded(prompt):
        found = run_now(session.make(Document.from_text(text), model, id="x"))
        sys.stdout.write(f"{hashlib.sha256(plain(found).encode()).hexdigest()}\n")


def batch(model: Model, count: int, **fields: Any) -> Batch:
    session = Session(model=model, settings=load_settings(processes=2))
    items = [Item(id=str(n), text=text) for n, text in enumerate(texts(count))]
    return Batch(items=items, session=session, budget=Budget("x/y"), concurrency=4, **fields)


class Ready:
    """A FakeModel's answers, given once the batch's workers are ready; at some of them it acts."""

    def __init__(self, *acts_at: int) -> None:
        self.model = FakeModel(self._answer)
        self.batch: Batch | None = None
        self.acts_at, self.asked = acts_at, 0

    def _answer(self, wire: object) -> object:
        self.asked += 1
        assert self.batch is not None and self.batch._processes is not None
        assert self.batch._processes.ready.wait(LONG)
        if self.asked in self.acts_at:
            os.kill(next(iter(self.batch._processes._workers))._process.pid, signal.SIGKILL)
        return ANSWER


def test_a_worker_killed_in_the_middle_of_a_run_loses_nothing_and_does_nothing_twice():
    ready = Ready(10, 11, 20)
    ready.batch = batch(ready.model, 40, order="input")
    with ready.batch.session:
        results = list(ready.batch.run())
    with batch(FakeModel(lambda wire: ANSWER), 40, order="input").session as session:
        alone = [run_now(session.make(Document.from_text(t), FakeModel(ANSWER), id="x")) for t in texts(40)]
    assert ready.asked == 40
    assert [result.number for result in results] == list(range(40))
    assert [plain(result.summary) for result in results if result.summary] == [
        plain(summary.model_copy(update={"document": result.summary.document}))
        for summary, result in zip(alone, results, strict=True)
        if result.summary
    ]


def test_events_keep_their_order_with_worker_processes():
    ready, told = Ready(), list[tuple[str | None, str]]()
    session = Session(
        model=ready.model,
        prompt="brief",
        settings=load_settings(processes=2),
        listener=lambda event: told.append((event.document, event.stage)),
    )
    items = [Item(id=str(n), text=text) for n, text in enumerate(texts(12))]
    ready.batch = Batch(items=items, session=session, budget=Budget("x/y"), concurrency=4)
    with session:
        assert not any(result.failed for result in ready.batch.run())
    for number in range(12):
        assert [stage for document, stage in told if document == str(number)] == ["asking"]


def test_a_file_that_cannot_be_read_is_named_as_the_caller_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for number in range(30):
        Path(f"{number}.txt").write_text(f"{TEXT} It was day {number}.", "utf-8")
    Path("29.txt").write_text(" ", "utf-8")
    ready = Ready()
    session = Session(model=ready.model, settings=load_settings(processes=1))
    items = [Item(id=f"{n}.txt", path=Path(f"{n}.txt")) for n in range(30)]
    ready.batch = Batch(items=items, session=session, budget=Budget("x/y"), concurrency=2)
    with session:
        results = {result.id: result for result in ready.batch.run()}
    assert str(results.pop("29.txt").error) == "29.txt is empty: there is nothing to summarise."
    assert {name: result.summary.document.source for name, result in results.items() if result.summary} == {
        name: name for name in results
    }


def test_an_event_loop_has_worker_processes_as_well():
    async def main() -> list[str]:
        model = FakeModel(lambda wire: ANSWER)
        found = asummarise_many(list(texts(40)), model=model, settings=load_settings(processes=2), concurrency=4)
        return [plain(result.summary) async for result in found if result.summary]

    assert len(asyncio.run(main())) == 40


# ── whole programs ───────────────────────────────────────────────────────────────────────────────

SCRIPT = f"""
with open("runs.txt", "a") as runs:
    runs.write("x")
from summariser import load_settings, summarise_many
from summariser.batch import local
from summariser.testing import FakeModel

started = []

class Noted(local.Processes):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        started.append(self)

local.Processes = Noted

def answer(wire):
    assert started[0].ready.wait({LONG})
    return {ANSWER!r}

texts = [{TEXT!r} + str(number) for number in range(40)]
results = summarise_many(texts, model=FakeModel(answer), settings=load_settings(processes=2))
print(sum(result.status == "ok" for result in results))
"""


@pytest.mark.parametrize("by", ["file", "argument", "standard input"])
def test_a_script_without_a_guard_of_its_main_module_runs_once(tmp_path: Path, by: str):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, "utf-8")
    arguments = {"file": [str(path)], "argument": ["-c", SCRIPT], "standard input": ["-"]}[by]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *arguments],
        input=SCRIPT,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "40\n", "")
    assert (tmp_path / "runs.txt").read_text() == "x"


class Running:
    """`summariser batch` with two worker processes, once they run."""

    def __init__(self, folder: Path, address: str) -> None:
        command = Command(folder, address)
        command._environment["SUMMARISER_TIMEOUT_SECONDS"] = "1000000"
        self.process = command.start(documents(folder, 4000), "--concurrency", 4, "--processes", 2)
        wait_for_requests(address, 8, self.process)
        self.workers = children(self.process.pid)


@PROC
@pytest.mark.parametrize("interrupts", [1, 2])
def test_an_interrupt_leaves_no_process_behind(tmp_path: Path, interrupts: int):
    with provider("--latency", "0.1") as address:
        running = Running(tmp_path, address)
        assert len(running.workers) == 2
        running.process.send_signal(signal.SIGINT)
        if interrupts == 2:
            assert running.process.stderr is not None
            assert any("press Ctrl-C again" in line for line in running.process.stderr)
            running.process.send_signal(signal.SIGINT)
        running.process.communicate(timeout=LONG)
    assert running.process.returncode == 130
    wait_until_ended(running.workers)


@PROC
def test_a_killed_program_leaves_no_process_behind(tmp_path: Path):
    with provider("--latency", "0.1") as address:
        running = Running(tmp_path, address)
        assert len(running.workers) == 2
        running.process.kill()
        running.process.communicate(timeout=LONG)
    wait_until_ended(running.workers)


@PROC
def test_leaving_the_iterator_early_ends_the_workers():
    found = summarise_many(texts(400), model=FakeModel(lambda wire: ANSWER), settings=load_settings(processes=2))
    before = set(children(os.getpid()))
    next(found)
    workers = set(children(os.getpid())) - before
    assert workers
    found.close()
    wait_until_ended([*workers])
