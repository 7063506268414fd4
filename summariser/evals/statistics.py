"""Statistics over documents: intervals, paired comparison, correction for many comparisons, power, agreement.

Documents are the sampling units: resampling, jackknife and permutation work on whole documents, because the items of
one document are not independent. All random numbers have a fixed seed, so that the same counts give the same results.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Part = tuple[float, float]  # the true positives, and the gold items plus predictions, of one document

SEED = 20_240_619
LEVEL = 0.95  # confidence level
FEW = 40  # with fewer documents an interval is a t interval, otherwise a bootstrap interval
EXACT = 14  # up to this number of documents, the permutation test is exact
DRAWS = 10_000  # samples of a bootstrap, or permutations of a test that is not exact
POWER = 0.8  # probability with which the smallest visible difference is found


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval at `LEVEL`; the bounds are None if there are too few documents."""

    value: float | None
    low: float | None
    high: float | None


def f1_interval(parts: Sequence[Part]) -> Interval:
    """Return the F1 over documents with its confidence interval.

    F1 = 2·ΣTP / Σ(gold + predicted). With fewer than `FEW` documents the interval is Student's t interval with the
    standard error of the delete-one jackknife (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
    chapter 11), otherwise the percentile interval of a bootstrap over documents (chapter 13). For an F1 of exactly 0
    or 1 in n documents the other bound is the one-sided exact bound of n trials without an exception,
    1 - 0.05^(1/n) away (Clopper and Pearson, 1934).

    Args:
        parts: For each document (true positives, gold + predicted). Documents in which both sides are empty are
            ignored.

    Returns:
        The interval; without a value if all documents are empty, without bounds for a single document.
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
    """The difference in F1 of two systems A and B on the same documents.

    Attributes:
        a: The F1 of A; None if it is undefined.
        b: The F1 of B; None if it is undefined.
        value: The difference, B minus A.
        low: The lower bound of its confidence interval.
        high: The upper bound.
        p: The two-sided p-value of the permutation test.
        won: The documents in which B is better.
        tied: The documents in which both are equal.
        lost: The documents in which B is worse.
        visible: The smallest difference that is found with a probability of `POWER` on such documents; None if the
            documents do not vary or are too few.
        p_holm: The p-value corrected for several comparisons.
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
    """Return the paired comparison of two systems on the same documents.

    The permutation test exchanges the counts of A and B within documents: in all 2ⁿ ways up to `EXACT` documents,
    otherwise in `DRAWS` random ways with p = (1 + extreme) / (1 + draws) (Phipson and Smyth, 2010). With fewer than
    `FEW` documents the interval is a t interval with the jackknife's standard error of the difference, otherwise that
    of a paired bootstrap. The smallest visible difference is (t₁₋α/₂ + t_power) · standard error, with α divided by
    `comparisons`; it is an approximation, which is too small below some 20 documents. To count won and lost documents,
    the F1 of a system that rightly predicts nothing is 1.

    Args:
        a: For each document (true positives, gold + predicted) of system A.
        b: The same of system B.
        comparisons: The number of comparisons that are made together.
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
    value = _difference_of(pairs)
    low = high = visible = None
    if len(pairs) >= 2:
        error = _jackknife(pairs, _difference_of)
        low, high = _difference_interval(pairs, value, error)
        lowest_p = 2.0 ** (1 - len(pairs)) * comparisons
        visible = _visible(error, len(pairs) - 1, comparisons) if error and lowest_p < 1 - LEVEL else None
    return Difference(f_a, f_b, value, low, high, permutation_p(pairs), won, tied, lost, visible)


def _difference_interval(pairs: "Array", value: float, error: float) -> tuple[float, float]:
    """Return the confidence interval of a difference: of Student's t with few documents, else of a paired bootstrap."""
    import numpy as np

    if len(pairs) < FEW:
        margin = _t(len(pairs) - 1) * error
        return value - margin, value + margin
    picked = np.random.default_rng(SEED).integers(0, len(pairs), (DRAWS, len(pairs)))
    totals = pairs[picked].sum(axis=1)
    spread = _f1s(totals[:, 2:]) - _f1s(totals[:, :2])
    low, high = np.quantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def permutation_p(pairs: "Array") -> float:
    """Return the two-sided p-value of a difference in F1 under exchange of A and B within documents.

    Args:
        pairs: A row for each document: the true positives and gold + predicted of A, then those of B.
    """
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
    """Return p-values corrected for multiple comparisons by Holm's step-down method (1979), in the same order."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    corrected, highest = [0.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[i]))
        corrected[i] = highest
    return corrected


def documents_needed(visible: float, documents: int, wanted: float) -> int:
    """Return the number of documents that are needed to find a difference.

    The standard error is proportional to 1/√n for n documents.

    Args:
        visible: The smallest visible difference on the present documents.
        documents: The number of the present documents.
        wanted: The difference to find.
    """
    return max(2, math.ceil(documents * (visible / wanted) ** 2))


def alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return Krippendorff's alpha of two annotators for nominal values.

    α = 1 - D_observed / D_expected (Krippendorff, Content Analysis, 2004, chapter 11).

    Args:
        pairs: The two values of each unit that both annotators labelled.

    Returns:
        The alpha, at most 1; None if all values are the same.
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
    """Return the F1 of each row of totals; 0 for rows without gold items and predictions."""
    import numpy as np

    whole = np.where(totals[:, 1] == 0, 1, totals[:, 1])
    result: Array = np.where(totals[:, 1] == 0, 0.0, 2 * totals[:, 0] / whole)
    return result


def _difference_of(pairs: "Array") -> float:
    """Return the difference in F1, B minus A, where an undefined F1 is 0."""
    total = pairs.sum(axis=0)
    return (_f1(total[2:]) or 0.0) - (_f1(total[:2]) or 0.0)


def _jackknife(rows: "Array", statistic: "Callable[[Array], float]") -> float:
    """Return the delete-one jackknife's standard error of a statistic over documents."""
    import numpy as np

    n = len(rows)
    left_out = np.array([statistic(np.delete(rows, i, axis=0)) for i in range(n)])
    return float(np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))


def _t(degrees: int, probability: float = (1 + LEVEL) / 2) -> float:
    """Return a quantile of Student's t distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, probability))


def _visible(error: float, degrees: int, comparisons: int) -> float:
    """Return the smallest difference that a test at `LEVEL` finds with a probability of `POWER`."""
    return (_t(degrees, 1 - (1 - LEVEL) / 2 / comparisons) + _t(degrees, POWER)) * error
