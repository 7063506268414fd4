"""Transports that keep or repeat what goes through them: requests and answers as plain JSON."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from openai.types.chat import ChatCompletion

from summariser import events
from summariser.models.client import Transport, Wire

Json = dict[str, Any]


def request_of(model: str, wire: Wire, draw: int) -> Json:
    """A request as it is recorded: who is asked, which draw of several this is, and all that goes over the wire."""
    return {"model": model, "draw": draw, "wire": wire}


def key(request: Json) -> str:
    """The SHA-256 of a request in canonical JSON: whatever is asked differently is another request."""
    canonical = json.dumps(request, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def repeating(model: str, draw: int, find: Callable[[Json], Json]) -> Transport:
    """A transport that gives the answer `find` has for a request; what `find` raises is raised."""

    def transport(wire: Wire, listener: events.Listener) -> ChatCompletion:
        found = {"id": "recorded", "created": 0, **find(request_of(model, wire, draw))}
        return ChatCompletion.construct(None, **found)  # as the SDK reads it: servers' answers may have any form

    return transport


def keeping(model: str, draw: int, transport: Transport, keep: Callable[[Json, Json], None]) -> Transport:
    """The transport, with every request and its answer, as JSON, handed to `keep`."""

    def kept(wire: Wire, listener: events.Listener) -> ChatCompletion:
        answer = transport(wire, listener)
        keep(
            request_of(model, wire, draw),
            answer.model_dump(mode="json", exclude_none=True, exclude={"id", "created"}, warnings=False),
        )
        return answer

    return kept
