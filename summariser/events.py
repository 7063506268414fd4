"""Events that report the progress of a run to a listener.

A listener is a function that takes an Event. `summarise` calls it in the thread of its caller, `summarise_many` in its
worker threads and in the thread that takes the results. Asynchronous functions call it in the thread of the event
loop. The calls of one Summariser never overlap, so a listener needs no lock. A listener should return quickly, because
the work waits for it.

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

from summariser.errors import ListenerError, SummariserError

Stage = Literal["pulling", "loading", "asking", "reading", "writing", "waiting", "note", "finished"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens during a run.

    Attributes:
        stage: The kind of the event.
        document: The id of the document: in a batch the id of its Result, otherwise the name of its source; None if
            the event concerns only the model.
        done: The amount of work done so far, or None.
        total: The total amount of work, or None if it is unknown.
    """

    stage: ClassVar[Stage]
    document: str | None = field(default=None, kw_only=True)
    done: int | None = field(default=None, kw_only=True)
    total: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Pulling(Event):
    """Weights are being downloaded from `source`; `done` and `total` are in bytes."""

    stage = "pulling"
    done: int
    total: int
    source: str


@dataclass(frozen=True, slots=True)
class Loading(Event):
    """The embedded model is being loaded; `ready` is True once it can answer."""

    stage = "loading"
    model: str
    ready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Event):
    """A call to the model begins: the name of the call, the number of finished calls, and the number of all calls."""

    stage = "asking"
    call: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Reading(Event):
    """The model is reading the prompt; `done` and `total` are in tokens."""

    stage = "reading"
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Writing(Event):
    """The model is writing; `text` is the answer so far."""

    stage = "writing"
    text: str


@dataclass(frozen=True, slots=True)
class Waiting(Event):
    """A request failed because of `reason` and is sent again after `seconds`."""

    stage = "waiting"
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Note(Event):
    """A message for the user, in one sentence."""

    stage = "note"
    message: str


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """A document is finished; `done` and `total` count documents, and `total` is None if it is unknown."""

    stage = "finished"
    status: str


Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Do nothing with an event; this is the default listener."""


def about(document: str, listener: Listener) -> Listener:
    """Return a listener that sets the document of each event and passes the event to another listener."""
    if listener is ignore:
        return ignore
    return lambda event: listener(replace(event, document=document))


def one_at_a_time(listener: Listener) -> Listener:
    """Return a listener that any number of threads may call at once; it passes one event at a time to another one."""
    if listener is ignore:
        return ignore
    lock = threading.RLock()  # a listener may cause further events

    def locked(event: Event) -> None:
        with lock:
            try:
                listener(event)
            except SummariserError:
                raise
            except Exception as error:
                message = f"The listener failed ({type(error).__name__}: {error}); correct it."
                raise ListenerError(message) from error

    return locked
