"""What a long run tells whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pulling:
    """Weights are being fetched: bytes so far, of how many, and from where."""

    done: int
    total: int
    source: str


@dataclass(frozen=True, slots=True)
class Loading:
    """The embedded model is being loaded; `ready` once it answers."""

    model: str
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """A call is about to be made: its name, and which of how many it is."""

    call: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The model is reading the prompt: tokens so far, of how many."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Writing:
    """The model is writing: the answer so far."""

    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call failed in transport and is made again after so many seconds."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth a line: a sentence for people."""

    message: str


Event = Pulling | Loading | Asking | Reading | Writing | Waiting | Note
Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """The listener that listens to nothing."""
