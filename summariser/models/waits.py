"""How long a server asks the client to wait: in a header, in a field of an error, or in its words."""

import email.utils
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

_LONGEST_WAIT = 1e8  # seconds
_MILLISECONDS = 1e11  # a number above it counts milliseconds since the epoch
_LONGEST_WORDS = 4000  # characters
_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_UNIT = r"(?P<unit>ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z])"
_PART = re.compile(rf"(?P<number>\d+(?:\.\d+)?)\s*{_UNIT}", re.I)
_DURATION = rf"(?:{_PART.pattern.replace('?P<number>', '?:').replace('?P<unit>', '?:')}(?:,?\s*(?:and\s+)?))+"
_WHOLE = re.compile(_DURATION, re.I)
_IN_WORDS = re.compile(
    rf"\b(?:try(?:ing)? again|retry(?:ing)?|wait|available)\b[^.;\d]{{0,40}}?\b(?P<words>{_DURATION})"
    rf"|\bretry_?delay\W{{1,4}}(?P<field>{_DURATION})",
    re.I,
)
_FIELDS = frozenset(
    "retrydelay retry_delay retry_after retryafter retry-after retry_after_seconds x-ratelimit-reset".split()
)


def retry_after(
    headers: Mapping[str, str],
    objects: Iterable[Mapping[str, Any]] = (),
    words: str = "",
    *,
    now: float | None = None,
) -> float | None:
    """Return the seconds that the server asks the client to wait, or None.

    Args:
        headers: The headers of the response; Retry-After is a number or an HTTP date (RFC 9110, section 10.2.3). Some
            servers give milliseconds in Retry-After-Ms, a duration such as 1m30s, or seconds or milliseconds since the
            epoch.
        objects: The objects of an error's body, one of which may have a field for it, as `google.rpc.RetryInfo` has.
        words: The words of the error, such as "Please try again in 7m12.48s."
        now: The time in seconds since the epoch; None means the current time.
    """
    now = time.time() if now is None else now
    asked = _in_headers(headers, now)
    if asked is None:
        asked = next(_in_fields(objects, now), None)
    return _in_words(words) if asked is None else asked


def _in_headers(headers: Mapping[str, str], now: float) -> float | None:
    exact = (headers.get("retry-after-ms") or "").strip()
    try:
        return _bounded(float(exact) / 1000, now)
    except ValueError:
        return _read((headers.get("retry-after") or "").strip(), now)


def _in_fields(objects: Iterable[Mapping[str, Any]], now: float) -> Iterator[float]:
    """Yield the waits that fields of an error name, also those of its details."""
    for each in objects:
        details = each.get("details")
        parts = (
            [each, *(part for part in details if isinstance(part, Mapping))] if isinstance(details, list) else [each]
        )
        for part in parts:
            for value in (part[name] for name in part if name.casefold() in _FIELDS):
                asked = _read(str(value).strip(), now) if isinstance(value, str | float | int) else None
                if asked is not None:
                    yield asked


def _in_words(words: str) -> float | None:
    found = _IN_WORDS.search(words[:_LONGEST_WORDS])
    return _seconds(found["words"] or found["field"]) if found else None


def _read(value: str, now: float) -> float | None:
    """Return the seconds of a number, a duration or an HTTP date; None if a value is none of them."""
    try:
        return _bounded(float(value), now)
    except ValueError:
        pass
    if _WHOLE.fullmatch(value):
        return _seconds(value)
    try:
        until = email.utils.parsedate_to_datetime(value)
        at = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, at.timestamp() - now)
    except (TypeError, ValueError, OverflowError):
        return None


def _seconds(duration: str) -> float:
    parts = _PART.finditer(duration)
    return min(_LONGEST_WAIT, sum(float(each["number"]) * _UNITS[_short(each["unit"].casefold())] for each in parts))


def _short(unit: str) -> str:
    return "ms" if unit.startswith(("ms", "milli")) else unit[0]


def _bounded(seconds: float, now: float) -> float | None:
    """Return seconds that may count from the epoch; None if they have no end."""
    seconds /= 1000 if _MILLISECONDS < seconds < float("inf") else 1
    seconds -= now if seconds > _LONGEST_WAIT else 0.0
    return None if seconds == float("inf") else min(max(0.0, seconds), _LONGEST_WAIT)
