"""Extraction of JSON values from texts, and repair of values that are nearly JSON."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pydantic_core

_STRING_OR_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_BRACKET = re.compile(rf"{_STRING_OR_COMMENT.pattern}|[{{}}\[\]]", re.DOTALL)
_DEPTH = {"{": 1, "[": 1, "}": -1, "]": -1}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_OPENING = re.compile(r"\{|\[(?=\s*[\[{])")
_A_KEY = re.compile(r"\w[\"'”’“‘]?\s*:")
_CONTROL = re.compile(r"[\x00-\x1f]")
_SCANNED = 20  # limit of the search for an object, in lengths of the text
LAST_BRACKETS = "its last brackets were missing"
_LITERALS = {"none": "null"}  # Python's word for JSON's


FENCED = re.compile(r"```[ \t]*\w*\s*(.*?)```", re.DOTALL)
"""A code fence; its group is the content."""


def values_in(text: str) -> Iterator[tuple[Any, str]]:
    """Yield the JSON values in a text, each with a description of its repairs, or ""."""
    try:
        value, repaired = _decoded(text.strip(), strict=True)
        yield value, repaired
        return
    except (ValueError, RecursionError):
        pass
    position, budget = 0, _SCANNED * len(text)
    while budget > 0 and (match := _OPENING.search(text, position)):
        start, position = match.start(), match.end()
        for strict in (True, False):
            try:
                value, repaired, position = _decoded_at(text, start, strict=strict)
            except (ValueError, RecursionError):
                continue
            yield value, repaired
            break
        else:
            end = _closing(text, start)
            budget -= (end or len(text)) - start
            if end is not None and (value := _repaired(text[start:end])) is not None:
                position = end
                yield value, "its punctuation was repaired"


def _decoded(text: str, *, strict: bool) -> tuple[Any, str]:
    value, repaired, end = _decoded_at(text, 0, strict=strict)
    if text[end:].strip():
        raise ValueError("more than one value")
    return value, repaired


def _decoded_at(text: str, start: int, *, strict: bool) -> tuple[Any, str, int]:
    """Return the JSON value at an offset, a description of its repairs, and its end; raise ValueError if invalid."""
    twice: list[str] = []

    def combined(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            before = found.get(key, value)
            both_lists = isinstance(before, list) and isinstance(value, list) and before != value
            found[key] = [*before, *value] if both_lists else value
            if before != value:
                twice.append(key)
        return found

    decoder = json.JSONDecoder(strict=strict, object_pairs_hook=combined, parse_constant=lambda name: None)
    value, end = decoder.raw_decode(text, start)
    told = [] if strict else ["raw control characters in its texts were read as they are"]
    if twice:
        named = ", ".join(map(repr, dict.fromkeys(twice)))
        told.append(f"{named} stood in it twice; lists were put together, of others the last was taken")
    return value, " and ".join(told), end


def readings_of(text: str, *, ended: bool) -> Iterator[tuple[str, str]]:
    """Yield repaired readings of a text that was escaped or lacks outer brackets, each with a description."""
    if "&quot;" in text:
        yield html.unescape(text), "it was escaped for HTML"
    stripped = text.strip()
    if re.match(r'"\w+"\s*:', stripped):
        yield f"{{{stripped}}}", "its outer brackets were missing"
    start = unclosed(text)
    if ended and start is not None and (closers := _missing_brackets(text[start:])):
        yield text[start:].rstrip() + closers, LAST_BRACKETS
    if stripped.startswith(('{\\"', "{\\n")):
        try:
            yield json.loads(f'"{stripped}"', strict=False), "it was escaped"
        except ValueError:
            return


def unclosed(text: str) -> int | None:
    """Return the offset of the first object of a text if the object is not closed, else None."""
    start = text.find("{")
    return None if start < 0 or _closing(text, start) is not None else start


def complete_part(text: str) -> dict[str, Any] | None:
    """Return the complete values of an unfinished object, or None if there are none."""
    flat = _CONTROL.sub(" ", text).rstrip()
    try:
        value = pydantic_core.from_json(flat, allow_partial=True)
    except ValueError:
        return None
    if not isinstance(value, dict) or not value:
        return None
    *_, last = value
    if isinstance(value[last], list) and value[last] and not flat.endswith(("}", "},", "]")):
        value[last].pop()
    elif isinstance(value[last], dict):
        del value[last]
    return value


# ── repairing ────────────────────────────────────────────────────────────────────────────────────


def _closing(text: str, start: int) -> int | None:
    """Return the offset after the bracket that closes the one at `start`, or None; ignore strings and comments."""
    depth = 0
    for match in _BRACKET.finditer(text, start):
        depth += _DEPTH.get(match[0], 0)
        if depth == 0 and match[0] in _DEPTH:
            return match.end()
    return None


def _repaired(text: str) -> Any | None:
    """Return the value of a text that is nearly JSON, or None if the repair is not safe.

    A repair is safe if it changes only punctuation: the value has exactly the words of the text, in the same order.
    """
    from json_repair import repair_json

    if not _A_KEY.search(text):
        return None
    bare = _STRING_OR_COMMENT.sub(lambda match: match[1] or "", text)
    try:
        value = repair_json(bare, return_objects=True, skip_json_loads=True)
    except (ValueError, RecursionError):
        return None
    return value if _words(_unescaped(bare)) == _words(" ".join(_leaves(value))) else None


def _leaves(value: Any) -> Iterator[str]:
    """Yield the keys and scalars of a value in their order."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield str(key)
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield "null" if value is None else str(value)


def _words(text: str) -> list[str]:
    return [_LITERALS.get(word, word) for word in re.findall(r"\w+", text.casefold())]


def _unescaped(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else " " if match[2] in "nrtbf" else match[2]

    return _ESCAPE.sub(plain, text)


def _missing_brackets(text: str) -> str:
    """Return the brackets that a text lacks at its end; "" if it ends within a value."""
    if not text.rstrip().endswith(("}", "]", '"')) or '"' in _STRING_OR_COMMENT.sub("", text):
        return ""
    stack: list[str] = []
    for match in _BRACKET.finditer(text):
        if match[0] in "{[":
            stack.append("}" if match[0] == "{" else "]")
        elif match[0] in _DEPTH and (not stack or stack.pop() != match[0]):
            return ""
    return "".join(reversed(stack))
