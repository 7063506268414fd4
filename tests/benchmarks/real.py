"""Real work: the suite's articles and the seed, with the answers that a large model gave to them.

The documents stand in the mix of their lengths, each copy with a last line of its own, so that no two are alike. The
answers are those of evals/recordings; the claims are not verified, because no answer to that is recorded.
`python -m tests.benchmarks.real ADDRESS PROMPT COUNT AT_ONCE PROCESSES` is one measured run.
"""

import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import instructor
import openai

from summariser import load_settings, prompts, summarise_many
from summariser.documents import Document
from summariser.schema import Draft
from summariser.schema.response import ResponseSchema
from tests.benchmarks.measuring import Row
from tests.benchmarks.recorded_server import MARK, answers, text_of
from tests.conftest import ROOT
from tests.test_killed_batches import children

_PROMPT = prompts.load("brief").id
_HEAVY = "brief@2"  # its answer to the seed has most items
_SEED = "seed"
_ROUNDS, _COPIES, _AT_ONCE = 3, 60, 16
_COUNT = 1000


class Run(NamedTuple):
    """One run: seconds, CPU seconds of all its processes and of the program alone, peak memory of each in megabytes."""

    seconds: float
    cpu: float
    own_cpu: float
    peak: float
    workers: tuple[float, ...]


def measured() -> Iterator[Row]:
    """CPU of the seed against bare clients, the rate of many documents against what is possible, and memory."""
    for prompt in (_HEAVY, _PROMPT):
        yield from _of_the_seed(prompt)
    for at_once in (64, 256):
        yield from _rates(at_once)
    yield from _memory()


def documents(count: int, *cases: str) -> Iterator[str]:
    """So many texts of these cases in turn; no two are alike."""
    texts = {case: text_of(case) for case in cases or answers(_PROMPT)}
    chosen = islice(cycle(texts.items()), count)
    return (f"{text}\n\n{MARK}{number} of {case}.\n" for number, (case, text) in enumerate(chosen))


@contextmanager
def server(prompt: str, *, latency: float = 0.0) -> Iterator[str]:
    """The server of the recorded answers, by its address."""
    command = [sys.executable, "-m", "tests.benchmarks.recorded_server", prompt, "--latency", str(latency)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def stats(address: str) -> dict[str, float]:
    """What the server answered, and the CPU seconds that it used."""
    found: dict[str, float] = httpx2.get(f"{address}/stats", timeout=120, trust_env=False).json()
    return found


# ── the seed ─────────────────────────────────────────────────────────────────────────────────────


def _of_the_seed(prompt: str) -> Iterator[Row]:
    """CPU of one process a document: ours, instructor's and the bare client's, in turn with the same answer."""
    items = sum(len(part) for part in json.loads(answers(prompt)[_SEED]).values() if isinstance(part, list))
    taken: dict[str, list[float]] = {}
    with server(prompt) as address:
        ways = _ways(address, prompt)
        for _ in range(_ROUNDS):
            for name, way in ways.items():
                way(4)  # warms up
                started = time.process_time()
                way(_COPIES)
                taken.setdefault(name, []).append(1000 * (time.process_time() - started) / _COPIES)
    ours, *others = ((name, min(found)) for name, found in taken.items())
    for name, theirs in others:
        yield Row(f"the seed, an answer of {items} items ({prompt})", name, "CPU ms/document", ours[1], theirs)


def _ways(address: str, prompt: str) -> dict[str, Callable[[int], object]]:
    loaded = prompts.load(prompt)
    (call,) = loaded.calls
    client = openai.OpenAI(api_key="x", base_url=f"{address}/v1", max_retries=0)
    patched: Any = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)
    document = Document.from_text(next(documents(1, _SEED)))
    schema = ResponseSchema(call.fills, sentences=len(document.sentences)).wire
    wanted = {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": schema}}
    create: Any = client.chat.completions.create
    messages = [message.model_dump() for message in loaded.render(call, document, document.content)]

    def bare(_: int) -> object:
        return create(model="x", messages=messages, response_format=wanted, max_tokens=call.max_output_tokens)

    def bare_instructor(_: int) -> object:
        return patched.chat.completions.create(
            model="x", messages=messages, response_model=Draft, max_tokens=call.max_output_tokens, max_retries=0
        )

    def by_threads(ask: Callable[[int], object]) -> Callable[[int], object]:
        def run(count: int) -> object:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                return list(pool.map(ask, range(count)))

        return run

    def ours(count: int) -> object:
        return _summarise_all(address, prompt, documents(count, _SEED), at_once=_AT_ONCE, processes=0)

    return {
        "summarise_many": ours,
        "bare instructor": by_threads(bare_instructor),
        "the bare openai client": by_threads(bare),
    }


def _summarise_all(
    address: str, prompt: str, texts: Iterator[str], *, at_once: int, processes: int | None
) -> tuple[float, ...]:
    """All documents, without a store; none may fail. Returns the peak memory of the worker processes in megabytes."""
    more = {} if processes is None else {"processes": processes}
    settings = load_settings(base_url=f"{address}/v1", prompt=prompt, verify=False, **more)
    workers: tuple[float, ...] = ()
    results = summarise_many(texts, model="openai/x", concurrency=at_once, settings=settings)
    for number, result in enumerate(results):
        if result.failed:
            raise SystemExit(f"a document failed: {result.error}")
        if number % 100 == 99:
            workers = tuple(map(_peak, children(os.getpid()))) or workers
    return workers


# ── many documents ───────────────────────────────────────────────────────────────────────────────


def _rates(at_once: int) -> Iterator[Row]:
    """The rate with the default of worker processes and with none, against what the latency allows."""
    what = f"{_COUNT:,} real documents, 1 s latency, {at_once} at once"
    for name, processes in (("", None), (", one process", 0)):
        with server(_PROMPT, latency=1.0) as address:
            before = stats(address)["cpu"]
            run = _run(address, _PROMPT, _COUNT, at_once, processes)
            after = stats(address)
        if (after["requests"], after["texts"]) != (_COUNT, _COUNT):
            raise SystemExit(f"{after['requests']} requests were made for {_COUNT} documents")
        yield Row(f"{what}{name}", "what is possible", "documents/s", _COUNT / run.seconds, at_once)
        yield Row(f"{what}{name}", "the server's", "CPU s", run.cpu, after["cpu"] - before)


def _memory() -> Iterator[Row]:
    """The peak of the program and of all its processes at more documents against that at a thousand."""
    with server(_PROMPT) as address:
        few, many = (_run(address, _PROMPT, count, 64, None) for count in (_COUNT, 4 * _COUNT))
    what = f"peak memory at {4 * _COUNT:,} real documents"
    yield Row(what, f"at {_COUNT:,}", "MB", many.peak, few.peak)
    if many.workers and few.workers:
        yield Row(f"{what}, the largest worker process", f"at {_COUNT:,}", "MB", max(many.workers), max(few.workers))


def _run(address: str, prompt: str, count: int, at_once: int, processes: int | None) -> Run:
    """One run in a process of its own."""
    asked = [address, prompt, str(count), str(at_once), "default" if processes is None else str(processes)]
    command = [sys.executable, "-m", "tests.benchmarks.real", *asked]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Run(**json.loads(said))


def _peak(process: int | str = "self") -> float:
    """A process's peak memory in megabytes, as Linux tells it."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("utf-8"))
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def _main(address: str, prompt: str, count: str, at_once: str, processes: str) -> None:
    wanted = None if processes == "default" else int(processes)
    started = time.perf_counter()
    texts = documents(int(count))
    workers = _summarise_all(address, prompt, texts, at_once=int(at_once), processes=wanted)
    seconds = time.perf_counter() - started
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, others = (each.ru_utime + each.ru_stime for each in used)
    print(json.dumps(Run(seconds, own + others, own, _peak(), workers)._asdict()))


if __name__ == "__main__":
    _main(*sys.argv[1:])
