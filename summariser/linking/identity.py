"""Identity: what a party of one document has in common with the same party in another document.

A state is its code. Anybody else is their full name, and what a document says of their country and affiliation must not
differ. A bare surname, an acronym or a description such as "the ministry" is nobody's full name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from summariser.schema import Party, PartyKind
from summariser.text import (
    COMMON_ORGANISATIONS,
    TITLES,
    Token,
    is_content,
    is_name,
    lexicon,
    name_in_label,
    norms,
    state_named,
    states_in,
    tokenize,
)

_LISTS = (
    "actor_adjectives", "actor_nouns", "company_nouns", "determiners", "group_nouns", "occupations",
    "organisation_nouns", "public_bodies", "quantifiers", "ranks", "sides", "state_organs", "unspecific_name_words",
)  # fmt: skip
_COMMON = COMMON_ORGANISATIONS | TITLES | frozenset().union(*map(lexicon.words, _LISTS))
_SOLE_ORGANS = lexicon.words("sole_organs", "en")
_ORGANS = (
    lexicon.words("state_organs", "en")
    | _SOLE_ORGANS
    | lexicon.words("organisation_nouns", "fr", "es", "de")
    | lexicon.words("actor_nouns", "fr", "es", "de")
    | lexicon.words("public_bodies", "fr", "es")
    | frozenset("court department embassy police tribunal".split())
)
_OF = re.compile(r"\s(?:of|for|on|de|du|des|del|für|der)\s", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What shows that a party is one of another document.

    Attributes:
        key: What equal parties have in common: a state's code, or the words of the name.
        certain: True if an equal key shows the same party, unless something speaks against it.
        other_keys: The keys of the aliases that are full names.
        country: The code of the state that it is or belongs to; None if the document does not say.
        affiliation: The keys of the named party that it belongs to; empty if there is none.
        above: The keys of the parties that this one belongs to.
    """

    key: str
    certain: bool
    other_keys: tuple[str, ...] = ()
    country: str | None = None
    affiliation: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


def identities(parties: Sequence[Party], language: str | None) -> dict[str, Identity]:
    """Return the identity of each party of a document, by id.

    Args:
        parties: The parties of the document.
        language: The language of the document.
    """
    by_id = {party.id: party for party in parties}
    return {party.id: _identity(party, list(_chain(party, by_id)), language) for party in parties}


def _chain(party: Party, by_id: dict[str, Party]) -> Iterator[Party]:
    """Yield the party that a party belongs to, the one that this one belongs to, and so on.

    An affiliation that the source contradicts ends it.
    """
    seen = {party.id}
    while party.affiliation is not None and party.affiliation not in seen and not _contradicted(party):
        party = by_id[party.affiliation]
        seen.add(party.id)
        yield party


def _contradicted(party: Party) -> bool:
    return any(check.field == "affiliation" and check.outcome == "contradicted" for check in party.checks)


def _identity(party: Party, chain: Sequence[Party], language: str | None) -> Identity:
    if party.kind == "state" and (code := _code(party)):
        return Identity(key=_state_key(code), certain=True, country=code)
    country = next(filter(None, (_code(each) or _only_state(each.name) for each in chain)), None)
    if party.kind == "organisation":
        country = country or _only_state(party.name)
    name = _read(party.name, party.kind, language)
    aliases = (_read(alias, party.kind, language) for alias in party.aliases)
    levels = [keys for each in chain if (keys := _keys_of(each, language))]
    of_country = [_state_key(country)] if country else []
    return Identity(
        key=name.key_in(country),
        certain=name.full or (name.full_with_country and country is not None),
        other_keys=tuple(dict.fromkeys(alias.key for alias in aliases if alias.full and alias.key != name.key)),
        country=country,
        affiliation=tuple(levels[0]) if levels else (),
        above=tuple(dict.fromkeys([key for keys in levels[1:] for key in keys] + of_country)),
    )


def _keys_of(party: Party, language: str | None) -> list[str]:
    """Return the keys of a party that others belong to; none if it is only described."""
    if code := _code(party):
        return [_state_key(code)]
    read = [_read(name, party.kind, language) for name in (party.name, *party.aliases)]
    return [name.key for name in read if name.named] if read[0].named else []


def _state_key(code: str) -> str:
    return f"state {code}"


def _code(party: Party) -> str | None:
    """Return the code of a state; EU for the European Union, which has no country code."""
    return party.country or (state_named(party.name) if party.kind == "state" else None)


def _only_state(name: str) -> str | None:
    """Return the code of the one state whose name or people is part of a name."""
    codes = {code for code, *_ in states_in(tokenize(name))}
    return codes.pop() if len(codes) == 1 else None


# ── names ────────────────────────────────────────────────────────────────────────────────────────


class _Name(NamedTuple):
    """A name of a party, read for itself.

    Attributes:
        key: Its words.
        named: True if it is a name, full or short, and no description.
        full: True if it is a full name.
        full_with_country: True if it is as good as a full name where the country is known.
    """

    key: str
    named: bool
    full: bool
    full_with_country: bool = False

    def key_in(self, country: str | None) -> str:
        """Return the key, with the country if the name needs it."""
        return f"{self.key} ({country})" if country and self.full_with_country and not self.full else self.key


@lru_cache(maxsize=16384)  # the same parties are in many documents
def _read(name: str, kind: PartyKind, language: str | None) -> _Name:
    if kind == "person":
        return _person(name, language)
    return _group(name, language) if kind == "group" else _body(name, language)


def _person(name: str, language: str | None) -> _Name:
    """Read the name of a person: full are a first name and a surname, whatever the titles before them."""
    bare = name_in_label(name) if is_name(name, language) else ""
    words = norms(bare)
    particles = lexicon.words("name_particles", "any")
    full = sum(len(word) > 1 and word not in particles for word in words) > 1
    return _Name(" ".join(words or norms(name)), bool(words), full)


def _group(name: str, language: str | None) -> _Name:
    """Read the name of a group: full are two proper words or more without a common one, as "officials" is."""
    words = _content(name, language)
    proper = _proper(words)
    full = len(proper) == len(words) > 1
    return _Name(" ".join(norms(name)), full or _is_acronym(name), full)


def _body(name: str, language: str | None) -> _Name:
    """Read the name of an organisation, or of a state without a code."""
    key, words = " ".join(norms(name)), _content(name, language)
    if _is_acronym(name):
        return _Name(key, named=True, full=False, full_with_country=True)
    head = _head(name, words)
    organ = head is not None and head.norm in _ORGANS
    if states_in(tokenize(name)):
        stated = organ or all(token.capital for token in words)
        return _Name(key, stated, stated and len(words) > 1)
    proper = _proper(words)
    if organ or not proper:
        one_of_a_kind = len(words) > 1 or (head is not None and head.norm in _SOLE_ORGANS)
        return _Name(key, bool(proper), full=False, full_with_country=organ and one_of_a_kind)
    capital_is_spelling = language == "de"  # where every noun has one
    full = len(proper) > 1 or (not capital_is_spelling and words[-1].capital)
    return _Name(key, named=True, full=full)


def _head(name: str, words: Sequence[Token]) -> Token | None:
    """Return the noun that says what a body is: the last word, or the last one before "of"."""
    of = _OF.search(name)
    return next((word for word in reversed(words) if of is None or word.start < of.start()), None)


def _content(name: str, language: str | None) -> list[Token]:
    return [token for token in tokenize(name) if is_content(token, language)]


def _proper(words: Sequence[Token]) -> list[Token]:
    """Return the capitalised words that are neither common in names nor a state's."""
    states = [(start, end) for _, start, end, _ in states_in(words)]
    return [
        word
        for place, word in enumerate(words)
        if word.capital and word.norm not in _COMMON and not any(start <= place < end for start, end in states)
    ]


def _is_acronym(name: str) -> bool:
    return len(norms(name)) == 1 and name.isupper()
