"""Run a batch: documents through a session, so many at once, each ending as a result."""

import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal

from summariser import events
from summariser.batch.budget import Budget
from summariser.batch.sources import Item
from summariser.batch.throttle import Throttle
from summariser.document import Document
from summariser.errors import InputError, ModelError, ProviderError, SummariserError
from summariser.models.door import Model
from summariser.models.naming import is_local
from summariser.pipeline import Session, Source
from summariser.schema import Summary
from summariser.settings import Settings, load_settings
from summariser.store import Failure

Order = Literal["completion", "input"]
_IN_A_ROW = 10  # documents at which a provider fails, after which it is taken to be down
_FATAL = frozenset({401, 402, 403, 404})  # the same for every document
_SWITCHING = 0.001  # seconds after which a thread lets others run, so that requests go out while documents are read
_AGAIN = 0.05  # seconds until another process's claim is looked at again
_AHEAD = 4  # results in input order may be ahead of the first by so many times the concurrency
_WAITING = 256  # results that nobody took yet, beyond which no document is begun
DEFAULT_CONCURRENCY = 16


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one document: a Summary, or an error, or both where only some of its calls failed.

    `kept` says that it was in the store; `number` counts the documents from 0 in the order of their coming.
    """

    number: int
    id: str
    source: str
    summary: Summary | None = None
    error: SummariserError | None = None
    kept: bool = False

    @property
    def failed(self) -> bool:
        """Whether the document has no whole Summary."""
        return self.error is not None

    def to_json(self) -> dict[str, Any]:
        """The result as plain JSON: `id`, `source`, `summary`, `error`."""
        error = {"code": _code_of(self.error), "message": str(self.error)} if self.error else None
        summary = self.summary.model_dump(mode="json") if self.summary else None
        return {"id": self.id, "source": self.source, "summary": summary, "error": error}


def _code_of(error: SummariserError) -> str:
    """The name of an error's class, or of the documented one that it is a kind of."""
    if isinstance(error, KnownFailure):
        return error.code
    documented = (cls.__name__ for cls in type(error).__mro__ if cls.__module__ in ("summariser.errors", __name__))
    return next(documented)


class KnownFailure(SummariserError):
    """A failure of an earlier run; `code` is the name of its error."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.reason} (It failed in an earlier run; --retry-failed tries again.)")
        self.code = failure.code


class InternalError(SummariserError):
    """A document met a bug of the program's; the others go on."""


class IncompleteError(ModelError):
    """Some of a document's calls failed; its Summary holds what the others gave."""


@dataclass(kw_only=True)
class Batch:
    """Documents to be summarised by one session that is not open yet. Run it once, within the session's `with`.

    `concurrency` is 16 unless given, for local models 1; requests and tokens a minute are limited where given. `limit`
    ends it after so many documents; reaching the budget, `stop` and an error that would meet every document (or a
    provider that fails at many in a row) begin no more of them, and what is under way is finished. `over_budget` and
    `fatal` say why it ended early. A failure is kept where it says something about the document, not of a provider's.
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
    fatal: BaseException | None = None
    _stopped: bool = False
    _taken: int = 0
    _given: int = 0
    _under_way: int = 0
    _failing: int = 0
    _results: "SimpleQueue[Result | None]" = field(default_factory=SimpleQueue)
    _lock: threading.Condition = field(default_factory=threading.Condition)
    _in_hand: set[str] = field(default_factory=set)
    _postponed: "deque[tuple[int, Item]]" = field(default_factory=deque)

    def __post_init__(self) -> None:
        most = self.concurrency or default_concurrency(self.session.name)
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
        sys.setswitchinterval(min(switching, _SWITCHING))
        for worker in workers:
            worker.start()
        try:
            yield from self._given_in_order(len(workers))
        finally:
            self.stop()
            sys.setswitchinterval(switching)
        if self.fatal is not None:
            raise self.fatal

    def _given_in_order(self, working: int) -> Iterator[Result]:
        """The results of so many workers, in their order where that is wanted."""
        waiting: dict[int, Result] = {}
        while working:
            result = self._results.get()
            if result is None:
                working -= 1
                continue
            if self.order == "completion":
                yield self._handed_out(result)
                continue
            waiting[result.number] = result
            while (first := waiting.pop(self._given, None)) is not None:
                yield self._handed_out(first)
        yield from (waiting[number] for number in sorted(waiting))  # of a run that was ended early

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
            self._lock.wait(_AGAIN)
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
            time.sleep(_AGAIN)

    def _result(self, number: int, item: Item) -> Result | None:
        """What becomes of a document; None where another thread or process has it in hand."""
        result = Result(number=number, id=item.id, source=item.source or item.id)
        try:
            document = item.document(max_characters=self.session.settings.max_characters)
        except InputError as error:
            return replace(result, error=error)
        if self.session.store is None:
            return self._made(result, document)
        return self._through_store(result, document)

    def _through_store(self, result: Result, document: Document) -> Result | None:
        session, store = self.session, self.session.store
        assert store is not None  # noqa: S101  # asked before
        key = session.key(document)
        if kept := session.kept(document):
            return replace(result, summary=kept, kept=True)
        if not self.retry_failed and not session.settings.refresh and (failure := store.failure(key)):
            return replace(result, error=KnownFailure(failure), kept=True)
        with self._lock:
            if key in self._in_hand:
                return None
            self._in_hand.add(key)
        try:
            return self._claimed(result, document, key)
        finally:
            with self._lock:
                self._in_hand.discard(key)

    def _claimed(self, result: Result, document: Document, key: str) -> Result | None:
        session, store = self.session, self.session.store
        assert store is not None  # noqa: S101  # asked before
        claim = store.claim(key) if not session.settings.refresh else "ours"
        if claim == "theirs":
            return None
        if claim == "done" and (kept := session.kept(document)):
            return replace(result, summary=kept, kept=True)
        try:
            made = self._made(result, document)
        except BaseException:
            store.release(key)
            raise
        if made.error is None and made.summary is not None:
            store.keep(key, made.summary)
        elif made.error is None or isinstance(made.error, ProviderError):  # which says nothing about the document
            store.release(key)
        else:
            store.keep_failure(key, Failure(_code_of(made.error), str(made.error)))
        return made

    def _made(self, result: Result, document: Document) -> Result:
        """A document summarised now."""
        try:
            summary = self.session.make(document)
        except (ModelError, InputError) as error:
            self._note_failure(error)
            return replace(result, error=error)
        except SummariserError:
            raise
        except Exception as error:  # one document's bug must not cost the others
            where = traceback.extract_tb(error.__traceback__)[-1]
            told = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
            return replace(result, error=InternalError(f"A bug in summariser ({told}); please report it."))
        self._failing = 0
        if summary.run.status == "ok":
            return replace(result, summary=summary)
        why = next((w.message for w in summary.warnings if w.code == "call_failed"), "Some of its calls failed.")
        return replace(result, summary=summary, error=IncompleteError(why))

    def _note_failure(self, error: SummariserError) -> None:
        """End the run at a provider's error that would meet every document, or that met so many in a row."""
        if not isinstance(error, ProviderError):
            self._failing = 0
            return
        self._failing += 1
        if error.status in _FATAL or self._failing >= max(_IN_A_ROW, 2 * self._workers):
            self._end(error)

    def _end(self, error: BaseException) -> None:
        with self._lock:
            self.fatal = self.fatal or error
            self._stopped = True
            self._lock.notify_all()


def summarise_many(  # noqa: PLR0913  # what users of the function know it by
    sources: Iterable[Source],
    *,
    model: "str | Model | None" = None,
    prompt: str | None = None,
    concurrency: int | None = None,
    max_cost: float | None = None,
    max_tokens: int | None = None,
    order: Order = "completion",
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> Iterator[Result]:
    """Summarise many sources at once: Paths (files), strings (texts) or Documents, taken as they are wanted.

    Yields a Result for each as it is done (or in their order); a failure is a value, not an exception. `max_cost` is in
    US dollars, `max_tokens` counts those read and written; no document is begun once a limit is reached. With a `store`
    in the settings nothing is made that was made before. `concurrency` is 16 unless given, for local models 1.

    Raises ConfigurationError, StoreError, WeightsError, or a ProviderError that would meet every source (a wrong key).
    """
    settings = settings or load_settings()
    session = Session(model=model, prompt=prompt, settings=settings, listener=listener)
    items = (_item(number, source) for number, source in enumerate(sources))
    budget = Budget(session.name, max_cost, max_tokens)
    with session:
        yield from Batch(items=items, session=session, budget=budget, concurrency=concurrency, order=order).run()


def default_concurrency(model: str) -> int:
    """How many documents at once: 1 for a local model, which answers one request at a time."""
    return 1 if is_local(model) else DEFAULT_CONCURRENCY


def _item(number: int, source: Source) -> Item:
    if isinstance(source, Path):
        return Item(id=str(source), path=source)
    if isinstance(source, Document):
        return Item(id=source.source, source=source.source, ready=source)
    return Item(id=str(number), text=source, source="text")
