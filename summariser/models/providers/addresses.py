"""Addresses of servers: parsing of base URLs, and checks of the environment variables of the network."""

import importlib.util
import ipaddress
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from summariser.errors import ConfigurationError

_VERSION = "api-version"  # a parameter of Azure
_ENDPOINT = "/chat/completions"  # the SDK adds it
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_PROXY_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})


@dataclass(frozen=True)
class Address:
    """The parts of a server's base URL.

    Attributes:
        url: The URL without query and endpoint.
        query: The parameters of the query.
        shown: The host and path without credentials, for messages.
        host: The host.
        secrets: The credentials in the URL.
    """

    url: str
    query: dict[str, str]
    shown: str
    host: str = ""
    secrets: tuple[str, ...] = ()

    @classmethod
    def parse(cls, base_url: str) -> "Address":
        """Return the parts of a base URL.

        Raises:
            ConfigurationError: The URL is invalid.
        """
        stripped = base_url.strip()
        shown = stripped.partition("?")[0].rpartition("://")[2].rpartition("@")[2]
        try:
            parts = urlsplit(stripped)
            host, port = parts.hostname or "", parts.port
            sound = parts.scheme in ("http", "https") and _is_host(host) and port != 0 and stripped.isprintable()
        except ValueError:  # an invalid host or port
            sound = False
        if not sound or any(character.isspace() for character in stripped):
            raise ConfigurationError(
                f"The base URL {shown!r} is wrong; write it in full, such as http://localhost:8000/v1."
            )
        path = parts.path.rstrip("/").removesuffix(_ENDPOINT)
        query = dict(parse_qsl(parts.query))
        secrets = (unquote(parts.password or ""), *(value for name, value in query.items() if name != _VERSION))
        url = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        return cls(url, query, shown, host, tuple(filter(None, secrets)))

    @property
    def is_azure_deployment(self) -> bool:
        """True if it is a deployment of Azure, which takes the API key in a different header."""
        return "/openai/deployments/" in self.url or _VERSION in self.query


def _is_host(host: str) -> bool:
    """Return True if a host is valid: an IP address, or a name that the domain name system supports."""
    if not host or set(host) & set(" \"'<>\\^`{|}"):
        return False
    try:
        if ":" in host or host.replace(".", "").isnumeric():
            ipaddress.ip_address(host)
        else:
            host.encode("idna")
    except ValueError:  # UnicodeError is a subclass
        return False
    return True


def refuse_unusable_network() -> None:
    """Raise ConfigurationError if an environment variable names a proxy or a file that cannot be used.

    Raises:
        ConfigurationError: A variable for a proxy, certificates or a log of keys is wrong; the message names it.
    """
    for name, value in _set(*_PROXIES):
        _refuse_proxy(name, value)
    for name, value in _set("SSL_CERT_FILE"):
        try:
            ssl.create_default_context(cafile=value)
        except (OSError, ssl.SSLError) as error:
            why = "holds no certificates"
            if isinstance(error, FileNotFoundError):
                why = "does not exist"
            elif Path(value).is_dir():
                why = "is a folder"
            raise ConfigurationError(f"{name} names {value!r}, which {why}; correct it, or unset {name}.") from None
    for name, value in _set("SSL_CERT_DIR"):
        if not any(Path(each).is_dir() for each in value.split(os.pathsep)):
            raise ConfigurationError(f"{name} names {value!r}, which is not a folder; correct it, or unset {name}.")

    for name, value in _set("SSLKEYLOGFILE"):
        if not Path(value).parent.is_dir() or Path(value).is_dir():
            raise ConfigurationError(f"{name} names {value!r}, which cannot be written; correct it, or unset {name}.")


def _set(*names: str) -> Iterator[tuple[str, str]]:
    """Yield the names and values of the variables that are set, in upper or lower case."""
    for name in names:
        for spelling in (name, name.lower()):
            if value := os.environ.get(spelling):
                yield spelling, value


def _refuse_proxy(name: str, value: str) -> None:
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")  # as HTTP clients read it
        sound = (
            parts.scheme in _PROXY_SCHEMES
            and bool(parts.hostname)
            and parts.port != 0
            and value.isprintable()
            and " " not in value
        )
    except ValueError:
        sound = False
    if not sound:
        raise ConfigurationError(f"{name} is not a usable proxy; write it as http://host:port, or unset {name}.")
    if parts.scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        raise ConfigurationError(
            f"{name} names a SOCKS proxy, for which the package socksio is missing; install it with pip install "
            f"socksio, or unset {name}."
        )
