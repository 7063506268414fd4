"""States, and the names that refer to them in a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

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
    """Return the code of the state with this name, in English or another language, alias or seat of government."""
    key = tuple(token.norm for token in tokenize(name) if token.norm != "the")
    code, is_name = _state_phrases().get(key, (None, False))
    return code if is_name else _names_in_other_languages().get(key)


@cache
def _names_in_other_languages() -> dict[tuple[str, ...], str]:
    """Return the code of each state by its names in other languages, as sequences of tokens."""
    rows = lexicon.rows("state_names", "any")
    return {tuple(t.norm for t in tokenize(name)): code for code, names in rows for name in names.split("|")}


def states_in(tokens: Sequence[Token]) -> list[tuple[str, int, int, bool]]:
    """Return the mentions of states in capitalised words.

    Returns:
        A tuple for each mention: the code, the index of the first token, the index after the last token, and True for a
        name or False for a demonym.
    """
    phrases, lengths = _state_phrases(), _lengths_of_phrases()
    found, after = [], 0
    for place, token in enumerate(tokens):
        if place < after or not token.capital:
            continue
        for length in lengths.get(token.norm, ()):
            words = tuple(each.norm for each in tokens[place : place + length])
            if len(words) == length and (hit := phrases.get(words)) is not None:
                after = place + length
                found.append((hit[0], place, after, hit[1]))
                break
    return found


@cache
def _lengths_of_phrases() -> dict[str, tuple[int, ...]]:
    """Return the numbers of tokens of the phrases that begin with each word, the largest first."""
    found: dict[str, set[int]] = {}
    for phrase in _state_phrases():
        if 0 < len(phrase) <= _LONGEST_PHRASE:
            found.setdefault(phrase[0], set()).add(len(phrase))
    return {word: tuple(sorted(lengths, reverse=True)) for word, lengths in found.items()}
