"""HTML: the article of a page, or everything that the page shows."""

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from summariser.documents.readers.encodings import Decoded, decode
from summariser.documents.readers.plain_text import typed
from summariser.documents.readers.registry import About, Reader
from summariser.documents.readers.shown import shown
from summariser.documents.reading import Place, Reading, placed
from summariser.errors import InputError
from summariser.extras import installing

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BEGINNING = re.compile(
    r"\ufeff?(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body|article|main|section|div|h1|p)\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(
    rb"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?\s*([\w:.-]+)|<\?xml[^>]{0,100}?encoding=[\"']([\w.-]+)", re.I
)
_MOST_BYTES = 10_000_000
_FEWEST_WORDS = 8  # of an article
_PREFORMATTED = 0.8  # of the words of a page, so that the page is its preformatted text
_LOGIN_WORDS = 150  # fewest words of an article on a page that asks for a password
_TIGHT = frozenset({"item", "row"})  # blocks of trafilatura that no blank line sets apart
_NOT_SHOWN = (  # what browsers hide, unless a script may show the article there, and the controls of a video player
    "//*[(@hidden or @aria-modal='true' or contains(@class, 'vjs-')"
    " or contains(translate(@style, ' ', ''), 'display:none')"
    " or contains(translate(@style, ' ', ''), 'visibility:hidden'))"
    " and not(self::article or self::main or .//article or .//h1 or count(.//p) > 9)]"
)
_BREAK = "\ue000"  # a private character that stands for a line break


def recognises(data: bytes) -> bool:
    """Return True if a file begins like an HTML page."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"
    return _BEGINNING.match(data[:8192].decode(encoding, "ignore").removeprefix("ï»¿")) is not None


def read(data: bytes, about: About) -> Reading:
    """Return the article of a page with its metadata; or all that the page shows, if `about` says so.

    Raises:
        InputError: There is no article, or the page asks for a login.
    """
    decoded = _decoded(data, about)
    tree = _tree(decoded.text, about)
    if about.whole_page:
        text, places = placed(shown(tree))
        return Reading(text=text, places=places, title=_page_title(tree), language=_language(tree), notes=decoded.notes)
    if preformatted := _preformatted(tree):
        text, notes = typed(preformatted)
        notes = (*decoded.notes, *notes)
        return Reading(text=text, title=_page_title(tree), language=_language(tree), notes=notes)
    language, asks = _language(tree), bool(tree.xpath("//input[@type='password']"))
    found = _article(tree, about, prune=[_NOT_SHOWN]) or _article(_tree(decoded.text, about), about, prune=[])
    if found is None:
        raise _asks_for_login(about) if asks else _no_article(about)
    pieces = list(_blocks_of(found.body, found.title))
    words = (
        sum(len(text.split()) for text, _ in pieces) if _spaced(pieces) else sum(len(text) for text, _ in pieces) // 2
    )
    if words < _LOGIN_WORDS and asks:
        raise _asks_for_login(about)
    if words < _FEWEST_WORDS:
        raise _no_article(about)
    text, places = placed(pieces)
    return Reading(
        text=text,
        places=places,
        title=found.title,
        published=_day(found.date),
        author=found.author,
        language=language,
        notes=decoded.notes,
    )


def _preformatted(tree: "HtmlElement") -> str:
    """Return the text of a page that is preformatted, with its line breaks; empty if most of a page is not."""
    texts = ["".join(element.itertext()) for element in tree.xpath("//pre")]
    words = sum(len(text.split()) for text in texts)
    shown = sum(len(text.split()) for text in tree.xpath("//body//text()[not(parent::script or parent::style)]"))
    return "\n\n".join(texts) if words >= max(_PREFORMATTED * shown, _FEWEST_WORDS) else ""


def shown_text(data: bytes, about: About, *, mail: bool = False) -> str:
    """Return all that a page shows, as text with line breaks.

    Args:
        data: The page.
        about: What is known of it.
        mail: True to mark quotations with ">", as mails do.

    Raises:
        InputError: The page is empty or damaged, or the extra is not installed.
    """
    tree = _tree(_decoded(data, about).text, about)
    return "".join(text for text, _ in shown(tree, quotes=mail))


def _decoded(data: bytes, about: About) -> Decoded:
    found = _CHARSET.search(data[:8192])
    declared = (found[1] or found[2]).decode("ascii", "ignore") if found else None
    return decode(data, source=about.source, declared=about.charset or declared)


def _tree(text: str, about: About) -> "HtmlElement":
    """Return the tree of a page.

    Raises:
        InputError: The page is empty or damaged.
    """
    try:
        from lxml import etree, html
    except ImportError:
        raise _extra_missing(about) from None
    text = re.sub(r"^\s*<\?xml[^>]*>", "", text.replace("\0", ""))
    try:
        parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8", huge_tree=True)
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        raise InputError(f"{about.source} is an empty or damaged page; save the article as a file.") from None
    if any("depth" in each.message for each in parser.error_log):
        raise InputError(f"{about.source} is nested too deeply to be read; save its text as a file.")
    return tree


# ── the article ──────────────────────────────────────────────────────────────────────────────────


def _article(tree: "HtmlElement", about: About, *, prune: list[str]) -> Any:
    """Return the article that trafilatura finds, or None.

    Args:
        tree: The tree of the page, which is changed.
        about: What is known of the page.
        prune: XPath expressions of the elements to leave out.

    Raises:
        InputError: The extra is not installed.
    """
    from lxml import etree

    try:
        from trafilatura import bare_extraction
    except ImportError:
        raise _extra_missing(about) from None

    try:
        found = bare_extraction(
            tree,
            include_comments=False,
            include_images=False,
            include_links=False,
            include_formatting=False,
            prune_xpath=prune,
            with_metadata=True,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except (RecursionError, etree.LxmlError, ValueError, TypeError, AttributeError):  # pages that nobody has foreseen
        return None
    return None if found is None or getattr(found, "body", None) is None else found


def _extra_missing(about: About) -> InputError:
    return InputError(f"{about.source} is HTML; to read it, {installing('files')}.")


def _asks_for_login(about: About) -> InputError:
    return InputError(f"{about.source} asks for a login; open it in a browser, and save the article as a file.")


def _no_article(about: About) -> InputError:
    return InputError(
        f"{about.source} has no article that could be found; save its text as a file, or use the setting whole_page."
    )


def _blocks_of(body: Any, title: str | None) -> Iterator[tuple[str, Place]]:
    """Yield the blocks of an article with the headings above them; first the title, if no block has it."""
    blocks = [(element.tag, text) for element, text in _leaves(body)]
    plain = " ".join((title or "").casefold().split())
    heading: str | None = None
    if title and not any(" ".join(text.casefold().split()) == plain for _, text in blocks[:3]):
        yield f"{title}\n\n", Place()
    for (tag, text), following in zip(blocks, [*(tag for tag, _ in blocks[1:]), None], strict=False):
        if tag == "head" and " ".join(text.casefold().split()) != plain:
            heading = " ".join(text.split())
        yield f"{text}\n" if tag in _TIGHT and tag == following else f"{text}\n\n", Place(heading=heading)


def _leaves(body: Any) -> Iterator[tuple[Any, str]]:
    """Yield the blocks of trafilatura's tree that hold text, with their text."""
    blocks = {"p", "head", "item", "quote", "row", "code", "ab"}
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        if element.tag in blocks and not any(child.tag in blocks for child in element.iterdescendants()):
            if text := _inline(element):
                yield element, text
        else:
            if element.text and element.text.strip():
                yield element, " ".join(element.text.split())
            stack.extend(reversed(element))
        if element.tail and element.tail.strip() and element.getparent() is not None:
            yield element, " ".join(element.tail.split())


def _inline(element: Any) -> str:
    """Return the text of a block; a break is a new line, and bars set the cells of a row apart."""
    from lxml import etree

    parts: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if each.tag == "cell" and any(part.strip() for part in parts):
                parts.append(" | ")
            parts.append(_BREAK if each.tag == "lb" else each.text or "")
        elif each is not element:
            parts.append(each.tail or "")
    lines = re.sub(r"\s+", " ", "".join(parts)).split(_BREAK)
    return "\n".join(line.strip() for line in lines if line.strip())


def _spaced(pieces: list[tuple[str, Place]]) -> bool:
    """Return True if the words are set apart by spaces."""
    text = "".join(text for text, _ in pieces)[:2000]
    return len(text.split()) * 15 > len(text)


# ── metadata ─────────────────────────────────────────────────────────────────────────────────────


def _page_title(tree: "HtmlElement") -> str | None:
    return " ".join((tree.findtext(".//title") or "").split()) or None


def _language(tree: "HtmlElement") -> str | None:
    code = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:2].casefold()
    return code if code.isalpha() and len(code) == 2 else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


READER = Reader(
    name="HTML",
    endings=frozenset({".html", ".htm", ".xhtml"}),
    read=read,
    recognises=recognises,
    most_bytes=_MOST_BYTES,
)
