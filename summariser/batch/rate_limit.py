"""Limit concurrent requests: more while requests succeed, fewer when the server is overloaded."""

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

_TOO_MUCH = frozenset({408, 429, 503, 529, None})  # None: a timeout
_SETTLING = 1.0  # seconds after a reduction during which further errors cause no other


class Throttle:
    """The rate limiter of all workers that share a provider. It adds the usage of each request to the budget.

    At most `most` requests are in progress. The limit is halved each time the server reports overload (408, 429, 503 or
    529) or does not answer in time, and grows by one for each round of successful requests. If the server asks for a
    delay, all workers wait. After each answer, all workers wait as long as `tokens_per_minute` requires.

    After `close`, `pass_through` and `sleep` raise `concurrent.futures.CancelledError`, which no handler of ModelError
    treats as a failed request.

    A thread holds `turn` while it works on a document and releases it while it waits for an answer. The interpreter
    runs one thread at a time, so threads that read and check documents would otherwise delay threads that send and
    receive. In an event loop only one task runs at a time anyway.

    Args:
        most: The maximum number of concurrent requests.
        budget: Counts the usage.
        requests_per_minute: The maximum number of requests per minute.
        tokens_per_minute: The maximum number of tokens per minute, input plus output.
        clock: Returns the time in seconds.
        in_event_loop: True for tasks of an event loop, False for threads.
    """

    def __init__(  # noqa: PLR0913  # its limits
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
        """Make an attempt as soon as the limits allow, and return its answer; another thread may work meanwhile.

        Raises:
            CancelledError: The rate limiter is closed.
        """
        self.turn.release()
        try:
            return await self._attempt_in_slot(attempt)
        finally:
            self.turn.acquire()

    async def sleep(self, seconds: float) -> None:
        """Wait for this number of seconds; another thread may work meanwhile.

        Raises:
            CancelledError: The rate limiter is closed, before or during the wait.
        """
        until = time.monotonic() + seconds
        self.turn.release()
        try:
            with self._asleep:
                while not self._closed and (left := until - time.monotonic()) > 0:
                    await self._asleep.wait(left)
        finally:
            self.turn.acquire()
        self._require_open()

    def close(self) -> None:
        """Allow no further attempt; attempts in progress are finished."""
        self._closed = True
        for monitor in (self._may, self._asleep):
            with monitor:
                monitor.notify_all()

    def _require_open(self) -> None:
        if self._closed:
            raise CancelledError

    async def _attempt_in_slot(self, attempt: "Callable[[], Awaitable[Completion]]") -> "Completion":
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
        self._raise_limit()
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
        """Return the seconds to wait: 0 if a request may start, None to wait until another request ends."""
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

    def _raise_limit(self) -> None:
        with self._may:
            if self.limit < self._most:
                self.limit = min(float(self._most), self.limit + 1 / self.limit)
                self._may.notify()
