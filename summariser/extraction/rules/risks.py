"""Risks as sentences tell them: what could happen and does harm, and who fears it."""

from collections.abc import Iterator, Sequence

from summariser.extraction.rules.coreference import Coreference, Referents, names, sentences
from summariser.extraction.rules.function_words import RELATIVE
from summariser.extraction.rules.syntax import Reading
from summariser.extraction.rules.verbs import HARMS
from summariser.schema import DraftRisk
from summariser.text import lexicon
from summariser.text.tokens import stem

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
    """Whether the sentence tells of a possible harm."""
    norms = [token.norm for token in reading.tokens]
    dangers = any(verb.cue.kind == "danger" and not _is_threat(reading, norms, verb.place) for verb in reading.verbs)
    possible = {norm for place, norm in enumerate(norms) if norm in _POSSIBLE and _is_open(norms, place)}
    if dangers or "could" in possible or _NAMED.intersection(norms):
        return True
    harms = [place for place, norm in enumerate(norms) if stem(norm, "en") in _HARM_STEMS]
    if possible & _POSSIBLE:
        return bool(harms)
    conditional = {"if", "unless"}.intersection(norms)
    future = [place for place, norm in enumerate(norms) if norm in _WOULD and _is_open(norms, place)]
    return bool(conditional) and any(0 < harm - place <= _NEAR for place in future for harm in harms)


def _is_threat(reading: Reading, norms: Sequence[str], place: int) -> bool:
    """Whether somebody threatens to do something: that is a commitment, not a danger."""
    return norms[place].startswith("threaten") and norms[place + 1 : place + 2] == ["to"] and reading.led(place)


def _is_open(norms: Sequence[str], place: int) -> bool:
    """Whether the modal tells what may yet happen: not "could not", "could have", "neither could"."""
    closed = {"not", "have", "ve"}.intersection(norms[place + 1 : place + 2])
    return not closed and not {"neither", "nobody", "none", "nor"}.intersection(norms[max(0, place - 3) : place])


def risks_in(reading: Reading, coreference: Coreference, speaker: Referents) -> Iterator[DraftRisk]:
    """The risk of a sentence, if it tells one, with who raises it: who fears it there, else who speaks."""
    if not is_risk(reading):
        return
    norms = [token.norm for token in reading.tokens]
    fearing = [v.place for v in reading.verbs if v.cue.kind == "danger" and norms[v.place].startswith(_FEARING)]
    fearing += [place for place in range(1, len(norms)) if norms[place] in _AFRAID and norms[place - 1] in _IS]
    feared = coreference.all_of(reading, reading.subjects(fearing[0], speech=True), speaker) if fearing else ()
    raised = feared[:1] or speaker[:1]
    affected = tuple(r for r in _affected(reading, coreference, speaker) if r.name not in names(raised))
    yield DraftRisk(
        sentences=sentences(reading.sentence.number, raised, affected),
        risk=" ".join(reading.text.split())[:1100],
        raised_by=raised[0].name if raised else None,
        affects=names(affected)[:4],
    )


def _affected(reading: Reading, coreference: Coreference, speaker: Referents) -> Referents:
    """Whom the harm would hit: who could lose or be hurt, and what stands right after a verb of harm."""
    norms = [token.norm for token in reading.tokens]
    hit = []
    for place, norm in enumerate(norms):
        if norm in _POSSIBLE | _WOULD and _is_open(norms, place) and _is_suffering(norms[place + 1 : place + 3]):
            hit += [
                m
                for m in reading.subjects(place)[-1:]
                if not RELATIVE.intersection(norms[max(0, m.first - 4) : m.first])
            ]
        if norm in _HITTING:
            hit += [m for m in reading.mentions if place < m.first <= place + 2 and not reading.goes_on(m)][:1]
    return coreference.all_of(reading, hit, speaker)


def _is_suffering(following: Sequence[str]) -> bool:
    """Whether the words after "could" tell what happens to their subject: "lose", "be cut off"."""
    passive = (
        following[:1] == ["be"] and len(following) > 1 and following[1].endswith(("ed", "en", "cut", "hit", "hurt"))
    )
    return passive or bool(_SUFFERING.intersection(following[:1])) or following in (["run", "out"], ["run", "short"])
