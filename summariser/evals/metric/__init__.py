"""The metric: which predicted item is which gold item, what of it is right, and the scores that this adds up to."""

from summariser.evals.metric.scores import (
    VERSION,
    Counts,
    Scored,
    f_score,
    precision,
    ratio,
    recall,
    score,
)

__all__ = ["VERSION", "Counts", "Scored", "f_score", "precision", "ratio", "recall", "score"]
