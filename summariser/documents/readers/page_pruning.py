"""What is removed from an HTML page before its article is looked for."""

import re
from typing import Any

_NOT_SHOWN = (  # what browsers hide, unless a script may show the article there, and the controls of a video player
    "//*[(@hidden or @aria-modal='true' or contains(@class, 'vjs-')"
    " or contains(translate(@style, ' ', ''), 'display:none')"
    " or contains(translate(@style, ' ', ''), 'visibility:hidden'))"
    " and not(self::article or self::main or .//article or .//h1 or count(.//p) > 9)]"
)
_FOR_SCREEN_READERS = re.compile(r"(?:^|[\s_-])(?:visually-?hidden|sr-only|screen-?reader(?:-text|-only)?)(?:$|[\s_-])")
_NOTE_MARK = re.compile(r"\s*(?:\[\s*(?:\d{1,3}|[a-z]|note \d{1,3})\s*\]|\d{1,3}|[*†‡]{1,3})\s*")
_IN_BRACKETS = re.compile(r"\s*\[.{1,40}\]\s*", re.DOTALL)
_CONTROLS = frozenset({"a", "button", "nav", "form", "dialog", "summary"})
INLINE = frozenset("a abbr b cite em i label mark small span strong time u".split())


def prune(tree: Any) -> None:
    """Remove from a page what it does not show, its notes, and the articles that follow the one with its headline.

    What a reader may unfold is shown.
    """
    for element in _unfolding(tree):
        _show(element)
    for found in (_not_shown, _for_screen_readers, _further_articles, _notes, _heading_tools):
        for element in found(tree):
            if element.getparent() is not None:
                element.drop_tree()


def _unfolding(tree: Any) -> list[Any]:
    """Return the hidden parts of an article that a control on the page unfolds."""
    controls = tree.xpath("//*[@aria-expanded or @data-toggle='collapse' or @data-bs-toggle='collapse']")
    names = {
        name.removeprefix("#")
        for control in controls
        for key in ("aria-controls", "data-target", "data-bs-target", "href")
        for name in (control.get(key) or "").split()
    }
    return [
        element
        for element in tree.xpath("(//article | //main)//*[@id and (.//p or .//li)]")
        if element.get("id") in names and element.tag not in _CONTROLS
    ]


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


def _for_screen_readers(tree: Any) -> list[Any]:
    return [
        element
        for element in tree.iter(*INLINE, "p", "div")
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
