"""Quantities in a text: numbers with their units and with what they count."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from summariser.text import lexicon
from summariser.text.numbers import SPELLED_SIGNS, unit_and_value, with_digits
from summariser.text.tokens import Token, is_content, stem, tokenize

_SCALE_IN_DIGITS = re.compile(r"(?<= )1(?:000){1,4}\b")
_SIGN = re.compile(r"(?<=\d) %")
_SIGN_OR_WORDS = rf"(?:{'|'.join(words for words, _ in SPELLED_SIGNS)}|\\s?%)"
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)s?")
_WORD = re.compile(r"\w[\w-]*")
_LONG_NUMBER = re.compile(r"(?<![\d.,])\d{5,}(?![\d.,])")
_DOZEN = re.compile(r"\b(?:(?P<half>half a)|a|the|one|another|(?P<count>\d{1,2})) dozen\b", re.I)


class Quantity(NamedTuple):
    """A number in a text.

    Attributes:
        value: Its value, a scale such as "million" multiplied in.
        unit: Its unit, such as "%"; empty if it has none.
        counts: The stem of the next noun, which it counts, or the month of a date; empty if there is none.
        words: The number with its unit or what it counts, spelled-out numbers in digits: "4 per cent".
    """

    value: float
    unit: str
    counts: str
    words: str


def quantities_in(text: str, language: str | None) -> list[Quantity]:
    """Return the quantities of a text in order.

    Args:
        text: The text.
        language: The ISO 639-1 code of its language.
    """
    digits = _without_dozens(with_digits(text, language)) if language == "en" else with_digits(text, language)
    tokens = tokenize(digits)
    found = []
    for place, token in enumerate(tokens):
        if (known := unit_and_value(tokens, place, language)) is None:
            continue
        value, unit, after = known
        counted = _counted(tokens, after, language)
        start = tokens[place - 1].start if place and tokens[place - 1].norm in lexicon.CURRENCIES else token.start
        end = tokens[counted].end if counted is not None else tokens[after - 1].end
        counts = stem(tokens[counted].norm, language) if counted is not None else ""
        found.append(Quantity(value, unit, counts, _as_written(digits[start:end], text, language)))
    return found


def _without_dozens(text: str) -> str:
    """Return a text with dozens in digits: "a dozen boats" as "12 boats", "half a dozen" as "6"."""
    return _DOZEN.sub(lambda match: "6" if match["half"] else str(12 * int(match["count"] or 1)), text)


def _as_written(words: str, text: str, language: str | None) -> str:
    """Return a number as the text has it, where `with_digits` changed its scale, sign or form: "30 1000000", "3rd".

    A long number that the text spells out has commas: "20,000,000 crowns".
    """
    if words in text:
        return words
    if _ORDINAL.fullmatch(words):
        return next((word for word in _WORD.findall(text) if with_digits(word, language) == words), words)
    if not _SCALE_IN_DIGITS.search(words) and not _SIGN.search(words):
        return _LONG_NUMBER.sub(lambda match: f"{int(match[0]):,}", words)
    pattern = _SCALE_IN_DIGITS.sub(r"[^\\W\\d]+", re.escape(words))
    written = re.search(pattern.replace(r"\ %", _SIGN_OR_WORDS), text)
    return written.group() if written else words


def _counted(tokens: Sequence[Token], place: int, language: str | None) -> int | None:
    """Return the place of the noun that a number before `place` counts: the first content word of at most three."""
    for at in range(place, min(place + 3, len(tokens))):
        if tokens[at].after_break or tokens[at].is_number or tokens[at].norm in lexicon.prepositions(language):
            return None
        if is_content(tokens[at], language):
            return at
    return None
