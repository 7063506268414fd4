"""The turns of a transcript and their speakers."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summariser.text import lexicon

_SHOUTED = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]*(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,5}"
_NAMED = r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){0,3}"
_LABEL = re.compile(rf"(?:(?P<label>{_SHOUTED}|{_NAMED}) ?:|(?P<letter>[QA])(?=\s))\s+")
_FEWEST_TURNS = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a speaker in a transcript.

    Attributes:
        label: The label of the speaker, without the colon.
        start: The offset at which the label begins.
        spoken: The offset at which the speech begins.
        sentence: The number of the sentence in which the turn begins.
    """

    label: str
    start: int
    spoken: int
    sentence: int

    @property
    def asks(self) -> bool:
        """True if the turn has the label of a question."""
        return self._is_labelled("question_labels")

    @property
    def answers(self) -> bool:
        """True if the turn has the label of an answer."""
        return self._is_labelled("answer_labels")

    def _is_labelled(self, name: str) -> bool:
        return self.label.casefold().strip(".") in lexicon.words(name)


def turns_in(text: str, paragraphs: Iterable[int], sentences: Sequence[int]) -> list[Turn]:
    """Return the turns of a transcript in order; an empty list if the text is not a transcript.

    A text is a transcript if it has enough labels and at least half of them recur.

    Args:
        text: The text of the document.
        paragraphs: The offsets at which the paragraphs begin.
        sentences: The offsets at which the sentences begin.
    """
    found = [(start, _LABEL.match(text, start)) for start in paragraphs]
    turns = [
        Turn((label["label"] or label["letter"]).strip(), start, label.end(), bisect_left(sentences, start) + 1)
        for start, label in found
        if label is not None
    ]
    often = Counter(turn.label for turn in turns)
    turns = [turn for turn in turns if often[turn.label] > 1 or turn.label.isupper()]
    again = sum(count for count in often.values() if count > 1)
    return turns if len(turns) >= _FEWEST_TURNS and 2 * again >= len(turns) else []


def turn_at(turns: Sequence[Turn], start: int) -> Turn | None:
    """Return the last turn that begins at or before an offset, or None."""
    place = bisect_right(turns, start, key=lambda turn: turn.start)
    return turns[place - 1] if place else None
