"""The context of a claim: the cited words, their sentences, and the sentences whose words are in force there."""

from collections.abc import Iterable, Sequence, Set
from functools import cached_property

from summariser.grounding.actors import Actor
from summariser.grounding.claims import Claim
from summariser.grounding.source import Source
from summariser.text import (
    Quantity,
    Token,
    is_content,
    is_number,
    lexicon,
    polarity_of,
    related_stems,
    state_named,
    states_in,
    stem,
    tokenize,
)

_BEFORE = 3  # sentences before the cited ones that may have an antecedent
_LIGHT = lexicon.words("light_words", "en")


class Context:
    """A claim with the passage that it cites.

    Args:
        claim: The claim.
        source: The document.
        spans: The places of the quotation, or of the cited sentences.
        cited: The numbers of the cited sentences.

    Attributes:
        quoted: The numbers of the sentences that the quotation touches.
        passage: These, and the other cited sentences.
    """

    def __init__(self, claim: Claim, source: Source, spans: Sequence[tuple[int, int]], cited: Sequence[int]) -> None:
        self.claim, self.source, self.spans = claim, source, tuple(spans)
        quoted = source.indexed.sentences_of(spans)
        self.quoted = quoted or tuple(cited)
        self.passage = tuple(sorted({*quoted, *cited}))

    @property
    def language(self) -> str | None:
        """The language of the source."""
        return self.source.language

    @property
    def known_language(self) -> bool:
        """True if there are word lists for every rule in the source's language."""
        return self.language in lexicon.RULE_LANGUAGES

    @cached_property
    def window(self) -> tuple[int, ...]:
        """The sentences whose words may be in force in the passage: lead-in, heading, turn and those just before."""
        found: set[int | None] = set()
        for number in self.quoted:
            turn = self.source.document.sentences[number - 1].turn
            found |= {self.source.lead_in(number), self.source.heading(number), turn.sentence if turn else None}
            found |= {*self.source.before(number, _BEFORE)}
        return tuple(sorted(number for number in found if number is not None and number not in self.passage))

    def is_done_by_claimed(self, verb: Token) -> bool:
        """Return True if a party that acts or speaks in the claim is the subject of a verb of the quoted sentences."""
        actors = [actor for field in self.claim.of("actor", "speaker") for actor in field.actors]
        for number in self.quoted:
            start, end = self.sentence_span(number)
            acting = self.source.acting.get(number) if start <= verb.start < end else None
            subject = acting.subject_before(verb.start) if acting is not None else None
            if subject is not None:
                return any(actor.has_name(name) for actor in actors for name in subject.names)
        return False

    # ── words of the passage ─────────────────────────────────────────────────────────────────────

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of the passage."""
        return self.source.tokens(self.passage)

    @cached_property
    def quoted_tokens(self) -> list[Token]:
        """The tokens of the sentences that the quotation touches."""
        return self.source.tokens(self.quoted)

    @cached_property
    def cited_tokens(self) -> list[Token]:
        """The tokens of the cited words themselves."""
        return [t for t in self.quoted_tokens if any(start <= t.start < end for start, end in self.spans)]

    @cached_property
    def norms(self) -> frozenset[str]:
        """The words of the passage."""
        return frozenset(token.norm for token in self.tokens)

    @cached_property
    def text(self) -> str:
        """The sentences of the passage as one text."""
        return " ".join(map(self.source.indexed.text, self.passage))

    @cached_property
    def near_tokens(self) -> list[Token]:
        """The tokens of the window."""
        return self.source.tokens(self.window)

    @cached_property
    def near_norms(self) -> frozenset[str]:
        """The words of the window."""
        return frozenset(token.norm for token in self.near_tokens)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The quantities of the passage."""
        return self.quantities_of(self.passage)

    def quantities_of(self, numbers: Iterable[int]) -> list[Quantity]:
        """Return the quantities of sentences."""
        return [quantity for number in numbers for quantity in self.source.indexed.quantities(number)]

    @cached_property
    def polarity(self) -> tuple[dict[str, set[int]], list[list[str]]]:
        """How often each word of the passage is negated, and the words in the scope of each of its negations."""
        return polarity_of(self.tokens, self.language, hard=True)

    @cached_property
    def cited_polarity(self) -> tuple[dict[str, set[int]], list[list[str]]]:
        """The same of the cited words alone."""
        return polarity_of(self.cited_tokens, self.language, hard=True)

    # ── words of the claim ───────────────────────────────────────────────────────────────────────

    @cached_property
    def said(self) -> list[Token]:
        """The tokens of the claim's text and terms."""
        return tokenize(self.claim.wording)

    def content_words(self, text: str) -> list[str]:
        """Return the content words of a text, without words of little meaning, numbers and percent signs."""
        content = [t.norm for t in tokenize(text) if is_content(t, self.language) and t.norm not in _LIGHT]
        return [norm for norm in content if lexicon.UNITS.get(norm) != "%" and not is_number(norm, self.language)]

    def explained(self, words: Sequence[str], numbers: Iterable[int]) -> list[str]:
        """Return the words that sentences have, in any form, as a synonym or as another name of a state.

        Args:
            words: Content words.
            numbers: The numbers of the sentences.
        """
        numbers = tuple(numbers)
        have = frozenset().union(*map(self.source.indexed.stems, numbers))
        codes = {code for code, *_ in states_in(self.source.tokens(numbers))}
        return [word for word in words if self._is_among(word, have) or state_named(word) in codes]

    def is_form_of(self, word: str, other: str) -> bool:
        """Return True if two words are forms of one word, or synonyms."""
        return self._is_among(other, frozenset((stem(word, self.language),)))

    def _is_among(self, word: str, stems: Set[str]) -> bool:
        """Return True if the word's stem, or that of a related word, is among stems."""
        return stem(word, self.language) in stems or not stems.isdisjoint(related_stems(word, self.language))

    # ── places ───────────────────────────────────────────────────────────────────────────────────

    def spans_with(self, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
        """Return the places of content words: the quotation, and the other cited sentences that have what it has not.

        Args:
            words: Content words.
        """
        quoted = self.explained(words, self.quoted)
        left = [word for word in words if word not in quoted]
        others = [n for n in self.passage if n not in self.quoted and self.explained(left, [n])]
        return (*self.spans, *map(self.sentence_span, others))

    def naming(self, actor: Actor) -> list[int]:
        """Return the sentences of the window that name the actor."""
        return self.source.naming(actor, self.window)

    @property
    def quotation(self) -> str:
        """The cited words on one line, or the cited sentences."""
        return " ".join(self.words_at(*span) for span in self.spans or map(self.sentence_span, self.passage))

    def sentence_span(self, number: int) -> tuple[int, int]:
        """Return the place of a sentence."""
        sentence = self.source.document.sentences[number - 1]
        return sentence.start, sentence.end

    def words_at(self, start: int, end: int) -> str:
        """Return the source's words at a place, on one line."""
        return " ".join(self.source.document.text[start:end].split())
