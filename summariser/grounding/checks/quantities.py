"""Checks of a text's numbers, days and words of quantity."""

import re
from collections.abc import Iterable, Sequence

from summariser.grounding.checks.findings import (
    Finding,
    carried_over,
    contradicted,
    in_window,
    quoted,
    read,
    stand_in,
    stated,
    worst,
)
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.text import Quantity, Token, lexicon, quantities_in, tokenize

_SCALARS = lexicon.words("scalar_words", "en")
_GROUPS = tuple(map(frozenset, sorted(lexicon.phrases("alike_scalars", "en"))))
_PER_PERIOD = {
    word: re.compile(rf"\b(?:an?|each|every|per)\s+{period}\b", re.I)
    for period, words in lexicon.by_value("periodic_words", "en").items()
    for word in words
}
_NEVER = re.compile(r"(?!)")
_FEW = 3  # numbers that a reason names
_SMALL = 2  # numbers up to this one are often not told as numbers: "both", "a second"


def numbers(context: Context, field: Field) -> Finding | None:
    """Compare the numbers of a text with those of the cited sentences, each with its unit or what it counts.

    Examples:
        >>> says("The bank will pay 4 per cent.", text="pay four percent")
        'stated'
        >>> says("The bank will pay twenty million crowns.", text="pay 30,000,000 crowns")
        'contradicted: The text says 20,000,000 crowns, the item 30,000,000 crowns.'
        >>> says("The fund has 30 million euros. The bank will add as much.", text="add 30 million euros")
        'carried_over: “30 million euros” stands in sentence 1.'
    """
    said = quantities_in(field.text, context.language)
    return worst([_number(context, quantity) for quantity in said]) if said else None


def _number(context: Context, quantity: Quantity) -> Finding:
    for number in (*context.quoted, *context.passage):
        if any(_same_number(quantity, other) for other in context.quantities_of([number])):
            return stated(context.sentence_span(number))
    for number in reversed(context.window):
        there = context.quantities_of([number])
        if any(_same_number(quantity, other) and quantity.unit == other.unit for other in there):
            return carried_over(stand_in([quantity.words], [number]), context.sentence_span(number))
    other = next((other for other in context.quantities if _comparable(quantity, other)), None)
    if other is None or (quantity.value <= _SMALL and not quantity.unit):
        *others, last = dict.fromkeys(each.words for each in context.quantities_of(context.quoted)) or ("",)
        if last and len(others) < _FEW:
            told = f"{', '.join(others)} and {last}" if others else last
            return read(f"The cited words have {told}, but no {quantity.words}.")
        return read(f"The cited words have no number {quantity.words}.")
    return contradicted(f"The text says {other.words}, the item {quantity.words}.")


number_in_passage = _number


def _same_number(one: Quantity, other: Quantity) -> bool:
    """Return True if two numbers are equal and neither has a unit or a counted noun that the other one contradicts."""
    if one.value != other.value:
        return False
    return one.unit == other.unit or any(not each.unit and not each.counts for each in (one, other))


def _comparable(one: Quantity, other: Quantity) -> bool:
    """Return True if two numbers measure or count the same: they have the same unit, or the same noun."""
    if one.unit or other.unit:
        return one.unit == other.unit
    return bool(one.counts) and one.counts == other.counts


def days(context: Context, field: Field) -> Finding | None:
    """Compare the weekdays and months of a text with those of the cited sentences.

    Examples:
        >>> says("On Friday the bank will pay.", text="pay on Friday")
        'stated'
        >>> says("Arlen will pay by Friday.", text="pay by Monday")
        'contradicted: The text says Friday, the item Monday.'
        >>> says("Arlen will pay soon.", text="pay by Monday")
        'read: The cited words do not say Monday.'
    """
    said = _days_in(tokenize(field.text), context.language)
    told = _days_of(context, context.passage)
    missing = next((token for token in said if token.norm not in told), None)
    if missing is None:
        return stated(*map(context.sentence_span, _sentences_with(context, said))) if said else None
    word = field.text[missing.start : missing.end]
    if missing.norm in _days_of(context, context.window):
        return in_window(context, missing.norm, word)
    weekday = missing.norm in lexicon.WEEKDAYS
    other = next((token for norm, token in told.items() if (norm in lexicon.WEEKDAYS) == weekday), None)
    if other is None:
        return read(f"The cited words do not say {word}.")
    there = context.words_at(other.start, other.end)
    return contradicted(f"The text says {there}, the item {word}.", (other.start, other.end))


def _days_of(context: Context, numbers: Iterable[int]) -> dict[str, Token]:
    """Return the first token of each weekday and month that sentences name."""
    days = (t for number in numbers for t in _days_in(context.source.tokens([number]), context.language))
    return {token.norm: token for token in reversed(list(days))}


def _sentences_with(context: Context, words: Sequence[Token]) -> list[int]:
    """Return the sentences of the passage that have one of these words."""
    norms = {token.norm for token in words}
    return [n for n in context.passage if any(token.norm in norms for token in context.source.tokens([n]))]


def _days_in(tokens: Sequence[Token], language: str | None) -> list[Token]:
    """Return the weekdays and months among tokens; in English "May" only with a capital within a sentence."""
    named = lexicon.WEEKDAYS | lexicon.words("months", language or "en")
    days = [token for token in tokens if token.norm in named and (token.capital or language != "en")]
    return [token for token in days if token.norm != "may" or language != "en" or token is not tokens[0]]


def scalars(context: Context, field: Field) -> Finding | None:
    """Leave words of quantity or frequency ("more", "half", "daily") that the text lacks to the reader.

    Examples:
        >>> says("Arlen will close the mines.", text="close half the mines")
        'read: The cited words do not say “half”.'
    """
    said = [token.norm for token in tokenize(field.text) if token.norm in _SCALARS]
    said = [word for word in said if not _PER_PERIOD.get(word, _NEVER).search(context.text)]
    missing = next((word for word in said if _alike(word).isdisjoint(context.norms)), None)
    if missing is None:
        return None
    near = next(iter(sorted(_alike(missing) & context.near_norms)), None)
    if near is not None:
        return in_window(context, near, missing)
    return read(f"The cited words do not say {quoted(missing)}.")


def _alike(word: str) -> frozenset[str]:
    """Return a word of quantity or frequency and those that can stand for it: "all" and "every"."""
    return next((group for group in _GROUPS if word in group), frozenset({word}))
