"""Addresses: a server's base URL in its parts, and the environment variables that decide how it is reached."""

import importlib.util
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from summariser.errors import ConfigurationError

_ENDPOINT = "/chat/completions"  # which the SDK adds itself
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_PROXY_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})


@dataclass(frozen=True)
class Address:
    """The base URL of a server: `url` without query and endpoint, and the query's parameters.

    `shown` is its host and path, without the credentials that may stand in it.
    """

    url: str
    query: dict[str, str]
    shown: str

    @classmethod
    def parse(cls, base_url: str) -> "Address":
        """The parts of a base URL. Raises ConfigurationError where it is none."""
        stripped = base_url.strip()
        shown = stripped.partition("?")[0].rpartition("://")[2].rpartition("@")[2]
        try:
            parts = urlsplit(stripped)
            host, port = parts.hostname or "", parts.port
            sound = parts.scheme in ("http", "https") and _is_host(host) and port != 0 and stripped.isprintable()
        except ValueError:  # of the host or the port
            sound = False
        if not sound or any(character.isspace() for character in stripped):
            raise ConfigurationError(
                f"The base URL {shown!r} is wrong; write it in full, such as http://localhost:8000/v1."
            )
        path = parts.path.rstrip("/").removesuffix(_ENDPOINT)
        return cls(urlunsplit((parts.scheme, parts.netloc, path, "", "")), dict(parse_qsl(parts.query)), shown)

    @property
    def is_azure_deployment(self) -> bool:
        """Whether it is one of Azure's deployment addresses, which take the key in a header of their own."""
        return "/openai/deployments/" in self.url or "api-version" in self.query


def _is_host(host: str) -> bool:
    """Whether a host's name can be one: what cannot be encoded for the domain name system is none."""
    try:
        host.encode("idna") if ":" not in host else None
    except UnicodeError:
        return False
    return bool(host) and not set(host) & set(" \"'<>\\^`{|}")


def refuse_unusable_network() -> None:
    """Raise ConfigurationError, naming the variable, for a proxy or a certificate file that cannot be used."""
    for name, value in _set(*_PROXIES):
        _refuse_proxy(name, value)
    for name, value in _set("SSL_CERT_FILE"):
        try:
            ssl.create_default_context(cafile=value)
        except (OSError, ssl.SSLError) as error:
            why = "does not exist" if isinstance(error, FileNotFoundError) else "holds no certificates"
            raise ConfigurationError(f"{name} names {value!r}, which {why}; correct it, or unset {name}.") from None
    for name, value in _set("SSL_CERT_DIR"):
        if not Path(value).is_dir():
            raise ConfigurationError(f"{name} names {value!r}, which is no folder; correct it, or unset {name}.")


def _set(*names: str) -> Iterator[tuple[str, str]]:
    """The variables that are set, by their names in either case."""
    for name in names:
        for spelling in (name, name.lower()):
            if value := os.environ.get(spelling):
                yield spelling, value


def _refuse_proxy(name: str, value: str) -> None:
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")  # as HTTP clients read it
        sound = parts.scheme in _PROXY_SCHEMES and bool(parts.hostname) and parts.port != 0 and " " not in value
    except ValueError:
        sound = False
    if not sound:
        raise ConfigurationError(f"{name} is no proxy that can be used; write it as http://host:port, or unset {name}.")
    if parts.scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        raise ConfigurationError(
            f"{name} names a SOCKS proxy, for which the package socksio is missing; install it with pip install "
            f"socksio, or unset {name}."
        )
