"""The dateline and the day of publication of a report."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice, pairwise
from typing import Literal, NamedTuple

from summariser.text import date_order, lexicon, month_names, state_named, states_in, tokenize, weekday_names

_LONGEST_LINE = 14  # words of a line that gives the day of publication
_LONGEST_NAME = 8  # words of a place or a paper before a date
_LONGEST_AFTER = 4  # words after a date that is a line by itself
_LONGEST_ISSUE = 9  # likewise, if they begin with the number of an issue
_TOP, _BOTTOM = 8, 4  # lines in which the day of publication may stand
_MOST_BEFORE_PUBLISHED = 2  # words before "published": first published, article published
_YEARS = range(1500, 2100)  # of a day of publication; other numbers are clocks and amounts
_SHORT_WORD, _MOST_SHORT = 4, 4  # letters and number of the words beside a date: "on", "um", "the"
_CELLS = " | "
_PER_WORD = 3  # characters of a script without spaces that count as a word

Role = Literal["published", "dated", "updated"]
_ROLES: tuple[Role, ...] = ("published", "dated", "updated")  # the best first


class Published(NamedTuple):
    """What a text says of its day of publication.

    Attributes:
        day: The day, or None.
        unclear: A date line in digits that may be either of two days; "" if there is none or if the day is known.
    """

    day: date | None
    unclear: str = ""


def dateline(text: str) -> str | None:
    """Return the place at the beginning of a report ("SEOUL, South Korea – …"), unchanged, or None."""
    match = _dateline().match(text)
    return match["place"].strip() if match else None


def dateline_end(text: str) -> int:
    """Return the offset at which a sentence continues after its dateline; 0 if it has no dateline."""
    match = _dateline().match(text)
    return match.end() if match else 0


def find_date(text: str, language: str | None = None) -> date | None:
    """Return the first complete date (day, month and year) in a text, or None.

    Args:
        text: The text.
        language: The language of the text, for names of months; English, French, German and Spanish are always known.
    """
    return next((found.day for found in _dates_in(text, language) if found.day), None)


def gives_update(line: str) -> bool:
    """Return True if a line has words for a change of a text, "last modified on", and none for its publication."""
    return _updated().search(line) is not None and _published().search(line) is None


def is_date_line(line: str, language: str | None) -> bool:
    """Return True if a line has a date and nothing else but a time, a weekday and words such as "published on"."""
    dates = list(_dates_in(line, language))
    if not dates:
        return False
    rest = line
    for dated in reversed(dates):
        rest = f"{rest[: dated.start]} | {rest[dated.end :]}"
    rest = _ANY_CLOCK.sub(" ", _published().sub(" ", _updated().sub(" ", rest)))
    words = [word for word in re.findall(r"[^\W_]+", rest.casefold()) if word not in weekday_names(language)]
    return all(len(word) < _SHORT_WORD for word in words) and len(words) < _MOST_SHORT


def publication_date(text: str, sentences: Sequence[str], language: str | None) -> Published:
    """Return the day of publication from a line near the beginning or end of a report that gives a date.

    A day after "published" counts before other date lines, and these before a day after "updated".

    Args:
        text: The whole text.
        sentences: The sentences of the text.
        language: The language of the text.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    rows = _rows(lines)
    lines = [line for line in lines if line not in rows]
    edges = lines if len(lines) <= _TOP + _BOTTOM else [*lines[:_TOP], *lines[-_BOTTOM:]]
    order = _order(text, language)
    found = [
        (_ROLES.index(role), dated)
        for line in dict.fromkeys((*edges, *sentences[:6], *sentences[-3:]))
        if line not in rows
        for dated in islice(_dates_in(line, language, order), 3)
        if (role := _role(line, dated, language)) is not None
    ]
    clear = [(role, dated.day) for role, dated in found if dated.day]
    if clear:
        return Published(min(clear, key=lambda each: each[0])[1])
    return Published(None, found[0][1].text if found else "")


def _rows(lines: Sequence[str]) -> set[str]:
    """Return the rows of tables: lines with cells beside others with cells."""
    pairs = [pair for pair in pairwise(lines) if all(_CELLS in line for line in pair)]
    return {line for pair in pairs for line in pair}


# ── dates ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date in a line: its place, and the day, or None if day and month may be exchanged."""

    start: int
    end: int
    text: str
    day: date | None


def _dates_in(line: str, language: str | None, order: str | None = None) -> Iterator[_Dated]:
    """Yield the complete dates of a line in order."""
    months = month_names(language)
    found = sorted(
        (match for pattern in _dates(language) for match in pattern.finditer(line)), key=lambda match: match.start()
    )
    after = 0
    for match in found:
        if match.start() < after:
            continue
        parts = match.groupdict()
        year = _number(parts["y"]) + (2018 if parts.get("era") else 0)  # Reiwa 1 is 2019
        if parts.get("one"):
            days = _in_either_order(int(parts["one"]), int(parts["two"]), year, order or date_order(language))
        else:
            month = parts["m"].casefold().replace("i\u0307", "i")  # HAZİRAN
            days = {_day(year, months[month] if month in months else _number(month), _number(parts["d"]))}
        if days := days - {None}:
            after = match.end()
            yield _Dated(match.start(), match.end(), match.group(), days.pop() if len(days) == 1 else None)


def _number(digits: str) -> int:
    """Return the number that digits are, also Chinese ones: 二〇二五, 十四, 二十."""
    if digits[0] not in f"{_HAN_DIGITS}十":
        return int(digits)
    values = [max(_HAN_DIGITS.index(digit) - 1, 0) if digit != "十" else 10 for digit in digits]
    if 10 not in values:
        return int("".join(map(str, values)))
    ten = values.index(10)
    return 10 * (sum(values[:ten]) or 1) + sum(values[ten + 1 :])


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


def _order(text: str, language: str | None) -> str | None:
    """Return the order of dates in digits in a text: that of its other dates, its language or its place; or None."""
    pairs = [(int(found["one"]), int(found["two"])) for found in _IN_DIGITS.finditer(text)]
    shown = {"DMY" if one > 12 else "MDY" for one, two in pairs if (one > 12) != (two > 12)}
    if shown:
        return shown.pop() if len(shown) == 1 else None
    if known := date_order(language):
        return known if known != "YMD" else None
    place = next((found for line in text.split("\n")[:_TOP] if (found := dateline(line.strip()))), "")
    states = {code for code, *_ in states_in(tokenize(place.title()))} | {state_named(place.title().split(",")[0])}
    states -= {None}
    return None if not states else "MDY" if states == {"US"} else "DMY"


# ── the lines that give the day of publication ───────────────────────────────────────────────────


def _role(line: str, dated: _Dated, language: str | None) -> Role | None:
    """Return what the line says of the date: the day of publication, of a change, or of a date line; or None."""
    before, after = line[: dated.start], _TAIL.sub("", line[dated.end :], count=1).strip()
    if _RANGE.match(after):  # 7 June 2017 – 26 October 2022
        return None
    said = _SEGMENT.split(before)[-1]
    if _AHEAD.match(said.strip()):
        return None
    if _size(said) <= _LONGEST_NAME:
        updated, published = (_last(pattern, said) for pattern in (_updated(), _published()))
        if updated > published:
            return "updated" if _size(after) <= _LONGEST_AFTER else None
        if updated >= 0 or (published >= 0 and _size(said[:published]) <= _MOST_BEFORE_PUBLISHED):
            return "published"
    if _is_date_line(before, after, language) or dated.end <= dateline_end(line):
        return "dated"
    return None


def _last(pattern: re.Pattern[str], words: str) -> int:
    """Return where a pattern is found last in words; -1 if it is not found."""
    return max((found.start() for found in pattern.finditer(words)), default=-1)


def _is_date_line(before: str, after: str, language: str | None) -> bool:
    """Return True if a date is a line of its own, or stands with the name of a paper, a place or a record."""
    opens = _OPENS_REPORT.match(after) is not None
    short = _size(after) <= (_LONGEST_ISSUE if _ISSUE.match(after) else _LONGEST_AFTER) and not (
        after.endswith(".") and len(after) > 1
    )
    words = _without_weekday(before, language)
    if not words:
        return opens or short or _SEPARATES.match(after) is not None
    if opens:
        return _is_name(words, language) or (after[0] in "电電" and _size(words) <= _LONGEST_AFTER)
    ends = after in ("", ".") or _SEPARATES.match(after) or (short and after[0] == ",")
    if not ends or _size(words) > _LONGEST_LINE:
        return False
    if _SEPARATED.search(before) or _is_name(words, language):
        return True
    clause = not lexicon.words("auxiliaries", "en").isdisjoint(words.casefold().split())
    return _record().search(words) is not None and after != "." and not clause


def _is_name(before: str, language: str | None) -> bool:
    """Return True if the words before a date are a name and a comma: "The Evening Globe,", "By Ana Belmar,"."""
    words = _BYLINE.sub("", before).replace(",", " ").split()
    ends = before.rstrip()[-1:]
    if not words or len(words) > _LONGEST_NAME or ends not in (*",،，、(", "." if len(words) == 1 else ","):
        return False
    small = lexicon.function_words(language) - lexicon.words("determiners")
    particles = lexicon.words("name_particles", "any")
    named = [word for word in words if word.casefold() not in particles]
    return all(word[0].upper() == word[0] and word.casefold() not in small for word in named)


def _without_weekday(before: str, language: str | None) -> str:
    """Return the words before a date without a weekday, a preposition or an article beside it, and without marks."""
    words = _SMALL.sub("", before.strip(_MARKS))
    names = {*weekday_names(language), *_WEEKDAYS_IN_SHORT}
    parts = [part for part in _AFTER_SPACE.split(words) if part.strip(" ,،.").casefold() not in names]
    return _SMALL.sub("", "".join(parts).strip(_MARKS))


def _size(words: str) -> int:
    """Return the number of words; in a script without spaces some characters count as a word."""
    without_spaces = len(_WITHOUT_SPACES.findall(words))
    return len(_WITHOUT_SPACES.sub(" ", words).split()) + -(-without_spaces // _PER_WORD)


_MARKS = " \t#*>_|•·-–—:([（［【\u200f"
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_AFTER_SPACE = re.compile(r"(?<=[\s,،])")
_SEGMENT = re.compile(r"[|•·;]|(?<=\w{3})\.\s|[。／]|\s[–—-]\s")
_SEPARATES = re.compile(r"[|•·;/]")
_SEPARATED = re.compile(r"[|•·]\s*$")
_RANGE = re.compile(r"[—–-]\s*(?:\d{1,2}\W|[12]\d{3}\b)")
_ISSUE = re.compile(r"№|(?:vol|no|nr|nº|n°|ano|año|anno|année|jahrgang|edição|edición|edition|ausgabe|issue)\b", re.I)
_OPENS_REPORT = re.compile(r"(?:\.\s?)?(?:[—–]|--?(?=\s))|:\s|[电電]")
_SMALL = re.compile(r"(?:^|(?<=[\s,،]))(?:le|les|den|der|am|a|el|il|lo|día|on|the|lì|of|du|vom|dated|от)[\s,]*$", re.I)
_WEEKDAYS_IN_SHORT = ("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun")  # beside a date
_AHEAD = re.compile(  # of an occasion, or of a day from or until which something holds
    r"(?:next|upcoming|future|(?:start|end|due|effective|closing|opening|expiry|event|birth) date"
    r"|date of (?:the )?(?:event|birth|expiry|effect|meeting|hearing|election)"
    r"|nächste[rns]?|kommende[rns]?|prochaine?s?|próxim[oa]s?|prossim[oaie])\b",
    re.I,
)
_BYLINE = re.compile(r"^\s*(?:by|par|von|por|da|di|de|от)\s+", re.I)
_CLOCK = (
    r"(?:at|à|a las|um|alle(?: ore)?|às|в|,|-|–|\|)?\s*\d{1,2}\s?[:h.時时]\s?\d{2}分?(?::\d{2})?"
    r"\s?(?:[ap]\.?m\.?)?\s?(?:Uhr|[A-Z]{2,4}|h)?"
)
_ANY_CLOCK = re.compile(rf"{_CLOCK}(?!\w)")
_TAIL = re.compile(
    rf"^(?:T\d[\d:.+Z-]*)?(?:\s?(?:г\.|р\.|r\.|року|года))?(?:\s?,?\s?{_CLOCK}(?!\w))?(?:\s*\([^()\n]{{1,40}}\))?[)\]）］】*_\s]*"
)


# ── patterns ─────────────────────────────────────────────────────────────────────────────────────


@cache
def _dateline() -> re.Pattern[str]:
    """Return the pattern of a dateline: a place in capitals, perhaps a state, a day and an agency, and a dash."""
    month = rf"(?:{lexicon.alternatives('months', 'en')}|{lexicon.alternatives('month_abbreviations', 'en')})\b"
    capital = r"[^\W\d_a-zà-ÿ]"
    state = rf"(?:, (?!(?i:{month}))[A-Z][\w.]*(?: [A-Z][\w.]*)*)?"
    return re.compile(
        rf"(?P<place>{capital}(?:{capital}|[.'’ -]+(?={capital})){{2,}}{state})"
        r"(?:,? \(?[\w ./]{1,30}\)?){0,2} ?(?:—|–|--| -) "
    )


_NO_CLOCK = r"(?!\d|\s?(?:hours|hrs|h|Uhr|GMT|UTC|[ECMP][SD]T)\b)"  # 14 March 1830 hours has no year
_IN_DIGITS = re.compile(r"(?<![\d/-])(?P<one>\d{1,2})(?P<mark>[/-])(?P<two>\d{1,2})(?P=mark)(?P<y>[12]\d{3})(?![\d/-])")
_HAN_DIGITS = "〇零一二三四五六七八九"
_NUMERIC = (
    re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d/])(?P<y>[12]\d{3})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/])"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>[12]\d{3})(?!\d)"),
    re.compile(r"(?<![\d.])(?P<y>[12]\d{3})\.\s?(?P<m>\d{1,2})\.\s?(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日号號일]"),
    re.compile(
        rf"(?P<y>[{_HAN_DIGITS}]{{4}})年(?P<m>[{_HAN_DIGITS}十]{{1,3}})月(?P<d>[{_HAN_DIGITS}十]{{1,3}})[日号號]"
    ),
    re.compile(r"(?P<era>令和)(?P<y>\d{1,2})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"),
    _IN_DIGITS,
)


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
            rf"(?:\s(?:de|of|del))?\s?(?P<y>[12]\d{{3}}|[١-٢]\d{{3}}|[१-२]\d{{3}}){_NO_CLOCK}",
            re.I,
        ),
        re.compile(rf"(?<!\w)(?P<d>\d{{1,2}})-{month}-(?P<y>[12]\d{{3}})(?!\d)", re.I),
        re.compile(rf"(?<!\w){month}(?!\w)\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}}){_NO_CLOCK}", re.I),
        _NUMERIC[-1],
    )


@cache
def _published() -> re.Pattern[str]:
    return _words_of("publication_words")


@cache
def _updated() -> re.Pattern[str]:
    return _words_of("update_words")


@cache
def _record() -> re.Pattern[str]:
    return _words_of("record_nouns")


def _words_of(name: str) -> re.Pattern[str]:
    """Return a pattern of the entries of a list; in a script without spaces they need no space beside them."""
    return re.compile(rf"(?<![^\W\d_])(?:{lexicon.alternatives(name)})(?![^\W\d_\u3040-\u9fff])", re.I)
