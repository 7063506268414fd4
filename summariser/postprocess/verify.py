"""Verification: ask the model whether the cited sentences carry each field of each claim."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from summariser import events
from summariser.documents import Document, Sentence
from summariser.extraction import Estimate
from summariser.grounding.confidence import with_confidence
from summariser.models import Model, estimate_tokens
from summariser.postprocess.requests import Pass, begin
from summariser.prompts import library, numbered
from summariser.schema import (
    Check,
    Deadline,
    Item,
    Outcome,
    Summary,
    SummaryWarning,
    Towards,
    WarningCode,
    claims,
    ids_in,
    kind_of,
    verdict_of,
)
from summariser.schema.coercion import Lenient

VERIFICATION = "verification"
"""The name of the prompt of the verification."""
_TOKENS = 6000  # of sentences and claims in one request
_CLAIMS = 40  # in one request

_Ids = Annotated[list[str], Field(max_length=400, json_schema_extra={"maxItems": _CLAIMS})]
_Fields = Annotated[list[str], Field(max_length=50, json_schema_extra={"maxItems": 8})]


class DoubtfulClaim(BaseModel):
    """A claim of which not every field is carried, in the model's answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(max_length=40, json_schema_extra={"maxLength": 8})]
    altered: _Fields
    not_said: _Fields


class Verification(Lenient):
    """The model's answer about the claims of one request."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    carried: _Ids
    doubtful: Annotated[list[DoubtfulClaim], Field(max_length=400, json_schema_extra={"maxItems": _CLAIMS})]


class ClaimAnswer(BaseModel):
    """What the model answers about one claim; every other field of it is carried.

    Attributes:
        altered: The fields of which the sentences say otherwise.
        not_said: The fields that the sentences do not say.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    altered: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()


async def verify_claims(
    summary: Summary, document: Document, model: Model, *, listener: events.Listener = events.ignore
) -> Summary:
    """Return the Summary after the model has checked each claim that the rules do not refute.

    Sends one request, or several if the claims are many. Each shows claims with the sentences that they cite and one on
    each side, and not what the rules found. A claim of which every field is carried becomes supported if its quotation
    is the source's; one with an altered field becomes refuted. A refuted claim stays refuted. A failed request changes
    no claim and adds a warning.

    Args:
        summary: The Summary.
        document: Its document.
        model: The model to ask.
        listener: Receives an event for each request.

    Raises:
        DeferredError: A batch API has not answered yet.
    """
    pass_, answers, warnings = await ask_about_claims(summary, document, model, listener=listener)
    items = {
        kind.plural: tuple(
            with_answer(item, answers[item.id], summary.name, summary.run.model) if item.id in answers else item
            for item in summary.of(kind)
        )
        for kind in claims()
    }
    return pass_.finish(summary.model_copy(update={**items, "warnings": (*summary.warnings, *warnings)}))


async def ask_about_claims(
    summary: Summary, document: Document, model: Model, *, listener: events.Listener = events.ignore
) -> tuple[Pass, dict[str, ClaimAnswer], list[SummaryWarning]]:
    """Send the requests of the verification.

    Args:
        summary: The Summary.
        document: Its document.
        model: The model to ask.
        listener: Receives an event for each request.

    Returns:
        The pass, the answers by the ids of the claims, and warnings about claims that an answer leaves out.
    """
    batches = list(batches_of(summary, document))
    pass_ = begin(VERIFICATION, model, listener, of=len(batches))
    answers: dict[str, ClaimAnswer] = {}
    warnings: list[SummaryWarning] = []
    for batch in batches:
        answer = await pass_.ask(Verification, values_of(batch, summary, document))
        if answer is None:
            continue
        answers |= {claim.id: found for claim in batch if (found := _answer_about(claim, answer)) is not None}
        if missing := [claim.id for claim in batch if claim.id not in answers]:
            message = f"The verification says nothing of {', '.join(missing)}; their verdicts are those of the rules."
            warnings.append(SummaryWarning(code=WarningCode.NOT_VERIFIED, message=message))
    return pass_, answers, warnings


# ── the requests ─────────────────────────────────────────────────────────────────────────────────


def batches_of(summary: Summary, document: Document) -> Iterator[list[Item]]:
    """Yield the claims of each request: those that are not refuted and cite a sentence, in the order of the text.

    Args:
        summary: The Summary.
        document: Its document.
    """
    asked = [claim for claim in summary.claims if claim.verdict != "refuted" and claim.sentences and not claim.inferred]
    left = sorted(asked, key=lambda claim: claim.sentences)
    while left:
        count = _count_in_request(left[:_CLAIMS], summary, document)
        yield left[:count]
        left = left[count:]


def _count_in_request(claims: Sequence[Item], summary: Summary, document: Document) -> int:
    """Return how many of the first claims fit into one request; at least one."""

    def too_long(count: int) -> bool:
        shown = values_of(claims[:count], summary, document)
        return sum(map(estimate_tokens, shown.values())) > _TOKENS

    most = len(claims)
    return most if not too_long(most) else 1 + bisect_left(range(2, most), True, key=too_long)


def values_of(batch: Sequence[Item], summary: Summary, document: Document) -> dict[str, str]:
    """Return the values of the prompt's placeholders for one request.

    Args:
        batch: The claims.
        summary: The Summary, for the names of the parties.
        document: Its document.
    """
    return {
        "sentences": numbered(_shown(batch, document)),
        "claims": "\n".join(f"{claim.id} {claim_by_fields(claim, summary.name)}" for claim in batch),
    }


def estimate_verification(document: Document) -> Estimate:
    """Return an estimate of the request that verifies a document's claims, before they are known.

    It assumes that the claims cite nearly every sentence and take half as much room as the text.

    Args:
        document: The document.
    """
    prompt = library().load_step(VERIFICATION)
    frame = sum(estimate_tokens(text) for text in (prompt.system, prompt.task))
    text = sum(estimate_tokens(sentence.text) for sentence in document.content)
    return Estimate(
        call=prompt.name,
        input_tokens=frame + text + text // 2,
        output_tokens=min(prompt.max_output_tokens, 100 + text // 4),
    )


def _shown(batch: Sequence[Item], document: Document) -> list[Sentence]:
    """Return the cited sentences and one on each side, in the order of the text."""
    content = [sentence.number for sentence in document.content]
    places = {number: place for place, number in enumerate(content)}
    found: set[int] = set()
    for claim in batch:
        for number in claim.sentences:
            found.add(number)
            place = places.get(number)
            found |= set(content[max(0, place - 1) : place + 2]) if place is not None else set()
        found |= {number for check in claim.checks for number in check.sentences}
    return [document.sentences[number - 1] for number in sorted(found)]


def claim_by_fields(item: Item, name_of: Callable[[str], str]) -> str:
    """Return a claim as one line for a model: its sentences, its kind, and each field that has content.

    Args:
        item: The claim.
        name_of: Returns the name of a party by its id.
    """
    fields = "; ".join(f"{name}: {value}" for name, value in _fields_in_words(item, name_of))
    return f"{list(item.sentences)} {kind_of(item).name} - {fields}"


def _fields_in_words(item: Item, name_of: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    kind = kind_of(item)
    for name in kind.item.model_fields:
        if name in Item.model_fields or name in kind.items or name == "basis":
            continue
        value = getattr(item, name)
        if name in kind.party_fields:
            value = ", ".join(map(name_of, ids_in(item, name)))
        if isinstance(value, Deadline | Towards):
            value = value.text
        if value:
            yield name, f'"{value}"' if name in (kind.text, *kind.terms, "quote") else str(value)


def claim_in_words(item: Item, summary: Summary) -> str:
    """Return a claim as one sentence for a model, with its actors and all fields.

    Args:
        item: The claim.
        summary: The Summary, for the names of the parties.
    """
    return kind_of(item).as_claim(item, lambda ids: " and ".join(map(summary.name, ids)))


# ── the answers ──────────────────────────────────────────────────────────────────────────────────


def _answer_about(claim: Item, answer: Verification) -> ClaimAnswer | None:
    """Return what an answer says of a claim; None if it does not mention it."""
    doubt = next((each for each in answer.doubtful if each.id.strip() == claim.id), None)
    if doubt is not None:
        return ClaimAnswer(altered=tuple(doubt.altered), not_said=tuple(doubt.not_said))
    return ClaimAnswer() if claim.id in map(str.strip, answer.carried) else None


def with_answer(claim: Item, answer: ClaimAnswer, name_of: Callable[[str], str], model: str) -> Item:
    """Return a claim with its checks, verdict and confidence after the model's answer.

    Args:
        claim: The claim.
        answer: The model's answer about it.
        name_of: Returns the name of a party by its id.
        model: The model that made the claim, as provider/name.
    """
    altered = set(answer.altered)
    not_said = set(answer.not_said) - altered
    kind = kind_of(claim)
    asked = {name for name, _ in _fields_in_words(claim, name_of)} | set(kind.terms)
    checks = tuple(_rechecked(check, altered, not_said) if check.field in asked else check for check in claim.checks)
    known = {check.field for check in checks}
    own = set(kind.item.model_fields) - set(Item.model_fields)
    added = [name for name in sorted((altered | not_said) & own) if name not in known]
    checks += tuple(_rechecked(Check(field=name, outcome="read"), altered, not_said) for name in added)
    verdict = verdict_of([check.outcome for check in checks if not check.settled], quotes_well=claim.quotes_well)
    judged = claim.model_copy(update={"checks": checks, "verdict": verdict, "verified": verdict == "supported"})
    return with_confidence(judged, model)


def _rechecked(check: Check, altered: set[str], not_said: set[str]) -> Check:
    """Return a check with what the model says of its field.

    The model also says whether the claim leaves a condition out, so that its answer settles an empty one. What the
    source contradicts stays so. Words that the rules found for a field count for more than a model that misses them,
    and for as much as a model that reads them otherwise, so that the field is then not settled.
    """
    if check.outcome == "contradicted":
        return check
    found = check.outcome in ("stated", "carried_over")
    confirmed = check.field not in altered | not_said
    outcome: Outcome = check.outcome
    reason = check.reason
    if check.field in altered and check.outcome == "stated":
        outcome, reason = "read", "The cited words say it, but the model, asked about them alone, reads them otherwise."
    elif check.field in altered:
        outcome = "contradicted"
        reason = "Asked about the cited sentences alone, the model says that they say otherwise."
    elif check.field in not_said and not found:
        reason = "Asked about the cited sentences alone, the model says that they do not say this."
    return check.model_copy(update={"outcome": outcome, "reason": reason, "confirmed": confirmed})
