"""The tools for users' own tests: a model with a queue, and cassettes."""

import asyncio
import json
import re
import threading
from pathlib import Path

import pytest

from summariser import asummarise, open_model, summarise, summarise_many, testing
from summariser.errors import ConfigurationError, RecordingsError, RefusedError
from summariser.models.exchange import Wire
from summariser.settings import load_settings
from summariser.testing import FakeModel, cassette, completion
from tests.loopback import Loopback, answers, fails
from tests.test_batch import texts
from tests.test_pipeline import ANSWER, TEXT, changed

KEY = "sk-secret-0123456789"


# ── FakeModel ────────────────────────────────────────────────────────────────────────────────────


def test_answers_are_objects_texts_or_completions_and_come_in_order():
    asked = FakeModel(ANSWER, json.dumps(changed(headline="b")), completion(changed(headline="c"), output_tokens=7))
    summaries = [summarise(TEXT, model=asked) for _ in range(3)]
    assert [summary.headline for summary in summaries] == [ANSWER["headline"], "b", "c"]
    assert [summary.run.output_tokens for summary in summaries] == [20, 20, 7]


def test_an_exception_is_raised():
    with pytest.raises(RefusedError, match="no"):
        summarise(TEXT, model=FakeModel(RefusedError("no")))


def test_it_remembers_what_it_was_asked():
    asked = FakeModel(ANSWER)
    summarise(TEXT, model=asked)
    (request,) = asked.requests
    assert request["model"] == "fake"
    assert "Arlen and Bocia signed a treaty" in request["messages"][-1]["content"]


def test_a_function_answers_by_the_request():
    def answer(wire: Wire) -> object:
        day = re.search(r"It was day (\d+)", wire["messages"][-1]["content"])
        return changed(headline=f"Day {day[1]}" if day else "none")

    results = summarise_many(texts(5), model=FakeModel(answer), concurrency=4, order="input")
    assert [r.summary.headline for r in results if r.summary] == [f"Day {number}" for number in range(5)]


@pytest.mark.parametrize("many", [False, True])
def test_an_empty_queue_is_told_in_one_sentence(many: bool):
    asked = FakeModel(ANSWER)
    with pytest.raises(ConfigurationError, match="has 1 answers and was asked 2 times; give it an answer for each"):
        list(summarise_many(texts(2), model=asked)) if many else [summarise(text, model=asked) for text in texts(2)]


def test_it_stands_in_threads_and_in_an_event_loop():
    asked = FakeModel(*[ANSWER] * 9)
    threads = [threading.Thread(target=summarise, args=(TEXT,), kwargs={"model": asked}) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asyncio.run(asummarise(TEXT, model=asked)).run.status == "ok"
    assert len(asked.requests) == 9


# ── cassettes ────────────────────────────────────────────────────────────────────────────────────


def settings_for(server: Loopback, **more: object):
    return load_settings(base_url=server.url.replace("://", "://me:passw0rd@"), api_key=KEY, **more)


def test_what_is_recorded_is_replayed_without_a_key_or_a_network(tmp_path: Path):
    with Loopback([answers(ANSWER)]) as server, cassette(
        tmp_path / "c", "record", model="openai/x", settings=settings_for(server)
    ) as model:  # fmt: skip
        first = summarise(TEXT, model=model)
    with cassette(tmp_path / "c", model="openai/x") as model:
        again = summarise(TEXT, model=model)
        there = asyncio.run(asummarise(TEXT, model=model))
    assert again.run.output_tokens == first.run.output_tokens == 10
    assert first.model_copy(update={"run": again.run}) == again == there.model_copy(update={"run": again.run})


def test_no_key_password_or_address_is_written(tmp_path: Path):
    with Loopback([fails(429, headers={"Retry-After": "0"}), answers(ANSWER)]) as server, cassette(
        tmp_path, "record", model="openai/x", settings=settings_for(server)
    ) as model:  # fmt: skip
        summarise(TEXT, model=model)
        address = server.url.split("/")[2]
    (path,) = tmp_path.iterdir()
    text = path.read_text("utf-8")
    assert not [secret for secret in (KEY, "passw0rd", address, "authorization") if secret in text.casefold()]
    assert "Arlen and Bocia signed a treaty" in text


def test_a_request_that_was_not_recorded_is_told_with_the_difference(tmp_path: Path):
    with cassette(tmp_path, "record", model=FakeModel(ANSWER, name="openai/x")) as model:
        summarise(TEXT, model=model)
    for path, says in ((tmp_path, "Snow fell"), (tmp_path / "none", "is not recorded yet")):
        with cassette(path, model=FakeModel(name="openai/x")) as model, pytest.raises(RecordingsError) as caught:
            summarise(f"{TEXT} Snow fell.", model=model)
        assert re.search(says, str(caught.value))
        assert 'record it with cassette(..., "auto")' in str(caught.value)


def test_auto_asks_for_what_is_not_recorded_alone_and_record_for_all(tmp_path: Path):
    first, second, third = FakeModel(*[ANSWER] * 2), FakeModel(ANSWER), FakeModel(*[ANSWER] * 3)
    for count, mode, asked in ((2, "record", first), (3, "auto", second), (3, "record", third)):
        with cassette(tmp_path, mode, model=asked) as model:
            assert [summarise(text, model=model).run.status for text in texts(count)] == ["ok"] * count
    assert [len(each.requests) for each in (first, second, third)] == [2, 1, 3]
    assert len(list(tmp_path.iterdir())) == 3


def test_in_an_event_loop_the_model_is_asked_by_connections_of_its_own(tmp_path: Path):
    with Loopback([answers(ANSWER)]) as server:
        with cassette(tmp_path, "auto", model="openai/x", settings=settings_for(server)) as model:
            assert [asyncio.run(asummarise(TEXT, model=model)).run.status for _ in range(2)] == ["ok"] * 2
    assert len(server.requests) == 1


def test_a_model_that_was_opened_before_is_recorded_and_stays_open(tmp_path: Path):
    with Loopback(otherwise=answers(ANSWER)) as server, open_model("openai/x", settings_for(server)) as given:
        with cassette(tmp_path, "record", model=given) as model:
            summarise(TEXT, model=model)
        assert summarise(TEXT, model=given).run.status == "ok"
        assert len(server.requests) == 2


@pytest.mark.parametrize("mode", ["live", "", None])
def test_another_mode_is_refused_at_the_call(tmp_path: Path, mode: object):
    with pytest.raises(ConfigurationError, match=r"mode is .*; choose one of replay, record, auto"):
        cassette(tmp_path, mode)  # type: ignore[arg-type]  # what a script may pass


def test_the_examples_in_the_docstring_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fake, real = re.findall(r"::\n\n((?:    .*\n|\n)+)", testing.__doc__ or "")
    names: dict[str, object] = {"REPORT": TEXT}
    for example in (fake, real):
        exec(re.sub(r"^    ", "", example, flags=re.MULTILINE), names)  # noqa: S102  # our own
    monkeypatch.chdir(tmp_path)
    names["test_my_report"]()  # type: ignore[operator]
    with Loopback([answers(ANSWER)]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        names["test_my_report_for_real"]()  # type: ignore[operator]
    assert (tmp_path / "tests" / "cassettes" / "report").is_dir()
