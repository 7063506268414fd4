"""A claim: what an item says, field by field, with its citation."""

from dataclasses import dataclass
from typing import Literal

from summariser.grounding.actors import Actor

Role = Literal[
    "text", "risk", "claim", "actor", "speaker", "recipient", "affected", "target", "status", "stance", "condition",
    "deadline", "name", "kind", "affiliation", "role",
]  # fmt: skip
"""What a field says: content in words, a possible harm, a claim that stands alone, who acts, who speaks, to whom, whom
it hits, about what, a label or a term; of a party, a name, its kind, the party that it belongs to, and what it is."""

_IN_WORDS: tuple[Role, ...] = ("text", "risk", "claim", "condition", "deadline")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a claim.

    Attributes:
        name: Its name, such as "by".
        role: What it says.
        text: Its words; the names of the parties, or the label.
        actors: The parties that it names, in a field that names parties.
    """

    name: str
    role: Role
    text: str = ""
    actors: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """The fields of an item, and its citation.

    Attributes:
        fields: The fields that have content, the text first.
        sentences: The numbers of the cited sentences, from 1.
        words: The quotation that is given as evidence; empty if there is none.
        negated: True if the text states what somebody refuses to do.
        conditional: True if a condition in the source must not be left out.
    """

    fields: tuple[Field, ...]
    sentences: tuple[int, ...] = ()
    words: str = ""
    negated: bool = False
    conditional: bool = True

    @property
    def text(self) -> str:
        """The words of the first field."""
        return self.fields[0].text

    def of(self, *roles: Role) -> tuple[Field, ...]:
        """Return the fields with one of these roles."""
        return tuple(each for each in self.fields if each.role in roles)

    @property
    def wording(self) -> str:
        """The text and the terms of the claim in one string."""
        return " ".join(each.text for each in self.fields if each.role in _IN_WORDS)


def statement(
    text: str,
    *,
    by: tuple[Actor, ...] = (),
    said_by: tuple[Actor, ...] = (),
    sentences: tuple[int, ...] = (),
    words: str = "",
) -> Claim:
    """Return a claim that consists of one sentence.

    Args:
        text: The sentence.
        by: Who acts in it.
        said_by: Who says it.
        sentences: The numbers of the cited sentences.
        words: The quotation that is given as evidence.
    """
    fields = [Field("text", "text", text)]
    fields += [Field("by", "actor", ", ".join(a.name for a in by), by)] if by else []
    fields += [Field("said_by", "speaker", ", ".join(a.name for a in said_by), said_by)] if said_by else []
    return Claim(fields=tuple(fields), sentences=sentences, words=words)
