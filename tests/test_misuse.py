"""What a caller may do wrong, and what must survive it."""

import asyncio
import pickle
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from summariser import (
    AsyncSummariser,
    ConfigurationError,
    RecordingsError,
    StoreError,
    Summariser,
    events,
    load_settings,
    open_model,
    summarise,
    summarise_many,
)
from summariser.errors import KnownFailureError, ListenerError
from summariser.schema import declared
from summariser.testing import FakeModel, cassette
from tests.small_suite import NOTHING
from tests.test_fifth_kind import APPOINTMENT

TEXT = "Arlen signed a pact."


@pytest.mark.parametrize("error", [CancelledError, asyncio.CancelledError])
def test_a_cancelled_source_does_not_end_a_run_silently(error: type[BaseException]):
    def sources() -> Iterator[str]:
        yield TEXT
        raise error

    with pytest.raises(error):
        list(summarise_many(sources(), model=FakeModel(NOTHING)))


@pytest.mark.parametrize("stage", ["asking", "finished"])
def test_an_exception_of_a_listener_ends_a_run_with_its_own_reason(stage: str):
    def listener(event: events.Event) -> None:
        if event.stage == stage:
            raise ValueError("mine")

    with pytest.raises(ListenerError, match=r"The listener failed \(ValueError: mine\)"):
        list(summarise_many([TEXT], model=FakeModel(NOTHING), listener=listener))


def test_a_request_after_all_recordings_are_used_is_shown_with_its_difference(tmp_path: Path):
    with cassette(tmp_path / "c", "auto", model=FakeModel(NOTHING)) as model:
        summarise("One signed.", model=model)
    with cassette(tmp_path / "c", model=FakeModel()) as model:
        summarise("One signed.", model=model)
        with pytest.raises(RecordingsError, match="is asked otherwise than it was recorded"):
            summarise("Two signed.", model=model)


def test_errors_and_summaries_of_declared_kinds_survive_pickling():
    error = pickle.loads(pickle.dumps(KnownFailureError("It failed.", code="x")))  # noqa: S301
    assert (str(error), error.code) == ("It failed.", "x")
    with declared(APPOINTMENT):
        summary = summarise(TEXT, model=FakeModel({**NOTHING, "appointments": []}))
        assert pickle.loads(pickle.dumps(summary)) == summary  # noqa: S301


def test_an_async_summariser_belongs_to_one_event_loop():
    client = AsyncSummariser(model=FakeModel(NOTHING, NOTHING))
    asyncio.run(client.summarise(TEXT))
    with pytest.raises(ConfigurationError, match="another event loop"):
        asyncio.run(client.summarise(f"{TEXT} It rained."))


def test_wrong_types_and_paths_are_one_sentence():
    with pytest.raises(ConfigurationError, match="pass the model as provider/name"):
        open_model(3, load_settings())  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="what load_settings returns"):
        open_model("openai/x", None)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="is not a path"):
        Summariser(model=FakeModel(NOTHING), store="a\0b").summarise(TEXT)
