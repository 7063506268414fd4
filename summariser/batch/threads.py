"""Run a batch: documents through a session, so many at once, each ending as a result."""

import atexit
import threading
import time
from collections.abc import Generator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from queue import SimpleQueue

from summariser.batch.engine import Engine, Numbered
from summariser.batch.jobs import Job, Jobs, Patience, made
from summariser.batch.rate_limit import Throttle
from summariser.batch.results import Result, ordered
from summariser.batch.sources import Item
from summariser.models.names import is_local

SWITCHING = 0.001  # a switch interval, in seconds, for a process of its own: requests go out while documents are read
AGAIN = 0.05  # seconds until another process's claim is looked at again
_AHEAD = 4  # results in input order may be ahead of the first by so many times the concurrency
_WAITING = 256  # results that nobody took yet, beyond which no document is begun
DEFAULT_CONCURRENCY = 16


@dataclass(kw_only=True)
class Batch(Engine):
    """The engine that asks from here, in threads.

    `concurrency` is 16 unless given, for local models 1; requests and tokens a minute are limited where given.
    """

    concurrency: int | None = None
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._stopped = False
        self._fatal: BaseException | None = None
        self._given = self._in_work = 0
        self._reading = False
        self._results: SimpleQueue[Result | None] = SimpleQueue()
        self._lock = threading.Condition()
        self._jobs = Jobs(self.session, retry_failed=self.retry_failed)
        most = self.concurrency or default_concurrency(self.session.name)
        self._patience = Patience(most)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads_for(most))]
        self._gate = self.session.gate = Throttle(
            most=most,
            budget=self.budget,
            requests_per_minute=self.requests_per_minute,
            tokens_per_minute=self.tokens_per_minute,
        )
        self.session.sleep = self._gate.sleep

    def stop(self) -> None:
        """Begin no more documents; what is under way is finished."""
        self._stopped = True  # without the lock: a signal's handler waits for nobody

    def run(self) -> Generator[Result]:
        """The results, as they come or in the documents' order. Raises what would meet every document."""
        for thread in self._threads:
            thread.start()
        atexit.register(self._end_early)  # whoever holds the iterator until the end of the program never closes it
        try:
            for result in ordered(self._coming_in(), self.order):
                yield self._handed_out(result)
        finally:
            atexit.unregister(self._end_early)
            self._end_early()
            self._postponed.close()
        if self._fatal is not None:
            raise self._fatal

    def _end_early(self) -> None:
        """Begin nothing more, not even a request; come back once what is under way is kept."""
        self._gate.close()
        self.stop()
        with self._lock:
            while self._in_work and self._waits:
                self._lock.wait(AGAIN)

    def _coming_in(self) -> Generator[Result]:
        """The results of all workers, as they are done."""
        working = len(self._threads)
        while working:
            result = self._results.get()
            if result is None:
                working -= 1
            else:
                yield result

    def _handed_out(self, result: Result) -> Result:
        with self._lock:
            self._given += 1
            self._lock.notify_all()
        return result

    # ── a worker ─────────────────────────────────────────────────────────────────────────────────

    def _work(self) -> None:
        try:
            while (taken := self._take()) is not None:
                self._finish(*taken)
        except CancelledError:  # the run was closed before this worker's next request
            pass
        except BaseException as error:  # of the model, the store or the sources: it would meet every document
            self._end(error)
        finally:
            self._results.put(None)

    def _take(self) -> Numbered | None:
        """The next document; None where there is none, or none may be begun any more."""
        with self._lock:
            while not self._stopped:
                found = self._read() or self._put_off()
                if found is not None and not self._stopped:
                    self._in_work += 1
                    return found
                at_work = self._in_work or self._reading
                if not at_work and (self.over_budget or not (self._postponed or self._must_wait())):
                    return None
                self._lock.wait(AGAIN)
            return None

    def _read(self) -> Numbered | None:
        """The next document of the sources, read by one worker at a time.

        The lock is given up meanwhile: whoever has a result, or closes the run, does not wait for a source.
        """
        if self._reading or self._must_wait():
            return None
        self._reading = True
        self._lock.release()
        try:
            return self._new()
        finally:
            self._lock.acquire()
            self._reading = False
            self._lock.notify()

    def _put_off(self) -> Numbered | None:
        """A document that somebody else had in hand, if there is one and the budget allows for it."""
        if self._postponed and self.budget.reached:
            self.over_budget = True
        return self._postponed.take() if self._postponed and not self.over_budget else None

    def _must_wait(self) -> bool:
        """Whether too many results wait to be taken, or in their order for the first."""
        ahead = self._taken - self._given
        if self.order == "input":
            return not self._stopped and ahead >= _AHEAD * len(self._threads)
        return not self._stopped and ahead - len(self._postponed) >= _WAITING + len(self._threads)

    def _finish(self, number: int, item: Item) -> None:
        """Put what becomes of a document among the results; or put it off, where it is in another's hands."""
        result: Result | None = None
        try:
            with self._gate.turn:
                result = self._result(number, item)
        finally:
            with self._lock:
                self._in_work -= 1
                if result is None and not self._stopped:
                    self._postponed.put((number, item))
                self._lock.notify_all()
        if result is not None:
            self._results.put(result)
        else:
            time.sleep(AGAIN)

    def _result(self, number: int, item: Item) -> Result | None:
        """What becomes of a document; None where another thread or process has it in hand."""
        begun = self._jobs.begin(number, item)
        if not isinstance(begun, Job):
            return begun
        try:
            result = made(self.session, begun.document, begun.result)
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


def threads_for(at_once: int) -> int:
    """How many threads for so many requests at once: some read and check their documents while others wait."""
    return at_once + at_once // 3


def default_concurrency(model: str) -> int:
    """How many documents at once: 1 for a local model, which answers one request at a time."""
    return 1 if is_local(model) else DEFAULT_CONCURRENCY
