"""A cancelled call stops: its connection is closed, no further request is made, nothing holds up the program's end."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from contextvars import ContextVar
from pathlib import Path

import pytest

from summariser import AsyncSummariser, asummarise, asummarise_many, events, load_settings, open_model
from summariser.errors import ConfigurationError, RefusedError, TransientError
from summariser.models.client import Connection, Model
from summariser.models.exchange import Wire
from summariser.storage.store import Store
from summariser.testing import FakeModel, completion
from tests.conftest import ROOT
from tests.loopback import Loopback, Received, Reply, fails
from tests.test_batch import texts
from tests.test_pipeline import ANSWER, TEXT

LONG = 60  # seconds after which a test that hangs fails
NEVER = 1_000_000.0  # seconds, of what ends only because it is cancelled
BUSY = fails(503, headers={"Retry-After": str(int(NEVER))})


class Silent:
    """A server that reads a request and never answers; it tells when one is there, and when its connection ends."""

    def __init__(self) -> None:
        self.arrived, self.ended = threading.Semaphore(0), threading.Semaphore(0)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._hold, args=(connection,), daemon=True).start()

    def _hold(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(ConnectionError):
            received = b""
            while b"Answer" not in received:  # the name of the schema, near the end of a request
                received += connection.recv(65536)
            self.arrived.release()
            while connection.recv(65536):
                pass
        self.ended.release()

    async def has(self, event: threading.Semaphore, count: int = 1) -> None:
        """Come back once that has happened so many times."""
        for _ in range(count):
            assert await asyncio.to_thread(event.acquire, timeout=LONG)

    def __enter__(self) -> "Silent":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


class Held:
    """An asynchronous transport that tells when it is asked, and waits until it is released."""

    def __init__(self) -> None:
        self.asked, self.begun, self.release = 0, asyncio.Event(), asyncio.Event()
        self.cancelled = 0

    async def __call__(self, wire: Wire, listener: events.Listener) -> object:
        self.asked += 1
        self.begun.set()
        try:
            await self.release.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return completion(ANSWER)


async def cancel(task: "asyncio.Future[object]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def of_server(url: str, **more: object):
    return load_settings(base_url=url, timeout_seconds=NEVER, retry_seconds=10 * NEVER, **more)


# ── one document ─────────────────────────────────────────────────────────────────────────────────


def test_cancelling_closes_the_connection_of_the_request_under_way():
    async def main() -> None:
        with Silent() as server:
            async with AsyncSummariser(model="openai/x", settings=of_server(server.url)) as summariser:
                task = asyncio.ensure_future(summariser.summarise(TEXT))
                await server.has(server.arrived)
                await cancel(task)
                await server.has(server.ended)  # while the summariser is open still

    asyncio.run(main())


def test_so_does_a_timeout_around_a_call_with_a_model_that_was_opened_for_threads():
    async def main() -> None:
        with Silent() as server, open_model("openai/x", of_server(server.url)) as model:
            task = asyncio.ensure_future(asummarise(TEXT, model=model))
            await server.has(server.arrived)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(task, 0)
            await server.has(server.ended)

    asyncio.run(main())


def test_cancelling_ends_the_wait_for_a_retry_and_no_further_request_arrives():
    async def main() -> None:
        waiting = asyncio.Event()

        def listen(event: events.Event) -> None:
            if event.stage == "waiting":
                waiting.set()

        with Loopback(otherwise=BUSY) as server:
            settings = of_server(server.url)
            task = asyncio.ensure_future(asummarise(TEXT, model="openai/x", settings=settings, listener=listen))
            await waiting.wait()
            await cancel(task)
            assert len(server.requests) == 1

    asyncio.run(main())


def test_after_a_cancellation_the_next_question_of_a_document_is_not_asked():
    async def main() -> None:
        held = Held()
        task = asyncio.ensure_future(
            asummarise(TEXT, model=Model(name="openai/x", transport=held), prompt="sections@3")
        )
        await held.begun.wait()
        await cancel(task)
        assert (held.asked, held.cancelled) == (1, 1)

    asyncio.run(main())


def test_cancelling_one_task_leaves_the_others_of_the_same_summariser_alone():
    async def main() -> None:
        held = Held()
        async with AsyncSummariser(model=Model(name="openai/x", transport=held)) as summariser:
            first, second = (asyncio.ensure_future(summariser.summarise(text)) for text in texts(2))
            await held.begun.wait()
            await cancel(first)
            held.release.set()
            assert (await second).run.status == "ok"

    asyncio.run(main())


def test_a_model_opened_for_a_call_is_closed_at_its_end_and_one_that_was_given_stays_open():
    closed: list[str] = []

    async def aclose() -> None:
        closed.append("the connections for the loop")

    async def main() -> None:
        held = Held()
        connect = lambda: Connection(held, aclose)  # noqa: E731
        given = Model(name="openai/x", transport=held, connect=connect, close=lambda: closed.append("the model itself"))
        task = asyncio.ensure_future(asummarise(TEXT, model=given))
        await held.begun.wait()
        await cancel(task)

    asyncio.run(main())
    assert closed == ["the connections for the loop"]


def test_a_rate_limiter_of_the_models_own_is_still_passed_through():
    class Counting:
        passed = 0

        async def pass_through(self, attempt: Callable[[], Awaitable[object]]) -> object:
            self.passed += 1
            return await attempt()

    asked = FakeModel(ANSWER)
    asked.rate_limiter = Counting()
    asyncio.run(asummarise(TEXT, model=asked))
    assert asked.rate_limiter.passed == 1


def test_an_error_is_raised_to_whoever_awaits_and_nothing_else_is():
    refusing = FakeModel(RefusedError("The model refused; try another."))
    for error, arguments in ((RefusedError, {"model": refusing}), (ConfigurationError, {"prompt": "none"})):
        with pytest.raises(error):
            asyncio.run(asummarise(TEXT, **arguments))


def test_the_callers_context_is_seen_by_the_model():
    told: ContextVar[str] = ContextVar("told", default="")
    seen: list[str] = []

    def answer(wire: Wire) -> object:
        seen.append(told.get())
        return ANSWER

    async def main() -> None:
        told.set("by the caller")
        await asummarise(TEXT, model=FakeModel(answer))

    asyncio.run(main())
    assert seen == ["by the caller"]


PROGRAM = f"""
import asyncio, sys
from summariser import asummarise, load_settings

async def main():
    settings = load_settings(base_url=sys.argv[1], timeout_seconds={NEVER}, retry_seconds={10 * NEVER})
    task = asyncio.create_task(asummarise("Arlen signed.", model="openai/x", settings=settings))
    await asyncio.to_thread(sys.stdin.readline)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")

asyncio.run(main())
"""


class Heard(Loopback):
    """A server that tells when a request is there."""

    def __init__(self, otherwise: Reply) -> None:
        super().__init__(otherwise=otherwise)
        self.heard = threading.Event()

    def take(self, request: Received) -> Reply:
        reply = super().take(request)
        self.heard.set()
        return reply


@pytest.mark.parametrize("reply", [Reply(ending="silent"), BUSY])
def test_a_program_ends_after_a_cancellation_though_the_server_stays_silent(reply: Reply):
    with Heard(reply) as server:
        command = [sys.executable, "-c", PROGRAM, server.url]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
            assert server.heard.wait(LONG)
            out, err = process.communicate("\n", timeout=10 * LONG)
        assert (process.returncode, out) == (0, "cancelled\n"), err
        assert "Traceback" not in err
        assert len(server.requests) == 1


# ── many documents ───────────────────────────────────────────────────────────────────────────────


def test_cancelling_whoever_takes_the_results_closes_every_connection_and_gives_every_claim_up(tmp_path: Path):
    async def main() -> None:
        with Silent() as server:
            settings = of_server(server.url, store=tmp_path / "s")
            results = asummarise_many(texts(40), model="openai/x", concurrency=3, settings=settings)
            task = asyncio.ensure_future(anext(results))
            await server.has(server.arrived, 3)
            await cancel(task)
            await server.has(server.ended, 3)

    asyncio.run(main())
    with Store(tmp_path / "s") as store:
        assert store._database.read("SELECT count(*) FROM claims WHERE key != ?", "") == (0,)


def test_leaving_early_waits_for_what_is_under_way_and_keeps_it_where_there_is_a_store(tmp_path: Path):
    async def main() -> None:
        held, asked = Held(), list[Wire]()

        async def transport(wire: Wire, listener: events.Listener) -> object:
            asked.append(wire)
            return completion(ANSWER) if len(asked) == 1 else await held(wire, listener)

        settings = load_settings(store=tmp_path / "s")
        results = asummarise_many(
            texts(40), model=Model(name="openai/x", transport=transport), concurrency=3, settings=settings
        )
        await anext(results)
        while held.asked < 3:
            await held.begun.wait()
            held.begun.clear()
        closing = asyncio.ensure_future(results.aclose())
        await asyncio.sleep(0)
        held.release.set()
        await closing
        again = FakeModel(lambda wire: TransientError("Nobody should be asked."), name="openai/x")
        kept = [result async for result in asummarise_many(texts(40), model=again, settings=settings)]
        assert (held.asked, held.cancelled) == (3, 0)
        assert sum(result.kept for result in kept) == len(asked) == 4

    asyncio.run(main())


def test_leaving_early_waits_for_nothing_without_a_store():
    async def main() -> None:
        held, asked = Held(), list[Wire]()

        async def transport(wire: Wire, listener: events.Listener) -> object:
            asked.append(wire)
            return completion(ANSWER) if len(asked) == 1 else await held(wire, listener)

        model = Model(name="openai/x", transport=transport)
        async with aclosing(asummarise_many(texts(40), model=model, concurrency=3)) as results:
            await anext(results)
            await held.begun.wait()
        assert held.cancelled == held.asked > 0

    asyncio.run(main())
