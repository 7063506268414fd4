"""Run a batch through the provider's own Batch API: every request in a file, the answers within a day, at half price.

Documents are summarised as ever, but the network is a mailbox: an answer that is not there yet is asked for with all
others in the next batch, and its document is taken up again once that is back. What was sent stands in the store, so
that whoever runs the same later collects it; nothing is sent twice.
"""

import hashlib
import json
import tempfile
import threading
import time
import uuid
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, NamedTuple

from summariser import events
from summariser.batch.engine import Engine
from summariser.batch.jobs import Job, Jobs, Patience, made
from summariser.batch.local import DEFAULT_CONCURRENCY
from summariser.batch.results import Result, ordered
from summariser.batch.sources import Item
from summariser.batch.spool import Queue, Spool
from summariser.concurrency import run_now
from summariser.errors import ConfigurationError, ProviderError, SummariserError, TransientError
from summariser.models import Usage, estimate_tokens, open_in_batches, server_of
from summariser.models.classification import DeferredError, is_transient_status
from summariser.models.providers.openai_batch import MOST_BYTES, MOST_REQUESTS, Reply, State, line, spent_on, unanswered
from summariser.storage import Store

Json = dict[str, Any]
_TRIES = 3  # batches in which a request is sent before its document fails
_AT_ONCE = 500  # replies kept in one transaction
_YES = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"], "additionalProperties": False}
_TRIAL: Json = {
    "messages": [{"role": "user", "content": 'Answer {"ok": true}.'}],
    "max_tokens": 64,
    "response_format": {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": _YES}},
}


@dataclass(kw_only=True)
class _PendingRequests:
    """Requests that go out in the next batch, in a file of their own."""

    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    keys: dict[str, None] = field(default_factory=dict)
    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    size: int = 0
    weight: Usage = field(default_factory=Usage)

    @property
    def full(self) -> bool:
        """Whether a batch holds no more."""
        return len(self.keys) >= MOST_REQUESTS or self.size >= MOST_BYTES

    def put(self, key: str, body: Json, weight: Usage) -> None:
        """Put a request in."""
        self.keys[key] = None
        self.size += self.file.write(line(key, body))
        self.weight.add(weight)


@dataclass(kw_only=True)
class _Sent:
    """A batch that is under way, and what its requests may cost: all of them, or those that a document asked for."""

    weight: Usage = field(default_factory=Usage)
    adopted: bool = False
    met: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class _Waiting:
    """A document whose answers are not there yet: where it is put down, and the batches that it waits for."""

    place: int
    batches: set[str]


@dataclass(kw_only=True)
class ProviderBatch(Engine):
    """The engine that sends requests in batches, and waits until they are back.

    Requests are only sent as long as the `budget` has room for all that are under way: a request is taken to write as
    much as it may, and once there are answers twice as much as these did on average. What was sent is waited for, also
    after `stop`; where the run ends before or is closed, the same run later collects it, in this process or another.
    Raises ConfigurationError where there is no store, or no such API.
    """

    poll_seconds: float = 30.0
    listener: events.Listener = events.ignore

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.session.given is not None:
            raise ConfigurationError("A model that is open asks at once; give its name to ask in batches.")
        if self.session.settings.store is None:
            raise ConfigurationError(
                "The engine openai-batch needs a store, for what is sent is kept until it is back; "
                "name a file in the setting store."
            )
        self._server = server_of(self.session.name, self.session.settings)
        self._jobs = Jobs(self.session, retry_failed=self.retry_failed)
        self._patience = Patience(DEFAULT_CONCURRENCY)
        self._held: Queue[Job] = Queue()  # documents for whose requests the budget has no room yet
        self._waiting: dict[int, _Waiting] = {}
        self._spool: Spool[Job] = Spool()
        self._sent: dict[str, _Sent] = {}
        self._failures: dict[str, tuple[int, Reply]] = {}  # how often a request came back unanswered, and its reply
        self._answered = Usage()
        self._stopped = threading.Event()
        self._tried_out = False
        self._forget_wishes()

    def stop(self) -> None:
        """Send nothing more; what was sent is waited for."""
        self._stopped.set()

    def run(self) -> Generator[Result]:
        """Yield the results, as they come or in the documents' order. Raises what would meet every document."""
        name, settings = self.session.name, self.session.settings
        self._model, self._api = open_in_batches(name, settings, self._reply_to, listener=self.listener)
        self._remembering = self.session.remembering(self._model)
        self.budget.share = self._model.price
        self._outbox = _PendingRequests()
        with ExitStack() as exits:
            for each in (self._spool, self._held, self._postponed):
                exits.callback(each.close)
            exits.callback(lambda: self._outbox.file.close())  # noqa: PLW0108  # that of the end, not of now
            exits.callback(self._release)
            exits.enter_context(self._model)
            yield from ordered(self._results(), self.order)

    def _release(self) -> None:
        """Give up the documents that have no result, and the batches under way: whoever comes next takes them up."""
        for _ in range(len(self._held)):
            self._jobs.drop(self._held.take())
        while self._waiting:
            self._jobs.drop(self._spool.pick(self._waiting.popitem()[1].place))
        for token in self._sent:
            self._store.release(token)

    def _results(self) -> Generator[Result]:
        while True:
            yield from self._taken_up()
            self._send()
            if not (self._waiting or self._held or self._postponed):
                return
            if not self._back():
                time.sleep(self.poll_seconds)
            for number in [n for n, waiting in self._waiting.items() if waiting.batches.isdisjoint(self._sent)]:
                yield from self._finish(self._spool.pick(self._waiting.pop(number).place))

    # ── documents ────────────────────────────────────────────────────────────────────────────────

    def _taken_up(self) -> Iterator[Result]:
        """Yield what becomes at once of the documents that there is room for; the others wait for a batch."""
        self.over_budget = False
        for _ in range(len(self._held)):
            yield from self._finish(self._held.take())
        for _ in range(len(self._postponed)):
            yield from self._begin(*self._postponed.take())
        while not self._stopped.is_set() and (found := self._new()) is not None:
            yield from self._begin(*found)

    def _begin(self, number: int, item: Item) -> Iterator[Result]:
        begun = self._jobs.begin(number, item)
        if isinstance(begun, Result):
            yield begun
        elif begun is not None:
            yield from self._finish(begun)
        elif not self._stopped.is_set():
            self._postponed.put((number, item))

    def _finish(self, job: Job) -> Iterator[Result]:
        """Yield the document's result, if all answers are there; else it is put down until they are."""
        self._forget_wishes()
        try:
            result = run_now(made(self.session, self._remembering, job.document, job.result))
        except DeferredError:
            if self._put_down(job):
                return
            yield from self._finish(job)
            return
        except BaseException:
            self._jobs.drop(job)
            raise
        ended = self._jobs.end(job, result)
        self._store.forget_batch_answers(self._used)
        yield ended
        if (error := self._patience.ended_by(result)) is not None:
            raise error

    def _put_down(self, job: Job) -> bool:
        """Put a document down until its answers are there; where there is no room for its requests, until there is.

        False where it is to be summarised again at once, for what it asks for has changed.
        """
        try:
            if self._trouble is not None:
                raise self._trouble
            if self._new_requests and not self._has_room_for(self._new_requests.values()):
                self._hold(job)
                return True
            if self._new_requests and not self._tried_out:
                self._try_out()
                return False
            for key, body in self._new_requests.items():
                if self._outbox.full:
                    self._send()
                self._outbox.put(key, body, self._weight(body))
                self._wanted.add(self._outbox.token)
        except BaseException:
            self._jobs.drop(job)
            raise
        self._waiting[job.result.number] = _Waiting(place=self._spool.put(job), batches=self._wanted)
        return True

    def _hold(self, job: Job) -> None:
        """Keep a document for when there is room; drop it where there will be none."""
        self.over_budget = not self._stopped.is_set()
        if self.over_budget and (self._waiting or self._sent):
            self._held.put(job)
        else:
            self._jobs.drop(job)

    def _has_room_for(self, bodies: Iterable[Json]) -> bool:
        """Return True if the budget allows for what these and all requests under way may cost at most."""
        total = Usage()
        under_way = (sent.weight for sent in self._sent.values())
        for weight in (*under_way, self._outbox.weight, *map(self._weight, bodies)):
            total.add(weight)
        return not self._stopped.is_set() and self.budget.has_room_for(total)

    def _weight(self, body: Json) -> Usage:
        """Return about what a request costs: see the class."""
        weight, known = weight_of(body), self._answered
        if known.requests:
            weight.output_tokens = min(weight.output_tokens, 2 * known.output_tokens // known.requests)
        return weight

    def _try_out(self) -> None:
        """Before the first batch, learn by a tiny request what the server takes; it goes out at once."""
        usage = Usage()
        wire = {**_TRIAL, "model": self.session.name.partition("/")[2], **self._model.sampling}
        self._api.try_out(lambda: run_now(self._model.send(wire, self.listener, usage)))
        self.budget.add(usage)
        self._tried_out = True

    # ── the mailbox: what stands for the network while a document is summarised ──────────────────

    def _forget_wishes(self) -> None:
        """Another document: it has used no letters, waits for no batches and wants nothing new."""
        self._used: list[str] = []
        self._wanted: set[str] = set()
        self._new_requests: dict[str, Json] = {}
        self._trouble: SummariserError | None = None

    def _reply_to(self, body: Json) -> Reply | None:
        """Return the answer to a request, if it is there; else it is noted what the document waits for."""
        try:
            return self._found(_key(self._server, body), body)
        except SummariserError as error:  # of the store or the provider: not the document's
            self._trouble = error
            return None

    def _found(self, key: str, body: Json) -> Reply | None:
        letter = self._store.batch_answer(key)
        if letter is not None and letter.status is None and not self._under_way(letter.batch):
            letter = self._store.batch_answer(key)  # what came back meanwhile
        if letter is not None and letter.body is not None and letter.status is not None:
            self._used.append(key)
            return Reply(letter.status, letter.body)
        tries, last = self._failures.get(key, (0, None))
        if tries >= _TRIES:
            return last
        if key in self._outbox.keys:
            self._wanted.add(self._outbox.token)
        elif letter is not None and letter.batch in self._sent:
            self._wanted.add(letter.batch)
            self._weigh(self._sent[letter.batch], key, body)
        else:
            self._new_requests[key] = body
        return None

    def _weigh(self, sent: _Sent, key: str, body: Json) -> None:
        """Count a request in that another run sent, once it is met."""
        if sent.adopted and key not in sent.met:
            sent.met.add(key)
            sent.weight.add(self._weight(body))

    # ── batches ──────────────────────────────────────────────────────────────────────────────────

    @property
    def _store(self) -> Store:
        assert self.session.store is not None  # noqa: S101  # asked before
        return self.session.store

    def _send(self) -> None:
        """Send what is in the outbox; throw it away once nothing more is to be sent."""
        outbox, self._outbox = self._outbox, _PendingRequests()
        with outbox.file:
            if not outbox.keys or self._stopped.is_set():
                return
            self._store.claim(outbox.token)
            self._store.post(outbox.token, list(outbox.keys))
            try:
                id = self._api.submit(outbox.file, outbox.token)
                self._store.posted(outbox.token, id)
            except BaseException:
                self._store.release(outbox.token)  # whoever comes next finds out whether it went out
                raise
        self._sent[outbox.token] = _Sent(weight=outbox.weight)
        self._say(f"{len(outbox.keys):,} requests were sent as {id}; their answers come within a day.")

    def _under_way(self, token: str) -> bool:
        """Return True if a batch can be waited for, whoever sent it."""
        if token not in self._sent and (known := self._looked_up(token)) is not None:
            self._sent[token] = _Sent(adopted=True)
            if known.ours:
                self._say(f"{known.id} was sent by an earlier run; waiting for its answers.")
        return token in self._sent

    def _looked_up(self, token: str) -> "_Known | None":
        """Return what is known of a batch; None where it is collected, or never went out and is forgotten."""
        ours = self._store.claim(token)
        id = self._store.batch_id(token)
        if id == "" and ours and (id := self._api.find(token)) is not None:
            self._store.posted(token, id)  # whoever sent it ended before its id came back
        if id is None:
            self._store.close_batch(token)
            return None
        return _Known(id, ours)

    def _back(self) -> bool:
        """Return True if some batch is back; its answers are in the store then."""
        back = [token for token in self._sent if self._is_back(token)]
        for token in back:
            del self._sent[token]
        return bool(back)

    def _is_back(self, token: str) -> bool:
        """Return True if a batch has ended and is collected. A look that fails for a moment is made again later."""
        try:
            known = self._looked_up(token)
            if known is None:
                return True
            return known.ours and self._has_ended(token, known.id)
        except TransientError as error:
            self.listener(events.Waiting(seconds=self.poll_seconds, reason=str(error)))
            return False

    def _has_ended(self, token: str, id: str) -> bool:
        try:
            state = self._api.state_of(id)
            if state.ended is None:
                self.under_way = f"{state.answered:,} of {state.of:,} requests of {id} answered"
                return False
            self._collect(token, state)
        except ProviderError as error:
            if error.status != 404:
                raise
            self._close(token, {})
            self._say(f"The provider has {id}, or what came of it, no longer; what it did not answer is sent anew.")
            return True
        self.under_way = ""
        if state.ended in ("failed", "cancelled"):
            why = f" ({state.why})" if state.why else ""
            cure = "run the same again to send the rest anew, with fewer documents at once (the argument limit)"
            raise ProviderError(f"The provider ended {id} as {state.ended}{why}; {cure}.")
        self._say(f"{id} is back.")
        return True

    def _collect(self, token: str, state: State) -> None:
        """Put the answers of a batch into the store, and take its files off the server."""
        replies, last = self._api.replies(state), dict[str, Reply]()
        while some := list(islice(replies, _AT_ONCE)):
            last.update((key, reply) for key, reply in some if is_transient_status(reply.status))
            for body in self._store.delivered([(key, *reply) for key, reply in some if key not in last]):
                usage = spent_on(body)
                self.budget.add(usage)
                self._answered.add(usage)
        self._api.discard(state)
        self._close(token, last)

    def _close(self, token: str, last: dict[str, Reply]) -> None:
        """Forget a batch; what it did not answer is sent again, so many times."""
        for key in self._store.close_batch(token):
            tries, _ = self._failures.get(key, (0, None))
            self._failures[key] = (tries + 1, last.get(key) or unanswered("the batch ended without an answer"))

    def _say(self, told: str) -> None:
        self.listener(events.Note(told))


class _Known(NamedTuple):
    """What is known of a batch: the provider's id, "" while another process sends it; whether it is ours to collect."""

    id: str
    ours: bool


def weight_of(body: Json) -> Usage:
    """Return what a request may cost at most: about what it makes the model read, and the limit of the answer."""
    read = estimate_tokens(json.dumps([body["messages"], body.get("response_format")], ensure_ascii=False))
    wrote = body.get("max_tokens") or body.get("max_completion_tokens") or 0
    return Usage(requests=1, input_tokens=read, output_tokens=wrote)


def _key(server: str | None, body: Json) -> str:
    """Return the SHA-256 of the server's address and a request, in canonical JSON."""
    canonical = json.dumps([server, body], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
