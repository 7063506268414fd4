"""What tells a sentence of a report from other lines of an HTML page."""

import re

from summariser.documents.readers.web_pages.metadata import words_of

SENTENCE_END = re.compile(r"[.?!…。！？؟।]['\"”’»)\]」]*$")
FEWEST_WORDS = 5


def is_sentence(text: str) -> bool:
    """Return True if a text ends like a sentence, and has the words of one."""
    return len(words_of(text)) >= FEWEST_WORDS and SENTENCE_END.search(text) is not None
