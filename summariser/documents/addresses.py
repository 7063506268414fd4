"""Read pages and files at addresses of the web, and of no private network."""

import ipaddress
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from summariser.documents.document import Document
from summariser.documents.readers import read_bytes
from summariser.documents.readers.registry import About
from summariser.errors import InputError
from summariser.version import VERSION

if TYPE_CHECKING:
    import httpx2

_MOST_REDIRECTS = 5
_MOST_BYTES = 50_000_000
_SECONDS = 30.0  # without an answer
_SECONDS_IN_ALL = 120.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ENDINGS = {
    "application/epub+zip": ".epub",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/ttml+xml": ".ttml",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/x-subrip": ".srt",
    "application/xhtml+xml": ".html",
    "message/rfc822": ".eml",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "text/sbv": ".sbv",
    "text/vtt": ".vtt",
}
_USER = re.compile(r"(?<=://)[^/?#\s]*@")
_UNKNOWN = frozenset(
    {
        "",
        "binary/octet-stream",
        *(f"application/{name}" for name in ("octet-stream", "gzip", "zip", "zstd")),
        *(f"application/x-{name}" for name in ("gzip", "bzip", "bzip2", "xz", "zip-compressed", "zstd")),
    }
)
_REASONS = {
    401: "it asks for a login",
    403: "it refuses access",
    404: "there is no such page",
    407: "a proxy asks for a login",
    410: "the page is gone",
    429: "it has had too many requests",
    451: "it is withheld for legal reasons",
}


@dataclass(frozen=True)
class _Page:
    """What stands at an address.

    Attributes:
        address: The address after redirects.
        kind: The declared media type, in lower case; empty if none is declared.
        charset: The declared encoding, or None.
        data: The bytes.
    """

    address: str
    kind: str
    charset: str | None
    data: bytes


def is_web_address(name: str) -> bool:
    """Return True if a name is an address of the web: it begins with http:// or https://."""
    return name[:8].casefold().startswith(("http://", "https://"))


def without_password(text: str) -> str:
    """Return a text in which no address has a user or a password."""
    return _USER.sub("", text)


def read_address(
    address: str,
    *,
    published: date | None = None,
    max_characters: int | None = None,
    whole_page: bool = False,
    private_addresses: bool = False,
) -> Document:
    """Return the Document of the page or file at an address of the web.

    Its `address` is the address after redirects, its `fetched` the time. A proxy is not used. A user and a password in
    the address are sent to its server, and stand in no message and in no Document.

    Args:
        address: The address, which begins with http:// or https://.
        published: The day of publication; None means that it is read from the page, if the page has it.
        max_characters: The maximum length of the text; None means no limit.
        whole_page: True to keep everything that an HTML page shows, not only its article.
        private_addresses: True to allow addresses of this machine and of private networks.

    Raises:
        InputError: The address is invalid or private, does not answer, redirects too often, or holds nothing to read.
    """
    page = _fetched(address, private_addresses=private_addresses)
    address = without_password(address)
    ending = _ENDINGS.get(page.kind)
    name = f"page{ending}" if ending else page.address.partition("?")[0].partition("#")[0]
    about = About(source=address, charset=page.charset, whole_page=whole_page)
    document = read_bytes(page.data, source=name, published=published, max_characters=max_characters, about=about)
    return replace(document, source=address, address=page.address, fetched=datetime.now(UTC).replace(microsecond=0))


def bytes_at(address: str, *, private_addresses: bool = False) -> bytes:
    """Return the bytes of the file at an address of the web, like `read_address`.

    Raises:
        InputError: The address is invalid or private, does not answer or redirects too often.
    """
    return _fetched(address, private_addresses=private_addresses, any_kind=True).data


def _fetched(address: str, *, private_addresses: bool, any_kind: bool = False) -> _Page:
    import httpx2

    deadline = time.monotonic() + _SECONDS_IN_ALL
    url, address = _url(address, without_password(address)), without_password(address)
    context = httpx2.create_ssl_context()
    with httpx2.Client(trust_env=False, verify=context, timeout=_SECONDS, follow_redirects=False) as client:
        for _ in range(_MOST_REDIRECTS + 1):
            with _response(client, url, address, private_addresses=private_addresses) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    url = _url(response.headers["location"], address, base=url)
                    continue
                _require_success(response, address)
                kind, charset = _kind(response)
                if not any_kind:
                    _require_readable(kind, address)
                data = b"".join(_chunks(response, address, deadline))
                return _Page(without_password(str(url.copy_with(fragment=None))), kind, charset, data)
    raise InputError(f"{address} redirects more than {_MOST_REDIRECTS} times; give the address of the page itself.")


def _url(address: str, given: str, *, base: "httpx2.URL | None" = None) -> "httpx2.URL":
    """Return an address, which may be relative to `base`; raise InputError if it is none of the web."""
    import httpx2

    try:
        url = httpx2.URL(address) if base is None else base.join(address)
    except (httpx2.InvalidURL, ValueError, TypeError):
        shown = re.sub(r"(?<=://)\S*@", "", given)  # a password with / or ? makes an address invalid
        raise InputError(f"{shown} is not a valid address; check it.") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise InputError(f"{given} is, or leads to, no address of the web; give one that begins with https://.")
    return url


def _response(client: "httpx2.Client", url: "httpx2.URL", given: str, *, private_addresses: bool) -> "_Closing":
    """Return the response of the first host of an address that answers.

    The connection goes to the number that was checked, so that another answer of the name service changes nothing.
    """
    import httpx2

    why = "it does not answer"
    for number in _numbers(url, given, private_addresses=private_addresses):
        request = client.build_request(
            "GET",
            url.copy_with(host=number, fragment=None),
            headers={
                "Host": url.netloc.decode("ascii"),
                "User-Agent": f"summariser/{VERSION}",
                "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain,*/*;q=0.5",
            },
            extensions={"sni_hostname": url.raw_host.decode("ascii"), "timeout": client.timeout.as_dict()},
        )
        try:
            return _Closing(client.send(request, stream=True))
        except httpx2.TimeoutException:
            why = f"it did not answer within {_SECONDS:.0f} seconds"
        except httpx2.ConnectError as error:
            why = "its certificate is not valid" if "certificate" in str(error).casefold() else "it does not answer"
        except (httpx2.HTTPError, ValueError):
            why = "its answer is not valid"
    raise InputError(f"{given} cannot be read ({why}); check the address, or try again later.")


class _Closing:
    """Closes a response at the end of a `with` block."""

    def __init__(self, response: "httpx2.Response") -> None:
        self._response = response

    def __enter__(self) -> "httpx2.Response":
        return self._response

    def __exit__(self, *_: object) -> None:
        self._response.close()


def _numbers(url: "httpx2.URL", given: str, *, private_addresses: bool) -> list[str]:
    """Return the numbers of the host of an address.

    Raises:
        InputError: The host does not exist, or one of its numbers is of no public network.
    """
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(url.raw_host.decode("ascii").strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise InputError(f"{given} cannot be read (there is no host {url.host}); check the address.") from None
    numbers = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not private_addresses and not all(map(_is_public, numbers)):
        raise InputError(
            f"{given} is, or leads to, an address of this machine or of a private network; "
            "to allow it, use the setting private_addresses (SUMMARISER_PRIVATE_ADDRESSES)."
        )
    return numbers


def _is_public(number: str) -> bool:
    """Return True if a number is one of the public internet, also if another one is written inside it."""
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in ipaddress.ip_network("64:ff9b::/96"):
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(each is not None and not _is_public(str(each)) for each in inner):
            return False
    return address.is_global and not address.is_multicast


def _require_success(response: "httpx2.Response", given: str) -> None:
    status = response.status_code
    if status == 200:
        return
    why = _REASONS.get(status) or ("its server has an error" if status >= 500 else "it has no page")
    raise InputError(
        f"{given} cannot be read ({why}: status {status}); open it in a browser, and save the page as a file."
    )


def _kind(response: "httpx2.Response") -> tuple[str, str | None]:
    """Return the declared media type and encoding."""
    kind, _, parameters = response.headers.get("content-type", "").partition(";")
    charset = next(
        (value.strip("\"' ") for name, _, value in (p.partition("=") for p in parameters.split(";"))
         if name.strip().casefold() == "charset"),
        None,
    )  # fmt: skip
    return kind.strip().casefold(), charset


def _require_readable(kind: str, given: str) -> None:
    """Raise InputError if a media type is of nothing that can be read."""
    if kind in _ENDINGS or kind in _UNKNOWN or kind.startswith("text/"):
        return
    what = {"image": "an image", "audio": "a recording", "video": "a recording", "font": "a font"}.get(
        kind.partition("/")[0]
    )
    raise InputError(f"{given} is {what or 'data'} ({kind}) and no text; give the address of a page, a PDF or a text.")


def _chunks(response: "httpx2.Response", given: str, deadline: float) -> Iterator[bytes]:
    """Yield the bytes of a response within the limits of size and time."""
    import httpx2

    size = 0
    try:
        for chunk in response.iter_bytes(65536):
            size += len(chunk)
            if size > _MOST_BYTES:
                raise InputError(
                    f"{given} is too large (more than {_MOST_BYTES:,} bytes); save it, and give a part of it."
                )
            if time.monotonic() > deadline:
                raise InputError(f"{given} took longer than {_SECONDS_IN_ALL:.0f} seconds; save it as a file.")
            yield chunk
    except httpx2.HTTPError:
        raise InputError(f"{given} cannot be read (its answer is cut short or not valid); try again later.") from None
