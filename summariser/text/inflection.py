"""Inflected forms of English verbs and nouns."""

import re
from collections.abc import Mapping

_ONE_SHORT_SYLLABLE = re.compile(r"[^aeiou]*[aeiou][bdglmnprt]")


def verb_forms(verb: str, irregular: Mapping[str, str]) -> frozenset[str]:
    """Return an English verb with its third person singular, its past and its participles.

    Args:
        verb: The infinitive, such as "agree".
        irregular: The past and the participles of irregular verbs, separated by spaces, by infinitive.
    """
    if verb in irregular:
        return frozenset({verb, _with_s(verb), *irregular[verb].split()})
    if _ONE_SHORT_SYLLABLE.fullmatch(verb):
        return frozenset({verb, f"{verb}s", f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing"})
    past = f"{verb[:-1]}ied" if _ends_in_consonant_y(verb) else f"{verb.removesuffix('e')}ed"
    participle = f"{verb}ing" if verb.endswith("ee") else f"{verb.removesuffix('e')}ing"
    return frozenset({verb, _with_s(verb), past, participle})


def noun_forms(noun: str) -> frozenset[str]:
    """Return an English noun with its plural."""
    return frozenset({noun, _with_s(noun)})


def _with_s(word: str) -> str:
    """Return a word with the ending s, ies or es: the plural of a noun or the third person of a verb."""
    if _ends_in_consonant_y(word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{word}s"


def _ends_in_consonant_y(word: str) -> bool:
    return word.endswith("y") and word[-2:-1] not in "aeou"
