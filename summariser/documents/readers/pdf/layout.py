"""The layout of a PDF's page: segments to columns, and columns to lines in reading order."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from summariser.documents.readers.pdf.diagrams import axis_labels
from summariser.documents.readers.pdf.lines import (
    Line,
    ends_sentence,
    is_prose,
    merged,
    rows_of,
    segments_of,
    with_numbers_of_notes,
)
from summariser.documents.readers.pdf.margins import (
    watermarks,
    with_justified_lines,
    without_line_numbers,
    without_margin_marks,
)
from summariser.documents.readers.pdf.side_columns import narrowed, side_columns

_CELL_GAP = 2.5  # of the size; a wider gap sets the cells of a table apart
_ALIGNED = 0.3  # of the size; cells of a column of a table begin or end nearer to each other
_FEWEST_CELLS = 3  # rows of a table whose cells stand near each other
_MANY_CELLS = 5  # of a row that is no row of two or three columns
_LONGEST_CELL = 20  # characters of each of its segments
_FEWEST_ROWS = 4  # of a column
_PROSE_WIDTH = 0.2  # of the width beside a gutter that a line of prose has, unlike the cell of a table
_PROSE_SHARE = 0.25  # of the characters beside a gutter that stand in lines of prose
_NARROWEST_STEP = 0.7  # of the size, between lines
_WIDEST_STEP = 2.5  # of the size, between the lines of a paragraph
_CLOSE_STEP = 1.4  # of the size, between the lines of short paragraphs
_FEWEST_CLOSE = 3  # such steps of a column
_EVEN_STEP = 0.05  # of such a step; by how much it may differ from others
_FULL = 0.8  # of the column's width; a line of prose that is no last one is wider
_WIDEST_LEADING = 2.0  # of the size, of lines of prose
_MOST_CROSSING = 0.5  # lines across the gutter, as a share of all lines
_BAND_GAP = 1.5  # of the size; a wider gap over the whole page may set columns apart from others below
_LONGEST_BAND = 8  # rows above such a gap; columns that are cut by a fold are longer
_BAND_HEADING = 1.15  # of the size of the text below; a heading above columns is larger
_LEVEL = 0.4  # of the size; columns that begin below the same gap begin at the same height
_RULED = re.compile(r"[-–—_.=*~·…\s]{3,}")  # a line that is drawn with characters
_LABEL = re.compile(r"[-*•–—‣▪◦●■□✓➢]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2})+\.?")
_LEADER = re.compile(r"\s*(?:[.·…_]\s?){4,}\s*(?=[\divxlc]{1,5}$)")


class PageLines(NamedTuple):
    """The lines of a page in reading order, and how many labels of diagrams and watermarks are left out."""

    lines: list[Line]
    labels: int
    watermarks: int


def lines_in_order(page: Any) -> PageLines:
    """Return the lines of a page in reading order, without labels of diagrams and watermarks.

    Args:
        page: A page of pypdfium2.
    """
    stored, rotated = segments_of(page)
    marks = {id(mark) for mark in watermarks(stored)}
    segments = without_margin_marks([segment for segment in stored if id(segment) not in marks])
    segments = with_justified_lines(without_line_numbers(merged(with_numbers_of_notes(segments))))
    labels = {id(label) for label in axis_labels(segments)}
    kept = [segment for segment in segments if id(segment) not in labels]
    columns = side_columns(kept)
    ordered = _with_asides(_ordered(narrowed(kept, columns)), [_column(column) for column in columns])
    lines = [line for line in ordered if not _RULED.fullmatch(line.text)]
    return PageLines(lines, len(labels), len(marks) + rotated)


def _with_asides(lines: list[Line], columns: Sequence[list[Line]]) -> list[Line]:
    """Return lines with the side columns: those on their left, which may have the day, before them, others behind."""
    left = min((line.left for line in lines), default=0.0)
    before = [line for column in columns for line in column if column[0].left < left]
    behind = [line for column in columns for line in column if column[0].left >= left]
    aside = [[replace(line, is_aside=True) for line in group] for group in (before, behind)]
    return [*aside[0], *lines, *aside[1]]


# ── columns ──────────────────────────────────────────────────────────────────────────────────────


def _ordered(segments: Sequence[Line]) -> list[Line]:
    """Return the lines of a region in reading order: its columns from left to right, between lines across them."""
    gutter = _gutter(segments)
    if gutter is None:
        return _column(segments)
    lines: list[Line] = []
    beside: list[Line] = []
    across: list[Line] = []
    rows = rows_of(segments)
    bands = _bands(rows, gutter)
    for number, row in enumerate(rows):
        if number in bands:
            lines += _column(across) + _beside_gutter(beside, gutter)
            across, beside = [], []
        if _is_row_of_cells(row) or any(segment.left < gutter < segment.right for segment in row):
            lines += _beside_gutter(beside, gutter)
            beside = []
            across += row
        else:
            lines += _column(across)
            across = []
            beside += row
    return lines + _column(across) + _beside_gutter(beside, gutter)


def _bands(rows: Sequence[Sequence[Line]], gutter: float) -> set[int]:
    """Return the numbers of the rows at which columns begin anew: below a wide gap, or with a heading above them."""
    found: set[int] = set()
    for number in range(1, len(rows) - 2):
        size = rows[number][0].size
        above = max(segment.bottom for row in rows[:number] for segment in row)
        gap = min(segment.top for segment in rows[number]) - above
        if gap > _BAND_GAP * size and number <= _LONGEST_BAND and _begin_level(rows[number:], gutter):
            found.add(number)
        below = rows[number + 1]
        is_heading = len(rows[number]) == 1 and size > _BAND_HEADING * max(segment.size for segment in below)
        if is_heading and gap > 0 and _begin_level(rows[number + 1 :], gutter):
            found |= {number, number + 1}
    return found


def _begin_level(rows: Sequence[Sequence[Line]], gutter: float) -> bool:
    """Return True if there are segments on both sides of a gutter at the height of the first row, and none across."""
    first = [segment for row in rows[:2] for segment in row]
    left = [s for s in first if s.right <= gutter]
    right = [s for s in first if s.left >= gutter]
    if not left or not right or len(left) + len(right) < len(first):
        return False
    return abs(min(s.top for s in left) - min(s.top for s in right)) < _LEVEL * first[0].size


def _is_row_of_cells(row: Sequence[Line]) -> bool:
    """Return True if a row has too many and too short segments for a line of columns of text."""
    return len(row) >= _MANY_CELLS and all(len(segment.text) < _LONGEST_CELL for segment in row)


def _beside_gutter(segments: Sequence[Line], gutter: float) -> list[Line]:
    """Return the lines of two columns one after the other, or the rows of a table that lies over both."""
    left = [segment for segment in segments if segment.right <= gutter]
    right = [segment for segment in segments if segment.right > gutter]
    if left and right and _is_table(left, right):
        return _column(segments)
    return _ordered(left) + _ordered(right)


def _is_table(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Return True if segments left and right of a gutter stand in the same rows, and one side has no prose."""
    if _prose(left) and _prose(right):
        return False
    fewer, more = sorted((left, right), key=len)
    heights = sorted(segment.middle for segment in more)
    beside = sum(
        bisect_right(heights, s.middle + _ALIGNED * s.size) > bisect_left(heights, s.middle - _ALIGNED * s.size)
        for s in fewer
    )
    return beside > 0.8 * len(fewer) and len(fewer) > 1


def _gutter(segments: Sequence[Line]) -> float | None:
    """Return where the gutter between two columns is, or None if there is one column."""
    if len(segments) < 2 * _FEWEST_ROWS:
        return None
    lefts, rights = sorted(s.left for s in segments), sorted(s.right for s in segments)
    start, end = lefts[0], rights[-1]
    scored: list[tuple[int, float, float]] = []
    for x in {left - 1 for left in lefts} | {right + 1 for right in rights}:
        ended, begun = bisect_right(rights, x), bisect_left(lefts, x)
        crossing = begun - ended
        if (
            start + 0.15 * (end - start) < x < end - 0.15 * (end - start)
            and min(ended, len(segments) - begun) >= _FEWEST_ROWS
            and crossing <= _MOST_CROSSING * len(segments)
        ):
            scored.append((crossing, rights[ended - 1] - lefts[begun], x))
    for _, _, x in sorted(scored):
        if _are_columns([s for s in segments if s.right <= x], [s for s in segments if s.left >= x]):
            return x
    return None


def _are_columns(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Return True if segments left and right of a gutter are lines of text side by side, not cells of a table."""
    top = max(min(s.top for s in left), min(s.top for s in right))
    bottom = min(max(s.bottom for s in left), max(s.bottom for s in right))
    for side in (left, right):
        beside = [s for s in side if s.bottom > top and s.top < bottom]
        prose = _prose(beside)
        if len(prose) < _FEWEST_ROWS or not _has_paragraph(prose):
            return False
        if sum(len(s.text) for s in prose) < _PROSE_SHARE * sum(len(s.text) for s in beside):
            return False
    return True


def _has_paragraph(prose: Sequence[Line]) -> bool:
    """Return True if some lines of prose follow each other at even distances, unlike the cells of a table."""
    below = [row[0] for row in rows_of(prose)]
    steps = [following.middle - line.middle for line, following in pairwise(below)]
    close = sorted(step for line, step in zip(below, steps, strict=False) if step < _CLOSE_STEP * line.size)
    if any(last - first < _EVEN_STEP * first for first, last in zip(close, close[_FEWEST_CLOSE - 1 :], strict=False)):
        return True
    return any(
        max(first, second) < _WIDEST_STEP * line.size and abs(first - second) < _ALIGNED * line.size
        for line, (first, second) in zip(below, pairwise(steps), strict=False)
    )


def _prose(segments: Sequence[Line]) -> list[Line]:
    """Return the segments that are long enough for a line of prose."""
    if not segments:
        return []
    width = max(s.right for s in segments) - min(s.left for s in segments)
    return [s for s in segments if s.right - s.left >= _PROSE_WIDTH * width and is_prose(s)]


# ── lines ────────────────────────────────────────────────────────────────────────────────────────


def _column(segments: Sequence[Line]) -> list[Line]:
    """Return the lines of one column from top to bottom, with its edges and its usual distance of lines."""
    if not segments:
        return []
    rows = rows_of(segments)
    edges = min(s.left for s in segments), max(s.right for s in segments)
    steps = [below[0].middle - above[0].middle for above, below in pairwise(rows)]
    cells = _rows_of_cells(rows)
    leadings = [_leading(steps, rows, number) for number in range(len(rows))]
    leadings = [max(pair) for pair in zip(leadings, _leadings_of_wide_prose(rows, steps, edges), strict=True)]
    return [_line(row, edges, leadings[number], is_row=number in cells) for number, row in enumerate(rows)]


def _leading(steps: Sequence[float], rows: Sequence[Sequence[Line]], number: int) -> float:
    """Return the usual distance of lines of the size of a row, or that of the lines beside it if that is less."""
    size = rows[number][0].size
    usual = [
        step
        for step, row in zip(steps, rows, strict=False)
        if step < _WIDEST_STEP * size and abs(row[0].size - size) < _ALIGNED * size
    ]
    near = [steps[at] for at in (number - 1, number + 1) if 0 <= at < len(steps)]
    return min([median(usual) if usual else 0.0, *(step for step in near if step > _NARROWEST_STEP * size)])


def _leadings_of_wide_prose(
    rows: Sequence[Sequence[Line]], steps: Sequence[float], edges: tuple[float, float]
) -> list[float]:
    """Return for each row the distance of lines of prose that stand further apart than most; 0 for other rows.

    Such lines stand at even distances, all but the last are full, and most end no sentence.
    """
    found = [0.0] * len(rows)
    start = 0
    for number in range(1, len(rows) + 1):
        if number < len(rows) and number - start > 0 and _go_on(rows, steps, start, number, edges):
            continue
        run = rows[start:number]
        ended = sum(ends_sentence(row[-1]) for row in run[:-1])
        if len(run) >= _FEWEST_ROWS and 2 * ended < len(run) - 1:
            found[start : number - 1] = [steps[start]] * (len(run) - 1)
        start = number
    return found


def _go_on(
    rows: Sequence[Sequence[Line]], steps: Sequence[float], start: int, number: int, edges: tuple[float, float]
) -> bool:
    """Return True if a row stands as far below a full row of one segment as the first two rows of a run."""
    above, row = rows[number - 1], rows[number]
    even = abs(steps[number - 1] - steps[start]) < _EVEN_STEP * steps[start]
    is_full = len(above) == 1 and above[0].width > _FULL * (edges[1] - edges[0]) and is_prose(above[0])
    return even and is_full and len(row) == 1 and steps[start] < _WIDEST_LEADING * row[0].size


def _rows_of_cells(rows: Sequence[Sequence[Line]]) -> set[int]:
    """Return the numbers of the rows whose segments begin or end below each other, as the cells of a table do."""
    found: set[int] = set()
    run = 1
    for number, (above, below) in enumerate(pairwise(rows), 1):
        run = run + 1 if _are_aligned(above, below) else 1
        if run >= _FEWEST_CELLS:
            found |= set(range(number - run + 1, number + 1))
    return found


def _are_aligned(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Return True if two rows have cells that begin or end below each other; the labels of a list do not count."""
    if len(above) < 2 or len(below) < 2 or _is_item(above) or _is_item(below):
        return False
    near = _ALIGNED * below[0].size
    return any(abs(a.left - b.left) < near or abs(a.right - b.right) < near for a in above[1:] for b in below[1:])


def _is_item(row: Sequence[Line]) -> bool:
    return len(row) == 2 and _LABEL.fullmatch(row[0].text) is not None


def _line(row: Sequence[Line], column: tuple[float, float], leading: float, *, is_row: bool) -> Line:
    """Return the segments of a row as a line; those that are far apart are the cells of a table."""
    gaps = [right.left - left.right for left, right in pairwise(row)]
    is_item = _is_item(row) and gaps[0] < 2 * _CELL_GAP * row[0].size
    wide = [not is_item and (is_row or gap > _CELL_GAP * each.size) for gap, each in zip(gaps, row, strict=False)]
    parts = [row[0].text]
    for is_wide, segment in zip(wide, row[1:], strict=True):
        parts += [" | " if is_wide else " ", segment.text]
    text, leaders = _LEADER.subn(" | ", "".join(parts))
    return replace(
        row[0],
        text=text,
        top=min(s.top for s in row),
        right=max(s.right for s in row),
        bottom=max(s.bottom for s in row),
        size=max(row, key=lambda s: len(s.text)).size,
        bold=(row[0].bold[0], row[-1].bold[1]),
        ends=(row[0].ends[0], row[-1].ends[1]),
        spaced=row[-1].spaced,
        column=column,
        leading=leading,
        tabular=any(wide) or leaders > 0,
    )
