"""Statistics over documents: intervals, paired comparison, correction for many comparisons, power, agreement.

Documents are the units that were drawn, so they are what is resampled, left out and permuted; items of one document
stand or fall together. Every draw of random numbers has a fixed seed: the same counts give the same figures.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Part = tuple[float, float]  # of one document: true positives, and gold items + predictions

SEED = 20_240_619
LEVEL = 0.95
FEW = 40  # documents below which an interval is a t interval, from this number on a bootstrap's
EXACT = 14  # documents up to which every permutation is looked at
DRAWS = 10_000
POWER = 0.8


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval at `LEVEL`; the bounds are None where too few documents say anything."""

    value: float | None
    low: float | None
    high: float | None


def f1_interval(parts: Sequence[Part]) -> Interval:
    """F1 over documents, each as (true positives, gold + predicted), with its interval.

    F1 = 2·ΣTP / Σ(gold + predicted). Below `FEW` documents the interval is Student's t with the standard error of the
    delete-one jackknife (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 11); from there on the
    percentile interval of a bootstrap over documents (chapter 13). An F1 of 0 or 1 in all n documents has the one-sided
    exact bound of n trials without an exception, 1 - 0.05^(1/n) away (Clopper and Pearson, 1934). Documents where both
    sides are empty say nothing about F1 and are left out.
    """
    import numpy as np

    counted = np.array([part for part in parts if part[1]], dtype=float).reshape(-1, 2)
    value = _f1(counted.sum(axis=0))
    if value is None:
        return Interval(None, None, None)
    if len(counted) < 2:
        return Interval(value, None, None)
    exception = 1 - (1 - LEVEL) ** (1 / len(counted))
    if value in (0.0, 1.0):
        return Interval(value, 0.0, exception) if value == 0 else Interval(value, 1 - exception, 1.0)
    if len(counted) < FEW:
        margin = _t(len(counted) - 1) * _jackknife(counted, lambda kept: _f1(kept.sum(axis=0)) or 0.0)
        return Interval(value, max(0.0, value - margin), min(1.0, value + margin))
    picked = np.random.default_rng(SEED).integers(0, len(counted), (DRAWS, len(counted)))
    totals = counted[picked].sum(axis=1)
    low, high = np.quantile(_f1s(totals), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))


@dataclass(frozen=True)
class Difference:
    """B against A on the same documents: the difference in F1, its interval, and what chance alone would do.

    `p` is the two-sided permutation p-value; `p_holm` the same corrected for the comparisons made together. `won`,
    `tied`, `lost` count documents, from B's side. `visible` is the smallest difference that would be seen with a
    probability of `POWER` on documents like these; None where they do not vary, or are too few for any to be seen.
    """

    a: float | None
    b: float | None
    value: float | None
    low: float | None
    high: float | None
    p: float
    won: int
    tied: int
    lost: int
    visible: float | None
    p_holm: float = 1.0


def difference(a: Sequence[Part], b: Sequence[Part], *, comparisons: int = 1) -> Difference:
    """The paired comparison of two systems, each as (true positives, gold + predicted) document by document.

    The permutation test exchanges A's and B's counts of a document: all 2ⁿ ways up to `EXACT` documents, `DRAWS` drawn
    ones beyond, where p = (1 + extreme) / (1 + draws) (Phipson and Smyth, 2010). The interval is a t interval with the
    jackknife's standard error of the difference below `FEW` documents, else a paired bootstrap's. What is visible is
    (t₁₋α/₂ + t_power) · standard error, at α divided by `comparisons`; an approximation, too hopeful below some 20
    documents. A document where a system rightly says nothing counts for it as 1.
    """
    import numpy as np

    pairs = np.array(
        [[*left, *right] for left, right in zip(a, b, strict=True) if left[1] or right[1]], dtype=float
    ).reshape(-1, 4)
    f_a, f_b = _f1(pairs[:, :2].sum(axis=0)), _f1(pairs[:, 2:].sum(axis=0))
    each = [tuple(1.0 if score is None else score for score in (_f1(row[:2]), _f1(row[2:]))) for row in pairs]
    won, lost = sum(y > x for x, y in each), sum(y < x for x, y in each)
    tied = len(each) - won - lost
    if not len(pairs):
        return Difference(f_a, f_b, None, None, None, 1.0, won, tied, lost, None)
    value = (f_b or 0.0) - (f_a or 0.0)
    low = high = visible = None
    if len(pairs) >= 2:
        error = _jackknife(pairs, _difference_of)
        degrees = len(pairs) - 1
        if len(pairs) < FEW:
            low, high = value - _t(degrees) * error, value + _t(degrees) * error
        else:
            picked = np.random.default_rng(SEED).integers(0, len(pairs), (DRAWS, len(pairs)))
            totals = pairs[picked].sum(axis=1)
            spread = _f1s(totals[:, 2:]) - _f1s(totals[:, :2])
            low, high = (float(x) for x in np.quantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))
        lowest_p = 2.0 ** (1 - len(pairs)) * comparisons
        visible = _visible(error, degrees, comparisons) if error and lowest_p < 1 - LEVEL else None
    return Difference(f_a, f_b, value, low, high, permutation_p(pairs), won, tied, lost, visible)


def permutation_p(pairs: "Array") -> float:
    """The two-sided p-value of a difference in F1 under exchange of A and B within documents."""
    import numpy as np

    observed = abs(_difference_of(pairs))
    exact = len(pairs) <= EXACT
    if exact:
        flips = (np.arange(2 ** len(pairs))[:, None] >> np.arange(len(pairs))) & 1
    else:
        flips = np.random.default_rng(SEED).integers(0, 2, (DRAWS, len(pairs)))
    swapped = pairs[:, [2, 3, 0, 1]] - pairs
    totals = pairs.sum(axis=0) + flips @ swapped
    extreme = int((np.abs(_f1s(totals[:, 2:]) - _f1s(totals[:, :2])) >= observed - 1e-12).sum())
    return extreme / len(flips) if exact else (1 + extreme) / (1 + len(flips))


def holm(ps: Sequence[float]) -> list[float]:
    """The p-values corrected for being several, by Holm's step-down method (1979)."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    corrected, highest = [0.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[i]))
        corrected[i] = highest
    return corrected


def documents_needed(visible: float, documents: int, wanted: float) -> int:
    """How many documents like these it takes to see a difference of `wanted`, where `documents` show `visible`.

    A standard error falls with the square root of the number of documents.
    """
    return max(2, math.ceil(documents * (visible / wanted) ** 2))


def alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Krippendorff's alpha of two annotators over units that both labelled, for nominal values.

    α = 1 - D_observed / D_expected (Krippendorff, Content Analysis, 2004, chapter 11); None where there is only one
    value.
    """
    values = [value for pair in pairs for value in pair]
    n = len(values)
    if n < 2:
        return None
    totals = {value: values.count(value) for value in set(values)}
    expected = sum(count * (n - count) for count in totals.values()) / (n - 1)
    observed = sum(2 for one, other in pairs if one != other)
    return 1 - observed / expected if expected else None


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────


def _f1(total: "Array") -> float | None:
    return float(2 * total[0] / total[1]) if total[1] else None


def _f1s(totals: "Array") -> "Array":
    """F1 of many totals at once; 0 where nothing is there."""
    import numpy as np

    whole = np.where(totals[:, 1] == 0, 1, totals[:, 1])
    result: Array = np.where(totals[:, 1] == 0, 0.0, 2 * totals[:, 0] / whole)
    return result


def _difference_of(pairs: "Array") -> float:
    total = pairs.sum(axis=0)
    return (_f1(total[2:]) or 0.0) - (_f1(total[:2]) or 0.0)


def _jackknife(rows: "Array", statistic: "Callable[[Array], float]") -> float:
    """The standard error of a statistic by leaving out one document at a time."""
    import numpy as np

    n = len(rows)
    left_out = np.array([statistic(np.delete(rows, i, axis=0)) for i in range(n)])
    return float(np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))


def _t(degrees: int, probability: float = (1 + LEVEL) / 2) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, probability))


def _visible(error: float, degrees: int, comparisons: int) -> float:
    return (_t(degrees, 1 - (1 - LEVEL) / 2 / comparisons) + _t(degrees, POWER)) * error
