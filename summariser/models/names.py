"""Names of models (provider/name), the default model and the limits of a model."""

from typing import NamedTuple

from summariser.errors import ConfigurationError
from summariser.settings import Settings

LOCAL_CONTEXT_TOKENS = 32768
LOCAL_PASSAGE_TOKENS = 6000
EMBEDDED = "local/qwen2.5-coder-1.5b"
WITH_KEY = "openai/gpt-5-mini"


class Limits(NamedTuple):
    """Limits in tokens of the model's context, of a passage of a long text and of an answer; None means no limit."""

    context_tokens: int | None
    passage_tokens: int | None
    max_output_tokens: int | None


def default_model(settings: Settings) -> str:
    """Return the model of the settings; else OpenAI's model if an API key is set, else the embedded one."""
    return settings.model or (WITH_KEY if settings.api_key else EMBEDDED)


def limits_of(name: str, settings: Settings) -> Limits:
    """Return the limits of a model by the settings."""
    if is_local(name):
        context = settings.context_tokens or LOCAL_CONTEXT_TOKENS
        return Limits(context, settings.passage_tokens or LOCAL_PASSAGE_TOKENS, settings.max_output_tokens)
    return Limits(settings.context_tokens, settings.passage_tokens, settings.max_output_tokens)


def server_of(name: str, settings: Settings) -> str | None:
    """Return the base URL of the model's server from the settings, or None."""
    return settings.base_url if name.startswith("openai/") else None


def resolve_model_name(name: str) -> tuple[str, str]:
    """Return the provider and the model of `provider/model`.

    Raises:
        ConfigurationError: The name does not have this form.
    """
    provider, slash, model = name.partition("/")
    if not (provider and slash and model):
        raise ConfigurationError(
            f"{name!r} is not a model name; write provider/model, such as {WITH_KEY} or {EMBEDDED}."
        )
    return provider, model


def is_local(name: str) -> bool:
    """Return True if the model runs on this machine, inside the program."""
    return name.startswith("local/")


def verifies(name: str, settings: Settings) -> bool:
    """Return True if the claims of a model are verified: by the settings, otherwise if the model is not local."""
    return not is_local(name) if settings.verify is None else settings.verify
