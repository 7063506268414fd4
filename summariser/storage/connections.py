"""A pool of connections to the SQLite file of a store, and the versions of its tables."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

from summariser.errors import StoreError

_BUSY_SECONDS = 60.0


class Connections:
    """A pool of connections to the file of a store."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free: list[sqlite3.Connection] = []
        self._in_use = 0
        self._closed = False
        self._changed = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[sqlite3.Connection]:
        """Return a context manager that gives this thread a connection.

        Raises:
            StoreError: The store is closed.
            sqlite3.Error: The file cannot be opened.
        """
        with self._changed:
            if self._closed:
                raise StoreError(f"The store {self._path} is closed; open it again.")
            connection = self._free.pop() if self._free else None
            self._in_use += 1
        try:
            if connection is None:
                connection = _connected(self._path)
            yield connection
        finally:
            with self._changed:
                self._in_use -= 1
                if connection is not None:
                    self._free.append(connection)
                self._changed.notify_all()
                self._close_if_over()

    def close(self) -> None:
        """Give out no more connections, and close each one as soon as no thread uses it.

        Waits for the threads that use one, at most as long as SQLite waits for another process.
        """
        with self._changed:
            self._closed = True
            try:
                self._changed.wait_for(lambda: not self._in_use, _BUSY_SECONDS)
            finally:
                self._close_if_over()

    def _close_if_over(self) -> None:
        while self._closed and self._free:
            self._free.pop().close()


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


@cache
def migrations() -> tuple[str, ...]:
    """Return the SQL that makes each version of the tables from the one before, from version 1."""
    text = (files("summariser.storage") / "schema.sql").read_text("utf-8")
    versions = text.split("\n-- version ")[1:]
    return tuple(version.partition("\n")[2] for version in versions)
