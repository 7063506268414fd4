"""The comparison of a prediction with its gold item, field by field: ordered tables of named rules."""

from collections.abc import Callable, Sequence
from typing import cast

from summariser.evals.metric.alignment import Alignment
from summariser.evals.metric.items import Item, Target, Value, ids_of
from summariser.evals.metric.parameters import CARRIED, SAME_TEXT
from summariser.schema import PARTY, ItemKind
from summariser.text import similarity as text_similarity


def compare_fields(gold: Item, predicted: Item, alignment: Alignment) -> dict[str, bool]:
    """Return True for each field in which a prediction is right.

    Fields that hold values are compared by the first of the `_VALUE_RULES` that applies to them; a prediction is right
    if it has one of the right values. The `_PARTY_RULES` and `_CLAIM_RULES` compare the items as texts.
    """
    values = {name: _has_right_value(name, gold, predicted, alignment) for name in gold.fields}
    if gold.of_kind is PARTY:
        return {**{name: rule(gold, predicted, alignment) for name, rule in _PARTY_RULES}, **values}
    return {**values, **{name: rule(gold, predicted, alignment) for name, rule in _CLAIM_RULES}}


def _has_right_value(name: str, gold: Item, predicted: Item, alignment: Alignment) -> bool:
    rule = next(rule for applies, rule in _VALUE_RULES if applies(gold.of_kind, name))
    given = predicted.fields[name][0]
    return any(rule(right, given, gold, alignment) for right in gold.fields[name])


# ── values ───────────────────────────────────────────────────────────────────────────────────────


def _same_parties(right: Value, given: Value, gold: Item, alignment: Alignment) -> bool:
    return ids_of(right) == alignment.gold_parties(ids_of(given))


def _same_actors(right: Value, given: Value, gold: Item, alignment: Alignment) -> bool:
    theirs = alignment.gold_parties(ids_of(given))
    return alignment.actor_similarity(ids_of(right), theirs, gold.distinguished) == 1.0


def _same_target(right: Value, given: Value, gold: Item, alignment: Alignment) -> bool:
    """Compare two targets by their ids if both have one, otherwise by their words or the gold target's names."""
    one, other = cast(Target, right), cast(Target, given)
    if one.id is not None and other.id is not None:
        return alignment.same_target(one.id, other.id, gold.distinguished)
    named = next((item for item in (*alignment.gold.parties, *alignment.gold.targets) if item.id == one.id), None)
    texts = (one.text, *(named.wordings if named else ()))
    return bool(other.text) and text_similarity.best_f1(other.text, texts, alignment.language) >= SAME_TEXT


def _same_label(right: Value, given: Value, gold: Item, alignment: Alignment) -> bool:
    return right == given


def _same_text(right: Value, given: Value, gold: Item, alignment: Alignment) -> bool:
    """Return True for two texts with much the same content words, as many negations and the same numbers."""
    one, other, language = cast(str | None, right), cast(str | None, given), alignment.language
    if one is None or other is None:
        return one is other
    if text_similarity.name_key(one) == text_similarity.name_key(other):
        return True
    return (
        text_similarity.f1(one, other, language) >= SAME_TEXT
        and text_similarity.negations(one, language) == text_similarity.negations(other, language)
        and text_similarity.numbers(one, language) == text_similarity.numbers(other, language)
    )


_Applies = Callable[[ItemKind, str], bool]
_ValueRule = Callable[[Value, Value, Item, Alignment], bool]
_VALUE_RULES: tuple[tuple[_Applies, _ValueRule], ...] = (
    (lambda kind, name: kind is PARTY and name in kind.party_fields, _same_parties),
    (lambda kind, name: name in kind.party_fields, _same_actors),
    (lambda kind, name: name == kind.target, _same_target),
    (lambda kind, name: name == kind.label, _same_label),
    (lambda kind, name: True, _same_text),
)


# ── texts ────────────────────────────────────────────────────────────────────────────────────────


def _names_right(gold: Item, predicted: Item, alignment: Alignment) -> bool:
    """Return True if a prediction has every alias of the party, its name or an accepted one, and no other name."""
    main = {text_similarity.name_key(name) for name in (gold.wordings[0], *gold.accept)}
    aliases = {text_similarity.name_key(name) for name in gold.wordings[1:]}
    given = predicted.name_keys
    return aliases <= given <= main | aliases and bool(given & main)


def _wording_carried(gold: Item, predicted: Item, alignment: Alignment) -> bool:
    """Return True if a prediction has half of the content words of a right wording, or much the same words."""
    text, right = predicted.wordings[0], (*gold.wordings, *gold.carriers[:1])
    share = max(text_similarity.recall(text, each, alignment.language) for each in right)
    return share >= CARRIED or text_similarity.best_f1(text, right, alignment.language) >= SAME_TEXT


def _negated_alike(gold: Item, predicted: Item, alignment: Alignment) -> bool:
    """Return True if a prediction negates the same words, as often, as the closest text that carries the gold item.

    A refusal may be worded as what is refused or as what is not done.
    """
    label, refusal = gold.of_kind.label, gold.of_kind.refusal
    if label and refusal in gold.fields[label] and predicted.fields[label][0] == refusal:
        return True
    text, carriers = predicted.wordings[0], (*gold.wordings, *gold.carriers)
    closeness = [text_similarity.f1(text, each, alignment.language) for each in carriers]
    best = max(closeness)
    closest = [each for each, close in zip(carriers, closeness, strict=True) if close == best]
    negations = text_similarity.negations(text, alignment.language)
    return any(
        negations == text_similarity.negations(each, alignment.language)
        and text_similarity.same_polarity(text, each, alignment.language)
        for each in closest
    )


def _numbers_right(gold: Item, predicted: Item, alignment: Alignment) -> bool:
    """Return True if a prediction has every needed number, and no number that the gold item and its sentences lack.

    A needed number may be in the wording, the condition or the deadline. "One" without a unit, as in "one seat", is
    not counted as a number.
    """
    language = alignment.language
    wording = _numbers(predicted.wordings[:1], language)
    known = [*_numbers((*gold.wordings, *gold.carriers, *gold.terms), language), (1.0, "")]
    if not all(text_similarity.has_number(number, known) for number in wording):
        return False
    texts = (*predicted.wordings[:1], *predicted.terms)
    return all(_has_needed(needed, texts, language) for needed in gold.numbers)


def _has_needed(needed: str, texts: Sequence[str], language: str | None) -> bool:
    """Return True if texts have a needed number; a word such as "half" must be in them as a word."""
    found = text_similarity.numbers(needed, language)
    if not found:
        return text_similarity.recall(" ".join(texts), needed, language) == 1.0
    given = _numbers(texts, language)
    return all(text_similarity.has_number(number, given) for number in found)


def _numbers(texts: Sequence[str], language: str | None) -> list[text_similarity.Number]:
    return [number for text in texts for number in text_similarity.numbers(text, language)]


_ItemRule = Callable[[Item, Item, Alignment], bool]
_PARTY_RULES: tuple[tuple[str, _ItemRule], ...] = (("names", _names_right),)
_CLAIM_RULES: tuple[tuple[str, _ItemRule], ...] = (
    ("wording", _wording_carried),
    ("negation", _negated_alike),
    ("numbers", _numbers_right),
)
