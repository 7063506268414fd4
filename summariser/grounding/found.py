"""The result of checking a quotation or a claim: where it stands, the verdict, and what differs."""

from dataclasses import dataclass
from typing import Literal

from summariser.schema import Verdict

Difference = Literal[
    "negation", "number", "date", "name", "speaker", "hedge", "condition", "order", "wording", "content", "language"
]


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


@dataclass(frozen=True, slots=True)
class Problem:
    """The reason why a passage does not support a claim: the kind of difference, and the word that differs."""

    difference: Difference
    detail: str = ""

    def at(self, *spans: tuple[int, int]) -> Found:
        """Return the verdict on a claim that has this problem with the passage at these spans."""
        verdict: Verdict = "unsupported" if self.difference == "content" else "altered"
        return Found(verdict, spans, self.difference, self.detail)
