"""`make bench`: how long things take, as ratios within one run, since machines differ. Never part of the tests."""

import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sentencex import get_sentence_boundaries

from summariser.document import Document
from summariser.grounding import Claim, Grounder
from tests.benchmarks import many

HELLO = "import typer; app = typer.Typer(); app.command()(lambda: None); app()"
ROOT = Path(__file__).parent.parent.parent
SEED = (ROOT / "seeds" / "000_06c514ae3e38ddac.txt").read_text("utf-8")
RUNS = 5


def seconds(work: Callable[[], object]) -> float:
    """The median time of a few runs."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def command(*words: str) -> Callable[[], object]:
    """A Python process with these arguments, as work to be timed."""
    return lambda: subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)


def main() -> None:
    """Print a table, and the same as JSON on the last line."""
    long = SEED * (1_000_000 // len(SEED))
    made = Document.from_text(SEED)
    grounder = Grounder(made)
    claim = Claim(text="the deal could lay the groundwork for arms trafficking", sentences=(26,))
    nowhere = Claim(text="the harbour of Bocia will be sold to the dockers next spring", sentences=(26,))
    pairs = {
        "summariser --help / python": (command("-m", "summariser", "--help"), command("-c", "pass")),
        "summariser --help / import openai": (command("-m", "summariser", "--help"), command("-c", "import openai")),
        "summariser --help / a Typer hello-world's": (
            command("-m", "summariser", "--help"),
            command("-c", HELLO, "--help"),
        ),
        "a document of 1 MB / its sentences alone": (
            lambda: Document.from_text(long),
            lambda: get_sentence_boundaries("en", long),
        ),
        "grounding the seed anew / reading it": (lambda: Grounder(made), lambda: Document.from_text(SEED)),
        "a claim that stands nowhere / a cited one": (lambda: grounder.claim(nowhere), lambda: grounder.claim(claim)),
    }
    results = {}
    print(f"{platform.machine()}, Python {platform.python_version()}, median of {RUNS}")
    for name, (ours, theirs) in pairs.items():
        ours_seconds, theirs_seconds = seconds(ours), seconds(theirs)
        results[name] = {"seconds": ours_seconds, "against": theirs_seconds, "ratio": ours_seconds / theirs_seconds}
        print(f"{name:<44} {ours_seconds:9.4f} s / {theirs_seconds:9.4f} s = {ours_seconds / theirs_seconds:6.1f}")
    results |= many.measured(long_run="--long" in sys.argv)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
