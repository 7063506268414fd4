"""The record of a run of a suite, in the format of `run.json`; all reports are made from it."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, SerializeAsAny, ValidationError

from summariser import prompts
from summariser.errors import InputError
from summariser.evals.check_rates import Verdicts
from summariser.evals.metric import Counts, Matching
from summariser.evals.recordings import dumps, write_whole
from summariser.schema import KindName, Summary, summary_type


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="null")


class KindRecord(_Frozen):
    """The result for one kind in one draw of a case: the matching and the counts."""

    matching: Matching
    counts: Counts


def _as_summary(value: object) -> object:
    """Return JSON data as a Summary with a list for each kind."""
    return summary_type().model_validate(value) if isinstance(value, dict) else value


class VerificationRecord(_Frozen):
    """What a recorded verification does to one answer.

    Attributes:
        rates: The verdicts on right, wrong and altered claims after it (see `VerifiedTrial.rates`).
        summary_tokens: The tokens of the requests for the claims, and of the answers.
        verification_tokens: The tokens of the requests that verify them, and of the answers.
    """

    rates: dict[str, Verdicts]
    summary_tokens: int
    verification_tokens: int


class DrawRecord(_Frozen):
    """One answer to a case.

    Attributes:
        summary: The Summary; None if the model refused or its answer was unusable.
        error: The reason why there is no Summary.
        kinds: The result for each kind.
        answered: The counts of each kind if the parties stay as the model gives them, without names from the text.
        checks: What the checks do to right, altered and reworded claims (see `check_rates`); empty if not measured.
        verification: What a recorded verification does to them; None if there is none or it was not measured.
    """

    summary: Annotated[SerializeAsAny[Summary] | None, BeforeValidator(_as_summary)]
    error: str | None
    kinds: dict[KindName, KindRecord]
    answered: dict[KindName, Counts] = {}
    checks: dict[str, Verdicts] = {}
    verification: VerificationRecord | None = None


class CaseRecord(_Frozen):
    """One case of a run.

    Attributes:
        case: The name of the case.
        split: Its split.
        sha256: The SHA-256 of the article.
        gold_sha256: The SHA-256 of the labels.
        draws: The answers; empty if the provider failed, so that the case is not scored.
        error: The provider's failure.
    """

    case: str
    split: str
    sha256: str
    gold_sha256: str
    draws: tuple[DrawRecord, ...]
    error: str | None = None

    def counts(self, kind: KindName) -> Counts:
        """Return the mean counts of a kind over the draws."""
        total = Counts()
        for draw in self.draws:
            total.add(draw.kinds[kind].counts, 1 / len(self.draws))
        return total


class RunRecord(_Frozen):
    """A run of a suite, in the format of `run.json`; all reports are made from it.

    Attributes:
        record_version: The version of the file format.
        suite: The name of the suite.
        metric: The version of the metric.
        prompt: The id of the prompt.
        prompt_sha256: The SHA-256 of the prompt's file.
        model: The model, as provider/name.
        mode: "replay", "record", "refresh" or "live".
        split: The split of the cases.
        status: "partial" if a case was not scored.
        cases: The cases.
        seconds: The duration, in seconds.
    """

    record_version: Literal[1] = 1
    suite: str
    metric: int
    prompt: str
    prompt_sha256: str
    model: str
    mode: str
    split: str
    status: Literal["ok", "partial"]
    cases: tuple[CaseRecord, ...]
    seconds: float = 0.0

    @property
    def scored(self) -> tuple[CaseRecord, ...]:
        """The cases that were scored."""
        return tuple(case for case in self.cases if case.draws)

    def counts(self, kind: KindName) -> Counts:
        """Return the sum of a kind's counts over all scored cases."""
        total = Counts()
        for case in self.scored:
            total.add(case.counts(kind))
        return total

    def parts(self, kinds: Sequence[KindName], *, strict: bool) -> dict[str, tuple[float, float]]:
        """Return the numbers from which F1 is computed, (true positives, gold + predicted), for each scored case.

        Args:
            kinds: The kinds, which are pooled.
            strict: True to count only pairs with every critical field right as true positives.
        """
        found = {}
        for case in self.scored:
            counts = [case.counts(kind) for kind in kinds]
            positives = sum(c.strict if strict else c.matched for c in counts)
            found[case.case] = (positives, sum(c.gold + c.predicted for c in counts))
        return found

    def answered(self, kind: KindName) -> Counts | None:
        """Return the sum of a kind's counts if the parties stay as the model gives them; None if it was not scored."""
        found = [case.draws[0].answered[kind] for case in self.scored if kind in case.draws[0].answered]
        total = Counts()
        for counts in found:
            total.add(counts)
        return total if found else None

    @property
    def checks(self) -> dict[str, Verdicts]:
        """What the checks do to right, altered and reworded claims, over all cases; empty if it was not measured."""
        return _added(case.draws[0].checks for case in self.scored)

    @property
    def verification(self) -> VerificationRecord | None:
        """What the recorded verifications do to claims, over all cases that have one; None if there is none."""
        found = [each for case in self.scored if (each := case.draws[0].verification) is not None]
        if not found:
            return None
        return VerificationRecord(
            rates=_added(each.rates for each in found),
            summary_tokens=sum(each.summary_tokens for each in found),
            verification_tokens=sum(each.verification_tokens for each in found),
        )

    def to_json(self) -> str:
        """Return the record as JSON text.

        Raises:
            ValueError: A number is NaN or infinite.
        """
        return dumps(self.model_dump(mode="json"))


def _added(rates: Iterable[dict[str, Verdicts]]) -> dict[str, Verdicts]:
    """Return the sums of the verdicts by name."""
    found: dict[str, Verdicts] = {}
    for each in rates:
        for name, verdicts in each.items():
            total = found.setdefault(name, {})
            for verdict, count in verdicts.items():
                total[verdict] = total.get(verdict, 0) + count
    return found


def write_run(record: RunRecord, folder: Path) -> Path:
    """Write `run.json` into a folder and return its path."""
    path = folder / "run.json"
    write_whole(path, record.to_json())
    return path


def load_run(path: Path) -> RunRecord:
    """Return the run in a file, or in the `run.json` of a folder.

    Raises:
        InputError: The file is not the record of a run, or the run used another text of a released prompt.
    """
    file = path / "run.json" if path.is_dir() else path
    try:
        found = RunRecord.model_validate_json(file.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); give the run.json of a run.") from None
    except (ValidationError, UnicodeDecodeError) as error:
        first = error.errors(include_url=False)[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        raise InputError(
            f"{file} is not the record of a run ({what}); create it again with 'summariser eval run'."
        ) from None
    if not all(kind.counts.finite for case in found.cases for draw in case.draws for kind in draw.kinds.values()):
        raise InputError(f"{file} contains NaN in place of a number; create it again with 'summariser eval run'.")
    require_same_prompt(found, prompts.library().locked().get(found.prompt, found.prompt_sha256))
    return found


def require_same_prompt(record: RunRecord, sha256: str) -> None:
    """Raise InputError if a run used another text of its prompt than the one with this SHA-256."""
    if record.prompt_sha256 != sha256:
        raise InputError(
            f"The run was made with another text of {record.prompt} than the current one; run it again, or give the "
            "changed text a new version."
        )
