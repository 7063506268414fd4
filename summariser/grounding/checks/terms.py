"""Checks of an item's terms: its condition and its deadline, given or left out."""

from collections.abc import Sequence
from typing import NamedTuple

from summariser.grounding.checks.findings import (
    Finding,
    Span,
    carried_over,
    contradicted,
    listed,
    quoted,
    read,
    stated,
    words_for,
)
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.text import Token, lexicon, stem, tokenize

_SAID = 0.75  # share of the content words of a term that the source must have
_NEGATED_OPENINGS = frozenset({"unless", "except"})
_PLAIN_OPENINGS = frozenset({"if", "provided", "providing"})
_DATED_OPENINGS = frozenset({"until", "once", "except"})
_SUBJECTS = frozenset("the they it he she this that any a an no both".split())


def words_of_term(context: Context, field: Field) -> Finding | None:
    """Look for the words of a condition or a deadline in the cited sentences, then just before them.

    Examples:
        >>> says("If the court agrees, Arlen will pay.", text="pay", condition="if the court gives its agreement")
        'stated'
        >>> says("The court meets first. Arlen will pay then.", text="pay", condition="after a court meeting")
        'carried_over: There are words for “court” and “meeting” in sentence 1.'
        >>> says("Arlen will pay.", text="pay", condition="if parliament approves")
        'read: The cited words do not say “parliament” and “approves”, which the condition says.'
    """
    openings = {phrase[0] for phrase in lexicon.conditions(context.language) if len(phrase) == 1}
    wanted = [word for word in context.content_words(field.text) if word not in openings]
    if not wanted:
        is_said = {token.norm for token in tokenize(field.text)} <= context.norms
        return stated(*context.spans[:1]) if is_said else None
    here = context.explained(wanted, context.passage)
    if len(here) >= _SAID * len(wanted):
        return stated(*context.spans_with(wanted))
    near = context.explained([word for word in wanted if word not in here], context.window)
    if len(here) + len(near) >= _SAID * len(wanted):
        return carried_over(words_for(context, near, context.window))
    lacking = [word for word in wanted if word not in (*here, *near)]
    return read(f"The cited words do not say {listed(lacking)}, which the {field.name} says.")


# ── conditions ───────────────────────────────────────────────────────────────────────────────────


class Condition(NamedTuple):
    """A condition in the source: its first word, its words, and its place."""

    opening: Token
    words: str
    span: Span


def opening_of_condition(context: Context, field: Field) -> Finding | None:
    """Compare how a condition begins: "unless" is the opposite of "if".

    Examples:
        >>> says("Arlen will pay unless the court objects.", text="pay", condition="if the court objects")
        'contradicted: The text has “unless” where the item has “if”.'
    """
    if not context.known_language:
        return None
    ours, theirs = _opening(tokenize(field.text)), _opening(context.tokens)
    if ours is None or theirs is None or (ours in _NEGATED_OPENINGS) == (theirs in _NEGATED_OPENINGS):
        return None
    return contradicted(f"The text has {quoted(theirs)} where the item has {quoted(ours)}.")


def _opening(tokens: Sequence[Token]) -> str | None:
    """Return the word with which a condition begins, if there are not both kinds: "unless" or "if"."""
    norms = [token.norm for token in tokens if token.norm in _NEGATED_OPENINGS | _PLAIN_OPENINGS]
    kinds = {norm in _NEGATED_OPENINGS for norm in norms}
    return norms[0] if len(kinds) == 1 else None


def left_out_condition(context: Context) -> Finding | None:
    """Contradict an item without a condition whose cited words have one.

    Examples:
        >>> leaves_out("Arlen will pay if the court agrees.", text="pay")
        'contradicted: The text has a condition that the item leaves out: “if the court agrees”.'
    """
    condition = _condition_in(context, _told_tokens(context))
    opening_said = condition is not None and condition.opening.norm in {token.norm for token in context.said}
    if condition is None or opening_said or _is_told(context, condition):
        return None
    reason = f"The text has a condition that the item leaves out: {quoted(condition.words)}."
    return contradicted(reason, condition.span)


def condition_in_other_sentence(context: Context) -> Finding | None:
    """Leave an item to the reader that cites another sentence with a condition and does not tell of it.

    Examples:
        >>> leaves_out("Arlen will pay. It pays if the court agrees.", text="pay", words="Arlen will pay", cited=(1, 2))
        'read: Another cited sentence has a condition: “if the court agrees”.'
    """
    told = {token.start for token in _told_tokens(context)}
    if _condition_in(context, _told_tokens(context)) is not None:
        return None
    for number in context.passage:
        tokens = context.source.tokens([number])
        condition = _condition_in(context, tokens) if not any(token.start in told for token in tokens) else None
        if condition is not None and not _is_told(context, condition):
            return read(f"Another cited sentence has a condition: {quoted(condition.words)}.", condition.span)
    return None


def _told_tokens(context: Context) -> list[Token]:
    """Return the tokens of the quotation; without one, those of the cited sentences that share most with the claim."""
    if context.claim.words.strip():
        return context.cited_tokens
    wanted = context.content_words(context.claim.text)
    shared = {number: len(context.explained(wanted, [number])) for number in context.quoted}
    return context.source.tokens(number for number, count in shared.items() if count == max(shared.values()))


LEFT_OUT = (left_out_condition, condition_in_other_sentence)
"""Rules that find a condition that a claim leaves out, in order."""


def _is_told(context: Context, condition: Condition) -> bool:
    """Return True if the claim has half of the condition's content words, or if it has none of its own."""
    said = {stem(token.norm, context.language) for token in context.said}
    wanted = [stem(word, context.language) for word in context.content_words(condition.words)]
    return 2 * len(said.intersection(wanted)) >= len(wanted)


def _condition_in(context: Context, tokens: Sequence[Token]) -> Condition | None:
    """Return the first condition in tokens of the source, to the end of its clause."""
    if not context.known_language:
        return None
    for place, token in enumerate(tokens):
        if _opens_condition([t.norm for t in tokens[place : place + 4]], context.language):
            end = next((at for at in range(place + 1, len(tokens)) if tokens[at].after_break), len(tokens))
            span = token.start, tokens[end - 1].end
            return Condition(token, context.words_at(*span), span)
    return None


def _opens_condition(norms: Sequence[str], language: str | None) -> bool:
    """Return True if a condition that is no date begins with these words."""
    if norms[0] in _DATED_OPENINGS or norms[:2] == ["only", "after"] or norms[2:4] == ["of", "anonymity"]:
        return False
    inverted = norms[0] == "should" and not _SUBJECTS.isdisjoint(norms[1:2])  # should the tariff still be in place
    return inverted or lexicon.opens_condition(norms, language) or norms[:3] == ["in", "that", "case"]
