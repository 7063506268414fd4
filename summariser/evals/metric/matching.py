"""The matching of predictions with gold items, kind by kind."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from summariser.evals.metric.alignment import Alignment
from summariser.evals.metric.fields import compare_fields
from summariser.evals.metric.items import Item, Side, Target, Value
from summariser.evals.metric.parameters import SAME_CLAIM
from summariser.evals.metric.similarity import dice, item_similarity
from summariser.schema import PARTY, KindName, claims, kind_named
from summariser.text.similarity import best_f1

_STEPS = 10_000  # similarities are compared in ten-thousandths


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A gold item and the prediction that matches it.

    Attributes:
        gold: The id of the gold item.
        predicted: The id of the prediction.
        similarity: Their similarity, from 0 to 1.
        evidence: The Dice coefficient of their cited sentences.
        fields: True for each field in which the prediction is right.
        strict: True if every critical field is right.
        optional: True if the gold item is optional.
    """

    gold: str
    predicted: str
    similarity: float
    evidence: float
    fields: Mapping[str, bool]
    strict: bool
    optional: bool


@dataclass(frozen=True, kw_only=True)
class Matching:
    """The result for one kind in one case; all but `pairs` and `traps` are ids.

    Attributes:
        pairs: The matched gold items and predictions.
        missed: The required gold items without a match.
        spurious: The predictions without a match that count as wrong.
        neutral: The predictions that do not count, because their gold items are optional.
        duplicates: The predictions that repeat a matched one.
        merges: The matched predictions that also cover a missed gold item.
        splits: The predictions that give a part of a gold item with another match.
        traps: The hard negatives that predictions hit, as (hard negative, prediction).
        found: The required gold items of which some prediction cites a sentence.
        well_placed: The predictions that cite a sentence of some gold item.
    """

    pairs: tuple[Pair, ...]
    missed: tuple[str, ...]
    spurious: tuple[str, ...]
    neutral: tuple[str, ...]
    duplicates: tuple[str, ...]
    merges: tuple[str, ...]
    splits: tuple[str, ...]
    traps: tuple[tuple[str, str], ...]
    found: tuple[str, ...]
    well_placed: tuple[str, ...]


class Matcher:
    """Matches the predictions of one case with its gold items.

    Args:
        gold: The gold side.
        predicted: The predicted side.

    Attributes:
        alignment: The gold ids that the predicted ids mean.
        matchings: The matching of each kind.
    """

    def __init__(self, gold: Side, predicted: Side) -> None:
        self.gold, self.predicted = gold, predicted
        self.alignment = Alignment(gold, predicted)
        self._names = _names_of(gold), _names_of(predicted)
        self.matchings: dict[KindName, Matching] = {PARTY.plural: self._match_parties()}
        for kind in sorted(claims(), key=lambda kind: not kind.may_be_target):  # possible targets come first
            self.matchings[kind.plural] = matching = self._match(kind.plural)
            if kind.may_be_target:
                self.alignment.targets |= {pair.predicted: pair.gold for pair in matching.pairs}

    def _match_parties(self) -> Matching:
        """Match the parties, again if the result changes the parties that affiliations mean.

        Only parties with a common name are aligned.
        """
        matching = self._match(PARTY.plural)
        for _ in range(3):
            found = {pair.predicted: pair.gold for pair in matching.pairs if self._share_a_name(pair)}
            if found == self.alignment.parties:
                break
            self.alignment.parties = found
            matching = self._match(PARTY.plural)
        return matching

    def _share_a_name(self, pair: Pair) -> bool:
        gold, predicted = self.gold.party(pair.gold), self.predicted.party(pair.predicted)
        return gold is not None and predicted is not None and bool(gold.name_keys & predicted.name_keys)

    def _match(self, kind: KindName) -> Matching:
        """Assign the predictions of a kind to its gold items: the highest total similarity, then most fields right."""
        from scipy.optimize import linear_sum_assignment

        ours, theirs = self._names
        golds = sorted(self.gold.items[kind], key=lambda item: _canonical(item, ours))
        predictions = sorted(self.predicted.items[kind], key=lambda item: _canonical(item, theirs))
        candidates = [[self._candidate(gold, predicted) for predicted in predictions] for gold in golds]
        chosen: list[tuple[int, int]] = []
        if golds and predictions:
            worth = [[_worth(*each, gold) for each in row] for gold, row in zip(golds, candidates, strict=True)]
            rows, columns = linear_sum_assignment(worth, maximize=True)
            pairs = ((int(g), int(p)) for g, p in zip(rows, columns, strict=True))
            chosen = [(g, p) for g, p in pairs if candidates[g][p].similarity]
        return _Assignment(golds, predictions, candidates, chosen, self.alignment.language).matching()

    def _candidate(self, gold: Item, predicted: Item) -> "_Candidate":
        alike = item_similarity(gold, predicted, self.alignment)
        return _Candidate(alike, compare_fields(gold, predicted, self.alignment) if alike else {})


class _Candidate(NamedTuple):
    """The similarity of a gold item and a prediction, and the comparison of their fields unless it is 0."""

    similarity: float
    fields: Mapping[str, bool]


@dataclass(frozen=True)
class _Assignment:
    """The assignment of the predictions of one kind to its gold items, by their places in the two lists."""

    golds: Sequence[Item]
    predictions: Sequence[Item]
    candidates: Sequence[Sequence[_Candidate]]
    chosen: Sequence[tuple[int, int]]
    language: str | None

    def matching(self) -> Matching:
        """Return the pairs, and what is missed, spurious, repeated, merged or split."""
        golds, predictions = self.golds, self.predictions
        matched, unmatched = {g for g, _ in self.chosen}, self._similar_matched
        gold_sentences = frozenset().union(*(gold.cited for gold in golds))
        cited_sentences = frozenset().union(*(predicted.cited for predicted in predictions))
        return Matching(
            pairs=tuple(sorted((self._pair(g, p) for g, p in self.chosen), key=lambda pair: _by_number(pair.gold))),
            missed=_ids(gold for g, gold in enumerate(golds) if g not in matched and not gold.optional),
            spurious=_ids(predictions[p] for p in unmatched if not self._is_neutral(p)),
            neutral=_ids(
                [predictions[p] for g, p in self.chosen if golds[g].optional]
                + [predictions[p] for p in unmatched if self._is_neutral(p)]
            ),
            duplicates=tuple(sorted(predictions[p].id for p in unmatched if self._is_duplicate(p))),
            merges=tuple(sorted(predictions[p].id for _, p in self.chosen if self._covers_a_missed_item(p))),
            splits=tuple(
                sorted(predictions[p].id for p, similar in unmatched.items() if similar and not self._is_duplicate(p))
            ),
            traps=(),
            found=_ids(gold for gold in golds if gold.cited & cited_sentences and not gold.optional),
            well_placed=_ids(predicted for predicted in predictions if predicted.cited & gold_sentences),
        )

    @cached_property
    def _similar_matched(self) -> dict[int, list[int]]:
        """For each prediction without a match, the gold items with another match that it is similar to."""
        matched, used = [g for g, _ in self.chosen], {p for _, p in self.chosen}
        return {
            p: [g for g in matched if self.candidates[g][p].similarity]
            for p in range(len(self.predictions))
            if p not in used
        }

    def _pair(self, g: int, p: int) -> Pair:
        gold, predicted = self.golds[g], self.predictions[p]
        alike, fields = self.candidates[g][p]
        return Pair(
            gold=gold.id,
            predicted=predicted.id,
            similarity=round(alike, 4),
            evidence=round(dice(gold.evidence, predicted.cited), 4),
            fields=fields,
            strict=_strict(fields, gold.kind),
            optional=gold.optional,
        )

    def _is_neutral(self, p: int) -> bool:
        """Return True if a prediction without a match is similar to matched gold items that are all optional."""
        similar = [self.golds[g] for g in self._similar_matched[p]]
        return self.predictions[p].optional or (bool(similar) and all(gold.optional for gold in similar))

    def _is_duplicate(self, p: int) -> bool:
        """Return True if a prediction without a match says the same as a matched prediction."""
        text, similar = self.predictions[p].wordings[0], self._similar_matched[p]
        matches = (self.predictions[q] for g, q in self.chosen if g in similar)
        return any(best_f1(text, match.wordings, self.language) >= SAME_CLAIM for match in matches)

    def _covers_a_missed_item(self, p: int) -> bool:
        """Return True if a matched prediction is similar to a required gold item without a match."""
        matched = {g for g, _ in self.chosen}
        return any(
            self.candidates[g][p].similarity
            for g, gold in enumerate(self.golds)
            if g not in matched and not gold.optional
        )


def _worth(similarity: float, fields: Mapping[str, bool], gold: Item) -> int:
    """Return the worth of a pair: its similarity, then required before optional, then strict, then the right fields.

    Each criterion is a digit of base 1000: a case has fewer than a thousand items of a kind, so that a lower criterion
    never outweighs a higher one.
    """
    steps = round(similarity * _STEPS)
    if not steps:
        return 0
    required = 1 if gold.optional else 2
    return ((steps * 1000 + required) * 1000 + _strict(fields, gold.kind)) * 1000 + sum(fields.values())


def _strict(fields: Mapping[str, bool], kind: KindName) -> bool:
    return all(fields[name] for name in kind_named(kind).critical)


# ── order ────────────────────────────────────────────────────────────────────────────────────────


def _ids(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(sorted((item.id for item in items), key=_by_number))


def _by_number(id: str) -> tuple[int, str]:
    """Return a key that sorts P2 before P11."""
    return len(id), id


def _names_of(side: Side) -> Mapping[str, str]:
    """Return the words of each party and target by its id, so that no order depends on ids."""
    return {item.id: "|".join(item.wordings) for item in (*side.parties, *side.targets)}


def _canonical(item: Item, names: Mapping[str, str]) -> str:
    """Return a key that sorts items independently of their order and, if possible, of their ids."""
    fields = {name: sorted(_plain(value, names) for value in values) for name, values in item.fields.items()}
    evidence = sorted(sorted(numbers) for numbers in item.evidence)
    return json.dumps([item.wordings, evidence, fields, item.id], sort_keys=True, ensure_ascii=False)


def _plain(value: Value, names: Mapping[str, str]) -> str:
    if isinstance(value, frozenset):
        return ",".join(sorted(names.get(i, i) for i in value))
    if isinstance(value, Target):
        return f"{names.get(value.id or '', '')} {value.text}"
    return names.get(value, value) if value else ""
