"""Cut a text where cited words begin and end."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and the ids of the items that cite all of it."""

    text: str
    items: tuple[str, ...]


def pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """Return a part of a text in pieces.

    Args:
        text: The text.
        start: Where the part begins.
        end: Where it ends.
        spans: The places of the cited words, as (start, end, id of the item), all within the part.
    """
    cuts = sorted({start, end, *(at for first, last, _ in spans for at in (first, last))})
    return [
        Piece(text[a:b], tuple(dict.fromkeys(id for first, last, id in spans if first <= a and b <= last)))
        for a, b in pairwise(cuts)
    ]
