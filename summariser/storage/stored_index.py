"""The index of the commitments in a store: kept complete, made again if it is damaged, and asked at one moment."""

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from pydantic import ValidationError

from summariser.schema import summary_type
from summariser.storage.commitment_index import CommitmentIndex, DamagedIndexError, Rows, rows_of
from summariser.storage.database import Database

_T = TypeVar("_T")
_AT_ONCE = 50  # summaries in one transaction


class StoredIndex:
    """The index of the commitments of all summaries in a store. All methods raise StoreError if it cannot be used.

    Args:
        database: The file of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, question: Callable[[CommitmentIndex], _T], progress: Callable[[int, int], None]) -> _T:
        """Return the answer of a function that reads the index of commitments as it is at one moment.

        An index that is damaged is made again from the summaries, which is noted in the `damaged` of the database.

        Args:
            question: The function.
            progress: As for `complete`, if the index must be made again.
        """
        try:
            return self._ask(question)
        except DamagedIndexError:
            self._database.damaged.append("the index of commitments")
            self._database.write(lambda connection: CommitmentIndex(connection).clear())
            self.complete(progress)
            return self._ask(question)

    def _ask(self, question: Callable[[CommitmentIndex], _T]) -> _T:
        def read(connection: sqlite3.Connection) -> _T:
            connection.execute("BEGIN")
            try:
                return question(CommitmentIndex(connection))
            finally:
                connection.execute("ROLLBACK")

        return self._database.guarded(read)

    def complete(self, progress: Callable[[int, int], None]) -> int:
        """Add the summaries to the index that it lacks, because a program without an index kept them.

        Args:
            progress: Called with the number of summaries that are done and the number of all.

        Returns:
            The number of summaries that cannot be read, which the index lacks.
        """
        keys = self._ask(CommitmentIndex.lacking)
        unreadable = 0
        for start in range(0, len(keys), _AT_ONCE):
            progress(start, len(keys))
            made = {key: rows for key in keys[start : start + _AT_ONCE] if (rows := self._rows(key))}
            unreadable += len(keys[start : start + _AT_ONCE]) - len(made)
            self._database.write(partial(_add_all, rows=made))
        if keys:
            progress(len(keys), len(keys))
        return unreadable

    def _rows(self, key: str) -> tuple[float, Rows] | None:
        """Return when a summary was kept and its rows in the index; None if the summary cannot be read."""
        row = self._database.read("SELECT made FROM summaries WHERE key = ?", key)
        found = self._database.load("summaries", key)
        if row is None or found is None:
            return None
        try:
            return row[0], rows_of(summary_type().model_validate(found))
        except ValidationError:  # of a kind of items that this process does not declare
            return None


def _add_all(connection: sqlite3.Connection, *, rows: dict[str, tuple[float, Rows]]) -> None:
    """Write the rows of summaries, except of those that were replaced in the meantime."""
    for key, (made, each) in rows.items():
        if connection.execute("SELECT 1 FROM summaries WHERE key = ? AND made = ?", (key, made)).fetchone():
            CommitmentIndex(connection).add(key, made, each)
