"""Prompts: load a version, render it for a document, identify it, lock what is released."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from summariser.documents.document import Document, Sentence
from summariser.errors import ConfigurationError
from summariser.schema import Draft
from summariser.schema.response import Fill
from summariser.text.languages import LANGUAGES

LOCK = "lock.toml"
_VERSION = re.compile(r"[0-9]{1,9}")
_INSTALLED = Path(__file__).parent.with_name("_prompts")  # where a wheel has them
_TEMPLATES = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
)


class Call(BaseModel):
    """One request: what it fills, its words, and how long its answer may be (tokens).

    `system` and `opening` default to the prompt's own, so that calls share a prefix. `focus` are cue
    words, a final * standing for any ending; the sentences that hold one are handed to the template
    once more, and are what fills with `each_sentence` go through.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    fills: tuple[Fill, ...] = Field(min_length=1)
    system: str | None = None
    opening: str | None = None
    task: str
    focus: tuple[str, ...] = ()
    max_output_tokens: Annotated[int, Field(gt=0, le=100_000)]

    def in_focus(self, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
        """The sentences that hold one of the cue words."""
        if not self.focus:
            return ()
        words = "|".join(re.escape(cue).replace(r"\*", r"\w*") for cue in self.focus)
        cue = re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)
        return tuple(sentence for sentence in sentences if cue.search(sentence.text))


class Message(BaseModel):
    """One chat message."""

    model_config = ConfigDict(frozen=True)

    role: Literal["system", "user"]
    content: str


class _Versioned(BaseModel):
    """What is released once and never changes: a name, a version, and the digest of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[int, Field(gt=0)]
    description: str
    changes: str
    sha256: str

    @property
    def id(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"


class Prompt(_Versioned):
    """One version of a prompt: `system`, an `opening` that shows the article, and the calls.

    `by_rules` are the parts that no call asks for: code reads them off the words of the document.
    """

    system: str
    opening: str
    by_rules: tuple[Literal["commitments", "reactions", "risks"], ...] = ()
    calls: tuple[Call, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_part_once(self) -> "Prompt":
        parts = [*self.by_rules, *(fill.part for call in self.calls for fill in call.fills)]
        if not set(parts) >= Draft.model_fields.keys() or len(set(parts)) != len(parts):
            raise ValueError(f"the calls and by_rules must fill each of {', '.join(Draft.model_fields)} exactly once")
        return self

    def render(
        self, call: Call, document: Document, sentences: Sequence[Sentence], focus: Sequence[Sentence] = ()
    ) -> tuple[Message, ...]:
        """The messages of one call about these sentences of the document, `focus` being those to show once more.

        The article only ever enters as a value. Raises ConfigurationError where a template is wrong.
        """
        values = {
            "article": numbered(sentences),
            "focus": numbered(focus),
            "title": document.title,
            "language": document.language,
            "language_name": LANGUAGES.get(document.language or ""),
            "published": document.published.isoformat() if document.published else None,
        }
        what = f"Call {call.name!r} of prompt {self.id}"
        system, opening, task = (
            _rendered(template, values, what)
            for template in (call.system or self.system, call.opening or self.opening, call.task)
        )
        return Message(role="system", content=system), Message(role="user", content=f"{opening}\n\n{task}")


class Pass(_Versioned):
    """One version of the prompt of a pass over a finished Summary: one request, again and again."""

    system: str
    task: str
    max_output_tokens: Annotated[int, Field(gt=0, le=100_000)]

    def render(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """The messages of one request. Raises ConfigurationError where a template is wrong."""
        system, task = (_rendered(template, values, f"The pass {self.id}") for template in (self.system, self.task))
        return Message(role="system", content=system), Message(role="user", content=task)


@lru_cache(maxsize=256)
def _compiled(template: str) -> Template:
    return _TEMPLATES.from_string(template)


def _rendered(template: str, values: Mapping[str, object], what: str) -> str:
    try:
        return _compiled(template).render(values).strip()
    except Exception as error:  # a template is code, and may fail in any way
        raise ConfigurationError(f"{what} has a wrong template ({error}); correct its TOML file.") from None


def numbered(sentences: Iterable[Sentence]) -> str:
    """The sentences, one a line, each with its number in brackets."""
    return "\n".join(f"[{s.number}] {' '.join(s.text.split())}" for s in sentences)


@dataclass(frozen=True)
class Library:
    """A folder of prompts, `<name>/v<N>.toml`, with its lock file."""

    folder: Path

    def ids(self) -> list[tuple[str, int]]:
        """Name and version of every prompt, sorted."""
        found = (
            (path.parent.name, int(path.stem[1:]))
            for path in self.folder.glob("*/v*.toml")
            if _VERSION.fullmatch(path.stem[1:])
        )
        return sorted(found)

    def load(self, wanted: str) -> Prompt:
        """The prompt `name@version`, or the newest of `name`.

        Raises ConfigurationError where there is none, or a released one has another text than it was released with.
        """
        found = self.load_any(wanted)
        if isinstance(found, Pass):
            raise _is_of_a_pass(found.id)
        require_released_text(found, self.path(found.name, found.version))
        return found

    def load_pass(self, wanted: str) -> Pass:
        """The same for the prompt of a pass."""
        found = self.load_any(wanted)
        if isinstance(found, Prompt):
            raise ConfigurationError(f"{found.id} is the prompt of a whole summary, not of a pass.")
        require_released_text(found, self.path(found.name, found.version))
        return found

    def load_any(self, wanted: str) -> Prompt | Pass:
        """The same for either, whatever its text; for those who show, compare and release prompts."""
        number = self._version(wanted)
        if number is None:
            raise _there_is_none(wanted, self)
        name = wanted.partition("@")[0]
        prompt = load_file(self.path(name, number))
        if (prompt.name, prompt.version) != (name, number):
            raise ConfigurationError(f"The file of prompt {name}@{number} calls itself {prompt.id}; correct it.")
        return prompt

    def has(self, wanted: str) -> bool:
        """Whether there is a prompt `name@version`, or any version of `name`."""
        return self._version(wanted) is not None

    def _version(self, wanted: str) -> int | None:
        """The version that is wanted, or the newest; None where there is none."""
        name, _, version = wanted.partition("@")
        versions = [v for n, v in self.ids() if n == name]
        if not version:
            return max(versions, default=None)
        return int(version) if _VERSION.fullmatch(version) and int(version) in versions else None

    def prompts(self) -> list[str]:
        """The ids of all prompts of whole summaries."""
        found = (load_file(self.path(name, version)) for name, version in self.ids())
        return [each.id for each in found if isinstance(each, Prompt)]

    def path(self, name: str, version: int) -> Path:
        """Where a version lies."""
        return self.folder / name / f"v{version}.toml"

    def locked(self) -> dict[str, str]:
        """The digests of the released versions, by id."""
        path = self.folder / LOCK
        if not path.exists():
            return {}
        return {str(key): str(value) for key, value in tomllib.loads(path.read_text("utf-8")).items()}

    def altered(self) -> list[str]:
        """The ids of released versions whose text is no longer what it was, or is gone."""
        present = dict.fromkeys(f"{n}@{v}" for n, v in self.ids())
        return [
            name
            for name, digest in self.locked().items()
            if name not in present or self.load_any(name).sha256 != digest
        ]

    def lock(self) -> list[str]:
        """Add the digest of every version not yet released; returns their ids.

        Raises ConfigurationError, and writes nothing, where a released version was changed.
        """
        if altered := self.altered():
            raise ConfigurationError(
                f"Released prompts never change, but {', '.join(altered)} did; "
                "restore the text and put the change into a new version."
            )
        digests = self.locked()
        added = [name for n, v in self.ids() if (name := f"{n}@{v}") not in digests]
        digests |= {name: self.load_any(name).sha256 for name in added}
        lines = [f'"{name}" = "{digests[name]}"\n' for name in sorted(digests)]
        text = "# SHA-256 of every released prompt version: these never change. Written by `summariser prompts lock`.\n"
        (self.folder / LOCK).write_text(text + "".join(lines), "utf-8")
        return added


def load_file(path: Path) -> Prompt | Pass:
    """The prompt in a TOML file; one without calls is that of a pass.

    Raises ConfigurationError where it is missing or malformed.
    """
    try:
        text = path.read_text("utf-8-sig").replace("\r\n", "\n")
        fields = tomllib.loads(text)
        kind = Prompt if "calls" in fields or "opening" in fields else Pass
        return kind(**fields, sha256=hashlib.sha256(text.encode()).hexdigest())
    except OSError as error:
        raise ConfigurationError(f"The prompt {path} cannot be read ({error.strerror}); check its name.") from None
    except (ValidationError, TypeError) as error:
        reason = str(error)
        if isinstance(error, ValidationError):
            first = error.errors(include_url=False)[0]
            reason = f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['msg']}"
        raise ConfigurationError(f"The prompt {path} is malformed ({reason}); correct it.") from None
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"The prompt {str(path)!r} is not valid TOML ({error}); correct it.") from None


def library() -> Library:
    """The prompts that come with the program: those installed with it, else those of the checkout."""
    return Library(_INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[2] / "prompts")


def library_to_release() -> Library:
    """The prompts of the checkout. Raises ConfigurationError where the program is installed."""
    if _INSTALLED.is_dir():
        raise ConfigurationError(
            "Prompts are released in a checkout of summariser, and this one is installed; run 'prompts lock' there."
        )
    return library()


def load(wanted: str, *, folder: Path | None = None) -> Prompt:
    """A prompt by `name`, `name@version`, or the path of a TOML file of the user's own.

    A name is looked up in the `folder` first, if one is given, then among the program's own. Raises ConfigurationError
    where there is no such prompt, its file is malformed, or it has the name and version of a released prompt and
    another text.
    """
    if not wanted.endswith(".toml"):
        own, ours = Library(folder) if folder is not None else None, library()
        if own is not None and own.has(wanted):
            return own.load(wanted)
        if own is not None and not ours.has(wanted):
            raise _there_is_none(wanted, own, ours)
        return ours.load(wanted)
    found = load_file(Path(wanted))
    if isinstance(found, Pass):
        raise _is_of_a_pass(wanted)
    require_released_text(found, Path(wanted))
    return found


def require_released_text(prompt: Prompt | Pass, path: Path) -> None:
    """Raise ConfigurationError where a prompt is called what a released one is called, and has another text."""
    if library().locked().get(prompt.id, prompt.sha256) != prompt.sha256:
        raise ConfigurationError(
            f"{path} calls itself {prompt.id}, which is released with another text; raise its version."
        )


def _there_is_none(wanted: str, *libraries: Library) -> ConfigurationError:
    known = dict.fromkeys(id for each in libraries for id in each.prompts())
    return ConfigurationError(f"There is no prompt {wanted!r}; choose one of {', '.join(known)}.")


def _is_of_a_pass(wanted: str) -> ConfigurationError:
    return ConfigurationError(f"{wanted} is the prompt of a pass over a summary; choose that of a whole summary.")
