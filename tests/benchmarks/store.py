"""The store against plain SQLite: summaries of the seed, kept and looked up, and answers looked up."""

import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from summariser import summarise
from summariser.models.cassette import Json, request_key, request_of
from summariser.schema import Summary
from summariser.storage.store import Store
from tests.benchmarks.measuring import Row, Work, in_turn, seconds
from tests.conftest import SEED
from tests.recorded import replaying

_T = TypeVar("_T")
_SUMMARIES, _LOOKUPS = 20_000, 2000


def measured() -> Iterator[Row]:
    """Summaries and answers a second, against the same bytes written to and read from a table by their keys."""
    summary = summarise(SEED, model=replaying(), prompt="sections@3")
    keys = [sha256(str(number).encode()).hexdigest() for number in range(_SUMMARIES)]
    with TemporaryDirectory() as folder, Store(Path(folder) / "store.sqlite") as store:
        plain = sqlite3.connect(store.path)
        yield _kept(store, keys, summary, Path(folder) / "plain.sqlite")
        wanted = random.Random(7).sample(keys, _LOOKUPS)
        yield _looked_up(
            f"summaries, of {_SUMMARIES:,} kept",
            partial(_for_each, wanted, lambda each: store.summary(each, source="x")),
            partial(_for_each, wanted, partial(_select, plain, "summaries")),
        )
        requests = [_request(number) for number in range(_LOOKUPS)]
        answer = {"choices": [{"message": {"role": "assistant", "content": summary.to_json()}}]}
        store.keep_answers([(request_key(request), answer) for request in requests])
        digests = [request_key(request) for request in requests]
        yield _looked_up(
            "answers, their keys made of requests",
            partial(_for_each, requests, lambda request: store.answer(request_key(request))),
            partial(_for_each, digests, partial(_select, plain, "answers")),
        )
        plain.close()


def _for_each(items: Iterable[_T], work: Callable[[_T], object]) -> None:
    """The work on each, nothing of it kept: what is held makes all that follows slower."""
    for item in items:
        work(item)


def _looked_up(what: str, ours: Work, theirs: Work) -> Row:
    found = (_LOOKUPS / taken for taken in in_turn(ours, theirs))
    return Row(f"looking up {what}", "a plain SELECT of the bytes", "a second", *found)


def _kept(store: Store, keys: Sequence[str], summary: Summary, path: Path) -> Row:
    """Every summary kept in a transaction of its own, and as many inserts of the same bytes into a table."""
    ours = seconds(partial(_for_each, keys, lambda each: store.keep(each, summary)))
    plain = sqlite3.connect(path, isolation_level=None)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("PRAGMA synchronous = NORMAL")
    plain.execute("CREATE TABLE summaries (key TEXT PRIMARY KEY, json BLOB NOT NULL) WITHOUT ROWID")
    with sqlite3.connect(store.path) as kept:
        row = _select(kept, "summaries", keys[0])
    insert = "INSERT INTO summaries VALUES (?, ?)"
    theirs = seconds(partial(_for_each, keys, lambda each: plain.execute(insert, (each, row))))
    plain.close()
    return Row("summaries kept", "a plain INSERT of the bytes", "a second", len(keys) / ours, len(keys) / theirs)


def _select(connection: sqlite3.Connection, table: str, each: str) -> bytes:
    (found,) = connection.execute(f"SELECT json FROM {table} WHERE key = ?", (each,)).fetchone()  # noqa: S608  # ours
    return bytes(found)


def _request(number: int) -> Json:
    """A request as long as one about the seed."""
    messages = [{"role": "user", "content": f"{number} {SEED.read_text('utf-8')}"}]
    return request_of("local/x", {"model": "x", "messages": messages}, 0)
