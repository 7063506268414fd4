"""What rules leave open about a risk: whether it is one, and who raises it."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from summariser.grounding.checks import quoted, read
from summariser.grounding.rule_made.made import Doubt, RuleMade
from summariser.text import lexicon

_POSSIBLE = frozenset("could may might would will likely".split())
_DEMANDS = frozenset("should must shall".split())
_FEARING = re.compile(r"fear|warn|worr|caution|threaten|risk|afraid|alarm|concern|redout|crai[gn]|menac|risqu|tem[ei]")
_DANGERS = lexicon.words("danger_nouns", "en")


def nothing_possible(made: RuleMade) -> Iterator[Doubt]:
    """Leave open whether it is a risk if nothing there could happen and nobody fears it.

    Examples:
        >>> doubts("The report speaks of threats from the north.")
        'risk: Nothing there says that it could happen, or that somebody fears it.'
    """
    kind = made.item.kind
    if not kind.possible or made.reading.language != "en":
        return
    feared = any(verb.sense.sort == "concerned" or verb.sense.kind == "danger" for verb in made.reading.verbs)
    if _POSSIBLE.isdisjoint(made.reading.norms()) and not feared:
        yield kind.text, read("Nothing there says that it could happen, or that somebody fears it.")


def report_without_danger(made: RuleMade) -> Iterator[Doubt]:
    """Leave open whether it is a risk if nobody says so, it hits nobody and no word of danger stands there.

    Examples:
        >>> doubts("The new road could split the old town.")
        'risk: Nobody but the report says so, and no word of danger stands there.'
    """
    reading = made.reading
    hit = (*made.named("raised_by"), *made.named("affects"))
    if not made.item.kind.possible or hit or reading.language != "en":
        return
    if not any(_FEARING.match(norm) or norm in _DANGERS for norm in reading.norms()):
        yield made.item.kind.text, read("Nobody but the report says so, and no word of danger stands there.")


def demand(made: RuleMade) -> Iterator[Doubt]:
    """Leave open whether it is a risk if the sentence demands something.

    Examples:
        >>> doubts("The pact should not undermine peace, Ana Belmar said.")
        'risk: The sentence says what should be (“should”), not what could happen.'
    """
    kind = made.item.kind
    word = next((norm for norm in made.reading.norms() if norm in _DEMANDS), None)
    if kind.possible and word is not None and _POSSIBLE.isdisjoint(made.reading.norms()):
        yield kind.text, read(f"The sentence says what should be ({quoted(word)}), not what could happen.")


def undertaking_of_harm(made: RuleMade) -> Iterator[Doubt]:
    """Leave open whether it is a risk if the sentence tells what somebody undertakes.

    Examples:
        >>> doubts("Joao Pell threatened to sue Lume Bank unless it pays, a danger.")
        'risk: The sentence tells what somebody undertakes.'
    """
    kind = made.item.kind
    undertaken = any(each.value("status") in ("threatened", "agreed") for each in made.beside)
    if kind.possible and undertaken and {"could", "might"}.isdisjoint(made.reading.norms()):
        yield kind.text, read("The sentence tells what somebody undertakes.")


def raiser_in_words(made: RuleMade) -> Iterator[Doubt]:
    """Leave open who raises a risk if a verb of saying or fear stands there and nobody is named.

    Examples:
        >>> doubts("The traders left, and fear that Kallport could burn.")
        'raised_by: “fear” stands there, and nobody is named who says it.'
    """
    kind = made.item.kind
    if not kind.possible or made.named("raised_by"):
        return
    reading = made.reading
    spoken = (v.place for v in reading.verbs if v.sense.kind == "speech" or v.sense.sort == "concerned")
    led = (place for place in spoken if not reading.quoted(place) and reading.led(place))
    joined = (at for at in range(1, len(reading.tokens)) if _is_joined_fear(reading.norms(at - 1, at + 2)))
    place = next(chain(led, joined), None)
    if place is not None:
        word = made.reading.slice(place, place + 1)
        yield "raised_by", read(f"{quoted(word)} stands there, and nobody is named who says it.")


def _is_joined_fear(words: Sequence[str]) -> bool:
    """Return True if the words are "and fear that" or the like."""
    return words[:1] in (["and"], ["but"]) and words[2:] == ["that"] and bool(_FEARING.match(words[1]))


RISK: tuple[Callable[[RuleMade], Iterator[Doubt]], ...] = (
    nothing_possible,
    report_without_danger,
    demand,
    undertaking_of_harm,
    raiser_in_words,
)
"""Rules that find what the words of a risk leave open."""
