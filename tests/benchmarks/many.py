"""Many documents: rates and CPU against the bare clients, in one run, against a provider in a process of its own."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import instructor
import openai

from summariser import load_settings, prompts, summarise_many
from summariser.document import Document
from summariser.schema import Draft
from summariser.shape import Shape
from tests.test_batch_weather import provider
from tests.test_pipeline import TEXT

ROOT = Path(__file__).parent.parent.parent
Row = dict[str, float]


def texts(count: int) -> Iterator[str]:
    return (f"{TEXT} It was day {number}." for number in range(count))


def timed(count: int, work: Callable[[], object]) -> Row:
    """Documents a second and CPU milliseconds a document."""
    started, used = time.perf_counter(), time.process_time()
    work()
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    return {"documents_a_second": count / seconds, "cpu_ms_a_document": 1000 * cpu / count}


def measured(*, long_run: bool) -> dict[str, Row]:
    """Print and return the rates; with `long_run` memory at up to 100,000 documents."""
    rows: dict[str, Row] = {}
    with provider() as address:
        rows |= _against_bare_clients(f"{address}/v1", 600)
    with provider("--latency", "1") as address:
        count, at_once = 2000, 64
        row = timed(count, lambda: _ours(f"{address}/v1", count, at_once))
        rows["summarise_many, 1 s latency, 64 at once"] = {**row, "of_the_ideal": row["documents_a_second"] / at_once}
    for name, row in rows.items():
        print(f"{name:<44} " + ", ".join(f"{key} {value:.2f}" for key, value in row.items()))
    for count in (1000, 10_000, 100_000) if long_run else (1000, 4000):
        rows[f"peak memory at {count:,} documents"] = {"megabytes": _peak(count)}
        print(f"peak memory at {count:,} documents: {rows[f'peak memory at {count:,} documents']['megabytes']:.0f} MB")
    return rows


def _ours(url: str, count: int, at_once: int) -> None:
    settings = load_settings(base_url=url)
    results = summarise_many(texts(count), model="openai/x", concurrency=at_once, settings=settings)
    if any(result.failed for result in results):
        raise SystemExit("a document failed")


def _against_bare_clients(url: str, count: int) -> dict[str, Row]:
    """The same requests through the bare SDK, through bare instructor, and through summarise_many."""
    prompt = prompts.load("brief")
    (call,) = prompt.calls
    shape = Shape(call.fills, sentences=5).wire
    client = openai.OpenAI(api_key="x", base_url=url, max_retries=0)
    patched: Any = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)

    def messages(text: str) -> list[Any]:
        document = Document.from_text(text)
        return [message.model_dump() for message in prompt.render(call, document, document.content)]

    asked = [messages(text) for text in texts(count)]
    format = {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": shape}}

    def bare(each: list[Any]) -> object:
        return client.chat.completions.create(model="x", messages=each, response_format=format, max_tokens=6000)  # type: ignore[call-overload]

    def bare_instructor(each: list[Any]) -> object:
        return patched.chat.completions.create(
            model="x", messages=each, response_model=Draft, max_tokens=6000, max_retries=0
        )

    def through(one: Callable[[list[Any]], object]) -> None:
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(one, asked))

    for work in (lambda: bare(asked[0]), lambda: bare_instructor(asked[0]), lambda: _ours(url, 1, 1)):
        work()
    rows = {
        "bare openai, no latency, 16 at once": timed(count, lambda: through(bare)),
        "bare instructor, no latency, 16 at once": timed(count, lambda: through(bare_instructor)),
        "summarise_many, no latency, 16 at once": timed(count, lambda: _ours(url, count, 16)),
    }
    theirs, ours = list(rows.values())[1:]
    rows["summarise_many / bare instructor"] = {key: ours[key] / theirs[key] for key in ours}
    return rows


def _peak(count: int) -> float:
    """Peak memory of a process that summarises so many documents, in megabytes."""
    command = [sys.executable, "-m", "tests.benchmarks.many", str(count)]
    return float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    with provider() as where:
        _ours(f"{where}/v1", int(sys.argv[1]), 16)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
