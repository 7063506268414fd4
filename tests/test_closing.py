"""A batch that is closed early: nothing more is begun, what is paid for is kept, nothing stays claimed."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from summariser import load_settings, summarise_many
from summariser.batch import Batch, Budget, Item
from summariser.batch.rate_limit import Throttle
from summariser.errors import TransientError
from summariser.models.client import Model
from summariser.models.exchange import Wire
from summariser.pipeline import Session
from summariser.storage.store import Store
from summariser.testing import FakeModel, completion
from tests.conftest import ROOT
from tests.test_batch import OK, Server, texts

LONG = 60  # seconds after which a test that hangs fails


class Held:
    """A model that answers one request at once and holds back all others until `release` is set."""

    def __init__(self, at_once: int) -> None:
        self.asked: list[str] = []
        self.release, self.all_held = threading.Event(), threading.Event()
        self._at_once, self._lock = at_once, threading.Lock()

    def _answer(self, wire: Wire) -> object:
        with self._lock:
            self.asked.append(wire["messages"][-1]["content"])
            first = len(self.asked) == 1
            if len(self.asked) > self._at_once:
                self.all_held.set()
        if not first:
            assert self.release.wait(LONG)
        return OK

    @property
    def model(self) -> Model:
        return FakeModel(self._answer)


def in_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def ended(thread: threading.Thread) -> bool:
    thread.join(LONG)
    return not thread.is_alive()


def kept_of(path: Path, session: Session) -> int:
    """How many of the documents the store has a summary of."""
    with Store(path) as store:
        return sum(store.summary(session.key(item.document()), source="x") is not None for item in items())


def items() -> Iterator[Item]:
    return (Item(id=str(n), text=text) for n, text in enumerate(texts(40)))


class Told(Batch):
    """An engine that tells when it is closed: from then on nothing may begin."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.closed = threading.Event()

    def stop(self) -> None:
        super().stop()
        self.closed.set()


def engine(session: Session, at_once: int, items: Iterator[Item]) -> Told:
    return Told(items=items, session=session, budget=Budget("x/y"), concurrency=at_once)


def test_after_an_early_end_every_answer_that_was_paid_for_is_in_the_store_and_nothing_is_claimed(tmp_path: Path):
    held, settings = Held(9), load_settings(store=tmp_path / "s")
    session = Session(model=held.model, settings=settings)
    with session, Store(tmp_path / "s") as other:
        job = engine(session, 9, items())
        results = job.run()
        next(results)
        assert held.all_held.wait(LONG)
        closing = in_thread(results.close)
        assert job.closed.wait(LONG)
        assert closing.is_alive()
        held.release.set()
        assert ended(closing)
        assert len(held.asked) == 10
        assert kept_of(tmp_path / "s", session) == 10
        assert all(other.claim(session.key(item.document())) for item in items())


def test_an_exception_in_the_callers_loop_loses_nothing(tmp_path: Path):
    held, settings = Held(3), load_settings(store=tmp_path / "s")

    def loop() -> None:
        for _ in summarise_many(texts(40), model=held.model, concurrency=3, settings=settings):
            assert held.all_held.wait(LONG)
            held.release.set()
            raise LookupError

    def caller() -> None:
        with suppress(LookupError):
            loop()

    assert ended(in_thread(caller))
    assert kept_of(tmp_path / "s", Session(model=held.model, settings=settings)) == len(held.asked) < 40


def test_an_iterator_that_is_let_go_is_closed_too(tmp_path: Path):
    """`break` in a loop over the call itself closes the iterator, which nobody holds any more."""
    held, settings = Held(3), load_settings(store=tmp_path / "s")
    held.release.set()

    def loop() -> None:
        for _ in summarise_many(texts(40), model=held.model, concurrency=3, settings=settings):
            break

    assert ended(in_thread(loop))
    assert kept_of(tmp_path / "s", Session(model=held.model, settings=settings)) == len(held.asked) < 40


def test_of_a_document_with_several_questions_the_answers_that_were_paid_for_are_kept(tmp_path: Path):
    settings = load_settings(store=tmp_path / "s", prompt="sections@3")
    begun, release = threading.Event(), threading.Event()

    def held(text: str) -> object:
        if "It was day 1." in text:
            begun.set()
            assert release.wait(LONG)
        return answer(text)

    def answer(text: str) -> object:
        return completion({"headline": "h", "overview": "o"} if "headline" in text.casefold() else {"parties": []})

    first, second = Server(held), Server(answer)
    with (session := Session(model=first.model, settings=settings)):
        job = engine(session, 1, (Item(id=str(n), text=text) for n, text in enumerate(texts(2))))
        results = job.run()
        next(results)
        assert begun.wait(LONG)
        closing = in_thread(results.close)
        assert job.closed.wait(LONG)
        release.set()
        assert ended(closing)
    assert len(list(summarise_many(texts(2), model=second.model, concurrency=1, settings=settings))) == 2
    assert (len(first.asked), len(second.asked)) == (3, 1)


def test_closing_ends_the_wait_for_a_retry_and_makes_none(tmp_path: Path):
    waiting = threading.Event()

    def transport(wire: Wire, listener: object) -> object:
        if "It was day 0." in wire["messages"][-1]["content"]:
            return OK
        waiting.set()
        asked.append(wire)
        raise TransientError("The server is busy; try again.", status=500, retry_after=10_000)

    asked: list[Wire] = []
    model = Model(name="openai/fake", transport=transport, retry_seconds=100_000)
    results = summarise_many(texts(2), model=model, concurrency=2, settings=load_settings(store=tmp_path / "s"))
    next(results)
    assert waiting.wait(LONG)
    assert ended(in_thread(results.close))
    assert len(asked) == 1


def test_a_document_is_finished_while_another_waits_for_its_retry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    waiting, sleep = threading.Event(), Throttle.sleep

    async def told(throttle: Throttle, seconds: float) -> None:
        waiting.set()
        await sleep(throttle, seconds)

    def transport(wire: Wire, listener: object) -> object:
        if "It was day 0." in wire["messages"][-1]["content"]:
            assert waiting.wait(LONG)
            return OK
        raise TransientError("The server is busy; try again.", status=500, retry_after=10_000)

    monkeypatch.setattr(Throttle, "sleep", told)
    model = Model(name="openai/fake", transport=transport, retry_seconds=100_000)
    results = summarise_many(texts(2), model=model, concurrency=2, settings=load_settings(store=tmp_path / "s"))
    assert ended(in_thread(lambda: next(results)))
    assert ended(in_thread(results.close))


def test_closing_does_not_wait_for_a_source_that_gives_nothing(tmp_path: Path):
    more = threading.Event()

    def sources() -> Iterator[str]:
        yield from texts(2)
        more.wait()

    settings = load_settings(store=tmp_path / "s")
    results = summarise_many(sources(), model=Server().model, concurrency=2, settings=settings)
    next(results), next(results)  # which the slow source does not hold up either
    assert ended(in_thread(results.close))
    more.set()


def test_without_a_store_an_early_end_waits_for_nothing():
    held = Held(2)
    results = summarise_many(texts(9), model=held.model, concurrency=2)
    next(results)
    assert held.all_held.wait(LONG)
    assert ended(in_thread(results.close))
    held.release.set()


def test_an_engine_that_is_abandoned_waits_for_nothing(tmp_path: Path):
    held = Held(2)
    session = Session(model=held.model, settings=load_settings(store=tmp_path / "s"))
    with session:
        job = Batch(items=items(), session=session, budget=Budget("x/y"), concurrency=2)
        results = job.run()
        next(results)
        assert held.all_held.wait(LONG)
        job.abandon()
        assert ended(in_thread(results.close))
        assert not held.release.is_set()
    held.release.set()


PROGRAM = """
import atexit, sys
from pathlib import Path

import pytest
from summariser import load_settings, summarise_many
from tests.test_batch import texts
from tests.test_closing import Held

held = Held(3)
atexit.register(lambda: print(len(held.asked)))  # the last of all
results = summarise_many(texts(40), model=held.model, concurrency=3, settings=load_settings(store=Path(sys.argv[1])))
next(results)
assert held.all_held.wait(60)
atexit.register(held.release.set)
"""


def test_at_the_end_of_a_program_that_never_closed_its_iterator_what_is_paid_for_is_kept(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "s")],
        cwd=ROOT, capture_output=True, text=True, timeout=10 * LONG, check=True,
    )  # fmt: skip
    session = Session(model=Held(1).model, settings=load_settings())
    assert kept_of(tmp_path / "s", session) == int(done.stdout) >= 4
    assert "Traceback" not in done.stderr
