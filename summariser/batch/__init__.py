"""Many documents: where they come from, how many at once, what they may cost, and what became of each.

`sources` gives Items; an engine makes Results of them, here in threads (`runner`) or in a provider's own batches
(`provider_batch`), by the same books (`ledger`); `output` writes them. `many` chooses the engine.
"""

from summariser.batch.api import engine_for, summarise_many
from summariser.batch.budget import Budget
from summariser.batch.engine import Engine
from summariser.batch.provider import ProviderBatch
from summariser.batch.results import Result
from summariser.batch.sources import Item, count, items_from
from summariser.batch.threads import Batch

__all__ = [
    "Batch", "Budget", "Engine", "Item", "ProviderBatch", "Result",
    "count", "engine_for", "items_from", "summarise_many",
]  # fmt: skip
