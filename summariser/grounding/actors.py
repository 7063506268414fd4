"""Actors, and the places at which a text names them."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from summariser.documents import TokenizedDocument
from summariser.text import TITLES, Token, find_all, lexicon, norms, state_named, states_in, tokenize

_PARTICLES = lexicon.words("name_particles", "any") - {"and", "et", "y", "the", "of", "for"}
_OFFICES = lexicon.words("state_organs", "en")


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor that a claim names.

    Attributes:
        name: The name that is shown.
        names: All names by which a text may call the actor.
        person: True for one person, to whom "he" or "she" may refer.
        bare: The numbers of the sentences in which a part of a name refers to the actor.
        belongs_to: The name of the actor to which it belongs or for which it speaks; empty if there is none.
    """

    name: str
    names: frozenset[str]
    person: bool = False
    bare: frozenset[int] = frozenset()
    belongs_to: str = ""

    def has_name(self, name: str) -> bool:
        """Return True if a name in the text is the actor's: one of its names, a surname, or the end of a name."""
        return _is_name_of(self, name)


@lru_cache(maxsize=16384)
def _is_name_of(actor: Actor, name: str) -> bool:
    code = state_named(name)
    if code is not None:
        return any(state_named(each) == code for each in actor.names)
    words = [word for word in norms(name) if word not in TITLES] or norms(name)
    if not words:
        return False
    for have in (form for each in actor.names for form in _forms_of(each)):
        if have == norms(name) or have == words:
            return True
        if state_named(" ".join(have)) is not None:
            continue
        shorter, longer = sorted((words, have), key=len)
        if shorter and len(shorter) < len(longer) and longer[-len(shorter) :] == shorter:
            return True
        rest = longer[len(shorter) :] if shorter and longer[: len(shorter)] == shorter else []
        if rest and (rest[0] in ("of", "for", "in") or (actor.person and rest[0] in _PARTICLES)):
            return True
    return False


def _forms_of(name: str) -> list[list[str]]:
    """Return the words of a name, with and without titles at its beginning."""
    words = norms(name)
    bare = list(itertools.dropwhile(lambda word: word in TITLES, words))
    return [words, bare] if bare and bare != words else [words]


def _without_article(words: list[str]) -> list[str]:
    """Return the words of a name without "the" at its beginning; within it, it stays: "Ministry of the Interior"."""
    return words[1:] if words[:1] == ["the"] else words


def _is_part(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return True if one run of tokens is a part of the other."""
    return one != other and other[0] <= one[0] and one[1] <= other[1]


class Actors:
    """Resolves actors in one source.

    Args:
        source: The source.
        everybody: All actors that are known.
    """

    def __init__(self, source: TokenizedDocument, everybody: Sequence[Actor] = ()) -> None:
        self._source = source
        self._language = source.language
        self.everybody = everybody

    def kin(self, actor: Actor) -> list[Actor]:
        """Return the known actors to which an actor belongs, or that belong to it."""
        return [
            other
            for other in self.everybody
            if other.name != actor.name and (other.belongs_to == actor.name or other.name == actor.belongs_to)
        ]

    def names_in(self, actor: Actor, number: int) -> list[tuple[int, int]]:
        """Return the names of the actor in a sentence, each from its first token to before its end, in order."""
        tokens = self._source.tokens[number]
        codes = {state_named(name) for name in actor.names} - {None}
        found = [(p, p + len(form)) for form in self._forms(actor, number) for p in find_all(form, tokens)]
        if codes:
            found = [(first, end) for first, end in found if not self._longer_name(tokens, first, end)]
        for code, first, end, is_name in states_in(tokens) if codes else ():
            stands = is_name and not self._longer_name(tokens, first, end)
            if code in codes and (stands or self._in_office(tokens, end)):
                found.append((first, end))
        return sorted({one for one in found if not any(_is_part(one, other) for other in found)})

    def _forms(self, actor: Actor, number: int) -> list[list[str]]:
        """Return the word sequences by which a sentence may name the actor, longest first."""
        forms = [_without_article([t.norm for t in tokenize(name)]) for name in actor.names]
        forms += [[norm for norm in form if norm != "the"] for form in forms if "the" in form]
        if number in actor.bare:
            forms += [[word] for form in list(forms) for word in form]
        return sorted(filter(None, forms), key=len, reverse=True)

    def _longer_name(self, tokens: Sequence[Token], first: int, end: int) -> bool:
        """Return True if a state's name is part of another name: Chad Miller, New Mexico."""
        if 2 * sum(t.capital for t in tokens) > len(tokens):
            return False  # a line in title case
        before = tokens[first - 1] if first and tokens[first - 1].end + 1 == tokens[first].start else None
        after = tokens[end] if end < len(tokens) and tokens[end - 1].end + 1 == tokens[end].start else None
        small = lexicon.function_words(self._language) | _OFFICES | {"even"}
        return any(t is not None and t.capital and t.norm not in small and not states_in([t]) for t in (before, after))

    def _in_office(self, tokens: Sequence[Token], place: int) -> bool:
        """Return True if an office follows a state's people: the Russian president is the state, a Russian poet not."""
        return place < len(tokens) and tokens[place].norm in _OFFICES
