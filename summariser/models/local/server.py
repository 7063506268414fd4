"""The embedded model's server: llama.cpp in a process of its own, on loopback, behind a random key."""

import atexit
import importlib.util
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from summariser import events
from summariser.errors import ConfigurationError, SummariserError, WeightsError
from summariser.extras import installing

_LOADING_TIMEOUT = 600.0
# By its path, and with nothing of the current folder on the import path: a folder there may be called as we are.
_CHILD = (sys.executable, "-P", str(Path(__file__).with_name("child.py")))


@dataclass(frozen=True)
class LocalServer:
    """A running server; `stop` it, or it stops when this process ends, however that happens."""

    address: str
    key: str
    process: subprocess.Popen[bytes]

    @staticmethod
    def require_runtime() -> None:
        """Raises ConfigurationError where the `local` extra is not installed."""
        if importlib.util.find_spec("xllamacpp") is None:
            raise ConfigurationError(
                f"The embedded model's runtime is not installed; {installing('local')}, "
                "or set OPENAI_API_KEY and use a model that runs elsewhere."
            )

    @classmethod
    def start(
        cls, weights: Path, *, alias: str, context_tokens: int, threads: int | None, listener: events.Listener
    ) -> "LocalServer":
        """Load the weights and wait until the server answers.

        Raises WeightsError where the model cannot be loaded, ConfigurationError where its runtime does not run here.
        """
        key = secrets.token_urlsafe(24)
        config = {
            "weights": str(weights),
            "alias": alias,
            "key": key,
            "context_tokens": context_tokens,
            "threads": threads or _cores(),
        }
        listener(events.Loading(alias))
        with TemporaryFile() as log:
            process = subprocess.Popen(
                _CHILD,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
            try:
                address = _handshake(process, config, weights, log)
            except BaseException:
                process.kill()  # while loading it does not look at its standard input
                _end(process)
                raise
        server = cls(address=address, key=key, process=process)
        atexit.register(server.stop)
        listener(events.Loading(alias, ready=True))
        return server

    def stop(self) -> None:
        """End the server and free its memory; stopping twice is harmless."""
        atexit.unregister(self.stop)
        _end(self.process)


def _handshake(process: subprocess.Popen[bytes], config: dict[str, object], weights: Path, log: IO[bytes]) -> str:
    """Tell the child what to load; it answers with its address, or dies. It lives while its stdin is open."""
    assert process.stdin is not None and process.stdout is not None
    with suppress(OSError):  # a child that is gone already gives no answer either
        process.stdin.write(json.dumps(config).encode() + b"\n")
        process.stdin.flush()
    limit = threading.Timer(_LOADING_TIMEOUT, process.kill)
    limit.daemon = True
    limit.start()
    try:
        started, address = process.stdout.readline(), process.stdout.readline()
    finally:
        limit.cancel()
    if not address:
        raise _failure(process.wait(), weights, log, started=bool(started))
    return str(json.loads(address)["address"])


def _failure(code: int, weights: Path, log: IO[bytes], *, started: bool) -> SummariserError:
    """Return what the child died of, by its exit code and its log."""
    log.seek(0)
    said = log.read().decode(errors="replace").strip()
    if not started:
        reason = said.splitlines()[-1] if said else f"exit code {code}"
        return ConfigurationError(
            f"The embedded model's runtime does not run here ({reason}); install it anew with "
            "pip install --force-reinstall xllamacpp, or set OPENAI_API_KEY and use a model that runs elsewhere."
        )
    if code == -getattr(signal, "SIGKILL", 0):
        return WeightsError(
            f"Loading the model in {weights} was cut short, most likely for want of memory or of time: "
            "free some memory, lower SUMMARISER_CONTEXT_TOKENS, or give a smaller model."
        )
    reasons = re.findall(r"error loading model: (.+)", said)
    return WeightsError(
        f"The model in {weights} cannot be loaded ({reasons[-1] if reasons else f'exit code {code}'}); if it is the "
        "embedded one, delete the file and run 'summariser models pull', else check that it is a GGUF file."
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # closing flushes, and there may be nobody left to read
                pipe.close()
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
