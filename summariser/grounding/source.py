"""A document as the checks read it: its words, its quotations, its actors, its lists and headings."""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from summariser.documents import Document, Sentence
from summariser.extraction.rules import Acting, acting
from summariser.grounding.actors import Actor, Actors
from summariser.grounding.indexed import IndexedDocument
from summariser.grounding.quotations import Quotations
from summariser.text import Token

_BULLET = re.compile(r"\s*(?:[-*•–—‣▪◦·]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+")
_ABOVE = 12  # sentences before an item of a list, or a text, among which its lead-in or its heading stands
_LONGEST_HEADING = 100  # characters


class Source:
    """A document as the checks read it.

    Args:
        document: The document.
        everybody: The known actors.

    Attributes:
        document: The document.
        indexed: Its words.
        quotations: The finder of quotations.
        actors: The finder of actors.
    """

    def __init__(self, document: Document, everybody: Sequence[Actor] = ()) -> None:
        self.document = document
        self.indexed = _indexed(document)
        self.quotations = Quotations(self.indexed)
        self.actors = Actors(self.indexed, everybody)

    @property
    def language(self) -> str | None:
        """The ISO 639-1 code of the language, or None if it is unknown."""
        return self.document.language

    @cached_property
    def acting(self) -> Mapping[int, Acting]:
        """Who acts in each content sentence, by the sentence's number."""
        return acting(self.document)

    def tokens(self, numbers: Iterable[int]) -> list[Token]:
        """Return the tokens of sentences, given their numbers."""
        return [token for number in numbers for token in self.indexed.tokens[number]]

    def naming(self, actor: Actor, numbers: Iterable[int]) -> list[int]:
        """Return those of the sentences that name the actor."""
        return [number for number in numbers if self.actors.names_in(actor, number)]

    def last_named(self, actor: Actor, numbers: Iterable[int], *, before: int) -> int:
        """Return where the last name of the actor begins in sentences, before an offset in the text; -1 if nowhere."""
        starts = (self.indexed.tokens[n][first].start for n in numbers for first, _ in self.actors.names_in(actor, n))
        return max((start for start in starts if start < before), default=-1)

    def before(self, number: int, count: int) -> list[int]:
        """Return the numbers of the last `count` content sentences before a sentence."""
        earlier = (self.document.sentences[place] for place in range(number - 2, -1, -1))
        content = (sentence.number for sentence in earlier if not sentence.boilerplate)
        return sorted(itertools.islice(content, count))

    def lead_in(self, number: int) -> int | None:
        """Return the sentence that introduces the list in which a sentence stands: the last one that ends with a colon.

        Args:
            number: The number of the sentence.
        """
        if not _is_list_item(self.document.sentences[number - 1]):
            return None
        for sentence in self._above(number):
            if sentence.text.rstrip().endswith(":"):
                return sentence.number
            if not _is_list_item(sentence):
                return None
        return None

    def heading(self, number: int) -> int | None:
        """Return the heading above a sentence: the last short line without an end mark, in another paragraph."""
        here = self.document.sentences[number - 1]
        above = (s for s in self._above(number) if s.paragraph != here.paragraph and _is_heading(s))
        return next((sentence.number for sentence in above), None)

    def _above(self, number: int) -> Iterable[Sentence]:
        return reversed(self.document.sentences[max(0, number - 1 - _ABOVE) : number - 1])


def _is_list_item(sentence: Sentence) -> bool:
    """Return True if the sentence begins with a bullet or a small letter, or ends with a semicolon or a comma."""
    text = sentence.text.strip()
    return bool(_BULLET.match(sentence.text)) or text[:1].islower() or text[-1:] in (";", ",")


def _is_heading(sentence: Sentence) -> bool:
    text = sentence.text.strip()
    return len(text) <= _LONGEST_HEADING and text[-1:] not in tuple('.!?;,"”’') and text[:1].isupper()


@lru_cache(maxsize=8)
def _indexed(document: Document) -> IndexedDocument:
    return IndexedDocument(document)
