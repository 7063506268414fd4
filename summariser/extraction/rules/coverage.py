"""What no item cites, though its words speak of a commitment, a reaction or a risk."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

from summariser.documents.document import Document
from summariser.extraction.rules.extract import extract_by_rules, is_passed_over
from summariser.extraction.rules.risks import is_risk
from summariser.extraction.rules.syntax import Reading, readings

_PROPOSED = 2  # how much more an item read by rules weighs than a mere cue word


@dataclass(frozen=True)
class Gap:
    """A sentence that no item cites, and of what kinds its words speak, strongest first."""

    sentence: int
    kinds: tuple[str, ...]


def gaps(document: Document, cited: Set[int]) -> list[Gap]:
    """The sentences that are not among the cited and carry a cue of a claim, strongest first. It costs no tokens.

    A sentence from which rules would read an item is stronger than one that merely has a cue word. Nothing is
    found in a language whose cue words are not known.
    """
    strength: dict[int, Counter[str]] = {}
    for reading in readings(document):
        if not is_passed_over(reading, document):
            strength[reading.sentence.number] = _cues(reading)
    draft = extract_by_rules(document)
    for kind, items in (("commitment", draft.commitments), ("reaction", draft.reactions), ("risk", draft.risks)):
        for item in items:
            strength.setdefault(item.sentences[-1], Counter())[kind] += _PROPOSED
    found = [(number, kinds) for number, kinds in strength.items() if kinds and number not in cited]
    found.sort(key=lambda gap: (-gap[1].total(), gap[0]))
    return [Gap(number, _strongest_first(kinds)) for number, kinds in found]


def _strongest_first(kinds: Counter[str]) -> tuple[str, ...]:
    """The kinds by strength, equals by name, so that the same text always gives the same words."""
    return tuple(sorted(kinds, key=lambda kind: (-kinds[kind], kind)))


def _cues(reading: Reading) -> Counter[str]:
    kinds = {verb.cue.kind for verb in reading.verbs} & {"commitment", "reaction"}
    return Counter({*kinds, "risk"} if is_risk(reading) else kinds)
