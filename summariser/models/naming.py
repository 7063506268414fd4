"""Model names: provider/name, and which one is meant where none is given."""

from summariser.errors import ConfigurationError
from summariser.settings import Settings

EMBEDDED = "local/qwen2.5-coder-1.5b"
WITH_KEY = "openai/gpt-5-mini"


def default_model(settings: Settings) -> str:
    """The model of the settings; else OpenAI's where a key is set, else the embedded one."""
    return settings.model or (WITH_KEY if settings.api_key else EMBEDDED)


def resolve_model_name(name: str) -> tuple[str, str]:
    """Provider and model of `provider/model`. Raises ConfigurationError where it is not of that form."""
    provider, slash, model = name.partition("/")
    if not (provider and slash and model):
        raise ConfigurationError(f"{name!r} is no model name; write provider/model, such as {WITH_KEY} or {EMBEDDED}.")
    return provider, model


def is_local(name: str) -> bool:
    """Whether the model runs on this machine, inside the program."""
    return name.startswith("local/")
