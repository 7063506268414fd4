"""Vendors with their own APIs, called through instructor; each needs an extra."""

import importlib.util
import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from summariser import events
from summariser.concurrency import resolved
from summariser.errors import ConfigurationError, ProviderError, TransientError
from summariser.extras import installing
from summariser.models import capabilities, classification, waits
from summariser.models.capabilities import Capabilities, Known, error_objects
from summariser.models.classification import AdaptedError, short
from summariser.models.client import Connection
from summariser.models.exchange import Transport, Wire
from summariser.models.names import resolve_model_name
from summariser.models.usage import Usage, count_tokens
from summariser.settings import Settings

if TYPE_CHECKING:
    from summariser.models.exchange import Completion

EXTRAS = {  # the vendor's package, and the variable from which its SDK reads the API key
    "anthropic": ("anthropic", "ANTHROPIC_API_KEY"),
    "cohere": ("cohere", "CO_API_KEY"),
    "google": ("google.genai", "GOOGLE_API_KEY"),
    "groq": ("groq", "GROQ_API_KEY"),
    "mistral": ("mistralai", "MISTRAL_API_KEY"),
    "xai": ("xai_sdk", "XAI_API_KEY"),
}
_NETWORK = frozenset({"APIConnectionError", "TransportError", "ConnectionError", "TimeoutError", "NoResponseError"})
_GRPC_AS_HTTP = {
    "INVALID_ARGUMENT": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}


def vendor_transport(client: Any, name: str, *, known: Known | None = None) -> Transport:
    """Return a transport that uses a client of instructor; its calls block or not, as the client's calls do.

    The content of the chat completion is the JSON of the object that instructor parsed. If instructor cannot parse the
    answer, the content is the text of the vendor, if it is available.

    Args:
        client: The synchronous or asynchronous client of instructor.
        name: The name of the model, for errors.
        known: The known capabilities of the vendor; updated.
    """
    known = known or Known()

    async def send(wire: Wire, listener: events.Listener) -> "Completion":
        now, capture = known.now, _AnswerCapture()
        asked = capabilities.adapted(wire, now)
        sampling = {key: value for key, value in asked.items() if key not in ("model", "messages", "response_format")}
        try:
            part, answer = await resolved(
                client.create_with_completion(
                    messages=[dict(message) for message in asked["messages"]],
                    response_model=_response_model(json.dumps(wire["response_format"]["json_schema"]["schema"])),
                    max_retries=0,  # Model.ask retries
                    hooks=capture.hooks(),
                    **sampling,
                )
            )
        except Exception as error:  # instructor wraps most errors, but not those of xAI
            cause, answer = _cause(error), capture.answer or getattr(error, "last_completion", None)
            if answer is None and not isinstance(cause, ValidationError):
                raise _provider_error(cause, name, sampling, known) from error
            return _completion(_text_of(answer, cause), answer, cut_off=_is_incomplete(cause))
        known.worked(now)
        return _completion(part.model_dump_json(), answer)

    return send


@lru_cache(maxsize=64)
def _response_model(schema: str) -> type[BaseModel]:
    """Return a response model with a JSON Schema that accepts any object, because answers are validated later."""

    class Answer(BaseModel):
        model_config = ConfigDict(extra="allow")

        @classmethod
        def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
            return {"title": "Answer", **json.loads(schema)}

    return Answer


class _AnswerCapture:
    """The answer of the vendor, from a hook of instructor; None if the client calls no hooks (xAI)."""

    def __init__(self) -> None:
        self.answer: object = None

    def hooks(self) -> Any:
        """Return the hooks to pass to instructor."""
        from instructor.core.hooks import Hooks

        hooks = Hooks()
        hooks.on("completion:response", self._answered)
        return hooks

    def _answered(self, answer: object) -> None:
        self.answer = answer


def _completion(text: str, answer: object, *, cut_off: bool = False) -> "Completion":
    """Return a vendor's answer as a chat completion with text, finish reason and usage."""
    from openai.types.chat import ChatCompletion

    reported = getattr(answer, "usage", None) or getattr(answer, "usage_metadata", None)
    usage = Usage()
    count_tokens(getattr(reported, "tokens", None) or reported, usage)  # Cohere nests them
    finish = "length" if cut_off else _finish_reason(answer)
    return ChatCompletion.construct(
        None,
        id="",
        created=0,
        model=getattr(answer, "model", None),
        choices=[{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}],
        usage={
            "prompt_tokens": usage.input_tokens,
            "completion_tokens": usage.output_tokens,
            "total_tokens": usage.input_tokens + usage.output_tokens,
            "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
        },
    )


def _text_of(answer: object, error: Exception) -> str:
    """Return the text of an answer that instructor could not parse, or ""."""
    if answer is None and isinstance(error, ValidationError):
        inputs = (each["input"] for each in error.errors(include_url=False))
        return "\n".join(each for each in inputs if isinstance(each, str))
    return "\n".join(_texts(answer))


_OUTER = ("choices", "candidates", "message")
_INNER = ("content", "parts", "text", "tool_calls", "function", "function_call")
_ARGUMENTS = ("arguments", "input", "args", "parameters")
_DEEPEST = 8  # levels of objects


def _texts(holder: object, depth: int = _DEEPEST) -> Iterator[str]:
    """Yield the texts in an answer, from the fields of all vendors, and the arguments of tool calls."""
    if isinstance(holder, str):
        yield holder
    elif isinstance(holder, list | tuple):
        for each in holder:
            yield from _texts(each, depth - 1)
    elif depth > 0:
        for name in _ARGUMENTS:
            called = getattr(holder, name, None)
            if isinstance(called, dict | str):
                yield called if isinstance(called, str) else json.dumps(called)
        outer = next((each for name in _OUTER if (each := getattr(holder, name, None))), None)
        for each in [outer] if outer else [getattr(holder, name, None) for name in _INNER]:
            yield from _texts(each, depth - 1)


def connector(name: str, settings: Settings) -> tuple[Callable[[bool], Connection], Known]:
    """Return a function that connects to a vendor with its SDK, and the known capabilities of the vendor.

    The function takes True for a connection in an event loop, and raises ConfigurationError for a missing API key.

    Raises:
        ConfigurationError: The provider is unknown, or its package is not installed.
    """
    provider, _ = resolve_model_name(name)
    if provider not in EXTRAS:
        raise ConfigurationError(
            f"There is no provider {provider!r}; choose openai, local, {', '.join(EXTRAS)}, "
            "or give any OpenAI-compatible server as openai/<model> with OPENAI_BASE_URL."
        )
    package, key = EXTRAS[provider]
    if not _is_installed(package):
        raise ConfigurationError(f"{name} needs a package that is not installed; {installing(provider)}.")
    known = Known(Capabilities(context_tokens=settings.context_tokens))

    def connect(in_event_loop: bool) -> Connection:
        import instructor

        from_provider: Any = instructor.from_provider  # its types are limited to known models
        try:
            client = from_provider(name, async_client=in_event_loop)
        except Exception as error:  # each vendor's SDK raises its own
            told = f"{name} cannot be used ({short(str(error))}); set {key} to a valid key."
            raise ConfigurationError(told) from None
        _disable_sdk_retries(client.client, settings)
        close = getattr(client.client, "close", None) or (lambda: None)
        return Connection(vendor_transport(client, name, known=known), close)

    return connect, known


_TAKE_EFFORT = frozenset({"groq", "mistral", "xai"})  # their SDKs have the parameter reasoning_effort


def taken_by_vendor(provider: str, sampling: Wire) -> Wire:
    """Return the sampling parameters that a vendor's SDK supports.

    Raises:
        ConfigurationError: A reasoning effort is set, but the SDK does not support one.
    """
    if "reasoning_effort" in sampling and provider not in _TAKE_EFFORT:
        raise ConfigurationError(
            f"reasoning_effort cannot be set for models of {provider}; leave it out, or raise max_output_tokens."
        )
    return {name: value for name, value in sampling.items() if name != "seed"}


def _is_installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:  # for the parent of a package
        return False


def _disable_sdk_retries(sdk: object, settings: Settings) -> None:
    """Set the retries and the timeout of an SDK, if it has these attributes."""
    for attribute, value in {"max_retries": 0, "timeout": settings.timeout_seconds}.items():
        if hasattr(sdk, attribute):
            setattr(sdk, attribute, value)


def _cause(error: Exception) -> Exception:
    """Return the error that instructor wrapped."""
    from instructor.core.exceptions import InstructorRetryException

    cause = error.__cause__ if isinstance(error, InstructorRetryException) else None
    return cause if isinstance(cause, Exception) else error


def _is_incomplete(error: Exception) -> bool:
    from instructor.core.exceptions import IncompleteOutputException

    return isinstance(error, IncompleteOutputException)


def _provider_error(error: Exception, name: str, sampling: Wire, known: Known) -> ProviderError:
    """Return the error of this package for a vendor's error; if a parameter caused it, leave it out from now on."""
    status = _status(error)
    kind = type(error).__name__ if status is None else f"HTTP {status}"
    rejected = f"{name} rejected the request ({kind}); check its key, its name and the text."
    if blamed := _blamed(error, sampling):
        known.learn(Capabilities(left_out=frozenset({blamed})), sent_by=known.now)
        return AdaptedError(rejected, status=status)
    if classification.is_transient_status(status) or _NETWORK & {base.__name__ for base in type(error).__mro__}:
        headers = getattr(getattr(error, "response", error), "headers", None) or {}
        return TransientError(
            f"{name} failed ({kind}); try again later, or raise retry_seconds.",
            status=status,
            retry_after=waits.retry_after(headers, error_objects(getattr(error, "body", None)), str(error)),
        )
    return ProviderError(rejected, status=status)


def _status(error: Exception) -> int | None:
    """Return the HTTP status of an error from `status_code` or `code`; gRPC codes are converted."""
    code = getattr(error, "status_code", None) or getattr(error, "code", None)
    if callable(code):
        code = _GRPC_AS_HTTP.get(getattr(code(), "name", ""))
    return code if isinstance(code, int) else None


def _blamed(error: Exception, sampling: Wire) -> str | None:
    """Return the sampling parameter that a vendor or its SDK rejected, by the text of the error, or None."""
    told = _status(error) in (400, 422) or isinstance(error, TypeError)
    text = str(error).lower() if told else ""
    return next((name for name in sampling if name != "max_tokens" and re.search(rf"\b{name}\b", text)), None)


def _finish_reason(answer: object) -> str | None:
    """Return the reason why the model stopped, in the vendor's term and lower case, or None."""
    first = next(iter(getattr(answer, "choices", None) or getattr(answer, "candidates", None) or ()), answer)
    reason = getattr(first, "stop_reason", None) or getattr(first, "finish_reason", None)
    return None if reason is None else str(getattr(reason, "value", reason)).lower()
