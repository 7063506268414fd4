"""What a reader returns: the text of a source, where each stretch of it stood, and what is known about it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from summariser.errors import InputError
from summariser.text import normalise

Note = tuple[str, str]

NOTE_CODES = frozenset({"bytes_replaced", "encoding_guessed", "order_changed", "parts_left_out"})
"""The codes that the notes of a reader may have."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of a text stood in its file; the stretch ends where the next Place begins.

    Attributes:
        start: The offset at which the stretch begins in the normalised text.
        page: The number of the page, from 1.
        time: The time in a recording, as HH:MM:SS.
        part: The name of the part, such as "attachment".
        heading: The heading above the stretch.
    """

    start: int = 0
    page: int | None = None
    time: str | None = None
    part: str | None = None
    heading: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The text of a source as a reader found it.

    Attributes:
        text: The text, normalised if there are places.
        places: Where its stretches stood, by ascending offset; empty if the format has no places.
        title: The title that the format gives, or None.
        published: The day of publication that the format gives, or None.
        dated: The day that the running heads give, or None; it counts if the text states no day of publication.
        author: The author that the format gives, or None.
        language: The ISO 639-1 code of the language that the format gives, or None.
        speakers: The labels of speakers, each before a colon, that the format marks as such.
        notes: What a reader of the summary should know, as pairs of a sentence and, before it, its code:
            "bytes_replaced", "encoding_guessed", "order_changed" or "parts_left_out".
    """

    text: str
    places: tuple[Place, ...] = ()
    title: str | None = None
    published: date | None = None
    dated: date | None = None
    author: str | None = None
    language: str | None = None
    speakers: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        for code, _ in self.notes:
            if code not in NOTE_CODES:
                raise InputError(f"The note code {code!r} is not known; use one of {', '.join(sorted(NOTE_CODES))}.")


def placed(pieces: Iterable[tuple[str, Place]]) -> tuple[str, tuple[Place, ...]]:
    """Join the pieces of a text, and return it with the places of the pieces.

    Consecutive pieces of the same place have one Place.

    Args:
        pieces: The pieces with their separators and their places; the offsets of the places are set here.

    Returns:
        The normalised text, and its places; no places if nothing is known of any.
    """
    texts: list[str] = []
    places: list[Place] = []
    length = 0
    for text, place in pieces:
        piece = normalise(text)
        if piece and (not places or replace(place, start=places[-1].start) != places[-1]):
            places.append(replace(place, start=length))
        texts.append(piece)
        length += len(piece)
    known = any(replace(place, start=0) != Place() for place in places)
    return "".join(texts).rstrip(), tuple(places) if known else ()
