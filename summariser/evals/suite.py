"""A suite: a folder of cases with their recordings and baselines, and the requirements of the gate."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from summariser.errors import InputError
from summariser.evals import metric
from summariser.evals.gold import Case, load_case
from summariser.prompts import Library, Prompt, load
from summariser.schema import KindName

FILE = "suite.toml"
_REWORDINGS = TypeAdapter(dict[str, str])
SplitWanted = Literal["dev", "test", "all"]
Share = Annotated[float, Field(ge=0, le=1)]


class CheckLimits(BaseModel):
    """The limits for what the checks say of the claims of a run, as shares.

    Attributes:
        right_supported: The least share of right claims that is supported.
        right_refuted: The largest share of right claims, or of reworded ones, that is refuted.
        altered_supported: The largest share of altered claims of a kind that is still supported.
        added_supported: The same of claims to which what another place says was added.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    right_supported: Share = 0.0
    right_refuted: Share = 1.0
    altered_supported: Share = 1.0
    added_supported: Share = 1.0


class ConfidenceLimits(BaseModel):
    """The limits for the confidence of all claims that the suite holds, on the split test.

    Attributes:
        auroc: The least area under the ROC curve.
        calibration_error: The largest expected calibration error.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    auroc: Share = 0.0
    calibration_error: Share = 1.0


class Held(BaseModel):
    """A prompt and a model that the gate compares with a baseline, and the minimum F1 of each kind.

    `checks` has the limits for what the checks say, and `verified` those after the recorded verification; they apply
    where it is measured.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str
    model: str
    strict: dict[KindName, Share] = {}
    detection: dict[KindName, Share] = {}
    checks: CheckLimits = CheckLimits()
    verified: CheckLimits = CheckLimits()


class HeldComparison(BaseModel):
    """A prompt and a model whose comparisons of the labelled pairs are held, and the least F1.

    Attributes:
        prompt: The id of the prompt.
        model: The model, as provider/name.
        align: True if the model names the items that are the same; False if rules align them.
        changes: The least F1 of the changes of one matter.
        reports: The least F1 of the differences of reports.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str
    model: str
    align: bool = False
    changes: Share = 0.0
    reports: Share = 0.0


class _SuiteFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    metric: int
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    margin: Annotated[float, Field(gt=0, le=1)] = 0.05
    confidence: ConfidenceLimits = ConfidenceLimits()
    held: tuple[Held, ...] = ()
    compared: tuple[HeldComparison, ...] = ()


@dataclass(frozen=True)
class Suite:
    """A suite.

    Attributes:
        folder: Its folder.
        name: Its name.
        temperature: The sampling temperature of its runs.
        margin: The largest decrease of F1 that the gate accepts in a live run.
        held: The prompts and models that the gate compares with baselines.
        confidence: The limits for the confidence of claims.
        compared: The prompts and models whose comparisons of pairs are held.
        cases: Its cases, sorted by name.
    """

    folder: Path
    name: str
    temperature: float
    margin: float
    held: tuple[Held, ...]
    confidence: ConfidenceLimits
    compared: tuple[HeldComparison, ...]
    cases: tuple[Case, ...]

    def rewordings(self, case: str) -> dict[str, str]:
        """Return other words for the texts of claims of a case, by text; none if the suite has no such file.

        Raises:
            InputError: The file is malformed.
        """
        path = self.folder / "rewordings" / f"{case}.json"
        if not path.is_file():
            return {}
        try:
            found = _REWORDINGS.validate_json(path.read_bytes())
        except ValidationError as error:
            first = error.errors(include_url=False)[0]["msg"]
            raise InputError(f"{path} is no object of texts ({first}); correct it.") from None
        return found

    @classmethod
    def load(cls, folder: Path) -> "Suite":
        """Return the suite in a folder.

        Raises:
            InputError: The suite is malformed or has no cases.
        """
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
                f"{path} belongs to version {found.metric} of the metric, and this is version {metric.VERSION}; set "
                f"'metric' to {metric.VERSION} and accept the baselines again."
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
            confidence=found.confidence,
            compared=found.compared,
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
        """The suite's own prompts, `prompts/<name>/v<N>.toml`."""
        return Library(self.folder / "prompts")

    def prompt(self, wanted: str) -> Prompt:
        """Return a prompt: one of the suite, otherwise one of the program.

        Args:
            wanted: `name`, `name@version`, or the path of a TOML file.

        Raises:
            ConfigurationError: There is no such prompt, or its text differs from the released one.
        """
        return load(wanted, folder=self.library.folder)

    def chosen(self, split: SplitWanted, names: Sequence[str] = ()) -> tuple[Case, ...]:
        """Return some cases of the suite.

        Args:
            split: The split.
            names: The names of the cases; if there are any, the split does not count.

        Raises:
            InputError: A case does not exist, or the split is empty.
        """
        unknown = [name for name in names if name not in {case.id for case in self.cases}]
        if unknown:
            raise InputError(
                f"There is no case {unknown[0]!r} in {self.folder}; choose from {', '.join(c.id for c in self.cases)}."
            )
        cases = tuple(case for case in self.cases if (case.id in names if names else split in ("all", case.gold.split)))
        if not cases:
            raise InputError(f"{self.folder} has no case in the split {split!r}; choose another or add one.")
        return cases

    def held_as(self, prompt: str, model: str) -> Held | None:
        """Return the requirements for a prompt and a model; None if suite.toml has no entry for them.

        Args:
            prompt: The id of the prompt.
            model: The model, as provider/name.
        """
        of_model = (held for held in self.held if held.model == model)
        return next((held for held in of_model if prompt in (held.prompt, self._id_of(held.prompt))), None)

    def _id_of(self, wanted: str) -> str:
        """Return the id of a prompt that suite.toml names by its id or its path."""
        return wanted if "@" in wanted else self.prompt(wanted).id
