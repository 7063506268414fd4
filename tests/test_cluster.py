"""Documents on a Ray cluster of two nodes: the same results, also with a node killed in the middle."""

import json
import os
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from summariser import Settings, Summary, load_settings, prompts, summarise_many
from summariser.batch import Budget, Item
from summariser.batch import ray as ray_engine
from summariser.batch.jobs import FailureLimit
from summariser.batch.ray import ClusterBatch, Worker, _Coordinator, _packed, _unpacked
from summariser.batch.results import Result
from summariser.errors import ClusterError, ConfigurationError, IncompleteError, LostError, ProviderError, RefusedError
from summariser.models.client import Model
from summariser.models.usage import Usage
from summariser.pipeline import Session
from summariser.storage.store import Store
from tests.conftest import ROOT
from tests.loopback import closed_port
from tests.test_batch import Server, texts
from tests.test_killed_batches import Command, documents, provider, stats, wait_for_requests
from tests.test_pipeline import TEXT
from tests.test_provider_batch import said


class Cluster:
    """A cluster, by its address; `kill` kills one of its nodes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        assert process.stdout is not None
        self.address = process.stdout.readline().strip()

    def kill(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "killed\n"


@contextmanager
def cluster() -> Iterator[Cluster]:
    pytest.importorskip("ray")
    command = [sys.executable, "-m", "tests.ray_cluster"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
        yield Cluster(process)
        process.stdin.close()


class OnCluster(Command):
    """A Command whose work is done by a cluster."""

    def __init__(self, folder: Path, address: str, ray: str) -> None:
        super().__init__(folder, address)
        self._environment |= {"RAY_ADDRESS": ray}


def by_id(results: list[dict]) -> dict[str, object]:
    return {r["id"]: said(Summary.model_validate(r["summary"])) if r["summary"] else r["error"] for r in results}


@pytest.mark.slow
def test_the_results_are_the_local_ones_also_with_a_node_killed_in_the_middle(tmp_path: Path):
    count, at_once, path = 60, 8, documents(tmp_path, 60)
    (tmp_path / "here").mkdir()
    with path.open("a", encoding="utf-8") as lines:
        lines.write('\n{"id": "wrong", "text": ""}')
    with provider("--latency", "0.5") as address, cluster() as ray:
        process = OnCluster(tmp_path, address, ray.address).start(path, "--engine", "ray", "--concurrency", at_once)
        wait_for_requests(address, 10, process)
        ray.kill()
        out, told = process.communicate(timeout=300)
        answered = Counter(stats(address)["answered"])
        code, here, _ = Command(tmp_path / "here", address).run(path)
        again, kept, _ = Command(tmp_path, address).run(path)  # from the store that the driver filled
    there = [json.loads(line) for line in out.splitlines()]
    assert (process.returncode, code, again) == (5, 5, 5), told
    assert "2 workers on a Ray cluster of 2 nodes" in told
    assert by_id(there) == by_id(here) == by_id(kept)
    assert len(there) == count + 1
    assert sum(times - 1 for times in answered.values()) <= at_once  # what was under way on the node that was lost


@pytest.mark.slow
def test_a_budget_ends_a_run_on_a_cluster(tmp_path: Path):
    path = documents(tmp_path, 80)
    with provider("--latency", "0.2") as address, cluster() as ray:
        command = OnCluster(tmp_path, address, ray.address)
        code, results, told = command.run(path, "--engine", "ray", "--concurrency", 4, "--max-tokens", 1500)
        usage = stats(address)
    assert (code, 0 < len(results) < 80) == (6, True), told
    assert len(results) == usage["requests"]
    each = (usage["input_tokens"] + usage["output_tokens"]) / usage["requests"]
    assert usage["input_tokens"] + usage["output_tokens"] <= 1500 + 3 * 4 * each


CLOSED_EARLY = """
import sys
from pathlib import Path
from summariser import load_settings, summarise_many
from tests.test_batch import texts

settings = load_settings(model="openai/x", store=Path(sys.argv[1]))
for result in summarise_many(texts(60), engine="ray", concurrency=8, settings=settings):
    break
"""


def test_of_a_run_on_a_cluster_that_is_closed_early_every_answer_is_kept(tmp_path: Path):
    with provider("--latency", "0.2") as address, cluster() as ray:
        environment = {**os.environ, "OPENAI_BASE_URL": f"{address}/v1", "RAY_ADDRESS": ray.address}
        command = [sys.executable, "-c", CLOSED_EARLY, str(tmp_path / "s")]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=300)
        paid = stats(address)["requests"]
        again = list(summarise_many(texts(60), settings=settings_of(tmp_path, address)))
        total = stats(address)["requests"]
    assert 0 < paid < 60
    assert sum(result.kept for result in again) == paid
    assert total == 60


def settings_of(folder: Path, address: str) -> Settings:
    return load_settings(model="openai/x", store=folder / "s", base_url=f"{address}/v1")


def test_a_document_whose_workers_are_lost_is_begun_twice_at_most():
    coordinator = _Coordinator()
    assert [coordinator.begin(7) for _ in range(3)] == ["make", "make", "lost"]
    coordinator.dismiss()
    assert coordinator.begin(8) == "leave"


@pytest.mark.parametrize(
    "error",
    [
        None,
        RefusedError("The model refused."),
        ProviderError("The server failed.", status=503),
        IncompleteError("A call failed."),
        IncompleteError("A call failed.", by_provider=True),
        LostError("Lost."),
    ],
)
def test_a_result_comes_back_from_a_worker_as_it_was(error: Exception | None):
    (made,) = summarise_many(texts(1), model=Server().model, settings=load_settings())
    sent = Result(number=0, id="a", source="b", summary=made.summary, error=error)
    back, usage, ends = _unpacked(
        _packed(sent, Usage(requests=2, output_tokens=7), ends=True), Result(number=0, id="a", source="b")
    )
    assert (back.summary, str(back.error), type(back.error)) == (sent.summary, str(error), type(error))
    for name in ("status", "retry_after", "by_provider"):
        assert getattr(back.error, name, None) == getattr(error, name, None)
    assert (usage, ends) == (Usage(requests=2, output_tokens=7), True)


def test_an_open_model_cannot_be_sent_to_a_cluster():
    model: Model = Server().model
    with pytest.raises(ConfigurationError, match="give its name"):
        next(summarise_many(texts(1), model=model, engine="ray"))


def test_workers_are_for_a_cluster_alone(tmp_path: Path):
    code, _, told = Command(tmp_path, "http://127.0.0.1:9").run(documents(tmp_path, 1), "--workers", 3)
    assert (code, "Only the engine ray has workers" in told) == (2, True)


def engine(path: Path, items: list[Item], **more: object) -> ClusterBatch:
    session = Session(settings=load_settings(store=path, model="openai/x", base_url="http://127.0.0.1:9/v1"))
    return ClusterBatch(items=items, session=session, budget=Budget("openai/x"), **more)


def test_a_text_that_comes_more_often_than_a_window_holds_is_done_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ray_engine, "_WINDOW", 4)
    (made,) = summarise_many([TEXT], model=Server().model, settings=load_settings())
    job = engine(tmp_path / "s", [Item(id=str(n), text=TEXT) for n in range(20)])
    done = []
    with job.session:
        while (window := job._window()) or job._postponed:
            for each in window:
                done.append(
                    each if isinstance(each, Result) else job._jobs.end(each, replace(made, number=each.result.number))
                )
        job._postponed.close()
    assert sorted(result.number for result in done) == list(range(20))


def test_what_would_meet_every_document_ends_a_run_and_is_kept_as_no_documents_failure(tmp_path: Path):
    job = engine(tmp_path / "s", [Item(id="0", text=TEXT)])
    with job.session:
        (begun,) = job._window()
        wrong = replace(begun.result, error=ConfigurationError("No key; set one."))
        rows = iter([(0, _packed(wrong, Usage(), ends=True))])
        assert list(job._done(rows, FailureLimit(4), lambda: None)) == []
        assert isinstance(job._fatal, ConfigurationError)
        assert job.session.store.failure(begun.key) is None
        with Store(tmp_path / "s") as other:
            assert other.claim(begun.key)


def test_closing_a_run_dismisses_the_workers_and_keeps_what_they_still_bring(tmp_path: Path):
    (made,) = summarise_many([TEXT], model=Server().model, settings=load_settings())
    job = engine(tmp_path / "s", [Item(id=str(n), text=text) for n, text in enumerate(texts(4))])
    dismissed: list[bool] = []

    def rows() -> Iterator[tuple[int, bytes]]:
        done = _packed(made, Usage(output_tokens=5), ends=False)
        yield 0, done
        yield 1, done
        yield 2, b"" if dismissed else done

    with job.session, Store(tmp_path / "s") as other:
        keys = [begun.key for begun in job._window()]
        with job._dropping_open_jobs():  # the last document never comes back
            results = job._done(rows(), FailureLimit(4), lambda: dismissed.append(True))
            assert next(results).number == 0
            assert not dismissed
            results.close()
        assert [other.summary(key, source="x") is not None for key in keys] == [True, True, False, False]
        assert all(other.claim(key) for key in keys)
        assert job.budget.tokens == 10


def test_a_result_by_another_text_of_the_prompt_ends_the_run_and_is_not_kept(tmp_path: Path):
    (made,) = summarise_many([TEXT], model=Server().model, settings=load_settings())
    run = made.summary.run.model_copy(update={"prompt_sha256": "0" * 64})
    other = replace(made, summary=made.summary.model_copy(update={"run": run}))
    job = engine(tmp_path / "s", [Item(id="0", text=TEXT)])
    with job.session:
        (begun,) = job._window()
        rows = iter([(0, _packed(other, Usage(), ends=False))])
        assert list(job._done(rows, FailureLimit(4), lambda: None)) == []
        assert job.session.store.summary(begun.key, source="x") is None
    with pytest.raises(ClusterError, match=f"a different text of the prompt {run.prompt}"):
        raise job._fatal


def test_workers_get_the_whole_prompt_that_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "setswitchinterval", lambda seconds: None)  # a worker sets that of its own process
    path = tmp_path / "mine.toml"
    text = prompts.library().path("brief", 1).read_text("utf-8")
    path.write_text(text.replace("version = 1", "version = 77", 1), "utf-8")
    settings = load_settings(model="openai/x", base_url="http://127.0.0.1:9/v1", prompt=str(path))
    job = ClusterBatch(items=[], session=Session(settings=settings), budget=Budget("openai/x"))
    share, _ = job._share(1)
    sent = pickle.loads(pickle.dumps(share))  # noqa: S301
    worker = Worker(sent, None)
    assert worker._session.prompt == prompts.load_file(path)
    assert worker._session.prompt.id == "brief@77"


def test_workers_share_what_may_be_under_way_and_the_rates(tmp_path: Path):
    limits = {"requests_per_minute": 60.0, "tokens_per_minute": 1000.0}
    share, workers = engine(tmp_path / "s", [], concurrency=16, **limits)._share(4)
    assert (share.concurrency, share.requests_per_minute, share.tokens_per_minute, workers) == (4, 15, 250, 4)
    share, workers = engine(tmp_path / "s", [], concurrency=4)._share(10)
    assert (share.concurrency, workers, share.settings.store) == (1, 4, None)


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path):
    pytest.importorskip("ray")
    command = OnCluster(tmp_path, "http://127.0.0.1:9", f"127.0.0.1:{closed_port()}")
    code, _, told = command.run(documents(tmp_path, 1), "--engine", "ray")
    assert (code, "There is no Ray cluster at 127.0.0.1" in told) == (2, True)
