"""The transport to OpenAI and to all servers with a compatible API for chat completions."""

import json
import re
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from summariser import events
from summariser.concurrency import resolved
from summariser.errors import ContextLengthError, ModelError, ProviderError, TransientError
from summariser.models import capabilities, classification, context_limits, waits
from summariser.models.capabilities import Known, Rejection, error_objects
from summariser.models.causes import CURES, Cause, cause_of
from summariser.models.classification import AdaptedError, DeferredError, masked, short
from summariser.models.exchange import Transport, Wire
from summariser.models.responses import holds_object, text_of

_TOO_LONG = "the text is too long for this model: choose another or split the text"
_SAYING = ("message", "msg", "status_msg", "error_msg", "raw", "detail", "error")  # fields with an error's text
_ELSE_SAYING = ("errors", "reason", "title")
_WEB_PAGE = "with a web page"
_CURES = {
    401: CURES[Cause.KEY],
    402: CURES[Cause.PAYMENT],
    403: "use a key that may use this model",
    404: CURES[Cause.MODEL],
    405: CURES[Cause.ADDRESS],
    413: _TOO_LONG,
}


Client = openai.OpenAI | openai.AsyncOpenAI


def openai_transport(
    client: Client, wording: "ErrorMessages", *, known: Known | None = None, streaming: bool = False
) -> Transport:
    """Return a transport that uses the SDK; its calls block or not, as the client's calls do.

    Each call sends one request in the form that the server accepts by `known`. If the server rejects the request and a
    changed request may succeed, the transport updates `known` and raises AdaptedError; call it again. If the text
    itself is too long, it raises ContextLengthError.

    Args:
        client: The client of the SDK.
        wording: Creates the errors to raise.
        known: The known capabilities of the server; updated.
        streaming: True to stream the answer and to send its progress to the listener.
    """
    known = known or Known()

    async def send(wire: Wire, listener: events.Listener) -> ChatCompletion:
        now = known.now  # other threads may update it in the meantime
        sent = capabilities.adapted(wire, now)
        try:
            answer = await (_streamed(client, sent, listener) if streaming else _whole(client, sent, listener))
            known.worked(now)
            return answer
        except openai.APIStatusError as error:
            said = wording.error(error)
            lesson = capabilities.lesson(Rejection.of(error), wire, sent, now)
            if lesson is None or not known.learn(lesson.capabilities, sent_by=now, guessed=lesson.guessed):
                known.failed()
                raise said from None
            if not lesson.fits:
                context = None if lesson.guessed else lesson.capabilities.context_tokens
                raise ContextLengthError(str(said), status=error.status_code, context_tokens=context) from None
            listener(events.Note(lesson.message))
            raise AdaptedError(str(said), status=error.status_code) from None
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError) as error:
            raise error.__cause__ if isinstance(error.__cause__, DeferredError) else wording.error(error) from None

    return send


async def _whole(client: Client, wire: Wire, listener: events.Listener) -> ChatCompletion:
    """Return the server's answer to one request.

    Raises:
        openai.OpenAIError: The request failed.
        ValueError: The response is not a chat completion.
    """
    response: httpx2.Response = await resolved(client.post("/chat/completions", body=wire, cast_to=httpx2.Response))
    return _without_failure(_read(response.content.decode("utf-8-sig", "replace"), listener), client)


async def _streamed(client: Client, wire: Wire, listener: events.Listener) -> ChatCompletion:
    """Return the server's answer to one request; stream it and send its progress to the listener."""
    own = {"return_progress": True, "response_format": wire.get("response_format")}
    extra = {name: value for name, value in own.items() if value is not None}
    asked = {name: value for name, value in wire.items() if name != "response_format"}
    create: Any = client.chat.completions.create
    stream: Any = await resolved(create(**asked, stream=True, stream_options={"include_usage": True}, extra_body=extra))
    try:
        async with aclosing(_unbroken(stream)) as chunks:
            return _without_failure(await _joined(chunks, listener), client)
    finally:
        await resolved(stream.close())  # the server stops generating


def _read(text: str, listener: events.Listener) -> ChatCompletion:
    """Return the completion in the text of a response, which may be a stream even if none was requested."""
    lines = [line for line in _LINE_END.split(text) if not line.startswith(":")]  # no keep-alive comments
    if any(line.startswith("data:") for line in lines):
        data = [line.removeprefix("data:").strip() for line in lines if line.startswith("data:")]
        found = [
            body
            for each in data
            if each and each != "[DONE]" and isinstance(body := _decoded(each, of_stream=True), dict)
        ]
        if not any("message" in choice for each in found for choice in each.get("choices") or ()):
            return _put_together(found)
        body = found[-1]
    elif not "".join(lines).strip():
        raise _broken_off()
    else:
        body = _unwrapped(_decoded("\n".join(lines)))
    if not isinstance(body, dict):
        raise ValueError("no chat completion")
    return ChatCompletion.construct(None, **body)


def _unwrapped(body: object) -> object:
    """Return the completion in a list of one or in a field of a gateway's body, also as text; else the body itself."""
    if isinstance(body, list) and len(body) == 1:
        return _unwrapped(body[0])
    if not isinstance(body, dict) or body.get("choices"):
        return body
    for name in _WRAPPERS:
        inner = body.get(name)
        if isinstance(inner, str) and inner.lstrip().startswith("{"):
            inner = _decoded(inner)
        if isinstance(inner, dict) and isinstance(inner.get("choices"), list):
            return {"usage": body.get("usage"), **inner}
    return body


_LINE_END = re.compile(r"\r\n|\r|\n")  # other separators of lines may stand within a JSON text
_WRAPPERS = ("data", "result", "response", "output", "body")


def _decoded(text: str, *, of_stream: bool = False) -> object:
    """Return the JSON value of a response, or of a chunk of a stream.

    Raises:
        TransientError: It is a completion or a chunk that ends too early.
        ValueError: It is something else, such as a web page.
    """
    try:
        return json.loads(text)
    except ValueError:
        bare = text.strip()
        if bare.startswith("<"):
            raise _WebPageError from None
        if bare.startswith("{") and (of_stream or '"choices"' in bare) and not bare.endswith("}"):
            raise _broken_off() from None
        raise


class _WebPageError(ValueError):
    """The response is a web page."""


def _put_together(chunks: Sequence[Wire]) -> ChatCompletion:
    """Return the completion from the chunks of a whole stream; its end is not checked."""
    message: dict[str, str] = {}
    finish, usage = None, None
    for chunk in chunks:
        usage = chunk.get("usage") or usage
        for choice in chunk.get("choices") or ():
            finish = choice.get("finish_reason") or finish
            delta = choice.get("delta") or {}
            for name in ("content", "refusal", "reasoning_content", "reasoning"):
                grown = text_of(delta.get(name))
                message[name] = message.get(name, "") + grown
            for call in (*(delta.get("tool_calls") or ()), {"function": delta.get("function_call")}):
                grown = text_of((call.get("function") or {}).get("arguments"))
                message["arguments"] = message.get("arguments", "") + grown
    arguments = message.pop("arguments", "")
    calls = [{"type": "function", "function": {"arguments": arguments}}] if arguments else None
    choice = {"index": 0, "finish_reason": finish, "message": {**message, "tool_calls": calls}}
    model = next((str(chunk["model"]) for chunk in chunks if chunk.get("model")), "")
    return ChatCompletion.construct(None, id="", created=0, model=model, usage=usage, choices=[choice])


_FAILED = frozenset({"error", "network_error", "insufficient_system_resource"})  # finish reasons
_FAILURES = ("error", "errors", "message", "msg", "detail", "base_resp", "code")  # fields of a body without choices


def _without_failure(answer: ChatCompletion, client: Client) -> ChatCompletion:
    """Return the answer; raise an error of the SDK if it reports a failure with status 200, as relays send it."""
    choices = answer.choices if isinstance(answer.choices, list) else []
    first, extra = choices[0] if choices else None, answer.model_extra or {}
    error = extra.get("error") or (getattr(first, "model_extra", None) or {}).get("error")
    if not error and not choices:
        if _is_of_another_api(extra):
            raise ValueError("the answer of another API")
        error = {name: extra[name] for name in _FAILURES if extra.get(name)} or _blocked(extra)
    if not error and getattr(first, "finish_reason", None) not in _FAILED:
        return answer
    if holds_object(answer):
        return answer
    body = error if isinstance(error, dict) else {"message": str(error or "the model's server failed")}
    request = httpx2.Request("POST", client.base_url)
    status = _status_in(body)
    if status is None and capabilities.is_a_rejection(body):
        status = 400
    if status is not None and status in capabilities.REJECTED:
        raise openai.APIStatusError("rejected", response=httpx2.Response(status, request=request), body=body)
    raise openai.APIError(str(body.get("message")), request, body=body)


def _blocked(body: Mapping[str, object]) -> Wire | None:
    """Return an error if a body without choices says that a filter blocked the prompt, as Azure's and Gemini's do."""
    told = json.dumps([body.get(name) for name in ("prompt_filter_results", "promptFeedback", "prompt_feedback")])
    blocked = re.search(r'"filtered": true|"block_?reason": "', told, re.IGNORECASE)
    return {"code": "content_filter", "message": "the prompt was blocked"} if blocked else None


def _is_of_another_api(body: Mapping[str, object]) -> bool:
    """Return True if a body without choices is an answer in the form of Ollama's, Anthropic's or Google's own API."""
    lists = any(isinstance(body.get(name), list) for name in ("content", "candidates", "output"))
    return lists or isinstance(body.get("message"), dict) or isinstance(body.get("response"), str)


def _status_in(body: object) -> int | None:
    """Return the HTTP status that an error names as its code, or None."""
    codes = (str(part.get("code")) for part in error_objects(body))
    return next((int(code) for code in codes if re.fullmatch(r"[45]\d\d", code)), None)


async def _unbroken(
    chunks: Iterable[ChatCompletionChunk] | AsyncIterable[ChatCompletionChunk],
) -> AsyncGenerator[ChatCompletionChunk, None]:
    """Yield the chunks; raise TransientError for errors within a stream, which the SDK does not convert."""
    try:
        if isinstance(chunks, AsyncIterable):
            async for chunk in chunks:
                yield chunk
        else:
            for chunk in chunks:
                yield chunk
    except (httpx2.HTTPError, ValueError):
        raise _broken_off() from None


_CHECK_INTERVAL = 400  # characters between two checks whether a growing answer repeats itself


async def _joined(chunks: AsyncIterable[ChatCompletionChunk], listener: events.Listener) -> ChatCompletion:
    """Return the completion from a stream of chunks; cut it off if it repeats itself."""
    content, refusal, finish, model, identity = "", "", None, "", ""
    usage: Wire | None = None
    checked = read = wrote = 0
    async for chunk in chunks:
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
        if len(content) - checked >= _CHECK_INTERVAL:
            checked = len(content)
            if classification.is_repetitive(content):
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


class ErrorMessages:
    """Turns errors of the SDK into errors of this package, without the request, its headers and its secrets.

    Attributes:
        where: The name of the server at the beginning of a sentence.
        secrets: The texts that are masked.
        unreachable: The remedy if the server cannot be reached.
    """

    def __init__(
        self, where: str, secrets: Sequence[str] = (), unreachable: str = "check the base URL and the network"
    ) -> None:
        self.where, self.secrets, self.unreachable = where, secrets, unreachable

    def error(self, error: Exception) -> ModelError:
        """Return the error of this package for an error of the SDK or of its HTTP client."""
        match error:
            case openai.APITimeoutError() | httpx2.TimeoutException():
                return TransientError(f"{self.where} did not answer in time; try again, or raise timeout_seconds.")
            case openai.APIStatusError():
                return self._status_error(error)
            case openai.APIConnectionError() | httpx2.RequestError():
                return self._connection_error(error)
            case openai.LengthFinishReasonError() | openai.ContentFilterFinishReasonError():
                truncated = isinstance(error, openai.LengthFinishReasonError)
                return classification.cut_off() if truncated else classification.withheld()
            case openai.APIError() if not isinstance(error, openai.APIResponseValidationError):
                return self._reported(error)
            case _:
                page = "answered with a web page, such as a login page"
                what = page if isinstance(error, _WebPageError) else "did not answer like an OpenAI-compatible server"
                return ProviderError(f"{self.where} {what}; check the base URL, which often ends in /v1.")

    def _connection_error(self, error: Exception) -> ProviderError:
        below = list(_causes(error))
        if any(isinstance(each, ssl.SSLError) or "CERTIFICATE_VERIFY_FAILED" in str(each) for each in below):
            return ProviderError(
                f"The certificate of {self.where[:1].lower()}{self.where[1:]} is not trusted; name the file of the "
                "authority that signed it in SSL_CERT_FILE, or check the base URL."
            )
        if any(isinstance(each, httpx2.TooManyRedirects) for each in below):
            return ProviderError(f"{self.where} redirects requests endlessly; check the base URL.")
        if any(isinstance(each, httpx2.DecodingError) for each in below):
            return ProviderError(f"{self.where} did not answer like an OpenAI-compatible server; check the base URL.")
        if any(isinstance(each, httpx2.ProxyError) for each in below):
            return TransientError(
                f"{self.where} cannot be reached through the proxy; check the proxy that HTTPS_PROXY, HTTP_PROXY or "
                "ALL_PROXY names."
            )
        return TransientError(f"{self.where} cannot be reached or dropped the connection; {self.unreachable}.")

    def _status_error(self, error: openai.APIStatusError) -> ModelError:
        status, says = error.status_code, self._message(error)
        cause = self._cause(error)
        if cause is Cause.FILTER:
            return classification.withheld()
        if cause is Cause.PAYMENT:
            return ProviderError(f"{self.where} requires payment ({says}); {CURES[cause]}.", status=status)
        if classification.is_transient_status(status):
            what = f"is limiting the rate of requests ({says})" if status == 429 else f"failed (HTTP {status}: {says})"
            asked = waits.retry_after(error.response.headers, _objects(error), self._words(error))
            wait = "" if asked is None or asked < 1 else f" and asks to wait {asked:.0f} seconds"
            return TransientError(
                f"{self.where} {what}{wait}; try again later, or raise retry_seconds.",
                status=status,
                retry_after=asked,
            )
        if says == _WEB_PAGE:
            return ProviderError(
                f"{self.where} answered with a web page (HTTP {status}), as a proxy or firewall does; check "
                "the base URL and the proxy, and that this network allows the address.",
                status=status,
            )
        cure = _cure(status, cause)
        about = f"{error.code} {says}".lower()
        if status in (400, 422) and context_limits.is_about_length(about):
            cure = _TOO_LONG if context_limits.blames_input(about) else "set max_output_tokens to what the model allows"
        return ProviderError(f"{self.where} rejected the request (HTTP {status}: {says}); {cure}.", status=status)

    def _reported(self, error: openai.APIError) -> ModelError:
        """Return the error for an error within a successful response, whose code is often an HTTP status."""
        status, cause = _status_in(capabilities.body_of(error)), self._cause(error)
        if cause is Cause.FILTER:
            return classification.withheld()
        says = f"{self.where} broke off its answer with an error ({self._message(error)})"
        passing = classification.is_transient_status(status)
        if cause is not Cause.PAYMENT and (passing or (status is None and cause is None)):
            asked = waits.retry_after({}, _objects(error), self._words(error))
            return TransientError(f"{says}; try again.", status=status, retry_after=asked)
        cure = _cure(status or 400, cause, "check the text and the settings")
        return ProviderError(f"{says}; {cure}.", status=status)

    def _cause(self, error: openai.APIError) -> Cause | None:
        return cause_of(f"{self._words(error)} {capabilities.words_of(_objects(error))}")

    def _message(self, error: openai.APIError) -> str:
        """Return the words of an error on one line, without secrets and shortened."""
        text = self._words(error)
        return _WEB_PAGE if text.lstrip().startswith("<") else short(masked(text, *self.secrets))

    def _words(self, error: openai.APIError) -> str:
        objects = _objects(error)  # other fields may repeat the request
        said = (
            text
            for names in (_SAYING, _ELSE_SAYING)
            for part in reversed(objects)
            for name in names
            if (text := capabilities.text_of_field(part.get(name)))
        )
        return next(said, "it does not say why" if objects else str(error.body or error.message))


def _objects(error: openai.APIError) -> list[Mapping[str, Any]]:
    return list(error_objects(capabilities.body_of(error)))


def _cure(status: int, cause: Cause | None, otherwise: str = "check the model's name and the settings") -> str:
    """Return what to do about a rejection: about its cause, else about its HTTP status."""
    if cause is not None and (status not in (401, 403) or cause in (Cause.PAYMENT, Cause.PLACE)):
        return CURES[cause]
    return _CURES.get(status, otherwise if status >= 400 else CURES[Cause.ADDRESS])


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
