"""Commitments with a date as an iCalendar file (RFC 5545): an all-day event for each."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib.util import find_spec
from uuid import NAMESPACE_OID, uuid5

from summariser.errors import ConfigurationError
from summariser.extras import installing
from summariser.following.query import FollowedCommitment
from summariser.render import MARK_NAMES
from summariser.schema import MARK_OF
from summariser.text import normalise
from summariser.version import VERSION

_UNKNOWN_DAY = date(1970, 1, 1)


def require_calendar() -> None:
    """Raise ConfigurationError if the library for calendars is not installed."""
    if find_spec("icalendar") is None:
        raise ConfigurationError(f"A calendar needs icalendar; {installing('calendar')}.")


def to_calendar(commitments: Iterable[FollowedCommitment]) -> str:
    """Return commitments as the text of a calendar file, the same for the same commitments.

    Commitments whose deadline has no date are left out.

    Args:
        commitments: The commitments.

    Raises:
        ConfigurationError: The library for calendars is not installed.
    """
    require_calendar()
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", f"-//summariser//{VERSION}//EN")
    calendar.add("version", "2.0")
    for each in commitments:
        if each.deadline_date is None:
            continue
        event = Event()
        event.add("uid", str(uuid5(NAMESPACE_OID, "\n".join((each.text_sha256, each.item, each.action)))))
        event.add("dtstamp", datetime.combine(each.published or _UNKNOWN_DAY, time(), UTC))
        event.add("dtstart", each.deadline_date)
        event.add("dtend", each.deadline_date + timedelta(days=1))
        event.add("summary", normalise(f"{MARK_OF[each.verdict]} {', '.join(each.by) or '?'}: {each.action}"))
        event.add("description", normalise("\n".join(_description(each))))
        event.add("categories", [each.status])
        event.add("transp", "TRANSPARENT")  # a deadline makes nobody busy
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content.decode("utf-8")


def _description(each: FollowedCommitment) -> Iterator[str]:
    mark = MARK_OF[each.verdict]
    sentences = f", {'sentence' if len(each.sentences) == 1 else 'sentences'} {', '.join(map(str, each.sentences))}"
    yield f"Who: {', '.join(each.by) or '?'}"
    yield f"What: {each.action}"
    if each.to:
        yield f"To whom: {', '.join(each.to)}"
    yield f"Status: {each.status}"
    if each.condition:
        yield f"Condition: {each.condition}"
    yield f"Deadline: {each.deadline}"
    if each.said_by:
        yield f"Said by: {each.said_by}"
    yield f"Verdict: {mark} {MARK_NAMES[mark]}{f'. {each.reason}' if each.reason else ''}"
    if each.quotation:
        yield f"Quotation: {each.quotation}"
    yield f"Source: {each.source}{sentences if each.sentences else ''}, item {each.item}"
    if each.published:
        yield f"Published: {each.published.isoformat()}"
