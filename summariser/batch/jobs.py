"""Which documents of a batch are known, in somebody's hands, or to be made; and what is kept of what they became."""

import traceback
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from pathlib import Path

from summariser.batch.results import Result, is_providers
from summariser.batch.sources import Item
from summariser.documents import Document
from summariser.errors import (
    IncompleteError,
    InputError,
    InternalError,
    KnownFailureError,
    ModelError,
    ProviderError,
    SummariserError,
    code_of,
)
from summariser.models import Model
from summariser.models.classification import DeferredError
from summariser.pipeline import Session
from summariser.storage import Failure, Store

_IN_A_ROW = 10  # documents at which a provider fails, after which it is taken to be down
_INCOMPLETE = frozenset({"call_failed", "answer_incomplete", "read_in_part"})  # warnings that say why
_FATAL = frozenset({401, 402, 403, 404})  # the same for every document


@dataclass(frozen=True, kw_only=True)
class Job:
    """A document that is to be summarised now, and that nobody else has in hand; `key` is the store's for it."""

    result: Result
    document: Document
    key: str


class Jobs:
    """The books of one batch, through its session's store where there is one. For any number of workers.

    Whoever begins a document ends it, or drops it. A failure is kept where it says something about the document, not of
    a provider's. A text that comes several times in a run is made once, also where it is to be made again.
    """

    def __init__(self, session: Session, *, retry_failed: bool = False) -> None:
        self._session, self._retry_failed = session, retry_failed
        self._again = retry_failed or session.settings.refresh
        self._done: set[bytes] = set()  # keys ended in this run, where what the store has may be made again

    def begin(self, number: int, item: Item) -> Result | Job | None:
        """Return what is known of a document, else a Job to be done; None where another worker has it in hand."""
        result = Result(number=number, id=item.id, source=item.source or item.id)
        try:
            document = item.document(max_characters=self._session.settings.max_characters)
        except InputError as error:
            return replace(result, error=error)
        if self._session.store is None:
            return Job(result=result, document=document, key="")
        job = Job(result=result, document=document, key=self._session.key(document))
        return self._known(job) or self._taken_in_hand(job)

    @property
    def _store(self) -> Store:
        assert self._session.store is not None  # noqa: S101  # asked before
        return self._session.store

    def _known(self, job: Job) -> Result | None:
        """Return what the store has of a document, unless that is to be made again and was not in this run."""
        now = bytes.fromhex(job.key) in self._done
        refresh = self._session.settings.refresh and not now
        if not refresh and (kept := self._store.summary(job.key, source=job.document.source)):
            return replace(job.result, summary=kept, kept=True)
        if (now or not self._again) and (failure := self._store.failure(job.key)):
            return replace(job.result, error=_known_failure(failure, now=now), kept=True)
        return None

    def _taken_in_hand(self, job: Job) -> Result | Job | None:
        if not self._store.take_in_hand(job.key):
            return None
        begun: Result | Job | None = None
        try:
            if self._store.claim(job.key):
                begun = self._known(job) or job  # somebody may have ended it since
        finally:
            if begun is None:
                self._store.put_out_of_hand(job.key)
        if isinstance(begun, Result):
            self.drop(job)
        return begun

    def end(self, job: Job, made: Result) -> Result:
        """Keep what became of a document; the same result."""
        if self._session.store is None:
            return made
        if made.error is None and made.summary is not None:
            self._store.keep(job.key, made.summary)
        elif made.error is None or is_providers(made.error):
            self._store.release(job.key)
        else:
            self._store.keep_failure(job.key, Failure(code_of(made.error), str(made.error)))
        if self._again and not is_providers(made.error):
            self._done.add(bytes.fromhex(job.key))
        self._store.put_out_of_hand(job.key)
        return made

    def drop(self, job: Job) -> None:
        """Give a document up with nothing known of it."""
        if self._session.store is not None:
            self._store.release(job.key)
            self._store.put_out_of_hand(job.key)


def _known_failure(failure: Failure, *, now: bool) -> KnownFailureError:
    earlier = "It failed in an earlier run; it is tried again where retry_failed or refresh is set."
    before = "The same text failed in this run." if now else earlier
    return KnownFailureError(f"{failure.reason} ({before})", code=failure.code)


class Patience:
    """When to end a run: at a provider's error that would meet every document, or that met too many in a row."""

    def __init__(self, at_once: int) -> None:
        self._most = max(_IN_A_ROW, 3 * at_once)
        self._failing = 0

    def ended_by(self, result: Result) -> SummariserError | None:
        """Return the error of a result, where it ends the run."""
        if not is_providers(result.error):
            self._failing = 0
            return None
        self._failing += 1
        fatal = isinstance(result.error, ProviderError) and result.error.status in _FATAL
        return result.error if fatal or self._failing >= self._most else None


async def made(session: Session, model: Model, document: Document, result: Result) -> Result:
    """Return the result of a document summarised now.

    Raises what would meet every document: an error of the settings, the weights or the store; DeferredError; and
    CancelledError where no further request may begin.
    """
    try:
        summary = await session.make(document, model, id=result.id)
    except (DeferredError, CancelledError):
        raise
    except (ModelError, InputError) as error:
        return replace(result, error=error)
    except SummariserError:
        raise
    except Exception as error:  # one document's bug must not cost the others
        where = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
        return replace(result, error=InternalError(f"A bug in summariser ({told}); please report it."))
    if summary.run.status == "ok":
        return replace(result, summary=summary)
    why = next((w.message for w in summary.warnings if w.code in _INCOMPLETE), "Some of its calls failed.")
    by_provider = summary.run.status == "partial"  # the other states say that the answers were to blame
    return replace(result, summary=summary, error=IncompleteError(why, by_provider=by_provider))
