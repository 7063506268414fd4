"""The application of docs/web-service.md, taken from the page and run on loopback by a small ASGI server."""

import ast
import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Self

import httpx2
import pytest

from summariser.errors import ConfigurationError
from tests.conftest import ROOT
from tests.loopback import Loopback, Reply, answers, fails
from tests.test_cancelling import Silent
from tests.test_pipeline import ANSWER, TEXT

PAGE = ROOT / "docs" / "web-service.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8") if PAGE.exists() else "", re.DOTALL)
pytestmark = pytest.mark.skipif(not EXAMPLES, reason="the pages are not part of the installed package")

App = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


class Server:
    """An ASGI server for one application, as an `async with`: the lifespan, and one request a connection."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"

    async def __aenter__(self) -> Self:
        self._events: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._said: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        living = self._app({"type": "lifespan"}, self._events.get, self._said.put)
        self._lifespan = asyncio.ensure_future(living)
        await self._events.put({"type": "lifespan.startup"})
        assert (await self._said.get())["type"] == "lifespan.startup.complete"
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.gather(*self._tasks)
        await self._events.put({"type": "lifespan.shutdown"})
        assert (await self._said.get())["type"] == "lifespan.shutdown.complete"
        await self._lifespan

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(re.findall(r"(?i)content-length: (\d+)", head)[0]) if "ength" in head else 0
        body: list[bytes] = [await reader.readexactly(length)]

        async def receive() -> dict[str, object]:
            if body:
                return {"type": "http.request", "body": body.pop(), "more_body": False}
            await reader.read()  # until the client is gone
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                named = "".join(f"{name.decode()}: {value.decode()}\r\n" for name, value in message["headers"])
                writer.write(f"HTTP/1.1 {message['status']} X\r\n{named}connection: close\r\n\r\n".encode())
            else:
                writer.write(message["body"])

        await self._app({"type": "http", "method": head.partition(" ")[0]}, receive, send)
        writer.close()


def service() -> dict[str, Any]:
    """The names of the page's application."""
    names: dict[str, Any] = {}
    exec(compile(EXAMPLES[0], "service.py", "exec"), names)  # noqa: S102  # the page's
    return names


async def post(url: str, text: str | bytes = TEXT) -> httpx2.Response:
    async with httpx2.AsyncClient(timeout=120, trust_env=False) as client:
        return await client.post(url, content=text)


def run(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    model: str,
    work: Callable[[Server, dict[str, Any]], Coroutine[Any, Any, None]],
) -> None:
    """Run the application over a model's server, in a folder, and do some work with it."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("OPENAI_BASE_URL", model)
    monkeypatch.setenv("SUMMARISER_RETRY_SECONDS", "0")
    names = service()

    async def main() -> None:
        async with Server(names["app"]) as server:
            await work(server, names)

    asyncio.run(main())


def test_a_report_is_summarised_and_the_second_time_taken_from_the_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    async def work(server: Server, names: dict[str, Any]) -> None:
        first, second = await post(server.url), await post(server.url)
        assert (first.status_code, first.json()["headline"]) == (200, ANSWER["headline"])
        assert second.json() == first.json()

    with Loopback([answers(ANSWER)]) as model:
        run(monkeypatch, tmp_path, model.url, work)
        assert [body["model"] for body in model.bodies] == ["gpt-5-mini"]
    assert not list((tmp_path / "summaries.sqlite.owners").glob("[0-9a-f]*"))  # the store was closed


def test_requests_are_served_while_a_model_answers_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    async def work(server: Server, names: dict[str, Any]) -> None:
        waiting = asyncio.ensure_future(post(server.url))
        await model.has(model.arrived)
        assert (await post(server.url, " ")).status_code == 422
        waiting.cancel()

    with Silent() as model:
        run(monkeypatch, tmp_path, model.url, work)


@pytest.mark.parametrize(
    ("text", "reply", "status", "says"),
    [
        ("", answers(ANSWER), 422, "empty"),
        (b"\xff", answers(ANSWER), 400, "in UTF-8"),
        ("a" * 200_001, answers(ANSWER), 400, "at most 200,000 bytes"),
        (TEXT, fails(401), 502, "set OPENAI_API_KEY to a valid key"),
        (TEXT, fails(503), 503, "try again later"),
    ],
)
def test_what_cannot_be_summarised_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, text: str | bytes, reply: Reply, status: int, says: str
):
    async def work(server: Server, names: dict[str, Any]) -> None:
        answer = await post(server.url, text)
        assert (answer.status_code, says in answer.json()["error"]) == (status, True)

    with Loopback(otherwise=reply) as model:
        run(monkeypatch, tmp_path, model.url, work)


def test_a_client_that_leaves_ends_the_call_to_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    async def work(server: Server, names: dict[str, Any]) -> None:
        task = asyncio.ensure_future(post(server.url))
        await model.has(model.arrived)
        task.cancel()
        await model.has(model.ended)

    with Silent() as model:
        run(monkeypatch, tmp_path, model.url, work)


def test_a_request_that_takes_too_long_ends_the_call_to_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    async def work(server: Server, names: dict[str, Any]) -> None:
        seconds = names["SECONDS"]
        names["SECONDS"] = 0.0
        assert (await post(server.url)).status_code == 504
        names["SECONDS"] = seconds

    with Silent() as model:
        run(monkeypatch, tmp_path, model.url, work)


def test_after_the_shutdown_nothing_is_summarised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    kept: list[Any] = []

    async def work(server: Server, names: dict[str, Any]) -> None:
        kept.append(names["app"].summariser)

    with Loopback() as model:
        run(monkeypatch, tmp_path, model.url, work)
    with pytest.raises(ConfigurationError, match="closed; open another"):
        asyncio.run(kept[0].summarise(TEXT))


def test_every_example_of_the_page_is_python_and_imports_what_there_is():
    import summariser

    for example in EXAMPLES:
        for node in ast.walk(ast.parse(example)):
            if isinstance(node, ast.ImportFrom) and node.module == "summariser":
                assert {name.name for name in node.names} <= set(summariser.__all__)
