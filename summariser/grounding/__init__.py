"""Grounding: check with deterministic rules that the source supports each item.

A quotation is accepted only if its words are consecutive in the source (or in order around an ellipsis)
and nothing that governs them was left out. A paraphrase is accepted only if the cited sentences have its numbers,
names and days, agree with it in what is negated, and share its content. An item is verified if its words are accepted
and each check of its fields holds.
"""

from summariser.grounding.actors import Actor
from summariser.grounding.checks import Claim
from summariser.grounding.deadlines import resolve
from summariser.grounding.found import Difference, Found
from summariser.grounding.ground import ground
from summariser.grounding.verdicts import Grounder

__all__ = ["Actor", "Claim", "Difference", "Found", "Grounder", "ground", "resolve"]
