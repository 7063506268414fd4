"""What a check finds: where something stands, the verdict on it, and what differs."""

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

    @property
    def reason(self) -> str:
        """Why the verdict is not good, as a sentence."""
        detail = f": {self.detail}" if self.detail else ""
        return f"{_WHAT_DIFFERS[self.difference or 'content']}{detail}."


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a passage does not carry a claim: what kind of difference, and what it is about."""

    difference: Difference
    detail: str = ""

    def at(self, *spans: tuple[int, int]) -> Found:
        """The finding that a passage which does not carry a claim makes."""
        verdict: Verdict = "unsupported" if self.difference == "content" else "altered"
        return Found(verdict, spans, self.difference, self.detail)
