"""Answers: find the JSON object that answers a question in whatever a server sent."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from summariser.errors import InvalidOutputError, TruncatedError
from summariser.models import classification
from summariser.models.classification import masked, short, whole_characters
from summariser.models.json_extraction import FENCED, LAST_BRACKETS, complete_part, readings_of, unclosed, values_in
from summariser.schema import NOTHING
from summariser.schema.coercion import CUT_OFF, Deviations, parts_of

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
    "blocklist content_filter error_toxic prohibited_content recitation refusal safety sensitive spii".split()
)
_REASONING = ("reasoning_content", "reasoning", "thinking", "reasoning_details")
_REASONING_TAG = re.compile(r"</?(?:think|thinking|thought|reasoning)\s*>", re.IGNORECASE)
_DEEPEST = 4  # objects within objects, lists and texts


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


def read_answer(completion: "Completion", validator: type[BaseModel], *, secrets: Sequence[str] = ()) -> BaseModel:
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
        raise classification.refused(masked(refusal, *secrets))
    said, at_limit = _content(choice), finish in _AT_LIMIT
    wrong: list[str] = []
    for text in (said, *_elsewhere(message, reasoning_too=_is_hollow(said) and not at_limit)):
        reader = _Reader(validator, tuple(secrets), ended=not at_limit and finish not in _WITHHELD)
        if (found := reader.best(text, wrong)) is not None:
            return found
    if finish in _WITHHELD:
        raise classification.withheld()
    reasoned = _is_hollow(said) and _reasoning_tokens(completion) > 0
    if at_limit or reasoned:
        raise _cut_off("" if reasoned else said, validator, classification.cut_off())
    if _unclosed(said) is not None:
        broken = _cut_off(said, validator, classification.broken_off())
        if broken.part is not None or broken.endless:
            raise broken
    if _is_hollow(said):
        raise InvalidOutputError("The model's answer was empty; try again, or try another model.")
    why = wrong[0] if wrong else f"it holds no JSON object: {short(masked(said, *secrets), 80)}"
    raise InvalidOutputError(f"The model's answer did not fit the schema ({why}); try another model or prompt.")


def holds_object(completion: "Completion") -> bool:
    """Return True if some text of a completion holds a JSON object of several keys: there is an answer."""
    choice = _choice(completion)
    texts = () if choice is None else (_content(choice), *_elsewhere(_message(choice), reasoning_too=False))
    return any(isinstance(value, Mapping) and len(value) > 1 for text in texts for value, _ in values_in(text))


# ── where the answer stands ──────────────────────────────────────────────────────────────────────


def _field(holder: object, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)


def _choice(completion: "Completion") -> Any:
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


def _reasoning_tokens(completion: "Completion") -> int:
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
                found = self.validator.model_validate_json(self._as_text(candidate.value))
            except ValidationError as error:
                wrong.append(classification.first_misfit(error))
                continue
            deviations = getattr(found, "deviations", Deviations())
            if candidate.repaired == LAST_BRACKETS and (deviations.missing or deviations.absent):
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


def _candidates(text: str, validator: type[BaseModel], *, ended: bool) -> Iterator[_Candidate]:
    """Yield the objects in a text that have at least one field of the answer: after the reasoning, else anywhere."""
    *_, last = ("", *_END_OF_REASONING.split(text))
    plain = dict.fromkeys((last, *FENCED.findall(last), text), "")
    for part, mended in chain(plain.items(), readings_of(last, ended=ended)):
        found = [
            each for value, repaired in values_in(part) for each in _unwrapped(value, validator, repaired or mended)
        ]
        keys = [key for each in found for key in each.value]
        if len(found) > 1 and len(keys) == len(set(keys)):  # an object for each part of the answer
            found = [_Candidate({key: each.value[key] for each in found for key in each.value}, found[0].repaired)]
        yield from found
        if found:
            return


def _unwrapped(value: object, validator: type[BaseModel], repaired: str, depth: int = _DEEPEST) -> Iterator[_Candidate]:
    """Yield the objects with a field of the answer in a value: itself, or in a list, an object or a text around it."""
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
    """Return where the object begins, behind any reasoning, that a text does not end; None where there is none."""
    *_, last = ("", *_END_OF_REASONING.split(text))
    start = unclosed(last)
    return None if start is None else len(text) - len(last) + start


def _cut_off(text: str, validator: type[BaseModel], why: TruncatedError) -> CutOffError:
    """Return the error for an answer that ends too early, with what was complete of it."""
    if classification.goes_round(text):
        return CutOffError(str(classification.going_round()), endless=True)
    reasoning = _BEGIN_OF_REASONING.match(text) is not None and not _END_OF_REASONING.search(text)
    if _is_hollow(text) or reasoning:
        return CutOffError(str(classification.reasoned_away()), empty=True)
    start = _unclosed(text)
    part = None if start is None else _complete_items(text[start:], validator)
    return CutOffError(str(why), part=part)


def _complete_items(text: str, validator: type[BaseModel]) -> BaseModel | None:
    """Return the parts and items of an unfinished object that are complete; None where none is."""
    value = complete_part(text)
    try:
        return validator.model_validate(value, context=CUT_OFF) if value else None
    except ValidationError:
        return None
