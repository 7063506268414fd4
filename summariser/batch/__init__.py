"""Many documents: where they come from, how many at once, what they may cost, and what became of each.

`sources` gives Items; an engine makes Results of them: from here (`local`), in a provider's own batches (`provider`) or
on a cluster (`ray`), by the same `jobs`. `api` chooses the engine; `writers` write the results.
"""

from summariser.batch.api import engine_for
from summariser.batch.budget import Budget
from summariser.batch.engine import Engine
from summariser.batch.local import Batch
from summariser.batch.results import Result
from summariser.batch.sources import Item, count, items_from

__all__ = [
    "Batch", "Budget", "Engine", "Item", "Result",
    "count", "engine_for", "items_from",
]  # fmt: skip
