"""A second look: does each claim's own citation carry it, by the model's word, with nothing else to see?"""

from typing import Literal

from pydantic import ConfigDict

from summariser import events
from summariser.documents import Document
from summariser.models import Model
from summariser.postprocess.requests import begin
from summariser.schema import Item, Summary, SummaryWarning, WarningCode, claims, kind_of
from summariser.schema.coercion import Lenient

PROMPT = "second-look"


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
    verified = [claim for claim in summary.claims if claim.verified]
    pass_ = begin(PROMPT, model, listener, of=len(verified))
    doubts: dict[str, str] = {}
    for claim in verified:
        values = {"sentences": _cited(claim, document), "claim": claim_in_words(claim, summary)}
        verification = await pass_.ask(Verification, values)
        if verification is not None and verification.verdict != "carried":
            doubts[claim.id] = _SAYS[verification.verdict]
    warnings = [
        SummaryWarning(code=WarningCode.SECOND_LOOK, message=message, item=item) for item, message in doubts.items()
    ]
    items = {
        kind.plural: tuple(
            item.model_copy(update={"verified": item.verified and item.id not in doubts}) for item in summary.of(kind)
        )
        for kind in claims()
    }
    return pass_.stamped(summary.model_copy(update={**items, "warnings": (*summary.warnings, *warnings)}))


def _cited(claim: Item, document: Document) -> str:
    return "\n".join(" ".join(document.sentences[number - 1].text.split()) for number in claim.sentences)


def claim_in_words(item: Item, summary: Summary) -> str:
    """Return a claim as one sentence for a model: who, what and how, all of it to be checked."""
    return kind_of(item).as_claim(item, lambda ids: " and ".join(map(summary.name, ids)))
