"""Settings: argument > environment (SUMMARISER_<FIELD>, OPENAI_*) > summariser.toml > default."""

import os
import tomllib
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from summariser.errors import ConfigurationError
from summariser.languages import LANGUAGES

CONFIG_FILE = "summariser.toml"
_FROM_OPENAI = {"api_key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}


class Settings(BaseSettings):
    """Everything that can be set. Build it with `load_settings`, which words its errors for people."""

    model_config = SettingsConfigDict(
        env_prefix="SUMMARISER_",
        env_ignore_empty=True,
        toml_file=CONFIG_FILE,
        extra="forbid",
        frozen=True,
    )

    model: str | None = Field(None, description="provider/name; the default depends on whether a key is set")
    prompt: str | None = Field(None, description="name or name@version; the default depends on the model")
    api_key: SecretStr | None = Field(None, description="key of the OpenAI-compatible server")
    base_url: str | None = Field(None, description="address of the OpenAI-compatible server")
    temperature: float = Field(0.0, ge=0, le=2)
    seed: int | None = Field(None, description="sampling seed sent to the server where it takes one")
    timeout_seconds: float = Field(120.0, gt=0, description="how long one call to a remote model may take")
    local_timeout_seconds: float = Field(900.0, gt=0, description="the same for the embedded model")
    retry_seconds: float = Field(60.0, ge=0, description="how long transport errors are retried")
    poll_seconds: float = Field(30.0, gt=0, description="how long to wait between two looks at a provider's batch")
    verify: bool = Field(False, description="look at each verified claim once more with the model")
    infer_risks: bool = Field(False, description="let the model infer risks from the items, marked as inferred")
    language: str | None = Field(None, description="language of the summary, as an ISO 639-1 code; default: the text's")
    store: Path | None = Field(None, description="file in which summaries and answers are kept; default: none is kept")
    refresh: bool = Field(False, description="ask anew for what the store has, and keep that")
    max_characters: int = Field(2_000_000, gt=0, description="longer texts are refused before any call")
    cache_dir: Path = Field(
        default_factory=lambda: user_cache_path("summariser"), description="where the weights are kept"
    )
    threads: int | None = Field(None, gt=0, description="threads of the embedded model; default: all cores")
    context_tokens: int | None = Field(
        None,
        ge=2048,
        description="context of the model, in tokens; default: 32,768 for local models, else what is learned",
    )
    max_output_tokens: int | None = Field(
        None, ge=1, description="limit of every answer, in tokens, reasoning included; default: the prompt's own"
    )
    reasoning_effort: str | None = Field(
        None, description="how much a reasoning model reasons, in the server's own word, such as low"
    )
    passage_tokens: int | None = Field(
        None,
        ge=500,
        description="longer texts are read in passages of about so many tokens; default: 6,000 for local "
        "models, any length for others",
    )

    @field_validator("language")
    @classmethod
    def _known_language(cls, code: str | None) -> str | None:
        if code is not None and code not in LANGUAGES:
            raise ValueError(f"{code!r} is no known code; choose one of {', '.join(LANGUAGES)}")
        return code

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where values come from, strongest first."""
        openai = {field: os.environ[name] for field, name in _FROM_OPENAI.items() if os.environ.get(name)}
        return (
            init_settings,
            env_settings,
            InitSettingsSource(settings_cls, openai),
            TomlConfigSettingsSource(settings_cls),
        )


def default_store() -> Path:
    """The user's own store: what the command line uses unless told otherwise."""
    return user_data_path("summariser") / "store.sqlite"


def load_settings(**arguments: Any) -> Settings:
    """The settings in force, with `arguments` that are not None on top.

    Raises ConfigurationError naming the field and where its wrong value may come from.
    """
    try:
        return Settings(**{name: value for name, value in arguments.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise ConfigurationError(f"There is no setting {field!r}; correct {CONFIG_FILE} or the argument.") from None
        raise ConfigurationError(
            f"The setting {field!r} is wrong ({first['msg']}); correct the option, "
            f"the environment variable SUMMARISER_{field.upper()} or {CONFIG_FILE}."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{CONFIG_FILE} is not valid TOML: {error}.") from None
    except OSError as error:
        raise ConfigurationError(f"{CONFIG_FILE} cannot be read: {error.strerror}.") from None
