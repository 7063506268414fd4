"""Captions and posts of an HTML page that their elements do not mark as such."""

import re
from functools import cache
from itertools import islice
from typing import Any

from summariser.documents.readers.web_pages.elements import is_caption, is_named_embedded
from summariser.documents.readers.web_pages.metadata import words_of
from summariser.documents.readers.web_pages.sentences import is_sentence
from summariser.documents.readers.web_pages.shown import BLOCKS, spaced
from summariser.text.lexicon import alternatives

_LONGEST_CAPTION = 60  # words
_HOLDERS = frozenset({"center", "div", "p", "span"})
_NAME = r"[^\W\d_a-zß-ÿ][\w.’'-]+(?: [^\W\d_a-zß-ÿ][\w.’'-]*){1,3}"
_DEEPEST = 3  # elements around a post that hold nothing else


def mark_captions(tree: Any) -> None:
    """Turn what stands below a picture in small letters, or ends with the name of a photographer, into captions.

    Args:
        tree: The tree of the page, which is changed.
    """
    for element in list(tree.iter("small", "span")):
        if (element.tag == "small" or is_caption(element)) and 0 < _words(element) <= _LONGEST_CAPTION:
            _mark(element)
    for element in list(tree.iter("p")):
        if _is_credited(element):
            element.tag = "figcaption"


def open_posts(tree: Any) -> None:
    """Turn embedded posts of other sites into plain quotations, which an article shows as a part of it.

    Args:
        tree: The tree of the page, which is changed.
    """
    for quotation in tree.iter("blockquote"):
        around = [quotation]
        for each in islice(quotation.iterancestors("div", "figure", "section"), _DEEPEST):
            if each is not around[-1].getparent() or _text(each) != _text(quotation):
                break
            around.append(each)
        if any(map(is_named_embedded, around)):
            for each in around:
                each.attrib.pop("class", None)
            for each in around[1:]:
                each.tag = "div"


def _mark(element: Any) -> None:
    """Turn an element into a caption if it stands below a picture and alone, or directly after one."""
    parent = element.getparent()
    if parent is None or next(element.iterdescendants(*BLOCKS), None) is not None:
        return
    is_alone = _text(parent) == _text(element)
    if is_alone and parent.tag in _HOLDERS and parent.find(".//img") is not None:
        parent.tag, element.tag = "figure", "figcaption"
    elif is_alone and parent.tag == "p" and _is_picture(parent.getprevious()):
        parent.tag = "figcaption"
    elif _is_picture(_before(element)) and not (element.tail or "").strip():
        element.tag = "figcaption"


def _before(element: Any) -> Any:
    """Return the element directly before another one, line breaks aside; None if text stands between them."""
    before = element.getprevious()
    while before is not None and before.tag == "br" and not (before.tail or "").strip():
        before = before.getprevious()
    return None if before is None or (before.tail or "").strip() else before


def _is_picture(element: Any) -> bool:
    """Return True if an element is a picture, or has one and no text."""
    is_one = element is not None and (element.tag == "img" or element.find(".//img") is not None)
    return is_one and not _text(element)


def _is_credited(element: Any) -> bool:
    """Return True if a paragraph ends with an agency and a photographer, beside a picture or before other paragraphs.

    The last paragraph of a report may end with the agency and the name of its author.
    """
    text = _text(element)
    if "/" not in text or len(words_of(text)) > _LONGEST_CAPTION or not _credit().search(text):
        return False
    has_picture = element.find(".//img") is not None or _is_picture(element.getprevious())
    return has_picture or any(is_sentence(_text(each)) for each in element.itersiblings("p"))


@cache
def _credit() -> re.Pattern[str]:
    """Return the pattern of an agency with a name at the end of a caption: ". REUTERS/Ana Belova -"."""
    agencies = rf"(?i:{alternatives('news_agencies')}|{alternatives('picture_agencies')})"
    agencies = rf"(?:{agencies})(?: [A-Z]\w+)?"
    credit = rf"{agencies}\s*/\s*{_NAME}|{_NAME}\s*/\s*{agencies}"
    return re.compile(rf"(?:^|[.!?)»”\"]\s+|[(\[–—-]\s*)(?:{credit})\s*[)\]]?[.\s]*[-–—]?$")


def _words(element: Any) -> int:
    return len(words_of(_text(element)))


def _text(element: Any) -> str:
    return spaced("".join(element.itertext()))
