"""Close the network of this process during a replay, by an audit hook, which a library must not add."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from summariser.errors import RecordingsError

_closed: list[bool] = [False]
_hooked: list[bool] = [False]


@contextmanager
def closed_network() -> Iterator[None]:
    """Raise RecordingsError for every connection that this process opens within the `with` block."""
    if not _hooked[0]:
        sys.addaudithook(_refuse_sockets)
        _hooked[0] = True
    before, _closed[0] = _closed[0], True
    try:
        yield
    finally:
        _closed[0] = before


def _refuse_sockets(event: str, arguments: tuple[object, ...]) -> None:
    if _closed[0] and event in ("socket.connect", "socket.getaddrinfo"):
        raise RecordingsError("A replay tried to open a connection; that is a bug in summariser: please report it.")
