"""Batches against a provider in a process of its own: killed at random, on a server that fails, two at once."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest

from tests.conftest import ROOT
from tests.program import run
from tests.test_pipeline import TEXT

KILLS = int(os.environ.get("SUMMARISER_TEST_KILLS", "6"))  # `make kills` makes it 50


@contextmanager
def provider(*arguments: str) -> Iterator[str]:
    """A provider, by its address."""
    command = [sys.executable, "-m", "tests.provider", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def stats(address: str) -> dict:
    return httpx2.get(f"{address}/stats", timeout=120, trust_env=False).json()


def wait_for_requests(
    address: str, count: int, running: "subprocess.Popen[str] | None" = None, *, what: str = "requests"
) -> None:
    """Come back once the provider has had so many requests (or calls), or the run has ended; one that hangs fails."""
    for _ in range(5 * 60 * 50):
        if stats(address)[what] >= count or (running is not None and running.poll() is not None):
            return
        time.sleep(0.02)
    raise AssertionError(f"no {count} {what} came")


def children(process: int) -> list[int]:
    """The processes that a process started and that run."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):  # the thread has ended
            found += map(int, task.read_text().split())
    return found


def documents(folder: Path, count: int) -> Path:
    path = folder / "docs.jsonl"
    lines = (json.dumps({"id": str(n), "text": f"{TEXT} It was day {n}."}) for n in range(count))
    path.write_text("\n".join(lines), "utf-8")
    return path


class Command:
    """`summariser batch` in a folder, with a store there, against a provider."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self._environment = {
            **os.environ,
            "OPENAI_BASE_URL": f"{address}/v1",
            "SUMMARISER_MODEL": "openai/x",
            "SUMMARISER_STORE": str(folder / "store.sqlite"),
            "PYTHONPATH": str(ROOT),
        }

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "summariser", "batch", *map(str, arguments)]
        return subprocess.Popen(
            command, cwd=self.folder, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *arguments: object) -> tuple[int, list[dict], str]:
        """Exit code, results and narration of a whole run."""
        code, out, err = run(["batch", *arguments], folder=self.folder, environment=self._environment)
        return code, [json.loads(line) for line in out.splitlines()], err


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_however_often_runs_are_killed_every_document_gets_one_summary_and_nothing_is_paid_twice(
    tmp_path: Path, processes: int
):
    count, at_once, chance = 40 * KILLS, 8, random.Random(7)
    path = documents(tmp_path, count)
    with provider("--latency", "0.05") as address:
        command = Command(tmp_path, address)
        options = ("--concurrency", at_once, "--processes", 2)
        outputs = [tmp_path / f"out{number}.jsonl" for number in range(processes)]
        for _ in range(KILLS):
            running = [command.start(path, *options, "--output", output) for output in outputs]
            for process in running:
                wait_for_requests(address, stats(address)["requests"] + chance.randint(0, 30 // processes), process)
                process.kill()
            for process in running:
                process.communicate()
        running = [command.start(path, *options, "--output", output) for output in outputs]
        said = [process.communicate(timeout=300)[1] for process in running]
        answered = Counter(stats(address)["answered"])
    assert [process.returncode for process in running] == [0] * processes
    for output, told in zip(outputs, said, strict=True):
        results = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
        assert f"{count} of {count} done, 0 failed" in told
        assert sorted(r["id"] for r in results) == sorted(str(n) for n in range(count))
        assert all(r["summary"]["headline"] == "x" for r in results)
    assert len(answered) == count
    again = sum(times - 1 for times in answered.values())
    assert again <= KILLS * processes * (at_once + at_once // 3)  # the documents that were under way at a kill


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists the children of a process")
def test_however_often_worker_processes_are_killed_every_document_gets_one_summary_and_is_paid_once(tmp_path: Path):
    count, chance = 100 * KILLS, random.Random(7)
    path, output, killed = documents(tmp_path, count), tmp_path / "out.jsonl", 0
    with provider("--latency", "0.05") as address:
        options = ("--concurrency", 8, "--processes", 2, "--order", "input", "--output", output)
        process = Command(tmp_path, address).start(path, *options)
        for _ in range(KILLS):
            wait_for_requests(address, stats(address)["requests"] + chance.randint(30, 60), process)
            if process.poll() is None and (workers := children(process.pid)):
                os.kill(chance.choice(workers), signal.SIGKILL)
                killed += 1
        told = process.communicate(timeout=300)[1]
        answered = Counter(stats(address)["answered"])
    assert killed > KILLS // 2
    assert (process.returncode, f"{count} of {count} done, 0 failed" in told) == (0, True)
    assert [json.loads(line)["id"] for line in output.read_text("utf-8").splitlines()] == list(map(str, range(count)))
    assert (len(answered), set(answered.values())) == (count, {1})


def test_two_processes_share_the_work_of_one_store(tmp_path: Path):
    count, path = 40, documents(tmp_path, 40)
    with provider("--latency", "0.05") as address:
        command = Command(tmp_path, address)
        processes = [command.start(path, "--concurrency", 4) for _ in range(2)]
        outputs = [process.communicate(timeout=120)[0] for process in processes]
        answered = stats(address)["answered"]
    assert [process.returncode for process in processes] == [0, 0]
    for output in outputs:
        assert sorted(json.loads(line)["id"] for line in output.splitlines()) == sorted(map(str, range(count)))
    assert set(answered.values()) == {1}
    assert len(answered) == count


def test_one_of_two_processes_killed_leaves_its_work_to_the_other(tmp_path: Path):
    path = documents(tmp_path, 40)
    with provider("--latency", "0.1") as address:
        command = Command(tmp_path, address)
        first, second = (command.start(path, "--concurrency", 4) for _ in range(2))
        wait_for_requests(address, 8, first)
        first.kill()
        first.communicate()
        out, _ = second.communicate(timeout=120)
        answered = stats(address)["answered"]
    assert second.returncode == 0
    assert len(out.splitlines()) == len(answered) == 40
    assert sum(times - 1 for times in answered.values()) <= 5


@pytest.mark.slow
def test_while_the_server_fails_in_many_ways_what_can_be_done_is_done_and_the_rest_is_told_with_its_reason(
    tmp_path: Path,
):
    count, path = 150, documents(tmp_path, 150)
    with provider("--failing", "--seed", "3") as address:
        command = Command(tmp_path, address)
        command._environment["SUMMARISER_TIMEOUT_SECONDS"] = "20"  # after which a request is taken to hang
        code, results, told = command.run(path, "--concurrency", 16)
        counted = stats(address)
        assert sorted(r["id"] for r in results) == sorted(str(n) for n in range(count))
        failed = [r for r in results if r["error"]]
        assert len(failed) <= 0.1 * count
        assert {r["error"]["code"] for r in failed} <= {"RefusedError", "TruncatedError", "InvalidOutputError"}
        assert (code, bool(failed)) == (5, True)
        assert f"{len(failed)} documents failed; the first error: " in told
        tokens = int(re.findall(r"([\d,]+) tokens", told)[-1].replace(",", ""))
        assert tokens == counted["input_tokens"] + counted["output_tokens"]
        again, results, _ = command.run(path, "--concurrency", 16, "--retry-failed")
        still = [r for r in results if r["error"]]
        assert len(still) < len(failed)
        assert again == (5 if still else 0)
        assert all(r["summary"] for r in results if not r["error"])
    assert counted["injected"].keys() >= {"429", "500", "dropped", "no json"}


def test_a_budget_ends_a_run_with_its_own_code_and_a_larger_one_goes_on(tmp_path: Path):
    count, path = 60, documents(tmp_path, 60)
    with provider("--latency", "0.02") as address:
        command = Command(tmp_path, address)
        code, results, told = command.run(path, "--concurrency", 4, "--max-tokens", 4000)
        assert (code, 0 < len(results) < count) == (6, True)
        assert "The budget is reached" in told
        usage = stats(address)
        each = (usage["input_tokens"] + usage["output_tokens"]) / usage["requests"]
        assert usage["input_tokens"] + usage["output_tokens"] <= 4000 + 6 * each
        code, results, _ = command.run(path, "--concurrency", 4)
        assert (code, len(results), set(stats(address)["answered"].values())) == (0, count, {1})


def test_the_first_interrupt_finishes_what_is_under_way(tmp_path: Path):
    path = documents(tmp_path, 4000)
    with provider("--latency", "0.1") as address:
        process = Command(tmp_path, address).start(path, "--concurrency", 4)
        wait_for_requests(address, 8, process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        answered = stats(address)["answered"]
    assert process.returncode == 130
    assert "finishing the requests in progress" in err and "the same command continues the run" in err
    assert len(out.splitlines()) == len(answered) < 4000


def test_the_second_interrupt_waits_for_nothing(tmp_path: Path):
    with provider("--latency", "1000000") as address:
        command = Command(tmp_path, address)
        command._environment["SUMMARISER_TIMEOUT_SECONDS"] = "1000000"
        process = command.start(documents(tmp_path, 40), "--concurrency", 4)
        wait_for_requests(address, 4, process)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert any("press Ctrl-C again" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130


def test_a_log_for_machines_tells_of_every_document_and_holds_no_text_and_no_key(tmp_path: Path):
    path = documents(tmp_path, 5)
    with path.open("a", encoding="utf-8") as lines:
        lines.write('\n{"id": "wrong", "text": ""}')
    with provider() as address:
        command = Command(tmp_path, address)
        command._environment["OPENAI_API_KEY"] = "sk-very-secret"
        code, results, told = command.run(path, "--log-json")
    said = [json.loads(line) for line in told.splitlines()]
    assert (code, len(results)) == (5, 6)
    assert [each["event"] for each in said] == ["document"] * 6 + ["end", "note"]
    documents_told = {each["id"]: each for each in said if each["event"] == "document"}
    assert documents_told["3"]["status"] == "ok" and documents_told["3"]["requests"] == 1
    assert documents_told["wrong"]["error"]["code"] == "InputError"
    assert (said[-2]["done"], said[-2]["failed"], said[-2]["of"]) == (6, 1, 6)
    assert "very-secret" not in told and not any(line in told for line in TEXT.splitlines() if line)


def test_a_dry_run_counts_what_the_store_does_not_have(tmp_path: Path):
    path = documents(tmp_path, 9)
    with provider() as address:
        command = Command(tmp_path, address)
        command.run(path, "--limit", 4)
        before = stats(address)["requests"]
        with command.start(path, tmp_path / "none.txt", "--dry-run") as process:
            out, _ = process.communicate(timeout=120)
        assert "5 documents to summarise, 4 in the store, 1 that cannot be read" in out
        assert "5 requests" in out
        assert stats(address)["requests"] == before
