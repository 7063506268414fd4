"""Items of a Summary from linked items: evidence, checks and a verdict for each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from summariser.documents import Document, injected_sentences
from summariser.grounding.actors import Actor
from summariser.grounding.checks import Finding, contradicted, quoted, read
from summariser.grounding.claims import Claim, Field
from summariser.grounding.deadlines import resolve
from summariser.grounding.evidence import check_of, check_of_orders, evidence_of
from summariser.grounding.found import Found
from summariser.grounding.rule_made import RuleMadeItems, left_open
from summariser.grounding.verdicts import Grounder, Judgement
from summariser.linking import Linked, LinkedItem, LinkedParty
from summariser.schema import (
    Check,
    Deadline,
    Evidence,
    Item,
    Origin,
    Party,
    SummaryWarning,
    Towards,
    VerdictLabel,
    WarningCode,
    verdict_of,
)
from summariser.text import shortened


class Items:
    """Builds the items of a Summary from a linked Draft, and collects warnings about them.

    Args:
        linked: The Draft with ids instead of names.
        document: The document that it is about.
        by_rules: The plurals of the kinds that rules read off the text.
    """

    def __init__(self, linked: Linked, document: Document, by_rules: Collection[str] = ()) -> None:
        self._linked, self._document, self._by_rules = linked, document, by_rules
        self._injected = injected_sentences(document)
        names = {party.id: party.name for party in linked.parties}
        self._actors = {
            p.id: Actor(
                name=p.name,
                names=p.names,
                person=p.kind == "person",
                bare=p.bare,
                belongs_to=names.get(p.affiliation or "", ""),
            )
            for p in linked.parties
        }
        self._grounder = Grounder(document, everybody=list(self._actors.values()))
        self._rule_made = RuleMadeItems(linked, document, self._actors, by_rules)
        self.warnings: list[SummaryWarning] = []

    def party(self, party: LinkedParty) -> Party:
        """Return a party with a sentence that names it as evidence: a cited one, otherwise the first."""
        actor = self._actors[party.id]
        sentences = map(self._document.sentence, self._grounder.sentences_naming(actor))
        named = [sentence.number for sentence in sentences if sentence and not sentence.boilerplate]
        cited = [number for number in party.sentences if number in named]
        found = Found("missing", difference="content")
        if named:
            sentence = self._document.sentences[(cited or named)[0] - 1]
            moved = bool(party.sentences) and not cited
            found = Found("relocated" if moved else "verbatim", ((sentence.start, sentence.end),))
        fields = tuple(field for field in self._fields_of_party(party) if field.text)
        claim = Claim(fields=fields, sentences=tuple(named), conditional=False)
        judged = self._grounder.judged(claim, found, named)
        evidence = evidence_of(judged.found, self._document)
        checks = list(self._checks(judged, party.changes, "model", replaced_by="code"))
        checks += self._orders(party.id, evidence)
        verdict = _verdict(judged, checks)
        return Party(
            id=party.id,
            name=party.name,
            kind=party.kind,
            country=party.country,
            aliases=party.aliases,
            affiliation=party.affiliation,
            role=party.role,
            evidence=evidence,
            checks=tuple(checks),
            verdict=verdict,
            verified=verdict == "supported",
        )

    def _fields_of_party(self, party: LinkedParty) -> Iterator[Field]:
        yield Field("name", "name", party.name)
        yield Field("kind", "kind", party.kind)
        yield from (Field("aliases", "name", alias) for alias in party.aliases)
        if party.affiliation:
            body = self._actors[party.affiliation]
            yield Field("affiliation", "affiliation", body.name, (body,))
        yield Field("role", "role", party.role)

    def item(self, linked: LinkedItem) -> Item:
        """Return an item of any other kind, with the verdict of the checks of its quotation and its fields."""
        kind = linked.kind
        given_by: Origin = "rules" if kind.plural in self._by_rules else "model"
        judged = self._grounder.claim(self._claim(linked))
        quote, doubt = self._direct_speech(linked)
        checks = list(self._checks(judged, linked.changes, given_by, replaced_by=given_by))
        if given_by == "rules":
            checks = list(self._doubted(linked, map(_not_confirmed_by_itself, checks)))
        if doubt is not None:
            checks.append(self._check("quote", doubt, given_by, ""))
        if linked.id in self._linked.incomplete and all(check.settled for check in checks):
            unresolved = read("A name in the item could not be resolved.")
            checks.append(self._check(kind.actor or kind.text, unresolved, given_by, ""))
        evidence = evidence_of(judged.found, self._document)
        checks += self._orders(linked.id, evidence)
        verdict = _verdict(judged, checks)
        own = (name for name in kind.item.model_fields if name not in Item.model_fields)
        values: dict[str, Any] = {name: quote if name == "quote" else self._value(linked, name) for name in own}
        return kind.item(
            id=linked.id,
            evidence=evidence,
            checks=tuple(checks),
            verdict=verdict,
            verified=verdict == "supported",
            short=self._short(linked),
            **values,
        )

    def _short(self, linked: LinkedItem) -> str:
        """Return the item's text without the attribution and the actor beside it; empty if it is the same."""
        roles = (each.name for each in linked.kind.parties if each.role in ("actor", "speaker"))
        actors = self._named(*(id for name in roles for id in linked.parties[name]))
        names = sorted({name for actor in actors for name in (actor.name, *actor.names)})
        short = shortened(linked.text, names, self._document.language)
        return short if len(short) < len(linked.text.rstrip(". ")) else ""

    def _claim(self, linked: LinkedItem) -> Claim:
        """Return the item as a Claim: each field that has content, with its role."""
        kind = linked.kind
        fields = [Field(kind.text, "risk" if kind.possible else "text", linked.text)]
        for each in kind.parties:
            if ids := linked.parties[each.name]:
                actors = self._named(*ids)
                fields.append(Field(each.name, each.role, ", ".join(a.name for a in actors), actors))
            elif each.missing:
                fields.append(Field(each.name, each.role))
        for name in kind.terms:
            if said := linked.value(name):
                fields.append(Field(name, "condition" if name == "condition" else "deadline", str(said)))
        if kind.target:
            about = self._named(linked.target) if linked.target in self._actors else ()
            fields.append(Field(kind.target, "target", str(linked.value(kind.target) or ""), about))
        if kind.label in ("status", "stance"):
            fields.append(
                Field(kind.label, "status" if kind.label == "status" else "stance", str(linked.value(kind.label)))
            )
        return Claim(
            fields=tuple(fields),
            sentences=tuple(linked.draft.sentences),
            words=linked.draft.words,
            negated=kind.refusal is not None and linked.value(kind.label) == kind.refusal,
            conditional="condition" in kind.terms,
        )

    def _orders(self, id: str, evidence: Sequence[Evidence]) -> Iterator[Check]:
        """Yield the check that refutes an item that rests on words for the reader's software, and warn about it."""
        check = check_of_orders(evidence, self._injected, self._document)
        if check is not None:
            self._warn(WarningCode.ORDER_IN_TEXT, check.reason, id)
            yield check

    def _checks(
        self, judged: Judgement, changes: Mapping[str, str], given_by: Origin, *, replaced_by: Origin
    ) -> Iterator[Check]:
        """Yield what the source says of each field, with who gave the field and what code changed in it.

        `replaced_by` is who gave a field with a change: code, if a change replaces the value.
        """
        for field, finding in judged.findings:
            change = changes.get(field.name) or changes.get(f"{field.name} {field.text}", "")
            yield self._check(field.name, finding, replaced_by if change else given_by, change)
        if judged.omitted is not None:
            yield self._check("condition", judged.omitted, given_by, "")

    def _doubted(self, linked: LinkedItem, checks: Iterable[Check]) -> Iterator[Check]:
        """Yield the checks of an item that rules made; a field that the words leave open is read, whatever fits."""
        made = self._rule_made.of(linked)
        doubts = dict(left_open(made)) if made is not None else {}
        for check in checks:
            doubt = doubts.pop(check.field, None)
            yield self._check(check.field, doubt, "rules", check.change) if doubt and check.settled else check
        yield from (self._check(field, doubt, "rules", "") for field, doubt in doubts.items())

    def _check(self, name: str, finding: Finding, given_by: Origin, change: str) -> Check:
        return check_of(name, finding, self._document, given_by=given_by, change=change)

    def _direct_speech(self, linked: LinkedItem) -> tuple[str | None, Finding | None]:
        """Return an item's quotation in the source's own characters; None with the reason if it is none."""
        said = linked.value("quote")
        if not said or not said.strip():
            return None, None
        found = self._grounder.quote(said, tuple(linked.draft.sentences))
        if not found.good:
            return None, contradicted(f"{quoted(said)} was left out, for it is not the text's. {found.reason}")
        (start, end), *_ = found.spans
        in_turn = all(self._document.sentences[n - 1].turn is not None for n in self._document.at(start, end))
        if not in_turn and not self._grounder.in_quotation_marks(start, end):
            return None, read(f"{quoted(said)} is no direct speech in the text; it was left out.")
        by = Field("quote", "speaker", "", self._named(*linked.acting))
        speaking = self._grounder.field(Claim(fields=(by,)), by, found)
        if by.actors and speaking.outcome == "contradicted":
            return None, contradicted(f"{speaking.reason} So {quoted(said)} was left out.")
        return (said if found.match == "elided" else self._document.text[start:end]), None

    def _value(self, linked: LinkedItem, name: str) -> object:
        """Return the value of a field of the Summary's item."""
        field = linked.kind.item.model_fields[name]
        if name in linked.parties:
            ids = linked.parties[name]
            return ids if field.annotation == tuple[str, ...] else ids[0] if ids else None
        if name == linked.kind.target:
            return Towards(id=linked.target, text=linked.value(name))
        said = linked.value(name)
        if field.annotation == Deadline | None:
            return Deadline(text=said, date=resolve(said, self._document)) if said else None
        return said if name in type(linked.draft).model_fields else field.get_default()

    def check_prose(self, field: str, text: str) -> None:
        """Add a warning for numbers and names in the headline or overview that the source does not have."""
        for what in self._grounder.unknown_terms(text):
            message = f"The {field} says {what!r}, which the source does not."
            self._warn(WarningCode.PROSE_UNSUPPORTED, message, None)

    def _named(self, *ids: str) -> tuple[Actor, ...]:
        return tuple(self._actors[i] for i in dict.fromkeys(ids))

    def _warn(self, code: WarningCode, message: str, item: str | None) -> None:
        self.warnings.append(SummaryWarning(code=code, message=message, item=item))


def _not_confirmed_by_itself(check: Check) -> Check:
    """Return a check of what rules read off the text: what the same rules resolved from other words is no evidence."""
    if check.outcome != "carried_over":
        return check
    reason = f"{check.reason.removesuffix('.')}, as far as rules can tell."
    return check.model_copy(update={"outcome": "read", "reason": reason})


def _verdict(judged: Judgement, checks: Iterable[Check]) -> VerdictLabel:
    """Return the verdict on an item, given all its checks: those of its claim, and those of the item alone."""
    unsettled = [check.outcome for check in checks if not check.settled and check.field not in judged.minor]
    return verdict_of(unsettled, quotes_well=judged.found.good, misquotes=judged.misquotes)
