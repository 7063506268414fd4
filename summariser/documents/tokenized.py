"""A document as tokens, with conversions between tokens, sentences and offsets."""

from collections.abc import Sequence
from functools import cached_property, lru_cache

from summariser.documents.document import Document, Sentence
from summariser.text import Token, states_in, tokenize


@lru_cache(maxsize=8)  # linking and grounding read the same document
def _tokens_by_sentence(document: Document) -> dict[int, list[Token]]:
    found: dict[int, list[Token]] = {}
    for sentence in document.sentences:
        start, text = document.said(sentence)
        found[sentence.number] = tokenize(text, start)
    return found


class TokenizedDocument:
    """The tokens of a document without its dateline: by sentence (`tokens`) and in one list (`all`)."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.language = document.language
        self.tokens = _tokens_by_sentence(document)
        self.all = [token for sentence in document.sentences for token in self.tokens[sentence.number]]
        self._norms_of: dict[int, frozenset[str]] = {}
        self._states_of: dict[int, list[tuple[str, int, int, bool]]] = {}

    def norms(self, number: int) -> frozenset[str]:
        """Return the normalised words of a sentence, given its number."""
        if number not in self._norms_of:
            self._norms_of[number] = frozenset(token.norm for token in self.tokens[number])
        return self._norms_of[number]

    @cached_property
    def sentences_with(self) -> dict[str, list[int]]:
        """The numbers of the sentences that have each word, in order."""
        found: dict[str, list[int]] = {}
        for number in self.tokens:
            for norm in self.norms(number):
                found.setdefault(norm, []).append(number)
        return found

    @cached_property
    def sentences_with_states(self) -> list[int]:
        """The numbers of the sentences that mention a state."""
        return [number for number in self.tokens if self.states(number)]

    def states(self, number: int) -> list[tuple[str, int, int, bool]]:
        """Return the mentions of states in a sentence, given its number (see `states_in`)."""
        if number not in self._states_of:
            self._states_of[number] = states_in(self.tokens[number])
        return self._states_of[number]

    def text(self, number: int) -> str:
        """Return the text of a sentence without its dateline."""
        return self.document.said(self.document.sentences[number - 1])[1]

    def sentence_at(self, place: int) -> Sentence:
        """Return the sentence of a token, given the index of the token in `all`."""
        start = self.all[place].start
        return self.document.sentences[self.document.at(start, start + 1)[0] - 1]

    def sentences_of(self, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        """Return the numbers of the sentences that overlap the spans."""
        return tuple(sorted({number for start, end in spans for number in self.document.at(start, end)}))

    def runs(self, numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """Return the spans of sentences, given their numbers; consecutive sentences are one span."""
        spans: list[tuple[int, int, int]] = []
        for number in sorted(set(numbers)):
            sentence = self.document.sentences[number - 1]
            if spans and spans[-1][2] == number - 1:
                spans[-1] = (spans[-1][0], sentence.end, number)
            else:
                spans.append((sentence.start, sentence.end, number))
        return tuple((start, end) for start, end, _ in spans)
