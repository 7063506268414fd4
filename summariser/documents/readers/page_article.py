"""The article of an HTML page: what trafilatura finds of it, completed from the page, without links to other pages."""

import copy
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, islice, takewhile, zip_longest
from typing import Any

from summariser.documents.readers.page_metadata import Metadata, day_of, key_of, words_of
from summariser.documents.readers.shown import HEADINGS, Line, lines_of, spaced
from summariser.documents.reading import Place
from summariser.text.lexicon import alternatives

_NOT_SHOWN = (  # what browsers hide, unless a script may show the article there, and the controls of a video player
    "//*[(@hidden or @aria-modal='true' or contains(@class, 'vjs-')"
    " or contains(translate(@style, ' ', ''), 'display:none')"
    " or contains(translate(@style, ' ', ''), 'visibility:hidden'))"
    " and not(self::article or self::main or .//article or .//h1 or count(.//p) > 9)]"
)
_FOR_SCREEN_READERS = re.compile(r"(?:^|[\s_-])(?:visually-?hidden|sr-only|screen-?reader(?:-text|-only)?)(?:$|[\s_-])")
_INLINE = frozenset("a abbr b cite em i label mark small span strong time u".split())
_EMPHASIS = frozenset("b em i mark strong u".split())
_ENDS = re.compile(r"(?:\w[^\W\d_A-ZÀ-ÞА-Я]|[.?!:;…»”])$")  # before a capital, the end of a block that looks inline
_MARK = re.compile(r"[.?!:;…»”]$")  # likewise, beside emphasis, which may be a part of a word
_BEGINS = re.compile(r"[“„«]?[^\W\d_a-zß-ÿа-я](?<=[^\W\d_])")
_BESIDE = frozenset({"nav", "aside", "footer"})
_ASIDE = _BESIDE | {"form", "figure", "figcaption"}
_HEADLINES = frozenset({"h1", "h2", "h3"})
_LEAD = frozenset(
    "lead lede leadtext standfirst dek deck subtitle subheadline subheading subhead excerpt abstract summary intro "
    "introduction teaser chapo chapeau entradilla bajada sumario sommario ingress preamble strapline".split()
)
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।]['\"”’»)\]」]*$")
_SENTENCES = re.compile(rf"{_SENTENCE_END.pattern}|\w\.\s\w")
_TIGHT = frozenset({"item", "row"})  # blocks of trafilatura that no blank line sets apart
_BREAK = "\ue000"  # a private character that stands for a line break
_FEWEST_WORDS = 5  # of a paragraph that is put back
_FEWEST_OF_LEAD = 8
_LINK_WORDS = 4  # fewest words of a link to another page
_SHORTEST_LINK, _LONGEST_LINK = 15, 160  # characters of one
_LINKED = 0.9  # of the characters of a link to another page, without the label before it
_FEWEST_ALIKE = 3  # paragraphs of an article that show the markup of its paragraphs
_SHARE = 0.25  # likewise, of its blocks
_EDGE = 30  # letters of a line by which it is recognised
_SAME_TITLE = 0.5  # of the words of a heading and a title
_LONGEST_PAGE = 2_000_000  # characters of a page that is compared with its article


@dataclass(frozen=True, slots=True)
class Block:
    """A block of an article.

    Attributes:
        tag: The name of the element that trafilatura gives it, such as "p", "head", "item".
        text: The text.
        at: The number of the line of the page at which it begins; None if that is not known.
    """

    tag: str
    text: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The article of a page.

    Attributes:
        title: The headline, or None.
        blocks: The blocks, without the headline.
        metadata: What the page and trafilatura know of it.
    """

    title: str | None
    blocks: tuple[Block, ...]
    metadata: Metadata

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
    whole = copy.deepcopy(tree)
    _prune(tree)
    found = _extracted(copy.deepcopy(tree))
    if found is None:
        tree = whole
        found = _extracted(copy.deepcopy(tree))
    if found is None:
        return None
    _set_apart(tree)
    page = _Page([line for line in lines_of(tree) if line.text], metadata)
    blocks = list(_blocks_of(found.body))
    if sum(len(line.text) for line in page.lines) < _LONGEST_PAGE:
        blocks = page.completed(blocks)
    known = metadata.titles or ((found.title,) if found.title else ())
    title = page.title or next((each for each in known if page.shows(each)), next(iter(known), None))
    return Article(
        title=title,
        blocks=tuple(_without_title(blocks, [title or "", *known])),
        metadata=Metadata(
            titles=metadata.titles,
            descriptions=metadata.descriptions,
            author=metadata.author or found.author,
            published=metadata.published or day_of(found.date),
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


def _prune(tree: Any) -> None:
    """Remove from a page what it does not show and the articles that follow the one with its headline."""
    for element in (*tree.xpath(_NOT_SHOWN), *_for_screen_readers(tree), *_further_articles(tree)):
        if element.getparent() is not None:
            element.drop_tree()


def _for_screen_readers(tree: Any) -> list[Any]:
    return [
        element
        for element in tree.iter(*_INLINE, "p", "div")
        if _FOR_SCREEN_READERS.search((element.get("class") or "").casefold()) and element.find(".//h1") is None
    ]


def _further_articles(tree: Any) -> list[Any]:
    """Return the articles that follow the first one on a page, if each has a headline of the first rank."""
    whole = [
        each
        for each in tree.iter("article")
        if each.find(".//h1") is not None and each.find(".//p") is not None and each.find(".//article//h1") is None
    ]
    return whole[1:]


def _set_apart(tree: Any) -> None:
    """Put a space where an inline element runs on into the next, as between a kicker and a headline."""
    for element in tree.iter(*_INLINE):
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
    """Yield the blocks without those at the beginning that only repeat a title."""
    keys = {key for title in titles if (key := key_of(title))}
    top = len(list(takewhile(lambda block: not _SENTENCE_END.search(block.text) or _repeats(block, keys), blocks)))
    for number, block in enumerate(blocks):
        if number > top or not _repeats(block, keys):
            yield block


def _repeats(block: Block, titles: set[str]) -> bool:
    """Return True if a block is a title, or a heading that only adds a few words to one."""
    key = key_of(block.text)
    return key in titles or (
        block.tag == "head" and any(title in key and len(key) < 2 * len(title) for title in titles)
    )


# ── the page beside its article ──────────────────────────────────────────────────────────────────


class _Page:
    """The lines of a page, by which its article is completed.

    Args:
        lines: The lines that have text.
        metadata: What the page says of itself.
    """

    def __init__(self, lines: Sequence[Line], metadata: Metadata) -> None:
        self.lines = lines
        self._keys = [key_of(line.text) for line in lines]
        self._descriptions = [key for text in metadata.descriptions if (key := key_of(text).removesuffix("…"))]
        self._places: dict[str, list[int]] = {}
        for number, key in enumerate(self._keys):
            self._places.setdefault(key, []).append(number)
        self._headline = self._find_headline(metadata.titles)

    @property
    def title(self) -> str | None:
        """The headline that the page shows, or None."""
        return None if self._headline is None else self.lines[self._headline].text

    def shows(self, text: str) -> bool:
        """Return True if a text is a line of the page."""
        return key_of(text) in self._places

    def completed(self, blocks: Iterable[Block]) -> list[Block]:
        """Return the blocks of an article with what is lost of it, without links to other pages.

        Args:
            blocks: The blocks that are found.
        """
        placed = [block for block in self._placed(blocks) if not self._leads_elsewhere(block)]
        for number in (*self._lost_lead(placed), *self._lost_paragraphs(placed)):
            self._put_back(placed, number, "p")
        for number in self._lost_headings(placed):
            self._put_back(placed, number, "head")
        return placed

    def _put_back(self, placed: list[Block], number: int, tag: str) -> None:
        """Insert a line of the page among the blocks, before those that follow it on the page."""
        reached = list(accumulate((-1 if block.at is None else block.at for block in placed), max))
        placed.insert(bisect_right(reached, number), Block(tag, self.lines[number].text, number))

    def _find_headline(self, titles: Sequence[str]) -> int | None:
        """Return the number of the heading that is most like the titles of the page; or its only main heading."""
        headings = [
            number
            for number, line in enumerate(self.lines)
            if _rank(line.element) and not _within(line.element, _BESIDE)
        ]
        wanted = [set(words_of(title)) for title in titles]
        best = max(
            headings,
            key=lambda number: (self._likeness(number, wanted), _rank(self.lines[number].element) == "h1", -number),
            default=None,
        )
        if best is not None and self._likeness(best, wanted) >= _SAME_TITLE:
            return best
        main = [number for number in headings if _rank(self.lines[number].element) == "h1"]
        return main[0] if len(main) == 1 and self._is_headline(main[0]) else None

    def _is_headline(self, number: int) -> bool:
        """Return True if a main heading is that of an article, not the name of the site."""
        line = self.lines[number]
        return len(words_of(line.text)) >= _LINK_WORDS or _within(line.element, frozenset({"article"}))

    def _likeness(self, number: int, wanted: Sequence[set[str]]) -> float:
        """Return the likeness of a line to the most similar title, from 0 to 1."""
        own = set(words_of(self.lines[number].text))
        return max((2 * len(own & title) / (len(own) + len(title) or 1) for title in wanted), default=0.0)

    def _placed(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """Yield the blocks with the numbers of the lines at which they begin."""
        after = -1
        for block in blocks:
            places = self._places.get(key_of(block.text.split("\n")[0]), [])
            at = next((place for place in places if place > after), places[-1] if places else None)
            after = after if at is None else at
            yield Block(block.tag, block.text, at)

    def _leads_elsewhere(self, block: Block) -> bool:
        """Return True if a block is only a link to another page, such as a label and the headline of another report."""
        if block.at is None or block.at == self._headline or "\n" in block.text:
            return False
        line = self.lines[block.at]
        if not _SHORTEST_LINK <= len(line.text) <= _LONGEST_LINK or len(words_of(line.text)) < _LINK_WORDS:
            return False
        label = _labelled().match(line.text)
        if label:
            return line.linked >= _LINKED * (len(line.text) - label.end())
        return line.linked >= _LINKED * len(line.text) and not _SENTENCES.search(line.text)

    def _lost_lead(self, placed: Sequence[Block]) -> list[int]:
        """Return the numbers of the lines between the headline and the article that sum it up."""
        first = next((block.at for block in placed if block.at is not None and block.at != self._headline), None)
        if first is None:
            return []
        read = "".join(key_of(block.text) for block in placed)
        begin = 0 if self._headline is None else self._headline + 1
        return [number for number in range(begin, first) if self._keys[number] not in read and self._is_lead(number)]

    def _is_lead(self, number: int) -> bool:
        line, key = self.lines[number], self._keys[number]
        if len(words_of(line.text)) < _FEWEST_OF_LEAD or not self._is_text(line):
            return False
        described = any(key.startswith(each) or each.startswith(key) for each in self._descriptions)
        return described or (self._headline is not None and not _LEAD.isdisjoint(_class_words(line.element)))

    def _lost_paragraphs(self, placed: Sequence[Block]) -> list[int]:
        """Return the numbers of the lines that have the markup of the article's paragraphs and are not in it."""
        known = {block.at for block in placed if block.at is not None}
        markups = Counter(markup for at in known if (markup := _markup(self.lines[at].element)))
        article = {markup for markup, count in markups.items() if count >= max(_FEWEST_ALIKE, _SHARE * len(known))}
        if not article:
            return []
        read = "".join(key_of(block.text) for block in placed)
        return [
            number
            for number in range(min(known) + 1, len(self.lines))
            if number not in known
            and _markup(self.lines[number].element) in article
            and len(words_of(self.lines[number].text)) >= _FEWEST_WORDS
            and self._is_text(self.lines[number])
            and not self._is_read(number, read)
        ]

    def _lost_headings(self, placed: Sequence[Block]) -> list[int]:
        """Return the numbers of the headings that stand beside paragraphs of the article, directly before one."""
        known = {block.at for block in placed if block.at is not None}
        around = {self.lines[at].element.getparent() for at in known if self.lines[at].element.tag == "p"}
        read = {key_of(block.text) for block in placed}
        return [
            number - 1
            for number in sorted(known)
            if number - 1 not in known
            and number - 1 != self._headline
            and self.lines[number - 1].element.tag in HEADINGS
            and self.lines[number - 1].element.getparent() in around
            and self._is_text(self.lines[number - 1])
            and self._keys[number - 1] not in read
        ]

    def _is_read(self, number: int, read: str) -> bool:
        """Return True if a line, or its beginning or end, is in the letters of an article."""
        key = self._keys[number]
        return key in read or (len(key) > _EDGE and (key[:_EDGE] in read or key[-_EDGE:] in read))

    def _is_text(self, line: Line) -> bool:
        return line.linked < len(line.text) / 2 and not _within(line.element, _ASIDE)


def _rank(element: Any) -> str | None:
    """Return the name of the heading that an element is or stands in, of the first three ranks; None without one."""
    return next((each.tag for each in (element, *islice(element.iterancestors(), 3)) if each.tag in _HEADLINES), None)


@cache
def _labelled() -> re.Pattern[str]:
    """Return the pattern of a label before a link to another report: "Read more: "."""
    return re.compile(rf"[>→▶\s]*(?:{alternatives('link_labels')})\s*[:|]\s*", re.I)


def _within(element: Any, tags: frozenset[str]) -> bool:
    return element.tag in tags or any(each.tag in tags for each in element.iterancestors())


def _class_words(element: Any) -> set[str]:
    """Return the words in the classes of an element and of the element around it."""
    parent = element.getparent()
    names = [each.get(name) or "" for each in (element, parent) if each is not None for name in ("class", "itemprop")]
    return {word.casefold() for name in names for word in _CLASS_WORD.findall(name)}


def _markup(element: Any) -> tuple[str, str, str] | None:
    """Return the markup of a paragraph: its classes and the element around it; None without any class."""
    parent = element.getparent()
    if element.tag != "p" or parent is None:
        return None
    classes = element.get("class") or "", parent.get("class") or ""
    return (parent.tag, *classes) if any(classes) else None
