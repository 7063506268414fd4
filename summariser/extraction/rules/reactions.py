"""Extract reactions: verbs of stance, and words of opinion.

Each table holds rules in the order in which they are tried; the first that finds something decides.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from summariser.extraction.rules.coreference import Coreference, Referents, names, sentences
from summariser.extraction.rules.function_words import CUTS
from summariser.extraction.rules.syntax import Position, Reading, Verb
from summariser.schema import DraftReaction, Stance
from summariser.text import lexicon, negation

_OPINIONS: dict[Stance, re.Pattern[str]] = {
    stance: lexicon.pattern("opinions", "en", value=stance) for stance in ("opposes", "supports", "concerned")
}
_AGAINST = lexicon.pattern("cessation_phrases", "en")
_BUT = re.compile(r"\b(?:but|yet|though|while noting|mais|pero|aunque|aber|not at the price)\b", re.I)
_CALLED = re.compile(
    r"\b(?:call(?:s|ed)?|describe[sd]?|brand(?:s|ed)?|dubbed)\s+((?:[^,;:.“”\"])+?)\s*(?:as\b|an?\b|“|\"|overdue|unaccept|illegal)"
)
_SAID_OF = re.compile(
    rf"\b(?:told \w+|{lexicon.alternatives('topic_verbs', 'en')})"
    r"(?: on \w+| \w+day)?(?: that)? ((?:[\w’'-]+ ){1,9}?)"
    r"(?:is|are|was|were|has|have|had|should|must|would|will|cannot|can|could)\b"
)
_PRONOUN = re.compile(r"(?:it|he|she|they|there|we|I)\b")
_POINTING = frozenset(
    ["against", "contrary to", "in favor of", "in favour of", "concerned", "has always liked", "appreciate"]
)
_FEELING = re.compile(rf"(?:{lexicon.alternatives('feelings', 'en')})", re.I)
_IS = frozenset("is are was were".split())
_ENDS = (CUTS | {"that"}) - {"for"}
_THIS = frozenset("it them that this".split())
_SHORTEST_SPEECH = 4  # words; a shorter quotation is a phrase
_WEAK = frozenset("not never no to will would may might could".split())
_JOINED = re.compile(r"\s*(?:about|of|with|at)\b")
_OBJECT = re.compile(r"\s*(?:about|of|with|at|for|to|that)?\s*((?:[^,;:.”\"])+)")

View = tuple[Stance, str]  # the stance, and what it is about


def reactions_in(reading: Reading, coreference: Coreference, speaker: Referents) -> Iterator[DraftReaction]:
    """Yield one reaction for each actor who takes a stance in the sentence.

    Args:
        reading: The sentence.
        coreference: The actors so far.
        speaker: Who speaks in the sentence.
    """
    views: dict[tuple[str, ...], tuple[Referents, list[View]]] = {}
    for holders, view in (*_by_verbs(reading, coreference, speaker), *_by_opinions(reading, coreference, speaker)):
        if holders:
            views.setdefault(tuple(names(holders)), (holders, []))[1].append(view)
    for holders, taken in views.values():
        yield _reaction(reading, holders, taken)


# ── verbs of stance ──────────────────────────────────────────────────────────────────────────────


@dataclass(eq=False)
class StanceVerb(Position):
    """A verb of stance."""

    stance: Stance


def in_quotation(verb: StanceVerb) -> bool:
    """Return True if the verb is quoted, so that its subject may be anybody."""
    return verb.reading.quoted(verb.place)


def in_relative_clause(verb: StanceVerb) -> bool:
    """Return True if it stands in a relative clause: "resolutions that Russia has supported"."""
    return verb.reading.relative(verb.place)


def negated_or_possible(verb: StanceVerb) -> bool:
    """Return True if a negation or a modal stands right before the verb."""
    return any(word in _WEAK or word.endswith("n't") for word in verb.before(1))


def wish(verb: StanceVerb) -> bool:
    """Return True if somebody only wants something; to want it not done is a stance."""
    return verb.stance == "neutral" and verb.norm.startswith("want")


def before_the_events(verb: StanceVerb) -> bool:
    """Return True if "had" stands before the verb, outside of what somebody says: "had originally asked for more"."""
    told = any(v.sense.kind == "speech" and v.place < verb.place for v in verb.reading.verbs)
    return "had" in verb.before(2) and not told


def undergone(verb: StanceVerb) -> bool:
    """Return True if it is a participle whose subject does not take the stance: "was accused", "backed by others"."""
    passive = next((v for v in verb.reading.verbs if v.place == verb.place and verb.reading.suffered(v)), None)
    return passive is not None or verb.reading.reduced(verb.place)


NO_STANCES: tuple[Callable[[StanceVerb], bool], ...] = (
    in_quotation,
    in_relative_clause,
    negated_or_possible,
    wish,
    before_the_events,
    undergone,
)
"""Rules for verbs that express no stance here."""


def _by_verbs(reading: Reading, coreference: Coreference, speaker: Referents) -> Iterator[tuple[Referents, View]]:
    for verb in reading.verbs:
        if verb.sense.kind != "reaction":
            continue
        stance = _stance(reading, verb)
        if not any(applies(StanceVerb(reading, verb.place, stance)) for applies in NO_STANCES):
            holders = coreference.all_of(reading, reading.subjects(verb.place, speech=True), speaker)
            yield holders, (stance, _object(reading, coreference, verb))


def _stance(reading: Reading, verb: Verb) -> Stance:
    """Return the stance of the verb; to demand that something not be done is to oppose it."""
    after = reading.text[reading.tokens[verb.place].start :]
    return "opposes" if verb.sense.stance == "neutral" and _AGAINST.search(after) else verb.sense.stance


def _object(reading: Reading, coreference: Coreference, verb: Verb) -> str:
    """Return what the stance is about: the object of the verb, or the subject of a passive."""
    about = reading.object(verb.end, coreference.subject)
    if not about.startswith("by "):
        return about
    return next((m.name for m in reversed(reading.mentions) if m.end <= verb.place and not m.pronoun), "")


# ── words of opinion ─────────────────────────────────────────────────────────────────────────────


@dataclass(eq=False)
class Opinion(Position):
    """A word of opinion: the stance that it takes, its match in the text, the context before it, and who speaks."""

    stance: Stance
    match: re.Match[str]
    coreference: Coreference
    speaker: Referents

    @property
    def word(self) -> str:
        """The word of opinion, or several."""
        return self.match.group()

    @property
    def text_after(self) -> str:
        """The text of the sentence after it."""
        return self.reading.text[self.match.end() :]

    def subjects_of(self, place: int, *, speech: bool = False) -> Referents:
        """Return the subjects of the verb at that place."""
        mentions = self.reading.subjects(place, speech=speech)
        return self.coreference.all_of(self.reading, mentions, self.speaker)

    def speech(self) -> list[Verb]:
        """Return the verbs of saying outside quotations."""
        return [v for v in self.reading.verbs if v.sense.kind == "speech" and not self.reading.quoted(v.place)]


def _by_opinions(reading: Reading, coreference: Coreference, speaker: Referents) -> Iterator[tuple[Referents, View]]:
    if reading.language != "en":
        return
    for stance, pattern in _OPINIONS.items():
        for match in pattern.finditer(reading.text):
            place = next((i for i, t in enumerate(reading.tokens) if t.start >= match.start()), len(reading.tokens) - 1)
            if any(negation(reading.tokens, i, reading.language) for i in range(max(0, place - 3), place)):
                continue
            opinion = Opinion(reading, place, stance, match, coreference, speaker)
            holders = next(found for rule in HOLDERS if (found := rule(opinion)) is not None)
            about = next((topic for rule in TOPICS if (topic := rule(opinion)) is not None), "")
            yield holders, (stance, about)


def speaker_of_quotation(opinion: Opinion) -> Referents | None:
    """Find the speaker of an opinion in direct speech."""
    return opinion.speaker if opinion.reading.quoted(opinion.place) else None


def who_feels(opinion: Opinion) -> Referents | None:
    """Find the subject of a feeling after "is" or "are": "is concerned"."""
    felt = opinion.stance == "concerned" or _FEELING.match(opinion.word)
    leading = [norm for norm in opinion.before(2) if not norm.endswith("ly")]
    if not felt or not leading or leading[-1] not in _IS:
        return None
    return opinion.coreference.all_of(opinion.reading, opinion.reading.subjects(opinion.place))


def speaker_before_opinion(opinion: Opinion) -> Referents | None:
    """Find the subject of a verb of saying before the opinion in the same clause."""
    before = [
        verb
        for verb in opinion.speech()
        if verb.place < opinion.place and not opinion.reading.clause_between(verb.end, opinion.place)
    ]
    return opinion.subjects_of(before[-1].place, speech=True) if before else None


def speaker_after_opinion(opinion: Opinion) -> Referents | None:
    """Find the speaker if a verb of saying follows the opinion."""
    follows = any(verb.place > opinion.place for verb in opinion.speech())
    return opinion.speaker if opinion.speaker and follows else None


def subject_of_clause(opinion: Opinion) -> Referents:
    """Find the subject of the clause."""
    return opinion.subjects_of(opinion.place)


HOLDERS: tuple[Callable[[Opinion], Referents | None], ...] = (
    speaker_of_quotation,
    who_feels,
    speaker_before_opinion,
    speaker_after_opinion,
    subject_of_clause,
)
"""Rules that find the holders of an opinion; the last one always applies and may find none."""


def object_of_opinion(opinion: Opinion) -> str | None:
    """Find what stands after the word of opinion: "furious about X", "in favour of X", "against X"."""
    found = _OBJECT.match(opinion.text_after)
    word = opinion.word.lower()
    points = _JOINED.match(opinion.text_after) or word in _POINTING or word.endswith(" against")
    if not found or not points:
        return None
    phrase = found.group(1).strip(" “").split()
    if phrase and phrase[0] in _THIS:
        return opinion.coreference.subject or None
    end = next((i for i, word in enumerate(phrase) if i >= 3 and word.casefold() in _ENDS), len(phrase))
    return " ".join(phrase[:end][:14]) or None


def described_object(opinion: Opinion) -> str | None:
    """Find the object of a description: "called the offer a mistake"."""
    found = _CALLED.search(opinion.reading.text)
    if not found:
        return None
    called = found.group(1).strip()
    return opinion.coreference.subject if called in _THIS else called


def subject_of_statement(opinion: Opinion) -> str | None:
    """Find the subject of a statement: "said the offer was wrong"."""
    found = _SAID_OF.search(opinion.reading.text)
    return found.group(1).strip() if found and not _PRONOUN.match(found.group(1)) else None


TOPICS: tuple[Callable[[Opinion], str | None], ...] = (object_of_opinion, described_object, subject_of_statement)
"""Rules that find what an opinion is about."""


def _reaction(reading: Reading, holders: Referents, taken: Sequence[View]) -> DraftReaction:
    """Return the reaction of one holder: the first stance except neutral, or "mixed" for both sides of a "but"."""
    stances: list[Stance] = [stance for stance, _ in taken if stance != "neutral"] or ["neutral"]
    stance = stances[0]
    if "supports" in stances and len(set(stances)) > 1 and _BUT.search(reading.text):
        stance = "mixed"
    subjects = [about for each, about in taken if each == stances[0]] + [about for _, about in taken]
    quoted = max((reading.text[s:e].strip('“”"«»„ ') for s, e in reading.quotes), key=len, default="")
    return DraftReaction(
        sentences=sentences(reading.sentence.number, holders)[-4:],
        by=names(holders)[:4],
        towards=next(filter(None, subjects), "")[:500],
        stance=stance,
        statement=" ".join(reading.text.split())[:1100],
        quote=quoted[:1900] if len(quoted.split()) >= _SHORTEST_SPEECH else None,
    )
