"""A server in a process of its own that gives the recorded answers of a large model to the suite's documents.

`python -m tests.benchmarks.recorded_server brief@3 --latency 1` prints its port. It takes the answer by the last line
of the document, which `real.documents` writes, and does not read the rest of a request, so that it uses little CPU.
GET /stats gives as JSON how many requests it answered, and how much CPU it used.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path

from summariser.evals.recordings import folder_of, load
from tests.conftest import ROOT

MODEL = "openai/claude"
MARK = "Filed as copy "
_RECORDINGS = ROOT / "evals" / "recordings"


def answers(prompt: str) -> dict[str, str]:
    """The recorded answer of each case."""
    found = {}
    for folder in sorted(folder_of(_RECORDINGS, prompt, MODEL).iterdir()):
        (recording,) = load(folder).values()
        found[folder.name] = recording.answer["choices"][0]["message"]["content"]
    return found


def text_of(case: str) -> str:
    """The document of a case."""
    article = ROOT / "evals" / "gold" / case / "article.txt"
    path: Path = article if article.exists() else next((ROOT / "seeds").glob("*.txt"))
    return path.read_text("utf-8").rstrip()


class _Server(asyncio.Protocol):
    """One connection."""

    def __init__(self, replies: dict[bytes, bytes], latency: float, answered: Counter[bytes]) -> None:
        self._replies, self._latency, self._answered = replies, latency, answered
        self._received, self._expected = bytearray(), 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._expected:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._received[:end]).lower()
            length = head.partition(b"content-length:")[2].partition(b"\r")[0]
            self._expected = end + 4 + int(length or b"0")
        if len(self._received) < self._expected:
            return
        request, self._received, self._expected = bytes(self._received), bytearray(), 0
        if request.startswith(b"GET"):
            stats = {"requests": self._answered.total(), "texts": len(self._answered), "cpu": time.process_time()}
            self._transport.write(_reply(json.dumps(stats).encode()))
            return
        start = request.rfind(MARK.encode()) + len(MARK)
        number, _, case = request[start : request.find(b".", start)].partition(b" of ")
        self._answered[number + case] += 1
        asyncio.get_running_loop().call_later(self._latency, self._send, self._replies[case])

    def _send(self, reply: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(reply)


def _reply(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _completion(content: str) -> bytes:
    usage = {"prompt_tokens": 5000, "completion_tokens": len(content) // 4, "total_tokens": 5000 + len(content) // 4}
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
    body = {"id": "1", "object": "chat.completion", "created": 0, "model": "x", "choices": [choice], "usage": usage}
    return json.dumps(body, ensure_ascii=False).encode()


async def _serve(prompt: str, latency: float) -> None:
    replies = {case.encode(): _reply(_completion(answer)) for case, answer in answers(prompt).items()}
    answered: Counter[bytes] = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Server(replies, latency, answered), "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("prompt")
    parser.add_argument("--latency", type=float, default=0.0)
    given = parser.parse_args()
    asyncio.run(_serve(given.prompt, given.latency))
