"""What an answer or an error of a provider means, decided in one place."""

import email.utils
import re
import time
from collections.abc import Mapping
from datetime import UTC
from urllib.parse import quote

from pydantic import ValidationError

from summariser.errors import (
    InvalidOutputError,
    ModelError,
    ProviderError,
    RefusedError,
    TransientError,
    TruncatedError,
)

_LONGEST_WAIT = 1e8  # seconds
_NUMBERS = re.compile(r"\d+")
_TRANSIENT_BELOW_500 = frozenset({408, 425, 429})  # request timeout, too early, too many requests


class AdaptedError(ProviderError):
    """The server did not take a part of the request; the transport leaves it out from now on, so ask again."""


class DeferredError(ModelError):
    """The answer is not there yet: the request goes out with others. Not a failure; the same is asked again later."""


def is_transient(error: BaseException) -> bool:
    """Return True if trying the same again can help."""
    return isinstance(error, TransientError)


def is_transient_status(status: int | None) -> bool:
    """Return True if an HTTP status says that trying the same again can help."""
    return status is not None and (status in _TRANSIENT_BELOW_500 or status >= 500)


def retry_after(headers: Mapping[str, str], *, now: float | None = None) -> float | None:
    """Seconds the server asks to wait, by Retry-After: a number or an HTTP date (RFC 9110, section 10.2.3)."""
    value = headers.get("retry-after") or ""
    try:
        seconds = float(value)
        return None if seconds == float("inf") else min(max(0.0, seconds), _LONGEST_WAIT)
    except ValueError:
        pass
    try:
        until = email.utils.parsedate_to_datetime(value)
        at = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, at.timestamp() - (time.time() if now is None else now))
    except (TypeError, ValueError, OverflowError):
        return None


def refused(words: str) -> RefusedError:
    """Return the error for a model that declines in its own words."""
    return RefusedError(f"The model refused to answer ({short(words)}); try another model or another text.")


def withheld() -> RefusedError:
    """Return the error for a filter that declines in the model's place."""
    return RefusedError("The provider's content filter withheld the answer; try another model.")


def cut_off() -> TruncatedError:
    """Return the error for an answer that ends at the output limit."""
    return TruncatedError("The model's answer was cut off at its limit; try a shorter text or another model.")


def broken_off() -> TruncatedError:
    """Return the error for an answer that ends in the middle though no limit was reached."""
    return TruncatedError("The model's answer ends in the middle; try again, or try another model.")


def going_round() -> TruncatedError:
    """Return the error for an answer that repeats itself: more room would only bring more of the same."""
    return TruncatedError(
        "The model's answer went round in circles and was cut off; try a shorter text or another model.", endless=True
    )


_ROUND = 240  # characters; what comes back that long, three times over, is no list of different items
_ROUNDS = 3


def goes_round(text: str) -> bool:
    """Return True if the end of a text has stood in it several times before, but for its numbers."""
    end = _NUMBERS.sub("0", text[-_ROUND:])
    return len(end) * _ROUNDS <= len(text) and _NUMBERS.sub("0", text).count(end) >= _ROUNDS


def reasoned_away() -> TruncatedError:
    """Return the error for an answer that never began, for reasoning took all the room there was."""
    return TruncatedError(
        "The model used up its output limit before it answered, most likely on reasoning; raise max_output_tokens or "
        "lower reasoning_effort."
    )


def misfit(error: ValidationError) -> InvalidOutputError:
    """Return the error for an answer that did not fit the schema."""
    return InvalidOutputError(
        f"The model's answer did not fit the schema ({first_misfit(error)}); try another model or prompt."
    )


def first_misfit(error: ValidationError) -> str:
    """Return what does not fit first, and where it stands."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the answer"
    return f"{short(where)}: {short(first['msg'])}"


def short(text: str, limit: int = 200) -> str:
    """Return a text on one line, without a full stop, short enough to stand within a sentence."""
    shown = "".join(each if each.isprintable() else " " for each in whole_characters(text))
    flat = " ".join(shown.split()).rstrip(".")
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def whole_characters(text: str) -> str:
    """Return a text in which each half of a surrogate pair, which cannot be encoded, is the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_SHORTEST_KEY = 8  # characters; a shorter one may be any word


def masked(text: str, *secrets: str | None) -> str:
    """Return a text without the secrets, wherever they stand; one of fewer than eight characters is not looked for."""
    for secret in secrets:
        if secret and len(secret) >= _SHORTEST_KEY:
            text = text.replace(secret, "…").replace(quote(secret, safe=""), "…")
    return text
