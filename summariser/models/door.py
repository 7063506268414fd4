"""Ask a model once: transport errors are retried, answers judged, and malformed ones asked for again."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast

from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from summariser import events, telemetry
from summariser.errors import ProviderError, TransientError, TruncatedError
from summariser.models import judgement
from summariser.shape import Form, Shape

REASKS = 2
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0
_UNFIT_REQUEST = frozenset({400, 413, 422})

_T = TypeVar("_T")
Wire = dict[str, Any]
Transport = Callable[[Wire, events.Listener], ChatCompletion]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One question: chat messages, the shape of the answer, and its limit in tokens."""

    messages: Sequence[Mapping[str, str]]
    shape: Shape | Form
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


class Gate(Protocol):
    """What every attempt to reach a provider passes through: it may wait before, and look at what came of it."""

    def pass_through(self, attempt: Callable[[], _T], spent: Spent) -> _T:
        """What the attempt gives; `spent` is what it counts into."""


@dataclass(kw_only=True)
class Model:
    """A model that can be asked again and again; close it, or use it in a `with`, to free what it holds.

    `transport` is a function standing for the network: a request as it goes over the wire, to the
    provider's answer. It raises ModelError; after an AdaptedError it is called again, a TransientError is
    retried for `retry_seconds`, counted from the first attempt. `price` is the share of the published price that is
    paid. Every attempt passes through the `gate`, if there is
    one. `sleep` and `clock` stand for time.
    """

    name: str
    transport: Transport
    retry_seconds: float = 60.0
    sampling: Wire = field(default_factory=dict)
    context_tokens: int | None = None
    passage_tokens: int | None = None
    price: float = 1.0
    gate: Gate | None = None
    close: Callable[[], None] = lambda: None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

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
        started = self.clock()
        try:
            return self._ask_once(request, request.max_output_tokens, listener, spent)
        except TruncatedError as cut_off:
            if cut_off.endless:
                raise
            listener(events.Note("The answer was cut off; asking once more with twice the room."))
            return self._ask_with_room(request, cut_off, listener, spent)
        finally:
            spent.seconds += self.clock() - started

    def _ask_with_room(
        self, request: Request, cut_off: TruncatedError, listener: events.Listener, spent: Spent
    ) -> Answer:
        """The same with twice the room; where the model has no such room, the answer stays cut off."""
        try:
            return self._ask_once(request, 2 * request.max_output_tokens, listener, spent)
        except ProviderError as error:
            if error.status not in _UNFIT_REQUEST:
                raise
            raise cut_off from None

    def _ask_once(self, request: Request, limit: int, listener: events.Listener, spent: Spent) -> Answer:
        import instructor
        from instructor.core.exceptions import InstructorRetryException

        last: list[ChatCompletion] = []

        def create(**wire: Any) -> ChatCompletion:
            """What instructor takes for the SDK: the same, with our schema, retries and judgement."""
            wire["response_format"] = _response_format(request.shape)
            completion = self.send({**wire, **self.sampling}, listener, spent)
            last[:] = [judgement.judge(completion.model_copy(deep=True))]  # instructor adds up usage in its answers
            return last[0]

        ask = instructor.patch(create=create, mode=instructor.Mode.JSON_SCHEMA)
        try:
            part = ask(
                model=self.name.partition("/")[2],
                messages=[dict(message) for message in request.messages],
                max_tokens=limit,
                response_model=_as_instructor_wants_it(request.shape.validator),
                max_retries=REASKS,
            )
        except InstructorRetryException as error:
            raise _unwrapped(error) from None
        return Answer(
            part=part,
            spent=spent,
            finish_reason=last[0].choices[0].finish_reason,
            model=last[0].model or self.name,
        )

    def send(self, wire: Wire, listener: events.Listener, spent: Spent) -> ChatCompletion:
        """One answer out of the transport, however many attempts that takes; raises ModelError."""

        def attempt() -> ChatCompletion:
            spent.requests += 1
            try:
                return self.through_gate(lambda: self.transport(wire, listener), spent)
            except judgement.AdaptedError:  # at most once for each part that may be left out
                return attempt()

        completion: ChatCompletion = self._retrying(listener)(attempt)
        judgement.count_tokens(getattr(completion, "usage", None), spent)
        return completion

    def through_gate(self, attempt: Callable[[], _T], spent: Spent) -> _T:
        """One attempt, through the gate if there is one, and seen by whoever traces."""

        def seen() -> _T:
            return telemetry.observed(self.name, attempt, spent)

        return seen() if self.gate is None else self.gate.pass_through(seen, spent)

    def _retrying(self, listener: events.Listener) -> Retrying:
        return retrying(self.retry_seconds, listener, sleep=self.sleep, clock=self.clock)


def retrying(
    seconds: float,
    listener: events.Listener,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Retrying:
    """The one policy for transport errors: transient ones are tried again for so many seconds in all."""
    started = clock()

    def out_of_time(state: RetryCallState) -> bool:
        return clock() - started + state.upcoming_sleep >= seconds

    def announce(state: RetryCallState) -> None:
        reason = str(state.outcome.exception()) if state.outcome else ""
        listener(events.Waiting(seconds=state.upcoming_sleep, reason=reason))

    return Retrying(
        retry=retry_if_exception(judgement.is_transient),
        wait=_wait,
        stop=out_of_time,
        sleep=sleep,
        before_sleep=announce,
        reraise=True,
    )


@lru_cache(maxsize=64)
def _as_instructor_wants_it(validator: type[BaseModel]) -> type[BaseModel]:
    """The validator as instructor would derive it anew for each call."""
    import instructor

    return cast(type[BaseModel], instructor.openai_schema(validator))


def _response_format(shape: Shape | Form) -> Wire:
    return {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": shape.wire}}


def _wait(state: RetryCallState) -> float:
    """Exponentially longer, with jitter; never less than the server asks for, which may be nothing at all."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, TransientError) else None
    return max(asked or 0.0, _backoff(state))


_backoff = wait_random_exponential(multiplier=_FIRST_WAIT, max=_LONGEST_WAIT)


def _unwrapped(error: Exception) -> Exception:
    """The error that instructor wrapped, as one of ours where it is about the answer."""
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        return judgement.misfit(cause)
    return cause if isinstance(cause, Exception) else error
