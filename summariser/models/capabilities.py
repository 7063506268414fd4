"""Capabilities of servers: the parts of a request that a server accepts, learned from its rejections."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from summariser.models import context_limits
from summariser.models.causes import Cause, cause_of
from summariser.models.exchange import Wire

if TYPE_CHECKING:
    import openai

SchemaForm = Literal["bounded", "plain", "json_object", "none"]
_FORMS: tuple[SchemaForm, ...] = ("bounded", "plain", "json_object", "none")
_BOUNDS = frozenset({"maxLength", "maxItems", "minimum", "maximum"})
REJECTED = frozenset({400, 413, 415, 422})
"""The HTTP statuses of rejections after which a changed request may succeed."""

_TOO_LARGE = re.compile(r"request too large|reduce (?:your|the) (?:message|prompt|input|request)")  # with status 429
_BY_FAILING = re.compile(  # with status 500, about the request
    r"failed to parse grammar|unsupported|not support|invalid (?:json )?schema|schema conversion|exceeds? the available"
)
_OTHER_CAUSES = re.compile(
    r"\b(?:api[ _-]?key|unauthori[sz]ed|exceeded your (?:current )?quota|content[ _](?:filter|policy|management)\w*)"
)
_SCHEMA = re.compile(
    r"schema|response[_ ]?format|grammar|structured|json[_ ]object|guided|constraint|additionalproperties"
)
_OF_THE_SCHEMA = re.compile(
    r"maxlength|maxitems|minimum|maximum|bound|limit|complex|states|nest|deep|depth|keyword|permitted|propert|"
    r"invalid schema|grammar|too (?:many|large|long)|constraint"
)
_OPTIONAL: dict[str, re.Pattern[str]] = {  # parameters that a server may not accept, and its words for them
    "temperature": re.compile(r"\btemperature\b"),
    "seed": re.compile(r"\bseed\b"),
    "reasoning_effort": re.compile(r"\breasoning[_ .]?effort\b|\breasoning\b"),
}
_NOT_TAKEN = re.compile(r"not (?:supported|permitted|allowed)|unsupported|unrecogni[sz]ed|unknown|extra(?:_| inputs)")
_NO_SYSTEM = re.compile(
    r"(?:system|developer)[ _](?:role|message|prompt|instruction)s?\b.{0,30}\bnot (?:supported|allowed|enabled)|"
    r"does not support ['\"]?system|roles must alternate|only user and assistant roles|"
    r"(?:not support|only supports?).{0,40}\b(?:system|user and assistant) (?:role|message|prompt)"
)
_STREAMS_ONLY = re.compile(
    r"only supports? (?:the )?stream|non-?stream(?:ing)? (?:calls?|requests?|mode)|must have stream=true"
    r"|stream(?:ing)? (?:is|must be) (?:required|true)|(?:set|enable) (?:the )?[`'\"]?stream\b"
)
_REASONING_MODEL = re.compile(r"not supported with this model\. use '?max_completion_tokens")  # the wording of OpenAI
_INSTEAD = re.compile(r"\bmax_completion_tokens\b")  # suggested in place of max_tokens
_MOST_ERRORS = 20  # of a list of errors
_LEAST_ROOM = 512  # tokens; the least that an answer needs
_GUESSES = 3  # of limits that a server does not report
_MARGIN = 16  # tokens by which the counts of servers may be wrong


class Capabilities(BaseModel):
    """The known capabilities of a server and a model.

    Attributes:
        left_out: The parameters that are not sent.
        schema_form: The form in which the schema is sent.
        max_output_tokens: The model's limit of an answer, or None if it is unknown.
        context_tokens: The model's context, or None if it is unknown.
        input_ratio: The server's count of the tokens of a request, divided by our estimate.
        streams_only: True if the server answers only as a stream.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    left_out: frozenset[str] = frozenset()
    schema_form: SchemaForm = "bounded"
    max_output_tokens: int | None = None
    context_tokens: int | None = None
    input_ratio: float = 1.0
    streams_only: bool = False


@dataclass
class Known:
    """The capabilities of one server and model, updated by what is learned; it is thread-safe.

    What a rejection teaches applies at once. It is passed to `remember` when a request that uses it succeeds.
    """

    now: Capabilities = field(default_factory=Capabilities)
    remember: Callable[[Capabilities], None] = lambda capabilities: None
    most_read: int = 0  # tokens of the longest request that the server has read
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _guesses: int = 0
    _guessed: bool = False  # part of `now` is a guess
    _resumed: bool = False  # part of `now` comes from an earlier run

    def __post_init__(self) -> None:
        self._set = self._worked = self.now

    def resume(self, before: Capabilities | None, remember: Callable[[Capabilities], None]) -> None:
        """Continue with the capabilities of an earlier run, and pass what is learned from now on to `remember`."""
        if before is not None:
            self.learn(before, sent_by=self.now)
        with self._lock:
            self._resumed = before is not None
            self._worked, self.remember = self.now, remember

    def learn(self, found: Capabilities, *, sent_by: Capabilities, guessed: bool = False) -> bool:
        """Add what a rejection taught to what is known; the stricter of two limits or forms of the schema applies.

        Args:
            found: The capabilities that the rejection taught.
            sent_by: The capabilities that the rejected request used. If they are outdated, a guess is ignored.
            guessed: True if the server did not report the limit.

        Returns:
            False, and nothing is learned, if the number of guesses exceeds its maximum; else True.
        """
        with self._lock:
            if guessed and sent_by != self.now:
                return True
            self._guesses += guessed
            if guessed and self._guesses > _GUESSES:
                return False
            self._guessed = self._guessed or guessed
            now = self.now
            self.now = Capabilities(
                left_out=now.left_out | found.left_out,
                schema_form=max(now.schema_form, found.schema_form, key=_FORMS.index),
                max_output_tokens=_narrower(now.max_output_tokens, found.max_output_tokens),
                context_tokens=_narrower(now.context_tokens, found.context_tokens),
                input_ratio=max(now.input_ratio, found.input_ratio),
                streams_only=now.streams_only or found.streams_only,
            )
            return True

    def worked(self, known: Capabilities) -> None:
        """Record that a request succeeded that was sent with these capabilities."""
        with self._lock:
            if known != self.now:
                return
            self._guesses = 0
            if known != self._worked:
                self._worked = known
                if not self._guessed:
                    self.remember(known)

    def failed(self) -> None:
        """Record that a request was finally rejected: return to the capabilities that last worked in this run."""
        with self._lock:
            self._guesses = 0
            if self._resumed:
                self._resumed, self._worked = False, self._set
                self.remember(self._set)
            self.now = self._worked

    def question_output_limit(self) -> bool:
        """Forget a limit of answers from an earlier run and return True; return False if there is no such limit."""
        with self._lock:
            if not self._resumed or self.now.max_output_tokens in (None, self._set.max_output_tokens):
                return False
            self.now = self._worked = self.now.model_copy(update={"max_output_tokens": self._set.max_output_tokens})
            return True


def _narrower(*found: int | None) -> int | None:
    return min((each for each in found if each is not None), default=None)


@dataclass(frozen=True)
class Lesson:
    """What a rejection teaches.

    Attributes:
        capabilities: The capabilities to use from now on.
        message: A sentence for the user.
        fits: False if the request is too long for the model even with the shortest answer.
        guessed: True if the server did not report the limit.
    """

    capabilities: Capabilities
    message: str
    fits: bool = True
    guessed: bool = False


@dataclass(frozen=True)
class Rejection:
    """A server's rejection of a request: the HTTP status, the text in lower case and the named parameter."""

    status: int
    text: str
    parameter: str | None = None

    @classmethod
    def of(cls, error: "openai.APIStatusError") -> "Rejection":
        """Return the rejection in an error of the SDK, without the parts of the request that the error repeats."""
        body = body_of(error)
        objects = list(error_objects(body))
        named = [part["param"] for part in objects if isinstance(part.get("param"), str)]
        located = [part["loc"][-1] for part in objects if isinstance(part.get("loc"), list) and part["loc"]]
        said = words_of(objects)
        text = " ".join((said, *map(str, located))) if said else str(body or error.message)
        parameter = next((str(each) for each in (*named, *located) if each and each != "body"), None)
        return cls(error.status_code, text.casefold(), parameter)


def is_a_rejection(body: object) -> bool:
    """Return True if an error that came with status 200 is about the length or the schema of the request."""
    text = words_of(list(error_objects(body))).casefold()
    return context_limits.is_about_length(text) or re.search(r"response[_ ]format|json[_ ]schema", text) is not None


def words_of(objects: Sequence[Mapping[str, Any]]) -> str:
    """Return the words, codes and counts in the objects of an error's body."""
    said = [text for part in objects for name in _WORDS if (text := text_of_field(part.get(name)))]
    return " ".join((*said, *(f"{name} {part[name]}" for part in objects for name in _COUNTS if name in part)))


def text_of_field(value: object) -> str:
    """Return the text of a field of an error, which may be a number or a list of texts; "" for anything else."""
    if isinstance(value, list):
        return "; ".join(each for each in value if isinstance(each, str))
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


_WORDS = (  # the fields of an error that contain its text
    *("message", "msg", "status_msg", "error_msg", "detail", "error", "raw", "reason", "title", "description"),
    *("code", "type"),
)
_COUNTS = ("n_ctx", "n_prompt_tokens")  # the fields of llama.cpp that contain counts


def body_of(error: "openai.APIError") -> object:
    """Return the body of an error; all of it if the SDK kept only a field `error` that is a plain value."""
    response = getattr(error, "response", None)
    if response is None or isinstance(error.body, Mapping | list):
        return error.body
    try:
        whole = json.loads(response.content)
    except (ValueError, RecursionError):
        return error.body
    return whole if isinstance(whole, Mapping) else error.body


def error_objects(body: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in an error's body that may contain its text, the outermost first; some servers send a list."""
    if isinstance(body, str) and body.lstrip().startswith(("{", "[")):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return
    if isinstance(body, Mapping):
        yield body
        for name in ("error", "errors", "message", "detail", "metadata", "headers", "raw", "base_resp"):
            yield from error_objects(body.get(name))
    elif isinstance(body, list):
        for each in body[:_MOST_ERRORS]:
            yield from error_objects(each)


# ── requests ─────────────────────────────────────────────────────────────────────────────────────


def adapted(wire: Wire, known: Capabilities) -> Wire:
    """Return the request in the form that the server accepts."""
    asked = {name: value for name, value in wire.items() if name not in known.left_out}
    if "system" in known.left_out:
        wire = {**wire, "messages": _without_system(wire["messages"])}
        asked["messages"] = wire["messages"]
    if "response_format" in wire:
        schema = wire["response_format"]["json_schema"]["schema"]
        asked.pop("response_format", None)
        asked.update(_response_format(wire["response_format"], known.schema_form))
        if known.schema_form in ("json_object", "none"):
            asked["messages"] = with_schema(wire["messages"], schema)
    if known.streams_only:
        asked |= {"stream": True, "stream_options": {"include_usage": True}}
    if "max_tokens" in wire:
        asked.pop("max_tokens", None)
        name = "max_completion_tokens" if "max_tokens" in known.left_out else "max_tokens"
        asked[name] = max(1, min(wire["max_tokens"], room_for_answer(asked, known)))
    return asked


def room_for_answer(wire: Wire, known: Capabilities) -> int:
    """Return the maximum number of tokens of an answer to the request, by the known limits."""
    room = known.max_output_tokens or 10**9
    if known.context_tokens is not None:
        read = int(context_limits.estimate_input(wire) * known.input_ratio)
        room = min(room, max(known.context_tokens - read - _MARGIN, _LEAST_ROOM))
    return room


def _response_format(wanted: Wire, form: SchemaForm) -> Wire:
    if form == "bounded":
        return {"response_format": wanted}
    if form == "plain":
        of = wanted["json_schema"]
        return {"response_format": {**wanted, "json_schema": {**of, "schema": without_bounds(of["schema"])}}}
    return {"response_format": {"type": "json_object"}} if form == "json_object" else {}


def without_bounds(schema: Any) -> Any:
    """Return a JSON Schema without the limits of its texts, lists and numbers."""
    if isinstance(schema, list):
        return [without_bounds(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {key: without_bounds(each) for key, each in value.items()}
        if name == "properties"
        else without_bounds(value)
        for name, value in schema.items()
        if name not in _BOUNDS
    }


def _without_system(messages: list[Wire]) -> list[Wire]:
    """Return the messages with the system message moved to the beginning of the first other message."""
    system = [message["content"] for message in messages if message["role"] == "system"]
    first, *others = [message for message in messages if message["role"] != "system"]
    return [{**first, "content": "\n\n".join((*system, first["content"]))}, *others]


def with_schema(messages: list[Wire], schema: object) -> list[Wire]:
    """Return the messages with the schema at the end of the last user message, because roles may have to alternate."""
    asked = (
        "Answer with one JSON object that fits this JSON Schema, and nothing else:\n"
        f"{json.dumps(schema, ensure_ascii=False)}"
    )
    *before, last = messages
    if last["role"] != "user":
        return [*messages, {"role": "user", "content": asked}]
    return [*before, {**last, "content": f"{last['content']}\n\n{asked}"}]


# ── learning ─────────────────────────────────────────────────────────────────────────────────────


def lesson(rejection: Rejection, wire: Wire, sent: Wire, known: Capabilities) -> Lesson | None:
    """Return what a rejection teaches, or None if no changed request can succeed.

    Args:
        rejection: The rejection of the server.
        wire: The request before it was adapted to the server.
        sent: The request that was sent, adapted by `known`.
        known: The capabilities with which it was sent.
    """
    text = rejection.text
    passing = rejection.status in (429, 500, 501)  # some servers also reject requests with these
    if rejection.status not in REJECTED and not ((passing and _TOO_LARGE.search(text)) or _fails_for_it(rejection)):
        return None
    if _OTHER_CAUSES.search(text) or cause_of(text) not in (None, Cause.ADDRESS, Cause.MODEL):
        return None
    of_schema = (rejection.parameter or "").startswith("response_format") or (
        _SCHEMA.search(text) and "token" not in text
    )
    for rule in (_parameter, _schema) if of_schema else (_parameter, _limit, _schema):
        if (found := rule(rejection, wire, sent, known)) is not None:
            return None if found.guessed and passing else found
    return None


def _fails_for_it(rejection: Rejection) -> bool:
    return rejection.status in (500, 501) and _BY_FAILING.search(rejection.text) is not None


def _parameter(rejection: Rejection, wire: Wire, sent: Wire, known: Capabilities) -> Lesson | None:
    """Return what a rejection teaches about a parameter, or None."""
    text, named = rejection.text, (rejection.parameter or "").partition(".")[0]
    other_name = _INSTEAD.search(text) or ((named == "max_tokens" or "max_tokens" in text) and _NOT_TAKEN.search(text))
    if "max_tokens" in sent and _REASONING_MODEL.search(text):
        both = _without(_without(known, "max_tokens"), "temperature")
        told = "This is a reasoning model; asking again with max_completion_tokens and without a temperature."
        return Lesson(both, told)
    if "max_tokens" in sent and other_name and not context_limits.is_about_length(text):
        told = "The server does not take max_tokens; asking again with max_completion_tokens."
        return Lesson(_without(known, "max_tokens"), told)
    if _STREAMS_ONLY.search(text) and not known.streams_only and not context_limits.is_about_length(text):
        told = "The server answers only as a stream; asking again for one."
        return Lesson(known.model_copy(update={"streams_only": True}), told)
    if _NO_SYSTEM.search(text) and "system" not in known.left_out:
        told = "The server does not take a system message; asking again with its text in the question."
        return Lesson(_without(known, "system"), told)
    for name, words in _OPTIONAL.items():
        if name in sent and (named == name or (not named and words.search(text))):
            return Lesson(_without(known, name), f"The server does not take {name}; asking again without it.")
    return None


def _without(known: Capabilities, name: str) -> Capabilities:
    return known.model_copy(update={"left_out": known.left_out | {name}})


def _limit(rejection: Rejection, wire: Wire, sent: Wire, known: Capabilities) -> Lesson | None:
    """Return what a rejection teaches about a limit of the answer or of the context, or None."""
    asked = sent.get("max_tokens") or sent.get("max_completion_tokens") or 0
    of_answer = rejection.parameter in ("max_tokens", "max_completion_tokens")
    if not (context_limits.is_about_length(rejection.text) or rejection.status == 413 or of_answer):
        return None
    found = context_limits.limits_in(rejection.text, asked=asked)
    read = context_limits.estimate_input(sent)
    if found.output is not None and found.output < asked:
        learned = known.model_copy(update={"max_output_tokens": found.output})
        return Lesson(learned, f"The model answers with at most {found.output:,} tokens; asking again with this limit.")
    ratio = max(known.input_ratio, found.input / max(read, 1)) if found.input else known.input_ratio
    if found.context is None and not (rejection.status == 413 or context_limits.blames_input(rejection.text)):
        half = max(asked // 2, 1)
        learned = known.model_copy(update={"max_output_tokens": half})
        told = f"The server does not report its limit of an answer; asking again with a limit of {half:,} tokens."
        return Lesson(learned, told, guessed=True)
    context = found.context or (int(read * ratio) + asked) // 2
    learned = known.model_copy(update={"context_tokens": context, "input_ratio": ratio})
    room = context - int(read * ratio) - _MARGIN
    if found.context is not None and room >= asked:  # the server contradicts its own limit
        learned = learned.model_copy(update={"max_output_tokens": max(asked // 2, 1)})
    told = "The request is longer than the model's context; asking again with less room for the answer."
    fits = room >= max(_LEAST_ROOM, min(asked, int(read * ratio) // 2))  # a long text needs a long answer
    return Lesson(learned, told, fits=fits, guessed=found.context is None)


def _schema(rejection: Rejection, wire: Wire, sent: Wire, known: Capabilities) -> Lesson | None:
    """Return what a rejection teaches about the schema, also if it names no cause; or None."""
    blamed = _SCHEMA.search(rejection.text) is not None or (rejection.parameter or "").startswith("response_format")
    if "response_format" not in sent or cause_of(rejection.text) is not None or (rejection.parameter and not blamed):
        return None
    at = _FORMS.index(known.schema_form)
    unsupported = blamed and not _OF_THE_SCHEMA.search(rejection.text)
    form = _FORMS[max(at + 1, 2) if unsupported else at + 1]
    learned = known.model_copy(update={"schema_form": form})
    how = {"plain": "without its limits", "json_object": "in the prompt, for a JSON object", "none": "in the prompt"}[
        form
    ]
    what = "The server does not take the schema" if blamed else "The server rejects the request"
    return Lesson(learned, f"{what}; asking again with the schema {how}.")
