"""The server of the embedded model: llama.cpp in a separate process, on loopback, with a random API key."""

import atexit
import importlib.util
import json
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
from summariser.processes import usable_cores

_LOADING_TIMEOUT = 600.0
# By its path and without the current folder on the import path, which may contain a folder named summariser.
_CHILD = (sys.executable, "-P", str(Path(__file__).with_name("child.py")))


@dataclass(frozen=True)
class LocalServer:
    """A running server. It runs until `stop`, or until this process ends or crashes."""

    address: str
    key: str
    process: subprocess.Popen[bytes]

    @staticmethod
    def require_runtime() -> None:
        """Raise ConfigurationError if the extra `local` is not installed."""
        if importlib.util.find_spec("xllamacpp") is None:
            raise ConfigurationError(
                f"The embedded model's runtime is not installed; {installing('local')}, "
                "or set OPENAI_API_KEY and use a model that runs elsewhere."
            )

    @classmethod
    def start(
        cls, weights: Path, *, alias: str, context_tokens: int, threads: int | None, listener: events.Listener
    ) -> "LocalServer":
        """Start a server and wait until the model is loaded.

        Args:
            weights: The path of the file of weights, in GGUF format.
            alias: The name of the model in requests and events.
            context_tokens: The context of the model.
            threads: The number of CPU threads; None means one for each core.
            listener: Receives the events of loading.

        Raises:
            WeightsError: The model cannot be loaded.
            ConfigurationError: The runtime cannot start on this machine.
        """
        key = secrets.token_urlsafe(24)
        config = {
            "weights": str(weights),
            "alias": alias,
            "key": key,
            "context_tokens": context_tokens,
            "threads": threads or usable_cores(),
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
                process.kill()  # while loading, the process does not read standard input
                _end(process)
                raise
        server = cls(address=address, key=key, process=process)
        atexit.register(server.stop)
        listener(events.Loading(alias, ready=True))
        return server

    def stop(self) -> None:
        """End the server and free its memory; further calls have no effect."""
        atexit.unregister(self.stop)
        _end(self.process)


def _handshake(process: subprocess.Popen[bytes], config: dict[str, object], weights: Path, log: IO[bytes]) -> str:
    """Send the configuration to the server process and return its address; raise an error if the process ends."""
    assert process.stdin is not None and process.stdout is not None
    with suppress(OSError):  # if the process has ended, its output is empty too
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
    """Return the error for a server process that ended, from its exit code and its log."""
    log.seek(0)
    said = log.read().decode(errors="replace").strip()
    if not started:
        reason = said.splitlines()[-1] if said else f"exit code {code}"
        return ConfigurationError(
            f"The embedded model's runtime does not run here ({reason}); reinstall it with "
            "pip install --force-reinstall xllamacpp, or set OPENAI_API_KEY and use a model that runs elsewhere."
        )
    if code == -getattr(signal, "SIGKILL", 0):
        return WeightsError(
            f"Loading the model in {weights} was stopped, most likely because of a lack of memory or time: "
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
            with suppress(OSError):  # closing flushes, and the reader may have ended
                pipe.close()
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
