"""Ground a linked Draft: evidence and a verdict for every item, and warnings for the reader."""

from collections.abc import Iterator, Sequence, Set
from typing import Any

from summariser.documents import Document, injected_sentences
from summariser.errors import InvalidOutputError, ModelError, RefusedError, TruncatedError
from summariser.extraction import Extraction
from summariser.extraction.rules import gaps
from summariser.grounding.actors import Actor
from summariser.grounding.checks import Claim
from summariser.grounding.deadlines import resolve
from summariser.grounding.fields import CHECKS, Cited, Objection
from summariser.grounding.found import Found
from summariser.grounding.verdicts import Grounder
from summariser.linking import Linked, LinkedItem, LinkedParty
from summariser.models import cost
from summariser.schema import (
    PARTY,
    Deadline,
    DocumentInfo,
    Evidence,
    Item,
    Party,
    Run,
    RunStatus,
    Summary,
    SummaryWarning,
    Towards,
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
    builder = _ItemBuilder(linked, document, injected)
    parties = tuple(map(builder.party, linked.parties))
    items = {kind.plural: tuple(map(builder.item, linked.of(kind))) for kind in claims()}
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
        message = f"No item cites sentence {gap.sentence}, which may tell of a {kinds}: {shown}"
        yield SummaryWarning(code=WarningCode.NOT_COVERED, message=message)


def _injected(injected: frozenset[int]) -> Iterator[SummaryWarning]:
    """Yield a warning if sentences of the document address the software that reads it."""
    if injected:
        numbers = ", ".join(map(str, sorted(injected)))
        which = f"Sentence {numbers} addresses" if len(injected) == 1 else f"Sentences {numbers} address"
        message = f"{which} the software that reads the text; nothing that rests on such words is verified."
        yield SummaryWarning(code=WarningCode.ORDER_IN_TEXT, message=message)


class _ItemBuilder:
    """Builds the items of a Summary, and collects warnings about them."""

    def __init__(self, linked: Linked, document: Document, injected: frozenset[int]) -> None:
        self._linked, self._document, self._injected = linked, document, injected
        self._actors = {
            p.id: Actor(name=p.name, names=p.names, person=p.kind == "person", bare=p.bare) for p in linked.parties
        }
        persons = [actor for actor in self._actors.values() if actor.person]
        self._grounder = Grounder(document, persons=persons)
        self.warnings: list[SummaryWarning] = []

    def party(self, party: LinkedParty) -> Party:
        """Return a party with a sentence that names it as evidence: a cited one, otherwise the first."""
        actor = self._actors[party.id]
        named = [s.number for s in self._document.content if self._grounder.mentions(actor, s.number)]
        cited = [number for number in party.sentences if number in named]
        found = Found("unsupported", difference="content")
        if named:
            sentence = self._document.sentences[(cited or named)[0] - 1]
            moved = bool(party.sentences) and not cited
            found = Found("relocated" if moved else "cited", ((sentence.start, sentence.end),))
        evidence, verified = self._evidence(party.id, found)
        self._check_role(party, named)
        return Party(
            id=party.id,
            name=party.name,
            kind=party.kind,
            country=party.country,
            aliases=party.aliases,
            affiliation=party.affiliation,
            role=party.role,
            evidence=evidence,
            verified=verified,
        )

    def _check_role(self, party: LinkedParty, named: Sequence[int]) -> None:
        """Add a warning if no sentence that names the party states its role."""
        said = Claim(text=party.role, sentences=tuple(named))
        if party.role and not (named and self._grounder.claim(said).verdict == "cited"):
            message = f"No sentence that names {party.name} says {party.role!r}."
            self._warn(Objection("role_unsupported", message), party.id)

    def item(self, linked: LinkedItem) -> Item:
        """Return an item of any other kind, verified if the source supports it and every check of its fields passes."""
        kind = linked.kind
        evidence, verified = self._evidence(linked.id, self._grounder.claim(self._claim(linked)))
        cited = Cited(
            document=self._document,
            grounder=self._grounder,
            item=linked,
            evidence=evidence,
            acting=self._named(*linked.acting),
        )
        for name in kind.checks:
            objections = list(CHECKS[name](cited))
            for objection in objections:
                self._warn(objection, linked.id)
            verified &= not objections
        own = (name for name in kind.item.model_fields if name not in Item.model_fields)
        values: dict[str, Any] = {name: self._value(cited, name) for name in own}
        return kind.item(id=linked.id, evidence=evidence, verified=verified, **values)

    def _claim(self, linked: LinkedItem) -> Claim:
        """Return the item as a Claim: its text and terms, and the actors and speakers that the source must name."""
        kind = linked.kind
        speaking = [i for each in kind.parties if each.speaks for i in linked.parties[each.name]]
        named = [i for each in kind.parties if not each.speaks for i in linked.parties[each.name]]
        target = [linked.target] if linked.target in self._actors else []
        return Claim(
            text=" ".join(filter(None, (linked.text, *map(linked.value, kind.terms)))),
            actors=self._named(*named, *target),
            speakers=self._named(*speaking),
            sentences=tuple(linked.draft.sentences),
            words=linked.draft.words,
            negated=kind.refusal is not None and linked.value(kind.label) == kind.refusal,
        )

    def _value(self, cited: Cited, name: str) -> object:
        """Return the value of a field of the Summary's item."""
        linked, field = cited.item, cited.item.kind.item.model_fields[name]
        if name in linked.parties:
            ids = linked.parties[name]
            return ids if field.annotation == tuple[str, ...] else ids[0] if ids else None
        if name == linked.kind.target:
            return Towards(id=linked.target, text=linked.value(name))
        if name == "quote" and "quote" in linked.kind.checks:
            return cited.speech.words
        said = linked.value(name)
        if field.annotation == Deadline | None:
            return Deadline(text=said, date=resolve(said, self._document)) if said else None
        return said if name in type(linked.draft).model_fields else field.get_default()

    def check_prose(self, field: str, text: str) -> None:
        """Add a warning for numbers and names in the headline or overview that the source does not have."""
        for what in self._grounder.unknown_terms(text):
            self._warn(Objection("prose_unsupported", f"The {field} says {what!r}, which the source does not."), None)

    def _evidence(self, item: str, found: Found) -> tuple[tuple[Evidence, ...], bool]:
        """Return a verdict as evidence, and True if it can verify the item."""
        evidence = self._grounder.evidence(found)
        if found.difference is not None:
            self._warn(Objection(found.verdict, found.reason), item)
        injected = any(number in self._injected for e in evidence for number in e.sentences)
        if injected:
            message = "It rests on a sentence that addresses the reader's software."
            self._warn(Objection("order_in_text", message), item)
        return evidence, found.good and not injected and item not in self._linked.incomplete

    def _named(self, *ids: str) -> tuple[Actor, ...]:
        return tuple(self._actors[i] for i in dict.fromkeys(ids))

    def _warn(self, objection: Objection, item: str | None) -> None:
        warning = SummaryWarning(code=WarningCode(objection.code), message=objection.message, item=item)
        self.warnings.append(warning)


def _document_info(document: Document) -> DocumentInfo:
    return DocumentInfo(
        source=document.source,
        sha256=document.sha256,
        title=document.title,
        published=document.published,
        language=document.language,
        sentences=len(document.sentences),
        characters=len(document.text),
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
