"""Extract commitments: verbs of undertaking, and futures that express an actor's own course of action."""

import re
from collections.abc import Iterator, Sequence

from summariser.documents import Document
from summariser.extraction.rules.candidates import Candidate
from summariser.extraction.rules.conditions import condition_of, conditions_of
from summariser.extraction.rules.coreference import NOBODY, Coreference, Referents, names, sentences
from summariser.extraction.rules.future_rules import NO_COMMITMENTS, STATUSES, THREATS, futures_in
from summariser.extraction.rules.syntax import Reading, Verb
from summariser.extraction.rules.times import deadline_of, is_about_the_past
from summariser.extraction.rules.undertaking_rules import NOT_UNDERTAKEN, is_refusal
from summariser.schema import DraftCommitment, Status
from summariser.text import lexicon

_DECIDING = lexicon.pattern("deciding_bodies", "en")
_ON_THE_WHOLE = re.compile(
    r"\b(?:takes? effect|(?:comes?|enters?) into force|is (?:conditional|subject)|falls|becomes? void|lapses?)\b", re.I
)
_AFTER_ADDRESSEE = frozenset("to that a an it they he she".split())


def commitments_in(
    reading: Reading, coreference: Coreference, speaker: Referents, document: Document
) -> Iterator[DraftCommitment]:
    """Yield the commitments of one sentence, and note their actors in `coreference`.

    Yields nothing if the sentence is about a past year.

    Args:
        reading: The sentence.
        coreference: The actors so far.
        speaker: Who speaks in the sentence.
        document: The document.
    """
    if is_about_the_past(reading, document):
        return
    futures = list(futures_in(reading, coreference, speaker))
    taken = {future.attribution.place for future in futures if future.attribution}
    undertakings = []
    for verb in reading.verbs:
        if verb.sense.kind != "commitment" or verb.place in taken:
            continue
        candidate = Candidate(reading, verb.place, verb.end, verb.sense.status, coreference, speaker)
        refused = is_refusal(candidate)
        if refused or not any(applies(candidate) for applies in NOT_UNDERTAKEN):
            taken |= set(range(verb.place - 1, verb.end + 3))
            undertakings.append(verb)
            yield from _by_verb(candidate, verb, refused=refused)
    for future in futures:
        if future.place not in taken and not any(_governs(reading, verb, future.place) for verb in undertakings):
            taken |= {future.place - 1, future.place, future.place + 1}
            yield from _by_future(future)


def undertakings(reading: Reading) -> list[int]:
    """Return the places of the verbs of undertaking and the futures of a sentence, in order.

    Args:
        reading: The sentence.
    """
    verbs = {verb.place for verb in reading.verbs if verb.sense.kind == "commitment"}
    return sorted(verbs | {future.place for future in futures_in(reading, Coreference(), NOBODY)})


def with_terms(commitments: Sequence[DraftCommitment], reading: Reading) -> list[DraftCommitment]:
    """Return the commitments, with the condition that the sentence sets on an agreement.

    Args:
        commitments: The commitments so far; the condition is added to the agreed ones.
        reading: The sentence.
    """
    condition = condition_of(reading)
    if not condition or not _ON_THE_WHOLE.search(reading.text):
        return list(commitments)
    number = reading.sentence.number
    return [
        c.model_copy(update={"condition": condition, "sentences": [*c.sentences, number]})
        if c.status == "agreed" and not c.condition and len(c.sentences) < 3
        else c
        for c in commitments
    ]


# ── the commitment of a verb and of a future ─────────────────────────────────────────────────────


def _by_verb(candidate: Candidate, verb: Verb, *, refused: bool) -> Iterator[DraftCommitment]:
    """Yield the commitment of a verb that expresses its status: "agreed to"."""
    by = NOBODY if candidate.reading.suffered(verb) else candidate.subjects
    status = candidate.status
    if refused:
        status = "refused"
    elif status == "agreed" and len(by) == 1 and _DECIDING.search(by[0].name):
        status = "decided"  # a council decides alone
    yield from _made(candidate, status, by, NOBODY)


def _governs(reading: Reading, verb: Verb, place: int) -> bool:
    """Return True if a future stands in the that-clause of a verb of undertaking: the same commitment."""
    between = {*reading.norms(verb.end, place)}
    return verb.end <= place and bool(between & {"that", "to"}) and not between & {"and", "but", "while", "which"}


def _by_future(future: Candidate) -> Iterator[DraftCommitment]:
    """Yield the commitment of what somebody will do, or is to do."""
    if any(applies(future) for applies in NO_COMMITMENTS):
        return
    by, to = future.parties
    status = next((found for rule in STATUSES if (found := rule(future))), future.status)
    if future.norm == "must" and status == "decided" and future.attribution:
        authority = future.subjects_of(future.attribution.place)
        by, to = (authority, by) if authority else (by, to)
    if status in ("planned", "pledged") and any(applies(future) for applies in THREATS):
        status = "threatened"
    yield from _made(future, status, by, to)


def _made(candidate: Candidate, status: Status, by: Referents, to: Referents) -> Iterator[DraftCommitment]:
    """Yield the commitment if it has an actor, and note its actors and its object."""
    if not by:
        return
    reading, coreference = candidate.reading, candidate.coreference
    if status == "agreed":
        by, to = _sides(candidate, by, to)
    to = to or _addressee(candidate, by) or (_threatened(candidate, by) if status == "threatened" else NOBODY)
    mentions = reading.subjects(candidate.place)
    first = mentions[0].first if mentions and mentions[0].end <= candidate.place else candidate.place
    action = reading.clause(first, candidate.end)
    coreference.subject, coreference.actors = reading.object(candidate.end) or coreference.subject, by
    yield DraftCommitment(
        sentences=sentences(reading.sentence.number, by, to)[-4:],
        by=names(by)[:4],
        to=names(to)[:4],
        action=action[:1100],
        status=status,
        condition=condition_of(reading) or None,
        deadline=deadline_of(candidate, action),
        said_by=candidate.speaker[0].name if candidate.speaker else None,
    )


# ── parties besides the subject ──────────────────────────────────────────────────────────────────


def _sides(candidate: Candidate, by: Referents, to: Referents) -> tuple[Referents, Referents]:
    """Return who agreed and with whom; a term of an agreement between two parties is a commitment to the other one."""
    coreference, number = candidate.coreference, candidate.reading.sentence.number
    if len(by) == 1:
        by += tuple(r for r in _partner(candidate) if r.name != by[0].name)
    if len(by) > 1:
        coreference.agreement(by, number)
    elif len(coreference.agreed) == 2 and coreference.is_agreed(by, number):
        to = tuple(r for r in coreference.agreed if r.name != by[0].name)
    return by, to


def _partner(candidate: Candidate) -> Referents:
    """Return the party right after the "with" of an agreement."""
    reading, end = candidate.reading, candidate.end
    if reading.norms(end, end + 1) != ["with"]:
        return NOBODY
    partner = next((m for m in reading.mentions if end < m.first <= end + 2), None)
    return candidate.coreference.who(reading, partner) if partner else NOBODY


def _addressee(candidate: Candidate, by: Referents) -> Referents:
    """Return the party that follows the verb, directly or after "to" and "with"."""
    reading = candidate.reading
    for mention in reading.mentions:
        if mention.pronoun or not candidate.end <= mention.first <= candidate.end + 1:
            continue
        before = reading.tokens[mention.first - 1].norm
        addressed = before == "to" or not _AFTER_ADDRESSEE.isdisjoint(reading.norms(mention.end, mention.end + 1))
        found = candidate.coreference.who(reading, mention)
        if addressed and found[0].name not in names(by):
            return found
    return NOBODY


def _threatened(candidate: Candidate, by: Referents) -> Referents:
    """Return the target of a threat: the actor named in the "unless" clause."""
    reading = candidate.reading
    threat = next((m for m in conditions_of(reading) if m.group().lower().startswith("unless")), None)
    if threat is None:
        return NOBODY
    for mention in reading.mentions:
        start = reading.tokens[mention.first].start
        if threat.start() <= start < threat.start() + 16 and mention.pronoun in ("", "thing"):
            return tuple(r for r in candidate.coreference.who(reading, mention) if r.name not in names(by))
    return NOBODY
