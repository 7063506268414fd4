"""Behaviours of OpenAI-compatible servers, told in public bug reports, and what the program does about each.

`python -m tests.servers` prints the tables of docs/servers.md.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tests.loopback import Json, Loopback, Received, Reply, chunk, completion, fails, says, streams
from tests.test_pipeline import ANSWER, TEXT, changed

LONG_TEXT = "\n\n".join(
    [TEXT, *(f"On day {n} the quays of Arlen stayed open and the cranes worked." for n in range(260))]
)
Wire = dict[str, Any]
Act = Callable[[Wire, int], Reply]


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """What a server does with a request (by its number, from 1), and what comes of it.

    `requests` are those that one summary takes. `outcome` is the run's status, or the name of the error. `warning` is
    the code of the warning that says what was done, if a reader should know.
    """

    about: str
    server: str
    program: str
    act: Act
    requests: int = 1
    outcome: str = "ok"
    warning: str = ""
    text: str = TEXT
    path: str = ""


class Server(Loopback):
    """A loopback server that behaves so."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self._act = act

    def take(self, request: Received) -> Reply:
        """Record a request; the reply to it."""
        self.requests.append(request)
        return self._act(request.body, len(self.requests))


# ── replies ──────────────────────────────────────────────────────────────────────────────────────


def words(body: Wire) -> int:
    """About how many tokens a request is by a server's count."""
    return sum(len(str(message["content"])) for message in body["messages"]) // 4


def answered(body: Wire, answer: object = ANSWER, *, finish: str | None = "stop", **message: object) -> Reply:
    """A completion with that content, its prompt counted."""
    whole: Any = completion(answer, finish_reason=finish, tokens=(words(body), 0, 300))
    whole["choices"][0]["message"].update(message)
    return says(whole)


def asked_for(body: Wire) -> Json:
    """The parts of the answer that the schema in a request asks for; all where none is there."""
    try:
        wanted = body["response_format"]["json_schema"]["schema"]["properties"]
    except KeyError:
        return ANSWER
    return {part: value for part, value in ANSWER.items() if part in wanted}


def saying(content: Callable[[str], object], **more: Any) -> Act:
    """Answers with what that makes of the answer's JSON."""
    return lambda body, number: answered(body, content(json.dumps(asked_for(body), ensure_ascii=False)), **more)


def giving(**parts: object) -> Act:
    """Answers with some of the parts changed."""
    return lambda body, number: answered(body, changed(**parts))


def with_first(part: str, **fields: object) -> Act:
    """Answers with some fields of a kind's first item changed."""
    first, *others = ANSWER[part]  # type: ignore[misc]  # lists of items
    return giving(**{part: [{**first, **fields}, *others]})


def first_then(first: Act, then: Act) -> Act:
    """Another answer to the first request."""
    return lambda body, number: (first if number == 1 else then)(body, number)


def unless(
    taken: Callable[[Wire], bool], message: str, *, status: int = 400, listed: bool = False, **error: object
) -> Act:
    """Answers what it takes, and rejects what it does not with that message."""
    rejection = {"error": {"message": message, "type": "invalid_request_error", **error}}
    body_of: object = [rejection] if listed else rejection
    return lambda body, number: answered(body, asked_for(body)) if taken(body) else says(body_of, status=status)


def limit(body: Wire) -> int:
    """How many tokens a request allows the answer."""
    found: int = body.get("max_tokens") or body.get("max_completion_tokens") or 0
    return found


def form(body: Wire) -> str:
    """How a request gives its schema."""
    if "response_format" not in body:
        return "none"
    kind: str = body["response_format"]["type"]
    return "bounded" if kind == "json_schema" and "maxLength" in json.dumps(body["response_format"]) else kind


def reasoning_up_to(need: int) -> Act:
    """Answers nothing where the limit is below what its reasoning takes."""
    return lambda body, number: (
        answered(body, asked_for(body)) if limit(body) >= need else answered(body, "", finish="length")
    )


def shortened(body: Wire, number: int) -> Reply:
    """Cuts an answer off where the limit is below 20,000 tokens."""
    whole = json.dumps(asked_for(body))
    return answered(
        body, whole if limit(body) > 20_000 else whole[:-200], finish="stop" if limit(body) > 20_000 else "length"
    )


def within(context: int, message: str) -> Act:
    """Rejects a request that does not fit the context together with its longest answer; `message` is a template."""

    def act(body: Wire, number: int) -> Reply:
        if words(body) + limit(body) <= context:
            return answered(body, asked_for(body))
        return fails(400, message.format(context=context, read=words(body), limit=limit(body)))

    return act


def _called(arguments: str, *, older: bool = False) -> Json:
    """A chunk of a stream that calls a tool, or a function in the older form."""
    function = {"arguments": arguments}
    delta: Json = {"function_call": function} if older else {"tool_calls": [{"index": 0, "function": function}]}
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


def cutting(context: int) -> Act:
    """Reads no more than the end of what is sent, and only its count of tokens shows that."""
    return lambda body, number: says(completion(asked_for(body), tokens=(min(context, words(body)), 0, 300)))


# ── the table ────────────────────────────────────────────────────────────────────────────────────

_THINKING = 'The user wants JSON. {Arlen, Bocia} are parties; the form is {"headline": …}.'
_SPLIT = {part: value for part, value in ANSWER.items() if part != "headline"}

BEHAVIOURS = [
    # Where the answer stands
    *(
        Behaviour(about="Where the answer stands", server=server, program=program, act=act)
        for server, program, act in [
            ("reasons in `<think>…</think>` before it", "reads what follows", saying(lambda a: f"<think>{_THINKING}</think>\n{a}")),
            ("sends the closing `</think>` alone", "reads what follows", saying(lambda a: f"{_THINKING}\n</think>\n{a}")),
            ("puts it into a code fence, with courtesies", "finds it", saying(lambda a: f"Here it is:\n```json\n{a}\n```\nI hope this helps.")),
            ("adds notes with braces", "finds it", saying(lambda a: f"{a}\n\nNote: days are in {{the report's words}}.")),
            ("sends it twice", "takes it once", saying(lambda a: f"{a}\n{a}")),
            ("puts it into a list", "takes it out", saying(lambda a: f"[{a}]")),
            ("puts it into an object named after the schema", "takes it out", saying(lambda a: f'{{"Answer": {a}}}')),
            ("encodes it twice", "decodes it twice", saying(json.dumps)),
            ("sends an object for each part", "puts them together", saying(lambda a: json.dumps(_SPLIT) + '\n{"headline": "Arlen and Bocia sign harbour treaty"}')),
            ("leaves `content` empty and uses `reasoning_content`", "reads it there", saying(lambda a: None, reasoning_content=json.dumps(ANSWER))),
            ("sends it as a stream though none was asked for", "reads the stream", lambda body, number: streams([chunk(json.dumps(ANSWER)[:300]), chunk(json.dumps(ANSWER)[300:]), chunk(finish_reason="stop")])),
            ("keeps the connection open with comments", "passes over them", lambda body, number: Reply(body=b": PROCESSING\n\n: PROCESSING\n" + json.dumps(completion(ANSWER)).encode())),
            ("puts it into the second of several choices", "takes the first that says something", lambda body, number: says({**completion(ANSWER), "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ""}}, *completion(ANSWER)["choices"]]})),  # type: ignore[misc]
            ("leaves `content` empty and uses `reasoning`", "reads it there", saying(lambda a: None, reasoning=json.dumps(ANSWER))),
            ("makes `content` a list of parts", "joins the texts", lambda body, number: answered(body, None, content=[{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}, {"type": "text", "text": json.dumps(ANSWER)}])),
            ("calls a tool with it", "reads the arguments", lambda body, number: answered(body, None, tool_calls=[{"id": "1", "type": "function", "function": {"name": "Answer", "arguments": json.dumps(ANSWER)}}], finish="tool_calls")),
            ("gives no finish reason", "takes the answer, which is whole", saying(lambda a: a, finish=None)),
            ("fills its limit with line breaks behind the answer", "takes the answer, which is whole", saying(lambda a: a + "\n" * 5000, finish="length")),
            ("calls a tool in a stream that nobody asked for", "reads the arguments", lambda body, number: streams([_called(json.dumps(ANSWER)[:90]), _called(json.dumps(ANSWER)[90:])])),
            ("calls a function in such a stream, in the older form", "reads the arguments", lambda body, number: streams([_called(json.dumps(ANSWER)[:90], older=True), _called(json.dumps(ANSWER)[90:], older=True)])),
            ("is a gateway that wraps the response (`data`, `result`, a list of one)", "takes it out", lambda body, number: says({"code": 0, "msg": "success", "data": completion(ANSWER)})),
            ("leaves separators of lines such as U+2028 as they are", "reads them as part of a text", lambda body, number: Reply(body=json.dumps(completion(json.dumps(ANSWER, ensure_ascii=False).replace("Dockers fear", "Dockers\u2028\u0085fear")), ensure_ascii=False).encode())),
            ("does not count tokens", "says that none were counted", lambda body, number: says(completion(ANSWER, tokens=None))),
        ]
    ),
    # What is wrong with it
    *(
        Behaviour(about="What is wrong with the answer", server=server, program=program, act=act, warning=warning, requests=requests)
        for server, program, act, warning, requests in [
            ("leaves commas before closing brackets", "repairs the punctuation and says so", saying(lambda a: a.replace("}]", "},]")), "answer_repaired", 1),
            ("writes it as Python", "repairs the punctuation and says so", saying(lambda a: repr(json.loads(a))), "answer_repaired", 1),
            ("sends half of an emoji", "puts the replacement character there", saying(lambda a: a.replace("treaty on", "treaty\\ud83d on", 1)), "", 1),
            ("names a key twice", "puts the lists together and says so", saying(lambda a: a[:-1] + ', "risks": []}'), "answer_repaired", 1),
            ("leaves the last brackets out, and ends by itself", "closes them and says so", saying(lambda a: a[:-1]), "answer_repaired", 1),
            ("puts raw line breaks into texts", "reads them and says so", saying(lambda a: a.replace("signed a treaty", "signed\na treaty", 1)), "answer_repaired", 1),
            ("adds keys of its own", "leaves them out and says so", with_first("commitments", type="commitment", confidence=0.9), "answer_repaired", 1),
            ("gives a text for a list of one", "takes it as a list and says so", with_first("commitments", by="Arlen"), "answer_repaired", 1),
            ("gives null for a list", "takes it as empty and says so", with_first("commitments", to=None), "answer_repaired", 1),
            ("gives sentence numbers as texts", "reads the numbers and says so", with_first("commitments", sentences="[2]"), "answer_repaired", 1),
            ("leaves one list out where the others came", "takes it as empty and says so", lambda body, number: answered(body, {k: v for k, v in ANSWER.items() if k != "risks"}), "answer_repaired", 1),
            ("uses a near word for a closed value (`promised`, `company`)", "reads it by a table and says so", with_first("parties", kind="Country"), "answer_repaired", 1),
            ("gives an item that does not fit", "leaves that item out and quotes it", giving(parties=[*ANSWER["parties"], {"name": "Docks", "kind": "place"}]), "item_dropped", 1),  # type: ignore[misc]
            ("leaves whole parts out", "asks once more, for those alone", first_then(lambda body, number: answered(body, {"parties": ANSWER["parties"]}), saying(lambda a: a)), "", 2),
            ("ends in the middle of an item, by itself", "asks once more", first_then(saying(lambda a: a[: a.index('"aliases"')]), saying(lambda a: a)), "", 2),
            ("answers in prose", "asks once more", first_then(saying(lambda a: "There is a treaty."), saying(lambda a: a)), "", 2),
            ("answers nothing", "asks once more", first_then(saying(lambda a: ""), saying(lambda a: a)), "", 2),
        ]
    ),
    # Limits
    *(
        Behaviour(about="Limits", server=server, program=program, act=act, requests=requests, outcome=outcome, warning=warning, text=text)
        for server, program, act, requests, outcome, warning, text in [
            ("allows fewer tokens for an answer, and says how many", "asks for so many, and remembers it", unless(lambda body: limit(body) <= 4096, "max_tokens is too large: 6000. This model supports at most 4096 completion tokens.", param="max_tokens"), 2, "ok", "", TEXT),
            ("says so in other words", "the same", unless(lambda body: limit(body) <= 4096, "`max_tokens` must be less than or equal to `4096`, the maximum value for this model's `context_window`"), 2, "ok", "", TEXT),
            ("allows fewer tokens, and does not say how many", "asks for half as many, three times at most", unless(lambda body: limit(body) <= 4096, "max_tokens is too large for this model"), 2, "ok", "", TEXT),
            ("has a context too short for text and answer (vLLM)", "asks for an answer that fits, and remembers the context", within(4096, "This model's maximum context length is {context} tokens. However, you requested {limit} output tokens and your prompt contains {read} input tokens."), 2, "ok", "", TEXT),
            ("has a context too short for the text", "reads the text in passages, and says so", within(4096, "the request exceeds the available context size ({context} tokens), try increasing it"), 10, "ok", "read_in_passages", LONG_TEXT),
            ("says in Chinese how long its context is", "asks for an answer that fits", within(4096, "输入 {read} tokens，模型最大上下文长度为 {context} tokens"), 2, "ok", "", TEXT),
            ("reasons until its limit is reached, and answers nothing", "raises the limit once, to 64,000 tokens", reasoning_up_to(15_000), 2, "ok", "", TEXT),
            ("reasons however much it may", "stops, and names `max_output_tokens` and `reasoning_effort`", reasoning_up_to(10**9), 2, "TruncatedError", "", TEXT),
            ("cuts the answer off at its limit", "asks once more with four times the room", shortened, 2, "ok", "", TEXT),
            ("cuts every answer off", "keeps what is complete, asks for the parts that are missing, and says so", saying(lambda a: a[: len(a) * 2 // 3], finish="length"), 3, "truncated", "answer_cut_off", TEXT),
            ("cuts the prompt off in silence (Ollama's `num_ctx`)", "says how much was read; the summary is partial", cutting(2050), 1, "partial", "read_in_part", LONG_TEXT),
        ]
    ),
    # Parameters and schemas
    *(
        Behaviour(about="Parameters and schemas", server=server, program=program, act=act, requests=requests)
        for server, program, act, requests in [
            ("wants `max_completion_tokens`", "sends that, from then on", unless(lambda body: "max_tokens" not in body, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", param="max_tokens"), 2),
            ("takes no temperature but its own", "sends none, from then on", unless(lambda body: "temperature" not in body, "Unsupported value: 'temperature' does not support 0 with this model.", param="temperature"), 2),
            ("finds the schema too complex (Gemini, whose errors come as a list)", "sends it without bounds, then less", unless(lambda body: form(body) != "bounded", "The specified schema produces a constraint that has too many states for serving.", listed=True), 2),
            ("answers only as a stream", "asks for a stream, from then on", lambda body, number: streams([chunk(json.dumps(asked_for(body))), chunk(finish_reason="stop")]) if body.get("stream") else fails(400, "This model only support stream mode, please enable the stream parameter to access the model."), 2),
            ("puts its words beside a field `error` that says little", "reads them", lambda body, number: answered(body, asked_for(body)) if limit(body) <= 4096 else says({"status": 400, "error": "Bad Request", "message": "max_tokens must be less than or equal to 4096"}, status=400), 2),
            ("does not take roles but user and assistant", "puts the system's words into the question", unless(lambda body: body["messages"][0]["role"] == "user", "Conversation roles must alternate user/assistant/user/assistant/…"), 2),
            ("does not take some keyword of the schema", "the same", unless(lambda body: form(body) != "bounded", "Invalid schema for response_format 'Answer': In context=('properties', 'headline'), 'maxLength' is not permitted."), 2),
            ("does not take schemas", "asks for a JSON object, the schema in the prompt", unless(lambda body: form(body) == "json_object", "This response_format type is unavailable now"), 2),
            ("takes no system message", "puts its words into the question", unless(lambda body: body["messages"][0]["role"] == "user", "System role not supported"), 2),
            ("echoes the request in its error", "reads its own words alone", lambda body, number: answered(body, asked_for(body)) if form(body) == "json_object" else says({"detail": [{"loc": ["body", "response_format"], "msg": "json_schema is not supported", "input": body}]}, status=422), 2),
            ("says so with status 500 (llama.cpp)", "the same", unless(lambda body: form(body) != "bounded", "failed to parse grammar", status=500), 2),
            ("takes no `response_format`", "asks without, the schema in the prompt", unless(lambda body: form(body) == "none", "Unrecognized request argument supplied: response_format", status=422), 3),
            ("rejects it without saying why", "tries the same steps, and gives up with the server's words", unless(lambda body: form(body) == "none", "Bad request"), 4),
        ]
    ),
    # Failures
    *(
        Behaviour(about="Failures", server=server, program=program, act=act, requests=requests, outcome=outcome)
        for server, program, act, requests, outcome in [
            ("reports a failure within a 200", "tries again, for `retry_seconds`", first_then(lambda body, number: says({"error": {"message": "Provider returned error", "code": 502}}), saying(lambda a: a)), 2, "ok"),
            ("reports one in a body of its own, without choices", "the same", first_then(lambda body, number: says({"object": "error", "message": "system busy"}), saying(lambda a: a)), 2, "ok"),
            ("reports one in the choice, finish reason `error`", "the same", first_then(lambda body, number: says({**completion(""), "choices": [{"index": 0, "finish_reason": "error", "message": {"role": "assistant", "content": ""}, "error": {"code": 502, "message": "Upstream error"}}]}), saying(lambda a: a)), 2, "ok"),
            ("is busy, and says so in words about tokens", "waits, and learns nothing from it", first_then(lambda body, number: fails(429, "Too many tokens, please wait before trying again."), saying(lambda a: a)), 2, "ok"),
            ("is overloaded, and names the schema in passing", "the same", first_then(lambda body, number: fails(500, "The structured output service is overloaded."), saying(lambda a: a)), 2, "ok"),
            ("cuts its response off, in a body that seems whole", "tries again, for `retry_seconds`", first_then(lambda body, number: Reply(body=json.dumps(completion(ANSWER)).encode()[:-40]), saying(lambda a: a)), 2, "ok"),
            ("ends a stream within a line", "the same", first_then(lambda body, number: Reply(body=b'data: {"id": "s", "choices": [{"delta": {"content": "{"}}]}\n\ndata: {"id": "s", "cho'), saying(lambda a: a)), 2, "ok"),
            ("is busy (429, 503)", "waits as long as it asks, for `retry_seconds` in all", first_then(lambda body, number: fails(429, "Slow down.", headers={"Retry-After": "0"}), saying(lambda a: a)), 2, "ok"),
            ("says in words how long to wait (`Please try again in 20ms`)", "the same", first_then(lambda body, number: fails(429, "Rate limit reached. Please try again in 20ms."), saying(lambda a: a)), 2, "ok"),
            ("says so in a field (`retryDelay`)", "the same", first_then(lambda body, number: fails(429, "Quota exceeded.", details=[{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.02s"}]), saying(lambda a: a)), 2, "ok"),
            ("has no capacity (498)", "tries again, for `retry_seconds`", first_then(lambda body, number: fails(498, "Flex tier capacity exceeded."), saying(lambda a: a)), 2, "ok"),
            ("wants to be paid (`insufficient_quota`)", "stops at once", lambda body, number: fails(429, "You exceeded your current quota.", code="insufficient_quota"), 1, "ProviderError"),
            ("wants to be paid, and says so with status 400 or 200", "the same", lambda body, number: fails(400, "Your credit balance is too low to access the API."), 1, "ProviderError"),
            ("filters the text", "stops at once", lambda body, number: fails(400, "The response was filtered.", code="content_filter"), 1, "RefusedError"),
            ("filters the text, and says so in other words (`Content Exists Risk`, `guardrail_intervened`)", "the same", saying(lambda a: "I cannot answer this.", finish="guardrail_intervened"), 1, "RefusedError"),
            ("filters the text, and sends no choices but the filter's results", "the same", lambda body, number: says({"choices": [], "prompt_filter_results": [{"content_filter_results": {"hate": {"filtered": True}}}]}), 1, "RefusedError"),
            ("does not serve the country or the network", "stops at once, and says so", lambda body, number: fails(400, "User location is not supported for the API use."), 1, "ProviderError"),
            ("refuses", "stops at once, with its words", lambda body, number: answered(body, None, refusal="I cannot help with that."), 1, "RefusedError"),
            ("is a proxy's web page", "stops at once, and says that it was one", lambda body, number: Reply(status=403, body=b"<html><title>Blocked</title></html>"), 1, "ProviderError"),
            ("is a login page, with status 200", "the same", lambda body, number: Reply(body=b"<!doctype html><title>Sign in</title>"), 1, "ProviderError"),
            ("is asked at the address of another API (Ollama's, Anthropic's or Google's own)", "stops at once, and names the base URL", lambda body, number: says({"model": "x", "message": {"role": "assistant", "content": ANSWER}, "done": True}), 1, "ProviderError"),
            ("does not know the key", "stops at once", lambda body, number: fails(401, "Incorrect API key provided."), 1, "ProviderError"),
            ("does not know the key, and says so with status 400 or 200", "stops at once", lambda body, number: fails(400, "Missing or invalid Authorization header."), 1, "ProviderError"),
            ("does not know the model", "stops at once", lambda body, number: fails(404, "The model `x` does not exist."), 1, "ProviderError"),
            ("does not know the model, and says so with status 400 or 200", "stops at once", lambda body, number: says({"code": 20012, "message": "Model does not exist.", "data": None}), 1, "ProviderError"),
            ("does not know the endpoint, and says so with status 200 (LM Studio)", "stops at once, and names the base URL", lambda body, number: says({"error": "Unexpected endpoint or method. (POST /chat/completions)"}), 1, "ProviderError"),
        ]
    ),
    Behaviour(
        about="Addresses",
        server="is Azure, at a deployment's address with `?api-version=…`",
        program="keeps the query, and sends the key in Azure's header too",
        act=lambda body, number: answered(body),
        path="/openai/deployments/mine?api-version=2024-10-21",
    ),
    Behaviour(
        about="Addresses",
        server="is Azure, at `…/openai/v1/`",
        program="asks there",
        act=lambda body, number: answered(body),
        path="/openai/v1/",
    ),
    Behaviour(
        about="Addresses",
        server="was copied with the endpoint, `…/v1/chat/completions`",
        program="asks there",
        act=lambda body, number: answered(body),
        path="/v1/chat/completions",
    ),
]  # fmt: skip


def tables() -> Iterator[str]:
    """Yield the tables of the page, one for each group."""
    for about, group in groupby(BEHAVIOURS, key=lambda behaviour: behaviour.about):
        yield f"## {about}\n\n| the server … | the program … | requests |\n|---|---|---|\n" + "".join(
            f"| {each.server} | {each.program} | {each.requests} |\n" for each in group
        )


if __name__ == "__main__":
    print(*tables(), sep="\n", end="")  # noqa: T201  # what it is for
