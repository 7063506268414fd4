"""Many documents: where they come from, how many at once, what they may cost, and what became of each.

`sources` gives Items; an engine makes Results of them, here in threads (`runner`) or in a provider's own batches
(`provider_batch`), by the same books (`ledger`); `output` writes them.
"""

from collections.abc import Iterator
from typing import Protocol

from summariser.batch.budget import Budget
from summariser.batch.provider_batch import ProviderBatch
from summariser.batch.results import Result
from summariser.batch.runner import Batch, summarise_many
from summariser.batch.sources import Item, count, items_from
from summariser.pipeline import Session

__all__ = ["Batch", "Budget", "Item", "Job", "ProviderBatch", "Result", "count", "items_from", "summarise_many"]


class Job(Protocol):
    """What every engine is to whoever runs it."""

    session: Session
    budget: Budget
    over_budget: bool
    under_way: str

    def run(self) -> Iterator[Result]:
        """The results; raises what would meet every document."""

    def stop(self) -> None:
        """Begin no more documents; what is under way is finished."""
