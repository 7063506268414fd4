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
    """Run a coroutine that never suspends to its end and return its result.

    Raises:
        ConfigurationError: The coroutine suspends, because something that it awaits needs an event loop.
    """
    running = cast("Generator[Any, None, _T]", coroutine)  # `send` and `close` work the same
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
    """Yield the items of an asynchronous generator that never suspends; closing this generator closes the other."""
    try:
        while True:
            try:
                yield run_now(anext(generator))
            except StopAsyncIteration:
                return
    finally:
        run_now(generator.aclose())


async def resolved(value: Awaitable[_T] | _T) -> _T:
    """Return a value; await it first if it is awaitable. For the results of functions that may be asynchronous."""
    return await value if inspect.isawaitable(value) else value


async def in_thread(work: Callable[[], _T], *, discard: Callable[[_T], object]) -> _T:
    """Run blocking work in a new daemon thread and return its result.

    Args:
        work: The blocking function.
        discard: Receives the result if the awaiting task is cancelled, because the work continues in that case.
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
    """A monitor for state that workers share: a `with` block excludes other workers, and workers wait for changes."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> object: ...

    async def wait(self, seconds: float | None = None) -> None:
        """Release the monitor and wait for a notification, for `seconds` at most; call it only within the `with`."""

    def notify(self) -> None:
        """Wake one that waits."""

    def notify_all(self) -> None:
        """Wake all that wait."""


class ThreadMonitor:
    """A Monitor for threads; waiting blocks the thread."""

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
    """A Monitor for the tasks of one event loop; it needs no lock, because only one task runs until it awaits."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing, because there is no lock."""

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
                self.notify()  # wake another task instead
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
