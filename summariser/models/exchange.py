"""Requests to a model, its answers, and the protocols of transports, rate limiters and memories."""

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

    Completion: TypeAlias = ChatCompletion  # a provider's answer, from any transport

Wire = dict[str, Any]
"""The body of a request for a chat completion."""

Transport = Callable[[Wire, events.Listener], "Completion | Awaitable[Completion]"]
"""The protocol of every provider: a function from a request to the provider's answer as a chat completion.

It is a plain function for threads and may be asynchronous for an event loop. It raises ModelError; after an
AdaptedError it is called again, and after a TransientError it is retried.
"""

MOST_CALLS = 3
"""The maximum number of paid calls of one question."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One question: chat messages, the schema of the answer, and its limit in tokens."""

    messages: Sequence[Mapping[str, str]]
    schema: ResponseSchema | FormSchema
    max_output_tokens: int

    def again(self, why: str, parts: Sequence[str] = ()) -> "Request":
        """Return the question to ask after an unusable answer.

        Args:
            why: The reason why the answer was unusable.
            parts: The parts to ask for; none means all parts.
        """
        asked = f"An answer to this could not be used ({why})."
        schema = self.schema
        if parts and isinstance(schema, ResponseSchema):
            schema = schema.narrowed(parts)
            asked = f"An answer to this lacked {', '.join(parts)} ({why}). Give only that."
        *before, last = self.messages
        messages = [*before, {**last, "content": f"{last['content']}\n\n{asked} Answer with one JSON object alone."}]
        return replace(self, messages=messages, schema=schema)

    @property
    def response_format(self) -> Wire:
        """The schema of the answer as a field of the request."""
        return {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": self.schema.wire}}


@dataclass
class Allowance:
    """The number of paid calls that are left to a question, its halves included."""

    left: int = MOST_CALLS


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to a question.

    Attributes:
        part: The validated part of the Draft.
        usage: The usage of the question.
        finish_reason: The reason why the model stopped, in the provider's term.
        model: The name of the model as the provider reports it.
        deviations: The codes and sentences of warnings about the answer.
        failure: The error because of which a part of the answer is missing, or None.
        read: If the server read fewer tokens than were sent, the number that it read and the least number that was
            sent; else None.
    """

    part: BaseModel
    usage: Usage
    finish_reason: str | None
    model: str
    deviations: tuple[tuple[str, str], ...] = ()
    failure: ModelError | None = None
    read: tuple[int, int] | None = None


class RateLimiter(Protocol):
    """The protocol of rate limiters: they may delay an attempt to call a provider, and observe its outcome."""

    async def pass_through(self, attempt: "Callable[[], Awaitable[Completion]]") -> "Completion":
        """Make the attempt and return its answer."""

    async def sleep(self, seconds: float) -> None:
        """Wait between two attempts."""


class Memory(Protocol):
    """The protocol of memories, which keep the answers of one model."""

    def recall(self, wire: Wire) -> "Completion | None":
        """Return the earlier answer to the same request, or None."""

    def keep(self, answered: "Sequence[tuple[Wire, Completion]]") -> None:
        """Keep the answers of a question that succeeded."""
