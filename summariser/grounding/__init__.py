"""Grounding: tell with deterministic rules what the source says of each item.

A quotation is the source's only if its words are consecutive in the source (or in order around an ellipsis) and nothing
that governs them was left out. Apart from that, a check of each field says whether the source states it, carries it
over from elsewhere, leaves it to the reader, or contradicts it. The verdict follows from both.
"""

from summariser.grounding.actors import Actor
from summariser.grounding.checker import check_claims
from summariser.grounding.claims import Claim, Field, statement
from summariser.grounding.deadlines import resolve
from summariser.grounding.found import Difference, Found
from summariser.grounding.given import Given, sentences_of
from summariser.grounding.ground import ground
from summariser.grounding.items import Items
from summariser.grounding.verdicts import Grounder, Judgement

__all__ = [
    "Actor", "Claim", "Difference", "Field", "Found", "Given", "Grounder", "Items", "Judgement", "check_claims",
    "ground", "resolve", "sentences_of", "statement",
]  # fmt: skip
