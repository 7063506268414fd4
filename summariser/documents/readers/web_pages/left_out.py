"""What is not read of an HTML page: lines among those of its article, and reports that it only gives an overview of."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from summariser.documents.boilerplate import is_notice
from summariser.documents.readers.web_pages.elements import (
    is_biography,
    is_caption,
    is_in_teaser,
    is_named_comment,
    is_pulled_quotation,
    within,
)
from summariser.documents.readers.web_pages.lines import Block, Page
from summariser.documents.readers.web_pages.metadata import key_of, words_of
from summariser.documents.readers.web_pages.sentences import FEWEST_WORDS, is_sentence
from summariser.documents.readers.web_pages.shown import HEADINGS, Line

_FRAME = frozenset({"nav", "footer", "form"})
_FEWEST_TEASERS = 3
_LINES_ABOVE = 3  # the headline, among which the picture of the article may stand
_TEASERS = 0.5  # of the paragraphs of a page that is an overview of reports
_FEWEST_OF_HEADLINE = 4  # words
_LINK_WORDS = 3  # fewest words of a headline that leads to a report


def left_out(page: Page, blocks: Sequence[Block]) -> Counter[str]:
    """Return the number of lines among those of an article that are not in it, by kind.

    Args:
        page: The page.
        blocks: The blocks of the article and its titles.

    Returns:
        The number of each kind that is found: "caption", "quotation", "notice", "line" (any other with a sentence).
    """
    known, holder = page.known(blocks), page.holder_of(blocks)
    if holder is None:
        return Counter()
    boxes = page.notice_boxes(holder)
    read = "".join(key_of(block.text) for block in blocks)
    begin = known[0] if page.headline is None else page.headline + 1
    end = known[-1] if holder.tag in {"body", "html"} else len(page.lines)
    kinds = (
        _kind_of(page, number, boxes, holder)
        for number in range(begin, end)
        if number not in known
        and any(each is holder for each in page.lines[number].element.iterancestors())
        and not page.is_read(number, read)
    )
    beside = (
        "caption" for number in _lines_beside(page, known, holder) if _is_told_caption(page.lines[number], holder)
    )
    return Counter(kind for kind in (*kinds, *beside) if kind)


def _lines_beside(page: Page, known: Sequence[int], holder: Any) -> list[int]:
    """Return the numbers of the lines around the headline and among the paragraphs that their holder does not have."""
    if page.headline is None:
        return []
    headline = set(page.lines[page.headline].element.iterancestors())
    outer = next((each for each in holder.iterancestors() if each in headline), None)
    return [
        number
        for number in range(max(page.headline - _LINES_ABOVE, 0), known[-1])
        for around in [list(page.lines[number].element.iterancestors())]
        if holder not in around and (number < page.headline or outer in around)
    ]


def _is_told_caption(line: Line, holder: Any) -> bool:
    """Return True if a line is the caption of a picture of the article, not of a link to another report."""
    is_long = len(words_of(line.text)) >= FEWEST_WORDS
    return is_long and is_caption(line.element) and not line.linked and not is_in_teaser(line.element, holder)


def reports_of(page: Page, blocks: Sequence[Block]) -> int:
    """Return the number of reports that a page gives an overview of; 0 if it has an article of its own.

    Args:
        page: The page.
        blocks: The blocks of the article.
    """
    if page.headline is not None and _is_own_headline(page.lines[page.headline]):
        return 0
    paragraphs = [at for at in page.known(blocks) if is_sentence(page.lines[at].text)]
    teasers = [at for at in paragraphs if at > 0 and _is_linked_headline(page.lines[at - 1])]
    is_overview = len(teasers) >= max(_FEWEST_TEASERS, _TEASERS * len(paragraphs))
    return len(teasers) if is_overview else 0


def _is_own_headline(line: Line) -> bool:
    """Return True if a headline is that of a report on the page itself, not a link or the name of a site."""
    return not line.linked and len(words_of(line.text)) >= _FEWEST_OF_HEADLINE


def _is_linked_headline(line: Line) -> bool:
    return within(line.element, HEADINGS) and line.linked == len(line.text) and len(words_of(line.text)) >= _LINK_WORDS


def _kind_of(page: Page, number: int, boxes: set[Any], holder: Any) -> str:
    """Return the kind of a line that is not in the article; empty if it is none that a reader may miss."""
    line = page.lines[number]
    if within(line.element, _FRAME) or is_named_comment(line.element):
        return ""
    if is_caption(line.element):
        return "caption" if _is_told_caption(line, holder) else ""
    if is_pulled_quotation(line.element):
        return "quotation" if len(words_of(line.text)) >= FEWEST_WORDS else ""
    if (page.stands_in(number, boxes) or is_notice(line.text)) and not is_biography(line.element):
        return "notice"
    is_prose = is_sentence(line.text) and line.linked < len(line.text) / 2
    return "line" if is_prose and not page.leads_elsewhere(Block("p", line.text, number)) else ""
