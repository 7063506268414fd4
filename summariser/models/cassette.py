"""Recorded requests and answers as plain JSON, and the transports that record and replay them."""

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from summariser import events
from summariser.concurrency import resolved
from summariser.models.exchange import Transport, Wire

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

Json = dict[str, Any]


def request_of(model: str, wire: Wire, draw: int) -> Json:
    """Return a request in its recorded form, which has no API key and no other header.

    Args:
        model: The name of the model, as provider/name.
        wire: The body of the request.
        draw: The number of the draw, if the same request is sent several times.
    """
    return {"model": model, "draw": draw, "wire": wire}


def request_key(request: Json) -> str:
    """Return the SHA-256 of a recorded request in canonical JSON; every difference gives another key."""
    canonical = json.dumps(request, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def answer_of(completion: "ChatCompletion") -> Json:
    """Return an answer in its recorded form, without its id and time."""
    return completion.model_dump(mode="json", exclude_none=True, exclude={"id", "created"}, warnings=False)


def completion_of(answer: Json) -> "ChatCompletion":
    """Return a recorded answer as a chat completion, without validation, because servers' answers may have any form."""
    from openai.types.chat import ChatCompletion

    return ChatCompletion.construct(None, **{"id": "recorded", "created": 0, **answer})


def repeating(model: str, draw: int, find: Callable[[Json], Json]) -> Transport:
    """Return a transport whose answers come from `find`, which takes a recorded request and may raise errors."""

    def transport(wire: Wire, listener: events.Listener) -> "ChatCompletion":
        return completion_of(find(request_of(model, wire, draw)))

    return transport


def keeping(model: str, draw: int, transport: Transport, keep: Callable[[Json, Json], None]) -> Transport:
    """Return a transport that passes every request and its answer, in their recorded form, to `keep`."""

    async def recorded(wire: Wire, listener: events.Listener) -> "ChatCompletion":
        completion = await resolved(transport(wire, listener))
        keep(request_of(model, wire, draw), answer_of(completion))
        return completion

    return recorded
