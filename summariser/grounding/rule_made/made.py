"""An item that rules read off the text, with the sentence that has its words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from summariser.documents import Document
from summariser.extraction.rules import Mention, Position, Reading, readings, undertakings
from summariser.grounding.actors import Actor
from summariser.grounding.checks import Finding
from summariser.linking import Linked, LinkedItem
from summariser.schema import claims
from summariser.text import lexicon, tokenize

Doubt = tuple[str, Finding]
"""The name of a field, and why the words do not settle it."""
_AGREEMENTS = (lexicon.words("agreement_nouns", "en") - {"joint", "jointly"}) | {"declaration", "pledge", "protocol"}
_START = 6  # words of an item's text that show in which sentence it stands
_OPENING = 4  # sentences of a document that may tell what the whole is about


@dataclass(frozen=True)
class RuleMade:
    """An item that rules read off the text.

    Attributes:
        item: The item.
        reading: The sentence that has its words.
        actors: The known actors, by id.
        beside: The other items with words of the same sentence.
        agreement: True if the opening of the document tells of an agreement.
    """

    item: LinkedItem
    reading: Reading
    actors: Mapping[str, Actor]
    beside: Sequence[LinkedItem] = ()
    agreement: bool = False

    @property
    def is_commitment(self) -> bool:
        """True if the item says what somebody undertakes."""
        return self.item.kind.label == "status"

    @cached_property
    def first(self) -> int:
        """The place of the item's first word in the sentence."""
        wanted = [token.norm for token in tokenize(self.item.text)[:_START]]
        have = self.reading.norms()
        return next((at for at in range(len(have)) if have[at : at + len(wanted)] == wanted), 0)

    @cached_property
    def subject(self) -> Mention | None:
        """The mention that opens the item's words."""
        return next((mention for mention in self.reading.mentions if mention.first == self.first), None)

    @cached_property
    def verb(self) -> Position | None:
        """The first verb of undertaking or future after the subject."""
        start = self.subject.end if self.subject else self.first
        place = next((place for place in undertakings(self.reading) if place >= start), None)
        return None if place is None else Position(self.reading, place)

    def named(self, field: str | None) -> list[Actor]:
        """Return the actors that a field names."""
        return [self.actors[id] for id in self.item.parties.get(field or "", ())]

    @property
    def actors_of_item(self) -> list[Actor]:
        """The actors that any field names."""
        return [self.actors[id] for ids in self.item.parties.values() for id in ids]

    def mentions_of(self, actor: Actor) -> list[Mention]:
        """Return the places at which the sentence names an actor."""
        return [m for m in self.reading.mentions if not m.pronoun and actor.has_name(m.name)]


class RuleMadeItems:
    """The items of a linked Draft that rules read off the text.

    Args:
        linked: The linked Draft.
        document: The document.
        actors: The known actors, by id.
        by_rules: The plurals of the kinds that rules read off the text.
    """

    def __init__(
        self, linked: Linked, document: Document, actors: Mapping[str, Actor], by_rules: Collection[str]
    ) -> None:
        self._items = {item.id: item for kind in claims() if kind.plural in by_rules for item in linked.of(kind)}
        self._document, self._actors = document, actors

    def of(self, item: LinkedItem) -> RuleMade | None:
        """Return an item with the sentence that has its words; None if rules did not make it or no sentence has them.

        Args:
            item: An item of the Draft.
        """
        reading = self._reading_of.get(item.id)
        if reading is None:
            return None
        beside = [each for each in self._items_of[reading.sentence.number] if each.id != item.id]
        return RuleMade(item, reading, self._actors, beside, self._agreement)

    @cached_property
    def _reading_of(self) -> dict[str, Reading]:
        """The last of the sentences of each item that has its words, by the item's id."""
        by_number = {reading.sentence.number: reading for reading in readings(self._document)}
        found: dict[str, Reading] = {}
        for item in self._items.values():
            opening = " ".join(item.text.split()[:_START])
            cited = (by_number[number] for number in sorted(item.draft.sentences, reverse=True) if number in by_number)
            reading = next((each for each in cited if opening in " ".join(each.text.split())), None)
            if reading is not None:
                found[item.id] = reading
        return found

    @cached_property
    def _items_of(self) -> dict[int, list[LinkedItem]]:
        """The items with words of each sentence, by its number."""
        found: dict[int, list[LinkedItem]] = {}
        for id, reading in self._reading_of.items():
            found.setdefault(reading.sentence.number, []).append(self._items[id])
        return found

    @cached_property
    def _agreement(self) -> bool:
        opening = readings(self._document)[:_OPENING]
        return any(not _AGREEMENTS.isdisjoint(reading.norms()) for reading in opening)
