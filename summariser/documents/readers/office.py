"""Word (.docx) and OpenDocument text (.odt): paragraphs, lists and tables, with headings as places."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Place, Reading, placed
from summariser.errors import InputError
from summariser.extras import installing

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_BYTES = 50_000_000
_MOST_UNPACKED = 100_000_000  # bytes of one part of a file
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STRICT = (  # names of "Strict Open XML", and the usual ones
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", _M[1:-1].encode()),
)
_OFF = ("0", "false", "off")  # how a property of a run is turned off
_WORDS = (f"{_W}t", f"{_M}t")
_WRAPPERS = frozenset(
    {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")} | {f"{_MC}Choice"}
)
_MARKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011", f"{_W}ptab": " "}
_FOOTNOTES, _COMMENTS = ("footnote", "footnotes"), ("comment", "comments")
_WORD_NOTES = {
    f"{_W}footnoteReference": _FOOTNOTES,
    f"{_W}endnoteReference": ("endnote", "endnotes"),
    f"{_W}commentReference": _COMMENTS,
    f"{_W}altChunk": ("embedded document", "embedded documents"),
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": ("diagram", "diagrams"),
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart": ("chart", "charts"),
}
_OPEN_NOTES = {f"{_TEXT}note": _FOOTNOTES, f"{_OFFICE}annotation": _COMMENTS}
_LEFT_OUT = frozenset(f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "instrText", "delText", "rt"))
_SYMBOL = re.compile(r"^[\ue000-\uf8ff](?=\s)")  # a bullet of a font of symbols
_MANIFEST = "META-INF/manifest.xml"
_OTHERS = (("xl/", "a spreadsheet"), ("ppt/", "a presentation"))


def read_word(data: bytes, about: About) -> Reading:
    """Return the text of a Word file; tracked deletions, headers, footnotes and comments are left out.

    Raises:
        InputError: The file is damaged, or is no Word file.
    """
    parts = _Parts(data, about, r"word/document\d*\.xml", "a Word document (.docx)")
    body = parts.tree(parts.main).find(f"{_W}body")
    headings = _word_headings(parts)
    text, places = placed(_pieces(_word_blocks(body, headings) if body is not None else ()))
    return _reading(text, places, parts.optional("docProps/core.xml"), _left_out(body, _WORD_NOTES, "Word file"))


def read_open_document(data: bytes, about: About) -> Reading:
    """Return the text of an OpenDocument file; tracked deletions, notes and comments are left out.

    Raises:
        InputError: The file is damaged, or is no OpenDocument text.
    """
    parts = _Parts(data, about, r"content\.xml", "an OpenDocument text (.odt)")
    body = parts.tree(parts.main).find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise InputError(f"{about.source} is no OpenDocument text (.odt); save it as .odt, PDF or text.")
    text, places = placed(_pieces(_open_blocks(body)))
    return _reading(text, places, parts.optional("meta.xml"), _left_out(body, _OPEN_NOTES, "OpenDocument text"))


class _Parts:
    """The parts of a document that is a zip archive.

    Args:
        data: The file.
        about: What is known of it.
        main: A pattern of the name of the part with the text.
        kind: What the file should be, for messages.

    Attributes:
        main: The name of the part with the text.

    Raises:
        InputError: The file is no such document.
    """

    def __init__(self, data: bytes, about: About, main: str, kind: str) -> None:
        self._about, self._kind = about, kind
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
            names = self._file.namelist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise self._damaged() from None
        self.main = next((name for name in names if re.fullmatch(main, name)), "")
        if not self.main:
            other = next((what for folder, what in _OTHERS if any(name.startswith(folder) for name in names)), None)
            what = other or "a zip archive of something else"
            raise InputError(f"{about.source} is {what} and not {kind}; give a document of text, such as PDF or .docx.")
        if _MANIFEST in names and b"encryption-data" in self._read(_MANIFEST):
            raise self._protected()

    def tree(self, name: str) -> "_Element":
        """Return the tree of a part.

        Raises:
            InputError: It is damaged or too large, or has entities that would have to be expanded.
        """
        try:
            from lxml import etree
        except ImportError:
            raise InputError(f"{self._about.source} is {self._kind}; to read it, {installing('files')}.") from None
        try:
            data = self._read(name)
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
            tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
        except (etree.LxmlError, ValueError, zipfile.BadZipFile, zipfile.zlib.error, EOFError, NotImplementedError):  # type: ignore[attr-defined]
            raise self._damaged() from None
        except RuntimeError:  # how zipfile says that a password is needed
            raise self._protected() from None
        if next(tree.iter(etree.Entity), None) is not None:
            raise InputError(
                f"{self._about.source} has words as entities of a document type, which are not read; "
                "open it in a word processor and save it again, or save its text."
            )
        return tree

    def _read(self, name: str) -> bytes:
        """Return a part.

        Raises:
            InputError: It is too large.
        """
        with self._file.open(name) as part:
            data = part.read(_MOST_UNPACKED + 1)
        if len(data) > _MOST_UNPACKED:
            raise InputError(f"{self._about.source} is too large when it is unpacked; split it, or save its text.")
        return data

    def optional(self, name: str) -> "_Element | None":
        """Return the tree of a part, or None if it is missing or damaged."""
        try:
            return self.tree(name)
        except (KeyError, InputError):
            return None

    def _protected(self) -> InputError:
        return InputError(f"{self._about.source} is protected by a password; save it without one.")

    def _damaged(self) -> InputError:
        return InputError(f"{self._about.source} is damaged or cut short, and is not {self._kind}; get it again.")


_Block = tuple[str, bool, bool]
"""The text of a block, True if it is a heading, and True if no blank line follows."""


def _pieces(blocks: "Iterator[_Block] | tuple[()]") -> Iterator[tuple[str, Place]]:
    heading: str | None = None
    tight = False
    for text, is_heading, is_tight in blocks:
        heading = " ".join(text.split()) if is_heading else heading
        if tight and not is_tight:
            yield "\n", Place(heading=heading)
        yield text + ("\n" if is_tight else "\n\n"), Place(heading=heading)
        tight = is_tight


def _reading(
    text: str, places: tuple[Place, ...], metadata: "_Element | None", notes: tuple[tuple[str, str], ...]
) -> Reading:
    """Return the reading with the title of the metadata if the text has it; templates leave other titles behind."""
    found = metadata.find(f".//{_DC}title") if metadata is not None else None
    title = " ".join((found.text or "").split()) if found is not None else ""
    title = title if title in " ".join(text.split()) else ""
    return Reading(text=text, places=places, title=title or None, notes=notes)


def _left_out(body: "_Element | None", kinds: dict[str, tuple[str, str]], what: str) -> tuple[tuple[str, str], ...]:
    """Return the note that says how many footnotes and the like are left out.

    Args:
        body: The text.
        kinds: The names of elements, with what each stands for, one and several.
        what: What the file is.
    """
    counts = Counter(kinds[str(each.tag)] for each in body.iter(*kinds)) if body is not None else Counter()
    told = [f"{count} {one if count == 1 else several}" for (one, several), count in counts.items()]
    return (("parts_left_out", f"Left out of the {what}: {'; '.join(told)}."),) if told else ()


# ── Word ─────────────────────────────────────────────────────────────────────────────────────────


def _word_headings(parts: _Parts) -> frozenset[str]:
    """Return the ids of the styles of headings; their names are English in every language."""
    styles = parts.optional("word/styles.xml")
    found = styles.iter(f"{_W}style") if styles is not None else ()
    return frozenset(
        style.get(f"{_W}styleId", "")
        for style in found
        for name in style.findall(f"{_W}name")
        if re.match(r"(?:heading \d|title)$", name.get(f"{_W}val", "").casefold())
    )


def _word_blocks(body: "_Element", headings: frozenset[str]) -> Iterator[_Block]:
    """Yield the paragraphs and the rows of tables; the text of a box follows the paragraph or row that has it."""
    for element in _unwrapped(body, f"{_W}p", f"{_W}tbl"):
        if element.tag == f"{_W}tbl":
            yield from _word_rows(element, headings)
            continue
        if text := _SYMBOL.sub("•", _word_text(element).strip()):
            style = element.find(f"{_W}pPr/{_W}pStyle")
            is_heading = style is not None and style.get(f"{_W}val", "") in headings
            is_item = element.find(f"{_W}pPr/{_W}numPr") is not None
            yield (f"- {text}" if is_item and not is_heading else text), is_heading, is_item and not is_heading
        yield from _word_boxes(element, headings)


def _word_rows(table: "_Element", headings: frozenset[str]) -> Iterator[_Block]:
    for row in _unwrapped(table, f"{_W}tr"):
        if row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells = list(_unwrapped(row, f"{_W}tc"))
        if len(cells) == 1 or any(next(cell.iter(f"{_W}tbl"), None) is not None for cell in cells):
            for cell in cells:  # the table is there for the layout
                yield from _word_blocks(cell, headings)
            continue
        if texts := [text for cell in cells if (text := " ".join(_word_text(cell).split()))]:
            yield " | ".join(texts), False, True
        yield from _word_boxes(row, headings)


def _unwrapped(element: "_Element", *tags: str) -> "Iterator[_Element]":
    """Yield the children with these tags, also those in content controls and tracked insertions."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _unwrapped(child, *tags)


def _word_boxes(element: "_Element", headings: frozenset[str]) -> Iterator[_Block]:
    """Yield the blocks of the text boxes in a paragraph or row."""
    for each in _shown(element):
        if each is not _END and each.tag == f"{_W}txbxContent":
            yield from _word_blocks(each, headings)


def _word_text(element: "_Element") -> str:
    """Return the text of a paragraph or a cell; deletions and moved words are left out where they stood."""
    return "".join(
        "\n" if each is _END else (each.text or "") if each.tag in _WORDS else _MARKS.get(each.tag, "")
        for each in _shown(element)
    )


def _shown(element: "_Element") -> Iterator[Any]:
    """Yield what an element shows, in order, with the ends of paragraphs; a text box is one, without what is in it."""
    stack: list[Any] = list(reversed(element))
    while stack:
        each = stack.pop()
        if each is _END or each.tag in (f"{_W}txbxContent", *_WORDS):
            yield each
        elif each.tag == f"{_MC}AlternateContent":
            stack.extend(reversed(_alternative(each)))
        elif each.tag not in _LEFT_OUT and not _is_hidden_run(each):
            yield each
            if each.tag == f"{_W}p":
                stack.append(_END)
            stack.extend(reversed(each))


def _alternative(element: "_Element") -> "list[_Element]":
    """Return the newer form of a drawing, or the older one if only that has words; the words are the same."""
    for form in (*element.findall(f"{_MC}Choice"), *element.findall(f"{_MC}Fallback")):
        if any(next(form.iter(tag), None) is not None for tag in _WORDS):
            return list(form)
    return []


_END = object()
"""Stands for the end of a paragraph in a cell."""


def _is_hidden_run(element: Any) -> bool:
    hidden = element.find(f"{_W}rPr/{_W}vanish") if element.tag == f"{_W}r" else None
    return hidden is not None and hidden.get(f"{_W}val") not in _OFF


# ── OpenDocument ─────────────────────────────────────────────────────────────────────────────────


def _open_blocks(body: "_Element", item: bool = False) -> Iterator[_Block]:
    """Yield the paragraphs, headings and rows of tables."""
    for element in body:
        if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            if text := _open_text(element).strip():
                is_heading = element.tag == f"{_TEXT}h"
                yield (f"- {text}" if item else text), is_heading, item
        elif element.tag == f"{_TABLE}table":
            for row in _open_rows(element):
                cells = [" ".join(_open_text(cell).split()) for cell in row.findall(f"{_TABLE}table-cell")]
                if any(cells):
                    yield " | ".join(filter(None, cells)), False, True
        elif element.tag == f"{_TEXT}list":
            yield from _open_blocks(element, item=True)
        elif element.tag in (f"{_TEXT}section", f"{_TEXT}list-item", f"{_TEXT}list-header"):
            yield from _open_blocks(element, item=item)


def _open_rows(table: "_Element") -> "Iterator[_Element]":
    """Yield the rows of a table, without those of tables in its cells."""
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in (f"{_TABLE}table-header-rows", f"{_TABLE}table-rows", f"{_TABLE}table-row-group"):
            yield from _open_rows(child)


def _open_text(element: "_Element") -> str:
    """Return the text of a paragraph or a cell."""
    parts = [element.text or ""]
    left_out = {f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}ruby-text"}
    for each in element:
        if each.tag == f"{_TEXT}s":
            parts.append(" " * min(int(each.get(f"{_TEXT}c") or 1), 100))
        elif each.tag == f"{_TEXT}tab":
            parts.append(" ")
        elif each.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif isinstance(each.tag, str) and each.tag not in left_out:
            parts.append(_open_text(each))
            parts.append("\n" if each.tag == f"{_TEXT}p" else "")
        parts.append(each.tail or "")
    return "".join(parts)


def _is_zip(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def _is_word(data: bytes) -> bool:
    return _is_zip(data) and (b"[Content_Types].xml" in data or b"word/document.xml" in data)


def _is_open_document(data: bytes) -> bool:
    return _is_zip(data) and b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]


WORD = Reader(
    name="Word", endings=frozenset({".docx", ".docm"}), read=read_word, recognises=_is_word, most_bytes=_MOST_BYTES
)
OPEN_DOCUMENT = Reader(
    name="OpenDocument",
    endings=frozenset({".odt"}),
    read=read_open_document,
    recognises=_is_open_document,
    most_bytes=_MOST_BYTES,
)
