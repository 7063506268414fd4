"""UTF-16 and UTF-32 without a byte order mark."""

import unicodedata
from collections import Counter
from typing import NamedTuple

_SAMPLE = 65536  # bytes in which zero bytes and control characters are counted
_LOOKED_AT = 8000  # characters that have to be those of a language
_UTF_16 = ("utf_16_le", "utf_16_be")
_UTF_32 = ("utf_32_le", "utf_32_be")
_EAST_ASIAN = ("gb2312", "big5hkscs", "shift_jis", "euc_kr")
_LATIN = range(0x250)
_LATIN_ADDITIONAL = range(0x1E00, 0x1F00)
_PUNCTUATION = range(0x2010, 0x2070)
_FIRST_EAST_ASIAN = 0x2E80
_MOST_BLOCKS = 2  # of 256 characters, of a script that is not Latin
_FEWEST_USUAL = 0.9  # of the characters of a text in its byte order
_LEAD = 0.2  # by which this share exceeds that of the other byte order, unless that has many more blocks
_FEWER_BLOCKS = 0.5
_MOST_UNUSUAL = 0.01  # of the characters, that are unassigned or of private use
_CONTROLS = bytes(byte for byte in range(0x03, 0x20) if byte not in b"\t\n\v\f\r\x1b")  # from Greek on
_SHARE_OF_CONTROLS = 0.25  # of the bytes of a script whose first byte is a control character in ASCII


class Wide(NamedTuple):
    """A text in UTF-16 or UTF-32, and the share of its characters that are usual together."""

    encoding: str
    text: str
    share: float


def looks_wide(data: bytes) -> bool:
    """Return True if bytes are UTF-16 or UTF-32 or no text: there are zero bytes, or many control characters."""
    sample = data[:_SAMPLE]
    return b"\0" in sample or len(sample) - len(sample.translate(None, _CONTROLS)) > _SHARE_OF_CONTROLS * len(sample)


def as_utf32(data: bytes) -> Wide | None:
    """Return the text of UTF-32; None if the bytes are none."""
    return next(iter(_found(data, _UTF_32)), None) if len(data) % 4 == 0 else None


def as_utf16(data: bytes) -> Wide | None:
    """Return the text of UTF-16 in the byte order in which its characters are usual together; None if none is clear."""
    found = _found(data, _UTF_16) if len(data) % 2 == 0 else []
    if len(found) == 2 and found[0].share - found[1].share < _LEAD:
        blocks = [len({ord(character) >> 8 for character in wide.text[:_LOOKED_AT]}) for wide in found]
        return found[0] if blocks[0] <= _FEWER_BLOCKS * blocks[1] else None
    return found[0] if found else None


def _found(data: bytes, encodings: tuple[str, ...]) -> list[Wide]:
    """Return the texts in the encodings, the one with the largest share of usual characters first."""
    wides = (Wide(encoding, text, _usual(text)) for encoding in encodings if (text := _decoded(data, encoding)))
    return sorted((wide for wide in wides if wide.share >= _FEWEST_USUAL), key=lambda wide: -wide.share)


def _decoded(data: bytes, encoding: str) -> str:
    """Return the text in an encoding; "" if the bytes do not fit it or give characters that no text has."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return ""
    sample = text[:_LOOKED_AT]
    odd = sum(unicodedata.category(c) in ("Cc", "Cn", "Co") and c not in "\t\n\r\f\v\x1a\x85" for c in sample)
    return text if odd <= _MOST_UNUSUAL * len(sample) else ""


def _usual(text: str) -> float:
    """Return the share of characters that are Latin or of one script, or that an East Asian encoding has."""
    sample = text[:_LOOKED_AT]
    numbers = [ord(character) for character in sample]
    common = sum(n in _LATIN or n in _LATIN_ADDITIONAL or n in _PUNCTUATION for n in numbers)
    blocks = Counter(n >> 8 for n in numbers if _LATIN.stop <= n < _FIRST_EAST_ASIAN and n not in _LATIN_ADDITIONAL)
    common += sum(count for block, count in blocks.most_common(_MOST_BLOCKS) if block != _PUNCTUATION.start >> 8)
    east_asian = max(len(sample.encode(encoding, "ignore").decode(encoding)) for encoding in _EAST_ASIAN)
    return max(common, east_asian) / max(1, len(sample))
