"""Recordings: the answers of a model, one file for each call, which later runs replay."""

import difflib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from summariser.errors import ConfigurationError, RecordingsError

if TYPE_CHECKING:
    from summariser.models import Transport

Mode = Literal["replay", "record", "refresh", "live"]
Json = dict[str, Any]
_DIFF_LINES = 14
_DIFF_LENGTH = 300  # characters of a line that are shown


@dataclass(frozen=True)
class Recording:
    """One recorded call.

    Attributes:
        path: The file.
        key: The hash of the request.
        request: The request.
        answer: The answer.
    """

    path: Path
    key: str
    request: Json
    answer: Json


def folders_of_other_versions(recordings: Path, prompt: str, model: str, case: str) -> tuple[Path, ...]:
    """Return the folders of a case's recordings for the other versions of a prompt, the newest first."""
    name, _, _ = prompt.partition("@")
    versions = sorted(recordings.glob(f"{name}@*"), key=lambda path: (len(path.name), path.name), reverse=True)
    return tuple(folder_of(recordings, path.name, model) / case for path in versions if path.name != prompt)


def is_recorded(recordings: Path, prompt: str, model: str, case: str) -> bool:
    """Return True if a case has recordings for a prompt or for another version of it."""
    others = folders_of_other_versions(recordings, prompt, model, case)
    return any(folder.is_dir() for folder in (folder_of(recordings, prompt, model) / case, *others))


def folder_of(recordings: Path, prompt: str, model: str) -> Path:
    """Return the folder of the recordings of a prompt version and a model, with one folder for each case in it."""
    return recordings / prompt / model.replace("/", "--")


def load(folder: Path) -> dict[str, Recording]:
    """Return the recordings in a case's folder, by key.

    Raises:
        RecordingsError: A recording was edited or is malformed, or two recordings have the same request.
    """
    from summariser.models import request_key

    found: dict[str, Recording] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            data = json.loads(path.read_text("utf-8"))
            recording = Recording(path, data["key"], _lines_joined(data["request"]), _lines_joined(data["answer"]))
            if not isinstance(recording.answer, dict) or not isinstance(recording.request["draw"], int):
                raise ValueError("no request and answer")
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise RecordingsError(
                f"The recording {path} cannot be read ({error}); restore it, or delete it and run 'summariser eval "
                "record'."
            ) from None
        if request_key(recording.request) != recording.key:
            raise RecordingsError(
                f"The request in {path} was edited after it was recorded: it no longer matches its key; "
                "restore it, or delete it and run 'summariser eval record'."
            )
        if recording.key in found:
            raise RecordingsError(
                f"{path} and {found[recording.key].path.name} record the same request; delete one of them."
            )
        found[recording.key] = recording
    return found


@dataclass
class Cassette:
    """The recordings of one case during a run.

    Attributes:
        folder: The folder of the recordings.
        mode: "replay" raises RecordingsError for a request without a recording; "record" sends such a request to the
            model; "refresh" sends every request; "live" neither reads nor keeps recordings.
        cure: How an answer is recorded, as the end of an error's sentence.
        name: What errors call the recordings; the case by default.
        used: The keys of the requests so far.
        earlier: The folders of the same case for other versions of the prompt, whose answers to the same requests are
            reused.
    """

    folder: Path
    mode: Mode
    cure: str = "run 'summariser eval record'"
    name: str = ""
    used: list[str] = field(default_factory=list)
    earlier: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        self._kept = {} if self.mode == "live" else load(self.folder)
        self._elsewhere: dict[str, Recording] | None = None

    def _recorded(self, wanted: str) -> Recording | None:
        """Return the recording with a key, of this version of the prompt or of another one; None if there is none."""
        if wanted in self._kept:
            return self._kept[wanted]
        if self._elsewhere is None:
            self._elsewhere = {key: found for folder in self.earlier for key, found in load(folder).items()}
        return self._elsewhere.get(wanted)

    def transport(self, model: str, draw: int, live: "Callable[[], Transport]") -> "Transport":
        """Return a transport that answers from the recordings or asks the model, by `mode`.

        Args:
            model: The model, as provider/name.
            draw: The number of the answer to the same request, from 0.
            live: Returns the transport of the model itself; called only if the model must be asked.
        """
        from summariser.models import keeping, repeating, request_key, request_of

        if self.mode == "live":
            return live()
        repeat = repeating(model, draw, self._find)

        def transport(wire: Any, listener: Any) -> Any:
            known = self._recorded(request_key(request_of(model, wire, draw))) is not None
            if self.mode == "replay" or (known and self.mode == "record"):
                return repeat(wire, listener)
            return keeping(model, draw, live(), self._keep)(wire, listener)

        return transport

    def _find(self, request: Json) -> Json:
        from summariser.models import request_key

        wanted = request_key(request)
        recording = self._recorded(wanted)
        if recording is None:
            raise self._missing(request)
        self.used.append(wanted)
        return recording.answer

    def _keep(self, request: Json, answer: Json) -> None:
        from summariser.models import request_key

        name = request_key(request)
        self.used.append(name)
        old = self._kept.get(name)
        path = old.path if old else self.folder / f"{len(self.used):02}-{name[:12]}.json"
        self._kept[name] = Recording(path, name, request, answer)
        write_whole(path, dumps({"key": name, "request": _lines_split(request), "answer": _lines_split(answer)}))

    def orphans(self, repeat: int) -> list[Path]:
        """Return the files that no request of this case used, except those of draws from `repeat` on."""
        used = set(self.used)
        kept = ((key, r) for key, r in self._kept.items() if r.request["draw"] < repeat)
        return [recording.path for key, recording in kept if key not in used]

    def _missing(self, request: Json) -> RecordingsError:
        """Return the error for a request without a recording: the case, and the difference to the closest recording."""
        kept = {**(self._elsewhere or {}), **self._kept}
        unused = [recording for key, recording in kept.items() if key not in set(self.used)]
        name = self.name or f"Case {self.folder.name}"
        if self.name and not unused:
            unused = list(kept.values())
        if not unused:
            return RecordingsError(f"{name} is not recorded yet; {self.cure}.", unrecorded=self.folder.name)
        asked = list(_shown(request))
        lines = set(asked)
        nearest = max(unused, key=lambda r: _overlap(lines, r.request))
        return RecordingsError(
            f"{name} is asked otherwise than it was recorded in {nearest.path.name}; restore what was asked, or "
            f"{self.cure}. "
            f"The difference (- recorded, + asked now):\n{_difference(list(_shown(nearest.request)), asked)}"
        )


def _overlap(lines: set[str], other: Json) -> float:
    """Return the Jaccard similarity of a request's lines and another request."""
    theirs = set(_shown(other))
    return len(lines & theirs) / (len(lines | theirs) or 1)


def _shown(request: Json) -> Iterator[str]:
    """Yield a request as lines for people: the settings, the messages and the schema."""
    wire = request["wire"]
    rest = {name: value for name, value in wire.items() if name not in ("messages", "response_format")}
    for name, value in {"model": request["model"], "draw": request["draw"], **rest}.items():
        yield f"{name}: {value}"
    for message in wire.get("messages", ()):
        yield from (f"{message.get('role')}: {line}" for line in str(message.get("content")).split("\n"))
    yield from json.dumps(wire.get("response_format"), ensure_ascii=False, indent=1).split("\n")


def _difference(old: list[str], new: list[str]) -> str:
    found = [line for line in difflib.unified_diff(old, new, lineterm="", n=0) if line[:2] not in ("--", "++", "@@")]
    more = f"\n  … and {len(found) - _DIFF_LINES} more lines" if len(found) > _DIFF_LINES else ""
    return "\n".join(f"  {_clipped(line)}" for line in found[:_DIFF_LINES]) + more


def _clipped(line: str) -> str:
    return line if len(line) <= _DIFF_LENGTH else line[: _DIFF_LENGTH - 1] + "…"


def _lines_split(value: Any) -> Any:
    """Return a value with the texts of messages as lists of lines, so that people can read and review recordings."""
    if isinstance(value, dict):
        return {
            name: each.split("\n") if name == "content" and isinstance(each, str) else _lines_split(each)
            for name, each in value.items()
        }
    return [_lines_split(each) for each in value] if isinstance(value, list) else value


def _lines_joined(value: Any) -> Any:
    """Return the value that `_lines_split` got."""
    if isinstance(value, dict):
        return {
            name: "\n".join(each) if name == "content" and _all_text(each) else _lines_joined(each)
            for name, each in value.items()
        }
    return [_lines_joined(each) for each in value] if isinstance(value, list) else value


def _all_text(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def dumps(data: object) -> str:
    """Return data as JSON in the format of the suite's files: with Unicode characters, one value on each line.

    Raises:
        ValueError: The data contain NaN or infinity.
    """
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def write_whole(path: Path, text: str) -> None:
    """Write a file, and its folder if necessary, in one step, so that the file is never incomplete.

    Raises:
        ConfigurationError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8", "backslashreplace"))  # writes a lone surrogate as a JSON escape
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written ({error.strerror}); make its folder writable.") from None
