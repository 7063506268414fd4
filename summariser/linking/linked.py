"""A Draft with ids instead of names."""

from dataclasses import dataclass

from summariser.schema import DraftCommitment, DraftReaction, DraftRisk, Kind, Warning_


@dataclass(frozen=True, kw_only=True)
class LinkedParty:
    """A party with its id, every name the text has for it, and where the model saw it.

    `bare` are the numbers of the sentences in which part of a person's name stands for the person.
    """

    id: str
    name: str
    kind: Kind
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
class LinkedCommitment:
    """A commitment whose names are party ids."""

    id: str
    draft: DraftCommitment
    by: tuple[str, ...]
    to: tuple[str, ...]
    said_by: str | None


@dataclass(frozen=True, kw_only=True)
class LinkedReaction:
    """A reaction whose names are ids; `towards` is a party's or commitment's, or None."""

    id: str
    draft: DraftReaction
    by: tuple[str, ...]
    towards: str | None


@dataclass(frozen=True, kw_only=True)
class LinkedRisk:
    """A risk whose names are party ids."""

    id: str
    draft: DraftRisk
    raised_by: str | None
    affects: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A Draft with ids instead of names. `incomplete` are the ids of items a name of which led nowhere."""

    headline: str
    overview: str
    parties: tuple[LinkedParty, ...]
    commitments: tuple[LinkedCommitment, ...]
    reactions: tuple[LinkedReaction, ...]
    risks: tuple[LinkedRisk, ...]
    warnings: tuple[Warning_, ...]
    incomplete: frozenset[str]
