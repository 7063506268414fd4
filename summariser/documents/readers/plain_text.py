"""Plain text, without the numbers and heads of its pages, and with words joined that a hyphen divides."""

import re
from collections import Counter

from summariser.documents.readers.encodings import decode
from summariser.documents.readers.hyphens import without_line_end_hyphens
from summariser.documents.readers.pgp import is_encrypted, without_armour
from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Note, Reading
from summariser.errors import InputError

_NUMBER = re.compile(r"\s*(?:[-–—]\s?|(?:Page|Seite|Página|Pagina)\s)?(\d{1,5})(?:\s?[-–—])?\s*", re.IGNORECASE)
_PAGE_MARK = re.compile(r"\s*(?:\[\[Page [A-Z]*\d+\]\]|\{time\}\s+\d{3,4})\s*")  # of the Congressional Record
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？：」』][\"'”’»)\]]*\s*$")
_FEWEST_PAGES = 4
_FEWEST_LINES = 10  # of a page on average
_FEWEST_HEADS = 3
_SHARE_OF_PAGES = 0.4  # that have a running head; left and right pages may have different ones
_NEAREST = 3  # lines between the number of a page and its head


def read(data: bytes, about: About) -> Reading:
    """Return the text of a file of plain text, also of one that is signed with PGP.

    Raises:
        InputError: The text is encrypted.
    """
    decoded = decode(data, source=about.source, declared=about.charset)
    if is_encrypted(decoded.text):
        raise InputError(f"{about.source} is an encrypted message; decrypt it, and save its text.")
    bare, armour = without_armour(decoded.text.replace("\r\n", "\n"))
    text, notes = typed(bare if armour else decoded.text)
    told = (("parts_left_out", f"Left out of the text: {'; '.join(armour)}."),) if armour else ()
    return Reading(text=text, notes=(*decoded.notes, *told, *notes))


def typed(text: str) -> tuple[str, tuple[Note, ...]]:
    """Return a text that is set in lines without the hyphens and the page furniture between them, and a note on these.

    Args:
        text: The text, with its line breaks.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    dropped = _furniture(lines) | {place for place, line in enumerate(lines) if _PAGE_MARK.fullmatch(line)}
    if not dropped:
        return without_line_end_hyphens(text), ()
    told = "1 line" if len(dropped) == 1 else f"{len(dropped)} lines"
    note = ("parts_left_out", f"Left out of the text: running heads and page numbers ({told}).")
    return without_line_end_hyphens("\n".join(_without(lines, dropped))), (note,)


def _furniture(lines: list[str]) -> set[int]:
    """Return the places of the page numbers and of the lines that recur beside them; none if there are few pages."""
    numbers = _page_numbers(lines)
    if len(numbers) < _FEWEST_PAGES or numbers[-1] - numbers[0] < _FEWEST_LINES * (len(numbers) - 1):
        return set()
    beside = {number: _beside(lines, number) for number in numbers}
    often = Counter(head for near in beside.values() for head in {lines[place].strip() for place in near})
    dropped = set(numbers)
    fewest = max(_FEWEST_HEADS, _SHARE_OF_PAGES * len(numbers))
    for near in beside.values():
        heads = (place for place in near if often[lines[place].strip()] >= fewest)
        dropped |= {place for place in heads if not _ENDS_SENTENCE.search(lines[place])}
    return dropped


def _without(lines: list[str], dropped: set[int]) -> list[str]:
    """Return the lines without some; a sentence that goes on after them is one paragraph."""
    kept: list[str] = []
    after = False  # a dropped line
    for place, line in enumerate(lines):
        if place in dropped:
            after = True
            while kept and not kept[-1].strip():
                kept.pop()
        elif line.strip() or not after:
            if after and kept and _ENDS_SENTENCE.search(kept[-1]):
                kept.append("")
            kept.append(line)
            after = False
    return kept


def _page_numbers(lines: list[str]) -> list[int]:
    """Return the places of the lines that number the pages: one more on each page, and nothing else in the line."""
    before: dict[int, int] = {}  # the place of the number before, by place
    length: dict[int, int] = {}  # of the sequence that ends at a place
    last: dict[int, int] = {}  # the place of each number
    for place, line in enumerate(lines):
        if found := _NUMBER.fullmatch(line):
            number = int(found[1])
            if number - 1 in last:
                before[place] = last[number - 1]
            if number - 1 in last or number not in last:
                length[place] = length.get(before.get(place, -1), 0) + 1
                last[number] = place
    places: list[int] = []
    end = max(length, key=lambda place: length[place], default=None)
    while end is not None:
        places.append(end)
        end = before.get(end)
    return places[::-1]


def _beside(lines: list[str], number: int) -> list[int]:
    """Return the places of the last line with words before the number of a page, and of the first one after it."""
    before = range(number - 1, max(number - 1 - _NEAREST, -1), -1)
    behind = range(number + 1, min(number + 1 + _NEAREST, len(lines)))
    return [place for each in (before, behind) for place in [p for p in each if lines[p].strip()][:1]]


READER = Reader(name="plain text", endings=frozenset({".txt", ".text"}), read=read)
