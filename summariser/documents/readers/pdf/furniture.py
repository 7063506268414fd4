"""What is printed around the text of a PDF: running heads, running feet and page numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from summariser.documents.readers.pdf.lines import Line
from summariser.text import is_name, is_role

_MARGIN = 0.12  # the share of a page's height in which running heads and feet stand
_OUTER = 0.25  # likewise, if they stand at the same height on all pages
_MARGIN_LINES = 3
_FEWEST_NUMBERS = 3  # pages whose heads count them
_APART = 0.5  # of the size; the gap between a running head and the text
_LARGER = 1.1  # times the size of the running heads with its words; a title on the first page is larger
_SAME_HEIGHT = 3.0  # points; running heads stand at the same height on all pages
_LONGEST_HEAD = 18  # words
_FEWEST_WORDS = 5  # of a head that need not stand at the same height, as on the pages of a scan
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|página|pagina|pág\.?|p\.|s\.|стр\.?|strona|sida|side|第|صفحة)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|de|di|sur|из|z|av|of)\s*\d{1,4}|\s*页|\s*頁|\s*ページ)?\W*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?P<first>\d{1,4})(?=\s|$)|.*\s(?P<last>\d{1,4})$")
_OUTER_NUMBER = re.compile(r"^\d{1,4}(?:\s*\|\s*|\s+)|(?:\s*\|\s*|\s+)\d{1,4}$")
_LONGEST_NAME = 60  # characters of the name of a speaker above a page
_BRACKETED = re.compile(r"\((?P<round>[^()]{3,60}(?:\([^()]{1,40}\))?)\)|\[(?P<square>[^\[\]]{3,60})\]")


def without_furniture(pages: list[list[Line]]) -> list[Line]:
    """Remove running heads, running feet and page numbers from the pages, and return them."""
    in_margin = [_marginal(lines, _MARGIN) for lines in pages]
    outer = [_marginal(lines, _OUTER) for lines in pages]
    copies = _copies(pages)
    outermost = [outer[number] if number in copies else _outermost(lines) for number, lines in enumerate(pages)]
    often = Counter(key for lines in in_margin for key in {_key(line) for line in lines})
    steady = Counter(key for lines in outermost for key in {key for line in lines for key in _keys_at(line)})
    offsets = Counter(
        offset for number, lines in enumerate(outer) for offset in {_offset(line, number) for line in lines} - {None}
    )
    smallest = {key: min(line.size for line in group) for key, group in _by_key(in_margin)}
    fewest = 2 if len(pages) <= 3 else 3
    removed: list[Line] = []
    for number, lines in enumerate(pages):
        gone = [
            line
            for line in in_margin[number]
            if (often[_key(line)] >= fewest and (number or line.size < _LARGER * smallest[_key(line)]))
            or _is_page_number(line, lines)
        ]
        gone += [line for line in outer[number] if offsets[_offset(line, number)] >= _FEWEST_NUMBERS]
        gone += [
            line
            for line in outermost[number]
            if (number or not _is_upper(line)) and any(steady[key] >= fewest for key in _keys_at(line))
        ]
        removed += [line for line in lines if line in gone]
        pages[number] = [line for line in lines if line not in gone]
    return removed + _without_names_of_speakers(pages)


def _copies(pages: Sequence[Sequence[Line]]) -> set[int]:
    """Return the numbers of the pages most of whose lines stand on another page too, as those of a form."""
    often = Counter(text for lines in pages for text in {line.text for line in lines})
    return {
        number for number, lines in enumerate(pages) if 2 * sum(often[line.text] > 1 for line in lines) > len(lines)
    }


def _by_key(pages: Sequence[Sequence[Line]]) -> Iterable[tuple[tuple[bool, str], list[Line]]]:
    found: dict[tuple[bool, str], list[Line]] = {}
    for lines in pages:
        for line in lines:
            found.setdefault(_key(line), []).append(line)
    return found.items()


def _without_names_of_speakers(pages: list[list[Line]]) -> list[Line]:
    """Remove the name of a speaker that some records repeat above the page or column on which a speech goes on."""
    labels = [line.text for lines in pages for line in lines if re.search(r"[:(]", line.text[:80])]
    removed: list[Line] = []
    for number, lines in enumerate(pages):
        tops = [line for above, line in zip([None, *lines], lines, strict=False) if _begins_column(above, line)]
        highest = min((line.top for line in lines), default=0.0)
        names = [
            line
            for line in tops
            if (number or line is not lines[0])
            and (name := _name_above(line, is_highest=line.top == highest and number > 0))
            and any(label.startswith((f"{name}:", f"{name} (")) for label in labels if label != line.text)
        ]
        removed += names
        pages[number] = [line for line in lines if line not in names]
    return removed


def _begins_column(above: Line | None, line: Line) -> bool:
    return above is None or line.column != above.column


def _name_above(line: Line, *, is_highest: bool) -> str:
    """Return what may be the name of a speaker: a line in brackets, or the highest line of a page; "" if it is none."""
    found = _BRACKETED.fullmatch(line.text)
    if found:
        return found["round"] or found["square"]
    words = line.text if is_highest and " " in line.text and len(line.text) <= _LONGEST_NAME else ""
    return words if words and (is_name(words, None) or is_role(words)) else ""


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


def _outermost(lines: Sequence[Line]) -> list[Line]:
    """Return the highest and the lowest lines of a page, apart from its middle."""
    by_height = sorted(lines, key=lambda line: line.top)
    upper = [line for line in by_height[:_MARGIN_LINES] if line.bottom < _OUTER * line.page_height]
    return upper + [line for line in by_height[-_MARGIN_LINES:] if line.top > (1 - _OUTER) * line.page_height]


def _is_upper(line: Line) -> bool:
    return line.top < line.page_height / 2


def _apart(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Return True if a gap sets lines apart; both are sorted by height."""
    last = max(above[-_MARGIN_LINES:], key=lambda line: line.bottom)
    return below[0].top - last.bottom > _APART * last.size


def _key(line: Line) -> tuple[bool, str]:
    words = " ".join(line.text.casefold().split())
    return _is_upper(line), re.sub(r"\d+", "#", _OUTER_NUMBER.sub("", words) or words)


def _keys_at(line: Line) -> Iterator[tuple[str, int]]:
    """Yield the words of a line with its height, in steps that overlap; for many words also without it."""
    if len(line.text.split()) <= _LONGEST_HEAD:
        for step in (0, 1):
            yield _key(line)[1], round(line.top / _SAME_HEIGHT + step / 2) * 2 + step
        words = _OUTER_NUMBER.sub("", line.text)
        if len(words.split()) >= _FEWEST_WORDS:
            yield words, -1 if _is_upper(line) else -2


def _offset(line: Line, page: int) -> tuple[bool, int] | None:
    """Return by how much the number at an end of a head or foot differs from that of its page; None if it has none."""
    found = _NUMBERED.match(line.text)
    if found is None or len(line.text.split()) > _LONGEST_HEAD:
        return None
    return _is_upper(line), int(found["first"] or found["last"]) - page


def _is_page_number(line: Line, lines: Sequence[Line]) -> bool:
    outermost = line.top == min(each.top for each in lines) or line.bottom == max(each.bottom for each in lines)
    is_number = _PAGE_NUMBER.fullmatch(line.text) is not None
    return is_number and len(lines) > 1 and (outermost or line.text.isdecimal())
