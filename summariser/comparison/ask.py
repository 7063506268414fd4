"""Ask a model which items of two texts are the same, over the items and the sentences of both."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from summariser import events
from summariser.comparison.sides import Compared
from summariser.errors import ConfigurationError
from summariser.models import EMBEDDED, Model
from summariser.postprocess import Pass, begin, claim_by_fields
from summariser.schema import kind_of
from summariser.schema.coercion import Lenient

ALIGNMENT = "alignment"
"""The name of the prompt."""
SENTENCE = "S"
"""What the number of a sentence begins with in a request."""

_Id = Annotated[str, Field(max_length=40, json_schema_extra={"maxLength": 8})]


class SamePair(BaseModel):
    """Two items that are the same, in the model's answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: _Id
    second: _Id
    differences: Annotated[list[str], Field(max_length=50, json_schema_extra={"maxItems": 10})]


class SameItems(Lenient):
    """The model's answer about the items of two texts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    same: Annotated[list[SamePair], Field(max_length=2000, json_schema_extra={"maxItems": 160})]


@dataclass(frozen=True)
class GivenPairs:
    """The pairs of items that a model calls the same.

    Attributes:
        pairs: What differs, by the ids of the two items. In place of an item there may be a sentence, such as
            "S14", that says the same.
    """

    pairs: dict[tuple[str, str], frozenset[str]]

    def of(self, letter: str) -> list[tuple[str, str]]:
        """Return the pairs of two items whose ids begin with a letter."""
        return [ids for ids in self.pairs if all(id.startswith(letter) for id in ids)]

    def sentence_for(self, id: str, place: int) -> tuple[int, frozenset[str]] | None:
        """Return the sentence of the other text that says the same as an item, with what differs; None if none does.

        Args:
            id: The id of the item.
            place: The place of its text, 0 or 1.
        """
        for ids, differences in self.pairs.items():
            if ids[place] == id and ids[1 - place].startswith(SENTENCE):
                return int(ids[1 - place].removeprefix(SENTENCE)), differences
        return None


def require_able_to_align(model: str) -> None:
    """Raise ConfigurationError for the embedded model, which pairs items by their numbers.

    Args:
        model: The name of the model that is to be asked.
    """
    if model == EMBEDDED:
        raise ConfigurationError(
            "The embedded model is too small to say which items are the same; name a larger one in the setting model, "
            "or leave out the argument align."
        )


async def ask_for_pairs(
    first: Compared, second: Compared, model: Model, *, listener: events.Listener = events.ignore
) -> tuple[GivenPairs | None, Pass]:
    """Return the pairs that a model calls the same, and the request; no pairs if the request failed.

    Args:
        first: The first text.
        second: The second text.
        model: The model to ask.
        listener: Receives an event for each request.
    """
    pass_ = begin(ALIGNMENT, model, listener, of=1)
    answer = await pass_.ask(SameItems, {"first": _listed(first), "second": _listed(second)})
    if answer is None:
        return None, pass_
    items = [{item.id for _, item in side.items()} for side in (first, second)]
    known = [
        ids | {f"{SENTENCE}{number}" for number in side.sentences}
        for ids, side in zip(items, (first, second), strict=True)
    ]
    pairs = {(each.first.strip(), each.second.strip()): frozenset(each.differences) for each in answer.same}
    return GivenPairs(
        {
            (one, other): differences
            for (one, other), differences in pairs.items()
            if one in known[0] and other in known[1] and (one in items[0] or other in items[1])
        }
    ), pass_


def _listed(side: Compared) -> str:
    """Return the items of a text as lines, without the numbers of their sentences, then its sentences."""
    lines = []
    for kind, item in side.items():
        fields = claim_by_fields(item, side.summary.name).partition(f"{kind_of(item).name} - ")[2]
        lines.append(f"{item.id} {kind.name} - {fields}")
    lines += [f"{SENTENCE}{number} {' '.join(text.split())}" for number, text in side.sentences.items()]
    return "\n".join(lines) or "(none)"
