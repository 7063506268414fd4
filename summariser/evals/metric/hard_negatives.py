"""Hard negatives: the predictions that give what the gold labels reject."""

from collections.abc import Sequence

from summariser.evals.gold import HardNegative
from summariser.evals.metric.alignment import Alignment
from summariser.evals.metric.items import Ids, Item, Value, ids_of
from summariser.evals.metric.matching import Matcher
from summariser.evals.metric.parameters import SAME_TEXT, WORDING_ALONE
from summariser.evals.metric.similarity import name_similarity
from summariser.schema import PARTY
from summariser.text import similarity as text_similarity


def hard_negative_hits(negatives: Sequence[HardNegative], matcher: Matcher) -> list[tuple[str, str]]:
    """Return the hits of a case, as (id of the hard negative, id of the prediction), sorted.

    A hard negative with `fields` is hit by any similar prediction that has one of these values; one without is hit
    only by a similar prediction that is spurious.
    """
    hits = []
    for negative in negatives:
        spurious = matcher.matchings[negative.kind].spurious
        rejected = _as_item(negative)
        for predicted in matcher.predicted.items[negative.kind]:
            if not _similar(rejected, predicted, matcher.alignment.language):
                continue
            wrong = any(
                _gold_ids(predicted.fields[name][0], matcher.alignment) & set(values)
                for name, values in negative.fields.items()
            )
            if wrong if negative.fields else predicted.id in spurious:
                hits.append((negative.id, predicted.id))
    return sorted(hits)


def _as_item(negative: HardNegative) -> Item:
    evidence = tuple(map(frozenset, negative.evidence))
    return Item(id=negative.id, kind=negative.kind, wordings=(negative.text,), evidence=evidence)


def _gold_ids(value: Value, alignment: Alignment) -> Ids:
    """Return a predicted value as gold labels give it: the gold ids of parties and targets, and labels as they are."""
    return frozenset(map(alignment.gold_id, ids_of(value)))


def _similar(rejected: Item, predicted: Item, language: str | None) -> bool:
    """Return True if a prediction cites the rejected sentence with half of its content words, or has most of them."""
    if rejected.of_kind is PARTY:
        return name_similarity(rejected, predicted, language) > 0
    words = text_similarity.best_f1(predicted.wordings[0], rejected.wordings, language)
    return words >= (SAME_TEXT if predicted.cited & rejected.cited else WORDING_ALONE)
