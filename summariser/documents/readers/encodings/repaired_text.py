"""Text that was encoded twice, and text in UTF-7."""

import binascii
import re
import unicodedata
from itertools import pairwise

_READ_AS = ("cp1252", "cp1251", "cp1250", "cp1254", "cp850", "cp437", "cp866", "koi8_r", "mac_roman")
_WITH_GAPS = frozenset({"cp1250", "cp1251", "cp1252", "cp1254"})
_FEWEST_SEQUENCES = 2  # outside quotation marks; one may be what a text tells of
_TELLS_OF_IT = re.compile(r"mojibake|unicode|utf-?8|\bencod|charset|character set", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_LOST = re.compile("Ã (?= ?[^\\W\\d_])|â€\ufffd")  # a space without a break, or a byte
_QUOTED = re.compile(r"\"[^\"\n]{0,300}\"")
_CERTAIN = re.compile("[\u2010-\u2026]|[^\x00-\u024f]{2}")  # that no two letters give by chance
_RARE_LETTER = re.compile("(?![ơưșțƠƯȘȚ])[\u0180-\u024f]")
_MOST_TIMES = 2
_OTHER = re.compile(r"[^\x00-\x7f]+")
_SHIFTED = re.compile(r"\+([A-Za-z0-9+/]+)-?")
_FEWEST_SHIFTED, _LONGEST_BY_CHANCE = 3, 40  # runs of UTF-7, or letters of all of them


def repaired(text: str) -> tuple[str, str] | None:
    """Return a text that is UTF-8 which was read in another encoding and encoded again, repaired, and that encoding.

    Args:
        text: The text.

    Returns:
        None unless all characters outside ASCII are such, and some of them stand outside quotation marks.
    """
    found: tuple[str, str] | None = None
    for _ in range(_MOST_TIMES):
        once = _repaired_once(text)
        if once is None:
            break
        text, found = once[0], once
    return found


def _repaired_once(text: str) -> tuple[str, str] | None:
    if text.isascii():
        return None
    found = _certain(text)
    if found is None and ("Ã " in text or "â€\ufffd" in text) and _certain(_LOST.sub("", text)) is not None:
        found = _certain(_LOST.sub(lambda lost: "Ã\xa0" if lost[0] == "Ã " else "â€\x9d", text))
    return None if found is None or _TELLS_OF_IT.search(_MARKUP.sub("", text)) else found


def _certain(text: str) -> tuple[str, str] | None:
    """Return a text that is repaired throughout, and the encoding in which it was read; None if it is not certain."""
    texts = {again: encoding for encoding in reversed(_READ_AS) if (again := _again(text, encoding)) is not None}
    ranked = sorted(texts, key=_oddities)
    if not ranked or (len(ranked) > 1 and _oddities(ranked[0]) == _oddities(ranked[1])):
        return None
    outside = _OTHER.findall(_QUOTED.sub("", ranked[0]))
    certain = len(outside) >= _FEWEST_SEQUENCES or any(map(_CERTAIN.search, outside))
    return (ranked[0], texts[ranked[0]]) if certain else None


def _oddities(text: str) -> int:
    """Return the number of characters that words do not have: symbols, controls, rare letters, marks on ASCII."""
    return sum(
        unicodedata.category(c) in ("Cc", "So", "Sm", "Sk", "Cf")
        or _RARE_LETTER.match(c) is not None
        or (before.isascii() and unicodedata.category(c) == "Mn")
        for before, c in pairwise(text)
        if not c.isascii()
    )


def _again(text: str, encoding: str) -> str | None:
    """Return a text decoded as UTF-8 from its bytes in an encoding; None if it is not UTF-8 throughout."""
    try:
        again = _encoded(text, encoding).decode("utf-8")
    except UnicodeError:
        return None
    return None if again == text or any(unicodedata.category(c) in ("Cn", "Co") for c in set(again)) else again


def _encoded(text: str, encoding: str) -> bytes:
    """Return the bytes of a text; bytes that the encoding leaves open stand for themselves, as programs read them."""
    if encoding not in _WITH_GAPS:
        return text.encode(encoding)
    table = {
        character: character.encode("latin-1" if "\x80" <= character <= "\x9f" else encoding) for character in set(text)
    }
    return b"".join(map(table.__getitem__, text))


def is_utf7(data: bytes) -> bool:
    """Return True if bytes are ASCII in which all runs behind a plus sign are characters of UTF-7."""
    if not data.isascii() or b"+" not in data:
        return False
    runs = [run for run in _SHIFTED.findall(data.decode("ascii")) if run]
    enough = len(runs) >= _FEWEST_SHIFTED or sum(map(len, runs)) > _LONGEST_BY_CHANCE
    return enough and all(map(_is_shifted, runs))


def _is_shifted(run: str) -> bool:
    """Return True if a run of letters of base64 is UTF-16 with characters outside ASCII, which all are assigned."""
    try:
        data = binascii.a2b_base64(run + "=" * (-len(run) % 4))
        text = data[: len(data) // 2 * 2].decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        return False
    if len(data) % 2 or not text or any(unicodedata.category(c) in ("Cn", "Co", "Cc") for c in text):
        return False
    coded = binascii.b2a_base64(text.encode("utf-16-be"), newline=False).decode().rstrip("=")
    return coded == run and not text.isascii()
