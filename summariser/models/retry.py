"""The retry policy for transport errors: which are retried, how long, and how long it waits between attempts."""

import random
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from summariser import events
from summariser.concurrency import resolved
from summariser.errors import TransientError
from summariser.models import classification

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0  # seconds


def retrying(
    seconds: float,
    listener: events.Listener,
    *,
    sleep: Callable[[float], Awaitable[None] | None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> "AsyncRetrying":
    """Return the retry policy for transport errors: transient errors are retried for `seconds` in total."""
    from tenacity import AsyncRetrying, retry_if_exception

    started = clock()

    def out_of_time(state: "RetryCallState") -> bool:
        return clock() - started + state.upcoming_sleep >= seconds

    def announce(state: "RetryCallState") -> None:
        reason = str(state.outcome.exception()) if state.outcome else ""
        listener(events.Waiting(seconds=state.upcoming_sleep, reason=reason))

    async def slept(seconds: float) -> None:
        await resolved(sleep(seconds))

    return AsyncRetrying(
        retry=retry_if_exception(classification.is_transient),
        wait=_wait,
        stop=out_of_time,
        sleep=slept,
        before_sleep=announce,
        reraise=True,
    )


def _wait(state: "RetryCallState") -> float:
    """Return the seconds until the next attempt: exponential backoff with jitter, or what the server asks for."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, TransientError) else None
    longest = min(_FIRST_WAIT * 2 ** (state.attempt_number - 1), _LONGEST_WAIT)
    return max(asked or 0.0, random.uniform(longest / 2, longest))
