"""Compare texts: what changed in one matter over time, and where reports of one event agree and differ."""

from summariser.comparison.changes import changes_between
from summariser.comparison.models import (
    Agreement,
    Change,
    ChangeName,
    Comparison,
    Difference,
    DifferenceName,
    Side,
    Unclear,
)
from summariser.comparison.sides import Compared

__all__ = [
    "Agreement",
    "Change",
    "ChangeName",
    "Compared",
    "Comparison",
    "Difference",
    "DifferenceName",
    "Side",
    "Unclear",
    "changes_between",
]
