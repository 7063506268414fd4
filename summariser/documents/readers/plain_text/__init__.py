"""Plain text, without the numbers and heads of its pages, and with words joined that a hyphen divides."""

import re
from collections import Counter

from summariser.documents.readers.encodings import decode
from summariser.documents.readers.hyphens import without_line_end_hyphens
from summariser.documents.readers.pgp import is_encrypted, without_armour
from summariser.documents.readers.plain_text.layout import single_spaced, with_columns_in_turn, without_line_numbers
from summariser.documents.readers.plain_text.pages import (
    ENDS_SENTENCE,
    counted,
    pages_of,
    with_footnotes_behind,
    without_heads,
)
from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Note, Reading
from summariser.errors import InputError

_NUMBER = re.compile(r"\s*(?:[-–—]\s?|(?:Page|Seite|Página|Pagina)\s)?(\d{1,5})(?:\s?[-–—])?\s*", re.IGNORECASE)
_PAGE_MARK = re.compile(  # of the Congressional Record, of Hansard
    r"\s*(?:\[\[Page [A-Z]*\d+\]\]|\{time\}\s+\d{3,4}"
    r"|(?:\d{1,2} [A-Z][a-z]{2,8} \d{4}\s?:\s?)?Col(?:umn|\.) \d{1,5}[A-Z]{0,4})\s*"
)
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*[\["{])')
_FEWEST_PAGES = 4
_FEWEST_LINES = 10  # of a page on average
_FEWEST_HEADS = 3
_SHARE_OF_PAGES = 0.4  # that have a running head; left and right pages may have different ones
_NEAREST = 3  # lines between the number of a page and its head


def read(data: bytes, about: About) -> Reading:
    """Return the text of a file of plain text, also of one that is signed with PGP; JSON stays as it is.

    Raises:
        InputError: The text is encrypted.
    """
    decoded = decode(data, source=about.source, declared=about.charset)
    if is_encrypted(decoded.text):
        raise InputError(f"{about.source} is an encrypted message; decrypt it, and save its text.")
    if _JSON.match(decoded.text):
        return Reading(text=decoded.text, notes=decoded.notes)
    bare, armour = without_armour(decoded.text.replace("\r\n", "\n"))
    text, notes = typed(bare if armour else decoded.text)
    told = (("parts_left_out", f"Left out of the text: {'; '.join(armour)}."),) if armour else ()
    return Reading(text=text, notes=(*decoded.notes, *told, *notes))


def typed(text: str) -> tuple[str, tuple[Note, ...]]:
    """Return a text that is set in lines without the hyphens and the page furniture between them, and notes on these.

    Args:
        text: The text, with its line breaks and form feeds.
    """
    pages = pages_of(text.replace("\r\n", "\n"))
    paged = len(pages) > 1
    unnumbered = [without_line_numbers(page) for page in pages]
    pages, heads = without_heads([page for page, _ in unnumbered]) if paged else ([p for p, _ in unnumbered], 0)
    pages, footnotes = with_footnotes_behind(pages)
    in_turn = [with_columns_in_turn(page) for page in pages]
    lines, dropped = _joined([page for page, _ in in_turn])
    marks = _furniture(lines) | counted(lines) | {n for n, line in enumerate(lines) if _PAGE_MARK.fullmatch(line)}
    numbers = sum(count for _, count in unnumbered)
    notes = _notes(heads + len(marks), numbers, columns=any(columns for _, columns in in_turn), behind=bool(footnotes))
    if not (paged or marks or notes):
        return without_line_end_hyphens("\n".join(single_spaced(text.replace("\r\n", "\n").split("\n")))), ()
    kept = single_spaced(_without(lines, dropped | marks))
    return without_line_end_hyphens("\n".join([*kept, *footnotes])), notes


def _joined(pages: list[list[str]]) -> tuple[list[str], set[int]]:
    """Return the lines of all pages, with a line for each page break, and the places of these."""
    lines: list[str] = []
    breaks: set[int] = set()
    for number, page in enumerate(pages):
        if number:
            breaks.add(len(lines))
            lines.append("")
        lines += page
    return lines, breaks


def _notes(heads: int, numbers: int, *, columns: bool, behind: bool) -> tuple[Note, ...]:
    """Return what was left out and what was put in another order.

    Args:
        heads: The number of lines that are running heads or page numbers.
        numbers: The number of lines that had a number.
        columns: True if there were columns side by side.
        behind: True if footnotes stood within sentences.
    """
    told = [f"running heads and page numbers ({heads} line{'s' if heads > 1 else ''})"] if heads else []
    told += [f"the numbers of {numbers} lines"] if numbers else []
    notes = [("parts_left_out", f"Left out of the text: {'; '.join(told)}.")] if told else []
    if columns:
        notes.append(("order_changed", "Columns that stand side by side were read one after the other."))
    if behind:
        notes.append(("order_changed", "Footnotes that stood within sentences follow the text."))
    return tuple(notes)


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
        dropped |= {place for place in heads if not ENDS_SENTENCE.search(lines[place])}
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
            if after and kept and ENDS_SENTENCE.search(kept[-1]):
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
