"""Rules for verbs of undertaking, in the order in which they are tried."""

from collections.abc import Callable
from itertools import pairwise

from summariser.extraction.rules.candidates import Candidate
from summariser.extraction.rules.conditions import conditions_of
from summariser.text import lexicon

_NOT = lexicon.words("negation_particles")
_UNSURE = lexicon.words("irrealis_words", "en")
_TELLING = lexicon.words("disclosure_verbs", "en")
_CHARGES = lexicon.words("accusation_nouns", "en")
_FALLING = frozenset("from by in for further again".split())


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
    return any(match.start() <= candidate.token.start < match.end() for match in conditions_of(candidate.reading))


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


def is_refusal(verb: Candidate) -> bool:
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
