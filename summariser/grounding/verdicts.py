"""The verdict on a claim: from the checks of its quotation and of its paraphrase."""

from collections.abc import Sequence
from dataclasses import replace

from summariser.documents import Document
from summariser.grounding.actors import Actor, Actors
from summariser.grounding.alterations import has_condition
from summariser.grounding.checks import Claim, Comparison, first_problem
from summariser.grounding.evidence import evidence_of
from summariser.grounding.found import Found, Problem
from summariser.grounding.indexed import IndexedDocument
from summariser.grounding.quotations import Quotations
from summariser.schema import Evidence
from summariser.text import tokenize

_CITED = 0.6  # share of a claim's content words that the cited sentences must have
_RELOCATED = 0.75  # the same for a sentence that was not cited
_CLOSE = 0.5  # from this share on, a passage that fails a check is altered, below it unsupported


class Grounder:
    """Checks claims and quotations against one document.

    Args:
        document: The source.
        persons: The persons to whom a pronoun may refer.
    """

    def __init__(self, document: Document, *, persons: Sequence[Actor] = ()) -> None:
        self._document = document
        self._source = IndexedDocument(document)
        self._quotations = Quotations(self._source)
        self._actors = Actors(self._source, persons)

    def claim(self, claim: Claim) -> Found:
        """Return the verdict on a claim: on its quotation, if it has one, and on its paraphrase."""
        sentences = (self._document.sentence(number) for number in claim.sentences)
        cited = [sentence.number for sentence in sentences if sentence and not sentence.boilerplate]
        return self._quoted(claim, cited) if claim.words.strip() else self._paraphrased(claim, cited)

    def quote(self, words: str, cited: Sequence[int] = ()) -> Found:
        """Return the verdict on a quotation.

        Args:
            words: The quotation; an ellipsis stands for omitted words.
            cited: The numbers of the cited sentences; empty for any sentence.
        """
        return self._quotations.find(words, cited)

    def evidence(self, found: Found) -> tuple[Evidence, ...]:
        """Return one Evidence for each span of a verdict, or one without a place if the verdict has no span."""
        return evidence_of(found, self._document)

    def _quoted(self, claim: Claim, cited: Sequence[int]) -> Found:
        """Return the verdict on a claim with a quotation: both must hold."""
        quoted = self.quote(claim.words, cited)
        if not quoted.good:
            return quoted
        passage = sorted({*self._source.sentences_of(quoted.spans), *cited})
        if problem := self._problem(claim, passage, _CITED):
            return problem.at(*quoted.spans)
        return replace(quoted, spans=(*self._source.runs(self._antecedents(claim, passage)), *quoted.spans))

    def _paraphrased(self, claim: Claim, cited: Sequence[int]) -> Found:
        """Return the verdict on a claim without a quotation; another sentence may support it."""
        problem = self._problem(claim, cited, _CITED) if cited else Problem("content")
        if problem is None:
            return Found("cited", self._source.runs([*self._antecedents(claim, cited), *cited]))
        if (elsewhere := self._supporting(claim, cited)) is not None:
            return Found("relocated", self._source.runs([elsewhere]))
        if not cited or self._source.overlap(claim.text, cited) < _CLOSE:
            problem = Problem("content")
        return problem.at(*self._source.runs(cited))

    def _supporting(self, claim: Claim, cited: Sequence[int]) -> int | None:
        """Return the uncited sentence nearest to the cited ones that supports the whole claim, or None."""
        origin = cited[0] if cited else 1
        sharing = self._source.sentences_sharing(claim.text, _RELOCATED)
        near = sorted(sharing, key=lambda number: (abs(number - origin), number))
        fit = (n for n in near if n not in cited and not self._document.sentences[n - 1].boilerplate)
        return next((n for n in fit if not self._problem(claim, [n], _RELOCATED, by_name=True)), None)

    def _problem(
        self, claim: Claim, passage: Sequence[int], least_overlap: float, *, by_name: bool = False
    ) -> Problem | None:
        return first_problem(
            Comparison(claim, passage, self._source, self._quotations, self._actors, least_overlap, by_name)
        )

    def _antecedents(self, claim: Claim, passage: Sequence[int]) -> list[int]:
        """Return the sentences before the passage with the antecedents of its pronouns."""
        actors = (*claim.speakers, *claim.actors)
        return [n for actor in actors if (n := self._actors.antecedent(actor, passage)) is not None]

    def mentions(self, actor: Actor, number: int) -> bool:
        """Return True if the sentence names the actor; a state also by its people or its seat of government."""
        return self._actors.mentions(actor, number)

    def acts(self, actor: Actor, passage: Sequence[int], verbs: frozenset[str]) -> bool:
        """Return True if the actor can be the subject of one of these verbs in the passage.

        Also returns True if no sentence of the passage shows the subject.
        """
        return self._actors.acts(actor, passage, verbs)

    def may_speak(self, actor: Actor, passage: Sequence[int]) -> bool:
        """Return True if the passage names or refers to the actor and names no other speaker."""
        return self._actors.may_speak(actor, passage)

    def says_all(self, text: str, passage: Sequence[int]) -> bool:
        """Return True if the passage has every word of a text except function words, in any inflected form."""
        return self._source.says_all(text, passage)

    def conditional(self, passage: Sequence[int]) -> bool:
        """Return True if the cited sentence has a condition; of two sentences, the first only has an antecedent."""
        return 1 <= len(passage) <= 2 and self._has_condition([t.norm for t in self._source.tokens[max(passage)]])

    def has_condition(self, text: str) -> bool:
        """Return True if a text has a condition."""
        return self._has_condition([token.norm for token in tokenize(text)])

    def _has_condition(self, norms: Sequence[str]) -> bool:
        return has_condition(norms, self._source.language)

    def in_quotation_marks(self, start: int, end: int) -> bool:
        """Return True if the span of the source's text is direct speech, with its quotation marks around it."""
        return self._quotations.is_direct_speech(start, end)

    def unknown_terms(self, text: str) -> list[str]:
        """Return the names and numbers of a text that do not occur in the source."""
        return self._source.unknown_terms(text)
