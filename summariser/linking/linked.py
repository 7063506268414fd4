"""A linked Draft: the parties and items of a Draft, with ids in place of names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from summariser.schema import DraftItem, ItemKind, PartyKind, SummaryWarning


@dataclass(frozen=True, kw_only=True)
class LinkedParty:
    """A party of the document.

    Attributes:
        id: Its id, such as "P1".
        name: Its full name.
        kind: State, person, organisation or group.
        country: A state's ISO 3166-1 code; None for all others.
        aliases: Its other names in the text.
        affiliation: The id of the party that it belongs to.
        role: What it is or does, in the model's words.
        sentences: The numbers of the sentences that the model cites.
        words: The words that the model cites.
        bare: The numbers of the sentences in which part of a person's name stands for the person.
        added: True if the model's list of parties lacks it and an item names it.
        short: The parts of its names that the text uses by themselves, whether they are aliases or not.
        changes: What code changed, as sentences by the name of the field.
    """

    id: str
    name: str
    kind: PartyKind
    country: str | None = None
    aliases: tuple[str, ...]
    affiliation: str | None
    role: str
    sentences: tuple[int, ...]
    words: str
    bare: frozenset[int] = frozenset()
    added: bool = False
    short: frozenset[str] = frozenset()
    changes: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The name, all aliases and all short names."""
        return frozenset((self.name, *self.aliases, *self.short))


@dataclass(frozen=True, kw_only=True)
class LinkedItem:
    """An item of any other kind, with ids in place of names.

    Attributes:
        kind: Its kind.
        id: Its id, such as "C1".
        draft: The item as the model gave it.
        parties: The ids in each field that names parties, by the field's name.
        target: The id of the party or item that it is about; None if the words name neither.
        changes: What code changed, as sentences by the name of the field.
    """

    kind: ItemKind
    id: str
    draft: DraftItem
    parties: Mapping[str, tuple[str, ...]]
    target: str | None = None
    changes: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str | None) -> Any:
        """Return the model's value of a field; None if the kind has no such field."""
        return getattr(self.draft, name, None) if name else None

    @property
    def text(self) -> str:
        """The item's text, in the model's words."""
        return str(self.value(self.kind.text))

    @property
    def acting(self) -> tuple[str, ...]:
        """The ids of the parties that act."""
        return self.parties.get(self.kind.actor or "", ())


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A Draft with ids in place of names.

    Attributes:
        headline: The headline of the Draft.
        overview: The overview of the Draft.
        parties: The parties, in the order of their ids.
        claims: The items of all other kinds, by the plural of their kind.
        warnings: The warnings about names and items.
        incomplete: The ids of the items in which a name could not be resolved.
    """

    headline: str
    overview: str
    parties: tuple[LinkedParty, ...]
    claims: Mapping[str, Sequence[LinkedItem]] = field(default_factory=dict)
    warnings: tuple[SummaryWarning, ...]
    incomplete: frozenset[str]

    def of(self, kind: ItemKind) -> Sequence[LinkedItem]:
        """Return the items of a kind."""
        return self.claims.get(kind.plural, ())

    def name(self, id: str) -> str:
        """Return the name of a party.

        Args:
            id: The party's id, such as "P1".

        Raises:
            KeyError: No party has this id.
        """
        return {party.id: party.name for party in self.parties}[id]
