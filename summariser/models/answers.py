"""Answers: find the JSON object that answers a question in whatever a server sent."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pydantic_core
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError

from summariser.coercion import CUT_OFF, Deviations, parts_of
from summariser.errors import InvalidOutputError, TruncatedError
from summariser.models import judgement
from summariser.models.judgement import short

_END_OF_REASONING = re.compile(
    r"</(?:think|thinking|thought|reasoning|reflection|analysis)\s*>|\[/THINK\]|◁/think▷|<\|channel\|>final<\|message\|>",
    re.IGNORECASE,
)
_BEGIN_OF_REASONING = re.compile(r"\s*(?:<(?:think|thinking|thought|reasoning)\s*>|\[THINK\]|◁think▷)", re.IGNORECASE)
_TEXT_PARTS = frozenset({"text", "output_text", None})
_STRING_OR_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_BRACKET = re.compile(rf"{_STRING_OR_COMMENT.pattern}|[{{}}\[\]]", re.DOTALL)
_DEPTH = {"{": 1, "[": 1, "}": -1, "]": -1}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_OPENING = re.compile(r"[{\[]")
_CONTROL = re.compile(r"[\x00-\x1f]")
_DECODERS = (
    (json.JSONDecoder(), ""),
    (json.JSONDecoder(strict=False), "raw control characters in its texts were read as they are"),
)
_STARTS = 200  # braces at which an object is looked for
_DEEPEST = 4  # objects within objects, lists and texts
_LITERALS = {"none": "null"}  # Python's word for JSON's


@dataclass(frozen=True)
class _Candidate:
    """An object that may be the answer, and what was repaired of its text, if anything was."""

    value: Mapping[str, Any]
    repaired: str = ""


class CutOffError(TruncatedError):
    """The answer ends before it is whole. `part` holds what was complete; `empty` says that there was no answer yet."""

    def __init__(self, message: str, *, part: BaseModel | None = None, empty: bool = False, endless: bool = False):
        super().__init__(message, endless=endless)
        self.part = part
        self.empty = empty


def read_answer(completion: ChatCompletion, validator: type[BaseModel]) -> BaseModel:
    """Return the validated answer in a completion, wherever it stands; an answer that is whole always counts.

    Args:
        completion: as the server sent it; nothing about it is sure.
        validator: the pydantic model of the answer.

    Raises:
        RefusedError: the model declined, or a filter did in its place.
        CutOffError: the answer ends before it is whole.
        InvalidOutputError: there is no answer, or it does not fit.
    """
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list) or not choices:
        raise InvalidOutputError("The model's answer held no choices; try again, or try another model.")
    message, finish = getattr(choices[0], "message", None), getattr(choices[0], "finish_reason", None)
    if refusal := getattr(message, "refusal", None):
        raise judgement.refused(str(refusal))
    said = _content(message)
    wrong: list[str] = []
    for text in (said, *_elsewhere(message, empty=not said.strip())):
        if (found := _best(text, validator, wrong)) is not None:
            return found
    if finish == "content_filter":
        raise judgement.withheld()
    if finish == "length" or _unclosed(said) is not None:
        raise _cut_off(said, validator)
    if not said.strip():
        raise InvalidOutputError("The model's answer was empty; try again, or try another model.")
    why = wrong[0] if wrong else f"it holds no JSON object: {short(said, 80)}"
    raise InvalidOutputError(f"The model's answer did not fit the schema ({why}); try another model or prompt.")


# ── where the answer stands ──────────────────────────────────────────────────────────────────────


def _content(message: object) -> str:
    """Return the text of a message, of which some servers make a list of parts."""
    content = getattr(message, "content", None)
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, Mapping) and part.get("type") in _TEXT_PARTS]
        return "".join(str(part.get("text") or "") for part in parts)
    return content if isinstance(content, str) else ""


def _elsewhere(message: object, *, empty: bool) -> Iterator[str]:
    """Yield the other texts of a message that may be the answer."""
    calls = getattr(message, "tool_calls", None)
    functions = [getattr(call, "function", None) for call in calls] if isinstance(calls, list) else []
    for function in (*functions, getattr(message, "function_call", None)):
        arguments = getattr(function, "arguments", None)
        if isinstance(arguments, Mapping):
            yield json.dumps(arguments)
        elif isinstance(arguments, str):
            yield arguments
    for name in ("reasoning_content", "reasoning") if empty else ():
        if isinstance(text := getattr(message, name, None), str):
            yield text


# ── which object it is ───────────────────────────────────────────────────────────────────────────


def _best(text: str, validator: type[BaseModel], wrong: list[str]) -> BaseModel | None:
    """Return the object in a text that fits the validator best, the last of several; None where none fits.

    What is wrong with those that do not fit goes into `wrong`.
    """
    best: tuple[tuple[int, int, bool], BaseModel, Mapping[str, Any]] | None = None
    for candidate in _candidates(text, validator):
        try:
            found = _validated(json.dumps(candidate.value), validator)
        except ValidationError as error:
            wrong.append(judgement.first_misfit(error))
            continue
        deviations = getattr(found, "deviations", Deviations())
        fits = (-len(deviations.missing), -len(deviations.dropped), not candidate.repaired)
        if best is not None and fits < best[0]:
            continue
        if best is not None and fits == best[0] and candidate.value != best[2]:
            deviations.repaired["The answer held several objects that fit; the last was taken"] += 1
        if candidate.repaired:
            deviations.repaired[f"The answer was no valid JSON: {candidate.repaired}"] += 1
        best = (fits, found, candidate.value)
    return best[1] if best else None


def _validated(text: str, validator: type[BaseModel]) -> BaseModel:
    """Return the object in a JSON text as instructor validates it; raises ValidationError."""
    import instructor

    message = {"role": "assistant", "content": text}
    completion = ChatCompletion.construct(None, choices=[{"index": 0, "finish_reason": "stop", "message": message}])
    schema: Any = _instructors(validator)
    found: BaseModel = schema.from_response(completion, mode=instructor.Mode.JSON_SCHEMA)
    return found


@lru_cache(maxsize=64)
def _instructors(validator: type[BaseModel]) -> type[BaseModel]:
    """Return the validator with what instructor adds to it, which takes long to make."""
    import instructor

    return instructor.response_schema(validator)


def _candidates(text: str, validator: type[BaseModel]) -> Iterator[_Candidate]:
    """Yield the objects in a text that have at least one field of the answer: after the reasoning, else anywhere."""
    *_, last = ("", *_END_OF_REASONING.split(text))
    for part in dict.fromkeys((last, text)):
        found = [each for value, repaired in _values(part) for each in _unwrapped(value, validator, repaired)]
        keys = [key for each in found for key in each.value]
        if len(found) > 1 and len(keys) == len(set(keys)):  # an object for each part of the answer
            found = [_Candidate({key: each.value[key] for each in found for key in each.value}, found[0].repaired)]
        yield from found
        if found:
            return


def _values(text: str) -> Iterator[tuple[Any, str]]:
    """Yield the JSON values in a text, each with what was repaired of it, if anything was."""
    try:
        yield json.loads(text.strip()), ""
        return
    except (ValueError, RecursionError):
        pass
    position = starts = 0
    while starts < _STARTS and (match := _OPENING.search(text, position)):
        starts += 1
        position = match.end()
        for decoder, repaired in _DECODERS:
            try:
                value, position = decoder.raw_decode(text, match.start())
            except (ValueError, RecursionError):
                continue
            yield value, repaired
            break
        else:
            end = _closing(text, match.start())
            if end is not None and (value := _repaired(text[match.start() : end])) is not None:
                position = end
                yield value, "its punctuation was repaired"


def _unwrapped(value: object, validator: type[BaseModel], repaired: str, depth: int = _DEEPEST) -> Iterator[_Candidate]:
    """Yield the objects with a field of the answer in a value: itself, or in a list, an object or a text around it."""
    if isinstance(value, Mapping) and parts_of(validator, value):
        yield _Candidate(value, repaired)
        return
    inner: Iterable[tuple[object, str]] = ()
    if isinstance(value, str) and "{" in value:
        inner = _values(value)
    elif isinstance(value, list | Mapping):
        inner = ((each, "") for each in (value.values() if isinstance(value, Mapping) else value))
    for each, again in inner if depth else ():
        yield from _unwrapped(each, validator, repaired or again, depth - 1)


# ── repairing ────────────────────────────────────────────────────────────────────────────────────


def _closing(text: str, start: int) -> int | None:
    """Return where the bracket that opens at `start` is closed, strings and comments aside; None where it is not."""
    depth = 0
    for match in _BRACKET.finditer(text, start):
        depth += _DEPTH.get(match[0], 0)
        if depth == 0 and match[0] in _DEPTH:
            return match.end()
    return None


def _repaired(text: str) -> Any | None:
    """Return the value of a text that is nearly JSON; None where the repair is not sure.

    It is sure where only punctuation changes: the value has the text's words, all of them, in their order.
    """
    from json_repair import repair_json

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


# ── cut off ──────────────────────────────────────────────────────────────────────────────────────


def _unclosed(text: str) -> int | None:
    """Return where the object begins that a text does not end; None where every one is closed, or there is none."""
    *_, last = ("", *_END_OF_REASONING.split(text))
    start = last.find("{")
    if start < 0 or _closing(last, start) is not None:
        return None
    return len(text) - len(last) + start


def _cut_off(text: str, validator: type[BaseModel]) -> CutOffError:
    """Return the error for an answer that ends too early, with what was complete of it."""
    if judgement.goes_round(text):
        return CutOffError(str(judgement.going_round()), endless=True)
    reasoning = _BEGIN_OF_REASONING.match(text) is not None and not _END_OF_REASONING.search(text)
    if not text.strip() or reasoning:
        return CutOffError(str(judgement.reasoned_away()), empty=True)
    start = _unclosed(text)
    part = None if start is None else _complete_items(text[start:], validator)
    return CutOffError(str(judgement.cut_off()), part=part)


def _complete_items(text: str, validator: type[BaseModel]) -> BaseModel | None:
    """Return the parts and items of an unfinished object that are complete; None where none is."""
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
    try:
        return validator.model_validate(value, context=CUT_OFF)
    except ValidationError:
        return None
