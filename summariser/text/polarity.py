"""Polarity: the negated words of a sentence."""

from collections.abc import Sequence
from functools import cache

from summariser.text import lexicon
from summariser.text.tokens import Token, is_content, stem

Polarity = dict[str, set[int]]
"""By stem, the number of negations at each of its occurrences."""

_NOT_ONLY = frozenset("only just nur".split())
"""Words after which "not" negates nothing."""
_NO_LONGER = _NOT_ONLY | {"longer", "later"}
"""Words after which "not" or "no" does not negate a statement as a whole."""

_NE = frozenset({"ne", "n"})
_NOR_REACHES = 10  # words between the two parts of "neither … nor"
_NE_REACHES = 4  # words between the two parts of a French negation


def polarity_of(
    tokens: Sequence[Token], language: str | None, *, hard: bool = False
) -> tuple[Polarity, list[list[str]]]:
    """Return how often each content stem is negated, and the stems in the scope of each negation.

    The scope of a negation is the next two content words of its clause that are not names. Negations that follow each
    other closely ("did not rule out") have the same scope, and their number is added.

    Args:
        tokens: The tokens.
        language: The ISO 639-1 code of their language.
        hard: True to count only words that negate a statement ("not", "never"), not those that deny, lack or exclude.
    """
    counts: Polarity = {}
    groups: list[list[str]] = []
    governing, left = 0, 0
    since = 99
    for place, token in enumerate(tokens):
        if place and token.after_break:
            governing = left = 0
        since += 1
        if not _may_negate(token.norm, language):
            weight = 0
        else:
            weight = (hard_negation if hard else negation)(tokens, place, language)
        if weight:
            if since > 3:
                governing = 0
                groups.append([])
            governing, left, since = governing + weight, 2, 0
            continue
        if not is_content(token, language):
            continue
        word = stem(token.norm, language)
        if left and not (token.capital and place):
            counts.setdefault(word, set()).add(governing)
            groups[-1].append(word)
            left -= 1
        else:
            counts.setdefault(word, set()).add(0)
    return counts, [group for group in groups if group]


def _may_negate(norm: str, language: str | None) -> bool:
    """Return True if a word is a negation in some context."""
    return norm in _negating_words(language) or norm.endswith("n't")


@cache
def _negating_words(language: str | None) -> frozenset[str]:
    hard = lexicon.words("hard_negations", language or "en")
    return lexicon.negations(language) | hard | frozenset(_negating_phrases()) | {"not", "nicht"}


def negation(tokens: Sequence[Token], place: int, language: str | None) -> int:
    """Return 1 if the token at `place` is a negation or a word that denies, refuses or excludes, else 0."""
    norm = tokens[place].norm
    following = tokens[place + 1].norm if place + 1 < len(tokens) else ""
    if norm in ("not", "nicht") and following in _NOT_ONLY:
        return 0
    if norm in _negating_phrases():
        return int(following in _negating_phrases()[norm])
    if _goes_on_negating(tokens, place):
        return 0
    return int(norm in lexicon.negations(language) or norm.endswith("n't"))


def _goes_on_negating(tokens: Sequence[Token], place: int) -> bool:
    """Return True for the second word of "neither Arlen nor Bocia", which is one negation."""
    before = tokens[max(0, place - _NOR_REACHES) : place]
    return tokens[place].norm == "nor" and any(token.norm == "neither" for token in before)


@cache
def _negating_phrases() -> dict[str, frozenset[str]]:
    """Return the second words of phrases that negate, by first word: "rule out", "far from"."""
    phrases = lexicon.phrases("negating_phrases", "en")
    return {first: frozenset(second for other, second in phrases if other == first) for first, _ in phrases}


def hard_negation(tokens: Sequence[Token], place: int, language: str | None) -> int:
    """Return 1 if the token at `place` negates a statement, such as "not" or "never", else 0."""
    norm = tokens[place].norm
    following = tokens[place + 1].norm if place + 1 < len(tokens) else ""
    if (
        following in _NO_LONGER
        or _goes_on_negating(tokens, place)
        or (language == "fr" and not _negates_in_french(tokens, place))
    ):
        return 0
    return int(norm in lexicon.words("hard_negations", language or "en") or norm.endswith("n't"))


def _negates_in_french(tokens: Sequence[Token], place: int) -> bool:
    """Return False for the second part of "ne … pas", and for the "ne" of "ne … que", which means "only"."""
    completions = lexicon.words("negation_completions", "fr")
    if tokens[place].norm in completions:
        return all(token.norm not in _NE for token in tokens[max(0, place - _NE_REACHES) : place])
    following = (token.norm for token in tokens[place + 1 : place + 1 + _NE_REACHES])
    completed = next((norm for norm in following if norm in completions or norm in ("que", "qu")), "")
    return tokens[place].norm not in _NE or completed not in ("que", "qu")
