"""Verbs that express a commitment, a reaction or a danger, and nouns for actors, by language."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

from summariser.schema import Stance, Status
from summariser.text.lexicon import by_value, pattern, values, words

SenseKind = Literal["commitment", "reaction", "danger", "speech"]


@dataclass(frozen=True, slots=True)
class VerbSense:
    """A sense of a verb: its kind, its status or stance, and the words that must follow it."""

    kind: SenseKind
    sort: str
    follows: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """The status that the verb gives a commitment; only senses of the kind "commitment" have one."""
        return cast(Status, self.sort)

    @property
    def stance(self) -> Stance:
        """The stance that the verb takes; only senses of the kind "reaction" have one."""
        return cast(Stance, self.sort)


_LISTS: tuple[tuple[SenseKind, str, tuple[str, ...]], ...] = (
    ("commitment", "commitment_verbs", get_args(Status)),
    ("reaction", "stance_verbs", get_args(Stance)),
    ("danger", "danger_verbs", ("",)),
    ("speech", "speech_verbs", ("",)),
)


@cache
def verb_senses(language: str | None) -> dict[str, tuple[VerbSense, ...]]:
    """Return the senses of verbs by first word, longest first; empty for an unknown language.

    Args:
        language: The ISO 639-1 code of the text's language, or None.
    """
    found: dict[str, list[VerbSense]] = {}
    for kind, name, sorts in _LISTS:
        phrases = by_value(name, language)
        for sort in sorts:
            for phrase in phrases.get(sort, ()):
                word, *follows = phrase.split()
                found.setdefault(word, []).append(VerbSense(kind, sort, tuple(follows)))
    return {word: tuple(sorted(senses, key=lambda sense: -len(sense.follows))) for word, senses in found.items()}


GIVING = words("giving_verbs", "en")
"""Verbs whose object is an undertaking, such as a promise."""
WORDS_GIVEN = values("given_words", "en")
"""Nouns of undertaking, with the status that they express."""
AUTHORITIES = pattern("authorities", "en")
"""Nouns for authorities, whose request is an order."""
ACTOR_NOUNS = words("actor_nouns")
"""Common nouns that may refer to an actor, of every language."""


def actor_nouns(language: str | None) -> frozenset[str]:
    """Return the common nouns that may refer to an actor.

    Args:
        language: The ISO 639-1 code of the text's language, or None.
    """
    return words("actor_nouns", "en") if language == "en" else ACTOR_NOUNS


PERSON_NOUNS = words("offices", "en") | words("ranks", "en") | words("occupations", "en")
"""Nouns for one person."""
ADJECTIVES = words("actor_adjectives", "en")
"""Adjectives and numbers that may stand before a noun for an actor."""
HARMS = words("harms", "en")
"""Words of harm."""
