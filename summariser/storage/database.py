"""The SQLite file of a store: rows that are checked when they are read, transactions, and new tables."""

import hashlib
import json
import sqlite3
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from summariser.errors import StoreError
from summariser.storage.connections import Connections, migrations

Json = dict[str, Any]
_T = TypeVar("_T")


class DamagedFileError(StoreError):
    """The file is damaged, or is not a store."""


class Database:
    """The file of a store. Several threads may use it. All methods raise StoreError if it cannot be used.

    Args:
        path: The file, which is created if it does not exist.

    Attributes:
        damaged: The names of the damaged entries that were found.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = Connections(path)
        self.damaged: list[str] = []

    def close(self) -> None:
        """Wait until no thread uses the file, and close it; closing twice is harmless."""
        self._connections.close()

    def put(self, connection: sqlite3.Connection, table: str, key: str, value: Json) -> float:
        """Write a value and return the time that is stored with it."""
        made = time.time()
        row = (key, made, *packed(value))
        connection.execute(f"REPLACE INTO {table} VALUES (?, ?, ?, ?)", row)  # noqa: S608  # the table name is a constant
        return made

    def load(self, table: str, key: str) -> Json | None:
        """Return the value of a row; None if there is none or it is damaged, which is noted in `damaged`."""
        row = self.read(f"SELECT sha256, json FROM {table} WHERE key = ?", key)  # noqa: S608  # see above
        if row is None:
            return None
        digest, content = row
        return self.unpacked(digest, content, f"{table} {key[:12]}")

    def unpacked(self, digest: bytes, content: bytes, name: str) -> Json | None:
        """Return the value of what `packed` gave; None if it is damaged, which is noted in `damaged`.

        Args:
            digest: The SHA-256 that was stored.
            content: The bytes that were stored.
            name: The name of the entry.
        """
        if hashlib.sha256(content).digest() != digest:
            self.damaged.append(name)
            return None
        found: Json = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
        return found

    def read(self, sql: str, key: str) -> Any:
        """Return the first row of a query with a key as its value; None if there is none or the file is damaged."""
        try:
            return self.guarded(lambda connection: connection.execute(sql, (key,)).fetchone())
        except DamagedFileError:
            self.damaged.append(key[:12])
            return None

    def write(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Return the result of a function that writes to the file, in one transaction."""

        def in_transaction(connection: sqlite3.Connection) -> _T:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                return work(connection)

        return self.guarded(in_transaction)

    def guarded(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Return the result of a function that uses the file; an error of SQLite is raised as StoreError."""
        try:
            with self._connections.one() as connection:
                return work(connection)
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"The store {self._path} cannot be used ({error}); name another file in the setting store."
            ) from None
        except sqlite3.DatabaseError as error:
            raise DamagedFileError(
                f"The store {self._path} is damaged or not a store ({error}); move it away, "
                "or name another file in the setting store."
            ) from None

    def migrate(self) -> None:
        """Create the tables, or upgrade those of an older version."""
        self.guarded(self._migrate)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(migrations()):
            connection.execute("ROLLBACK")
            raise StoreError(
                f"The store {self._path} was made by a newer summariser; update it, or name another file in the "
                "setting store."
            )
        if version == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            connection.execute("ROLLBACK")
            raise StoreError(f"{self._path} is a database of another kind; name another file in the setting store.")
        for number, script in enumerate(migrations()[version:], version + 1):
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")


def packed(value: Json) -> tuple[bytes, bytes]:
    """Return the stored form of a value: the SHA-256 of the compressed bytes, and the bytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    content = zlib.compress(text, 1)
    return hashlib.sha256(content).digest(), content
