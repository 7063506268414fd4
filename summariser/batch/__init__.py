"""Summarise many documents, with limits on concurrency, request rate and cost.

`sources` yields Items. An engine turns them into Results: `local` sends requests from this machine, `provider` uses a
batch API, and `ray` uses a Ray cluster. All engines use `jobs`. `api` chooses the engine. `writers` write the results.
"""

from summariser.batch.api import engine_for
from summariser.batch.budget import Budget
from summariser.batch.engine import Engine
from summariser.batch.local import Batch
from summariser.batch.results import Result
from summariser.batch.sources import Item, LeftOut, count, items_from

__all__ = [
    "Batch", "Budget", "Engine", "Item", "LeftOut", "Result",
    "count", "engine_for", "items_from",
]  # fmt: skip
