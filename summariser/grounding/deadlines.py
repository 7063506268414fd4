"""Resolve deadlines to dates, if the words and the date of publication determine one."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from summariser.documents import Document, find_date
from summariser.text import is_dated, lexicon, month_names, weekday_names

_TOMORROW = re.compile(r"\b(?:tomorrow|demain|mañana|morgen)\b", re.I)
_UNSURE = lexicon.pattern("vague_dates")
_ANY_DAY = date(2000, 1, 1)
_LATEST = 366  # maximum number of days after publication for a day without a year


def resolve(words: str, document: Document) -> date | None:
    """Return the date of a deadline, or None if its words do not determine one.

    A day without a year is the next such day after publication, a weekday the one within a week of it, the end of a
    month or year its last day. Spans ("within 90 days") have no known start and are not resolved.

    Args:
        words: The deadline in the source's words.
        document: The source, for its day of publication and its language.
    """
    published, language = document.published, document.language
    if day := find_date(words, language):
        return day
    if end := _end_of(language).search(words):
        return _end(end, published, language)
    if published is None or _UNSURE.search(words):
        return None
    if found := _day_of_month(language).search(words) or _TOMORROW.search(words):
        return _next(found.group(), published, language)
    found = _weekday(language).search(words)
    day = _next(found.group(), published, language) if found else None
    return day if day and day - published < timedelta(days=7) else None  # the same weekday may be either


def needs_publication(words: str, document: Document) -> bool:
    """Return True if the words of a deadline determine a date only together with the day of publication."""
    if document.published is not None or resolve(words, document) is not None:
        return False
    return resolve(words, replace(document, published=_ANY_DAY)) is not None


def _end(found: re.Match[str], published: date | None, language: str | None) -> date | None:
    """Return the last day of the month or year that was found."""
    if year := found["only"]:
        return date(int(year), 12, 31)
    if found["year"] is None and published is None:
        return None
    first = f"1 {found['month']} {found['year']}" if found["year"] else f"1 {found['month']}"
    start = published or date(int(found["year"]), 1, 1)
    base = start.replace(day=1) - timedelta(days=1)  # the month of publication ends after it
    day = _next(first, base, language)
    return day.replace(day=calendar.monthrange(day.year, day.month)[1]) if day else None


def _next(words: str, after: date, language: str | None) -> date | None:
    """Return the next day after another that the words name, or None."""
    import dateparser

    settings = {
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": datetime(after.year, after.month, after.day),
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    languages = [language] if language and is_dated(language) else ["en"]
    found = dateparser.parse(words, languages=languages, settings=settings)
    if found is None:
        return None
    dated = re.search(r"\d{4}", words) is not None
    return found.date() if dated or found.date() - after <= timedelta(days=_LATEST) else None


# ── patterns ─────────────────────────────────────────────────────────────────────────────────────


@cache
def _day_of_month(language: str | None) -> re.Pattern[str]:
    """Return the pattern of a day and a month: 30 June, June 30, 6月30日."""
    months = _alternatives(month_names(language))
    return re.compile(
        rf"(?<!\w)(?:\d{{1,2}}(?:st|nd|rd|th|er|\.|º|°)?(?: (?:of|de))? (?:{months})(?!\w)"
        rf"|(?:{months})(?!\w)\.? \d{{1,2}}(?:st|nd|rd|th)?\b)|\d{{1,2}}[月월]\s?\d{{1,2}}[日號号일]",
        re.I,
    )


@cache
def _end_of(language: str | None) -> re.Pattern[str]:
    """Return the pattern of the end of a month, perhaps with its year, or of a year."""
    months = _alternatives(month_names(language))
    return re.compile(rf"\bend of (?P<month>{months})\b\.?(?:,? (?P<year>\d{{4}}))?|\bend of (?P<only>\d{{4}})\b", re.I)


@cache
def _weekday(language: str | None) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_alternatives(weekday_names(language))})(?!\w)", re.I)


def _alternatives(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
