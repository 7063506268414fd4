"""Search: find the sentences of a source that a claim without a citation could rest on."""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from summariser.grounding.indexed import IndexedDocument
from summariser.text import is_content, quantities_in, related_stems, stem, tokenize

Passage = tuple[int, ...]
"""The numbers of sentences, in ascending order."""

_STARTS = 5  # best sentences from which longer passages grow
_LONGEST = 4  # sentences of a passage


class Search:
    """Finds passages in one source.

    Args:
        source: The source.
    """

    def __init__(self, source: IndexedDocument) -> None:
        self._source = source
        self._order = [sentence.number for sentence in source.document.content]

    def passage(self, text: str, without: Collection[int] = ()) -> Passage:
        """Return the passage that covers the words and numbers of a text best; empty if no sentence shares any of them.

        A passage is one sentence, up to four neighbours, or up to four separate sentences that together have what one
        of them alone does not have. Rare words weigh more than frequent ones.

        Args:
            text: The claim.
            without: The numbers of sentences that are no evidence.
        """
        terms = {number: terms for number, terms in self._terms.items() if number not in without}
        query = Query(self._wanted(text), terms)
        found = {passage for start in query.best[:_STARTS] for passage in self._from(start, query)}
        return min(found, key=lambda passage: (-query.score(passage), len(passage), passage), default=())

    @cached_property
    def _terms(self) -> dict[int, frozenset[str]]:
        """The stems, the states and the numbers of each sentence, by its number."""
        source = self._source
        return {n: frozenset(source.terms([n])) | _numbers(source.text(n), source.language) for n in self._order}

    def _wanted(self, text: str) -> list[frozenset[str]]:
        """Return the terms that stand for each content word, state and number of a text."""
        language = self._source.language
        words = dict.fromkeys(t.norm for t in tokenize(text) if is_content(t, language))
        wanted = [frozenset((stem(word, language), *related_stems(word, language))) for word in words]
        states = {term for term in self._source.content_terms(text) if term.isupper()}
        return [*wanted, *(frozenset((each,)) for each in sorted(states | _numbers(text, language)))]

    def _from(self, start: int, query: "Query") -> Iterator[Passage]:
        """Yield the passages that begin with a sentence: it alone, with neighbours, with others that add words."""
        yield (start,)
        place = self._order.index(start)
        for size in range(2, _LONGEST + 1):
            for first in range(max(0, place - size + 1), min(place, len(self._order) - size) + 1):
                yield tuple(self._order[first : first + size])
        passage: Passage = (start,)
        while len(passage) < _LONGEST and (adding := query.adding_most(passage)) is not None:
            passage = tuple(sorted((*passage, adding)))
            yield passage


class Query:
    """What a claim wants of a source, and what each sentence has of it.

    Args:
        wanted: The terms that stand for each thing that is wanted.
        terms: The terms of each sentence, by its number.
    """

    def __init__(self, wanted: list[frozenset[str]], terms: Mapping[int, frozenset[str]]) -> None:
        have = {
            number: frozenset(p for p, w in enumerate(wanted) if not w.isdisjoint(t)) for number, t in terms.items()
        }
        self._have = {number: places for number, places in have.items() if places}
        counts = Counter(place for places in self._have.values() for place in places)
        self._weights = {place: math.log(1 + len(terms) / count) for place, count in counts.items()}

    @cached_property
    def best(self) -> list[int]:
        """The numbers of the sentences that have anything that is wanted, the best first."""
        return sorted(self._have, key=lambda number: (-self.score((number,)), number))

    def score(self, passage: Passage) -> float:
        """Return the weight of what a passage has, less a little for each sentence after the first."""
        return self._weight(self._covered(passage)) - (len(passage) - 1) * self._cost

    def adding_most(self, passage: Passage) -> int | None:
        """Return the sentence that adds the most weight to a passage; None if none adds enough."""
        covered = self._covered(passage)
        added = {number: self._weight(places - covered) for number, places in self._have.items()}
        most = min(added, key=lambda number: (-added[number], number), default=None)
        return most if most is not None and added[most] > self._cost else None

    @cached_property
    def _cost(self) -> float:
        """The weight that a further sentence must add: half of what an average thing weighs."""
        return 0.5 * sum(self._weights.values()) / max(1, len(self._weights))

    def _covered(self, passage: Passage) -> frozenset[int]:
        return frozenset().union(*(self._have.get(number, frozenset()) for number in passage))

    def _weight(self, places: frozenset[int]) -> float:
        return sum(self._weights[place] for place in places)


def _numbers(text: str, language: str | None) -> frozenset[str]:
    return frozenset(f"#{quantity.value:g}" for quantity in quantities_in(text, language))
