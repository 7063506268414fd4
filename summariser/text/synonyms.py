"""English words that can stand for each other: words of the same meaning and words derived from each other."""

from functools import cache

from summariser.text import lexicon
from summariser.text.tokens import stem


def related_stems(word: str, language: str | None) -> frozenset[str]:
    """Return the stems of the words that can stand for a word, without its own; none in languages but English.

    Args:
        word: The word, in lower case.
        language: The ISO 639-1 code of the text's language.
    """
    return _related().get(stem(word, "en"), frozenset()) if language == "en" else frozenset()


@cache
def _related() -> dict[str, frozenset[str]]:
    """Return the related stems by stem."""
    found: dict[str, set[str]] = {}
    for name in ("synonyms", "derivations"):
        for (line,) in lexicon.rows(name, "en"):
            stems = {stem(word, "en") for word in line.split()}
            for each in stems:
                found.setdefault(each, set()).update(stems)
    return {each: frozenset(others - {each}) for each, others in found.items()}
