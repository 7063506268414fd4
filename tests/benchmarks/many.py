"""The lower bound of many documents: short texts and empty answers, against bare clients and langextract.

The provider is a process of its own. `real` measures texts and answers as they are.
"""

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import instructor
import openai

from summariser import load_settings, prompts, summarise_many
from summariser.documents.document import Document
from summariser.prompts import Message
from summariser.schema import Draft
from summariser.schema.response import ResponseSchema
from tests.benchmarks.measuring import Row
from tests.benchmarks.others import PYTHON
from tests.test_killed_batches import provider, stats
from tests.test_pipeline import TEXT

_DOCUMENTS, _AT_ONCE, _ROUNDS = 400, 16, 3
_PROMPT = prompts.load("brief")
_CALL = _PROMPT.calls[0]
_OURS = "summarise_many"


class Rate(NamedTuple):
    """Documents a second, and CPU milliseconds a document."""

    a_second: float
    cpu: float


def measured() -> Iterator[Row]:
    """`summarise_many` against the others, first without latency, then with some; then against what is possible."""
    for latency in (0.0, 0.2):
        with provider("--latency", str(latency)) as address:
            rates = {name: _median(rates) for name, rates in _rounds(address).items()}
        ours = rates.pop(_OURS)
        for name, theirs in rates.items():
            what = f"lower bound: {_OURS}, {latency:g} s latency, {_AT_ONCE} at once"
            yield Row(what, name, "documents/s", ours.a_second, theirs.a_second)
            yield Row(what, name, "CPU ms/document", ours.cpu, theirs.cpu)
    count, at_once = 2000, 64
    with provider("--latency", "1") as address:
        ours = _timed(count, partial(summarise_all, address, count, at_once))
    yield Row(
        f"lower bound: {_OURS}, 1 s latency, {at_once} at once",
        "what is possible",
        "documents/s",
        ours.a_second,
        at_once,
    )


def texts(count: int) -> Iterator[str]:
    """Short reports, no two alike."""
    return (f"{TEXT} It was day {number}." for number in range(count))


def summarise_all(address: str, count: int, at_once: int) -> None:
    """So many documents through `summarise_many`, without a store; none may fail."""
    settings = load_settings(base_url=f"{address}/v1")
    results = summarise_many(texts(count), model="openai/x", concurrency=at_once, settings=settings)
    if any(result.failed for result in results):
        raise SystemExit("a document failed")


def _rounds(address: str) -> Mapping[str, list[Rate]]:
    """Each way a few times, all in turn, so that a busy moment meets all; each makes one request a document."""
    ways = _ways(address)
    rates: dict[str, list[Rate]] = {name: [] for name in ways}
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            before = stats(address)["requests"]
            rates[name].append(way())
            if (made := stats(address)["requests"] - before) != _DOCUMENTS + 1:
                raise SystemExit(f"{name} made {made} requests for {_DOCUMENTS + 1} documents")
    return rates


def _median(rates: list[Rate]) -> Rate:
    return Rate(*map(statistics.median, zip(*rates, strict=True)))


def _ways(address: str) -> dict[str, Callable[[], Rate]]:
    """The same documents by four ways, each of which asks for one document more to warm up."""
    client = openai.OpenAI(api_key="x", base_url=f"{address}/v1", max_retries=0)
    patched: Any = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)
    schema = ResponseSchema(_CALL.fills, sentences=5).wire
    wanted = {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": schema}}
    create: Any = client.chat.completions.create

    def bare(messages: list[Any]) -> object:
        return create(model="x", messages=messages, response_format=wanted, max_tokens=_CALL.max_output_tokens)

    def bare_instructor(messages: list[Any]) -> object:
        return patched.chat.completions.create(
            model="x", messages=messages, response_model=Draft, max_tokens=_CALL.max_output_tokens, max_retries=0
        )

    return {
        "the bare openai client": lambda: _by_threads(bare),
        "bare instructor": lambda: _by_threads(bare_instructor),
        "langextract": lambda: _by_langextract(address),
        _OURS: lambda: _by_us(address),
    }


def _by_threads(ask: Callable[[list[Any]], object]) -> Rate:
    asked = [[message.model_dump() for message in _messages(text)] for text in texts(_DOCUMENTS)]
    ask(asked[0])
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return _timed(_DOCUMENTS, lambda: list(pool.map(ask, asked)))


def _messages(text: str) -> tuple[Message, ...]:
    document = Document.from_text(text)
    return _PROMPT.render(_CALL, document, document.content)


def _by_langextract(address: str) -> Rate:
    system, _ = _messages(TEXT)
    asked = {
        "url": f"{address}/v1", "task": system.content, "texts": list(texts(_DOCUMENTS + 1)), "at_once": _AT_ONCE
    }  # fmt: skip
    command = [str(PYTHON), "-I", str(Path(__file__).with_name("langextract_documents.py"))]
    answered = subprocess.run(command, input=json.dumps(asked), check=True, stdout=subprocess.PIPE, text=True).stdout
    return Rate(*json.loads(answered))


def _by_us(address: str) -> Rate:
    summarise_all(address, 1, 1)
    return _timed(_DOCUMENTS, partial(summarise_all, address, _DOCUMENTS, _AT_ONCE))


def _timed(count: int, work: Callable[[], object]) -> Rate:
    started, used = time.perf_counter(), time.process_time()
    work()
    return Rate(count / (time.perf_counter() - started), 1000 * (time.process_time() - used) / count)
