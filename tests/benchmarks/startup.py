"""How long a command takes to say what it can do: summariser, and others."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from tests.benchmarks.measuring import Row, in_turn
from tests.benchmarks.others import PYTHON
from tests.conftest import ROOT

_HELLO = "import typer; app = typer.Typer(); app.command()(lambda: None); app()"
_OTHERS = {
    "python -c pass": (sys.executable, "-c", "pass"),
    "a Typer hello-world --help": (sys.executable, "-c", _HELLO, "--help"),
    "python -c 'import openai'": (sys.executable, "-c", "import openai"),
    "llm --help": (PYTHON, "-m", "llm", "--help"),
}


def measured() -> Iterator[Row]:
    """`summariser --help` against each of the others."""
    ours = partial(_run, sys.executable, "-m", "summariser", "--help")
    for name, command in _OTHERS.items():
        yield Row("summariser --help", name, "s", *in_turn(ours, partial(_run, *command)))


def _run(*command: object) -> None:
    subprocess.run(list(map(str, command)), cwd=ROOT, check=True, capture_output=True)
