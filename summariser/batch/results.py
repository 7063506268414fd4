"""What becomes of one document of a batch: a Summary, an error, or both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from summariser import errors
from summariser.batch.shelf import Shelf
from summariser.errors import ModelError, ProviderError, SummariserError
from summariser.schema import Summary
from summariser.store import Failure

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


class KnownFailure(SummariserError):
    """A failure of an earlier run; `code` is the name of its error."""

    def __init__(self, failure: Failure, *, now: bool = False) -> None:
        before = (
            "The same text failed in this run." if now else "It failed in an earlier run; --retry-failed tries again."
        )
        super().__init__(f"{failure.reason} ({before})")
        self.code = failure.code


class InternalError(SummariserError):
    """A document met a bug of the program's; the others go on."""


class LostError(SummariserError):
    """The workers that had a document were lost, one after the other."""


class IncompleteError(ModelError):
    """Some of a document's calls failed; its Summary holds what the others gave.

    `by_provider` says that the provider may have failed, not the document.
    """

    def __init__(self, message: str, *, by_provider: bool = False) -> None:
        super().__init__(message)
        self.by_provider = by_provider


def is_providers(error: SummariserError | None) -> bool:
    """Whether an error says something about the provider, not about the document."""
    return isinstance(error, ProviderError) or (isinstance(error, IncompleteError) and error.by_provider)


def code_of(error: SummariserError) -> str:
    """The name of an error's class, or of the documented one that it is a kind of."""
    if isinstance(error, KnownFailure):
        return error.code
    documented = (cls.__name__ for cls in type(error).__mro__ if cls.__module__ in (errors.__name__, __name__))
    return next(documented)


def ordered(results: Iterable[Result], order: Order) -> Iterator[Result]:
    """The results as they come, or in the order of their documents; those behind a missing one at the end."""
    if order == "completion":
        yield from results
        return
    shelf: Shelf[Result] = Shelf()
    waiting: dict[int, int] = {}
    given = 0
    try:
        for result in results:
            if result.number != given:
                waiting[result.number] = shelf.put(result)
                continue
            yield result
            given += 1
            while (place := waiting.pop(given, None)) is not None:
                yield shelf.pick(place)
                given += 1
        for number in sorted(waiting):  # of a run that was ended early
            yield shelf.pick(waiting[number])
    finally:
        shelf.close()
