"""Files that stand within the text of a mail: uuencode, yEnc and BinHex."""

import re
from collections.abc import Callable

_UU = re.compile(rb"begin(?:-base64)? [0-7]{3,4} (?P<name>\S.{0,200})")
_YENC = re.compile(rb"=ybegin .*\bname=(?P<name>.{1,200})")
_BINHEX = re.compile(rb"\(This file must be converted with BinHex 4\.0\)(?P<name>)")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{4,}={0,2}")
_MAY_BE_UU = re.compile(rb"[ -`]+")
_FEWEST_WITHOUT_END = 3  # lines of a file that is cut short


def without_files(data: bytes) -> tuple[bytes, list[str]]:
    """Return the text of a mail without the files within it, and the names of the files.

    Args:
        data: The text, not yet decoded; the bytes of yEnc are of no encoding.
    """
    names: list[str] = []
    if not any(begin in data for begin in (b"begin", b"with BinHex 4.0")):
        return data, names
    lines = data.split(b"\n")
    kept: list[bytes] = []
    number = 0
    while number < len(lines):
        end, name = _file_at(lines, number)
        if end > number:
            names.append(name)
        else:
            kept.append(lines[number])
        number = max(end, number + 1)
    return b"\n".join(kept), names


def _file_at(lines: list[bytes], number: int) -> tuple[int, str]:
    """Return the line behind a file that begins at a line, and its name; the same number if none does."""
    for begin, behind in _KINDS:
        if found := begin.fullmatch(lines[number].strip()):
            end = behind(lines, number + 1)
            if end > number + 1:
                return end, found["name"].decode("utf-8", "replace").strip() or "a file without a name"
    return number, ""


def _behind_uu(lines: list[bytes], first: int) -> int:
    """Return the line behind a file in uuencode or base64 whose data begin at a line; `first` if there are none."""
    end = first
    while end < len(lines) and (_is_uu(lines[end].rstrip(b"\r")) or _BASE64.fullmatch(lines[end].strip())):
        end += 1
    if end < len(lines) and lines[end].strip() in (b"end", b"===="):
        return end + 1
    if end - first < _FEWEST_WITHOUT_END:
        return first
    last = end < len(lines) and not any(map(bytes.strip, lines[end + 1 :]))
    cut = last and _MAY_BE_UU.fullmatch(lines[end].strip()) is not None
    return end + 1 if cut else end


def _is_uu(line: bytes) -> bool:
    """Return True if a line is one of uuencode: the first character gives the number of the others."""
    if not line or not all(0x20 <= character <= 0x60 for character in line):
        return False
    expected = -(-((line[0] - 0x20) & 0x3F) // 3) * 4
    return expected - 3 <= len(line) - 1 <= expected + 1  # without spaces at the end, or with a check sum


def _behind_yenc(lines: list[bytes], first: int) -> int:
    return next((n + 1 for n in range(first, len(lines)) if lines[n].startswith(b"=yend")), len(lines))


def _behind_binhex(lines: list[bytes], first: int) -> int:
    begins = next((n for n in range(first, min(first + 3, len(lines))) if lines[n].startswith(b":")), None)
    if begins is None:
        return first
    return next((n + 1 for n in range(begins, len(lines)) if lines[n].strip()[1:].endswith(b":")), len(lines))


_KINDS: tuple[tuple[re.Pattern[bytes], Callable[[list[bytes], int], int]], ...] = (
    (_UU, _behind_uu),
    (_YENC, _behind_yenc),
    (_BINHEX, _behind_binhex),
)
