"""Vendors with an API of their own, reached through instructor's provider names (an extra each)."""

import importlib.util
import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from tenacity import Retrying, stop_after_attempt

from summariser import events
from summariser.errors import (
    ConfigurationError,
    InvalidOutputError,
    ModelError,
    OutputError,
    ProviderError,
    RefusedError,
    TransientError,
)
from summariser.extras import installing
from summariser.models import classification
from summariser.models.classification import short
from summariser.models.client import Allowance, Answer, Model, Request, Usage, Wire
from summariser.models.names import limits_of, resolve_model_name
from summariser.models.responses import CutOffError
from summariser.schema.coercion import Lenient
from summariser.settings import Settings

EXTRAS = {  # the vendor's package, and where its SDK looks for the key
    "anthropic": ("anthropic", "ANTHROPIC_API_KEY"),
    "cohere": ("cohere", "CO_API_KEY"),
    "google": ("google.genai", "GOOGLE_API_KEY"),
    "groq": ("groq", "GROQ_API_KEY"),
    "mistral": ("mistralai", "MISTRAL_API_KEY"),
    "xai": ("xai_sdk", "XAI_API_KEY"),
}
_CUT_OFF = frozenset({"length", "max_tokens", "reason_max_len"})
_WITHHELD = frozenset({"refusal", "content_filter", "safety", "prohibited_content", "blocklist", "spii", "error_toxic"})
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


@dataclass(kw_only=True)
class VendorModel(Model):
    """A Model over instructor's client for one vendor; the SDK is its transport."""

    client: Any

    def once(
        self, request: Request, limit: int, listener: events.Listener, usage: Usage, allowance: Allowance
    ) -> Answer:
        """One paid call for a question, its answer validated by instructor; raises what `Model.once` does."""

        def attempt() -> Answer:
            return self.through_gate(lambda: self._through_instructor(request, limit, usage), usage)

        try:
            answer: Answer = self._retrying(listener)(attempt)
        except (OutputError, RefusedError):
            allowance.left -= 1
            raise
        allowance.left -= 1
        return answer

    def _through_instructor(self, request: Request, limit: int, usage: Usage) -> Answer:
        heard, sampling = _Heard(usage), dict(self.sampling)
        try:
            part, completion = self.client.create_with_completion(
                messages=[dict(message) for message in request.messages],
                max_tokens=limit,
                response_model=request.shape.validator,
                max_retries=Retrying(stop=stop_after_attempt(1), reraise=True),  # asking again is Model.ask's
                hooks=heard.hooks(),
                **sampling,
            )
        except Exception as error:  # most are wrapped by instructor, xAI's come as they are
            heard.at_least_once()
            cause = _cause(error)
            if blamed := _blamed(cause, sampling):
                self.sampling.pop(blamed, None)
                return self._through_instructor(request, limit, usage)
            raise _as_ours(cause, heard.answer, self.name) from error
        heard.at_least_once(completion)
        return Answer(
            part=part,
            usage=usage,
            finish_reason=_finish_reason(completion),
            model=str(getattr(completion, "model", None) or self.name),
            deviations=tuple(part.deviations.sentences()) if isinstance(part, Lenient) else (),
        )


class _Heard:
    """What instructor's hooks tell of one call: requests, tokens, and the answer as the vendor gave it."""

    def __init__(self, usage: Usage) -> None:
        self.usage = usage
        self.requests = 0
        self.answer: object = None

    def hooks(self) -> Any:
        from instructor.core.hooks import Hooks

        hooks = Hooks()
        hooks.on("completion:kwargs", self._asked)
        hooks.on("completion:response", self._answered)
        return hooks

    def at_least_once(self, answer: object = None) -> None:
        """Count the request of a client that calls no hooks (xAI's)."""
        if not self.requests:
            self._asked()
            self._answered(answer)

    def _asked(self, *_: object, **__: object) -> None:
        self.requests += 1
        self.usage.requests += 1
        self.answer = None

    def _answered(self, answer: object) -> None:
        self.answer = answer
        reported = getattr(answer, "usage", None) or getattr(answer, "usage_metadata", None)
        classification.count_tokens(
            getattr(reported, "tokens", None) or reported, self.usage
        )  # Cohere's are one level down


def open_vendor(name: str, settings: Settings) -> Model:
    """A Model over the vendor's own SDK. Raises ConfigurationError where SDK or key is missing."""
    provider, _ = resolve_model_name(name)
    if provider not in EXTRAS:
        raise ConfigurationError(
            f"There is no provider {provider!r}; choose openai, local, {', '.join(EXTRAS)}, "
            "or give any OpenAI-compatible server as openai/<model> with OPENAI_BASE_URL."
        )
    package, key = EXTRAS[provider]
    if not _is_installed(package):
        raise ConfigurationError(f"{name} needs a package that is not installed; {installing(provider)}.")
    import instructor

    try:
        client = instructor.from_provider(name)
    except Exception as error:  # each vendor's SDK raises its own
        raise ConfigurationError(f"{name} cannot be used ({short(str(error))}); set {key} to a valid key.") from None
    _leave_retrying_to_us(client.client, settings)
    return VendorModel(
        name=name,
        transport=_unused,
        retry_seconds=settings.retry_seconds,
        sampling=_sampling_of(provider, settings),
        **limits_of(name, settings)._asdict(),
        close=getattr(client.client, "close", None) or (lambda: None),
        client=client,
    )


_TAKE_EFFORT = frozenset({"groq", "mistral", "xai"})  # whose SDKs have reasoning_effort by that name


def _sampling_of(provider: str, settings: Settings) -> Wire:
    """What is asked of the vendor's sampler. Raises ConfigurationError for what its SDK has no name for."""
    sampling: Wire = {"temperature": settings.temperature}
    if settings.reasoning_effort is not None:
        if provider not in _TAKE_EFFORT:
            raise ConfigurationError(
                f"reasoning_effort cannot be set for models of {provider}; leave it out, or raise max_output_tokens."
            )
        sampling["reasoning_effort"] = settings.reasoning_effort
    return sampling


def _is_installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:  # of a package's parent
        return False


def _leave_retrying_to_us(sdk: object, settings: Settings) -> None:
    """Set the SDK's own retries and timeout, where it shows them."""
    for attribute, value in {"max_retries": 0, "timeout": settings.timeout_seconds}.items():
        if hasattr(sdk, attribute):
            setattr(sdk, attribute, value)


def _unused(wire: Wire, listener: events.Listener) -> Any:
    raise NotImplementedError("a vendor's SDK is its own transport")


def _cause(error: Exception) -> Exception:
    """The error that instructor wrapped."""
    from instructor.core.exceptions import InstructorRetryException

    cause = error.__cause__ if isinstance(error, InstructorRetryException) else None
    return cause if isinstance(cause, Exception) else error


def _as_ours(error: Exception, answer: object, name: str) -> ModelError:
    """A vendor's error in our words; where an answer came, the error is about the answer."""
    from instructor.core.exceptions import IncompleteOutputException

    reason = _finish_reason(answer)
    if reason in _WITHHELD:
        return classification.withheld()
    if reason in _CUT_OFF or isinstance(error, IncompleteOutputException):
        return CutOffError(str(classification.cut_off()))
    if isinstance(error, ValidationError):
        return classification.misfit(error)
    if answer is not None:
        return InvalidOutputError(f"{name} did not answer in the shape that was asked for; try another model.")
    return _provider_error(error, name)


def _provider_error(error: Exception, name: str) -> ProviderError:
    status = _status(error)
    kind = type(error).__name__ if status is None else f"HTTP {status}"
    if classification.is_transient_status(status) or _NETWORK & {base.__name__ for base in type(error).__mro__}:
        headers = getattr(getattr(error, "response", error), "headers", None) or {}
        return TransientError(
            f"{name} failed ({kind}); try again later, or raise retry_seconds.",
            status=status,
            retry_after=classification.retry_after(headers),
        )
    return ProviderError(f"{name} rejected the request ({kind}); check its key, its name and the text.", status=status)


def _status(error: Exception) -> int | None:
    """The HTTP status, which SDKs carry as `status_code` or `code`; gRPC has codes of its own."""
    code = getattr(error, "status_code", None) or getattr(error, "code", None)
    if callable(code):
        code = _GRPC_AS_HTTP.get(getattr(code(), "name", ""))
    return code if isinstance(code, int) else None


def _blamed(error: Exception, sampling: Wire) -> str | None:
    """The parameter that a vendor does not take, by the words of its error."""
    text = str(error).lower() if _status(error) in (400, 422) else ""
    return next((name for name in sampling if re.search(rf"\b{name}\b", text)), None)


def _finish_reason(answer: object) -> str | None:
    """Why the model stopped, in the vendor's word, lower case; each has another place for it."""
    first = next(iter(getattr(answer, "choices", None) or getattr(answer, "candidates", None) or ()), answer)
    reason = getattr(first, "stop_reason", None) or getattr(first, "finish_reason", None)
    return None if reason is None else str(getattr(reason, "value", reason)).lower()
