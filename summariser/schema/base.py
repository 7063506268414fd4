"""The base classes of items: in a Draft, which a model fills, and in a Summary, which is made from it."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationInfo, field_validator, model_validator

from summariser.schema.values import NOTHING, VERIFIED, Verdict
from summariser.text import normalise

# The descriptions of a Draft's fields are prompt text: servers that accept a schema show them to the model. `maxLength`
# and `maxItems` in `json_schema_extra` limit the request; the larger limits of the fields decide what is malformed.


def bounded(limit: int) -> dict[str, JsonValue]:
    """Return the part of a field's JSON Schema that asks for at most `limit` characters."""
    return {"maxLength": limit}


Name = Annotated[str, Field(max_length=300, json_schema_extra={"maxLength": 80})]
Names = Annotated[list[Name], Field(max_length=50, json_schema_extra={"maxItems": 4})]


class DraftBase(BaseModel):
    """A frozen model of a language model's answer; its texts are in normal form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="after")
    @classmethod
    def _normal(cls, value: object, info: ValidationInfo) -> object:
        """Put texts in normal form, without white space around them and without a comma at the end.

        A word that means "nothing" becomes None if the field may be None; in a list it is left out.
        """
        if isinstance(value, list):
            tidied = [_tidy(each) if isinstance(each, str) else each for each in value]
            return [each for each in tidied if not isinstance(each, str) or each.casefold() not in NOTHING]
        if not isinstance(value, str):
            return value
        tidy = _tidy(value)
        may_be_none = cls.model_fields[info.field_name or ""].default is None
        return None if may_be_none and tidy.casefold() in NOTHING else tidy


def _tidy(text: str) -> str:
    return normalise(text).strip().rstrip(" ,;")


class DraftItem(DraftBase):
    """An item of a Draft, with the place that the model cites in the source."""

    sentences: Annotated[list[int], Field(max_length=50, json_schema_extra={"maxItems": 4})] = Field(
        default=[], description="numbers of the sentences that say so"
    )
    words: str = Field(
        "",
        max_length=4000,
        json_schema_extra=bounded(240),
        description="the words of those sentences that say so, copied exactly",
    )


class Frozen(BaseModel):
    """A closed, frozen model."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(Frozen):
    """A span of the source that supports an item, and how it supports it.

    Attributes:
        sentences: The numbers of the sentences that the span touches, from 1.
        start: The beginning of the span in the normalised text, in Unicode code points.
        end: The end of the span. `start`, `end` and `text` are all None if nothing was found in the source.
        text: The span's characters.
        verdict: How the span supports the item.
    """

    sentences: tuple[int, ...]
    start: int | None
    end: int | None
    text: str | None
    verdict: Verdict

    @model_validator(mode="after")
    def _offsets_fit(self) -> "Evidence":
        if self.start is None or self.end is None or self.text is None:
            if any(place is not None for place in (self.start, self.end, self.text)):
                raise ValueError("start, end and text are null together or not at all")
        elif self.end - self.start != len(self.text):
            raise ValueError("end - start is not the length of the text")
        return self


class Item(Frozen):
    """An item of a Summary, with its evidence.

    Attributes:
        id: The letter of its kind, and a number.
        evidence: The spans of the source that support it.
        verified: True if the checks found the item supported by the source.
    """

    id: str
    evidence: tuple[Evidence, ...]
    verified: bool

    @property
    def sentences(self) -> tuple[int, ...]:
        """The numbers of the sentences that the evidence cites, in ascending order."""
        return tuple(sorted({number for evidence in self.evidence for number in evidence.sentences}))

    @property
    def inferred(self) -> bool:
        """True if a model inferred the item from others, so that the source does not state it."""
        return getattr(self, "basis", "reported") == "inferred"

    @property
    def cited_spans(self) -> Iterator[tuple[int, int]]:
        """The spans of the evidence that were found in the source, as offsets of the normalised text."""
        for evidence in self.evidence:
            if evidence.start is not None and evidence.end is not None:
                yield evidence.start, evidence.end

    @model_validator(mode="after")
    def _verified_means_checked(self) -> "Item":
        checked = bool(self.evidence) and all(e.verdict in VERIFIED for e in self.evidence)
        if self.verified and not checked:
            raise ValueError(f"{self.id} is marked verified, but its evidence is not")
        return self
