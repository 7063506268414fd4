"""A tokenized document with an index of the stems, states, names and numbers of its sentences."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from summariser.documents import Document, TokenizedDocument
from summariser.text import (
    Quantity,
    Token,
    is_content,
    lexicon,
    numbers_in,
    quantities_in,
    related_stems,
    states_in,
    stem,
    tokenize,
    with_digits,
)


def _opens(text: str, token: Token) -> bool:
    """Return True if a token opens a sentence of a text."""
    return text[: token.start].rstrip(" \"'“‘«")[-1:] in ("", ".", "!", "?", ":", "\n")


class IndexedDocument(TokenizedDocument):
    """The tokens of a document, with an index of its stems and states by sentence.

    `capitals` are the words that have a capital within a sentence.
    """

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        inside = (token for tokens in self.tokens.values() for token in tokens[1:])
        self.capitals = frozenset(token.norm for token in inside if token.capital)
        self._stems_of: dict[int, frozenset[str]] = {}
        self._quantities_of: dict[int, list[Quantity]] = {}
        self._sentences: dict[str, list[int]] = {}
        for number in self.tokens:
            for term in self.terms([number]):
                self._sentences.setdefault(term, []).append(number)

    def terms(self, numbers: Iterable[int]) -> set[str]:
        """Return the stems of sentences' words and the codes of the states that they name, given their numbers."""
        found: set[str] = set()
        for number in numbers:
            found |= self.stems(number) | {code for code, *_ in self.states(number)}
        return found

    def quantities(self, number: int) -> list[Quantity]:
        """Return the quantities in a sentence, given its number, without those in the label of its speaker."""
        if number not in self._quantities_of:
            sentence = self.document.sentences[number - 1]
            labelled = sentence.turn is not None and sentence.start < sentence.turn.spoken
            text = self.document.spoken(sentence) if labelled else self.text(number)
            self._quantities_of[number] = quantities_in(text, self.language)
        return self._quantities_of[number]

    def stems(self, number: int) -> frozenset[str]:
        """Return the stems of a sentence's words, given its number."""
        if number not in self._stems_of:
            self._stems_of[number] = frozenset(stem(token.norm, self.language) for token in self.tokens[number])
        return self._stems_of[number]

    def sentences_sharing(self, text: str, share: float) -> list[int]:
        """Return the numbers of the sentences that each have at least this share of a text's content words."""
        wanted = self.content_terms(text)
        shared = Counter(number for term in wanted for number in self._sentences.get(term, ()))
        return [number for number, count in shared.items() if count / len(wanted) >= share]

    def content_terms(self, text: str) -> list[str]:
        """Return the stems of a text's content words, or the codes of the states that they stand for."""
        said = tokenize(with_digits(text, self.language))
        states = {i: code for code, first, end, _ in states_in(said) for i in range(first, end)}
        return [
            states.get(i, stem(token.norm, self.language))
            for i, token in enumerate(said)
            if is_content(token, self.language)
        ]

    def has_stem(self, word: str) -> bool:
        """Return True if a word of the document has the same stem."""
        return stem(word, self.language) in self._sentences

    def names_state(self, code: str) -> bool:
        """Return True if the document names a state, given its code."""
        return code in self._sentences

    def unknown_terms(self, text: str) -> list[str]:
        """Return the names and numbers of a text that do not occur in the document."""
        said = tokenize(text)
        states = {i for code, first, end, _ in states_in(said) if code in self._sentences for i in range(first, end)}
        unknown = [t for i, t in enumerate(said) if t.capital and i not in states and not self._has(t)]
        names = [text[t.start : t.end] for t in unknown if not self._is_common_word(t, opens=_opens(text, t))]
        values = sorted(value for value, _ in numbers_in(text, self.language) if value not in self._values)
        return names + [f"{value:g}" for value in values]

    def _has(self, token: Token) -> bool:
        return token.norm in self._norms or self.has_stem(token.norm)

    def _is_common_word(self, token: Token, *, opens: bool) -> bool:
        """Return True for a word that has its capital only because it opens a sentence: "She", "Officials"."""
        if not is_content(token, self.language):
            return True
        listed = related_stems(token.norm, self.language) or token.norm in lexicon.words("actor_nouns", self.language)
        return opens and bool(listed)

    @cached_property
    def _norms(self) -> frozenset[str]:
        before = ((each.text, self.document.said(each)[0] - each.start) for each in self.document.sentences)
        datelines = (text[:length] for text, length in before if length)
        return frozenset(token.norm for token in self.all) | {t.norm for text in datelines for t in tokenize(text)}

    @cached_property
    def _values(self) -> frozenset[float]:
        """The numbers of the document, read by sentence: reading number words takes quadratic time."""
        found = (numbers_in(sentence.text, self.language) for sentence in self.document.sentences)
        return frozenset(value for each in found for value, _ in each)
