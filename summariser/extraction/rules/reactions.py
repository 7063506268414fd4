"""Reactions as sentences tell them: verbs of stance, and words of opinion in what somebody says or does."""

import re
from collections.abc import Iterator, Sequence

from summariser.extraction.rules.coreference import Coreference, Referents, names, sentences
from summariser.extraction.rules.function_words import CUTS
from summariser.extraction.rules.syntax import Reading, Verb
from summariser.schema import DraftReaction, Stance
from summariser.text import lexicon
from summariser.text.polarity import negation

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
_SHORTEST_SPEECH = 4  # words; less in quotation marks is a phrase
_WEAK = frozenset("not never no to will would may might could".split())

View = tuple[Stance, str]  # the stance, and what it is about


def reactions_in(reading: Reading, coreference: Coreference, speaker: Referents) -> Iterator[DraftReaction]:
    """One reaction for each who takes a stance in the sentence; what is merely said is none."""
    views: dict[tuple[str, ...], tuple[Referents, list[View]]] = {}
    for holders, view in (*_by_verbs(reading, coreference, speaker), *_by_opinions(reading, coreference, speaker)):
        if holders:
            views.setdefault(tuple(names(holders)), (holders, []))[1].append(view)
    for holders, taken in views.values():
        yield _reaction(reading, holders, taken)


def _by_verbs(reading: Reading, coreference: Coreference, speaker: Referents) -> Iterator[tuple[Referents, View]]:
    for verb in reading.verbs:
        before = reading.tokens[verb.place - 1].norm if verb.place else ""
        weak = before in _WEAK or before.endswith("n't")
        told = verb.cue.kind == "reaction" and not reading.quoted(verb.place) and not reading.relative(verb.place)
        if told and not weak:
            holders = coreference.all_of(reading, reading.subjects(verb.place, speech=True), speaker)
            if _stance(reading, verb) == "neutral" and reading.tokens[verb.place].norm.startswith("want"):
                continue  # a wish; only one that something not be done takes a side
            about = reading.object(verb.end, coreference.subject)
            if about.startswith("by "):  # of a passive, it is about its subject
                about = next((m.name for m in reversed(reading.mentions) if m.end <= verb.place and not m.pronoun), "")
            yield holders, (_stance(reading, verb), about)


def _stance(reading: Reading, verb: Verb) -> Stance:
    """The stance that goes with the verb; a demand that something not be done opposes it."""
    after = reading.text[reading.tokens[verb.place].start :]
    return "opposes" if verb.cue.sort == "neutral" and _AGAINST.search(after) else verb.cue.sort  # type: ignore[return-value]


def _by_opinions(reading: Reading, coreference: Coreference, speaker: Referents) -> Iterator[tuple[Referents, View]]:
    if reading.language != "en":
        return
    for stance, pattern in _OPINIONS.items():
        for match in pattern.finditer(reading.text):
            place = next((i for i, t in enumerate(reading.tokens) if t.start >= match.start()), len(reading.tokens) - 1)
            if any(negation(reading.tokens, i, reading.language) for i in range(max(0, place - 3), place)):
                continue
            holders = (
                speaker
                if reading.quoted(place)
                else _holders(reading, coreference, speaker, place, felt=_is_felt(stance, match.group()))
            )
            yield holders, (stance, _about(reading, coreference, match) or _topic(reading, coreference))


def _is_felt(stance: Stance, word: str) -> bool:
    return stance == "concerned" or _FEELING.match(word) is not None


def _holders(reading: Reading, coreference: Coreference, speaker: Referents, place: int, *, felt: bool) -> Referents:
    """Who holds an opinion told in the report's words: who says it in that clause, or of whom it is told.

    What is `felt` ("is concerned") is told of its subject, whoever says so.
    """
    leading = [t.norm for t in reading.tokens[max(0, place - 2) : place] if not t.norm.endswith("ly")]
    if felt and leading and leading[-1] in _IS:
        return coreference.all_of(reading, reading.subjects(place))
    spoken = [v for v in reading.verbs if v.cue.kind == "speech" and not reading.quoted(v.place)]
    before = [v for v in spoken if v.place < place and not reading.clause_between(v.end, place)]
    if before:
        return coreference.all_of(reading, reading.subjects(before[-1].place, speech=True), speaker)
    if speaker and any(v.place > place for v in spoken):
        return speaker
    return coreference.all_of(reading, reading.subjects(place), speaker)


def _about(reading: Reading, coreference: Coreference, match: re.Match[str]) -> str:
    """What stands after a word of opinion as its object: "furious about X", "in favour of X", "against X"."""
    after = reading.text[match.end() :]
    joined = re.match(r"\s*(?:about|of|with|at)\b", after)
    found = re.match(r"\s*(?:about|of|with|at|for|to|that)?\s*((?:[^,;:.”\"])+)", after)
    if not found or not (joined or (match.group().lower() in _POINTING or match.group().lower().endswith(" against"))):
        return ""
    words = found.group(1).strip(" “").split()
    if words and words[0] in _THIS:
        return coreference.subject
    end = next((i for i, word in enumerate(words) if i >= 3 and word.casefold() in _ENDS), len(words))
    return " ".join(words[:end][:14])


def _topic(reading: Reading, coreference: Coreference) -> str:
    """What is called something, or of what something is said; nothing where the words do not tell."""
    if found := _CALLED.search(reading.text):
        called = found.group(1).strip()
        return coreference.subject if called in _THIS else called
    found = _SAID_OF.search(reading.text)
    return found.group(1).strip() if found and not _PRONOUN.match(found.group(1)) else ""


def _reaction(reading: Reading, holders: Referents, taken: Sequence[View]) -> DraftReaction:
    """The reaction of one holder: the first stance that is one; both sides of a "but" are mixed."""
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
