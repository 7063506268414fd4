"""What a check finds: where something stands, the verdict on it, and what differs."""

from dataclasses import dataclass
from typing import Literal

from summariser.schema import Verdict

Difference = Literal[
    "negation", "number", "date", "name", "speaker", "hedge", "condition", "order", "wording", "content", "language"
]


@dataclass(frozen=True, slots=True)
class Found:
    """Where something stands in the source, the verdict on it, and what differs where it is no good one.

    `detail` is the name, number or word that the difference is about, where there is one.
    """

    verdict: Verdict
    spans: tuple[tuple[int, int], ...] = ()
    difference: Difference | None = None
    detail: str = ""

    @property
    def good(self) -> bool:
        """Whether the source carries it, here or elsewhere."""
        return self.difference is None and self.verdict != "unsupported"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a passage does not carry a claim: what kind of difference, and what it is about."""

    difference: Difference
    detail: str = ""

    def at(self, *spans: tuple[int, int]) -> Found:
        """The finding that a passage which does not carry a claim makes."""
        verdict: Verdict = "unsupported" if self.difference == "content" else "altered"
        return Found(verdict, spans, self.difference, self.detail)
