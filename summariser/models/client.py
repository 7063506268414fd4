"""Ask a model once: transport errors are retried, answers judged, and malformed ones asked for again."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

from pydantic import BaseModel

from summariser import events, telemetry
from summariser.concurrency import resolved, run_now
from summariser.errors import InvalidOutputError, ModelError, OutputError, RefusedError, TransientError, TruncatedError
from summariser.models import classification
from summariser.models.capabilities import Known, room_for_answer
from summariser.models.classification import DeferredError, short
from summariser.models.context_limits import fewest_tokens
from summariser.models.exchange import Allowance, Answer, Memory, RateLimiter, Request, Transport, Wire
from summariser.models.responses import CutOffError, read_answer
from summariser.models.usage import Usage, count_tokens
from summariser.schema.coercion import Deviations, Lenient

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState

    from summariser.models.exchange import Completion

_ADAPTATIONS = 5  # requests at most that a server rejects before one is put as it takes it
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0
_MORE_ROOM, _MORE_ROOM_LOCAL = 4, 2  # times the limit, for an answer that was cut off
_SHORTEST_CONTEXT = 256  # tokens
_GENEROUS = 64_000  # tokens, for a model that reasons: only what is written costs


class Connection(NamedTuple):
    """A way to a provider: its transport, and what ends it."""

    transport: Transport
    close: Callable[[], Awaitable[None] | None]


def _nothing() -> None:
    """Close nothing."""


@dataclass(kw_only=True)
class Model:
    """A model that can be asked again and again; close it, or use it in a `with`, to free what it holds.

    Attributes:
        name: `provider/name`.
        transport: a function standing for the network: a request as it goes over the wire, to the provider's answer. It
            raises ModelError; after an AdaptedError it is called again, a TransientError is retried.
        retry_seconds: for how long, counted from the first attempt.
        sampling: what goes over the wire with every request, such as the temperature.
        context_tokens: the model's context, where it is set.
        passage_tokens: how long the passages are in which longer texts are read.
        max_output_tokens: the limit of every answer, in place of the question's own.
        price: the share of the published price that is paid.
        known: what the server is known to take.
        secrets: what is masked in answers.
        gate: what every attempt passes through.
        memory: where answers are kept, and taken from.
        close: frees what the transport holds.
        connect: opens a transport for an event loop, where this one would hold it up.
        sleep: waits between two attempts.
        clock: tells the seconds.
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
    memory: Memory | None = None
    close: Callable[[], Awaitable[None] | None] = _nothing
    connect: Callable[[], Connection] | None = None
    sleep: Callable[[float], Awaitable[None] | None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        run_now(resolved(self.close()))

    @classmethod
    def over(cls, connect: Callable[[bool], Connection], *, in_event_loop: bool, **fields: Any) -> "Model":
        """Return a Model over a way to connect, which is told whether that is for an event loop."""
        transport, close = connect(in_event_loop)
        if in_event_loop:
            return Model(transport=transport, close=close, sleep=asyncio.sleep, **fields)
        return Model(transport=transport, close=close, connect=lambda: connect(True), **fields)

    def changed(self, **changes: Any) -> "Model":
        """Return a Model that differs in those fields; with another transport that one serves in an event loop too."""
        if "transport" in changes:
            changes.setdefault("connect", None)
        return Model(**{each.name: getattr(self, each.name) for each in fields(Model)} | changes)

    def in_event_loop(self) -> "Model":
        """Return the model for a running event loop: with a transport for it, and waiting that lets others go on.

        Close it apart from this one.
        """
        transport, close = self.connect() if self.connect is not None else Connection(self.transport, _nothing)
        sleep = asyncio.sleep if self.sleep is time.sleep else self.sleep
        return self.changed(transport=transport, close=close, connect=None, sleep=sleep)

    @property
    def context(self) -> int | None:
        """The model's context in tokens, as set or learned; None where it is not known."""
        return min((each for each in (self.context_tokens, self.known.now.context_tokens) if each), default=None)

    async def ask(
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
        What was answered on the way is remembered if that led to an answer that can be used; but not an answer about a
        text of which the server read a part alone: the next server may read all of it.

        Raises ProviderError, RefusedError, TruncatedError or InvalidOutputError.
        """
        usage, allowance = usage if usage is not None else Usage(), allowance or Allowance()
        question = _Question(model=self, request=request, listener=listener, usage=usage, allowance=allowance)
        started = self.clock()
        try:
            answer = await question.answer()
        except CutOffError as error:
            raise TruncatedError(str(error), endless=error.endless) from None
        finally:
            usage.seconds += self.clock() - started
        if self.memory is not None and answer.read is None:
            self.memory.keep(question.answered)
        return answer

    async def send(self, wire: Wire, listener: events.Listener, usage: Usage) -> "Completion":
        """Return one answer out of the transport, however many attempts that takes; raises ModelError."""

        async def seen() -> "Completion":
            return await telemetry.observed(self.name, lambda: resolved(self.transport(wire, listener)))

        async def attempt(adaptations: int = _ADAPTATIONS) -> "Completion":
            usage.requests += 1
            try:
                return await (seen() if self.gate is None else self.gate.pass_through(seen))
            except classification.AdaptedError:
                if not adaptations:
                    raise
                return await attempt(adaptations - 1)

        completion: Completion = await retrying(self.retry_seconds, listener, sleep=self.sleep, clock=self.clock)(
            attempt
        )
        count_tokens(getattr(completion, "usage", None), usage)
        return completion


def retrying(
    seconds: float,
    listener: events.Listener,
    *,
    sleep: Callable[[float], Awaitable[None] | None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> "AsyncRetrying":
    """Return the one policy for transport errors: transient ones are tried again for so many seconds in all."""
    from tenacity import AsyncRetrying, retry_if_exception

    started = clock()

    def out_of_time(state: "RetryCallState") -> bool:
        return clock() - started + state.upcoming_sleep >= seconds

    def announce(state: "RetryCallState") -> None:
        reason = str(state.outcome.exception()) if state.outcome else ""
        listener(events.Waiting(seconds=state.upcoming_sleep, reason=reason))

    async def slept(seconds: float) -> None:
        await resolved(sleep(seconds))

    return AsyncRetrying(
        retry=retry_if_exception(classification.is_transient),
        wait=_wait,
        stop=out_of_time,
        sleep=slept,
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
    answered: "list[tuple[Wire, Completion]]" = field(default_factory=list)

    @property
    def _limit(self) -> int:
        return self.model.max_output_tokens or self.request.max_output_tokens

    async def _once(self, request: Request, limit: int) -> Answer:
        """Make one paid call and validate its answer. Raises what `Model.ask` does, CutOffError for one cut off."""
        model = self.model
        wire = {
            "model": model.name.partition("/")[2],
            "messages": [dict(message) for message in request.messages],
            "max_tokens": limit,
            "response_format": request.response_format,
            **model.sampling,
        }
        completion = await self._completion(wire)
        self.allowance.left -= 1
        part = read_answer(completion, request.shape.validator, secrets=model.secrets)
        return Answer(
            part=part,
            usage=self.usage,
            finish_reason=getattr(completion.choices[0], "finish_reason", None),
            model=completion.model or model.name,
            deviations=tuple(_deviations(part).sentences()),
            read=_fewer_read(model.known, wire, completion),
        )

    async def _completion(self, wire: Wire) -> "Completion":
        """Return the answer to a request: a remembered one, else the provider's."""
        remembered = self.model.memory.recall(wire) if self.model.memory is not None else None
        if remembered is not None:
            self.usage.requests += 1
            count_tokens(getattr(remembered, "usage", None), self.usage)
            return remembered
        completion = await self.model.send(wire, self.listener, self.usage)
        self.answered.append((wire, completion))
        return completion

    async def answer(self) -> Answer:
        """Return the answer; raises what `Model.ask` does."""
        try:
            answer = await self._once(self.request, self._limit)
        except CutOffError as cut_off:
            answer = await self._with_more_room(cut_off)
        except InvalidOutputError as misfit:
            if not self.allowance.left:
                raise
            self._say("The answer could not be used; asking once more.")
            return _with_failure(await self._once(self.request.again(short(str(misfit))), self._limit))
        halves_may_follow = answer.failure is not None and self.allowance.left > 1
        if _deviations(answer.part).missing and self.allowance.left and not halves_may_follow:
            answer = await self._with_missing_parts(answer)
        return _with_failure(answer)

    async def _with_more_room(self, cut_off: CutOffError) -> Answer:
        """Ask the same with more room; where there is none or not enough, return what was complete of the answer."""
        more, failure = self._more_room(cut_off), cast(ModelError, cut_off)
        if more is not None and self.allowance.left:
            self._say(f"The answer was cut off; asking once more with room for {more:,} tokens.")
            try:
                return await self._once(self.request, more)
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
        """Return how many tokens an answer that was cut off may have next; None where no more than before."""
        if cut_off.endless or self.model.max_output_tokens is not None:
            return None
        more = self._limit * (_MORE_ROOM_LOCAL if self.model.name.startswith("local/") else _MORE_ROOM)
        if cut_off.empty:
            more = max(more, _GENEROUS)
        self.model.known.question_output_limit()  # which a server may have raised since an earlier run
        wire = {"messages": self.request.messages, "response_format": self.request.response_format}
        known = self.model.known.now.model_copy(update={"context_tokens": self.model.context})
        more = min(more, room_for_answer(wire, known))
        return more if more > self._limit else None

    async def _with_missing_parts(self, answer: Answer) -> Answer:
        """Return the answer with the parts that it lacked, asked for alone, as far as that gives them."""
        missing = _deviations(answer.part).missing
        self._say(f"The answer lacked {', '.join(missing)}; asking once more for that alone.")
        why = "; ".join(dict.fromkeys(missing.values()))
        try:
            again = (await self._once(self.request.again(why, tuple(missing)), self._limit)).part
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
    """Return the answer, which says so where it lacks a part."""
    missing = _deviations(answer.part).missing
    if not missing or answer.failure is not None:
        return answer
    named, why = ", ".join(missing), "; ".join(dict.fromkeys(missing.values()))
    failure = InvalidOutputError(f"The model gave no usable {named} ({why}); try another model or prompt.")
    return replace(answer, failure=failure)


def _deviations(part: BaseModel) -> Deviations:
    return part.deviations if isinstance(part, Lenient) else Deviations()


def _fewer_read(known: Known, wire: Wire, completion: "Completion") -> tuple[int, int] | None:
    """Return how many tokens the server read, and at least how many were sent, where it read fewer; else None.

    Tokens that came from its cache count as read. A count below that of any server's context is not believed, nor one
    of a server that has read as much at once before: it counts otherwise.
    """
    read = Usage()
    count_tokens(getattr(completion, "usage", None), read)
    sent = fewest_tokens(wire)
    found = read.input_tokens  # in which cached ones are counted, by all servers but a few
    found += read.cached_tokens if read.cached_tokens > read.input_tokens else 0
    if _SHORTEST_CONTEXT <= found < sent:
        return (found, sent) if sent > known.most_read else None
    known.most_read = max(known.most_read, sent)
    return None


def _wait(state: "RetryCallState") -> float:
    """Twice as long each time, half of it by chance; never less than the server asks for."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, TransientError) else None
    longest = min(_FIRST_WAIT * 2 ** (state.attempt_number - 1), _LONGEST_WAIT)
    return max(asked or 0.0, random.uniform(longest / 2, longest))
