"""Vendors with an API of their own, reached through instructor's provider names (an extra each)."""

from dataclasses import dataclass
from typing import Any

from summariser import events
from summariser.errors import ConfigurationError, InvalidOutputError, ProviderError, TruncatedError
from summariser.models.door import REASKS, Answer, Model, Request, Spent, Wire, retrying, unwrapped
from summariser.models.judgement import TRANSIENT_STATUSES, TransientError, count_tokens
from summariser.models.naming import resolve_model_name
from summariser.settings import Settings

EXTRAS = ("anthropic", "cohere", "google", "groq", "mistral", "xai")


@dataclass(kw_only=True)
class VendorModel(Model):
    """A Model over instructor's client for one vendor; the SDK is its transport."""

    client: Any

    def _ask_once(self, request: Request, limit: int, listener: events.Listener, spent: Spent) -> Answer:
        def attempt() -> Answer:
            return self._through_instructor(request, limit, spent)

        answer: Answer = retrying(self.retry_seconds, listener)(attempt)
        return answer

    def _through_instructor(self, request: Request, limit: int, spent: Spent) -> Answer:
        from instructor.core.exceptions import IncompleteOutputException, InstructorError

        def count(response: Any) -> None:
            spent.requests += 1
            count_tokens(getattr(response, "usage", None), spent)

        self.client.on("completion:response", count)
        try:
            part, completion = self.client.create_with_completion(
                messages=[dict(message) for message in request.messages],
                max_tokens=limit,
                response_model=request.shape.validator,
                max_retries=REASKS,
                **self.sampling,
            )
        except IncompleteOutputException:
            raise TruncatedError(
                "The model's answer was cut off at its limit; try a shorter text or another model."
            ) from None
        except InstructorError as error:
            raise _as_ours(unwrapped(error), self.name) from None
        finally:
            self.client.off("completion:response", count)
        return Answer(
            part=part,
            spent=spent,
            finish_reason=getattr(completion, "stop_reason", None),
            model=str(getattr(completion, "model", self.name)),
        )


def open_vendor(name: str, settings: Settings) -> Model:
    """A Model over the vendor's own SDK. Raises ConfigurationError where SDK or key is missing."""
    import instructor

    provider, _ = resolve_model_name(name)
    if provider not in EXTRAS:
        raise ConfigurationError(
            f"There is no provider {provider!r}; choose openai, local, {', '.join(EXTRAS)}, "
            "or give any OpenAI-compatible server as openai/<model> with OPENAI_BASE_URL."
        )
    try:
        client = instructor.from_provider(name)
    except Exception as error:  # each vendor's SDK raises its own for a missing package or key
        raise ConfigurationError(
            f"{name} cannot be used ({error}); install it with pip install 'summariser[{provider}]' and set its key."
        ) from None
    sampling = {"temperature": settings.temperature}
    return VendorModel(
        name=name, transport=_unused, retry_seconds=settings.retry_seconds, sampling=sampling, client=client
    )


def _unused(wire: Wire, listener: events.Listener) -> Any:
    raise NotImplementedError("a vendor's SDK is its own transport")


def _as_ours(error: Exception, name: str) -> Exception:
    """A vendor's error in our words; all of them carry the HTTP status as `status_code` or `code`."""
    if isinstance(error, InvalidOutputError):
        return error
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    status = status if isinstance(status, int) else None
    kind = TransientError if status in TRANSIENT_STATUSES else ProviderError
    return kind(f"{name} failed ({type(error).__name__}, HTTP status {status}); check its key and name.", status=status)
