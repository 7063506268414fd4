"""The article of an HTML page: what trafilatura finds of it, completed from the page, without links to other pages."""

import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from typing import Any

from summariser.documents.publication import is_date_line
from summariser.documents.readers.web_pages.left_out import left_out, reports_of
from summariser.documents.readers.web_pages.lines import Block, Page
from summariser.documents.readers.web_pages.lost import completed
from summariser.documents.readers.web_pages.metadata import Metadata, day_of, key_of
from summariser.documents.readers.web_pages.pictures import mark_captions, open_posts
from summariser.documents.readers.web_pages.pruning import INLINE, prune
from summariser.documents.readers.web_pages.sentences import SENTENCE_END
from summariser.documents.readers.web_pages.shown import lines_of, spaced
from summariser.documents.readers.web_pages.tables import open_tables
from summariser.documents.readers.web_pages.walls import is_for_subscribers
from summariser.documents.reading import Place

_EMPHASIS = frozenset("b em i mark strong u".split())
_ENDS = re.compile(r"(?:\w[^\W\d_A-ZÀ-ÞА-Я]|[.?!:;…»”])$")  # before a capital, the end of a block that looks inline
_MARK = re.compile(r"[.?!:;…»”]$")  # likewise, beside emphasis, which may be a part of a word
_BEGINS = re.compile(r"[“„«]?[^\W\d_a-zß-ÿа-я](?<=[^\W\d_])")
_TIGHT = frozenset({"item", "row"})  # blocks of trafilatura that no blank line sets apart
_BREAK = "\ue000"  # a private character that stands for a line break
_FIRST_BLOCKS, _LAST_BLOCKS = 3, 2  # of an article, in which the line may stand that gives its day
_LONGEST_PAGE = 2_000_000  # characters of a page that is compared with its article


@dataclass(frozen=True, slots=True)
class Article:
    """The article of a page.

    Attributes:
        title: The headline, or None.
        blocks: The blocks, without the headline.
        metadata: What the page and trafilatura know of it.
        left_out: The number of parts of each kind that are left out: those of `prune` and `left_out`.
        reports: The number of reports that the page only gives an overview of; 0 if it has an article of its own.
        is_for_subscribers: True if words of the page say that the article is for subscribers.
    """

    title: str | None
    blocks: tuple[Block, ...]
    metadata: Metadata
    left_out: Counter[str]
    reports: int
    is_for_subscribers: bool

    def pieces(self) -> Iterator[tuple[str, Place]]:
        """Yield the headline and the blocks with the headings above them."""
        if self.title:
            yield f"{self.title}\n\n", Place()
        heading: str | None = None
        for block, after in zip_longest(self.blocks, (block.tag for block in self.blocks[1:])):
            if block.tag == "head":
                heading = " ".join(block.text.split())
            apart = "\n" if block.tag in _TIGHT and block.tag == after else "\n\n"
            yield f"{block.text}{apart}", Place(heading=heading)


def article_of(tree: Any, metadata: Metadata) -> Article | None:
    """Return the article of a page, or None if there is none.

    Args:
        tree: The tree of the page, which is changed.
        metadata: What the page says of itself.

    Raises:
        ImportError: The extra is not installed.
    """
    open_tables(tree)
    mark_captions(tree)
    open_posts(tree)
    whole = copy.deepcopy(tree)
    removed = prune(tree)
    found = _extracted(copy.deepcopy(tree))
    if found is None:
        tree, removed = whole, Counter()
        found = _extracted(copy.deepcopy(tree))
    if found is None:
        return None
    _set_apart(tree)
    page = Page([line for line in lines_of(tree) if line.text], metadata)
    blocks = list(_blocks_of(found.body))
    if sum(len(line.text) for line in page.lines) < _LONGEST_PAGE:
        blocks = completed(page, blocks)
    known = metadata.titles or ((found.title,) if found.title else ())
    title = page.title or page.shown_title(known) or next(iter(known), None)
    told = removed + left_out(page, [*blocks, *(Block("head", each) for each in (title, *known) if each)])
    reports = reports_of(page, blocks)
    known_lines, holder = page.known(blocks), page.holder_of(blocks)
    is_walled = bool(known_lines) and is_for_subscribers(tree, page, holder, known_lines)
    blocks = list(_without_title(blocks, [title or "", *known]))
    return Article(
        title=title,
        blocks=tuple(_without_date_lines(blocks, metadata.language)),
        left_out=told,
        reports=reports,
        is_for_subscribers=is_walled,
        metadata=Metadata(
            titles=metadata.titles,
            descriptions=metadata.descriptions,
            author=metadata.author or found.author,
            published=metadata.published or page.day_beside_headline(blocks) or page.shown_day(day_of(found.date)),
            language=metadata.language,
        ),
    )


def _extracted(tree: Any) -> Any:
    """Return the article that trafilatura finds, or None.

    Args:
        tree: The tree of the page, which is changed.

    Raises:
        ImportError: The extra is not installed.
    """
    from lxml import etree
    from trafilatura import bare_extraction

    try:
        _set_apart(tree)
        found = bare_extraction(
            tree,
            include_comments=False,
            include_images=False,
            include_links=False,
            include_formatting=False,
            with_metadata=True,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except (RecursionError, etree.LxmlError, ValueError, TypeError, AttributeError):  # pages that nobody has foreseen
        return None
    return None if found is None or getattr(found, "body", None) is None else found


# ── before the article is looked for ─────────────────────────────────────────────────────────────


def _set_apart(tree: Any) -> None:
    """Put a space where an inline element runs on into the next, as between a kicker and a headline."""
    for element in tree.iter(*INLINE):
        before, parent = element.getprevious(), element.getparent()
        if parent is None:
            continue
        ends = _MARK if element.tag in _EMPHASIS else _ENDS
        if before is not None:
            if _run_together(before.tail or _last_text(before), element.text, ends):
                before.tail = f"{before.tail or ''} "
        elif _run_together(parent.text, element.text, ends):
            parent.text = f"{parent.text} "
        if _run_together(_last_text(element), element.tail, ends):
            element.tail = f" {element.tail}"


def _run_together(before: str | None, after: str | None, ends: re.Pattern[str]) -> bool:
    return bool(before and after and ends.search(before) and _BEGINS.match(after))


def _last_text(element: Any) -> str | None:
    text: str | None = element[-1].tail or element[-1].text if len(element) else element.text
    return text


# ── the blocks of trafilatura ────────────────────────────────────────────────────────────────────


def _blocks_of(body: Any) -> Iterator[Block]:
    """Yield the blocks of trafilatura's tree that hold text."""
    blocks = {"p", "head", "item", "quote", "row", "code", "ab"}
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        if element.tag in blocks and not any(child.tag in blocks for child in element.iterdescendants()):
            if text := _inline(element):
                yield Block(element.tag, text)
        else:
            if element.text and element.text.strip():
                yield Block(element.tag, spaced(element.text))
            stack.extend(reversed(element))
        if element.tail and element.tail.strip() and element.getparent() is not None:
            yield Block(element.tag, spaced(element.tail))


def _inline(element: Any) -> str:
    """Return the text of a block; a break is a new line, and bars set the cells of a row apart."""
    from lxml import etree

    parts: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if each.tag == "cell" and any(part.strip() for part in parts):
                parts.append(" | ")
            parts.append(_BREAK if each.tag == "lb" else each.text or "")
        elif each is not element:
            parts.append(each.tail or "")
    lines = re.sub(r"\s+", " ", "".join(parts)).split(_BREAK)
    return "\n".join(line.strip() for line in lines if line.strip())


def _without_title(blocks: Sequence[Block], titles: Iterable[str]) -> Iterator[Block]:
    """Yield the blocks without headings that only repeat a title, and other blocks at the beginning that do."""
    keys = {key for title in titles if (key := key_of(title))}
    top = len(list(takewhile(lambda block: not SENTENCE_END.search(block.text) or _repeats(block, keys), blocks)))
    for number, block in enumerate(blocks):
        is_headline = block.tag == "head" and key_of(block.text) in keys
        if not is_headline and (number > top or not _repeats(block, keys)):
            yield block


def _without_date_lines(blocks: Sequence[Block], language: str | None) -> Iterator[Block]:
    """Yield the blocks without those at the beginning and end that only give the day or time of publication."""
    for number, block in enumerate(blocks):
        edge = number < _FIRST_BLOCKS or number >= len(blocks) - _LAST_BLOCKS
        if not (edge and all(is_date_line(line, language) for line in block.text.split("\n"))):
            yield block


def _repeats(block: Block, titles: set[str]) -> bool:
    """Return True if a block is a title, or a heading that only adds a few words to one."""
    key = key_of(block.text)
    return key in titles or (
        block.tag == "head" and any(title in key and len(key) < 2 * len(title) for title in titles)
    )
