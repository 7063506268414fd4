"""Extract commitments, reactions and risks with rules, without a model."""

from summariser.extraction.rules.acting import Acting, ActorMention, Subject, acting
from summariser.extraction.rules.commitments import undertakings
from summariser.extraction.rules.coverage import Gap, gaps
from summariser.extraction.rules.extract import extract_by_rules
from summariser.extraction.rules.function_words import FUTURES
from summariser.extraction.rules.mentions import Mention
from summariser.extraction.rules.syntax import Position, Reading, Verb, readings

__all__ = [
    "FUTURES", "Acting", "ActorMention", "Gap", "Mention", "Position", "Reading", "Subject", "Verb", "acting",
    "extract_by_rules", "gaps", "readings", "undertakings",
]  # fmt: skip
