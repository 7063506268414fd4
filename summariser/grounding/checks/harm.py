"""Rules on what makes a statement a risk: a word of danger, or a harm that is only possible."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from summariser.grounding.checks.findings import Finding, FirstOf, carried_over, read, stand_in, stated
from summariser.grounding.checks.stance import evaluations
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.text import Token, lexicon, negation, stem

_POSSIBLE = lexicon.words("possibility_words", "en")
_LONGEST = 4  # words of a phrase of harm
_DANGERS = lexicon.words("danger_nouns", "en") | lexicon.words("danger_verbs", "en")


@dataclass(frozen=True)
class Harm:
    """The harm that a claim tells of, in the context of the claim."""

    context: Context

    @cached_property
    def danger(self) -> Token | None:
        """The first word of danger in the quoted sentences."""
        return next((token for token in self.context.quoted_tokens if token.norm in _DANGERS), None)

    @cached_property
    def is_possible(self) -> bool:
        """True if the quoted sentences tell of what could happen."""
        return any(token.norm in _POSSIBLE and not token.capital for token in self.context.quoted_tokens)

    @cached_property
    def harm(self) -> Token | None:
        """The first word of harm in the cited words: a listed one, one that evaluates as bad, or a negation."""
        tokens = self.context.cited_tokens or self.context.quoted_tokens
        return next((token for place, token in enumerate(tokens) if _tells_harm(tokens, place)), None)


def _tells_harm(tokens: Sequence[Token], place: int) -> bool:
    """Return True if a word of harm, a phrase of harm or a negation begins at a place."""
    phrases = lexicon.phrases("harmful_phrases", "en")
    opens = any(tuple(t.norm for t in tokens[place : place + size]) in phrases for size in range(1, _LONGEST + 1))
    return opens or _is_harmful(tokens[place]) or bool(negation(tokens, place, "en"))


def _is_harmful(token: Token) -> bool:
    return stem(token.norm, "en") in _harms() or "opposes" in evaluations().get(token.norm, ())


@cache
def _harms() -> frozenset[str]:
    """Return the stems of words of harm."""
    listed = lexicon.words("harms", "en") | lexicon.words("risk_words", "en") - _POSSIBLE - {"without"}
    return frozenset(stem(word, "en") for word in listed)


def word_of_danger(harm: Harm) -> Finding | None:
    """State a risk if a word of danger stands there.

    Examples:
        >>> says("Growers fear that the wells run dry.", risk="the wells run dry")
        'stated'
    """
    return stated((harm.danger.start, harm.danger.end)) if harm.danger is not None else None


def possible_harm(harm: Harm) -> Finding | None:
    """State a risk if a word of harm and a word of possibility stand there.

    Examples:
        >>> says("The dam could collapse.", risk="the dam could collapse")
        'stated'
    """
    return stated((harm.harm.start, harm.harm.end)) if harm.harm is not None and harm.is_possible else None


def danger_before(harm: Harm) -> Finding | None:
    """Carry over a risk if the sentences before speak of a danger and the passage of what could happen.

    Examples:
        >>> says("The danger is old. Wells may turn salt.", risk="wells may turn salt")
        'carried_over: “danger” stands in sentence 1.'
    """
    context = harm.context
    word = next((token for token in context.near_tokens if token.norm in _DANGERS), None)
    if word is None or not harm.is_possible:
        return None
    span = (word.start, word.end)
    return carried_over(stand_in([context.words_at(*span)], context.source.document.at(*span)), span)


def no_word_of_danger(harm: Harm) -> Finding | None:
    """Leave it to the reader whether a statement without such words tells of a risk.

    Examples:
        >>> says("The wells run deep.", risk="the wells run deep")
        'read: No word there shows a danger, so that this is a risk is a reading of the text.'
    """
    return read("No word there shows a danger, so that this is a risk is a reading of the text.")


HARM: tuple[Callable[[Harm], Finding | None], ...] = (word_of_danger, possible_harm, danger_before, no_word_of_danger)
"""Rules on what makes a statement a risk, in order."""


def _harm(context: Context, field: Field) -> Iterator[Harm]:
    """Yield the harm of a field in English, which alone has the word lists."""
    if context.language == "en":
        yield Harm(context)


harm = FirstOf(_harm, HARM)
"""The check that a risk tells of a harm."""
