"""Run a batch on a Ray cluster: Ray Data sends documents to workers and results back to the driver.

The driver reads the sources and uses the store. Each worker has a session of its own, with its own connections and its
share of the limits, and no store. If a worker is lost, its documents are summarised again once.
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
from summariser.batch.jobs import FailureLimit, Job, Jobs, summarise_job
from summariser.batch.local import DEFAULT_CONCURRENCY, RECHECK_SECONDS, SWITCH_INTERVAL, workers_for
from summariser.batch.rate_limit import Throttle
from summariser.batch.results import Result, ordered
from summariser.concurrency import run_now
from summariser.documents import Document
from summariser.errors import ClusterError, ConfigurationError, LostError, SummariserError, code_of
from summariser.extras import installing
from summariser.models import Usage, is_local, short
from summariser.pipeline import Session
from summariser.prompts import Prompt
from summariser.schema import summary_type
from summariser.settings import Settings

_WINDOW = 4096  # documents on the cluster at the same time; the driver reads as many ahead
_WINDOW_CHARACTERS = 200_000_000
_CONNECT_SECONDS = 5.0
_TIMES = 2  # attempts with a document whose worker is lost; the document itself may be the cause
_CPUS = 0.25  # per worker, which mostly waits; a small share fits on another node when a node is lost


@dataclass(frozen=True, kw_only=True)
class Share:
    """The options of a worker: the model, the prompt, the settings, and its share of the concurrency and the rates."""

    model: str
    prompt: Prompt
    settings: Settings
    concurrency: int
    requests_per_minute: float | None
    tokens_per_minute: float | None


@dataclass(kw_only=True)
class ClusterBatch(Engine):
    """The engine whose workers on a Ray cluster send the requests.

    It joins the cluster that Ray finds (RAY_ADDRESS, or one that runs on this machine), otherwise it starts one.

    Attributes:
        concurrency: The maximum number of documents in progress, over all workers.
        workers: The number of workers. The default is one per node.
        requests_per_minute: The maximum number of requests per minute, over all workers.
        tokens_per_minute: The maximum number of tokens per minute, input plus output, over all workers.
        listener: Receives the events of the engine.

    Raises:
        ConfigurationError: The model is already open.
    """

    concurrency: int | None = None
    workers: int | None = None
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    listener: events.Listener = events.ignore

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.session.given is not None:
            raise ConfigurationError("A Model that is already open cannot be sent to a cluster; give its name instead.")
        self._jobs = Jobs(self.session, retry_failed=self.retry_failed)
        self._stopped = threading.Event()
        self._fatal: BaseException | None = None
        self._open: dict[int, Job] = {}  # begun, but neither ended nor dropped

    def stop(self) -> None:
        """Start no more documents; documents in progress are finished."""
        self._stopped.set()

    def run(self) -> Generator[Result]:
        """Yield the results in the order that `order` names.

        Raises:
            SummariserError: An error that would occur with every document, such as a wrong key.
        """
        try:
            with _ray() as ray:
                nodes = sum(node["Alive"] for node in ray.nodes())
                share, workers = self._share(self.workers or nodes)
                message = f"Summarising with {workers} workers on a Ray cluster of {nodes} nodes."
                self.listener(events.Note(message))
                yield from ordered(self._results(ray, share, workers), self.order)
        finally:
            self._postponed.close()
        if self._fatal is not None:
            raise self._fatal

    def _results(self, ray: Any, share: Share, workers: int) -> Generator[Result]:
        """Yield the results window by window; while the cluster works on one, the next is read."""
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=False
        )
        coordinator = ray.remote(num_cpus=0, scheduling_strategy=here)(
            _Coordinator
        ).remote()  # lives as long as the driver
        failure_limit = FailureLimit(share.concurrency * workers)
        with self._dropping_open_jobs(), ThreadPoolExecutor(1) as reading:
            try:
                window = self._window()
                while window or (self._postponed and not (self._stopped.is_set() or self.over_budget)):
                    following = reading.submit(self._window)
                    yield from (known for known in window if isinstance(known, Result))
                    jobs = [job for job in window if isinstance(job, Job)]
                    rows = _mapped(jobs, share, workers, coordinator) if jobs else iter(())
                    yield from self._done(rows, failure_limit, lambda: ray.get(coordinator.dismiss.remote()))
                    if not window:
                        time.sleep(RECHECK_SECONDS)
                    window = following.result()
            except ray.exceptions.RayError as error:
                cause = getattr(error, "cause", None) or error
                reason = short(f"{type(cause).__name__}: {cause}")
                cure = "check that this version of summariser is installed on every node"
                raise ClusterError(f"The Ray cluster failed ({reason}); {cure}.") from None
            finally:
                self.stop()
                coordinator.dismiss.remote()

    @contextmanager
    def _dropping_open_jobs(self) -> Iterator[None]:
        """Drop the unfinished documents at the end of the `with` block."""
        try:
            yield
        finally:
            while self._open:
                self._jobs.drop(self._open.popitem()[1])

    def _done(
        self, rows: "Iterator[_Row]", failure_limit: FailureLimit, dismiss: Callable[[], object]
    ) -> Iterator[Result]:
        """Yield the results of a window in the order of completion.

        If this generator is closed early, no more documents start, and the results of those in progress are stored.
        """
        try:
            for row in rows:
                if (result := self._finish_row(row, failure_limit, dismiss)) is not None:
                    yield result
        except GeneratorExit:
            if self._waits:
                dismiss()
                for row in rows:
                    self._finish_row(row, failure_limit, dismiss)
            raise

    def _finish_row(self, row: "_Row", failure_limit: FailureLimit, dismiss: Callable[[], object]) -> Result | None:
        """Store a worker's result and return it; None if the document has no result of its own."""
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
        fatal = fatal or failure_limit.fatal_error(result)
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
        """Return an error if a worker used a different prompt text than this session, otherwise None."""
        prompt = self.session.prompt
        if result.summary is None or result.summary.run.prompt_sha256 == prompt.sha256:
            return None
        message = f"A worker of the cluster used a different text of the prompt {prompt.id}"
        return ClusterError(f"{message}; install this version of summariser on every node.")

    def _window(self) -> "list[Result | Job]":
        """Return the next documents for the cluster: known results, and jobs to be done."""
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
        """Yield the postponed documents, each once, then new ones."""
        for _ in range(len(self._postponed)):
            yield self._postponed.take()
        while not self._stopped.is_set() and (found := self._new()) is not None:
            yield found

    def _share(self, workers: int) -> tuple[Share, int]:
        """Return the share of a worker, and the number of workers, which is at most the concurrency."""
        session = self.session
        most = self.concurrency or (workers if is_local(session.model_name) else DEFAULT_CONCURRENCY)
        workers = min(workers, most)
        rates = (self.requests_per_minute, self.tokens_per_minute)
        share = Share(
            model=session.model_name,
            prompt=session.prompt,
            settings=session.settings.model_copy(update={"store": None}),
            concurrency=most // workers,
            requests_per_minute=rates[0] and rates[0] / workers,
            tokens_per_minute=rates[1] and rates[1] / workers,
        )
        return share, workers


_Row = tuple[int, bytes]


def _mapped(jobs: Iterable[Job], share: Share, workers: int, coordinator: Any) -> Iterator[_Row]:
    """Yield the number of each finished document with its packed result, or with b"" if it was not started."""
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
            Worker,  # type: ignore[arg-type]  # a callable class
            fn_constructor_args=(share, coordinator),
            compute=pool,
            num_cpus=_CPUS,
        )
        for row in done.iter_rows():
            yield row["number"], row["made"]


@contextmanager
def _silent(context: Any) -> Iterator[None]:
    """Turn off Ray Data's own progress display for the length of the `with` block."""
    before = context.enable_progress_bars, context.print_on_execution_start
    context.enable_progress_bars = context.print_on_execution_start = False
    try:
        yield
    finally:
        context.enable_progress_bars, context.print_on_execution_start = before


class Worker:
    """A worker on the cluster: a session without a store, with a share of the limits."""

    def __init__(self, share: Share, coordinator: Any) -> None:
        self._coordinator = coordinator
        self._session = Session(model=share.model, prompt=share.prompt, settings=share.settings)
        self._budget = Budget(share.model)
        self._throttle = Throttle(
            most=share.concurrency,
            budget=self._budget,
            requests_per_minute=share.requests_per_minute,
            tokens_per_minute=share.tokens_per_minute,
        )
        sys.setswitchinterval(SWITCH_INTERVAL)  # applies to the worker's own process

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Summarise one document.

        Args:
            row: The number of the document, and the pickled document.

        Returns:
            The number of the document, and its packed result: b"" if the document must not be started any more.
        """
        import ray

        number = int(row["number"])
        match ray.get(self._coordinator.begin.remote(number)):
            case "make":
                return {"number": number, "made": self._made(number, row["document"])}
            case "lost":
                message = "Two workers with this document were lost; try it again by itself."
                lost = Result(number=number, id="", source="", error=LostError(message))
                return {"number": number, "made": _packed(lost, Usage(), ends=False)}
        return {"number": number, "made": b""}

    def _made(self, number: int, document: bytes) -> bytes:
        result, ends = Result(number=number, id="", source=""), False
        try:
            with self._throttle.turn:
                result = run_now(self._summarised(pickle.loads(document), result))  # noqa: S301  # pickled by the driver
        except (
            SummariserError
        ) as error:  # an error of the settings or the weights, which would occur with every document
            result, ends = replace(result, error=error), True
        return _packed(result, self._budget.take_usage(), ends=ends)

    async def _summarised(self, document: Document, result: Result) -> Result:
        return await summarise_job(self._session, await self._session.model(self._throttle), document, result)


class _Coordinator:
    """The actor that allows each worker to start a document."""

    def __init__(self) -> None:
        self._begun: Counter[int] = Counter()
        self._dismissed = False

    def dismiss(self) -> None:
        """Allow no more documents."""
        self._dismissed = True

    def begin(self, number: int) -> str:
        """Return what to do with a document: "make" it, "leave" it, or report it as "lost" if two workers were lost."""
        self._begun[number] += 1
        if self._begun[number] > _TIMES:
            return "lost"
        return "leave" if self._dismissed else "make"


def _packed(result: Result, usage: Usage, *, ends: bool) -> bytes:
    """Return a result as bytes, with the usage since the last one and with whether it ends the run."""
    error = result.error
    packed_error = error and {"code": code_of(error), "message": str(error), "fields": vars(error)}
    summary = result.summary and result.summary.model_dump(mode="json")
    return json.dumps({"summary": summary, "error": packed_error, "usage": asdict(usage), "ends": ends}).encode()


def _unpacked(packed: bytes, result: Result) -> tuple[Result, Usage, bool]:
    found = json.loads(packed)
    summary = found["summary"] and summary_type().model_validate(found["summary"])
    error = found["error"] and _error(**found["error"])
    return replace(result, summary=summary, error=error), Usage(**found["usage"]), found["ends"]


def _error(code: str, message: str, fields: dict[str, Any]) -> SummariserError:
    """Return the error with that class name, message and attributes."""
    kind: type[SummariserError] = getattr(errors, code)
    error = kind(message)
    vars(error).update(fields)
    return error


@contextmanager
def _ray() -> Iterator[Any]:
    """Yield Ray, connected to the caller's cluster, to one that Ray finds, or to a new one."""
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
        level = logging.getLogger("ray").level  # unchanged
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
    """Raise ConfigurationError if a cluster's address does not answer within seconds; Ray would try for minutes."""
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if not (colon and port.isdecimal()):
        return  # a keyword of Ray, such as auto
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS).close()
    except OSError as error:
        raise ConfigurationError(
            f"There is no Ray cluster at {address} ({error.strerror or error}); check RAY_ADDRESS, or unset it."
        ) from None
