"""Run a batch from this machine, in threads or in tasks of an event loop, with worker processes for local work."""

import asyncio
import atexit
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

from summariser.batch.engine import Engine, Numbered
from summariser.batch.jobs import FailureLimit, Job, Jobs, summarise_job
from summariser.batch.rate_limit import Throttle
from summariser.batch.results import Ordering, Result
from summariser.batch.sources import Item
from summariser.concurrency import iterate_now, run_now
from summariser.documents import Document, has_added
from summariser.errors import InputError, LostError
from summariser.models import is_local
from summariser.pipeline import Session
from summariser.processes import Processes, can_start, usable_cores

SWITCH_INTERVAL = 0.001  # thread switch interval in seconds: lets requests start while documents are read
RECHECK_SECONDS = 0.05  # seconds until a document that another process has claimed is tried again
_IDLE = 1.0  # seconds after which an idle worker looks for a document without a notification
_AHEAD = 4  # with the order "input", documents in progress or finished but not taken, per worker
_WAITING = 256  # results not yet taken, beyond which no document is started
DEFAULT_CONCURRENCY = 16
_MODULES = ("summariser.pipeline", "summariser.batch.sources")  # what a worker process needs
_FIRST_DOCUMENTS = 8  # documents that are processed here before worker processes start
_FIRST_CHARACTERS = 40_000  # in those documents; processing them takes about as long as starting workers

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(kw_only=True)
class Batch(Engine):
    """The engine that sends requests from this machine.

    Use `run` for threads, and `arun` in an event loop if the session was made for one. Requests, limits, the store and
    the order of the results stay in this process. Once some documents have come, worker processes read the documents
    and the answers, link names and ground items; they share nothing and keep nothing. A document that loses two of
    them fails with LostError.

    Attributes:
        concurrency: The maximum number of documents in progress. The default is 16, for local models 1.
        requests_per_minute: The maximum number of requests per minute.
        tokens_per_minute: The maximum number of tokens per minute, input plus output.
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
        most = self.concurrency or default_concurrency(self.session.model_name)
        self._failure_limit, self._workers = FailureLimit(most), workers_for(most)
        self._characters = self._begun = 0
        self._processes: Processes | None = None
        self._process_count = processes_for(self._workers, self.session)
        self._throttle = Throttle(
            most=most,
            budget=self.budget,
            requests_per_minute=self.requests_per_minute,
            tokens_per_minute=self.tokens_per_minute,
            in_event_loop=self.session.in_event_loop,
        )

    def stop(self) -> None:
        """Start no more documents; documents in progress are finished."""
        self._stopped = True  # without the lock, because a signal handler must not wait

    def run(self) -> Generator[Result]:
        """Yield the results in the order that `order` names.

        Raises:
            SummariserError: An error that would occur with every document, such as a wrong key.
        """

        def end_early() -> None:
            run_now(self._end_early())

        atexit.register(end_early)  # an iterator that is still referenced at the end of the program is never closed
        try:
            yield from iterate_now(self.arun())
        finally:
            atexit.unregister(end_early)

    async def arun(self) -> AsyncGenerator[Result, None]:
        """Yield the results in an event loop, in the order that `order` names.

        If the task that iterates is cancelled, the requests in progress are cancelled as well.

        Raises:
            SummariserError: An error that would occur with every document, such as a wrong key.
        """
        self._start()
        try:
            with Ordering(self.order) as ordering:
                while (found := await self._next_done()) is not None:
                    for result in ordering.add(found):
                        yield self._delivered(result)
                for result in ordering.rest():
                    yield self._delivered(result)
        except asyncio.CancelledError:
            self.abandon()
            raise
        finally:
            await self._end_early()
            self._postponed.close()
        if self._fatal is not None:
            raise self._fatal

    def _start(self) -> None:
        """Start the workers."""
        self._working = self._workers
        if self.session.in_event_loop:
            self._tasks = [asyncio.create_task(self._work()) for _ in range(self._workers)]
            return
        for _ in range(self._workers):
            threading.Thread(target=lambda: run_now(self._work()), daemon=True).start()

    async def _end_early(self) -> None:
        """Start no more documents or requests, wait until the requests in progress are stored, and end the workers."""
        self.stop()  # before the rate limiter is closed: `_work` tells its CancelledError from one of the sources
        self._throttle.close()
        with self._lock:
            while self._in_work and self._waits:
                await self._lock.wait(RECHECK_SECONDS)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        with self._lock:
            processes, self._process_count = self._processes, 0
        if processes is not None:
            processes.close()

    async def _next_done(self) -> Result | None:
        """Wait for the next result and return it; None if there are no more."""
        with self._ready:
            while not self._results and self._working:
                await self._ready.wait()
            return self._results.popleft() if self._results else None

    def _put(self, result: Result | None) -> None:
        """Add a finished result; None means that a worker has ended."""
        with self._ready:
            if result is None:
                self._working -= 1
            else:
                self._results.append(result)
            self._ready.notify()

    def _delivered(self, result: Result) -> Result:
        with self._lock:
            self._given += 1
            self._lock.notify()
        return result

    # ── a worker ─────────────────────────────────────────────────────────────────────────────────

    async def _work(self) -> None:
        try:
            while (taken := await self._take()) is not None:
                await self._finish(*taken)
        except (CancelledError, asyncio.CancelledError) as error:
            task = asyncio.current_task() if self.session.in_event_loop else None
            if task is not None and task.cancelling():
                raise
            if not self._stopped:  # an error of the sources; otherwise the run was closed before the next request
                self._end(error)
        except BaseException as error:  # of the model, the store or the sources; it would occur with every document
            self._end(error)
        finally:
            self._put(None)

    async def _take(self) -> Numbered | None:
        """Return the next document; None if there is none, or if no more may be started."""
        while not self._stopped:
            found = await self._read()
            with self._lock:
                found = found or self._take_postponed()
                if found is not None and not self._stopped:
                    self._in_work += 1
                    return found
                at_work = self._in_work or self._reading
                if not at_work and (self.over_budget or not (self._postponed or self._must_wait())):
                    break
                await self._lock.wait(RECHECK_SECONDS if self._postponed else _IDLE)
        with self._lock:
            self._lock.notify()  # wakes the next idle worker, which ends as well
        return None

    async def _read(self) -> Numbered | None:
        """Return the next document of the sources, read by one worker at a time.

        The lock is not held during that time, so that a slow source does not delay results or the end of the run.
        """
        with self._lock:
            if self._reading or self._must_wait():
                return None
            self._reading = True
        found: Numbered | None = None
        try:
            if not isinstance(self._coming, AsyncIterator):
                found = self._new()
            elif self._wants_more:
                found = self._taking(await anext(self._coming, None))
            return found
        finally:
            with self._lock:
                self._reading = False
                if found is not None:  # at the end of the sources, idle workers would wake one another without end
                    self._lock.notify()

    def _take_postponed(self) -> Numbered | None:
        """Return a document that was claimed by another worker or process before, if the budget allows it."""
        if self._postponed and self.budget.reached:
            self.over_budget = True
        return self._postponed.take() if self._postponed and not self.over_budget else None

    def _must_wait(self) -> bool:
        """Return True if too many results have not been taken yet."""
        ahead = self._taken - self._given
        if self.order == "input":
            return not self._stopped and ahead >= _AHEAD * self._workers
        return not self._stopped and ahead - len(self._postponed) >= _WAITING + self._workers

    async def _finish(self, number: int, item: Item) -> None:
        """Add the result of a document; postpone the document if another worker or process has claimed it."""
        claimed_elsewhere = False
        try:
            with self._throttle.turn:
                result = await self._result(number, item)
            claimed_elsewhere = result is None
        finally:
            with self._lock:
                self._in_work -= 1
                if claimed_elsewhere and not self._stopped:
                    self._postponed.put((number, item))
                self._lock.notify()
        if result is not None:
            self._put(result)
            return
        with self._lock:
            await self._lock.wait(RECHECK_SECONDS)

    async def _result(self, number: int, item: Item) -> Result | None:
        """Return the result of a document; None if another worker or process has claimed it."""
        try:
            begun = self._jobs.begin(number, await self._read_by_worker(item))
        except LostError as lost:
            return Result(number=number, id=item.id, source=item.source or item.id, error=lost)
        if not isinstance(begun, Job):
            return begun
        self._start_processes(begun.document)
        try:
            model = await self.session.model(self._throttle, compute=self._compute)
            result = await summarise_job(self.session, model, begun.document, begun.result)
        except BaseException:
            self._jobs.drop(begun)
            raise
        if (error := self._failure_limit.fatal_error(result)) is not None:
            self._end(error)
        return self._jobs.end(begun, result)

    # ── worker processes ─────────────────────────────────────────────────────────────────────────

    def _start_processes(self, document: Document) -> None:
        """Start the worker processes if enough documents have come with this one."""
        with self._lock:
            self._begun += 1
            self._characters += len(document.text)
            enough = self._begun > _FIRST_DOCUMENTS and self._characters > _FIRST_CHARACTERS
            enough = enough or self.session.settings.processes is not None  # the caller wants them
            if enough and self._processes is None and self._process_count:
                self._processes = Processes(
                    self._process_count, modules=_MODULES, in_event_loop=self.session.in_event_loop
                )

    async def _compute(self, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
        """Call a function in a worker process, while another thread works here; in this one if there is no worker."""
        processes = self._processes
        if processes is None or not processes.ready.is_set():
            return function(*arguments, **named)
        self._throttle.turn.release()
        try:
            return await processes.call(function, *arguments, **named)
        finally:
            self._throttle.turn.acquire()

    async def _read_by_worker(self, item: Item) -> Item:
        """Return an item with its document if a worker process can read it, otherwise the item itself."""
        path = item.path
        if self._processes is None or has_added() or not (item.text or (path is not None and path.is_file())):
            return item
        found = item if path is None else replace(item, path=path.absolute())  # a worker may be in another folder
        try:
            document = await self._compute(Item.document, found, **self.session.settings.reading)
        except InputError:
            return item  # which is read again, for an error that names the file as the caller did
        return replace(item, ready=document if path is None else replace(document, source=str(path)))

    def _end(self, error: BaseException) -> None:
        with self._lock:
            self._fatal = self._fatal or error
            self._stopped = True
            self._lock.notify_all()


def processes_for(workers: int, session: Session) -> int:
    """Return the number of worker processes for a number of documents in progress, by the settings and the cores.

    By default a local model gets none, because it uses all cores itself.
    """
    if not can_start() or workers < 2:
        return 0
    if session.settings.processes is not None:
        return session.settings.processes
    cores = usable_cores()
    return 0 if cores < 2 or is_local(session.model_name) else min(cores, workers)


def workers_for(at_once: int) -> int:
    """Return the number of workers for a number of concurrent requests; some check documents while others wait."""
    return at_once + at_once // 3


def default_concurrency(model: str) -> int:
    """Return the default concurrency: 1 for a local model, which answers one request at a time, otherwise 16."""
    return 1 if is_local(model) else DEFAULT_CONCURRENCY
