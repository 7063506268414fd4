"""What an HTML page says of itself: its titles, its site, its authors, its day of publication, its language."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from summariser.documents.readers.web_pages.shown import spaced

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|Statement|Release)$")
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_DAYS = ("article:published_time", "og:article:published_time", "dcterms.issued", "dc.date.issued", "datePublished")
_TIME = "//time[@itemprop='datePublished' or @pubdate]/@datetime"
_SITES = ("og:site_name", "application-name", "twitter:site", "dcterms.publisher")
_SUFFIX = re.compile(r"\s+[|·•*»/–—-]+\s+|\s*[｜|ㅣ：:»]\s*|\s*-\s+")
_HOST = re.compile(r"https?://(?:www\.)?([\w-]+(?:\.[\w-]+)*)")
_NOT_KEY = re.compile(r"[\W_]+")
_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")
_MOST_AUTHORS = 20
_FEWEST_OF_BEGINNING = 2  # words of a part that begins a title
_FEWEST_OF_PART = 5  # likewise, of another, which may be the name of the site
_LONGEST_SITE = 6  # words of a site's name


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself.

    Attributes:
        titles: The titles, without the name of the site, the best first.
        descriptions: The descriptions of the content.
        author: The authors, separated by semicolons, or None.
        published: The day of publication, or None.
        language: The ISO 639-1 code of the language, or None.
        is_free: False if the article is for subscribers only.
        words: The number of words of the article, or None.
    """

    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    author: str | None
    published: date | None
    language: str | None
    is_free: bool = True
    words: int | None = None


def metadata_of(tree: Any) -> Metadata:
    """Return what a page says of itself.

    Args:
        tree: The tree of the page.
    """
    named = _named(tree)
    article = next(_articles(tree), {})
    title_tag = spaced(tree.findtext(".//title") or "")
    sites = [*_values(named, _SITES), *_publishers(article), *_hosts(tree, named)]
    titles = [_text(article.get("headline")), *_values(named, _TITLES), title_tag]
    days = [_text(article.get("datePublished")), *_values(named, _DAYS), *tree.xpath(_TIME)]
    return Metadata(
        titles=tuple(dict.fromkeys(without_site(title, sites) for title in titles if title)),
        descriptions=tuple(dict.fromkeys([_text(article.get("description")), *_values(named, _DESCRIPTIONS)])),
        author=_authors(article),
        published=next((day for text in days if (day := day_of(text))), None),
        language=_language(tree),
        is_free=str(article.get("isAccessibleForFree")).casefold() != "false",
        words=int(count) if (count := str(article.get("wordCount"))).isdecimal() else None,
    )


def day_of(text: str | None) -> date | None:
    """Return the day that an ISO 8601 date or time begins with, or None."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def key_of(text: str) -> str:
    """Return the letters and digits of a text in lower case, by which equal texts are recognised."""
    return _NOT_KEY.sub("", text.casefold())


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case; each character of a script without spaces is a word."""
    return _WORD.findall(text.casefold())


def without_site(title: str, sites: list[str]) -> str:
    """Return a title without the name of its site at the end.

    Args:
        title: The title.
        sites: The names of the site and its hosts.
    """
    keys = {key for site in sites if len(key := key_of(site)) > 1}
    for mark in _SUFFIX.finditer(title):
        rest = title[mark.end() :]
        named = any(key in key_of(rest) or (len(key_of(rest)) > 2 and key_of(rest) in key) for key in keys)
        if mark.start() and named and len(rest.split()) <= _LONGEST_SITE:
            return title[: mark.start()].strip()
    return title


def parts_of_title(title: str) -> Iterator[str]:
    """Yield a title and its parts between marks that may set off the name of the site, the most likely first."""
    edges = [(0, 0), *(mark.span() for mark in _SUFFIX.finditer(title)), (len(title), len(title))]
    yield title
    parts = [(start, title[start:end].strip()) for (_, start), (end, _) in combinations(edges, 2)]
    for start, part in sorted(parts, key=lambda each: (each[0], -len(each[1]))):
        if len(words_of(part)) >= (_FEWEST_OF_BEGINNING if start == 0 else _FEWEST_OF_PART):
            yield part


# ── meta elements ────────────────────────────────────────────────────────────────────────────────


def _named(tree: Any) -> dict[str, str]:
    """Return the contents of the meta elements by name."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = spaced(element.get("content") or "")
        if content:
            found.setdefault(name.casefold(), content)
    return found


def _values(named: dict[str, str], names: tuple[str, ...]) -> list[str]:
    return [named[name.casefold()] for name in names if name.casefold() in named]


def _hosts(tree: Any, named: dict[str, str]) -> Iterator[str]:
    """Yield the name of the host of the page, whole and without its last part."""
    links = [element.get("href") or "" for element in tree.iter("link") if element.get("rel") == "canonical"]
    for address in (*links[:1], named.get("og:url", "")):
        if found := _HOST.match(address):
            yield found[1]
            yield found[1].rpartition(".")[0]


def _language(tree: Any) -> str | None:
    code = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:2].casefold()
    return code if code.isalpha() and len(code) == 2 else None


# ── structured data ──────────────────────────────────────────────────────────────────────────────


def _articles(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the descriptions of articles in the JSON-LD of a page."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        top = [each for each in _list(data) if isinstance(each, dict)]
        parts = [part for each in top for name in ("@graph", "mainEntity") for part in _list(each.get(name))]
        for each in (*top, *parts):
            if isinstance(each, dict) and any(_ARTICLE.search(kind) for kind in _texts(each.get("@type"))):
                yield each


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: object) -> list[str]:
    return [html.unescape(each) for each in _list(value) if isinstance(each, str)]


def _text(value: object) -> str:
    return spaced(next(iter(_texts(value)), ""))


def _publishers(article: dict[str, Any]) -> list[str]:
    return _names(article.get("publisher"))


def _authors(article: dict[str, Any]) -> str | None:
    names: dict[str, str] = {}
    for name in _names(article.get("author")):
        if not name.startswith("http"):
            names.setdefault(key_of(name), name)
    return "; ".join(list(names.values())[:_MOST_AUTHORS]) or None


def _names(value: object) -> list[str]:
    """Return the names of the persons or organisations that a value of JSON-LD describes."""
    names = [each.get("name") if isinstance(each, dict) else each for each in _list(value)]
    return [name for each in names for text in _texts(each) if (name := spaced(re.sub(r"<[^>]*>", "", text)))]
