"""Lines of plain text as a page shows them: columns side by side, numbers of lines, blank lines between all lines."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from summariser.documents.readers.hyphens import without_line_end_hyphens
from summariser.documents.readers.plain_text.pages import ENDS_SENTENCE

_NUMBERED = re.compile(r"\s{0,8}(?P<number>\d{1,4})(?:[^\S\n]+(?P<words>\S.*)|\s*)")
_FEWEST_NUMBERED = 5
_RUN_ON = 0.2  # of the lines that begin with a small letter, in text that runs on
_FEWEST_ROWS = 4  # of columns side by side
_GAP = 2  # spaces between columns
_NARROWEST = 20  # characters of a column
_FEWEST_WORDS = 3  # of a line of a column on average
_BEHIND_GAP = re.compile(r"(?<=\S)[^\S\n]{2,}(?=\S)")
_FULL = 0.6  # of the width of the widest line
_WIDEST_WRAPPED_LINE = 100
_FEWEST_SPACED = 6  # lines, each with a blank line behind it
_SPACED = 0.8  # of the lines


def without_line_numbers(lines: Sequence[str]) -> tuple[list[str], int]:
    """Return the lines of a page without their numbers, and how many these are; a line of a list stays as it is."""
    found = [_NUMBERED.fullmatch(line) for line in lines if line.strip()]
    numbers = [int(each["number"]) for each in found if each]
    texts = [each["words"] for each in found if each and each["words"]]
    if (
        len(numbers) < max(_FEWEST_NUMBERED, len(found))
        or any(after != before + 1 for before, after in pairwise(numbers))
        or not _runs_on(texts)
    ):
        return list(lines), 0
    return [_NUMBERED.fullmatch(line)["words"] or "" if line.strip() else "" for line in lines], len(numbers)  # type: ignore[index]


def _runs_on(lines: Sequence[str]) -> bool:
    """Return True if many lines begin with a small letter, as in text that is wrapped."""
    worded = [line.strip() for line in lines if line.strip()]
    return sum(line[0].islower() for line in worded) > max(1, _RUN_ON * len(worded))


def with_columns_in_turn(lines: Sequence[str]) -> tuple[list[str], bool]:
    """Return the lines with columns of running text one after the other, and whether there were any.

    The lines of a column are wrapped again to the width of the page, like those of the text around them.
    """
    width = min(max(map(len, lines), default=0), _WIDEST_WRAPPED_LINE)
    found = next((each for at in _gutters(lines) if (each := _rows(lines, at))), None)
    if found is None:
        return list(lines), False
    at, first, end = found
    columns = [[line[:at].rstrip() for line in lines[first:end]], [line[at:] for line in lines[first:end]]]
    columns[1:] = [with_columns_in_turn(columns[1])[0]]
    text = _joined([_paragraphs(column) for column in columns])
    wrapped = [row for paragraph in text for row in ("", *_wrapped(paragraph, width))]
    below, _ = with_columns_in_turn(lines[end:])
    return [*lines[:first], *wrapped, "", *below], True


def _gutters(lines: Sequence[str]) -> list[int]:
    """Return the offsets at which a second column may begin, those at which most lines go on behind a gap first."""
    often = Counter(found.end() for line in lines for found in _BEHIND_GAP.finditer(line) if found.end() >= _NARROWEST)
    return [at for at, count in often.most_common(6) if count >= _FEWEST_ROWS - 1]


def _rows(lines: Sequence[str], at: int) -> tuple[int, int, int] | None:
    """Return a gutter and where the lines on both sides of it begin and end, if they are columns of running text."""
    first = None
    for place, line in enumerate([*lines, "x" * (at + 1)]):
        apart = not line[at - _GAP : at].strip()
        if apart and first is None and line.strip():
            first = place
        if not apart and first is not None:
            if _are_columns([(row[:at].strip(), row[at:].strip()) for row in lines[first:place]]):
                return at, first, place
            first = None
    return None


def _are_columns(rows: Sequence[tuple[str, str]]) -> bool:
    both = sum(bool(left and right) for left, right in rows)
    if both < _FEWEST_ROWS or 2 * both < sum(bool(left or right) for left, right in rows):
        return False
    return all(_runs_on(side) and _is_worded(side) for side in zip(*rows, strict=True))


def _is_worded(side: Sequence[str]) -> bool:
    words = [word for line in side for word in line.split() if any(map(str.isalpha, word))]
    return len(words) >= _FEWEST_WORDS * sum(map(bool, side))


def _paragraphs(column: Sequence[str]) -> list[str]:
    """Return the paragraphs of a column, which begin with an indented line, or behind a blank or a short line."""
    margin = min((len(line) - len(line.lstrip()) for line in column if line.strip()), default=0)
    width = max(map(len, column), default=0) - margin
    found: list[list[str]] = [[]]
    for line in column:
        shown = line.strip()
        before = found[-1][-1] if found[-1] else ""
        short = bool(before) and len(before) < _FULL * width and ENDS_SENTENCE.search(before) is not None
        if not shown or (before and line[margin : margin + 2] == "  ") or short:
            found.append([])
        if shown:
            found[-1].append(shown)
    return [without_line_end_hyphens("\n".join(rows)) for rows in found if rows]


def _joined(columns: Sequence[Sequence[str]]) -> list[str]:
    """Return the paragraphs of the columns; one that breaks off goes on at the top of the next column."""
    paragraphs: list[str] = []
    for column in columns:
        for number, paragraph in enumerate(column):
            if number == 0 and paragraphs and not ENDS_SENTENCE.search(paragraphs[-1]):
                paragraphs[-1] = without_line_end_hyphens(f"{paragraphs[-1]}\n{paragraph}")
            else:
                paragraphs.append(paragraph)
    return paragraphs


def _wrapped(paragraph: str, width: int) -> Iterator[str]:
    yield from textwrap.wrap(" ".join(paragraph.split()), width, break_on_hyphens=False, break_long_words=False)


def single_spaced(lines: Sequence[str]) -> list[str]:
    """Return the lines of a text that has a blank line behind nearly each one without those within paragraphs."""
    worded = [place for place, line in enumerate(lines) if line.strip()]
    if len(worded) < _FEWEST_SPACED:
        return list(lines)
    widest = max(len(line.rstrip()) for line in lines)
    apart = sum(after == before + 2 for before, after in pairwise(worded))
    full = {place for place in worded if len(lines[place].rstrip()) >= _FULL * widest}
    broken = [place for place in full if not ENDS_SENTENCE.search(lines[place])]
    is_spaced = apart >= _SPACED * (len(worded) - 1) and 2 * len(broken) > len(worded)
    if not is_spaced or widest > _WIDEST_WRAPPED_LINE or not _runs_on([lines[place] for place in worded]):
        return list(lines)
    return [line for place, line in enumerate(lines) if line.strip() or place - 1 not in full]
