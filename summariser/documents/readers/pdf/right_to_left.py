"""The lines of a PDF's page whose script runs from right to left: characters by their places, whatever their order."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from typing import Literal

from summariser.documents.readers.pdf.characters import RIGHT_TO_LEFT, Character, Seen

_GAP_IN_WORD = 0.17  # of the size
_MARK_BEFORE_LETTER = re.compile("\\s([\u064b-\u065f\u0670])([\u0621-\u064a])")
_SPACE_BEFORE_STOP = re.compile(r" (?=[.,:;!?،؛؟](?:\s|$))")
_TO_RIGHT = re.compile(  # in text from the right
    r"%?(?:\d+(?:[.,:/]\d+)*(?:[-−](?!.))?|[A-Za-z\u00c0-\u024f][\w.&’'-]*(?<=\w))"
)


def right_to_left_lines(seen: Seen) -> Iterator[list[list[Character]]]:
    """Yield the lines of a right-to-left page as words in the order of reading."""
    lines: list[list[list[Character]]] = []
    for word in sorted(_words(seen), key=_height):
        near = 0.8 * (word[0].bottom - word[0].top)
        if lines and abs(_height(lines[-1][0]) - _height(word)) < near:
            lines[-1].append(word)
        else:
            lines.append([word])
    for words in lines:
        parts = [part for word in words for part in _parts(word)]
        yield [_in_reading_order(word) for word in _in_order(_with_marks(sorted(parts, key=_distance)))]


def _words(seen: Seen) -> Iterator[list[Character]]:
    """Yield the words of a page in the order in which it stores them."""
    word: list[Character] = []
    for number, each in enumerate(seen.characters):
        if word and (number in seen.breaks or each.character.isspace() or not _is_level(word[-1], each)):
            yield word
            word = []
        if not each.character.isspace():
            word.append(each)
    if word:
        yield word


def _is_level(last: Character, each: Character) -> bool:
    return abs(last.top + last.bottom - each.top - each.bottom) < last.bottom - last.top


def _height(word: Sequence[Character]) -> float:
    return word[0].top + word[0].bottom


def _is_mirrored(word: Sequence[Character]) -> bool:
    """Return True if the letters of a word are in the order from left to right; lengths are from the right edge."""
    pairs = [
        (a.left + a.right, b.left + b.right)
        for a, b in pairwise(word)
        if RIGHT_TO_LEFT.match(a.character) and RIGHT_TO_LEFT.match(b.character)
    ]
    falling = sum(first > second for first, second in pairs)
    return falling > sum(first < second for first, second in pairs)


def _parts(word: Sequence[Character]) -> Iterator[list[Character]]:
    """Yield the characters of a word from the right; a gap divides it, as marks are stored with words beside theirs."""
    by_place = sorted(word[::-1] if _is_mirrored(word) else word, key=lambda each: each.left + each.right)
    start = 0
    for number, (last, each) in enumerate(pairwise(by_place), 1):
        is_mark = not (last.character.isalnum() and each.character.isalnum())
        if is_mark and each.left - last.right > _GAP_IN_WORD * (each.bottom - each.top):
            yield _with_runs_to_right(by_place[start:number])
            start = number
    yield _with_runs_to_right(by_place[start:])


def _with_runs_to_right(part: Sequence[Character]) -> list[Character]:
    """Return characters from the right with numbers and letters of other scripts in the order from the left."""
    text = "".join(each.character[0] for each in part)
    ordered = list(part)
    for run in _TO_RIGHT.finditer(text):
        ordered[run.start() : run.end()] = ordered[run.start() : run.end()][::-1]
    return ordered


def _with_marks(parts: Sequence[list[Character]]) -> list[list[Character]]:
    """Return the words of a line, sorted from the right, with the marks that stand directly beside them."""
    words: list[list[Character]] = []
    for part in parts:
        near = _GAP_IN_WORD * (part[0].bottom - part[0].top)
        beside = bool(words) and min(e.left for e in part) - max(e.right for e in words[-1]) < near
        if beside and (_is_mark(part) or _is_mark(words[-1])):
            words[-1] = words[-1] + part
        else:
            words.append(part)
    return words


def _is_mark(part: Sequence[Character]) -> bool:
    return not any(each.character.isalnum() for each in part)


def _in_order(words: Sequence[list[Character]]) -> list[list[Character]]:
    """Return the words of a line, sorted from the right, in the direction of most of its letters.

    Those of other scripts that stand together keep the order from the left, and numbers that in which they are stored.
    """
    letters = [each.character for word in words for each in word if each.character.isalpha()]
    to_left = 2 * sum(map(bool, map(RIGHT_TO_LEFT.match, letters))) >= len(letters)
    ordered: list[list[Character]] = []
    for kind, group in groupby(words if to_left else words[::-1], key=_kind):
        run = list(group)
        if kind == "number":
            ordered += sorted(run, key=lambda word: min(each.position for each in word))
        else:
            ordered += run[::-1] if (kind == "to right") == to_left else run
    return ordered


def _distance(word: Sequence[Character]) -> float:
    """Return how far the middle of a word is from the right edge."""
    return min(each.left for each in word) + max(each.right for each in word)


def _kind(word: Sequence[Character]) -> Literal["to left", "to right", "number"]:
    """Return the direction of a word, or "number"."""
    characters = [each.character for each in word]
    if any(map(RIGHT_TO_LEFT.match, characters)):
        return "to left"
    return "to right" if any(map(str.isalpha, characters)) or not any(map(str.isdecimal, characters)) else "number"


def _in_reading_order(word: list[Character]) -> list[Character]:
    """Return a word whose ligatures are in the order of reading; pdfium turns the letters of each around."""
    ordered: list[Character] = []
    for each in word:
        at = len(ordered)
        while at and ordered[at - 1][1:5] == each[1:5] and RIGHT_TO_LEFT.match(each.character):
            at -= 1
        ordered.insert(at, each)
    return ordered


def right_to_left_text(words: Sequence[Sequence[Character]]) -> str:
    """Return the text of words, with marks behind their letters and brackets that open before they close."""
    text = " ".join("".join(each.character for each in word) for word in words)
    text = _SPACE_BEFORE_STOP.sub("", text)
    text = _MARK_BEFORE_LETTER.sub(r"\2\1", text)
    for pair in ("()", "[]", "«»"):
        text = _with_paired(text, pair)
    return text


def _with_paired(text: str, pair: str) -> str:
    """Return a text whose brackets open before they close; pdfium turns some of them around."""
    places = [number for number, character in enumerate(text) if character in pair]
    depths = list(accumulate(1 if text[number] == pair[0] else -1 for number in places))
    if len(places) % 2 or not places or (min(depths) >= 0 and depths[-1] == 0):
        return text
    turned = list(text)
    for count, number in enumerate(places):
        turned[number] = pair[count % 2]
    return "".join(turned)
