"""The metric: match predictions with gold items, compare their fields, count, and compute precision, recall and F1."""

from summariser.evals.metric.alignment import Alignment
from summariser.evals.metric.fields import compare_fields
from summariser.evals.metric.items import Item, Side, Target, Value, gold_side, predicted_side
from summariser.evals.metric.matching import Matcher, Matching, Pair
from summariser.evals.metric.parameters import VERSION
from summariser.evals.metric.scores import Counts, Scored, f_score, precision, ratio, recall, score
from summariser.evals.metric.similarity import item_similarity

__all__ = [
    "VERSION",
    "Alignment",
    "Counts",
    "Item",
    "Matcher",
    "Matching",
    "Pair",
    "Scored",
    "Side",
    "Target",
    "Value",
    "compare_fields",
    "f_score",
    "gold_side",
    "item_similarity",
    "precision",
    "predicted_side",
    "ratio",
    "recall",
    "score",
]
