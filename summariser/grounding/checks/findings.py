"""The finding of a check: what the source says of one field."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.schema import Outcome

Span = tuple[int, int]
"""A place in the source's text, as (start, end) in code points."""
Case = TypeVar("Case")
_SHOWN = 90  # characters of a text in a reason


@dataclass(frozen=True, slots=True)
class Finding:
    """What the source says of one field, as far as one rule can tell.

    Attributes:
        outcome: The source states it, carries it over from elsewhere, leaves it to the reader, or contradicts it.
        reason: Why, as a sentence for a reader; empty if the source states it.
        spans: The source's words on which the outcome rests; those that decide come first.
        rule: The name of the rule that decided; empty until a table has applied it.
        minor: True if what it leaves to the reader does not leave the whole item unsettled.
    """

    outcome: Outcome
    reason: str = ""
    spans: tuple[Span, ...] = ()
    rule: str = ""
    minor: bool = False

    def by(self, rule: Callable[..., object]) -> "Finding":
        """Return the finding with the name of its rule; unchanged if it has one."""
        return self if self.rule else replace(self, rule=getattr(rule, "__name__", ""))


def stated(*spans: Span) -> Finding:
    """Return the finding that the cited words say it."""
    return Finding("stated", "", spans)


def carried_over(reason: str, *spans: Span) -> Finding:
    """Return the finding that other words of the source say it, and that they are in force at the cited words."""
    return Finding("carried_over", reason, spans)


def read(reason: str, *spans: Span) -> Finding:
    """Return the finding that no words say it and none say anything against it."""
    return Finding("read", reason, spans)


def contradicted(reason: str, *spans: Span) -> Finding:
    """Return the finding that the source's words say something else."""
    return Finding("contradicted", reason, spans)


_ORDER: tuple[Outcome, ...] = ("stated", "carried_over", "read", "contradicted")


def worst(findings: Sequence[Finding]) -> Finding:
    """Return the finding that is furthest from stated, the first of several equal ones, with the places of all."""
    found = max(findings, key=lambda finding: _ORDER.index(finding.outcome))
    spans = (span for finding in (found, *findings) for span in finding.spans)
    return replace(found, spans=tuple(dict.fromkeys(spans)))


@dataclass(frozen=True)
class FirstOf(Generic[Case]):
    """A check that consists of rules: of each case, the first rule with an opinion decides; the worst case counts.

    Attributes:
        cases: Returns what the rules look at, given a claim's context and one of its fields: for example each party
            of the field. The check has no opinion if there is no case.
        rules: The rules, in order.
    """

    cases: Callable[[Context, Field], Iterable[Case]]
    rules: tuple[Callable[[Case], Finding | None], ...]

    def __call__(self, context: Context, field: Field) -> Finding | None:
        """Return what the source says of the field."""
        found = [finding for case in self.cases(context, field) if (finding := self.decide(case)) is not None]
        return worst(found) if found else None

    def decide(self, case: Case) -> Finding | None:
        """Return the finding of the first rule with an opinion on one case; None if no rule has one."""
        found = (finding.by(rule) for rule in self.rules if (finding := rule(case)) is not None)
        return next(found, None)


# ── words in reasons ─────────────────────────────────────────────────────────────────────────────


def quoted(text: str) -> str:
    """Return a text in quotation marks on one line, shortened if it is long."""
    words = " ".join(text.split())
    return f"“{words}”" if len(words) <= _SHOWN else f"“{words[:_SHOWN].rsplit(' ', 1)[0]} …”"


def listed(words: Iterable[str]) -> str:
    """Return words in quotation marks, joined: “a”, “b” and “c”."""
    *first, last = map(quoted, words)
    return f"{', '.join(first)} and {last}" if first else last


def stand_in(words: Sequence[str], numbers: Sequence[int]) -> str:
    """Return the reason that words stand in sentences: "“May” stands in sentence 3."."""
    return f"{listed(words)} {'stand' if len(words) > 1 else 'stands'} in {sentence_list(numbers)}."


def in_window(context: Context, norm: str, word: str) -> Finding:
    """Return the finding that a word of the claim stands in a sentence of the window.

    Args:
        context: The context of the claim.
        norm: The word as tokens have it.
        word: The word as the claim has it.
    """
    number = next(n for n in reversed(context.window) if any(t.norm == norm for t in context.source.tokens([n])))
    return carried_over(stand_in([word], [number]), context.sentence_span(number))


def words_for(context: Context, words: Sequence[str], numbers: Iterable[int]) -> str:
    """Return the reason that sentences have words for content words: these, other forms of them, or synonyms."""
    having = [number for number in numbers if context.explained(words, [number])]
    return f"There are words for {listed(words)} in {sentence_list(having)}."


def sentence_list(numbers: Sequence[int]) -> str:
    """Return the numbers of sentences in words: "sentence 3", or "sentences 3 and 4"."""
    *first, last = map(str, numbers)
    return f"sentences {', '.join(first)} and {last}" if first else f"sentence {last}"
