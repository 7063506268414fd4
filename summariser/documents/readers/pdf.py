"""PDF: the text of the pages in reading order, without running heads, running feet and page numbers."""

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from summariser.documents.readers.hyphens import Hyphens
from summariser.documents.readers.layout import Line, begins_paragraph, ends_sentence, lines_in_order
from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Place, Reading, placed
from summariser.errors import InputError
from summariser.extras import installing

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_LOCK = threading.Lock()  # pdfium is not safe for threads
_ENDING = 65536  # bytes in which the end of a complete file is looked for
_MARGIN = 0.12  # the share of a page's height in which running heads and feet stand
_MARGIN_LINES = 3
_APART = 0.5  # of the font size; the gap between a running head and the text
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|página|pagina|pág\.?|p\.|s\.|стр\.?|strona|sida|side|第)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|de|di|sur|из|z|av|of)\s*\d{1,4}|\s*页|\s*頁|\s*ページ)?\W*",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"[\w)\]][–—/]$")  # a line after which no space follows
_FEWEST_CHARACTERS = 8  # of a page that has text
_UNREADABLE = 0.3  # the share of characters without a meaning from which the text of a file is of no use


def read(data: bytes, about: About) -> Reading:
    """Return the text of a PDF.

    Raises:
        InputError: The file needs a password, is damaged or cut short, or has no text.
    """
    try:
        import pypdfium2
    except ImportError:
        raise InputError(f"{about.source} is a PDF; to read it, {installing('files')}.") from None
    if b"%%EOF" not in data[-_ENDING:] and b"startxref" not in data[-_ENDING:]:
        raise InputError(f"{about.source} is cut short: the end of the PDF is missing; get it again.")
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _unreadable(about, error) from None
        try:
            return _reading(document, about)
        finally:
            document.close()


def _unreadable(about: About, error: Exception) -> InputError:
    import pypdfium2.raw as pdfium

    code = getattr(error, "err_code", None)
    if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return InputError(f"{about.source} is protected by a password; save it without one.")
    return InputError(f"{about.source} is a damaged PDF; get it again, or print it to a new PDF.")


def _reading(document: "PdfDocument", about: About) -> Reading:
    pages, broken, empty = _pages(document, about)
    _require_meaning(pages, about)
    furniture = _without_furniture(pages)
    text, places = placed(_pieces(pages))
    if not any(map(str.isalnum, text)):
        raise _no_text(about, len(pages), broken)
    left_out = [f"running heads, running feet and page numbers ({furniture} lines)"] if furniture else []
    left_out += [f"{_numbered(broken)}, which cannot be read"] if broken else []
    them = "it" if len(empty) == 1 else "them"
    left_out += [f"{_numbered(empty)}, which may be scanned: read {them} with OCR"] if empty else []
    notes = (("parts_left_out", f"Left out of the PDF: {'; '.join(left_out)}."),) if left_out else ()
    return Reading(text=text, places=places, title=_title(document, text), notes=notes)


def _pages(document: "PdfDocument", about: About) -> tuple[list[list[Line]], list[int], list[int]]:
    """Return the lines of each page, the numbers of the pages that are damaged, and of those with pictures only."""
    import pypdfium2

    pages: list[list[Line]] = []
    broken: list[int] = []
    empty: list[int] = []
    characters = 0
    for index in range(len(document)):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            broken.append(index + 1)
            pages.append([])
            continue
        try:
            lines = lines_in_order(page)
            found = sum(len(line.text) for line in lines)
            if found < _FEWEST_CHARACTERS and _has_pictures(page):
                empty.append(index + 1)
        finally:
            page.close()
        pages.append(lines)
        characters += found
        if about.max_characters is not None and characters > 1.1 * about.max_characters + 10_000:
            break  # it will be refused as too long
    return pages, broken, empty


def _has_pictures(page: object) -> bool:
    import pypdfium2.raw as pdfium

    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))  # type: ignore[attr-defined]


def _no_text(about: About, pages: int, broken: list[int]) -> InputError:
    if broken and len(broken) == pages:
        return InputError(f"{about.source} is a damaged PDF: none of its pages can be read; get it again.")
    return InputError(f"{about.source} has no text, as a scan has none; read it with OCR, and give the result.")


def _require_meaning(pages: Sequence[Sequence[Line]], about: About) -> None:
    """Raise InputError if the fonts of a file do not say which characters their shapes are."""
    text = "".join(line.text for lines in pages[:20] for line in lines)
    bad = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or (c < " " and c not in "\t\n") for c in text)
    if bad > _UNREADABLE * len(text):
        raise InputError(f"{about.source} has text in fonts that do not say which letters it has; read it with OCR.")


def _numbered(pages: Sequence[int]) -> str:
    """Return "page 3", or "pages 3, 5 to 9"."""
    runs: list[tuple[int, int]] = []
    for page in pages:
        if runs and runs[-1][1] == page - 1:
            runs[-1] = (runs[-1][0], page)
        else:
            runs.append((page, page))
    words = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in runs)
    return f"page {words}" if len(pages) == 1 else f"pages {words}"


# ── running heads, running feet and page numbers ─────────────────────────────────────────────────


def _without_furniture(pages: list[list[Line]]) -> int:
    """Remove running heads, running feet and page numbers from the pages, and return how many lines."""
    often = Counter(key for lines in pages for key in {_key(line) for line in _marginal(lines)})
    fewest = 2 if len(pages) <= 3 else 3
    removed = 0
    for number, lines in enumerate(pages):
        marginal = _marginal(lines)
        gone = [
            line
            for line in marginal
            if (len(pages) > 1 and often[_key(line)] >= fewest) or _is_page_number(line, lines)
        ]
        pages[number] = [line for line in lines if line not in gone]
        removed += len(gone)
    return removed


def _marginal(lines: Sequence[Line]) -> list[Line]:
    """Return the lines in the margins of a page that a gap sets apart from its text."""
    by_height = sorted(lines, key=lambda line: line.top)
    upper = [line.bottom < _MARGIN * line.page_height for line in by_height[:_MARGIN_LINES]].count(True)
    lower = [line.top > (1 - _MARGIN) * line.page_height for line in by_height[-_MARGIN_LINES:]].count(True)
    while upper and upper < len(by_height) and not _apart(by_height[upper - 1], by_height[upper]):
        upper -= 1
    while lower and lower < len(by_height) and not _apart(by_height[-lower - 1], by_height[-lower]):
        lower -= 1
    return [*by_height[:upper], *(by_height[-lower:] if lower and upper < len(by_height) else [])]


def _apart(above: Line, below: Line) -> bool:
    return below.top - above.bottom > _APART * above.size or below.top < above.bottom - 0.5 * above.size


def _key(line: Line) -> tuple[bool, str]:
    return line.top < line.page_height / 2, re.sub(r"\d+", "#", " ".join(line.text.casefold().split()))


def _is_page_number(line: Line, lines: Sequence[Line]) -> bool:
    outermost = line.top == min(each.top for each in lines) or line.bottom == max(each.bottom for each in lines)
    is_number = _PAGE_NUMBER.fullmatch(line.text) is not None
    return is_number and len(lines) > 1 and (outermost or line.text.isdecimal())


# ── paragraphs ───────────────────────────────────────────────────────────────────────────────────


def _pieces(pages: Sequence[Sequence[Line]]) -> Iterator[tuple[str, Place]]:
    """Yield the lines with what stands between them, and their pages."""
    lines = [(line, number) for number, found in enumerate(pages, 1) for line in found]
    hyphens = Hyphens("\n".join(line.text for line, _ in lines))
    for (line, page), (following, _) in pairwise(lines):
        divided = hyphens.before(line.text, following.text)
        if line.tabular or following.tabular:
            yield f"{line.text}\n" if line.tabular and following.tabular else f"{line.text}\n\n", Place(page=page)
        elif begins_paragraph(line, following) and not (divided is not None and not ends_sentence(line)):
            yield f"{line.text}\n\n", Place(page=page)
        elif divided is not None:
            yield divided, Place(page=page)
        else:
            joined = _is_unspaced(line.text[-1:] + following.text[:1]) or _OPEN_END.search(line.text)
            yield line.text + ("" if joined else " "), Place(page=page)
    if lines:
        yield lines[-1][0].text, Place(page=lines[-1][1])


def _is_unspaced(pair: str) -> bool:
    """Return True if both characters are of a script that sets no spaces between words."""
    return len(pair) == 2 and all(
        "\u2e80" <= c <= "\uabff" or "\uff00" <= c <= "\uffef" or "\u0e00" <= c <= "\u0eff" for c in pair
    )


def _title(document: "PdfDocument", text: str) -> str | None:
    """Return the title of the metadata if the first page has it; programs leave the names of files there."""
    title = " ".join((document.get_metadata_dict(skip_empty=True).get("Title") or "").split())
    beginning = " ".join(text[:3000].split())
    return title if title and title.casefold() in beginning.casefold() else None


READER = Reader(
    name="PDF",
    endings=frozenset({".pdf"}),
    read=read,
    recognises=lambda data: b"%PDF-" in data[:1024],
    most_bytes=200_000_000,
)
