"""How many requests may be under way: more while answers come, fewer when the server says that it is too much."""

import sys
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

from summariser.batch.budget import Budget
from summariser.concurrency import Monitor, TaskMonitor, ThreadMonitor
from summariser.errors import TransientError
from summariser.models import Usage, count_tokens

if TYPE_CHECKING:
    from summariser.models.exchange import Completion

_TOO_MUCH = frozenset({408, 429, 503, 529, None})  # None: no answer in time
_SETTLING = 1.0  # seconds after a step back in which further complaints are about the same


class Throttle:
    """The rate limiter of all workers that share a provider; what passes is counted into the `budget`.

    At most `most` requests are under way: half as many each time that the server says so by 429, 503 or silence, one
    more again for each round of answers. When it asks to wait, all wait. At most so many requests a minute, where
    given; of tokens, read and written, so many that after each answer all wait until it is paid off. `clock` stands
    for time. Once it is closed nobody passes any more: whoever would, or waits by its `sleep`, gets a CancelledError
    (of `concurrent.futures`, which no handler of ModelError takes for a failure).

    A thread that works on a document holds the `turn`, and gives it up while waiting for an answer: since the
    interpreter runs one thread at a time, those that send and receive would else be held up by those that read and
    check. In an event loop one task runs at a time anyway.
    """

    def __init__(  # noqa: PLR0913  # what it is to keep to
        self,
        *,
        most: int,
        budget: Budget,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        in_event_loop: bool = False,
    ) -> None:
        self._most, self.limit, self._active = most, float(most), 0
        self._budget = budget
        self._seconds_a_request = 60 / requests_per_minute if requests_per_minute else 0.0
        self._seconds_a_token = 60 / tokens_per_minute if tokens_per_minute else 0.0
        self._clock = clock
        self._closed = False
        self.turn = threading.Semaphore(sys.maxsize if in_event_loop else 1)
        monitor = TaskMonitor if in_event_loop else ThreadMonitor
        self._may: Monitor = monitor()
        self._asleep: Monitor = monitor()
        self._not_before = self._next_request = self._next_token = self._settled = 0.0

    async def pass_through(self, attempt: "Callable[[], Awaitable[Completion]]") -> "Completion":
        """Return what the attempt gives, made as soon as it may be; a thread at work lets another work meanwhile."""
        self.turn.release()
        try:
            return await self._in_its_slot(attempt)
        finally:
            self.turn.acquire()

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds. Raises CancelledError as soon as this is closed."""
        until = time.monotonic() + seconds
        with self._asleep:
            while not self._closed and (left := until - time.monotonic()) > 0:
                await self._asleep.wait(left)
        self._require_open()

    def close(self) -> None:
        """Let no further attempt begin; those under way are finished."""
        self._closed = True
        for monitor in (self._may, self._asleep):
            with monitor:
                monitor.notify_all()

    def _require_open(self) -> None:
        if self._closed:
            raise CancelledError

    async def _in_its_slot(self, attempt: "Callable[[], Awaitable[Completion]]") -> "Completion":
        await self._enter()
        cost = Usage(requests=1)
        try:
            answer = await attempt()
            count_tokens(getattr(answer, "usage", None), cost)
        except TransientError as error:
            self._back_off(error)
            raise
        finally:
            self._budget.add(cost)
            self._leave(cost)
        self._go_on()
        return answer

    async def _enter(self) -> None:
        with self._may:
            self._require_open()
            while (seconds := self._seconds_to_wait()) != 0:
                await self._may.wait(seconds)
                self._require_open()
            self._active += 1
            self._next_request = max(self._clock(), self._next_request) + self._seconds_a_request

    def _seconds_to_wait(self) -> float | None:
        """Return how long to wait before looking again: 0 where one may go, None until another leaves."""
        if self._active >= max(1, int(self.limit)):
            return None
        return max(max(self._not_before, self._next_request, self._next_token) - self._clock(), 0.0)

    def _leave(self, cost: Usage) -> None:
        with self._may:
            self._active -= 1
            tokens = cost.input_tokens + cost.output_tokens
            self._next_token = max(self._clock(), self._next_token) + tokens * self._seconds_a_token
            self._may.notify()

    def _back_off(self, error: TransientError) -> None:
        if error.status not in _TOO_MUCH:
            return
        with self._may:
            now = self._clock()
            self._not_before = max(self._not_before, now + (error.retry_after or 0.0))
            if now >= self._settled:
                self.limit = max(1.0, self.limit / 2)
                self._settled = max(now + _SETTLING, self._not_before)

    def _go_on(self) -> None:
        with self._may:
            if self.limit < self._most:
                self.limit = min(float(self._most), self.limit + 1 / self.limit)
                self._may.notify()
