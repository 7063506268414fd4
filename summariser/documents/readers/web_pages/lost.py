"""What trafilatura loses of the article of an HTML page: the lead, paragraphs, lists, headings."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, dropwhile, islice, takewhile

from summariser.documents.boilerplate import is_notice
from summariser.documents.readers.web_pages.elements import (
    ASIDE,
    belongs,
    class_words,
    is_named_foreign,
    markup_of,
    within,
)
from summariser.documents.readers.web_pages.lines import Block, Page
from summariser.documents.readers.web_pages.metadata import key_of, words_of
from summariser.documents.readers.web_pages.sentences import FEWEST_WORDS, SENTENCE_END, is_sentence
from summariser.documents.readers.web_pages.shown import HEADINGS, Line
from summariser.text.lexicon import words

_LEAD = frozenset(
    "lead lede leadtext standfirst dek deck subtitle subheadline subheading subhead excerpt abstract summary intro "
    "introduction teaser chapo chapeau entradilla bajada sumario sommario ingress preamble strapline".split()
)
_HEADERS = frozenset({"header", "hgroup"})
_PROSE = frozenset({"p", "li", "dd", "blockquote"})
_FEWEST_OF_LEAD = 8
_FEWEST_ALIKE = 3  # paragraphs of an article that show the markup of its paragraphs
_SHARE = 0.25  # likewise, of its blocks
_LINES_BELOW = 5  # lines before the first paragraph that is known, in which others may be lost
_FEWEST_ASSESSED = 2  # lines of a list of advantages or disadvantages


def completed(page: Page, blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks of an article with what is lost of it, without links to other pages and notices.

    Args:
        page: The page.
        blocks: The blocks that are found.
    """
    placed = page.without_links(page.below_headline(list(page.placed(page.joined(list(blocks))))))
    placed = page.without_notices(placed)
    for number in (*lost_lead(page, placed), *lost_paragraphs(page, placed)):
        _put_back(page, placed, number, "p")
    for number in (*lost_lines(page, placed), *lost_assessments(page, placed)):
        _put_back(page, placed, number, "item" if page.lines[number].element.tag == "li" else "p")
    for number in lost_headings(page, placed):
        _put_back(page, placed, number, "head")
    return list(reversed(list(dropwhile(lambda block: block.tag == "head", reversed(placed)))))


def _put_back(page: Page, placed: list[Block], number: int, tag: str) -> None:
    """Insert a line of the page among the blocks, before those that follow it on the page."""
    first = next((block.at for block in placed if block.at is not None), 0)
    reached = list(accumulate((-1 if block.at is None else block.at for block in placed), max))
    placed.insert(
        bisect_right([first if at < 0 else at for at in reached], number), Block(tag, page.lines[number].text, number)
    )


def lost_lead(page: Page, placed: Sequence[Block]) -> list[int]:
    """Return the numbers of the lines between the headline and the article that sum it up."""
    begin = 0 if page.headline is None else page.headline + 1
    first = next((at for at in page.known(placed) if at >= begin), None)
    if first is None:
        return []
    read = "".join(key_of(block.text) for block in placed)
    return [number for number in range(begin, first) if page.keys[number] not in read and _is_lead(page, number)]


def _is_lead(page: Page, number: int) -> bool:
    line, key = page.lines[number], page.keys[number]
    if len(words_of(line.text)) < _FEWEST_OF_LEAD or not _is_text(line):
        return False
    if any(key.startswith(each) or each.startswith(key) for each in page.descriptions):
        return True
    return page.headline is not None and (not _LEAD.isdisjoint(class_words(line.element)) or _opens_report(page, line))


def _opens_report(page: Page, line: Line) -> bool:
    """Return True if a line has a sentence, and stands in the box of the headline or beside it."""
    headline = [page.lines[page.headline or 0].element, *page.lines[page.headline or 0].element.iterancestors()]
    own = [line.element, *takewhile(lambda each: each not in headline, line.element.iterancestors())]
    box = own[-1].getparent()
    return (
        is_sentence(line.text)
        and not is_notice(line.text)
        and (box in headline[:2] or (box in headline and box.tag in _HEADERS))
        and not any(map(is_named_foreign, own))
    )


def lost_paragraphs(page: Page, placed: Sequence[Block]) -> list[int]:
    """Return the numbers of the lines that have the markup of the article's paragraphs and are not in it."""
    known = {block.at for block in placed if block.at is not None}
    markups = Counter(markup for at in known if (markup := markup_of(page.lines[at].element)))
    article = {markup for markup, count in markups.items() if count >= max(_FEWEST_ALIKE, _SHARE * len(known))}
    if not article:
        return []
    begin, holder = 0 if page.headline is None else page.headline + 1, page.holder_of(placed)
    read = "".join(key_of(block.text) for block in placed)
    return [
        number
        for number in range(begin, len(page.lines))
        if number not in known
        and (number > min(known) or holder in page.lines[number].element.iterancestors())
        and markup_of(page.lines[number].element) in article
        and len(words_of(page.lines[number].text)) >= FEWEST_WORDS
        and _is_text(page.lines[number])
        and not page.is_read(number, read)
    ]


def lost_lines(page: Page, placed: Sequence[Block]) -> list[int]:
    """Return the numbers of the lines with sentences that stand among the paragraphs of the article."""
    known, holder = page.known(placed), page.holder_of(placed)
    if holder is None:
        return []
    boxes = page.notice_boxes(holder)
    read = "".join(key_of(block.text) for block in placed)
    begin = known[0] if page.headline is None else max(page.headline + 1, known[0] - _LINES_BELOW)
    lost = [
        number
        for number in range(begin, len(page.lines))
        if number not in known
        and (page.lines[number].element.tag in _PROSE or page.lines[number].element is holder)
        and SENTENCE_END.search(page.lines[number].text)
        and page.lines[number].linked < len(page.lines[number].text) / 2
        and (page.lines[number].element is holder or belongs(page.lines[number].element, holder))
        and not page.stands_in(number, boxes)
        and len(page.places[page.keys[number]]) == 1  # notices stand in several places
        and not page.is_read(number, read)
    ]
    long = {number for number in lost if len(words_of(page.lines[number].text)) >= FEWEST_WORDS}
    return [number for number in lost if number in long or _answers(page, number, long)]


def _answers(page: Page, number: int, lost: set[int]) -> bool:
    """Return True if a short line stands directly beside a lost one in the same box, as a question or an answer."""
    around = set(islice(page.lines[number].element.iterancestors(), 2))
    beside = lost & {number - 1, number + 1}
    return any(not around.isdisjoint(islice(page.lines[at].element.iterancestors(), 2)) for at in beside)


def lost_headings(page: Page, placed: Sequence[Block]) -> list[int]:
    """Return the numbers of the headings that stand beside paragraphs of the article, directly before one."""
    known = {block.at for block in placed if block.at is not None}
    around = {page.lines[at].element.getparent() for at in known if page.lines[at].element.tag == "p"}
    around = {each for each in around if each is not None and not within(each, ASIDE - {"aside"})}
    read = {key_of(block.text) for block in placed}
    return [
        number - 1
        for number in sorted(known)
        if number > 0
        and number - 1 not in known
        and number - 1 != page.headline
        and page.lines[number - 1].element.tag in HEADINGS
        and page.lines[number - 1].element.getparent() in around
        and page.lines[number - 1].linked < len(page.lines[number - 1].text) / 2
        and page.keys[number - 1] not in read
    ]


def _is_text(line: Line) -> bool:
    return line.linked < len(line.text) / 2 and not within(line.element, ASIDE)


def lost_assessments(page: Page, placed: Sequence[Block]) -> list[int]:
    """Return the numbers of the lines in lists of advantages and disadvantages, with the labels above them."""
    known, labels = page.known(placed), words("assessment_labels")
    read = "".join(key_of(block.text) for block in placed)
    begin = 0 if page.headline is None else page.headline + 1
    lost: list[int] = []
    for number in range(begin, len(page.lines)):
        if known and page.lines[number].text.casefold().strip(" :+–-") in labels:
            items = list(takewhile(lambda at: _is_point(page.lines[at]), range(number + 1, len(page.lines))))
            if len(items) >= _FEWEST_ASSESSED and not any(page.is_read(at, read) for at in items):
                lost += [number, *items]
    return lost


def _is_point(line: Line) -> bool:
    around = (line.element, *islice(line.element.iterancestors(), 2))
    is_item = any(each.tag in {"li", "dd"} for each in around)
    return is_item and line.linked < len(line.text) / 2
