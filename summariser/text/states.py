"""States, and the names that refer to them in a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from summariser.text import lexicon
from summariser.text.tokens import Token, tokenize

_LONGEST_PHRASE = 6  # tokens of a name of a state


@dataclass(frozen=True)
class State:
    """A state and the names that refer to it.

    Attributes:
        code: The ISO 3166-1 code, or EU or XK.
        name: The usual name.
        aliases: Other names.
        demonyms: The names of its people, and the adjectives.
        seats: The names of its seats of government.
    """

    code: str
    name: str
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]
    seats: tuple[str, ...]


@cache
def all_states() -> dict[str, State]:
    """Return all states by ISO 3166-1 code, and also EU and XK."""
    return {
        code: State(code, name, *(tuple(filter(None, column.split("|"))) for column in columns))
        for code, name, *columns in lexicon.rows("states", "any")
    }


@cache
def _state_phrases() -> dict[tuple[str, ...], tuple[str, bool]]:
    """Return the code of the state, and True for its own names or False for demonyms, by sequence of tokens."""
    phrases: dict[tuple[str, ...], tuple[str, bool]] = {}
    for state in all_states().values():
        for names, is_name in ((state.demonyms, False), ((state.name, *state.aliases, *state.seats), True)):
            for name in names:
                phrases[tuple(t.norm for t in tokenize(name) if t.norm != "the")] = (state.code, is_name)
    return phrases


def state_named(name: str) -> str | None:
    """Return the code of the state with this name, alias or seat of government, or None."""
    key = tuple(token.norm for token in tokenize(name) if token.norm != "the")
    code, is_name = _state_phrases().get(key, (None, False))
    return code if is_name else None


def states_in(tokens: Sequence[Token]) -> list[tuple[str, int, int, bool]]:
    """Return the mentions of states in capitalised words.

    Returns:
        A tuple for each mention: the code, the index of the first token, the index after the last token, and True for a
        name or False for a demonym.
    """
    return list(_states_in(tuple(tokens)))


@lru_cache(maxsize=4096)  # called with the same sentences for every party
def _states_in(tokens: tuple[Token, ...]) -> tuple[tuple[str, int, int, bool], ...]:
    found, place = [], 0
    while place < len(tokens):
        if tokens[place].capital:
            for length in range(min(_LONGEST_PHRASE, len(tokens) - place), 0, -1):
                key = tuple(token.norm for token in tokens[place : place + length])
                if hit := _state_phrases().get(key):
                    found.append((hit[0], place, place + length, hit[1]))
                    place += length
                    break
            else:
                place += 1
        else:
            place += 1
    return tuple(found)
