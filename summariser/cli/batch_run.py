"""Run a batch for the command `summariser batch`: its progress, Ctrl-C, and what is said at its end."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
from datetime import timedelta
from types import FrameType
from typing import TYPE_CHECKING

from summariser.cli.messages import is_json, outcome, record, say
from summariser.errors import Exit, code_of

if TYPE_CHECKING:
    from summariser.batch import Engine, Result

_EVERY = 10.0  # seconds between two progress lines in a log


def run_batch(job: "Engine", output: str | None, format: str, *, bom: bool, total: int | None, quiet: bool) -> int:
    """Run a batch to its end, report how it ended and return the exit code.

    Args:
        job: The batch.
        output: Path or address of the output, or None for standard output.
        format: Output format.
        bom: True to begin CSV with a byte order mark.
        total: The number of documents, or None if it is unknown.
        quiet: True to report errors only.
    """
    from summariser.batch.writers import written

    with (
        written(output, format, bom=bom) as writer,
        _progress(job, total, quiet=quiet) as tally,
        _interruptible(job) as interrupted,
        redirect_stdout(sys.stderr),  # standard output is for data, not for what an engine's library prints
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
    """Write the outcome of a document to the JSON log."""
    known = outcome(result.source, result.summary) if result.summary else {"source": result.source}
    error = {"code": code_of(result.error), "message": str(result.error)} if result.error else None
    record("document", id=result.id, kept=result.kept, **known, error=error)


def _endings(job: "Engine", tally: "_Tally", *, interrupted: bool) -> Iterator[str]:
    store = job.session.store
    if interrupted and store is not None:
        yield "Interrupted; results so far are stored, and the same command continues the run."
    if job.over_budget and store is not None:
        yield "The budget is reached; results so far are stored, and the same command with a larger one continues."
    if (interrupted or job.over_budget) and store is None:
        why = "Interrupted" if interrupted else "The budget is reached"
        yield f"{why}; there is no store, so the same command would start from the beginning."
    if tally.failed:
        failed = "1 document" if tally.failed == 1 else f"{tally.failed} documents"
        again = "" if store is None else " --retry-failed tries failed documents again."
        yield f"{failed} failed; the first error: {tally.first_error}{again}"
    if store is not None and store.damage:
        yield store.damage


@contextmanager
def _interruptible(job: "Engine") -> Iterator[list[bool]]:
    """Handle Ctrl-C: the first stops starting documents, the second ends the run; yield a list, filled by the first."""
    interrupted: list[bool] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if interrupted:
            job.abandon()
            raise KeyboardInterrupt
        interrupted.append(True)
        say("finishing the requests in progress; press Ctrl-C again to stop at once", event="interrupted")
        job.stop()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


class _Tally:
    """The progress of a batch."""

    def __init__(self, job: "Engine", total: int | None) -> None:
        self._job, self._total, self._began = job, total, time.monotonic()
        self.done = self.failed = self.kept = 0
        self.first_error = ""

    def count(self, result: "Result") -> None:
        """Add a result."""
        self.done += 1
        self.kept += result.kept and not result.failed
        if result.failed:
            self.failed += 1
            self.first_error = self.first_error or str(result.error)

    def numbers(self) -> dict[str, object]:
        """Return the progress as fields of the JSON log."""
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
        """Return the progress as one line of text."""
        seconds = max(time.monotonic() - self._began, 1e-9)
        budget = self._job.budget
        price = budget.cost
        worth = "" if not price else f", ${price:.4f}"
        of = "" if self._total is None else f" of {self._total}"
        counts = f"{self.done}{of} done, {self.failed} failed, {self.kept} from the store"
        took, rate = timedelta(seconds=round(seconds)), self.done / seconds
        left = (self._total or 0) - self.done
        waiting = f", about {timedelta(seconds=round(left / rate))} left" if left > 0 and self.done else ""
        under_way = f"; {self._job.under_way}" if self._job.under_way else ""
        return f"{counts}, {rate:.1f} per second, {took}{waiting}, {budget.tokens:,} tokens{worth}{under_way}"


@contextmanager
def _progress(job: "Engine", total: int | None, *, quiet: bool) -> Iterator[_Tally]:
    """Yield a tally; show its line live on a terminal, and every few seconds in a log."""
    from rich.console import Console
    from rich.live import Live

    from summariser.render.terminal import Text

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
