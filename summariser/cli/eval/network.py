"""A network that is closed to this process, for replays: an audit hook, which only a process of its own may add."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from summariser.errors import RecordingsError

_closed: list[bool] = [False]
_hooked: list[bool] = [False]


@contextmanager
def closed_network() -> Iterator[None]:
    """For the length of a `with`, connecting anywhere from this process raises RecordingsError."""
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
