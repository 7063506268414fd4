"""Rules for futures that express an actor's own course of action, in the order in which they are tried."""

import re
from collections.abc import Callable, Iterator

from summariser.extraction.rules.candidates import Candidate
from summariser.extraction.rules.conditions import condition_of
from summariser.extraction.rules.coreference import Coreference, Referents
from summariser.extraction.rules.function_words import FUTURES
from summariser.extraction.rules.syntax import Position, Reading
from summariser.extraction.rules.undertaking_rules import in_condition, in_relative_clause
from summariser.schema import Status
from summariser.text import lexicon

_TELLING = lexicon.words("disclosure_verbs", "en")
_TALKING = _TELLING | lexicon.words("discourse_verbs", "en")
_HURTING = lexicon.words("hostile_verbs", "en")
_FEARED = frozenset("warned warns feared fears predicted predicts cautioned".split())
_MODALS = frozenset("will would shall won't wouldn't ll".split())
_EXPECTING = lexicon.words("expectations", "en") | frozenset("warn warns warned whether worry likely could".split())
_PARTICIPLES = lexicon.words("irregular_participles", "en")
_HAPPENS = lexicon.words("happening_verbs", "en")
_FAILURE = re.compile(r"(?:if|should)\b.*\b(?:(?:do|does|did|were|was) not|fails?|failed|refuses?|refused)\b")


# ── forms of the future ──────────────────────────────────────────────────────────────────────────


def modal_future(word: Position) -> Status | None:
    """Find "will", "will not", "will sign no", and "will not hesitate to"."""
    if word.norm not in _MODALS:
        return None
    following = word.after(2)
    if following[1:] == ["no"]:
        return "refused"  # will sign no budget
    if not word.norm.endswith("n't") and following[:1] not in (["not"], ["never"]):
        return "planned"
    return "threatened" if "hesitate" in following else "refused"


def infinitive_of_plan(word: Position) -> Status | None:
    """Find "is to", "is due to", "is set to" and "is going to"."""
    if word.norm not in ("is", "are"):
        return None
    following = word.after(2)
    planned = following[:1] == ["to"] or following in (["due", "to"], ["set", "to"], ["going", "to"])
    return "planned" if planned else None


def negated_plan(word: Position) -> Status | None:
    """Find "is not going to"."""
    return "refused" if word.norm in ("is", "are", "be") and word.after(3) == ["not", "going", "to"] else None


def readiness(word: Position) -> Status | None:
    """Find "ready to"."""
    return "proposed" if word.norm == "ready" and word.after(1) == ["to"] else None


def obligation(word: Position) -> Status | None:
    """Find "must"."""
    return "decided" if word.norm == "must" else None


def future_ending(word: Position) -> Status | None:
    """Find a French or Spanish verb whose ending marks the future."""
    if word.token.capital or not FUTURES[word.reading.language or ""].fullmatch(word.norm):
        return None
    return "planned" if {"ne", "n", "no", "nunca", "jamais"}.isdisjoint(word.before(2)) else "refused"


FUTURE_FORMS: dict[str, tuple[Callable[[Position], Status | None], ...]] = {
    "en": (modal_future, infinitive_of_plan, negated_plan, readiness, obligation),
    **dict.fromkeys(FUTURES, (future_ending,)),
}
"""Rules by language that find what somebody will do, is to do or is ready to do, and its status."""


def futures_in(reading: Reading, coreference: Coreference, speaker: Referents) -> Iterator[Candidate]:
    """Yield the futures of a sentence, also those that are no commitment.

    Args:
        reading: The sentence.
        coreference: The actors so far.
        speaker: Who speaks in the sentence.
    """
    forms = FUTURE_FORMS.get(reading.language or "", ())
    for place in range(len(reading.tokens) if forms else 0):
        word = Position(reading, place)
        if status := next((found for rule in forms if (found := rule(word))), None):
            yield Candidate(reading, place, place + 2, status, coreference, speaker)


# ── futures that are no commitment ───────────────────────────────────────────────────────────────


def expected(future: Candidate) -> bool:
    """Return True if somebody expects, fears or hopes it, in that part of the sentence."""
    reading, place = future.reading, future.place
    start = next((at for at in range(place, 0, -1) if ";" in reading.tokens[at].before), 0)
    return not _EXPECTING.isdisjoint(reading.norms(start, place))


def feared(future: Candidate) -> bool:
    """Return True if a verb of fear or warning follows a "would"."""
    reading = future.reading
    return future.norm == "would" and any(
        verb.place > future.place and reading.tokens[verb.place].norm in _FEARED for verb in reading.verbs
    )


def would_without_speaker(future: Candidate) -> bool:
    """Return True if it is a "would" without a speaker."""
    return future.norm == "would" and not future.speaker


def event_not_action(future: Candidate) -> bool:
    """Return True if it will happen to its subject: "will suffer", "will have"."""
    return not {"have", "ve", *_HAPPENS}.isdisjoint(future.after(1))


def state_not_action(future: Candidate) -> bool:
    """Return True if it says what something will be: "would be a success"."""
    following = future.after(5)
    if "be" not in following[:3]:
        return False
    complement = following[following.index("be") + 1 :][:2]
    return not any(word.endswith(("ed", "en", "n", "ing")) or word in _PARTICIPLES for word in complement)


def without_subject(future: Candidate) -> bool:
    """Return True if no subject stands before it."""
    return not future.reading.has_subject(future.place)


def opinion_or_liking(future: Candidate) -> bool:
    """Return True if it is what somebody would say, believe or like."""
    return not {"neither", "say", "believe", "like", "love", "prefer"}.isdisjoint(future.after(2))


def would_in_first_person(future: Candidate) -> bool:
    """Return True if it is "I would" or "we would"."""
    return future.norm.startswith("would") and future.first_person


def talk_in_first_person(future: Candidate) -> bool:
    """Return True if it is about what is said next: "I will say this"."""
    following = [norm for norm in future.after(3) if norm not in ("not", "just", "only", "also")]
    return not _TALKING.isdisjoint(following[:1]) and future.first_person


def obligation_not_agreed(future: Candidate) -> bool:
    """Return True if it is a "must" that nobody decided or agreed."""
    return future.norm == "must" and not future.attribution and not future.agreed_before


NO_COMMITMENTS: tuple[Callable[[Candidate], bool], ...] = (
    expected,
    feared,
    in_condition,
    would_without_speaker,
    in_relative_clause,
    event_not_action,
    state_not_action,
    without_subject,
    opinion_or_liking,
    would_in_first_person,
    talk_in_first_person,
    obligation_not_agreed,
)
"""Rules for futures that express no commitment."""


# ── how firm it is ───────────────────────────────────────────────────────────────────────────────


def attributed_status(future: Candidate) -> Status | None:
    """Find the status from a verb after the clause: "..., the cabinet decided"."""
    return future.attribution.sense.status if future.attribution else None


def agreed_term(future: Candidate) -> Status | None:
    """Find a term of an earlier agreement."""
    return "agreed" if future.status in ("planned", "decided") and future.agreed_before else None


def pledge_in_own_words(future: Candidate) -> Status | None:
    """Find a plan in the actor's own words: "we will", or would “unconditionally support” it."""
    reading, place = future.reading, future.place
    opens = place + 1 < len(reading.tokens) and reading.quoted(place + 1) and not reading.quoted(place)
    return "pledged" if future.status == "planned" and (opens or future.first_person) else None


STATUSES: tuple[Callable[[Candidate], Status | None], ...] = (attributed_status, agreed_term, pledge_in_own_words)
"""Rules that find a status that the form of a future does not express."""


def unless(future: Candidate) -> bool:
    """Return True if it holds unless others do something."""
    return condition_of(future.reading).lower().startswith("unless")


def harm_on_condition(future: Candidate) -> bool:
    """Return True if it harms others if they do something: "will sue if"."""
    conditional = condition_of(future.reading).lower().startswith(("if ", "should "))
    return conditional and not _HURTING.isdisjoint(future.after(4))


def on_failure(future: Candidate) -> bool:
    """Return True if it holds if others do not do something."""
    return _FAILURE.match(condition_of(future.reading).lower()) is not None


THREATS: tuple[Callable[[Candidate], bool], ...] = (unless, harm_on_condition, on_failure)
"""Rules for plans that are threats."""
