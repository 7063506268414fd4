"""Narrow columns beside the text of a PDF's page: menus, boxes with facts or links, notes in the margin."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from summariser.documents.readers.pdf.lines import Line, ends_sentence, is_prose, rows_of

_FEWEST_ROWS = 3  # of a side column, and lines of prose beside it
_INDENTED = 20.0  # points; lines of a column begin nearer to a common edge
_WIDEST = 0.6  # of the width of the text beside it
_FILLED = 0.6  # of the width of the text, which its lines fill if it is one column
_SHORTEST_WORD = 2  # letters; bullets of some fonts are letters
_LEVEL = 0.2  # of the size; cells of a row stand nearer to a common height
_CELLS = 0.5  # of a column that stand beside the beginnings of others: more are a table
_BLOCK = 1.3  # of the usual step of rows; a wider one begins a block
_FARTHEST = 1.4  # of the size; rows of a block stand nearer to each other
_MARGIN = 0.25  # of the width of the text; a line that ends further left does not run on


def side_columns(segments: Sequence[Line]) -> list[list[Line]]:
    """Return the columns of short lines that stand beside text, and are no cells of its rows.

    Args:
        segments: The segments of a page.
    """
    found = sorted(_candidates(segments), key=len, reverse=True)
    taken: set[int] = set()
    columns = []
    for column in found:
        if taken.isdisjoint(map(id, column)):
            taken |= set(map(id, column))
            columns.append(column)
    return columns


def narrowed(segments: Sequence[Line], columns: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the segments outside side columns with the width that these take from the lines beside them."""
    aside = {id(segment) for column in columns for segment in column}
    text = [segment for segment in segments if id(segment) not in aside]
    if not columns or not text:
        return text
    left, right = min(s.left for s in text), max(s.right for s in text)
    for column in columns:
        start, end, top, bottom = _edges(column)
        is_right = start + end > left + right
        width = max(0.0, right - start if is_right else end - left)
        text = [replace(s, taken=width) if s.bottom > top and s.top < bottom else s for s in text]
    return text


def _candidates(segments: Sequence[Line]) -> Iterator[list[Line]]:
    edges = sorted(segment.left for segment in segments)
    near = [edge for edge, third in zip(edges, edges[_FEWEST_ROWS - 1 :], strict=False) if third - edge < _INDENTED]
    for edge in sorted(set(map(round, near))):
        for left, right in _divided(segments, edge - 1.5):
            for column, text in ((left, right), (right, left)):
                if _is_beside(column, text):
                    yield column


def _divided(segments: Sequence[Line], x: float) -> Iterator[tuple[list[Line], list[Line]]]:
    """Yield the segments left and right of a place, in the bands between the segments that cross it."""
    left: list[Line] = []
    right: list[Line] = []
    for segment in sorted(segments, key=lambda each: each.middle):
        if segment.left < x < segment.right:
            yield left, right
            left, right = [], []
        else:
            (left if segment.right <= x else right).append(segment)
    yield left, right


def _is_beside(column: Sequence[Line], text: Sequence[Line]) -> bool:
    """Return True if segments are a narrow column of words beside lines of text, and no cells of their rows."""
    if len(rows_of(column)) < _FEWEST_ROWS or not text:
        return False
    _, _, top, bottom = _edges(column)
    beside = [segment for segment in text if segment.bottom > top and segment.top < bottom]
    prose = [segment for segment in beside if is_prose(segment)]
    if len(prose) < _FEWEST_ROWS or 2 * _length(prose) < _length(beside):
        return False
    left, right, _, _ = _edges(beside)
    start, end, _, _ = _edges(column)
    words = sum(_is_word(segment.text) for segment in column)
    return (
        end - start < _WIDEST * (right - left)
        and median(segment.width for segment in prose) > _FILLED * (right - left)
        and 2 * words >= len(column)
        and not _are_cells(column, beside)
    )


def _length(segments: Sequence[Line]) -> int:
    return sum(len(segment.text) for segment in segments)


def _is_word(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= max(_SHORTEST_WORD, len(text) / 2)


def _are_cells(column: Sequence[Line], text: Sequence[Line]) -> bool:
    """Return True if most blocks of a column stand at the height of what begins in the text beside it."""
    blocks = _blocks(column)
    rows, right = _rows(text), max(each.right for each in text)
    begun = rows[:1] + [line for above, line in pairwise(rows) if not _runs_on(above, line, right)]
    firsts = [block[0] for block in blocks] if len(blocks) > 1 else []
    level = max(_share_level(each, begun) for each in (_rows(column), firsts))
    middles = [_middle(block) for block in _blocks(text)]
    centred = sum(any(abs(_middle(block) - middle) < _LEVEL * block[0].size for middle in middles) for block in blocks)
    return max(level, centred / len(blocks) if min(len(middles), len(blocks)) > 1 else 0.0) > _CELLS


def _share_level(lines: Sequence[Line], others: Sequence[Line]) -> float:
    """Return the share of lines that stand at the height of others."""
    level = sum(any(abs(line.middle - other.middle) < _LEVEL * line.size for other in others) for line in lines)
    return level / max(len(lines), 1)


def _runs_on(above: Line, line: Line, right: float) -> bool:
    """Return True if a line continues the sentence of the line above it, which fills the width."""
    fills = right - above.right < _MARGIN * (right - above.left)
    return line.text[:1].islower() and fills and not ends_sentence(above)


def _rows(segments: Sequence[Line]) -> list[Line]:
    """Return the first segment of each row."""
    return [row[0] for row in rows_of(segments)]


def _blocks(segments: Sequence[Line]) -> list[list[Line]]:
    """Return the rows of a column in blocks that wider gaps set apart."""
    rows = _rows(segments)
    steps = [below.middle - above.middle for above, below in pairwise(rows)]
    usual = min([*steps, _FARTHEST * rows[0].size])
    blocks = [rows[:1]]
    for step, row in zip(steps, rows[1:], strict=True):
        if step > _BLOCK * usual:
            blocks.append([])
        blocks[-1].append(row)
    return blocks


def _middle(block: Sequence[Line]) -> float:
    return (block[0].top + block[-1].bottom) / 2


def _edges(segments: Sequence[Line]) -> tuple[float, float, float, float]:
    """Return the left, the right, the upper and the lower edge of segments."""
    return (
        min(s.left for s in segments),
        max(s.right for s in segments),
        min(s.top for s in segments),
        max(s.bottom for s in segments),
    )
