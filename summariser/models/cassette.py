"""Requests and answers as plain JSON: what is recorded of them, and the transports that record and repeat."""

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
    """Return a request as it is recorded: who is asked, which draw of several this is, and all that goes over the wire.

    No key is in it, nor any other header.
    """
    return {"model": model, "draw": draw, "wire": wire}


def key(request: Json) -> str:
    """Return the SHA-256 of a request in canonical JSON: whatever is asked differently is another request."""
    canonical = json.dumps(request, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def answer_of(completion: "ChatCompletion") -> Json:
    """Return an answer as it is recorded: without what differs each time."""
    return completion.model_dump(mode="json", exclude_none=True, exclude={"id", "created"}, warnings=False)


def completion_of(answer: Json) -> "ChatCompletion":
    """Return a recorded answer as the SDK reads it: servers' answers may have any form."""
    from openai.types.chat import ChatCompletion

    return ChatCompletion.construct(None, **{"id": "recorded", "created": 0, **answer})


def repeating(model: str, draw: int, find: Callable[[Json], Json]) -> Transport:
    """Return a transport that gives the answer `find` has for a request; what `find` raises is raised."""

    def transport(wire: Wire, listener: events.Listener) -> "ChatCompletion":
        return completion_of(find(request_of(model, wire, draw)))

    return transport


def keeping(model: str, draw: int, transport: Transport, keep: Callable[[Json, Json], None]) -> Transport:
    """Return the transport, with every request and its answer, as JSON, handed to `keep`."""

    async def kept(wire: Wire, listener: events.Listener) -> "ChatCompletion":
        completion = await resolved(transport(wire, listener))
        keep(request_of(model, wire, draw), answer_of(completion))
        return completion

    return kept
