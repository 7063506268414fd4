"""The paragraphs of a PDF: lines joined, over columns and pages, with footnotes behind the paragraph that they cut."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from summariser.documents.readers.hyphens import Hyphens
from summariser.documents.readers.pdf.lines import Line, ends_sentence, is_unspaced
from summariser.documents.reading import Place

_NOTE_SIZE = 0.93  # of the usual size on a page; footnotes are smaller
_HEADING_SIZE = 1.1  # likewise; headings are larger
_STEP = 1.35  # of the usual distance of lines; paragraphs may stand further apart
_SAME_SIZE = 0.05  # lines whose sizes differ more may be captions or quotations beside a text
_LONGEST_INTERRUPTION = 8  # lines
_FULL = 0.2  # of the widest line; a line that leaves more room than this and the next word was ended on purpose
_SHORT = 0.12  # of the widest line; a line that leaves more room may end a paragraph
_FEW_LINES, _NARROW = 3, 0.8  # of a block none of whose lines is full, and the share of the column that they fill
_LONG = 0.6  # of the column's width; a sentence may run on below a longer line, however far the next line is
_LONGEST_BRACKETS = 6  # lines
_HANGING = 0.3  # of the size; the lines of an item stand further right than its bullet
_SIZE = 0.12  # lines whose sizes differ more are not of one paragraph
_HEADING_STEP = 1.4  # of the size; the lines of a heading stand nearer to each other
_ENTRY_END = re.compile(r" \| \d{1,4}$")
_BULLET = re.compile(r"(?:[-*•–—‣▪◦●]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[가-하])[.)]\s|[①-⑳]")
_SYMBOL = re.compile(r"[•‣▪◦●■□✓➢]\s")
_NOTE_MARK = re.compile(r"[\[(]?(?:[\d⁰¹²³⁴-⁹]{1,3}|[*†‡§¶∗]{1,3}|[a-z])[\])]?(?:\s|[A-Z“\"‘])")
_CAPTION = re.compile(r"(?:table|fig(?:ure|\.)|chart|exhibit|tab(?:elle|leau|\.)|abb(?:ildung|\.))\s*\d", re.IGNORECASE)
_HANGUL = re.compile("[\uac00-\ud7a3]{2}")
_WITHIN_WORD = re.compile(r"\w[\w.,!?)”’]")
_FEWEST_SPACED, _SPACED = 3, 0.15  # lines with a space behind them, and their share
_OPEN_END = re.compile(r"[\w)\]][–—/]$|//$|\w@$|\d[-‐]$")  # a line after which no space follows

NumberedLine = tuple[Line, int]
"""A line and the number of its page."""


def pieces_of(pages: Sequence[Sequence[Line]]) -> Iterator[tuple[str, Place]]:
    """Yield the lines of all pages with what stands between them, and their pages."""
    numbers = [number for number, found in enumerate(pages, 1) for _ in found]
    flat = _with_interruptions([line for found in pages for line in _with_room(_with_roles(found))])
    flat = _with_headings_in_other_fonts(flat)
    lines = _with_notes_behind(list(zip(flat, numbers, strict=True)))
    hyphens = Hyphens("\n".join(line.text for line, _ in lines))
    inside = _inside_brackets([line for line, _ in lines])
    stored = _stores_spaces([line for line, _ in lines])
    for ((line, page), (following, _)), is_inside in zip(pairwise(lines), inside, strict=False):
        divided = hyphens.before(line.text, following.text)
        if following.tabular and not line.tabular and _runs_on_to_row(line, following):
            yield f"{line.text} ", Place(page=page)
        elif line.tabular or following.tabular:
            yield f"{line.text}\n" if line.tabular and following.tabular else f"{line.text}\n\n", Place(page=page)
        elif (
            not is_inside
            and begins_paragraph(line, following)
            and not (divided is not None and not ends_sentence(line))
        ):
            yield f"{line.text}\n\n", Place(page=page)
        elif divided is not None:
            yield divided, Place(page=page)
        else:
            pair = line.text[-1:] + following.text[:1]
            is_within_word = stored and not line.spaced and _WITHIN_WORD.fullmatch(pair) is not None
            joined = is_unspaced(pair) or is_within_word or _OPEN_END.search(line.text)
            yield line.text + ("" if joined else " "), Place(page=page)
    if lines:
        yield lines[-1][0].text, Place(page=lines[-1][1])


def _stores_spaces(lines: Sequence[Line]) -> bool:
    """Return True if a text in Korean stores a space behind each line that ends a word, as some of its lines do."""
    ends = [line.spaced for line, below in pairwise(lines) if _HANGUL.fullmatch(line.text[-1:] + below.text[:1])]
    return sum(ends) >= max(_FEWEST_SPACED, _SPACED * len(ends))


def _runs_on_to_row(line: Line, following: Line) -> bool:
    """Return True if a row ends an entry of a table of contents that begins on the line above."""
    is_near = not _is_elsewhere(line, following) and not _is_apart(line, following)
    return is_near and following.text[:1].islower() and _ENTRY_END.search(following.text) is not None


def _inside_brackets(lines: Sequence[Line]) -> list[bool]:
    """Return for each line whether brackets that open at the beginning of a line go on after it.

    Records of debates set interjections so, over some lines that are centred.
    """
    inside: list[bool] = []
    depth = count = 0
    for line in lines:
        if line.text.startswith("("):
            depth = count = 0
        if depth or line.text.startswith("("):
            depth += line.text.count("(") - line.text.count(")")
            count += 1
        depth = depth if depth > 0 and count < _LONGEST_BRACKETS else 0
        inside.append(depth > 0)
    return inside


# ── what the lines of a page are ─────────────────────────────────────────────────────────────────


def _with_roles(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page with their roles: small ones at the end of a column are footnotes."""
    sizes = sorted(line.size for line in lines for _ in line.text)
    usual = sizes[len(sizes) * 3 // 4] if sizes else 0.0  # most of a page may be footnotes
    found: list[Line] = []
    for column in _split(lines, _is_elsewhere):
        start = len(column)
        while start and column[start - 1].size < _NOTE_SIZE * usual and not column[start - 1].tabular:
            start -= 1
        if start and ends_sentence(column[start - 1]):  # what cuts no sentence is a footnote only with its mark
            while start < len(column) and not _NOTE_MARK.match(column[start].text):
                start += 1
        is_below = 0 < start < len(column) and column[start].top > column[start - 1].bottom
        found += [
            replace(
                line,
                is_note=line.is_aside or (is_below and number >= start),
                is_heading=line.size > _HEADING_SIZE * usual,
            )
            for number, line in enumerate(column)
        ]
    return _with_small_print_below(found, _NOTE_SIZE * usual)


def _with_interruptions(lines: list[Line]) -> list[Line]:
    """Return the lines of all pages with captions and quotations that stand within a sentence as footnotes.

    They are of another size than the lines above and below, of which the first ends no sentence and the second goes on.
    """
    blocks = list(_split(lines, _is_other_block))
    found = blocks[0] if blocks else []
    for number, block in enumerate(blocks[1:], 1):
        inside = number + 1 < len(blocks) and _interrupts(blocks[number - 1][-1], block, blocks[number + 1][0])
        found += [replace(line, is_note=True) for line in block] if inside else block
    return found


def _with_headings_in_other_fonts(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of all pages with the numbered ones marked that have another font than those above and below."""
    around = zip(lines, lines[1:], lines[2:], strict=False)
    alone = [
        above.font == below.font != line.font and not line.tabular and _is_numbered_heading(line, below)
        for above, line, below in around
    ]
    return [replace(line, stands_alone=is_alone) for line, is_alone in zip(lines, [False, *alone, False], strict=False)]


def _is_numbered_heading(line: Line, below: Line) -> bool:
    """Return True if a line begins with a number, and neither it nor the line below goes on in lower case."""
    number = _NUMBERED.match(line.text)
    return number is not None and not line.text[number.end() :][:1].islower() and not below.text[:1].islower()


def _interrupts(above: Line, block: Sequence[Line], below: Line) -> bool:
    """Return True if lines stand between two of one sentence."""
    if len(block) > _LONGEST_INTERRUPTION or any(line.tabular or line.is_note for line in (above, *block, below)):
        return False
    goes_on = _is_long(above) and not ends_sentence(above) and below.text[:1].islower()
    return goes_on and not _is_other_size(above, below) and not block[0].text[:1].islower()


def _is_other_block(above: Line, below: Line) -> bool:
    return _is_other_size(above, below) or all(above.bold) != all(below.bold)


def _is_other_size(line: Line, other: Line) -> bool:
    return abs(line.size - other.size) > _SAME_SIZE * max(line.size, other.size)


def _with_small_print_below(lines: list[Line], small: float) -> list[Line]:
    """Return the lines of a page with the small ones below all columns as footnotes."""
    start = len(lines)
    while start and lines[start - 1].size < small and not lines[start - 1].tabular:
        start -= 1
    above, below = lines[:start], lines[start:]
    if not above or not below or below[0].column == above[-1].column or below[0].top < max(a.bottom for a in above):
        return lines
    return [*above, *(replace(line, is_note=True) for line in below)]


def _with_room(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with the room that each leaves beside the widest line that no gap sets apart from it."""
    found: list[Line] = []
    for block in _split(lines, lambda line, below: _is_elsewhere(line, below) or _is_apart(line, below)):
        widest = max(line.width for line in block)
        column = block[0].column[1] - block[0].column[0]
        ragged = sum(line.width < (1 - _FULL) * widest for line in block)
        is_narrow = len(block) <= _FEW_LINES and widest < _NARROW * column and not block[0].is_heading
        if ragged >= len(block) / 2 > 1 or is_narrow or len(block) == 1:  # no line of an address is full
            widest = max(widest, column)
        found += [replace(line, room=max(0.0, widest - line.width - line.taken)) for line in block]
    return found


def _split(lines: Sequence[Line], divides: Callable[[Line, Line], bool]) -> Iterator[list[Line]]:
    """Yield the runs of lines that nothing divides."""
    run: list[Line] = []
    for line in lines:
        if run and divides(run[-1], line):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _with_notes_behind(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    """Return the lines with footnotes behind the paragraph that they interrupt."""
    ordered: list[NumberedLine] = []
    notes: list[NumberedLine] = []
    last: Line | None = None
    for line, page in lines:
        if line.is_note:
            notes.append((line, page))
            continue
        if notes and (last is None or line.tabular or begins_paragraph(last, line)):
            ordered += notes
            notes = []
        ordered.append((line, page))
        last = line
    return ordered + notes


def begins_paragraph(line: Line, following: Line) -> bool:
    """Return True if a paragraph ends between two lines that follow each other in reading order."""
    return (
        line.stands_alone
        or following.stands_alone
        or _begins_item(line, following)
        or (_runs_over(line, following) if _is_elsewhere(line, following) else _begins_below(line, following))
    )


def _begins_item(line: Line, following: Line) -> bool:
    """Return True if an item of a list begins."""
    if _SYMBOL.match(following.text):
        return True
    is_hanging = line.column == following.column and line.left - following.left > _HANGING * line.size
    return _BULLET.match(following.text) is not None and (
        is_hanging or ends_sentence(line) or _BULLET.match(line.text) is not None
    )


def _is_elsewhere(line: Line, following: Line) -> bool:
    """Return True if a line is in another column, or on another page."""
    return following.column != line.column or following.top < line.top


def _runs_over(line: Line, following: Line) -> bool:
    """Return True if a paragraph begins at the top of a column or page."""
    if _differ_in_size(line, following) or ends_sentence(line) or line.is_note != following.is_note:
        return True
    if following.top - line.bottom > line.size and not following.text[:1].islower():  # columns below other columns
        return True
    return _CAPTION.match(following.text) is not None or _was_ended(line, following, _SHORT)


def _begins_below(line: Line, following: Line) -> bool:
    """Return True if a paragraph begins at the line below."""
    if _differ_in_size(line, following) or line.is_note != following.is_note:
        return True
    if _is_apart(line, following):
        return ends_sentence(line) or not following.text[:1].islower() or not _is_long(line)
    if all(line.bold) and not following.bold[0] and not following.text[:1].islower():
        return True
    if ends_sentence(line):
        is_indented = following.left - line.left > 0.8 * line.size and (
            following.left > line.column[0] + 0.5 * line.size
        )
        is_bold_below = all(following.bold) and not line.bold[1]
        return is_indented or is_bold_below or (_is_short(line) and line.room > _word(following))
    return _was_ended(line, following, _FULL)


def _differ_in_size(line: Line, following: Line) -> bool:
    if abs(line.size - following.size) <= _SIZE * max(line.size, following.size):
        return False
    last, first = line.ends[1], following.ends[0]
    return line.is_heading or following.is_heading or abs(last - first) > _SIZE * max(last, first)


def _is_apart(line: Line, below: Line) -> bool:
    """Return True if a gap sets two lines apart."""
    near = _HEADING_STEP * line.size if line.is_heading and below.is_heading else 0.0
    return line.leading > 0 and below.middle - line.middle > max(_STEP * line.leading, near)


def _is_long(line: Line) -> bool:
    return line.width > _LONG * (line.column[1] - line.column[0])


def _is_short(line: Line) -> bool:
    return line.room > _SHORT * (line.width + line.room)


def _was_ended(line: Line, following: Line, share: float) -> bool:
    """Return True if a line ends though the next word would have found room, wherever the text is aligned."""
    room = _word(following) + share * (line.width + line.room)
    return line.room > room and not following.text[:1].islower()


def _word(line: Line) -> float:
    """Return the width of the first word of a line, with a space."""
    return line.width / max(len(line.text), 1) * (len(line.text.split(" ", 1)[0]) + 1)
