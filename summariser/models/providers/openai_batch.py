"""OpenAI's Batch API: many requests in one file, answered within a day at half price."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final, NamedTuple, TypeVar

import httpx2
import openai
from openai.types import Batch, CompletionUsage

from summariser import events
from summariser.concurrency import run_now
from summariser.errors import ProviderError, TransientError
from summariser.models.classification import DeferredError
from summariser.models.exchange import Wire
from summariser.models.providers.openai import ErrorMessages
from summariser.models.retry import retrying
from summariser.models.usage import Usage, count_tokens

Json = dict[str, Any]
PRICE = 0.5  # the share of the published price, by OpenAI's guide to its Batch API
MOST_REQUESTS, MOST_BYTES = 50_000, 190_000_000  # of one batch, by the same guide: 50,000 requests and 200 MB
_ENDPOINT: Final = "/v1/chat/completions"
_TOKEN = "summariser"  # noqa: S105  # the name of a batch's token in its metadata
_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
_T = TypeVar("_T")


class Reply(NamedTuple):
    """The reply to a request: HTTP status and body."""

    status: int
    body: Json


Find = Callable[[Json], Reply | None]


class BatchInbox(httpx2.BaseTransport):
    """An HTTP transport for deferred answers: it returns the replies from `find`, or raises DeferredError."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._live: openai.OpenAI | None = None

    def client(self) -> httpx2.Client:
        """Return an HTTP client that uses this transport."""
        return httpx2.Client(transport=self)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the reply to a request for a completion.

        Raises:
            DeferredError: The reply has not arrived.
        """
        body = json.loads(request.read())
        reply = self._find(body) if self._live is None else _asked(self._live, body)
        if reply is None:
            raise DeferredError("The answer comes with a batch; run the same again later.")
        return httpx2.Response(reply.status, json=reply.body, request=request)

    def through(self, live: openai.OpenAI, work: Callable[[], object]) -> None:
        """Call `work` while requests are sent at once, with the client `live`."""
        self._live = live
        try:
            work()
        finally:
            self._live = None


def _asked(live: openai.OpenAI, body: Json) -> Reply:
    try:
        answer = live.post("/chat/completions", body=body, cast_to=httpx2.Response)
    except openai.APIStatusError as error:
        return Reply(error.status_code, {"error": error.body})
    return Reply(answer.status_code, answer.json())


@dataclass(frozen=True, kw_only=True)
class State:
    """The state of a batch.

    Attributes:
        ended: The final status, or None while the batch is in progress.
        answered: The number of requests that have a reply.
        of: The number of all requests.
        why: The errors of the batch, or "".
        files: The ids of the files with replies.
        input_file: The id of the file with requests.
    """

    ended: str | None
    answered: int
    of: int
    why: str
    files: tuple[str, ...]
    input_file: str


class BatchAPI:
    """The Batch API of one server.

    All methods raise ModelError. All but `state_of` and `replies` retry transient errors.
    """

    def __init__(
        self,
        client: openai.OpenAI,
        inbox: BatchInbox,
        wording: ErrorMessages,
        *,
        retry_seconds: float,
        listener: events.Listener = events.ignore,
    ) -> None:
        self._client, self._inbox, self._wording = client, inbox, wording
        self._retry_seconds, self._listener = retry_seconds, listener

    def try_out(self, send: Callable[[], object]) -> None:
        """Call `send` with requests sent at once, at full price, to learn what the server accepts before a batch."""
        self._retried(lambda: self._inbox.through(self._client, send))

    def submit(self, lines: IO[bytes], token: str) -> str:
        """Submit a batch and return its id.

        Args:
            lines: The file of requests, as `line` writes them.
            token: Identifies the batch: after an interruption, an existing batch with this token is used.
        """

        def upload() -> str:
            lines.seek(0)
            return self._client.files.create(file=(f"{token}.jsonl", lines), purpose="batch").id

        def create() -> str:
            found = self.find(token) if tried else None
            tried.append(token)
            about = {_TOKEN: token}
            return (
                found
                or self._client.batches.create(
                    input_file_id=file, endpoint=_ENDPOINT, completion_window="24h", metadata=about
                ).id
            )

        tried: list[str] = []
        file = self._retried(upload)
        try:
            return self._retried(create)
        except TransientError:  # the batch may exist nevertheless
            raise
        except ProviderError:
            self._delete(file)
            raise

    def find(self, token: str) -> str | None:
        """Return the id of the batch with a token, or None."""

        def retrieve() -> str | None:
            found = (b.id for b in self._client.batches.list(limit=100) if (b.metadata or {}).get(_TOKEN) == token)
            return next(found, None)

        return self._retried(retrieve)

    def state_of(self, id: str) -> State:
        """Return the state of a batch, without retries."""
        batch: Batch = self._called(lambda: self._client.batches.retrieve(id))
        counts, errors = batch.request_counts, (batch.errors and batch.errors.data) or []
        return State(
            ended=batch.status if batch.status in _ENDED else None,
            answered=counts.completed + counts.failed if counts else 0,
            of=counts.total if counts else 0,
            why="; ".join(dict.fromkeys(e.message for e in errors if e.message)),
            files=tuple(filter(None, (batch.output_file_id, batch.error_file_id))),
            input_file=batch.input_file_id,
        )

    def replies(self, state: State) -> Iterator[tuple[str, Reply]]:
        """Yield the replies of a batch that has ended, each with the key that `line` wrote."""
        for file in state.files:
            yield from self._lines_of(file)

    def _lines_of(self, file: str) -> Iterator[tuple[str, Reply]]:
        try:
            with self._client.files.with_streaming_response.content(file) as content:
                for text in content.iter_lines():
                    if found := _reply(text):
                        yield found
        except (openai.OpenAIError, httpx2.HTTPError, ValueError) as error:
            raise self._wording.error(error) from None

    def discard(self, state: State) -> None:
        """Delete the files of a batch, so that the server keeps no texts. If that fails, tell the listener."""
        for file in (state.input_file, *state.files):
            self._delete(file)

    def _delete(self, file: str) -> None:
        try:
            self._retried(lambda: self._client.files.delete(file))
        except ProviderError as error:
            if error.status != 404:
                told = f"The file {file} could not be deleted at the provider ({error}); it expires after 30 days."
                self._listener(events.Note(told))

    def _retried(self, work: Callable[[], _T]) -> _T:
        async def called() -> _T:
            return self._called(work)

        return run_now(retrying(self._retry_seconds, self._listener)(called))

    def _called(self, work: Callable[[], _T]) -> _T:
        try:
            return work()
        except (openai.OpenAIError, httpx2.HTTPError, ValueError) as error:
            raise self._wording.error(error) from None


def line(key: str, body: Wire) -> bytes:
    """Return a request as a line of a batch's file; its key comes back with the reply."""
    asked = {"custom_id": key, "method": "POST", "url": _ENDPOINT, "body": body}
    return json.dumps(asked).encode() + b"\n"


def _reply(text: str) -> tuple[str, Reply] | None:
    """Return the key and the reply from a line of a batch's results, or None if the line has no key.

    For an error or an invalid reply, return the reply that `unanswered` gives.
    """
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or not isinstance(name := row.get("custom_id"), str):
        return None
    match row.get("response"):
        case {"status_code": int(status), "body": dict(body)} if status in range(200, 600):
            return name, Reply(status, body)
    error = row.get("error")
    told = error.get("message") if isinstance(error, dict) else None
    return name, unanswered(str(told or "the batch brought no answer"))


def spent_on(body: Json) -> Usage:
    """Return the usage that the body of a reply reports."""
    usage = Usage(requests=1)
    if isinstance(reported := body.get("usage"), dict):
        count_tokens(CompletionUsage.construct(**reported), usage)
    return usage


def unanswered(why: str) -> Reply:
    """Return the reply for a request that got no answer."""
    return Reply(503, {"error": {"message": why}})
