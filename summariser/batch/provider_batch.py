"""Run a batch through the provider's own Batch API: every request in a file, the answers within a day, at half price.

Documents are summarised as ever, but the network is a mailbox: an answer that is not there yet is asked for with all
others in the next batch, and its document is taken up again once that is back. What was sent stands in the store, so
that whoever runs the same later collects it; nothing is sent twice.
"""

import hashlib
import json
import pickle
import tempfile
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import IO, Any

from summariser import events
from summariser.asking import estimate_tokens
from summariser.batch.budget import Budget
from summariser.batch.ledger import Job, Ledger, made
from summariser.batch.results import Order, Result, in_order
from summariser.batch.sources import Item
from summariser.errors import ConfigurationError, ProviderError
from summariser.models.door import Spent
from summariser.models.judgement import DeferredError, TransientError, is_transient_status
from summariser.models.naming import server_of
from summariser.models.openai_batch import MOST_BYTES, MOST_REQUESTS, Reply, State, line, spent_on, unanswered
from summariser.models.opening import open_in_batches
from summariser.pipeline import Session
from summariser.store import Store

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
class _Outbox:
    """Requests that go out in the next batch, in a file of their own."""

    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    keys: dict[str, None] = field(default_factory=dict)
    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    size: int = 0
    weight: Spent = field(default_factory=Spent)

    @property
    def full(self) -> bool:
        """Whether a batch holds no more."""
        return len(self.keys) >= MOST_REQUESTS or self.size >= MOST_BYTES

    def put(self, key: str, body: Json, weight: Spent) -> None:
        """Put a request in."""
        self.keys[key] = None
        self.size += self.file.write(line(key, body))
        self.weight.add(weight)


@dataclass(kw_only=True)
class _Sent:
    """A batch that is under way: the provider's id of it, "" where another process sends it; what it may cost."""

    id: str
    weight: Spent = field(default_factory=Spent)


@dataclass(kw_only=True)
class _Waiting:
    """A document whose answers are not there yet: where it is put down, and the batches that it waits for."""

    place: int
    batches: set[str]


@dataclass(kw_only=True)
class ProviderBatch:
    """Documents to be summarised through a provider's Batch API. Run it once, within the session's `with`.

    As Batch, but that requests are only sent as long as the `budget` has room for all that are under way: a request is
    taken to write as much as it may, and once there are answers twice as much as these did on average. What was sent is
    waited for, also after `stop`; where the run ends before, the same run later collects it. `under_way` tells how far
    the provider is. Raises ConfigurationError where there is no store, or no such API.
    """

    items: Iterable[Item]
    session: Session
    budget: Budget
    order: Order = "completion"
    retry_failed: bool = False
    limit: int | None = None
    poll_seconds: float = 30.0
    listener: events.Listener = events.ignore
    over_budget: bool = False
    under_way: str = ""

    def __post_init__(self) -> None:
        if self.session.settings.store is None:
            raise ConfigurationError("What is sent in batches is kept until it is back; name a file for the store.")
        self._server = server_of(self.session.name, self.session.settings)
        self._ledger = Ledger(self.session, retry_failed=self.retry_failed)
        self._coming, self._taken = enumerate(self.items), 0
        self._postponed: deque[tuple[int, Item]] = deque()  # in other hands
        self._held: Job | None = None  # for whose requests the budget has no room yet
        self._waiting: dict[int, _Waiting] = {}
        self._sent: dict[str, _Sent] = {}
        self._failures: dict[str, tuple[int, Reply]] = {}  # how often a request came back unanswered, and its reply
        self._answered = Spent()
        self._stopped = threading.Event()
        self._tried_out = False
        self._forget_wishes()

    def stop(self) -> None:
        """Send nothing more; what was sent is waited for."""
        self._stopped.set()

    def run(self) -> Iterator[Result]:
        """The results, as they come or in the documents' order. Raises what would meet every document."""
        name, settings = self.session.name, self.session.settings
        self._model, self._api = open_in_batches(name, settings, self._reply_to, listener=self.listener)
        self.session.opening = lambda: replace(self._model, close=lambda: None)
        self.budget.share = self._model.price
        self._outbox = _Outbox()
        with self._model, tempfile.TemporaryFile() as self._shelf:
            try:
                results = self._results()
                yield from in_order(results) if self.order == "input" else results
            finally:
                self._outbox.file.close()

    def _results(self) -> Iterator[Result]:
        while True:
            yield from self._taken_up()
            self._send()
            if not self._waiting and not self._postponed:
                return
            if not self._back():
                time.sleep(self.poll_seconds)
            for number in [n for n, waiting in self._waiting.items() if waiting.batches.isdisjoint(self._sent)]:
                yield from self._finish(self._picked_up(self._waiting.pop(number)))

    # ── documents ────────────────────────────────────────────────────────────────────────────────

    def _taken_up(self) -> Iterator[Result]:
        """What becomes at once of the documents that there is room for; the others wait for a batch."""
        self.over_budget = False
        for _ in range(len(self._postponed)):
            yield from self._begin(*self._postponed.popleft())
        if self._held is not None:
            held, self._held = self._held, None
            yield from self._finish(held)
        while not self.over_budget and not self._stopped.is_set():
            if self.budget.reached:
                self.over_budget = True
                return
            found = None if self.limit is not None and self._taken >= self.limit else next(self._coming, None)
            if found is None:
                return
            self._taken += 1
            yield from self._begin(*found)

    def _begin(self, number: int, item: Item) -> Iterator[Result]:
        begun = self._ledger.begin(number, item)
        if isinstance(begun, Result):
            yield begun
        elif begun is not None:
            yield from self._finish(begun)
        elif not self._stopped.is_set():
            self._postponed.append((number, item))

    def _finish(self, job: Job) -> Iterator[Result]:
        """The document's result, if all answers are there; else it is put down until they are."""
        self._forget_wishes()
        try:
            self._try_out()
            result = made(self.session, job.document, job.result)
        except DeferredError:
            self._put_down(job)
            return
        except BaseException:
            self._ledger.drop(job)
            raise
        ended = self._ledger.end(job, result)
        self._store.take_letters(self._used)
        yield ended

    def _put_down(self, job: Job) -> None:
        """Put a document down until its answers are there; where there is no room for its requests, until there is."""
        if self._new and not self._has_room_for(self._new.values()):
            self.over_budget = not self._stopped.is_set()
            if self.over_budget and (self._waiting or self._sent):
                self._held = job
            else:
                self._ledger.drop(job)
            return
        for key, body in self._new.items():
            if self._outbox.full:
                self._send()
            self._outbox.put(key, body, self._weight(body))
            self._wanted.add(self._outbox.token)
        waiting = _Waiting(place=self._shelf.seek(0, 2), batches=self._wanted)
        pickle.dump(job, self._shelf)
        self._waiting[job.result.number] = waiting

    def _picked_up(self, waiting: _Waiting) -> Job:
        self._shelf.seek(waiting.place)
        job: Job = pickle.load(self._shelf)  # noqa: S301  # of our own making
        return job

    def _has_room_for(self, bodies: Iterable[Json]) -> bool:
        """Whether the budget allows for what these and all requests under way may cost at most."""
        total = Spent()
        under_way = (sent.weight for sent in self._sent.values())
        for weight in (*under_way, self._outbox.weight, *map(self._weight, bodies)):
            total.add(weight)
        return not self._stopped.is_set() and self.budget.has_room_for(total)

    def _weight(self, body: Json) -> Spent:
        """About what a request costs: see the class."""
        weight, known = weight_of(body), self._answered
        if known.requests:
            weight.output_tokens = min(weight.output_tokens, 2 * known.output_tokens // known.requests)
        return weight

    def _try_out(self) -> None:
        """Before the first document, learn by a tiny request what the server takes; it goes out at once."""
        if self._tried_out:
            return
        spent = Spent()
        wire = {**_TRIAL, "model": self.session.name.partition("/")[2], **self._model.sampling}
        self._api.try_out(lambda: self._model.send(wire, self.listener, spent))
        self.budget.add(spent)
        self._tried_out = True

    # ── the mailbox: what stands for the network while a document is summarised ──────────────────

    def _forget_wishes(self) -> None:
        """Another document: it has used no letters, waits for no batches and wants nothing new."""
        self._used: list[str] = []
        self._wanted: set[str] = set()
        self._new: dict[str, Json] = {}

    def _reply_to(self, body: Json) -> Reply | None:
        """The answer to a request, if it is there; else it is noted what the document waits for."""
        key = _key(self._server, body)
        letter = self._store.letter(key)
        if letter is not None and letter.body is not None and letter.status is not None:
            self._used.append(key)
            return Reply(letter.status, letter.body)
        tries, last = self._failures.get(key, (0, None))
        if tries >= _TRIES:
            return last
        if key in self._outbox.keys:
            self._wanted.add(self._outbox.token)
        elif letter is not None and self._under_way(letter.batch):
            self._wanted.add(letter.batch)
        else:
            self._new[key] = body
        return None

    # ── batches ──────────────────────────────────────────────────────────────────────────────────

    @property
    def _store(self) -> Store:
        assert self.session.store is not None  # noqa: S101  # asked before
        return self.session.store

    def _send(self) -> None:
        """Send what is in the outbox; throw it away once nothing more is to be sent."""
        outbox, self._outbox = self._outbox, _Outbox()
        with outbox.file:
            if not outbox.keys or self._stopped.is_set():
                return
            self._store.claim(outbox.token)
            self._store.post(outbox.token, list(outbox.keys))
            id = self._api.submit(outbox.file, outbox.token)
            self._store.posted(outbox.token, id)
        self._sent[outbox.token] = _Sent(id=id, weight=outbox.weight)
        self._say(f"{len(outbox.keys):,} requests were sent as {id}; their answers come within a day.")

    def _under_way(self, token: str) -> bool:
        """Whether a batch can be waited for that an earlier run or another process sent; if not, it is forgotten."""
        if token in self._sent:
            return True
        theirs = self._store.claim(token) == "theirs"
        id = self._store.batch_id(token)
        if id == "" and not theirs:  # whoever sent it may have ended before its id came back
            id = self._api.find(token)
        if id is None:
            self._store.close_batch(token)
            return False
        if not theirs:
            self._store.posted(token, id)
            self._say(f"{id} was sent by an earlier run; waiting for its answers.")
        self._sent[token] = _Sent(id=id)
        return True

    def _back(self) -> bool:
        """Whether some batch is back; its answers are in the store then."""
        back = [token for token in self._sent if self._is_back(token)]
        for token in back:
            del self._sent[token]
        return bool(back)

    def _is_back(self, token: str) -> bool:
        id = self._store.batch_id(token)
        if id is None:  # collected by another process
            return True
        if not id or self._store.claim(token) == "theirs":
            return False
        try:
            state = self._api.look(id)
            if state.ended is None:
                self.under_way = f"{state.answered:,} of {state.of:,} requests of {id} answered"
                return False
            self._collect(token, state)
        except TransientError as error:  # looked at again later, however long that takes
            self.listener(events.Waiting(seconds=self.poll_seconds, reason=str(error)))
            return False
        self.under_way = ""
        self._api.discard(state)
        if state.ended in ("failed", "cancelled"):
            why = f" ({state.why})" if state.why else ""
            cure = "run the same again to send the rest anew, with --limit for fewer at once"
            raise ProviderError(f"The provider ended {id} as {state.ended}{why}; {cure}.")
        self._say(f"{id} is back.")
        return True

    def _collect(self, token: str, state: State) -> None:
        """Put the answers of a batch into the store; what was not answered is sent again, so many times."""
        replies, last = self._api.replies(state), dict[str, Reply]()
        while some := list(islice(replies, _AT_ONCE)):
            last.update((key, reply) for key, reply in some if is_transient_status(reply.status))
            answered = [(key, *reply) for key, reply in some if key not in last]
            self._store.delivered(token, answered)
            for _, _, body in answered:
                self.budget.add(spent_on(body))
                self._answered.add(spent_on(body))
        for key in self._store.close_batch(token):
            tries, _ = self._failures.get(key, (0, None))
            self._failures[key] = (tries + 1, last.get(key) or unanswered("the batch ended without an answer"))

    def _say(self, told: str) -> None:
        self.listener(events.Note(told))


def weight_of(body: Json) -> Spent:
    """What a request may cost at most: about what it makes the model read, and the limit of the answer."""
    read = estimate_tokens(json.dumps([body["messages"], body.get("response_format")], ensure_ascii=False))
    wrote = body.get("max_tokens") or body.get("max_completion_tokens") or 0
    return Spent(requests=1, input_tokens=read, output_tokens=wrote)


def _key(server: str | None, body: Json) -> str:
    """The SHA-256 of the server's address and a request, in canonical JSON."""
    canonical = json.dumps([server, body], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
