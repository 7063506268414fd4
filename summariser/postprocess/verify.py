"""Verification: ask the model whether the cited sentences alone support each claim."""

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
    """The model's answer about one claim."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: Literal["carried", "altered", "not carried"]


_SAYS = {
    "altered": "A second look says that the cited sentences say something else than this.",
    "not carried": "A second look says that the cited sentences do not say this.",
}


async def verify_claims(
    summary: Summary, document: Document, model: Model, *, listener: events.Listener = events.ignore
) -> Summary:
    """Return the Summary in which claims that their cited sentences alone do not support are no longer verified.

    Sends one request per verified claim. An unverified claim never becomes verified. A failed request changes no claim
    and adds a warning.

    Args:
        summary: The Summary.
        document: Its document.
        model: The model to ask.
        listener: Receives an event for each request.

    Raises:
        DeferredError: A batch API has not answered yet.
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
    return pass_.finish(summary.model_copy(update={**items, "warnings": (*summary.warnings, *warnings)}))


def _cited(claim: Item, document: Document) -> str:
    return "\n".join(" ".join(document.sentences[number - 1].text.split()) for number in claim.sentences)


def claim_in_words(item: Item, summary: Summary) -> str:
    """Return a claim as one sentence for a model, with its actors and all fields to be checked.

    Args:
        item: The claim.
        summary: The Summary, for the names of the parties.
    """
    return kind_of(item).as_claim(item, lambda ids: " and ".join(map(summary.name, ids)))
