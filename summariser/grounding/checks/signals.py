"""The words that signal a label: the status of a commitment, the stance of a reaction."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from summariser.text import Token, lexicon, negation

LabelName = Literal["status", "stance"]
_LISTS = {
    "status": ("status_words", "commitment_verbs", "given_words"),
    "stance": ("stance_words", "stance_verbs"),
}
REACH = 4
"""The number of words before a signal within which a negation governs it."""


class Signal(NamedTuple):
    """A word or phrase that signals a value of a label.

    Attributes:
        token: Its first token.
        negated: True if a negation governs it.
    """

    token: Token
    negated: bool


class Signals(dict[str, list[Signal]]):
    """The signals in a passage, by value of the label."""

    @property
    def plain(self) -> set[str]:
        """The values with a signal that is not negated."""
        return {value for value, found in self.items() if any(not signal.negated for signal in found)}

    def first(self, value: str, *, negated: bool | None = None) -> Token | None:
        """Return the first word that signals a value; None if there is none.

        Args:
            value: The value.
            negated: True or False to look only at signals that are negated or that are not.
        """
        found = (s.token for s in self.get(value, ()) if negated is None or s.negated == negated)
        return next(found, None)

    def last(self, value: str) -> Token | None:
        """Return the last word that signals a value and is not negated; None if there is none."""
        return next((s.token for s in reversed(self.get(value, ())) if not s.negated), None)

    def add(self, value: str, signal: Signal) -> None:
        """Add a signal of a value."""
        self.setdefault(value, []).append(signal)


@cache
def phrases_of(label: LabelName, language: str | None) -> Mapping[tuple[str, ...], frozenset[str]]:
    """Return the values that phrases signal, by phrase; none in a language without such lists."""
    found: dict[tuple[str, ...], set[str]] = {}
    for name in _LISTS[label]:
        for value, entries in lexicon.by_value(name, language).items():
            for entry in entries:
                found.setdefault(tuple(entry.split()), set()).add(value)
    found.pop(("back",), None)  # more often an adverb: "ring back"
    return {phrase: frozenset(values) for phrase, values in found.items()}


def signals(label: LabelName, tokens: Sequence[Token], language: str | None) -> Signals:
    """Return the words of a passage that signal each value of a label; of several phrases at a place, the longest.

    Args:
        label: The label.
        tokens: The passage.
        language: The ISO 639-1 code of its language.
    """
    known, sizes = phrases_of(label, language), _sizes_of_phrases(label, language)
    found = Signals()
    for place, token in enumerate(tokens):
        for size in sizes.get(token.norm, ()):
            words = tuple(t.norm for t in tokens[place : place + size])
            if len(words) == size and words in known:
                signal = Signal(token, is_negated(tokens, place, size, language))
                for value in known[words]:
                    found.add(value, signal)
                break
    return found


@cache
def _sizes_of_phrases(label: LabelName, language: str | None) -> Mapping[str, Sequence[int]]:
    """Return the numbers of words of the phrases that begin with each word, the largest first."""
    found: dict[str, set[int]] = {}
    for phrase in phrases_of(label, language):
        found.setdefault(phrase[0], set()).add(len(phrase))
    return {word: sorted(sizes, reverse=True) for word, sizes in found.items()}


def is_negated(tokens: Sequence[Token], place: int, size: int, language: str | None) -> bool:
    """Return True if an odd number of negations governs words: before them in their clause, or right after them.

    Args:
        tokens: The passage.
        place: The place of the first word.
        size: The number of words.
        language: The ISO 639-1 code of the passage's language.
    """
    count = 0
    for at in range(place - 1, max(-1, place - 1 - REACH), -1):
        if tokens[at + 1].after_break or tokens[at].norm in lexicon.conjunctions(language):
            break
        count += negation(tokens, at, language)
    after = place + size
    if after < len(tokens) and not tokens[after].after_break and tokens[after].norm in ("not", "never", "no"):
        count += 1
    return bool(count % 2)
