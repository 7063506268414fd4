"""Addresses, proxies and certificates: what cannot be used is one sentence that names the variable."""

from pathlib import Path

import pytest

from summariser import summarise
from summariser.errors import ConfigurationError, ProviderError
from summariser.models.classification import masked
from summariser.models.factory import open_model
from summariser.models.providers.addresses import Address
from summariser.settings import Settings
from tests.loopback import Loopback, Reply, answers
from tests.test_pipeline import ANSWER, TEXT


@pytest.mark.parametrize(
    ("base_url", "url", "query", "azure"),
    [
        ("http://localhost:8000/v1", "http://localhost:8000/v1", {}, False),
        ("http://localhost:8000/v1/", "http://localhost:8000/v1", {}, False),
        (" http://localhost:8000/v1\n", "http://localhost:8000/v1", {}, False),
        ("http://localhost:8000/v1/chat/completions", "http://localhost:8000/v1", {}, False),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1", {}, False),
        ("https://x.openai.azure.com/openai/v1/", "https://x.openai.azure.com/openai/v1", {}, False),
        (
            "https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
            "https://x.openai.azure.com/openai/deployments/d",
            {"api-version": "2024-10-21"},
            True,
        ),
        (
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
            "https://x.openai.azure.com/openai/deployments/d",
            {"api-version": "2024-10-21"},
            True,
        ),
    ],
)
def test_an_address_is_taken_as_people_copy_it(base_url: str, url: str, query: dict[str, str], azure: bool) -> None:
    found = Address.parse(base_url)
    assert (found.url, found.query, found.is_azure_deployment) == (url, query, azure)


@pytest.mark.parametrize(
    "base_url",
    [
        "", "localhost:8000", "http://", "http:///v1", "http://host:port/v1", "http://host:0/v1", "http://ho st/v1",
        "http://[::1/v1", "http://host:99999", "file:///etc", "http://a..b/v1", "http://ex<ample/v1", "http://h/v1 x",
        "http://\x00host/v1", "http://host/\nv1",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_one_sentence(base_url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"base URL .* is wrong; write it in full"):
        Address.parse(base_url)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
@pytest.mark.parametrize(
    "value", ["ftp://host:1", "http://", "http://host:port", "http://ho st:1", "http://[::1", "://x"]
)
def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=rf"^{name} is not a usable proxy; .*unset {name}\.$"):
        open_model("openai/x", Settings(api_key="sk-12345678"))


def test_a_proxy_that_wants_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(ConfigurationError, match=r"^ALL_PROXY names a SOCKS proxy.*pip install socksio"):
        open_model("openai/x", Settings(api_key="sk-12345678"))


@pytest.mark.parametrize("value", ["http://127.0.0.1:3128", "127.0.0.1:3128", "http://me:secret@[::1]:3128"])
def test_a_proxy_that_can_be_one_is_left_alone(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    open_model("openai/x", Settings(api_key="sk-12345678")).close()


def test_a_certificate_file_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    for value, why in ((str(tmp_path / "missing.pem"), "does not exist"), (str(empty), "holds no certificates")):
        monkeypatch.setenv("SSL_CERT_FILE", value)
        with pytest.raises(ConfigurationError, match=rf"^SSL_CERT_FILE names .*, which {why}; correct it, or unset"):
            summarise(TEXT, model="openai/x", settings=Settings(api_key="sk-12345678"))


def test_a_certificate_folder_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "missing"))
    with pytest.raises(ConfigurationError, match=r"^SSL_CERT_DIR names .*, which is not a folder; correct it"):
        open_model("openai/x", Settings(api_key="sk-12345678"))


def test_a_short_key_is_not_looked_for_in_messages_and_a_longer_one_is_masked_wherever_it_stands() -> None:
    assert masked("The error is a token error.", "a") == "The error is a token error."
    assert masked("The key 1234567 is wrong.", "1234567") == "The key 1234567 is wrong."
    assert masked("12345678, not x12345678y", "12345678") == "…, not x…y"


def test_azures_key_does_not_follow_a_redirect_to_another_host() -> None:
    with Loopback([answers(ANSWER)]) as other:
        there = other.url.replace("127.0.0.1", "localhost") + "/chat/completions"
        with Loopback([Reply(status=307, headers={"Location": there})]) as server:
            url = server.url.removesuffix("/v1") + "/openai/deployments/d?api-version=2024-10-21"
            summarise(TEXT, model="openai/x", settings=Settings(base_url=url, api_key="sk-12345678"))
    assert server.requests[0].headers["api-key"] == "sk-12345678"
    assert {"api-key", "authorization"} & other.requests[0].headers.keys() == set()


def test_a_redirect_in_circles_is_one_sentence_after_a_few_requests() -> None:
    circle = Reply(status=308, headers={"Location": "/v1/chat/completions"})
    with (
        Loopback(otherwise=circle) as server,
        pytest.raises(ProviderError, match="redirects requests endlessly; check the base URL"),
    ):
        summarise(TEXT, model="openai/x", settings=Settings(base_url=server.url, api_key="sk-12345678"))
    assert len(server.requests) == 6


def test_a_key_that_a_model_repeats_is_in_no_summary_and_no_warning() -> None:
    said = {**ANSWER, "headline": "The key is sk-12345678", "sk-12345678": 1}
    with Loopback([answers(said)]) as server:
        summary = summarise(TEXT, model="openai/x", settings=Settings(base_url=server.url, api_key="sk-12345678"))
    assert "sk-12345678" not in summary.to_json()
    assert summary.headline == "The key is …"
