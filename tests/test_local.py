"""The embedded model's server: how its process starts, fails and ends; a fake runtime stands for llama.cpp."""

import atexit
import json
import re
import signal
import subprocess
import sys
import threading
from textwrap import dedent
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from summariser import events
from summariser.errors import ConfigurationError, WeightsError
from summariser.file_lock import FileLock
from summariser.models.local import server as module
from summariser.models.local.server import LocalServer
from summariser.models.local.weights import QWEN
from summariser.settings import load_settings

WEIGHTS = load_settings().cache_dir / QWEN.file  # read here, for within a test the settings are the tests' own
ONE_SENTENCE = re.compile(r"[^\n]+\.")

# Noisy like the real one; it writes down its parameters and holds a lock for as long as its process lives.
RUNTIME = """
import fcntl, json, os, pathlib, sys, types

folder = pathlib.Path(__file__).parent

def CommonParams():
    threads = types.SimpleNamespace
    return types.SimpleNamespace(model=types.SimpleNamespace(), cpuparams=threads(), cpuparams_batch=threads())

class Server:
    listening_address = "http://127.0.0.1:1"

    def __init__(self, params):
        self.lock = (folder / "alive.lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        told = {name: getattr(params, name) for name in ("hostnames", "port", "api_keys", "n_ctx")}
        (folder / "told.json").write_text(json.dumps(told))
        print("noise on standard output", flush=True)
        os.write(1, b"more noise on standard output")
        os.write(2, b"noise on standard error")
        self.load()

    def load(self):
        LOAD
"""


@pytest.fixture
def runtime(tmp_path, monkeypatch):
    """Writes the fake runtime; its argument is what it does to load a model."""

    def write(load="pass"):
        (tmp_path / "xllamacpp.py").write_text(RUNTIME.replace("LOAD", load))

    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    write()
    return write


@pytest.fixture
def start(tmp_path):
    """Starts servers, and ends those that the test has left."""
    running = []

    def start_one(weights=tmp_path / "some.gguf", listener=events.ignore):
        server = LocalServer.start(weights, alias="some", context_tokens=2048, threads=1, listener=listener)
        running.append(server)
        return server

    yield start_one
    for server in running:
        server.stop()


def wait_for_its_end(folder):
    """The lock is free once the process that holds it is gone."""
    FileLock.acquire(folder / "alive.lock").release()


def comes(path, *, unless):
    """Wait until a file is there; whether it is, before that event."""
    while not path.exists():
        if unless.wait(0.01):
            return False
    return True


# ── it runs ──────────────────────────────────────────────────────────────────────────────────────


def test_a_server_is_loaded_and_gives_its_address(runtime, start):
    heard = []
    server = start(listener=heard.append)
    assert server.address == "http://127.0.0.1:1"
    assert heard == [events.Loading("some"), events.Loading("some", ready=True)]


def test_it_listens_on_loopback_only_behind_a_key_of_its_own(runtime, start, tmp_path):
    first = start()
    told = json.loads((tmp_path / "told.json").read_text())
    assert told == {"hostnames": ["127.0.0.1"], "port": 0, "api_keys": [first.key], "n_ctx": 2048}
    first.stop()
    second = start()
    assert first.key != second.key
    assert len(first.key) >= 32


def test_the_key_is_not_among_the_arguments_that_others_can_see(runtime, start):
    server = start()
    assert not any(server.key in argument for argument in server.process.args)


def test_nothing_that_the_runtime_prints_reaches_the_terminal(runtime, start, capfd):
    start().stop()
    assert capfd.readouterr() == ("", "")


def test_a_folder_with_our_name_in_the_current_folder_is_not_run(runtime, start, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "summariser").mkdir(parents=True)
    (elsewhere / "summariser" / "__init__.py").write_text("raise SystemExit('not this one')")
    (elsewhere / "json.py").write_text("raise SystemExit('nor this one')")
    monkeypatch.chdir(elsewhere)
    assert start().address == "http://127.0.0.1:1"


# ── it ends ──────────────────────────────────────────────────────────────────────────────────────


def test_stopping_ends_the_process_and_stopping_twice_is_harmless(runtime, start):
    server = start()
    assert server.process.poll() is None
    server.stop()
    assert server.process.returncode == 0
    server.stop()


AT_EXIT = dedent(
    """
    from pathlib import Path
    from summariser import events
    from summariser.models.local import server as local

    def start(name):
        return local.LocalServer.start(
            Path(name), alias=name, context_tokens=2048, threads=1, listener=events.ignore
        )

    servers = {name: start(name) for name in ("first", "second", "third")}
    servers["second"].stop()
    servers["second"].stop()
    ended = local._end

    def end(process):
        print(*(name for name, server in servers.items() if server.process is process))
        ended(process)

    local._end = end
    """
)


def test_stopping_one_server_leaves_the_others_to_be_ended_at_exit(runtime, tmp_path):
    (tmp_path / "xllamacpp.py").write_text(RUNTIME.replace("LOCK_EX", "LOCK_SH").replace("LOAD", "pass"))
    done = subprocess.run([sys.executable, "-c", AT_EXIT], capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == (["third", "first"], "")


PARENT = dedent(
    """
    import sys
    from pathlib import Path
    from summariser import events
    from summariser.models.local.server import LocalServer

    LocalServer.start(Path("some.gguf"), alias="some", context_tokens=2048, threads=1, listener=events.ignore)
    print("ready", flush=True)
    sys.stdin.read()
    """
)


@pytest.mark.parametrize("how", ["killed", "at its own end"])
def test_the_server_ends_with_its_parent(runtime, tmp_path, how):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", PARENT], **pipes) as parent:
        assert parent.stdout.readline() == b"ready\n"
        if how == "killed":
            parent.kill()
        said = parent.communicate()
    assert parent.returncode == (-signal.SIGKILL if how == "killed" else 0)
    wait_for_its_end(tmp_path)
    assert said == (b"", b"")


def test_an_interruption_while_loading_ends_the_server(runtime, start, tmp_path):
    runtime("(folder / 'loading').touch(); import time; time.sleep(600)")
    interrupted = threading.Event()

    def interrupt():
        if comes(tmp_path / "loading", unless=interrupted):
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            start()
    finally:
        interrupted.set()
        thread.join()
    wait_for_its_end(tmp_path)


# ── it fails ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("header", [b"GGUF", b"no GGUF at all"])
def test_a_corrupt_file_is_one_sentence_and_nothing_else_on_the_terminal(start, tmp_path, capfd, header):
    """With the real runtime."""
    pytest.importorskip("xllamacpp")
    corrupt = tmp_path / "corrupt.gguf"
    corrupt.write_bytes(header + b"\xf0" * 100_000)
    with pytest.raises(WeightsError, match=ONE_SENTENCE) as error:
        start(corrupt)
    assert f"The model in {corrupt} cannot be loaded (" in str(error.value)
    assert "summariser models pull" in str(error.value)
    assert capfd.readouterr() == ("", "")


def test_the_runtimes_own_reason_is_in_the_sentence(runtime, start):
    runtime("sys.stderr.write('E llama: error loading model: tensor missing\\nE srv: bye\\n'); sys.exit(1)")
    with pytest.raises(WeightsError, match=r"cannot be loaded \(tensor missing\); if it is the embedded one"):
        start()


def test_a_runtime_that_crashes_while_loading_is_a_sentence(runtime, start):
    runtime("os.abort()")
    with pytest.raises(WeightsError, match=r"cannot be loaded \(exit code -6\)"):
        start()


def test_a_server_that_the_system_kills_while_loading_lacked_memory(runtime, start):
    runtime("os.kill(os.getpid(), 9)")
    with pytest.raises(WeightsError, match=r"lack of memory or time: free some memory, lower SUMMARISER_CONTEXT"):
        start()


def test_loading_that_never_ends_is_cut_short(runtime, start, monkeypatch, tmp_path):
    """The limit is reached as soon as the runtime loads."""
    runtime("(folder / 'loading').touch(); import time; time.sleep(600)")

    class Limit(threading.Thread):
        def __init__(self, seconds, end):
            super().__init__(daemon=True)
            self.end, self.cancelled = end, threading.Event()

        def run(self):
            if comes(tmp_path / "loading", unless=self.cancelled):
                self.end()

        def cancel(self):
            self.cancelled.set()

    monkeypatch.setattr(module, "threading", SimpleNamespace(Timer=Limit))
    with pytest.raises(WeightsError, match="was stopped, most likely"):
        start()
    wait_for_its_end(tmp_path)


def test_a_runtime_that_does_not_run_here_is_no_fault_of_the_weights(runtime, start, tmp_path):
    (tmp_path / "xllamacpp.py").write_text("raise ImportError('libgomp.so.1: cannot open shared object file')")
    with pytest.raises(ConfigurationError, match=ONE_SENTENCE) as error:
        start()
    assert "does not run here (ImportError: libgomp.so.1: cannot open shared object file)" in str(error.value)
    assert "pip install" in str(error.value)


def test_a_child_that_never_listens_is_a_sentence_too(start, monkeypatch):
    monkeypatch.setattr(module, "_CHILD", (sys.executable, "-c", "import os; os.close(0); os._exit(3)"))
    with pytest.raises(ConfigurationError, match=r"does not run here \(exit code 3\)"):
        start()


def test_a_failed_start_leaves_nothing_to_be_done_at_exit(runtime, start):
    runtime("sys.exit(1)")
    before = atexit._ncallbacks()
    with pytest.raises(WeightsError):
        start()
    assert atexit._ncallbacks() == before


def test_a_runtime_that_is_not_installed_is_a_sentence_with_both_cures(monkeypatch):
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ConfigurationError, match=ONE_SENTENCE) as error:
        LocalServer.require_runtime()
    assert "pip install '.[local]'" in str(error.value)
    assert "OPENAI_API_KEY" in str(error.value)


# ── the real model ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.live
def test_a_request_without_the_key_is_refused_and_one_with_it_is_answered(start):
    if not WEIGHTS.is_file():
        pytest.skip("the weights are not in the cache")
    server = start(WEIGHTS)
    assert server.address.startswith("http://127.0.0.1:")
    opener = build_opener(ProxyHandler({}))

    def status(key):
        body = json.dumps({"content": "one two three"}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        try:
            with opener.open(Request(f"{server.address}/tokenize", body, headers), timeout=120) as answer:  # noqa: S310
                return answer.status
        except HTTPError as error:
            with error:
                return error.code

    assert (status("wrong"), status(""), status(server.key)) == (401, 401, 200)
