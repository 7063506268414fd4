"""What the words of a sentence say: who is named, what is quoted, which verbs tell of what."""

from summariser.reading.mentions import Mention
from summariser.reading.sentence import Reading, Verb, readings

__all__ = ["Mention", "Reading", "Verb", "readings"]
