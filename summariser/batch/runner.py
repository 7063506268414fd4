"""Run a batch: documents through a session, so many at once, each ending as a result."""

import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue

from summariser.batch.budget import Budget
from summariser.batch.ledger import Job, Ledger, Patience, made
from summariser.batch.results import Order, Result, in_order
from summariser.batch.sources import Item
from summariser.batch.throttle import Throttle
from summariser.models.naming import is_local
from summariser.pipeline import Session

SWITCHING = 0.001  # seconds after which a thread lets others run, so that requests go out while documents are read
AGAIN = 0.05  # seconds until another process's claim is looked at again
_AHEAD = 4  # results in input order may be ahead of the first by so many times the concurrency
_WAITING = 256  # results that nobody took yet, beyond which no document is begun
DEFAULT_CONCURRENCY = 16


@dataclass(kw_only=True)
class Batch:
    """Documents to be summarised by one session that is not open yet. Run it once, within the session's `with`.

    `concurrency` is 16 unless given, for local models 1; requests and tokens a minute are limited where given. `limit`
    ends it after so many documents; reaching the budget, `stop` and an error that would meet every document (or a
    provider that fails at many in a row) begin no more of them, and what is under way is finished. `over_budget` and
    `fatal` say why it ended early.
    """

    items: Iterable[Item]
    session: Session
    budget: Budget
    concurrency: int | None = None
    order: Order = "completion"
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    retry_failed: bool = False
    limit: int | None = None
    over_budget: bool = False
    under_way: str = ""
    fatal: BaseException | None = None
    _stopped: bool = False
    _taken: int = 0
    _given: int = 0
    _under_way: int = 0
    _results: "SimpleQueue[Result | None]" = field(default_factory=SimpleQueue)
    _lock: threading.Condition = field(default_factory=threading.Condition)
    _postponed: "deque[tuple[int, Item]]" = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._ledger = Ledger(self.session, retry_failed=self.retry_failed)
        most = self.concurrency or default_concurrency(self.session.name)
        self._patience = Patience(most)
        self._workers = most + most // 3  # some read and check their documents while so many wait for answers
        self._gate = self.session.gate = Throttle(
            most=most,
            budget=self.budget,
            requests_per_minute=self.requests_per_minute,
            tokens_per_minute=self.tokens_per_minute,
        )

    def stop(self) -> None:
        """Begin no more documents; what is under way is finished."""
        with self._lock:
            self._stopped = True
            self._lock.notify_all()

    def run(self) -> Iterator[Result]:
        """The results, as they come or in the documents' order. Raises `fatal` at the end, if there is one."""
        coming = enumerate(self.items)
        workers = [threading.Thread(target=self._work, args=(coming,), daemon=True) for _ in range(self._workers)]
        switching = sys.getswitchinterval()
        sys.setswitchinterval(min(switching, SWITCHING))
        for worker in workers:
            worker.start()
        try:
            done = self._coming_in(len(workers))
            for result in in_order(done) if self.order == "input" else done:
                yield self._handed_out(result)
        finally:
            self.stop()
            sys.setswitchinterval(switching)
        if self.fatal is not None:
            raise self.fatal

    def _coming_in(self, working: int) -> Iterator[Result]:
        """The results of so many workers, as they are done."""
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

    def _work(self, coming: Iterator[tuple[int, Item]]) -> None:
        try:
            while (taken := self._take(coming)) is not None:
                self._finish(*taken)
        except BaseException as error:  # of the model, the store or the sources: it would meet every document
            self._end(error)
        finally:
            self._results.put(None)

    def _take(self, coming: Iterator[tuple[int, Item]]) -> tuple[int, Item] | None:
        """The next document; None where there is none, or none may be begun any more."""
        with self._lock:
            while self._must_wait():
                self._lock.wait()
            if not self._stopped and self.budget.reached:
                self.over_budget = self._stopped = True
                self._lock.notify_all()
            if self._stopped:
                return None
            found = None if self.limit is not None and self._taken >= self.limit else next(coming, None)
            if found is None:
                return self._take_postponed()
            self._taken += 1
            self._under_way += 1
            return found

    def _must_wait(self) -> bool:
        """Whether too many results wait to be taken, or in their order for the first."""
        ahead = self._taken - self._given
        most = _AHEAD * self._workers if self.order == "input" else _WAITING + self._workers
        return not self._stopped and ahead >= most

    def _take_postponed(self) -> tuple[int, Item] | None:
        """A document that somebody else had in hand."""
        while not self._stopped:
            if self._postponed:
                self._under_way += 1
                return self._postponed.popleft()
            if not self._under_way:
                return None
            self._lock.wait(AGAIN)
        return None

    def _finish(self, number: int, item: Item) -> None:
        """Put what becomes of a document among the results; or put it off, where it is in another's hands."""
        result: Result | None = None
        try:
            with self._gate.turn:
                result = self._result(number, item)
        finally:
            with self._lock:
                self._under_way -= 1
                if result is None and not self._stopped:
                    self._postponed.append((number, item))
                self._lock.notify_all()
        if result is not None:
            self._results.put(result)
        else:
            time.sleep(AGAIN)

    def _result(self, number: int, item: Item) -> Result | None:
        """What becomes of a document; None where another thread or process has it in hand."""
        begun = self._ledger.begin(number, item)
        if not isinstance(begun, Job):
            return begun
        try:
            result = made(self.session, begun.document, begun.result)
        except BaseException:
            self._ledger.drop(begun)
            raise
        if (error := self._patience.ended_by(result)) is not None:
            self._end(error)
        return self._ledger.end(begun, result)

    def _end(self, error: BaseException) -> None:
        with self._lock:
            self.fatal = self.fatal or error
            self._stopped = True
            self._lock.notify_all()


def default_concurrency(model: str) -> int:
    """How many documents at once: 1 for a local model, which answers one request at a time."""
    return 1 if is_local(model) else DEFAULT_CONCURRENCY
