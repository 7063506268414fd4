"""Classification of providers' answers and errors: the error that each of them means."""

import re
from urllib.parse import quote

from pydantic import ValidationError

from summariser.errors import (
    ModelError,
    ProviderError,
    RefusedError,
    TransientError,
    TruncatedError,
)

_NUMBERS = re.compile(r"\d+")
_TRANSIENT_BELOW_500 = frozenset({408, 425, 429, 498})  # timeout, too early, too many requests, no capacity (Groq)


class AdaptedError(ProviderError):
    """The server did not accept a part of the request; the transport has adapted, so call it again."""


class DeferredError(ModelError):
    """The answer is not available yet, because the request is sent in a batch. Ask again later; this is no failure."""


def is_transient(error: BaseException) -> bool:
    """Return True if the same call may succeed when it is repeated."""
    return isinstance(error, TransientError)


def is_transient_status(status: int | None) -> bool:
    """Return True if the same call may succeed when it is repeated, by its HTTP status."""
    return status is not None and (status in _TRANSIENT_BELOW_500 or status >= 500)


def refused(words: str) -> RefusedError:
    """Return the error for a refusal by the model, in the model's words."""
    return RefusedError(f"The model refused to answer ({short(words)}); try another model or another text.")


def withheld() -> RefusedError:
    """Return the error for an answer that a content filter withheld."""
    return RefusedError("The provider's content filter withheld the answer; try another model.")


def cut_off() -> TruncatedError:
    """Return the error for an answer that was cut off at the output limit."""
    return TruncatedError("The model's answer was cut off at its limit; try a shorter text or another model.")


def incomplete() -> TruncatedError:
    """Return the error for an answer that is incomplete although no limit was reached."""
    return TruncatedError("The model's answer ends in the middle; try again, or try another model.")


def repetitive() -> TruncatedError:
    """Return the error for an answer that repeats itself; a higher limit would not help."""
    return TruncatedError(
        "The model's answer went round in circles and was cut off; try a shorter text or another model.", endless=True
    )


_REPEATED_LENGTH = 240  # characters; a list of different items does not repeat so many, three times
_REPETITIONS = 3


def is_repetitive(text: str) -> bool:
    """Return True if the end of a text occurs in it several times; numbers are ignored."""
    end = _NUMBERS.sub("0", text[-_REPEATED_LENGTH:])
    return len(end) * _REPETITIONS <= len(text) and _NUMBERS.sub("0", text).count(end) >= _REPETITIONS


def only_reasoned() -> TruncatedError:
    """Return the error for an answer that did not begin, because reasoning used up the output limit."""
    return TruncatedError(
        "The model used up its output limit before it answered, most likely on reasoning; raise max_output_tokens or "
        "lower reasoning_effort."
    )


def first_problem(error: ValidationError) -> str:
    """Return the place and the message of the first problem of a validation."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the answer"
    return f"{short(where)}: {short(first['msg'])}"


def short(text: str, limit: int = 200) -> str:
    """Return a text on one line, without a full stop at its end, and at most `limit` characters long."""
    shown = "".join(each if each.isprintable() else " " for each in whole_characters(text))
    flat = " ".join(shown.split()).rstrip(".")
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def whole_characters(text: str) -> str:
    """Return a text with the replacement character for each unpaired surrogate, which cannot be encoded."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_SHORTEST_KEY = 8  # characters; a shorter one may be an ordinary word


def masked(text: str, *secrets: str | None) -> str:
    """Return a text in which "…" replaces each secret; a secret of fewer than eight characters is ignored."""
    for secret in secrets:
        if secret and len(secret) >= _SHORTEST_KEY:
            text = text.replace(secret, "…").replace(quote(secret, safe=""), "…")
    return text
