"""Documents on a Ray cluster of two nodes: the same results, also with a node killed in the middle."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from summariser import Summary, load_settings, summarise_many
from summariser.batch.cluster import _Foreman, _packed, _unpacked
from summariser.batch.results import IncompleteError, LostError, Result
from summariser.errors import ConfigurationError, ProviderError, RefusedError
from summariser.models.door import Model, Spent
from tests.conftest import ROOT
from tests.test_batch import Server, texts
from tests.test_batch_weather import Command, documents, provider, stats, wait_for_requests
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


def test_the_results_are_the_local_ones_also_with_a_node_killed_in_the_middle(tmp_path: Path):
    count, at_once, path = 60, 8, documents(tmp_path, 60)
    (tmp_path / "here").mkdir()
    with path.open("a", encoding="utf-8") as lines:
        lines.write('\n{"id": "wrong", "text": ""}')
    with provider("--latency", "0.5") as address, cluster() as ray:
        process = OnCluster(tmp_path, address, ray.address).start(path, "--engine", "ray", "--concurrency", at_once)
        wait_for_requests(address, 10)
        ray.kill()
        out, told = process.communicate(timeout=300)
        answered = Counter(stats(address)["answered"])
        code, here, _ = Command(tmp_path / "here", address).run(path)
        again, kept, _ = Command(tmp_path, address).run(path)  # from the store that the driver filled
    there = [json.loads(line) for line in out.splitlines()]
    assert (process.returncode, code, again) == (5, 5, 5), told
    assert "2 workers of a Ray cluster of 2 nodes" in told
    assert by_id(there) == by_id(here) == by_id(kept)
    assert len(there) == count + 1
    assert sum(times - 1 for times in answered.values()) <= at_once  # what was under way on the node that was lost


def test_a_budget_ends_a_run_on_a_cluster(tmp_path: Path):
    path = documents(tmp_path, 80)
    with provider("--latency", "0.2") as address, cluster() as ray:
        command = OnCluster(tmp_path, address, ray.address)
        code, results, told = command.run(path, "--engine", "ray", "--concurrency", 4, "--max-tokens", 1500)
        spent = stats(address)
    assert (code, 0 < len(results) < 80) == (6, True), told
    assert len(results) == spent["requests"]
    each = (spent["input_tokens"] + spent["output_tokens"]) / spent["requests"]
    assert spent["input_tokens"] + spent["output_tokens"] <= 1500 + 3 * 4 * each


def test_a_document_whose_workers_are_lost_is_begun_twice_at_most():
    foreman = _Foreman()
    assert [foreman.begin(7) for _ in range(3)] == ["make", "make", "lost"]
    foreman.dismiss()
    assert foreman.begin(8) == "leave"


@pytest.mark.parametrize(
    "error",
    [
        None,
        RefusedError("The model refused."),
        ProviderError("The server failed.", status=503),
        IncompleteError("A call failed."),
        LostError("Lost."),
    ],
)
def test_a_result_comes_back_from_a_worker_as_it_was(error: Exception | None):
    (made,) = summarise_many(texts(1), model=Server().model, settings=load_settings())
    sent = Result(number=0, id="a", source="b", summary=made.summary, error=error)
    back, spent, ends = _unpacked(
        _packed(sent, Spent(requests=2, output_tokens=7), ends=True), Result(number=0, id="a", source="b")
    )
    assert (back.summary, str(back.error), type(back.error)) == (sent.summary, str(error), type(error))
    assert getattr(back.error, "status", None) == getattr(error, "status", None)
    assert (spent, ends) == (Spent(requests=2, output_tokens=7), True)


def test_an_open_model_cannot_be_sent_to_a_cluster():
    model: Model = Server().model
    with pytest.raises(ConfigurationError, match="give its name"):
        next(summarise_many(texts(1), model=model, engine="ray"))


def test_workers_are_for_a_cluster_alone(tmp_path: Path):
    code, _, told = Command(tmp_path, "http://127.0.0.1:9").run(documents(tmp_path, 1), "--workers", 3)
    assert (code, "Only the engine ray has workers" in told) == (2, True)
