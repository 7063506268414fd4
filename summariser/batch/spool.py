"""Where things are put down that are not wanted yet: in a temporary file, out of memory."""

import pickle
import tempfile
import threading
from collections import deque
from typing import IO, Generic, TypeVar

_T = TypeVar("_T")
_IN_MEMORY = 2**22  # bytes until there is a file


class Spool(Generic[_T]):
    """Things by the place where they were put down. For any number of threads; nobody else ever sees the file."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()

    def put(self, thing: _T) -> int:
        """Put a thing down; its place."""
        with self._lock:
            self._file = self._file or tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # as long as the shelf
            place = self._file.seek(0, 2)
            pickle.dump(thing, self._file)
            return place

    def pick(self, place: int) -> _T:
        """Return the thing at a place."""
        with self._lock:
            assert self._file is not None  # noqa: S101  # since there is a place
            self._file.seek(place)
            thing: _T = pickle.load(self._file)  # noqa: S301  # of our own making
            return thing

    def close(self) -> None:
        """Throw all away."""
        if self._file is not None:
            self._file.close()


class Queue(Generic[_T]):
    """Things that wait for their turn, in the order in which they came, out of memory."""

    def __init__(self) -> None:
        self._spool: Spool[_T] = Spool()
        self._places: deque[int] = deque()

    def __len__(self) -> int:
        return len(self._places)

    def put(self, thing: _T) -> None:
        """Put a thing at the end."""
        self._places.append(self._spool.put(thing))

    def take(self) -> _T:
        """Return the first thing; it waits no longer."""
        return self._spool.pick(self._places.popleft())

    def close(self) -> None:
        """Throw all away."""
        self._places.clear()
        self._spool.close()
