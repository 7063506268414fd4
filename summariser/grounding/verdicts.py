"""The verdict on a claim: its quotation, what the source says of each field, and what a reader should think."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from summariser.documents import Document
from summariser.grounding.actors import Actor
from summariser.grounding.checks import Finding, check_field, left_out
from summariser.grounding.claims import Claim, Field
from summariser.grounding.context import Context
from summariser.grounding.found import Found
from summariser.grounding.source import Source
from summariser.schema import VerdictLabel, verdict_of
from summariser.text import lexicon, tokenize

_SUPPORTING = 0.75  # share of a claim's content words that an uncited sentence must have to be taken for the cited one
_UNCERTAIN = frozenset({"proposed", "threatened"})
"""Statuses of a commitment that is not yet firm; words that say so need not stand in its quotation."""


@dataclass(frozen=True)
class Judgement:
    """What the checks say of a claim.

    Attributes:
        context: The claim, and the passage that it cites.
        found: The quotation, or the cited sentences.
        findings: The finding on each field, in the order of the claim's fields.
        omitted: The finding that the claim leaves out a condition, or None.
        verdict: What a reader should think.
    """

    context: Context
    found: Found
    findings: tuple[tuple[Field, Finding], ...]
    omitted: Finding | None

    @property
    def verdict(self) -> VerdictLabel:
        """Supported, refuted or neither."""
        outcomes = [finding.outcome for _, finding in self.findings if not finding.minor]
        outcomes += [self.omitted.outcome] if self.omitted else []
        unsettled = [outcome for outcome in outcomes if outcome in ("read", "contradicted")]
        return verdict_of(unsettled, quotes_well=self.found.good, misquotes=self.misquotes)

    @property
    def minor(self) -> frozenset[str]:
        """The names of the fields that leave nothing unsettled though nothing in the source speaks for them."""
        return frozenset(field.name for field, finding in self.findings if finding.minor)

    @property
    def misquotes(self) -> bool:
        """True if the claim gives words as the source's that are not."""
        return bool(self.context.claim.words.strip()) and not self.found.good and not self.found.cut


class Grounder:
    """Checks claims and quotations against one document.

    Args:
        document: The source.
        everybody: The known actors.
    """

    def __init__(self, document: Document, *, everybody: Sequence[Actor] = ()) -> None:
        self._document = document
        self._source = Source(document, everybody)

    @property
    def source(self) -> Source:
        """The document as the checks read it."""
        return self._source

    def claim(self, claim: Claim) -> Judgement:
        """Return what the source says of a claim.

        Args:
            claim: The claim, with its quotation or the numbers of its sentences.
        """
        sentences = (self._document.sentence(number) for number in claim.sentences)
        cited = [sentence.number for sentence in sentences if sentence and not sentence.boilerplate]
        found = self._quoted(claim, cited) if claim.words.strip() else self._cited(claim, cited)
        return self.judged(claim, found, [] if found.match == "relocated" else cited)

    def judged(self, claim: Claim, found: Found, cited: Sequence[int] = ()) -> Judgement:
        """Return what the source says of a claim whose words were found already.

        Args:
            claim: The claim.
            found: Its quotation or its sentences, as they were found.
            cited: The numbers of further sentences that it cites.
        """
        context = Context(claim, self._source, found.spans, cited)
        findings = tuple((field, check_field(context, field)) for field in claim.fields)
        return Judgement(context, found, findings, left_out(context))

    def field(self, claim: Claim, field: Field, found: Found) -> Finding:
        """Return what the source says of one field, at the words that were found."""
        return check_field(Context(claim, self._source, found.spans, ()), field)

    def quote(self, words: str, cited: Sequence[int] = ()) -> Found:
        """Return how a quotation matches the source.

        Args:
            words: The quotation; an ellipsis stands for omitted words.
            cited: The numbers of the cited sentences; empty for any sentence.
        """
        return self._source.quotations.find(words, cited)

    def _quoted(self, claim: Claim, cited: Sequence[int]) -> Found:
        """Return how a claim's quotation matches; what it leaves out may stand in the claim instead."""
        found = self.quote(claim.words, cited)
        return replace(found, match="verbatim", difference=None) if found.cut and _stands_apart(claim, found) else found

    def _cited(self, claim: Claim, cited: Sequence[int]) -> Found:
        """Return the cited sentences of a claim without a quotation, or the sentence that has its words instead."""
        indexed = self._source.indexed
        if cited and self._has_content(claim, cited):
            return Found("verbatim", indexed.runs(cited))
        origin = cited[0] if cited else 1
        near = sorted(indexed.sentences_sharing(claim.wording, _SUPPORTING), key=lambda n: (abs(n - origin), n))
        for number in near:
            if number not in cited and not self._document.sentences[number - 1].boilerplate:
                return Found("relocated", indexed.runs([number]))
        return Found("verbatim", indexed.runs(cited)) if cited else Found("missing", difference="content")

    def _has_content(self, claim: Claim, cited: Sequence[int]) -> bool:
        """Return True if the cited sentences have half of the claim's content words."""
        context = Context(claim, self._source, (), cited)
        wanted = context.content_words(claim.text)
        return 2 * len(context.explained(wanted, cited)) >= len(wanted)

    def sentences_naming(self, actor: Actor) -> list[int]:
        """Return the numbers of the sentences that name the actor; a state also by its people or its government."""
        return self._source.actors.sentences_naming(actor)

    def in_quotation_marks(self, start: int, end: int) -> bool:
        """Return True if the span of the source's text is direct speech, with its quotation marks around it."""
        return self._source.quotations.is_direct_speech(start, end)

    def unknown_terms(self, text: str) -> list[str]:
        """Return the names and numbers of a text that do not occur in the source."""
        return self._source.indexed.unknown_terms(text)


def _stands_apart(claim: Claim, found: Found) -> bool:
    """Return True if the claim says by itself what its quotation leaves out: a condition, or that it may not come."""
    if found.difference == "condition":
        return not claim.conditional or bool(claim.of("condition")) or any(map(_is_term, claim.of("deadline")))
    uncertain = any(field.text in _UNCERTAIN for field in claim.of("status"))
    return found.difference == "hedge" and (uncertain or bool(claim.of("risk")))


def _is_term(field: Field) -> bool:
    """Return True if a deadline begins like a condition: "until talks resume"."""
    norms = tuple(token.norm for token in tokenize(field.text))
    return any(norms[: len(phrase)] == phrase for phrase in lexicon.conditions(None))
