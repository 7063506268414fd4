"""The embedded model's server: llama.cpp in a process of its own, on loopback, behind a random key."""

import atexit
import importlib.util
import json
import os
import secrets
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from summariser import events
from summariser.errors import ConfigurationError, WeightsError

_LOADING_TIMEOUT = 600.0


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
                "No OPENAI_API_KEY is set and the embedded model's runtime is not installed: set a key, "
                "or install it with pip install 'summariser[local]'."
            )

    @classmethod
    def start(
        cls, weights: Path, *, alias: str, context_tokens: int, threads: int | None, listener: events.Listener
    ) -> "LocalServer":
        """Load the weights and wait until the server answers. Raises WeightsError where it does not."""
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
                [sys.executable, "-m", "summariser.models.llama_server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
            try:
                address = _handshake(process, config, weights, log)
            except BaseException:
                _end(process)
                raise
        atexit.register(_end, process)
        listener(events.Loading(alias, ready=True))
        return cls(address=address, key=key, process=process)

    def stop(self) -> None:
        """End the server and free its memory; stopping twice is harmless."""
        atexit.unregister(_end)
        _end(self.process)


def _handshake(process: subprocess.Popen[bytes], config: dict[str, object], weights: Path, log: IO[bytes]) -> str:
    """Tell the child what to load; it answers with its address, or dies. It lives while its stdin is open."""
    assert process.stdin is not None and process.stdout is not None
    failed = WeightsError(
        f"The model in {weights} cannot be loaded; if it is the embedded one, delete the file and run "
        "'summariser models pull', else check that it is a GGUF file."
    )
    try:
        process.stdin.write(json.dumps(config).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        raise failed from None
    deadline = time.monotonic() + _LOADING_TIMEOUT
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < deadline:
            if not selector.select(timeout=0.5):
                continue
            line = process.stdout.readline()
            if not line:
                break
            return str(json.loads(line)["address"])
    raise failed


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
