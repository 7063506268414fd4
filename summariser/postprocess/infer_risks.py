"""Risks that the report does not name but that follow from its items; marked as inferred, with their items."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from summariser import events
from summariser.documents import Document
from summariser.grounding import Grounder
from summariser.models import Model
from summariser.postprocess.requests import begin
from summariser.postprocess.verify import claim_in_words
from summariser.schema import RISK, Risk, Summary, SummaryWarning, WarningCode
from summariser.schema.coercion import Lenient

PROMPT = "inferred-risks"
_MAX_CHARACTERS = 12_000  # characters of items in one request


class InferredRisk(BaseModel):
    """A possible harm in the model's answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rests_on: Annotated[list[str], Field(max_length=50, json_schema_extra={"maxItems": 4})]
    risk: Annotated[str, Field(max_length=1200, json_schema_extra={"maxLength": 240})]
    affects: Annotated[list[str], Field(max_length=50, json_schema_extra={"maxItems": 4})]


class InferredRisks(Lenient):
    """The model's answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    risks: Annotated[list[InferredRisk], Field(max_length=50, json_schema_extra={"maxItems": 5})]


async def infer_risks(
    summary: Summary, document: Document, model: Model, *, listener: events.Listener = events.ignore
) -> Summary:
    """Return the Summary with risks that the model infers from its items, after the reported ones.

    Sends one request with the items only. Inferred risks have the `basis` "inferred", list the items that they rest on
    and are never verified. A risk that rests on no item, or has names or numbers that the source does not have, is left
    out with a warning.

    Args:
        summary: The Summary.
        document: Its document.
        model: The model to ask.
        listener: Receives an event for the request.

    Raises:
        DeferredError: A batch API has not answered yet.
    """
    shown, left = _items(summary)
    pass_ = begin(PROMPT, model, listener, of=1 if shown else 0)
    answer = await pass_.ask(InferredRisks, {"items": "\n".join(shown)}) if shown else None
    risk_filter = _RiskFilter(summary, document)
    added = tuple(risk for each in (answer.risks if answer else ()) if (risk := risk_filter.accepted(each)) is not None)
    warnings = [*risk_filter.warnings]
    if left:
        message = f"Risks were inferred from the first {len(shown)} items; the other {left} did not fit the request."
        warnings.append(SummaryWarning(code=WarningCode.ITEMS_LEFT_OUT, message=message))
    update = {"risks": (*summary.risks, *added), "warnings": (*summary.warnings, *warnings)}
    return pass_.finish(summary.model_copy(update=update))


def _items(summary: Summary) -> tuple[list[str], int]:
    """Return the claims as lines that fit one request, verified ones first; and the number of the other claims."""
    claims = sorted(summary.claims, key=lambda claim: not claim.verified)
    lines = [f"{claim.id}: {claim_in_words(claim, summary)}" for claim in claims]
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(line) > _MAX_CHARACTERS:
            break
        shown.append(line)
    return shown, len(lines) - len(shown)


class _RiskFilter:
    """Accepts or rejects inferred risks."""

    def __init__(self, summary: Summary, document: Document) -> None:
        self._known = {claim.id for claim in summary.claims}
        self._parties = {name.casefold(): p.id for p in summary.parties for name in (*p.aliases, p.name)}
        self._said = {" ".join(risk.risk.casefold().split()) for risk in summary.risks}
        self._grounder = Grounder(document)
        self._number = len(summary.risks)
        self.warnings: list[SummaryWarning] = []

    def accepted(self, inferred: InferredRisk) -> Risk | None:
        """Return the risk; add a warning and return None if it is rejected."""
        rests_on = tuple(dict.fromkeys(i for i in inferred.rests_on if i in self._known))
        reason = next(self._objections(inferred, rests_on), None)
        if reason:
            message = f"An inferred risk was left out, for {reason}: {inferred.risk}"
            self.warnings.append(SummaryWarning(code=WarningCode.INFERRED_LEFT_OUT, message=message))
            return None
        self._said.add(" ".join(inferred.risk.casefold().split()))
        self._number += 1
        affects = (self._parties.get(name.strip().casefold()) for name in inferred.affects)
        return Risk(
            id=f"{RISK.letter}{self._number}",
            risk=inferred.risk.strip(),
            basis="inferred",
            raised_by=None,
            affects=tuple(dict.fromkeys(party for party in affects if party)),
            rests_on=rests_on,
            evidence=(),
            verdict="not_enough_info",
            verified=False,
        )

    def _objections(self, inferred: InferredRisk, rests_on: tuple[str, ...]) -> Iterator[str]:
        if not inferred.risk.strip():
            yield "it is empty"
        if not rests_on:
            yield "it rests on no item"
        if " ".join(inferred.risk.casefold().split()) in self._said:
            yield "the report names it"
        uncapitalised = (
            inferred.risk[:1].lower() + inferred.risk[1:]
        )  # the capital at the start of a sentence does not mark a name
        if strange := self._grounder.unknown_terms(uncapitalised):
            yield f"the source has no {', '.join(strange)}"
