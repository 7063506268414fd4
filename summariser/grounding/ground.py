"""Ground a linked Draft: evidence and a verdict for every item, and warnings for the reader."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from summariser.documents import Document, injected_sentences
from summariser.errors import InvalidOutputError, ModelError, RefusedError, TruncatedError
from summariser.extraction import Extraction
from summariser.extraction.rules import gaps
from summariser.grounding.confidence import with_confidence
from summariser.grounding.deadlines import needs_publication
from summariser.grounding.items import Items
from summariser.linking import Linked
from summariser.models import cost
from summariser.schema import (
    PARTY,
    Deadline,
    DocumentInfo,
    Item,
    Run,
    RunStatus,
    Summary,
    SummaryWarning,
    WarningCode,
    claims,
    summary_type,
)
from summariser.version import VERSION

_SHOWN = 70  # characters of a sentence in a warning


def ground(linked: Linked, document: Document, extraction: Extraction) -> Summary:
    """Return the Summary of a linked Draft, checked against the document.

    Args:
        linked: The Draft with ids instead of names.
        document: The document that it is about.
        extraction: The prompt, the model, the usage and the errors of the Draft.
    """
    injected = injected_sentences(document)
    builder = Items(linked, document, extraction.prompt.by_rules)
    parties = tuple(map(builder.party, linked.parties))
    items = {
        kind.plural: tuple(with_confidence(builder.item(item), extraction.model) for item in linked.of(kind))
        for kind in claims()
    }
    for field in ("headline", "overview"):
        builder.check_prose(field, getattr(linked, field))
    cited = {number for found in items.values() for item in found for number in item.sentences}
    lists: dict[str, Any] = {PARTY.plural: parties, **items}
    summary = summary_type()(
        document=_document_info(document),
        headline=linked.headline,
        overview=linked.overview,
        **lists,
        warnings=(
            *_notes(document, extraction),
            *_without_dates(document, items),
            *_injected(injected),
            *_failures(extraction),
            *linked.warnings,
            *builder.warnings,
            *_gaps(document, cited),
        ),
        run=_run(extraction),
    )
    summary.check(document.text)
    return summary


def _notes(document: Document, extraction: Extraction) -> Iterator[SummaryWarning]:
    """Yield the notes from reading the document and asking the model as warnings."""
    for code, message in dict.fromkeys((*document.notes, *extraction.notes)):
        yield SummaryWarning(code=WarningCode(code), message=message)


def _without_dates(document: Document, items: Mapping[str, Sequence[Item]]) -> Iterator[SummaryWarning]:
    """Yield a warning if deadlines have no date because the day of publication is unknown."""
    deadlines = ((item.id, getattr(item, "deadline", None)) for found in items.values() for item in found)
    stated = [(id, deadline.text) for id, deadline in deadlines if isinstance(deadline, Deadline)]
    lacking = [id for id, words in stated if needs_publication(words, document)]
    if lacking:
        owner = f"deadline of {lacking[0]} has" if len(lacking) == 1 else f"deadlines of {', '.join(lacking)} have"
        message = f"The day of publication is not known, so the {owner} no date; it can be given."
        yield SummaryWarning(code=WarningCode.PUBLICATION_UNKNOWN, message=message)


def _failures(extraction: Extraction) -> Iterator[SummaryWarning]:
    """Yield a warning for each call that failed and each answer that is incomplete."""
    for name, error in extraction.failures:
        message = f"The call for {name} failed, so that part is missing: {error}"
        yield SummaryWarning(code=WarningCode.CALL_FAILED, message=message)
    for name, error in extraction.incomplete:
        message = f"The answer about {name} is incomplete: {error}"
        yield SummaryWarning(code=WarningCode.ANSWER_INCOMPLETE, message=message)


def _gaps(document: Document, cited: Set[int]) -> Iterator[SummaryWarning]:
    """Yield a warning for each sentence that no item cites though its words speak of one, strongest first."""
    for gap in gaps(document, cited):
        words = " ".join(document.sentences[gap.sentence - 1].text.split())
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN].rsplit(' ', 1)[0]} …"
        kinds = " or ".join(gap.kinds)
        message = f"No commitment, reaction or risk cites sentence {gap.sentence}, which may tell of a {kinds}: {shown}"
        yield SummaryWarning(code=WarningCode.NOT_COVERED, message=message)


def _injected(injected: frozenset[int]) -> Iterator[SummaryWarning]:
    """Yield a warning if sentences of the document address the software that reads it."""
    if injected:
        numbers = ", ".join(map(str, sorted(injected)))
        which = f"Sentence {numbers} addresses" if len(injected) == 1 else f"Sentences {numbers} address"
        message = f"{which} the software that reads the text; nothing that rests on such words is verified."
        yield SummaryWarning(code=WarningCode.ORDER_IN_TEXT, message=message)


def _document_info(document: Document) -> DocumentInfo:
    return DocumentInfo(
        source=document.source,
        sha256=document.sha256,
        title=document.title,
        published=document.published,
        language=document.language,
        sentences=len(document.sentences),
        characters=len(document.text),
        author=document.author,
        address=document.address,
        fetched=document.fetched,
    )


def _run(extraction: Extraction) -> Run:
    usage = extraction.usage
    tokens = usage.input_tokens, usage.cached_tokens, usage.output_tokens
    return Run(
        status=_status(extraction),
        prompt=extraction.prompt.id,
        prompt_sha256=extraction.prompt.sha256,
        model=extraction.model,
        requests=usage.requests,
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
        cost_usd=cost(extraction.model, *tokens, share=extraction.price),
        seconds=round(extraction.seconds, 2),
        summariser=VERSION,
    )


def _status(extraction: Extraction) -> RunStatus:
    """Return why the run is incomplete: one status if all its failures are of one kind, otherwise "partial"."""
    statuses = {_status_of(error) for error in extraction.errors}
    if extraction.read_in_part:
        statuses.add("partial")
    return "ok" if not statuses else statuses.pop() if len(statuses) == 1 else "partial"


def _status_of(error: ModelError) -> RunStatus:
    match error:
        case RefusedError():
            return "refused"
        case TruncatedError():
            return "truncated"
        case InvalidOutputError():
            return "invalid"
    return "partial"
