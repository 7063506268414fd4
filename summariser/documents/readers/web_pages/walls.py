"""Words of an HTML page that say that its article is for subscribers, in whatever element."""

from itertools import islice
from typing import Any

from summariser.documents.boilerplate import is_pay_wall
from summariser.documents.readers.web_pages.elements import is_in_teaser, within
from summariser.documents.readers.web_pages.lines import Page

_LINES_AROUND = 5  # an article, in which the words may stand
_MOST_PARTS = 5  # elements in one that has them
_BESIDE = frozenset({"footer", "li", "nav", "noscript", "script", "style"})


def is_for_subscribers(tree: Any, page: Page, holder: Any, known: list[int]) -> bool:
    """Return True if a page says beside or among the lines of an article that it is for subscribers.

    Args:
        tree: The tree of the page.
        page: The lines of the page.
        holder: The element that holds the article.
        known: The numbers of the lines of the article.
    """
    numbers = {line.element: number for number, line in enumerate(page.lines)}
    begin = (known[0] if page.headline is None else page.headline) - _LINES_AROUND
    at = -1
    for element in tree.iter("*"):
        at = numbers.get(element, at)
        if at > known[-1] + _LINES_AROUND:
            return False
        if at >= begin and _says_so(element) and not within(element, _BESIDE) and not is_in_teaser(element, holder):
            return True
    return False


def _says_so(element: Any) -> bool:
    parts = list(islice(element.iterdescendants(), _MOST_PARTS))
    return len(parts) < _MOST_PARTS and is_pay_wall("".join(element.itertext()))
