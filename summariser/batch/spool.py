"""Hold objects in a temporary file instead of in memory."""

import pickle
import tempfile
import threading
from collections import deque
from typing import IO, Generic, TypeVar

_T = TypeVar("_T")
_IN_MEMORY = 2**22  # bytes held in memory before a file is used


class Spool(Generic[_T]):
    """Objects in a temporary file, found by their position. Several threads may use it."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()

    def put(self, value: _T) -> int:
        """Write an object, and return its position."""
        with self._lock:
            self._file = self._file or tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed by close()
            place = self._file.seek(0, 2)
            pickle.dump(value, self._file)
            return place

    def get(self, place: int) -> _T:
        """Return the object at a position."""
        with self._lock:
            assert self._file is not None  # noqa: S101  # a position exists only after put()
            self._file.seek(place)
            value: _T = pickle.load(self._file)  # noqa: S301  # written by put()
            return value

    def close(self) -> None:
        """Delete all objects."""
        if self._file is not None:
            self._file.close()


class Queue(Generic[_T]):
    """A first-in, first-out queue of objects in a temporary file."""

    def __init__(self) -> None:
        self._spool: Spool[_T] = Spool()
        self._places: deque[int] = deque()

    def __len__(self) -> int:
        return len(self._places)

    def put(self, value: _T) -> None:
        """Add an object at the end."""
        self._places.append(self._spool.put(value))

    def take(self) -> _T:
        """Remove the first object and return it."""
        return self._spool.get(self._places.popleft())

    def close(self) -> None:
        """Delete all objects."""
        self._places.clear()
        self._spool.close()
