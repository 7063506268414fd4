"""Summariser and AsyncSummariser: opened once, shared by all calls, the same in threads and in an event loop."""

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from summariser import (
    AsyncSummariser,
    BudgetError,
    ConfigurationError,
    IncompleteError,
    InputError,
    InvalidOutputError,
    ProviderError,
    RefusedError,
    Summariser,
    SummariserError,
    TruncatedError,
    asummarise,
    asummarise_many,
    load_settings,
    models,
    summarise,
    summarise_many,
)
from summariser.batch.results import Result
from summariser.models.exchange import Wire
from summariser.settings import Settings
from summariser.testing import FakeModel
from tests.loopback import Loopback, answers
from tests.test_batch import failing, texts
from tests.test_pipeline import ANSWER, TEXT, made


class Opened:
    """Stands for opening a model: counts how often, and whether each was closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: object = ANSWER) -> None:
        self.count = self.closed = 0
        self.answer = answer
        monkeypatch.setattr(models, "open_model", self)

    def __call__(self, name: str, settings: Settings, **more: object) -> FakeModel:
        self.count += 1
        return FakeModel(lambda wire: self.answer, name=name, close=self.close)

    def close(self) -> None:
        self.closed += 1


# ── opened once ──────────────────────────────────────────────────────────────────────────────────


def test_the_model_is_opened_when_it_is_first_needed_and_shared_by_all_threads(monkeypatch: pytest.MonkeyPatch):
    opened, got = Opened(monkeypatch), list[str]()
    with Summariser(model="openai/x") as summariser:
        assert opened.count == 0
        threads = [
            threading.Thread(target=lambda text=text: got.append(summariser.summarise(text).headline))
            for text in texts(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [result.status for result in summariser.summarise_many(texts(3))] == ["ok"] * 3
        assert (opened.count, opened.closed, len(got)) == (1, 0, 8)
    assert opened.closed == 1


def test_the_model_is_opened_once_for_all_tasks_too(monkeypatch: pytest.MonkeyPatch):
    opened = Opened(monkeypatch)

    async def main() -> None:
        async with AsyncSummariser(model="openai/x") as summariser:
            summaries = await asyncio.gather(*map(summariser.summarise, texts(8)))
            assert [summary.run.status for summary in summaries] == ["ok"] * 8
            assert [result.status async for result in summariser.summarise_many(texts(3))] == ["ok"] * 3
            assert (opened.count, opened.closed) == (1, 0)

    asyncio.run(main())
    assert opened.closed == 1


def test_one_server_is_asked_by_one_connection_after_another():
    with Loopback(otherwise=answers(ANSWER)) as server:
        with Summariser(model="openai/x", base_url=server.url) as summariser:
            assert [summariser.summarise(text).headline for text in texts(3)] == [ANSWER["headline"]] * 3
    assert len(server.requests) == 3


def test_a_store_is_opened_once_and_several_batches_may_use_it_at_once(tmp_path: Path):
    asked, done = FakeModel(lambda wire: ANSWER), list[Result]()
    with Summariser(model=asked, store=tmp_path / "s", concurrency=2) as summariser:
        assert not (tmp_path / "s").exists()
        threads = [threading.Thread(target=lambda: done.extend(summariser.summarise_many(texts(12)))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(done), len(asked.requests)) == (36, 12)


def test_without_a_with_it_is_closed_by_hand_and_closing_twice_is_harmless(monkeypatch: pytest.MonkeyPatch):
    opened = Opened(monkeypatch)
    summariser = Summariser(model="openai/x")
    assert summariser.summarise(TEXT).run.status == "ok"
    summariser.close()
    summariser.close()
    assert opened.closed == 1
    with pytest.raises(ConfigurationError, match="This Summariser is closed; open another"):
        summariser.summarise(TEXT)


def test_a_model_that_cannot_be_opened_is_tried_again_by_the_next_call(monkeypatch: pytest.MonkeyPatch):
    opened = Opened(monkeypatch)
    monkeypatch.setattr(opened, "answer", ANSWER)
    tries = iter([ConfigurationError("No key; set one."), None])

    def open_model(name: str, settings: Settings, **more: object) -> FakeModel:
        if (error := next(tries)) is not None:
            raise error
        return opened(name, settings)

    monkeypatch.setattr(models, "open_model", open_model)

    async def main() -> None:
        async with AsyncSummariser(model="openai/x") as summariser:
            with pytest.raises(ConfigurationError, match="No key"):
                await summariser.summarise(TEXT)
            assert (await summariser.summarise(TEXT)).run.status == "ok"

    asyncio.run(main())


def test_a_call_that_is_cancelled_while_the_model_is_opened_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch):
    begun, go_on, closed = threading.Event(), threading.Event(), threading.Event()

    def open_model(name: str, settings: Settings, **more: object) -> FakeModel:
        begun.set()
        assert go_on.wait(60)
        return FakeModel(ANSWER, name=name, close=closed.set)

    monkeypatch.setattr(models, "open_model", open_model)

    async def main() -> None:
        task = asyncio.ensure_future(asummarise(TEXT, model="openai/x"))
        assert await asyncio.to_thread(begun.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()
        assert await asyncio.to_thread(closed.wait, 60)

    asyncio.run(main())


# ── arguments ────────────────────────────────────────────────────────────────────────────────────


def test_the_keywords_count_before_the_settings_and_the_settings_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("SUMMARISER_STORE", str(tmp_path / "other"))
    given = load_settings(temperature=0.5, seed=3).model_copy(update={"store": None})
    summariser = Summariser(model=FakeModel(), seed=7, timeout=5, api_key="sk-12345678", settings=given)
    found = summariser.settings
    assert (found.temperature, found.seed, found.store) == (0.5, 7, None)
    assert (found.timeout_seconds, found.local_timeout_seconds) == (5, 5)
    assert found.api_key is not None and found.api_key.get_secret_value() == "sk-12345678"
    assert Summariser(model=FakeModel()).settings.store == tmp_path / "other"
    assert Summariser(model=FakeModel(), store=str(tmp_path / "s")).settings.store == tmp_path / "s"


def test_every_keyword_is_documented():
    arguments = [name for name in inspect.signature(Summariser).parameters if name != "self"]
    assert all(f"    {name}: " in (inspect.getdoc(Summariser) or "") for name in arguments)
    assert inspect.signature(Summariser).parameters == inspect.signature(AsyncSummariser).parameters


CALLS: list[Callable[..., object]] = [Summariser, AsyncSummariser]
MANY: list[Callable[..., object]] = [
    summarise_many,
    asummarise_many,
    lambda sources, **more: Summariser(model=FakeModel()).summarise_many(sources, **more),
    lambda sources, **more: AsyncSummariser(model=FakeModel()).summarise_many(sources, **more),
]
ONE_SENTENCE = r"^[^.]+ [^\n]*\.$"


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"settings": {}}, "settings is of the type dict; pass what load_settings"),
        ({"model": 7}, "model is of the type int; pass a name as str, or what open_model returns"),
        ({"model": "gpt"}, "'gpt' is not a model name; write provider/model"),
        ({"prompt": "none"}, "none"),
        ({"listener": "print"}, "listener is of the type str; pass a function"),
        ({"published": "today"}, "published is of the type str; pass a day as datetime.date"),
        ({"concurrency": 0}, "concurrency is 0; give a whole number of 1 or more"),
        ({"timeout": -1}, "timeout is -1; give a number of"),
        ({"temperature": 9}, "temperature"),
        ({"language": "xx"}, "'xx' is not a known language code; choose one of"),
    ],
)
def test_a_wrong_argument_is_one_sentence_at_the_call(call: Callable[..., object], arguments: dict, says: str):
    with pytest.raises(SummariserError, match=ONE_SENTENCE) as caught:
        call(**{"model": "openai/x", **arguments})
    assert says in str(caught.value)
    assert "--" not in str(caught.value)


@pytest.mark.parametrize("call", MANY, ids=["function", "async function", "method", "async method"])
@pytest.mark.parametrize(
    ("sources", "arguments", "error", "says"),
    [
        (TEXT, {}, InputError, "pass a list, or another iterable"),
        (7, {}, InputError, "sources is of the type int"),
        ([TEXT], {"order": "size"}, ConfigurationError, "order is 'size'; choose one of completion, input"),
        ([TEXT], {"concurrency": "8"}, ConfigurationError, "concurrency is '8'; give a whole number"),
        ([TEXT], {"max_cost": -1}, ConfigurationError, "max_cost is -1; give a number of 0 or more"),
        ([TEXT], {"max_tokens": 1.5}, ConfigurationError, "max_tokens is 1.5; give a whole number"),
        ([TEXT], {"max_cost": 1}, ConfigurationError, "so no limit in US dollars is possible; set max_tokens"),
    ],
)
def test_a_wrong_argument_of_many_is_told_at_the_call_not_at_the_first_result(
    call: Callable[..., object], sources: object, arguments: dict, error: type[Exception], says: str
):
    given = {} if call in MANY[2:] else {"model": FakeModel()}
    with pytest.raises(error, match=ONE_SENTENCE) as caught:
        call(sources, **given, **arguments)
    assert says in str(caught.value)
    assert "--" not in str(caught.value)


def test_a_day_of_publication_holds_for_all_texts_but_where_a_call_gives_another():
    asked = FakeModel(lambda wire: ANSWER)
    with Summariser(model=asked, published=date(2031, 3, 3)) as summariser:
        assert summariser.summarise(TEXT).document.published == date(2031, 3, 3)
        assert summariser.summarise(TEXT, published=date(2030, 1, 1)).document.published == date(2030, 1, 1)
        (result,) = summariser.summarise_many([TEXT])
    assert result.summary is not None and result.summary.document.published == date(2031, 3, 3)


def test_threads_may_summarise_while_an_event_loop_runs_and_a_model_opened_for_them_serves_both():
    asked = FakeModel(lambda wire: ANSWER)

    async def main() -> tuple[str, str]:
        return (await asummarise(TEXT, model=asked)).headline, summarise(TEXT, model=asked).headline

    assert asyncio.run(main()) == (ANSWER["headline"], ANSWER["headline"])


# ── many documents in an event loop ──────────────────────────────────────────────────────────────


def collected(results: AsyncIterator[Result]) -> list[Result]:
    async def main() -> list[Result]:
        return [result async for result in results]

    return asyncio.run(main())


def test_every_source_gets_a_result_as_in_threads(tmp_path: Path):
    sources = [*texts(3), tmp_path / "none.txt"]
    here = {r.id: (r.status, str(r.error)) for r in summarise_many(sources, model=failing(1).model)}
    there = {r.id: (r.status, str(r.error)) for r in collected(asummarise_many(sources, model=failing(1).model))}
    assert here == there
    assert [status for status, _ in here.values()].count("failed") == 2


def test_results_come_in_the_order_of_the_sources_where_wanted_else_as_they_are_done():
    async def main(order: str) -> list[int]:
        others = asyncio.Event()

        async def transport(wire: Wire, listener: object) -> object:
            if "day 0." in wire["messages"][-1]["content"]:
                await others.wait()
            else:
                others.set()
            return FakeModel(ANSWER).transport(wire, listener)

        model = FakeModel().changed(transport=transport)
        return [r.number async for r in asummarise_many(texts(6), model=model, concurrency=2, order=order)]

    assert asyncio.run(main("input")) == list(range(6))
    numbers = asyncio.run(main("completion"))
    assert numbers[0] != 0 and sorted(numbers) == list(range(6))


def test_sources_may_come_asynchronously_and_are_taken_as_they_are_wanted():
    taken = 0

    async def endless() -> AsyncIterator[str]:
        nonlocal taken
        for text in texts(10_000):
            await asyncio.sleep(0)
            taken += 1
            yield text

    async def main() -> None:
        results = asummarise_many(endless(), model=FakeModel(lambda wire: ANSWER), concurrency=2)
        assert [(await anext(results)).status for _ in range(5)] == ["ok"] * 5
        await results.aclose()

    asyncio.run(main())
    assert taken < 1000


def test_no_thread_is_started_for_documents_in_an_event_loop():
    most = 0

    def answer(wire: Wire) -> object:
        nonlocal most
        most = max(most, threading.active_count())
        return ANSWER

    before = threading.active_count()
    assert len(collected(asummarise_many(texts(40), model=FakeModel(answer), concurrency=16))) == 40
    assert most == before


def test_no_more_than_so_many_at_once():
    async def main() -> int:
        active = most = 0

        async def transport(wire: Wire, listener: object) -> object:
            nonlocal active, most
            active += 1
            most = max(most, active)
            await asyncio.sleep(0)
            active -= 1
            return FakeModel(ANSWER).transport(wire, listener)

        results = asummarise_many(texts(40), model=FakeModel().changed(transport=transport), concurrency=3)
        assert len([result async for result in results]) == 40
        return most

    assert asyncio.run(main()) == 3


def test_an_error_that_would_meet_every_source_ends_the_run_and_is_raised():
    asked = FakeModel(lambda wire: ProviderError("The server refused the key; set another.", status=401))
    with pytest.raises(ProviderError, match="refused the key"):
        collected(asummarise_many(texts(500), model=asked, concurrency=2))
    assert len(asked.requests) <= 4


def test_a_budget_begins_nothing_more():
    asked = FakeModel(lambda wire: ANSWER)
    assert len(collected(asummarise_many(texts(40), model=asked, concurrency=4, max_tokens=600))) < 12


def test_an_error_of_the_sources_themselves_is_the_callers():
    def breaking() -> Iterator[str]:
        yield from texts(3)
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        collected(asummarise_many(breaking(), model=FakeModel(lambda wire: ANSWER)))


def test_a_text_that_comes_twice_is_summarised_once(tmp_path: Path):
    asked = FakeModel(lambda wire: ANSWER)
    results = collected(asummarise_many([TEXT] * 20, model=asked, settings=load_settings(store=tmp_path / "s")))
    assert (len(asked.requests), [r.status for r in results]) == (1, ["ok"] * 20)


# ── how it went ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("ok", None),
        ("partial", IncompleteError),
        ("refused", RefusedError),
        ("truncated", TruncatedError),
        ("invalid", InvalidOutputError),
        ("over_budget", BudgetError),
    ],
)
def test_whatever_is_not_ok_can_be_made_an_error(status: str, error: type[SummariserError] | None):
    whole = made()
    summary = whole.model_copy(update={"run": whole.run.model_copy(update={"status": status})})
    result = Result(
        number=0, id="a", source="a", summary=summary, error=None if error is None else IncompleteError("x")
    )
    assert result.status == status
    if error is None:
        summary.raise_for_status()
        result.raise_for_status()
        return
    for each in (summary, result):
        with pytest.raises(error) as caught:
            each.raise_for_status()
        assert type(caught.value) is error


def test_a_partial_result_says_so_in_one_status_everywhere_and_its_error_says_why():
    def refusing() -> FakeModel:
        return FakeModel({"parties": []}, RefusedError("The model refused; try another."))

    settings = load_settings(prompt="sections@3")
    summaries = [
        summarise(TEXT, model=refusing(), settings=settings),
        asyncio.run(asummarise(TEXT, model=refusing(), settings=settings)),
    ]
    results = [
        *summarise_many([TEXT], model=refusing(), settings=settings),
        *collected(asummarise_many([TEXT], model=refusing(), settings=settings)),
    ]
    assert [summary.run.status for summary in summaries] == [result.status for result in results] == ["refused"] * 2
    for each in (*summaries, *results):
        with pytest.raises(RefusedError, match="The model refused"):
            each.raise_for_status()


def test_a_result_without_a_summary_has_failed_and_raises_its_own_error():
    (result,) = summarise_many([TEXT], model=FakeModel(RefusedError("The model refused; try another.")))
    assert result.status == "failed"
    with pytest.raises(RefusedError, match="The model refused; try another"):
        result.raise_for_status()
