"""A provider in a process of its own, on 127.0.0.1: fixed latency, failures by chance, and a count of everything.

`python -m tests.provider --latency 1 --failing` prints its port. POST /v1/chat/completions answers what the schema
wants, empty; /v1/files and /v1/batches do the same with many at once, done at the so-manieth look (`--looks`). GET
/stats gives as JSON what it answered: requests, calls of any kind, tokens, and for each text how often it was answered.
`--without` names what it does not take in a request, `--ending` how its batches end; with `--prose` every question is
answered in prose before it is asked again.
"""

import argparse
import asyncio
import hashlib
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass, field

Json = dict[str, object]
_WEATHER = (
    ("429", 0.10), ("500", 0.05), ("dropped", 0.02), ("hanging", 0.02), ("truncated", 0.02), ("no json", 0.02),
    ("refused", 0.01),
)  # fmt: skip


@dataclass
class Provider:
    """What the server is to do, and what it has done."""

    latency: float = 0.0
    failing: bool = False
    seed: int = 0
    looks: int = 2
    without: str = ""
    ending: str = "completed"
    prose: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, Json] = field(default_factory=dict)
    deleted: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def trouble(self) -> str:
        """What goes wrong with the next request, mostly nothing."""
        if not self.failing:
            return ""
        at = self._random.random()
        for name, share in _WEATHER:
            at -= share
            if at < 0:
                return name
        return ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; False where the connection ends."""
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.casefold(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        method, path, _ = lines[0].split(" ")
        self.calls += path != "/stats"
        if "chat/completions" not in path:
            await self._send(writer, *self._managed(method, path.partition("?")[0], body))
            return True
        self.requests += 1
        if self.latency:
            await asyncio.sleep(self.latency)
        return await self._answer(json.loads(body), writer)

    async def _answer(self, asked: Json, writer: asyncio.StreamWriter) -> bool:
        trouble = self.trouble()
        self.injected[trouble] += bool(trouble)
        if trouble == "dropped":
            return False
        if trouble == "hanging":
            await asyncio.sleep(3600)
            return False
        if self.without and self.without in asked:
            await self._send(writer, 400, self._untaken())
            return True
        if trouble in ("429", "500"):
            after = {"retry-after": "0"} if trouble == "429" else {}
            await self._send(writer, int(trouble), {"error": {"message": trouble}}, after)
            return True
        await self._send(writer, 200, self._completion(asked, trouble))
        return True

    def _untaken(self) -> Json:
        return {"error": {"message": f"Unsupported parameter: {self.without}", "param": self.without}}

    def _managed(self, method: str, path: str, body: bytes) -> tuple[int, Json | bytes]:
        """The answer to what is no request for a completion: status and body."""
        match [method, *path.strip("/").split("/")]:
            case ["GET", "stats"]:
                return 200, self.stats()
            case ["POST", "v1", "files"]:
                return 200, self._uploaded(body)
            case ["GET", "v1", "files", name, "content"] if name in self.files:
                return 200, self.files[name]
            case ["DELETE", "v1", "files", name] if name in self.files:
                del self.files[name]
                self.deleted += 1
                return 200, {"id": name, "object": "file", "deleted": True}
            case ["POST", "v1", "batches"]:
                return 200, self._begun(json.loads(body))
            case ["GET", "v1", "batches"]:
                return 200, {"object": "list", "data": list(self.batches.values()), "has_more": False}
            case ["GET", "v1", "batches", name] if name in self.batches:
                return 200, self._looked_at(self.batches[name])
        return 404, {"error": {"message": f"no {path}"}}

    def _uploaded(self, body: bytes) -> Json:
        """Keep the file in a multipart body: the part that has a name for it."""
        boundary = body[: body.index(b"\r\n")]
        part = next(each for each in body.split(boundary) if b"filename=" in each[:300])
        return self._file(part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n"))

    def _file(self, content: bytes) -> Json:
        name = f"file-{len(self.files) + self.deleted}"
        self.files[name] = content
        about = {"bytes": len(content), "created_at": 0, "filename": "x", "purpose": "batch", "status": "processed"}
        return {"id": name, "object": "file", **about}

    def _begun(self, asked: Json) -> Json:
        name = f"batch-{len(self.batches)}"
        total = self.files[str(asked["input_file_id"])].count(b"\n")
        counts = {"total": total, "completed": 0, "failed": 0}
        state = {"status": "in_progress", "created_at": 0, "request_counts": counts, "looks": self.looks}
        self.batches[name] = {"id": name, "object": "batch", **asked, **state}
        return self.batches[name]

    def _looked_at(self, batch: Json) -> Json:
        """A batch, one look older; at the last it is done."""
        batch["looks"] -= 1  # type: ignore[operator]
        if batch["status"] == "in_progress" and batch["looks"] <= 0:  # type: ignore[operator]
            rows = [json.loads(line) for line in self.files[str(batch["input_file_id"])].splitlines()]
            if self.ending == "failed":
                batch["errors"] = {"object": "list", "data": [{"code": "limit", "message": "too many tokens"}]}
                rows = []
            done = [found for row in rows if (found := self._done(row)) is not None]
            good, bad = ([row for row in done if ok(row) is wanted] for wanted in (True, False))
            for name, some in (("output_file_id", good), ("error_file_id", bad)):
                if some:
                    batch[name] = self._file(b"".join(json.dumps(row).encode() + b"\n" for row in some))["id"]
            batch["request_counts"] = {"total": len(rows), "completed": len(good), "failed": len(bad)}
            batch["status"] = self.ending
        return batch

    def _done(self, row: Json) -> Json | None:
        """What a line of a batch brings back, if anything."""
        self.requests += 1
        trouble = self.trouble()
        self.injected[trouble] += bool(trouble)
        named = {"id": "r", "custom_id": row["custom_id"], "error": None, "response": None}
        if trouble == "dropped":
            return None
        if trouble == "hanging":
            return {**named, "error": {"code": "batch_expired", "message": "not done in time"}}
        status, body = (int(trouble), {"error": {"message": trouble}}) if trouble in ("429", "500") else (200, None)
        if self.without and self.without in row["body"]:  # type: ignore[operator]
            status, body = 400, self._untaken()
        body = body or self._completion(row["body"], trouble)  # type: ignore[arg-type]
        return {**named, "response": {"status_code": status, "request_id": "1", "body": body}}

    def _completion(self, asked: Json, trouble: str) -> Json:
        text = asked["messages"][-1]["content"]  # type: ignore[index]
        read, wrote = len(text) // 4, 20
        self.answered[hashlib.sha256(text.encode()).hexdigest()] += 1
        self.input_tokens, self.output_tokens = self.input_tokens + read, self.output_tokens + wrote
        content = json.dumps(empty(asked))
        message: Json = {"role": "assistant", "content": content}
        first = self.prose and len(asked["messages"]) == 2  # type: ignore[arg-type]
        if trouble == "no json" or first:
            message["content"] = "I would rather tell you in prose."
        if trouble == "truncated":
            message["content"] = content[: len(content) // 2]
        if trouble == "refused":
            message |= {"content": None, "refusal": "I cannot help with that."}
        finish = "length" if trouble == "truncated" else "stop"
        usage = {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}
        choice = {"index": 0, "finish_reason": finish, "message": message}
        return {"id": "1", "object": "chat.completion", "created": 0, "model": "x", "choices": [choice], "usage": usage}

    async def _send(
        self, writer: asyncio.StreamWriter, status: int, body: Json | bytes, headers: dict[str, str] | None = None
    ) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{more}content-length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)
        await writer.drain()

    def stats(self) -> Json:
        """What was done so far."""
        return {
            "requests": self.requests,
            "calls": self.calls,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "injected": dict(self.injected),
            "answered": dict(self.answered),
            "batches": [batch["status"] for batch in self.batches.values()],
            "files": len(self.files),
        }


def ok(row: Json) -> bool:
    """Whether a row of a batch is an answer."""
    return bool(row["response"]) and row["response"]["status_code"] == 200  # type: ignore[index]


def empty(asked: Json) -> Json:
    """An answer that fits the schema asked for and says nothing."""
    schema = asked.get("response_format", {}).get("json_schema", {}).get("schema", {})  # type: ignore[union-attr]
    return {part: [] if kind.get("type") == "array" else "x" for part, kind in schema.get("properties", {}).items()}


async def _main(provider: Provider) -> None:
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0, limit=2**24)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--failing", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--looks", type=int, default=2)
    parser.add_argument("--without", default="")
    parser.add_argument("--prose", action="store_true")
    parser.add_argument("--ending", default="completed")
    asyncio.run(_main(Provider(**vars(parser.parse_args()))))
