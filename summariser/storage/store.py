"""The store: one SQLite file with summaries and model answers, so that no request is paid for twice.

The key of a summary is a hash of everything that determines it. The key of an answer is a hash of its request. Several
processes may use one store at the same time: a process claims a key before it works on it, and its claims end with it.
The store holds no API keys, headers or addresses.
"""

import hashlib
import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from summariser.errors import ConfigurationError, StoreError
from summariser.file_lock import FileLock
from summariser.models import (
    Capabilities,
    Known,
    Model,
    Wire,
    answer_of,
    completion_of,
    request_of,
)
from summariser.models import request_key as key_of_request
from summariser.schema import Summary, summary_type
from summariser.settings import Settings
from summariser.storage.commitment_index import CommitmentIndex, rows_of
from summariser.storage.database import Database, Json, packed
from summariser.storage.stored_index import StoredIndex

if TYPE_CHECKING:
    from summariser.models.exchange import Completion

_CAPABILITIES_SECONDS = 30 * 86400.0  # after which the limits of a server are learned again


class Failure(NamedTuple):
    """The failure of a document: the name of the error class, and the message."""

    code: str
    reason: str


class BatchAnswer(NamedTuple):
    """The state of a request in a provider's batch.

    Attributes:
        batch: The token of the batch.
        status: The HTTP status of the answer; None if there is no answer yet.
        body: The body of the answer; None if there is no answer yet.
    """

    batch: str
    status: int | None
    body: Json | None


class Store:
    """An open store. Several threads may use it; close it, or use it as a context manager.

    Args:
        path: The SQLite file, which is created if it does not exist.

    Attributes:
        index: The index of the commitments of the summaries.

    Raises:
        StoreError: The file is not a store, was made by a newer version, or cannot be read or written. All methods
            raise it as well.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path)
        self.index = StoredIndex(self._database)
        self._known: list[Known] = []
        self._in_progress: set[str] = set()
        self._lock = threading.Lock()
        owners = path.with_name(f"{path.name}.owners")
        try:
            owners.mkdir(parents=True, exist_ok=True)
            self._owners = owners
            self.owner = uuid.uuid4().hex
            self._alive = FileLock.acquire(owners / self.owner)
        except ValueError:
            raise StoreError(f"{str(path)!r} is not a path; name another file in the setting store.") from None
        except OSError as error:
            raise StoreError(
                f"The store {path} cannot be written ({error.strerror}); name another file in the setting store."
            ) from None
        try:
            with FileLock.acquire(owners / ".opening"):  # SQLite does not wait if two processes switch to WAL at once
                self._database.migrate()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def damage(self) -> str | None:
        """A message about the damaged entries that were found; None if there were none."""
        damaged = self._database.damaged
        if not damaged:
            return None
        entries = "1 entry" if len(damaged) == 1 else f"{len(damaged)} entries"
        return (
            f"{entries} of the store {self.path} could not be read because of damage; what they held is computed again."
        )

    def close(self) -> None:
        """Wait until no thread uses the file, close it and release all claims; closing twice is harmless."""
        for known in self._known:  # a model may be used after the store is closed
            known.resume(None, lambda capabilities: None)
        self._database.close()
        self._alive.release()
        (self._owners / self.owner).unlink(missing_ok=True)

    # ── summaries ────────────────────────────────────────────────────────────────────────────────

    def summary(self, key: str, *, source: str) -> Summary | None:
        """Return a stored summary.

        Args:
            key: The key of the summary.
            source: The name of the document to set in the summary.

        Returns:
            The summary; None if there is none or it is damaged.
        """
        found = self._database.load("summaries", key)
        if found is None:
            return None
        summary = summary_type().model_validate(found)
        return summary.model_copy(update={"document": summary.document.model_copy(update={"source": source})})

    def keep(self, key: str, summary: Summary) -> None:
        """Store a summary, replace an earlier summary or failure, and release the claim."""
        rows = rows_of(summary)

        def write(connection: sqlite3.Connection) -> None:
            made = self._database.put(connection, "summaries", key, summary.model_dump(mode="json"))
            CommitmentIndex(connection).add(key, made, rows)
            connection.execute("DELETE FROM failures WHERE key = ?", (key,))
            connection.execute("DELETE FROM claims WHERE key = ?", (key,))

        self._database.write(write)

    # ── failures ─────────────────────────────────────────────────────────────────────────────────

    def failure(self, key: str) -> Failure | None:
        """Return the stored failure of a document; None if there is none."""
        row = self._database.read("SELECT code, reason FROM failures WHERE key = ?", key)
        return Failure(*row) if row else None

    def keep_failure(self, key: str, failure: Failure) -> None:
        """Store the failure of a document, and release the claim."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("REPLACE INTO failures VALUES (?, ?, ?, ?)", (key, time.time(), *failure))
            connection.execute("DELETE FROM claims WHERE key = ?", (key,))

        self._database.write(write)

    # ── claims ───────────────────────────────────────────────────────────────────────────────────

    def claim(self, key: str) -> bool:
        """Claim a key for this process.

        After a successful claim, look for a stored result again: another process may have finished in the meantime.

        Returns:
            True if the claim succeeds; False if another running process holds it.
        """

        def write(connection: sqlite3.Connection) -> bool:
            row = connection.execute("SELECT owner FROM claims WHERE key = ?", (key,)).fetchone()
            if row and row[0] != self.owner and self._is_running(row[0]):
                return False
            connection.execute("REPLACE INTO claims VALUES (?, ?)", (key, self.owner))
            return True

        return self._database.write(write)

    def release(self, key: str) -> None:
        """Release this process's claim on a key."""
        self._database.write(lambda c: c.execute("DELETE FROM claims WHERE key = ? AND owner = ?", (key, self.owner)))

    def mark_in_progress(self, key: str) -> bool:
        """Mark a key as in progress in this process; return False if it is marked already."""
        with self._lock:
            if key in self._in_progress:
                return False
            self._in_progress.add(key)
            return True

    def unmark_in_progress(self, key: str) -> None:
        """Remove the mark of a key."""
        with self._lock:
            self._in_progress.discard(key)

    def _is_running(self, owner: str) -> bool:
        """Return True if the process that owns a claim is still running, so that it holds its lock."""
        path = self._owners / owner
        if not path.exists():
            return False
        lock = FileLock.acquire_free(path)
        if lock is None:
            return True
        lock.release()
        path.unlink(missing_ok=True)
        return False

    # ── answers ──────────────────────────────────────────────────────────────────────────────────

    def remembering(self, model: Model, *, server: str | None = None, refresh: bool = False) -> Model:
        """Return the model with a cache: its answers are stored, and reused for the same requests.

        The limits of the server that the model learns are stored as well.

        Args:
            model: The model.
            server: The address of the server, if it is not the provider's own; its answers are kept separately.
            refresh: True to store answers but not to reuse them.
        """
        self._resume(model, server, refresh=refresh)
        return model.changed(memory=_Memory(self, model.name, server, refresh))

    def _resume(self, model: Model, server: str | None, *, refresh: bool) -> None:
        """Load what is known about a model and its server, and store what it learns from now on."""
        key = hashlib.sha256(json.dumps([server, model.name]).encode()).hexdigest()
        since = time.time() - _CAPABILITIES_SECONDS
        row = self._database.read("SELECT made FROM capabilities WHERE key = ?", key)
        found = self._database.load("capabilities", key) if row and row[0] > since and not refresh else None
        before = None if found is None else Capabilities.model_validate(found)
        if (
            before is not None and model.context_tokens is not None
        ):  # a configured length takes precedence over a learned one
            before = before.model_copy(update={"context_tokens": None})

        def remember(capabilities: Capabilities) -> None:
            kept = capabilities.model_dump(mode="json")
            self._database.write(lambda connection: self._database.put(connection, "capabilities", key, kept))

        model.known.resume(before, remember)
        self._known.append(model.known)

    def answer(self, key: str) -> Json | None:
        """Return the stored answer to the request with that key; None if there is none or it is damaged."""
        return self._database.load("answers", key)

    def keep_answers(self, answered: Sequence[tuple[str, Json]]) -> None:
        """Store answers under the keys of their requests."""

        def write(connection: sqlite3.Connection) -> None:
            for key, answer in answered:
                self._database.put(connection, "answers", key, answer)

        if answered:
            self._database.write(write)

    # ── requests in a provider's batches ─────────────────────────────────────────────────────────

    def add_batch(self, token: str, keys: Sequence[str]) -> None:
        """Store the requests of a batch that is about to be sent.

        Until `set_batch_id`, it is unknown whether the batch was sent.

        Args:
            token: The name of the batch, chosen by the caller.
            keys: The keys of its requests.
        """

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("REPLACE INTO batches VALUES (?, ?, '')", (token, time.time()))
            rows = ((key, token) for key in keys)
            connection.executemany("REPLACE INTO letters VALUES (?, ?, NULL, NULL, NULL)", rows)

        self._database.write(write)

    def set_batch_id(self, token: str, id: str) -> None:
        """Store the provider's id of a batch."""
        self._database.write(lambda c: c.execute("UPDATE batches SET id = ? WHERE token = ?", (id, token)))

    def batch_id(self, token: str) -> str | None:
        """Return the provider's id of a batch; "" if it is unknown, None if the batch is no longer stored."""
        row = self._database.read("SELECT id FROM batches WHERE token = ?", token)
        return row[0] if row else None

    def batch_answer(self, key: str) -> BatchAnswer | None:
        """Return the state of a request; None if it is in no batch or its answer is damaged."""
        row = self._database.read("SELECT batch, status, sha256, json FROM letters WHERE key = ?", key)
        if row is None:
            return None
        batch, status, digest, packed = row
        if status is None:
            return BatchAnswer(batch, None, None)
        body = self._database.unpacked(digest, packed, f"letters {key[:12]}")
        return None if body is None else BatchAnswer(batch, status, body)

    def add_batch_answers(self, answers: Sequence[tuple[str, int, Json]]) -> list[Json]:
        """Store the answers of a batch.

        Args:
            answers: For each request its key, the HTTP status and the body of the answer.

        Returns:
            The bodies that were not stored before.
        """

        def write(connection: sqlite3.Connection) -> list[Json]:
            sql = "UPDATE letters SET status = ?, sha256 = ?, json = ? WHERE key = ? AND status IS NULL"
            return [b for key, status, b in answers if connection.execute(sql, (status, *packed(b), key)).rowcount]

        return self._database.write(write)

    def close_batch(self, token: str) -> list[str]:
        """Remove a batch and its unanswered requests, and return the keys of those requests."""

        def write(connection: sqlite3.Connection) -> list[str]:
            sql = "DELETE FROM letters WHERE batch = ? AND status IS NULL RETURNING key"
            unanswered = [key for (key,) in connection.execute(sql, (token,)).fetchall()]
            connection.execute("DELETE FROM batches WHERE token = ?", (token,))
            connection.execute("DELETE FROM claims WHERE key = ?", (token,))
            return unanswered

        return self._database.write(write)

    def forget_batch_answers(self, keys: Sequence[str]) -> None:
        """Remove requests whose document is finished; usable answers are stored with the other answers."""
        if keys:
            self._database.write(lambda c: c.executemany("DELETE FROM letters WHERE key = ?", ((key,) for key in keys)))


@dataclass(frozen=True)
class _Memory:
    """A cache of one model's answers in a store."""

    store: Store
    model: str
    server: str | None
    refresh: bool

    def recall(self, wire: Wire) -> "Completion | None":
        """Return the stored answer to a request; None if there is none or `refresh` is set."""
        found = None if self.refresh else self.store.answer(self._key(wire))
        return None if found is None else completion_of(found)

    def keep(self, answered: "Sequence[tuple[Wire, Completion]]") -> None:
        """Store the answers to requests."""
        self.store.keep_answers([(self._key(wire), answer_of(completion)) for wire, completion in answered])

    def _key(self, wire: Wire) -> str:
        request = request_of(self.model, wire, 0)
        return key_of_request(request if self.server is None else {**request, "server": self.server})


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store | None]:
    """Return a context manager that opens the store of the settings; it gives None if they name none.

    Raises:
        ConfigurationError: The path is a folder.
        StoreError: The store cannot be opened.
    """
    if settings.store is None:
        yield None
        return
    with suppress(OSError):  # an unreadable folder, which opening the store reports
        if settings.store.is_dir():
            raise ConfigurationError(f"{settings.store} is a folder; name a file in the setting store.")
    with Store(settings.store) as store:
        yield store
