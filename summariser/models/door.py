"""Ask a model once: transport errors are retried, answers judged, and malformed ones asked for again."""

import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_before_delay, wait_random_exponential

from summariser import events
from summariser.errors import InvalidOutputError, TruncatedError
from summariser.models import judgement
from summariser.shape import Shape

os.environ.setdefault("PYDANTIC_ERRORS_INCLUDE_URL", "0")  # a re-ask quotes pydantic's error
logging.getLogger("instructor").addHandler(logging.NullHandler())

REASKS = 2
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0

Wire = dict[str, Any]
Transport = Callable[[Wire, events.Listener], ChatCompletion]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One question: chat messages, the shape of the answer, and its limit in tokens."""

    messages: Sequence[Mapping[str, str]]
    shape: Shape
    max_output_tokens: int


@dataclass(kw_only=True)
class Spent:
    """What a question has cost so far, failed attempts included; tokens as the provider counts them."""

    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0

    def add(self, other: "Spent") -> None:
        """Count another question's cost in."""
        self.requests += other.requests
        self.input_tokens += other.input_tokens
        self.cached_tokens += other.cached_tokens
        self.output_tokens += other.output_tokens
        self.seconds += other.seconds


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A validated part of the Draft, and what happened: cost, why the model stopped, the model as returned."""

    part: BaseModel
    spent: Spent
    finish_reason: str | None
    model: str


@dataclass(kw_only=True)
class Model:
    """A model that can be asked again and again; close it, or use it in a `with`, to free what it holds.

    `transport` is a function standing for the network: a request as it goes over the wire, to the
    provider's answer. It raises ProviderError, `transient` ones of which are retried for `retry_seconds`.
    """

    name: str
    transport: Transport
    retry_seconds: float = 60.0
    sampling: Wire = field(default_factory=dict)
    context_tokens: int | None = None
    close: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, request: Request, *, listener: events.Listener = events.ignore, spent: Spent | None = None) -> Answer:
        """Put one question. `spent` is counted up even where this raises.

        Raises ProviderError, RefusedError, TruncatedError or InvalidOutputError.
        """
        spent = spent if spent is not None else Spent()
        started = time.monotonic()
        try:
            try:
                return self._ask_once(request, request.max_output_tokens, listener, spent)
            except TruncatedError:
                listener(events.Note("The answer was cut off; asking once more with twice the room."))
                return self._ask_once(request, 2 * request.max_output_tokens, listener, spent)
        finally:
            spent.seconds += time.monotonic() - started

    def _ask_once(self, request: Request, limit: int, listener: events.Listener, spent: Spent) -> Answer:
        import instructor
        from instructor.core.exceptions import InstructorRetryException

        last: list[ChatCompletion] = []

        def create(**wire: Any) -> ChatCompletion:
            """What instructor takes for the SDK: the same, with our schema, retries and judgement."""
            wire["response_format"] = _response_format(request.shape)
            completion = self._send({**wire, **self.sampling}, listener, spent)
            last[:] = [judgement.judge(completion)]
            return last[0]

        ask = instructor.patch(create=create, mode=instructor.Mode.JSON_SCHEMA)
        try:
            part = ask(
                model=self.name.partition("/")[2],
                messages=[dict(message) for message in request.messages],
                max_tokens=limit,
                response_model=request.shape.validator,
                max_retries=REASKS,
            )
        except InstructorRetryException as error:
            raise unwrapped(error) from None
        return Answer(
            part=part,
            spent=spent,
            finish_reason=last[0].choices[0].finish_reason,
            model=last[0].model or self.name,
        )

    def _send(self, wire: Wire, listener: events.Listener, spent: Spent) -> ChatCompletion:
        """One answer out of the transport, however many attempts that takes."""

        def attempt() -> ChatCompletion:
            spent.requests += 1
            return self.transport(wire, listener)

        completion: ChatCompletion = retrying(self.retry_seconds, listener)(attempt)
        judgement.count_tokens(completion.usage, spent)
        return completion


def retrying(seconds: float, listener: events.Listener) -> Retrying:
    """The one policy for transport errors: transient ones are tried again for so many seconds in all."""

    def announce(state: RetryCallState) -> None:
        wait = state.next_action.sleep if state.next_action else 0.0
        reason = str(state.outcome.exception()) if state.outcome else ""
        listener(events.Waiting(seconds=wait, reason=reason))

    return Retrying(
        retry=retry_if_exception(judgement.is_transient),
        wait=_wait,
        stop=stop_before_delay(seconds),
        before_sleep=announce,
        reraise=True,
    )


def _response_format(shape: Shape) -> Wire:
    return {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": shape.wire}}


def _wait(state: RetryCallState) -> float:
    """As long as the server asks for; else exponentially longer, with jitter."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, judgement.TransientError) else None
    return asked if asked is not None else _backoff(state)


_backoff = wait_random_exponential(multiplier=_FIRST_WAIT, max=_LONGEST_WAIT)


def unwrapped(error: Exception) -> Exception:
    """The error that instructor wrapped, as one of ours where it is about the answer."""
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        first = cause.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        return InvalidOutputError(
            f"The model's answer did not fit the schema even after {REASKS} corrections "
            f"({where}: {first['msg']}); try another model or prompt."
        )
    return cause if isinstance(cause, Exception) else error
