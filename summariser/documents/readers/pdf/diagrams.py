"""The labels of the axes of diagrams, which are no text."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from summariser.documents.readers.pdf.lines import Line, rows_of

_FEWEST_LABELS = 4  # of an axis
_EVEN = 0.1  # of the distance of the labels of an axis; by how much it may differ
_BESIDE, _BESIDE_NUMBER = 10.0, 15.0  # of the size; nearer words and numbers on the rows of labels may be table cells
_BELOW = 4.0  # of the size, below the lowest label; in it the labels of the horizontal axis stand
_WIDEST_GAP = 8.0  # of the size, between the labels of the horizontal axis
_LONGEST_LABEL = 12  # characters of a label of the horizontal axis
_VALUE = re.compile(r"[-−–]?[$€£¥]?\d[\d,. ]*%?")


def axis_labels(segments: Sequence[Line]) -> list[Line]:
    """Return the labels of vertical axes, which fall by even steps at even distances, and those of the axis below.

    Args:
        segments: The segments of a page.
    """
    found: set[int] = set()
    for axis in _axes(segments):
        found |= {id(label) for label in axis} | {id(label) for label in _labels_below(axis[-1], segments)}
    return [segment for segment in segments if id(segment) in found]


def _axes(segments: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the labels of each vertical axis, from the top."""
    columns: dict[int, list[Line]] = defaultdict(list)
    for segment in segments:
        if _VALUE.fullmatch(segment.text):
            columns[round(segment.right / segment.size * 2)].append(segment)
    for labels in columns.values():
        labels.sort(key=lambda label: label.top)
        run = labels[:1]
        for label in labels[1:]:
            if len(run) > 1 and not _is_even(run[-2], run[-1], label):
                yield from _if_axis(run, segments)
                run = run[-1:]
            run.append(label)
        yield from _if_axis(run, segments)


def _is_even(first: Line, second: Line, third: Line) -> bool:
    """Return True if three labels fall by the same step at the same distance."""
    one, two, three = (_value(label) for label in (first, second, third))
    distance, next_distance = second.top - first.top, third.top - second.top
    return one > two and abs((one - two) - (two - three)) < 1e-6 and abs(distance - next_distance) < _EVEN * distance


def _value(label: Line) -> float:
    digits = re.sub(r"[^\d.]", "", label.text.replace(",", "")) or "0"
    value = float(digits) if digits.count(".") <= 1 and digits != "." else 0.0
    return -value if label.text[0] in "-−–" else value


def _if_axis(labels: Sequence[Line], segments: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the labels if they are those of an axis: enough, and for the most part without cells beside them."""
    if len(labels) < _FEWEST_LABELS:
        return
    beside = [label for label in labels if any(_is_cell_beside(segment, label) for segment in segments)]
    if 2 * len(beside) <= len(labels):
        yield list(labels)


def _is_cell_beside(segment: Line, label: Line) -> bool:
    """Return True if a segment on the row of a label may be a cell of the same table."""
    near = (_BESIDE_NUMBER if _VALUE.fullmatch(segment.text) else _BESIDE) * label.size
    gap = max(segment.left - label.right, label.left - segment.right)
    return 0 < gap < near and abs(segment.middle - label.middle) < 0.3 * label.size


def _labels_below(lowest: Line, segments: Sequence[Line]) -> Iterator[Line]:
    """Yield the labels with numbers of the horizontal axis below the lowest label of a vertical one."""
    near = [s for s in segments if s.left > lowest.left and 0 <= s.top - lowest.top < _BELOW * lowest.size]
    labels = [s for s in near if s is not lowest and len(s.text) <= _LONGEST_LABEL and re.search(r"\d", s.text)]
    for row in rows_of(labels):
        run = row[:1] if row[0].left - lowest.right < _WIDEST_GAP * lowest.size else []
        for last, segment in pairwise(row):
            if run and run[-1] is last and segment.left - last.right < _WIDEST_GAP * last.size:
                run.append(segment)
        if len(run) >= _FEWEST_LABELS - 1:
            yield from run
