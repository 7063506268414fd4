"""The Summary: what code makes of a Draft, and callers get."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from summariser.errors import (
    BudgetError,
    IncompleteError,
    InvalidOutputError,
    RefusedError,
    SummariserError,
    TruncatedError,
)
from summariser.schema.values import VERIFIED, Basis, Kind, RunStatus, Stance, Status, Verdict

SCHEMA_VERSION: Literal[1] = 1


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

    def raise_for_status(self) -> None:
        """Raise the error that says why this is not whole, unless `run.status` is "ok".

        Raises:
            IncompleteError: some calls failed (partial).
            RefusedError: the model or its filter declined (refused).
            TruncatedError: an answer was cut off (truncated).
            InvalidOutputError: an answer could not be used (invalid).
            BudgetError: the budget was reached (over_budget).
        """
        if self.run.status == "ok":
            return
        errors: dict[str, type[SummariserError]] = {
            "refused": RefusedError,
            "truncated": TruncatedError,
            "invalid": InvalidOutputError,
            "over_budget": BudgetError,
        }
        said = (w.message for w in self.warnings if w.code in ("call_failed", "answer_incomplete", "read_in_part"))
        raise errors.get(self.run.status, IncompleteError)(next(said, "Some calls failed; try the document again."))

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
