"""`summariser batch`."""

import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout, suppress
from datetime import timedelta
from enum import StrEnum
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from summariser.cli.configuration import Config, command_settings, command_store
from summariser.cli.messages import as_json, is_json, outcome, record, say
from summariser.cli.output import format_for, require_writable
from summariser.errors import ConfigurationError, Exit

if TYPE_CHECKING:
    from summariser.batch import Engine, Item, Result
    from summariser.settings import Settings

_EVERY = 10.0  # seconds between two lines of progress in a log


class Format(StrEnum):
    """How results are written."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


class Where(StrEnum):
    """Where the work is done."""

    LOCAL = "local"
    OPENAI_BATCH = "openai-batch"
    RAY = "ray"


class Order(StrEnum):
    """In which order results are written."""

    COMPLETION = "completion"
    INPUT = "input"


def batch(  # every option is a parameter
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Files, folders, patterns, .jsonl files, @lists, addresses of storage, or - for JSONL.",
        ),
    ],
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="Write the results to this file or address.")
    ] = None,
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="Default: by the ending of --output, else jsonl.")
    ] = None,
    order: Annotated[
        Order, typer.Option("--order", help="Results as they are done, or as the documents come.")
    ] = Order.COMPLETION,
    store: Annotated[
        Path | None, typer.Option("--store", help="Keep summaries and answers in this file; default: the user's own.")
    ] = None,
    no_store: Annotated[bool, typer.Option("--no-store", help="Keep nothing, and take nothing from before.")] = False,
    engine: Annotated[
        Where,
        typer.Option(
            "--engine", help="Here; by the provider's Batch API, within a day at half the price; or on a Ray cluster."
        ),
    ] = Where.LOCAL,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Workers on the Ray cluster; default: one a node.")
    ] = None,
    model: Annotated[str | None, typer.Option("--model", "-m", help="provider/name; see 'models list'.")] = None,
    prompt: Annotated[str | None, typer.Option("--prompt", "-p", help="name@version; see 'prompts list'.")] = None,
    concurrency: Annotated[
        int | None,
        typer.Option("--concurrency", "-c", min=1, max=1024, help="Documents at once at most; default: 16, local 1."),
    ] = None,
    requests_per_minute: Annotated[float | None, typer.Option("--requests-per-minute", min=0.001)] = None,
    tokens_per_minute: Annotated[float | None, typer.Option("--tokens-per-minute", min=1)] = None,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", min=0, help="Begin nothing beyond so many US dollars.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=0, help="The same for tokens, read and written.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first documents.")] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try again what failed in an earlier run.")
    ] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Make anew what the store has.")] = False,
    config: Config = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be asked and cost; ask nobody.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Narrate in JSON, an object a line.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No narration on standard error.")] = False,
) -> None:
    """Summarise many documents, each once: what was done before is taken from the store, what broke off goes on."""
    from summariser.batch import Budget, engine_for, items_from
    from summariser.batch.writers import require_format
    from summariser.cli.progress import Plain
    from summariser.pipeline import Session

    if log_json:
        as_json()
    settings = command_settings(config, model=model, prompt=prompt, store=store, refresh=refresh or None)
    settings = command_store(settings, store=store, no_store=no_store, quiet=quiet)
    chosen = Format(format_for(output, format, formats=[*Format], usual=Format.JSONL))
    _require_writable(output)
    require_format(chosen, output)
    _require_other_output(sources, output)
    items = items_from(sources)
    if dry_run:
        _dry_run(items if limit is None else islice(items, limit), settings, _share_of_price(engine))
        return
    session = Session(settings=settings)
    job = engine_for(
        engine.value,
        items=items,
        session=session,
        budget=Budget(session.name, max_cost, max_tokens),
        order=order.value,
        retry_failed=retry_failed,
        limit=limit,
        concurrency=concurrency,
        requests_per_minute=requests_per_minute,
        tokens_per_minute=tokens_per_minute,
        workers=workers,
        listener=Plain(quiet=quiet, verbose=False).hear,
    )
    _set_up_process(engine)
    with session:
        raise typer.Exit(_run(job, output, chosen, total=_total(sources, limit, quiet=quiet), quiet=quiet))


def _set_up_process(engine: Where) -> None:
    """Set what only a process of its own may set: how soon threads take turns, and what Ray tells."""
    from summariser.batch.local import SWITCHING

    sys.setswitchinterval(min(sys.getswitchinterval(), SWITCHING))
    if engine is not Where.RAY:
        return
    for name, value in (("RAY_USAGE_STATS_ENABLED", "0"), ("RAY_BACKEND_LOG_LEVEL", "fatal")):
        os.environ.setdefault(name, value)
    with suppress(ImportError):  # which the engine tells
        import_module("ray.data")  # sets the levels of its loggers when it is imported
        for name in ("ray", "ray.data"):
            logging.getLogger(name).setLevel(logging.ERROR)


def _share_of_price(engine: Where) -> float:
    """How much of the published price an engine pays."""
    from summariser.models.providers.openai_batch import PRICE

    return PRICE if engine is Where.OPENAI_BATCH else 1.0


def _require_other_output(sources: list[str], output: str | None) -> None:
    """Raise ConfigurationError where the results would be written over a source."""
    for source in sources if output is not None else ():
        if Path(source.removeprefix("@")).resolve() == Path(output or "").resolve():
            raise ConfigurationError(f"{output} is a source; give --output another file.")


def _require_writable(output: str | None) -> None:
    from summariser.batch.remote_files import is_address, require_storage

    if output is not None and is_address(output):
        require_storage(output)
    else:
        require_writable(Path(output) if output is not None else None)


def _total(sources: list[str], limit: int | None, *, quiet: bool) -> int | None:
    """How many documents there are, for the time left; None where that is not known or nobody is told."""
    from summariser.batch import count

    found = None if quiet else count(sources)
    return min(found, limit) if found is not None and limit is not None else found


def _run(job: "Engine", output: str | None, format: Format, *, total: int | None, quiet: bool) -> int:
    """Run a batch to its end, and say how it ended; the exit code."""
    from summariser.batch.writers import written

    with (
        written(output, format) as writer,
        _progress(job, total, quiet=quiet) as tally,
        _interruptible(job) as interrupted,
        redirect_stdout(sys.stderr),  # standard output is data: what an engine's library prints is not
        closing(job.run()) as results,
    ):
        for result in results:
            writer.write(result)
            tally.count(result)
            if not quiet:
                _record(result)
    if not quiet:
        say(tally.line(), event="end", **tally.numbers())
        for said in _endings(job, tally, interrupted=bool(interrupted)):
            say(said)
    if interrupted:
        return int(Exit.INTERRUPTED)
    if job.over_budget:
        return int(Exit.BUDGET)
    return int(Exit.BATCH_FAILURES if tally.failed else Exit.DONE)


def _record(result: "Result") -> None:
    """Tell machines what became of a document."""
    from summariser.errors import code_of

    known = outcome(result.source, result.summary) if result.summary else {"source": result.source}
    error = {"code": code_of(result.error), "message": str(result.error)} if result.error else None
    record("document", id=result.id, kept=result.kept, **known, error=error)


def _endings(job: "Engine", tally: "_Tally", *, interrupted: bool) -> Iterator[str]:
    store = job.session.store
    if interrupted and store is not None:
        yield "Interrupted; what was done is kept, the same command goes on."
    if job.over_budget and store is not None:
        yield "The budget is reached; what was done is kept, the same command with a larger one goes on."
    if (interrupted or job.over_budget) and store is None:
        why = "Interrupted" if interrupted else "The budget is reached"
        yield f"{why}; no store keeps what was done, so the same command would do it again."
    if tally.failed:
        failed = "1 document" if tally.failed == 1 else f"{tally.failed} documents"
        again = "" if store is None else " --retry-failed tries again what is kept as failed."
        yield f"{failed} failed, the first for this: {tally.first_error}{again}"
    if store is not None and store.damage:
        yield store.damage


@contextmanager
def _interruptible(job: "Engine") -> Iterator[list[bool]]:
    """The first Ctrl-C begins no more documents, the second ends at once; the list is not empty after the first."""
    interrupted: list[bool] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if interrupted:
            job.abandon()
            raise KeyboardInterrupt
        interrupted.append(True)
        say("finishing what is under way; once more to stop at once", event="interrupted")
        job.stop()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


class _Tally:
    """How far a batch is."""

    def __init__(self, job: "Engine", total: int | None) -> None:
        self._job, self._total, self._began = job, total, time.monotonic()
        self.done = self.failed = self.kept = 0
        self.first_error = ""

    def count(self, result: "Result") -> None:
        """Count a result."""
        self.done += 1
        self.kept += result.kept and not result.failed
        if result.failed:
            self.failed += 1
            self.first_error = self.first_error or str(result.error)

    def numbers(self) -> dict[str, object]:
        """The whole of it for machines."""
        budget = self._job.budget
        return {
            "done": self.done,
            "of": self._total,
            "failed": self.failed,
            "kept": self.kept,
            "seconds": round(time.monotonic() - self._began, 3),
            "tokens": budget.tokens,
            "cost_usd": budget.cost,
        }

    def line(self) -> str:
        """The whole of it in one line."""
        seconds = max(time.monotonic() - self._began, 1e-9)
        budget = self._job.budget
        price = budget.cost
        worth = "" if not price else f", ${price:.4f}"
        of = "" if self._total is None else f" of {self._total}"
        counts = f"{self.done}{of} done, {self.failed} failed, {self.kept} from the store"
        took, rate = timedelta(seconds=round(seconds)), self.done / seconds
        left = (self._total or 0) - self.done
        waiting = f", about {timedelta(seconds=round(left / rate))} left" if left > 0 and self.done else ""
        told = f"; {self._job.under_way}" if self._job.under_way else ""
        return f"{counts}, {rate:.1f} a second, {took}{waiting}, {budget.tokens:,} tokens{worth}{told}"


@contextmanager
def _progress(job: "Engine", total: int | None, *, quiet: bool) -> Iterator[_Tally]:
    """A tally whose line is shown live on a terminal, now and then in a log."""
    import threading

    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    tally = _Tally(job, total)
    console = Console(stderr=True, highlight=False)
    if quiet:
        yield tally
        return
    if console.is_terminal and not is_json():

        class _Line:
            def __rich__(self) -> Text:
                return Text(tally.line())

        with Live(_Line(), console=console, transient=True, refresh_per_second=4):
            yield tally
        return
    over = threading.Event()

    def tell() -> None:
        while not over.wait(_EVERY):
            say(tally.line(), event="progress", **tally.numbers())

    threading.Thread(target=tell, daemon=True).start()
    try:
        yield tally
    finally:
        over.set()


def _dry_run(items: "Iterator[Item]", settings: "Settings", share: float) -> None:
    """Print how many requests the documents would take that the store does not have, and what they would cost."""
    from summariser.cli.output import write
    from summariser.errors import InputError
    from summariser.extraction.passages import estimates, room_for
    from summariser.models.names import limits_of
    from summariser.models.pricing import cost
    from summariser.pipeline import Session

    with Session(settings=settings) as session:
        room = room_for(session.prompt, **limits_of(session.name, settings)._asdict())
        documents = kept = wrong = requests = read = wrote = 0
        for item in items:
            try:
                document = item.document(max_characters=settings.max_characters)
            except InputError:
                wrong += 1
                continue
            if session.kept(document):
                kept += 1
                continue
            found = estimates(session.prompt, document, room=room)
            documents, requests = documents + 1, requests + len(found)
            read, wrote = read + sum(e.input_tokens for e in found), wrote + sum(e.output_tokens for e in found)
    price = cost(session.name, read, 0, wrote, share=share)
    worth = "cost unknown" if price is None else f"at most about ${price:.4f}"
    write(
        f"{documents} documents to summarise, {kept} in the store, {wrong} that cannot be read\n"
        f"{session.prompt.id} with {session.name}: {requests} requests, about {read:,} tokens in, "
        f"at most {wrote:,} out, {worth}\n"
    )
