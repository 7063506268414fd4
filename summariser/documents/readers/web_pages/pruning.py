"""What is removed from an HTML page before its article is looked for."""

import re
from collections import Counter
from itertools import chain
from typing import Any

from summariser.documents.readers.web_pages.elements import is_named_foreign
from summariser.documents.readers.web_pages.metadata import key_of, words_of
from summariser.documents.readers.web_pages.sentences import is_sentence
from summariser.documents.readers.web_pages.shown import BLOCKS, HEADINGS, lines_of, spaced

_HIDDEN = (
    "@hidden or contains(translate(@style, ' ', ''), 'display:none')"
    " or contains(translate(@style, ' ', ''), 'visibility:hidden')"
)
_IS_HIDDEN = f"self::*[{_HIDDEN}][not(ancestor::*[{_HIDDEN}])]"
_NOT_SHOWN = (  # what browsers hide, unless a script may show the article there, and the controls of a video player
    f"//*[({_HIDDEN} or @aria-modal='true' or contains(@class, 'vjs-'))"
    " and not(self::article or self::main or .//article or .//h1 or count(.//p) > 9)]"
)
_FOR_SCREEN_READERS = re.compile(r"(?:^|[\s_-])(?:visually-?hidden|sr-only|screen-?reader(?:-text|-only)?)(?:$|[\s_-])")
_NOTE_MARK = re.compile(r"\s*(?:\[\s*(?:\d{1,3}|[a-z]|note \d{1,3})\s*\]|\d{1,3}|[*†‡]{1,3})\s*")
_NUMBER = re.compile(r"[-−]?[0-9]{1,3}")
_RAISED = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_IN_BRACKETS = re.compile(r"\s*\[.{1,40}\]\s*", re.DOTALL)
_ARTICLE = frozenset({"article", "main"})
_LABELS = HEADINGS | {"dt"}  # that may hold a button which unfolds what follows them
_NOTES = frozenset({"li", "p", "div"})
_FEWEST_PARAGRAPHS = 2  # of an article for browsers without scripts
_CONTROLS = frozenset({"a", "button", "nav", "form", "dialog", "summary"})
INLINE = frozenset("a abbr b cite em i label mark small span strong time u".split())


def prune(tree: Any) -> Counter[str]:
    """Remove from a page what it does not show, its notes, and the articles that follow the one with its headline.

    What a reader may unfold is shown, and so is an article for browsers without scripts. Raised numbers stay raised.

    Args:
        tree: The tree of the page, which is changed.

    Returns:
        The number of removed parts of each kind: "note", "further article", "hidden part", "struck".
    """
    for element in _unfolding(tree):
        _show(element)
    for button in tree.iter("button"):
        if button.getparent() is not None and button.getparent().tag in _LABELS and button.get("aria-expanded"):
            button.tag = "span"
    for element in _without_scripts(tree):
        element.tag = "div"
    for number in tree.iter("sup"):
        if len(number) == 0 and _NUMBER.fullmatch(number.text or ""):
            number.text = number.text.translate(_RAISED)
    removed: Counter[str] = Counter()
    for find, kind in _REMOVED:
        for element in find(tree):
            if tree in element.iterancestors():
                removed[kind] += _is_told(element, kind)
                element.drop_tree()
    return +removed


def _is_told(element: Any, kind: str) -> bool:
    """Return True if a removed element is a part that a reader of the article may miss."""
    if kind == "note":
        return element.tag in _NOTES and bool(spaced("".join(element.itertext())))
    if kind == "hidden part":
        around = (element, *element.iterancestors())
        is_within = any(each.tag in _ARTICLE for each in around) and not any(map(is_named_foreign, around))
        _show(element)
        return is_within and element.get("aria-modal") is None and _has_sentence(element)
    return kind == "further article" or (kind == "struck" and bool(spaced("".join(element.itertext()))))


def _has_sentence(element: Any) -> bool:
    return any(is_sentence(line.text) and line.linked < len(line.text) / 2 for line in lines_of(element))


def _without_scripts(tree: Any) -> list[Any]:
    """Return the elements that show an article, and only they, if a browser runs no scripts."""
    found = [each for each in tree.iter("noscript") if len(each.findall(".//p")) >= _FEWEST_PARAGRAPHS]
    if not found:
        return []
    shown = key_of(" ".join(line.text for line in lines_of(tree)))
    return [each for each in found if not any(key_of("".join(p.itertext())) in shown for p in each.iter("p"))]


def _unfolding(tree: Any) -> list[Any]:
    """Return the hidden parts of an article that a control names, or that stand beside one."""
    controls = tree.xpath("//*[@aria-expanded or @data-toggle='collapse' or @data-bs-toggle='collapse']")
    names = {
        name.removeprefix("#")
        for control in controls
        for key in ("aria-controls", "data-target", "data-bs-target", "href")
        for name in (control.get(key) or "").split()
    }
    return [
        element
        for element in tree.xpath("(//article | //main)//*[.//p or .//li]")
        if element.tag not in _CONTROLS and (element.get("id") in names or _stands_beside_control(element))
    ]


def _stands_beside_control(element: Any) -> bool:
    """Return True if a hidden element with sentences stands beside a button, or a link that leads nowhere."""
    if not element.xpath(_IS_HIDDEN) or is_named_foreign(element):
        return False
    beside = [each for each in (element.getprevious(), element.getnext()) if each is not None]
    if not any(_is_control(part) for each in beside for part in chain([each], each.iterchildren())):
        return False
    style = element.attrib.pop("style", None)
    hidden = element.attrib.pop("hidden", None)
    has_sentence = _has_sentence(element)
    element.attrib.update({name: value for name, value in (("style", style), ("hidden", hidden)) if value is not None})
    return has_sentence


def _is_control(element: Any) -> bool:
    address = element.get("href") or "#"
    return element.tag in {"button", "label"} or (element.tag == "a" and address.startswith(("#", "javascript:")))


def _show(element: Any) -> None:
    element.attrib.pop("hidden", None)
    element.attrib.pop("style", None)


def _notes(tree: Any) -> list[Any]:
    """Return the notes of a text and the marks in the text that lead to them: "[1]"."""
    marks = [
        mark
        for mark in tree.xpath("//sup[.//a[contains(@href, '#')]] | //a[contains(@href, '#')]")
        if _NOTE_MARK.fullmatch("".join(mark.itertext()))
    ]
    links = [link for mark in marks for link in (mark.xpath("descendant-or-self::a"))]
    names = {link.get("href").partition("#")[2] for link in links if "#" in (link.get("href") or "")}
    targets = [element for element in tree.xpath("//li[@id] | //p[@id] | //div[@id]") if element.get("id") in names]
    return [*marks, *(each for each in targets if each.find(".//h1") is None and len(each.findall(".//p")) < 3)]


def _heading_tools(tree: Any) -> list[Any]:
    """Return the links in brackets beside the words of headings: "[edit]"."""
    return [
        element
        for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")
        for element in heading.iterchildren()
        if _IN_BRACKETS.fullmatch("".join(element.itertext()))
        and (element.tag == "a" or element.find(".//a") is not None)
    ]


def _not_shown(tree: Any) -> list[Any]:
    found: list[Any] = tree.xpath(_NOT_SHOWN)
    return found


def _for_scripts(tree: Any) -> list[Any]:
    return list(tree.iter("template", "noscript"))


def _struck(tree: Any) -> list[Any]:
    """Return the words that the page strikes out, but no whole blocks, which a script may have to show."""
    return [each for each in tree.iter("del", "s", "strike") if not any(inner.tag in BLOCKS for inner in each.iter())]


def _for_screen_readers(tree: Any) -> list[Any]:
    return [
        element
        for element in tree.iter(*INLINE, "p", "div")
        if _FOR_SCREEN_READERS.search((element.get("class") or "").casefold()) and element.find(".//h1") is None
    ]


def _further_articles(tree: Any) -> list[Any]:
    """Return the articles of a page that have a headline of the first rank each, without the one that the page is of.

    That is the one whose headline has most words of the title of the page, or else the first.
    """
    whole = [
        each
        for each in tree.iter("article")
        if each.find(".//h1") is not None and each.find(".//p") is not None and each.find(".//article//h1") is None
    ]
    title = set(words_of(tree.findtext(".//title") or ""))
    main = max(whole, key=lambda each: _share_of("".join(each.find(".//h1").itertext()), title), default=None)
    return [each for each in whole if each is not main]


def _share_of(headline: str, title: set[str]) -> float:
    words = set(words_of(headline))
    return len(words & title) / (len(words) or 1)


_REMOVED = (
    (_for_scripts, ""),
    (_not_shown, "hidden part"),
    (_struck, "struck"),
    (_for_screen_readers, ""),
    (_further_articles, "further article"),
    (_notes, "note"),
    (_heading_tools, ""),
)
"""What is found in a page to be removed, in this order, and the kind that is told; empty for what is not."""
