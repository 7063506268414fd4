"""What every engine of a batch is: documents to be made results of, and the way to do it."""

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
    """Documents to be summarised by one session. Run it once, while the session is open.

    `limit` ends it after so many documents; reaching the budget, `stop` and an error that would meet every document (or
    a provider that fails at many in a row) begin no more of them, and what is under way is finished. Where `run` is
    closed before its end no further request begins: those under way are waited for, their answers go into the store,
    and nothing stays claimed; without a store, or after `abandon`, nothing is waited for. `over_budget` says at the end
    that the budget ended it, `under_way` while it runs what it waits for, if that is not seen from the results.
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
    _postponed: "Queue[Numbered]" = field(default_factory=Queue, init=False)  # documents in other hands
    _abandoned: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        coming = self.items
        self._coming = _numbered(coming) if isinstance(coming, AsyncIterable) else enumerate(coming)

    @abstractmethod
    def run(self) -> Generator[Result]:
        """Return the results, as they come or in the documents' order. Raises what would meet every document."""

    @abstractmethod
    def stop(self) -> None:
        """Begin no more documents; what is under way is finished."""

    def abandon(self) -> None:
        """Begin no more documents, and wait for nothing where `run` is closed: its answers under way are lost."""
        self._abandoned = True
        self.stop()

    @property
    def _waits(self) -> bool:
        """Whether what is under way is waited for where `run` is closed."""
        return not self._abandoned and self.session.store is not None

    @property
    def _wants_more(self) -> bool:
        """Whether a further document may be begun, as far as is known without looking at it."""
        return not self.over_budget and (self.limit is None or self._taken < self.limit)

    def _new(self) -> Numbered | None:
        """Return the next document of the sources; None where there is none, or no more are wanted.

        Where the budget allows for none that is there, this is `over_budget`.
        """
        assert isinstance(self._coming, Iterator)  # noqa: S101  # an engine for asynchronous sources asks itself
        return self._taking(next(self._coming, None)) if self._wants_more else None

    def _taking(self, found: Numbered | None) -> Numbered | None:
        """Return a document that came, unless the budget does not allow for it."""
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
