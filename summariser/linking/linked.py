"""A Draft with ids instead of names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from summariser.schema import DraftItem, ItemKind, PartyKind, SummaryWarning


@dataclass(frozen=True, kw_only=True)
class LinkedParty:
    """A party with its id, every name that the text has for it, and where the model saw it.

    `bare` are the numbers of the sentences in which part of a person's name stands for the person.
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

    @property
    def names(self) -> frozenset[str]:
        """The name and all aliases."""
        return frozenset((self.name, *self.aliases))


@dataclass(frozen=True, kw_only=True)
class LinkedItem:
    """An item of any other kind whose names are ids.

    Attributes:
        kind: What kind of item it is.
        id: Its id.
        draft: What the model said.
        parties: The ids in each field that names parties.
        target: The id of the party or item that it is about; None if the words are neither.
    """

    kind: ItemKind
    id: str
    draft: DraftItem
    parties: Mapping[str, tuple[str, ...]]
    target: str | None = None

    def value(self, name: str | None) -> Any:
        """Return what the model said in a field; None if the kind has no such field."""
        return getattr(self.draft, name, None) if name else None

    @property
    def text(self) -> str:
        """What the item says, in the model's words."""
        return str(self.value(self.kind.text))

    @property
    def acting(self) -> tuple[str, ...]:
        """The ids of those who act."""
        return self.parties.get(self.kind.actor or "", ())


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A Draft with ids instead of names.

    `claims` are the items that are no parties, by the plural of their kind. `incomplete` are the ids of items of which
    a name led nowhere.
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
