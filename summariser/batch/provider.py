"""Run a batch with the provider's batch API, which answers within a day at half the price.

A document is summarised as usual, but its requests are not sent at once. A request without an answer goes into the next
batch, and the document is summarised again once that batch has ended. Batches that were sent are noted in the store, so
that a later run collects their answers; no request is sent twice.
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
from summariser.batch.jobs import FailureLimit, Job, Jobs, summarise_job
from summariser.batch.local import DEFAULT_CONCURRENCY
from summariser.batch.results import Result, ordered
from summariser.batch.sources import Item
from summariser.batch.spool import Queue, Spool
from summariser.concurrency import run_now
from summariser.errors import ConfigurationError, ProviderError, SummariserError, TransientError
from summariser.models import DeferredError, Usage, estimate_tokens, is_transient_status, open_in_batches, server_of
from summariser.models.providers import MOST_BYTES, MOST_REQUESTS, Reply, State, line, spent_on, unanswered
from summariser.storage import Store

Json = dict[str, Any]
_MAX_ATTEMPTS = 3  # batches that may include a request before its document fails
_AT_ONCE = 500  # answers stored in one transaction
_YES = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"], "additionalProperties": False}
_TRIAL: Json = {
    "messages": [{"role": "user", "content": 'Answer {"ok": true}.'}],
    "max_tokens": 64,
    "response_format": {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": _YES}},
}


@dataclass(kw_only=True)
class _PendingRequests:
    """The requests of the next batch, in a temporary file."""

    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    keys: dict[str, None] = field(default_factory=dict)
    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    size: int = 0
    weight: Usage = field(default_factory=Usage)

    @property
    def full(self) -> bool:
        """True if the batch has its maximum size."""
        return len(self.keys) >= MOST_REQUESTS or self.size >= MOST_BYTES

    def put(self, key: str, body: Json, weight: Usage) -> None:
        """Add a request."""
        self.keys[key] = None
        self.size += self.file.write(line(key, body))
        self.weight.add(weight)


@dataclass(kw_only=True)
class _Sent:
    """A batch in progress.

    Attributes:
        weight: The maximum usage of its requests; if another run sent the batch, only of the requests seen so far.
        adopted: True if another run sent the batch.
        met: The keys of the requests of an adopted batch that were seen so far.
    """

    weight: Usage = field(default_factory=Usage)
    adopted: bool = False
    met: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class _Waiting:
    """A document that waits for answers: its position in the spool, and the batches that it waits for."""

    place: int
    batches: set[str]


@dataclass(kw_only=True)
class ProviderBatch(Engine):
    """The engine that sends requests in batches and waits for their answers.

    Requests are sent only while the budget has room for all requests in progress. A request is estimated at its maximum
    output, and once there are answers, at no more than twice their average output. After `stop`, the engine still waits
    for batches that were sent. If the run ends early, the next run with the same arguments collects them.

    Attributes:
        poll_seconds: The seconds between two queries about the state of the batches.
        listener: Receives the events of the engine.

    Raises:
        ConfigurationError: There is no store, the model is already open, or its provider has no batch API.
    """

    poll_seconds: float = 30.0
    listener: events.Listener = events.ignore

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.session.given is not None:
            raise ConfigurationError(
                "A Model that is already open cannot be used with the engine openai-batch; give its name instead."
            )
        if self.session.settings.store is None:
            raise ConfigurationError(
                "The engine openai-batch needs a store, where it notes the requests that it sends; "
                "name a file in the setting store."
            )
        self._server = server_of(self.session.model_name, self.session.settings)
        self._jobs = Jobs(self.session, retry_failed=self.retry_failed)
        self._failure_limit = FailureLimit(DEFAULT_CONCURRENCY)
        self._held: Queue[Job] = Queue()  # documents that wait for room in the budget
        self._waiting: dict[int, _Waiting] = {}
        self._spool: Spool[Job] = Spool()
        self._sent: dict[str, _Sent] = {}
        self._failures: dict[str, tuple[int, Reply]] = {}  # attempts without an answer, and the last reply
        self._answered = Usage()
        self._stopped = threading.Event()
        self._trial_done = False
        self._start_document()

    def stop(self) -> None:
        """Send no more requests, but wait for the batches that were sent."""
        self._stopped.set()

    def run(self) -> Generator[Result]:
        """Yield the results in the order that `order` names.

        Raises:
            SummariserError: An error that would occur with every document, such as a wrong key.
        """
        name, settings = self.session.model_name, self.session.settings
        self._model, self._api = open_in_batches(name, settings, self._reply_to, listener=self.listener)
        self._remembering = self.session.remembering(self._model)
        self.budget.share = self._model.price
        self._next_batch = _PendingRequests()
        with ExitStack() as exits:
            for each in (self._spool, self._held, self._postponed):
                exits.callback(each.close)
            exits.callback(lambda: self._next_batch.file.close())  # noqa: PLW0108  # the attribute changes during the run
            exits.callback(self._release)
            exits.enter_context(self._model)
            yield from ordered(self._results(), self.order)

    def _release(self) -> None:
        """Release the claims on unfinished documents and batches, so that another run can continue them."""
        for _ in range(len(self._held)):
            self._jobs.drop(self._held.take())
        while self._waiting:
            self._jobs.drop(self._spool.get(self._waiting.popitem()[1].place))
        for token in self._sent:
            self._store.release(token)

    def _results(self) -> Generator[Result]:
        while True:
            yield from self._unfinished_and_new()
            self._send()
            if not (self._waiting or self._held or self._postponed):
                return
            if not self._collect_ended():
                time.sleep(self.poll_seconds)
            for number in [n for n, waiting in self._waiting.items() if waiting.batches.isdisjoint(self._sent)]:
                yield from self._finish(self._spool.get(self._waiting.pop(number).place))

    # ── documents ────────────────────────────────────────────────────────────────────────────────

    def _unfinished_and_new(self) -> Iterator[Result]:
        """Yield the results that need no further batch; all other documents wait for answers or for the budget."""
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
        """Yield the result of a document if all its answers are there; otherwise let it wait."""
        self._start_document()
        try:
            result = run_now(summarise_job(self.session, self._remembering, job.document, job.result))
        except DeferredError:
            if self._wait_for_answers(job):
                return
            yield from self._finish(job)
            return
        except BaseException:
            self._jobs.drop(job)
            raise
        ended = self._jobs.end(job, result)
        self._store.forget_batch_answers(self._used)
        yield ended
        if (error := self._failure_limit.fatal_error(result)) is not None:
            raise error

    def _wait_for_answers(self, job: Job) -> bool:
        """Let a document wait for its answers, or for room in the budget.

        Returns:
            False if the document must be summarised again at once, because its requests have changed.
        """
        try:
            if self._trouble is not None:
                raise self._trouble
            if self._new_requests and not self._has_room_for(self._new_requests.values()):
                self._wait_for_budget(job)
                return True
            if self._new_requests and not self._trial_done:
                self._send_trial()
                return False
            for key, body in self._new_requests.items():
                if self._next_batch.full:
                    self._send()
                self._next_batch.put(key, body, self._weight(body))
                self._wanted.add(self._next_batch.token)
        except BaseException:
            self._jobs.drop(job)
            raise
        self._waiting[job.result.number] = _Waiting(place=self._spool.put(job), batches=self._wanted)
        return True

    def _wait_for_budget(self, job: Job) -> None:
        """Let a document wait for room in the budget; drop it if there will be none."""
        self.over_budget = not self._stopped.is_set()
        if self.over_budget and (self._waiting or self._sent):
            self._held.put(job)
        else:
            self._jobs.drop(job)

    def _has_room_for(self, bodies: Iterable[Json]) -> bool:
        """Return True if the budget allows these requests and all requests in progress at their maximum usage."""
        total = Usage()
        under_way = (sent.weight for sent in self._sent.values())
        for weight in (*under_way, self._next_batch.weight, *map(self._weight, bodies)):
            total.add(weight)
        return not self._stopped.is_set() and self.budget.has_room_for(total)

    def _weight(self, body: Json) -> Usage:
        """Return the estimated usage of a request, as the class describes it."""
        weight, known = weight_of(body), self._answered
        if known.requests:
            weight.output_tokens = min(weight.output_tokens, 2 * known.output_tokens // known.requests)
        return weight

    def _send_trial(self) -> None:
        """Send one tiny request directly, before the first batch, to learn what the server accepts."""
        usage = Usage()
        wire = {**_TRIAL, "model": self.session.model_name.partition("/")[2], **self._model.sampling}
        self._api.try_out(lambda: run_now(self._model.send(wire, self.listener, usage)))
        self.budget.add(usage)
        self._trial_done = True

    # ── answers from batches, which replace the network while a document is summarised ───────────

    def _start_document(self) -> None:
        """Reset what is noted about the requests of the current document."""
        self._used: list[str] = []
        self._wanted: set[str] = set()
        self._new_requests: dict[str, Json] = {}
        self._trouble: SummariserError | None = None

    def _reply_to(self, body: Json) -> Reply | None:
        """Return the answer to a request; if there is none yet, note what the document waits for and return None."""
        try:
            return self._found(_key(self._server, body), body)
        except SummariserError as error:  # an error of the store or the provider, not of the document
            self._trouble = error
            return None

    def _found(self, key: str, body: Json) -> Reply | None:
        sent = self._store.batch_answer(key)
        if sent is not None and sent.status is None and not self._under_way(sent.batch):
            sent = self._store.batch_answer(key)  # _under_way may have collected it
        if sent is not None and sent.body is not None and sent.status is not None:
            self._used.append(key)
            return Reply(sent.status, sent.body)
        tries, last = self._failures.get(key, (0, None))
        if tries >= _MAX_ATTEMPTS:
            return last
        if key in self._next_batch.keys:
            self._wanted.add(self._next_batch.token)
        elif sent is not None and sent.batch in self._sent:
            self._wanted.add(sent.batch)
            self._weigh(self._sent[sent.batch], key, body)
        else:
            self._new_requests[key] = body
        return None

    def _weigh(self, sent: _Sent, key: str, body: Json) -> None:
        """Add the usage of a request that another run sent, when it is first seen."""
        if sent.adopted and key not in sent.met:
            sent.met.add(key)
            sent.weight.add(self._weight(body))

    # ── batches ──────────────────────────────────────────────────────────────────────────────────

    @property
    def _store(self) -> Store:
        assert self.session.store is not None  # noqa: S101  # __post_init__ checks it
        return self.session.store

    def _send(self) -> None:
        """Send the next batch; discard it after `stop`."""
        batch, self._next_batch = self._next_batch, _PendingRequests()
        with batch.file:
            if not batch.keys or self._stopped.is_set():
                return
            self._store.claim(batch.token)
            self._store.add_batch(batch.token, list(batch.keys))
            try:
                id = self._api.submit(batch.file, batch.token)
                self._store.set_batch_id(batch.token, id)
            except BaseException:
                self._store.release(batch.token)  # the next run finds out whether it was sent
                raise
        self._sent[batch.token] = _Sent(weight=batch.weight)
        self._note(f"{len(batch.keys):,} requests were sent as {id}; the answers arrive within a day.")

    def _under_way(self, token: str) -> bool:
        """Return True if a batch is in progress, whichever run sent it."""
        if token not in self._sent and (known := self._look_up(token)) is not None:
            self._sent[token] = _Sent(adopted=True)
            if known.ours:
                self._note(f"{known.id} was sent by an earlier run; waiting for its answers.")
        return token in self._sent

    def _look_up(self, token: str) -> "_BatchState | None":
        """Return the state of a batch; None if it was collected, or if it was never sent, which removes it."""
        ours = self._store.claim(token)
        id = self._store.batch_id(token)
        if id == "" and ours and (id := self._api.find(token)) is not None:
            self._store.set_batch_id(token, id)  # the run that sent it ended before it received the id
        if id is None:
            self._store.close_batch(token)
            return None
        return _BatchState(id, ours)

    def _collect_ended(self) -> bool:
        """Store the answers of the batches that have ended; return True if there was one."""
        collected = [token for token in self._sent if self._is_collected(token)]
        for token in collected:
            del self._sent[token]
        return bool(collected)

    def _is_collected(self, token: str) -> bool:
        """Return True if a batch has ended and its answers are stored; after a transient error, return False."""
        try:
            known = self._look_up(token)
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
            self._note(f"The provider no longer has {id} or its answers; unanswered requests are sent again.")
            return True
        self.under_way = ""
        if state.ended in ("failed", "cancelled"):
            why = f" ({state.why})" if state.why else ""
            cure = "run it again to send the rest, with fewer documents (the argument limit)"
            raise ProviderError(f"The provider ended {id} as {state.ended}{why}; {cure}.")
        self._note(f"{id} has ended; its answers are stored.")
        return True

    def _collect(self, token: str, state: State) -> None:
        """Store the answers of a batch, and delete its files on the server."""
        replies, last = self._api.replies(state), dict[str, Reply]()
        while some := list(islice(replies, _AT_ONCE)):
            last.update((key, reply) for key, reply in some if is_transient_status(reply.status))
            for body in self._store.add_batch_answers([(key, *reply) for key, reply in some if key not in last]):
                usage = spent_on(body)
                self.budget.add(usage)
                self._answered.add(usage)
        self._api.discard(state)
        self._close(token, last)

    def _close(self, token: str, last: dict[str, Reply]) -> None:
        """Remove a batch from the store, and count the attempt for each request that it did not answer."""
        for key in self._store.close_batch(token):
            tries, _ = self._failures.get(key, (0, None))
            self._failures[key] = (tries + 1, last.get(key) or unanswered("the batch ended without an answer"))

    def _note(self, message: str) -> None:
        self.listener(events.Note(message))


class _BatchState(NamedTuple):
    """The provider's id of a batch ("" while another process sends it), and whether this process has claimed it."""

    id: str
    ours: bool


def weight_of(body: Json) -> Usage:
    """Return the maximum usage of a request: its estimated input tokens, and its limit on output tokens.

    Args:
        body: The request as the server receives it.
    """
    read = estimate_tokens(json.dumps([body["messages"], body.get("response_format")], ensure_ascii=False))
    wrote = body.get("max_tokens") or body.get("max_completion_tokens") or 0
    return Usage(requests=1, input_tokens=read, output_tokens=wrote)


def _key(server: str | None, body: Json) -> str:
    """Return the SHA-256 of the server's address and a request, in canonical JSON."""
    canonical = json.dumps([server, body], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
