"""Guess the kind of an actor from its name."""

import re

from summariser.schema import PartyKind
from summariser.text import TITLES, lexicon, state_named, states_in, tokenize

_GROUP = lexicon.pattern("group_nouns", "en")
_ORGANISATION = lexicon.pattern("organisation_nouns")
_PERSON_NOUNS = lexicon.words("offices", "en") | lexicon.words("occupations", "en")


def kind_by_noun(name: str) -> PartyKind | None:
    """Return the kind that the head noun of a name implies: "committee" an organisation, "farmers" a group.

    Args:
        name: The actor's name.

    Returns:
        The kind; None if the head noun implies none.
    """
    words = re.split(r"\s+(?:of|for|in|on|at|de|du|des|del|on|close|from)\s+", name.strip(), maxsplit=1)[0].split()
    head = words[-1] if words else ""
    if _ORGANISATION.fullmatch(head) and (len(head) > 4 or head.isupper()):
        return "organisation"
    if _GROUP.fullmatch(head):
        return "group"
    return "person" if head.islower() and head in _PERSON_NOUNS else None


def guess_kind(name: str, *, has_full_name: bool) -> PartyKind:
    """Return the most likely kind of an actor.

    Args:
        name: The actor's name.
        has_full_name: True if the text contains a longer form of the name, which makes a single word a person.
    """
    if state_named(name):
        return "state"
    if kind := kind_by_noun(name):
        return kind
    if _GROUP.search(name):
        return "group"
    if _ORGANISATION.search(name):
        return "organisation"
    words = [w for w in name.split() if w.casefold().strip(".") not in TITLES]
    named = len(words) > 1 or (bool(words) and has_full_name)
    is_person = named and len(words) <= 4 and all(w[0].isupper() for w in words) and not states_in(tokenize(name))
    return "person" if is_person else "group"
