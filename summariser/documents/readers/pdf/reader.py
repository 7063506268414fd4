"""The reader of PDF files."""

import ctypes
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from summariser.documents.document import detect_language
from summariser.documents.publication import find_date
from summariser.documents.readers.pdf.fields import page_with_fields
from summariser.documents.readers.pdf.furniture import without_furniture
from summariser.documents.readers.pdf.layout import lines_in_order
from summariser.documents.readers.pdf.letters import UNKNOWN, lacks_th, mended, mending
from summariser.documents.readers.pdf.lines import Line
from summariser.documents.readers.pdf.paragraphs import pieces_of
from summariser.documents.readers.pdf.titles import title_of
from summariser.documents.readers.pdf.web_pages import without_lines_of_browsers, without_links
from summariser.documents.readers.registry import About, Reader, too_long
from summariser.documents.reading import Reading, placed
from summariser.errors import InputError
from summariser.extras import installing

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_LOCK = threading.Lock()  # pdfium is not safe for threads
_BEGINNING = 1024  # bytes in which a PDF says that it is one
_ENDING = 65536  # bytes in which the end of a complete file is looked for
_MANY_PAGES, _SAMPLE = 100, 20  # pages of a file whose length is estimated first, and of the sample
_FAR = 1.5  # times the limit; a text that seems longer is refused without being read
_FEWEST_CHARACTERS = 8  # of a page with a picture that is not scanned
_STAMP = 60  # characters; a scanned page may have a stamp, such as the number of a case
_STAMP_AND_HEAD = 300  # likewise, with running heads
_WHOLE_PAGE = 0.5  # the share of a page that the picture of a scan fills
_ENDS_OF_QUARTERS = {(3, 31), (6, 30), (9, 30), (12, 31)}
_IN_DIGITS = re.compile(r"\d[/-]\d")
_UNREADABLE = 0.3  # the share of characters without a meaning from which the text of a file is of no use
_MISSING_TH = (
    "No word of the PDF begins with Th, and some sentences begin with the rest of such a word, such as “he”: "
    "a font may give no letters for this ligature."
)


def read(data: bytes, about: About) -> Reading:
    """Return the text of a PDF.

    Raises:
        InputError: The file needs a password, is damaged or cut short, or has no text.
    """
    try:
        import pypdfium2
    except ImportError:
        raise InputError(f"{about.source} is a PDF; to read it, {installing('files')}.") from None
    if b"%PDF" not in data[:_BEGINNING]:
        raise InputError(f"{about.source} does not begin like a PDF; give it the ending of what it is, such as .txt.")
    if b"%%EOF" not in data[-_ENDING:] and b"startxref" not in data[-_ENDING:]:
        raise InputError(f"{about.source} is cut short: the end of the PDF is missing; get it again.")
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _unreadable(about, error) from None
        try:
            _refuse_far_too_long(document, about)
            return _reading(document, about)
        finally:
            document.close()


def _refuse_far_too_long(document: "PdfDocument", about: About) -> None:
    """Raise InputError if a sample of many pages shows that the text is much longer than the limit."""
    pages = len(document)
    if about.max_characters is None or pages < _MANY_PAGES:
        return
    sample = range(0, pages, pages // _SAMPLE)
    characters = pages * sum(_count(document, number) for number in sample) // len(sample)
    if characters > _FAR * about.max_characters:
        raise too_long(about.source, f"about {characters:,} characters", about.max_characters)


def _count(document: "PdfDocument", number: int) -> int:
    """Return the characters of a page; 0 if it is damaged."""
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return 0
    try:
        textpage = page.get_textpage()
        characters = int(textpage.count_chars())
        textpage.close()
    finally:
        page.close()
    return characters


def _unreadable(about: About, error: Exception) -> InputError:
    import pypdfium2.raw as pdfium

    code = getattr(error, "err_code", None)
    if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return InputError(f"{about.source} is protected by a password; save it without one.")
    return InputError(f"{about.source} is a damaged PDF; get it again, or print it to a new PDF.")


def _reading(document: "PdfDocument", about: About) -> Reading:
    pages, broken, pictures, (labels, marks, fields) = _pages(document, about)
    _require_meaning(pages, about)
    language = detect_language("\n".join(line.text for lines in pages for line in lines))
    words = mending((line.text for lines in pages for line in lines), language)
    pages = [[line for line in _mended(lines, words) if line.text] for lines in pages]
    printed = without_lines_of_browsers(pages)
    furniture = without_furniture(pages)
    links = without_links(pages)
    scanned = [number for number, fewest in pictures.items() if _length(pages[number - 1]) < fewest]
    title = title_of(pages, document.get_metadata_dict(skip_empty=True).get("Title"))
    text, places = placed(pieces_of(pages))
    if not any(map(str.isalnum, text)) or len(scanned) + len(broken) == len(pages):
        raise _no_text(about, len(pages), broken)
    around = len(furniture) + len(printed)
    left_out = [f"running heads, running feet and page numbers ({_lines(around)})"] if around else []
    left_out += [f"menus and links of a web page ({_lines(len(links))})"] if links else []
    left_out += [f"labels of the axes of diagrams ({labels})"] if labels else []
    left_out += [f"fields or boxes over the page that have no shape ({fields})"] if fields else []
    left_out += ["watermarks and words that are not upright"] if marks else []
    left_out += [f"{_numbered(broken)}, which cannot be read"] if broken else []
    them = "it" if len(scanned) == 1 else "them"
    left_out += [f"{_numbered(scanned)}, which may be scanned: read {them} with OCR"] if scanned else []
    notes = [("parts_left_out", f"Left out of the PDF: {'; '.join(left_out)}.")] if left_out else []
    notes += [("bytes_replaced", _on_letters(words))] if any(map(str.isalpha, words.values())) else []
    notes += [("bytes_replaced", _MISSING_TH)] if lacks_th([text], language) else []
    return Reading(
        text=text,
        places=places,
        title=title,
        dated=_day_of(furniture, language),
        notes=tuple(notes),
    )


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _mended(lines: Sequence[Line], words: dict[str, str]) -> Iterator[Line]:
    return (replace(line, text=" ".join(mended(line.text, words).split())) for line in lines) if words else iter(lines)


def _on_letters(words: dict[str, str]) -> str:
    some = "; in some words � stands for them" if any("\ufffd" in whole for whole in words.values()) else ""
    lacking = any(word.isalpha() or " " in word for word in words)
    more = "; others may still lack them" if lacking else ""
    guessed = f"they were guessed from the words{some}{more}"
    return f"A font of the PDF gives no letters for some ligatures, such as fi; {guessed}."


def _day_of(furniture: Sequence[Line], language: str | None) -> date | None:
    """Return the day that most running heads and feet with a date give.

    A day in digits may be that of a printout, and the last of a quarter that to which an account refers.
    """
    texts = [line.text for line in furniture if not _IN_DIGITS.search(line.text)]
    days = Counter(day for text in texts if (day := find_date(text, language)))
    days = Counter({day: count for day, count in days.items() if (day.month, day.day) not in _ENDS_OF_QUARTERS})
    day, count = days.most_common(1)[0] if days else (None, 0)
    return day if count > 1 else None


def _pages(
    document: "PdfDocument", about: About
) -> tuple[list[list[Line]], list[int], dict[int, int], tuple[int, int, int]]:
    """Return the lines of each page, the numbers of the pages that are damaged, and of those with pictures.

    Pages with pictures have the number of characters below which they are taken for scanned. The last value has
    the numbers of labels of diagrams, of watermarks, and of fields and boxes without a shape, that are left out.
    """
    import pypdfium2

    pages: list[list[Line]] = []
    broken: list[int] = []
    pictures: dict[int, int] = {}
    characters = labels = marks = fields = 0
    document.init_forms()
    for index in range(len(document)):
        try:
            page, fields_here = page_with_fields(document, index)
        except pypdfium2.PdfiumError:
            broken.append(index + 1)
            pages.append([])
            continue
        try:
            lines, labels_here, marks_here = lines_in_order(page)
            labels, marks, fields = labels + labels_here, marks + marks_here, fields + fields_here
            if _length(lines) < _STAMP_AND_HEAD and (share := _share_of_pictures(page)):
                pictures[index + 1] = _STAMP if share >= _WHOLE_PAGE else _FEWEST_CHARACTERS
        finally:
            page.close()
        pages.append(lines)
        characters += _length(lines)
        if about.max_characters is not None and characters > 1.1 * about.max_characters + 10_000:
            break  # it will be refused as too long
    return pages, broken, pictures, (labels, marks, fields)


def _length(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _share_of_pictures(page: Any) -> float:
    """Return the share of a page that its largest picture fills; 0 if it has none."""
    import pypdfium2.raw as pdfium

    edges = [ctypes.c_float() for _ in range(4)]
    sizes = [0.0]
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        if pdfium.FPDFPageObj_GetBounds(picture.raw, *map(ctypes.byref, edges)):
            left, lower, right, upper = (edge.value for edge in edges)
            sizes.append(max(abs((right - left) * (upper - lower)), 1.0))
    return max(sizes) / float(page.get_width() * page.get_height())


def _no_text(about: About, pages: int, broken: list[int]) -> InputError:
    if broken and len(broken) == pages:
        return InputError(f"{about.source} is a damaged PDF: none of its pages can be read; get it again.")
    return InputError(f"{about.source} has no text, as a scan has none; read it with OCR, and give the result.")


def _require_meaning(pages: Sequence[Sequence[Line]], about: About) -> None:
    """Raise InputError if the fonts of a file do not say which characters their shapes are."""
    text = "".join(line.text for lines in pages[:20] for line in lines)
    bad = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c >= chr(UNKNOWN) for c in text)
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


READER = Reader(
    name="PDF",
    endings=frozenset({".pdf"}),
    read=read,
    recognises=lambda data: b"%PDF-" in data[:1024],
    most_bytes=200_000_000,
)
