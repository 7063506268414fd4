"""Grounding: does the source carry what an item says? Deterministic rules give each item evidence and a verdict.

A quotation is taken as the source's own only where its words stand there in a row (or in order around an
ellipsis) and where nothing that governs them was cut off. A paraphrase is taken as carried only where the
cited sentences hold its numbers, names and days, agree with it in what is negated, and share its content.
"""

from summariser.grounding.actors import Actor
from summariser.grounding.found import Difference, Found
from summariser.grounding.ground import ground
from summariser.grounding.grounder import Claim, Grounder

__all__ = ["Actor", "Claim", "Difference", "Found", "Grounder", "ground"]
