"""The times of a commitment: its deadline, and whether its sentence is about the past."""

import re

from summariser.documents import Document
from summariser.extraction.rules.candidates import Candidate
from summariser.extraction.rules.syntax import Reading
from summariser.text import lexicon

_WEEKDAY = lexicon.alternatives("weekdays", "en")
_NOW = re.compile(rf"\b(?:today|now|tomorrow|yesterday|tonight|this (?:week|month|year)|(?i:{_WEEKDAY}))\b")
_THEN = re.compile(r"\b(?:last year|(?:years|decades|months) (?:ago|earlier))\b", re.I)
_BARE_DAY = re.compile(r"(?:on|in|next) (?:the )?(?:\w+day|spring|summer|autumn|winter|year|month|week|weekend)", re.I)
_MONTH = (
    rf"(?:(?:{lexicon.alternatives('months', 'en')})\b"
    rf"|(?:{lexicon.alternatives('month_abbreviations', 'en')})\b\.?)"
)
_BEFORE_TIME = (
    r"(?:by(?: the end of)?|before(?: the end of)?|until|no later than|within|from|starting|as of|"
    r"on|in|next|at the end of)"
)
_DATE = rf"(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? (?:of )?(?:\d{{4}}|next year))?"
_SPAN = (
    r"(?:first |next )?(?:\d+|two|three|four|five|six|seven|ten|twelve|ninety|thirty|hundred) "
    r"(?:hours|days|weeks|months|years)"
)
_NAMED_TIME = (
    rf"{_WEEKDAY}|\d{{4}}\b|Christmas|Easter|spring|summer|autumn|winter|"
    r"year|month|week|weekend|first hundred days"
)
_DEADLINE = re.compile(
    rf"\b{_BEFORE_TIME}\s+(?:the |its |his |her |their )?(?:{_DATE}|{_SPAN}|{_NAMED_TIME})"
    r"(?: \d{1,2} [A-Z][a-z]+| week)?",
    re.I,
)
_FUTURES = frozenset("will would shall won't wouldn't ll is are must ready".split())


def deadline_of(candidate: Candidate, action: str) -> str | None:
    """Return the deadline; a bare weekday beside a past verb is the day of the statement and not a deadline."""
    future = candidate.norm in _FUTURES
    found = (match.group() for match in _DEADLINE.finditer(action))
    return next((words for words in found if future or not _BARE_DAY.fullmatch(words)), None)


def is_about_the_past(reading: Reading, document: Document) -> bool:
    """Return True if the sentence is only about years before that of publication."""
    if _NOW.search(reading.text):
        return False
    if _THEN.search(reading.text):
        return True
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", reading.text)]
    return document.published is not None and bool(years) and max(years) < document.published.year
