"""Checks of an item's words: exact words, names, opposites and content words."""

from collections.abc import Iterator

from summariser.grounding.checks.findings import (
    Finding,
    carried_over,
    contradicted,
    in_window,
    listed,
    quoted,
    read,
    stated,
    words_for,
)
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.text import Token, is_content, lexicon, states_in, stem, tokenize

_SHORT = 0.6  # share of a text's content words below which the number of those of its quotation is small
_FURTHER = 2  # content words of a text that stand nowhere around its quotation, from which on they are further facts
_EXPLAINED = 0.6  # share of a text's content words that the source must have


# ── the whole text ───────────────────────────────────────────────────────────────────────────────


def exact_words(context: Context, field: Field) -> Finding | None:
    """State a text that stands in the cited sentences word for word, with nothing cut off that governs it.

    Examples:
        >>> says("The bank will pay 4 per cent.", text="will pay 4 per cent")
        'stated'
    """
    found = context.source.quotations.find(field.text, context.passage, near=context.passage)
    inside = set(context.source.indexed.sentences_of(found.spans)) <= set(context.passage)
    return stated(*found.spans) if found.match in ("verbatim", "elided") and inside else None


def unknown_language(context: Context, field: Field) -> Finding | None:
    """Leave other words to the reader in a language without word lists.

    Examples:
        >>> says("정부는 화요일 설탕에 대한 세금 인상을 발표했다.", text="정부는 세금 인상을 발표했다", language="ko")
        'read: In this language only exact words can be checked, and “정부는 세금 인상을 발표했다” are other words.'
        >>> says("Hallitus korottaa sokerin veroa.", text="korottaa sokerin veroa", language="fi")
        'read: In this language only whole sentences can be checked, and “korottaa sokerin veroa” is a part of one.'
    """
    if context.known_language:
        return None
    found = context.source.quotations.find(field.text, context.passage, near=context.passage)
    if found.match in ("verbatim", "elided"):
        return stated(*found.spans)
    if found.difference == "language":
        return read(f"In this language only whole sentences can be checked, and {quoted(field.text)} is a part of one.")
    return read(f"In this language only exact words can be checked, and {quoted(field.text)} are other words.")


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def names(context: Context, field: Field) -> Finding | None:
    """Look for the names of a text in the cited sentences; a state may go by any of its names.

    Examples:
        >>> says("Lume is far. The bank will build a port.", text="build a port in Lume")
        'carried_over: “Lume” stands in sentence 1.'
        >>> says("The bank will build a port.", text="build a port in Lume")
        'read: The text nowhere names “Lume”.'
    """
    said = tokenize(field.text)
    missing = [(place, token) for place, token in _names_in(context, said) if token.norm not in context.norms]
    here, near = ({code for code, *_ in states_in(tokens)} for tokens in (context.tokens, context.near_tokens))
    states = {place: code for code, first, end, _ in states_in(said) for place in range(first, end)}
    missing = [(place, token) for place, token in missing if states.get(place) not in here]
    if not missing:
        return None
    words = {token.norm: field.text[token.start : token.end] for _, token in missing}
    apart = [t.norm for place, t in missing if t.norm not in context.near_norms and states.get(place) not in near]
    if not apart:
        return _names_before(context, [token.norm for _, token in missing], words)
    unknown = [words[norm] for norm in apart if not context.source.indexed.has_stem(norm)]
    if unknown:
        return read(f"The text nowhere names {listed(unknown)}.")
    return carried_over(f"The text names {listed([words[norm] for norm in apart])} elsewhere.")


def _names_before(context: Context, norms: list[str], words: dict[str, str]) -> Finding:
    """Return the finding that sentences of the window have names, or other names of these states."""
    norm = next((norm for norm in norms if norm in context.near_norms), None)
    if norm is not None:
        return in_window(context, norm, words[norm])
    return carried_over(f"The sentences before name {listed(words.values())} in other words.")


def _names_in(context: Context, said: list[Token]) -> Iterator[tuple[int, Token]]:
    """Yield the words of a text that are names, each with its place."""
    small = lexicon.WEEKDAYS | lexicon.MONTHS | lexicon.function_words(context.language)
    for place, token in enumerate(said):
        opens = not place and token.norm not in context.source.indexed.capitals and not _joined_to_name(said)
        if token.capital and token.norm not in small and not opens:
            yield place, token


def _joined_to_name(said: list[Token]) -> bool:
    """Return True if the first word of a text is joined to a name, and so is one: "Dorland and Arlen"."""
    after = [token for token in said[1:3] if token.norm not in ("and", "or", "&")]
    return len(said) > 2 and len(after) == 1 and after[0].capital


# ── content words ────────────────────────────────────────────────────────────────────────────────


def opposites(context: Context, field: Field) -> Finding | None:
    """Find a word of which the cited words have only the opposite, and do not negate it: "raise" and "lower".

    Examples:
        >>> says("Arlen will raise the tax.", text="lower the tax")
        'contradicted: The text says “raise”, the item “lower”.'
    """
    negated = {word for word, counts in context.cited_polarity[0].items() if 0 not in counts}
    there = {t.norm for t in context.cited_tokens if stem(t.norm, context.language) not in negated}
    for token in tokenize(field.text):
        against = lexicon.OPPOSITES.get(token.norm, frozenset()) & there
        if against and not context.explained([token.norm], context.passage):
            return contradicted(f"The text says {quoted(min(against))}, the item {quoted(token.norm)}.")
    return None


def content(context: Context, field: Field) -> Finding | None:
    """Look for the content words of a text in the cited sentences, in any form or as a synonym.

    Examples:
        >>> says("Arlen is going to construct a harbour.", text="build a harbor")
        'stated'
        >>> says("The harbour needs a wall. Arlen will build it.", text="build a harbour wall")
        'carried_over: There are words for “harbour” and “wall” in sentence 1.'
        >>> says("Arlen will build a harbour.", text="sell ancient paintings")
        'read: The cited words do not say “sell”, “ancient” and “paintings”.'
    """
    wanted = context.content_words(field.text)
    if not wanted:
        return read("There is too little in it to look for in the text.")
    here = context.explained(wanted, context.passage)
    if len(here) >= _EXPLAINED * len(wanted):
        return stated(*context.spans_with(wanted))
    left = [word for word in wanted if word not in here]
    near = context.explained(left, context.window)
    if (here or _shares_denial(context, field.text)) and len(here) + len(near) >= _EXPLAINED * len(wanted):
        return carried_over(words_for(context, near, context.window))
    lacking = [word for word in left if word not in near] or left
    return read(f"The cited words do not say {listed(lacking)}.")


def further_facts(context: Context, field: Field) -> Finding | None:
    """Leave a text to the reader that its quotation is much shorter than, if words of it do not stand around that.

    Examples:
        >>> says("Arlen will hire 20 cooks for the new inn.", words="hire 20 cooks", text="hire 20 cooks for an inn, "
        ...     "give them rooms and train them")
        'read: The cited words are much shorter, and their sentence does not say “rooms” and “train”.'
    """
    no_facts = lexicon.words("linking_words", "en") | lexicon.negations(context.language)
    wanted = [word for word in dict.fromkeys(context.content_words(field.text)) if word not in no_facts]
    cited = {token.norm for token in context.cited_tokens if is_content(token, context.language)}
    if not context.claim.words.strip() or len(cited) >= _SHORT * len(wanted):
        return None
    said = context.explained(wanted, (*context.passage, *context.window))
    lacking = [word for word in wanted if word not in said]
    if len(lacking) < _FURTHER:
        return None
    return read(f"The cited words are much shorter, and their sentence does not say {listed(lacking)}.")


def _shares_denial(context: Context, text: str) -> bool:
    """Return True if the passage has a word of the text that bars or refuses, which is no content word: "ban them"."""
    denying = lexicon.negations(context.language) - lexicon.words("hard_negations", context.language)
    return any(token.norm in denying and token.norm in context.norms for token in tokenize(text))
