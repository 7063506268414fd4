"""The pages of plain text that a program read out of a PDF: form feeds, running heads, numbers and footnotes."""

import re
from collections import Counter
from collections.abc import Sequence

ENDS_SENTENCE = re.compile(r"[.!?…:;。！？：」』][\"'”’»)\]]*[\d¹²³⁴-⁹*†‡]{0,2}\s*$")
_PAGE = r"(?:page|seite|página|pagina|pág\.?|pagg?\.|strona|sida|side|p\.|s\.)"
_OF = r"(?:of|von|de|di|sur|van|av|af|z|/)"
_NUMBER = re.compile(rf"\s*[-–—\[(]?\s*(?:{_PAGE}\s*)?(\d{{1,4}})(?:\s*{_OF}\s*\d{{1,4}})?\s*[-–—\])]?\s*", re.I)
_COUNTED = re.compile(  # Page 2 of 5
    rf"(?:^|\s|\|){_PAGE}\s*(?P<number>\d{{1,4}})\s*{_OF}\s*(?P<all>\d{{1,4}})(?=\s*$|\s{{2,}}|\s*\|)", re.I
)
_OUTER_NUMBER = re.compile(r"^\d{1,4}(?=\s{2,}|\s*\|)|(?:\s{2,}|\|\s*)\d{1,4}$")  # unlike that of "Chapter 2"
_OUTERMOST = 2  # lines at the upper and the lower end of a page that may be its head or foot
_SHARE = 0.4  # of the pages that have a running head; left and right pages may have different ones
_LONGEST_HEAD = 18  # words
_FOOTNOTE = re.compile(r"\s{0,6}(?:\d{1,3}|[*†‡]{1,3}|[¹²³⁴-⁹⁰]{1,3})[.)]?\s+\S")
_RULE = re.compile(r"\s*[_—–-]{5,}\s*")

Page = list[str]


def pages_of(text: str) -> list[Page]:
    """Return the lines of each page of a text that has form feeds between its pages; else one page."""
    return [page.strip("\n").split("\n") for page in text.split("\f") if page.strip()] or [[""]]


def without_heads(pages: Sequence[Page]) -> tuple[list[Page], int]:
    """Return the pages without their numbers and running heads, and how many lines these are.

    Running heads are lines at the same end of several pages that differ in the number of the page only. The first one
    stays on the first page, where it may be the title, unless it has that number.
    """
    ends = [_ends(page) for page in pages]
    lines = [(number, page[place], upper) for number, page in enumerate(pages) for place, upper in ends[number].items()]
    offsets = Counter(_offset(line, number) for number, line, _ in lines)
    often = Counter((key, upper) for key, upper, _ in {(_key(line), upper, number) for number, line, upper in lines})
    fewest = max(2, _SHARE * len(pages))
    kept, count = [], 0
    for number, page in enumerate(pages):
        gone = {
            place
            for place, upper in ends[number].items()
            if (_offset(page[place], number) is not None and offsets[_offset(page[place], number)] > 1)
            or (often[_key(page[place]), upper] >= fewest and _may_be_head(page[place], is_first=number == 0))
        }
        gone = {place for place in gone if _is_outside(page, place, gone)}
        count += len(gone)
        kept.append([line for place, line in enumerate(page) if place not in gone])
    return kept, count


def _ends(page: Page) -> dict[int, bool]:
    """Return the places of the outermost lines of a page that have words; True for those at its upper end."""
    places = [place for place, line in enumerate(page) if line.strip()]
    lower = places[-_OUTERMOST:] if len(places) > 2 * _OUTERMOST else places[-1:]
    upper = [place for place in places[:_OUTERMOST] if place not in lower]
    return {**dict.fromkeys(upper, True), **dict.fromkeys(lower, False)}


def _offset(line: str, page: int) -> int | None:
    """Return by how much the number that a line is differs from that of its page; None if it is no number."""
    found = _NUMBER.fullmatch(line)
    return int(found[1]) - page if found else None


def _key(line: str) -> str:
    """Return a line without what differs between the heads of pages: the number of the page, and spaces."""
    return " ".join(_OUTER_NUMBER.sub("#", _COUNTED.sub("#", line.strip())).split())


def _may_be_head(line: str, *, is_first: bool) -> bool:
    short = len(line.split()) <= _LONGEST_HEAD and not ENDS_SENTENCE.search(line)
    return short and not (is_first and not _COUNTED.search(line) and not _NUMBER.fullmatch(line))


def _is_outside(page: Page, place: int, gone: set[int]) -> bool:
    """Return True if no line that stays stands between a line and the nearer end of the page."""
    return any(
        all(other in gone or not page[other].strip() for other in others)
        for others in (range(place), range(place + 1, len(page)))
    )


def with_footnotes_behind(pages: Sequence[Page]) -> tuple[list[Page], list[str]]:
    """Return the pages without the footnotes that stand within a sentence across a page break, and these."""
    kept, notes = [], []
    for page, following in zip(pages, [*pages[1:], None], strict=True):
        place = _first_footnote(page) if following is not None else None
        kept.append(page if place is None else page[:place])
        notes += [] if place is None else ["", *(line for line in page[place:] if not _RULE.fullmatch(line))]
    return kept, notes


def _first_footnote(page: Page) -> int | None:
    """Return the place of the first of the footnotes at the end of a page whose text breaks off; None if none is."""
    place = len(page)
    for at in range(len(page) - 1, 0, -1):
        if page[at].strip() and not page[at - 1].strip():
            if not (_FOOTNOTE.match(page[at]) or _RULE.fullmatch(page[at])):
                break
            place = at
    above = next((line for line in reversed(page[:place]) if line.strip()), "")
    return place if place < len(page) and above and not ENDS_SENTENCE.search(above) else None


def counted(lines: Sequence[str]) -> set[int]:
    """Return the places of the lines that count the pages, "Page 2 of 5", and have the same words on each page."""
    found = [(place, _key(line), m) for place, line in enumerate(lines) if (m := _COUNTED.search(line))]
    often = Counter((key, m["all"]) for _, key, m in found)
    chosen = {place: int(m["number"]) for place, key, m in found if often[key, m["all"]] > 1}
    numbers = list(chosen.values())
    return set(chosen) if numbers == sorted(set(numbers)) else set()
