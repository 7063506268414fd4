"""Tables of an HTML page that are only layout: their cells become blocks of the page, and tables of data stay."""

from collections.abc import Iterator
from typing import Any

from summariser.documents.readers.page_lines import SENTENCE_END, is_sentence
from summariser.documents.readers.page_metadata import words_of
from summariser.documents.readers.shown import BLOCKS, HEADINGS, lines_of, spaced

_LEAST_PROSE = 0.5  # of the words of a table, that stand in cells with sentences
_LONGEST_CAPTION = 30  # words below a picture
_PARTS = frozenset("thead tbody tfoot tr td th caption".split())
_PARAGRAPHS = BLOCKS - {"br"}
_BOXES = frozenset({"center", "div"})
_NOT_LABEL = HEADINGS | {"li", "table", "img"}


def open_tables(tree: Any) -> None:
    """Turn the tables of a page whose cells hold sentences into blocks, and those that frame a picture into figures.

    The short cells before a cell with sentences in its row, such as a year, are its labels, set apart by bars.

    Args:
        tree: The tree of the page, which is changed.
    """
    for table in reversed(list(tree.iter("table"))):
        if _frames_picture(table):
            _make_figure(table)
        elif _holds_prose(table):
            _make_blocks(table)


def _holds_prose(table: Any) -> bool:
    cells = [_texts(cell) for row in _rows(table) for cell in _cells(row)]
    words = sum(len(words_of(text)) for texts in cells for text in texts)
    prose = sum(len(words_of(text)) for texts in cells if any(map(is_sentence, texts)) for text in texts)
    return words > 0 and prose >= _LEAST_PROSE * words


def _frames_picture(table: Any) -> bool:
    """Return True if a table of one column has a picture and at most one short line of text."""
    rows = [list(_cells(row)) for row in _rows(table)]
    texts = [text for cells in rows for cell in cells for text in _texts(cell)]
    return (
        table.find(".//img") is not None
        and max(map(len, rows), default=0) == 1
        and len(texts) <= 1
        and sum(len(words_of(text)) for text in texts) <= _LONGEST_CAPTION
    )


def _make_figure(table: Any) -> None:
    for part in _parts(table):
        part.tag = "figcaption" if part.tag in {"td", "th"} else "div"
    table.tag = "figure"


def _make_blocks(table: Any) -> None:
    for row in list(_rows(table)):
        _join_labels(row)
        for cell in _cells(row):
            _make_block(cell)
    for part in _parts(table):
        part.tag = "p" if part.tag == "caption" else "div"
    if (holder := table.getparent()) is not None and holder.tag == "figure":
        holder.tag = "div"


def _join_labels(row: Any) -> None:
    """Write each short cell of a row before the text of the next cell that has any."""
    labels: list[Any] = []
    for cell in [each for each in _cells(row) if _texts(each)]:
        text = " | ".join(_texts(each)[0] for each in labels)
        if text:
            block = next(line.element for line in lines_of(cell) if line.text)
            block.text = f"{text} | {(block.text or '').lstrip()}"
        for each in labels:
            each.drop_tree()
        labels = [cell] if _is_label(cell) else []


def _is_label(cell: Any) -> bool:
    texts = _texts(cell)
    return (
        len(texts) == 1 and not SENTENCE_END.search(texts[0]) and next(cell.iterdescendants(*_NOT_LABEL), None) is None
    )


def _make_block(element: Any) -> None:
    """Turn an element into a block whose text and inline elements stand in paragraphs."""
    from lxml import etree

    element.tag = "div"
    children, text = list(element), element.text
    element.text = None
    element[:] = []
    paragraph = None
    for child in [None, *children]:
        if child is not None and _is_block(child):
            element.append(child)
            if child.tag not in BLOCKS or child.tag in _BOXES:
                _make_block(child)
            paragraph, text, child.tail = None, child.tail, None
        elif child is not None:
            paragraph = etree.SubElement(element, "p") if paragraph is None else paragraph
            paragraph.append(child)
            text = None
        if text and text.strip():
            paragraph = etree.SubElement(element, "p")
            paragraph.text, text = text, None


def _is_block(element: Any) -> bool:
    """Return True if an element is a block or holds one; a line break is none."""
    return element.tag in _PARAGRAPHS or next(element.iterdescendants(*_PARAGRAPHS), None) is not None


def _texts(cell: Any) -> list[str]:
    return [text for line in lines_of(cell) if (text := spaced(line.text))]


def _rows(table: Any) -> Iterator[Any]:
    """Yield the rows of a table without those of tables in it."""
    yield from (row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table)


def _parts(table: Any) -> list[Any]:
    """Return a table and its parts, without tables of data in it."""
    return [
        table,
        *(part for part in table.iterdescendants(*_PARTS) if next(part.iterancestors("table"), None) is table),
    ]


def _cells(row: Any) -> Iterator[Any]:
    yield from row.iterchildren("td", "th")
