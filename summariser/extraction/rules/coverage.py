"""Coverage: the sentences that no item cites, though they may tell of a commitment, a reaction or a risk."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

from summariser.documents import Document
from summariser.extraction.rules.extract import extract_by_rules, is_passed_over
from summariser.extraction.rules.risks import is_risk
from summariser.extraction.rules.syntax import Reading, readings

_EXTRACTED = 2  # weight of an item that rules extract, relative to a verb


@dataclass(frozen=True)
class Gap:
    """A sentence that no item cites.

    Attributes:
        sentence: Its number, from 1.
        kinds: The kinds of items that it may tell of, the strongest first.
    """

    sentence: int
    kinds: tuple[str, ...]


def gaps(document: Document, cited: Set[int]) -> list[Gap]:
    """Return the sentences that may tell of an item and are not cited, the strongest first, without a model.

    A sentence from which rules extract an item is stronger than one that only has a verb of its kind. Nothing is found
    in a language without word lists.

    Args:
        document: The document.
        cited: The numbers of the sentences that items cite.
    """
    strength: dict[int, Counter[str]] = {}
    for reading in readings(document):
        if not is_passed_over(reading, document):
            strength[reading.sentence.number] = _senses(reading)
    draft = extract_by_rules(document)
    for kind, items in (("commitment", draft.commitments), ("reaction", draft.reactions), ("risk", draft.risks)):
        for item in items:
            strength.setdefault(item.sentences[-1], Counter())[kind] += _EXTRACTED
    found = [(number, kinds) for number, kinds in strength.items() if kinds and number not in cited]
    found.sort(key=lambda gap: (-gap[1].total(), gap[0]))
    return [Gap(number, _strongest_first(kinds)) for number, kinds in found]


def _strongest_first(kinds: Counter[str]) -> tuple[str, ...]:
    """Return the kinds by strength, equally strong ones by name, so that the order is deterministic."""
    return tuple(sorted(kinds, key=lambda kind: (-kinds[kind], kind)))


def _senses(reading: Reading) -> Counter[str]:
    """Return the kinds of items that the verbs and nouns of a sentence speak of."""
    kinds = {verb.sense.kind for verb in reading.verbs} & {"commitment", "reaction"}
    return Counter({*kinds, "risk"} if is_risk(reading) else kinds)
