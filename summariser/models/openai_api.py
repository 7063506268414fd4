"""The transport to OpenAI and to every server that speaks its chat completions."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from summariser import events
from summariser.errors import ModelError, ProviderError, TransientError
from summariser.models import judgement
from summariser.models.door import Transport, Wire
from summariser.models.judgement import AdaptedError, DeferredError, short

_OPTIONAL: dict[str, re.Pattern[str]] = {  # what a server may not take, and the words in which it says so
    "temperature": re.compile(r"\btemperature\b"),
    "seed": re.compile(r"\bseed\b"),
    "response_format": re.compile(r"response[_ ]format|json[_ ]schema|\bgrammar\b"),
    "max_tokens": re.compile(r"\bmax_completion_tokens\b"),  # which it wants instead
}
_NO_ROOM = re.compile(r"context[_ ](length|size|window)|maximum context|too (long|large)")
_FILTERED = frozenset({"content_filter", "content_policy_violation"})
_TOO_LONG = "the text is too long for this model: choose another or split the text"
_CURES = {
    401: "set OPENAI_API_KEY to a valid key",
    402: "add credit to the account or use another key",
    403: "use a key that may use this model",
    404: "check the model's name and the base URL",
    413: _TOO_LONG,
}


def openai_transport(
    client: openai.OpenAI,
    *,
    where: str,
    streaming: bool = False,
    unreachable: str = "check the base URL and the network",
) -> Transport:
    """A transport over the SDK; `where` names the server in errors, `unreachable` the cure where it is silent.

    One call is one request. Whatever optional part of it the server says it does not take is left out from then
    on, after an AdaptedError. With `streaming` the listener hears the answer grow.
    """
    unsupported: set[str] = set()
    ours = Wording(where, client.api_key, unreachable)

    def send(wire: Wire, listener: events.Listener) -> ChatCompletion:
        left_out = frozenset(unsupported)  # other threads may learn more in the meantime
        try:
            return _completion(client, _adapted(wire, left_out), listener, streaming=streaming)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            sent = [name for name in _OPTIONAL if name in wire and name not in left_out]
            blamed = next((name for name in sent if _blames(error, name)), None)
            if blamed is None:
                raise ours.error(error) from None
            unsupported.add(blamed)
            listener(events.Note(f"The server does not take {blamed}; asking again without it."))
            raise AdaptedError(f"{where} does not take {blamed}; ask again.", status=error.status_code) from None
        except (openai.OpenAIError, httpx2.HTTPError, ValueError) as error:
            raise error.__cause__ if isinstance(error.__cause__, DeferredError) else ours.error(error) from None

    return send


def _completion(client: openai.OpenAI, wire: Wire, listener: events.Listener, *, streaming: bool) -> ChatCompletion:
    create: Callable[..., Any] = client.chat.completions.create
    as_it_is = {"response_format": wire["response_format"]} if "response_format" in wire else {}
    wire = {
        name: value for name, value in wire.items() if name not in as_it_is
    }  # the SDK would walk through a long schema
    if streaming:
        extra = {"return_progress": True, **as_it_is}
        asked = {"stream": True, "stream_options": {"include_usage": True}, "extra_body": extra}
        with create(**wire, **asked) as chunks:  # closing it early makes the server stop
            return _joined(_unbroken(chunks), listener)
    answer = create(**wire, extra_body=as_it_is)
    if not isinstance(answer, ChatCompletion):
        raise ValueError("no chat completion")
    error = (answer.model_extra or {}).get("error")
    if isinstance(error, dict) and not answer.choices:  # some relays report an error with status 200
        raise openai.APIError(str(error.get("message")), httpx2.Request("POST", client.base_url), body=error)
    return answer


def _unbroken(chunks: Iterable[ChatCompletionChunk]) -> Iterator[ChatCompletionChunk]:
    """The chunks. Past the first byte the SDK leaves what breaks a stream as it comes."""
    try:
        yield from chunks
    except (httpx2.HTTPError, ValueError):
        raise _broken_off() from None


_LOOK_EVERY = 400  # characters between two looks at whether a growing answer goes round in circles


def _joined(chunks: Iterable[ChatCompletionChunk], listener: events.Listener) -> ChatCompletion:
    """The completion that a stream of chunks adds up to; one that goes round in circles is cut off there."""
    content, refusal, finish, model, identity = "", "", None, "", ""
    usage: Wire | None = None
    looked = read = wrote = 0
    for chunk in chunks:
        model, identity = chunk.model or model, chunk.id or identity
        usage = chunk.usage.model_dump() if chunk.usage else usage
        progress = (chunk.model_extra or {}).get("prompt_progress")
        if isinstance(progress, dict):
            read = int(progress.get("total", 0))
            listener(events.Reading(done=int(progress.get("processed", 0)), total=read))
        for choice in chunk.choices or ():
            finish = choice.finish_reason or finish
            refusal += getattr(choice.delta, "refusal", None) or ""
            grown = getattr(choice.delta, "content", None) or ""
            if grown:
                content += grown
                wrote += 1  # llama.cpp sends a chunk a token
                listener(events.Writing(content))
        if len(content) - looked >= _LOOK_EVERY:
            looked = len(content)
            if judgement.goes_round(content):
                finish = "length"
                usage = {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}
                break
    if finish is None:
        raise _broken_off()
    message = {"role": "assistant", "content": content, "refusal": refusal or None}
    return ChatCompletion.construct(
        id=identity,
        object="chat.completion",
        created=0,
        model=model,
        usage=usage,
        choices=[{"index": 0, "finish_reason": finish, "message": message}],
    )


def _broken_off() -> TransientError:
    return TransientError("The server's answer broke off in the middle; try again.")


def _adapted(wire: Wire, left_out: frozenset[str]) -> Wire:
    """The request without what this server does not take."""
    adapted = {name: value for name, value in wire.items() if name not in left_out}
    if "max_tokens" in left_out and "max_tokens" in wire:
        adapted["max_completion_tokens"] = wire["max_tokens"]
    if "response_format" in left_out and "response_format" in wire:
        adapted["messages"] = _with_schema(wire["messages"], wire["response_format"]["json_schema"]["schema"])
    return adapted


def _with_schema(messages: list[Wire], schema: object) -> list[Wire]:
    """The messages with the schema at the end of the question: many servers want the roles to take turns."""
    asked = (
        "Answer with one JSON object that fits this JSON Schema, and nothing else:\n"
        f"{json.dumps(schema, ensure_ascii=False)}"
    )
    *before, last = messages
    if last["role"] != "user":
        return [*messages, {"role": "user", "content": asked}]
    return [*before, {**last, "content": f"{last['content']}\n\n{asked}"}]


def _blames(error: openai.APIStatusError, name: str) -> bool:
    """Whether a rejection is about that part of the request, not merely about its size or what it mentions."""
    text = str(error.message).lower()
    if _NO_ROOM.search(text):
        return False
    if error.param and name != "max_tokens":
        return str(error.param).partition(".")[0] == name
    return _OPTIONAL[name].search(text) is not None


class Wording:
    """The SDK's errors in our words. Nothing of the request, its headers or its key is in them."""

    def __init__(self, where: str, key: str, unreachable: str) -> None:
        self.where, self.key, self.unreachable = where, key, unreachable

    def error(self, error: Exception) -> ModelError:
        """What any error of the SDK, or of the HTTP client below it, means to a caller."""
        match error:
            case openai.APITimeoutError() | httpx2.TimeoutException():
                return TransientError(f"{self.where} did not answer in time; try again, or raise timeout_seconds.")
            case openai.APIStatusError():
                return self._status_error(error)
            case openai.APIConnectionError() | httpx2.TransportError():
                return TransientError(f"{self.where} cannot be reached or dropped the connection; {self.unreachable}.")
            case openai.LengthFinishReasonError() | openai.ContentFilterFinishReasonError():
                truncated = isinstance(error, openai.LengthFinishReasonError)
                return judgement.cut_off() if truncated else judgement.withheld()
            case openai.APIError() if not isinstance(error, openai.APIResponseValidationError):
                return self._reported(error)
            case _:
                return ProviderError(
                    f"{self.where} did not answer like an OpenAI-compatible server; check the base URL."
                )

    def _status_error(self, error: openai.APIStatusError) -> ModelError:
        status, says = error.status_code, self._message(error)
        if error.code in _FILTERED:
            return judgement.withheld()
        if error.code == "insufficient_quota":
            return ProviderError(f"{self.where} wants to be paid ({says}); {_CURES[402]}.", status=status)
        if judgement.is_transient_status(status):
            what = f"is limiting the rate of requests ({says})" if status == 429 else f"failed (HTTP {status}: {says})"
            asked = judgement.retry_after(error.response.headers)
            wait = "" if asked is None else f" and asks to wait {asked:.0f} seconds"
            return TransientError(
                f"{self.where} {what}{wait}; try again later, or raise retry_seconds.",
                status=status,
                retry_after=asked,
            )
        cure = _CURES.get(status, "check the model's name and the settings")
        if status == 400 and _NO_ROOM.search(f"{error.code} {error.message}".lower()):
            cure = _TOO_LONG
        return ProviderError(f"{self.where} rejected the request (HTTP {status}: {says}); {cure}.", status=status)

    def _reported(self, error: openai.APIError) -> ProviderError:
        """An error inside of an answer that began well; its code is often the HTTP status it would have had."""
        status = error.code if isinstance(error.code, int) else None
        says = f"{self.where} broke off its answer with an error ({self._message(error)})"
        if status is None or judgement.is_transient_status(status):
            return TransientError(f"{says}; try again.", status=status)
        return ProviderError(f"{says}; {_CURES.get(status, 'check the text and the settings')}.", status=status)

    def _message(self, error: openai.APIError) -> str:
        body = error.body
        if isinstance(body, dict):  # of whose other parts some servers make an echo of the request
            said = next(
                (body[name] for name in ("message", "detail", "error") if isinstance(body.get(name), str)), None
            )
            text = said or "it does not say why"
        else:
            text = str(body or error.message)
        if text.lstrip().startswith("<"):
            return "with a web page"
        return short(text.replace(self.key or "\0", "…"))
