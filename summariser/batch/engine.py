"""The base class of the batch engines."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
from dataclasses import dataclass, field

from summariser.batch.budget import Budget
from summariser.batch.results import Order, Result
from summariser.batch.sources import Item
from summariser.batch.spool import Queue
from summariser.pipeline import Session

Numbered = tuple[int, Item]


@dataclass(kw_only=True)
class Engine(ABC):
    """Summarises the documents of one batch with one session. Run it once, while the session is open.

    The engine starts no more documents if the limit or the budget is reached, after `stop`, after an error that would
    occur with every document, or if the provider fails many times in a row. Documents in progress are then finished.

    If `run` is closed early, no further request starts. With a store, the engine waits for the requests in progress,
    stores their answers and releases all claims. Without a store, or after `abandon`, it does not wait.

    Attributes:
        items: The documents.
        session: The model, prompt and store.
        budget: The limits on cost and tokens.
        order: The order of the results.
        retry_failed: True to summarise documents again that failed in an earlier run.
        limit: The maximum number of documents.
        over_budget: True at the end if the budget ended the run.
        under_way: A short text about what the engine waits for, if the results do not show it.
    """

    items: Iterable[Item] | AsyncIterable[Item]
    session: Session
    budget: Budget
    order: Order = "completion"
    retry_failed: bool = False
    limit: int | None = None
    over_budget: bool = False
    under_way: str = ""
    _taken: int = field(default=0, init=False)
    _postponed: "Queue[Numbered]" = field(
        default_factory=Queue, init=False
    )  # documents that another worker or process has claimed
    _abandoned: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        coming = self.items
        self._coming = _numbered(coming) if isinstance(coming, AsyncIterable) else enumerate(coming)

    @abstractmethod
    def run(self) -> Generator[Result]:
        """Yield the results in the order that `order` names.

        Raises:
            SummariserError: An error that would occur with every document, such as a wrong key.
        """

    @abstractmethod
    def stop(self) -> None:
        """Start no more documents; documents in progress are finished."""

    def abandon(self) -> None:
        """Start no more documents, and do not wait when `run` is closed; answers in progress are lost."""
        self._abandoned = True
        self.stop()

    @property
    def _waits(self) -> bool:
        """True if the engine waits for requests in progress when `run` is closed."""
        return not self._abandoned and self.session.store is not None

    @property
    def _wants_more(self) -> bool:
        """True if neither the limit nor the budget prevents another document."""
        return not self.over_budget and (self.limit is None or self._taken < self.limit)

    def _new(self) -> Numbered | None:
        """Return the next document; None at the end of the sources, the limit or the budget.

        Sets `over_budget` if the budget is reached and a document is left.
        """
        assert isinstance(self._coming, Iterator)  # noqa: S101  # only Batch.arun accepts asynchronous sources
        return self._taking(next(self._coming, None)) if self._wants_more else None

    def _taking(self, found: Numbered | None) -> Numbered | None:
        """Return a document and count it; None if the budget is reached."""
        if found is not None and self.budget.reached:
            self.over_budget = True
            return None
        self._taken += found is not None
        return found


async def _numbered(items: AsyncIterable[Item]) -> AsyncIterator[Numbered]:
    number = 0
    async for item in items:
        yield number, item
        number += 1
