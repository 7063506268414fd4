"""The result of looking for a quotation in a source: where it stands, how it matches, and what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from summariser.schema import GOOD_MATCHES, Match

Difference = Literal[
    "negation", "number", "date", "name", "speaker", "hedge", "question", "condition", "order", "wording", "language",
    "content",
]  # fmt: skip
"""What differs between a quotation and the source."""
Alteration = Literal["cut", "gap", "change"]
"""How a quotation differs: words around it were cut off, an ellipsis stands for too much, or its words were changed."""

_REASONS: Mapping[Alteration, Mapping[Difference, str]] = {
    "cut": {
        "negation": "A negation that governs the words was left out.",
        "hedge": "A word that makes the statement less certain was left out.",
        "question": "The words are part of a question.",
        "condition": "A condition was left out.",
        "number": "Part of a number, its unit or its bound was left out.",
        "wording": "The words begin within a word of the text.",
        "language": "In this language only whole sentences can be checked.",
        "order": "The words reach over more sentences than they have parts.",
    },
    "gap": {
        "negation": "A negation was left out.",
        "hedge": "A word that makes the statement less certain was left out.",
        "question": "The words are part of a question.",
        "condition": "A condition was left out.",
        "number": "Part of a number, its unit or its bound was left out.",
        "speaker": "The words before and after the ellipsis may be of different speakers.",
        "name": "A name was left out.",
        "wording": "The words begin within a word of the text.",
        "language": "In this language only whole sentences can be checked.",
        "order": "Words that do not belong together were joined.",
    },
    "change": {
        "negation": "A negation was added or left out.",
        "date": "A day or a month was changed.",
        "number": "A number or a unit was changed.",
        "hedge": "A word that makes the statement less certain was added or left out.",
        "name": "A name was changed.",
        "wording": "Words were changed.",
        "content": "The text does not have these words.",
    },
}


@dataclass(frozen=True, slots=True)
class Found:
    """A quotation in a source, or what comes closest to it.

    Attributes:
        match: How the words match the source's.
        spans: The places of the words, or of what comes closest, as (start, end) in code points.
        difference: What differs from the source; None if nothing does.
        alteration: How it differs, if it does.
    """

    match: Match
    spans: tuple[tuple[int, int], ...] = ()
    difference: Difference | None = None
    alteration: Alteration = "change"

    @property
    def good(self) -> bool:
        """True if the words are the source's, where they were cited or elsewhere."""
        return self.match in GOOD_MATCHES

    @property
    def cut(self) -> bool:
        """True if the words are the source's, but words that govern them were left out around them."""
        return self.alteration == "cut" and self.difference is not None

    @property
    def reason(self) -> str:
        """How the words differ from the source's, as a sentence."""
        return _REASONS[self.alteration].get(self.difference or "content", "Words were changed or left out.")
