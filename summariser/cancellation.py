"""A flag that ends asking for somebody who no longer wants the answer."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError


class Cancellation:
    """A flag for any number of threads; once it is set, `check` and `sleep` raise CancelledError.

    CancelledError is that of `concurrent.futures`: it says nothing about a document or a provider, and no handler of
    ModelError takes it for a failure.
    """

    def __init__(self) -> None:
        self._set = threading.Event()
        self._lock = threading.Lock()
        self._calls: list[Callable[[], None]] = []

    def set(self) -> None:
        """Cancel, and make the calls that were registered; setting it twice is harmless."""
        self._set.set()
        with self._lock:
            calls, self._calls = self._calls, []
        for call in calls:
            call()

    def when_set(self, call: Callable[[], None]) -> None:
        """Register a call for when this is set; it is made now where this is set already."""
        with self._lock:
            if not self._set.is_set():
                self._calls.append(call)
                return
        call()

    def check(self) -> None:
        """Raise CancelledError where this is set."""
        if self._set.is_set():
            raise CancelledError

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds. Raises CancelledError as soon as this is set."""
        self._set.wait(seconds)
        self.check()
