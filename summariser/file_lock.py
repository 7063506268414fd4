"""A lock on a file between processes; the operating system releases it when its process ends or crashes."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import IO, Self


class FileLock:
    """A lock that this process holds on a file until `release` or the end of a `with`. The file is not deleted."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """Wait until no other process holds the lock on a file, then lock it.

        Args:
            path: The file, which is created if it does not exist. Its folder must exist.

        Raises:
            OSError: The file cannot be opened for writing, or its file system does not support locks.
        """
        return cls(_locked(path, wait=True))

    @classmethod
    def acquire_free(cls, path: Path) -> Self | None:
        """Lock a file as `acquire` does, or return None at once if another process holds the lock.

        Raises:
            OSError: As for `acquire`.
        """
        try:
            return cls(_locked(path, wait=False))
        except BlockingIOError:
            return None

    def release(self) -> None:
        """Release the lock; releasing twice is harmless."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _locked(path: Path, *, wait: bool) -> IO[str]:
    """Open and lock a file; raise BlockingIOError if another process holds the lock and `wait` is False."""
    import portalocker

    flags = portalocker.LockFlags.EXCLUSIVE
    file = path.open("a")
    try:
        portalocker.lock(file, flags if wait else flags | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.AlreadyLocked as error:
        file.close()
        raise BlockingIOError(f"Another process holds the lock on {path}.") from error
    except BaseException as error:
        file.close()
        if isinstance(error, portalocker.LockException):
            raise OSError(f"{path} cannot be locked: {error}") from None
        raise
    return file
