"""Answers: find the JSON object that answers a question in whatever a server sent."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pydantic_core
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError

from summariser.coercion import CUT_OFF, Deviations, parts_of
from summariser.errors import InvalidOutputError, TruncatedError
from summariser.models import judgement
from summariser.models.judgement import masked, short, whole_characters
from summariser.schema import NOTHING

_END_OF_REASONING = re.compile(
    r"</(?:think|thinking|thought|reasoning|reflection|analysis)\s*>|\[/THINK\]|◁/think▷|<\|channel\|>final<\|message\|>",
    re.IGNORECASE,
)
_BEGIN_OF_REASONING = re.compile(r"\s*(?:<(?:think|thinking|thought|reasoning)\s*>|\[THINK\]|◁think▷)", re.IGNORECASE)
_TEXT_PARTS = frozenset({"text", "output_text", "json", None})
_STRING_OR_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_BRACKET = re.compile(rf"{_STRING_OR_COMMENT.pattern}|[{{}}\[\]]", re.DOTALL)
_DEPTH = {"{": 1, "[": 1, "}": -1, "]": -1}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_OPENING = re.compile(r"\{|\[(?=\s*[\[{])")
_A_KEY = re.compile(r"\w[\"'”’“‘]?\s*:")
_CONTROL = re.compile(r"[\x00-\x1f]")
_SCANNED = 20  # times that a text may be gone through in search of an object
_AT_LIMIT = frozenset({"length", "max_tokens", "max_output_tokens", "model_length", "token_limit"})
_WITHHELD = frozenset(
    {"content_filter", "safety", "recitation", "sensitive", "blocklist", "prohibited_content", "spii"}
)
_REASONING = ("reasoning_content", "reasoning", "thinking", "reasoning_details")
_REASONING_TAG = re.compile(r"</?(?:think|thinking|thought|reasoning)\s*>", re.IGNORECASE)
_FENCED = re.compile(r"```[ \t]*\w*\s*(.*?)```", re.DOTALL)
_LAST_BRACKETS = "its last brackets were missing"
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


def read_answer(completion: ChatCompletion, validator: type[BaseModel], *, secrets: Sequence[str] = ()) -> BaseModel:
    """Return the validated answer in a completion, wherever it stands; an answer that is whole always counts.

    Args:
        completion: as the server sent it; nothing about it is sure.
        validator: the pydantic model of the answer.
        secrets: what is masked in it, and in errors that quote it.

    Raises:
        RefusedError: the model declined, or a filter did in its place.
        CutOffError: the answer ends before it is whole.
        InvalidOutputError: there is no answer, or it does not fit.
    """
    choice = _choice(completion)
    if choice is None:
        raise InvalidOutputError("The model's answer held no choices; try again, or try another model.")
    message, finish = _message(choice), str(_field(choice, "finish_reason") or "").casefold()
    refusal = _field(message, "refusal")
    if isinstance(refusal, str) and refusal.strip().casefold() not in NOTHING:
        raise judgement.refused(masked(refusal, *secrets))
    said, at_limit = _content(choice), finish in _AT_LIMIT
    wrong: list[str] = []
    for text in (said, *_elsewhere(message, reasoning_too=_is_hollow(said) and not at_limit)):
        reader = _Reader(validator, tuple(secrets), ended=not at_limit and finish not in _WITHHELD)
        if (found := reader.best(text, wrong)) is not None:
            return found
    if finish in _WITHHELD:
        raise judgement.withheld()
    reasoned = _is_hollow(said) and _reasoning_tokens(completion) > 0
    if at_limit or reasoned:
        raise _cut_off("" if reasoned else said, validator, judgement.cut_off())
    if _unclosed(said) is not None:
        broken = _cut_off(said, validator, judgement.broken_off())
        if broken.part is not None or broken.endless:
            raise broken
    if _is_hollow(said):
        raise InvalidOutputError("The model's answer was empty; try again, or try another model.")
    why = wrong[0] if wrong else f"it holds no JSON object: {short(masked(said, *secrets), 80)}"
    raise InvalidOutputError(f"The model's answer did not fit the schema ({why}); try another model or prompt.")


def holds_object(completion: ChatCompletion) -> bool:
    """Return True if some text of a completion holds a JSON object of several keys: there is an answer."""
    choice = _choice(completion)
    texts = () if choice is None else (_content(choice), *_elsewhere(_message(choice), reasoning_too=False))
    return any(isinstance(value, Mapping) and len(value) > 1 for text in texts for value, _ in _values(text))


# ── where the answer stands ──────────────────────────────────────────────────────────────────────


def _field(holder: object, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)


def _choice(completion: ChatCompletion) -> Any:
    """Return the first choice that says something, else the first; None where there is none."""
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list) or not choices:
        return None
    return next((choice for choice in choices if _content(choice).strip()), choices[0])


def _message(choice: object) -> object:
    """Return a choice's message, which some servers send as they stream it."""
    return _field(choice, "message") or _field(choice, "delta")


def _content(choice: object) -> str:
    """Return the text of a choice: of its message, which may be a list of parts or an object, or its own."""
    return text_of(_field(_message(choice), "content")) or text_of(_field(choice, "text"))


def text_of(content: object) -> str:
    """Return the text of a message's content, which may be a list of parts or an object."""
    if isinstance(content, list):
        return "".join(map(_part, content))
    if isinstance(content, Mapping):
        return json.dumps(content)
    return content if isinstance(content, str) else ""


def _part(part: object) -> str:
    """Return the text of one part of a message; reasoning has none."""
    if isinstance(part, str):
        return part
    if isinstance(part, Mapping) and part.get("type") in _TEXT_PARTS:
        inner = part.get("text") if part.get("text") is not None else part.get("json")
        return inner if isinstance(inner, str) else "" if inner is None else json.dumps(inner)
    return ""


def _elsewhere(message: object, *, reasoning_too: bool) -> Iterator[str]:
    """Yield the other texts of a message that may be the answer."""
    calls = _field(message, "tool_calls")
    functions = [_field(call, "function") or call for call in calls] if isinstance(calls, list) else []
    arguments = [_field(function, "arguments") for function in (*functions, _field(message, "function_call"))]
    if called := [each if isinstance(each, str) else json.dumps(each) for each in arguments if each]:
        yield "\n".join(called)
    if isinstance(parsed := _field(message, "parsed"), Mapping):
        yield json.dumps(parsed)
    for name in _REASONING if reasoning_too else ():
        value = _field(message, name)
        if isinstance(value, list):
            yield "".join(str(_field(part, "text") or "") for part in value)
        elif isinstance(value, str):
            yield value


def _is_hollow(text: str) -> bool:
    """Return True if a text says nothing: white space, an empty fence, object or pair of reasoning tags."""
    bare = _REASONING_TAG.sub("", re.sub(r"```\w*", "", text)).strip()
    return bare.casefold() in NOTHING


def _reasoning_tokens(completion: ChatCompletion) -> int:
    details = _field(_field(completion, "usage"), "completion_tokens_details")
    found = _field(details, "reasoning_tokens")
    return found if isinstance(found, int) else 0


# ── which object it is ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Reader:
    """Reads answers of one form; `ended` says that the model ended its text itself."""

    validator: type[BaseModel]
    secrets: tuple[str, ...]
    ended: bool

    def best(self, text: str, wrong: list[str]) -> BaseModel | None:
        """Return the object in a text that fits the validator best, the last of several; None where none fits.

        What is wrong with those that do not fit goes into `wrong`.
        """
        best: tuple[tuple[int, int, bool, bool], BaseModel, Mapping[str, Any]] | None = None
        for candidate in _candidates(text, self.validator, ended=self.ended):
            try:
                found = _validated(self._as_text(candidate.value), self.validator)
            except ValidationError as error:
                wrong.append(judgement.first_misfit(error))
                continue
            deviations = getattr(found, "deviations", Deviations())
            if candidate.repaired == _LAST_BRACKETS and (deviations.missing or deviations.absent):
                continue  # it ends too early: what is complete of it is another matter
            says_something = any(value for value in dict(found).values() if isinstance(value, list))
            fits = (-len(deviations.missing), -len(deviations.dropped), says_something, not candidate.repaired)
            if best is not None and fits < best[0]:
                continue
            if best is not None and fits == best[0] and candidate.value != best[2]:
                deviations.repaired["The answer held several objects that fit; the last was taken"] += 1
            if candidate.repaired:
                deviations.repaired[f"The answer was no valid JSON: {candidate.repaired}"] += 1
            best = (fits, found, candidate.value)
        return best[1] if best else None

    def _as_text(self, value: Mapping[str, Any]) -> str:
        """Return an object as JSON without secrets; half a surrogate pair becomes the replacement character."""
        text = json.dumps(value, ensure_ascii=False)
        if any(secret and secret in text for secret in self.secrets):
            text = json.dumps(_without(value, self.secrets), ensure_ascii=False)
        return whole_characters(text)


def _without(value: Any, secrets: Sequence[str]) -> Any:
    """Return a value with secrets masked in its texts and in keys that are no more than one."""
    if isinstance(value, Mapping):
        return {key if masked(key, *secrets) != "…" else "…": _without(each, secrets) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, secrets) for each in value]
    return masked(value, *secrets) if isinstance(value, str) else value


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


def _candidates(text: str, validator: type[BaseModel], *, ended: bool) -> Iterator[_Candidate]:
    """Yield the objects in a text that have at least one field of the answer: after the reasoning, else anywhere."""
    *_, last = ("", *_END_OF_REASONING.split(text))
    plain = dict.fromkeys((last, *_FENCED.findall(last), text), "")
    for part, mended in (*plain.items(), *_readings(last, ended=ended)):
        found = [each for value, repaired in _values(part) for each in _unwrapped(value, validator, repaired or mended)]
        keys = [key for each in found for key in each.value]
        if len(found) > 1 and len(keys) == len(set(keys)):  # an object for each part of the answer
            found = [_Candidate({key: each.value[key] for each in found for key in each.value}, found[0].repaired)]
        yield from found
        if found:
            return


def _readings(text: str, *, ended: bool) -> Iterator[tuple[str, str]]:
    """Yield a text as it reads where it was escaped for HTML or lacks outermost brackets alone, and which it was."""
    if "&quot;" in text:
        yield html.unescape(text), "it was escaped for HTML"
    stripped = text.strip()
    if re.match(r'"\w+"\s*:', stripped):
        yield f"{{{stripped}}}", "its outer brackets were missing"
    start = _unclosed(text)
    if ended and start is not None and (closers := _missing_brackets(text[start:])):
        yield text[start:].rstrip() + closers, _LAST_BRACKETS
    if stripped.startswith(('{\\"', "{\\n")):
        try:
            yield json.loads(f'"{stripped}"', strict=False), "it was escaped"
        except ValueError:
            return


def _values(text: str) -> Iterator[tuple[Any, str]]:
    """Yield the JSON values in a text, each with what was repaired of it, if anything was."""
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
    """Return the JSON value at a place, what was repaired of it, and where it ends. Raises ValueError."""
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
    """Return the brackets that a text lacks at its end; "" where it breaks off within a value."""
    if not text.rstrip().endswith(("}", "]", '"')) or '"' in _STRING_OR_COMMENT.sub("", text):
        return ""
    stack: list[str] = []
    for match in _BRACKET.finditer(text):
        if match[0] in "{[":
            stack.append("}" if match[0] == "{" else "]")
        elif match[0] in _DEPTH and (not stack or stack.pop() != match[0]):
            return ""
    return "".join(reversed(stack))


# ── cut off ──────────────────────────────────────────────────────────────────────────────────────


def _unclosed(text: str) -> int | None:
    """Return where the object begins that a text does not end; None where every one is closed, or there is none."""
    *_, last = ("", *_END_OF_REASONING.split(text))
    start = last.find("{")
    if start < 0 or _closing(last, start) is not None:
        return None
    return len(text) - len(last) + start


def _cut_off(text: str, validator: type[BaseModel], why: TruncatedError) -> CutOffError:
    """Return the error for an answer that ends too early, with what was complete of it."""
    if judgement.goes_round(text):
        return CutOffError(str(judgement.going_round()), endless=True)
    reasoning = _BEGIN_OF_REASONING.match(text) is not None and not _END_OF_REASONING.search(text)
    if _is_hollow(text) or reasoning:
        return CutOffError(str(judgement.reasoned_away()), empty=True)
    start = _unclosed(text)
    part = None if start is None else _complete_items(text[start:], validator)
    return CutOffError(str(why), part=part)


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
