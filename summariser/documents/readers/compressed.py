"""Files compressed with gzip, unpacked within a limit."""

import zlib

from summariser.documents.readers.registry import About
from summariser.errors import InputError

_MAGIC = b"\x1f\x8b\x08"


def is_compressed(data: bytes) -> bool:
    """Return True if bytes begin like a file compressed with gzip."""
    return data.startswith(_MAGIC)


def unpacked(data: bytes, about: About, most: int | None) -> bytes:
    """Return the first bytes of a compressed file.

    Args:
        data: The compressed file.
        about: What is known of it.
        most: The most bytes to return; None for all.

    Raises:
        InputError: The file is damaged or cut short.
    """
    parts: list[bytes] = []
    left = most
    while data:
        member = zlib.decompressobj(wbits=31)
        try:
            part = member.decompress(data, left or 0)
        except zlib.error:
            raise InputError(f"{about.source} is damaged: it cannot be unpacked as gzip; get it again.") from None
        parts.append(part)
        if left is not None:
            left -= len(part)
            if left <= 0:
                return b"".join(parts)
        if not member.eof:
            raise InputError(f"{about.source} is cut short: the end of the compressed file is missing; get it again.")
        data = member.unused_data.lstrip(b"\0")
    return b"".join(parts)
