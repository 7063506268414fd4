"""What servers do and the program does: the table of docs/servers.md, each row tried over a real connection."""

import json
import threading
from pathlib import Path

import pytest

from summariser import ModelError, load_settings, summarise, summarise_many
from summariser.errors import code_of
from summariser.models.capabilities import Capabilities, Known, error_objects
from summariser.models.causes import cause_of
from summariser.models.classification import short
from summariser.models.factory import open_model
from summariser.models.waits import retry_after
from tests.conftest import ROOT
from tests.loopback import Reply, Time, fails, says
from tests.servers import BEHAVIOURS, Behaviour, Server, Wire, answered, asked_for, limit, saying, tables
from tests.test_pipeline import TEXT

KEY = "sk-test-00000000"
TOLD = {"answer_repaired", "item_dropped", "answer_cut_off", "read_in_part", "read_in_passages", "answer_incomplete"}


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.server[:50])
def test_the_program_does_what_the_page_says(behaviour: Behaviour) -> None:
    with Server(behaviour.act) as server:
        url = server.url.removesuffix("/v1") + (behaviour.path or "/v1")
        settings = load_settings(base_url=url, api_key=KEY)
        with open_model("openai/x", settings) as opened:
            model = Time().rules(opened)
            try:
                summary = summarise(behaviour.text, model=model, settings=settings)
            except ModelError as error:
                assert code_of(error) == behaviour.outcome
            else:
                assert summary.run.status == behaviour.outcome, summary.warnings
                assert summary.commitments and summary.parties
                codes = {w.code for w in summary.warnings} & TOLD
                assert codes - {"answer_incomplete"} == {behaviour.warning} - {""}
                assert ("answer_incomplete" in codes) == (behaviour.outcome == "truncated")
    assert len(server.requests) == behaviour.requests


def test_the_page_holds_the_table_as_it_is_tried() -> None:
    page = (ROOT / "docs" / "servers.md").read_text("utf-8")
    assert (
        page.partition("## Where the answer stands")[2]
        == "\n".join(tables()).partition("## Where the answer stands")[2]
    )


def test_azure_gets_the_key_in_its_own_header_and_the_query_at_the_end() -> None:
    (behaviour,) = [each for each in BEHAVIOURS if "api-version" in each.path]
    with Server(behaviour.act) as server:
        settings = load_settings(base_url=server.url.removesuffix("/v1") + behaviour.path, api_key=KEY)
        summarise(behaviour.text, model="openai/x", settings=settings)
    request = server.requests[0]
    assert request.path == "/openai/deployments/mine/chat/completions?api-version=2024-10-21"
    assert request.headers["api-key"] == KEY


def test_what_was_learned_is_remembered_within_a_run_and_in_the_store(tmp_path) -> None:
    (behaviour,) = [each for each in BEHAVIOURS if each.server.startswith("allows fewer tokens for an answer")]
    with Server(behaviour.act) as server:
        for n in range(3):
            settings = load_settings(base_url=server.url, api_key=KEY, store=tmp_path / "store.sqlite")
            summarise(f"{behaviour.text} It was day {n}.", model="openai/x", settings=settings)
    assert [body["max_tokens"] for body in server.bodies] == [6000, 4096, 4096, 4096]


def test_threads_that_meet_a_limit_nobody_tells_all_get_their_answer() -> None:
    """Their guesses are made at once, on the same knowledge, and count as one."""
    together = threading.Barrier(4)

    def act(body: Wire, number: int) -> Reply:
        if number <= 4:
            together.wait(timeout=60)
        return fails(400, "max_tokens is too large") if limit(body) > 4096 else answered(body, asked_for(body))

    with Server(act) as server:
        settings = load_settings(base_url=server.url, api_key=KEY)
        texts = [f"{TEXT} It was day {n}." for n in range(8)]
        results = list(summarise_many(texts, model="openai/x", concurrency=4, settings=settings))
    assert [result.error for result in results] == [None] * 8


def test_a_guess_is_not_remembered_and_what_is_told_is(tmp_path: Path) -> None:
    def act(body: Wire, number: int) -> Reply:
        if limit(body) <= 4096:
            return answered(body, asked_for(body))
        told = number > 2  # the first document's rejection does not tell the limit
        return fails(400, "max_tokens is too large: at most 4096 tokens" if told else "max_tokens is too large")

    with Server(act) as server:
        for n in range(3):
            settings = load_settings(base_url=server.url, api_key=KEY, store=tmp_path / "store.sqlite")
            summarise(f"{TEXT} It was day {n}.", model="openai/x", settings=settings)
    assert [body["max_tokens"] for body in server.bodies] == [6000, 3000, 6000, 4096, 4096]


def test_a_limit_of_an_earlier_run_is_asked_about_again_where_an_answer_is_cut_off_at_it(tmp_path: Path) -> None:
    known = Known(Capabilities())
    known.resume(Capabilities(max_output_tokens=1024), lambda capabilities: None)
    assert known.now.max_output_tokens == 1024
    assert [known.question_output_limit() for _ in range(2)] == [True, False]
    assert known.now.max_output_tokens is None


def test_a_key_is_in_no_summary_however_the_model_writes_it() -> None:
    for said in (KEY, KEY.replace("-", "\\u002d"), json.dumps(KEY)[1:-1]):
        with Server(saying(lambda a, said=said: a.replace("Dockers fear", f"{said} Dockers fear"))) as server:
            summary = summarise(TEXT, model="openai/x", settings=load_settings(base_url=server.url, api_key=KEY))
        assert KEY not in summary.to_json()
        assert "… Dockers fear" in summary.overview


@pytest.mark.parametrize("seconds", ["inf", "1e400", "-inf"])
def test_a_wait_without_an_end_is_not_believed(seconds: str) -> None:
    assert retry_after({"retry-after": seconds}) in (None, 0.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "1m30s"}, 90.0),
        ({"retry-after": "1.5s"}, 1.5),
        ({"retry-after": "20ms"}, 0.02),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "1733000012"}, 12.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_a_server_may_ask_to_wait_in_several_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, now=1_733_000_000) == seconds


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Rate limit reached for tokens per minute: limit 6000, used 5990. Please try again in 7m12.48s.", 432.48),
        ("Rate limit reached. Please try again in 6ms.", 0.006),
        ("Requests to this deployment have exceeded the limit. Please retry after 20 seconds.", 20.0),
        ("You exceeded your current quota. Please retry in 34.07s.", 34.07),
        ("Too many requests, please wait 30 seconds before trying again.", 30.0),
        ("Slow down; you can try again in 1 minute and 30 seconds.", 90.0),
        ("The model is loading; retry after about 2 min.", 120.0),
        ("429 RESOURCE_EXHAUSTED {'details': [{'retryDelay': '41s'}]}", 41.0),
        ("Try again in 1h2m3s", 3723.0),
        ("Limit: 20 requests per 60 seconds.", None),
        ("This request took 30 s; the server is busy.", None),
        ("Wait until there are fewer than 3 messages in the queue.", None),
        ("Please try again later. The limit is 5 m tokens.", None),
        ("", None),
    ],
)
def test_a_server_may_say_in_words_how_long_to_wait(words: str, seconds: float | None) -> None:
    assert retry_after({}, words=words) == (None if seconds is None else pytest.approx(seconds))
    assert retry_after({"retry-after": "3"}, words=words) == 3.0


@pytest.mark.parametrize(
    ("status", "said", "cure"),
    [
        (400, [{"error": {"message": "API key not valid. Please pass a valid API key."}}], "OPENAI_API_KEY"),
        (200, {"error": "Invalid API key"}, "OPENAI_API_KEY"),
        (200, {"base_resp": {"status_code": 1004, "status_msg": "login fail: Please carry the key"}}, "OPENAI_API_KEY"),
        (400, {"error": {"message": "Access denied.", "code": "Arrearage"}}, "add credit"),
        (403, {"error": "Your team has used all available credits."}, "add credit"),
        (429, {"error": {"message": "您的账户已欠费，请充值后重试。", "code": "1113"}}, "add credit"),
        (200, {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}, "add credit"),
        (400, {"error": {"message": "Budget has been exceeded! Max budget: 10.0"}}, "add credit"),
        (403, {"error": {"code": "unsupported_country_region_territory", "message": "No."}}, "use a network"),
        (403, {"error": {"message": "Access denied due to Virtual Network/Firewall rules."}}, "use a network"),
        (400, {"error": "Bad Request", "message": "access token expired"}, "OPENAI_API_KEY"),
        (400, {"error": {"message": "Modell x nicht gefunden."}}, "check the model's name"),
        (400, {"error": {"message": "x is not a valid model ID"}}, "check the model's name"),
        (400, {"error": {"message": "Model x has been decommissioned.", "param": None}}, "check the model's name"),
        (200, {"success": False, "message": "Model x does not exist"}, "check the model's name"),
        (403, {"error": {"message": "Unable to access model x."}}, "use a key that may use this model"),
        (404, {"error": "Unexpected endpoint or method. (POST /v2)"}, "check the base URL, which"),
        (405, {"detail": "Method Not Allowed"}, "check the base URL, which"),
        (307, {}, "check the base URL, which"),
        (400, {"error": {"message": "Content Exists Risk"}}, "content filter"),
        (403, {"error": {"message": "Your input was flagged for violence."}}, "content filter"),
        (200, {"choices": None, "promptFeedback": {"blockReason": "SAFETY"}}, "content filter"),
    ],
)
def test_an_error_that_no_changed_request_avoids_takes_one_request_and_names_its_cure(
    status: int, said: object, cure: str
) -> None:
    with Server(lambda body, number: says(said, status=status)) as server:
        settings = load_settings(base_url=server.url, api_key=KEY)
        with pytest.raises(ModelError, match=cure):
            summarise(TEXT, model="openai/x", settings=settings)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Rate limit reached. Limit 200000, used 190000. Please try again in 60ms.",
        "You exceeded your current quota, please check your plan and billing details.",
        "Unsupported parameter: 'max_tokens' is not supported with this model.",
        "This model's maximum context length is 8192 tokens.",
        "json_schema is not supported in this model",
        "Invalid schema for response_format 'Answer': the key 'maxLength' is not permitted.",
        "Extra inputs are not permitted: seed",
        "The service is overloaded; the model is loading.",
        "Provider returned error",
        "No capacity in this region at the moment.",
        "invalid token in grammar",
    ],
)
def test_an_error_of_another_kind_has_no_such_cause(words: str) -> None:
    assert cause_of(words) is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"errors": ["bad request", "of two kinds"]}, "bad request; of two kinds"),
        ({"message": ["a is wrong", "b is wrong"]}, "a is wrong; b is wrong"),
        ({"error": True, "reason": "the queue is closed"}, "the queue is closed"),
        ({"error": "Bad Request", "message": "the queue is closed", "path": "/v1"}, "the queue is closed"),
        ({"error": {"message": "the queue is closed", "reason": "x"}}, "the queue is closed"),
        ({"error": "the queue is closed"}, "the queue is closed"),
        ({"error": {"message": ""}}, "it does not say why"),
        ({"title": "the queue is closed", "status": 403}, "the queue is closed"),
    ],
)
def test_the_words_of_an_error_are_found_in_every_form(said: object, words: str) -> None:
    with Server(lambda body, number: says(said, status=403)) as server:
        with pytest.raises(ModelError) as error:
            summarise(TEXT, model="openai/x", settings=load_settings(base_url=server.url, api_key=KEY))
    assert f"(HTTP 403: {words})" in str(error.value)


def test_an_object_without_the_keys_that_were_asked_for_is_not_called_none() -> None:
    with Server(saying(lambda a: '{"summary": "A treaty.", "keywords": []}')) as server:
        with pytest.raises(ModelError, match="it holds none of the keys asked for"):
            summarise(TEXT, model="openai/x", settings=load_settings(base_url=server.url, api_key=KEY))


@pytest.mark.parametrize(
    "error",
    [
        {"code": 429, "details": [{"@type": "QuotaFailure"}, {"@type": "RetryInfo", "retryDelay": "12s"}]},
        {"message": "You are being rate limited.", "retry_after": 12},
        {"message": "Please try again in 99s.", "retryAfter": "12"},
        {"message": "free-models-per-day", "metadata": {"headers": {"X-RateLimit-Reset": "1733000012000"}}},
    ],
)
def test_a_server_may_say_in_a_field_how_long_to_wait(error: dict[str, object]) -> None:
    objects = error_objects([{"error": error}])
    assert retry_after({}, objects, "Please try again in 99s.", now=1_733_000_000) == 12.0


def test_a_servers_words_cannot_steer_the_users_terminal() -> None:
    assert short("a\x1b[31mb\x07\u202ec.") == "a [31mb c"
