"""HTML: the article of a page, or everything that the page shows."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from summariser.documents.readers.encodings import Decoded, decode
from summariser.documents.readers.plain_text import typed
from summariser.documents.readers.registry import About, Reader
from summariser.documents.readers.web_pages.article import article_of
from summariser.documents.readers.web_pages.metadata import metadata_of
from summariser.documents.readers.web_pages.sentences import SENTENCE_END
from summariser.documents.readers.web_pages.shown import lines_of, shown, spaced
from summariser.documents.reading import Place, Reading, placed
from summariser.errors import InputError
from summariser.extras import installing

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PARTS = {  # what each kind is called, one and several
    "note": ("note", "notes"),
    "caption": ("caption of a picture", "captions of pictures"),
    "quotation": ("quotation that is set apart", "quotations that are set apart"),
    "notice": ("line of a notice or an advertisement", "lines of notices and advertisements"),
    "further article": ("further article", "further articles"),
    "hidden part": ("part that the page hides", "parts that the page hides"),
    "struck": ("part that the page strikes out", "parts that the page strikes out"),
    "line": ("other line", "other lines"),
}
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
_LEAST_COMPLETE = 0.6  # of the words that a page declares
_CUT_OFF = re.compile(r"(?:…|\.\.\.|[,;])\]?$")
_FEWEST_BEFORE_LOGIN = 40  # words in sentences of an article on a page that asks for a password
_MOST_BEFORE_LOGIN = 150  # words of an article that may go on behind the login


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
        return Reading(
            text=text, places=places, title=_page_title(tree), language=metadata_of(tree).language, notes=decoded.notes
        )
    metadata, asks = metadata_of(tree), bool(tree.xpath("//input[@type='password']"))
    if preformatted := _preformatted(tree):
        text, notes = typed(preformatted)
        notes = (*decoded.notes, *notes)
        return Reading(text=text, title=_page_title(tree), language=metadata.language, notes=notes)
    try:
        article = article_of(tree, metadata)
    except ImportError as error:
        raise _extra_missing(about, error) from None
    if article is None:
        raise _asks_for_login(about) if asks else _made_by_scripts(about) if _is_empty(tree) else _no_article(about)
    pieces = list(article.pieces())
    words = _words(pieces)
    sentences = [piece for piece in pieces if SENTENCE_END.search(piece[0].strip())]
    if asks and words < _MOST_BEFORE_LOGIN and _words(sentences) < _FEWEST_BEFORE_LOGIN:
        raise _asks_for_login(about)
    if words < _FEWEST_WORDS:
        raise _no_article(about)
    text, places = placed(pieces)
    notes = decoded.notes
    if not metadata.is_free and _is_cut_off(pieces[-1][0], words, metadata.words):
        notes = (*notes, ("parts_left_out", _for_subscribers(about, words)))
    elif article.is_for_subscribers:
        notes = (*notes, ("parts_left_out", _says_for_subscribers(about, words)))
    elif asks and words < _MOST_BEFORE_LOGIN:
        notes = (*notes, ("parts_left_out", _before_login(about, words)))
    if article.reports:
        notes = (*notes, ("parts_left_out", _on_reports(about, article.reports)))
    if article.left_out:
        notes = (*notes, ("parts_left_out", _on_parts(article.left_out)))
    return Reading(
        text=text,
        places=places,
        title=article.title,
        published=article.metadata.published,
        author=article.metadata.author,
        language=article.metadata.language,
        notes=notes,
    )


def _is_cut_off(last: str, words: int, declared: int | None) -> bool:
    """Return True if an article is shorter than the page declares, or ends within a sentence.

    Args:
        last: The last block that was read.
        words: The number of words that were read.
        declared: The number of words that the page declares, or None.
    """
    return (declared is not None and words < _LEAST_COMPLETE * declared) or _CUT_OFF.search(last.strip()) is not None


def _for_subscribers(about: About, words: int) -> str:
    return f"{about.source} has only the beginning of an article for subscribers ({words} words)."


def _says_for_subscribers(about: About, words: int) -> str:
    part = f"what it shows may be only a part of it ({words} words)"
    return f"{about.source} says that the article is for subscribers; {part}."


def _on_reports(about: About, count: int) -> str:
    return f"{about.source} is an overview of {count} reports; each has a page of its own, which was not read."


def _on_parts(counts: Mapping[str, int]) -> str:
    told = [
        f"{counts[kind]} {one if counts[kind] == 1 else several}"
        for kind, (one, several) in _PARTS.items()
        if counts[kind]
    ]
    return f"Left out of the page: {'; '.join(told)}."


def _before_login(about: About, words: int) -> str:
    part = f"what can be read without one may be only a part of the article ({words} words)"
    return f"{about.source} asks for a login; {part}."


def _page_title(tree: "HtmlElement") -> str | None:
    return spaced(tree.findtext(".//title") or "") or None


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
    except ImportError as error:
        raise _extra_missing(about, error) from None
    text = re.sub(r"^\s*<\?xml[^>]*>", "", text.replace("\0", ""))
    try:
        parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8", huge_tree=True)
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        raise InputError(f"{about.source} is an empty or damaged page; save the article as a file.") from None
    if any("depth" in each.message for each in parser.error_log):
        raise InputError(f"{about.source} is nested too deeply to be read; save its text as a file.")
    for template in tree.xpath("//template[@shadowrootmode or @shadowroot]"):  # what browsers show at once
        template.tag = "div"
    return tree


# ── refusals ──


def _extra_missing(about: About, error: ImportError) -> InputError:
    return InputError(f"{about.source} is HTML; to read it, {installing('files', error)}.")


def _asks_for_login(about: About) -> InputError:
    return InputError(f"{about.source} asks for a login; open it in a browser, and save the article as a file.")


def _is_empty(tree: "HtmlElement") -> bool:
    """Return True if a page shows hardly a word, and has scripts or data that may make its text."""
    words = sum(len(line.text.split()) for line in lines_of(tree))
    return words < _FEWEST_WORDS and bool(tree.xpath("//script[@src or contains(@type, 'json') or @type='module']"))


def _made_by_scripts(about: About) -> InputError:
    return InputError(
        f"{about.source} has no text without its scripts; open it in a browser, and save its text from there."
    )


def _no_article(about: About) -> InputError:
    return InputError(
        f"{about.source} has no article that could be found; save its text as a file, or use the setting whole_page."
    )


def _words(pieces: list[tuple[str, Place]]) -> int:
    """Return the number of words; two characters count as one if no spaces set the words apart."""
    text = "".join(text for text, _ in pieces)
    spaced = len(text[:2000].split()) * 15 > len(text[:2000])
    return len(text.split()) if spaced else len(text) // 2


READER = Reader(
    name="HTML",
    endings=frozenset({".html", ".htm", ".xhtml"}),
    read=read,
    recognises=recognises,
    most_bytes=_MOST_BYTES,
)
