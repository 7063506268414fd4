"""What a long run tells a listener: which document it is about, at which stage that is, and how far.

A listener is a function that takes an Event. `summarise` calls it in the thread of its caller, `summarise_many` in its
worker threads and in the thread that takes the results, everything asynchronous in the thread of the event loop. The
calls of one Summariser never overlap, so that a listener needs no lock. Work waits while it runs: it should return
quickly.

A progress bar over many documents::

    from rich.progress import Progress
    from summariser import events, summarise_many

    with Progress() as progress:
        bar = progress.add_task("summarising")

        def show(event: events.Event) -> None:
            if event.stage == "finished":
                progress.update(bar, completed=event.done, total=event.total)

        results = list(summarise_many(paths, listener=show))
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

Stage = Literal["pulling", "loading", "asking", "reading", "writing", "waiting", "note", "finished"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens during a run.

    Attributes:
        stage: what kind of event it is.
        document: the id of the document that it is about: in a batch that of its Result, else the name of its source;
            None for what concerns the model alone.
        done: how much is done, where that is counted.
        total: of how much, where that is known.
    """

    stage: ClassVar[Stage]
    document: str | None = field(default=None, kw_only=True)
    done: int | None = field(default=None, kw_only=True)
    total: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Pulling(Event):
    """Weights are being fetched: bytes so far, of how many, and from where."""

    stage = "pulling"
    done: int
    total: int
    source: str


@dataclass(frozen=True, slots=True)
class Loading(Event):
    """The embedded model is being loaded; `ready` once it answers."""

    stage = "loading"
    model: str
    ready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Event):
    """A call is about to be made: its name, how many were made before it, and how many there are."""

    stage = "asking"
    call: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Reading(Event):
    """The model is reading the prompt: tokens so far, of how many."""

    stage = "reading"
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Writing(Event):
    """The model is writing: the answer so far."""

    stage = "writing"
    text: str


@dataclass(frozen=True, slots=True)
class Waiting(Event):
    """A call failed in transport and is made again after so many seconds."""

    stage = "waiting"
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Note(Event):
    """Something worth a line: a sentence for people."""

    stage = "note"
    message: str


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """A document is finished, with this status: documents so far, of how many where that is known."""

    stage = "finished"
    status: str


Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """The listener that listens to nothing."""


def about(document: str, listener: Listener) -> Listener:
    """Return a listener that tells another which document the events are about."""
    if listener is ignore:
        return ignore
    return lambda event: listener(replace(event, document=document))


def one_at_a_time(listener: Listener) -> Listener:
    """Return a listener that any number of threads may call at once; it calls another for one after the other."""
    if listener is ignore:
        return ignore
    lock = threading.RLock()  # a listener may itself do what is told to it

    def heard(event: Event) -> None:
        with lock:
            listener(event)

    return heard
