"""Links that open a page of the web at the words of a text."""

import re
from urllib.parse import quote, urldefrag

from summariser.documents.reading import Place

_LONGEST_WHOLE = 200  # characters; of longer words a link has the beginning and the end
_LONGEST_END = 50  # characters of the beginning, and of the end


def link_to(address: str, words: str, place: Place | None = None) -> str:
    """Return the address of a page with a fragment that opens it at some words, or at a page of a PDF.

    The fragment has the form that the W3C's draft "URL Fragment Text Directives" describes.

    Args:
        address: The address of the page.
        words: The words, as they stand on the page.
        place: Where they stand.
    """
    base = urldefrag(address).url
    if place is not None and place.page is not None:
        return f"{base}#page={place.page}"
    lines = [line for each in words.split("\n") if (line := " ".join(each.split()))]
    if not lines:
        return base
    if len(lines) == 1 and len(lines[0]) <= _LONGEST_WHOLE:
        return f"{base}#:~:text={_encoded(lines[0])}"
    return f"{base}#:~:text={_encoded(_first(lines[0]))},{_encoded(_last(lines[-1]))}"


def _encoded(text: str) -> str:
    """Return the text percent-encoded; a hyphen has a meaning of its own in a text directive."""
    return quote(text, safe="").replace("-", "%2D")


def _first(line: str) -> str:
    """Return the first words of a line, or its first characters if the words are not set apart."""
    return re.match(rf"(?:.{{1,{_LONGEST_END}}}(?=\s|$)|.{{1,{_LONGEST_END}}})", line)[0]  # type: ignore[index]


def _last(line: str) -> str:
    """Return the last words of a line, or its last characters if the words are not set apart."""
    if len(line) <= _LONGEST_END:
        return line
    end = line[-_LONGEST_END:]
    return end if line[-_LONGEST_END - 1].isspace() else end.partition(" ")[2] or end
