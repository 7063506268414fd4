"""A second look: does each claim's own citation carry it, by the model's word, with nothing else to see?"""

from collections.abc import Iterator
from typing import Literal

from pydantic import ConfigDict

from summariser import events
from summariser.documents.document import Document
from summariser.models.client import Model
from summariser.postprocess.requests import begin
from summariser.schema import Commitment, Reaction, Risk, Summary, Warning_
from summariser.schema.coercion import Lenient

PROMPT = "second-look"
Claim = Commitment | Reaction | Risk


class Verification(Lenient):
    """What the model says of one claim."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: Literal["carried", "altered", "not carried"]


_SAYS = {
    "altered": "A second look says that the cited sentences say something else than this.",
    "not carried": "A second look says that the cited sentences do not say this.",
}


async def verify_claims(
    summary: Summary, document: Document, model: Model, *, listener: events.Listener = events.ignore
) -> Summary:
    """Return the Summary, with each claim no longer verified whose cited sentences, looked at alone, do not carry it.

    One request for each verified claim; none is ever verified by it. A request that fails changes nothing, and is said.
    """
    claims = [claim for claim in claims_of(summary) if claim.verified]
    pass_ = begin(PROMPT, model, listener, of=len(claims))
    doubts: dict[str, str] = {}
    for claim in claims:
        values = {"sentences": _cited(claim, document), "claim": claim_in_words(claim, summary)}
        verification = await pass_.ask(Verification, values)
        if verification is not None and verification.verdict != "carried":
            doubts[claim.id] = _SAYS[verification.verdict]
    warnings = [Warning_(code="second_look", message=message, item=item) for item, message in doubts.items()]
    kinds = {
        kind: tuple(
            c.model_copy(update={"verified": c.verified and c.id not in doubts}) for c in getattr(summary, kind)
        )
        for kind in ("commitments", "reactions", "risks")
    }
    return pass_.stamped(summary.model_copy(update={**kinds, "warnings": (*summary.warnings, *warnings)}))


def claims_of(summary: Summary) -> Iterator[Claim]:
    """Everything that a Summary claims of the source but who is who."""
    yield from summary.commitments
    yield from summary.reactions
    yield from summary.risks


def _cited(claim: Claim, document: Document) -> str:
    numbers = sorted({number for evidence in claim.evidence for number in evidence.sentences})
    return "\n".join(" ".join(document.sentences[number - 1].text.split()) for number in numbers)


def claim_in_words(claim: Claim, summary: Summary) -> str:
    """Return a claim as one sentence for a model: who, what and how, all of it to be checked."""
    names = {party.id: party.name for party in summary.parties}

    def who(*ids: str | None) -> str:
        return " and ".join(names[i] for i in ids if i) or "somebody"

    if isinstance(claim, Commitment):
        to = f" towards {who(*claim.to)}" if claim.to else ""
        condition = f"on the condition: {claim.condition}" if claim.condition else ""
        deadline = claim.deadline.text if claim.deadline else ""
        said = "; ".join(filter(None, (claim.action, condition, deadline)))
        return f"{who(*claim.by)} {claim.status}{to}: {said}"
    if isinstance(claim, Reaction):
        about = f" {claim.towards.text}" if claim.towards.text else ""
        stance = {"concerned": "is concerned about", "neutral": "speaks of", "mixed": "has mixed views of"}
        return f"{who(*claim.by)} {stance.get(claim.stance, claim.stance)}{about}: {claim.statement}"
    hit = f" It would hit {who(*claim.affects)}." if claim.affects else ""
    raised = f"{who(claim.raised_by)} warns of" if claim.raised_by else "The report speaks of"
    return f"{raised} a possible harm: {claim.risk}{hit}"
