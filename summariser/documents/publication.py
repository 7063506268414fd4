"""The dateline and the date of publication of a report."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from summariser.text import lexicon

_LONGEST_DATE_LINE = 5  # words of a line that is only a date
_LONGEST_PUBLISHED_LINE = 12  # words of a line that gives the date of publication


def dateline(text: str) -> str | None:
    """Return the place at the beginning of a report ("SEOUL, South Korea – …"), unchanged, or None."""
    match = _dateline().match(text)
    return match["place"].strip() if match else None


def dateline_end(text: str) -> int:
    """Return the offset at which a sentence continues after its dateline; 0 if it has no dateline."""
    match = _dateline().match(text)
    return match.end() if match else 0


def find_date(text: str) -> date | None:
    """Return the first complete date (day, month and year) in a text, or None."""
    for pattern in _dates():
        for match in pattern.finditer(text):
            month = match["m"].lower()
            try:
                return date(int(match["y"]), int(month if month.isdigit() else _months()[month]), int(match["d"]))
            except ValueError:
                continue
    return None


def publication_date(sentences: Sequence[str]) -> date | None:
    """Return the day of publication from a line near the beginning or end that mainly gives a date, or None."""
    for sentence in (*sentences[:6], *sentences[-3:]):
        day = find_date(sentence)
        if day is None:
            continue
        words = len(sentence.split())
        alone = words <= _LONGEST_DATE_LINE
        if alone or (words <= _LONGEST_PUBLISHED_LINE and _published().search(sentence)):
            return day
        if find_date(sentence[: dateline_end(sentence)]):
            return day
    return None


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


@cache
def _months() -> dict[str, str]:
    return lexicon.values("months") | lexicon.values("month_abbreviations")


@cache
def _dates() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of dates, with the groups y, m and d."""
    month = f"(?P<m>{lexicon.alternatives('months')}|{lexicon.alternatives('month_abbreviations')})"
    return (
        re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b"),
        re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?: de)? {month}\.?,?(?: de)? (?P<y>\d{{4}})\b", re.I),
        re.compile(rf"\b{month}\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})\b", re.I),
    )


@cache
def _published() -> re.Pattern[str]:
    return lexicon.pattern("publication_words")
