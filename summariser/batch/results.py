"""What becomes of one document of a batch: a Summary, an error, or both."""

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
    def status(self) -> RunStatus | Literal["failed"]:
        """How it went: the summary's `run.status`, or "failed" where there is none."""
        return "failed" if self.summary is None else self.summary.run.status

    def raise_for_status(self) -> None:
        """Raise the error unless the status is "ok": that of the summary, or where there is none `error`."""
        if self.summary is not None:
            self.summary.raise_for_status()
        elif self.error is not None:
            raise self.error

    @property
    def failed(self) -> bool:
        """Whether the document has no whole Summary."""
        return self.error is not None

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain JSON: `id`, `source`, `summary`, `error`."""
        error = {"code": code_of(self.error), "message": str(self.error)} if self.error else None
        summary = self.summary.model_dump(mode="json") if self.summary else None
        return {"id": self.id, "source": self.source, "summary": summary, "error": error}


def is_providers(error: SummariserError | None) -> bool:
    """Return True if an error says something about the provider, not about the document."""
    return isinstance(error, ProviderError) or (isinstance(error, IncompleteError) and error.by_provider)


class Ordering:
    """Puts results into an order; close it, or use it in a `with`, to free what it holds."""

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
        """Yield what can be given out now that a result is there."""
        if self._order == "completion":
            yield result
            return
        if result.number != self._given:
            self._waiting[result.number] = self._spool.put(result)
            return
        yield result
        self._given += 1
        while (place := self._waiting.pop(self._given, None)) is not None:
            yield self._spool.pick(place)
            self._given += 1

    def rest(self) -> Iterator[Result]:
        """Yield those behind a missing one, of a run that was ended early."""
        for number in sorted(self._waiting):
            yield self._spool.pick(self._waiting[number])


def ordered(results: Generator[Result], order: Order) -> Iterator[Result]:
    """Yield the results as they come, or in the order of their documents; those behind a missing one at the end.

    Where this is closed, so are they.
    """
    with Ordering(order) as ordering, closing(results):
        for result in results:
            yield from ordering.add(result)
        yield from ordering.rest()
