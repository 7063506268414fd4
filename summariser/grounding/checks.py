"""The checks of a claim against a passage, one function per check, in the order in which they run.

A check takes a `Comparison` and returns a `Problem` if the passage does not support the claim. To add one, write its
function and name it in `CHECKS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from summariser.grounding.actors import Actor, Actors
from summariser.grounding.found import Problem
from summariser.grounding.indexed import IndexedDocument
from summariser.grounding.quotations import Quotations
from summariser.text import Token, lexicon, numbers_in, polarity_of, states_in, tokenize

_SCALARS = lexicon.words("scalar_words", "en")
_JOINING = frozenset(["and", "et", "y", "und", "or", "of"])
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Claim:
    """The statement of an item, and its citation.

    Attributes:
        text: The statement, in any words.
        actors: The actors that the cited passage must name.
        speakers: The actors that the passage must name, and that must be its speakers if it shows a speaker.
        sentences: The numbers of the cited sentences, from 1.
        words: The quotation that is given as evidence; empty if there is none.
        negated: True if the text states what somebody refuses to do.
    """

    text: str
    actors: tuple[Actor, ...] = ()
    speakers: tuple[Actor, ...] = ()
    sentences: tuple[int, ...] = ()
    words: str = ""
    negated: bool = False


@dataclass(frozen=True)
class Comparison:
    """A claim and the passage that it is compared with.

    Attributes:
        claim: The claim.
        passage: The numbers of the passage's sentences.
        source: The document that the passage is from.
        quotations: The finder of quotations in that document.
        actors: The resolver of actors in that document.
        least_overlap: The share of the claim's content words that the passage must have.
        by_name: True if the passage must name the actors; otherwise a pronoun that refers to them is enough.
    """

    claim: Claim
    passage: Sequence[int]
    source: IndexedDocument
    quotations: Quotations
    actors: Actors
    least_overlap: float
    by_name: bool = False

    @property
    def language(self) -> str | None:
        """The language of the source."""
        return self.source.language

    @cached_property
    def said(self) -> list[Token]:
        """The tokens of the claim."""
        return tokenize(self.claim.text)

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of the passage."""
        return [token for number in self.passage for token in self.source.tokens[number]]

    @cached_property
    def norms(self) -> frozenset[str]:
        """The words of the passage."""
        return frozenset(token.norm for token in self.tokens)


Check = Callable[[Comparison], Problem | None]
WordCheck = Callable[[Comparison, Token], Problem | None]


def word_by_word(*checks: WordCheck) -> Check:
    """Return a check that runs these checks on each word of the claim in turn.

    Args:
        checks: The checks of one word.
    """

    def check(compared: Comparison) -> Problem | None:
        found = (problem for token in compared.said for each in checks if (problem := each(compared, token)))
        return next(found, None)

    return check


def other_content(compared: Comparison) -> Problem | None:
    """Find a passage that has too few of the claim's content words."""
    overlap = compared.source.overlap(compared.claim.text, compared.passage)
    return Problem("content") if overlap < compared.least_overlap else None


def unknown_language(compared: Comparison) -> Problem | None:
    """Find a claim in a language without word lists that does not repeat the passage word for word."""
    if compared.language in lexicon.LANGUAGES:
        return None
    quoted = compared.quotations.find(compared.claim.text, compared.passage)
    return Problem("language") if quoted.verdict != "verbatim" else None


def other_number(compared: Comparison) -> Problem | None:
    """Find a number of the claim that the passage does not have in that unit."""
    have = numbers_in(" ".join(map(compared.source.text, compared.passage)), compared.language)
    values = {value for value, _ in have}
    for value, unit in sorted(numbers_in(compared.claim.text, compared.language)):
        if (value, unit) not in have and not (unit == "" and value in values):
            return Problem("number", f"{value:g} {unit}".strip())
    return None


def other_day(compared: Comparison, word: Token) -> Problem | None:
    """Find a weekday or month of the claim that the passage does not have."""
    dated = _is_day(word) and (word.capital or compared.language != "en")
    missing = dated and word.norm not in compared.norms
    return Problem("date", compared.claim.text[word.start : word.end]) if missing else None


def _is_day(word: Token) -> bool:
    return word.norm in lexicon.WEEKDAYS or word.norm in lexicon.MONTHS


def other_scalar(compared: Comparison, word: Token) -> Problem | None:
    """Find a word of quantity or frequency ("more", "half", "daily") that the passage does not have."""
    missing = word.norm in _SCALARS and word.norm not in compared.norms
    return Problem("number", word.norm) if missing else None


def opposite(compared: Comparison, word: Token) -> Problem | None:
    """Find a word that the passage does not have, while it has the opposite ("raise", "lower")."""
    reversed_ = word.norm not in compared.norms and lexicon.OPPOSITES.get(word.norm, _NONE) & compared.norms
    return Problem("wording", word.norm) if reversed_ else None


def other_name(compared: Comparison) -> Problem | None:
    """Find a name in the claim that the passage does not have; a state may go by any of its names."""
    said, have = compared.said, {code for code, *_ in states_in(compared.tokens)}
    in_state = {i for code, first, end, _ in states_in(said) if code in have for i in range(first, end)}
    for i, token in enumerate(said):
        known = i in in_state or token.norm in compared.norms or not token.capital
        if not known and _is_name(compared, i):
            return Problem("name", compared.claim.text[token.start : token.end])
    return None


def _is_name(compared: Comparison, place: int) -> bool:
    """Return True if a capitalised word of the claim is a name; the first word only if another follows."""
    said, token = compared.said, compared.said[place]
    if _is_day(token) or token.norm in lexicon.function_words(compared.language):
        return False
    if place or token.norm in compared.source.capitals:
        return True
    following = [t for t in said[1:3] if t.norm not in _JOINING]
    return not compared.source.has_stem(token.norm) and bool(following) and following[0].capital


def actor_not_named(compared: Comparison) -> Problem | None:
    """Find an actor whom the passage neither names nor refers to."""
    for actor in (*compared.claim.speakers, *compared.claim.actors):
        if not compared.actors.named(actor, compared.passage, compared.by_name):
            return Problem("name", actor.name)
    return None


def other_speaker(compared: Comparison) -> Problem | None:
    """Find another speaker in the passage than the claim's."""
    speakers = (compared.actors.other_speaker(actor, compared.passage) for actor in compared.claim.speakers)
    return next((Problem("speaker", speaker) for speaker in speakers if speaker), None)


def other_polarity(compared: Comparison) -> Problem | None:
    """Find a negation that only the claim or only the passage has."""
    ours, our_groups = polarity_of(compared.said, compared.language)
    theirs, their_groups = polarity_of(compared.tokens, compared.language)
    negated = compared.claim.negated

    def agree(word: str) -> bool:
        return bool(ours[word] & theirs[word]) or (negated and bool({c + 1 for c in ours[word]} & theirs[word]))

    for group in our_groups:
        if not negated and not any(agree(word) for word in group if word in theirs):
            return Problem("negation")
    for group in their_groups:
        shared = [word for word in group if word in ours]
        if shared and not any(agree(word) for word in shared):
            return Problem("negation")
    return None


CHECKS: tuple[Check, ...] = (
    other_content,
    unknown_language,
    other_number,
    word_by_word(other_day),
    word_by_word(other_scalar, opposite),
    other_name,
    actor_not_named,
    other_speaker,
    other_polarity,
)


def first_problem(compared: Comparison) -> Problem | None:
    """Return the first problem that a check finds, or None if the passage supports the claim."""
    return next((problem for check in CHECKS if (problem := check(compared))), None)
