"""A cancelled call stops: no further request, no wait for a retry, nothing that holds up the program's end."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextvars import ContextVar
from pathlib import Path

import pytest

from summariser import asummarise, events, load_settings
from summariser.cancellation import Cancellation
from summariser.documents.document import Document
from summariser.errors import ConfigurationError, RefusedError, TransientError
from summariser.models.client import Model, Wire
from summariser.pipeline import Session
from tests.conftest import ROOT
from tests.loopback import Loopback, Received, Reply, fails
from tests.queued import completion
from tests.queued import model as queued_model
from tests.test_pipeline import ANSWER, TEXT

LONG = 60  # seconds after which a test that hangs fails
NEVER = 1_000_000.0  # seconds, of what ends only because it is cancelled
BUSY = fails(503, headers={"Retry-After": str(int(NEVER))})


class Heard(Loopback):
    """A server that tells when a request is there."""

    def __init__(self, otherwise: Reply) -> None:
        super().__init__(otherwise=otherwise)
        self.heard = threading.Event()

    def take(self, request: Received) -> Reply:
        reply = super().take(request)
        self.heard.set()
        return reply


class Held:
    """A transport that waits for `release`, then fails in a way that is worth a retry."""

    def __init__(self) -> None:
        self.asked, self.begun, self.release = 0, threading.Event(), threading.Event()

    def __call__(self, wire: Wire, listener: events.Listener) -> object:
        self.asked += 1
        self.begun.set()
        assert self.release.wait(LONG)
        raise TransientError("The server is busy; try again.")


def cancelled(call: Callable[[], object], once: threading.Event) -> set[threading.Thread]:
    """Cancel what `call` begins once the event is set; the threads that it leaves behind."""
    before = set(threading.enumerate())
    left: set[threading.Thread] = set()

    async def main() -> None:
        task = asyncio.ensure_future(call())  # type: ignore[arg-type]
        assert await asyncio.to_thread(once.wait, LONG)
        left.update(set(threading.enumerate()) - before)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    daemons = {thread for thread in left if thread.daemon}
    assert daemons  # the call's own among them
    return daemons


def all_end(threads: set[threading.Thread]) -> bool:
    for thread in threads:
        thread.join(LONG)
    return not any(thread.is_alive() for thread in threads)


def test_cancelling_ends_the_wait_for_a_retry_and_no_further_request_arrives():
    waiting = threading.Event()

    def listen(event: events.Event) -> None:
        if isinstance(event, events.Waiting):
            waiting.set()

    with Heard(BUSY) as server:
        settings = load_settings(base_url=server.url, retry_seconds=10 * NEVER)
        call = lambda: asummarise(TEXT, model="openai/x", settings=settings, listener=listen)  # noqa: E731
        assert all_end({t for t in cancelled(call, waiting) if "process_request" not in t.name})
        assert len(server.requests) == 1


def test_after_a_cancellation_an_attempt_that_fails_is_not_made_again():
    held = Held()
    model = Model(name="openai/x", transport=held, retry_seconds=NEVER)
    left = cancelled(lambda: asummarise(TEXT, model=model), held.begun)
    held.release.set()
    assert all_end(left)
    assert held.asked == 1


def test_after_a_cancellation_the_next_question_of_a_document_is_not_asked():
    begun, release, asked = threading.Event(), threading.Event(), []

    def transport(wire: Wire, listener: events.Listener) -> object:
        asked.append(wire)
        begun.set()
        assert release.wait(LONG)
        return completion({"parties": []})

    model = Model(name="openai/x", transport=transport, retry_seconds=0)
    left = cancelled(lambda: asummarise(TEXT, model=model, prompt="sections@3"), begun)
    release.set()
    assert all_end(left)
    assert len(asked) == 1


def test_a_timeout_around_a_call_is_a_timeout():
    held = Held()

    async def main() -> None:
        async with asyncio.timeout(0):
            await asummarise(TEXT, model=Model(name="openai/x", transport=held))

    with pytest.raises(TimeoutError):
        asyncio.run(main())
    held.release.set()


def test_cancelling_closes_the_model_that_was_opened_for_the_call_and_no_other():
    held, closed, cancellation = Held(), threading.Event(), Cancellation()
    model = Model(name="openai/x", transport=held, retry_seconds=NEVER, close=closed.set)
    settings = load_settings(base_url="http://127.0.0.1:9/v1")
    ended: list[BaseException] = []

    def work(session: Session) -> None:
        with session:
            try:
                session.summarise(Document.from_text(TEXT))
            except CancelledError as error:
                ended.append(error)

    for session, closes in (
        (Session(model=model, settings=settings, cancellation=Cancellation()), False),
        (Session(model="openai/x", settings=settings, cancellation=cancellation), True),
    ):
        held.begun.clear(), held.release.clear()
        session.opening = lambda: model
        thread = threading.Thread(target=work, args=(session,), daemon=True)
        thread.start()
        assert held.begun.wait(LONG)
        session._cancellation.set()
        assert closed.wait(LONG) if closes else not closed.is_set()
        held.release.set()
        assert all_end({thread})
        assert closed.is_set() == closes
    assert len(ended) == 2


def test_a_gate_of_the_models_own_is_still_passed_through():
    class Counting:
        passed = 0

        def pass_through(self, attempt: Callable[[], object], usage: object) -> object:
            self.passed += 1
            return attempt()

    asked, _ = queued_model(ANSWER)
    asked.gate = Counting()
    asyncio.run(asummarise(TEXT, model=asked))
    assert asked.gate.passed == 1


def test_an_error_is_raised_to_whoever_awaits_and_nothing_else_is():
    refusing, _ = queued_model(RefusedError("The model refused; try another."))
    for error, arguments in ((RefusedError, {"model": refusing}), (ConfigurationError, {"prompt": "none"})):
        with pytest.raises(error):
            asyncio.run(asummarise(TEXT, **arguments))


def test_the_callers_context_is_seen_by_the_model():
    told: ContextVar[str] = ContextVar("told", default="")
    seen: list[str] = []

    def transport(wire: Wire, listener: events.Listener) -> object:
        seen.append(told.get())
        return completion(ANSWER)

    async def main() -> None:
        told.set("by the caller")
        await asummarise(TEXT, model=Model(name="openai/x", transport=transport))

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


@pytest.mark.parametrize("reply", [Reply(ending="silent"), BUSY])
def test_a_program_ends_after_a_cancellation_though_the_server_stays_silent(tmp_path: Path, reply: Reply):
    with Heard(reply) as server:
        command = [sys.executable, "-c", PROGRAM, server.url]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
            assert server.heard.wait(LONG)
            out, err = process.communicate("\n", timeout=10 * LONG)
        assert (process.returncode, out) == (0, "cancelled\n"), err
        assert "Traceback" not in err
        assert len(server.requests) == 1
