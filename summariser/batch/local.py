"""Run a batch from here: documents through a session, so many at once, in threads or in tasks of an event loop."""

import asyncio
import atexit
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from concurrent.futures import CancelledError
from dataclasses import dataclass

from summariser.batch.engine import Engine, Numbered
from summariser.batch.jobs import Job, Jobs, Patience, made
from summariser.batch.rate_limit import Throttle
from summariser.batch.results import Ordering, Result
from summariser.batch.sources import Item
from summariser.concurrency import iterate_now, run_now
from summariser.models import is_local

SWITCHING = 0.001  # a switch interval, in seconds, for a process of its own: requests go out while documents are read
AGAIN = 0.05  # seconds until another process's claim is looked at again
_IDLE = 1.0  # seconds after which a worker without a document looks again, though nobody called it
_AHEAD = 4  # results in input order may be ahead of the first by so many times the concurrency
_WAITING = 256  # results that nobody took yet, beyond which no document is begun
DEFAULT_CONCURRENCY = 16


@dataclass(kw_only=True)
class Batch(Engine):
    """The engine that asks from here: `run` in threads, `arun` in tasks of an event loop, by the session's kind.

    `concurrency` is 16 unless given, for local models 1; requests and tokens a minute are limited where given.
    """

    concurrency: int | None = None
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._stopped = False
        self._fatal: BaseException | None = None
        self._given = self._in_work = self._working = 0
        self._reading = False
        self._results: deque[Result] = deque()
        self._lock, self._ready = self.session.monitor(), self.session.monitor()
        self._tasks: list[asyncio.Task[None]] = []
        self._jobs = Jobs(self.session, retry_failed=self.retry_failed)
        most = self.concurrency or default_concurrency(self.session.name)
        self._patience, self._workers = Patience(most), workers_for(most)
        self._gate = Throttle(
            most=most,
            budget=self.budget,
            requests_per_minute=self.requests_per_minute,
            tokens_per_minute=self.tokens_per_minute,
            in_event_loop=self.session.in_event_loop,
        )

    def stop(self) -> None:
        """Begin no more documents; what is under way is finished."""
        self._stopped = True  # without the lock: a signal's handler waits for nobody

    def run(self) -> Generator[Result]:
        """Yield the results, as they come or in the documents' order. Raises what would meet every document."""

        def end_early() -> None:
            run_now(self._end_early())

        atexit.register(end_early)  # whoever holds the iterator until the end of the program never closes it
        try:
            yield from iterate_now(self.arun())
        finally:
            atexit.unregister(end_early)

    async def arun(self) -> AsyncGenerator[Result, None]:
        """Yield the same; in an event loop, where whoever waits for results is cancelled, so is what is under way."""
        self._start()
        try:
            with Ordering(self.order) as ordering:
                while (found := await self._next_done()) is not None:
                    for result in ordering.add(found):
                        yield self._handed_out(result)
                for result in ordering.rest():
                    yield self._handed_out(result)
        except asyncio.CancelledError:
            self.abandon()
            raise
        finally:
            await self._end_early()
            self._postponed.close()
        if self._fatal is not None:
            raise self._fatal

    def _start(self) -> None:
        """Set the workers to work."""
        self._working = self._workers
        if self.session.in_event_loop:
            self._tasks = [asyncio.create_task(self._work()) for _ in range(self._workers)]
            return
        for _ in range(self._workers):
            threading.Thread(target=lambda: run_now(self._work()), daemon=True).start()

    async def _end_early(self) -> None:
        """Begin nothing more, not even a request; come back once what is under way is kept."""
        self._gate.close()
        self.stop()
        with self._lock:
            while self._in_work and self._waits:
                await self._lock.wait(AGAIN)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _next_done(self) -> Result | None:
        """Return the next result that is done; None where there will be none."""
        with self._ready:
            while not self._results and self._working:
                await self._ready.wait()
            return self._results.popleft() if self._results else None

    def _put(self, result: Result | None) -> None:
        """Add a result to those that are done, or with None say that a worker ends."""
        with self._ready:
            if result is None:
                self._working -= 1
            else:
                self._results.append(result)
            self._ready.notify()

    def _handed_out(self, result: Result) -> Result:
        with self._lock:
            self._given += 1
            self._lock.notify()
        return result

    # ── a worker ─────────────────────────────────────────────────────────────────────────────────

    async def _work(self) -> None:
        try:
            while (taken := await self._take()) is not None:
                await self._finish(*taken)
        except CancelledError:  # the run was closed before this worker's next request
            pass
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # of the model, the store or the sources: it would meet every document
            self._end(error)
        finally:
            self._put(None)

    async def _take(self) -> Numbered | None:
        """Return the next document; None where there is none, or none may be begun any more."""
        while not self._stopped:
            found = await self._read()
            with self._lock:
                found = found or self._put_off()
                if found is not None and not self._stopped:
                    self._in_work += 1
                    return found
                at_work = self._in_work or self._reading
                if not at_work and (self.over_budget or not (self._postponed or self._must_wait())):
                    break
                await self._lock.wait(AGAIN if self._postponed else _IDLE)
        with self._lock:
            self._lock.notify()  # the next, who finds nothing to do either: one by one, not all at each document
        return None

    async def _read(self) -> Numbered | None:
        """Return the next document of the sources, read by one worker at a time.

        Nothing is locked meanwhile: whoever has a result, or closes the run, does not wait for a source.
        """
        with self._lock:
            if self._reading or self._must_wait():
                return None
            self._reading = True
        try:
            if isinstance(self._coming, AsyncIterator):
                return self._taking(await anext(self._coming, None)) if self._wants_more else None
            return self._new()
        finally:
            with self._lock:
                self._reading = False
                self._lock.notify()

    def _put_off(self) -> Numbered | None:
        """Return a document that somebody else had in hand, if there is one and the budget allows for it."""
        if self._postponed and self.budget.reached:
            self.over_budget = True
        return self._postponed.take() if self._postponed and not self.over_budget else None

    def _must_wait(self) -> bool:
        """Return True if too many results wait to be taken, or in their order for the first."""
        ahead = self._taken - self._given
        if self.order == "input":
            return not self._stopped and ahead >= _AHEAD * self._workers
        return not self._stopped and ahead - len(self._postponed) >= _WAITING + self._workers

    async def _finish(self, number: int, item: Item) -> None:
        """Put what becomes of a document among the results; or put it off, where it is in another's hands."""
        result: Result | None = None
        try:
            with self._gate.turn:
                result = await self._result(number, item)
        finally:
            with self._lock:
                self._in_work -= 1
                if result is None and not self._stopped:
                    self._postponed.put((number, item))
                self._lock.notify()
        if result is not None:
            self._put(result)
            return
        with self._lock:
            await self._lock.wait(AGAIN)

    async def _result(self, number: int, item: Item) -> Result | None:
        """Return what becomes of a document; None where another worker or process has it in hand."""
        begun = self._jobs.begin(number, item)
        if not isinstance(begun, Job):
            return begun
        try:
            result = await made(self.session, await self.session.model(self._gate), begun.document, begun.result)
        except BaseException:
            self._jobs.drop(begun)
            raise
        if (error := self._patience.ended_by(result)) is not None:
            self._end(error)
        return self._jobs.end(begun, result)

    def _end(self, error: BaseException) -> None:
        with self._lock:
            self._fatal = self._fatal or error
            self._stopped = True
            self._lock.notify_all()


def workers_for(at_once: int) -> int:
    """Return how many workers there are for so many requests at once: some check documents while others wait."""
    return at_once + at_once // 3


def default_concurrency(model: str) -> int:
    """Return how many documents at once: 1 for a local model, which answers one request at a time."""
    return 1 if is_local(model) else DEFAULT_CONCURRENCY
