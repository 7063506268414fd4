"""Ask a model once: transport errors are retried, answers judged, and malformed ones asked for again."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast

from openai.types.chat import ChatCompletion
from pydantic import BaseModel
from tenacity import RetryCallState, Retrying, retry_if_exception

from summariser import events, telemetry
from summariser.errors import InvalidOutputError, ModelError, OutputError, RefusedError, TransientError, TruncatedError
from summariser.models import classification
from summariser.models.capabilities import Known, room_for_answer
from summariser.models.classification import DeferredError, short
from summariser.models.context_limits import fewest_tokens
from summariser.models.responses import CutOffError, read_answer
from summariser.schema.coercion import Deviations, Lenient
from summariser.schema.response import FormSchema, ResponseSchema

MOST_CALLS = 3  # paid calls for one question at most
_ADAPTATIONS = 5  # requests at most that a server rejects before one is put as it takes it
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0
_MORE_ROOM, _MORE_ROOM_LOCAL = 4, 2  # times the limit, for an answer that was cut off
_SHORTEST_CONTEXT = 256  # tokens
_GENEROUS = 64_000  # tokens, for a model that reasons: only what is written costs

_T = TypeVar("_T")
Wire = dict[str, Any]
Transport = Callable[[Wire, events.Listener], ChatCompletion]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One question: chat messages, the shape of the answer, and its limit in tokens."""

    messages: Sequence[Mapping[str, str]]
    shape: ResponseSchema | FormSchema
    max_output_tokens: int

    def again(self, why: str, parts: Sequence[str] = ()) -> "Request":
        """The same question after an answer that could not be used, or about those parts of it alone."""
        asked = f"An answer to this could not be used ({why})."
        shape = self.shape
        if parts and isinstance(shape, ResponseSchema):
            shape = shape.narrowed(parts)
            asked = f"An answer to this lacked {', '.join(parts)} ({why}). Give only that."
        *before, last = self.messages
        messages = [*before, {**last, "content": f"{last['content']}\n\n{asked} Answer with one JSON object alone."}]
        return replace(self, messages=messages, shape=shape)


@dataclass(kw_only=True)
class Usage:
    """What a question has cost so far, failed attempts included; tokens as the provider counts them."""

    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0

    def add(self, other: "Usage") -> None:
        """Count another question's cost in."""
        self.requests += other.requests
        self.input_tokens += other.input_tokens
        self.cached_tokens += other.cached_tokens
        self.output_tokens += other.output_tokens
        self.seconds += other.seconds


@dataclass
class Allowance:
    """How many paid calls a question may still take, its halves included."""

    left: int = MOST_CALLS


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A validated part of the Draft, and what happened: cost, why the model stopped, the model as returned.

    `deviations` are the codes and sentences of warnings about the answer. `failure` says why a part of it is missing.
    `read` is set where the server read fewer tokens than were sent: how many it read, and at least how many were sent.
    """

    part: BaseModel
    usage: Usage
    finish_reason: str | None
    model: str
    deviations: tuple[tuple[str, str], ...] = ()
    failure: ModelError | None = None
    read: tuple[int, int] | None = None


class RateLimiter(Protocol):
    """What every attempt to reach a provider passes through: it may wait before, and look at what came of it."""

    def pass_through(self, attempt: Callable[[], _T], usage: Usage) -> _T:
        """What the attempt gives; `usage` is what it counts into."""


@dataclass(kw_only=True)
class Model:
    """A model that can be asked again and again; close it, or use it in a `with`, to free what it holds.

    `transport` is a function standing for the network: a request as it goes over the wire, to the
    provider's answer. It raises ModelError; after an AdaptedError it is called again, a TransientError is
    retried for `retry_seconds`, counted from the first attempt. `max_output_tokens`, where it is set, is the limit of
    every answer in place of the question's own. `known` is what the server is known to take. `secrets` are masked in
    answers. `price` is the share of
    the published price that is paid. Every attempt passes through the `gate`, if there is one. `sleep` and `clock`
    stand for time.
    """

    name: str
    transport: Transport
    retry_seconds: float = 60.0
    sampling: Wire = field(default_factory=dict)
    context_tokens: int | None = None
    passage_tokens: int | None = None
    max_output_tokens: int | None = None
    price: float = 1.0
    known: Known = field(default_factory=Known)
    secrets: tuple[str, ...] = ()
    gate: RateLimiter | None = None
    close: Callable[[], None] = lambda: None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def context(self) -> int | None:
        """The model's context in tokens, as set or learned; None where it is not known."""
        return min((each for each in (self.context_tokens, self.known.now.context_tokens) if each), default=None)

    def ask(
        self,
        request: Request,
        *,
        listener: events.Listener = events.ignore,
        usage: Usage | None = None,
        allowance: Allowance | None = None,
    ) -> Answer:
        """Put one question: at most as many paid calls as the allowance has left.

        An answer that is cut off is asked for once more with more room. One that cannot be used, or lacks a part, is
        asked for once more, about what is missing alone. `usage` and `allowance` are kept up even where this raises.

        Raises ProviderError, RefusedError, TruncatedError or InvalidOutputError.
        """
        usage, allowance = usage if usage is not None else Usage(), allowance or Allowance()
        started = self.clock()
        try:
            return _Question(model=self, request=request, listener=listener, usage=usage, allowance=allowance).answer()
        except CutOffError as error:
            raise TruncatedError(str(error), endless=error.endless) from None
        finally:
            usage.seconds += self.clock() - started

    def once(  # what is under way
        self, request: Request, limit: int, listener: events.Listener, usage: Usage, allowance: Allowance
    ) -> Answer:
        """One paid call for a question, its answer validated. Raises what `ask` does, CutOffError for one cut off."""
        wire = {
            "model": self.name.partition("/")[2],
            "messages": [dict(message) for message in request.messages],
            "max_tokens": limit,
            "response_format": _response_format(request.shape),
            **self.sampling,
        }
        completion = self.send(wire, listener, usage)
        allowance.left -= 1
        part = read_answer(completion, request.shape.validator, secrets=self.secrets)
        return Answer(
            part=part,
            usage=usage,
            finish_reason=getattr(completion.choices[0], "finish_reason", None),
            model=completion.model or self.name,
            deviations=tuple(_deviations(part).sentences()),
            read=self._fewer_read(wire, completion),
        )

    def _fewer_read(self, wire: Wire, completion: ChatCompletion) -> tuple[int, int] | None:
        """`fewer_read`, but None for a server that has read as much at once before: it counts otherwise."""
        found = fewer_read(wire, completion)
        if found is None:
            self.known.most_read = max(self.known.most_read, fewest_tokens(wire))
            return None
        return found if found[1] > self.known.most_read else None

    def send(self, wire: Wire, listener: events.Listener, usage: Usage) -> ChatCompletion:
        """One answer out of the transport, however many attempts that takes; raises ModelError."""

        def attempt(adaptations: int = _ADAPTATIONS) -> ChatCompletion:
            usage.requests += 1
            try:
                return self.through_gate(lambda: self.transport(wire, listener), usage)
            except classification.AdaptedError:
                if not adaptations:
                    raise
                return attempt(adaptations - 1)

        completion: ChatCompletion = self._retrying(listener)(attempt)
        classification.count_tokens(getattr(completion, "usage", None), usage)
        return completion

    def through_gate(self, attempt: Callable[[], _T], usage: Usage) -> _T:
        """One attempt, through the gate if there is one, and seen by whoever traces."""

        def seen() -> _T:
            return telemetry.observed(self.name, attempt, usage)

        return seen() if self.gate is None else self.gate.pass_through(seen, usage)

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
        retry=retry_if_exception(classification.is_transient),
        wait=_wait,
        stop=out_of_time,
        sleep=sleep,
        before_sleep=announce,
        reraise=True,
    )


@dataclass(frozen=True, kw_only=True)
class _Question:
    """One question under way: asked again where its answer was cut off, cannot be used or lacks a part."""

    model: Model
    request: Request
    listener: events.Listener
    usage: Usage
    allowance: Allowance

    @property
    def _limit(self) -> int:
        return self.model.max_output_tokens or self.request.max_output_tokens

    def _once(self, request: Request, limit: int) -> Answer:
        return self.model.once(request, limit, self.listener, self.usage, self.allowance)

    def answer(self) -> Answer:
        """The answer; raises what `Model.ask` does."""
        try:
            answer = self._once(self.request, self._limit)
        except CutOffError as cut_off:
            answer = self._with_more_room(cut_off)
        except InvalidOutputError as misfit:
            if not self.allowance.left:
                raise
            self._say("The answer could not be used; asking once more.")
            return _with_failure(self._once(self.request.again(short(str(misfit))), self._limit))
        halves_may_follow = answer.failure is not None and self.allowance.left > 1
        if _deviations(answer.part).missing and self.allowance.left and not halves_may_follow:
            answer = self._with_missing_parts(answer)
        return _with_failure(answer)

    def _with_more_room(self, cut_off: CutOffError) -> Answer:
        """The same with more room; where there is none, or not enough either, what was complete of the answer."""
        more, failure = self._more_room(cut_off), cast(ModelError, cut_off)
        if more is not None and self.allowance.left:
            self._say(f"The answer was cut off; asking once more with room for {more:,} tokens.")
            try:
                return self._once(self.request, more)
            except CutOffError as again:
                cut_off = again if again.part is not None or cut_off.part is None else cut_off
            except DeferredError:
                raise
            except ModelError as error:
                if cut_off.part is None:
                    raise
                failure = error
        if cut_off.part is None:
            raise cut_off
        told = ("answer_cut_off", "The answer was cut off; what was complete of it is kept.")
        return Answer(
            part=cut_off.part,
            usage=self.usage,
            finish_reason="length",
            model=self.model.name,
            deviations=(*_deviations(cut_off.part).sentences(), told),
            failure=failure,
        )

    def _more_room(self, cut_off: CutOffError) -> int | None:
        """How many tokens an answer that was cut off may have the second time; None where no more than before."""
        if cut_off.endless or self.model.max_output_tokens is not None:
            return None
        more = self._limit * (_MORE_ROOM_LOCAL if self.model.name.startswith("local/") else _MORE_ROOM)
        if cut_off.empty:
            more = max(more, _GENEROUS)
        self.model.known.question_output_limit()  # which a server may have raised since an earlier run
        wire = {"messages": self.request.messages, "response_format": _response_format(self.request.shape)}
        known = self.model.known.now.model_copy(update={"context_tokens": self.model.context})
        more = min(more, room_for_answer(wire, known))
        return more if more > self._limit else None

    def _with_missing_parts(self, answer: Answer) -> Answer:
        """The answer with the parts that it lacked, asked for alone, as far as that gives them."""
        missing = _deviations(answer.part).missing
        self._say(f"The answer lacked {', '.join(missing)}; asking once more for that alone.")
        why = "; ".join(dict.fromkeys(missing.values()))
        try:
            again = self._once(self.request.again(why, tuple(missing)), self._limit).part
        except CutOffError as cut_off:
            if cut_off.part is None:
                return answer
            again = cut_off.part
        except DeferredError:
            raise
        except (OutputError, RefusedError):
            return answer
        except ModelError as error:
            return replace(answer, failure=answer.failure or error)
        still = _deviations(again)
        found = {part: getattr(again, part) for part in missing if part not in still.missing}
        for part in found:
            del missing[part]
        deviations = (*answer.deviations, *still.sentences())
        return replace(answer, part=answer.part.model_copy(update=found), deviations=deviations)

    def _say(self, message: str) -> None:
        self.listener(events.Note(message))


def _with_failure(answer: Answer) -> Answer:
    """The answer, which says so where it lacks a part."""
    missing = _deviations(answer.part).missing
    if not missing or answer.failure is not None:
        return answer
    named, why = ", ".join(missing), "; ".join(dict.fromkeys(missing.values()))
    failure = InvalidOutputError(f"The model gave no usable {named} ({why}); try another model or prompt.")
    return replace(answer, failure=failure)


def _deviations(part: BaseModel) -> Deviations:
    return part.deviations if isinstance(part, Lenient) else Deviations()


def fewer_read(wire: Wire, completion: ChatCompletion) -> tuple[int, int] | None:
    """How many tokens the server read, and at least how many were sent, where it read fewer; else None.

    Tokens that came from its cache count as read. A count below that of any server's context is not believed.
    """
    read = Usage()
    classification.count_tokens(getattr(completion, "usage", None), read)
    sent = fewest_tokens(wire)
    found = read.input_tokens  # in which cached ones are counted, by all servers but a few
    found += read.cached_tokens if read.cached_tokens > read.input_tokens else 0
    return (found, sent) if _SHORTEST_CONTEXT <= found < sent else None


def _response_format(shape: ResponseSchema | FormSchema) -> Wire:
    return {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": shape.wire}}


def _wait(state: RetryCallState) -> float:
    """Twice as long each time, half of it by chance; never less than the server asks for."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, TransientError) else None
    longest = min(_FIRST_WAIT * 2 ** (state.attempt_number - 1), _LONGEST_WAIT)
    return max(asked or 0.0, random.uniform(longest / 2, longest))
