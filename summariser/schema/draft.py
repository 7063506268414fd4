"""The Draft: the answers of a model, or of rules, about a document before any check."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import Field, create_model

from summariser.schema.base import DraftBase, DraftItem, bounded
from summariser.schema.kinds import DraftCommitment, DraftParty, DraftReaction, DraftRisk, ItemKind, kinds

MOST_ITEMS = 400  # of one list


class Draft(DraftBase):
    """The answers of a model: the headline, the overview, and a list for each kind of items."""

    headline: str = Field("", max_length=600, json_schema_extra=bounded(140), description="the news in one line")
    overview: str = Field(
        "", max_length=4000, json_schema_extra=bounded(700), description="what happened, in two or three sentences"
    )
    parties: list[DraftParty] = Field(default=[], max_length=MOST_ITEMS)
    commitments: list[DraftCommitment] = Field(default=[], max_length=MOST_ITEMS)
    reactions: list[DraftReaction] = Field(default=[], max_length=MOST_ITEMS)
    risks: list[DraftRisk] = Field(default=[], max_length=MOST_ITEMS)

    def of(self, kind: ItemKind) -> Sequence[DraftItem]:
        """Return the items of a kind."""
        items: Sequence[DraftItem] = getattr(self, kind.plural, ())
        return items

    def merged(self, part: "Draft") -> "Draft":
        """Return the Draft with another one added: lists are joined, and a text that the Draft has stays."""
        grown: dict[str, object] = {}
        for name in part.model_fields_set:
            value, before = getattr(part, name), getattr(self, name)
            grown[name] = [*before, *value] if isinstance(value, list) else before or value
        return self.model_copy(update=grown)

    @classmethod
    def of_parts(cls, parts: Mapping[str, object]) -> "Draft":
        """Return a Draft with some parts filled; their values must be valid already."""
        return draft_type()().model_copy(update=dict(parts))


def draft_type() -> type[Draft]:
    """Return the class of Drafts with a list for each kind, including the kinds that `declared` added."""
    return _draft_type(kinds())


@cache
def _draft_type(kinds: tuple[ItemKind, ...]) -> type[Draft]:
    further = [kind for kind in kinds if kind.plural not in Draft.model_fields]
    if not further:
        return Draft
    lists: dict[str, Any] = {}
    for kind in further:
        item: Any = kind.draft
        lists[kind.plural] = (list[item], Field(default=[], max_length=MOST_ITEMS))
    made: type[Draft] = create_model("Draft", __base__=Draft, **lists)
    return made
