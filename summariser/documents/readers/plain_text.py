"""Plain text: bytes to characters, in UTF-8, UTF-16 or Windows-1252."""

import codecs

from summariser.errors import InputError

_SAMPLE = 65536  # bytes, or characters, that are looked at to tell text from binary data


def decode(data: bytes, *, source: str) -> tuple[str, str | None]:
    """Return the text of encoded bytes, and the name of the encoding if it is a guess, else None.

    The supported encodings are UTF-8 and UTF-16, with or without a byte order mark, and Windows-1252.

    Raises:
        InputError: The bytes have another encoding or are not text.
    """
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data, "utf-8-sig", source), None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16", source), None
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        order = _utf16_order(sample)
        if order is None:
            raise InputError(f"{source} is not text (it holds binary data); give a text file.")
        return _strict(data, order, source), order.upper()
    try:
        text, guessed = data.decode(), None
    except UnicodeDecodeError:
        text, guessed = _strict(data, "cp1252", source), "Windows-1252"
    controls = sum(character < " " and character not in "\t\n\r\f\v" for character in text[:_SAMPLE])
    if controls > 0.02 * len(text[:_SAMPLE]):
        raise InputError(f"{source} is not text (it holds binary data); give a text file.")
    return text, guessed


def _strict(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{source} cannot be decoded (byte {error.start} fits neither UTF-8, UTF-16 nor Windows-1252); "
            "save it as UTF-8."
        ) from None


def _utf16_order(sample: bytes) -> str | None:
    """Return the byte order of UTF-16 text without a byte order mark, or None.

    In Western text nearly every other byte is zero.
    """
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None
