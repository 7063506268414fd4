"""The evaluation harness: gold labels, metric, runs of suites with recorded answers, statistics, gate and reports.

`summariser.evals.run.run` runs a Job and `summariser.evals.compare.compare` compares two runs.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summariser.evals.compare import Comparison
    from summariser.evals.gate import Baseline, Failure
    from summariser.evals.gold import Case
    from summariser.evals.recordings import Cassette
    from summariser.evals.run import Job, Ran, RunRecord, load_run, rescored, write_run
    from summariser.evals.suite import Suite

_HOMES = {
    "summariser.evals.compare": ("Comparison",),
    "summariser.evals.gate": ("Baseline", "Failure"),
    "summariser.evals.gold": ("Case",),
    "summariser.evals.recordings": ("Cassette",),
    "summariser.evals.run": ("Job", "Ran", "RunRecord", "load_run", "rescored", "write_run"),
    "summariser.evals.suite": ("Suite",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Baseline",
    "Case",
    "Cassette",
    "Comparison",
    "Failure",
    "Job",
    "Ran",
    "RunRecord",
    "Suite",
    "load_run",
    "rescored",
    "write_run",
]


def __getattr__(name: str) -> object:
    """Import a name at its first use, so that recordings can be used without the libraries of the extra `evals`."""
    from importlib import import_module

    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'summariser.evals' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
