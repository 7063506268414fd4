"""Alignment: which items of two texts are about the same matter of the same party."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from summariser.comparison.sides import Bag, Compared, words_of
from summariser.schema import Item, ItemKind, ids_in

ALIGNED = 0.30  # least likeness of two items that are the same
MENTIONED = 0.55  # share of an item's words, by weight, in a sentence that may tell of it
_WORDS, _ACTOR = 0.75, 0.25


@dataclass(frozen=True)
class Likeness:
    """The likeness of items of two texts: common words, rare ones counting more, and common actors.

    The weight of a word is its inverse document frequency over the sentences of both texts: ln((1 + n) / (1 + f)) + 0.5
    for a word in f of n sentences (K. Spärck Jones, 1972).
    """

    one: Compared
    other: Compared
    weights: dict[str, float]
    rarest: float
    same_actors: bool

    @classmethod
    def of(cls, one: Compared, other: Compared, *, same_actors: bool) -> "Likeness":
        """Return the likeness of the items of two texts.

        Args:
            one: The first text.
            other: The second text.
            same_actors: True if items without a common actor are never the same, because who acts is known of both.
        """
        sentences = [set(words_of(text, side.language)) for side in (one, other) for text in side.sentences.values()]
        counts = Counter(word for words in sentences for word in words)
        n = len(sentences)
        weights = {word: math.log((1 + n) / (1 + count)) + 0.5 for word, count in counts.items()}
        return cls(one, other, weights, math.log(1 + n) + 0.5, same_actors)

    def __call__(self, kind: ItemKind, mine: Item, theirs: Item) -> float:
        """Return the likeness of two items of a kind, from 0 to 1."""
        words = self._cosine(self.one.bag(kind, mine), self.other.bag(kind, theirs))
        actors = self.actors(kind, mine, theirs)
        if not actors and self.same_actors and ids_in(mine, kind.actor) and ids_in(theirs, kind.actor):
            return 0.0
        return _WORDS * words + _ACTOR * actors

    def actors(self, kind: ItemKind, mine: Item, theirs: Item) -> float:
        """Return 1 if those who act have a common name, 0.6 if only the bodies that they belong to have one, else 0."""
        ours, others = ids_in(mine, kind.actor), ids_in(theirs, kind.actor)
        if not ours and not others:
            return 1.0
        if self.one.party_keys(ours) & self.other.party_keys(others):
            return 1.0
        above = self.one.party_keys(self.one.bodies_of(ours)) & self.other.party_keys(self.other.bodies_of(others))
        return 0.6 if above else 0.0

    def mentions(self, kind: ItemKind, item: Item, of: Compared, within: Compared) -> tuple[int, ...]:
        """Return the sentences of the other text that have most of an item's own words."""
        own = words_of(kind.text_of(item), of.language)
        total = sum(self._weight(word) for word in own)
        found = []
        for number, text in within.sentences.items():
            common = own.keys() & words_of(text, within.language).keys()
            if total and sum(self._weight(word) for word in common) / total >= MENTIONED and len(common) > 1:
                found.append(number)
        return tuple(found)

    def of_sentences(self, mine: int, theirs: int) -> float:
        """Return the likeness of a sentence of the first text and one of the second, from 0 to 1."""
        one = words_of(self.one.sentences[mine], self.one.language)
        other = words_of(self.other.sentences[theirs], self.other.language)
        return self._cosine(dict.fromkeys(one, 1.0), dict.fromkeys(other, 1.0))

    def _weight(self, word: str) -> float:
        return self.weights.get(word, self.rarest)

    def _cosine(self, mine: Bag, theirs: Bag) -> float:
        common = sum(mine[word] * theirs[word] * self._weight(word) ** 2 for word in mine.keys() & theirs.keys())
        return common / (self._length(mine) * self._length(theirs)) if common else 0.0

    def _length(self, bag: Bag) -> float:
        return math.sqrt(sum((weight * self._weight(word)) ** 2 for word, weight in bag.items()))


@dataclass(frozen=True)
class Aligned:
    """The items of one kind in two texts.

    Attributes:
        one_to_one: The items that are the same, as (of the first text, of the second); each item at most once.
        all_pairs: The ids of all items that are the same, an item perhaps several times.
        alone: The items of the first text and of the second that have no counterpart.
        left: Those that are like an item whose counterpart is another one.
    """

    one_to_one: tuple[tuple[Item, Item], ...]
    all_pairs: tuple[tuple[str, str], ...]
    alone: tuple[tuple[Item, ...], tuple[Item, ...]]
    left: tuple[tuple[Item, ...], tuple[Item, ...]]


def align(
    kind: ItemKind,
    mine: Sequence[Item],
    theirs: Sequence[Item],
    likeness: Likeness,
    given: Sequence[tuple[str, str]] | None = None,
) -> Aligned:
    """Return the alignment of the items of one kind in two texts: the likest pair first, each item once.

    An item without a partner that is as like an item that has one as `ALIGNED` asks is neither alone nor in a pair: two
    items of one text may be one item of the other.

    Args:
        kind: The kind.
        mine: The items of the first text.
        theirs: The items of the second.
        likeness: The likeness of two items.
        given: The ids of the items that are the same, if they are known.
    """
    scores = {(a.id, b.id): likeness(kind, a, b) for a in mine for b in theirs}
    if given is None:
        wanted = [ids for ids, score in sorted(scores.items(), key=lambda each: -each[1]) if score >= ALIGNED]
    else:
        wanted = sorted((ids for ids in given if ids in scores), key=lambda ids: -scores[ids])
    left: dict[str, str] = {}
    right: dict[str, str] = {}
    for a, b in wanted:
        if a not in left and b not in right:
            left[a], right[b] = b, a
    known = {a for a, _ in wanted}, {b for _, b in wanted}
    second = {item.id: item for item in theirs}
    return Aligned(
        tuple((item, second[left[item.id]]) for item in mine if item.id in left),
        tuple(wanted),
        (
            tuple(item for item in mine if item.id not in known[0]),
            tuple(item for item in theirs if item.id not in known[1]),
        ),
        (
            tuple(item for item in mine if item.id in known[0] and item.id not in left),
            tuple(item for item in theirs if item.id in known[1] and item.id not in right),
        ),
    )
