"""Linked Draft → Summary: evidence and a verdict for every item, and a warning for all that a reader should know."""

from collections.abc import Iterator, Sequence, Set

from summariser.documents.document import Document
from summariser.documents.injection import injected_sentences
from summariser.errors import InvalidOutputError, ModelError, RefusedError, TruncatedError
from summariser.extraction.extract import Extraction
from summariser.extraction.rules import gaps
from summariser.grounding import Actor, Claim, Difference, Found, Grounder
from summariser.grounding.deadlines import resolve
from summariser.linking import Linked, LinkedCommitment, LinkedParty, LinkedReaction, LinkedRisk
from summariser.models.pricing import cost
from summariser.schema import (
    Commitment,
    Deadline,
    DocumentInfo,
    Evidence,
    Party,
    Reaction,
    Risk,
    Run,
    RunStatus,
    Summary,
    Towards,
    Warning_,
)
from summariser.text import lexicon
from summariser.text.tokens import tokenize
from summariser.version import VERSION

_SHOWN = 70  # characters of a sentence in a warning
_FIRM = frozenset({"agreed", "pledged", "decided", "planned"})
_WHAT_DIFFERS: dict[Difference, str] = {
    "negation": "The source negates this differently",
    "number": "The source has another number there, or none",
    "date": "The source has another day there, or none",
    "name": "The source does not name this there",
    "speaker": "Somebody else speaks there",
    "hedge": "The source tells this as merely possible",
    "condition": "A condition was left out",
    "order": "Words that do not belong together were joined",
    "wording": "Words were changed",
    "content": "The cited sentences do not say this",
    "language": "In this language only exact words can be verified",
}


def assemble(linked: Linked, document: Document, extraction: Extraction) -> Summary:
    """The Summary of a linked Draft, held against the document before it is handed out."""
    orders = injected_sentences(document)
    maker = _Maker(linked, document, orders)
    items = {
        "parties": tuple(map(maker.party, linked.parties)),
        "commitments": tuple(map(maker.commitment, linked.commitments)),
        "reactions": tuple(map(maker.reaction, linked.reactions)),
        "risks": tuple(map(maker.risk, linked.risks)),
    }
    for field in ("headline", "overview"):
        maker.check_prose(field, getattr(linked, field))
    noted = dict.fromkeys((*document.notes, *extraction.notes))
    cited = {n for kind in ("commitments", "reactions", "risks") for item in items[kind] for n in _cited(item.evidence)}
    notes = [Warning_(code=code, message=message) for code, message in noted]
    failures = [
        Warning_(code="call_failed", message=f"The call for {name} failed, so that part is missing: {error}")
        for name, error in extraction.failures
    ]
    failures += [
        Warning_(code="answer_incomplete", message=f"The answer about {name} is incomplete: {error}")
        for name, error in extraction.lacks
    ]
    summary = Summary(
        document=_document_info(document),
        headline=linked.headline,
        overview=linked.overview,
        **items,
        warnings=(*notes, *_ordered(orders), *failures, *linked.warnings, *maker.warnings, *_gaps(document, cited)),
        run=_run(extraction),
    )
    summary.check(document.text)
    return summary


def _gaps(document: Document, cited: Set[int]) -> Iterator[Warning_]:
    """A warning for each sentence that no item cites though its words speak of one, strongest first."""
    for gap in gaps(document, cited):
        words = " ".join(document.sentences[gap.sentence - 1].text.split())
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN].rsplit(' ', 1)[0]} …"
        kinds = " or ".join(gap.kinds)
        yield Warning_(
            code="not_covered", message=f"No item cites sentence {gap.sentence}, which may tell of a {kinds}: {shown}"
        )


def _ordered(orders: frozenset[int]) -> tuple[Warning_, ...]:
    if not orders:
        return ()
    numbers = ", ".join(map(str, sorted(orders)))
    which = f"Sentence {numbers} addresses" if len(orders) == 1 else f"Sentences {numbers} address"
    message = f"{which} the software that reads the text; nothing that rests on such words is verified."
    return (Warning_(code="order_in_text", message=message),)


class _Maker:
    def __init__(self, linked: Linked, document: Document, orders: frozenset[int]) -> None:
        self._linked, self._document, self._orders = linked, document, orders
        self._actors = {
            p.id: Actor(name=p.name, names=p.names, person=p.kind == "person", bare=p.bare) for p in linked.parties
        }
        persons = [actor for actor in self._actors.values() if actor.person]
        self._grounder = Grounder(document, persons=persons)
        self.warnings: list[Warning_] = []

    def party(self, party: LinkedParty) -> Party:
        """A party is carried by a sentence that names it: a cited one, else the first."""
        actor = self._actors[party.id]
        named = [s.number for s in self._document.content if self._grounder.mentions(actor, s.number)]
        cited = [number for number in party.sentences if number in named]
        found = Found("unsupported", difference="content")
        if named:
            sentence = self._document.sentences[(cited or named)[0] - 1]
            moved = bool(party.sentences) and not cited
            found = Found("relocated" if moved else "cited", ((sentence.start, sentence.end),))
        evidence, verified = self._evidence(party.id, found)
        return Party(
            id=party.id,
            name=party.name,
            kind=party.kind,
            country=party.country,
            aliases=party.aliases,
            affiliation=party.affiliation,
            role=self._role(party, named),
            evidence=evidence,
            verified=verified,
        )

    def _role(self, party: LinkedParty, named: Sequence[int]) -> str:
        """The role as the model gave it, with a warning where no sentence that names the party says so."""
        said = Claim(text=party.role, sentences=tuple(named))
        if party.role and not (named and self._grounder.claim(said).verdict == "cited"):
            self._warn("role_unsupported", f"No sentence that names {party.name} says {party.role!r}.", party.id)
        return party.role

    def commitment(self, linked: LinkedCommitment) -> Commitment:
        """A commitment is carried by sentences that hold its action, its actors and those it is made to."""
        draft = linked.draft
        claim = Claim(
            text=" ".join(filter(None, (draft.action, draft.condition, draft.deadline))),
            actors=self._named(*linked.by, *linked.to, linked.said_by),
            sentences=tuple(draft.sentences),
            words=draft.words,
            negated=draft.status == "refused",
        )
        evidence, verified = self._evidence(linked.id, self._grounder.claim(claim))
        verified &= self._status_holds(linked, evidence)
        verified &= self._terms_hold(linked, evidence)
        return Commitment(
            id=linked.id,
            by=linked.by,
            to=linked.to,
            action=draft.action,
            status=draft.status,
            condition=draft.condition or None,
            deadline=self._deadline(draft.deadline),
            said_by=linked.said_by,
            evidence=evidence,
            verified=verified,
        )

    def _deadline(self, words: str | None) -> Deadline | None:
        return Deadline(text=words, date=resolve(words, self._document)) if words else None

    def _status_holds(self, linked: LinkedCommitment, evidence: Sequence[Evidence]) -> bool:
        """Whether the cited words hold one that goes with the status, and its actors stand where they can be its."""
        said = frozenset(token.norm for e in evidence for token in tokenize(e.text or ""))
        cue = lexicon.status_words(linked.draft.status, self._document.language, said)
        if cue is None:
            return True
        if not said & cue:
            self._warn("status_doubtful", f"Nothing in the cited words says {linked.draft.status!r}.", linked.id)
            return False
        if linked.draft.status in _FIRM and (back := said & lexicon.REVERSALS):
            words = ", ".join(sorted(back))
            self._warn("status_doubtful", f"The cited words may take {linked.draft.status!r} back: {words}.", linked.id)
            return False
        cited = _cited(evidence)
        others = [a.name for a in self._named(*linked.by) if not self._grounder.acts(a, cited, cue)]
        if others:
            self._warn("actor_doubtful", f"Somebody else commits there, it seems: not {', '.join(others)}.", linked.id)
        return not others

    def _terms_hold(self, linked: LinkedCommitment, evidence: Sequence[Evidence]) -> bool:
        """Whether condition and deadline stand in the cited words, and no condition there is left out."""
        draft, cited = linked.draft, _cited(evidence)
        terms = (("condition", draft.condition), ("deadline", draft.deadline))
        wrong = [(name, said) for name, said in terms if said and not self._grounder.says_all(said, cited)]
        for name, said in wrong:
            self._warn(f"{name}_doubtful", f"The cited words do not give the {name} {said!r}.", linked.id)
        if (
            not draft.condition
            and self._grounder.conditional(cited)
            and not self._grounder.tells_condition(draft.action)
        ):
            self._warn("condition_doubtful", "The cited words make this depend on a condition.", linked.id)
            return False
        return not wrong

    def _says_one_of(self, cue: frozenset[str], evidence: Sequence[Evidence]) -> bool:
        return any(token.norm in cue for e in evidence for token in tokenize(e.text or ""))

    def reaction(self, linked: LinkedReaction) -> Reaction:
        """A reaction is carried by sentences that hold its statement, its actors and what it is about."""
        draft = linked.draft
        target = self._named(linked.towards) if linked.towards in self._actors else ()
        claim = Claim(
            text=draft.statement,
            actors=target,
            speakers=self._named(*linked.by),
            sentences=tuple(draft.sentences),
            words=draft.words,
        )
        evidence, verified = self._evidence(linked.id, self._grounder.claim(claim))
        verified &= self._stance_holds(linked, evidence) and self._reacts(linked, evidence)
        quote, quote_holds = self._direct_speech(linked)
        verified &= self._towards_holds(linked)
        return Reaction(
            id=linked.id,
            by=linked.by,
            towards=Towards(id=linked.towards, text=draft.towards),
            stance=draft.stance,
            statement=draft.statement,
            quote=quote,
            evidence=evidence,
            verified=verified and quote_holds,
        )

    def _direct_speech(self, linked: LinkedReaction) -> tuple[str | None, bool]:
        """The quotation in the source's own characters, or None and a warning where the source has no such words."""
        said = linked.draft.quote
        if not said or not said.strip():
            return None, True
        found = self._grounder.quote(said, tuple(linked.draft.sentences))
        if found.verdict in ("verbatim", "relocated", "elided"):
            (start, end), *_ = found.spans
            if not self._grounder.in_quotation_marks(start, end):
                self._warn("quote_doubtful", f"{said!r} is no direct speech in the source; it was left out.", linked.id)
                return None, False
            where = self._document.at(start, end)
            if not all(self._grounder.may_speak(actor, where) for actor in self._named(*linked.by)):
                self._warn("quote_doubtful", f"Somebody else says {said!r}, it seems; it was left out.", linked.id)
                return None, False
            return self._document.text[start:end] if found.verdict != "elided" else said, True
        self._warn(
            "quote_altered",
            f"The quotation {said!r} was left out, for it is not the source's. {_why(found)}",
            linked.id,
        )
        return None, False

    def _towards_holds(self, linked: LinkedReaction) -> bool:
        """Whether the source has the names and numbers of what the reaction is said to be about."""
        strange = self._grounder.strangers(linked.draft.towards)
        if strange:
            names = ", ".join(strange)
            self._warn("towards_doubtful", f"The source nowhere has what this is said to be about: {names}.", linked.id)
        return not strange

    def _reacts(self, linked: LinkedReaction, evidence: Sequence[Evidence]) -> bool:
        """Whether those who react stand where they can be the ones who do what speaks for the stance."""
        language = self._document.language
        stance = lexicon.stances(language).get(linked.draft.stance)
        if stance is None:
            return True
        verbs = stance | lexicon.speech(language)
        others = [a.name for a in self._named(*linked.by) if not self._grounder.acts(a, _cited(evidence), verbs)]
        if others:
            self._warn("actor_doubtful", f"Somebody else reacts there, it seems: not {', '.join(others)}.", linked.id)
        return not others

    def _stance_holds(self, linked: LinkedReaction, evidence: Sequence[Evidence]) -> bool:
        """Whether the cited words hold one that speaks for the stance given."""
        stance, known = linked.draft.stance, lexicon.stances(self._document.language)
        if stance not in known or self._says_one_of(known[stance], evidence):
            return True
        spoken = [name for name, cue in known.items() if self._says_one_of(cue, evidence)]
        instead = f" They speak for {' or '.join(map(repr, spoken))}." if spoken else ""
        self._warn("stance_doubtful", f"Nothing in the cited words says {stance!r}.{instead}", linked.id)
        return False

    def risk(self, linked: LinkedRisk) -> Risk:
        """A risk is carried by sentences that hold the harm, who raises it and whom it would hit."""
        draft = linked.draft
        raised = (linked.raised_by,) if linked.raised_by else ()
        claim = Claim(
            text=draft.risk,
            actors=self._named(*linked.affects),
            speakers=self._named(*raised),
            sentences=tuple(draft.sentences),
            words=draft.words,
        )
        evidence, verified = self._evidence(linked.id, self._grounder.claim(claim))
        verified &= self._risk_holds(linked, evidence)
        return Risk(
            id=linked.id,
            risk=draft.risk,
            basis="reported",
            raised_by=linked.raised_by,
            affects=linked.affects,
            rests_on=(),
            evidence=evidence,
            verified=verified,
        )

    def _risk_holds(self, linked: LinkedRisk, evidence: Sequence[Evidence]) -> bool:
        """Whether the cited words speak of a danger, and nobody voices it where it is told as the report's own."""
        language = self._document.language
        if language != "en":
            return True
        if not self._says_one_of(lexicon.RISKS, evidence):
            self._warn("risk_doubtful", "Nothing in the cited words speaks of a possible harm.", linked.id)
            return False
        if linked.raised_by is None and self._says_one_of(lexicon.speech(language), evidence):
            self._warn("raiser_doubtful", "Somebody says this there; it is not the report's own voice.", linked.id)
            return False
        return True

    def check_prose(self, field: str, text: str) -> None:
        """Warn of numbers and names in the headline or overview that the source does not have."""
        for what in self._grounder.strangers(text):
            self._warn("prose_unsupported", f"The {field} says {what!r}, which the source does not.")

    def _evidence(self, item: str, found: Found) -> tuple[tuple[Evidence, ...], bool]:
        evidence = self._grounder.evidence(found)
        if found.difference is not None:
            self._warn(found.verdict, _why(found), item)
        ordered = not self._orders.isdisjoint(_cited(evidence))
        if ordered:
            self._warn("order_in_text", "It rests on a sentence that addresses the reader's software.", item)
        return evidence, found.good and not ordered and item not in self._linked.incomplete

    def _named(self, *ids: str | None) -> tuple[Actor, ...]:
        return tuple(self._actors[i] for i in dict.fromkeys(ids) if i is not None)

    def _warn(self, code: str, message: str, item: str | None = None) -> None:
        self.warnings.append(Warning_(code=code, message=message, item=item))


def _cited(evidence: Sequence[Evidence]) -> list[int]:
    return [number for e in evidence for number in e.sentences]


def _why(found: Found) -> str:
    detail = f": {found.detail}" if found.detail else ""
    return f"{_WHAT_DIFFERS[found.difference or 'content']}{detail}."


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
    return Run(
        status=_status(extraction),
        prompt=extraction.prompt.id,
        prompt_sha256=extraction.prompt.sha256,
        model=extraction.model,
        requests=usage.requests,
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
        cost_usd=cost(
            extraction.model, usage.input_tokens, usage.cached_tokens, usage.output_tokens, share=extraction.price
        ),
        seconds=round(extraction.seconds, 2),
        summariser=VERSION,
    )


def _status(extraction: Extraction) -> RunStatus:
    """Why the run is incomplete, where all its failures are of one kind."""
    kinds = {_status_of(error) for error in extraction.errors}
    if extraction.read_in_part:
        kinds.add("partial")
    return "ok" if not kinds else kinds.pop() if len(kinds) == 1 else "partial"


def _status_of(error: ModelError) -> RunStatus:
    match error:
        case RefusedError():
            return "refused"
        case TruncatedError():
            return "truncated"
        case InvalidOutputError():
            return "invalid"
    return "partial"
