"""Call functions in worker processes, so that work that holds the interpreter uses all cores.

A worker is a program of its own, which reads calls from one pipe and writes results to another. It is neither forked
nor started by `multiprocessing`, so the caller's main module is not imported again. A worker ends when its pipe is
closed, so it does not outlive its parent.
"""

import asyncio
import gc
import importlib
import json
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from summariser.errors import LostError

_P = ParamSpec("_P")
_T = TypeVar("_T")
_PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from summariser.processes import serve; serve()"
_TIMES = 2  # workers that one call may lose; the call itself may be the cause
_MOST_LOST = 6  # workers lost without a result between them, after which no other is started
_LENGTH = 8  # bytes of the length before each message
_DONE, _FAILED = b"d", b"f"


class Compute(Protocol):
    """A way to call a pure function: in this process, or in another one."""

    async def __call__(self, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
        """Return what the function returns for these arguments, or raise its error."""


async def here(function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    """Call a function in this process, as a Compute does."""
    return function(*arguments, **named)


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_start() -> bool:
    """Return True if `sys.executable` is a Python interpreter; in frozen and embedding programs it may not be."""
    name = Path(sys.executable or "").stem.casefold()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)


@dataclass(eq=False)
class _Call:
    """A call that waits for a worker's reply; `reply` is None if this process must make the call itself."""

    payload: bytes
    reply: "Future[bytes | None]" = field(default_factory=Future)
    lost: int = 0


class Processes:
    """Worker processes for functions without side effects. Several threads, or tasks of an event loop, may use them.

    The workers start in the background; until the first is ready, and if none can be started, calls are made in this
    process. So is a call that cannot be pickled, or that fails in a worker: errors are raised with their own traceback.
    If a worker is lost, another one is started, and the call that it had is made once more.

    Args:
        count: The number of workers.
        modules: The modules that a worker imports before it is ready.
        in_event_loop: True for tasks of an event loop, False for threads.

    Attributes:
        ready: Set once a worker is ready.
    """

    def __init__(self, count: int, *, modules: Sequence[str] = (), in_event_loop: bool = False) -> None:
        self._modules, self._in_event_loop = list(modules), in_event_loop
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()
        self._attending = count  # threads that take calls, or will
        self.ready, self._closed = threading.Event(), False
        self._lost = 0  # workers since the last result
        self._threads = [threading.Thread(target=self._attend, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    async def call(self, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
        """Return what a function returns for these arguments, or raise its error.

        Raises:
            LostError: Two workers were lost with this call.
            CancelledError: The workers were closed during the call.
        """
        call = self._sent(function, arguments, named)
        if call is not None:
            waiting = call.reply
            reply = await asyncio.wrap_future(waiting) if self._in_event_loop else waiting.result()
            if reply is not None:
                return pickle.loads(reply)  # type: ignore[no-any-return]  # noqa: S301  # written by a worker of ours
        return function(*arguments, **named)

    def close(self) -> None:
        """End the workers; calls that wait raise CancelledError. Closing twice is harmless."""
        with self._lock:
            self._closed = True
            workers, attending = set(self._workers), self._attending
        for worker in workers:
            worker.kill()
        for _ in range(attending):
            self._calls.put(None)
        for thread in self._threads:
            thread.join()

    def _sent(self, function: object, arguments: object, named: object) -> _Call | None:
        """Return the call after it was put into the queue; None if this process must make it."""
        if not self.ready.is_set():
            return None
        try:
            call = _Call(pickle.dumps((function, arguments, named)))
        except Exception:  # pickle raises errors of any kind
            return None
        with self._lock:
            if self._closed:
                raise CancelledError
            if not self._attending:
                return None
            self._calls.put(call)
        return call

    # ── a thread that attends a worker ───────────────────────────────────────────────────────────

    def _attend(self) -> None:
        """Start a worker and give it calls; start another one if it is lost."""
        call: _Call | None = None
        try:
            while (worker := self._started()) is not None:
                try:
                    call = self._serve(worker, call)
                finally:
                    self._end(worker)
        finally:
            self._leave(call)

    def _started(self) -> "_Worker | None":
        """Return a new worker that is ready; None if the workers are closed or cannot be started."""
        with self._lock:
            if self._closed or self._lost >= _MOST_LOST:
                return None
            try:
                worker = _Worker()
            except OSError:
                return None
            self._workers.add(worker)
        if not worker.prepare(self._modules):
            self._end(worker)
            return None
        self.ready.set()
        return worker

    def _end(self, worker: "_Worker") -> None:
        worker.kill()
        worker.release()
        with self._lock:
            self._workers.discard(worker)

    def _serve(self, worker: "_Worker", call: _Call | None) -> _Call | None:
        """Give calls to a worker until it is lost or closed; return the call that must be made again, if any."""
        while True:
            call = call or self._calls.get()
            if call is None or not worker.alive:
                return call
            if not call.lost and not call.reply.set_running_or_notify_cancel():
                call = None  # its task was cancelled
                continue
            reply = worker.reply_to(call.payload)
            if reply is None:
                return self._after_loss(call)
            self._lost = 0
            call.reply.set_result(reply[1:] if reply[:1] == _DONE else None)
            call = None

    def _after_loss(self, call: _Call) -> _Call | None:
        """Return the call of a lost worker if it may be made once more."""
        call.lost += 1
        self._lost += 1
        if self._closed:
            call.reply.set_exception(CancelledError())
        elif call.lost >= _TIMES:
            message = "Two worker processes with this document were lost; try it again by itself."
            call.reply.set_exception(LostError(message))
        else:
            return call
        return None

    def _leave(self, call: _Call | None) -> None:
        """End attending; the last thread leaves the calls that wait to this process, or cancels them after `close`."""
        with self._lock:
            self._attending -= 1
            left = [] if call is None else [call]
            while not self._attending and not self._calls.empty():
                if (waiting := self._calls.get()) is not None:
                    left.append(waiting)
        for each in left:
            if not each.lost and not each.reply.set_running_or_notify_cancel():
                continue
            if self._closed:
                each.reply.set_exception(CancelledError())
            else:
                each.reply.set_result(None)


class _Worker:
    """A worker process, seen from its parent."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, json.dumps([str(folder) for folder in sys.path])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # Ctrl-C reaches only the parent
        )
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101  # both are pipes
        self._calls, self._replies = self._process.stdin, self._process.stdout

    @property
    def alive(self) -> bool:
        """True if the process has not ended."""
        return self._process.poll() is None

    def prepare(self, modules: Sequence[str]) -> bool:
        """Let the worker import modules; return True if it is ready."""
        return self.reply_to(json.dumps(modules).encode()) == _DONE

    def reply_to(self, payload: bytes) -> bytes | None:
        """Send a message and return the reply; None if the worker is lost."""
        try:
            _write(self._calls.fileno(), payload)
            return _read(self._replies.fileno())
        except (OSError, ValueError):  # ValueError: the pipes are closed
            return None

    def kill(self) -> None:
        """End the process at once; it has no state to lose."""
        self._process.kill()
        self._process.wait()

    def release(self) -> None:
        """Close the pipes; call it only in the thread that uses them."""
        self._calls.close()
        self._replies.close()


# ── in a worker ──────────────────────────────────────────────────────────────────────────────────


def serve() -> None:
    """Run a worker: make the calls that arrive on standard input until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    calls, replies = os.dup(0), os.dup(1)
    with Path(os.devnull).open("r+b") as nothing:  # what the functions read and print
        for standard in (0, 1):
            os.dup2(nothing.fileno(), standard)
    modules = _read(calls)
    for module in json.loads(modules or b"[]"):
        importlib.import_module(module)
    gc.freeze()  # what is imported stays
    with suppress(BrokenPipeError):
        _write(replies, _DONE)
        while (payload := _read(calls)) is not None:
            _write(replies, _made(payload))


def _made(payload: bytes) -> bytes:
    """Return the reply to a call."""
    try:
        function, arguments, named = pickle.loads(payload)  # noqa: S301  # written by our parent
        return _DONE + pickle.dumps(function(*arguments, **named))
    except Exception:  # the parent makes the call again and meets the same error
        return _FAILED


# ── messages ─────────────────────────────────────────────────────────────────────────────────────


def _write(pipe: int, message: bytes) -> None:
    left = memoryview(len(message).to_bytes(_LENGTH, "big") + message)
    while left:
        left = left[os.write(pipe, left) :]


def _read(pipe: int) -> bytes | None:
    """Return the next message; None if the pipe is closed."""
    length = _exactly(pipe, _LENGTH)
    return None if length is None else _exactly(pipe, int.from_bytes(length, "big"))


def _exactly(pipe: int, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = os.read(pipe, min(size - len(parts), 2**20))
        if not part:
            return None
        parts += part
    return bytes(parts)
