"""The characters of a PDF's page, where a reader sees them: turned upright, inside the page, as letters."""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from summariser.documents.readers.pdf.letters import UNKNOWN

_ABOVE, _BELOW = 0.9, 0.3  # of the font size; how far a character reaches above and below its baseline
_LIKELY = (
    0.25,
    20.0,
)  # of the height of a character's box; a font size outside is not used
_TIGHT = 2.0  # of the height of its box; a character of a larger size has a box of its own, around its shape
_UPRIGHT = 0.9  # the least cosine of the angle of upright characters
_SAMPLE = 400  # characters by which the direction of a page is told
_STACKED = 0.35  # of the size; characters of a vertical line stand nearer above each other
_OVERLAP = 0.5  # the share of the narrower box by which an accent stands over its letter
_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_IDEOGRAPH = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_ARROWS = {0xF0DF: "←", 0xF0E0: "→", 0xF0E7: "←", 0xF0E8: "→"}  # of a font of symbols, in a plane for private use
_ACCENTS = {
    "\u00a8": "\u0308",
    "\u00b4": "\u0301",
    "\u0060": "\u0300",
    "\u02c6": "\u0302",
    "\u005e": "\u0302",
    "\u02dc": "\u0303",
    "\u02c7": "\u030c",
    "\u02da": "\u030a",
    "\u02d9": "\u0307",
    "\u02dd": "\u030b",
    "\u00b8": "\u0327",
}
"""Accents that old TeX fonts draw over a letter as characters of their own, as combining characters."""


class Character(NamedTuple):
    """A character where it is seen; lengths are in points from the upper left corner, in the direction of reading."""

    character: str
    left: float
    top: float
    right: float
    bottom: float
    position: int


class Seen(NamedTuple):
    """The characters of a page as a reader sees them.

    Attributes:
        characters: The upright characters in the order in which the page stores them.
        height: The height of the page in the direction of reading.
        right_to_left: True if most letters are of a script that runs from right to left; their lengths are then from
            the upper right corner.
        breaks: The numbers of the characters before which pdfium sees the end of a line, for right-to-left text.
        turn: The quarter-turns clockwise that set the text upright.
    """

    characters: list[Character]
    height: float
    right_to_left: bool
    breaks: frozenset[int]
    turn: int


def characters_of(page: Any, textpage: Any) -> Seen:
    """Return the characters of a page; those outside the page, or not upright as most are, are left out.

    Args:
        page: A page of pypdfium2.
        textpage: Its textpage.
    """
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFText_CountChars(textpage.raw)
    turn = _turn(textpage.raw, count)
    view = _View(page.get_bbox(), turn)
    found, breaks = _characters(textpage.raw, count, view)
    if _is_vertical(found):
        view = _View(page.get_bbox(), 1)
        found = [_set_upright(each, view) for each in found]
    letters = [each.character for each in found if each.character.isalpha()]
    to_left = sum(RIGHT_TO_LEFT.match(letter) is not None for letter in letters) > 0.3 * len(letters)
    if to_left and letters:
        found = [each._replace(left=view.width - each.right, right=view.width - each.left) for each in found]
    else:
        found = _with_accents(found)
    return Seen(found, view.height, to_left and bool(letters), breaks, turn)


class _View:
    """How a page is seen when its text is turned upright.

    Args:
        box: The left, lower, right and upper edge of the page.
        turn: The quarter-turns clockwise that set the text upright.
    """

    def __init__(self, box: tuple[float, float, float, float], turn: int) -> None:
        self._box, self._turn = box, turn
        left, lower, right, upper = box
        self.width, self.height = (upper - lower, right - left) if turn % 2 else (right - left, upper - lower)

    def seen(self, left: float, lower: float, right: float, upper: float) -> tuple[float, float, float, float]:
        """Return the left, upper, right and lower edge of a box as distances from the left and the upper edge."""
        x1, y1, x2, y2 = self._box
        if self._turn == 0:
            return left - x1, y2 - upper, right - x1, y2 - lower
        if self._turn == 1:
            return lower - y1, left - x1, upper - y1, right - x1
        if self._turn == 2:
            return x2 - right, lower - y1, x2 - left, upper - y1
        return y2 - upper, x2 - right, y2 - lower, x2 - left


def _turn(textpage: Any, count: int) -> int:
    """Return the quarter-turns clockwise that set most of the text of a page upright."""
    import pypdfium2.raw as pdfium

    angles = (
        pdfium.FPDFText_GetCharAngle(textpage, index)
        for index in range(0, count, max(1, count // _SAMPLE))
        if pdfium.FPDFText_GetUnicode(textpage, index) > 32
    )
    turns = Counter(round(-angle / (math.pi / 2)) % 4 for angle in angles)
    return turns.most_common(1)[0][0] if turns else 0


def _characters(textpage: Any, count: int, view: _View) -> tuple[list[Character], frozenset[int]]:
    """Return the characters of a page, and the positions of the ends of its lines."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    at = ctypes.byref(box)
    fonts: dict[int, tuple[float, float]] = {}
    found: list[Character] = []
    breaks: set[int] = set()
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in (10, 13):
            breaks.add(len(found))
        if code in (0, 10, 13) or not pdfium.FPDFText_GetLooseCharBox(textpage, index, at):
            continue
        left, top, right, bottom = view.seen(box.left, box.bottom, box.right, box.top)
        if not (0 <= left + right <= 2 * view.width and 0 <= top + bottom <= 2 * view.height):
            continue
        height = int(100 * (bottom - top))
        size, descent = fonts.get(height) or _font(textpage, index, view, top, bottom)
        if size < _TIGHT * (bottom - top):
            fonts[height] = size, descent
        baseline = bottom - descent
        character = _character(code)
        found.append(Character(character, left, baseline - _ABOVE * size, right, baseline + _BELOW * size, index))
    return found, frozenset(breaks)


def _character(code: int) -> str:
    if code in (0x02, 0xFFFE):
        return "-"
    if code in _ARROWS:
        return _ARROWS[code]
    if code < 0x20 and code != 0x09:  # of a glyph without a letter
        return chr(UNKNOWN + code)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _font(textpage: Any, index: int, view: _View, top: float, bottom: float) -> tuple[float, float]:
    """Return the font size of a character, and how far its box reaches below its baseline.

    Fonts of one size have boxes of many heights; the font size says which lines belong together.
    """
    import pypdfium2.raw as pdfium

    height = bottom - top
    matrix = pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    if pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)) and pdfium.FPDFText_GetCharOrigin(
        textpage, index, ctypes.byref(x), ctypes.byref(y)
    ):
        size = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
        baseline = view.seen(x.value, y.value, x.value, y.value)[1]
        is_loose = size < _TIGHT * height and top <= baseline <= bottom
        is_tight = _TIGHT * height <= size < _LIKELY[1] * height and top - size < baseline < bottom + size
        if _LIKELY[0] * height < size and (is_loose or is_tight):
            return size, bottom - baseline
    return height / (_ABOVE + _BELOW), height * _BELOW / (_ABOVE + _BELOW)


def is_rotated(textpage: Any, first: Character, turn: int = 0) -> bool:
    """Return True if a character does not stand upright as most of its page do, as those of stamps in the margin."""
    import pypdfium2.raw as pdfium

    angle = pdfium.FPDFText_GetCharAngle(textpage.raw, first.position)
    return math.cos(angle + turn * math.pi / 2) < _UPRIGHT


# ── vertical lines ───────────────────────────────────────────────────────────────────────────────


def _is_vertical(characters: Sequence[Character]) -> bool:
    """Return True if the lines of a page run from top to bottom, as those of East Asian print may."""
    down = across = 0
    for above, below in pairwise(characters):
        if _IDEOGRAPH.match(above.character) and _IDEOGRAPH.match(below.character):
            size = above.bottom - above.top
            step, shift = below.top - above.top, below.left - above.left
            down += abs(shift) < _STACKED * size and 0 < step < 2 * size
            across += abs(step) < _STACKED * size and 0 < shift < 2 * size
    return down > across


def _set_upright(each: Character, view: _View) -> Character:
    """Return a character of a vertical line as if the line ran from left to right, the first line at the top."""
    size = each.bottom - each.top
    middle = view.height - (each.left + each.right) / 2
    return each._replace(left=each.top, right=each.bottom, top=middle - size / 2, bottom=middle + size / 2)


# ── accents ──────────────────────────────────────────────────────────────────────────────────────


def _with_accents(characters: Sequence[Character]) -> list[Character]:
    """Return the characters with accents that are drawn over a letter as part of the letter."""
    found: list[Character] = []
    for each in characters:
        if found and (letter := _accented(found[-1], each)):
            found[-1] = each._replace(
                character=letter, left=min(found[-1].left, each.left), right=max(found[-1].right, each.right)
            )
        else:
            found.append(each)
    return found


def _accented(accent: Character, letter: Character) -> str | None:
    """Return a letter with its accent, or None if the accent does not stand over it."""
    if accent.character not in _ACCENTS or not letter.character.isalpha():
        return None
    common = min(accent.right, letter.right) - max(accent.left, letter.left)
    if common < _OVERLAP * min(accent.right - accent.left, letter.right - letter.left):
        return None
    base = {"\u0131": "i", "\u0237": "j"}.get(letter.character, letter.character)
    whole = unicodedata.normalize("NFC", base + _ACCENTS[accent.character])
    return whole if len(whole) == 1 else None


# ── fonts ────────────────────────────────────────────────────────────────────────────────────────


def is_bold(textpage: Any, character: Character) -> bool:
    """Return True if the name of a character's font says that it is bold."""
    return _BOLD.search(font_name(textpage, character)) is not None


def font_name(textpage: Any, character: Character) -> bytes:
    """Return the name of a character's font."""
    import pypdfium2.raw as pdfium

    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(textpage.raw, character.position, name, 128, ctypes.byref(flags))
    return name.value
