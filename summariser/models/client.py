"""Ask a model one question: retry transport errors, validate the answer, and ask again if it is malformed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

from pydantic import BaseModel

from summariser import events, telemetry
from summariser.concurrency import resolved, run_now
from summariser.errors import InvalidOutputError, ModelError, OutputError, RefusedError, TruncatedError
from summariser.models import classification
from summariser.models.capabilities import Known, room_for_answer
from summariser.models.classification import DeferredError, short
from summariser.models.context_limits import fewest_tokens
from summariser.models.exchange import Allowance, Answer, Memory, RateLimiter, Request, Transport, Wire
from summariser.models.responses import CutOffError, plain_content, read_answer, read_content
from summariser.models.retry import retrying
from summariser.models.usage import Usage, count_tokens
from summariser.processes import Compute, here
from summariser.schema.coercion import Deviations, Lenient
from summariser.schema.response import FormSchema, ResponseSchema

if TYPE_CHECKING:
    from summariser.models.exchange import Completion

_ADAPTATIONS = 5  # rejections by a server until a request has the form that it accepts
_MORE_ROOM, _MORE_ROOM_LOCAL = 4, 2  # factors by which the limit rises after an answer was cut off
_SHORTEST_CONTEXT = 256  # tokens
_REASONING_ROOM = 64_000  # tokens of an answer with reasoning; only generated tokens cost


class Connection(NamedTuple):
    """A connection to a provider: its transport, and the function that closes it."""

    transport: Transport
    close: Callable[[], Awaitable[None] | None]


def _nothing() -> None:
    """Do nothing, because there is nothing to close."""


@dataclass(kw_only=True)
class Model:
    """A model that can be asked any number of questions; close it, or use it in a `with`, to free its resources.

    Attributes:
        name: `provider/name`.
        transport: A function that sends the body of a request and returns the provider's answer. It raises ModelError;
            after an AdaptedError it is called again, and after a TransientError it is retried.
        retry_seconds: The time for retries in seconds, from the first attempt.
        sampling: Parameters of every request, such as the temperature.
        context_tokens: The model's context by the settings, or None.
        passage_tokens: The length of the passages in which longer texts are read; None means no passages.
        max_output_tokens: The limit of every answer, instead of the limit of the question; None means the latter.
        price: The share of the published price that is paid.
        known: The known capabilities of the server.
        secrets: The texts that are masked in answers.
        rate_limiter: The rate limiter that every attempt passes through, or None.
        memory: The memory of earlier answers, or None.
        close: Frees the resources of the transport.
        connect: Opens a transport for an event loop; None means that `transport` does not block an event loop.
        verified: True if its claims are verified by default, unless it is local.
        compute: Calls functions that take long: in this process, or in a batch also in worker processes.
        sleep: Waits between two attempts.
        clock: Returns the time in seconds.
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
    rate_limiter: RateLimiter | None = None
    memory: Memory | None = None
    close: Callable[[], Awaitable[None] | None] = _nothing
    connect: Callable[[], Connection] | None = None
    verified: bool = True
    compute: Compute = here
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
        """Return a Model with a connection; `connect` takes True for a connection in an event loop."""
        transport, close = connect(in_event_loop)
        if in_event_loop:
            return Model(transport=transport, close=close, sleep=asyncio.sleep, **fields)
        return Model(transport=transport, close=close, connect=lambda: connect(True), **fields)

    def changed(self, **changes: Any) -> "Model":
        """Return a copy with changed fields; a changed transport is also used in an event loop."""
        if "transport" in changes:
            changes.setdefault("connect", None)
        return Model(**{each.name: getattr(self, each.name) for each in fields(Model)} | changes)

    def in_event_loop(self) -> "Model":
        """Return a copy for a running event loop, with a transport and a sleep that do not block it.

        Close the copy separately.
        """
        transport, close = self.connect() if self.connect is not None else Connection(self.transport, _nothing)
        sleep = asyncio.sleep if self.sleep is time.sleep else self.sleep
        return self.changed(transport=transport, close=close, connect=None, sleep=sleep)

    @property
    def context(self) -> int | None:
        """The model's context in tokens, by the settings or learned from the server; None if it is unknown."""
        return min((each for each in (self.context_tokens, self.known.now.context_tokens) if each), default=None)

    async def ask(
        self,
        request: Request,
        *,
        listener: events.Listener = events.ignore,
        usage: Usage | None = None,
        allowance: Allowance | None = None,
    ) -> Answer:
        """Ask one question and return its validated answer.

        If an answer is cut off, ask once more with a higher limit, unless the setting max_output_tokens names one or
        the answer only repeats itself. If an answer is unusable, or lacks a part, ask once more, in the second case for
        the missing part only. The memory keeps the answers if the question succeeds and
        the server read the whole text.

        Args:
            request: The question.
            listener: Receives the events of the question.
            usage: Updated with the usage of the question, even if this method raises an error.
            allowance: The maximum number of paid calls; updated, even if this method raises an error.

        Raises:
            ProviderError: The provider failed or rejected the request.
            RefusedError: The model or a content filter declined to answer.
            TruncatedError: The answer was cut off, and no part of it is complete.
            InvalidOutputError: The answer is unusable.
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
        """Return one answer of the transport, after as many attempts as necessary.

        Raises:
            ModelError: The last attempt failed.
        """

        async def observed() -> "Completion":
            return await telemetry.observed(self.name, lambda: resolved(self.transport(wire, listener)))

        async def attempt(adaptations: int = _ADAPTATIONS) -> "Completion":
            usage.requests += 1
            try:
                return await (observed() if self.rate_limiter is None else self.rate_limiter.pass_through(observed))
            except classification.AdaptedError:
                if not adaptations:
                    raise
                return await attempt(adaptations - 1)

        completion: Completion = await retrying(self.retry_seconds, listener, sleep=self.sleep, clock=self.clock)(
            attempt
        )
        count_tokens(getattr(completion, "usage", None), usage)
        return completion


@dataclass(frozen=True, kw_only=True)
class _Question:
    """One question in progress, which is asked again if its answer is cut off, unusable or lacks a part."""

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
        """Make one paid call and return its validated answer; raise the errors of `Model.ask`, or CutOffError."""
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
        part = await self._read(completion, request.schema)
        return Answer(
            part=part,
            usage=self.usage,
            finish_reason=getattr(completion.choices[0], "finish_reason", None),
            model=completion.model or model.name,
            deviations=tuple(_deviations(part).sentences()),
            read=_fewer_read(model.known, wire, completion),
        )

    async def _read(self, completion: "Completion", schema: ResponseSchema | FormSchema) -> BaseModel:
        """Return the validated answer in a completion; raise the errors of `read_answer`."""
        model, content = self.model, plain_content(completion)
        if model.compute is not here and content is not None and not getattr(schema, "keys", None):
            with suppress(ModelError):
                return await model.compute(read_content, content, schema, model.secrets)
        return read_answer(completion, schema.validator, secrets=model.secrets)

    async def _completion(self, wire: Wire) -> "Completion":
        """Return the answer to a request from the memory, else from the provider."""
        remembered = self.model.memory.recall(wire) if self.model.memory is not None else None
        if remembered is not None:
            self.usage.requests += 1
            count_tokens(getattr(remembered, "usage", None), self.usage)
            return remembered
        completion = await self.model.send(wire, self.listener, self.usage)
        self.answered.append((wire, completion))
        return completion

    async def answer(self) -> Answer:
        """Return the answer; raise the errors of `Model.ask`, or CutOffError."""
        try:
            answer = await self._once(self.request, self._limit)
        except CutOffError as cut_off:
            answer = await self._with_more_room(cut_off)
        except InvalidOutputError as misfit:
            if not self.allowance.left:
                raise
            self._say("The answer was unusable; asking once more.")
            return _with_failure(await self._once(self.request.again(short(str(misfit))), self._limit))
        halves_may_follow = answer.failure is not None and self.allowance.left > 1
        if _deviations(answer.part).missing and self.allowance.left and not halves_may_follow:
            answer = await self._with_missing_parts(answer)
        return _with_failure(answer)

    async def _with_more_room(self, cut_off: CutOffError) -> Answer:
        """Ask again with a higher limit; if that is impossible or fails, return the complete items of the answer."""
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
        """Return a higher limit for an answer that was cut off, or None if no higher limit is possible."""
        if cut_off.endless or self.model.max_output_tokens is not None:
            return None
        more = self._limit * (_MORE_ROOM_LOCAL if self.model.name.startswith("local/") else _MORE_ROOM)
        if cut_off.empty:
            more = max(more, _REASONING_ROOM)
        self.model.known.question_output_limit()  # the server may have raised it since the earlier run
        wire = {"messages": self.request.messages, "response_format": self.request.response_format}
        known = self.model.known.now.model_copy(update={"context_tokens": self.model.context})
        more = min(more, room_for_answer(wire, known))
        return more if more > self._limit else None

    async def _with_missing_parts(self, answer: Answer) -> Answer:
        """Ask for the missing parts only, and return the answer with those that the model gave."""
        missing = _deviations(answer.part).missing
        self._say(f"The answer lacked {', '.join(missing)}; asking once more for the missing part only.")
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
    """Return the answer; set its `failure` if it lacks a part."""
    missing = _deviations(answer.part).missing
    if not missing or answer.failure is not None:
        return answer
    named, why = ", ".join(missing), "; ".join(dict.fromkeys(missing.values()))
    failure = InvalidOutputError(f"The model gave no usable {named} ({why}); try another model or prompt.")
    return replace(answer, failure=failure)


def _deviations(part: BaseModel) -> Deviations:
    return part.deviations if isinstance(part, Lenient) else Deviations()


def _fewer_read(known: Known, wire: Wire, completion: "Completion") -> tuple[int, int] | None:
    """Return the number of tokens that the server read, and the least number that was sent; None if it read them all.

    Tokens from the server's cache count as read. Counts below the context of every server are ignored, and so are
    counts of a server that has read a request of this length before, because it counts differently.
    """
    read = Usage()
    count_tokens(getattr(completion, "usage", None), read)
    sent = fewest_tokens(wire)
    found = read.input_tokens  # almost all servers include cached tokens
    found += read.cached_tokens if read.cached_tokens > read.input_tokens else 0
    if _SHORTEST_CONTEXT <= found < sent:
        return (found, sent) if sent > known.most_read else None
    known.most_read = max(known.most_read, sent)
    return None
