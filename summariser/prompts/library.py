"""Libraries of prompts: find, load and release versions."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from summariser.errors import ConfigurationError
from summariser.prompts.lock import read_lock, write_lock
from summariser.prompts.models import Prompt, StepPrompt

_VERSION = re.compile(r"[0-9]{1,9}")
_INSTALLED = Path(__file__).parent.with_name("_prompts")  # a wheel installs the prompts there


@dataclass(frozen=True)
class Library:
    """A folder of prompts, `<name>/v<N>.toml`, with its lock file."""

    folder: Path

    def ids(self) -> list[tuple[str, int]]:
        """Return the name and version of every prompt, sorted."""
        found = (
            (path.parent.name, int(path.stem[1:]))
            for path in self.folder.glob("*/v*.toml")
            if _VERSION.fullmatch(path.stem[1:])
        )
        return sorted(found)

    def prompts(self) -> list[str]:
        """Return the ids of all prompts for whole summaries."""
        found = (load_file(self.path(name, version)) for name, version in self.ids())
        return [each.id for each in found if isinstance(each, Prompt)]

    def path(self, name: str, version: int) -> Path:
        """Return the path of a version's file."""
        return self.folder / name / f"v{version}.toml"

    def has(self, wanted: str) -> bool:
        """Return True if the library has the prompt `name@version`, or any version of `name`."""
        return self._version(wanted) is not None

    def load(self, wanted: str) -> Prompt:
        """Return a prompt for a whole summary.

        Args:
            wanted: `name@version`, or `name` for its newest version.

        Raises:
            ConfigurationError: There is no such prompt, it belongs to a postprocessing step, or its text differs from
                the released one.
        """
        found = self.load_any(wanted)
        if isinstance(found, StepPrompt):
            raise _belongs_to_a_step(found.id)
        require_released_text(found, self.path(found.name, found.version))
        return found

    def load_step(self, wanted: str) -> StepPrompt:
        """Return the prompt of a postprocessing step.

        Args:
            wanted: `name@version`, or `name` for its newest version.

        Raises:
            ConfigurationError: There is no such prompt, it is for a whole summary, or its text differs from the
                released one.
        """
        found = self.load_any(wanted)
        if isinstance(found, Prompt):
            raise ConfigurationError(
                f"{found.id} is a prompt for a whole summary; choose the prompt of a postprocessing step."
            )
        require_released_text(found, self.path(found.name, found.version))
        return found

    def load_any(self, wanted: str) -> Prompt | StepPrompt:
        """Return a prompt of either type without a look at the lock file, to show, compare or release it.

        Args:
            wanted: `name@version`, or `name` for its newest version.

        Raises:
            ConfigurationError: There is no such prompt, or its file is malformed.
        """
        number = self._version(wanted)
        if number is None:
            raise _not_found(wanted, self)
        name = wanted.partition("@")[0]
        prompt = load_file(self.path(name, number))
        if (prompt.name, prompt.version) != (name, number):
            raise ConfigurationError(f"The file of prompt {name}@{number} calls itself {prompt.id}; correct it.")
        return prompt

    def _version(self, wanted: str) -> int | None:
        """Return the version in `name@version` or the newest of `name`; None if the library does not have it."""
        name, _, version = wanted.partition("@")
        versions = [v for n, v in self.ids() if n == name]
        if not version:
            return max(versions, default=None)
        return int(version) if _VERSION.fullmatch(version) and int(version) in versions else None

    def locked(self) -> dict[str, str]:
        """Return the digests of the released versions, by id."""
        return read_lock(self.folder)

    def altered(self) -> list[str]:
        """Return the ids of the released versions whose text has changed or is missing."""
        present = {f"{name}@{version}" for name, version in self.ids()}
        return [id for id, digest in self.locked().items() if id not in present or self.load_any(id).sha256 != digest]

    def lock(self) -> list[str]:
        """Release every version that is not yet released, and return their ids.

        Raises:
            ConfigurationError: A released version was changed; nothing is written.
        """
        if altered := self.altered():
            raise ConfigurationError(
                f"Released prompts never change, but {', '.join(altered)} did; "
                "restore the text and put the change into a new version."
            )
        digests = self.locked()
        added = [id for name, version in self.ids() if (id := f"{name}@{version}") not in digests]
        write_lock(self.folder, digests | {id: self.load_any(id).sha256 for id in added})
        return added


def load_file(path: Path) -> Prompt | StepPrompt:
    """Return the prompt in a TOML file; a file without calls holds the prompt of a postprocessing step.

    Raises:
        ConfigurationError: The file is missing or malformed.
    """
    try:
        text = path.read_text("utf-8-sig").replace("\r\n", "\n")
        fields = tomllib.loads(text)
        kind = Prompt if "calls" in fields or "opening" in fields else StepPrompt
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
    """Return the program's own prompts: those installed with it, otherwise those of the checkout."""
    return Library(_INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[2] / "prompts")


def library_to_release() -> Library:
    """Return the prompts of the checkout.

    Raises:
        ConfigurationError: The program is installed and has no checkout.
    """
    if _INSTALLED.is_dir():
        raise ConfigurationError(
            "Prompts are released in a checkout of summariser, and this one is installed; run 'prompts lock' there."
        )
    return library()


def load(wanted: str, *, folder: Path | None = None) -> Prompt:
    """Return a prompt for a whole summary.

    Args:
        wanted: `name`, `name@version`, or the path of a TOML file.
        folder: A folder of prompts to search before the program's own.

    Raises:
        ConfigurationError: There is no such prompt, its file is malformed, it belongs to a postprocessing step, or it
            has the name and version of a released prompt and a different text.
    """
    if not wanted.endswith(".toml"):
        own, ours = Library(folder) if folder is not None else None, library()
        if own is not None and own.has(wanted):
            return own.load(wanted)
        if own is not None and not ours.has(wanted):
            raise _not_found(wanted, own, ours)
        return ours.load(wanted)
    found = load_file(Path(wanted))
    if isinstance(found, StepPrompt):
        raise _belongs_to_a_step(wanted)
    require_released_text(found, Path(wanted))
    return found


def require_released_text(prompt: Prompt | StepPrompt, path: Path) -> None:
    """Raise ConfigurationError if a prompt has the id of a released one and a different text."""
    if library().locked().get(prompt.id, prompt.sha256) != prompt.sha256:
        raise ConfigurationError(
            f"{path} calls itself {prompt.id}, which is released with another text; raise its version."
        )


def _not_found(wanted: str, *libraries: Library) -> ConfigurationError:
    known = dict.fromkeys(id for each in libraries for id in each.prompts())
    return ConfigurationError(f"There is no prompt {wanted!r}; choose one of {', '.join(known)}.")


def _belongs_to_a_step(wanted: str) -> ConfigurationError:
    return ConfigurationError(f"{wanted} is the prompt of a postprocessing step; choose a prompt for a whole summary.")
