"""Checks of a claim that stands alone: does it negate what the passage says, or is it certain where that is not?"""

from collections.abc import Callable, Sequence, Set

from summariser.grounding.checks.findings import Finding, contradicted, quoted, read
from summariser.grounding.checks.statement import beside_words, closest_sentence
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.text import Token, is_content, lexicon, negation, polarity_of, stem, tokenize
from summariser.text.polarity import Polarity, hard_negation

_MODALS = frozenset({"could", "may", "might"})
_REFUSING = lexicon.words("refusing_words", "en")
_INTENTIONS = frozenset(stem(word, "en") for word in "plan intend want wish aim propose promise".split())
"""Stems of verbs whose negation negates the infinitive behind them."""


def negation_added(context: Context, field: Field) -> Finding | None:
    """Find a negation in a claim whose passage negates, denies and lacks nothing.

    Examples:
        >>> says("Arlen will sign the treaty.", claim="Arlen will not sign the treaty.")
        'contradicted: The claim negates this, and the cited words negate nothing: “Arlen will not sign the treaty.”.'
    """
    said, there = tokenize(field.text), context.tokens
    if not _negations(said, negation, context) or _negations(there, negation, context):
        return None
    if _negations(said, hard_negation, context):
        return contradicted(f"The claim negates this, and the cited words negate nothing: {quoted(field.text)}.")
    return read(f"The claim denies something, and the cited words do not: {quoted(field.text)}.")


def negation_dropped(context: Context, field: Field) -> Finding | None:
    """Find a statement that the passage negates: the negated word stands in the claim beside the same words.

    Examples:
        >>> says("Arlen will not sign the treaty.", claim="Arlen will sign the treaty.")
        'contradicted: The text negates this, the claim does not: “Arlen will not sign the treaty.”.'
        >>> says("Arlen does not plan to build a port.", claim="Arlen will build a port.")
        'contradicted: The text negates this, the claim does not: “Arlen does not plan to build a port.”.'
    """
    said = tokenize(field.text)
    ours, _ = polarity_of(said, context.language, hard=True)
    theirs, groups = context.polarity
    for word in (_negated(group, ours) for group in groups):
        if word not in ours or ours[word] & theirs[word]:
            continue
        beside = _beside_stem(context, said, word)
        for number in context.passage:
            tokens = context.source.indexed.tokens[number]
            if _negations(tokens, hard_negation, context) and beside & _beside_stem(context, tokens, word):
                return contradicted(
                    f"The text negates this, the claim does not: {quoted(context.source.indexed.text(number))}."
                )
    return None


def refusal_dropped(context: Context, field: Field) -> Finding | None:
    """Leave to the reader a claim of what the passage says somebody refuses to do, if the claim itself does not.

    Examples:
        >>> says("Arlen refused to lower the toll.", claim="Arlen lowered the toll.")
        'read: The text says “refused to lower”, the claim does not.'
    """
    return _dropped(context, field, _REFUSING, lexicon.negations("en"), "the claim does not")


def hedge_dropped(context: Context, field: Field) -> Finding | None:
    """Leave to the reader a claim that is certain of what the passage says may or could be.

    Examples:
        >>> says("The works could close the road.", claim="The works will close the road.")
        'read: The text says “could close”, the claim is certain of it.'
    """
    return _dropped(context, field, _MODALS, lexicon.hedges("en") | _MODALS, "the claim is certain of it")


def _dropped(context: Context, field: Field, words: Set[str], ours: Set[str], how: str) -> Finding | None:
    """Find one of some words before a content word of the claim, if the claim has no word of another set.

    Args:
        context: The claim and its passage.
        field: The text of the claim.
        words: The words of the passage to look for.
        ours: The words of the claim that say the same.
        how: What the claim does instead, for the reason.
    """
    said, number = tokenize(field.text), closest_sentence(context, field.text)
    if context.language != "en" or number is None or any(token.norm in ours for token in said):
        return None
    content = {stem(token.norm, "en") for token in said if is_content(token, "en")}
    tokens = context.source.indexed.tokens[number]
    for place, token in enumerate(tokens):
        following = [t for t in tokens[place + 1 : place + 3] if t.norm != "to"][:1]
        if token.norm in words and not token.capital and any(stem(t.norm, "en") in content for t in following):
            span = token.start, following[0].end
            return read(f"The text says {quoted(context.words_at(*span))}, {how}.", span)
    return None


def _negated(group: Sequence[str], ours: Polarity) -> str:
    """Return the word that a negation is about: for "does not plan to build", "build" if the claim does not plan."""
    intends = group[0] in _INTENTIONS and group[0] not in ours
    return group[1] if intends and len(group) > 1 else group[0]


def _negations(
    tokens: Sequence[Token], count: Callable[[Sequence[Token], int, str | None], int], context: Context
) -> int:
    return sum(count(tokens, place, context.language) for place in range(len(tokens)))


def _beside_stem(context: Context, tokens: Sequence[Token], word: str) -> set[str]:
    """Return the words beside the occurrences of a stem."""
    places = (place for place, token in enumerate(tokens) if stem(token.norm, context.language) == word)
    return {other for place in places for other in beside_words(context, tokens, place)}
