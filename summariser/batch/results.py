"""The result of one document of a batch."""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

from summariser.batch.spool import Spool
from summariser.errors import IncompleteError, ProviderError, SummariserError, code_of
from summariser.schema import RunStatus, Summary

Order = Literal["completion", "input"]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of one document: a Summary, an error, or both if only some of its requests failed.

    Attributes:
        number: The position of the document in the input, from 0.
        id: The name of the document in the input.
        source: The name of the document in its Summary.
        summary: The Summary; None if the document failed.
        error: The error; None if the Summary is complete.
        kept: True if the result comes from the store.
    """

    number: int
    id: str
    source: str
    summary: Summary | None = None
    error: SummariserError | None = None
    kept: bool = False

    @property
    def status(self) -> RunStatus | Literal["failed"]:
        """The summary's `run.status`, or "failed" if there is no summary."""
        return "failed" if self.summary is None else self.summary.run.status

    def raise_for_status(self) -> None:
        """Raise the error if the status is not "ok".

        Raises:
            SummariserError: The error of the summary, or `error` if there is no summary.
        """
        if self.summary is not None:
            self.summary.raise_for_status()
        elif self.error is not None:
            raise self.error

    @property
    def failed(self) -> bool:
        """True if the document has no complete Summary."""
        return self.error is not None

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain JSON: `id`, `source`, `summary`, `error`."""
        error = {"code": code_of(self.error), "message": str(self.error)} if self.error else None
        summary = self.summary.model_dump(mode="json") if self.summary else None
        return {"id": self.id, "source": self.source, "summary": summary, "error": error}


def is_provider_failure(error: SummariserError | None) -> bool:
    """Return True if an error concerns the provider, not the document."""
    return isinstance(error, ProviderError) or (isinstance(error, IncompleteError) and error.by_provider)


class Ordering:
    """Sorts results into the wanted order; use it as a context manager, which frees its temporary file."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._spool: Spool[Result] = Spool()
        self._waiting: dict[int, int] = {}
        self._given = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def add(self, result: Result) -> Iterator[Result]:
        """Add a result, and yield the results whose turn has come."""
        if self._order == "completion":
            yield result
            return
        if result.number != self._given:
            self._waiting[result.number] = self._spool.put(result)
            return
        yield result
        self._given += 1
        while (place := self._waiting.pop(self._given, None)) is not None:
            yield self._spool.get(place)
            self._given += 1

    def rest(self) -> Iterator[Result]:
        """Yield the results behind a missing one, at the end of a run that ended early."""
        for number in sorted(self._waiting):
            yield self._spool.get(self._waiting[number])


def ordered(results: Generator[Result], order: Order) -> Iterator[Result]:
    """Yield results in an order; closing this generator closes `results`.

    Args:
        results: The results in the order of completion.
        order: "completion", or "input" for the order of the documents. Results behind a missing one come at the end.
    """
    with Ordering(order) as ordering, closing(results):
        for result in results:
            yield from ordering.add(result)
        yield from ordering.rest()
