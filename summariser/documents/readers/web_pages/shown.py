"""All that an HTML page shows: its blocks as lines, without what browsers hide."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from summariser.documents.reading import Place

_HIDDEN = frozenset(
    "script style noscript template head iframe object svg math canvas select option datalist button input textarea "
    "audio video source track map area dialog".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre section summary table tbody td tfoot th "
    "thead title tr ul".split()
)
"""The elements that browsers show as blocks."""
_TIGHT = frozenset("br li dt dd tr td th div".split())
"""Blocks that a blank line does not set apart."""
_IN_ROW = frozenset({"td", "th"})
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
"""The elements of headings."""
_STYLE_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a page shows.

    Attributes:
        text: The text, without white space around it; empty for a line that sets blocks apart.
        element: The innermost block that holds it.
        linked: The number of its characters that are links to other pages.
        plain: The text that is no link to another page.
        heading: The heading above it, or None.
        quoted: The number of quotations that it stands in.
    """

    text: str
    element: Any
    linked: int = 0
    plain: str = ""
    heading: str | None = None
    quoted: int = 0


def shown(tree: Any, *, quotes: bool = False) -> Iterator[tuple[str, Place]]:
    """Yield the lines that a page shows, with the headings above them.

    Args:
        tree: The tree of the page.
        quotes: True to mark the lines of quotations with ">", as mails do.
    """
    for line in lines_of(tree):
        mark = "> " * line.quoted if quotes else ""
        yield f"{mark}{line.text}\n", Place(heading=line.heading)


def lines_of(tree: Any) -> Iterator[Line]:
    """Yield the lines that a page shows, in order.

    Args:
        tree: The tree of the page.
    """
    from lxml import etree

    page = _Page(tree)
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            yield from page.start(element, tag)
        else:
            yield from page.end(element, tag)
    yield from page.line()


class _Page:
    """The lines of a page while its tree is walked through."""

    def __init__(self, tree: Any) -> None:
        self._blocks = [tree]
        self._parts: list[str] = []
        self._linked = 0
        self._plain: list[str] = []
        self._heading: str | None = None
        self._quoted = 0  # depth of quotations
        self._links = 0  # depth of links
        self._hidden = 0  # depth of elements below a hidden one
        self._is_blank = True

    def start(self, element: Any, tag: str) -> Iterator[Line]:
        """Enter an element, and yield the line that ends before it."""
        if self._hidden or _is_hidden(element, tag):
            self._hidden += 1
            return
        if tag in BLOCKS and tag not in _IN_ROW:
            yield from self.line()
            if tag not in _TIGHT and not self._is_blank:
                yield Line("", self._blocks[-1], heading=self._heading, quoted=self._quoted)
                self._is_blank = True
            self._blocks.append(element)
        self._quoted += tag == "blockquote"
        self._links += _leads_elsewhere(element, tag)
        self._add(element.text)

    def end(self, element: Any, tag: str) -> Iterator[Line]:
        """Leave an element, and yield the line that ends with it."""
        if self._hidden:
            self._hidden -= 1
        else:
            if tag in HEADINGS:
                self._heading = spaced("".join(self._parts)) or self._heading
            if tag in _IN_ROW:
                self._parts.append(" ")
            elif tag in BLOCKS:
                yield from self.line()
                self._blocks.pop()
            self._quoted -= tag == "blockquote"
            self._links -= _leads_elsewhere(element, tag)
        if not self._hidden:
            self._add(element.tail)

    def line(self) -> Iterator[Line]:
        """Yield the line so far if it has words."""
        text = spaced("".join(self._parts))
        if text:
            self._is_blank = False
            plain = spaced("".join(self._plain))
            yield Line(text, self._blocks[-1], self._linked, plain, self._heading, self._quoted)
        self._parts.clear()
        self._plain.clear()
        self._linked = 0

    def _add(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            self._linked += len(spaced(text)) if self._links else 0
            self._plain.append(" " if self._links else text)


def spaced(text: str) -> str:
    """Return a text with single spaces, without white space around it."""
    return re.sub(r"\s+", " ", text).strip()


def _leads_elsewhere(element: Any, tag: str) -> bool:
    return tag == "a" and not (element.get("href") or "#").startswith("#")


def _is_hidden(element: Any, tag: str) -> bool:
    return tag in _HIDDEN or "hidden" in element.attrib or bool(_STYLE_HIDES.search(element.get("style") or ""))
