"""The layout of a PDF's page: characters to lines, lines to columns, and where paragraphs begin."""

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

_GAP = 0.7  # of the font size; a wider gap divides a line into segments
_CELL_GAP = 2.5  # of the font size; a wider gap sets the cells of a table apart
_SPACE = 0.17  # of the font size; a wider gap between segments is a space
_UNMARKED_SPACE = 0.5  # of the font size; a wider gap between characters is a space that the page does not store
_FEWEST_ROWS = 4  # of a column
_COLUMN_WIDTH = 0.2  # of the width beside a gutter that the median of its lines has, unlike the cells of a table
_COLUMN_CHARACTERS = 15  # likewise, in characters
_MOST_CROSSING = 0.5  # lines across the gutter, as a share of all lines
_UPRIGHT = 0.9  # the least cosine of the angle of upright characters
_COPY = 0.35  # of the font size; nearer segments of the same text are one
_FEWEST_NUMBERS = 15  # of lines on a page whose lines are numbered
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_BULLET = re.compile(r"(?:[-*•–—‣▪◦●]|\d{1,2}[.)]|\(?[a-z]\))\s")
_SENTENCE_END = re.compile(r"[.!?…:;。！？؟][\"'”’»)\]]*\d{0,2}$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a page, or a segment of one; lengths are in points from the upper left corner.

    Attributes:
        text: The text.
        left: The left edge.
        top: The upper edge.
        right: The right edge.
        bottom: The lower edge.
        size: The height of its characters.
        page_height: The height of the page.
        column: The left and the right edge of its column.
        leading: The usual distance of lines in its column.
        tabular: True if it is the row of a table.
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

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.top + self.bottom) / 2


def lines_in_order(page: Any) -> list[Line]:
    """Return the lines of a page in reading order.

    Args:
        page: A page of pypdfium2.
    """
    textpage = page.get_textpage()
    try:
        height = page.get_height()
        text = textpage.get_text_range()
        if page.get_rotation() or len(_RIGHT_TO_LEFT.findall(text)) > 0.3 * len(text):
            return _as_stored(text, height)
        segments = _segments(textpage.raw, height)
        return _as_stored(text, height) if segments is None else _ordered(segments)
    finally:
        textpage.close()


def _as_stored(text: str, height: float) -> list[Line]:
    """Return the lines in the order in which the page stores them."""
    lines = [" ".join(_clean(line).split()) for line in text.splitlines()]
    middle = height / 2
    return [Line(line, 0, middle, 0, middle, 1, height) for line in lines if line]


def _clean(text: str) -> str:
    return text.replace("\x02", "-").replace("\ufffe", "-").replace("\0", "")


# ── characters to segments ───────────────────────────────────────────────────────────────────────


class _Character(NamedTuple):
    character: str
    left: float
    top: float
    right: float
    bottom: float
    position: int


def _characters(textpage: Any, height: float) -> Iterator[_Character]:
    """Yield the characters of a page in the order in which the page stores them."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    at = ctypes.byref(box)
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in (0, 10, 13) or not pdfium.FPDFText_GetLooseCharBox(textpage, index, at):
            continue
        character = (
            "-"
            if code in (0x02, 0xFFFE)
            else chr(code)
            if code < 0x110000 and not 0xD800 <= code < 0xE000
            else "\ufffd"
        )
        yield _Character(character, box.left, height - box.top, box.right, height - box.bottom, index)


def _segments(textpage: Any, height: float) -> list[Line] | None:
    """Return the runs of characters that stand beside each other; None if most of the page is rotated.

    Rotated runs, such as stamps in the margin, and second copies are left out.
    """
    found: list[Line] = []
    upright = rotated = 0
    for run in _runs(_characters(textpage, height)):
        if _is_rotated(textpage, run[0].position):
            rotated += len(run)
        else:
            upright += len(run)
            found += _segment(run, height)
    if rotated > upright:
        return None
    return _merged(_without_line_numbers(_without_copies(found)))


def _runs(characters: Iterator[_Character]) -> Iterator[list[_Character]]:
    """Yield the runs of characters that stand beside each other; none begins with white space."""
    run: list[_Character] = []
    last: _Character | None = None
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


def _is_rotated(textpage: Any, index: int) -> bool:
    """Return True if a character does not stand upright, as those of stamps in the margin."""
    import pypdfium2.raw as pdfium

    return math.cos(pdfium.FPDFText_GetCharAngle(textpage, index)) < _UPRIGHT


def _without_copies(segments: Sequence[Line]) -> list[Line]:
    """Leave out segments that are drawn twice, to look bold or to have a shadow."""
    kept: dict[tuple[str, int, int], Line] = {}
    for segment in segments:
        places = [
            (segment.text, round(segment.left / segment.size) + x, round(segment.top / segment.size) + y)
            for x in (-1, 0, 1)
            for y in (-1, 0, 1)
        ]
        if not any(
            place in kept
            and abs(kept[place].left - segment.left) < _COPY * segment.size
            and abs(kept[place].top - segment.top) < _COPY * segment.size
            for place in places
        ):
            kept[places[4]] = segment
    return list(kept.values())


def _without_line_numbers(segments: Sequence[Line]) -> list[Line]:
    """Leave out the numbers of the lines, which stand in the left margin of some records at even distances."""
    if not segments:
        return []
    left = min(segment.left for segment in segments)
    numbers = [s for s in segments if s.text.isdecimal() and s.left < left + 2 * s.size]
    numbers.sort(key=lambda segment: segment.top)
    pairs = list(pairwise(numbers))
    rising = [int(b.text) - int(a.text) == 1 for a, b in pairs]
    steps = [b.top - a.top for a, b in pairs]
    if len(numbers) < _FEWEST_NUMBERS or not all(rising) or max(steps) > 1.3 * min(steps):
        return list(segments)
    return [segment for segment in segments if segment not in numbers]


def _continues(last: _Character, each: _Character) -> bool:
    """Return True if a character stands beside the last one."""
    size = max(last.bottom - last.top, 1.0)
    same_line = abs((last.top + last.bottom) - (each.top + each.bottom)) / 2 < 0.5 * size
    return (
        same_line and each.left >= last.left - 0.2 * size and each.left - last.right <= _GAP * size
    )  # a ligature's letters have one box


def _segment(run: Sequence[_Character], height: float) -> list[Line]:
    """Return the segment of a run of characters, with spaces at gaps; an empty list if it has no words."""
    drawn = [each for each in run if not each.character.isspace()]
    if not drawn:
        return []
    parts: list[str] = []
    last: _Character | None = None
    for each in run:
        if each.character.isspace():
            parts.append(" ")
            continue
        size = each.bottom - each.top
        if last is not None and parts[-1] != " " and each.left - last.right > _UNMARKED_SPACE * size:
            parts.append(" ")
        parts.append(each.character)
        last = each
    text = " ".join(_clean("".join(parts)).split())
    size = median(each.bottom - each.top for each in drawn)
    edges = (
        min(e.left for e in drawn),
        min(e.top for e in drawn),
        max(e.right for e in drawn),
        max(e.bottom for e in drawn),
    )
    left, top, right, bottom = edges
    return [Line(text, left, top, right, bottom, size, height)] if bottom - top < 3 * size else []


def _merged(segments: Sequence[Line]) -> list[Line]:
    """Return the segments with those joined that stand side by side on a line, though they are stored apart."""
    merged: list[Line] = []
    for row in _rows(segments):
        last: Line | None = None
        for segment in sorted(row, key=lambda each: each.left):
            if last is not None and -0.5 * last.size <= segment.left - last.right <= _GAP * last.size:
                merged.pop()
                segment = _beside(last, segment)  # noqa: PLW2901
            merged.append(segment)
            last = segment
    return merged


def _beside(left: Line, right: Line) -> Line:
    """Return two segments of a line as one."""
    space = " " if right.left - left.right > _SPACE * left.size else ""
    return replace(
        left,
        text=f"{left.text}{space}{right.text}",
        top=min(left.top, right.top),
        right=max(left.right, right.right),
        bottom=max(left.bottom, right.bottom),
        size=max(left.size, right.size),
    )


def _rows(segments: Sequence[Line]) -> list[list[Line]]:
    """Return the segments by rows, from the top to the bottom of the page."""
    rows: list[list[Line]] = []
    for segment in sorted(segments, key=lambda each: each.middle):
        if rows and abs(rows[-1][0].middle - segment.middle) < 0.4 * max(segment.size, rows[-1][0].size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return rows


# ── segments to columns ──────────────────────────────────────────────────────────────────────────


def _ordered(segments: Sequence[Line]) -> list[Line]:
    """Return the lines of a region in reading order: its columns from left to right, between lines across them."""
    gutter = _gutter(segments)
    if gutter is None:
        return _column(segments)
    lines: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    across: list[Line] = []
    for segment in sorted(segments, key=lambda each: (each.middle, each.left)):
        if segment.left < gutter < segment.right:
            if left or right:
                lines += _ordered(left) + _ordered(right)
                left, right = [], []
            across.append(segment)
            continue
        if across:
            lines += _column(across)
            across = []
        (left if segment.right <= gutter else right).append(segment)
    return lines + _column(across) + _ordered(left) + _ordered(right)


def _gutter(segments: Sequence[Line]) -> float | None:
    """Return where the gutter between two columns is, or None if there is one column."""
    if len(segments) < 2 * _FEWEST_ROWS:
        return None
    start, end = min(s.left for s in segments), max(s.right for s in segments)
    candidates = sorted({s.left - 1 for s in segments} | {s.right + 1 for s in segments})
    best: tuple[float, float] | None = None
    for x in candidates:
        if not start + 0.15 * (end - start) < x < end - 0.15 * (end - start):
            continue
        left = [s for s in segments if s.right <= x]
        right = [s for s in segments if s.left >= x]
        crossing = len(segments) - len(left) - len(right)
        if crossing > _MOST_CROSSING * len(segments) or not _are_columns(left, right):
            continue
        score = (float(crossing), -(min(s.left for s in right) - max(s.right for s in left)))
        if best is None or score < best[:2]:
            best, gutter = score, x
    return gutter if best is not None else None


def _are_columns(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Return True if segments left and right of a gutter are lines of text, not cells of a table."""
    if min(len(left), len(right)) < _FEWEST_ROWS:
        return False
    top = max(min(s.top for s in left), min(s.top for s in right))
    bottom = min(max(s.bottom for s in left), max(s.bottom for s in right))
    for side in (left, right):
        beside = [s for s in side if s.bottom > top and s.top < bottom]
        width = max(s.right for s in side) - min(s.left for s in side)
        if len(beside) < _FEWEST_ROWS or median(s.right - s.left for s in beside) < _COLUMN_WIDTH * width:
            return False
        if median(len(s.text) for s in beside) < _COLUMN_CHARACTERS:
            return False
    return True


def _column(segments: Sequence[Line]) -> list[Line]:
    """Return the lines of one column from top to bottom, with its edges and its usual distance of lines."""
    if not segments:
        return []
    rows = [sorted(row, key=lambda each: each.left) for row in _rows(segments)]
    edges = min(s.left for s in segments), max(s.right for s in segments)
    steps = [below[0].middle - above[0].middle for above, below in pairwise(rows)]
    close = [step for step, row in zip(steps, rows, strict=False) if step < 2.5 * row[0].size]
    leading = median(close) if close else 0.0
    return [_line(row, edges, leading) for row in rows]


def _line(row: Sequence[Line], column: tuple[float, float], leading: float) -> Line:
    """Return the segments of a row as a line; those that are far apart are the cells of a table."""
    gaps = [right.left - left.right for left, right in pairwise(row)]
    wide = [gap > _CELL_GAP * segment.size for gap, segment in zip(gaps, row, strict=False)]
    parts = [row[0].text]
    for is_wide, segment in zip(wide, row[1:], strict=True):
        parts += [" | " if is_wide else " ", segment.text]
    return replace(
        row[0],
        text="".join(parts),
        top=min(s.top for s in row),
        right=max(s.right for s in row),
        bottom=max(s.bottom for s in row),
        size=max(s.size for s in row),
        column=column,
        leading=leading,
        tabular=any(wide),
    )


# ── paragraphs ───────────────────────────────────────────────────────────────────────────────────


def ends_sentence(line: Line) -> bool:
    """Return True if a line ends with the end of a sentence."""
    return _SENTENCE_END.search(line.text) is not None


def begins_paragraph(line: Line, following: Line) -> bool:
    """Return True if a paragraph ends between two lines that follow each other in reading order."""
    if _BULLET.match(following.text) and (ends_sentence(line) or _BULLET.match(line.text)):
        return True
    if abs(line.size - following.size) > 0.12 * max(line.size, following.size):
        return True
    if following.column != line.column or following.top < line.top:  # another column, or another page
        return ends_sentence(line) or not following.text[:1].islower()
    if line.leading and following.middle - line.middle > 1.35 * line.leading:
        return True
    width = line.column[1] - line.column[0]
    if (
        following.left - line.left > 0.8 * line.size
        and ends_sentence(line)
        and following.left > line.column[0] + 0.5 * line.size
    ):
        return True
    return ends_sentence(line) and line.right < line.column[1] - 0.12 * width
