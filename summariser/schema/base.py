"""The base classes of items: in a Draft, which a model fills, and in a Summary, which is made from it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from summariser.schema.values import GOOD_MATCHES, NOTHING, Match, Origin, Outcome, VerdictLabel
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
    _repairs: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def repairs(self) -> Mapping[str, str]:
        """What was changed to make the model's values fit the schema, as sentences by the name of the field."""
        return self._repairs

    def repaired(self, repairs: Mapping[str, str]) -> Self:
        """Return the item with what was changed in its fields.

        Args:
            repairs: Sentences by the name of the field.
        """
        self._repairs.update(repairs)
        return self


class Frozen(BaseModel):
    """A closed, frozen model."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Location(Frozen):
    """Where a span of the source begins in its file or page.

    Attributes:
        page: The number of the page of a PDF, from 1.
        time: The time in a recording, as HH:MM:SS.
        part: The name of the part, such as a table or a text box.
        heading: The heading above it.
        link: The address that opens the page of the web at these words.
    """

    page: int | None = None
    time: str | None = None
    part: str | None = None
    heading: str | None = None
    link: str | None = None


class Evidence(Frozen):
    """A span of the source that an item cites, and how the cited words match it.

    Attributes:
        sentences: The numbers of the sentences that the span touches, from 1.
        start: The beginning of the span in the normalised text, in Unicode code points.
        end: The end of the span. `start`, `end` and `text` are all None if nothing was found in the source.
        text: The span's characters.
        match: How the words match the source's: word for word, with an ellipsis, at another place, altered or missing.
        difference: What was altered, as a sentence; None if nothing was.
        location: Where the span begins in its file or page; None for plain text.
    """

    sentences: tuple[int, ...]
    start: int | None
    end: int | None
    text: str | None
    match: Match
    difference: str | None = None
    location: Location | None = None

    @model_validator(mode="after")
    def _offsets_fit(self) -> "Evidence":
        if self.start is None or self.end is None or self.text is None:
            if any(place is not None for place in (self.start, self.end, self.text)):
                raise ValueError("start, end and text are null together or not at all")
        elif self.end - self.start != len(self.text):
            raise ValueError("end - start is not the length of the text")
        return self


class Check(Frozen):
    """What the source says of one field of an item.

    Attributes:
        field: The name of the field.
        outcome: "stated" by the cited words; "carried_over" from other words that are in force there; "read" by the
            model, with no words for or against it; or "contradicted" by the source.
        reason: Why, as a sentence; empty if the cited words state it.
        sentences: The numbers of the sentences of the words that decided, from 1.
        start: The beginning of those words in the normalised text, in code points; None if there are none.
        end: Their end.
        text: The words.
        given_by: Who gave the field its value: the model, the rules that read the text, or code that changed it.
        change: What code changed in the value, as a sentence; empty if nothing.
        confirmed: True if the model, asked about the cited sentences alone, says that they carry the field, False if it
            says that they do not; None if it was not asked.
    """

    field: str
    outcome: Outcome
    reason: str = ""
    sentences: tuple[int, ...] = ()
    start: int | None = None
    end: int | None = None
    text: str | None = None
    given_by: Origin = "model"
    change: str = ""
    confirmed: bool | None = None

    @property
    def settled(self) -> bool:
        """True if words of the source say the field, or the model confirms it."""
        return self.outcome in ("stated", "carried_over") or (self.outcome == "read" and self.confirmed is True)


def verdict_of(unsettled: Collection[Outcome], *, quotes_well: bool, misquotes: bool = False) -> VerdictLabel:
    """Return what a reader should think of a claim: whether the source refutes it, supports it, or does neither.

    Args:
        unsettled: The outcomes of the fields that are not settled.
        quotes_well: True if the words that it cites are the source's.
        misquotes: True if it gives words as the source's that are not, which refutes it.
    """
    if misquotes or "contradicted" in unsettled:
        return "refuted"
    return "supported" if quotes_well and not unsettled else "not_enough_info"


class Item(Frozen):
    """An item of a Summary, with its evidence.

    Attributes:
        id: The letter of its kind, and a number.
        evidence: The spans of the source that it cites.
        checks: What the source says of each field that has content.
        verdict: What a reader should think: the source supports it, does not settle it, or refutes it.
        confidence: The probability that every critical field is right, from 0 to 1; None if it is not known.
        verified: True if the verdict is "supported".
        short: The item's text in fewer words, without the attribution and the actor that stand beside it; empty if
            there is nothing to leave out.
    """

    id: str
    evidence: tuple[Evidence, ...]
    checks: tuple[Check, ...] = ()
    verdict: VerdictLabel
    confidence: float | None = None
    verified: bool
    short: str = ""

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

    @property
    def doubts(self) -> tuple[Check, ...]:
        """The checks that nothing settles, the contradicted ones first."""
        return tuple(sorted((c for c in self.checks if not c.settled), key=lambda c: c.outcome != "contradicted"))

    @property
    def quotes_well(self) -> bool:
        """True if it cites words, and all of them are the source's."""
        return bool(self.evidence) and all(evidence.match in GOOD_MATCHES for evidence in self.evidence)

    @property
    def reason(self) -> str:
        """Why the verdict is not "supported", as a sentence that names the field; empty if it is."""
        if self.verdict == "supported":
            return ""
        doubt = next(iter(self.doubts), None)
        if doubt is not None and doubt.outcome == "contradicted":
            return self._about(doubt)
        bad = next((each for each in self.evidence if each.match not in GOOD_MATCHES), None)
        if bad is not None:
            return _misquoted(bad, refuted=self.verdict == "refuted")
        if doubt is not None:
            return self._about(doubt)
        return "A name in it could not be resolved." if self.sentences else "It cites no sentence of the text."

    def _about(self, check: Check) -> str:
        """Return the reason of a check, after the field in words."""
        words = words_for(type(self), check.field)
        return f"{words[:1].upper()}{words[1:]}: {check.reason or _UNEXPLAINED[check.outcome]}"

    @model_validator(mode="after")
    def _verdict_means_checked(self) -> "Item":
        if self.verified != (self.verdict == "supported"):
            raise ValueError(f"{self.id}: verified and verdict differ")
        refuted = any(check.outcome == "contradicted" for check in self.checks)
        if self.verified and (not self.quotes_well or refuted):
            raise ValueError(f"{self.id} is marked supported, but its evidence or its checks are not")
        return self


_UNEXPLAINED: dict[Outcome, str] = {
    "contradicted": "The text says something else.",
    "read": "No words of the text say it.",
}
"""The reason of a check that gives none, as checks of other programs may."""


def words_for(item: type[Item], name: str) -> str:
    """Return a field of a class of items in words for a reader, such as "who acts" for `by`."""
    field = item.model_fields.get(name)
    return (field.title if field else None) or name.replace("_", " ")


def _misquoted(evidence: Evidence, *, refuted: bool) -> str:
    """Return how the cited words differ from the source's, as a sentence."""
    if evidence.match == "missing":
        return "The quoted words are not in the text." if refuted else "No sentence of the text was found for it."
    start = "The quoted words are not the text's." if refuted else "The quotation is cut short."
    return f"{start} {evidence.difference}" if evidence.difference else start
