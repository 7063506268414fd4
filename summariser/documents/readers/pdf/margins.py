"""What stands beside or over the lines of a PDF's page and is no text: numbers of lines, marks, watermarks."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from summariser.documents.readers.pdf.lines import Line, rows_of

_FEWEST_NUMBERS = 15  # of lines on a page whose lines are numbered
_FEWEST_BESIDE = 3  # likewise, if the lines run on
_RUN_ON = 0.2  # of the lines beside numbers that run on from the line above, unlike the items of a list
_SHORTEST_LINE = 25  # characters of a line that is no cell of a table
_NUMBER = re.compile(r"(\d{1,3})(?:\s+(.+))?")
_EVEN = 1.3  # times the smallest distance of numbers, which none exceeds
_FEWEST_MARKS = 3  # below each other
_MARGIN_MARKS = re.compile(r"[):|§*]{1,2}")  # what rules off the names of the parties in court papers
_LARGER = 1.8  # times the size of the words that a watermark lies over
_LONGEST_WATERMARK = 40  # characters
_UPPER, _LOWER = 0.3, 0.25  # of the height of a watermark, above and below which its letters do not reach
_FEWEST_WORDS = 3  # of a justified line whose gaps can be compared
_EVEN_GAP = 0.1  # of the size; by how much the gaps of a justified line may differ


def without_line_numbers(segments: Sequence[Line]) -> list[Line]:
    """Leave out the numbers of the lines, which stand in the margin of some records at even distances."""
    if not segments:
        return []
    rows = rows_of(segments)
    left, right = min(s.left for s in segments), max(s.right for s in segments)
    at_left = [(row[0], row[1:]) for row in rows if row[0].left < left + 2 * row[0].size]
    at_right = [(row[-1], row[:-1]) for row in rows if row[-1].right > right - 2 * row[-1].size]
    for margin, numbers in ((at_left, _NUMBER), (at_right, re.compile(r"(\d{1,3})()"))):
        found = [(line, beside, m) for line, beside in margin if (m := numbers.fullmatch(line.text))]
        if _number_lines([(line, int(m[1]), _text_beside(m[2], beside)) for line, beside, m in found]):
            texts = {id(line): m[2] for line, _, m in found}
            return [_without_number(s, texts.get(id(s))) for s in segments if texts.get(id(s), s.text)]
    return list(segments)


def _text_beside(rest: str | None, beside: Sequence[Line]) -> str:
    return rest or (beside[0].text if beside else "")


def _without_number(segment: Line, text: str | None) -> Line:
    if not text:
        return segment
    width = segment.width * len(text) / len(segment.text)
    return replace(segment, text=text, left=segment.right - width)


def _number_lines(numbers: Sequence[tuple[Line, int, str]]) -> bool:
    """Return True if numbers rise by one step at even distances, and the lines beside them run on."""
    pairs = list(pairwise(numbers))
    steps = {b - a for (_, a, _), (_, b, _) in pairs}
    distances = [below.top - above.top for (above, *_), (below, *_) in pairs]
    if len(numbers) < _FEWEST_BESIDE or len(steps) > 1 or min(steps) < 1 or max(distances) > _EVEN * min(distances):
        return False
    texts = [text for _, _, text in numbers if len(text) >= _SHORTEST_LINE and " " in text]
    alone = len(numbers) >= _FEWEST_NUMBERS and steps == {1} and all(line.text.isdecimal() for line, *_ in numbers)
    return alone or (
        2 * len(texts) >= len(numbers) and sum(text[0].islower() for text in texts) > _RUN_ON * len(numbers)
    )


def without_margin_marks(segments: Sequence[Line]) -> list[Line]:
    """Leave out the marks that stand below each other between the names of the parties and the number of a case."""
    marks = [s for s in segments if _MARGIN_MARKS.fullmatch(s.text)]
    lone = [s for s in marks if sum(abs(s.left - each.left) < s.size for each in marks) >= _FEWEST_MARKS]
    return [segment for segment in segments if segment not in lone] if lone else list(segments)


def watermarks(segments: Sequence[Line]) -> list[Line]:
    """Return the large words that lie over or under the words of a page."""
    usual = median(segment.size for segment in segments) if segments else 0.0
    large = [s for s in segments if s.size > _LARGER * usual and len(s.text) <= _LONGEST_WATERMARK]
    return [mark for mark in large if any(_lies_over(mark, segment) for segment in segments)]


def _lies_over(mark: Line, segment: Line) -> bool:
    height = mark.bottom - mark.top
    return (
        mark.size > _LARGER * segment.size
        and mark.top + _UPPER * height < segment.middle < mark.bottom - _LOWER * height
        and min(mark.right, segment.right) - max(mark.left, segment.left) > segment.size
    )


def with_justified_lines(segments: Sequence[Line]) -> list[Line]:
    """Return the segments with those joined that are the words of one line, far apart to fill the width of a column.

    Their gaps are equal, and together they are as wide as a line above or below.
    """
    joined: list[Line] = []
    for row in rows_of(segments):
        near = [s for s in segments if 0 < abs(s.middle - row[0].middle) < 2 * row[0].size]
        start = 0
        while start < len(row):
            ends = range(len(row), start + _FEWEST_WORDS - 1, -1)
            end = next((end for end in ends if _is_justified(row[start:end], near)), start + 1)
            joined.append(_as_one(row[start:end]))
            start = end
    return joined


def _is_justified(run: Sequence[Line], near: Sequence[Line]) -> bool:
    gaps = [right.left - left.right for left, right in pairwise(run)]
    even = _EVEN_GAP * run[0].size
    if not all(any(map(str.isalpha, segment.text)) for segment in run):
        return False
    return max(gaps) - min(gaps) < even and any(
        abs(line.left - run[0].left) < even and abs(line.right - run[-1].right) < even and len(line.text.split()) > 1
        for line in near
    )


def _as_one(run: Sequence[Line]) -> Line:
    last = run[-1]
    text = " ".join(segment.text for segment in run)
    bold, ends = (run[0].bold[0], last.bold[1]), (run[0].ends[0], last.ends[1])
    return replace(run[0], text=text, right=last.right, bold=bold, ends=ends, spaced=last.spaced)
