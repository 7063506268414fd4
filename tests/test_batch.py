"""Many documents: each once, none lost, nothing paid twice, whatever breaks in between."""

import csv
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from summariser import load_settings, summarise_many
from summariser.batch import Batch, Budget, Item, count, items_from
from summariser.batch.rate_limit import Throttle
from summariser.batch.writers import COLUMNS, rows_of, written
from summariser.concurrency import run_now
from summariser.documents.document import Document
from summariser.errors import ConfigurationError, InputError, ProviderError, RefusedError, TransientError
from summariser.models.exchange import Wire
from summariser.pipeline import Session
from summariser.storage.store import Store
from summariser.testing import FakeModel, completion
from tests.test_pipeline import ANSWER, TEXT

OK = completion(ANSWER)


def texts(count: int) -> Iterator[str]:
    return (f"{TEXT} It was day {number}." for number in range(count))


class Server:
    """A model that answers each document by what `of` says of its text, and counts how many it has at once."""

    def __init__(self, of: object = OK) -> None:
        self.of, self.most, self._active = of, 0, 0
        self._lock = threading.Lock()
        self.model = FakeModel(self._answer)

    @property
    def asked(self) -> list[str]:
        """The questions so far."""
        return [wire["messages"][-1]["content"] for wire in self.model.requests]

    def _answer(self, wire: Wire) -> object:
        with self._lock:
            self._active += 1
            self.most = max(self.most, self._active)
        try:
            return self.of(wire["messages"][-1]["content"]) if callable(self.of) else self.of
        finally:
            with self._lock:
                self._active -= 1


def failing(*days: int, error: Exception | None = None) -> Server:
    marks = [f"It was day {day}." for day in days]
    wrong = error or RefusedError("The model refused; try another.")
    return Server(lambda text: wrong if any(mark in text for mark in marks) else OK)


# ── the function ─────────────────────────────────────────────────────────────────────────────────


def test_every_source_gets_a_result_and_a_failure_is_a_value(tmp_path: Path):
    file = tmp_path / "article.txt"
    file.write_text(TEXT, "utf-8")
    server = failing(1)
    sources = [*texts(3), file, Document.from_text(TEXT, source="mine"), tmp_path / "none.txt"]
    results = {r.id: r for r in summarise_many(sources, model=server.model, concurrency=4)}
    assert set(results) == {"0", "1", "2", str(file), "mine", str(tmp_path / "none.txt")}
    assert {r.id for r in results.values() if r.failed} == {"1", str(tmp_path / "none.txt")}
    assert isinstance(results["1"].error, RefusedError)
    assert isinstance(results[str(tmp_path / "none.txt")].error, InputError)
    assert results["mine"].summary is not None and results["mine"].summary.document.source == "mine"


def test_results_come_in_the_sources_order_where_wanted():
    slow = threading.Event()

    def answer(text: str) -> object:
        if "day 0." in text:
            slow.wait(60)
        else:
            slow.set()
        return OK

    results = summarise_many(texts(12), model=Server(answer).model, concurrency=4, order="input")
    assert [r.number for r in results] == list(range(12))


def test_sources_are_taken_as_they_are_wanted():
    taken: list[int] = []

    def endless() -> Iterator[str]:
        for number in range(10_000):
            taken.append(number)
            yield f"{TEXT} It was day {number}."

    results = summarise_many(endless(), model=Server().model, concurrency=2)
    for _ in range(5):
        next(results)
    results.close()
    assert len(taken) < 1000


def test_no_more_than_so_many_at_once():
    server = Server()
    assert len(list(summarise_many(texts(40), model=server.model, concurrency=3))) == 40
    assert server.most <= 3


def test_an_error_that_would_meet_every_source_ends_the_run_and_is_raised():
    server = Server(ProviderError("The server refused the key; set another.", status=401))
    with pytest.raises(ProviderError, match="refused the key"):
        list(summarise_many(texts(500), model=server.model, concurrency=2))
    assert len(server.asked) <= 4


def test_a_provider_that_is_down_ends_the_run_and_leaves_nothing_failed(tmp_path: Path):
    down = Server(TransientError("The server cannot be reached; check the network."))
    with pytest.raises(ProviderError, match="cannot be reached"):
        run(tmp_path / "s", down, 500)
    assert len(down.asked) <= 30
    results, _ = run(tmp_path / "s", Server(), 40)
    assert not [r for r in results if r.failed]


def test_a_failure_is_told_by_the_name_of_a_documented_error():
    server = failing(0, error=TransientError("The server is busy; try again.", status=503))
    (failed,) = [r for r in summarise_many(texts(3), model=server.model, concurrency=1) if r.failed]
    assert failed.to_json()["error"] == {"code": "TransientError", "message": "The server is busy; try again."}


def test_an_error_of_the_sources_themselves_is_the_callers():
    def breaking() -> Iterator[str]:
        yield from texts(3)
        raise LookupError("no more")

    server, seen = Server(), 0
    with pytest.raises(LookupError, match="no more"):
        for _ in summarise_many(breaking(), model=server.model, concurrency=2):
            seen += 1
    assert seen == len(server.asked) == 3


def test_a_bug_met_by_one_document_is_its_failure_alone():
    server = Server(lambda text: ZeroDivisionError() if "day 2." in text else OK)
    results = list(summarise_many(texts(5), model=server.model, concurrency=2))
    (failed,) = [r for r in results if r.failed]
    assert "A bug in summariser (ZeroDivisionError at " in str(failed.error)


# ── with a store ─────────────────────────────────────────────────────────────────────────────────


def run(path: Path, server: Server, count: int = 8, **more: object) -> tuple[list, Batch]:
    session = Session(model=server.model, settings=load_settings(store=path, **more.pop("settings", {})))
    items = (Item(id=str(n), text=text) for n, text in enumerate(texts(count)))
    batch = Batch(items=items, session=session, budget=more.pop("budget", Budget("openai/fake")), concurrency=4, **more)
    with session:
        return list(batch.run()), batch


def test_a_second_run_asks_nothing_and_gives_the_same(tmp_path: Path):
    server = Server()
    first, _ = run(tmp_path / "s", server)
    second, _ = run(tmp_path / "s", server)
    assert len(server.asked) == 8
    assert {r.id: r.summary for r in first} == {r.id: r.summary for r in second}
    assert all(r.kept for r in second)


def test_a_text_that_comes_twice_is_summarised_once(tmp_path: Path):
    server = Server()
    session = Session(model=server.model, settings=load_settings(store=tmp_path / "s"))
    items = [Item(id=str(n), text=TEXT) for n in range(20)]
    with session:
        results = list(Batch(items=items, session=session, budget=Budget("x/y"), concurrency=8).run())
    assert (len(server.asked), sorted(r.id for r in results if r.summary)) == (1, sorted(str(n) for n in range(20)))


def test_what_failed_is_kept_as_failed_until_it_is_retried(tmp_path: Path):
    path = tmp_path / "s"
    first, _ = run(path, failing(3))
    assert [r.id for r in first if r.failed] == ["3"]
    good = Server()
    second, _ = run(path, good)
    (failed,) = [r for r in second if r.failed]
    assert "It failed in an earlier run; set retry_failed or refresh" in str(failed.error)
    assert failed.to_json()["error"]["code"] == "RefusedError"
    assert good.asked == []
    third, _ = run(path, good, retry_failed=True)
    assert (len(good.asked), [r.id for r in third if r.failed]) == (1, [])


def test_a_budget_begins_nothing_more_and_the_next_run_goes_on(tmp_path: Path):
    server, path = Server(), tmp_path / "s"
    first, batch = run(path, server, 40, budget=Budget("openai/fake", max_tokens=600))
    assert batch.over_budget
    assert batch.budget.tokens <= 600 + 4 * 120  # what was under way
    assert len(first) == len(server.asked)
    second, batch = run(path, server, 40)
    assert (len(second), len(server.asked), batch.over_budget) == (40, 40, False)


def test_a_budget_in_money_is_kept_where_the_price_is_known(tmp_path: Path):
    budget = Budget("openai/gpt-4o-mini", max_cost=1e-4)
    _, batch = run(tmp_path / "s", Server(), 40, budget=budget)
    assert batch.over_budget
    assert budget.cost is not None and 1e-4 <= budget.cost <= 1e-4 + 4 * 3e-5


def test_answers_of_the_store_cost_no_budget(tmp_path: Path):
    server, path = Server(), tmp_path / "s"
    run(path, server)
    _, batch = run(path, server)
    assert batch.budget.tokens == 0


def test_a_limit_ends_the_run_after_so_many(tmp_path: Path):
    results, batch = run(tmp_path / "s", Server(), 40, limit=7)
    assert (len(results), batch.over_budget) == (7, False)


def test_a_stop_finishes_what_is_under_way(tmp_path: Path):
    server = Server()
    session = Session(model=server.model, settings=load_settings(store=tmp_path / "s"))
    items = (Item(id=str(n), text=text) for n, text in enumerate(texts(500)))
    batch = Batch(items=items, session=session, budget=Budget("x/y"), concurrency=4)
    with session:
        results = []
        for result in batch.run():
            results.append(result)
            batch.stop()
    assert 1 <= len(results) == len(server.asked) < 500


# ── the gate ─────────────────────────────────────────────────────────────────────────────────────


class Clock:
    """Time that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def throttle(clock: Clock | None = None, **limits: float) -> Throttle:
    gate = Throttle(most=16, budget=Budget("x/y"), clock=clock or Clock(), **limits)
    gate.turn.acquire()
    return gate


def passed(gate: Throttle, answer: object = None) -> None:
    async def attempt() -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    run_now(gate.pass_through(attempt))


def complain(gate: Throttle, error: TransientError) -> None:
    with pytest.raises(TransientError):
        passed(gate, error)


@pytest.mark.parametrize("status", [429, 503, 408, None])
def test_a_complaint_halves_how_many_may_be_under_way_and_answers_bring_it_back(status: int | None):
    clock = Clock()
    gate = throttle(clock)
    complain(gate, TransientError("too much", status=status))
    assert gate.limit == 8
    complain(gate, TransientError("too much", status=status))
    assert gate.limit == 8  # about the same moment
    clock.now += 2
    complain(gate, TransientError("too much", status=status))
    assert gate.limit == 4
    for _ in range(200):
        passed(gate)
    assert gate.limit == 16


def test_an_error_of_the_servers_own_is_no_complaint():
    gate = throttle()
    complain(gate, TransientError("broken", status=500))
    assert gate.limit == 16


def test_when_the_server_asks_to_wait_all_wait():
    clock = Clock()
    gate = throttle(clock)
    complain(gate, TransientError("slow down", status=429, retry_after=7))
    assert gate._seconds_to_wait() == pytest.approx(7)
    clock.now += 7
    assert gate._seconds_to_wait() == 0


def test_requests_and_tokens_a_minute_are_kept():
    clock = Clock()
    gate = throttle(clock, requests_per_minute=60, tokens_per_minute=6000)
    passed(gate, OK)
    assert gate._seconds_to_wait() == pytest.approx(1.2)  # 120 tokens at 100 a second
    clock.now += 1.2
    passed(gate)
    assert gate._seconds_to_wait() == pytest.approx(1)


# ── sources ──────────────────────────────────────────────────────────────────────────────────────


def test_files_folders_patterns_lists_and_lines_of_json_are_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "in/b.md", "in/deep/c.txt", "in/.hidden/x.txt", "in/d.png"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(TEXT, "utf-8")
    Path("list").write_text("a.txt\n\nin/b.md\n", "utf-8")
    line = {"id": "7", "text": TEXT, "published": "2024-06-19", "source": "wire"}
    Path("docs.jsonl").write_text(json.dumps(line) + "\n\n" + json.dumps({"text": TEXT}) + "\n", "utf-8")
    assert count(["a.txt", "in", "in/*.md", "@list", "docs.jsonl", "none.txt"]) == 9
    assert count(["a.txt", "-"]) is None
    assert [i.id for i in items_from(["a.txt", "in", "in/*.md", "@list"])] == [
        "a.txt", "in/b.md", "in/deep/c.txt", "in/b.md", "a.txt", "in/b.md",
    ]  # fmt: skip
    first, second = items_from(["docs.jsonl"])
    document = first.document()
    assert (first.id, document.source, str(document.published)) == ("7", "wire", "2024-06-19")
    assert second.id == "docs.jsonl:3"  # which counts empty lines


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "docs.jsonl:1 is no JSON"),
        ("[]", 'docs.jsonl:1 has no "text"'),
        ('{"text": 7}', 'The "text" of docs.jsonl:1 is a number; write one JSON object per line'),
        ('{"text": ["a", "b"]}', 'The "text" of docs.jsonl:1 is a list'),
        ('{"text": "x", "published": "soon"}', "write a date such as 2024-06-19"),
        ('{"text": "  "}', "docs.jsonl:1 is empty"),
    ],
)
def test_a_line_that_is_no_document_is_one_failure_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, told: str
):
    monkeypatch.chdir(tmp_path)
    Path("docs.jsonl").write_text(f"{content}\n" + json.dumps({"text": TEXT}) + "\n", "utf-8")
    wrong, right = items_from(["docs.jsonl"])
    with pytest.raises(InputError, match=told.replace("[", r"\[")):
        wrong.document()
    assert right.document().title


@pytest.mark.parametrize("source", ["none.jsonl", "@none", "none/*.txt", "none.txt"])
def test_a_source_that_does_not_exist_is_one_failure(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (item,) = items_from([source])
    with pytest.raises(InputError):
        item.document()


# ── output ───────────────────────────────────────────────────────────────────────────────────────


def results_of(count: int = 3) -> list:
    return sorted(summarise_many(texts(count), model=failing(1).model, concurrency=2), key=lambda r: r.number)


def test_rows_have_an_item_each_and_a_failure_one(tmp_path: Path):
    good, bad, _ = results_of()
    rows = list(rows_of(good))
    assert [row["kind"] for row in rows].count("commitment") == 1
    assert {key for row in rows for key in row} <= set(COLUMNS)
    (commitment,) = [row for row in rows if row["kind"] == "commitment"]
    assert (commitment["who"], commitment["label"]) == ("Arlen; Bocia", "agreed")
    (risk,) = [row for row in rows if row["kind"] == "risk"]
    assert (risk["verified"], risk["verdict"], risk["match"], "reason" in risk) == (
        True,
        "supported",
        "verbatim",
        False,
    )
    arlen = next(row for row in rows if row.get("item") == "P1")
    assert (arlen["verified"], arlen["verdict"], "reason" in arlen) == (True, "supported", False)
    assert [row["error"] for row in rows_of(bad)] == ["The model refused; try another."]


def test_csv_and_parquet_hold_the_same_rows(tmp_path: Path):
    pyarrow = pytest.importorskip("pyarrow.parquet")
    for format in ("csv", "parquet"):
        with written(tmp_path / f"out.{format}", format) as writer:
            for result in results_of():
                writer.write(result)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pyarrow.read_table(tmp_path / "out.parquet").to_pylist()
    assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in table] == rows


def test_a_file_appears_whole_and_also_after_an_error(tmp_path: Path):
    path = tmp_path / "out.jsonl"

    def write_two_and_fail() -> None:
        with written(path, "jsonl") as writer:
            for result in results_of()[:2]:
                writer.write(result)
            assert not path.exists()
            raise ConfigurationError("no more")

    with pytest.raises(ConfigurationError):
        write_two_and_fail()
    assert [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()] == ["0", "1"]
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_document_with_an_error_that_ends_the_run_is_not_asked_again(monkeypatch: pytest.MonkeyPatch):
    server = Server()
    asked_again, ends = threading.Event(), Batch._end

    def late(batch: Batch, error: BaseException) -> None:
        asked_again.wait(0.3)  # the other workers look for a document meanwhile
        ends(batch, error)

    def answer(text: str) -> object:
        if len(server.asked) > 1:
            asked_again.set()
        raise ConfigurationError("no more")

    server.of = answer
    monkeypatch.setattr(Batch, "_end", late)
    with pytest.raises(ConfigurationError, match="no more"):
        list(summarise_many(texts(1), model=server.model))
    assert len(server.asked) == 1


# ── texts that come several times, rows that are damaged, runs that go on ────────────────────────


def run_items(path: Path, server: Server, items: list[Item], **more: object) -> list:
    session = Session(model=server.model, settings=load_settings(store=path, **more.pop("settings", {})))
    with session:
        return list(Batch(items=items, session=session, budget=Budget("x/y"), **more).run())


def same(count: int) -> list[Item]:
    return [Item(id=str(n), text=TEXT) for n in range(count)]


def test_in_the_sources_order_a_text_that_comes_twice_holds_nobody_up(tmp_path: Path):
    rest = [Item(id=f"t{n}", text=text) for n, text in enumerate(texts(60))]
    others = threading.Event()  # whom the first waits for, so that the second finds its text in hand

    def answer(text: str) -> object:
        if "It was day 3." in text:
            others.set()
        if "It was day" not in text:
            others.wait(60)
        return OK

    results = run_items(tmp_path / "s", Server(answer), [*same(2), *rest], concurrency=2, order="input")
    assert [r.number for r in results] == list(range(62))


def test_many_documents_in_other_hands_hold_nobody_up(tmp_path: Path):
    other = Store(tmp_path / "s")
    server = Server()
    session = Session(model=server.model, settings=load_settings(store=tmp_path / "s"))
    items = [Item(id=f"t{n}", text=text) for n, text in enumerate(texts(340))]
    with session:
        for item in items[:300]:
            other.claim(session.key(item.document()))
        results = []
        for result in Batch(items=items, session=session, budget=Budget("x/y"), concurrency=16).run():
            results.append(result)
            if len(results) == 20:
                other.close()  # which ends its claims
    assert len({r.id for r in results}) == 340


def test_a_damaged_summary_is_made_anew(tmp_path: Path):
    path, server = tmp_path / "s", Server()
    run_items(path, server, same(1))
    with sqlite3.connect(path) as file:
        file.execute("UPDATE summaries SET json = x'00'")
        file.execute("DELETE FROM answers")
    file.close()
    (result,) = run_items(path, server, same(1))
    assert (result.kept, result.error, len(server.asked)) == (False, None, 2)


def test_a_text_that_comes_several_times_is_made_anew_once(tmp_path: Path):
    path, server = tmp_path / "s", Server()
    run_items(path, server, same(3))
    results = run_items(path, server, same(3), settings={"refresh": True})
    assert (len(server.asked), [bool(r.summary) for r in results]) == (2, [True] * 3)


def test_a_text_that_comes_several_times_and_fails_again_is_tried_once(tmp_path: Path):
    path, server = tmp_path / "s", Server(RefusedError("The model refused; try another."))
    run_items(path, server, same(3))
    results = run_items(path, server, same(3), retry_failed=True)
    assert len(server.asked) == 2
    assert sorted("The same text failed in this run" in str(r.error) for r in results) == [False, True, True]


def test_a_provider_that_fails_in_the_middle_of_a_document_leaves_it_to_the_next_run(tmp_path: Path):
    path = tmp_path / "s"
    down = TransientError("The server failed; try again.", status=500)
    server = Server(lambda text: down if "headline" in text.casefold() else completion({"parties": []}))
    session = Session(model=server.model, prompt="sections@3", settings=load_settings(store=path))
    with session:
        (result,) = Batch(items=same(1), session=session, budget=Budget("x/y")).run()
        assert result.failed
        assert session.store is not None and session.store.failure(session.key(same(1)[0].document())) is None


def test_idle_workers_at_the_end_of_the_sources_do_not_wake_one_another():
    class Ending(Iterator[Item]):
        def __init__(self, *found: Item) -> None:
            self.found, self.ended = list(found), threading.Semaphore(0)

        def __next__(self) -> Item:
            if self.found:
                return self.found.pop()
            self.ended.release()
            raise StopIteration

    sources = Ending(Item(id="one", text="Arlen signed."))

    def answer(wire: object) -> object:
        for _ in range(4):
            assert sources.ended.acquire(timeout=60)  # each of the idle workers has looked once
        assert not sources.ended.acquire(timeout=0.5)
        return ANSWER

    session = Session(model=FakeModel(answer), settings=load_settings())
    with session:
        (result,) = Batch(items=sources, session=session, budget=Budget("x/y"), concurrency=4).run()
    assert result.status == "ok"


def test_a_budget_that_the_last_document_reaches_ends_nothing(tmp_path: Path):
    _, batch = run(tmp_path / "s", Server(), 5, budget=Budget("openai/fake", max_tokens=5 * 120))
    assert not batch.over_budget
