"""What the lines of an HTML page add to its article: the headline, the day, lost paragraphs, links to other pages."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate, dropwhile, islice, takewhile
from typing import Any

from summariser.documents.boilerplate import is_notice
from summariser.documents.publication import find_date, gives_update, publication_date
from summariser.documents.readers.page_elements import (
    ASIDE,
    BESIDE,
    belongs,
    class_words,
    common_holder,
    is_named_beside,
    is_named_foreign,
    markup_of,
    may_date,
    rank_of,
    within,
)
from summariser.documents.readers.page_metadata import Metadata, key_of, parts_of_title, words_of
from summariser.documents.readers.shown import HEADINGS, Line
from summariser.text.lexicon import alternatives

_LEAD = frozenset(
    "lead lede leadtext standfirst dek deck subtitle subheadline subheading subhead excerpt abstract summary intro "
    "introduction teaser chapo chapeau entradilla bajada sumario sommario ingress preamble strapline".split()
)
_HEADERS = frozenset({"header", "hgroup"})
_PROSE = frozenset({"p", "li", "dd", "blockquote"})
SENTENCE_END = re.compile(r"[.!?…。！？؟।]['\"”’»)\]」]*$")
_SENTENCES = re.compile(rf"{SENTENCE_END.pattern}|\w\.\s\w")
FEWEST_WORDS = 5  # of a paragraph that is put back
_FEWEST_OF_LEAD = 8
_FEWEST_OF_TITLE = 3
_MOST_PARTS = 12  # blocks that may be parts of one line
_LARGEST_BOX = 150  # words of a box that has a notice
_LINES_ABOVE, _LINES_BELOW = 3, 5  # the headline, that may give the day of publication
_LINK_WORDS = 4  # fewest words of a link to another page
_SHORTEST_LINK, _LONGEST_LINK = 15, 160  # characters of one
_LINKED = 0.9  # of the characters of a link to another page, without the label before it
_FEWEST_ALIKE = 3  # paragraphs of an article that show the markup of its paragraphs
_SHARE = 0.25  # likewise, of its blocks
_EDGE = 30  # letters of a line by which it is recognised
_SAME_TITLE = 0.5  # of the words of a heading and a title


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


class Page:
    """The lines of a page, by which its article is completed.

    Args:
        lines: The lines that have text.
        metadata: What the page says of itself.

    Attributes:
        lines: The lines.
        headline: The number of the line that is the headline, or None.
    """

    def __init__(self, lines: Sequence[Line], metadata: Metadata) -> None:
        self.lines = lines
        self._keys = [key_of(line.text) for line in lines]
        self._descriptions = [key for text in metadata.descriptions if (key := key_of(text).removesuffix("…"))]
        self._places: dict[str, list[int]] = {}
        for number, key in enumerate(self._keys):
            self._places.setdefault(key, []).append(number)
        self._titles, self._language = metadata.titles, metadata.language
        self.headline = self._find_headline(metadata.titles)

    @property
    def title(self) -> str | None:
        """The headline that the page shows, without a kicker that is set off from it; or None."""
        if self.headline is None:
            return None
        line = self.lines[self.headline]
        return next((found for title in self._titles if (found := _without_kicker(line, title))), line.text)

    def shown_title(self, titles: Iterable[str]) -> str | None:
        """Return the first of some titles that is a line of the page, whole or without what a mark sets off; or None.

        Args:
            titles: The titles that are known.
        """
        parts = (part for title in titles for part in parts_of_title(title))
        return next((part for part in parts if key_of(part) in self._places), None)

    def day_beside_headline(self, blocks: Sequence[Block]) -> date | None:
        """Return the day that a line beside the headline gives, or None.

        Args:
            blocks: The blocks of the article.
        """
        headline = self.headline
        if headline is None:
            return None
        known = [at for at in self.known(blocks) if at > headline]
        below = next((block.at for block in blocks if block.tag == "p" and block.at in known), None) or headline
        rest = takewhile(lambda number: number not in known, range(below + 1, below + 1 + _LINES_BELOW))
        near = [*range(max(headline - _LINES_ABOVE, 0), below + 2), *islice(rest, 1, None)]
        lines = [self.lines[number] for number in near if number < len(self.lines) and number != headline]
        text = "\n".join(line.text for line in lines[: _LINES_ABOVE + _LINES_BELOW] if may_date(line.element))
        return publication_date(text, (), self._language).day

    def shown_day(self, day: date | None) -> date | None:
        """Return a day unless the page shows it only as the day of a change."""
        shown = [line.text for line in self.lines if find_date(line.text, self._language) == day]
        return day if not shown or not all(map(gives_update, shown)) else None

    def completed(self, blocks: Iterable[Block]) -> list[Block]:
        """Return the blocks of an article with what is lost of it, without links to other pages.

        Args:
            blocks: The blocks that are found.
        """
        placed = self._below_headline(list(self._placed(self._joined(list(blocks)))))
        placed = [block for block in placed if not self.leads_elsewhere(block)]
        placed = self._without_notices(placed)
        for number in (*self._lost_lead(placed), *self._lost_paragraphs(placed)):
            self._put_back(placed, number, "p")
        for number in self._lost_lines(placed):
            self._put_back(placed, number, "item" if self.lines[number].element.tag == "li" else "p")
        for number in self._lost_headings(placed):
            self._put_back(placed, number, "head")
        return list(reversed(list(dropwhile(lambda block: block.tag == "head", reversed(placed)))))

    def _put_back(self, placed: list[Block], number: int, tag: str) -> None:
        """Insert a line of the page among the blocks, before those that follow it on the page."""
        reached = list(accumulate((-1 if block.at is None else block.at for block in placed), max))
        placed.insert(bisect_right(reached, number), Block(tag, self.lines[number].text, number))

    def _find_headline(self, titles: Sequence[str]) -> int | None:
        """Return the number of the heading that is most like the titles of the page; or its only main heading."""
        headings = [
            number
            for number, line in enumerate(self.lines)
            if rank_of(line.element) and not within(line.element, BESIDE)
        ]
        wanted = [set(words_of(title)) for title in titles]
        best = max(
            headings,
            key=lambda number: (self._likeness(number, wanted), rank_of(self.lines[number].element) == "h1", -number),
            default=None,
        )
        if best is not None and self._likeness(best, wanted) >= _SAME_TITLE:
            return best
        main = [number for number in headings if rank_of(self.lines[number].element) == "h1"]
        return main[0] if len(main) == 1 and self._is_headline(main[0]) else None

    def _is_headline(self, number: int) -> bool:
        """Return True if a main heading is that of an article, not the name of the site."""
        line = self.lines[number]
        return len(words_of(line.text)) >= _LINK_WORDS or within(line.element, frozenset({"article"}))

    def _likeness(self, number: int, wanted: Sequence[set[str]]) -> float:
        """Return the likeness of a line to the most similar title, from 0 to 1."""
        own = set(words_of(self.lines[number].text))
        return max((2 * len(own & title) / (len(own) + len(title) or 1) for title in wanted), default=0.0)

    def _joined(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """Yield the blocks; those that are parts of one line of the page, divided by its links, are one block."""
        number = 0
        while number < len(blocks):
            block, size = blocks[number], 1
            if key_of(block.text) not in self._places:
                keys = accumulate(key_of(each.text) for each in blocks[number : number + _MOST_PARTS])
                parts, place = next(
                    ((size, self._places[key][0]) for size, key in enumerate(keys, 1) if key in self._places), (1, None)
                )
                if place is not None:
                    block, size = Block(block.tag, self.lines[place].text), parts
            yield block
            number += size

    def _placed(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """Yield the blocks with the numbers of the lines at which they begin."""
        after = -1
        for block in blocks:
            places = self._places.get(key_of(block.text.split("\n")[0]), [])
            at = next((place for place in places if place > after), places[-1] if places else None)
            after = after if at is None else at
            yield Block(block.tag, block.text, at)

    def leads_elsewhere(self, block: Block) -> bool:
        """Return True if a block is only a link to another page, such as a label and the headline of another report."""
        if block.at is None or block.at == self.headline or "\n" in block.text:
            return False
        line = self.lines[block.at]
        if not _SHORTEST_LINK <= len(line.text) <= _LONGEST_LINK or len(words_of(line.text)) < _LINK_WORDS:
            return False
        label = _labelled().match(line.text)
        if label:
            return line.linked >= _LINKED * (len(line.text) - label.end())
        return line.linked >= _LINKED * len(line.text) and not _SENTENCES.search(line.text)

    def _below_headline(self, placed: list[Block]) -> list[Block]:
        """Return the blocks without the first ones that stand far above the headline, as words of other reports do."""
        holder = self.holder_of(placed)
        above = list(takewhile(lambda block: self._stands_above(block, holder), placed))
        return placed if _size(above) > _SHARE * _size(placed) else placed[len(above) :]

    def _stands_above(self, block: Block, holder: Any) -> bool:
        places = self._places.get(key_of(block.text.split("\n")[0]), [])
        if self.headline is None or not places or places[-1] >= self.headline:
            return False
        outside = not any(each is holder for each in self.lines[places[-1]].element.iterancestors())
        return outside or places[-1] < self.headline - _LINES_ABOVE

    def _without_notices(self, placed: Sequence[Block]) -> list[Block]:
        """Return the blocks without those in a small box that has a notice, such as an offer of a newsletter."""
        boxes = self.notice_boxes(self.holder_of(placed))
        kept = [block for block in placed if block.at is None or not self.stands_in(block.at, boxes)]
        return kept if _size(kept) > (1 - _SHARE) * _size(placed) else list(placed)

    def holder_of(self, placed: Sequence[Block]) -> Any:
        """Return the element of the page that holds the article, or None."""
        return common_holder([self.lines[at].element for at in self.known(placed)])

    def known(self, placed: Sequence[Block]) -> list[int]:
        """Return the numbers of the lines that an article has, in order, without the headline."""
        return sorted({block.at for block in placed if block.at is not None and block.at != self.headline})

    def notice_boxes(self, holder: Any) -> set[Any]:
        """Return the small elements in a holder that have a notice, or are named an advertisement or a caption."""
        around = [
            list(takewhile(lambda each: each is not holder, (line.element, *line.element.iterancestors())))
            for line in self.lines
        ]
        sizes = Counter[Any]()
        for line, elements in zip(self.lines, around, strict=True):
            sizes.update(dict.fromkeys(elements, len(words_of(line.text))))
        headline = around[self.headline] if self.headline is not None else []
        return {
            each
            for line, elements in zip(self.lines, around, strict=True)
            for is_in_notice in [is_notice(line.text)]
            for each in elements
            if (is_in_notice or is_named_beside(each)) and sizes[each] <= _LARGEST_BOX and each not in headline
        }

    def stands_in(self, number: int, boxes: set[Any]) -> bool:
        """Return True if a line stands in one of some boxes, or is one by its name."""
        element = self.lines[number].element
        is_box = element in boxes and is_named_beside(element)
        return is_box or any(each in boxes for each in element.iterancestors())

    def _lost_lead(self, placed: Sequence[Block]) -> list[int]:
        """Return the numbers of the lines between the headline and the article that sum it up."""
        begin = 0 if self.headline is None else self.headline + 1
        first = next((at for at in self.known(placed) if at >= begin), None)
        if first is None:
            return []
        read = "".join(key_of(block.text) for block in placed)
        return [number for number in range(begin, first) if self._keys[number] not in read and self._is_lead(number)]

    def _is_lead(self, number: int) -> bool:
        line, key = self.lines[number], self._keys[number]
        if len(words_of(line.text)) < _FEWEST_OF_LEAD or not self._is_text(line):
            return False
        if any(key.startswith(each) or each.startswith(key) for each in self._descriptions):
            return True
        return self.headline is not None and (
            not _LEAD.isdisjoint(class_words(line.element)) or self._opens_report(line)
        )

    def _opens_report(self, line: Line) -> bool:
        """Return True if a line has a sentence, and stands in the box of the headline or beside it."""
        headline = [self.lines[self.headline or 0].element, *self.lines[self.headline or 0].element.iterancestors()]
        own = [line.element, *takewhile(lambda each: each not in headline, line.element.iterancestors())]
        box = own[-1].getparent()
        return (
            is_sentence(line.text)
            and not is_notice(line.text)
            and (box in headline[:2] or (box in headline and box.tag in _HEADERS))
            and not any(map(is_named_foreign, own))
        )

    def _lost_paragraphs(self, placed: Sequence[Block]) -> list[int]:
        """Return the numbers of the lines that have the markup of the article's paragraphs and are not in it."""
        known = {block.at for block in placed if block.at is not None}
        markups = Counter(markup for at in known if (markup := markup_of(self.lines[at].element)))
        article = {markup for markup, count in markups.items() if count >= max(_FEWEST_ALIKE, _SHARE * len(known))}
        if not article:
            return []
        begin, holder = 0 if self.headline is None else self.headline + 1, self.holder_of(placed)
        read = "".join(key_of(block.text) for block in placed)
        return [
            number
            for number in range(begin, len(self.lines))
            if number not in known
            and (number > min(known) or holder in self.lines[number].element.iterancestors())
            and markup_of(self.lines[number].element) in article
            and len(words_of(self.lines[number].text)) >= FEWEST_WORDS
            and self._is_text(self.lines[number])
            and not self.is_read(number, read)
        ]

    def _lost_lines(self, placed: Sequence[Block]) -> list[int]:
        """Return the numbers of the lines with sentences that stand among the paragraphs of the article."""
        known, holder = self.known(placed), self.holder_of(placed)
        if holder is None:
            return []
        boxes = self.notice_boxes(holder)
        read = "".join(key_of(block.text) for block in placed)
        begin = known[0] if self.headline is None else max(self.headline + 1, known[0] - _LINES_BELOW)
        lost = [
            number
            for number in range(begin, len(self.lines))
            if number not in known
            and self.lines[number].element.tag in _PROSE
            and SENTENCE_END.search(self.lines[number].text)
            and self.lines[number].linked < len(self.lines[number].text) / 2
            and belongs(self.lines[number].element, holder)
            and not self.stands_in(number, boxes)
            and len(self._places[self._keys[number]]) == 1  # notices stand in several places
            and not self.is_read(number, read)
        ]
        long = {number for number in lost if len(words_of(self.lines[number].text)) >= FEWEST_WORDS}
        return [number for number in lost if number in long or self._answers(number, long)]

    def _answers(self, number: int, lost: set[int]) -> bool:
        """Return True if a short line stands directly beside a lost one in the same box, as a question or an answer."""
        around = set(islice(self.lines[number].element.iterancestors(), 2))
        beside = lost & {number - 1, number + 1}
        return any(not around.isdisjoint(islice(self.lines[at].element.iterancestors(), 2)) for at in beside)

    def _lost_headings(self, placed: Sequence[Block]) -> list[int]:
        """Return the numbers of the headings that stand beside paragraphs of the article, directly before one."""
        known = {block.at for block in placed if block.at is not None}
        around = {self.lines[at].element.getparent() for at in known if self.lines[at].element.tag == "p"}
        around = {each for each in around if each is not None and not within(each, ASIDE - {"aside"})}
        read = {key_of(block.text) for block in placed}
        return [
            number - 1
            for number in sorted(known)
            if number > 0
            and number - 1 not in known
            and number - 1 != self.headline
            and self.lines[number - 1].element.tag in HEADINGS
            and self.lines[number - 1].element.getparent() in around
            and self.lines[number - 1].linked < len(self.lines[number - 1].text) / 2
            and self._keys[number - 1] not in read
        ]

    def is_read(self, number: int, read: str) -> bool:
        """Return True if a line, or its beginning or end, is in the letters of an article."""
        key = self._keys[number]
        return key in read or (len(key) > _EDGE and (key[:_EDGE] in read or key[-_EDGE:] in read))

    def _is_text(self, line: Line) -> bool:
        return line.linked < len(line.text) / 2 and not within(line.element, ASIDE)


def is_sentence(text: str) -> bool:
    """Return True if a text ends like a sentence, and has the words of one."""
    return len(words_of(text)) >= FEWEST_WORDS and SENTENCE_END.search(text) is not None


def _without_kicker(line: Line, title: str) -> str | None:
    """Return the end of a headline with which a known title begins, if it or what stands before it is an element."""
    whole = key_of(line.text)
    parts = {key_of("".join(each.itertext())) for each in line.element.iterdescendants()}
    ends = {part for part in parts if whole.endswith(part)} | {
        whole.removeprefix(part) for part in parts if whole.startswith(part)
    }
    key = max((each for each in ends - {whole} if key_of(title).startswith(each)), key=len, default="")
    start = max((place for place in range(len(line.text)) if key_of(line.text[place:]) == key), default=0)
    if not key or len(words_of(line.text[start:])) < _FEWEST_OF_TITLE:
        return None
    marks = len(title) - len(title.lstrip("\"'“„«‘‚「『¿¡("))
    return line.text[max(start - marks, 0) :]


@cache
def _labelled() -> re.Pattern[str]:
    """Return the pattern of a label before a link to another report: "Read more: "."""
    return re.compile(rf"[>→▶\s]*(?:{alternatives('link_labels')})\s*[:|]\s*", re.I)


def _size(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)
