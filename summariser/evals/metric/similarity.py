"""The similarity of a gold item and a prediction, which decides what is matched."""

from collections.abc import Sequence

from summariser.evals.metric.alignment import Alignment
from summariser.evals.metric.items import Item, ids_of
from summariser.evals.metric.parameters import ACTOR, EVIDENCE, THRESHOLD, WORDING, WORDING_ALONE
from summariser.schema import PARTY
from summariser.text import similarity as text_similarity


def item_similarity(gold: Item, predicted: Item, alignment: Alignment) -> float:
    """Return the similarity of two items of one kind, from 0 to 1; 0 if they cannot match."""
    if gold.of_kind is PARTY:
        return name_similarity(gold, predicted, alignment.language)
    evidence = dice(gold.evidence, predicted.cited)
    texts = (*gold.wordings, *gold.carriers[:1])
    wording = text_similarity.best_f1(predicted.wordings[0], texts, alignment.language)
    if not evidence and wording < WORDING_ALONE:
        return 0.0
    found = EVIDENCE * evidence + WORDING * wording + ACTOR * _actor_similarity(gold, predicted, alignment)
    return found if found >= THRESHOLD else 0.0


def _actor_similarity(gold: Item, predicted: Item, alignment: Alignment) -> float:
    """Return the Dice coefficient of those who act, for the closest of the right values."""
    name = gold.of_kind.actor
    if name is None:
        return 1.0
    theirs = alignment.gold_parties(ids_of(predicted.fields[name][0]))
    return max(alignment.actor_similarity(ids_of(right), theirs, gold.distinguished) for right in gold.fields[name])


def dice(alternatives: Sequence[frozenset[int]], cited: frozenset[int]) -> float:
    """Return the Dice coefficient of the cited sentences and the closest alternative; 0 if nothing is cited.

    Dice = 2·|A ∩ B| / (|A| + |B|).
    """
    return max((2 * len(a & cited) / (len(a) + len(cited)) for a in alternatives if cited), default=0.0)


def name_similarity(gold: Item, predicted: Item, language: str | None) -> float:
    """Return the similarity of two parties.

    With a common name it is 0.6 + 0.4 · Dice of the sets of names. Otherwise it is 0.6 times the content-word F1 of
    the closest names, from `WORDING_ALONE` on, and 0 below.
    """
    ours, theirs = gold.name_keys, predicted.name_keys
    if ours & theirs:
        return 0.6 + 0.4 * 2 * len(ours & theirs) / (len(ours) + len(theirs))
    words = max(text_similarity.best_f1(name, (*gold.wordings, *gold.accept), language) for name in predicted.wordings)
    return 0.6 * words if words >= WORDING_ALONE else 0.0
