"""The metric: a case matched by the judge and counted, and the scores that counts add up to."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from summariser.evals.gold.models import HardNegative
from summariser.evals.metric.items import Item, Side
from summariser.evals.metric.matching import VERSION, Matcher, Matching
from summariser.schema import KindName, kind_names

__all__ = ["VERSION", "Counts", "Scored", "f_score", "precision", "ratio", "recall", "score"]


@dataclass(kw_only=True)
class Counts:
    """What scores are made of; counts of several cases, or of several draws, add up.

    `gold` and `predicted` leave out what is optional. `matched` and `strict` count gold items met, and met with every
    critical field right. `found` are gold items of which some prediction cites a sentence, `well_placed` predictions
    that cite a sentence of some gold item. `baits` are the gold's traps, `traps` how often one was fallen into.
    `right` and `asked` count fields over the matched pairs.
    """

    cases: float = 0
    gold: float = 0
    predicted: float = 0
    matched: float = 0
    strict: float = 0
    found: float = 0
    well_placed: float = 0
    evidence: float = 0
    correctly_empty: float = 0
    empty: float = 0
    traps: float = 0
    baits: float = 0
    duplicates: float = 0
    merges: float = 0
    splits: float = 0
    verified: float = 0
    verified_matched: float = 0
    verified_strict: float = 0
    right: dict[str, float] = field(default_factory=dict)
    asked: dict[str, float] = field(default_factory=dict)
    verdicts: dict[str, float] = field(default_factory=dict)

    @property
    def finite(self) -> bool:
        """Whether every count is a number."""
        values = [v for value in vars(self).values() for v in (value.values() if isinstance(value, dict) else [value])]
        return all(map(math.isfinite, values))

    def add(self, other: "Counts", weight: float = 1) -> None:
        """Count another's in, each count times `weight`."""
        for name, value in vars(other).items():
            mine = getattr(self, name)
            if isinstance(value, dict):
                for key, number in value.items():
                    mine[key] = mine.get(key, 0) + weight * number
            else:
                setattr(self, name, mine + weight * value)


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One case, matched and counted, kind by kind."""

    matchings: Mapping[KindName, Matching]
    counts: Mapping[KindName, Counts]


def score(gold: Side, predicted: Side, traps: Sequence[HardNegative] = ()) -> Scored:
    """Match and count one case."""
    matcher = Matcher(gold, predicted)
    hits = matcher.hard_negative_hits(traps)
    kind_of = {negative.id: negative.kind for negative in traps}
    matchings: dict[KindName, Matching] = {}
    for kind in kind_names():
        found = matcher.matchings[kind]
        own = tuple(hit for hit in hits if kind_of[hit[0]] == kind)
        matchings[kind] = Matching(**{**vars(found), "traps": own})
    counts = {kind: _counted(matchings[kind], gold.items[kind], predicted.items[kind]) for kind in matchings}
    for negative in traps:
        counts[negative.kind].baits += 1
    return Scored(matchings=matchings, counts=counts)


def _counted(matching: Matching, golds: Sequence[Item], predictions: Sequence[Item]) -> Counts:
    pairs = [pair for pair in matching.pairs if not pair.optional]
    required = sum(not gold.optional for gold in golds)
    counted = len(predictions) - len(matching.neutral)
    strict = {pair.predicted for pair in pairs if pair.strict}
    verified = {item.id for item in predictions if item.verified} - set(matching.neutral)
    counts = Counts(
        cases=1,
        gold=required,
        predicted=counted,
        matched=len(pairs),
        strict=len(strict),
        found=len(matching.found),
        well_placed=len(set(matching.well_placed) - set(matching.neutral)),
        evidence=sum(pair.evidence for pair in pairs),
        correctly_empty=int(required == 0 and counted == 0),
        empty=int(required == 0),
        traps=len(matching.traps),
        duplicates=len(matching.duplicates),
        merges=len(matching.merges),
        splits=len(matching.splits),
        verified=len(verified),
        verified_matched=len(verified & {pair.predicted for pair in pairs}),
        verified_strict=len(verified & strict),
    )
    for pair in pairs:
        for name, right in pair.fields.items():
            counts.asked[name] = counts.asked.get(name, 0) + 1
            counts.right[name] = counts.right.get(name, 0) + right
    for item in predictions:
        for verdict in item.verdicts:
            counts.verdicts[verdict] = counts.verdicts.get(verdict, 0) + 1
    return counts


def ratio(part: float, whole: float) -> float | None:
    """A share; None where there is nothing to share in."""
    return part / whole if whole else None


def precision(counts: Counts, *, strict: bool) -> float | None:
    """The share of the predictions that are right; None without predictions."""
    return ratio(counts.strict if strict else counts.matched, counts.predicted)


def recall(counts: Counts, *, strict: bool) -> float | None:
    """The share of the gold that was met; None without gold."""
    return ratio(counts.strict if strict else counts.matched, counts.gold)


def f_score(counts: Counts, *, strict: bool) -> float | None:
    """F1 = 2·TP / (gold + predicted); None where both are empty."""
    return ratio(2 * (counts.strict if strict else counts.matched), counts.gold + counts.predicted)
