"""Rules on negation: what an item negates and what the passage negates."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from summariser.grounding.checks.findings import Finding, FirstOf, contradicted, quoted, read, stated
from summariser.grounding.checks.signals import is_negated
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.text import Token, hard_negation, lexicon, polarity_of, stem, tokenize
from summariser.text import negation as negation_at

_REFUSING = lexicon.words("refusing_words", "en")
_INSTEAD = frozenset({"instead", "rather"})
_LIMITS = frozenset({"before", "until", "enough"})
_DISPUTING = lexicon.words("disputing_words", "en")
_REMARK = re.compile(r"\([^()]*\b(?:report|text|article|source)\b[^()]*\)")  # "(the report does not say who)"
_UNCLEAR = "It is not clear that the text negates the same."


@dataclass(frozen=True)
class Negations:
    """What a text negates, in the context of its claim."""

    context: Context
    text: str

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of the text."""
        return tokenize(_REMARK.sub(" ", self.text))

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

    def is_negated_nearby(self, word: str) -> bool:
        """Return True if a negation stands before a word, given as a stem, anywhere in a sentence of the passage."""
        language = self.context.language
        for number in self.context.passage:
            tokens = self.context.source.tokens([number])
            places = [place for place, token in enumerate(tokens) if stem(token.norm, language) == word]
            if places and any(negation_at(tokens, place, language) for place in range(places[-1])):
                return True
        return False

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
        return self.tells_instead or _negates(self.context.tokens, self.context.language)

    @cached_property
    def denies(self) -> bool:
        """True if the text has any word that negates, refuses, bars or ends something."""
        refuses = any(token.norm in _REFUSING for token in self.tokens)
        return refuses or _negates(self.tokens, self.context.language)

    @property
    def limits(self) -> bool:
        """True if the text has a "not" that limits a time or an amount: "not before May", "not enough"."""
        following = (two.norm for one, two in pairwise(self.tokens) if one.norm == "not")
        return not _LIMITS.isdisjoint(following)

    @property
    def warns(self) -> bool:
        """True if the text tells of a harm, and the cited words say that something should not happen."""
        following = {(one.norm, two.norm) for one, two in pairwise(self.context.cited_tokens)}
        return bool(self.context.claim.of("risk")) and bool({("should", "not"), ("must", "not")} & following)

    @property
    def disputes(self) -> bool:
        """True if the text tells of somebody who denies or disputes something."""
        return not _DISPUTING.isdisjoint(token.norm for token in self.tokens)

    @property
    def elides(self) -> bool:
        """True if the cited words negate what they do not repeat: "but not the merger", "I hope that it doesn't"."""
        tokens = self.context.cited_tokens
        for place in range(len(tokens)):
            if hard_negation(tokens, place, self.context.language):
                ends = place + 1 == len(tokens) or tokens[place + 1].after_break
                if ends or (place and tokens[place - 1].norm == "but"):
                    return True
        return False

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


def _negates(tokens: list[Token], language: str | None) -> bool:
    """Return True if a word negates, denies or excludes something."""
    return any(negation_at(tokens, place, language) for place in range(len(tokens)))


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
        >>> says("Arlen will pay once Bocia has signed.", text="pay, not before Bocia has signed")
        'read: It is not clear that the text negates the same.'
        >>> says("La banque paiera le port.", text="ne paiera pas le port", language="fr")
        'read: It is not clear that the text negates the same.'
    """
    for scope in () if text.refused else text.scopes:
        shared = [word for word in scope if word in text.told]
        if any(map(text.agree, shared)):
            continue
        clear = shared[:1] == scope[:1] and not text.tells_instead and not text.is_negated_nearby(scope[0])
        clear = clear and not text.limits and not text.elides
        if clear and not text.weak:
            return text.conflict(f"The item negates this, the text does not: {quoted(text.text)}.")
        return read(_UNCLEAR)
    return None


def negated_in_source_only(text: Negations) -> Finding | None:
    """Contradict a text that tells what the cited words negate.

    Examples:
        >>> says("Arlen will not pay for the port.", text="will pay for the port")
        'contradicted: The text negates this, the item does not: “Arlen will not pay for the port.”.'
        >>> says("The work should not harm the reefs, she said.", risk="the work harms the reefs")
        'read: It is not clear that the text negates the same.'
        >>> says("No promise was made, she said.", text="disputes that a promise was made")
        'read: It is not clear that the text negates the same.'
    """
    for scope in text.context.cited_polarity[1]:
        if scope[0] in text.counts and not any(text.agree(word) for word in scope if word in text.counts):
            if text.disputes or text.warns:
                return read(_UNCLEAR)
            return text.conflict(f"The text negates this, the item does not: {quoted(text.context.quotation)}.")
    return None


def barred_in_source(text: Negations) -> Finding | None:
    """Contradict a text without a negation that tells what the cited words bar, refuse or deny.

    Examples:
        >>> says("The treaty bars both from building new ports.", text="build new ports")
        'contradicted: The text says that this is barred or denied: “The treaty bars both from building new ports.”.'
    """
    if text.refused or text.denies or text.context.language != "en":
        return None
    counts = polarity_of(text.context.tokens, "en")[0]
    for scope in polarity_of(text.context.cited_tokens, "en")[1]:
        if scope[0] in text.counts and 0 not in counts.get(scope[0], {0}):
            quotation = quoted(text.context.quotation)
            return contradicted(f"The text says that this is barred or denied: {quotation}.")
    return None


def denial_negated_in_source(text: Negations) -> Finding | None:
    """Contradict a text that bars or denies what the cited words do not bar: "not going to ban them".

    Examples:
        >>> says("Arlen is not going to ban the boats.", text="ban the boats")
        'contradicted: The text negates “ban”, the item does not.'
    """
    language = text.context.language
    denying = lexicon.negations(language) - lexicon.words("hard_negations", language)
    ours = [t.norm for place, t in enumerate(text.tokens) if not is_negated(text.tokens, place, 1, language)]
    tokens = text.context.cited_tokens
    for place, token in enumerate(tokens):
        shared = token.norm in denying and token.norm in ours
        if shared and not text.refused and is_negated(tokens, place, 1, language):
            return text.conflict(f"The text negates {quoted(token.norm)}, the item does not.")
    return None


def negated_in_both(text: Negations) -> Finding | None:
    """State a text with a negation in which the passage agrees.

    Examples:
        >>> says("Arlen will not pay for the port.", text="never pay for the port")
        'stated'
    """
    context = text.context
    if text.refused or not text.scopes:
        return None
    sentences = [number for number in context.passage if _negates(context.source.tokens([number]), context.language)]
    return stated(*map(context.sentence_span, sentences)) if sentences else None


NEGATION: tuple[Callable[[Negations], Finding | None], ...] = (
    negation_without_scope,
    negated_in_item_only,
    negated_in_source_only,
    barred_in_source,
    denial_negated_in_source,
    negated_in_both,
)
"""Rules on negation, in order."""


def _negations(context: Context, field: Field) -> Iterator[Negations]:
    yield Negations(context, field.text)


negation = FirstOf(_negations, NEGATION)
"""The check that compares what a text negates with what the passage negates."""
