"""What the lines of an HTML page add to its article: the headline, the day, lost paragraphs, links to other pages."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby, islice, takewhile
from typing import Any

from summariser.documents.boilerplate import is_notice
from summariser.documents.publication import find_date, gives_update, publication_date
from summariser.documents.readers.web_pages.elements import (
    ASIDE,
    BESIDE,
    common_holder,
    has_mail_form,
    is_in_trail,
    is_named_beside,
    may_date,
    rank_of,
    within,
)
from summariser.documents.readers.web_pages.links import is_stamp, leads_elsewhere
from summariser.documents.readers.web_pages.metadata import Metadata, key_of, parts_of_title, words_of
from summariser.documents.readers.web_pages.shown import Line

_BOXES = frozenset({"aside", "div", "section"})
_FEWEST_OF_TITLE = 3
_MOST_PARTS = 12  # blocks that may be parts of one line
_LARGEST_BOX = 150  # words of a box that has a notice
_LARGEST_FORM = 60  # words of a box that has a form for a newsletter
_LINES_ABOVE, _LINES_BELOW = 3, 5  # the headline, that may give the day of publication
_HEADERS = frozenset({"header", "hgroup"})
_HEADLINE_WORDS = 4  # fewest words of a main heading that is no name of a site
_SHARE = 0.25  # likewise, of its blocks
_BEGINNING = 6  # letters of a line by which those are found that a block runs together
_FEWEST_LISTED = 3  # links to other pages that make a list of them
_LONGEST_LISTED = 80  # characters of a further link in it
_MOST_PLACES = 20  # that are tried for them
_MOST_SKIPPED = 8  # lines between them
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
        self.keys = [key_of(line.text) for line in lines]
        self.descriptions = [key for text in metadata.descriptions if (key := key_of(text).removesuffix("…"))]
        self.places: dict[str, list[int]] = {}
        for number, key in enumerate(self.keys):
            self.places.setdefault(key, []).append(number)
        self._beginnings: dict[str, list[int]] = {}
        for number, key in enumerate(self.keys):
            self._beginnings.setdefault(key[:_BEGINNING], []).append(number)
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
        return next((part for part in parts if key_of(part) in self.places), None)

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

    def _find_headline(self, titles: Sequence[str]) -> int | None:
        """Return the number of the heading that is most like the titles of the page; or its only main heading.

        A heading in a trail of links ("Home > Ports") gives way to others; so does the name of a site to the only line
        that is a title.
        """
        headings = [
            number
            for number, line in enumerate(self.lines)
            if rank_of(line.element) and not within(line.element, BESIDE)
        ]
        outside = [number for number in headings if not self._is_in_trail(number)]
        alike = self._most_alike(headings, titles)
        main = [number for number in headings if self._rank(number) == "h1"]
        found = (
            alike if alike in outside else None,
            self._only_header(outside) if len(outside) < len(headings) else None,
            alike,
            *map(self._line_of_title, titles),
            main[0] if len(main) == 1 and self._is_headline(main[0]) else None,
        )
        return next((number for number in found if number is not None), None)

    def _most_alike(self, headings: Sequence[int], titles: Sequence[str]) -> int | None:
        """Return the number of the heading that is most like one of some titles; None if none is."""
        wanted = [set(words_of(title)) for title in titles]
        best = max(
            headings,
            key=lambda at: (self._likeness(at, wanted), not self._is_in_trail(at), self._rank(at) == "h1", -at),
            default=None,
        )
        return best if best is not None and self._likeness(best, wanted) >= _SAME_TITLE else None

    def _rank(self, number: int) -> str | None:
        return rank_of(self.lines[number].element)

    def _is_in_trail(self, number: int) -> bool:
        return is_in_trail(self.lines[number].element)

    def _only_header(self, headings: Sequence[int]) -> int | None:
        """Return the number of the only heading of the second rank in a header that is no link; or None."""
        found = [
            number
            for number in headings
            if self._rank(number) == "h2"
            and within(self.lines[number].element, _HEADERS)
            and not self.lines[number].linked
            and len(words_of(self.lines[number].text)) >= _HEADLINE_WORDS
        ]
        return found[0] if len(found) == 1 else None

    def _line_of_title(self, title: str) -> int | None:
        """Return the number of the only line that is a title of some words, if it is no link and no part of a trail."""
        places = self.places.get(key_of(title), [])
        if len(places) != 1 or len(words_of(title)) < _HEADLINE_WORDS:
            return None
        line = self.lines[places[0]]
        return None if line.linked or within(line.element, ASIDE) or is_in_trail(line.element) else places[0]

    def _is_headline(self, number: int) -> bool:
        """Return True if a main heading is that of an article, not the name of the site."""
        line = self.lines[number]
        return len(words_of(line.text)) >= _HEADLINE_WORDS or within(line.element, frozenset({"article"}))

    def _likeness(self, number: int, wanted: Sequence[set[str]]) -> float:
        """Return the likeness of a line to the most similar title, from 0 to 1."""
        own = set(words_of(self.lines[number].text))
        return max((2 * len(own & title) / (len(own) + len(title) or 1) for title in wanted), default=0.0)

    def joined(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """Yield the blocks; those that are parts of one line of the page, divided by its links, are one block."""
        number = 0
        while number < len(blocks):
            block, size = blocks[number], 1
            if key_of(block.text) not in self.places:
                keys = accumulate(key_of(each.text) for each in blocks[number : number + _MOST_PARTS])
                parts, place = next(
                    ((size, self.places[key][0]) for size, key in enumerate(keys, 1) if key in self.places), (1, None)
                )
                if place is not None:
                    block, size = Block(block.tag, self.lines[place].text), parts
            yield block
            number += size

    def placed(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """Yield the blocks with the numbers of the lines at which they begin."""
        after = -1
        for block in blocks:
            places = self.places.get(key_of(block.text.split("\n")[0]), [])
            at = next((place for place in places if place > after), places[-1] if places else None)
            lines = [] if at is not None or "\n" in block.text else self._lines_of(block, after)
            if any(leads_elsewhere(self.lines[each], self._language) for each in lines):
                yield from (Block(block.tag, self.lines[each].text, each) for each in lines)
                after = lines[-1]
            else:
                at = lines[0] if lines else at
                after = after if at is None else at
                yield Block(block.tag, block.text, at)

    def _lines_of(self, block: Block, after: int) -> list[int]:
        """Return the numbers of the lines of the page that a block runs together; no numbers if none fit."""
        key = key_of(block.text)
        places = self._beginnings.get(key[:_BEGINNING], [])
        ordered = [*(place for place in places if place > after), *places][:_MOST_PLACES]
        return next((run for place in ordered if (run := self._run(place, key))), [])

    def _run(self, number: int, key: str) -> list[int]:
        """Return the numbers of the lines from one on whose letters make up a key, some lines between them skipped."""
        found: list[int] = []
        for at in range(number, len(self.keys)):
            own = self.keys[at]
            if not key or (found and at - found[-1] > _MOST_SKIPPED):
                break
            if own and key.startswith(own):
                found.append(at)
                key = key.removeprefix(own)
        return [] if key else found

    def without_links(self, placed: Sequence[Block]) -> list[Block]:
        """Return the blocks without those that are only links to other pages, and the headings and dates of these."""
        elsewhere = [self.leads_elsewhere(block) for block in placed]
        for _, group in groupby(range(len(placed)), lambda at: elsewhere[at] or self._may_be_listed(placed[at])):
            numbers = list(group)
            is_list = sum(elsewhere[at] for at in numbers) >= _FEWEST_LISTED
            for at in numbers:
                is_dated = any(elsewhere[max(at - 1, 0) : at + 2]) and is_stamp(placed[at].text, self._language)
                elsewhere[at] = elsewhere[at] or (self._may_be_listed(placed[at]) and (is_list or is_dated))
        for number in [at for at, block in enumerate(placed) if block.tag == "head" and block.at != self.headline]:
            below = list(takewhile(lambda at: placed[at].tag != "head", range(number + 1, len(placed))))
            elsewhere[number] = elsewhere[number] or (bool(below) and all(elsewhere[at] for at in below))
        return [block for block, leads in zip(placed, elsewhere, strict=True) if not leads]

    def _may_be_listed(self, block: Block) -> bool:
        """Return True if a block is a date or a time, or a link of any length, as in lists of other reports."""
        if block.at is None or block.at == self.headline or block.tag == "row":
            return False
        line = self.lines[block.at]
        is_link = line.linked == len(line.text) <= _LONGEST_LISTED
        return "\n" not in block.text and (is_link or block.text.isdecimal() or is_stamp(block.text, self._language))

    def leads_elsewhere(self, block: Block) -> bool:
        """Return True if a block is only a link to another page."""
        if block.at is None or block.at == self.headline or "\n" in block.text or block.tag == "row":
            return False
        return leads_elsewhere(self.lines[block.at], self._language)

    def below_headline(self, placed: list[Block]) -> list[Block]:
        """Return the blocks without the first ones that stand far above the headline, as words of other reports do."""
        holder = self.holder_of(placed)
        above = list(takewhile(lambda block: self._stands_above(block, holder), placed))
        return placed if _size(above) > _SHARE * _size(placed) else placed[len(above) :]

    def _stands_above(self, block: Block, holder: Any) -> bool:
        places = self.places.get(key_of(block.text.split("\n")[0]), [])
        if self.headline is None or not places or places[-1] >= self.headline:
            return False
        outside = not any(each is holder for each in self.lines[places[-1]].element.iterancestors())
        return outside or places[-1] < self.headline - _LINES_ABOVE

    def without_notices(self, placed: Sequence[Block]) -> list[Block]:
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
        """Return the small elements in a holder that have a notice or a form, or are named no part of an article."""
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
            if each not in headline
            and (
                (sizes[each] <= _LARGEST_BOX and (is_in_notice or is_named_beside(each)))
                or (sizes[each] <= _LARGEST_FORM and has_mail_form(each))
            )
        }

    def stands_in(self, number: int, boxes: set[Any]) -> bool:
        """Return True if a line stands in one of some boxes, or is one by its name."""
        element = self.lines[number].element
        is_box = element in boxes and (element.tag in _BOXES or is_named_beside(element))
        return is_box or any(each in boxes for each in element.iterancestors())

    def is_read(self, number: int, read: str) -> bool:
        """Return True if a line, or its beginning or end, is in the letters of an article."""
        key = self.keys[number]
        return key in read or (len(key) > _EDGE and (key[:_EDGE] in read or key[-_EDGE:] in read))


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


def _size(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)
