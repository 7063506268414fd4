"""What is printed around the text of a PDF: running heads, running feet and page numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from summariser.documents.readers.pdf.lines import Line

_MARGIN = 0.12  # the share of a page's height in which running heads and feet stand
_OUTER = 0.25  # likewise, if they stand at the same height on all pages
_MARGIN_LINES = 3
_FEWEST_NUMBERS = 3  # pages whose heads count them
_APART = 0.5  # of the size; the gap between a running head and the text
_SAME_HEIGHT = 3.0  # points; running heads stand at the same height on all pages
_LONGEST_HEAD = 14  # words
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|página|pagina|pág\.?|p\.|s\.|стр\.?|strona|sida|side|第|صفحة)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|de|di|sur|из|z|av|of)\s*\d{1,4}|\s*页|\s*頁|\s*ページ)?\W*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?P<first>\d{1,4})(?=\s|$)|.*\s(?P<last>\d{1,4})$")


def without_furniture(pages: list[list[Line]]) -> int:
    """Remove running heads, running feet and page numbers from the pages, and return how many lines."""
    in_margin = [_marginal(lines, _MARGIN) for lines in pages]
    outer = [_marginal(lines, _OUTER) for lines in pages]
    often = Counter(key for lines in in_margin for key in {_key(line) for line in lines})
    steady = Counter(key for lines in outer for key in {key for line in lines for key in _keys_at(line)})
    offsets = Counter(
        offset for number, lines in enumerate(outer) for offset in {_offset(line, number) for line in lines} - {None}
    )
    fewest = 2 if len(pages) <= 3 else 3
    removed = 0
    for number, lines in enumerate(pages):
        gone = [line for line in in_margin[number] if often[_key(line)] >= fewest or _is_page_number(line, lines)]
        gone += [
            line
            for line in outer[number]
            if (number and any(steady[key] >= fewest for key in _keys_at(line)))
            or offsets[_offset(line, number)] >= _FEWEST_NUMBERS
        ]

        pages[number] = [line for line in lines if line not in gone]
        removed += len(lines) - len(pages[number])
    return removed


def _marginal(lines: Sequence[Line], share: float) -> list[Line]:
    """Return the lines in a share of the page's height above and below that a gap sets apart from its text."""
    by_height = sorted(lines, key=lambda line: line.top)
    upper = [line.bottom < share * line.page_height for line in by_height[:_MARGIN_LINES]].count(True)
    lower = [line.top > (1 - share) * line.page_height for line in by_height[-_MARGIN_LINES:]].count(True)
    while upper and upper < len(by_height) and not _apart(by_height[:upper], by_height[upper:]):
        upper -= 1
    while lower and lower < len(by_height) and not _apart(by_height[:-lower], by_height[-lower:]):
        lower -= 1
    return [*by_height[:upper], *(by_height[-lower:] if lower and upper < len(by_height) else [])]


def _apart(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Return True if a gap sets lines apart; both are sorted by height."""
    last = max(above[-_MARGIN_LINES:], key=lambda line: line.bottom)
    return below[0].top - last.bottom > _APART * last.size


def _key(line: Line) -> tuple[bool, str]:
    return line.top < line.page_height / 2, re.sub(r"\d+", "#", " ".join(line.text.casefold().split()))


def _keys_at(line: Line) -> Iterator[tuple[str, int]]:
    """Yield the words of a line with its height, in steps that overlap."""
    if len(line.text.split()) <= _LONGEST_HEAD:
        for step in (0, 1):
            yield _key(line)[1], round(line.top / _SAME_HEIGHT + step / 2) * 2 + step


def _offset(line: Line, page: int) -> tuple[bool, int] | None:
    """Return by how much the number at an end of a head or foot differs from that of its page; None if it has none."""
    found = _NUMBERED.match(line.text)
    if found is None or len(line.text.split()) > _LONGEST_HEAD:
        return None
    return line.top < line.page_height / 2, int(found["first"] or found["last"]) - page


def _is_page_number(line: Line, lines: Sequence[Line]) -> bool:
    outermost = line.top == min(each.top for each in lines) or line.bottom == max(each.bottom for each in lines)
    is_number = _PAGE_NUMBER.fullmatch(line.text) is not None
    return is_number and len(lines) > 1 and (outermost or line.text.isdecimal())
