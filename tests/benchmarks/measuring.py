"""How things are measured: two works in turn, a row of what they took, and the machine that did them."""

import os
import platform
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from summariser.version import VERSION

Work = Callable[[], object]
RUNS = 5


@dataclass(frozen=True)
class Row:
    """What was measured against what, and both figures in one unit."""

    measured: str
    against: str
    unit: str
    value: float
    reference: float

    @property
    def ratio(self) -> float:
        """How many times the reference."""
        return self.value / self.reference

    def as_json(self) -> dict[str, str | float]:
        """The row with its ratio."""
        return {**asdict(self), "ratio": self.ratio}

    def __str__(self) -> str:
        figures = f"{_figure(self.value)} / {_figure(self.reference)} {self.unit:<14} = {self.ratio:8.2f}"
        return f"{self.measured:<52} / {self.against:<36} {figures}"


def _figure(value: float) -> str:
    """Four digits that tell something."""
    return f"{value:10.4f}" if value < 1 else f"{value:10.2f}"


def in_turn(ours: Work, theirs: Work, runs: int = RUNS) -> tuple[float, float]:
    """The median seconds of a few runs of both, one after the other, so that a busy moment meets both."""
    taken = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return statistics.median(one for one, _ in taken), statistics.median(other for _, other in taken)


def seconds(work: Work) -> float:
    """How long it takes once."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def machine() -> dict[str, str | int]:
    """What the figures were measured on, and when."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "platform": platform.platform(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "python": platform.python_version(),
        "summariser": VERSION,
    }


def _processor() -> str:
    """The processor's model, where Linux tells it."""
    known = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", known.read_text("utf-8")) if known.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
