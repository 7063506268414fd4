"""What a web page that was printed to a PDF has beside its text: lines of the browser, menus and links."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, takewhile

from summariser.documents.readers.pdf.lines import Line, ends_sentence
from summariser.text import lexicon

_CLOCK = re.compile(
    r"\d{1,4}(?P<mark>[./-])\d{1,2}(?P=mark)\d{2,4},?\s+(?:um |à |at )?\d{1,2}[:.h]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?|file)://\S+", re.IGNORECASE)
_COUNT = re.compile(
    r"(?:page |seite |página |pagina |strona |sida |стр\.? )?\d{1,3}\s?(?:/|of|von|de|di|sur|van|av|z|из)\s?\d{1,3}",
    re.IGNORECASE,
)
_EDGE = 0.1  # of the height of the page, in which a browser prints its lines
_FEWEST_MARKS = 2  # of the time, the address and the count of the pages
_FEWEST_LINKS = 3  # of a menu
_LINKS_OF_COLUMN = 0.5  # of the lines of a side column that is a menu
_LONGEST_LINK = 0.8  # of the column's width; a longer line below the label of links may be text
_MOST_LINKS = 12  # below such a label
_LONGEST_CELL = 30  # characters of a link beside others at the foot of a page
_KNOWN_LINKS = 0.25  # of such links that are those of most pages
_HOME = "(?:home|startseite|accueil|inicio|início|strona główna|главная|ana sayfa|hem|hjem|etusivu)"
_LONGEST_TRAIL = 120  # characters of the trail to a page: Home › News › Coast


def without_lines_of_browsers(pages: list[list[Line]]) -> list[Line]:
    """Remove the lines with the time of printing, the address and the count of the pages, and return them.

    They are known by two of the three; the title of the page may stand beside them.
    """
    removed: list[Line] = []
    for number, lines in enumerate(pages):
        marked = [(line, marks) for line in _at_edges(lines) if (marks := set(_marks(line)))]
        if len(set().union(*(marks for _, marks in marked))) >= _FEWEST_MARKS:
            gone = [line for line, _ in marked]
            removed += gone
            pages[number] = [line for line in lines if line not in gone]
    return removed


def _at_edges(lines: Sequence[Line]) -> list[Line]:
    """Return the highest line of a page and its lowest two, if they stand in its margins."""
    by_height = sorted(lines, key=lambda line: line.top)
    return [line for line in by_height[:1] if line.bottom < _EDGE * line.page_height] + [
        line for line in by_height[1:][-2:] if line.top > (1 - _EDGE) * line.page_height
    ]


def _marks(line: Line) -> Iterator[str]:
    rest = line.text
    for name, pattern in (("time", _CLOCK), ("address", _ADDRESS)):
        rest, count = pattern.subn(" | ", rest)
        if count:
            yield name
    if any(_COUNT.fullmatch(cell.strip()) for cell in rest.split("|")):
        yield "count"


def without_links(pages: list[list[Line]]) -> list[Line]:
    """Remove menus, trails, words for sharing and links to other reports from the pages, and return them."""
    removed: list[Line] = []
    for number, lines in enumerate(pages):
        gone = {
            id(line)
            for find in (_menus, _links_below_labels, _columns_of_links, _rows_of_links)
            for line in find([line for line in lines if not line.tabular or " | " in line.text])
        }
        removed += [line for line in lines if id(line) in gone]
        pages[number] = [line for line in lines if id(line) not in gone]
    return removed


def _menus(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines with three links or more, and the runs of three lines or more that are links."""
    for is_link, group in groupby(lines, key=lambda line: _links().fullmatch(line.text) is not None):
        run = list(group)
        if is_link and sum(_count(line.text) for line in run) >= _FEWEST_LINKS:
            yield from run
        elif not is_link:
            yield from (line for line in run if len(line.text) <= _LONGEST_TRAIL and _trail().match(line.text))


def _count(text: str) -> int:
    return len(_link().findall(text))


def _links_below_labels(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the labels of links, such as "Related articles", with the short lines below each that end no sentence."""
    label: Line | None = None
    count = 0
    for line in lines:
        if _label().fullmatch(line.text):
            label, count = line, 0
        elif label and count < _MOST_LINKS and _may_be_link(label, line):
            if count == 0:
                yield label
            count += 1
            yield line
        else:
            label = None


def _may_be_link(label: Line, line: Line) -> bool:
    is_short = line.is_aside or line.width < _LONGEST_LINK * (line.column[1] - line.column[0])
    return is_short and line.top > label.top and line.is_aside == label.is_aside and not ends_sentence(line)


def _columns_of_links(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines of side columns most of which are links."""
    for (is_aside, _), group in groupby(lines, key=lambda line: (line.is_aside, line.column)):
        column = list(group)
        links = sum(_links().fullmatch(line.text) is not None for line in column)
        if is_aside and links >= max(_FEWEST_LINKS, _LINKS_OF_COLUMN * len(column)):
            yield from (line for line in column if not ends_sentence(line))


def _rows_of_links(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the rows of links side by side at the foot of a page, some of which are those of most pages."""
    foot = list(takewhile(_is_row_of_links, reversed(lines)))
    cells = [cell for line in foot for cell in line.text.split(" | ")]
    known = sum(_links().fullmatch(cell) is not None for cell in cells)
    if len(foot) >= _FEWEST_LINKS and known >= max(_FEWEST_LINKS, _KNOWN_LINKS * len(cells)):
        yield from foot


def _is_row_of_links(line: Line) -> bool:
    cells = line.text.split(" | ")
    short = all(len(cell) <= _LONGEST_CELL and not any(map(str.isdecimal, cell)) for cell in cells)
    return len(cells) > 1 and short and not ends_sentence(line)


@cache
def _link() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_words()})(?!\w)", re.IGNORECASE)


@cache
def _links() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<!\w)(?:{_words()})(?!\w)[\s|·•>›»/,–-]*)+", re.IGNORECASE)


@cache
def _trail() -> re.Pattern[str]:
    marked = rf"(?:{_words()})\s*[>›»](?:[^>›»]{{2,40}}[>›»])*[^>›»]{{2,60}}(?<![.!?])$"
    slashed = rf"(?:←\s*)?{_HOME}(?:\s+/\s+[^/]{{2,40}}){{2,}}(?<![.!?])$"
    numbered = rf"1\.\s+{_HOME}\s+2\.\s+\S.*(?<![.!?])$"
    return re.compile(f"{marked}|{slashed}|{numbered}", re.IGNORECASE)


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon.alternatives('link_labels')})\W*", re.IGNORECASE)


def _words() -> str:
    lists = (lexicon.alternatives(name) for name in ("menu", "share_links", "page_links", "link_labels"))
    return "|".join(lists)
