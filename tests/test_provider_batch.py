"""Documents through the provider's Batch API: the same results, nothing sent twice, whatever breaks in between."""

import json
import random
import sqlite3
from pathlib import Path

import pytest

from summariser import Summary, events, load_settings, summarise_many
from summariser.batch import Budget, Item, engine_for
from summariser.batch.provider import weight_of
from summariser.errors import ConfigurationError, ProviderError
from summariser.models.providers.openai_batch import BatchAPI, Reply, _reply, spent_on
from summariser.models.usage import Usage
from summariser.pipeline import Session
from summariser.storage.store import Store
from tests.conftest import SEED
from tests.test_batch import Server, texts
from tests.test_killed_batches import KILLS, Command, documents, provider, stats, wait_for_requests

ENGINE = ("--engine", "openai-batch")


PROMPT = "brief@2"  # whose requests the budgets below are made for


def settings_for(address: str, folder: Path, **more: object):
    given = {"model": "openai/x", "prompt": PROMPT, "poll_seconds": 0.01, **more}
    return load_settings(base_url=f"{address}/v1", store=folder / "batched.sqlite", **given)


def run(address: str, folder: Path, sources: object, **more: object) -> list:
    settings = settings_for(address, folder, **more.pop("settings", {}))
    return list(summarise_many(sources, engine="openai-batch", settings=settings, **more))


def said(summary: Summary) -> dict:
    """What a Summary says, but for what it took."""
    told = summary.model_dump(mode="json")
    return told | {"run": {k: v for k, v in told["run"].items() if k not in ("seconds", "cost_usd")}}


def test_the_results_are_those_of_requests_made_one_by_one(tmp_path: Path):
    with provider() as address:
        batched = {r.id: r.summary for r in run(address, tmp_path, texts(30))}
        counted = stats(address)
        settings = load_settings(base_url=f"{address}/v1", model="openai/x", prompt=PROMPT)
        single = {r.id: r.summary for r in summarise_many(texts(30), settings=settings)}
    assert {id: said(s) for id, s in batched.items()} == {id: said(s) for id, s in single.items()}
    assert (counted["batches"], counted["requests"], counted["files"]) == (["completed"], 31, 0)  # and one to try out


def test_questions_that_need_no_answer_go_out_together_and_the_others_when_it_is_there(tmp_path: Path):
    with provider() as address:
        short = {"prompt": "sections@3", "settings": {"passage_tokens": 500}}
        (result,) = run(address, tmp_path, [SEED.read_text("utf-8")], **short)
        counted = stats(address)
    assert result.summary.run.requests == counted["requests"] - 1 > 3
    assert len(counted["batches"]) == 2  # of all passages, then of the gist


def test_what_a_batch_costs_is_half(tmp_path: Path):
    with provider() as address:
        settings = load_settings(base_url=f"{address}/v1", store=tmp_path / "s", poll_seconds=0.01)
        known = {"model": "openai/gpt-4o-mini", "settings": settings}
        (half,) = summarise_many(texts(1), engine="openai-batch", **known)
        (whole,) = summarise_many(
            texts(1), model="openai/gpt-4o-mini", settings=settings.model_copy(update={"store": None})
        )
    assert half.summary.run.cost_usd == pytest.approx(whole.summary.run.cost_usd / 2, abs=1e-6)


def test_what_a_server_does_not_take_is_found_out_before_the_batch(tmp_path: Path):
    with provider("--without", "temperature") as address:
        results = run(address, tmp_path, texts(5))
        counted = stats(address)
    assert not [r for r in results if r.failed]
    assert (len(counted["batches"]), counted["requests"]) == (1, 7)  # two to try out


def test_a_wrong_key_or_address_is_found_out_before_anything_is_sent(tmp_path: Path):
    with provider() as address, pytest.raises(ProviderError, match="check the model's name and the base URL"):
        run(f"{address}/elsewhere", tmp_path, texts(5))


@pytest.mark.parametrize(("ending", "told"), [("failed", r"as failed \(too many tokens\)"), ("cancelled", "cancelled")])
def test_a_batch_that_the_provider_ends_is_told_and_can_be_sent_anew(tmp_path: Path, ending: str, told: str):
    with provider("--ending", ending) as address, pytest.raises(ProviderError, match=told):
        run(address, tmp_path, texts(5))
    with provider() as address:
        settings = settings_for(address, tmp_path)
        results = list(summarise_many(texts(5), engine="openai-batch", settings=settings))
    assert len([r for r in results if r.summary]) == 5


def test_while_the_server_fails_lines_without_an_answer_are_sent_again_and_tokens_add_up(tmp_path: Path):
    with provider("--failing", "--seed", "3") as address:
        settings = settings_for(address, tmp_path)
        session = Session(settings=settings)
        items = (Item(id=str(n), text=text) for n, text in enumerate(texts(150)))
        job = engine_for("openai-batch", items=items, session=session, budget=Budget("openai/x"))
        with session:
            results = list(job.run())
        counted = stats(address)
    assert sorted(r.id for r in results) == sorted(map(str, range(150)))
    assert job.budget.tokens == counted["input_tokens"] + counted["output_tokens"]
    failed = [type(r.error).__name__ for r in results if r.failed]
    assert set(failed) <= {"RefusedError", "TruncatedError", "InvalidOutputError"} and 0 < len(failed) < 15
    assert counted["injected"].keys() >= {"429", "500", "dropped", "hanging", "no json"}


def test_a_budget_is_never_exceeded_and_a_larger_one_goes_on(tmp_path: Path):
    with provider() as address:
        command = Batched(tmp_path, address)
        path = documents(tmp_path, 60)
        code, results, told = command.run(path, *ENGINE, "--max-tokens", 8_000)
        counted = stats(address)
        assert (code, 0 < len(results) < 60) == (6, True)
        assert counted["input_tokens"] + counted["output_tokens"] <= 8_000
        assert "The budget is reached" in told
        code, results, _ = command.run(path, *ENGINE)
        answered = stats(address)["answered"]
    assert (code, len(results)) == (0, 60)
    assert len([times for times in answered.values() if times == 1]) == 60  # and those to try out


@pytest.mark.slow
def test_however_often_a_run_is_killed_nothing_is_sent_twice(tmp_path: Path):
    count, chance, path = 30, random.Random(5), documents(tmp_path, 30)
    with provider("--looks", "25") as address:
        command = Batched(tmp_path, address)
        for _ in range(-(-KILLS // 2)):
            process = command.start(path, *ENGINE)
            wait_for_requests(address, stats(address)["calls"] + chance.randint(1, 12), process, what="calls")
            process.kill()
            process.communicate()
        processes = [command.start(path, *ENGINE) for _ in range(2)]
        outputs = [process.communicate(timeout=120)[0] for process in processes]
        counted = stats(address)
    assert [process.returncode for process in processes] == [0, 0]
    assert [len(output.splitlines()) for output in outputs] == [count, count]
    times = counted["answered"].values()
    assert len(times) == count + 1  # and the text that tries out
    assert sum(each > 1 for each in times) <= 1


@pytest.mark.parametrize(
    ("owner", "step"),
    [(Store, "set_batch_id"), (BatchAPI, "submit")],
    ids=["sent and its id not noted", "noted and not sent"],
)
def test_a_run_that_dies_while_it_sends_leaves_one_batch_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: type, step: str
):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with provider() as address:
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(owner, step, killed)
            run(address, tmp_path, texts(5))
        results = run(address, tmp_path, texts(5))
        counted = stats(address)
    assert len([r for r in results if r.summary]) == 5
    assert len(counted["batches"]) == 1


def test_after_a_stop_nothing_is_sent_and_what_was_sent_is_waited_for(tmp_path: Path):
    with provider("--looks", "3") as address:
        settings = settings_for(address, tmp_path)
        session = Session(settings=settings)
        items = (Item(id=str(n), text=text) for n, text in enumerate(texts(5)))
        job = engine_for("openai-batch", items=items, session=session, budget=Budget("openai/x"))
        job.listener = lambda event: job.stop()  # at the first thing that it tells: that the batch was sent
        with session:
            results = list(job.run())
    assert len([r for r in results if r.summary]) == 5


def test_a_document_that_comes_twice_is_sent_once_and_order_is_kept(tmp_path: Path):
    sources = [*texts(4), *texts(4)]
    with provider() as address:
        results = run(address, tmp_path, sources, order="input")
        counted = stats(address)
    assert [r.id for r in results] == [str(n) for n in range(8)]
    assert counted["requests"] == 5


def test_without_a_store_and_for_other_models_the_engine_says_what_it_needs(tmp_path: Path):
    settings = load_settings(base_url="http://127.0.0.1:9/v1", model="openai/x")
    with pytest.raises(ConfigurationError, match="openai-batch needs a store"):
        next(summarise_many(texts(1), engine="openai-batch", settings=settings))
    local = load_settings(model="local/qwen2.5-coder-1.5b", store=tmp_path / "s")
    with pytest.raises(ConfigurationError, match="does not support batches"):
        next(summarise_many(texts(1), engine="openai-batch", settings=local))
    with pytest.raises(ConfigurationError, match="concurrency"):
        stored = settings.model_copy(update={"store": tmp_path / "s"})
        next(summarise_many(texts(1), engine="openai-batch", settings=stored, concurrency=4))


def test_a_store_of_the_version_before_learns_of_batches(tmp_path: Path):
    path = tmp_path / "s"
    Store(path).close()
    with sqlite3.connect(path) as old:
        for table in ("documents", "parties", "other_keys", "mentions", "commitments"):
            old.execute(f"DROP TABLE {table}")
        old.execute("DROP TABLE batches")
        old.execute("DROP TABLE letters")
        old.execute("DROP TABLE capabilities")
        old.execute("PRAGMA user_version = 1")
    old.close()
    with Store(path) as store:
        store.add_batch("t", ["a", "b"])
        store.set_batch_id("t", "batch-7")
        store.add_batch_answers([("a", 200, {"x": 1})])
        assert (store.batch_id("t"), store.batch_answer("a").body, store.batch_answer("b").status) == (
            "batch-7",
            {"x": 1},
            None,
        )
        assert store.close_batch("t") == ["b"]
        assert (store.batch_id("t"), store.batch_answer("b")) == (None, None)
        store.forget_batch_answers(["a"])
        assert store.batch_answer("a") is None


def test_the_weight_of_a_request_is_what_it_reads_and_may_write():
    weight = weight_of({"messages": [{"role": "user", "content": "x" * 4000}], "max_tokens": 7})
    assert 1000 < weight.input_tokens < 1040
    assert weight.output_tokens == 7


# ── when things break in between ─────────────────────────────────────────────────────────────────


def batched(address: str, folder: Path, sources: object, budget: Budget | None = None, **more: object):
    """An engine for these texts, not run yet."""
    session = Session(settings=settings_for(address, folder), prompt=more.pop("prompt", None))
    items = (Item(id=str(n), text=text) for n, text in enumerate(sources))
    return engine_for("openai-batch", items=items, session=session, budget=budget or Budget("openai/x"), **more)


def test_several_documents_that_have_no_room_at_once_all_get_theirs(tmp_path: Path):
    with provider("--prose") as address:
        job = batched(address, tmp_path, texts(12), Budget("openai/x", max_tokens=23_500))
        job._weight, hold, held = weight_of, job._wait_for_budget, []
        job._wait_for_budget = lambda one: (hold(one), held.append(len(job._held)))
        with job.session:
            results = list(job.run())
    assert max(held) > 1
    assert sorted(r.number for r in results) == list(range(12))


def test_a_batch_whose_sender_ends_before_it_is_sent_is_sent_by_whoever_waits_for_it(tmp_path: Path):
    with provider() as address:
        job, keys = batched(address, tmp_path, texts(1)), []
        look_for, look_at = job._found, job._look_up
        with job.session as session:
            sender = Store(session.store.path)

            def found(key: str, body: dict) -> object:
                if not keys:  # another process is about to send this very request
                    keys.append(key)
                    sender.claim("token")
                    sender.add_batch("token", [key])
                return look_for(key, body)

            def looked_up(token: str) -> object:
                known = look_at(token)
                if known is not None and not known.ours:
                    sender.close()  # and ends
                return known

            job._found, job._look_up = found, looked_up
            (result,) = job.run()
        assert result.summary is not None
        assert len(stats(address)["batches"]) == 1


@pytest.mark.parametrize(
    "line",
    [
        "[]", "nonsense", "7", "[" * 100_000, '{"response": {"status_code": 200, "body": {}}}',
        '{"custom_id": 7, "response": null}',
    ],
)  # fmt: skip
def test_a_line_that_names_no_request_is_none(line: str):
    assert _reply(line) is None


@pytest.mark.parametrize(
    "row",
    [
        {"error": "expired"}, {"error": {"message": "expired"}}, {"response": {"status_code": None, "body": {}}},
        {"response": {"status_code": 0, "body": {}}}, {"response": {"status_code": 200, "body": "x"}}, {"response": []},
    ],
)  # fmt: skip
def test_a_line_that_is_no_reply_stands_for_none(row: dict):
    name, reply = _reply(json.dumps({"custom_id": "a", **row}))
    assert (name, reply.status) == ("a", 503)


@pytest.mark.parametrize("usage", [None, [], {}, {"prompt_tokens": float("nan")}, {"prompt_tokens": "many"}])
def test_a_count_that_is_none_is_no_tokens(usage: object):
    assert spent_on({"usage": usage}) == Usage(requests=1)


def test_an_answer_is_counted_once_however_often_it_is_delivered(tmp_path: Path):
    with Store(tmp_path / "s") as store:
        store.add_batch("t", ["a", "b"])
        assert store.add_batch_answers([("a", 200, {"x": 1})]) == [{"x": 1}]
        assert store.add_batch_answers([("a", 200, {"x": 1}), ("b", 200, {"x": 2})]) == [{"x": 2}]


def test_a_batch_that_the_provider_has_no_longer_is_sent_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    state_of, gone = BatchAPI.state_of, []

    def looked(api: BatchAPI, id: str) -> object:
        if not gone:
            gone.append(id)
            raise ProviderError("There is no such batch.", status=404)
        return state_of(api, id)

    monkeypatch.setattr(BatchAPI, "state_of", looked)
    with provider() as address:
        results = run(address, tmp_path, texts(3))
        assert len(stats(address)["batches"]) == 2
    assert len([r for r in results if r.summary]) == 3


def test_an_error_of_the_provider_while_a_document_is_prepared_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise ProviderError("The list cannot be had.", status=500)

    with provider() as address:
        with monkeypatch.context() as patched, pytest.raises(ProviderError):
            patched.setattr(BatchAPI, "submit", broken)
            run(address, tmp_path, texts(3))
        with monkeypatch.context() as patched, pytest.raises(ProviderError, match="The list cannot be had"):
            patched.setattr(BatchAPI, "find", broken)
            run(address, tmp_path, texts(3))
        assert len([r for r in run(address, tmp_path, texts(3)) if r.summary]) == 3


def test_a_key_that_is_refused_in_every_line_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    replies = BatchAPI.replies
    refused = Reply(401, {"error": {"message": "no such key"}})
    monkeypatch.setattr(
        BatchAPI, "replies", lambda api, state: [(key, refused) for key, _ in replies(api, state)].__iter__()
    )
    with provider() as address, pytest.raises(ProviderError, match="no such key"):
        run(address, tmp_path, texts(5))


def test_a_model_that_is_open_asks_at_once_and_not_in_batches(tmp_path: Path):
    settings = load_settings(store=tmp_path / "s")
    with pytest.raises(ConfigurationError, match="give its name"):
        next(summarise_many(texts(1), model=Server().model, engine="openai-batch", settings=settings))


def test_what_another_run_sent_weighs_in_the_budget_as_well(tmp_path: Path):
    with provider("--looks", "1000") as address:
        first = batched(address, tmp_path, texts(20))
        first.listener = lambda event: (_ for _ in ()).throw(KeyboardInterrupt)  # once it is sent
        with first.session, pytest.raises(KeyboardInterrupt):
            list(first.run())
        second = batched(address, tmp_path, texts(40), Budget("openai/x", max_tokens=130_000))
        sent: list[int] = []
        second._send = lambda: (sent.append(len(second._next_batch.keys)), second._collect_ended())
        second.listener = lambda event: None
        second._collect_ended = lambda: (_ for _ in ()).throw(KeyboardInterrupt)
        with second.session, pytest.raises(KeyboardInterrupt):
            list(second.run())
    assert len(second._sent) == 1
    assert sent == [0]  # the twenty under way leave no room


@pytest.mark.parametrize("max_tokens", [None, 8_000])  # all have answers; some are held back by the budget
def test_closing_early_leaves_what_was_sent_in_the_store_and_nothing_claimed(tmp_path: Path, max_tokens: int | None):
    with provider() as address:
        settings = settings_for(address, tmp_path)
        session = Session(settings=settings)
        items = [Item(id=str(n), text=text) for n, text in enumerate(texts(60))]
        job = engine_for("openai-batch", items=items, session=session, budget=Budget("openai/x", None, max_tokens))
        with session, Store(settings.store) as other:
            results = job.run()
            next(results)
            assert job._waiting or job._held
            assert bool(job._held) == (max_tokens is not None)
            results.close()
            assert all(other.claim(session.key(item.document())) for item in items)
            sent = stats(address)["requests"]
        again = run(address, tmp_path, texts(60))
        assert len([r for r in again if r.summary]) == 60
        assert stats(address)["requests"] == 61 + (sent < 61)  # each once; where some were left, one more to try out


def test_a_run_that_ends_while_a_batch_is_under_way_leaves_it_to_whoever_comes_next(tmp_path: Path):
    def stop_when_sent(event: events.Event) -> None:
        if "were sent as" in getattr(event, "message", ""):
            raise LookupError

    with provider() as address:
        settings = settings_for(address, tmp_path)
        session = Session(settings=settings)
        items = [Item(id=str(n), text=text) for n, text in enumerate(texts(5))]
        job = engine_for(
            "openai-batch", items=items, session=session, budget=Budget("openai/x"), listener=stop_when_sent
        )
        with session, Store(settings.store) as other:
            with pytest.raises(LookupError):
                list(job.run())
            (token,) = job._sent
            assert other.claim(token)
            assert all(other.claim(session.key(item.document())) for item in items)
        assert len([r for r in run(address, tmp_path, texts(5)) if r.summary]) == 5
        assert len(stats(address)["batches"]) == 1


class Batched(Command):
    """A Command that looks often at its batches."""

    def __init__(self, folder: Path, address: str) -> None:
        super().__init__(folder, address)
        self._environment |= {"SUMMARISER_POLL_SECONDS": "0.05", "SUMMARISER_PROMPT": PROMPT}
