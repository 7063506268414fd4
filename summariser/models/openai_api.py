"""The transport to OpenAI and to every server that speaks its chat completions."""

import email.utils
import json
import time
from collections.abc import Callable, Iterable
from typing import Any

import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import ValidationError

from summariser import events
from summariser.errors import ProviderError
from summariser.models.door import Transport, Wire
from summariser.models.judgement import TRANSIENT_STATUSES, TransientError

_MENDS = ("temperature", "seed", "response_format", "max_tokens")


def openai_transport(client: openai.OpenAI, *, where: str, streaming: bool = False) -> Transport:
    """A transport over the SDK; `where` names the server in errors.

    Whatever optional part of a request the server says it does not take is left out from then on. With
    `streaming` the listener hears the answer grow.
    """
    unsupported: set[str] = set()

    def send(wire: Wire, listener: events.Listener) -> ChatCompletion:
        while True:
            try:
                return _completion(client, _adapted(wire, unsupported), listener, streaming=streaming)
            except openai.BadRequestError as error:
                mend = next((name for name in _MENDS if name in wire and _blames(error, name)), None)
                if mend is None or mend in unsupported:
                    raise _as_ours(error, where, client.api_key) from None
                unsupported.add(mend)
                listener(events.Note(f"The server does not take {mend}; asking again without it."))
            except (openai.OpenAIError, json.JSONDecodeError, ValidationError) as error:
                raise _as_ours(error, where, client.api_key) from None

    return send


def _completion(client: openai.OpenAI, wire: Wire, listener: events.Listener, *, streaming: bool) -> ChatCompletion:
    create: Callable[..., Any] = client.chat.completions.create
    if not streaming:
        answer = create(**wire)
        if isinstance(answer, ChatCompletion):
            return answer
        raise ProviderError("The server did not answer like an OpenAI-compatible one; check the base URL.")
    chunks: Iterable[ChatCompletionChunk] = create(
        **wire, stream=True, stream_options={"include_usage": True}, extra_body={"return_progress": True}
    )
    return _joined(chunks, listener)


def _joined(chunks: Iterable[ChatCompletionChunk], listener: events.Listener) -> ChatCompletion:
    """The completion that a stream of chunks adds up to."""
    content, refusal, finish, model, usage, identity = "", "", None, "", None, ""
    for chunk in chunks:
        model, identity, usage = chunk.model or model, chunk.id or identity, chunk.usage or usage
        progress = (chunk.model_extra or {}).get("prompt_progress")
        if isinstance(progress, dict):
            listener(events.Reading(done=int(progress.get("processed", 0)), total=int(progress.get("total", 0))))
        for choice in chunk.choices:
            content += choice.delta.content or ""
            refusal += choice.delta.refusal or ""
            finish = choice.finish_reason or finish
            if choice.delta.content:
                listener(events.Writing(content))
    if finish is None:
        raise TransientError("The server's answer broke off in the middle; try again.")
    return ChatCompletion.model_validate(
        {
            "id": identity,
            "object": "chat.completion",
            "created": 0,
            "model": model,
            "usage": usage.model_dump() if usage else None,
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {"role": "assistant", "content": content, "refusal": refusal or None},
                }
            ],
        }
    )


def _adapted(wire: Wire, unsupported: set[str]) -> Wire:
    """The request without what this server does not take."""
    adapted = {name: value for name, value in wire.items() if name not in unsupported}
    if "max_tokens" in unsupported:
        adapted["max_completion_tokens"] = wire["max_tokens"]
    if "response_format" in unsupported:
        schema = json.dumps(wire["response_format"]["json_schema"]["schema"], ensure_ascii=False)
        asked = f"Answer with one JSON object that fits this JSON Schema, and nothing else:\n{schema}"
        adapted["messages"] = [*wire["messages"], {"role": "user", "content": asked}]
    return adapted


def _blames(error: openai.BadRequestError, name: str) -> bool:
    """Whether a 400 is about that part of the request."""
    text = str(error.message).lower()
    spoken = {"response_format": ("response_format", "json_schema", "json schema")}.get(name, (name,))
    return error.param == name or any(word in text for word in spoken)


def _as_ours(error: Exception, where: str, key: str) -> ProviderError:
    """The SDK's error in our words. Nothing of the request, its headers or its key is in them."""
    if isinstance(error, openai.APITimeoutError):
        return TransientError(f"{where} did not answer in time; try again, or raise timeout_seconds.")
    if isinstance(error, openai.APIStatusError):
        return _status_error(error, where, key)
    if isinstance(error, openai.APIConnectionError):
        return TransientError(
            f"{where} cannot be reached or dropped the connection; check the base URL and the network."
        )
    if isinstance(error, openai.APIError) and not isinstance(error, openai.APIResponseValidationError):
        return TransientError(f"{where} broke off its answer with an error ({_message(error, key)}); try again.")
    return ProviderError(f"{where} did not answer like an OpenAI-compatible server; check the base URL.")


def _status_error(error: openai.APIStatusError, where: str, key: str) -> ProviderError:
    status, says = error.status_code, _message(error, key)
    if status in TRANSIENT_STATUSES or status >= 500:
        what = "is limiting the rate of requests" if status == 429 else f"failed (HTTP {status})"
        return TransientError(
            f"{where} {what}: {says}; try again later, or raise retry_seconds.",
            status=status,
            retry_after=_retry_after(error.response.headers.get("retry-after")),
        )
    cure = {
        401: "set OPENAI_API_KEY to a valid key",
        403: "use a key that may use this model",
        404: "check the model's name and the base URL",
        413: "the text is too long for this model: choose another or split the text",
    }.get(status, "check the model's name and the settings")
    return ProviderError(f"{where} rejected the request (HTTP {status}: {says}); {cure}.", status=status)


def _message(error: openai.APIError, key: str) -> str:
    body = error.body
    text = body.get("message") if isinstance(body, dict) else None
    flat = " ".join(str(text or error.message).split()).rstrip(".").replace(key or "\0", "…")
    return flat if len(flat) <= 200 else flat[:199] + "…"


def _retry_after(value: str | None) -> float | None:
    """Seconds to wait by a Retry-After header: a number, or an HTTP date (RFC 9110, section 10.2.3)."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
