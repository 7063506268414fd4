"""Run a batch on a Ray cluster: the documents go through Ray Data to workers, the results come back to the driver.

The driver reads the sources and owns the store. Each worker has a session of its own, with its own connections and its
share of the limits, and never sees the store. Whatever a worker has in hand when it is lost is done again, once.
"""

import json
import logging
import os
import pickle
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from summariser import errors, events
from summariser.batch.budget import Budget
from summariser.batch.engine import Engine, Numbered
from summariser.batch.jobs import Job, Jobs, Patience, made
from summariser.batch.local import AGAIN, DEFAULT_CONCURRENCY, SWITCHING, workers_for
from summariser.batch.rate_limit import Throttle
from summariser.batch.results import Result, ordered
from summariser.concurrency import run_now
from summariser.documents import Document
from summariser.errors import ClusterError, ConfigurationError, LostError, SummariserError, code_of
from summariser.extras import installing
from summariser.models import Usage, is_local
from summariser.models.classification import short
from summariser.pipeline import Session
from summariser.prompts import Prompt
from summariser.schema import summary_type
from summariser.settings import Settings

_WINDOW = 4096  # documents that are with the cluster at once; the next as many are read meanwhile
_WINDOW_CHARACTERS = 200_000_000
_CONNECT_SECONDS = 5.0
_TIMES = 2  # a document whose worker is lost is done again once; then it may be the document that ends them
_CPUS = 0.25  # of a worker, which mostly waits; a small share always finds another place when a node is lost


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a worker may use: a model, a prompt, settings, and its part of what may be under way and of the rates."""

    model: str
    prompt: Prompt
    settings: Settings
    concurrency: int
    requests_per_minute: float | None
    tokens_per_minute: float | None


@dataclass(kw_only=True)
class ClusterBatch(Engine):
    """The engine that lets the workers of a Ray cluster ask.

    `concurrency` and rates are for all `workers` together, of which there is one a node unless given. It joins the
    cluster that Ray finds (RAY_ADDRESS, or one started on this machine), else it starts one here.
    """

    concurrency: int | None = None
    workers: int | None = None
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    listener: events.Listener = events.ignore

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.session.given is not None:
            raise ConfigurationError("A model that is open cannot be sent to a cluster; give its name.")
        self._jobs = Jobs(self.session, retry_failed=self.retry_failed)
        self._stopped = threading.Event()
        self._fatal: BaseException | None = None
        self._open: dict[int, Job] = {}  # begun, and neither ended nor dropped

    def stop(self) -> None:
        """Begin no more documents; what is under way is finished."""
        self._stopped.set()

    def run(self) -> Generator[Result]:
        """Yield the results, as they come or in the documents' order. Raises what would meet every document."""
        try:
            with _ray() as ray:
                nodes = sum(node["Alive"] for node in ray.nodes())
                share, workers = self._share(self.workers or nodes)
                told = f"{workers} workers of a Ray cluster of {nodes} nodes do the work."
                self.listener(events.Note(told))
                yield from ordered(self._results(ray, share, workers), self.order)
        finally:
            self._postponed.close()
        if self._fatal is not None:
            raise self._fatal

    def _results(self, ray: Any, share: Share, workers: int) -> Generator[Result]:
        """Window by window; while one is with the cluster the next is read."""
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=False
        )
        coordinator = ray.remote(num_cpus=0, scheduling_strategy=here)(
            _Coordinator
        ).remote()  # lives as long as the driver
        patience = Patience(share.concurrency * workers)
        with self._books_closed(), ThreadPoolExecutor(1) as reading:
            try:
                window = self._window()
                while window or (self._postponed and not (self._stopped.is_set() or self.over_budget)):
                    following = reading.submit(self._window)
                    yield from (known for known in window if isinstance(known, Result))
                    jobs = [job for job in window if isinstance(job, Job)]
                    rows = _mapped(jobs, share, workers, coordinator) if jobs else iter(())
                    yield from self._done(rows, patience, lambda: ray.get(coordinator.dismiss.remote()))
                    if not window:
                        time.sleep(AGAIN)
                    window = following.result()
            except ray.exceptions.RayError as error:
                cause = getattr(error, "cause", None) or error
                told = short(f"{type(cause).__name__}: {cause}")
                cure = "check that summariser, in this version, is installed on every node"
                raise ClusterError(f"The Ray cluster could not do the work ({told}); {cure}.") from None
            finally:
                self.stop()
                coordinator.dismiss.remote()

    @contextmanager
    def _books_closed(self) -> Iterator[None]:
        """At the end of a `with`, drop the documents of which nothing comes any more."""
        try:
            yield
        finally:
            while self._open:
                self._jobs.drop(self._open.popitem()[1])

    def _done(self, rows: "Iterator[_Row]", patience: Patience, dismiss: Callable[[], object]) -> Iterator[Result]:
        """Yield what became of the documents of a window, as it comes.

        Where this is closed early no more are begun, and what comes of those under way is kept.
        """
        try:
            for row in rows:
                if (result := self._taken_in(row, patience, dismiss)) is not None:
                    yield result
        except GeneratorExit:
            if self._waits:
                dismiss()
                for row in rows:
                    self._taken_in(row, patience, dismiss)
            raise

    def _taken_in(self, row: "_Row", patience: Patience, dismiss: Callable[[], object]) -> Result | None:
        """Return a worker's result, kept; None where the document was not begun or nothing is said about it."""
        number, packed = row
        job = self._open.pop(number)
        if not packed:
            self._jobs.drop(job)
            self.over_budget = self.over_budget or self.budget.reached
            return None
        result, usage, ends = _unpacked(packed, job.result)
        self.budget.add(usage)
        fatal = result.error if ends else self._other_prompt(result)
        ends = fatal is not None
        fatal = fatal or patience.ended_by(result)
        if fatal is not None:
            self._fatal = self._fatal or fatal
            self.stop()
        if self._stopped.is_set() or self.budget.reached:
            dismiss()
        if not ends:
            return self._jobs.end(job, result)
        self._jobs.drop(job)
        return None

    def _other_prompt(self, result: Result) -> ClusterError | None:
        """Return the error where a worker made a Summary by another prompt than this session's."""
        prompt = self.session.prompt
        if result.summary is None or result.summary.run.prompt_sha256 == prompt.sha256:
            return None
        told = f"A worker of the cluster used another text of the prompt {prompt.id} than was sent to it"
        return ClusterError(f"{told}; install this version of summariser on every node.")

    def _window(self) -> "list[Result | Job]":
        """Return the next documents for the cluster, as many as it may have at once: what is known, or to be done."""
        window: list[Result | Job] = []
        characters = 0
        for number, item in self._next():
            begun = self._jobs.begin(number, item)
            if begun is None:
                self._postponed.put((number, item))
                continue
            window.append(begun)
            if isinstance(begun, Job):
                self._open[number] = begun
            characters += len(begun.document.text) if isinstance(begun, Job) else 0
            if len(window) == _WINDOW or characters > _WINDOW_CHARACTERS:
                break
        return window

    def _next(self) -> Iterator[Numbered]:
        """Yield what others had in hand, each once, then what is new."""
        for _ in range(len(self._postponed)):
            yield self._postponed.take()
        while not self._stopped.is_set() and (found := self._new()) is not None:
            yield found

    def _share(self, workers: int) -> tuple[Share, int]:
        """Return what each worker may use, and how many there are: no more than may be under way at once."""
        session = self.session
        most = self.concurrency or (workers if is_local(session.name) else DEFAULT_CONCURRENCY)
        workers = min(workers, most)
        rates = (self.requests_per_minute, self.tokens_per_minute)
        share = Share(
            model=session.name,
            prompt=session.prompt,
            settings=session.settings.model_copy(update={"store": None}),
            concurrency=most // workers,
            requests_per_minute=rates[0] and rates[0] / workers,
            tokens_per_minute=rates[1] and rates[1] / workers,
        )
        return share, workers


_Row = tuple[int, bytes]


def _mapped(jobs: Iterable[Job], share: Share, workers: int, coordinator: Any) -> Iterator[_Row]:
    """Yield what the workers make of documents, as it comes: each one's number and what `_packed` gave, or nothing."""
    import ray.data

    rows = [{"number": job.result.number, "document": pickle.dumps(job.document)} for job in jobs]
    threads = workers_for(share.concurrency)
    pool = ray.data.ActorPoolStrategy(
        size=workers,
        max_tasks_in_flight_per_actor=2 * threads,
        max_concurrent_calls_per_actor=threads,
        enable_true_multi_threading=True,
    )
    with _silent(ray.data.DataContext.get_current()):
        done = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
            Worker,  # type: ignore[arg-type]  # a class whose objects are such functions
            fn_constructor_args=(share, coordinator),
            compute=pool,
            num_cpus=_CPUS,
        )
        for row in done.iter_rows():
            yield row["number"], row["made"]


@contextmanager
def _silent(context: Any) -> Iterator[None]:
    """Ray Data shows no progress of its own for the length of a `with`; afterwards its context is what it was."""
    before = context.enable_progress_bars, context.print_on_execution_start
    context.enable_progress_bars = context.print_on_execution_start = False
    try:
        yield
    finally:
        context.enable_progress_bars, context.print_on_execution_start = before


class Worker:
    """One worker on the cluster: a session without a store, for so many documents at once."""

    def __init__(self, share: Share, coordinator: Any) -> None:
        self._coordinator = coordinator
        self._session = Session(model=share.model, prompt=share.prompt, settings=share.settings)
        self._budget = Budget(share.model)
        self._gate = Throttle(
            most=share.concurrency,
            budget=self._budget,
            requests_per_minute=share.requests_per_minute,
            tokens_per_minute=share.tokens_per_minute,
        )
        sys.setswitchinterval(SWITCHING)  # of the worker's own process

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return what becomes of a document: a row of its number and what `_packed` gives, or nothing if it is late."""
        import ray

        number = int(row["number"])
        match ray.get(self._coordinator.begin.remote(number)):
            case "make":
                return {"number": number, "made": self._made(number, row["document"])}
            case "lost":
                told = "The worker with this document was lost, and the next one too; try it again by itself."
                lost = Result(number=number, id="", source="", error=LostError(told))
                return {"number": number, "made": _packed(lost, Usage(), ends=False)}
        return {"number": number, "made": b""}

    def _made(self, number: int, document: bytes) -> bytes:
        result, ends = Result(number=number, id="", source=""), False
        try:
            with self._gate.turn:
                result = run_now(self._summarised(pickle.loads(document), result))  # noqa: S301  # the driver's
        except SummariserError as error:  # of the settings or the weights: it would meet every document
            result, ends = replace(result, error=error), True
        return _packed(result, self._budget.taken(), ends=ends)

    async def _summarised(self, document: Document, result: Result) -> Result:
        return await made(self._session, await self._session.model(self._gate), document, result)


class _Coordinator:
    """Whom every worker asks before it begins a document."""

    def __init__(self) -> None:
        self._begun: Counter[int] = Counter()
        self._dismissed = False

    def dismiss(self) -> None:
        """No more documents are begun."""
        self._dismissed = True

    def begin(self, number: int) -> str:
        """Return what to do with a document: "make" it, "leave" it, or tell that its worker was "lost" twice."""
        self._begun[number] += 1
        if self._begun[number] > _TIMES:
            return "lost"
        return "leave" if self._dismissed else "make"


def _packed(result: Result, usage: Usage, *, ends: bool) -> bytes:
    """Return a worker's result as bytes: what it is, what was spent since the last one, and whether it ends the run."""
    error = result.error
    told = error and {"code": code_of(error), "message": str(error), "fields": vars(error)}
    summary = result.summary and result.summary.model_dump(mode="json")
    return json.dumps({"summary": summary, "error": told, "usage": asdict(usage), "ends": ends}).encode()


def _unpacked(packed: bytes, result: Result) -> tuple[Result, Usage, bool]:
    found = json.loads(packed)
    summary = found["summary"] and summary_type().model_validate(found["summary"])
    error = found["error"] and _error(**found["error"])
    return replace(result, summary=summary, error=error), Usage(**found["usage"]), found["ends"]


def _error(code: str, message: str, fields: dict[str, Any]) -> SummariserError:
    """Return the error of that name, with what it says besides its words."""
    kind: type[SummariserError] = getattr(errors, code)
    error = kind(message)
    vars(error).update(fields)
    return error


@contextmanager
def _ray() -> Iterator[Any]:
    """Ray, connected to a cluster for the length of a `with`: the caller's, the one that it finds, or one made here."""
    try:
        import ray
        import ray.data
        import ray.util.scheduling_strategies
    except ImportError:
        raise ConfigurationError(f"The engine ray needs Ray; {installing('ray')}.") from None
    if ray.is_initialized():
        yield ray
        return
    _require_reachable(os.environ.get("RAY_ADDRESS", ""))
    try:
        level = logging.getLogger("ray").level  # stays what it is
        ray.init(include_dashboard=False, log_to_driver=False, logging_level=level)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise ConfigurationError(
            f"No Ray cluster could be joined or started ({short(str(error))}); check RAY_ADDRESS, or unset it."
        ) from None
    try:
        yield ray
    finally:
        ray.shutdown()


def _require_reachable(address: str) -> None:
    """Find out within seconds whether a cluster's address answers, which Ray tries for minutes.

    Raises ConfigurationError where it does not.
    """
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if not (colon and port.isdecimal()):
        return  # a word that Ray knows, such as auto
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS).close()
    except OSError as error:
        raise ConfigurationError(
            f"There is no Ray cluster at {address} ({error.strerror or error}); check RAY_ADDRESS, or unset it."
        ) from None
