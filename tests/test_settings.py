"""Settings: argument before environment before file before default; errors name the cure."""

from pathlib import Path

import pytest

from summariser.errors import ConfigurationError
from summariser.models.naming import EMBEDDED, WITH_KEY, default_model
from summariser.settings import load_settings


def test_the_order_of_sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    assert load_settings().retry_seconds == 60
    Path("summariser.toml").write_text("retry_seconds = 1\nbase_url = 'http://file'\n")
    assert load_settings().retry_seconds == 1
    monkeypatch.setenv("SUMMARISER_RETRY_SECONDS", "2")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://openai")
    assert (load_settings().retry_seconds, load_settings().base_url) == (2, "http://openai")
    monkeypatch.setenv("SUMMARISER_BASE_URL", "http://own")
    assert load_settings().base_url == "http://own"
    assert load_settings(retry_seconds=3).retry_seconds == 3


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
def test_a_wrong_setting_names_itself(name, value):
    with pytest.raises(ConfigurationError, match=name):
        load_settings(**{name: value})
