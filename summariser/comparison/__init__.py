"""Compare texts: what changed in one matter over time, and where reports of one event agree and differ."""

from summariser.comparison.ask import require_able_to_align
from summariser.comparison.compare import compare_summaries
from summariser.comparison.models import (
    Agreement,
    Change,
    ChangeName,
    Comparison,
    Difference,
    DifferenceName,
    Side,
    Unclear,
    Way,
)

__all__ = [
    "Agreement",
    "Change",
    "ChangeName",
    "Comparison",
    "Difference",
    "DifferenceName",
    "Side",
    "Unclear",
    "Way",
    "compare_summaries",
    "require_able_to_align",
]
