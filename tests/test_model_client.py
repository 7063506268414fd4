"""Questions to a model: how answers are judged, retries in a time of their own, asking again, and what it all cost."""

import json
import threading
from collections.abc import Callable, Iterator

import pytest
from openai.types.chat import ChatCompletion

from summariser import events
from summariser.errors import (
    InvalidOutputError,
    ModelError,
    ProviderError,
    RefusedError,
    TransientError,
    TruncatedError,
)
from summariser.models import classification
from summariser.models.client import Model
from summariser.models.exchange import Wire
from summariser.models.usage import Usage
from summariser.models.waits import retry_after
from tests.loopback import BAD, GOOD, SCHEMA, Time, ask, completion, question

Scripted = ModelError | ChatCompletion


class Network:
    """A transport with a queue; it keeps what went over the wire."""

    def __init__(self, *script: Scripted, takes: Callable[[], None] = lambda: None) -> None:
        self.script = list(script)
        self.wires: list[Wire] = []
        self.takes = takes

    def __call__(self, wire: Wire, listener: events.Listener) -> ChatCompletion:
        self.wires.append(wire)
        self.takes()
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(answer, ModelError):
            raise answer
        return answer


def said(content: object, *, finish_reason: str | None = "stop", refusal: str | None = None) -> ChatCompletion:
    return ChatCompletion.construct(None, **completion(content, finish_reason=finish_reason, refusal=refusal))


def modelled(network: Network, *, time: Time | None = None, retry_seconds: float = 60.0) -> Model:
    model = Model(name="openai/org/name", transport=network, retry_seconds=retry_seconds, sampling={"temperature": 0.0})
    return (time or Time()).rules(model)


# ── A good answer ────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_validated_and_comes_with_what_happened() -> None:
    time = Time()
    network = Network(said(GOOD), takes=lambda: time.sleep(2.0))
    answer = ask(modelled(network, time=time), question())
    assert answer.part.model_dump(exclude_defaults=True) == GOOD
    assert answer.usage == Usage(requests=1, input_tokens=100, cached_tokens=40, output_tokens=10, seconds=2.0)
    assert (answer.finish_reason, answer.model) == ("stop", "scripted-1")


def test_the_wire_asks_for_constrained_decoding_by_the_plain_closed_schema() -> None:
    network = Network(said(GOOD))
    ask(modelled(network), question())
    wire = network.wires[0]
    assert wire["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "Answer", "strict": True, "schema": SCHEMA.wire},
    }
    assert (wire["model"], wire["max_tokens"], wire["temperature"]) == ("org/name", 50, 0.0)


def test_a_model_that_does_not_say_its_name_is_called_by_ours() -> None:
    nameless = said(GOOD)
    nameless.model = None  # type: ignore[assignment]  # as some servers do
    assert ask(modelled(Network(nameless)), question()).model == "openai/org/name"


def test_the_article_reaches_the_wire_unchanged_even_where_it_is_template_syntax() -> None:
    article = "    {{7*7}} {% for x in y %} {# no #} {{\n\n\t[1] Talks.  "
    network = Network(said(GOOD))
    ask(modelled(network), question(article))
    assert network.wires[0]["messages"][1] == {"role": "user", "content": article}


def test_the_article_stays_unchanged_when_the_question_is_put_again() -> None:
    article = "{{7*7}} {% for %}"
    network = Network(said("No."), said(GOOD))
    ask(modelled(network), question(article))
    assert all(wire["messages"][1]["content"].startswith(article) for wire in network.wires)


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{json.dumps(GOOD)}\n```",
        f"```\n{json.dumps(GOOD)}\n```\n",
        f"```json {json.dumps(GOOD)}```",
        f"Here is the JSON:\n\n```json\n{json.dumps(GOOD)}\n```\nI hope it helps.",
        f"<think>One party.</think>\n{json.dumps(GOOD)}",
        f"\n  {json.dumps(GOOD)}\n",
    ],
)
def test_json_is_found_in_a_fence_or_among_words(text: str) -> None:
    network = Network(said(text))
    assert ask(modelled(network), question()).part.model_dump(exclude_defaults=True) == GOOD
    assert len(network.wires) == 1


@pytest.mark.parametrize("number", [0, -1, 4, 999])
def test_a_sentence_number_out_of_range_harms_its_item_never_the_call(number: int) -> None:
    party = {"sentences": [number], "name": "North Korea", "kind": "state"}
    answer = ask(modelled(Network(said({"headline": "Talks", "parties": [party]}))), question())
    assert SCHEMA.draft(answer.part).parties[0].sentences == [number]


# ── JSON and schema ──────────────────────────────────────────────────────────────────────────────

_MISFITS = {
    "not JSON": "There are no parties.",
    "an array": [GOOD["parties"]],
    "other keys": {"confidence": 1},
    "nothing": "",
}


@pytest.mark.parametrize("content", _MISFITS.values(), ids=_MISFITS.keys())
def test_an_answer_that_cannot_be_used_is_asked_for_once_more_and_then_named(content: object) -> None:
    network, usage = Network(said(content)), Usage()
    with pytest.raises(InvalidOutputError, match=r"did not fit the schema|was empty"):
        ask(modelled(network), question(), usage=usage)
    assert len(network.wires) == 2
    assert usage == Usage(requests=2, input_tokens=200, cached_tokens=80, output_tokens=20)


def test_asking_again_says_what_was_wrong_at_the_end_of_the_question() -> None:
    network = Network(said("Nothing."), said(GOOD))
    answer = ask(modelled(network), question())
    first, again = (wire["messages"] for wire in network.wires)
    assert [message["role"] for message in again] == ["system", "user"]
    assert again[1]["content"].startswith(f"{first[1]['content']}\n\nAn answer to this could not be used (")
    assert "holds no JSON object: Nothing" in again[1]["content"]
    assert (answer.usage.requests, answer.usage.input_tokens) == (2, 200)


def test_asking_again_leaves_the_first_question_as_it_was() -> None:
    asked = question()
    before = [dict(message) for message in asked.messages]
    ask(modelled(Network(said("No."), said(GOOD))), asked)
    assert [dict(message) for message in asked.messages] == before


# ── Refusals, filters, empty answers, truncation ─────────────────────────────────────────────────


def test_a_refusal_is_an_error_in_the_models_words_after_one_request() -> None:
    network = Network(said(None, refusal="I cannot help\nwith that."))
    with pytest.raises(RefusedError, match=r"\(I cannot help with that\)"):
        ask(modelled(network), question())
    assert len(network.wires) == 1


def test_a_refusal_outranks_truncation() -> None:
    with pytest.raises(RefusedError):
        ask(modelled(Network(said("I can", finish_reason="length", refusal="No."))), question())


@pytest.mark.parametrize("content", [None, "", json.dumps(GOOD)[:-3]])
def test_a_filtered_answer_is_refused_after_one_request(content: str | None) -> None:
    network = Network(said(content, finish_reason="content_filter"))
    with pytest.raises(RefusedError, match="content filter"):
        ask(modelled(network), question())
    assert len(network.wires) == 1


def test_a_filtered_answer_without_a_message_is_refused() -> None:
    body = completion(None)
    body["choices"] = [{"index": 0, "finish_reason": "content_filter"}]
    with pytest.raises(RefusedError):
        ask(modelled(Network(ChatCompletion.construct(None, **body))), question())


_HOLLOW: dict[str, object] = {
    "no choices": [],
    "choices null": None,
    "choices of text": "none",
    "a choice null": [None],
    "a choice without anything": [{}],
    "message null": [{"index": 0, "finish_reason": "stop", "message": None}],
    "message text": [{"index": 0, "finish_reason": "stop", "message": "hello"}],
    "content null": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": None}}],
    "content empty": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": " \n"}}],
    "content a list": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": [1]}}],
}


@pytest.mark.parametrize("choices", _HOLLOW.values(), ids=_HOLLOW.keys())
def test_an_answer_that_holds_nothing_is_an_error_after_two_requests_whose_tokens_count(choices: object) -> None:
    network, usage = Network(ChatCompletion.construct(None, **{**completion(""), "choices": choices})), Usage()
    with pytest.raises(InvalidOutputError, match=r"no choices|empty"):
        ask(modelled(network), question(), usage=usage)
    assert (usage.requests, usage.input_tokens, usage.output_tokens) == (2, 200, 20)


@pytest.mark.parametrize("finish_reason", ["length", "content_filter", None, "error", "eos", "tool_calls"])
def test_an_answer_that_is_whole_counts_whatever_the_finish_reason_says(finish_reason: str | None) -> None:
    network = Network(said(json.dumps(GOOD) + "\n" * 5000, finish_reason=finish_reason))
    assert ask(modelled(network), question()).part.model_dump(exclude_defaults=True) == GOOD
    assert len(network.wires) == 1


def test_a_cut_off_answer_is_asked_for_once_more_with_four_times_the_room() -> None:
    network, notes = Network(said("{", finish_reason="length"), said(GOOD)), list[events.Event]()
    answer = ask(modelled(network), question(), listener=notes.append)
    assert [wire["max_tokens"] for wire in network.wires] == [50, 200]
    assert answer.usage.output_tokens == 20
    assert notes == [events.Note("The answer was cut off; asking once more with room for 200 tokens.")]


@pytest.mark.parametrize("content", ["", None, "<think>The parties are {North", "<think>\nLet me"])
def test_a_model_that_reasoned_all_its_room_away_is_given_much_more_once(content: str | None) -> None:
    network = Network(said(content, finish_reason="length"), said(GOOD))
    ask(modelled(network), question())
    assert [wire["max_tokens"] for wire in network.wires] == [50, 64_000]


def test_a_model_that_only_reasons_is_given_up_after_two_calls_and_the_two_settings_are_named() -> None:
    network = Network(said("", finish_reason="length"))
    with pytest.raises(TruncatedError, match="raise max_output_tokens or lower reasoning_effort"):
        ask(modelled(network), question())
    assert len(network.wires) == 2


def test_a_limit_that_the_user_set_is_asked_for_and_never_exceeded() -> None:
    network = Network(said("", finish_reason="length"))
    model = modelled(network)
    model.max_output_tokens = 700
    with pytest.raises(TruncatedError, match="max_output_tokens"):
        ask(model, question())
    assert [wire["max_tokens"] for wire in network.wires] == [700]


def test_more_room_ends_where_the_models_context_does() -> None:
    network = Network(said("", finish_reason="length"), said(GOOD))
    model = modelled(network)
    model.context_tokens = 8192
    ask(model, question())
    assert 6000 < network.wires[1]["max_tokens"] < 8192


def test_an_answer_that_goes_round_in_circles_is_not_given_more_room() -> None:
    item = '{"name": "A", "kind": "state", "role": "it says so in so many words that nobody could say it better"}, '
    network = Network(said(item * 30, finish_reason="length"), said(GOOD))
    with pytest.raises(TruncatedError, match="went round in circles"):
        ask(modelled(network), question())
    assert len(network.wires) == 1


def test_a_long_list_of_different_items_does_not_go_round_in_circles() -> None:
    words = "treaty port ballot levy dam ward tram court mayor union".split()
    items = [f'{{"name": "{a} {b}", "kind": "state", "role": "the {b} of the {a}"}}' for a in words for b in words]
    assert not classification.is_repetitive(", ".join(items))


def test_an_answer_that_is_cut_off_twice_is_an_error() -> None:
    network, usage = Network(said("{", finish_reason="length")), Usage()
    with pytest.raises(TruncatedError):
        ask(modelled(network), question(), usage=usage)
    assert [wire["max_tokens"] for wire in network.wires] == [50, 200]
    assert usage.requests == 2


_CUT = json.dumps(GOOD)[:-2] + ', {"sentences": [2], "na'


def test_what_was_complete_of_an_answer_that_is_cut_off_twice_is_kept_and_that_is_said() -> None:
    network = Network(said(_CUT, finish_reason="length"))
    answer = ask(modelled(network), question())
    assert answer.part.model_dump(exclude_defaults=True) == GOOD
    assert ("answer_cut_off", "The answer was cut off; what was complete of it is kept.") in answer.deviations
    assert isinstance(answer.failure, TruncatedError)
    assert len(network.wires) == 2


def test_parts_that_an_answer_did_not_reach_before_it_was_cut_off_are_asked_for_alone() -> None:
    cut = said('{"headline": "Talks", "par', finish_reason="length")
    network = Network(cut, cut, said({"parties": GOOD["parties"]}))
    answer = ask(modelled(network), question())
    assert answer.part.model_dump(exclude_defaults=True) == GOOD
    assert len(network.wires) == 3
    assert list(network.wires[2]["response_format"]["json_schema"]["schema"]["properties"]) == ["parties"]


def test_a_provider_that_fails_when_asked_for_more_room_is_a_provider_that_fails() -> None:
    network = Network(said("{", finish_reason="length"), ProviderError("wrong key", status=401))
    with pytest.raises(ProviderError, match="wrong key"):
        ask(modelled(network), question())


# ── Transport errors ─────────────────────────────────────────────────────────────────────────────


def test_a_transient_error_is_retried_and_its_wait_announced() -> None:
    time, heard = Time(), list[events.Event]()
    network = Network(TransientError("busy", status=503), said(GOOD))
    answer = ask(modelled(network, time=time), question(), listener=heard.append)
    assert heard == [events.Waiting(seconds=time.slept[0], reason="busy")]
    assert 0.0 <= time.slept[0] <= 0.5
    assert (answer.usage.requests, answer.usage.input_tokens) == (2, 100)


def test_a_lasting_error_is_not_retried() -> None:
    time, usage = Time(), Usage()
    with pytest.raises(ProviderError, match="wrong key"):
        ask(modelled(Network(ProviderError("wrong key", status=401)), time=time), question(), usage=usage)
    assert (time.slept, usage.requests) == ([], 1)


def test_retrying_gives_up_within_retry_seconds_with_the_last_error() -> None:
    time, usage = Time(), Usage()
    with pytest.raises(TransientError, match="busy"):
        ask(modelled(Network(TransientError("busy")), time=time), question(), usage=usage)
    assert 0 < sum(time.slept) < 60
    assert usage.requests == len(time.slept) + 1
    assert usage.seconds == pytest.approx(sum(time.slept))


def test_the_time_that_requests_take_counts_towards_retry_seconds() -> None:
    time = Time()
    network = Network(TransientError("no answer in time"), takes=lambda: time.sleep(120.0))
    with pytest.raises(TransientError):
        ask(modelled(network, time=time), question())
    assert len(network.wires) == 1


def test_nothing_is_retried_in_no_seconds() -> None:
    network = Network(TransientError("busy"))
    with pytest.raises(TransientError):
        ask(modelled(network, retry_seconds=0.0), question())
    assert len(network.wires) == 1


def test_the_server_is_given_the_time_it_asks_for() -> None:
    time = Time()
    network = Network(TransientError("busy", status=429, retry_after=7.0), said(GOOD))
    ask(modelled(network, time=time), question())
    assert time.slept == [7.0]


@pytest.mark.parametrize("asked", [60.0, 3600.0, float("inf")])
def test_a_wait_that_is_longer_than_retry_seconds_is_not_begun(asked: float) -> None:
    time = Time()
    with pytest.raises(TransientError):
        ask(modelled(Network(TransientError("busy", retry_after=asked)), time=time), question())
    assert time.slept == []


@pytest.mark.parametrize("asked", [0.0, 0.001])
def test_a_server_that_asks_for_hardly_any_wait_is_not_hammered(asked: float) -> None:
    time, usage = Time(), Usage()
    with pytest.raises(TransientError):
        ask(modelled(Network(TransientError("busy", retry_after=asked)), time=time), question(), usage=usage)
    assert sum(time.slept) > 0
    assert usage.requests < 60


def test_every_question_has_retry_seconds_of_its_own() -> None:
    time = Time()
    model = modelled(Network(TransientError("busy", retry_after=50.0), said(GOOD)), time=time)
    ask(model, question())
    model.transport = Network(TransientError("busy", retry_after=50.0), said(GOOD))
    ask(model, question())
    assert time.slept == [50.0, 50.0]


def test_a_transport_that_learnt_what_the_server_takes_is_called_again_at_once_and_counted() -> None:
    time = Time()
    network = Network(classification.AdaptedError("no seed", status=400), said(GOOD))
    usage = ask(modelled(network, time=time, retry_seconds=0.0), question()).usage
    assert (usage.requests, time.slept) == (2, [])


def test_an_interruption_is_not_swallowed() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(modelled(Network(said(GOOD), takes=interrupt)), question())


def test_a_fault_of_our_own_is_not_dressed_up() -> None:
    def fault() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(modelled(Network(said(GOOD), takes=fault)), question())


# ── Costs ────────────────────────────────────────────────────────────────────────────────────────


def test_costs_add_up_across_truncation_retries_and_corrections() -> None:
    part = said({"headline": "Talks", "parties": [{"name": "X"}]})
    script = [said("{", finish_reason="length"), TransientError("busy"), part, said({"parties": GOOD["parties"]})]
    network, usage = Network(*script), Usage()
    ask(modelled(network), question(), usage=usage)
    assert (usage.requests, usage.input_tokens, usage.cached_tokens, usage.output_tokens) == (4, 300, 120, 30)


@pytest.mark.parametrize("usage", [None, "much", {}, {"prompt_tokens": None}, {"prompt_tokens_details": None}])
def test_a_server_that_does_not_count_tokens_costs_none(usage: object) -> None:
    answer = ask(modelled(Network(ChatCompletion.construct(None, **{**completion(GOOD), "usage": usage}))), question())
    assert (answer.usage.requests, answer.usage.input_tokens, answer.usage.output_tokens) == (1, 0, 0)


def test_the_transports_own_answer_is_left_as_it_came() -> None:
    fenced = said(f"```{json.dumps(BAD)}```")
    before = fenced.model_dump()
    ask(modelled(Network(fenced)), question())
    assert fenced.model_dump() == before


def test_costs_can_be_added() -> None:
    usage = Usage(requests=1, input_tokens=2, cached_tokens=3, output_tokens=4, seconds=5.0)
    usage.add(Usage(requests=10, input_tokens=20, cached_tokens=30, output_tokens=40, seconds=50.0))
    assert usage == Usage(requests=11, input_tokens=22, cached_tokens=33, output_tokens=44, seconds=55.0)


def test_one_model_answers_many_threads_and_counts_for_each() -> None:
    model, costs = modelled(Network(said(GOOD))), [Usage() for _ in range(8)]
    threads = [threading.Thread(target=ask, args=(model, question()), kwargs={"usage": usage}) for usage in costs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [usage.input_tokens for usage in costs] == [100] * 8


def test_a_model_is_closed_at_the_end_of_a_with() -> None:
    closed: list[bool] = []
    with Model(name="openai/x", transport=Network(said(GOOD)), close=lambda: closed.append(True)):
        assert closed == []
    assert closed == [True]


# ── Judgement ────────────────────────────────────────────────────────────────────────────────────


def _dates() -> Iterator[tuple[str, float | None]]:
    yield "Wed, 19 Jun 2024 12:00:30 GMT", 30.0
    yield "Wed, 19 Jun 2024 12:00:30 -0000", 30.0
    yield "Wed, 19 Jun 2024 11:59:00 GMT", 0.0
    yield "12.5", 12.5
    yield "-3", 0.0
    yield "nan", 0.0
    yield "soon", None
    yield "Wed, 99 Jun 2024 12:00:30 GMT", None
    yield "", None


@pytest.mark.parametrize(("value", "seconds"), list(_dates()))
def test_retry_after_is_a_number_of_seconds_or_a_date(value: str, seconds: float | None) -> None:
    noon = 1718798400.0  # 19 June 2024, 12:00 UTC
    assert retry_after({"retry-after": value}, now=noon) == seconds


def test_without_retry_after_the_server_asks_for_nothing() -> None:
    assert retry_after({}) is None


@pytest.mark.parametrize(
    ("status", "transient"), [(400, False), (408, True), (409, False), (425, True), (429, True), (498, True)]
)
def test_below_500_only_four_statuses_pass_by_themselves(status: int, transient: bool) -> None:
    assert classification.is_transient_status(status) is transient


def test_every_status_from_500_may_pass_by_itself() -> None:
    assert all(classification.is_transient_status(status) for status in range(500, 600))
