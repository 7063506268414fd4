"""Decide which documents of a batch must be summarised, and store the results."""

import traceback
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from pathlib import Path

from summariser.batch.results import Result, is_provider_failure
from summariser.batch.sources import Item
from summariser.documents import Document
from summariser.errors import (
    IncompleteError,
    InputError,
    InternalError,
    KnownFailureError,
    LostError,
    ModelError,
    ProviderError,
    SummariserError,
    code_of,
)
from summariser.models import DeferredError, Model
from summariser.pipeline import Session
from summariser.storage import Failure, Store

_MAX_FAILURES_IN_A_ROW = 10  # consecutive failures of a provider, after which it counts as down
_INCOMPLETE = frozenset({"call_failed", "answer_incomplete", "read_in_part"})  # warnings that give the reason
_FATAL = frozenset({401, 402, 403, 404})  # the same for every document


@dataclass(frozen=True, kw_only=True)
class Job:
    """A document that this worker has claimed; `key` is its key in the store, or "" without a store."""

    result: Result
    document: Document
    key: str


class Jobs:
    """The jobs of one batch, with the session's store if there is one. Several workers may use it.

    A worker that begins a job must end or drop it. Failures of a document are stored, failures of a provider are not.
    With a store, a text that occurs several times in a run is summarised once, also with `retry_failed` or the setting
    refresh.
    """

    def __init__(self, session: Session, *, retry_failed: bool = False) -> None:
        self._session = session
        self._again = retry_failed or session.settings.refresh
        self._done: set[bytes] = set()  # keys finished in this run, if stored results are ignored

    def begin(self, number: int, item: Item) -> Result | Job | None:
        """Claim a document.

        Args:
            number: The position of the document in the batch, from 0.
            item: The document.

        Returns:
            The Result if the document cannot be read or the store has its result; otherwise a Job; None if another
            worker or process has claimed the document.
        """
        result = Result(number=number, id=item.id, source=item.source or item.id)
        try:
            document = item.document(**self._session.settings.reading)
        except InputError as error:
            return replace(result, error=error)
        if self._session.store is None:
            return Job(result=result, document=document, key="")
        job = Job(result=result, document=document, key=self._session.key(document))
        return self._known(job) or self._claimed(job)

    @property
    def _store(self) -> Store:
        assert self._session.store is not None  # noqa: S101  # the callers check this
        return self._session.store

    def _known(self, job: Job) -> Result | None:
        """Return the stored result of a document; None if there is none or it must be renewed in this run."""
        now = bytes.fromhex(job.key) in self._done
        refresh = self._session.settings.refresh and not now
        if not refresh and (kept := self._store.summary(job.key, source=job.document.source)):
            return replace(job.result, summary=kept, kept=True)
        if (now or not self._again) and (failure := self._store.failure(job.key)):
            return replace(job.result, error=_known_failure(failure, now=now), kept=True)
        return None

    def _claimed(self, job: Job) -> Result | Job | None:
        if not self._store.mark_in_progress(job.key):
            return None
        begun: Result | Job | None = None
        try:
            if self._store.claim(job.key):
                begun = self._known(job) or job  # another process may have finished it
        finally:
            if begun is None:
                self._store.unmark_in_progress(job.key)
        if isinstance(begun, Result):
            self.drop(job)
        return begun

    def end(self, job: Job, finished: Result) -> Result:
        """Store the result of a job, release its claim and return the result."""
        if self._session.store is None:
            return finished
        if finished.error is None and finished.summary is not None:
            self._store.keep(job.key, finished.summary)
        elif finished.error is None or is_provider_failure(finished.error):
            self._store.release(job.key)
        else:
            self._store.keep_failure(job.key, Failure(code_of(finished.error), str(finished.error)))
        if self._again and not is_provider_failure(finished.error):
            self._done.add(bytes.fromhex(job.key))
        self._store.unmark_in_progress(job.key)
        return finished

    def drop(self, job: Job) -> None:
        """Release the claim of a job without a result."""
        if self._session.store is not None:
            self._store.release(job.key)
            self._store.unmark_in_progress(job.key)


def _known_failure(failure: Failure, *, now: bool) -> KnownFailureError:
    earlier = "It failed in an earlier run; set retry_failed or refresh to try it again."
    before = "The same text failed in this run." if now else earlier
    return KnownFailureError(f"{failure.reason} ({before})", code=failure.code)


class FailureLimit:
    """Decides whether a provider's error ends a run: an error that affects every document, or too many in a row."""

    def __init__(self, at_once: int) -> None:
        self._most = max(_MAX_FAILURES_IN_A_ROW, 3 * at_once)
        self._failing = 0

    def fatal_error(self, result: Result) -> SummariserError | None:
        """Return the error of a result if it ends the run, otherwise None."""
        if not is_provider_failure(result.error):
            self._failing = 0
            return None
        self._failing += 1
        fatal = isinstance(result.error, ProviderError) and result.error.status in _FATAL
        return result.error if fatal or self._failing >= self._most else None


async def summarise_job(session: Session, model: Model, document: Document, result: Result) -> Result:
    """Summarise a document and return its Result.

    Args:
        session: The prompt and settings.
        model: The model to ask.
        document: The document.
        result: The Result to complete, with number, id and source.

    Returns:
        The Result with the Summary, or with the error if it concerns this document only.

    Raises:
        SummariserError: An error of the settings, the weights or the store, which would occur with every document.
        DeferredError: A batch API has not answered yet.
        CancelledError: No further request may start.
    """
    try:
        summary = await session.make(document, model, id=result.id)
    except (DeferredError, CancelledError):
        raise
    except (ModelError, InputError, LostError) as error:
        return replace(result, error=error)
    except SummariserError:
        raise
    except Exception as error:  # a bug with one document must not end the run
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
        return replace(result, error=InternalError(f"A bug in summariser ({place}); please report it."))
    if summary.run.status == "ok":
        return replace(result, summary=summary)
    why = next((w.message for w in summary.warnings if w.code in _INCOMPLETE), "Some of its requests failed.")
    by_provider = summary.run.status == "partial"  # any other status means that the answers were unusable
    return replace(result, summary=summary, error=IncompleteError(why, by_provider=by_provider))
