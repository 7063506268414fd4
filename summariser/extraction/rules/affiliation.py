"""Affiliation: find the party that an actor belongs to: "Norway's climate minister, Sigrid Aune"."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from summariser.documents import Document
from summariser.extraction.rules.function_words import OFFICES
from summariser.extraction.rules.mentions import Mention
from summariser.extraction.rules.syntax import Reading, readings
from summariser.extraction.rules.verbs import ACTOR_NOUNS, ADJECTIVES, PERSON_NOUNS
from summariser.text import TITLES, states_in, tokenize

_OF = frozenset("of at for with from".split())
_OWN = frozenset("its their".split())
_DESCRIBING = (TITLES | OFFICES | ADJECTIVES | ACTOR_NOUNS) - frozenset("of the his her their".split())
_LONGEST_TITLE = 7
_LONGEST_DESCRIPTION = 14  # tokens


@lru_cache(maxsize=32)
def affiliations(document: Document) -> dict[str, str]:
    """Return the affiliation of each name: the first party or people that the text relates it to.

    Args:
        document: The document.
    """
    found: dict[str, str] = {}
    before: list[Mention] = []
    for reading in readings(document):
        for mention in reading.mentions:
            if not mention.pronoun and mention.name not in found and (owner := _owner(reading, mention, before)):
                found[mention.name] = owner
        before += [m for m in reading.mentions if not m.pronoun and not reading.quoted(m.first)]
    return found


def _owner(reading: Reading, mention: Mention, before: Sequence[Mention]) -> str | None:
    """Return the first owner that shares no name with the mention."""
    owners = (*_in_front(reading, mention, before), *_behind(reading, mention, before))
    return next((name for name in owners if name and name not in mention.name and mention.name not in name), None)


def _in_front(reading: Reading, mention: Mention, before: Sequence[Mention]) -> Iterator[str]:
    """Yield the owners before or in the title: a possessive, a people or a name ("Norway's climate minister")."""
    place, tokens = mention.first, reading.tokens
    while place and mention.first - place < _LONGEST_TITLE and _describes(reading, place - 1):
        place -= 1
    titled = place < mention.first
    owner = next((m for m in reading.mentions if m.end == place and m is not mention), None)
    if owner and (reading.possesses(owner) or (titled and owner.named and reading.adjoins(owner.end))):
        yield _meant(reading, owner, before)
    elif titled and place and tokens[place - 1].norm in _OWN:
        yield _last(reading, place, before)
    for start in (place - 2, place - 1) if titled else ():
        if start >= 0 and tokens[start].capital and states_in(tokens[start:place]):
            yield reading.slice(start, place)
    inside = states_in(tokens[place : mention.first])
    if inside:
        yield reading.slice(place + inside[0][1], place + inside[0][2])


def _describes(reading: Reading, place: int) -> bool:
    """Return True if the word belongs to the title of what follows it."""
    token, after = reading.tokens[place], reading.tokens[place + 1]
    of_state = token.norm in ("of", "state") and "secretary" in {
        t.norm for t in reading.tokens[max(0, place - 2) : place]
    }
    if not (of_state or token.norm in _DESCRIBING or states_in([token])):
        return False
    owned = any(m.end == place + 1 and reading.possesses(m) for m in reading.mentions)
    return not owned and reading.text[token.end : after.start].strip() in ("", ",", "-")


def _behind(reading: Reading, mention: Mention, before: Sequence[Mention]) -> Iterator[str]:
    """Yield the owners in the description of a name (", chair of the Trust,") or right after it ("of the Trust")."""
    tokens = reading.tokens
    if mention.end >= len(tokens) or not _is_person(mention):
        return
    described = "," in tokens[mention.end].before
    if not described and tokens[mention.end].norm not in ("of", "from", "at"):
        return
    last = min(mention.end + _LONGEST_DESCRIPTION, len(tokens))
    closes = next((i for i in range(mention.end + 1, last) if "," in tokens[i].before), last)
    words = [token.norm for token in tokens[mention.end : closes]]
    if described and not set(words) & (OFFICES | ACTOR_NOUNS):
        return
    if described and words[0] in _OWN:
        yield _last(reading, mention.first, before)
    inside = [m for m in reading.mentions if mention.end <= m.first < closes and not m.pronoun]
    for other in inside if described else inside[:1]:
        if reading.preposition(other) in _OF or reading.possesses(other):
            yield _meant(reading, other, before)


def _meant(reading: Reading, owner: Mention, before: Sequence[Mention]) -> str:
    """Return the owner's name; for "the union", the last name before it that contains the word."""
    if owner.named:
        return owner.name
    head = owner.name.split()[-1].casefold()
    here = [m for m in reading.mentions if m.end <= owner.first]
    earlier = chain(reversed(here), reversed(before))
    named = (m.name for m in earlier if m.named and head in m.name.casefold().split())
    return next(named, owner.name)


def _last(reading: Reading, place: int, before: Sequence[Mention]) -> str:
    """Return the antecedent of "its": the last name or noun before it that is not a person."""
    here = [m for m in reading.mentions if not m.pronoun and m.end <= place]
    bodies = (m.name for m in reversed((*before[-6:], *here)) if not _is_person(m) or states_in(tokenize(m.name)))
    return next((name for name in bodies if name.split()[-1].casefold() not in PERSON_NOUNS), "")


def _is_person(mention: Mention) -> bool:
    """Return True if it is a name of two to four words without a noun for an actor."""
    words = mention.name.split()
    return mention.named and 1 < len(words) <= 4 and not {w.casefold() for w in words} & ACTOR_NOUNS
