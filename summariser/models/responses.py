"""Answers: find and validate the JSON object of the answer in a completion of any form."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from summariser.errors import InvalidOutputError, TruncatedError
from summariser.models import classification
from summariser.models.classification import masked, short, whole_characters
from summariser.models.json_extraction import FENCED, LAST_BRACKETS, complete_part, readings_of, unclosed, values_in
from summariser.schema import NOTHING
from summariser.schema.coercion import CUT_OFF, Deviations, parts_of
from summariser.schema.response import FormSchema, ResponseSchema

if TYPE_CHECKING:
    from summariser.models.exchange import Completion

_END_OF_REASONING = re.compile(
    r"</(?:think|thinking|thought|reasoning|reflection|analysis)\s*>|\[/THINK\]|◁/think▷|<\|channel\|>final<\|message\|>",
    re.IGNORECASE,
)
_BEGIN_OF_REASONING = re.compile(r"\s*(?:<(?:think|thinking|thought|reasoning)\s*>|\[THINK\]|◁think▷)", re.IGNORECASE)
_TEXT_PARTS = frozenset({"text", "output_text", "json", None})
_AT_LIMIT = frozenset({"length", "max_tokens", "max_output_tokens", "model_length", "reason_max_len", "token_limit"})
_WITHHELD = frozenset(
    "blocklist content_filter content_filtered error_toxic guardrail_intervened prohibited_content recitation refusal "
    "safety sensitive spii".split()
)
_REASONING = ("reasoning_content", "reasoning", "thinking", "reasoning_details")
_REASONING_TAG = re.compile(r"</?(?:think|thinking|thought|reasoning)\s*>", re.IGNORECASE)
_DEEPEST = 4  # levels of objects, lists and texts


@dataclass(frozen=True)
class _Candidate:
    """An object that may be the answer, and a description of the repairs of its text, or ""."""

    value: Mapping[str, Any]
    repaired: str = ""


class CutOffError(TruncatedError):
    """The answer ends before it is complete.

    Attributes:
        part: The complete parts and items of the answer, or None.
        empty: True if the answer had not begun.
    """

    def __init__(self, message: str, *, part: BaseModel | None = None, empty: bool = False, endless: bool = False):
        super().__init__(message, endless=endless)
        self.part = part
        self.empty = empty


def read_answer(completion: "Completion", validator: type[BaseModel], *, secrets: Sequence[str] = ()) -> BaseModel:
    """Return the validated answer in a completion, in whichever field it is.

    A complete answer is always accepted, even if the finish reason reports a problem.

    Args:
        completion: The completion of the server; it may have any form.
        validator: The pydantic model of the answer.
        secrets: The texts that are masked in the answer and in errors that quote it.

    Raises:
        RefusedError: The model or a content filter declined to answer.
        CutOffError: The answer ends before it is complete.
        InvalidOutputError: There is no answer, or it does not fit the schema.
    """
    choice = _choice(completion)
    if choice is None:
        raise InvalidOutputError("The model's answer held no choices; try again, or try another model.")
    message, finish = _message(choice), str(_field(choice, "finish_reason") or "").casefold()
    withheld = not _WITHHELD.isdisjoint(re.findall(r"\w+", finish))  # also "content_filter: PROHIBITED_CONTENT"
    refusal = _field(message, "refusal")
    if isinstance(refusal, str) and refusal.strip().casefold() not in NOTHING:
        raise classification.refused(masked(refusal, *secrets))
    said, at_limit = _content(choice), finish in _AT_LIMIT
    wrong: list[str] = []
    for text in (said, *_elsewhere(message, reasoning_too=_is_hollow(said) and not at_limit)):
        reader = _Reader(validator, tuple(secrets), ended=not at_limit and not withheld)
        if (found := reader.best(text, wrong)) is not None:
            return found
    if withheld:
        raise classification.withheld()
    reasoned = _is_hollow(said) and _reasoning_tokens(completion) > 0
    if at_limit or reasoned:
        raise _cut_off("" if reasoned else said, validator, classification.cut_off())
    if _unclosed(said) is not None:
        broken = _cut_off(said, validator, classification.incomplete())
        if broken.part is not None or broken.endless:
            raise broken
    if _is_hollow(said):
        raise InvalidOutputError("The model's answer was empty; try again, or try another model.")
    lacks = "none of the keys asked for" if any(_objects_in(said)) else "no JSON object"
    why = wrong[0] if wrong else f"it holds {lacks}: {short(masked(said, *secrets), 80)}"
    raise InvalidOutputError(f"The model's answer did not fit the schema ({why}); try another model or prompt.")


def plain_content(completion: "Completion") -> str | None:
    """Return the text of a completion with one choice that ended by itself; None for a completion of another form."""
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list) or len(choices) != 1:
        return None
    message = _field(choices[0], "message")
    content = _field(message, "content")
    plain = _field(choices[0], "finish_reason") == "stop" and _field(message, "refusal") is None
    return content if plain and isinstance(content, str) else None


def read_content(content: str, schema: ResponseSchema | FormSchema, secrets: Sequence[str]) -> BaseModel:
    """Return the validated answer in the text of a plain completion, as `read_answer` does if it finds one there.

    Raises:
        ModelError: There is no valid answer in the text; `read_answer` looks for it elsewhere in the completion.
    """
    completion: Any = SimpleNamespace(choices=[{"message": {"content": content}, "finish_reason": "stop"}])
    return read_answer(completion, schema.validator, secrets=secrets)


def holds_object(completion: "Completion") -> bool:
    """Return True if a text of a completion holds a JSON object with several keys, which is probably an answer."""
    choice = _choice(completion)
    texts = () if choice is None else (_content(choice), *_elsewhere(_message(choice), reasoning_too=False))
    return any(len(value) > 1 for text in texts for value in _objects_in(text))


def _objects_in(text: str) -> Iterator[Mapping[str, Any]]:
    return (value for value, _ in values_in(text) if isinstance(value, Mapping))


# ── the place of the answer ─────────────────────────────────────────────────────────────────────


def _field(holder: object, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)


def _choice(completion: "Completion") -> Any:
    """Return the first choice that has text, else the first one; None if there are no choices."""
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list) or not choices:
        return None
    return next((choice for choice in choices if _content(choice).strip()), choices[0])


def _message(choice: object) -> object:
    """Return the message of a choice; some servers call it `delta`, as in streams."""
    return _field(choice, "message") or _field(choice, "delta")


def _content(choice: object) -> str:
    """Return the text of a choice's message, else of the choice itself."""
    return text_of(_field(_message(choice), "content")) or text_of(_field(choice, "text"))


def text_of(content: object) -> str:
    """Return the text of a message's content, which may be a list of parts or an object."""
    if isinstance(content, list):
        return "".join(map(_part, content))
    if isinstance(content, Mapping):
        return json.dumps(content)
    return content if isinstance(content, str) else ""


def _part(part: object) -> str:
    """Return the text of one part of a message; "" for reasoning."""
    if isinstance(part, str):
        return part
    if isinstance(part, Mapping) and part.get("type") in _TEXT_PARTS:
        inner = part.get("text") if part.get("text") is not None else part.get("json")
        return inner if isinstance(inner, str) else "" if inner is None else json.dumps(inner)
    return ""


def _elsewhere(message: object, *, reasoning_too: bool) -> Iterator[str]:
    """Yield the other texts of a message that may contain the answer."""
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
    """Return True if a text is empty but for white space, an empty code fence, object or pair of reasoning tags."""
    bare = _REASONING_TAG.sub("", re.sub(r"```\w*", "", text)).strip()
    return bare.casefold() in NOTHING


def _reasoning_tokens(completion: "Completion") -> int:
    details = _field(_field(completion, "usage"), "completion_tokens_details")
    found = _field(details, "reasoning_tokens")
    return found if isinstance(found, int) else 0


# ── the choice of the object ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Reader:
    """Reads answers of one form; `ended` is True if the model itself ended its text."""

    validator: type[BaseModel]
    secrets: tuple[str, ...]
    ended: bool

    def best(self, text: str, wrong: list[str]) -> BaseModel | None:
        """Return the object in a text that fits the validator best, the last one of several; None if no object fits.

        The problems of objects that do not fit are appended to `wrong`.
        """
        best: tuple[tuple[int, int, bool, bool], BaseModel, Mapping[str, Any]] | None = None
        for candidate in _candidates(text, self.validator, ended=self.ended):
            try:
                found = _validated(self._as_text(candidate.value), self.validator)
            except ValidationError as error:
                wrong.append(classification.first_problem(error))
                continue
            deviations = getattr(found, "deviations", Deviations())
            if candidate.repaired == LAST_BRACKETS and (deviations.missing or deviations.absent):
                continue  # it ends too early; `_cut_off` reads its complete items
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
        """Return an object as JSON, with masked secrets and without unpaired surrogates."""
        text = json.dumps(value, ensure_ascii=False)
        if any(secret and secret in text for secret in self.secrets):
            text = json.dumps(_without(value, self.secrets), ensure_ascii=False)
        return whole_characters(text)


def _without(value: Any, secrets: Sequence[str]) -> Any:
    """Return a value with secrets masked in its texts, and in keys that are secrets as a whole."""
    if isinstance(value, Mapping):
        return {key if masked(key, *secrets) != "…" else "…": _without(each, secrets) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, secrets) for each in value]
    return masked(value, *secrets) if isinstance(value, str) else value


def _validated(text: str, validator: type[BaseModel]) -> BaseModel:
    """Return the object in a JSON text, validated by instructor; raise ValidationError if it does not fit."""
    import instructor
    from openai.types.chat import ChatCompletion

    message = {"role": "assistant", "content": text}
    completion = ChatCompletion.construct(None, choices=[{"index": 0, "finish_reason": "stop", "message": message}])
    schema: Any = _instructor_schema(validator)
    found: BaseModel = schema.from_response(completion, mode=instructor.Mode.JSON_SCHEMA)
    return found


@lru_cache(maxsize=64)
def _instructor_schema(validator: type[BaseModel]) -> type[BaseModel]:
    """Return a validator with instructor's methods; making it takes long."""
    import instructor

    return instructor.response_schema(validator)


def _candidates(text: str, validator: type[BaseModel], *, ended: bool) -> Iterator[_Candidate]:
    """Yield the objects with a field of the answer, from the text after the reasoning, else from the whole text."""
    *_, last = ("", *_END_OF_REASONING.split(text))
    plain = dict.fromkeys((last, *FENCED.findall(last), text), "")
    for part, mended in chain(plain.items(), readings_of(last, ended=ended)):
        found = [
            each for value, repaired in values_in(part) for each in _unwrapped(value, validator, repaired or mended)
        ]
        keys = [key for each in found for key in each.value]
        if len(found) > 1 and len(keys) == len(set(keys)):  # one object for each part of the answer
            found = [_Candidate({key: each.value[key] for each in found for key in each.value}, found[0].repaired)]
        yield from found
        if found:
            return


def _unwrapped(value: object, validator: type[BaseModel], repaired: str, depth: int = _DEEPEST) -> Iterator[_Candidate]:
    """Yield the objects with a field of the answer: the value itself, or objects within lists, objects and texts."""
    if isinstance(value, Mapping) and parts_of(validator, value):
        yield _Candidate(value, repaired)
        return
    inner: Iterable[tuple[object, str]] = ()
    if isinstance(value, str) and "{" in value:
        inner = values_in(value)
    elif isinstance(value, list | Mapping):
        inner = ((each, "") for each in (value.values() if isinstance(value, Mapping) else value))
    for each, again in inner if depth else ():
        yield from _unwrapped(each, validator, repaired or again, depth - 1)


# ── cut off ──────────────────────────────────────────────────────────────────────────────────────


def _unclosed(text: str) -> int | None:
    """Return the offset of the unclosed object after the reasoning in a text, or None."""
    *_, last = ("", *_END_OF_REASONING.split(text))
    start = unclosed(last)
    return None if start is None else len(text) - len(last) + start


def _cut_off(text: str, validator: type[BaseModel], why: TruncatedError) -> CutOffError:
    """Return the error for an answer that ends too early, with the complete items of the answer."""
    if classification.is_repetitive(text):
        return CutOffError(str(classification.repetitive()), endless=True)
    reasoning = _BEGIN_OF_REASONING.match(text) is not None and not _END_OF_REASONING.search(text)
    if _is_hollow(text) or reasoning:
        return CutOffError(str(classification.only_reasoned()), empty=True)
    start = _unclosed(text)
    part = None if start is None else _complete_items(text[start:], validator)
    return CutOffError(str(why), part=part)


def _complete_items(text: str, validator: type[BaseModel]) -> BaseModel | None:
    """Return the complete parts and items of an unfinished object, or None if there are none."""
    value = complete_part(text)
    try:
        return validator.model_validate(value, context=CUT_OFF) if value else None
    except ValidationError:
        return None
