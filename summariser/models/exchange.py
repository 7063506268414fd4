"""Exchange: what is asked of a model, what comes back, and the functions that stand between the two."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pydantic import BaseModel

from summariser import events
from summariser.errors import ModelError
from summariser.models.usage import Usage
from summariser.schema.response import FormSchema, ResponseSchema

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

    Completion: TypeAlias = ChatCompletion  # a provider's answer, by whatever way it came

Wire = dict[str, Any]
"""A request as it goes over the wire: the body of a chat completion."""

Transport = Callable[[Wire, events.Listener], "Completion | Awaitable[Completion]"]
"""The protocol of every provider: a request to the provider's answer as a chat completion.

A plain function serves in threads; one that waits in an event loop is asynchronous. It raises ModelError; after an
AdaptedError it is called again, a TransientError is retried.
"""

MOST_CALLS = 3
"""How many paid calls one question takes at most."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One question: chat messages, the shape of the answer, and its limit in tokens."""

    messages: Sequence[Mapping[str, str]]
    shape: ResponseSchema | FormSchema
    max_output_tokens: int

    def again(self, why: str, parts: Sequence[str] = ()) -> "Request":
        """Return the same question after an answer that could not be used, or about those parts of it alone."""
        asked = f"An answer to this could not be used ({why})."
        shape = self.shape
        if parts and isinstance(shape, ResponseSchema):
            shape = shape.narrowed(parts)
            asked = f"An answer to this lacked {', '.join(parts)} ({why}). Give only that."
        *before, last = self.messages
        messages = [*before, {**last, "content": f"{last['content']}\n\n{asked} Answer with one JSON object alone."}]
        return replace(self, messages=messages, shape=shape)

    @property
    def response_format(self) -> Wire:
        """The shape as it goes over the wire."""
        return {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": self.shape.wire}}


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

    async def pass_through(self, attempt: "Callable[[], Awaitable[Completion]]") -> "Completion":
        """Return what the attempt gives."""

    async def sleep(self, seconds: float) -> None:
        """Wait between two attempts."""


class Memory(Protocol):
    """What remembers the answers of one model."""

    def recall(self, wire: Wire) -> "Completion | None":
        """Return the answer to the same request from before; None where there is none."""

    def keep(self, answered: "Sequence[tuple[Wire, Completion]]") -> None:
        """Keep the answers that led to one that can be used."""
