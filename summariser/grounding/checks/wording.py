"""Checks of an item's words: exact words, names, negation, opposites and content words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from summariser.grounding.checks.findings import (
    Finding,
    FirstOf,
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
from summariser.text import Token, hard_negation, lexicon, polarity_of, states_in, tokenize
from summariser.text import negation as negation_at

_INSTEAD = frozenset({"instead", "rather"})
_UNCLEAR = "It is not clear that the text negates the same."
_EXPLAINED = 0.6  # share of a text's content words that the source must have


# ── the whole text ───────────────────────────────────────────────────────────────────────────────


def exact_words(context: Context, field: Field) -> Finding | None:
    """State a text that stands in the cited sentences word for word, with nothing cut off that governs it.

    Examples:
        >>> says("The bank will pay 4 per cent.", text="will pay 4 per cent")
        'stated'
    """
    found = context.source.quotations.find(field.text, context.passage)
    inside = set(context.source.indexed.sentences_of(found.spans)) <= set(context.passage)
    return stated(*found.spans) if found.match in ("verbatim", "elided") and inside else None


def unknown_language(context: Context, field: Field) -> Finding | None:
    """Leave other words to the reader in a language without word lists.

    Examples:
        >>> says("정부는 화요일 설탕에 대한 세금 인상을 발표했다.", text="정부는 세금 인상을 발표했다", language="ko")
        'read: In this language only exact words can be checked, and “정부는 세금 인상을 발표했다” are other words.'
        >>> says("정부는 설탕에 대한 세금 인상을 발표했다.", text="세금 인상을 발표했다", language="ko")
        'read: In this language only whole sentences can be checked, and “세금 인상을 발표했다” is a part of one.'
    """
    if context.known_language:
        return None
    found = context.source.quotations.find(field.text, context.passage)
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


# ── negation ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Negations:
    """What a text negates, in the context of its claim."""

    context: Context
    text: str

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of the text."""
        return tokenize(self.text)

    @cached_property
    def counts(self) -> "_Counts":
        """How often each word of the text is negated."""
        return _counts(self.tokens, self.context.language)

    @cached_property
    def told(self) -> "_Counts":
        """How often each word of the passage is negated."""
        return _counts(self.context.tokens, self.context.language)

    @cached_property
    def scopes(self) -> list[list[str]]:
        """The words in the scope of each negation of the text."""
        return polarity_of(self.tokens, self.context.language, hard=True)[1]

    @property
    def refused(self) -> bool:
        """True if the claim's status says that the text is not done."""
        return self.context.claim.negated

    @cached_property
    def negators(self) -> list[str]:
        """The words of the text that negate a statement."""
        places = range(len(self.tokens))
        return [self.tokens[p].norm for p in places if hard_negation(self.tokens, p, self.context.language)]

    @cached_property
    def source_negates(self) -> bool:
        """True if the passage negates, denies or excludes anything, or tells what is done instead."""
        tokens, language = self.context.tokens, self.context.language
        return self.tells_instead or any(negation_at(tokens, place, language) for place in range(len(tokens)))

    @property
    def tells_instead(self) -> bool:
        """True if the passage tells what is done instead of something: "rather than wait" is "not wait"."""
        return not _INSTEAD.isdisjoint(self.context.norms)

    @property
    def weak(self) -> bool:
        """True if the text only negates by "no", which stands in many idioms: "at no cost", "no matter what"."""
        return all(word == "no" for word in self.negators)

    def agree(self, word: str) -> bool:
        """Return True if the text and the passage negate a word equally often; a refusal counts as a negation."""
        ours, theirs = self.counts[word], self.told[word]
        return bool(ours & theirs) or (self.refused and bool({(hard, count + 1) for hard, count in ours} & theirs))

    def conflict(self, reason: str) -> Finding:
        """Return the finding that the text and the passage differ, which only in English is clear enough to contradict.

        Args:
            reason: What differs, as a sentence.
        """
        return contradicted(reason) if self.context.language == "en" else read(_UNCLEAR)


_Counts = dict[str, set[tuple[bool, int]]]


def _counts(tokens: list[Token], language: str | None) -> _Counts:
    """Return how often each word is negated: by words that negate a statement (True), or by any that exclude, too."""
    found: _Counts = {}
    for word, counts in polarity_of(tokens, language, hard=True)[0].items():
        found.setdefault(word, set()).update((True, count) for count in counts)
    for word, counts in polarity_of(tokens, language)[0].items():
        least = min((count for _, count in found.get(word, ())), default=0)  # a word that negates excludes as well
        found.setdefault(word, set()).update((False, count) for count in counts if count >= least)
    return found


def negation_without_scope(text: Negations) -> Finding | None:
    """Contradict a text that negates nothing in particular where the passage does not negate.

    Examples:
        >>> says("Arlen will pay.", text="Arlen will not")
        'contradicted: The item negates this, and the cited words negate nothing: “Arlen will not”.'
    """
    if text.refused or text.scopes or text.weak or text.source_negates:
        return None
    return text.conflict(f"The item negates this, and the cited words negate nothing: {quoted(text.text)}.")


def negated_in_item_only(text: Negations) -> Finding | None:
    """Contradict a text that negates what the passage tells; leave it to the reader if it negates other words.

    Examples:
        >>> says("Arlen will pay for the port.", text="will not pay for the port")
        'contradicted: The item negates this, the text does not: “will not pay for the port”.'
        >>> says("Arlen will never leave the port.", text="will not stop using the port")
        'read: It is not clear that the text negates the same.'
        >>> says("La banque paiera le port.", text="ne paiera pas le port", language="fr")
        'read: It is not clear that the text negates the same.'
    """
    for scope in () if text.refused else text.scopes:
        shared = [word for word in scope if word in text.told]
        if any(map(text.agree, shared)):
            continue
        clear = bool(shared) and (not text.source_negates or (shared[0] == scope[0] and not text.tells_instead))
        if clear and not text.weak:
            return text.conflict(f"The item negates this, the text does not: {quoted(text.text)}.")
        return read(_UNCLEAR)
    return None


def negated_in_source_only(text: Negations) -> Finding | None:
    """Contradict a text that tells what the cited words negate.

    Examples:
        >>> says("Arlen will not pay for the port.", text="will pay for the port")
        'contradicted: The text negates this, the item does not: “Arlen will not pay for the port.”.'
    """
    for scope in text.context.cited_polarity[1]:
        if scope[0] in text.counts and not any(text.agree(word) for word in scope if word in text.counts):
            return text.conflict(f"The text negates this, the item does not: {quoted(text.context.quotation)}.")
    return None


NEGATION: tuple[Callable[[Negations], Finding | None], ...] = (
    negation_without_scope,
    negated_in_item_only,
    negated_in_source_only,
)
"""Rules on negation, in order."""


def _negations(context: Context, field: Field) -> Iterator[Negations]:
    yield Negations(context, field.text)


negation = FirstOf(_negations, NEGATION)
"""The check that compares what a text negates with what the passage negates."""


# ── content words ────────────────────────────────────────────────────────────────────────────────


def opposites(context: Context, field: Field) -> Finding | None:
    """Find a word of which the cited words have only the opposite: "raise" and "lower".

    Examples:
        >>> says("Arlen will raise the tax.", text="lower the tax")
        'contradicted: The text says “raise”, the item “lower”.'
    """
    there = {token.norm for token in context.cited_tokens}
    for token in tokenize(field.text):
        against = lexicon.OPPOSITES.get(token.norm, frozenset()) & there
        if token.norm not in context.norms and against:
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
        return stated(*context.spans)
    left = [word for word in wanted if word not in here]
    near = context.explained(left, context.window)
    if here and len(here) + len(near) >= _EXPLAINED * len(wanted):
        return carried_over(words_for(context, near, context.window))
    lacking = [word for word in left if word not in near] or left
    return read(f"The cited words do not say {listed(lacking)}.")
