"""Settings, by priority: arguments, the environment (SUMMARISER_<FIELD>, OPENAI_*), files that the caller names."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypedDict

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from summariser.errors import ConfigurationError
from summariser.text import LANGUAGES

CONFIG_FILE = "summariser.toml"
DESTINATIONS = frozenset({"api_key", "base_url", "cache_dir", "model", "store"})
"""The settings that decide where keys and texts are sent and where files are written."""

_LONGEST = 1e8  # seconds; timers do not accept much more
_FROM_OPENAI = {"api_key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}
_of_files: ContextVar[Mapping[str, object]] = ContextVar("_of_files", default={})  # noqa: B039  # never mutated


def _users_own(path: Path) -> Path:
    """Return a path in the user's folders; without a home directory, the path is below the root folder."""
    return path if path.is_absolute() else Path(os.sep) / path


class Reading(TypedDict):
    """The settings that decide how a document is read."""

    max_characters: int
    whole_page: bool
    private_addresses: bool


class Settings(BaseSettings):
    """All settings, from arguments and the environment; no file is read.

    Create them with `load_settings`, which also reads configuration files and raises errors that name the cure.
    """

    model_config = SettingsConfigDict(
        env_prefix="SUMMARISER_",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
    )

    model: str | None = Field(
        None,
        description="Model to use, as provider/name. Default: openai/gpt-5-mini if a key is set, otherwise "
        "local/qwen2.5-coder-1.5b.",
    )
    prompt: str | None = Field(
        None,
        description="Prompt to use, as name or name@version. Default: sections for local models, brief for all others.",
    )
    api_key: SecretStr | None = Field(
        None, description="API key of OpenAI or another OpenAI-compatible server; also read from OPENAI_API_KEY."
    )
    base_url: str | None = Field(
        None,
        description="Address of the OpenAI-compatible server; also read from OPENAI_BASE_URL. Default: OpenAI's.",
    )
    temperature: float = Field(0.0, ge=0, le=2, description="Sampling temperature.")
    seed: int | None = Field(None, description="Sampling seed, for servers that accept one.")
    timeout_seconds: float = Field(
        120.0, gt=0, le=_LONGEST, description="Time limit of one request to a remote model, in seconds."
    )
    local_timeout_seconds: float = Field(
        900.0, gt=0, le=_LONGEST, description="Time limit of one request to a local model, in seconds."
    )
    retry_seconds: float = Field(
        60.0,
        ge=0,
        le=_LONGEST,
        description="How long a request is retried after transient errors, in seconds from its first attempt.",
    )
    poll_seconds: float = Field(
        30.0, gt=0, le=_LONGEST, description="Interval between status requests for a provider's batch, in seconds."
    )
    verify: bool | None = Field(
        None,
        description="Ask the model once more whether the cited sentences carry each field of each claim. Default: true "
        "for models that are not local.",
    )
    infer_risks: bool = Field(False, description="Ask the model for risks that follow from the items.")
    language: str | None = Field(
        None,
        description="Translate the summary into this language, an ISO 639-1 code. Default: the document's language.",
    )
    store: Path | None = Field(
        None,
        description="Database file that keeps summaries and answers. Default: none; the command line uses store.sqlite "
        "in the user's data directory.",
    )
    refresh: bool = Field(False, description="Ignore stored results, summarise again and store the new results.")
    max_characters: int = Field(
        2_000_000, gt=0, description="Maximum length of a document in characters; longer ones are refused."
    )
    whole_page: bool = Field(False, description="Read everything that an HTML page shows, not only its article.")
    private_addresses: bool = Field(
        False,
        description="Also read pages at addresses of this machine and of private networks, which a page elsewhere may "
        "redirect to.",
    )
    cache_dir: Path = Field(
        default_factory=lambda: _users_own(user_cache_path("summariser")),
        description="Folder of the embedded model's weights. Default: summariser in the user's cache directory.",
    )
    threads: int | None = Field(None, gt=0, description="CPU threads of a local model. Default: one per core.")
    processes: int | None = Field(
        None,
        ge=0,
        le=1024,
        description="Worker processes that read, link and ground the documents of a batch; 0 for none. Default: one "
        "per core, none for local models.",
    )
    context_tokens: int | None = Field(
        None,
        ge=2048,
        description="Context size of the model in tokens. Default: 32,768 for local models; for others it is learned "
        "from the server's errors.",
    )
    max_output_tokens: int | None = Field(
        None,
        ge=1,
        description="Maximum length of every answer in tokens, reasoning included. Default: the prompt's own limit.",
    )
    reasoning_effort: str | None = Field(
        None, description="How much a reasoning model reasons, in the server's own term, such as low."
    )
    passage_tokens: int | None = Field(
        None,
        ge=500,
        description="Longer documents are read in passages of about this many tokens. Default: 6,000 for local "
        "models, no limit for others.",
    )

    @property
    def reading(self) -> "Reading":
        """The settings that decide how a document is read, as keyword arguments of `Item.document`."""
        return {
            "max_characters": self.max_characters,
            "whole_page": self.whole_page,
            "private_addresses": self.private_addresses,
        }

    @field_validator("language")
    @classmethod
    def _known_language(cls, code: str | None) -> str | None:
        if code is not None and code not in LANGUAGES:
            raise ValueError(f"{code!r} is not a known language code; choose one of {', '.join(LANGUAGES)}")
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
        """Return the sources of values, highest priority first."""
        openai = {field: os.environ[name] for field, name in _FROM_OPENAI.items() if os.environ.get(name)}
        return (
            init_settings,
            env_settings,
            InitSettingsSource(settings_cls, openai),
            InitSettingsSource(settings_cls, dict(_of_files.get())),
        )


def default_store() -> Path:
    """Return the path of the store that the command line uses by default."""
    return _users_own(user_data_path("summariser")) / "store.sqlite"


def user_config() -> Path:
    """Return the path of the user's configuration file, which may not exist."""
    return _users_own(user_config_path("summariser")) / CONFIG_FILE


def load_settings(*, config: Path | Sequence[Path] | None = None, **arguments: Any) -> Settings:
    """Return the settings from the arguments, the environment and the configuration files.

    An argument that is not None takes priority over the environment, and the environment over the files.

    Args:
        config: The path of a TOML file, or several paths, highest priority first. No other file is read.
        arguments: Values of settings, by the names of the settings.

    Raises:
        ConfigurationError: A value is wrong, a name is unknown, or a file cannot be read; the message names the
            setting and the origin of its value.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    if unknown := sorted(given.keys() - Settings.model_fields.keys()):
        raise ConfigurationError(f"There is no setting {unknown[0]!r}; correct the name of the argument.")
    if empty := [name for name in ("model", "prompt") if given.get(name) == ""]:
        raise ConfigurationError(f"The argument {empty[0]} is empty; name one, or leave it out.")
    files = [(path, read_config(path)) for path in _paths(config)]
    values = {name: value for _, found in reversed(files) for name, value in found.items()}
    token = _of_files.set(values)
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0])
        where = next((str(path) for path, found in files if field in found), None)
        raise _wrong(first, field, _origin(field, given, where)) from None
    finally:
        _of_files.reset(token)


def read_config(path: Path) -> dict[str, object]:
    """Return the values in a configuration file, by the names of the settings; the values are not checked.

    Raises:
        ConfigurationError: The file cannot be read, is not valid TOML, or has an unknown name.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is not valid TOML ({error}); correct it.") from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read ({error.strerror}); check its name and rights.") from None
    if unknown := sorted(found.keys() - Settings.model_fields.keys()):
        raise ConfigurationError(f"{path} sets {unknown[0]!r}, and there is no setting of that name; correct the file.")
    return found


def given_or_loaded(settings: Settings | None) -> Settings:
    """Return the given settings, or the settings of the environment if None is given.

    Raises:
        ConfigurationError: The argument is not a Settings object, or the environment has a wrong value.
    """
    if settings is None:
        return load_settings()
    if not isinstance(settings, Settings):
        raise ConfigurationError(
            f"The argument settings is of the type {type(settings).__name__}; "
            "pass what load_settings(...) returns, such as load_settings(temperature=0.5)."
        )
    return settings


def _paths(config: Path | Sequence[Path] | None) -> list[Path]:
    found: list[object] = [*config] if isinstance(config, list | tuple) else [] if config is None else [config]
    if wrong := [each for each in found if not isinstance(each, Path)]:
        raise ConfigurationError(
            f"{wrong[0]!r} is not a configuration file; pass the Path of one as the argument config."
        )
    return [each for each in found if isinstance(each, Path)]


def _origin(field: str, given: Mapping[str, object], file: str | None) -> str:
    """Return the origin of a setting's value: an argument, a file or an environment variable."""
    if field in given:
        return f"the argument {field}"
    set_ = {name.upper() for name, value in os.environ.items() if value}
    variables = (f"SUMMARISER_{field.upper()}", _FROM_OPENAI.get(field))
    variable = next((name for name in variables if name in set_), None)
    return f"the environment variable {variable}" if variable or file is None else file


def _wrong(error: ErrorDetails, field: str, origin: str) -> ConfigurationError:
    return ConfigurationError(f"The setting {field!r} is wrong ({error['msg']}); correct {origin}.")
