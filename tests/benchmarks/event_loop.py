"""Many documents in one event loop: how near to the latency of one request, and by how many threads."""

import asyncio
import statistics
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

from summariser import AsyncSummariser, events
from tests.benchmarks.many import texts
from tests.benchmarks.measuring import Row
from tests.test_killed_batches import provider

_AT_ONCE, _LATENCY, _ROUNDS = 256, 1.0, 3


class Taken(NamedTuple):
    """What the documents took: seconds, seconds of CPU, and how many threads there were at the most."""

    seconds: float
    cpu: float
    threads: int


def measured() -> Iterator[Row]:
    """So many documents at once against one request's latency and the CPU that they take without any."""
    bare, late = [], []
    for _ in range(_ROUNDS):  # in turn, so that a busy moment meets both
        bare.append(_taken(0.0))
        late.append(_taken(_LATENCY))
    cpu, seconds = statistics.median(each.cpu for each in bare), statistics.median(each.seconds for each in late)
    what, ideal = f"AsyncSummariser, {_AT_ONCE} documents at once", f"{_LATENCY:g} s of latency and {cpu:.2f} s of CPU"
    yield Row(what, ideal, "s", seconds, _LATENCY + cpu)
    yield Row(what, "one", "threads", max(each.threads for each in late), 1)


def _taken(latency: float) -> Taken:
    with provider("--latency", str(latency)) as address:
        return asyncio.run(_summarised(address))


async def _summarised(address: str) -> Taken:
    """Summarise the documents, after one to warm up; none may fail."""
    most = 0

    def listen(event: events.Event) -> None:
        nonlocal most
        most = max(most, threading.active_count())

    async with AsyncSummariser(model="openai/x", base_url=f"{address}/v1", listener=listen) as summariser:
        await summariser.summarise("It was a day.")
        most = 0
        started, used = time.perf_counter(), time.process_time()
        async for result in summariser.summarise_many(texts(_AT_ONCE), concurrency=_AT_ONCE):
            if result.status != "ok":
                raise SystemExit("a document failed")
        return Taken(time.perf_counter() - started, time.process_time() - used, most)
