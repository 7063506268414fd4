"""Resolve deadlines to dates, if the words and the date of publication determine one."""

import calendar
import re
from datetime import date, datetime, timedelta

from summariser.documents import Document, find_date
from summariser.text import lexicon

_MONTHS = f"{lexicon.alternatives('months')}|{lexicon.alternatives('month_abbreviations')}"
_DAY_OF_MONTH = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th|er|\.)?(?: (?:of|de))? (?:{_MONTHS})\b"
    rf"|(?:{_MONTHS})\b\.? \d{{1,2}}(?:st|nd|rd|th)?\b)",
    re.I,
)
_WEEKDAY = lexicon.pattern("weekdays")
_TOMORROW = re.compile(r"\b(?:tomorrow|demain|mañana|morgen)\b", re.I)
_END_OF = re.compile(rf"\bend of (?P<month>{_MONTHS})\b\.?(?:,? (?P<year>\d{{4}}))?|\bend of (?P<only>\d{{4}})\b", re.I)
_UNSURE = lexicon.pattern("vague_dates", "en")
_LATEST = 366  # maximum number of days after publication for a day without a year


def resolve(words: str, document: Document) -> date | None:
    """Return the date of a deadline, or None if its words do not determine one.

    A day without a year is the next such day after publication, a weekday the one within a week of it, the end of a
    month or year its last day. Spans ("within 90 days") have no known start and are not resolved.

    Args:
        words: The deadline in the source's words.
        document: The source, for its day of publication and its language.
    """
    published = document.published
    if day := find_date(words):
        return day
    if end := _END_OF.search(words):
        return _end(end, published, document.language)
    if published is None or _UNSURE.search(words):
        return None
    if found := _DAY_OF_MONTH.search(words) or _TOMORROW.search(words):
        return _next(found.group(), published, document.language)
    found = _WEEKDAY.search(words)
    day = _next(found.group(), published, document.language) if found else None
    return day if day and day - published < timedelta(days=7) else None  # the same weekday may be either


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
    languages = [language] if language in ("en", "fr", "es", "de") else ["en"]
    found = dateparser.parse(words, languages=languages, settings=settings)
    if found is None:
        return None
    dated = re.search(r"\d{4}", words) is not None
    return found.date() if dated or found.date() - after <= timedelta(days=_LATEST) else None
