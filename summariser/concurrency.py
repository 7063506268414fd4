"""Run the same coroutines in two ways: in threads, where waiting blocks, and in an event loop, where it does not.

In threads every primitive that a coroutine awaits (a transport, a sleep, a Monitor) completes without suspending, so no
event loop is needed: `run_now` runs the coroutine to its end.
"""

import asyncio
import contextvars
import inspect
import threading
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast

from summariser.errors import ConfigurationError

_T = TypeVar("_T")


def run_now(coroutine: Awaitable[_T]) -> _T:
    """Return what a coroutine gives that never suspends.

    Raises ConfigurationError where it does suspend: something that it awaits needs an event loop.
    """
    running = cast("Generator[Any, None, _T]", coroutine)  # it is sent to and closed in the same way
    try:
        running.send(None)
    except StopIteration as done:
        return cast("_T", done.value)
    running.close()
    raise ConfigurationError(
        "A model that waits for an event loop was used without one; use AsyncSummariser or asummarise, "
        "or give the model a transport that does not wait."
    )


def iterate_now(generator: AsyncGenerator[_T, None]) -> Generator[_T]:
    """Yield what an asynchronous generator yields that never suspends; closing this closes it."""
    try:
        while True:
            try:
                yield run_now(anext(generator))
            except StopAsyncIteration:
                return
    finally:
        run_now(generator.aclose())


async def resolved(value: Awaitable[_T] | _T) -> _T:
    """Return a value, awaited where it is awaitable: what a function gives that may be plain or asynchronous."""
    return await value if inspect.isawaitable(value) else value


async def in_thread(work: Callable[[], _T], *, discard: Callable[[_T], object]) -> _T:
    """Await what some blocking work gives, done in a daemon thread of its own, which ends with it.

    Where the awaiting task is cancelled, the work goes on, and what it gives is handed to `discard`.
    """
    done: Future[_T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True).start()
    try:
        return await asyncio.wrap_future(done)
    except asyncio.CancelledError:
        done.add_done_callback(lambda ended: None if ended.exception() else discard(ended.result()))
        raise


class Monitor(Protocol):
    """What workers share state by: mutual exclusion within a `with`, and waiting for a change."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> object: ...

    async def wait(self, seconds: float | None = None) -> None:
        """Let the others in until one of them notifies, or for so many seconds at most; only within the `with`."""

    def notify(self) -> None:
        """Wake one that waits."""

    def notify_all(self) -> None:
        """Wake all that wait."""


class ThreadMonitor:
    """The Monitor of threads, whose waiting blocks."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.notify, self.notify_all = self._condition.notify, self._condition.notify_all

    def __enter__(self) -> Self:
        self._condition.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._condition.release()

    async def wait(self, seconds: float | None = None) -> None:
        """Wait as a Monitor does."""
        self._condition.wait(seconds)


class TaskMonitor:
    """The Monitor of one event loop's tasks, of which only one runs until it awaits: there is nothing to lock."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release nothing."""

    async def wait(self, seconds: float | None = None) -> None:
        """Wait as a Monitor does."""
        woken = asyncio.get_running_loop().create_future()
        self._waiting.append(woken)
        try:
            async with asyncio.timeout(seconds):
                await woken
        except TimeoutError:
            pass
        except asyncio.CancelledError:
            if woken.done() and not woken.cancelled():
                self.notify()  # another, in this one's place
            raise
        finally:
            if woken in self._waiting:
                self._waiting.remove(woken)

    def notify(self) -> None:
        """Wake one that waits."""
        while self._waiting:
            woken = self._waiting.popleft()
            if not woken.done():
                woken.set_result(None)
                return

    def notify_all(self) -> None:
        """Wake all that wait."""
        for _ in range(len(self._waiting)):
            self.notify()
