"""Rules that read sentences: who is named, who says or does what; commitments, reactions and risks without a model."""

from summariser.extraction.rules.coverage import Gap, gaps
from summariser.extraction.rules.extract import propose
from summariser.extraction.rules.mentions import Mention
from summariser.extraction.rules.syntax import Reading, Verb, readings

__all__ = ["Gap", "Mention", "Reading", "Verb", "gaps", "propose", "readings"]
