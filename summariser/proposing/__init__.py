"""The commitments, reactions and risks that the words of a document speak of, read by rules, without a model."""

from summariser.proposing.coverage import Gap, gaps
from summariser.proposing.proposer import propose

__all__ = ["Gap", "gaps", "propose"]
