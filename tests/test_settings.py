"""Settings: argument before environment before named files before default; errors name the cure."""

import pickle
from pathlib import Path

import pytest

from summariser.errors import ConfigurationError
from summariser.models.names import EMBEDDED, WITH_KEY, default_model
from summariser.settings import DESTINATIONS, Settings, default_store, load_settings, user_config


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A current folder with a summariser.toml that sets everything that decides where keys, texts and files go."""
    monkeypatch.chdir(tmp_path)
    lines = 'model = "openai/y"\napi_key = "sk-1"\nbase_url = "http://file"\nstore = "s"\ncache_dir = "c"\n'
    path = tmp_path / "summariser.toml"
    path.write_text(f"{lines}retry_seconds = 1\n")
    user_config().parent.mkdir(parents=True)
    user_config().write_text(path.read_text())
    return path


def test_a_script_reads_no_file_that_it_does_not_name(project: Path):
    del project
    for settings in (load_settings(), Settings()):
        assert (settings.model, settings.api_key, settings.base_url, settings.store) == (None, None, None, None)
        assert settings.retry_seconds == 60


def test_the_order_of_sources(monkeypatch: pytest.MonkeyPatch, project: Path, tmp_path: Path):
    assert load_settings().retry_seconds == 60
    assert load_settings(config=project).retry_seconds == 1
    stronger = tmp_path / "stronger.toml"
    stronger.write_text("retry_seconds = 1.5\n")
    assert load_settings(config=[stronger, project]).retry_seconds == 1.5
    assert load_settings(config=[stronger, project]).model == "openai/y"
    monkeypatch.setenv("SUMMARISER_RETRY_SECONDS", "2")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://openai")
    assert load_settings(config=project).retry_seconds == 2
    assert load_settings(config=project).base_url == "http://openai"
    monkeypatch.setenv("SUMMARISER_BASE_URL", "http://own")
    assert load_settings(config=project).base_url == "http://own"
    assert load_settings(config=project, retry_seconds=3).retry_seconds == 3


def test_a_named_file_is_forgotten_after_it_was_read(project: Path):
    load_settings(config=project)
    assert load_settings().retry_seconds == 60


def test_settings_from_a_file_can_be_pickled(project: Path):
    settings = load_settings(config=project)
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301  # our own


def test_every_setting_that_holds_a_path_or_a_secret_is_a_destination():
    kinds = {name: str(field.annotation) for name, field in Settings.model_fields.items()}
    assert {name for name, kind in kinds.items() if "Path" in kind or "Secret" in kind} <= DESTINATIONS
    assert kinds.keys() >= DESTINATIONS


def test_a_user_without_a_home_has_nothing_below_the_current_folder(monkeypatch: pytest.MonkeyPatch):
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "SUMMARISER_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "~")  # what expanduser gives where the user has no home
    paths = (default_store(), user_config(), load_settings().cache_dir)
    assert all(path.is_absolute() for path in paths)


def test_a_key_decides_the_default_model(monkeypatch: pytest.MonkeyPatch):
    assert default_model(load_settings()) == EMBEDDED
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    settings = load_settings()
    assert default_model(settings) == WITH_KEY
    assert "sk-secret" not in repr(settings)


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setenv("SUMMARISER_SEED", "")
    assert (load_settings().api_key, load_settings().seed) == (None, None)


@pytest.mark.parametrize(("name", "value"), [("temperature", 9), ("timeout_seconds", 0), ("seed", "x"), ("colour", 1)])
def test_a_wrong_setting_names_itself_and_the_argument(name, value):
    with pytest.raises(ConfigurationError, match=rf"{name}.*argument") as error:
        load_settings(**{name: value})
    assert "--" not in str(error.value)


def test_a_wrong_setting_of_the_environment_names_the_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SUMMARISER_TEMPERATURE", "9")
    with pytest.raises(ConfigurationError, match=r"'temperature' .*; correct the environment variable SUMMARISER_TEMP"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("colour = 1", r"own\.toml sets 'colour', and there is no setting of that name; correct the file\.$"),
        ("temperature = 9", r"'temperature' is wrong \(.*\); correct \S+own\.toml\.$"),
        ("temperature =", r"own\.toml is not valid TOML \(.*\); correct it\.$"),
        (None, r"own\.toml cannot be read \(No such file or directory\); check its name and rights\.$"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str | None, says: str):
    path = tmp_path / "own.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigurationError, match=says):
        load_settings(config=path)


def test_a_file_whose_name_is_a_str_is_refused_with_the_cure():
    with pytest.raises(ConfigurationError, match=r"'own\.toml' is not a configuration file; pass the Path"):
        load_settings(config="own.toml")  # type: ignore[arg-type]  # what a script may do
