"""Files compressed with gzip, bzip2 or xz, unpacked within a limit."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from typing import IO, Protocol, cast

from summariser.documents.readers.registry import About
from summariser.errors import InputError

_MOST_MEMORY = 200_000_000  # bytes that a file may ask for to be unpacked


class _Unpacker(Protocol):
    """What unpacks one stream of a file, step by step."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...


_KINDS: tuple[tuple[bytes, str, Callable[[], _Unpacker], int], ...] = (  # beginning, name, unpacker, no limit of length
    (b"\x1f\x8b\x08", "gzip", lambda: cast("_Unpacker", zlib.decompressobj(wbits=31)), 0),
    (b"BZh", "bzip2", bz2.BZ2Decompressor, -1),
    (b"\xfd7zXZ\0", "xz", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY), -1),
)
_OPENED: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {
    ".gz": lambda file: cast("IO[bytes]", gzip.GzipFile(fileobj=file)),
    ".bz2": lambda file: cast("IO[bytes]", bz2.BZ2File(file)),
    ".xz": lambda file: cast("IO[bytes]", lzma.LZMAFile(file)),  # noqa: SIM115  # whoever opened the file closes it
}
_OF_BZIP2 = (b"1AY&SY", bytes.fromhex("177245385090"))  # what follows the beginning of bzip2, also of an empty file
_ERRORS = (zlib.error, lzma.LZMAError, OSError, EOFError)


def is_compressed(data: bytes) -> bool:
    """Return True if bytes begin like a file compressed with gzip, bzip2 or xz."""
    return any(data.startswith(begin) for begin, *_ in _KINDS) and (data[:3] != b"BZh" or data[4:10] in _OF_BZIP2)


def bare_name(name: str) -> str:
    """Return the name of a compressed file without the ending that says how it is compressed."""
    ending = next((ending for ending in _OPENED if name.casefold().endswith(ending)), "")
    return name.removesuffix(name[len(name) - len(ending) :])


def opened(file: IO[bytes], name: str) -> IO[bytes]:
    """Return an open file that unpacks what it reads if the name says that the file is compressed."""
    return next((open_(file) for ending, open_ in _OPENED.items() if name.casefold().endswith(ending)), file)


def unpacked(data: bytes, about: About, most: int | None) -> bytes:
    """Return the first bytes of a compressed file.

    Args:
        data: The compressed file.
        about: What is known of it.
        most: The most bytes to return; None for all.

    Raises:
        InputError: The file is damaged or cut short.
    """
    _, name, unpacker, no_limit = next(kind for kind in _KINDS if data.startswith(kind[0]))
    parts: list[bytes] = []
    left = most
    while data:
        member = unpacker()
        try:
            part = member.decompress(data, left or no_limit)
        except _ERRORS as error:
            if "Memory usage limit" in str(error):
                raise InputError(f"{about.source} needs too much memory to be unpacked; unpack it.") from None
            raise InputError(f"{about.source} is damaged: it cannot be unpacked as {name}; get it again.") from None
        parts.append(part)
        if left is not None:
            left -= len(part)
            if left <= 0:
                return b"".join(parts)
        if not member.eof:
            raise InputError(f"{about.source} is cut short: the end of the compressed file is missing; get it again.")
        data = member.unused_data.lstrip(b"\0")
    return b"".join(parts)
