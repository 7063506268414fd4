"""English words that can stand for each other, words derived from each other, and opposites."""

from functools import cache

from summariser.text import lexicon
from summariser.text.tokens import stem

_NEGATIVE = ("un", "non", "in", "im", "ir", "il", "dis")  # prefixes that turn a word into its opposite
_SHORTEST = 4  # letters of a word that such a prefix can negate


def related_stems(word: str, language: str | None) -> frozenset[str]:
    """Return the stems of the words that can stand for a word, without its own; none in languages but English.

    Args:
        word: The word, in lower case.
        language: The ISO 639-1 code of the text's language.
    """
    return _groups("synonyms", "derivations").get(stem(word, "en"), frozenset()) if language == "en" else frozenset()


def near_stems(word: str, language: str | None) -> frozenset[str]:
    """Return the stems of the words that share a sense with a word, without its own; none in languages but English."""
    if language != "en":
        return frozenset()
    return related_stems(word, "en") | _groups("near_synonyms").get(stem(word, "en"), frozenset())


def is_listed(word: str, language: str | None) -> bool:
    """Return True if a word is known not to be a name: the lists of words have it; True in languages without them."""
    names = ("synonyms", "derivations", "near_synonyms", "antonyms")
    return language != "en" or any(stem(word, "en") in _groups(name) for name in names)


@cache
def same_direction_stems(word: str, language: str | None) -> frozenset[str]:
    """Return the stems of the words that share an opposite with a word: "rose" for "grew"; none but in English."""
    against = lexicon.OPPOSITES.get(word, frozenset()) if language == "en" else frozenset()
    return frozenset(stem(each, "en") for each, others in lexicon.OPPOSITES.items() if not against.isdisjoint(others))


def opposite_stems(word: str, language: str | None) -> frozenset[str]:
    """Return the stems of the opposites of a word, and of the words that exclude it; none in languages but English."""
    if language != "en":
        return frozenset()
    root = stem(word, "en")
    listed = frozenset(stem(each, "en") for each in lexicon.OPPOSITES.get(word, frozenset()))
    found = listed.union(
        _prefixed(word),
        _other_side(word),
        *(_groups(name).get(root, frozenset()) for name in ("antonyms", "contrasts")),
    )
    return found - near_stems(word, "en")


def _other_side(word: str) -> frozenset[str]:
    """Return the stems of the verbs that take the other side: those that oppose for one that supports."""
    sides = lexicon.by_value("stance_verbs", "en")
    against = {"supports": "opposes", "opposes": "supports"}
    found = (sides[other] for side, other in against.items() if word in sides[side])
    return frozenset(stem(each, "en") for each in next(found, ()))


def _prefixed(word: str) -> set[str]:
    """Return the stem of a word without a negative prefix, and with each of them."""
    found = {word[len(prefix) :] for prefix in _NEGATIVE if word.startswith(prefix)}
    found |= {f"{prefix}{word}" for prefix in _NEGATIVE}
    return {stem(each, "en") for each in found if len(each) > _SHORTEST and len(word) >= _SHORTEST}


@cache
def _groups(*names: str) -> dict[str, frozenset[str]]:
    """Return the stems that stand in one line with a stem in any of these lists, by stem."""
    found: dict[str, set[str]] = {}
    for name in names:
        for (line,) in lexicon.rows(name, "en"):
            stems = {stem(word, "en") for word in line.split()}
            for each in stems:
                found.setdefault(each, set()).update(stems)
    return {each: frozenset(others - {each}) for each, others in found.items()}
