"""States, and the words that stand for them in a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from summariser.text import lexicon
from summariser.text.tokens import Token, tokenize

_LONGEST_PHRASE = 6  # tokens of a name of a state


@dataclass(frozen=True)
class State:
    """What may stand for a state in a text."""

    code: str
    name: str
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]
    seats: tuple[str, ...]


@cache
def states() -> dict[str, State]:
    """Return every state, by its ISO 3166-1 code (EU and XK besides)."""
    return {
        code: State(code, name, *(tuple(filter(None, column.split("|"))) for column in columns))
        for code, name, *columns in lexicon.rows("states", "any")
    }


@cache
def _state_phrases() -> dict[tuple[str, ...], tuple[str, bool]]:
    """Return the token sequences that stand for a state, with its code and whether they name it or only its people."""
    phrases: dict[tuple[str, ...], tuple[str, bool]] = {}
    for state in states().values():
        for names, is_name in ((state.demonyms, False), ((state.name, *state.aliases, *state.seats), True)):
            for name in names:
                phrases[tuple(t.norm for t in tokenize(name) if t.norm != "the")] = (state.code, is_name)
    return phrases


def state_named(name: str) -> str | None:
    """Return the code of the state whose name, alias or seat of government this is, or None."""
    key = tuple(token.norm for token in tokenize(name) if token.norm != "the")
    code, is_name = _state_phrases().get(key, (None, False))
    return code if is_name else None


def states_in(tokens: Sequence[Token]) -> list[tuple[str, int, int, bool]]:
    """Return the states that capitalised words stand for: (code, first token, last token + 1, whether as a name)."""
    return list(_states_in(tuple(tokens)))


@lru_cache(maxsize=4096)  # the same sentences are asked about for every party
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
