"""Numbers in a text, with their scales and units."""

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import numeric

from summariser.text import lexicon
from summariser.text.tokens import Token, tokenize

_SCALES_IN_DIGITS = {"1000": 1e3, "1000000": 1e6, "1000000000": 1e9, "1000000000000": 1e12}
_FACTORS = lexicon.SCALES | _SCALES_IN_DIGITS
_INDIAN = frozenset({"bn", "hi", "ta", "te", "ur"})  # languages of texts with 12,34,567
_GROUPED_BY_COMMAS = frozenset({None, "en", "ko", "ja", "zh", "th", "he", "ar", "fa", "ms", "sw", *_INDIAN})
_SMALLEST_SPELLED = 1.5  # "one" is more often a pronoun than a number
_SPELLED_NUMBERS = frozenset({"en", "fr", "es", "pt", "de", "it", "nl"})
SPELLED_SIGNS = ((" per cent", " %"), (" pour cent", " %"), (" por ciento", " %"), (" por cento", " %"))
"""Words for signs, each with the sign."""
_OTHER_SPELLED_SIGNS = {
    "it": ((" per cento", " %"),),
    "ar": ((" في المئة", " %"), (" في المائة", " %")),
    "ja": (("パーセント", "%"),),
    "th": (("เปอร์เซ็นต์", "%"),),
}
_FRACTION = re.compile(
    r"(?<![\d.,/])(?:(?:(?P<whole>\d{1,4})\s?)?(?P<sign>[¼½¾⅐-⅞])|(?P<of>\d{1,4}) 1/(?P<by>[234])(?![\d/]))"
)
_PERCENTAGE_POINTS = (["percentage", "points"], ["percentage", "point"])


def with_digits(text: str, language: str | None) -> str:
    """Return the text with its fractions and spelled-out numbers in digits, the latter in languages that are supported.

    Examples:
        >>> with_digits("4½ per cent", "en")
        '4.5 %'
    """
    text = _FRACTION.sub(lambda found: _decimal(found, language), text)
    for words, sign in _OTHER_SPELLED_SIGNS.get(language or "", ()):
        text = text.replace(words, sign)
    if language not in _SPELLED_NUMBERS:
        return text
    from text_to_num import alpha2digit

    for words, sign in SPELLED_SIGNS:
        text = text.replace(words, sign)
    return str(alpha2digit(text, language, _SMALLEST_SPELLED))


def _decimal(found: re.Match[str], language: str | None) -> str:
    """Return a number with a fraction as a decimal: "4½" as "4.5"."""
    part = numeric(found["sign"]) if found["sign"] else 1 / int(found["by"])
    point = "." if language in _GROUPED_BY_COMMAS else ","
    return f"{int(found['whole'] or found['of'] or 0) + part:.4g}".replace(".", point)


@lru_cache(maxsize=4096)
def is_number(word: str, language: str | None) -> bool:
    """Return True if a word is a number, in digits or spelled out."""
    return with_digits(word, language).isdecimal()


def numbers_in(text: str, language: str | None) -> frozenset[tuple[float, str]]:
    """Return all numbers of a text, in digits or spelled out, as (value, unit); the unit is "" for a bare number."""
    tokens = tokenize(with_digits(text, language))
    found = (unit_and_value(tokens, place, language) for place in range(len(tokens)))
    return frozenset((number[0], number[1]) for number in found if number is not None)


def unit_and_value(tokens: Sequence[Token], place: int, language: str | None) -> tuple[float, str, int] | None:
    """Return the value and the unit of the number at a place, and the place after its scale and unit.

    Args:
        tokens: The tokens of a text with all numbers in digits.
        place: The place of a token; None is returned if no number begins there.
        language: The ISO 639-1 code of the text's language.
    """
    token = tokens[place]
    if not token.is_number or (place and tokens[place - 1].is_number and token.norm in _SCALES_IN_DIGITS):
        return None
    value = _value(token.norm, language)
    following = [t.norm for t in tokens[place + 1 : place + 4]]
    unit = lexicon.CURRENCIES.get(tokens[place - 1].norm, "") if place else ""
    after = place + 1
    while following and following[0] in _FACTORS:
        value *= _FACTORS[following.pop(0)]
        after += 1
    if following and not unit:
        points = following[:2] in _PERCENTAGE_POINTS
        unit = "%-points" if points else lexicon.UNITS.get(following[0], "")
        after += 2 if points else bool(unit)
    return round(value, 6), unit, after


def _value(digits: str, language: str | None) -> float:
    """Return the value of digits; English and Asian texts group thousands by commas, others by points."""
    group, point = (",", ".") if language in _GROUPED_BY_COMMAS else (".", ",")
    if language in _INDIAN and re.fullmatch(r"\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d+)?", digits):
        digits = digits.replace(group, "")
    digits = digits.replace(",", ".")
    head, dot, tail = digits.rpartition(".")
    return float(head.replace(".", "") + dot + tail)
