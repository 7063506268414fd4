"""Which predicted item is which gold item, and what of it is right: the rules and numbers of the metric.

They are fixed by `VERSION`: whoever changes one raises it, and every baseline is due anew.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from summariser.evals.gold.models import HardNegative
from summariser.evals.metric import text_similarity
from summariser.evals.metric.items import Ids, Item, Side, Target, Value
from summariser.schema import PARTY, ItemKind, KindName, claims, kind_named

VERSION = 1

EVIDENCE, WORDING, ACTOR = 0.5, 0.35, 0.15  # weights of the similarity of two claims
WORDING_ALONE = 0.6  # without a shared sentence, this much wording must be shared
THRESHOLD = 0.35  # what is less alike is no match
SAME_TEXT = 0.5  # content-word F1 from which a condition, deadline, quote or target says the same
CARRIED = 0.5  # share of a right wording's content words from which a prediction carries it
SAME_CLAIM = 0.8  # content-word F1 above which two predictions are one said twice
_STEPS = 10_000  # similarities are compared in ten-thousandths


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A gold item and the prediction that is it: how alike, which fields are right."""

    gold: str
    predicted: str
    similarity: float
    evidence: float
    fields: Mapping[str, bool]
    strict: bool
    optional: bool


@dataclass(frozen=True, kw_only=True)
class Matching:
    """What came of one kind in one case."""

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


# ── similarity ───────────────────────────────────────────────────────────────────────────────────


class Matcher:
    """Compares the predictions of one case with its gold, once it is known which party is which."""

    def __init__(self, gold: Side, predicted: Side) -> None:
        self.gold, self.predicted = gold, predicted
        self.language = gold.language
        self._party_of: dict[str, str] = {}
        self._target_of: dict[str, str] = {}
        self._names = _names_of(gold), _names_of(predicted)
        self._targets = frozenset(item.id for item in _targets(predicted))
        self.matchings: dict[KindName, Matching] = {PARTY.plural: self._match_parties()}
        for kind in sorted(claims(), key=lambda kind: not kind.may_be_target):  # what may be a target comes first
            self.matchings[kind.plural] = matching = self.match(kind.plural)
            if kind.may_be_target:
                self._target_of |= {pair.predicted: pair.gold for pair in matching.pairs}

    def _match_parties(self) -> Matching:
        """The parties matched, until the affiliations that it rests on are those that it gives.

        Only parties with a name in common stand for each other in the fields of claims.
        """
        matching = self.match(PARTY.plural)
        for _ in range(3):
            found = {pair.predicted: pair.gold for pair in matching.pairs if self._share_a_name(pair)}
            if found == self._party_of:
                break
            self._party_of = found
            matching = self.match(PARTY.plural)
        return matching

    def _share_a_name(self, pair: Pair) -> bool:
        gold, predicted = self.gold.party(pair.gold), self.predicted.party(pair.predicted)
        return gold is not None and predicted is not None and bool(_name_keys(gold) & _name_keys(predicted))

    @classmethod
    def of_one(cls, side: Side) -> "Matcher":
        """A judge of how alike the items of one side are among themselves."""
        matcher = cls.__new__(cls)
        matcher.gold, matcher.predicted, matcher.language = side, side, side.language
        matcher._names = _names_of(side), _names_of(side)
        matcher._party_of = {party.id: party.id for party in side.items[PARTY.plural]}
        matcher._targets = frozenset(item.id for item in _targets(side))
        matcher._target_of = {item.id: item.id for item in _targets(side)}
        matcher.matchings = {}
        return matcher

    def similarity(self, gold: Item, predicted: Item) -> float:
        """How alike two items are, from 0 to 1; 0 where they cannot be the same."""
        if gold.of_kind is PARTY:
            return _names_alike(gold, predicted, self.language)
        evidence = dice(gold.evidence, predicted.cited)
        words = text_similarity.best_f1(predicted.wordings[0], (*gold.wordings, *gold.carriers[:1]), self.language)
        if not evidence and words < WORDING_ALONE:
            return 0.0
        actor = self._actors_alike(gold, predicted)
        similarity = EVIDENCE * evidence + WORDING * words + ACTOR * actor
        return similarity if similarity >= THRESHOLD else 0.0

    def _actors_alike(self, gold: Item, predicted: Item) -> float:
        """The Dice coefficient of those who act; 1 where nobody is named on either side."""
        name = gold.of_kind.actor
        if name is None:
            return 1.0
        theirs = self._as_gold(_ids(predicted.fields[name][0]))
        return max(self._sets_alike(_ids(value), theirs, _named_in(gold)) for value in gold.fields[name])

    def _sets_alike(self, ours: Ids, theirs: Ids, apart: Ids = frozenset()) -> float:
        if not ours and not theirs:
            return 1.0
        met = sum(any(self._same_actor(a, b, apart) for b in theirs) for a in ours)
        meeting = sum(any(self._same_actor(a, b, apart) for a in ours) for b in theirs)
        return (met + meeting) / (len(ours) + len(theirs))

    def _as_gold(self, ids: Ids) -> Ids:
        """Predicted parties as gold ids; one that is no gold party keeps its own, marked."""
        return frozenset(self._party_of.get(i, f"?{i}") for i in ids)

    def _same_actor(self, one: str, other: str, apart: Ids) -> bool:
        """Whether two gold ids count as one actor: the same, or one speaks for the other.

        An item that names both keeps them apart.
        """
        if one == other or {one, other} <= apart:
            return one == other
        return self._speaks_for(one) == other or self._speaks_for(other) == one

    def _speaks_for(self, id: str) -> str | None:
        """Whom a person or an organisation speaks for; groups speak for nobody."""
        party = self.gold.party(id)
        if party is None or party.fields["kind"][0] not in ("person", "organisation"):
            return None
        value = party.fields["affiliation"][0]
        return value if isinstance(value, str) else None

    # ── fields ───────────────────────────────────────────────────────────────────────────────────

    def fields(self, gold: Item, predicted: Item) -> dict[str, bool]:
        """Which fields of a prediction are right."""
        apart = _named_in(gold)
        right = {name: self._right(name, gold, predicted.fields[name][0], apart) for name in gold.fields}
        if gold.of_kind is PARTY:
            return {"names": _names_right(gold, predicted), **right}
        return {
            **right,
            "wording": self._carried(gold, predicted),
            "negation": self._negated_alike(gold, predicted),
            "numbers": self._numbers_right(gold, predicted),
        }

    def _right(self, name: str, gold: Item, value: Value, apart: Ids) -> bool:
        return any(self._value_right(gold.of_kind, name, good, value, apart) for good in gold.fields[name])

    def _value_right(self, kind: ItemKind, name: str, good: Value, value: Value, apart: Ids) -> bool:
        if kind is PARTY and name in kind.party_fields:
            return _ids(good) == self._as_gold(_ids(value))
        if name in kind.party_fields:
            return self._sets_alike(_ids(good), self._as_gold(_ids(value)), apart) == 1.0
        if isinstance(good, Target) and isinstance(value, Target):
            return self._target_right(good, value, apart)
        if name == kind.label:
            return good == value
        return self._same_text(cast(str | None, good), cast(str | None, value))

    def _same_text(self, good: str | None, value: str | None) -> bool:
        if good is None or value is None:
            return good is value
        if text_similarity.name_key(good) == text_similarity.name_key(value):
            return True
        alike = text_similarity.f1(good, value, self.language) >= SAME_TEXT
        return alike and all(
            f(good, self.language) == f(value, self.language)
            for f in (text_similarity.negations, text_similarity.numbers)
        )

    def _target_right(self, good: Target, value: Target, apart: Ids) -> bool:
        """By id where both have one; else the words must be those of the gold target, or its name."""
        if good.id is not None and value.id is not None:
            if value.id in self._targets:
                return self._target_of.get(value.id) == good.id
            return self._same_actor(good.id, self._party_of.get(value.id, f"?{value.id}"), apart)
        named = next((i for i in (*self.gold.items[PARTY.plural], *_targets(self.gold)) if i.id == good.id), None)
        texts = (good.text, *(named.wordings if named else ()))
        return bool(value.text) and text_similarity.best_f1(value.text, texts, self.language) >= SAME_TEXT

    def _carried(self, gold: Item, predicted: Item) -> bool:
        """Whether the prediction carries half of a right wording, or says much the same in few words."""
        said, right = predicted.wordings[0], (*gold.wordings, *gold.carriers[:1])
        share = max(text_similarity.recall(said, text, self.language) for text in right)
        return share >= CARRIED or text_similarity.best_f1(said, right, self.language) >= SAME_TEXT

    def _negated_alike(self, gold: Item, predicted: Item) -> bool:
        """Whether the prediction negates what the closest text negates of those that carry the gold, and as often.

        Where the gold is a refusal, its wording may tell what is refused or that it is not done.
        """
        label, refusal = gold.of_kind.label, gold.of_kind.refusal
        if label and refusal in gold.fields[label] and predicted.fields[label][0] == refusal:
            return True
        said = predicted.wordings[0]
        texts = (*gold.wordings, *gold.carriers)
        close = [text_similarity.f1(said, text, self.language) for text in texts]
        counted = text_similarity.negations(said, self.language)
        best = max(close)
        return any(
            counted == text_similarity.negations(text, self.language)
            and text_similarity.same_polarity(said, text, self.language)
            for text, closeness in zip(texts, close, strict=True)
            if closeness == best
        )

    def _numbers_right(self, gold: Item, predicted: Item) -> bool:
        """Whether the prediction has every number that matters, and none that the gold and its sentences lack.

        A needed number may stand in the wording, the condition or the deadline. A bare one ("one seat") is no number.
        """
        said = self._numbers(predicted.wordings[:1])
        told = [*said, *self._numbers(_terms(predicted))]
        known = [*self._numbers((*gold.wordings, *gold.carriers, *_terms(gold))), (1.0, "")]
        if not all(text_similarity.has_number(number, known) for number in said):
            return False
        texts = " ".join((*predicted.wordings[:1], *_terms(predicted)))
        return all(self._tells(needed, told, texts) for needed in gold.numbers)

    def _tells(self, needed: str, told: Sequence[text_similarity.Number], texts: str) -> bool:
        """Whether a needed number is among those told; one that is a word ("half") must stand there as a word."""
        found = text_similarity.numbers(needed, self.language)
        if not found:
            return text_similarity.recall(texts, needed, self.language) == 1.0
        return all(text_similarity.has_number(number, told) for number in found)

    def _numbers(self, texts: Sequence[str]) -> list[text_similarity.Number]:
        return [number for text in texts for number in text_similarity.numbers(text, self.language)]

    # ── matching ─────────────────────────────────────────────────────────────────────────────────

    def match(self, kind: KindName) -> Matching:
        """The best assignment of predictions to gold items: the most similarity in all, then the most right."""
        from scipy.optimize import linear_sum_assignment

        ours, theirs = self._names
        golds = sorted(self.gold.items[kind], key=lambda item: _canonical(item, ours))
        predictions = sorted(self.predicted.items[kind], key=lambda item: _canonical(item, theirs))
        alike = [[self.similarity(gold, predicted) for predicted in predictions] for gold in golds]
        fields = [
            [self.fields(gold, predicted) if alike[g][p] else {} for p, predicted in enumerate(predictions)]
            for g, gold in enumerate(golds)
        ]
        worth = [
            [_worth(alike[g][p], fields[g][p], golds[g]) for p in range(len(predictions))] for g in range(len(golds))
        ]
        chosen: list[tuple[int, int]] = []
        if golds and predictions:
            rows, columns = linear_sum_assignment(worth, maximize=True)
            chosen = [(int(g), int(p)) for g, p in zip(rows, columns, strict=True) if alike[g][p]]
        pairs = [
            Pair(
                gold=golds[g].id,
                predicted=predictions[p].id,
                similarity=round(alike[g][p], 4),
                evidence=round(dice(golds[g].evidence, predictions[p].cited), 4),
                fields=fields[g][p],
                strict=_strict(fields[g][p], kind),
                optional=golds[g].optional,
            )
            for g, p in chosen
        ]
        return self._told(golds, predictions, alike, chosen, pairs)

    def _told(
        self,
        golds: Sequence[Item],
        predictions: Sequence[Item],
        alike: Sequence[Sequence[float]],
        chosen: Sequence[tuple[int, int]],
        pairs: Sequence[Pair],
    ) -> Matching:
        """The rest of what is to be told: what is missed, spurious, said twice, merged, split, placed rightly."""
        met, used = {g for g, _ in chosen}, {p for _, p in chosen}
        over = [p for p in range(len(predictions)) if p not in used]
        again = {p: [g for g in met if alike[g][p]] for p in over}
        duplicates: list[str] = []
        splits: list[str] = []
        for p in (p for p in over if again[p]):
            twins = [q for g, q in chosen if g in again[p]]
            same = any(self._says_the_same(predictions[p], predictions[q]) for q in twins)
            (duplicates if same else splits).append(predictions[p].id)
        merges = [
            predictions[p].id
            for g, p in chosen
            if any(alike[h][p] for h in range(len(golds)) if h not in met and not golds[h].optional)
        ]
        again_optional = {p for p in over if again[p] and all(golds[g].optional for g in again[p])}
        carrying = frozenset().union(*(gold.cited for gold in golds))
        cited = frozenset().union(*(predicted.cited for predicted in predictions))
        return Matching(
            pairs=tuple(sorted(pairs, key=lambda pair: _by_number(pair.gold))),
            missed=_named(gold for g, gold in enumerate(golds) if g not in met and not gold.optional),
            spurious=_named(predictions[p] for p in over if not predictions[p].optional and p not in again_optional),
            neutral=_named(
                [predictions[p] for g, p in chosen if golds[g].optional]
                + [predictions[p] for p in over if predictions[p].optional or p in again_optional]
            ),
            duplicates=tuple(sorted(duplicates)),
            merges=tuple(sorted(merges)),
            splits=tuple(sorted(splits)),
            traps=(),
            found=_named(gold for gold in golds if gold.cited & cited and not gold.optional),
            well_placed=_named(predicted for predicted in predictions if predicted.cited & carrying),
        )

    def _says_the_same(self, one: Item, other: Item) -> bool:
        return text_similarity.best_f1(one.wordings[0], other.wordings, self.language) >= SAME_CLAIM

    def hard_negative_hits(self, traps: Sequence[HardNegative]) -> list[tuple[str, str]]:
        """The traps that predictions fell into, as (trap, prediction).

        One with `fields` catches any prediction like it that has such a value; one without, only a prediction that
        is no gold item.
        """
        hits = []
        for negative in traps:
            bait = Item(
                id=negative.id,
                kind=negative.kind,
                wordings=(negative.text,),
                evidence=tuple(map(frozenset, negative.evidence)),
            )
            free = {*self.matchings[negative.kind].spurious}
            for predicted in self.predicted.items[negative.kind]:
                if not self._like(bait, predicted):
                    continue
                wrong = [
                    name for name, v in negative.fields.items() if self._as_trapped(predicted.fields[name][0]) & set(v)
                ]
                if (negative.fields and wrong) or (not negative.fields and predicted.id in free):
                    hits.append((negative.id, predicted.id))
        return sorted(hits)

    def _as_trapped(self, value: Value) -> Ids:
        """A predicted value as a trap names it: parties by their gold ids, everything else as it is."""
        ids = _ids(value.id if isinstance(value, Target) else value)
        return frozenset(self._party_of.get(i, self._target_of.get(i, i)) for i in ids)

    def _like(self, bait: Item, predicted: Item) -> bool:
        """Whether a prediction says what a trap warns of: its sentence and half its content, or most of its content."""
        if bait.of_kind is PARTY:
            return _names_alike(bait, predicted, self.language) > 0
        words = text_similarity.best_f1(predicted.wordings[0], bait.wordings, self.language)
        needed = SAME_TEXT if predicted.cited & bait.cited else WORDING_ALONE
        return words >= needed


def _targets(side: Side) -> Iterator[Item]:
    """Yield the items that another item may be about."""
    for kind in claims():
        if kind.may_be_target:
            yield from side.items.get(kind.plural, ())


def _worth(similarity: float, fields: Mapping[str, bool], gold: Item) -> int:
    """A similarity as a whole number, with room below it to prefer, among equals, more matches and more that is right.

    A case has fewer than a thousand items of a kind, so that what is less important never adds up to more.
    """
    steps = round(similarity * _STEPS)
    if not steps:
        return 0
    required = 1 if gold.optional else 2
    return ((steps * 1000 + required) * 1000 + _strict(fields, gold.kind)) * 1000 + sum(fields.values())


def _strict(fields: Mapping[str, bool], kind: KindName) -> bool:
    return all(fields[name] for name in kind_named(kind).critical)


def dice(alternatives: Sequence[frozenset[int]], cited: frozenset[int]) -> float:
    """2·|A ∩ B| / (|A| + |B|) of the sentences cited and the best of the alternatives; 0 where nothing is cited."""
    return max((2 * len(a & cited) / (len(a) + len(cited)) for a in alternatives if cited), default=0.0)


def _names_alike(gold: Item, predicted: Item, language: str | None) -> float:
    """1 for parties with a name in common and all names alike; at least 0.6 with one in common; else by their words."""
    ours, theirs = _name_keys(gold), _name_keys(predicted)
    if ours & theirs:
        return 0.6 + 0.4 * 2 * len(ours & theirs) / (len(ours) + len(theirs))
    words = max(text_similarity.best_f1(name, (*gold.wordings, *gold.accept), language) for name in predicted.wordings)
    return 0.6 * words if words >= WORDING_ALONE else 0.0


def _names_right(gold: Item, predicted: Item) -> bool:
    """Whether the prediction has every alias of the party, its name or an accepted one, and no other."""
    main = {text_similarity.name_key(name) for name in (gold.wordings[0], *gold.accept)}
    aliases = {text_similarity.name_key(name) for name in gold.wordings[1:]}
    given = _name_keys(predicted)
    return aliases <= given <= main | aliases and bool(given & main)


def _name_keys(party: Item) -> frozenset[str]:
    """Every name of a party as it is compared, accepted ones too."""
    return frozenset(text_similarity.name_key(name) for name in (*party.wordings, *party.accept))


def _names_of(side: Side) -> Mapping[str, str]:
    """What stands for an id where order must not depend on ids: the words of the party or commitment."""
    return {item.id: "|".join(item.wordings) for item in (*side.items[PARTY.plural], *_targets(side))}


def _named_in(item: Item) -> Ids:
    """The parties that an item names as it is labelled: whoever is among them is kept apart from the others."""
    ids: set[str] = set()
    kind = item.of_kind
    for name in (*(each.name for each in kind.parties if each.apart), *filter(None, [kind.target])):
        for value in item.fields.get(name, ())[:1]:
            ids |= _ids(value.id if isinstance(value, Target) else value)
    return frozenset(ids)


def _terms(item: Item) -> tuple[str, ...]:
    """Condition and deadline, where they are given."""
    values = (value for name in item.of_kind.terms for value in item.fields.get(name, ()))
    return tuple(value for value in values if isinstance(value, str))


def _ids(value: Value) -> Ids:
    if isinstance(value, frozenset):
        return value
    return frozenset() if value is None else frozenset({str(value)})


def _named(items: "Sequence[Item] | object") -> tuple[str, ...]:
    return tuple(sorted((item.id for item in cast(Sequence[Item], items)), key=_by_number))


def _by_number(id: str) -> tuple[int, str]:
    """What puts P2 before P11."""
    return len(id), id


def _canonical(item: Item, names: Mapping[str, str]) -> str:
    """What puts items in an order that does not depend on how they came or what their ids are; ids come last."""
    fields = {name: sorted(_plain(value, names) for value in values) for name, values in item.fields.items()}
    evidence = sorted(sorted(numbers) for numbers in item.evidence)
    return json.dumps([item.wordings, evidence, fields, item.id], sort_keys=True, ensure_ascii=False)


def _plain(value: Value, names: Mapping[str, str]) -> str:
    if isinstance(value, frozenset):
        return ",".join(sorted(names.get(i, i) for i in value))
    if isinstance(value, Target):
        return f"{names.get(value.id or '', '')} {value.text}"
    return names.get(value, value) if value else ""
