"""Check claims that anybody made: find their passages where they cite none, and let the checks judge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summariser.documents import Document, injected_sentences
from summariser.grounding.actors import Actor
from summariser.grounding.claims import Claim
from summariser.grounding.evidence import check_of, check_of_orders, evidence_of
from summariser.grounding.found import Found
from summariser.grounding.given import Given, GivenClaim, given_claims
from summariser.grounding.search import Search
from summariser.grounding.verdicts import Grounder, Judgement
from summariser.schema import Check, Evidence, Verdict, VerdictLabel

_ORDER: tuple[VerdictLabel, ...] = ("refuted", "not_enough_info", "supported")


def check_claims(claims: Given, documents: Sequence[Document]) -> list[Verdict]:
    """Return what the sources say of claims, one Verdict for each claim in order.

    With several sources, a claim has the verdict of the first one that supports it; if none does, of the one that has
    most of its words.

    Args:
        claims: The claims.
        documents: The sources, at least one.

    Raises:
        InputError: There are no claims, one of them has the wrong form, or it cites a sentence that no source has.
    """
    most = max(len(document.sentences) for document in documents)
    results = [_checked(claims, document, most) for document in documents]
    return [max(found, key=lambda result: result.rank).verdict for found in zip(*results, strict=True)]


def _checked(claims: Given, document: Document, most: int) -> "list[Result]":
    given, actors = given_claims(claims, document, most=most)
    checker = Checker(document, actors)
    return [checker.check(claim) for claim in given]


@dataclass(frozen=True)
class Result:
    """What one source says of a claim.

    Attributes:
        verdict: The Verdict.
        share: The share of the claim's words that the passages in the source have.
    """

    verdict: Verdict
    share: float

    @property
    def rank(self) -> tuple[bool, float]:
        """How much this source counts against others: whether it supports the claim, then its share of the words."""
        return self.verdict.verified, self.share


class Checker:
    """Checks claims against one source.

    Args:
        document: The source.
        everybody: The actors that the claims name.
    """

    def __init__(self, document: Document, everybody: Iterable[Actor] = ()) -> None:
        self._document = document
        self._grounder = Grounder(document, everybody=list(everybody))
        self._injected = injected_sentences(document)
        self._search = Search(self._grounder.source.indexed)

    def check(self, given: GivenClaim) -> Result:
        """Return what the source says of a claim."""
        judged = [self._judged(claim, given.evidence) for claim in given.statements]
        checks = [check for each in judged for check in self._checks(each)]
        evidence = given.evidence or tuple(e for each in judged for e in evidence_of(each.found, self._document))
        label = min((each.verdict for each in judged), key=_ORDER.index)
        if (order := check_of_orders(evidence, self._injected, self._document)) is not None:
            checks.append(order)
            label = "refuted"
        verdict = Verdict(
            id=given.id,
            claim=given.text,
            source=self._document.source,
            evidence=tuple(dict.fromkeys(evidence)),
            checks=tuple(checks),
            verdict=label,
            verified=label == "supported",
        )
        shares = [self._share(each) for each in judged]
        return Result(verdict, sum(shares) / len(shares))

    def _judged(self, claim: Claim, evidence: Sequence[Evidence]) -> Judgement:
        """Return what the checks say of a claim at its evidence, at what it cites, or else at the best passage."""
        if evidence:
            return self._grounder.judged(claim, _found(evidence))
        if claim.sentences or claim.words:
            return self._grounder.claim(claim)
        passage = self._search.passage(claim.text, self._injected)
        if not passage:
            return self._grounder.judged(claim, Found("missing", difference="content"))
        found = Found("verbatim", self._grounder.source.indexed.runs(passage))
        return self._grounder.judged(claim, found, passage)

    def _checks(self, judged: Judgement) -> Iterable[Check]:
        for field, finding in judged.findings:
            yield check_of(field.name, finding, self._document)
        if judged.omitted is not None:
            yield check_of("condition", judged.omitted, self._document)

    def _share(self, judged: Judgement) -> float:
        """Return the share of a claim's content words that its passage has."""
        indexed = self._grounder.source.indexed
        wanted = indexed.content_terms(judged.context.claim.text)
        have = indexed.terms(indexed.sentences_of(judged.found.spans))
        return sum(term in have for term in wanted) / max(1, len(wanted))


def _found(evidence: Sequence[Evidence]) -> Found:
    """Return the evidence of an item as it was found in the source."""
    spans = tuple((e.start, e.end) for e in evidence if e.start is not None and e.end is not None)
    worst = next((e.match for e in evidence if e.match in ("altered", "missing")), evidence[0].match)
    return Found(worst, spans, "wording" if worst == "altered" else None)
