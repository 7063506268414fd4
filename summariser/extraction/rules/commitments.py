"""Extract commitments: verbs of undertaking, and futures that express an actor's own course of action.

Each table holds rules on a `Candidate`, in the order in which they are tried.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from summariser.documents import Document
from summariser.extraction.rules.coreference import NOBODY, Coreference, Referents, names, sentences
from summariser.extraction.rules.function_words import FUTURES
from summariser.extraction.rules.syntax import Position, Reading, Verb
from summariser.schema import DraftCommitment, Status
from summariser.text import lexicon

_NOT = lexicon.words("negation_particles")
_UNSURE = lexicon.words("irrealis_words", "en")
_TELLING = lexicon.words("disclosure_verbs", "en")
_TALKING = _TELLING | lexicon.words("discourse_verbs", "en")
_CHARGES = lexicon.words("accusation_nouns", "en")
_HURTING = lexicon.words("hostile_verbs", "en")
_DECIDING = lexicon.pattern("deciding_bodies", "en")
_WEEKDAY = lexicon.alternatives("weekdays", "en")
_NOW = re.compile(rf"\b(?:today|now|tomorrow|yesterday|tonight|this (?:week|month|year)|(?i:{_WEEKDAY}))\b")
_THEN = re.compile(r"\b(?:last year|(?:years|decades|months) (?:ago|earlier))\b", re.I)
_FEARED = frozenset("warned warns feared fears predicted predicts cautioned".split())
_OPENING = 2  # tokens before a verb that opens its sentence
_FUTURE = frozenset("will would shall won't wouldn't ll".split())
_EXPECTING = lexicon.words("expectations", "en") | frozenset("warn warns warned whether worry likely could".split())
_ATTRIBUTING = frozenset("decided pledged threatened agreed".split())
_PARTICIPLES = lexicon.words("irregular_participles", "en")
_HAPPENS = lexicon.words("happening_verbs", "en")
_BENEFITS = lexicon.words("receiving_words", "en")
_CONDITION = re.compile(rf"\b(?:should (?=\w+ \w+)|{lexicon.alternatives('condition_clauses')})\b[^,;.“”]*", re.I)
_BARE_DAY = re.compile(r"(?:on|in|next) (?:the )?(?:\w+day|spring|summer|autumn|winter|year|month|week|weekend)", re.I)
_IF = {"fr": re.compile(r"\b(?:si|s’il)\b[^,;.]*", re.I), "es": re.compile(r"\bsi\b[^,;.]*", re.I)}
_ON_THE_WHOLE = re.compile(
    r"\b(?:takes? effect|(?:comes?|enters?) into force|is (?:conditional|subject)|falls|becomes? void|lapses?)\b", re.I
)
_MONTH = (
    rf"(?:(?:{lexicon.alternatives('months', 'en')})\b"
    rf"|(?:{lexicon.alternatives('month_abbreviations', 'en')})\b\.?)"
)
_BEFORE_TIME = (
    r"(?:by(?: the end of)?|before(?: the end of)?|until|no later than|within|from|starting|as of|"
    r"on|in|next|at the end of)"
)
_DATE = rf"(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? (?:of )?(?:\d{{4}}|next year))?"
_SPAN = (
    r"(?:first |next )?(?:\d+|two|three|four|five|six|seven|ten|twelve|ninety|thirty|hundred) "
    r"(?:hours|days|weeks|months|years)"
)
_NAMED_TIME = (
    rf"{_WEEKDAY}|\d{{4}}\b|Christmas|Easter|spring|summer|autumn|winter|"
    r"year|month|week|weekend|first hundred days"
)
_DEADLINE = re.compile(
    rf"\b{_BEFORE_TIME}\s+(?:the |its |his |her |their )?(?:{_DATE}|{_SPAN}|{_NAMED_TIME})"
    r"(?: \d{1,2} [A-Z][a-z]+| week)?",
    re.I,
)
_FAILURE = re.compile(r"(?:if|should)\b.*\b(?:(?:do|does|did|were|was) not|fails?|failed|refuses?|refused)\b")
_FALLING = frozenset("from by in for further again".split())
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
    if _is_old(reading, document):
        return
    futures = list(_futures(reading, coreference, speaker))
    taken = {future.attribution.place for future in futures if future.attribution}
    undertakings = []
    for verb in reading.verbs:
        if verb.sense.kind != "commitment" or verb.place in taken:
            continue
        candidate = Candidate(reading, verb.place, verb.end, verb.sense.status, coreference, speaker)
        refused = _is_refusal(candidate)
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
    return sorted(verbs | {future.place for future in _futures(reading, Coreference(), NOBODY)})


def with_terms(commitments: Sequence[DraftCommitment], reading: Reading) -> list[DraftCommitment]:
    """Return the commitments, with the condition that the sentence sets on an agreement.

    Args:
        commitments: The commitments so far; the condition is added to the agreed ones.
        reading: The sentence.
    """
    condition = _condition(reading)
    if not condition or not _ON_THE_WHOLE.search(reading.text):
        return list(commitments)
    number = reading.sentence.number
    return [
        c.model_copy(update={"condition": condition, "sentences": [*c.sentences, number]})
        if c.status == "agreed" and not c.condition and len(c.sentences) < 3
        else c
        for c in commitments
    ]


@dataclass(eq=False)
class Candidate(Position):
    """A verb or a future that may express a commitment, with its end, its status and its context."""

    end: int
    status: Status
    coreference: Coreference
    speaker: Referents

    @cached_property
    def subjects(self) -> Referents:
        """The subjects of the verb or the future."""
        return self.subjects_of(self.place)

    def subjects_of(self, place: int) -> Referents:
        """Return the subjects of the verb at that place."""
        reading = self.reading
        mentions = reading.subjects(place, speech=reading.language != "en")
        if not mentions and reading.language == "es" and (place <= _OPENING or reading.quoted(place)):
            return self.speaker if reading.quoted(place) else self.coreference.last  # Spanish drops subject pronouns
        return self.coreference.all_of(reading, mentions, self.speaker)

    @cached_property
    def attribution(self) -> Verb | None:
        """The verb after the clause that attributes it: "..., the cabinet decided"."""
        reading = self.reading
        for verb in reading.verbs:
            if verb.place <= self.place or verb.sense.kind != "commitment" or verb.sense.sort not in _ATTRIBUTING:
                continue
            if any(match.start() <= reading.tokens[verb.place].start < match.end() for match in _conditions(reading)):
                continue
            subjects = [] if reading.quoted(verb.place) else reading.subjects(verb.place)
            if not subjects or subjects[0].first <= self.place:
                continue
            if "," in reading.text[self.token.end : reading.tokens[subjects[0].first].start]:
                return verb
        return None

    @cached_property
    def first_person(self) -> bool:
        """True if the subject is "I" or "we"."""
        return any(mention.pronoun == "own" for mention in self.reading.subjects(self.place)[:1])

    @cached_property
    def parties(self) -> tuple[Referents, Referents]:
        """The parties that make the commitment of a future, and those it is made to, if the future expresses them."""
        return next((found for rule in PARTIES if (found := rule(self))), (self.subjects, NOBODY))

    @cached_property
    def agreed_before(self) -> bool:
        """True if a future is about what its actors agreed in an earlier sentence."""
        return not self.speaker and self.coreference.is_agreed(self.parties[0], self.reading.sentence.number)


# ── verbs of undertaking ─────────────────────────────────────────────────────────────────────────


def refusal_to_speak(verb: Candidate) -> bool:
    """Return True if somebody refuses to comment, or rejects a charge."""
    following = verb.reading.norms(verb.end, verb.end + 3)
    return verb.status == "refused" and not (_TELLING | _CHARGES).isdisjoint(following)


def denial_of_fact(verb: Candidate) -> bool:
    """Return True if it is about whether something is so: "agreed with Belmar that it was late"."""
    following = verb.reading.norms(verb.end, verb.end + 6)
    so = (
        following[:1] == ["that"]
        or following[:2] == ["is", "that"]
        or (following[:1] == ["with"] and "that" in following)
    )
    return verb.status in ("agreed", "refused") and so


def undertaking_of_nothing(verb: Candidate) -> bool:
    """Return True if "no" follows the verb: "undertakes no obligation"."""
    return verb.status != "refused" and verb.reading.norms(verb.end, verb.end + 1) == ["no"]


def broken_word(verb: Candidate) -> bool:
    """Return True if the sentence goes on that it was not done: "promised to follow and did not"."""
    after = verb.reading.norms(verb.end)
    return verb.status != "refused" and any(
        joined in ("and", "but") and (next_ == "never" or (next_ == "did" and "not" in after[place + 2 : place + 3]))
        for place, (joined, next_) in enumerate(pairwise(after))
    )


def danger_of_a_thing(verb: Candidate) -> bool:
    """Return True if no actor stands before "threatens to": "the flood threatens to reach the port"."""
    return (
        verb.status == "threatened"
        and verb.norm.startswith("threaten")
        and not verb.reading.subjects(verb.place, guessing=False)
    )


def remembering(verb: Candidate) -> bool:
    """Return True if somebody recalls the past: "recalled in an interview", "recalls thinking"."""
    following = verb.reading.norms(verb.end, verb.end + 1)
    opens = verb.reading.tokens[verb.end : verb.end + 1]
    names_one = any(verb.end <= mention.first <= verb.end + 1 for mention in verb.reading.mentions)
    tells = not following or following[0].endswith("ing") or following[0] in ("that", "in", "how", "when")
    return verb.norm.startswith("recall") and (tells or names_one or any(token.after_break for token in opens))


def falling(verb: Candidate) -> bool:
    """Return True if something declines: "has declined slightly from 58 percent"."""
    following = verb.reading.norms(verb.end, verb.end + 1)
    return (
        verb.norm.startswith("declin") and bool(following) and (following[0] in _FALLING or following[0].endswith("ly"))
    )


def by_another(verb: Candidate) -> bool:
    """Return True if the verb is a participle after a noun, and "by" follows: "a compromise rebuffed by Kallport"."""
    return verb.reading.reduced(verb.place)


def suggestion_of_fact(verb: Candidate) -> bool:
    """Return True if somebody or something suggests that something is so."""
    following = verb.reading.norms(verb.end, verb.end + 12)
    wishes = not {"should", "be", "might"}.isdisjoint(following)
    return verb.norm.startswith("suggest") and following[:1] == ["that"] and not wishes


def in_comparison(verb: Candidate) -> bool:
    """Return True if the verb stands in a comparison: "weaker than its pages suggest"."""
    start = next((at for at in range(verb.place, 0, -1) if verb.reading.tokens[at].after_break), 0)
    return "than" in verb.reading.norms(max(start, verb.place - 5), verb.place)


def in_relative_clause(candidate: Candidate) -> bool:
    """Return True if it stands in a relative clause: "resolutions that Russia has supported"."""
    return candidate.reading.relative(candidate.place)


def undergone(verb: Candidate) -> bool:
    """Return True if it happens to an object of the subject: "had a goal ruled out"."""
    return verb.reading.undergone(verb.place)


def in_condition(candidate: Candidate) -> bool:
    """Return True if it stands in a condition."""
    return any(match.start() <= candidate.token.start < match.end() for match in _conditions(candidate.reading))


def decision_in_passing(verb: Candidate) -> bool:
    """Return True if punctuation or nothing follows "decided", so that the decision is not stated."""
    following = verb.reading.tokens[verb.end : verb.end + 1]
    return verb.status == "decided" and all(token.after_break for token in following)


def negated(verb: Candidate) -> bool:
    """Return True if a negation or a denial stands before the verb."""
    return any(word in _NOT or word.endswith("n't") for word in verb.before(3))


def unreal(verb: Candidate) -> bool:
    """Return True if the verb is hypothetical; "would refuse" is a refusal."""
    before = verb.before(2)
    if verb.status == "refused" and before[-1:] == ["would"]:
        return False
    return any(word in _UNSURE and not (word == "had" and _is_reported(verb)) for word in before)


NOT_UNDERTAKEN: tuple[Callable[[Candidate], bool], ...] = (
    refusal_to_speak,
    denial_of_fact,
    undertaking_of_nothing,
    broken_word,
    danger_of_a_thing,
    remembering,
    falling,
    by_another,
    suggestion_of_fact,
    in_comparison,
    in_relative_clause,
    undergone,
    in_condition,
    decision_in_passing,
    negated,
    unreal,
)
"""Rules for verbs of undertaking that express no commitment."""


def _is_refusal(verb: Candidate) -> bool:
    """Return True if the verb expresses that somebody cannot or will not agree: "could not accept"."""
    before = verb.before(2)
    unable = before[-1:] in (["cannot"], ["can't"], ["couldn't"], ["won't"]) or before in (
        [modal, "not"] for modal in ("could", "will", "would")
    )
    return verb.status == "agreed" and unable and not in_condition(verb) and not denial_of_fact(verb)


def _is_reported(verb: Candidate) -> bool:
    """Return True if a verb of saying reports it in that clause: "said that it had agreed"."""
    reading = verb.reading
    said = [
        v for v in reading.verbs if v.sense.kind == "speech" and v.end <= verb.place and not reading.quoted(v.place)
    ]
    return bool(said) and {"and", "but", "while", "which"}.isdisjoint(reading.norms(said[-1].end, verb.place))


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


# ── forms of the future ──────────────────────────────────────────────────────────────────────────


def modal_future(word: Position) -> Status | None:
    """Find "will", "will not", "will sign no", and "will not hesitate to"."""
    if word.norm not in _FUTURE:
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


def _futures(reading: Reading, coreference: Coreference, speaker: Referents) -> Iterator[Candidate]:
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


# ── who commits to what, and how firmly ──────────────────────────────────────────────────────────


def beneficiary_as_subject(future: Candidate) -> tuple[Referents, Referents] | None:
    """Find a subject to whom something is given: "they will be paid"."""
    if _BENEFITS.isdisjoint(future.after(5)):
        return None
    return future.speaker or future.coreference.actors, future.subjects


def passive_of_speaker(future: Candidate) -> tuple[Referents, Referents] | None:
    """Find the speaker of a passive: "The plant will be closed, Kim said"."""
    return (future.speaker, NOBODY) if "be" in future.after(3) and future.speaker else None


PARTIES = (beneficiary_as_subject, passive_of_speaker)
"""Rules that find the parties of a future whose subject does not make the commitment."""


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
    return _condition(future.reading).lower().startswith("unless")


def harm_on_condition(future: Candidate) -> bool:
    """Return True if it harms others if they do something: "will sue if"."""
    conditional = _condition(future.reading).lower().startswith(("if ", "should "))
    return conditional and not _HURTING.isdisjoint(future.after(4))


def on_failure(future: Candidate) -> bool:
    """Return True if it holds if others do not do something."""
    return _FAILURE.match(_condition(future.reading).lower()) is not None


THREATS: tuple[Callable[[Candidate], bool], ...] = (unless, harm_on_condition, on_failure)
"""Rules for plans that are threats."""


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
        condition=_condition(reading) or None,
        deadline=_deadline(candidate, action),
        said_by=candidate.speaker[0].name if candidate.speaker else None,
    )


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
    threat = next((m for m in _conditions(reading) if m.group().lower().startswith("unless")), None)
    if threat is None:
        return NOBODY
    for mention in reading.mentions:
        start = reading.tokens[mention.first].start
        if threat.start() <= start < threat.start() + 16 and mention.pronoun in ("", "thing"):
            return tuple(r for r in candidate.coreference.who(reading, mention) if r.name not in names(by))
    return NOBODY


# ── conditions and times ─────────────────────────────────────────────────────────────────────────


def _deadline(candidate: Candidate, action: str) -> str | None:
    """Return the deadline; a bare weekday beside a past verb is the day of the statement and not a deadline."""
    future = candidate.norm in _FUTURE | {"is", "are", "must", "ready"}
    found = (match.group() for match in _DEADLINE.finditer(action))
    return next((words for words in found if future or not _BARE_DAY.fullmatch(words)), None)


def _is_old(reading: Reading, document: Document) -> bool:
    """Return True if the sentence is only about years before that of publication."""
    if _NOW.search(reading.text):
        return False
    if _THEN.search(reading.text):
        return True
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", reading.text)]
    return document.published is not None and bool(years) and max(years) < document.published.year


def _conditions(reading: Reading) -> list[re.Match[str]]:
    more = _IF.get(reading.language or "")
    found = [*_CONDITION.finditer(reading.text), *(more.finditer(reading.text) if more else ())]
    return [match for match in found if len(match.group().split()) >= 3]


def _condition(reading: Reading) -> str:
    """Return the first condition in the sentence, or ""."""
    found = _conditions(reading)
    return " ".join(found[0].group().split()).strip(" ,") if found else ""
