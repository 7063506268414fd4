"""Tables of an HTML page that are only layout: their cells become blocks of the page, and tables of data stay."""

from collections.abc import Iterator, Sequence
from typing import Any

from summariser.documents.readers.web_pages.metadata import words_of
from summariser.documents.readers.web_pages.sentences import SENTENCE_END, is_sentence
from summariser.documents.readers.web_pages.shown import BLOCKS, HEADINGS, lines_of, spaced

_LEAST_PROSE = 0.5  # of the words of a table, that stand in cells with sentences
_DEEPEST = 12  # number of tables around one another
_LONGEST_CAPTION = 30  # words below a picture
_PARTS = frozenset("thead tbody tfoot tr td th caption".split())
Row = list[tuple[Any, list[str]]]  # the cells of a row with the lines of each
_PARAGRAPHS = BLOCKS - {"br"}
_BOXES = frozenset({"center", "div"})
_NOT_LABEL = HEADINGS | {"li", "table", "img"}


def open_tables(tree: Any) -> None:
    """Turn the tables of a page whose cells hold sentences into blocks, and those that frame a picture into figures.

    The short cells before a cell with sentences in its row, such as a year, are its labels, set apart by bars.

    Args:
        tree: The tree of the page, which is changed.
    """
    tables = [each for each in tree.iter("table") if sum(1 for _ in each.iterancestors("table")) < _DEEPEST]
    for table in reversed(tables):
        rows = [[(cell, _texts(cell)) for cell in row.iterchildren("td", "th")] for row in _rows(table)]
        if _frames_picture(table, rows):
            _make_figure(table)
        elif _holds_prose(rows):
            _make_blocks(table, rows)


def _holds_prose(rows: Sequence[Row]) -> bool:
    cells = [texts for row in rows for _, texts in row]
    words = sum(len(words_of(text)) for texts in cells for text in texts)
    prose = sum(len(words_of(text)) for texts in cells if any(map(is_sentence, texts)) for text in texts)
    return words > 0 and prose >= _LEAST_PROSE * words


def _frames_picture(table: Any, rows: Sequence[Row]) -> bool:
    """Return True if a table of one column has a picture and at most one short line of text."""
    texts = [text for row in rows for _, texts in row for text in texts]
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


def _make_blocks(table: Any, rows: Sequence[Row]) -> None:
    for row in rows:
        _join_labels(row)
    for cell in [cell for row in rows for cell, _ in row]:
        _make_block(cell)
    for part in _parts(table):
        part.tag = "p" if part.tag == "caption" else "div"
    if (holder := table.getparent()) is not None and holder.tag == "figure":
        holder.tag = "div"


def _join_labels(row: Row) -> None:
    """Write the short cells of a row before the text of the next other cell, or of the last one."""
    labels: Row = []
    for cell, texts in row:
        if _is_label(cell, texts):
            labels.append((cell, texts))
        elif texts:
            _write_before(cell, labels)
            labels = []
    if labels:
        _write_before(labels[-1][0], labels[:-1])


def _write_before(cell: Any, labels: Row) -> None:
    text = " | ".join(texts[0] for _, texts in labels)
    if text:
        block = next(line.element for line in lines_of(cell) if line.text)
        block.text = f"{text} | {(block.text or '').lstrip()}"
    for each, _ in labels:
        each.drop_tree()


def _is_label(cell: Any, texts: list[str]) -> bool:
    is_plain = next(cell.iterdescendants(*_NOT_LABEL), None) is None
    return is_plain and len(texts) == 1 and not SENTENCE_END.search(texts[0])


def _make_block(cell: Any) -> None:
    """Turn a cell into a block whose text and inline elements stand in paragraphs, also in the boxes in it."""
    boxes = [cell]
    while boxes:
        box = boxes.pop()
        box.tag = "div"
        boxes += [each for each in _wrap_inline(box) if each.tag not in BLOCKS or each.tag in _BOXES]


def _wrap_inline(box: Any) -> list[Any]:
    """Put the text and the inline elements of a box into paragraphs, and return the blocks in it."""
    from lxml import etree

    children, text = list(box), box.text
    blocks, paragraph = [], None
    box.text = None
    box[:] = []
    for child in [None, *children]:
        if child is not None and _is_block(child):
            box.append(child)
            blocks.append(child)
            paragraph, text, child.tail = None, child.tail, None
        elif child is not None:
            paragraph = etree.SubElement(box, "p") if paragraph is None else paragraph
            paragraph.append(child)
            text = None
        if text and text.strip():
            paragraph = etree.SubElement(box, "p")
            paragraph.text, text = text, None
    return blocks


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
