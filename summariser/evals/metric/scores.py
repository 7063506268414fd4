"""The scores: count the matchings of a case, add counts up, and compute precision, recall and F1."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from summariser.evals.gold import HardNegative
from summariser.evals.metric.hard_negatives import hard_negative_hits
from summariser.evals.metric.items import Item, Side
from summariser.evals.metric.matching import Matcher, Matching
from summariser.schema import KindName, kind_names


@dataclass(kw_only=True)
class Counts:
    """The counts of one kind; the counts of several cases or draws can be added.

    Attributes:
        cases: The cases.
        gold: The required gold items.
        predicted: The predictions, without neutral ones.
        matched: The pairs of required gold items and predictions.
        strict: The pairs with every critical field right.
        found: The required gold items of which some prediction cites a sentence.
        well_placed: The predictions that cite a sentence of some gold item.
        evidence: The sum of the Dice coefficients of the pairs' cited sentences.
        correctly_empty: The cases without required gold items and without predictions.
        empty: The cases without required gold items.
        traps: The hits of hard negatives.
        baits: The hard negatives.
        duplicates: The predictions that repeat a matched one.
        merges: The matched predictions that also cover a missed gold item.
        splits: The predictions that give a part of a gold item with another match.
        verified: The supported predictions.
        verified_matched: The supported predictions with a match.
        verified_strict: The supported predictions with every critical field right.
        right: The pairs in which a field is right, by field.
        asked: The pairs in which a field was compared, by field.
        verdicts: The predictions, without neutral ones, by verdict.
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
        """True if every count is a finite number."""
        values = [v for value in vars(self).values() for v in (value.values() if isinstance(value, dict) else [value])]
        return all(map(math.isfinite, values))

    def add(self, other: "Counts", weight: float = 1) -> None:
        """Add the counts of another object, each times `weight`."""
        for name, value in vars(other).items():
            mine = getattr(self, name)
            if isinstance(value, dict):
                for key, number in value.items():
                    mine[key] = mine.get(key, 0) + weight * number
            else:
                setattr(self, name, mine + weight * value)


@dataclass(frozen=True, kw_only=True)
class Scored:
    """The result of one case: the matching and the counts of each kind."""

    matchings: Mapping[KindName, Matching]
    counts: Mapping[KindName, Counts]


def score(gold: Side, predicted: Side, hard_negatives: Sequence[HardNegative] = ()) -> Scored:
    """Match and count one case.

    Args:
        gold: The gold side.
        predicted: The predicted side.
        hard_negatives: The items that a system must not give.
    """
    matcher = Matcher(gold, predicted)
    hits = hard_negative_hits(hard_negatives, matcher)
    kind_of = {negative.id: negative.kind for negative in hard_negatives}
    matchings: dict[KindName, Matching] = {}
    for kind in kind_names():
        own = tuple(hit for hit in hits if kind_of[hit[0]] == kind)
        matchings[kind] = replace(matcher.matchings[kind], traps=own)
    counts = {kind: _counted(matchings[kind], gold.items[kind], predicted.items[kind]) for kind in matchings}
    for negative in hard_negatives:
        counts[negative.kind].baits += 1
    return Scored(matchings=matchings, counts=counts)


def _counted(matching: Matching, golds: Sequence[Item], predictions: Sequence[Item]) -> Counts:
    """Return the counts of one matching; `baits` stays 0."""
    pairs = [pair for pair in matching.pairs if not pair.optional]
    required = sum(not gold.optional for gold in golds)
    counted = len(predictions) - len(matching.neutral)
    strict = {pair.predicted for pair in pairs if pair.strict}
    verdicts = {item.id: item.verdict for item in predictions if item.verdict and item.id not in matching.neutral}
    verified = {id for id, verdict in verdicts.items() if verdict == "supported"}
    fields = [(name, right) for pair in pairs for name, right in pair.fields.items()]
    return Counts(
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
        right={name: sum(right for each, right in fields if each == name) for name, _ in fields},
        asked=dict[str, float](Counter(name for name, _ in fields)),
        verdicts=dict[str, float](Counter(verdicts.values())),
    )


def ratio(part: float, whole: float) -> float | None:
    """Return part / whole; None if the whole is 0."""
    return part / whole if whole else None


def precision(counts: Counts, *, strict: bool) -> float | None:
    """Return the share of the predictions that are right, TP / predicted; None without predictions.

    Args:
        counts: The counts.
        strict: True to count only pairs with every critical field right as true positives.
    """
    return ratio(counts.strict if strict else counts.matched, counts.predicted)


def recall(counts: Counts, *, strict: bool) -> float | None:
    """Return the share of the required gold items that are matched, TP / gold; None without gold items.

    Args:
        counts: The counts.
        strict: True to count only pairs with every critical field right as true positives.
    """
    return ratio(counts.strict if strict else counts.matched, counts.gold)


def f_score(counts: Counts, *, strict: bool) -> float | None:
    """Return F1 = 2·TP / (gold + predicted); None if both are empty.

    Args:
        counts: The counts.
        strict: True to count only pairs with every critical field right as true positives.
    """
    return ratio(2 * (counts.strict if strict else counts.matched), counts.gold + counts.predicted)
