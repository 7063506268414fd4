"""The program in a process of its own that starts at once: a fork of one that has imported what it needs.

`python -m tests.program` reads on standard input what to run, a line of JSON each, and answers with its exit code.
"""

import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT

_HANGING = 300  # seconds after which a run ends by SIGALRM
_NOT_AHEAD = ("summariser.evals", "summariser.__main__", "summariser.models.local.child")


class Ran(NamedTuple):
    """How a run ended: its exit code, below zero for a signal, and what it wrote."""

    code: int
    out: str
    err: str


def run(arguments: Iterable[object], *, folder: Path, environment: Mapping[str, str], stdin: bytes = b"") -> Ran:
    """Run the program with these arguments, in a folder and an environment."""
    with tempfile.TemporaryDirectory() as streams:
        taken, out, err = (Path(streams, name) for name in ("in", "out", "err"))
        taken.write_bytes(stdin)
        asked = {
            "arguments": [*map(str, arguments)],
            "folder": str(folder),
            "environment": dict(environment),
            "streams": [*map(str, (taken, out, err))],
        }
        parent = _parent()
        assert parent.stdin is not None and parent.stdout is not None
        parent.stdin.write(json.dumps(asked) + "\n")
        parent.stdin.flush()
        code = int(parent.stdout.readline())
        return Ran(code, out.read_text("utf-8"), err.read_text("utf-8"))


@cache
def _parent() -> "subprocess.Popen[str]":
    """The process that forks; it ends with this one, which closes its standard input."""
    command = [sys.executable, "-m", "tests.program"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, text=True, start_new_session=True, **pipes)


# ── the process that forks ───────────────────────────────────────────────────────────────────────


def _get_ready() -> None:
    """Import what a run imports, the modules of our own and those that a summary takes."""
    import openai

    import summariser
    from summariser.testing import FakeModel
    from tests.test_pipeline import ANSWER, TEXT

    for module in pkgutil.walk_packages(summariser.__path__, "summariser."):
        if not module.name.startswith(_NOT_AHEAD):
            importlib.import_module(module.name)
    asked = FakeModel(ANSWER)
    summariser.summarise(TEXT, model=asked)
    with openai.OpenAI(api_key="none", base_url="http://127.0.0.1:9") as client:
        assert client.chat.completions
    gc.freeze()  # a fork that collects garbage would copy all of it


def _become(asked: dict) -> None:
    """Turn this process into one that was started with those arguments, folder, environment and streams."""
    signal.alarm(_HANGING)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["summariser", *asked["arguments"]]
    written = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, how in enumerate((os.O_RDONLY, written, written)):
        file = os.open(asked["streams"][number], how)
        os.dup2(file, number)
        os.close(file)


def _serve() -> dict:
    """Fork for each line; in the fork, return what it is to run."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            return json.loads(line)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    sys.exit()


if __name__ == "__main__":
    _get_ready()
    _become(_serve())
    from summariser.cli import main

    main()
