"""Vendors through instructor: its real client over a function standing for the SDK, and a stand-in like xAI's."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import instructor
import pytest
from instructor.v2.auto_client import supported_providers
from openai.types.chat import ChatCompletion

from summariser import asummarise, events, load_settings, summarise
from summariser.batch import Batch, Budget, Item
from summariser.errors import (
    ConfigurationError,
    InvalidOutputError,
    ProviderError,
    RefusedError,
    TransientError,
    TruncatedError,
)
from summariser.models.client import Model
from summariser.models.factory import open_model
from summariser.models.providers.vendors import EXTRAS, vendor_transport
from summariser.models.usage import Usage, count_tokens
from summariser.pipeline import Session
from summariser.settings import Settings
from summariser.testing import cassette
from tests.loopback import BAD, GOOD, SCHEMA, Time, ask, completion, question
from tests.test_pipeline import ANSWER, TEXT


class HTTPError(Exception):
    """An error as the vendors' SDKs raise them."""

    def __init__(self, status: object, *, retry_after: str | None = None, message: str = "no") -> None:
        super().__init__(message)
        self.status_code = status
        self.response = SimpleNamespace(headers={} if retry_after is None else {"retry-after": retry_after})


class APIConnectionError(Exception):
    """An error of a network as the vendors' SDKs raise them."""


class RpcError(Exception):
    """An error as gRPC raises them."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def code(self) -> object:
        return SimpleNamespace(name=self.name, value=(14, "unavailable"))


class Sdk:
    """A queue standing for a vendor's SDK behind instructor's real client; it keeps what it was asked."""

    def __init__(self, *script: object) -> None:
        self.script = list(script)
        self.asked: list[dict[str, Any]] = []

    def create(self, **wire: Any) -> Any:
        self.asked.append(wire)
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(answer, BaseException):
            raise answer
        return said(**answer) if isinstance(answer, dict) else answer


def said(content: object, finish_reason: str | None = "stop") -> ChatCompletion:
    return ChatCompletion.construct(None, **completion(content, finish_reason=finish_reason))


def modelled(sdk: Sdk, *, time: Time | None = None) -> Model:
    create = instructor.patch(create=sdk.create, mode=instructor.Mode.JSON_SCHEMA)
    client = instructor.Instructor(client=sdk, create=create, mode=instructor.Mode.JSON_SCHEMA, model="name")
    return over(client, time=time)


def over(client: object, *, time: Time | None = None) -> Model:
    transport = vendor_transport(client, "groq/name")
    return (time or Time()).rules(Model(name="groq/name", transport=transport, sampling={"temperature": 0.0}))


_GOOD = {"content": GOOD}
_BAD = {"content": "no JSON"}


# ── Through instructor ───────────────────────────────────────────────────────────────────────────


def test_an_answer_is_validated_and_comes_with_what_happened() -> None:
    sdk = Sdk(_GOOD)
    answer = ask(modelled(sdk), question())
    assert answer.part.model_dump(exclude_defaults=True) == GOOD
    assert answer.usage == Usage(requests=1, input_tokens=100, cached_tokens=40, output_tokens=10)
    assert (answer.finish_reason, answer.model) == ("stop", "scripted-1")
    assert {name: sdk.asked[0][name] for name in ("model", "max_tokens", "temperature")} == {
        "model": "name",
        "max_tokens": 50,
        "temperature": 0.0,
    }


def test_the_article_reaches_the_sdk_unchanged_even_where_it_is_template_syntax() -> None:
    article = "    {{7*7}} {% for x in y %} {{\n\n\t[1] Talks.  "
    sdk = Sdk(_GOOD)
    ask(modelled(sdk), question(article))
    assert sdk.asked[0]["messages"][1] == {"role": "user", "content": article}


def test_a_sentence_number_out_of_range_harms_its_item_never_the_call() -> None:
    party = {"sentences": [999], "name": "North Korea", "kind": "state"}
    answer = ask(modelled(Sdk({"content": {"headline": "Talks", "parties": [party]}})), question())
    assert SCHEMA.draft(answer.part).parties[0].sentences == [999]


def test_a_misfit_is_asked_for_again_and_its_tokens_count() -> None:
    sdk = Sdk(_BAD, _GOOD)
    usage = ask(modelled(sdk), question()).usage
    assert len(sdk.asked) == 2
    assert usage == Usage(requests=2, input_tokens=200, cached_tokens=80, output_tokens=20)


@pytest.mark.parametrize("content", ["no JSON", {"confidence": 1}])
def test_an_answer_that_never_fits_costs_two_requests_and_all_their_tokens(content: object) -> None:
    sdk, usage = Sdk({"content": content}), Usage()
    with pytest.raises(InvalidOutputError, match="did not fit the schema"):
        ask(modelled(sdk), question(), usage=usage)
    assert len(sdk.asked) == 2
    assert usage == Usage(requests=2, input_tokens=200, cached_tokens=80, output_tokens=20)


def test_a_bad_item_harms_itself_and_a_lacking_part_is_asked_for_alone() -> None:
    sdk = Sdk({"content": {"headline": "Talks", "parties": [*BAD["parties"], *GOOD["parties"]]}})
    assert ask(modelled(sdk), question()).part.parties[0].name == "North Korea"
    assert len(sdk.asked) == 1
    sdk = Sdk({"content": {"headline": "Talks"}}, {"content": {"parties": GOOD["parties"]}})
    assert ask(modelled(sdk), question()).part.model_dump(exclude_defaults=True) == GOOD
    assert len(sdk.asked) == 2


def test_a_cut_off_answer_is_asked_for_once_more_with_four_times_the_room() -> None:
    sdk, usage = Sdk({"content": "{", "finish_reason": "length"}), Usage()
    with pytest.raises(TruncatedError):
        ask(modelled(sdk), question(), usage=usage)
    assert [wire["max_tokens"] for wire in sdk.asked] == [50, 200]
    assert usage.output_tokens == 20


@pytest.mark.parametrize("reason", ["content_filter", "refusal", "SAFETY", "ERROR_TOXIC"])
def test_what_the_vendor_withholds_is_refused_after_one_request(reason: str) -> None:
    sdk = Sdk({"content": "Sorry.", "finish_reason": reason})
    with pytest.raises(RefusedError):
        ask(modelled(sdk), question())
    assert len(sdk.asked) == 1


@pytest.mark.parametrize("reason", ["MAX_TOKENS", "max_tokens", "REASON_MAX_LEN"])
def test_a_vendors_own_word_for_cut_off_is_understood(reason: str) -> None:
    sdk = Sdk({"content": "{", "finish_reason": reason})
    with pytest.raises(TruncatedError):
        ask(modelled(sdk), question())
    assert len(sdk.asked) == 2


# ── Errors of the SDK ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "error",
    [HTTPError(429), HTTPError(500), HTTPError(529), APIConnectionError(), ConnectionResetError(), TimeoutError()],
)
def test_a_passing_failure_is_waited_out_and_counted(error: Exception) -> None:
    time, heard = Time(), list[events.Event]()
    usage = ask(modelled(Sdk(error, _GOOD), time=time), question(), listener=heard.append).usage
    assert (usage.requests, usage.input_tokens, len(time.slept)) == (2, 100, 1)
    assert isinstance(heard[0], events.Waiting)


def test_a_failure_while_an_answer_is_corrected_is_waited_out_too() -> None:
    time = Time()
    usage = ask(modelled(Sdk(_BAD, HTTPError(503), _GOOD), time=time), question()).usage
    assert (usage.requests, usage.input_tokens, len(time.slept)) == (3, 200, 1)


def test_a_busy_vendor_is_given_the_seconds_it_asks_for() -> None:
    time = Time()
    ask(modelled(Sdk(HTTPError(429, retry_after="9"), _GOOD), time=time), question())
    assert time.slept == [9.0]


def test_a_vendor_that_stays_broken_is_given_up_within_retry_seconds() -> None:
    time, sdk = Time(), Sdk(HTTPError(503))
    with pytest.raises(TransientError, match=r"^groq/name failed \(HTTP 503\); try again later"):
        ask(modelled(sdk, time=time), question())
    assert sum(time.slept) < 60
    assert len(sdk.asked) == len(time.slept) + 1


@pytest.mark.parametrize("error", [HTTPError(401), HTTPError(404), HTTPError("odd"), RuntimeError("my key is sk-1")])
def test_a_lasting_failure_costs_one_request_and_shows_nothing_of_the_sdks_words(error: Exception) -> None:
    sdk, usage = Sdk(error), Usage()
    with pytest.raises(ProviderError, match=r"^groq/name rejected the request \(.*\); check its key") as caught:
        ask(modelled(sdk), question(), usage=usage)
    assert not isinstance(caught.value, TransientError)
    assert "sk-1" not in str(caught.value)
    assert (len(sdk.asked), usage.requests) == (1, 1)


@pytest.mark.parametrize(
    "error",
    [
        HTTPError(400, message="`temperature` is deprecated for this model"),
        TypeError("create() got an unexpected keyword argument 'temperature'"),
    ],
    ids=["the vendor", "its SDK"],
)
def test_a_vendor_that_does_not_take_temperature_is_asked_without_it_from_then_on(error: Exception) -> None:
    sdk = Sdk(error, _GOOD)
    model = modelled(sdk)
    ask(model, question())
    ask(model, question())
    assert ["temperature" in wire for wire in sdk.asked] == [True, False, False]


def test_a_vendor_that_blames_temperature_for_ever_is_given_up() -> None:
    sdk = Sdk(HTTPError(400, message="temperature"))
    with pytest.raises(ProviderError):
        ask(modelled(sdk), question())
    assert len(sdk.asked) == 2


def test_an_interruption_is_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        ask(modelled(Sdk(KeyboardInterrupt())), question())


# ── A client like xAI's: no hooks, no re-asking, errors as they come ─────────────────────────────


class Plain:
    """A client that calls nothing but the model."""

    def __init__(self, *script: Callable[[], Any]) -> None:
        self.script = list(script)

    def create_with_completion(self, *, response_model: Any, **wire: Any) -> Any:
        content = self.script.pop(0)()
        usage = SimpleNamespace(prompt_tokens=100, completion_tokens=10, cached_prompt_text_tokens=40)
        answer = SimpleNamespace(usage=usage, finish_reason="REASON_STOP")
        return response_model.model_validate_json(content), answer


def raises(error: Exception) -> Callable[[], Any]:
    def fail() -> Any:
        raise error

    return fail


def test_a_client_without_hooks_is_counted_all_the_same() -> None:
    answer = ask(over(Plain(lambda: json.dumps(GOOD))), question())
    assert answer.usage == Usage(requests=1, input_tokens=100, cached_tokens=40, output_tokens=10)
    assert (answer.finish_reason, answer.model) == ("reason_stop", "groq/name")


def test_a_misfit_that_comes_unwrapped_is_an_invalid_answer() -> None:
    usage = Usage()
    with pytest.raises(InvalidOutputError):
        ask(over(Plain(*[lambda: json.dumps({"confidence": 1})] * 2)), question(), usage=usage)
    assert usage.requests == 2


@pytest.mark.parametrize("name", ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"])
def test_grpcs_passing_failures_are_waited_out(name: str) -> None:
    assert ask(over(Plain(raises(RpcError(name)), lambda: json.dumps(GOOD))), question()).usage.requests == 2


@pytest.mark.parametrize(("name", "status"), [("UNAUTHENTICATED", 401), ("NOT_FOUND", 404), ("CANCELLED", None)])
def test_grpcs_lasting_failures_are_not(name: str, status: int | None) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(over(Plain(raises(RpcError(name)))), question())
    assert caught.value.status == status


# ── Tokens in every vendor's words ───────────────────────────────────────────────────────────────


class Finish(Enum):
    """A reason as Google's SDK has them."""

    STOP = "STOP"


_USAGES: dict[str, dict[str, object]] = {
    "anthropic": {
        "usage": SimpleNamespace(
            input_tokens=50, cache_read_input_tokens=40, cache_creation_input_tokens=10, output_tokens=10
        )
    },
    "cohere": {"usage": SimpleNamespace(tokens=SimpleNamespace(input_tokens=100.0, output_tokens=10.0))},
    "google": {
        "usage_metadata": SimpleNamespace(
            prompt_token_count=100, cached_content_token_count=None, candidates_token_count=10
        ),
        "candidates": [SimpleNamespace(finish_reason=Finish.STOP)],
    },
}


@pytest.mark.parametrize(("vendor", "cached"), [("anthropic", 40), ("cohere", 0), ("google", 0)])
def test_tokens_are_counted_in_every_vendors_words(vendor: str, cached: int) -> None:
    class Client:
        def create_with_completion(self, *, response_model: Any, **wire: Any) -> Any:
            return response_model.model_validate(GOOD), SimpleNamespace(**_USAGES[vendor])

    usage = ask(over(Client()), question()).usage
    assert usage == Usage(requests=1, input_tokens=100, cached_tokens=cached, output_tokens=10)


def test_no_usage_is_no_tokens() -> None:
    usage = Usage()
    count_tokens(None, usage)
    assert usage == Usage()


# ── Opening ──────────────────────────────────────────────────────────────────────────────────────


def test_every_extra_is_a_provider_of_instructor() -> None:
    assert set(EXTRAS) <= set(supported_providers)


@pytest.mark.parametrize("provider", EXTRAS)
def test_a_missing_package_is_named_by_its_extra(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, EXTRAS[provider][0], None)  # missing even where it is installed
    with pytest.raises(ConfigurationError) as caught:
        open_model(f"{provider}/name", Settings())
    assert str(caught.value) == (
        f"{provider}/name needs a package that is not installed; install structured-summariser with its extra "
        f"{provider}: from a checkout, pip install '.[{provider}]'."
    )


def test_an_unknown_provider_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="no provider 'opnai'; choose openai, local, anthropic, cohere"):
        open_model("opnai/gpt-5-mini", Settings())


_GROQ = """
import os

class Both:
    def __init__(self, api_key=None):
        if "GROQ_API_KEY" not in os.environ:
            raise RuntimeError("The api_key client option must be set either by passing api_key or by GROQ_API_KEY.")
        self.max_retries, self.timeout, self.closed = 2, 600, False
        self.chat = self.completions = self

class Groq(Both):
    def create(self, **wire):
        print(self.max_retries, self.timeout)
        raise TimeoutError

    def close(self):
        print("closed")

class AsyncGroq(Both):
    async def create(self, **wire):
        Groq.create(self)

    async def close(self):
        print("closed")
"""

_OPENED = """
import logging
logging.getLogger("instructor").setLevel(logging.CRITICAL)  # as the command line does
from summariser.errors import SummariserError
from summariser.models.factory import open_model
from summariser.settings import Settings
from tests.loopback import question, ask
try:
    with open_model("groq/name", Settings(retry_seconds=0, timeout_seconds=7)) as model:
        ask(model, question())
except SummariserError as error:
    print(type(error).__name__, error)
"""


_OPENED_IN_EVENT_LOOP = """
import asyncio, logging
logging.getLogger("instructor").setLevel(logging.CRITICAL)
from summariser import SummariserError, asummarise, load_settings
try:
    settings = load_settings(retry_seconds=0, timeout_seconds=7)
    asyncio.run(asummarise("Arlen signed.", model="groq/name", settings=settings))
except SummariserError as error:
    print(type(error).__name__, error)
"""


def _with_groq(folder: Path, program: str = _OPENED, **environment: str) -> str:
    """What the program prints where a package like Groq's is installed; it may say nothing on standard error."""
    (folder / "groq.py").write_text(_GROQ)
    paths = os.pathsep.join([str(folder), str(Path(__file__).parent.parent)])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("program", [_OPENED, _OPENED_IN_EVENT_LOOP], ids=["in threads", "in an event loop"])
def test_an_installed_vendor_is_opened_asked_and_closed_with_retries_and_timeout_of_ours(
    tmp_path: Path, program: str
) -> None:
    assert _with_groq(tmp_path, program, GROQ_API_KEY="x").splitlines() == [
        "0 7.0",
        "closed",
        "TransientError groq/name failed (TimeoutError); try again later, or raise retry_seconds.",
    ]


def test_a_missing_key_is_named_by_its_variable(tmp_path: Path) -> None:
    assert _with_groq(tmp_path) == (
        "ConfigurationError groq/name cannot be used (The api_key client option must be set either by passing api_key "
        "or by GROQ_API_KEY); set GROQ_API_KEY to a valid key.\n"
    )


# ── in a batch ───────────────────────────────────────────────────────────────────────────────────


def test_a_batch_counts_limits_and_retries_what_a_vendors_sdk_does(tmp_path: Path) -> None:
    sdk = Sdk({"content": ANSWER}, HTTPError(429, retry_after="0"), HTTPError(503), {"content": ANSWER})
    session = Session(model=modelled(sdk), prompt="brief@2", settings=load_settings(store=tmp_path / "s"))
    items = [Item(id=str(n), text=f"{TEXT} It was day {n}.") for n in range(6)]
    batch = Batch(items=items, session=session, budget=Budget("groq/name"), concurrency=2)
    with session:
        results = list(batch.run())
    assert [r.error for r in results] == [None] * 6
    assert (len(sdk.asked), batch.budget.tokens) == (8, 6 * 110)
    assert batch.budget.usage.requests == 8


# ── the same as with all other models ────────────────────────────────────────────────────────────


def test_the_schema_that_is_asked_for_is_the_one_of_the_question() -> None:
    sdk = Sdk(_GOOD)
    ask(modelled(sdk), question())
    assert sdk.asked[0]["response_format"]["json_schema"]["schema"] == {"title": "Answer", **SCHEMA.wire}


@pytest.mark.parametrize(
    ("content", "repaired"),
    [(repr(GOOD), True), (f"<think>One party.</think> {json.dumps(GOOD)}", False), (json.dumps(GOOD)[:-1], True)],
)
def test_what_instructor_makes_nothing_of_is_read_and_repaired_as_all_answers_are(content: str, repaired: bool) -> None:
    sdk = Sdk({"content": content})
    answer = ask(modelled(sdk), question())
    assert answer.part.model_dump(exclude_defaults=True) == GOOD
    assert [code for code, _ in answer.deviations] == ["answer_repaired"] * repaired
    assert len(sdk.asked) == 1


def test_what_was_complete_of_an_answer_that_is_cut_off_twice_is_kept() -> None:
    cut = json.dumps(GOOD)[:-2] + ', {"sentences": [2], "na'
    answer = ask(modelled(Sdk({"content": cut, "finish_reason": "length"})), question())
    assert answer.part.model_dump(exclude_defaults=True) == GOOD
    assert isinstance(answer.failure, TruncatedError)


_ANSWERS: dict[str, object] = {
    "anthropic": SimpleNamespace(
        content=[SimpleNamespace(type="text", text="Here:"), SimpleNamespace(type="tool_use", input=GOOD)]
    ),
    "cohere": SimpleNamespace(message=SimpleNamespace(content=[SimpleNamespace(type="text", text=json.dumps(GOOD))])),
    "google": SimpleNamespace(
        candidates=[SimpleNamespace(content=SimpleNamespace(parts=[SimpleNamespace(text=json.dumps(GOOD))]))],
        text=json.dumps(GOOD),
    ),
    "mistral": said(GOOD),
}


@pytest.mark.parametrize("vendor", _ANSWERS)
def test_the_text_of_an_answer_is_found_wherever_its_vendor_has_it(vendor: str) -> None:
    class Client:
        def create_with_completion(self, *, hooks: Any, **wire: Any) -> Any:
            hooks.emit_completion_response(_ANSWERS[vendor])
            raise ValueError("no single tool call")

    assert ask(over(Client()), question()).part.model_dump(exclude_defaults=True) == GOOD


def test_answers_are_kept_in_the_store_and_taken_from_it(tmp_path: Path) -> None:
    settings, sdk = load_settings(store=tmp_path / "s"), Sdk({"content": ANSWER})
    for prompt in ("brief@2", "brief@1"):  # which ask the same of this text
        assert summarise(TEXT, model=modelled(sdk), prompt=prompt, settings=settings).run.status == "ok"
    assert len(sdk.asked) == 1


def test_answers_are_recorded_and_replayed(tmp_path: Path) -> None:
    sdk = Sdk(_GOOD)
    with cassette(tmp_path, "record", model=modelled(sdk)) as model:
        first = ask(model, question())
    with cassette(tmp_path, model=modelled(Sdk(HTTPError(500)))) as model:
        again = ask(model, question())
    assert (again.part, again.usage, again.model) == (first.part, first.usage, first.model)


def test_in_an_event_loop_the_vendors_own_asynchronous_client_is_asked() -> None:
    class AsyncSdk(Sdk):
        async def create(self, **wire: Any) -> Any:
            await asyncio.sleep(0)
            return super().create(**wire)

    sdk = AsyncSdk(HTTPError(503), {"content": ANSWER})
    create = instructor.patch(create=sdk.create, mode=instructor.Mode.JSON_SCHEMA)
    client = instructor.AsyncInstructor(client=sdk, create=create, mode=instructor.Mode.JSON_SCHEMA, model="name")
    transport = vendor_transport(client, "groq/name")
    model = Model(name="groq/name", transport=transport, sleep=lambda seconds: asyncio.sleep(0))
    assert asyncio.run(asummarise(TEXT, model=model)).run.requests == 2
    with pytest.raises(ConfigurationError, match="use AsyncSummariser or asummarise"):
        summarise(TEXT, model=model)
