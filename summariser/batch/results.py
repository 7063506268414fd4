"""What becomes of one document of a batch: a Summary, an error, or both."""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal

from summariser.batch.spool import Spool
from summariser.errors import IncompleteError, ProviderError, SummariserError, code_of
from summariser.schema import Summary

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
    def failed(self) -> bool:
        """Whether the document has no whole Summary."""
        return self.error is not None

    def to_json(self) -> dict[str, Any]:
        """The result as plain JSON: `id`, `source`, `summary`, `error`."""
        error = {"code": code_of(self.error), "message": str(self.error)} if self.error else None
        summary = self.summary.model_dump(mode="json") if self.summary else None
        return {"id": self.id, "source": self.source, "summary": summary, "error": error}


def is_providers(error: SummariserError | None) -> bool:
    """Whether an error says something about the provider, not about the document."""
    return isinstance(error, ProviderError) or (isinstance(error, IncompleteError) and error.by_provider)


def ordered(results: Generator[Result], order: Order) -> Iterator[Result]:
    """The results as they come, or in the order of their documents; those behind a missing one at the end.

    Where this is closed, so are they.
    """
    if order == "completion":
        yield from results
        return
    spool: Spool[Result] = Spool()
    with closing(spool), closing(results):
        yield from _in_order(results, spool)


def _in_order(results: Iterator[Result], spool: Spool[Result]) -> Iterator[Result]:
    waiting: dict[int, int] = {}
    given = 0
    for result in results:
        if result.number != given:
            waiting[result.number] = spool.put(result)
            continue
        yield result
        given += 1
        while (place := waiting.pop(given, None)) is not None:
            yield spool.pick(place)
            given += 1
    for number in sorted(waiting):  # of a run that was ended early
        yield spool.pick(waiting[number])
