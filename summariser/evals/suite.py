"""A suite: a folder of cases, the recordings and baselines beside them, and what has to hold."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summariser.errors import InputError
from summariser.evals import metric
from summariser.evals.gold import Case, load_case
from summariser.prompts import Library, Prompt, load
from summariser.schema import KindName

FILE = "suite.toml"
SplitWanted = Literal["dev", "test", "all"]
Share = Annotated[float, Field(ge=0, le=1)]


class Held(BaseModel):
    """A prompt and a model that the gate holds to their baseline, and below which F1 each kind must not fall."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str
    model: str
    strict: dict[KindName, Share] = {}
    detection: dict[KindName, Share] = {}


class _SuiteFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    metric: int
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    margin: Annotated[float, Field(gt=0, le=1)] = 0.05
    held: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Suite:
    """The cases of a folder in the order of their names, and the suite's own settings."""

    folder: Path
    name: str
    temperature: float
    margin: float
    held: tuple[Held, ...]
    cases: tuple[Case, ...]

    @classmethod
    def load(cls, folder: Path) -> "Suite":
        """The suite in a folder. Raises InputError where it is malformed or has no case."""
        path = folder / FILE
        try:
            found = _SuiteFile.model_validate(tomllib.loads(path.read_text("utf-8")))
        except OSError as error:
            raise InputError(
                f"{path} cannot be read ({error.strerror}); give the folder of a suite as the argument suite."
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"{path} is not valid TOML ({error}); correct it.") from None
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise InputError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}; correct it.") from None
        if found.metric != metric.VERSION:
            raise InputError(
                f"{path} was made for version {found.metric} of the metric and this is version {metric.VERSION}; set "
                "'metric' to it and accept the baselines anew."
            )
        folders = sorted(path.parent for path in (folder / "gold").glob("*/gold.yaml"))
        if not folders:
            raise InputError(f"{folder} has no cases; add one with 'summariser eval gold new'.")
        return cls(
            folder=folder,
            name=found.name,
            temperature=found.temperature,
            margin=found.margin,
            held=found.held,
            cases=tuple(map(load_case, folders)),
        )

    @property
    def recordings(self) -> Path:
        """The folder of the recordings."""
        return self.folder / "recordings"

    @property
    def baselines(self) -> Path:
        """The folder of the baselines."""
        return self.folder / "baselines"

    @property
    def library(self) -> Library:
        """The prompts of the suite's own, `prompts/<name>/v<N>.toml`."""
        return Library(self.folder / "prompts")

    def prompt(self, wanted: str) -> Prompt:
        """A prompt by its path or by its name: the suite's own, else one that comes with the program.

        Raises ConfigurationError where there is none, or a released one has another text.
        """
        return load(wanted, folder=self.library.folder)

    def chosen(self, split: SplitWanted, names: Sequence[str] = ()) -> tuple[Case, ...]:
        """The cases of a split, or those named. Raises InputError where there are none."""
        unknown = [name for name in names if name not in {case.id for case in self.cases}]
        if unknown:
            raise InputError(
                f"There is no case {unknown[0]!r} in {self.folder}; choose of {', '.join(c.id for c in self.cases)}."
            )
        cases = tuple(case for case in self.cases if (case.id in names if names else split in ("all", case.gold.split)))
        if not cases:
            raise InputError(f"{self.folder} has no case in the split {split!r}; choose another or add one.")
        return cases

    def held_as(self, prompt: str, model: str) -> Held | None:
        """What is held of a prompt (its id) and a model, if anything is."""
        of_model = (held for held in self.held if held.model == model)
        return next((held for held in of_model if prompt in (held.prompt, self._id_of(held.prompt))), None)

    def _id_of(self, wanted: str) -> str:
        """The id of a prompt that is held by another name, such as its path."""
        return wanted if "@" in wanted else self.prompt(wanted).id
