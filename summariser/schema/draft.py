"""The Draft: what a model fills, before code has checked any of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationInfo, field_validator

from summariser.schema.values import NOTHING, Kind, Stance, Status
from summariser.text.normalization import normalise

# The descriptions are prompt text: servers that take a schema show them to the model. `maxLength`
# and `maxItems` given as extras bound what is asked for; what comes back may be twice as long before
# it counts as malformed.


def _text(limit: int) -> dict[str, JsonValue]:
    return {"maxLength": limit}


Name = Annotated[str, Field(max_length=300, json_schema_extra={"maxLength": 80})]
Names = Annotated[list[Name], Field(max_length=50, json_schema_extra={"maxItems": 4})]


def _tidy(text: str) -> str:
    return normalise(text).strip().rstrip(" ,;")


class DraftBase(BaseModel):
    """What all that comes from a model has in common: closed, frozen, its texts in normal form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="after")
    @classmethod
    def _normal(cls, value: object, info: ValidationInfo) -> object:
        """Texts in normal form, without white space around them or a comma that a model left at the end.

        Where there may be none, a word that models use for that is none; in a list it is left out.
        """
        if isinstance(value, list):
            tidied = [_tidy(each) if isinstance(each, str) else each for each in value]
            return [each for each in tidied if not isinstance(each, str) or each.casefold() not in NOTHING]
        if not isinstance(value, str):
            return value
        tidy = _tidy(value)
        may_be_none = cls.model_fields[info.field_name or ""].default is None
        return None if may_be_none and tidy.casefold() in NOTHING else tidy


class DraftItem(DraftBase):
    """What every item of a Draft says of where it stands in the source."""

    sentences: Annotated[list[int], Field(max_length=50, json_schema_extra={"maxItems": 4})] = Field(
        default=[], description="numbers of the sentences that say so"
    )
    words: str = Field(
        "",
        max_length=4000,
        json_schema_extra={"maxLength": 240},
        description="the words of those sentences that say so, copied exactly",
    )


class DraftParty(DraftItem):
    """An actor, as the model names it."""

    name: Name = Field(description="full name, as the report gives it")
    kind: Kind = Field(description="state, person, organisation or group")
    aliases: Names = Field(default=[], description="its other names in the report")
    affiliation: Name | None = Field(None, description="name of the party it belongs to or speaks for")
    role: str = Field("", max_length=600, json_schema_extra=_text(120), description="what it is or does in this story")


class DraftCommitment(DraftItem):
    """A course of action that a party binds itself to or announces as its own."""

    by: Names = Field(description="names of the parties that commit themselves")
    to: Names = Field(default=[], description="names of the parties to whom")
    action: str = Field(max_length=1200, json_schema_extra=_text(240), description="what is to be done or not done")
    status: Status = Field(description="how firm it is")
    condition: str | None = Field(
        None, max_length=800, json_schema_extra=_text(160), description="the condition, in the report's words"
    )
    deadline: str | None = Field(
        None, max_length=400, json_schema_extra=_text(80), description="by when, in the report's words"
    )
    said_by: Name | None = Field(None, description="name of who says so, null where the report itself does")


class DraftReaction(DraftItem):
    """A statement or act by which a party takes a stance."""

    by: Names = Field(description="names of the parties that speak or act")
    towards: str = Field(
        "", max_length=600, json_schema_extra=_text(120), description="the party or commitment it is about"
    )
    stance: Stance = Field(description="the stance taken towards it")
    statement: str = Field(
        max_length=1200, json_schema_extra=_text(240), description="what is said or done, in a few words"
    )
    quote: str | None = Field(
        None,
        max_length=2000,
        json_schema_extra=_text(300),
        description="their direct speech, copied exactly from between the quotation marks, or null",
    )


class DraftRisk(DraftItem):
    """A possible harm that the source reports."""

    risk: str = Field(max_length=1200, json_schema_extra=_text(240), description="the harm that could happen")
    raised_by: Name | None = Field(None, description="name of who says so, null where the report itself does")
    affects: Names = Field(default=[], description="names of the parties that would be harmed")


class Draft(DraftBase):
    """What the model says, before code has checked any of it."""

    headline: str = Field("", max_length=600, json_schema_extra=_text(140), description="the news in one line")
    overview: str = Field(
        "", max_length=4000, json_schema_extra=_text(700), description="what happened, in two or three sentences"
    )
    parties: Annotated[list[DraftParty], Field(max_length=400)] = []
    commitments: Annotated[list[DraftCommitment], Field(max_length=400)] = []
    reactions: Annotated[list[DraftReaction], Field(max_length=400)] = []
    risks: Annotated[list[DraftRisk], Field(max_length=400)] = []


DraftPart = Literal["headline", "overview", "parties", "commitments", "reactions", "risks"]
