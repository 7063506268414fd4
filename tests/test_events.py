"""What a listener hears: of which document, at which stage, how far; and a progress bar that it drives."""

import asyncio
import re
import threading
from collections.abc import Callable

import pytest

from summariser import AsyncSummariser, Summariser, asummarise_many, events, models, summarise, summarise_many
from summariser.documents.document import Document
from summariser.errors import TransientError
from summariser.testing import FakeModel
from tests.test_batch import failing, texts
from tests.test_pipeline import ANSWER, TEXT


class Bar:
    """A progress bar; `show` is the listener that drives it."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def show(self, event: events.Event) -> None:
        if event.stage == "finished":
            self.shown.append(f"{event.done} of {event.total}")


@pytest.mark.parametrize("in_event_loop", [False, True])
def test_a_listener_drives_a_progress_bar_over_many_documents(in_event_loop: bool):
    bar, model = Bar(), failing(2).model

    async def main() -> None:
        async for _ in asummarise_many(list(texts(5)), model=model, listener=bar.show):
            pass

    if in_event_loop:
        asyncio.run(main())
    else:
        list(summarise_many(list(texts(5)), model=model, listener=bar.show))
    assert bar.shown == [f"{number} of 5" for number in range(1, 6)]


def test_where_nobody_knows_how_many_there_are_the_total_is_none():
    bar = Bar()
    list(summarise_many(texts(2), model=FakeModel(lambda wire: ANSWER), listener=bar.show))
    assert bar.shown == ["1 of None", "2 of None"]


def test_every_event_says_which_document_and_which_stage_it_is_about():
    heard = list[events.Event]()
    sources = [Document.from_text(text, source=f"report {n}") for n, text in enumerate(texts(3))]
    model = FakeModel({"parties": []}, {"headline": "h", "overview": "o"})
    summarise(sources[0], model=model, prompt="sections@3", listener=heard.append)
    assert [(e.stage, e.document, e.done, e.total) for e in heard] == [
        ("asking", "report 0", 0, 2),
        ("asking", "report 0", 1, 2),
        ("finished", "report 0", 1, 1),
    ]
    heard.clear()
    results = list(summarise_many(sources, model=FakeModel(lambda wire: ANSWER), listener=heard.append))
    assert {e.document for e in heard} == {result.id for result in results} == {"report 0", "report 1", "report 2"}
    assert {e.stage for e in heard} == {"asking", "finished"}
    assert {e.status for e in heard if isinstance(e, events.Finished)} == {"ok"}


def test_a_wait_for_the_provider_says_for_which_document():
    heard = list[events.Event]()
    model = FakeModel(TransientError("The server is busy; try again."), ANSWER, sleep=lambda seconds: None)
    model.retry_seconds = 60
    summarise(Document.from_text(TEXT, source="mine"), model=model, listener=heard.append)
    (waiting,) = [e for e in heard if isinstance(e, events.Waiting)]
    assert (waiting.document, waiting.reason) == ("mine", "The server is busy; try again.")


def test_the_calls_of_a_listener_never_overlap():
    inside, overlaps = threading.Lock(), 0

    def listen(event: events.Event) -> None:
        nonlocal overlaps
        overlaps += not inside.acquire(blocking=False)
        inside.release()

    with Summariser(model=FakeModel(lambda wire: ANSWER), listener=listen) as summariser:
        assert len(list(summariser.summarise_many(texts(60), concurrency=16))) == 60
    assert overlaps == 0


@pytest.mark.parametrize("in_event_loop", [False, True])
def test_a_single_summary_is_told_in_the_thread_of_its_caller(in_event_loop: bool):
    threads = set[int | None]()
    listen: Callable[[events.Event], None] = lambda event: threads.add(threading.current_thread().ident)  # noqa: E731

    async def main() -> None:
        async with AsyncSummariser(model=FakeModel(ANSWER), listener=listen) as summariser:
            await summariser.summarise(TEXT)

    if in_event_loop:
        asyncio.run(main())
    else:
        summarise(TEXT, model=FakeModel(ANSWER), listener=listen)
    assert threads == {threading.current_thread().ident}


def test_every_stage_is_an_event_and_the_other_way_round():
    kinds = events.Event.__subclasses__()
    assert {kind.stage for kind in kinds if hasattr(kind, "stage")} == set(events.Stage.__args__)


def test_the_example_in_the_docstring_runs(capsys: pytest.CaptureFixture[str]):
    example = re.search(r"::\n\n((?:    .*\n|\n)+)", events.__doc__ or "")
    assert example is not None
    code = re.sub(r"^    ", "", example[1], flags=re.MULTILINE)
    model = FakeModel(lambda wire: ANSWER)
    names: dict[str, object] = {"paths": list(texts(3))}
    exec(code.replace("listener=show", "listener=show, model=model"), names | {"model": model})  # noqa: S102  # ours
    assert "summarising" in capsys.readouterr().out


def test_what_is_heard_while_a_model_is_opened_for_an_event_loop_is_heard_in_its_thread(
    monkeypatch: pytest.MonkeyPatch,
):
    heard: list[tuple[str, int | None]] = []

    def open_model(name: str, settings: object, *, listener: events.Listener, in_event_loop: bool) -> FakeModel:
        listener(events.Loading(name))
        return FakeModel(ANSWER, name=name)

    monkeypatch.setattr(models, "open_model", open_model)
    listen = lambda event: heard.append((event.stage, threading.current_thread().ident))  # noqa: E731

    async def main() -> None:
        async with AsyncSummariser(model="local/x", prompt="brief", listener=listen) as summariser:
            await summariser.summarise(TEXT)

    asyncio.run(main())
    assert heard == [(stage, threading.current_thread().ident) for stage in ("loading", "asking", "finished")]
