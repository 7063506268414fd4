"""The result of checking a quotation or a claim: where it stands, the verdict, and what differs."""

from dataclasses import dataclass
from typing import Literal

from summariser.schema import Verdict

Difference = Literal[
    "negation", "number", "date", "name", "speaker", "hedge", "condition", "order", "wording", "content", "language"
]


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


@dataclass(frozen=True, slots=True)
class Found:
    """The verdict on a quotation or a claim.

    Attributes:
        verdict: How the source supports it, or that it does not.
        spans: The places in the source's text that support it or come closest, as (start, end) in code points.
        difference: The kind of difference from the source; None if there is none.
        detail: The name, number or word that differs; empty if no single one does.
    """

    verdict: Verdict
    spans: tuple[tuple[int, int], ...] = ()
    difference: Difference | None = None
    detail: str = ""

    @property
    def good(self) -> bool:
        """Return True if the source supports it, where it was cited or elsewhere."""
        return self.difference is None and self.verdict != "unsupported"

    @property
    def reason(self) -> str:
        """The reason why the verdict is not good, as a sentence."""
        detail = f": {self.detail}" if self.detail else ""
        return f"{_WHAT_DIFFERS[self.difference or 'content']}{detail}."


@dataclass(frozen=True, slots=True)
class Problem:
    """The reason why a passage does not support a claim: the kind of difference, and the word that differs."""

    difference: Difference
    detail: str = ""

    def at(self, *spans: tuple[int, int]) -> Found:
        """Return the verdict on a claim that has this problem with the passage at these spans."""
        verdict: Verdict = "unsupported" if self.difference == "content" else "altered"
        return Found(verdict, spans, self.difference, self.detail)
