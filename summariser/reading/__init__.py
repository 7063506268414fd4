"""What the words of a sentence say: who is named, what is quoted, which verbs tell of what."""

from summariser.reading.sentence import Mention, Reading, Verb, readings

__all__ = ["Mention", "Reading", "Verb", "readings"]
