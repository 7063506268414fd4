"""Many documents: where they come from, how many at once, what they may cost, and what became of each."""

from summariser.batch.budget import Budget
from summariser.batch.results import Result
from summariser.batch.runner import Batch, summarise_many
from summariser.batch.sources import Item, count, items_from

__all__ = ["Batch", "Budget", "Item", "Result", "count", "items_from", "summarise_many"]
