"""The shapes: a Draft, which the model fills, and a Summary, which code makes of it and callers get."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationInfo, field_validator, model_validator

from summariser.normal import normalise

SCHEMA_VERSION: Literal[1] = 1

Kind = Literal["state", "person", "organisation", "group"]
Status = Literal["agreed", "pledged", "decided", "planned", "proposed", "threatened", "refused"]
Stance = Literal["supports", "opposes", "concerned", "mixed", "neutral"]
Basis = Literal["reported", "inferred"]
Verdict = Literal["verbatim", "elided", "cited", "relocated", "altered", "unsupported"]
RunStatus = Literal["ok", "partial", "refused", "truncated", "invalid", "over_budget"]

# Words that models use in place of a closed value, without case and punctuation; those that say less than one do, or
# something between two, are not here.
NEAR_MISSES: Mapping[str, Mapping[str, str]] = {
    "kind": {
        **dict.fromkeys(("country", "nation", "government", "nation state", "sovereign state", "states"), "state"),
        **dict.fromkeys(("individual", "human", "politician", "official", "leader", "persons"), "person"),
        **dict.fromkeys(
            (
                "organization", "org", "company", "corporation", "business", "firm", "institution", "agency",
                "political party", "ngo", "association", "union", "trade union", "body", "ministry", "court",
                "media", "bank", "international organisation", "international organization", "government agency",
                "organisations", "organizations",
            ),
            "organisation",
        ),
        **dict.fromkeys(("groups", "population", "community", "crowd", "ethnic group", "people", "coalition"), "group"),
    },
    "status": {
        **dict.fromkeys(("agree", "signed", "accepted", "agreement", "agreed to", "concluded"), "agreed"),
        **dict.fromkeys(
            ("promised", "promise", "pledge", "committed", "vowed", "commitment", "commits", "guaranteed", "pledges"),
            "pledged",
        ),
        **dict.fromkeys(
            ("decision", "decides", "ordered", "imposed", "ruled", "enacted", "adopted", "approved", "mandated"),
            "decided",
        ),
        **dict.fromkeys(("plan", "plans", "scheduled", "intended", "intends", "planning"), "planned"),
        **dict.fromkeys(("proposal", "offered", "suggested", "proposes", "offer", "suggests"), "proposed"),
        **dict.fromkeys(("threat", "threatens", "threatening"), "threatened"),
        **dict.fromkeys(("refusal", "refuses", "rejected", "declined", "ruled out", "rejects"), "refused"),
    },
    "stance": {
        **dict.fromkeys(
            ("support", "supportive", "supporting", "supported", "positive", "in favour", "in favor", "favours",
             "favors", "endorses", "welcomes", "approves", "agrees", "pro"),
            "supports",
        ),
        **dict.fromkeys(
            ("oppose", "opposed", "opposing", "opposition", "negative", "against", "critical", "criticises",
             "criticizes", "condemns", "rejects", "disapproves", "anti"),
            "opposes",
        ),
        **dict.fromkeys(("concern", "concerns", "worried", "worries", "cautious", "wary", "alarmed"), "concerned"),
        **dict.fromkeys(("ambivalent",), "mixed"),
        **dict.fromkeys(("neither", "no stance", "informational", "noncommittal", "factual"), "neutral"),
    },
}  # fmt: skip

VERIFIED: frozenset[Verdict] = frozenset({"verbatim", "elided", "cited", "relocated"})

# ── Draft ────────────────────────────────────────────────────────────────────────────────────────
# The descriptions are prompt text: servers that take a schema show them to the model. `maxLength`
# and `maxItems` given as extras bound what is asked for; what comes back may be twice as long before
# it counts as malformed.


def _text(limit: int) -> dict[str, JsonValue]:
    return {"maxLength": limit}


Name = Annotated[str, Field(max_length=300, json_schema_extra={"maxLength": 80})]
Names = Annotated[list[Name], Field(max_length=50, json_schema_extra={"maxItems": 4})]


NOTHING = frozenset(
    {
        *("", "-", "—", "[]", "{}", "none", "null", "nil", "n/a", "na", "n.a", "n.a.", "undefined", "unspecified"),
        *("not stated", "not specified", "not mentioned", "not given", "not applicable"),
        *("none stated", "none specified", "none mentioned", "none given", "none reported"),
    }
)
"""What models write in place of null."""


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

# ── Summary ──────────────────────────────────────────────────────────────────────────────────────


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(_Frozen):
    """The source's own words for an item, and how they carry it.

    `start` and `end` count Unicode code points of the normalised text; the three are null together,
    where nothing in the source could be found.
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


class _Item(_Frozen):
    id: str
    evidence: tuple[Evidence, ...]
    verified: bool

    @model_validator(mode="after")
    def _verified_means_checked(self) -> "_Item":
        checked = bool(self.evidence) and all(e.verdict in VERIFIED for e in self.evidence)
        if self.verified and not checked:
            raise ValueError(f"{self.id} is marked verified, but its evidence is not")
        return self


class Party(_Item):
    """An actor of the story; `affiliation` is another party's id, `country` a state's ISO 3166-1 code."""

    name: str
    kind: Kind
    country: str | None = None
    aliases: tuple[str, ...]
    affiliation: str | None
    role: str


class Deadline(_Frozen):
    """By when: the source's words, and the day where they name one for certain."""

    text: str
    date: date | None


class Commitment(_Item):
    """What a party binds itself to or announces as its own; `by`, `to`, `said_by` are party ids."""

    by: tuple[str, ...]
    to: tuple[str, ...]
    action: str
    status: Status
    condition: str | None
    deadline: Deadline | None
    said_by: str | None


class Towards(_Frozen):
    """What a reaction is about: the words, and the id of a party or commitment where they are one."""

    id: str | None
    text: str


class Reaction(_Item):
    """A stance that parties take; `quote` is verbatim direct speech."""

    by: tuple[str, ...]
    towards: Towards
    stance: Stance
    statement: str
    quote: str | None


class Risk(_Item):
    """A possible harm; `raised_by` is null in the source's own voice."""

    risk: str
    basis: Basis
    raised_by: str | None
    affects: tuple[str, ...]
    rests_on: tuple[str, ...]


class Warning_(_Frozen):
    """Something a reader should know: what it is about, in a sentence, and the item's id if it has one."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Warning")

    code: str
    message: str
    item: str | None = None


class DocumentInfo(_Frozen):
    """Which text was summarised; `sha256` is that of the normalised text in UTF-8."""

    source: str
    sha256: str
    title: str | None
    published: date | None
    language: str | None
    sentences: int
    characters: int


class Run(_Frozen):
    """How the Summary was made: what was asked of whom, and what it cost; `passes` are prompts of passes over it."""

    status: RunStatus
    prompt: str
    prompt_sha256: str
    passes: tuple[str, ...] = ()
    model: str
    requests: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_usd: float | None
    seconds: float
    summariser: str


Item = Party | Commitment | Reaction | Risk


def is_inferred(item: Item) -> bool:
    """Whether the item is a risk that was inferred from others."""
    return isinstance(item, Risk) and item.basis == "inferred"


class Summary(_Frozen):
    """A report as parties, commitments, reactions and risks, each tied to the words of the source."""

    schema_version: Literal[1] = SCHEMA_VERSION
    document: DocumentInfo
    headline: str
    overview: str
    parties: tuple[Party, ...]
    commitments: tuple[Commitment, ...]
    reactions: tuple[Reaction, ...]
    risks: tuple[Risk, ...]
    warnings: tuple[Warning_, ...]
    run: Run

    @property
    def items(self) -> Iterator[Item]:
        """All parties, commitments, reactions and risks, in this order."""
        yield from self.parties
        yield from self.commitments
        yield from self.reactions
        yield from self.risks

    @property
    def unverified(self) -> tuple[Item, ...]:
        """The items that the source, as far as code can tell, does not carry; an inferred one does not claim that."""
        return tuple(item for item in self.items if not item.verified and not is_inferred(item))

    @model_validator(mode="after")
    def _every_id_resolves(self) -> "Summary":
        ids = [item.id for item in self.items]
        if len(ids) != len(set(ids)):
            raise ValueError("two items have the same id")
        parties = {party.id for party in self.parties}
        known = set(ids)
        for where, used, allowed in self._references(parties, known):
            if used not in allowed:
                raise ValueError(f"{where} names {used}, which is no such item")
        return self

    def _references(self, parties: set[str], known: set[str]) -> Iterator[tuple[str, str, set[str]]]:
        for party in self.parties:
            yield from ((party.id, i, parties - {party.id}) for i in _some(party.affiliation))
        for commitment in self.commitments:
            named = (*commitment.by, *commitment.to, *_some(commitment.said_by))
            yield from ((commitment.id, i, parties) for i in named)
        for reaction in self.reactions:
            yield from ((reaction.id, i, parties) for i in reaction.by)
            yield from ((reaction.id, i, known) for i in _some(reaction.towards.id))
        for risk in self.risks:
            yield from ((risk.id, i, parties) for i in (*_some(risk.raised_by), *risk.affects))
            yield from ((risk.id, i, known) for i in risk.rests_on)
        for warning in self.warnings:
            yield from (("a warning", i, known) for i in _some(warning.item))

    def check(self, text: str) -> None:
        """Hold hash, offsets and sentence numbers against the normalised text of the document.

        Raises ValueError naming the first that does not fit.
        """
        if self.document.sha256 != hashlib.sha256(text.encode()).hexdigest():
            raise ValueError("this summary was made of another text")
        for item in self.items:
            for evidence in item.evidence:
                if evidence.start is not None and text[evidence.start : evidence.end] != evidence.text:
                    raise ValueError(f"the offsets of {item.id} do not yield its text")
                if any(not 1 <= n <= self.document.sentences for n in evidence.sentences):
                    raise ValueError(f"{item.id} cites a sentence that does not exist")

    def to_json(self, *, indent: int | None = 2) -> str:
        """The Summary as JSON text; Unicode is kept as it is."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=indent)

    def _repr_markdown_(self) -> str:
        from summariser.render.markdown import to_markdown

        return to_markdown(self)


def _some(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def summary_json_schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of a Summary as this version writes it."""
    schema = Summary.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
