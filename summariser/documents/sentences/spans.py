"""The sentences of a text: what a library finds, with what the text shows for certain about their ends."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from unicodedata import east_asian_width

from summariser.documents.sentences.ends import ends_within, runs_on
from summariser.documents.speakers.turns import Turn

_BULLET = re.compile(r"\s*(?:[-*•–—‣▪◦]|\d{1,2}[.)]|[a-z]\))\s+")
_LABEL = re.compile(r"\s*\((?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\)\s+")
_NUMBER_OF_NOTE = re.compile(r"([⁰¹²³⁴-⁹]+(?:, ?[⁰¹²³⁴-⁹]+)*)\s*")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")
_WIDEST_WRAPPED_LINE = 100
_LONGEST_STRETCH = 5_000  # characters; the library that finds sentences needs time by the square of some texts' length


def _width(line: str) -> int:
    """Return the width of a line in columns; characters of Chinese, Japanese and Korean take two."""
    return len(line) if line.isascii() else len(line) + sum(east_asian_width(character) in "WF" for character in line)


def sentence_spans(text: str, language: str, turns: Sequence[Turn]) -> Iterator[tuple[int, int, int]]:
    """Yield the start, end and paragraph of every sentence, without surrounding white space.

    Args:
        text: The text.
        language: The language of the text.
        turns: The turns of a transcript; a sentence ends before them, and none ends within their labels.
    """
    starts = [turn.start for turn in turns]
    all_starts = frozenset(starts)
    widest = max(map(_width, text.split("\n")))
    wrapped_at = widest if widest <= _WIDEST_WRAPPED_LINE else None
    for paragraph, match in enumerate(_PARAGRAPH.finditer(text), 1):
        for offset, block in _blocks(match, wrapped_at, all_starts):
            behind = offset + len(block)
            cuts = starts[bisect_right(starts, offset) : bisect_left(starts, behind)]
            for start, end in pairwise((offset, *cuts, behind)):
                turn = bisect_right(starts, start)
                spoken = min(turns[turn - 1].spoken, end) if turn else 0
                for first, last in _sentences_between(text, start, end, language, spoken):
                    yield first, last, paragraph


def _sentences_between(text: str, start: int, end: int, language: str, spoken: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of the sentences between two offsets; in a transcript a sentence has more than marks.

    Args:
        text: The text.
        start: The first offset.
        end: The last offset.
        language: The language of the text.
        spoken: The offset after the speaker's label, before which no sentence ends if possible; 0 if there is none.
    """
    held: tuple[int, int] | None = None
    label = _LABEL.match(text, start, end)
    begins = label.end() if label else start  # behind a bracket at the beginning, no sentence would end
    for begin, behind in _found_between(text, begins, end, language):
        words = text[begin:behind]
        if not words.strip():
            continue
        last = begin + len(words.rstrip())
        first = last - len(words.strip())
        if label:
            first, label = start + len(label[0]) - len(label[0].lstrip()), None
        elif held and (number := _NUMBER_OF_NOTE.match(text, first, last)):
            held, first = (held[0], number.end(1)), number.end()
            if first == last:
                continue
        if held and (
            held[1] < spoken or (spoken and not any(map(str.isalnum, words))) or runs_on(text, held, first, language)
        ):
            held = held[0], last
            continue
        if held:
            yield held
        held = first, last
    if held:
        yield held


def _found_between(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of what the library takes for sentences, which sees one stretch of the text at a time.

    A stretch begins with the last sentence of the stretch before, which may have been cut. A sentence that is longer
    than a stretch is cut after a space.

    Args:
        text: The text.
        start: The first offset.
        end: The last offset.
        language: The language of the text.
    """
    from sentencex import get_sentence_boundaries

    while start < end:
        stretch = text[start : min(end, start + _LONGEST_STRETCH)]
        found = [
            (start + each["start_index"], start + each["end_index"])
            for each in get_sentence_boundaries(language, stretch)
            if not each["is_paragraph_break"]
        ]
        first, start = start, start + len(stretch)
        if start < end and len(found) > 1:
            start = found.pop()[0]
        elif start < end:
            start = first + (stretch.rstrip().rfind(" ") + 1 or len(stretch))
            found = [(first, start)]
        for begin, behind in found:
            yield from pairwise((begin, *ends_within(text, begin, behind, language), behind))


def _blocks(paragraph: re.Match[str], wrapped_at: int | None, turns: frozenset[int]) -> Iterator[tuple[int, str]]:
    """Yield the blocks of a paragraph with their offsets; a block is a list item, a heading or a run of wrapped lines.

    If lines are hard-wrapped (`wrapped_at` is their width), a block ends only before a bullet or the label of a speaker
    or after a line that is much shorter than the width. Otherwise every line is a block.
    """
    start = position = paragraph.start()
    lines = paragraph.group().split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        position += len(line) + 1
        short = wrapped_at is None or _width(line) < 0.6 * wrapped_at
        labelled = position + len(following) - len(following.lstrip()) in turns
        if position > paragraph.end() or short or labelled or _BULLET.match(following):
            yield start, paragraph.string[start : position - 1]
            start = position
