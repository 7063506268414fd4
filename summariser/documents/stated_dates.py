"""Complete dates in a line, in words or digits, also those of the calendars of Japan, Taiwan and Thailand."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from summariser.text import date_order, month_names

_YEARS = range(1500, 2100)  # of a day of publication; other numbers are clocks and amounts
_ERAS = {
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    "R": 2018,
    "民國": 1911,
    "民国": 1911,
}  # the year before the first one
_LAST_YEARS = {"平成": 31, "昭和": 64}
_OF_TAIWAN = 1911  # likewise, of years with three digits
_BUDDHIST, _FIRST_BUDDHIST = 543, 2443  # years that the calendar of Thailand is ahead
_HAN_DIGITS = "〇零一二三四五六七八九"
_HAN_UNITS = {"十": 10, "百": 100}
_OTHER_DIGITS = re.compile(r"(?![0-9])\d")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a line: its place, and the day, or None if day and month may be exchanged."""

    start: int
    end: int
    text: str
    day: date | None
    compact: bool = False  # eight digits, which may be any number


def dates_in(line: str, language: str | None, order: str | None = None) -> Iterator[Dated]:
    """Yield the complete dates of a line in order.

    Args:
        line: The line.
        language: The language, for names of months.
        order: The order of day and month in digits, "DMY" or "MDY"; None if it is that of the language.
    """
    digits = _OTHER_DIGITS.sub(lambda digit: str(unicodedata.decimal(digit[0])), line)
    found = sorted(
        (match for pattern in _dates(language) for match in pattern.finditer(digits)), key=lambda match: match.start()
    )
    after = 0
    for match in found:
        if match.start() < after:
            continue
        if days := _days(match, language, order) - {None}:
            after = match.end()
            day = days.pop() if len(days) == 1 else None
            yield Dated(match.start(), after, line[match.start() : after], day, match.re is _COMPACT)


def in_digits(text: str) -> Iterator[tuple[int, int]]:
    """Yield the two numbers before the year of dates in digits, of which one is the day and one the month."""
    yield from ((int(found["one"]), int(found["two"])) for found in _IN_DIGITS.finditer(text))


def has_day(text: str, day: date, language: str | None) -> bool:
    """Return True if a text has a day and month, with or without a year."""
    names = "|".join(re.escape(name) for name, number in month_names(language).items() if number == day.month)
    number, month = rf"(?<!\d)0?{day.day}(?!\d)", rf"(?<!\d)0?{day.month}(?!\d)"
    named = rf"{number}\s?(?:st|nd|rd|th|er|\.|°|º|ª)?(?:\s(?:de|of|del))?\s?(?:{names})|(?:{names})\.?\s{number}"
    digits = rf"{number}[./-]\s?{month}|{month}[./-]{number}|{month}\s?[月월]\s?{number}"
    return re.search(rf"{named}|{digits}", text, re.IGNORECASE) is not None


def _days(match: re.Match[str], language: str | None, order: str | None) -> set[date | None]:
    """Return the days that a date may mean; None among them stands for what is no day."""
    parts = match.groupdict()
    year = _year(parts["y"], parts.get("era") or "", language)
    if parts.get("one"):
        return _in_either_order(int(parts["one"]), int(parts["two"]), year, order or date_order(language))
    month = parts["m"].casefold().replace("i\u0307", "i")  # HAZİRAN
    months = month_names(language)
    return {_day(year, months[month] if month in months else _number(month), _number(parts["d"]))}


def _year(digits: str, era: str, language: str | None) -> int:
    """Return the year of the common era; 0 if the era had no such year."""
    year = 1 if digits == "元" else _number(digits)
    if era:
        return _ERAS[era] + year if year <= _LAST_YEARS.get(era, year) else 0
    if len(digits) == len("114"):
        return _OF_TAIWAN + year
    return year - _BUDDHIST if language == "th" and year >= _FIRST_BUDDHIST else year


def _number(digits: str) -> int:
    """Return the number that digits are, also Chinese ones: 二〇二五, 十四, 二十, 一百一十四."""
    if digits[0] not in _HAN_DIGITS and digits[0] not in _HAN_UNITS:
        return int(digits)
    if _HAN_UNITS.keys().isdisjoint(digits):
        return int("".join(str(_han_digit(digit)) for digit in digits))
    total, held = 0, 0
    for digit in digits:
        if digit in _HAN_UNITS:
            total, held = total + (held or 1) * _HAN_UNITS[digit], 0
        else:
            held = _han_digit(digit)
    return total + held


def _han_digit(digit: str) -> int:
    return max(_HAN_DIGITS.index(digit) - 1, 0)


def _in_either_order(one: int, two: int, year: int, order: str | None) -> set[date | None]:
    """Return the days that two numbers and a year may mean."""
    day_first, month_first = _day(year, two, one), _day(year, one, two)
    return {day_first} if order == "DMY" and day_first else {month_first} if order == "MDY" and month_first else {
        day_first, month_first
    }  # fmt: skip


def _day(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


_NO_CLOCK = r"(?!\d|\s?(?:hours|hrs|h|Uhr|GMT|UTC|[ECMP][SD]T)\b)"  # 14 March 1830 hours has no year
_IN_DIGITS = re.compile(r"(?<![\d/-])(?P<one>\d{1,2})(?P<mark>[/-])(?P<two>\d{1,2})(?P=mark)(?P<y>[12]\d{3})(?![\d/-])")
_COMPACT = re.compile(r"(?<![\w.,/+-])(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![\w/-])")
_HAN = rf"[{_HAN_DIGITS}{''.join(_HAN_UNITS)}]"
_NUMERIC = (
    re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d/])(?P<y>[12]\d{3})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/])"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>[12]\d{3})(?!\d)"),
    re.compile(r"(?<![\d.])(?P<y>[12]\d{3})\.\s?(?P<m>\d{1,2})\.\s?(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日號號일]"),
    re.compile(rf"(?P<y>[{_HAN_DIGITS}]{{4}})年(?P<m>{_HAN}{{1,3}})月(?P<d>{_HAN}{{1,3}})[日号號]"),
    re.compile(
        rf"(?:中[華华])?(?P<era>令和|平成|昭和|民國|民国)\s?(?P<y>\d{{1,3}}|元|{_HAN}{{1,6}})\s?年\s?(?P<m>\d{{1,2}}|{_HAN}{{1,3}})\s?月\s?"
        rf"(?P<d>\d{{1,2}}|{_HAN}{{1,3}})\s?日"
    ),
    re.compile(r"(?<![\d第])(?P<y>1[0-2]\d)\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日"),  # of Taiwan
    re.compile(r"(?<!\w)(?P<d>\d{1,2})\stháng\s(?P<m>\d{1,2})(?:,?\snăm|,)?\s(?P<y>[12]\d{3})(?!\d)", re.I),
    _COMPACT,
    _IN_DIGITS,
)
_OF_JAPAN = re.compile(r"(?<![\w.])(?P<era>R)(?P<y>\d{1,2})[.．](?P<m>\d{1,2})[.．](?P<d>\d{1,2})(?![\d.])")


@cache
def _dates(language: str | None) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of dates: with the groups y, m and d, or y, one and two if day and month may be exchanged."""
    names = sorted(month_names(language), key=len, reverse=True)
    month = rf"(?P<m>{'|'.join(map(re.escape, names))})"
    of = r"(?:\s(?:de|of|del|do|di))?"
    return (
        *_NUMERIC[:-1],
        re.compile(
            rf"(?<!\w)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|°|º|ª|-го)?{of}\s?{month}(?!\w)\.?(?:\s?[/(]\w+\)?)?[,،]?"
            rf"(?:\s(?:de|of|del))?\s?(?:พ\.\s?ศ\.|ค\.\s?ศ\.)?\s?(?P<y>[12]\d{{3}}){_NO_CLOCK}",
            re.I,
        ),
        re.compile(rf"(?<!\w)(?P<d>\d{{1,2}})-{month}-(?P<y>[12]\d{{3}})(?!\d)", re.I),
        re.compile(rf"(?<!\w){month}(?!\w)\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}}){_NO_CLOCK}", re.I),
        re.compile(rf"(?<![\w.])(?P<y>[12]\d{{3}})(?:\.|,| m\.) {month}(?!\w)\.? (?P<d>\d{{1,2}})(?! ?[\d%:h])", re.I),
        *((_OF_JAPAN,) if language == "ja" else ()),
        _NUMERIC[-1],
    )
