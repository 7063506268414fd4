"""A real HTTP server on 127.0.0.1 that speaks /v1/chat/completions from a script."""

import json
import socket
import struct
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from summariser.concurrency import run_now
from summariser.models.client import Model
from summariser.models.exchange import Answer, Request
from summariser.schema.response import Fill, ResponseSchema

Json = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One scripted reply. `ending` says how the connection ends: as it should, cut after the body, or without one.

    "answered" sends all; "cut" promises more than the body and drops the connection after it; "dropped" drops
    it before the first byte; "silent" says nothing until the server is closed.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    ending: str = "answered"


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request as it came over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Json


OUT_OF_SCRIPT = Reply(status=418, body=b'{"error": {"message": "the script holds no further reply"}}')


class Loopback:
    """The server, as a `with`: replies in order, then `otherwise` for ever. `requests` is what it got so far."""

    def __init__(self, replies: Iterable[Reply] = (), *, otherwise: Reply = OUT_OF_SCRIPT) -> None:
        self.replies = list(replies)
        self.otherwise = otherwise
        self.requests: list[Received] = []
        self.closing = threading.Event()
        self._arrived = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def bodies(self) -> list[Json]:
        """What was asked, request by request."""
        return [request.body for request in self.requests]

    def take(self, request: Received) -> Reply:
        """Record a request; the reply it gets."""
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
            return self.replies.pop(0) if self.replies else self.otherwise

    def wait_for_requests(self, count: int) -> None:
        """Come back once so many requests are here. Raises AssertionError where they do not come."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.requests) >= count, 120), f"no {count} requests came"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@cache
def closed_port() -> int:
    """A port of the loopback interface on which nobody listens, nor ever will: this process holds it until it ends."""
    probe = socket.socket()
    probe.bind(("127.0.0.1", 0))
    port: int = probe.getsockname()[1]
    probe.detach()
    return port


# ── What servers say ─────────────────────────────────────────────────────────────────────────────


def says(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply of that JSON."""
    return Reply(status=status, headers=headers or {}, body=json.dumps(body).encode())


def fails(status: int, message: str = "no", *, headers: Mapping[str, str] | None = None, **error: object) -> Reply:
    """An error as OpenAI words it; `error` holds its param and code."""
    return says({"error": {"message": message, "type": "error", **error}}, status=status, headers=headers)


def answers(
    content: object,
    *,
    finish_reason: str | None = "stop",
    refusal: str | None = None,
    tokens: tuple[int, int, int] | None = (100, 40, 10),
) -> Reply:
    """A chat completion; content that is no text is sent as JSON. `tokens`: read, cached among them, written."""
    return says(completion(content, finish_reason=finish_reason, refusal=refusal, tokens=tokens))


def completion(
    content: object,
    *,
    finish_reason: str | None = "stop",
    refusal: str | None = None,
    tokens: tuple[int, int, int] | None = (100, 40, 10),
) -> Json:
    """The body of a chat completion."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    message = {"role": "assistant", "content": text, "refusal": refusal}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted-1",
        "choices": [{"index": 0, "finish_reason": finish_reason, "message": message}],
        "usage": None if tokens is None else usage(*tokens),
    }


def usage(read: int, cached: int, written: int) -> Json:
    """Tokens as OpenAI counts them."""
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {"cached_tokens": cached},
    }


def chunk(content: str | None = None, *, finish_reason: str | None = None, **more: object) -> Json:
    """One chunk of a streamed completion."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted-1",
        "choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish_reason}],
        **more,
    }


def streams(chunks: Sequence[Json], *, ending: str = "answered", tail: bytes = b"data: [DONE]\n\n") -> Reply:
    """A reply of server-sent events."""
    body = b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in chunks) + tail
    return Reply(headers={"Content-Type": "text/event-stream"}, body=body, ending=ending)


# ── What tests ask, and a time of their own ──────────────────────────────────────────────────────

SCHEMA = ResponseSchema(
    [Fill(part="headline"), Fill(part="parties", fields=("sentences", "name", "kind"), most=5)],
    sentences=3,
)
GOOD: Json = {"headline": "Talks", "parties": [{"sentences": [1], "name": "North Korea", "kind": "state"}]}
BAD: Json = {"headline": "Talks", "parties": [{"sentences": [1], "name": "North Korea", "kind": "country"}]}


def ask(model: Model, request: Request, **more: Any) -> Answer:
    """Return what the model answers, asked without an event loop."""
    return run_now(model.ask(request, **more))


def question(text: str = "[1] Talks.", *, max_output_tokens: int = 50) -> Request:
    """One question about the given text, in SCHEMA."""
    messages = [{"role": "system", "content": "Extract."}, {"role": "user", "content": text}]
    return Request(messages=messages, schema=SCHEMA, max_output_tokens=max_output_tokens)


class Time:
    """A clock that stands still but for `sleep`, which takes none."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def rules(self, model: Model) -> Model:
        """The model, living in this time."""
        model.sleep, model.clock = self.sleep, self.clock
        return model


# ── The server's side ────────────────────────────────────────────────────────────────────────────


def _handler(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._reply()

        def do_POST(self) -> None:
            self._reply()

        def _reply(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = loopback.take(Received(method=self.command, path=self.path, headers=headers, body=body))
            if reply.ending == "silent":
                loopback.closing.wait()
            if reply.ending in ("answered", "cut"):
                self._send(reply)
            if reply.ending != "answered":
                self._drop(reset=reply.ending != "cut")

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            more = 100 if reply.ending == "cut" else 0
            self.send_header("Content-Length", str(len(reply.body) + more))
            self.end_headers()
            with suppress(ConnectionError):  # a client may have heard enough
                self.wfile.write(reply.body)
                self.wfile.flush()

        def _drop(self, *, reset: bool) -> None:
            self.close_connection = True
            if reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, format: str, *args: object) -> None:
            """Tests read `requests`, not a log."""

    return Handler
