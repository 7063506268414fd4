"""All that an HTML page shows: its blocks as lines, without what browsers hide."""

import re
from collections.abc import Iterator
from typing import Any

from summariser.documents.reading import Place

_HIDDEN = frozenset(
    "script style noscript template head iframe object svg math canvas select option datalist button input textarea "
    "audio video source track map area dialog".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre section summary table tbody td tfoot th "
    "thead title tr ul".split()
)
_TIGHT = frozenset("br li dt dd tr td th div".split())
"""Blocks that a blank line does not set apart."""
_IN_ROW = frozenset({"td", "th"})
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_STYLE_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def shown(tree: Any, *, quotes: bool = False) -> Iterator[tuple[str, Place]]:
    """Yield the lines that a page shows, with the headings above them.

    Args:
        tree: The tree of the page.
        quotes: True to mark the lines of quotations with ">", as mails do.
    """
    from lxml import etree

    page = _Page(quotes)
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            yield from page.start(element, tag)
        else:
            yield from page.end(element, tag)
    yield from page.line()


class _Page:
    """The lines of a page while its tree is walked through."""

    def __init__(self, quotes: bool) -> None:
        self._quotes = quotes
        self._parts: list[str] = []
        self._heading: str | None = None
        self._depth = 0  # of quotations
        self._hidden = 0  # depth of elements below a hidden one
        self._is_blank = True

    def start(self, element: Any, tag: str) -> Iterator[tuple[str, Place]]:
        """Enter an element, and yield the line that ends before it."""
        if self._hidden or _is_hidden(element, tag):
            self._hidden += 1
            return
        if tag in _BLOCKS and tag not in _IN_ROW:
            yield from self.line()
            if tag not in _TIGHT and not self._is_blank:
                yield f"{self._mark}\n", Place(heading=self._heading)
                self._is_blank = True
        self._depth += tag == "blockquote"
        self._parts.append(_spaced(element.text))

    def end(self, element: Any, tag: str) -> Iterator[tuple[str, Place]]:
        """Leave an element, and yield the line that ends with it."""
        if self._hidden:
            self._hidden -= 1
        else:
            if tag in _HEADINGS:
                self._heading = _spaced("".join(self._parts)).strip() or self._heading
            if tag in _IN_ROW:
                self._parts.append(" ")
            elif tag in _BLOCKS:
                yield from self.line()
            self._depth -= tag == "blockquote"
        if not self._hidden:
            self._parts.append(_spaced(element.tail))

    def line(self) -> Iterator[tuple[str, Place]]:
        """Yield the line so far if it has words."""
        text = _spaced("".join(self._parts)).strip()
        self._parts.clear()
        if text:
            self._is_blank = False
            yield f"{self._mark}{text}\n", Place(heading=self._heading)

    @property
    def _mark(self) -> str:
        return "> " * self._depth if self._quotes else ""


def _spaced(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _is_hidden(element: Any, tag: str) -> bool:
    return tag in _HIDDEN or "hidden" in element.attrib or bool(_STYLE_HIDES.search(element.get("style") or ""))
