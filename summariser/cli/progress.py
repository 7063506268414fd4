"""Progress on standard error: a live display on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.spinner import Spinner
from rich.text import Text

from summariser import events
from summariser.cli.messages import hinted, is_json, say
from summariser.text import printable

_SHOWN = ("name", "action", "statement", "risk", "headline")


@contextmanager
def showing_progress(*, quiet: bool = False, verbose: bool = False) -> Iterator[events.Listener]:
    """Yield a listener that shows progress: nothing if `quiet`, every event if `verbose`."""
    console = Console(stderr=True, quiet=quiet, highlight=False)
    live = console.is_terminal and not quiet and not is_json()
    narrator = _Live(console) if live else Plain(quiet=quiet, verbose=verbose)
    try:
        yield narrator.handle
    finally:
        narrator.stop()


class Plain:
    """Progress as plain lines for a log; few unless verbose."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet, self._verbose = quiet, verbose
        self._source = ""

    def handle(self, event: events.Event) -> None:
        """Write a line for an event that belongs in a log."""
        match event:
            case events.Pulling(source=source) if source != self._source:
                self._source = source
                self._say(_pulling_from(source))
            case events.Waiting(seconds=seconds, reason=reason):
                self._say(f"{reason} Trying again in {seconds:.1f} s.", event="waiting", seconds=round(seconds, 3))
            case events.Note(message=message):
                self._say(message)
            case events.Loading(model=model, ready=False) if self._verbose:
                self._say(f"loading {model}", event="loading", model=model)
            case events.Asking(call=call, done=done, total=of) if self._verbose:
                number = done + 1
                self._say(f"asking for {call} ({number} of {of})", event="asking", call=call, number=number, of=of)

    def _say(self, text: str, *, event: str = "note", **fields: object) -> None:
        if not self._quiet:
            say(text, event=event, **fields)

    def stop(self) -> None:
        """Do nothing; there is no live display."""


class _Live:
    """A spinner with the current request, below the items received so far."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._spinner = Spinner("dots", Text("starting"))
        self._live = Live(self._spinner, console=console, transient=True, refresh_per_second=8)
        self._download: Progress | None = None
        self._doing = ""
        self._seen = 0

    def handle(self, event: events.Event) -> None:
        """Show one event."""
        if isinstance(event, events.Pulling):
            self._pulling(event)
            return
        self._end_download()
        match event:
            case events.Loading(model=model, ready=ready):
                self._show(f"{model} is loaded" if ready else f"loading {model}")
            case events.Asking(call=call, done=done, total=total):
                self._doing, self._seen = f"asking for {call} ({done + 1} of {total})", 0
                self._show(self._doing)
            case events.Reading(done=done, total=total):
                self._show(f"{self._doing}: reading, {done:,} of {total:,} tokens")
            case events.Writing(text=text):
                self._writing(text)
            case events.Waiting(seconds=seconds, reason=reason):
                self._print(f"{reason} Trying again in {seconds:.1f} s.")
            case events.Note(message=message):
                self._print(message)

    def _writing(self, text: str) -> None:
        items = _complete_items(text)
        for item in items[self._seen :]:
            self._print(f"  {item}")
        self._seen = max(self._seen, len(items))
        self._show(f"{self._doing}: writing, {len(items)} so far")

    def _pulling(self, event: events.Pulling) -> None:
        if self._download is None:
            self._live.stop()
            self._download = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                DownloadColumn(),
                TransferSpeedColumn(),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._download.add_task(_pulling_from(event.source))
            self._download.start()
        task = self._download.tasks[0]
        if task.description != _pulling_from(event.source):
            self._download.reset(task.id, description=_pulling_from(event.source))
        self._download.update(task.id, completed=event.done, total=event.total)

    def _end_download(self) -> None:
        if self._download is not None:
            self._download.stop()
            self._download = None

    def _show(self, text: str) -> None:
        self._spinner.update(text=Text(printable(text)))
        if not self._live.is_started:
            self._live.start()

    def _print(self, text: str) -> None:
        self._console.print(Text(printable(hinted(text)), style="dim", overflow="ellipsis", no_wrap=True))

    def stop(self) -> None:
        """Remove the live display."""
        self._end_download()
        if self._live.is_started:
            self._live.stop()


def _pulling_from(source: str) -> str:
    return "checking the model's hash" if source == "checking" else f"fetching the model ({source})"


def _complete_items(text: str) -> list[str]:
    """Return a line for each complete item of an answer that is still being written."""
    from pydantic_core import from_json

    try:
        answer = from_json(text, allow_partial=True)
    except ValueError:
        return []
    if not isinstance(answer, dict):
        return []
    shown: list[str] = []
    for part in answer.values():
        values = list(part.values()) if isinstance(part, dict) else part if isinstance(part, list) else []
        whole = values if text.rstrip().endswith("}}") else values[:-1]
        for value in whole:
            if isinstance(value, dict):
                item = cast(dict[str, object], value)
                shown += [str(item[name]) for name in _SHOWN if item.get(name)][:1]
    return shown
