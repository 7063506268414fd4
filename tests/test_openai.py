"""The transport over the real SDK: to a function standing for the network, and to a real server on loopback."""

import gzip
import inspect
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import openai
import pytest

from summariser import events
from summariser.errors import (
    ConfigurationError,
    ContextLengthError,
    InvalidOutputError,
    ModelError,
    ProviderError,
    RefusedError,
    TransientError,
    TruncatedError,
)
from summariser.models.client import Model
from summariser.models.factory import open_model
from summariser.models.local.server import LocalServer
from summariser.models.names import EMBEDDED, WITH_KEY, default_model, is_local, resolve_model_name
from summariser.models.providers import openai as openai_api
from summariser.models.providers.openai import ErrorMessages, openai_transport
from summariser.models.usage import Usage
from summariser.settings import Settings
from tests.loopback import (
    GOOD,
    Json,
    Loopback,
    Reply,
    Time,
    answers,
    ask,
    chunk,
    closed_port,
    completion,
    fails,
    question,
    says,
    streams,
    usage,
)

KEY = "sk-secret-0123456789"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def opened(url: str, *, time: Time | None = None, **settings: Any) -> Model:
    """A model as the program opens it, over the server at that URL."""
    fields = {"base_url": url, "api_key": KEY, "timeout_seconds": 120.0, **settings}
    return (time or Time()).rules(open_model("openai/scripted", Settings(**fields)))


def mocked(answer: Callable[[httpx2.Request], httpx2.Response], *, streaming: bool = False) -> Model:
    """A model over the SDK whose network is that function."""
    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = openai.OpenAI(api_key=KEY, base_url="http://mock/v1", max_retries=0, http_client=http)
    transport = openai_transport(client, ErrorMessages("The server", (KEY,)), streaming=streaming)
    return Time().rules(Model(name="openai/scripted", transport=transport, sampling={"temperature": 0.0, "seed": 1}))


def asked(*replies: Reply, **settings: Any) -> tuple[ModelError, Loopback]:
    """The error that a question ends in when the server replies like that, and the server."""
    with Loopback(replies) as server, opened(server.url, **settings) as model:
        with pytest.raises(ModelError) as caught:
            ask(model, question())
        server.wait_for_requests(1)  # where the client gave up, the server may not have read it yet
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value, server


# ── A good answer ────────────────────────────────────────────────────────────────────────────────


def test_a_real_server_is_asked_once_and_its_answer_validated() -> None:
    with Loopback([answers(GOOD)]) as server, opened(server.url) as model:
        answer = ask(model, question())
    assert answer.part.model_dump(exclude_defaults=True) == GOOD
    assert answer.usage == Usage(requests=1, input_tokens=100, cached_tokens=40, output_tokens=10)
    assert (answer.finish_reason, answer.model) == ("stop", "scripted-1")
    assert [(request.method, request.path) for request in server.requests] == [("POST", "/v1/chat/completions")]


def test_the_key_travels_in_the_header_alone() -> None:
    with Loopback([answers(GOOD)]) as server, opened(server.url) as model:
        ask(model, question())
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in json.dumps(server.bodies)


def test_nothing_travels_that_was_not_asked_for() -> None:
    with Loopback([answers(GOOD)]) as server, opened(server.url) as model:
        ask(model, question())
    assert sorted(server.bodies[0]) == ["max_tokens", "messages", "model", "response_format", "temperature"]


def test_the_article_reaches_the_server_unchanged_even_where_it_is_template_syntax() -> None:
    article = "    {{7*7}} {% for x in y %} {# no #} “ü” {{\n\n\t[1] Talks.  "
    with Loopback([answers(GOOD)]) as server, opened(server.url) as model:
        ask(model, question(article))
    assert server.bodies[0]["messages"] == [
        {"role": "system", "content": "Extract."},
        {"role": "user", "content": article},
    ]


def test_tokens_of_answers_that_had_to_be_corrected_are_counted() -> None:
    with Loopback([answers("No.", tokens=(100, 0, 9)), answers(GOOD, tokens=(130, 100, 8))]) as server:
        with opened(server.url) as model:
            usage = ask(model, question()).usage
    assert usage == Usage(requests=2, input_tokens=230, cached_tokens=100, output_tokens=17)


def test_an_answer_that_never_fits_costs_two_requests_and_all_their_tokens() -> None:
    usage = Usage()
    with Loopback(otherwise=answers("no JSON")) as server, opened(server.url) as model:
        with pytest.raises(InvalidOutputError):
            ask(model, question(), usage=usage)
    assert len(server.requests) == 2
    assert usage == Usage(requests=2, input_tokens=200, cached_tokens=80, output_tokens=20)


# ── Refusals, truncation and empty answers, as they come over the wire ───────────────────────────


def test_a_refusal_over_the_wire_costs_one_request() -> None:
    error, server = asked(answers(None, refusal="I cannot help with that."))
    assert isinstance(error, RefusedError)
    assert len(server.requests) == 1


def test_a_content_filter_over_the_wire_costs_one_request() -> None:
    error, server = asked(answers("", finish_reason="content_filter"))
    assert isinstance(error, RefusedError)
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", ["content_filter", "content_policy_violation"])
def test_a_filter_in_front_of_the_model_refuses_too(code: str) -> None:
    error, _ = asked(fails(400, "The prompt was filtered.", code=code))
    assert isinstance(error, RefusedError)


def test_truncation_over_the_wire_costs_two_requests() -> None:
    cut = answers('{"headline": "Ta', finish_reason="length")
    error, server = asked(cut, cut)
    assert isinstance(error, TruncatedError)
    assert [body["max_tokens"] for body in server.bodies] == [50, 200]


def test_a_server_without_room_for_twice_as_much_leaves_the_answer_truncated() -> None:
    cut = answers("{", finish_reason="length")
    no_room = fails(400, "'max_tokens' is too large: 200.", param="max_tokens")
    error, server = asked(cut, no_room, cut)
    assert isinstance(error, TruncatedError)
    assert [body["max_tokens"] for body in server.bodies] == [50, 200, 100]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"object": "chat.completion"},
        {**completion(GOOD), "choices": []},
        {**completion(GOOD), "choices": [{"index": 0, "message": None}]},
        completion(None),
        completion(""),
    ],
    ids=["nothing", "no choices", "choices empty", "message null", "content null", "content empty"],
)
def test_an_empty_answer_over_the_wire_is_asked_for_once_more(body: Json) -> None:
    error, server = asked(says(body), says(body))
    assert isinstance(error, InvalidOutputError)
    assert len(server.requests) == 2


# ── Rejections ───────────────────────────────────────────────────────────────────────────────────

_REJECTIONS = [
    (401, "set OPENAI_API_KEY to a valid key"),
    (402, "add credit to the account"),
    (403, "use a key that may use this model"),
    (404, "check the model's name and the base URL"),
    (409, "check the model's name and the settings"),
    (418, "check the model's name and the settings"),
]


@pytest.mark.parametrize(("status", "cure"), _REJECTIONS)
def test_a_rejection_costs_one_request_and_names_its_cure(status: int, cure: str) -> None:
    error, server = asked(fails(status, f"It is wrong, {KEY}."))
    assert type(error) is ProviderError
    assert error.status == status
    assert f"rejected the request (HTTP {status}: It is wrong, …); " in str(error)
    assert cure in str(error)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 422])
def test_a_rejection_that_says_nothing_of_use_is_tried_without_the_schema_and_then_told(status: int) -> None:
    error, server = asked(*[fails(status, f"It is wrong, {KEY}.")] * 4)
    assert type(error) is ProviderError
    assert f"rejected the request (HTTP {status}: It is wrong, …); check the model's name" in str(error)
    forms = [body.get("response_format", {}).get("type") for body in server.bodies]  # type: ignore[attr-defined]
    assert forms == ["json_schema", "json_schema", "json_object", None]


def test_what_was_tried_in_vain_is_no_lesson() -> None:
    with Loopback([*[fails(400, "It is wrong.")] * 4, answers(GOOD)]) as server, opened(server.url) as model:
        with pytest.raises(ProviderError):
            ask(model, question())
        ask(model, question())
    assert server.bodies[0] == server.bodies[4]


def test_a_request_that_is_too_large_however_short_the_answer_is_told_as_too_long() -> None:
    error, _ = asked(*[fails(413, "Too large.")] * 9)
    assert isinstance(error, ContextLengthError)
    assert error.context_tokens is None
    assert "the text is too long for this model" in str(error)


def test_an_account_without_credit_is_not_waited_for() -> None:
    error, server = asked(fails(429, "You exceeded your current quota.", code="insufficient_quota"))
    assert "add credit" in str(error)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ("This model's maximum context length is 300 tokens. Please reduce max_tokens or the messages.", 300),
        ("the request exceeds the available context size (300 tokens), try increasing it (json_schema and all)", 300),
        ("prompt is too long: 210000 tokens > 200000 maximum", 200_000),
    ],
)
def test_a_text_that_exceeds_the_context_is_named_as_such_and_nothing_is_left_out_for_it(
    message: str, context: int
) -> None:
    error, server = asked(fails(400, message))
    assert isinstance(error, ContextLengthError)
    assert error.context_tokens == context
    assert "the text is too long for this model" in str(error)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "says_so"),
    [
        ({"error": "model 'x' not found"}, "HTTP 404: model 'x' not found"),
        ({"detail": "Not Found"}, "Not Found"),
        ({"message": "no such route"}, "HTTP 404: no such route"),
        ([], "HTTP 404: "),
        ({"error": {"message": "a\n b" + "c" * 500}}, "HTTP 404: a bccc"),
        ({"error": {"message": None, "code": 404}}, "HTTP 404: "),
    ],
)
def test_errors_of_every_dialect_are_quoted_in_one_line(body: object, says_so: str) -> None:
    error, _ = asked(says(body, status=404))
    assert says_so in str(error)
    assert len(str(error)) < 400


def test_a_web_page_is_not_quoted() -> None:
    page = Reply(status=404, headers={"Content-Type": "text/html"}, body=b"<!doctype html><html>lost</html>")
    error, _ = asked(page)
    assert "answered with a web page (HTTP 404)" in str(error)
    assert "lost" not in str(error)


# ── What passes by itself ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 529])
def test_a_passing_failure_is_waited_out(status: int) -> None:
    time = Time()
    with Loopback([fails(status), answers(GOOD)]) as server, opened(server.url, time=time) as model:
        answer = ask(model, question())
    assert (answer.usage.requests, len(server.requests), len(time.slept)) == (2, 2, 1)


@pytest.mark.parametrize("ending", ["dropped", "cut"])
def test_a_dropped_connection_is_made_again(ending: str) -> None:
    time, heard = Time(), list[events.Event]()
    with Loopback([Reply(body=b'{"id": ', ending=ending), answers(GOOD)]) as server:
        with opened(server.url, time=time) as model:
            ask(model, question(), listener=heard.append)
    assert len(server.requests) == 2
    assert isinstance(heard[0], events.Waiting)
    assert "dropped the connection" in heard[0].reason


def test_a_server_that_never_answers_is_given_up_after_the_timeout() -> None:
    error, server = asked(Reply(ending="silent"), timeout_seconds=0.2, retry_seconds=0.0)
    assert isinstance(error, TransientError)
    assert "did not answer in time; try again, or raise timeout_seconds" in str(error)
    assert len(server.requests) == 1


def test_a_server_that_once_did_not_answer_in_time_is_asked_again() -> None:
    replies = [httpx2.ReadTimeout("no answer in time"), httpx2.Response(200, json=completion(GOOD))]

    def answer(request: httpx2.Request) -> httpx2.Response:
        reply = replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    assert ask(mocked(answer), question()).usage.requests == 2


def test_a_server_that_is_not_there_is_named() -> None:
    port = closed_port()
    with opened(f"http://127.0.0.1:{port}/v1", retry_seconds=0.0) as model, pytest.raises(TransientError) as caught:
        ask(model, question())
    assert str(caught.value) == (
        f"The server at 127.0.0.1:{port}/v1 cannot be reached or dropped the connection; "
        "check the base URL and the network."
    )


def test_a_busy_server_is_given_the_seconds_it_asks_for() -> None:
    time = Time()
    with Loopback([fails(429, headers={"Retry-After": "9"}), answers(GOOD)]) as server:
        with opened(server.url, time=time) as model:
            ask(model, question())
    assert time.slept == [9.0]


def test_a_busy_server_is_given_the_seconds_that_its_error_names() -> None:
    time = Time()
    in_words = fails(429, "Rate limit reached. Please try again in 7.5s.")
    within_a_success = says({"error": {"message": "Busy.", "code": 429, "details": [{"retryDelay": "11s"}]}})
    with Loopback([in_words, within_a_success, answers(GOOD)]) as server:
        with opened(server.url, time=time) as model:
            ask(model, question())
    assert time.slept == [7.5, 11.0]


def test_a_busy_server_may_ask_for_a_moment_that_has_passed() -> None:
    time = Time()
    with Loopback([fails(429, headers={"Retry-After": "Wed, 19 Jun 2024 12:00:00 GMT"}), answers(GOOD)]) as server:
        with opened(server.url, time=time) as model:
            ask(model, question())
    assert time.slept[0] <= 0.5


def test_a_busy_server_that_asks_for_a_far_day_is_given_up_at_once() -> None:
    error, server = asked(fails(429, headers={"Retry-After": "Fri, 19 Jun 2999 12:00:00 GMT"}))
    assert isinstance(error, TransientError)
    assert len(server.requests) == 1


def test_a_busy_server_that_does_not_say_how_long_is_asked_again_after_a_moment() -> None:
    time = Time()
    with Loopback([fails(429), answers(GOOD)]) as server, opened(server.url, time=time) as model:
        ask(model, question())
    assert time.slept[0] <= 0.5


def test_a_wait_beyond_retry_seconds_is_refused_at_once_and_said() -> None:
    time = Time()
    error, server = asked(fails(429, "Too many.", headers={"Retry-After": "90"}), time=time)
    assert str(error).endswith(
        "is limiting the rate of requests (Too many) and asks to wait 90 seconds; "
        "try again later, or raise retry_seconds."
    )
    assert (time.slept, len(server.requests)) == ([], 1)


def test_a_server_that_stays_broken_is_given_up_within_retry_seconds() -> None:
    time, usage = Time(), Usage()
    with Loopback(otherwise=fails(503, "down")) as server, opened(server.url, time=time) as model:
        with pytest.raises(TransientError, match=r"failed \(HTTP 503: down\)"):
            ask(model, question(), usage=usage)
    assert sum(time.slept) < 60
    assert len(server.requests) == usage.requests == len(time.slept) + 1


# ── What is no OpenAI-compatible server ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<html>Welcome</html>"),
        ("application/json", b"<html>Welcome</html>"),
        ("application/json", b'{"id": "chatcmpl-1", '),
        ("application/json", b"\xff\xfe"),
        ("application/json", b"[]"),
        ("application/json", b'"hello"'),
        ("application/json", b"null"),
        ("text/plain", b"7"),
        ("application/json", b'{"message": {"role": "assistant", "content": "{}"}, "done": true}'),
        ("application/json", b'{"type": "message", "content": [{"type": "text", "text": "{}"}]}'),
        ("application/json", b'{"candidates": [{"content": {"parts": [{"text": "{}"}]}}]}'),
    ],
)
def test_a_body_that_is_no_completion_costs_one_request_and_blames_the_base_url(kind: str, body: bytes) -> None:
    error, server = asked(Reply(headers={"Content-Type": kind}, body=body))
    assert type(error) is ProviderError
    said = "answered with a web page" if b"<html>" in body else "did not answer like an OpenAI-compatible server"
    assert said in str(error) and "check the base URL" in str(error)
    assert len(server.requests) == 1


def test_an_error_in_a_relays_good_answer_is_an_error() -> None:
    error, server = asked(says({"error": {"code": 402, "message": "no credit"}}))
    assert type(error) is ProviderError
    assert "no credit" in str(error)
    assert len(server.requests) == 1


def test_a_passing_error_in_a_relays_good_answer_is_waited_out() -> None:
    with Loopback([says({"error": {"code": 503, "message": "busy"}}), answers(GOOD)]) as server:
        with opened(server.url) as model:
            assert ask(model, question()).usage.requests == 2


# ── What a server does not take ──────────────────────────────────────────────────────────────────

_NOT_TAKEN = [
    ("temperature", {"message": "Unsupported value: 'temperature' does not support 0.0.", "param": "temperature"}),
    ("temperature", {"message": "temperature is not supported"}),
    ("seed", {"message": "Extra inputs are not permitted: body.seed"}),
    ("reasoning_effort", {"message": "Unrecognized request argument supplied: reasoning_effort"}),
]


@pytest.mark.parametrize(("part", "error"), _NOT_TAKEN)
def test_what_the_server_does_not_take_is_left_out_from_then_on(part: str, error: Json) -> None:
    notes: list[events.Event] = []
    with Loopback([says({"error": error}, status=400), answers(GOOD), answers(GOOD)]) as server:
        with opened(server.url, seed=1, reasoning_effort="low") as model:
            usage = [ask(model, question(), listener=notes.append).usage for _ in range(2)]
    assert [each.requests for each in usage] == [2, 1]
    assert [part in body for body in server.bodies] == [True, False, False]
    assert notes == [events.Note(f"The server does not take {part}; asking again without it.")]


_BLAMES_THE_WAY = [
    {"message": "Invalid parameter: 'response_format' of type 'json_schema' is not supported."},
    {"message": "Unknown field.", "param": "response_format.json_schema"},
    {"message": "This model does not support response format `json_schema`."},
    {"message": "This response_format type is unavailable now"},
]


@pytest.mark.parametrize("error", _BLAMES_THE_WAY)
def test_a_server_that_takes_no_schema_is_asked_for_a_json_object_from_then_on(error: Json) -> None:
    with Loopback([says({"error": error}, status=400), answers(GOOD), answers(GOOD)]) as server:
        with opened(server.url) as model:
            usage = [ask(model, question()).usage for _ in range(2)]
    assert [each.requests for each in usage] == [2, 1]
    assert [body["response_format"] for body in server.bodies[1:]] == [{"type": "json_object"}] * 2


_BLAMES_THE_SCHEMA = [
    {"message": "failed to parse grammar"},
    {"message": "Invalid schema for response_format 'Answer': 'maxLength' is not permitted."},
    {"message": "The specified schema produces a constraint that has too many states for serving."},
    {"message": "schema exceeds maximum nesting depth"},
    {"message": "Grammar compilation failed: property limit"},
]


@pytest.mark.parametrize("error", _BLAMES_THE_SCHEMA)
@pytest.mark.parametrize("listed", [False, True])
def test_a_server_that_does_not_take_the_schema_is_given_it_without_bounds(error: Json, listed: bool) -> None:
    body: object = [{"error": error}] if listed else {"error": error}
    with Loopback([says(body, status=400), answers(GOOD)]) as server, opened(server.url) as model:
        ask(model, question())
    schemas = [json.dumps(body["response_format"]) for body in server.bodies]
    assert ["maxLength" in schema or "maxItems" in schema for schema in schemas] == [True, False]
    assert '"enum"' in schemas[1]


def test_a_server_that_takes_nothing_of_it_is_given_the_schema_in_the_question() -> None:
    refusal = fails(400, "response_format is not supported")
    with Loopback([refusal, refusal, answers(GOOD)]) as server, opened(server.url) as model:
        ask(model, question("[1] Talks."))
    first, *_, then = server.bodies
    messages: Any = then["messages"]
    schema: Any = first["response_format"]
    assert "response_format" not in then
    assert [message["role"] for message in messages] == ["system", "user"]
    assert messages[1]["content"].startswith("[1] Talks.\n\nAnswer with one JSON object that fits this JSON Schema")
    assert json.loads(messages[1]["content"].partition("else:\n")[2]) == schema["json_schema"]["schema"]


def test_without_constrained_decoding_a_misfit_is_still_asked_for_again() -> None:
    with Loopback([fails(400, "no json_schema"), answers("Sure!"), answers(GOOD)]) as server:
        with opened(server.url) as model:
            answer = ask(model, question())
    messages: Any = server.bodies[2]["messages"]
    assert [message["role"] for message in messages] == ["system", "user"]
    assert "could not be used" in messages[1]["content"]
    assert answer.part.model_dump(exclude_defaults=True) == GOOD


def test_a_reasoning_model_is_asked_for_max_completion_tokens_and_its_own_temperature() -> None:
    replies = [
        fails(
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            param="max_tokens",
            code="unsupported_parameter",
        ),
        answers("{", finish_reason="length"),
        answers(GOOD),
    ]
    with Loopback(replies) as server, opened(server.url) as model:
        ask(model, question())
    last = server.bodies[-1]
    assert (last["max_completion_tokens"], "max_tokens" in last, "temperature" in last) == (200, False, False)
    assert server.bodies[1]["max_completion_tokens"] == 50


def test_a_status_of_422_can_blame_a_part_too() -> None:
    detail = {"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]}
    with Loopback([says(detail, status=422), answers(GOOD)]) as server, opened(server.url, seed=1) as model:
        ask(model, question())
    assert ["seed" in body for body in server.bodies] == [True, False]


@pytest.mark.parametrize(
    "error",
    [
        {"message": "Messages must not mention temperature.", "param": "messages"},
        {"message": "stop must be a text", "param": "stop"},
        {"message": "The model `x` does not exist or has no seedlings."},
    ],
)
def test_a_rejection_that_merely_mentions_a_part_does_not_cost_it(error: Json) -> None:
    _, server = asked(says({"error": error}, status=400), seed=1)
    assert len(server.requests) == 1


def test_a_server_that_blames_one_part_after_the_other_for_ever_is_given_up() -> None:
    usage = Usage()
    blames_all = fails(400, "response_format, temperature, seed, max_completion_tokens: not taken")
    with Loopback(otherwise=blames_all) as server, opened(server.url, seed=1) as model:
        with pytest.raises(ProviderError, match="rejected the request"):
            ask(model, question(), usage=usage)
    assert len(server.requests) == usage.requests == 6


def test_threads_that_learn_the_same_at_the_same_time_all_get_their_answer() -> None:
    together = threading.Barrier(4)

    def answer(request: httpx2.Request) -> httpx2.Response:
        if json.loads(request.content)["response_format"]["type"] == "json_object":
            return httpx2.Response(200, json=completion(GOOD))
        together.wait(timeout=120)  # all have asked before the first one learns
        return httpx2.Response(400, json={"error": {"message": "no response_format"}})

    model, got = mocked(answer), list[object]()

    def put() -> None:
        got.append(ask(model, question()).part.model_dump(exclude_defaults=True))

    threads = [threading.Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [GOOD] * 4


# ── Streams ──────────────────────────────────────────────────────────────────────────────────────


def streamed(url: str) -> Model:
    """A model whose answers are streamed, as the embedded one's are."""
    client = openai.OpenAI(api_key=KEY, base_url=url, max_retries=0, timeout=120.0)
    transport = openai_transport(client, ErrorMessages("The embedded model", (KEY,), "get more memory"), streaming=True)
    return Time().rules(Model(name="local/scripted", transport=transport, close=client.close))


_HALVES = (json.dumps(GOOD)[:20], json.dumps(GOOD)[20:])
_WHOLE = [
    chunk("", prompt_progress={"processed": 10, "total": 40}),
    chunk(_HALVES[0]),
    chunk(_HALVES[1]),
    chunk(finish_reason="stop"),
    {**chunk(), "choices": [], "usage": usage(40, 30, 12)},
]


def test_a_streams_chunks_are_joined_and_its_progress_told() -> None:
    heard: list[events.Event] = []
    with Loopback([streams(_WHOLE)]) as server, streamed(server.url) as model:
        answer = ask(model, question(), listener=heard.append)
    assert answer.part.model_dump(exclude_defaults=True) == GOOD
    assert answer.usage == Usage(requests=1, input_tokens=40, cached_tokens=30, output_tokens=12)
    assert (answer.finish_reason, answer.model) == ("stop", "scripted-1")
    assert heard == [
        events.Reading(done=10, total=40),
        events.Writing(_HALVES[0]),
        events.Writing("".join(_HALVES)),
    ]
    assert (server.bodies[0]["stream"], server.bodies[0]["stream_options"]) == (True, {"include_usage": True})


def test_a_stream_that_goes_round_in_circles_is_cut_off_and_not_asked_for_again() -> None:
    """The server would go on for ever; what was written so far is counted, chunk by chunk."""
    party = '{"sentences": [1, 2, 3], "name": "The Ministry of Trade", "kind": "organisation", "role": "said so"}, '
    circles = [chunk("", prompt_progress={"processed": 40, "total": 40}), *[chunk(party * 2)] * 400]
    usage = Usage()
    with Loopback([streams(circles), streams(_WHOLE)]) as server, streamed(server.url) as model:
        with pytest.raises(TruncatedError, match="went round in circles") as raised:
            ask(model, question(), usage=usage)
        assert len(server.requests) == 1
    assert (raised.value.endless, usage.input_tokens) == (True, 40)
    assert 2 < usage.output_tokens < 20


@pytest.mark.parametrize(
    "broken",
    [
        streams(_WHOLE[:2], ending="cut", tail=b""),
        streams(_WHOLE[:2], tail=b'data: {"id": "chatcm'),
        streams(_WHOLE[:2]),
        Reply(ending="dropped"),
    ],
    ids=["connection cut", "chunk cut", "no finish", "dropped"],
)
def test_a_stream_that_breaks_is_begun_anew(broken: Reply) -> None:
    with Loopback([broken, streams(_WHOLE)]) as server, streamed(server.url) as model:
        answer = ask(model, question())
    assert answer.part.model_dump(exclude_defaults=True) == GOOD
    assert (answer.usage.requests, answer.usage.input_tokens, answer.usage.output_tokens) == (2, 40, 12)


def test_a_stream_of_odd_chunks_is_still_an_answer() -> None:
    odd: list[Json] = [
        {"id": "x", "model": None, "choices": None},
        {"id": "x", "choices": [{"index": 0, "delta": None, "finish_reason": None}]},
        chunk(json.dumps(GOOD)),
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "eos"}]},
    ]
    with Loopback([streams(odd, tail=b"")]) as server, streamed(server.url) as model:
        answer = ask(model, question())
    assert (answer.part.model_dump(exclude_defaults=True), answer.finish_reason) == (GOOD, "eos")


def test_a_streamed_refusal_is_a_refusal() -> None:
    refusal: Json = {"choices": [{"index": 0, "delta": {"refusal": "No."}, "finish_reason": "stop"}]}
    with Loopback([streams([refusal])]) as server, streamed(server.url) as model, pytest.raises(RefusedError):
        ask(model, question())


def test_a_stream_can_be_truncated() -> None:
    cut = streams([chunk("{", finish_reason="length")])
    with Loopback([cut, cut]) as server, streamed(server.url) as model, pytest.raises(TruncatedError):
        ask(model, question())


@pytest.mark.parametrize(("code", "requests"), [(400, 1), (503, 2), ("server_error", 2), (None, 2)])
def test_an_error_within_a_stream_is_waited_out_unless_it_is_our_fault(code: object, requests: int) -> None:
    broken = streams([chunk("{"), {"error": {"code": code, "message": "the text does not fit"}}])
    with Loopback([broken, fails(404)]) as server, streamed(server.url) as model:
        with pytest.raises(ProviderError):
            ask(model, question())
    assert len(server.requests) == requests


def test_a_streaming_server_that_died_is_named_with_its_own_cure() -> None:
    with streamed(f"http://127.0.0.1:{closed_port()}/v1") as model:
        with pytest.raises(TransientError, match=r"^The embedded model cannot be reached .*; get more memory\.$"):
            ask(model, question())


def test_a_streaming_server_that_does_not_take_a_part_is_asked_again_without_it() -> None:
    with Loopback([fails(400, "no response_format here"), streams(_WHOLE)]) as server:
        with streamed(server.url) as model:
            ask(model, question())
    formats: Any = [body["response_format"] for body in server.bodies]
    assert [each["type"] for each in formats] == ["json_schema", "json_object"]


# ── The SDK's errors ─────────────────────────────────────────────────────────────────────────────


def _tree(root: type[Exception]) -> list[type[Exception]]:
    return [root, *(each for child in root.__subclasses__() for each in _tree(child))]


def _made(kind: type[Exception]) -> Exception:
    """An error of that class, from whatever its constructor wants."""
    request = httpx2.Request("POST", "http://mock/v1")
    wants = {
        "message": f"echo of {KEY}",
        "request": request,
        "response": httpx2.Response(getattr(kind, "status_code", 500), request=request),
        "body": {"message": f"echo of {KEY}"},
        "completion": openai.types.chat.ChatCompletion.construct(None, **completion(GOOD)),
        "unsent_messages": [],
    }
    parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    taken = {each.name: wants[each.name] for each in parameters if each.name in wants}
    plain = [parameter for parameter in parameters if parameter.kind is not parameter.VAR_POSITIONAL]
    return kind(**taken) if taken and plain else kind("something")


@pytest.mark.parametrize("kind", dict.fromkeys(_tree(openai.OpenAIError) + _tree(httpx2.HTTPError)))
def test_every_error_of_the_sdk_and_its_http_client_is_one_of_ours_without_the_key(kind: type[Exception]) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise _made(kind)

    model = mocked(fail)
    model.retry_seconds = 0.0
    with pytest.raises(ModelError) as caught:
        ask(model, question())
    assert KEY not in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("kind", dict.fromkeys(_tree(httpx2.TransportError)))
def test_whatever_breaks_a_stream_below_the_sdk_is_transient(kind: type[Exception]) -> None:
    class Breaking(httpx2.SyncByteStream):
        def __iter__(self) -> Any:
            yield b"data: " + json.dumps(chunk("{")).encode() + b"\n\n"
            raise _made(kind)

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, stream=Breaking())

    model = mocked(answer, streaming=True)
    model.retry_seconds = 0.0
    with pytest.raises(TransientError, match="broke off in the middle"):
        ask(model, question())


def test_a_compressed_answer_is_read() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        body = gzip.compress(json.dumps(completion(GOOD)).encode())
        return httpx2.Response(200, headers={"Content-Encoding": "gzip"}, content=body)

    assert ask(mocked(answer), question()).usage.requests == 1


def test_failures_say_nothing_on_standard_error_and_leave_no_log() -> None:
    program = f"""
from summariser.errors import ModelError
from summariser.models.factory import open_model
from summariser.settings import Settings
from tests.loopback import *
replies = [fails(401), answers("no JSON"), answers("x"), answers("y"), Reply(ending="dropped"), fails(500)]
with Loopback(replies) as server:
    for name, settings in [("openai/x", {{}})] * 4:
        with open_model(name, Settings(base_url=server.url, api_key={KEY!r}, retry_seconds=0)) as model:
            try:
                ask(model, question())
            except ModelError as error:
                print(type(error).__name__)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout.split(), done.stderr) == (
        ["ProviderError", "InvalidOutputError", "TransientError", "TransientError"],
        "",
    )


# ── Opening ──────────────────────────────────────────────────────────────────────────────────────


def test_without_key_and_server_the_error_names_all_three_ways_out() -> None:
    with pytest.raises(ConfigurationError, match=r"set OPENAI_API_KEY.*OPENAI_BASE_URL.*local/.* as the setting model"):
        open_model("openai/gpt-5-mini", Settings())


def test_a_server_of_ones_own_needs_no_key() -> None:
    with Loopback([answers(GOOD)]) as server, opened(server.url, api_key=None) as model:
        ask(model, question())
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "url",
    ["localhost:8000/v1", "ftp://host/v1", "http://", "http://[bad/v1", "http://host:99999/v1", "http:/host", "x"],
)
def test_a_wrong_base_url_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"base URL .* is wrong; write it in full, such as http://"):
        open_model("openai/x", Settings(base_url=url, api_key=KEY))


@pytest.mark.parametrize("url", ["http://me:secret@[bad/v1", "me:secret@host/v1", "ftp://me:secret@host/v1?key=secret"])
def test_credentials_in_a_wrong_base_url_are_not_shown(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_model("openai/x", Settings(base_url=url, api_key=KEY))
    assert "secret" not in str(caught.value)


def test_credentials_in_the_base_url_are_not_shown_when_it_fails() -> None:
    with Loopback([fails(404)]) as server:
        url = server.url.replace("://", "://me:secret@") + "?key=secret"
        with opened(url) as model, pytest.raises(ProviderError) as caught:
            ask(model, question())
    assert "secret" not in str(caught.value)


def test_a_key_with_a_line_break_at_its_end_is_the_key() -> None:
    with Loopback([answers(GOOD)]) as server, opened(server.url, api_key=f" {KEY}\n") as model:
        ask(model, question())
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", ["“sk-1”", "sk-1\nsk-2", "sk-1\x00"])
def test_a_key_that_cannot_be_a_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ConfigurationError, match="correct OPENAI_API_KEY") as caught:
        open_model("openai/x", Settings(api_key=key))
    assert "sk-1" not in str(caught.value)


def test_the_name_of_the_server_is_openai_where_no_other_is_given() -> None:
    model = open_model("openai/x", Settings(api_key=KEY))
    assert (model.name, model.retry_seconds, model.sampling) == ("openai/x", 60.0, {"temperature": 0.0})
    model.close()


def test_the_embedded_model_is_reached_past_any_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    weights = tmp_path / "x.gguf"
    weights.write_bytes(b"GGUF")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    with Loopback([streams(_WHOLE)]) as server:
        running = SimpleNamespace(address=server.url.removesuffix("/v1"), key=KEY, stop=lambda: None)
        monkeypatch.setattr(LocalServer, "require_runtime", lambda: None)
        monkeypatch.setattr(LocalServer, "start", lambda *_, **__: running)
        with open_model(f"local/{weights}", Settings(retry_seconds=0)) as model:
            answer = ask(model, question())
    assert answer.part.model_dump(exclude_defaults=True) == GOOD
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_seed_is_sent_where_one_is_set() -> None:
    with Loopback([answers(GOOD)]) as server, opened(server.url, seed=7, temperature=0.5) as model:
        ask(model, question())
    assert (server.bodies[0]["seed"], server.bodies[0]["temperature"]) == (7, 0.5)


# ── Naming ───────────────────────────────────────────────────────────────────────────────────────


def test_a_model_name_is_provider_and_model_and_the_model_may_hold_slashes() -> None:
    assert resolve_model_name("openai/org/name") == ("openai", "org/name")
    assert resolve_model_name("local//models/x.gguf") == ("local", "/models/x.gguf")


@pytest.mark.parametrize("name", ["", "gpt-5-mini", "/gpt-5-mini", "openai/"])
def test_a_name_of_another_form_is_refused_with_examples(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"write provider/model, such as {WITH_KEY} or {EMBEDDED}"):
        resolve_model_name(name)


@pytest.mark.parametrize(
    ("settings", "name"),
    [({}, EMBEDDED), ({"api_key": KEY}, WITH_KEY), ({"api_key": KEY, "model": "groq/x"}, "groq/x")],
)
def test_the_default_model_depends_on_the_key(settings: Json, name: str) -> None:
    assert default_model(Settings(**settings)) == name  # type: ignore[arg-type]  # a table of settings


def test_only_models_of_this_machine_are_local() -> None:
    assert (is_local(EMBEDDED), is_local("local/x.gguf"), is_local(WITH_KEY)) == (True, True, False)


def test_every_cure_is_a_clause() -> None:
    assert all(cure[0].islower() and not cure.endswith(".") for cure in openai_api._CURES.values())
