"""Extract risks: possible harm, who fears it and whom it affects."""

from collections.abc import Callable, Iterator, Sequence, Set

from summariser.extraction.rules.coreference import Coreference, Referents, names, sentences
from summariser.extraction.rules.function_words import RELATIVE
from summariser.extraction.rules.mentions import Mention
from summariser.extraction.rules.syntax import Reading
from summariser.extraction.rules.verbs import HARMS
from summariser.schema import DraftRisk
from summariser.text import lexicon, stem

_POSSIBLE = frozenset("could may might".split())
_NAMED = lexicon.words("danger_nouns", "en")
_WOULD = frozenset("would will".split())
_FEARING = ("fear", "warn", "worr", "caut", "redo", "crai", "teme", "temi", "advi", "aler")
_AFRAID = frozenset("concerned worried afraid alarmed anxious".split())
_IS = frozenset("is are was were".split())
_SUFFERING = frozenset("lose die suffer miss starve drown struggle".split())
_HITTING = lexicon.words("harming_verbs", "en") - {"reached", "hit"}
_NEAR = 8  # words after "will" within which its harm stands
_HARM_STEMS = frozenset(stem(word, "en") for word in HARMS)


def is_risk(reading: Reading) -> bool:
    """Return True if the sentence states a possible harm.

    Args:
        reading: The sentence.
    """
    return any(applies(reading) for applies in RISKS)


def verb_of_danger(reading: Reading) -> bool:
    """Return True if a verb expresses a danger; "threatens to" with an actor before it is a commitment."""
    return any(verb.sense.kind == "danger" and not _is_threat(reading, verb.place) for verb in reading.verbs)


def open_could(reading: Reading) -> bool:
    """Return True if something could happen."""
    return bool(_open_modals(reading, {"could"}))


def noun_of_danger(reading: Reading) -> bool:
    """Return True if a noun names a danger."""
    return not _NAMED.isdisjoint(reading.norms())


def possible_harm(reading: Reading) -> bool:
    """Return True if something may happen and a word of harm stands in the sentence."""
    return bool(_open_modals(reading, _POSSIBLE) and _harms(reading))


def conditional_harm(reading: Reading) -> bool:
    """Return True if a word of harm follows a "will" or "would" in a sentence with "if" or "unless"."""
    if {"if", "unless"}.isdisjoint(reading.norms()):
        return False
    future, harms = _open_modals(reading, _WOULD), _harms(reading)
    return any(0 < harm - place <= _NEAR for place in future for harm in harms)


RISKS: tuple[Callable[[Reading], bool], ...] = (
    verb_of_danger,
    open_could,
    noun_of_danger,
    possible_harm,
    conditional_harm,
)
"""Rules that recognise a risk."""


def _is_threat(reading: Reading, place: int) -> bool:
    """Return True if somebody threatens to do something."""
    threatens = reading.tokens[place].norm.startswith("threaten") and reading.norms(place + 1, place + 2) == ["to"]
    return threatens and reading.led(place)


def _harms(reading: Reading) -> list[int]:
    """Return the places of the words of harm."""
    return [place for place, norm in enumerate(reading.norms()) if stem(norm, "en") in _HARM_STEMS]


def _open_modals(reading: Reading, modals: Set[str]) -> list[int]:
    """Return the places of modals about the future; excludes "could not", "could have" and "nor could"."""
    return [
        place
        for place, norm in enumerate(reading.norms())
        if norm in modals
        and {"not", "have", "ve"}.isdisjoint(reading.norms(place + 1, place + 2))
        and {"neither", "nobody", "none", "nor"}.isdisjoint(reading.norms(place - 3, place))
    ]


def risks_in(reading: Reading, coreference: Coreference, speaker: Referents) -> Iterator[DraftRisk]:
    """Yield the risk of a sentence, if it states one. It is raised by whoever fears it, otherwise by the speaker.

    Args:
        reading: The sentence.
        coreference: The actors so far.
        speaker: Who speaks in the sentence.
    """
    if not is_risk(reading):
        return
    fearing = _verbs_of_fear(reading)
    feared = coreference.all_of(reading, reading.subjects(fearing[0], speech=True), speaker) if fearing else ()
    raised = feared[:1] or speaker[:1]
    affected = tuple(r for r in _affected(reading, coreference, speaker) if r.name not in names(raised))
    yield DraftRisk(
        sentences=sentences(reading.sentence.number, raised, affected),
        risk=" ".join(reading.text.split())[:1100],
        raised_by=raised[0].name if raised else None,
        affects=names(affected)[:4],
    )


def _verbs_of_fear(reading: Reading) -> list[int]:
    """Return the places of verbs of fear and warning, then those of "is afraid" and similar phrases."""
    norms = reading.norms()
    verbs = [v.place for v in reading.verbs if v.sense.kind == "danger" and norms[v.place].startswith(_FEARING)]
    return verbs + [place for place in range(1, len(norms)) if norms[place] in _AFRAID and norms[place - 1] in _IS]


def _affected(reading: Reading, coreference: Coreference, speaker: Referents) -> Referents:
    """Return the parties that the harm would affect, in the order of the text."""
    hit = sorted((found for rule in AFFECTED for found in rule(reading)), key=lambda found: found[0])
    return coreference.all_of(reading, [mention for _, mention in hit], speaker)


def who_could_suffer(reading: Reading) -> Iterator[tuple[int, Mention]]:
    """Find the subject of a modal with a verb of suffering or a passive: "the town could lose its clinic"."""
    for place in _open_modals(reading, _POSSIBLE | _WOULD):
        if _is_suffering(reading.norms(place + 1, place + 3)):
            for mention in reading.subjects(place)[-1:]:
                if RELATIVE.isdisjoint(reading.norms(mention.first - 4, mention.first)):
                    yield place, mention


def whom_it_hits(reading: Reading) -> Iterator[tuple[int, Mention]]:
    """Find the object of a verb of harming: "threatens the fishermen"."""
    for place, norm in enumerate(reading.norms()):
        near = (m for m in reading.mentions if place < m.first <= place + 2 and not reading.goes_on(m))
        if norm in _HITTING and (mention := next(near, None)):
            yield place, mention


AFFECTED: tuple[Callable[[Reading], Iterator[tuple[int, Mention]]], ...] = (who_could_suffer, whom_it_hits)
"""Rules that find the parties a harm would affect, each with the place of the word that expresses it."""


def _is_suffering(following: Sequence[str]) -> bool:
    """Return True if the words after "could" express what happens to the subject: "lose", "be cut off"."""
    passive = (
        following[:1] == ["be"] and len(following) > 1 and following[1].endswith(("ed", "en", "cut", "hit", "hurt"))
    )
    return passive or bool(_SUFFERING.intersection(following[:1])) or following in (["run", "out"], ["run", "short"])
