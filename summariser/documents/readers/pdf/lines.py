"""The lines of a PDF's page: characters that stand beside each other, as segments of text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile
from statistics import median
from typing import Any

from summariser.documents.readers.pdf.characters import (
    Character,
    Seen,
    characters_of,
    font_name,
    is_bold,
    is_rotated,
)
from summariser.documents.readers.pdf.right_to_left import right_to_left_lines, right_to_left_text

_GAP = 0.7  # of the size; a wider gap divides a line into segments
_SPACE = 0.17  # of the size; a wider gap between segments is a space
_UNMARKED_SPACE = 0.5  # of the size; a wider gap between characters is a space that the page does not store
_OTHER_SIZE = 0.1  # of the size; characters that differ more are of different sizes
_COPY = 0.35  # of the size; nearer segments of the same text are one
_SHADOW = 0.9  # likewise, of words that are longer than that
_SMALLER, _HIGHER = 0.85, 0.15  # of the size; raised numbers are smaller and stand higher
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_NUMBER = 3  # digits of the number of a note
_NEAR = 0.4  # of the size; the number of a note stands nearer to its word
_PROSE_CHARACTERS = 20  # of a line of prose; one that is as wide as two counts twice
_PROSE_WORDS = 3  # likewise, in words
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]")
_SENTENCE_END = re.compile(r"[.!?…:;。！？؟][\"'”’»)\]]*[\d⁰¹²³⁴-⁹]{0,3}$")
_SYMBOL = re.compile(r"^[\ue000-\uf8ff](?=\s|$)")  # a bullet of a font of symbols


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a page, or a segment of one; lengths are in points from the upper left corner.

    Attributes:
        text: The text.
        left: The left edge.
        top: The upper edge.
        right: The right edge.
        bottom: The lower edge.
        size: The height of its characters, 1.2 of the font size.
        page_height: The height of the page.
        column: The left and the right edge of its column.
        leading: The usual distance of lines in its column.
        tabular: True if it is the row of a table.
        bold: True if its first character is bold, and if its last one is.
        ends: The heights of the characters of its first and of its last word.
        is_note: True if it belongs to a footnote.
        is_heading: True if it is larger than most lines of its page.
        room: The width that it leaves empty, beside the widest line near it.
        taken: The width that a box or a picture beside it takes from its column.
        is_aside: True if it stands in a side column.
        font: The name of the font of its middle letter.
        stands_alone: True if it is a numbered heading in another font than the lines around it.
        spaced: True if a space is stored behind its last character.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    page_height: float
    column: tuple[float, float] = (0.0, 0.0)
    leading: float = 0.0
    tabular: bool = False
    bold: tuple[bool, bool] = (False, False)
    ends: tuple[float, float] = (0.0, 0.0)
    is_note: bool = False
    is_heading: bool = False
    room: float = 0.0
    taken: float = 0.0
    is_aside: bool = False
    font: bytes = b""
    stands_alone: bool = False
    spaced: bool = False

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.top + self.bottom) / 2


def segments_of(page: Any) -> tuple[list[Line], int]:
    """Return the segments of a page, as they are stored: runs of characters that stand beside each other on a line.

    The number is that of the runs that are left out because they are rotated, such as stamps in the margin.

    Args:
        page: A page of pypdfium2.
    """
    textpage = page.get_textpage()
    try:
        seen = characters_of(page, textpage)
        segments, rotated = (_segments_to_left(seen), 0) if seen.right_to_left else _segments(seen, textpage)
        return _without_copies(segments), rotated
    finally:
        textpage.close()


def ends_sentence(line: Line) -> bool:
    """Return True if a line ends with the end of a sentence."""
    return _SENTENCE_END.search(line.text) is not None


def is_prose(line: Line) -> bool:
    """Return True if a segment has enough characters and words for a line of prose."""
    wide = len(_WIDE.findall(line.text))
    enough = len(line.text) + wide >= _PROSE_CHARACTERS
    return enough and (len(line.text.split()) >= _PROSE_WORDS or wide >= _PROSE_CHARACTERS // 2)


def is_unspaced(pair: str) -> bool:
    """Return True if both characters are of a script that sets no spaces between words."""
    return len(pair) == 2 and all(
        "\u2e80" <= c <= "\uabff" or "\uff00" <= c <= "\uffef" or "\u0e00" <= c <= "\u0eff" for c in pair
    )


def rows_of(segments: Sequence[Line]) -> list[list[Line]]:
    """Return the segments by rows, from the top to the bottom of the page, each from left to right."""
    rows: list[list[Line]] = []
    for segment in sorted(segments, key=lambda each: each.middle):
        if rows and abs(rows[-1][0].middle - segment.middle) < 0.4 * max(segment.size, rows[-1][0].size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda each: each.left) for row in rows]


# ── characters to segments ───────────────────────────────────────────────────────────────────────


def _segments(seen: Seen, textpage: Any) -> tuple[list[Line], int]:
    """Return the runs of characters that stand side by side, and the number of those that are rotated."""
    runs = [run for run in _runs(seen.characters) if any(not each.character.isspace() for each in run)]
    upright = [run for run in runs if not is_rotated(textpage, run[0], seen.turn)]
    segments = [segment for run in upright for segment in _segment(run, seen.height, textpage)]
    return segments, len(runs) - len(upright)


def _segments_to_left(seen: Seen) -> list[Line]:
    """Return the words of right-to-left lines that stand beside each other."""
    found: list[Line] = []
    for line in right_to_left_lines(seen):
        size = median(each.bottom - each.top for word in line for each in word)
        edges = [_edges(word) for word in line]
        groups: list[tuple[float, list[int]]] = []  # right edges, and numbers of words
        for number in sorted(range(len(line)), key=lambda number: edges[number][0]):
            left, _, right, _ = edges[number]
            if groups and left - groups[-1][0] <= _GAP * size:
                groups[-1] = (max(groups[-1][0], right), [*groups[-1][1], number])
            else:
                groups.append((right, [number]))
        for _, numbers in groups:
            words = [line[number] for number in sorted(numbers)]
            text = _with_plain_bullet(right_to_left_text(words))
            edges_of_text = _edges([each for word in words for each in word])
            found.append(Line(text, *edges_of_text, size, seen.height, ends=(size, size)))
    return found


def _runs(characters: Iterable[Character]) -> Iterator[list[Character]]:
    """Yield the runs of characters that stand beside each other; none begins with white space."""
    run: list[Character] = []
    last: Character | None = None
    for each in characters:
        if not each.character.isspace():
            if last is not None and not _continues(last, each):
                yield run
                run = []
            last = each
        if last is not None:
            run.append(each)
    if run:
        yield run


def _continues(last: Character, each: Character) -> bool:
    """Return True if a character stands beside the last one."""
    size = max(last.bottom - last.top, 1.0)
    same_line = abs((last.top + last.bottom) - (each.top + each.bottom)) / 2 < 0.5 * size
    return (
        same_line and each.left >= last.left - 0.2 * size and each.left - last.right <= _GAP * size
    )  # a ligature's letters have one box


def _segment(run: Sequence[Character], height: float, textpage: Any) -> list[Line]:
    """Return the segment of a run of characters, with spaces at gaps; an empty list if it has no words."""
    drawn = [each for each in run if not each.character.isspace()]
    if not drawn:
        return []
    parts: list[str] = []
    last: Character | None = None
    right = before = 0.0
    for each in run:
        if each.character.isspace():
            parts.append(" ")
            continue
        size = each.bottom - each.top
        is_index = abs(size - before) > _OTHER_SIZE * size  # beside which pages store no spaces
        least = (_SPACE if is_index else _UNMARKED_SPACE) * size
        if parts and parts[-1] != " " and each.left - right > least and not is_unspaced(parts[-1][-1] + each.character):
            parts.append(" ")
        is_raised = last is not None and _is_raised(each, last)
        parts.append(each.character.translate(_RAISED) if is_raised else each.character)
        last, right, before = (last if is_raised else each), each.right, size
    text = _with_plain_bullet(" ".join("".join(parts).split()))
    size = median(each.bottom - each.top for each in drawn)
    edges = _edges(drawn)
    bold = is_bold(textpage, drawn[0]), is_bold(textpage, drawn[-1])
    ends = _size_of_first_word(run), _size_of_first_word(run[::-1])
    letters = [each for each in drawn if each.character.isalpha()] or drawn
    font = font_name(textpage, letters[len(letters) // 2])
    spaced = run[-1].character.isspace()
    line = Line(text, *edges, size, height, bold=bold, ends=ends, font=font, spaced=spaced)
    return [line] if edges[3] - edges[1] < 3 * size else []


def _size_of_first_word(run: Sequence[Character]) -> float:
    word = takewhile(lambda each: not each.character.isspace(), dropwhile(lambda each: each.character.isspace(), run))
    return median(each.bottom - each.top for each in word)


def _is_raised(each: Character | Line, base: Character | Line) -> bool:
    """Return True if a character, or a segment, is smaller than another one and stands higher, as a note's number."""
    size = base.bottom - base.top
    return each.bottom - each.top < _SMALLER * size and each.bottom < base.bottom - _HIGHER * size


def _edges(drawn: Sequence[Character]) -> tuple[float, float, float, float]:
    """Return the left, the upper, the right and the lower edge of characters."""
    return (
        min(each.left for each in drawn),
        min(each.top for each in drawn),
        max(each.right for each in drawn),
        max(each.bottom for each in drawn),
    )


def _with_plain_bullet(text: str) -> str:
    """Return a text whose bullet is a bullet in Unicode; fonts of symbols have them as characters of private use."""
    return _SYMBOL.sub("•", text)


def _without_copies(segments: Sequence[Line]) -> list[Line]:
    """Leave out segments that are drawn twice, to look bold or to have a shadow."""
    kept: dict[tuple[str, int, int], Line] = {}
    for segment in segments:
        places = [
            (segment.text, round(segment.left / segment.size) + x, round(segment.top / segment.size) + y)
            for x in (-1, 0, 1)
            for y in (-1, 0, 1)
        ]
        if not any(place in kept and _lies_under(kept[place], segment) for place in places):
            kept[places[4]] = segment
    return list(kept.values())


def _lies_under(copy: Line, segment: Line) -> bool:
    """Return True if two segments of the same words overlap; short ones overlap only if they are nearer."""
    near = _COPY * segment.size
    far = max(near, min(_SHADOW * segment.size, segment.width / 2))
    return abs(copy.left - segment.left) < far and abs(copy.top - segment.top) < max(near, min(far, 0.5 * segment.size))


def with_numbers_of_notes(segments: Sequence[Line]) -> list[Line]:
    """Return the segments with raised numbers that are stored apart on the line of the word before them."""
    numbers = [s for s in segments if s.text.isdecimal() and len(s.text) <= _LONGEST_NUMBER]
    found = {id(each): each for each in segments}
    for number in numbers:
        base = next(
            (
                each
                for each in segments
                if each is not number
                and abs(number.left - each.right) < _NEAR * each.size
                and number.bottom > each.top
                and _is_raised(number, each)
            ),
            None,
        )
        if base:
            found[id(number)] = replace(
                number, text=number.text.translate(_RAISED), top=base.top, bottom=base.bottom, left=base.right
            )
    return list(found.values())


def merged(segments: Sequence[Line]) -> list[Line]:
    """Return the segments with those joined that stand side by side on a line, though they are stored apart."""
    found: list[Line] = []
    for row in rows_of(segments):
        last: Line | None = None
        for segment in row:
            if last is not None and -0.5 * last.size <= segment.left - last.right <= _GAP * last.size:
                found.pop()
                segment = _beside(last, segment)  # noqa: PLW2901
            found.append(segment)
            last = segment
    return found


def _beside(left: Line, right: Line) -> Line:
    """Return two segments of a line as one; the size is that of the longer one, as small capitals stand beside it."""
    space = " " if right.left - left.right > _SPACE * left.size else ""
    return replace(
        left,
        text=f"{left.text}{space}{right.text}",
        top=min(left.top, right.top),
        right=max(left.right, right.right),
        bottom=max(left.bottom, right.bottom),
        size=left.size if len(left.text) >= len(right.text) else right.size,
        bold=(left.bold[0], right.bold[1]),
        ends=(left.ends[0], right.ends[1]),
        spaced=right.spaced,
    )
