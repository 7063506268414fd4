"""What becomes of one document of a batch: a Summary, an error, or both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from summariser import errors
from summariser.errors import ModelError, SummariserError
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

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.reason} (It failed in an earlier run; --retry-failed tries again.)")
        self.code = failure.code


class InternalError(SummariserError):
    """A document met a bug of the program's; the others go on."""


class LostError(SummariserError):
    """The workers that had a document were lost, one after the other."""


class IncompleteError(ModelError):
    """Some of a document's calls failed; its Summary holds what the others gave."""


def code_of(error: SummariserError) -> str:
    """The name of an error's class, or of the documented one that it is a kind of."""
    if isinstance(error, KnownFailure):
        return error.code
    documented = (cls.__name__ for cls in type(error).__mro__ if cls.__module__ in (errors.__name__, __name__))
    return next(documented)


def in_order(results: Iterable[Result]) -> Iterator[Result]:
    """The results in the order of their documents; those behind a missing one at the end."""
    waiting: dict[int, Result] = {}
    given = 0
    for result in results:
        waiting[result.number] = result
        while (first := waiting.pop(given, None)) is not None:
            given += 1
            yield first
    yield from (waiting[number] for number in sorted(waiting))  # of a run that was ended early
