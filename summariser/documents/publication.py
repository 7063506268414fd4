"""Where and when a report was published: its dateline and its date."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from summariser.text import lexicon

_DATELINE = re.compile(
    r"(?P<place>[^\W\d_a-zà-ÿ][^\W\d_a-zà-ÿ.'’ -]{2,}(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)*)?)"
    r"(?:,? \(?[\w ./]{1,30}\)?)? ?(?:—|–|--| -) "
)
_LONGEST_DATE_LINE = 5  # words of a line that is a date and nothing else
_LONGEST_PUBLISHED_LINE = 12  # words of a line that says when the text was published


def dateline(text: str) -> str | None:
    """Return the place in front of a report ("SEOUL, South Korea – …"), as it stands there, or None."""
    match = _DATELINE.match(text)
    return match["place"].strip() if match else None


def dateline_end(text: str) -> int:
    """Return the offset at which a sentence goes on after its dateline; 0 where it has none."""
    match = _DATELINE.match(text)
    return match.end() if match else 0


def find_date(text: str) -> date | None:
    """Return the first day that the text names in full (day, month and year), or None."""
    for pattern in _dates():
        for match in pattern.finditer(text):
            month = match["m"].lower()
            try:
                return date(int(match["y"]), int(month if month.isdigit() else _months()[month]), int(match["d"]))
            except ValueError:
                continue
    return None


def publication_date(sentences: Sequence[str]) -> date | None:
    """Return the day on which a text was published, where a line near its head or foot says nothing else."""
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
