"""Runs of a suite: ask, link, ground and score every case, live or from recordings, and keep the result as a record."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, SerializeAsAny, ValidationError

from summariser import events, prompts
from summariser.concurrency import run_now
from summariser.errors import (
    InputError,
    ModelError,
    OutputError,
    ProviderError,
    RecordingsError,
    RefusedError,
)
from summariser.evals import baseline_system, metric, verifications
from summariser.evals.check_rates import Trial, Verdicts, check_rates
from summariser.evals.gold import Case
from summariser.evals.metric import Counts, Matching, Scored, gold_side, predicted_side
from summariser.evals.recordings import Cassette, Mode, dumps, folder_of, folders_of_other_versions, write_whole
from summariser.evals.suite import SplitWanted, Suite
from summariser.extraction import Extraction, ask
from summariser.grounding import ground
from summariser.linking import link
from summariser.postprocess import VERIFICATION
from summariser.schema import Draft, KindName, Summary, kind_names, summary_type
from summariser.settings import Settings, load_settings

if TYPE_CHECKING:
    from summariser.models import Model, Transport

RECORD_VERSION: Literal[1] = 1


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

    record_version: Literal[1] = RECORD_VERSION
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
    _require_text(found, prompts.library().locked().get(found.prompt, found.prompt_sha256))
    return found


def _require_text(record: RunRecord, sha256: str) -> None:
    """Raise InputError if a run used another text of its prompt than the one with this SHA-256."""
    if record.prompt_sha256 != sha256:
        raise InputError(
            f"The run was made with another text of {record.prompt} than the current one; run it again, or give the "
            "changed text a new version."
        )


@dataclass(frozen=True, kw_only=True)
class Job:
    """The parameters of a run.

    Attributes:
        suite: The suite.
        cases: The cases to run.
        prompt: The prompt.
        model: The model, as provider/name.
        named: The name of the prompt in commands, such as a path; empty for its id.
        mode: The source of the answers: the recordings, the model, or both.
        repeat: The number of answers for each case.
        split: The split of the cases.
        settings: The settings; the suite decides the temperature.
        checks: True to measure what the checks do to right, altered and reworded claims.
    """

    suite: Suite
    cases: tuple[Case, ...]
    prompt: prompts.Prompt
    model: str
    named: str = ""
    mode: Mode = "replay"
    repeat: int = 1
    split: SplitWanted = "all"
    settings: Settings = field(default_factory=load_settings)
    checks: bool = False

    def command(self, case: str | None = None) -> str:
        """Return the command that records the answers, with its arguments in brackets."""
        arguments = f"prompt {self.named or self.prompt.id}, model {self.model}{f', case {case}' if case else ''}"
        return f"'summariser eval record' ({arguments})"


@dataclass
class Ran:
    """A run, and the recordings that no request used."""

    record: RunRecord
    orphans: list[Path] = field(default_factory=list)


def run(
    job: Job, *, listener: events.Listener = events.ignore, progress: Callable[[str], None] = lambda _: None
) -> Ran:
    """Run a job.

    A failure of the provider ends the run, which is then partial, and its case is not scored. If the model refuses or
    its answer is unusable, its case is scored as empty. In replay no request leaves the machine.

    Args:
        job: What to run.
        listener: Takes the events of the model calls.
        progress: Takes the name of each case when it begins.

    Raises:
        RecordingsError: Recordings are missing or malformed; raised after all cases were tried.
        InputError: The article of a case is not the labelled one.
        ConfigurationError: The model cannot be opened, or its answers cannot be recorded.
    """
    started = time.monotonic()
    if job.prompt == baseline_system.PROMPT:
        return Ran(_record(job, [_baseline_case(case) for case in job.cases], started))
    prompt = job.prompt
    missing: list[RecordingsError] = []
    records: list[CaseRecord] = []
    orphans: list[Path] = []
    folder = folder_of(job.suite.recordings, prompt.id, job.model)
    with _asking(job, listener) as asked:
        for case in job.cases:
            progress(case.id)
            try:
                cassette = _cassette(job, case)
                _require_same_article(case, job, cassette, asked, prompt)
                records.append(_run_case(case, job, cassette, asked, prompt))
            except RecordingsError as error:
                missing.append(error)
                continue
            if records[-1].error:
                break
            orphans += cassette.orphans(job.repeat) if job.mode in ("replay", "record") else []
    if missing:
        raise _all_of(missing, job.command())
    known = {case.id for case in job.suite.cases}
    if job.mode != "live" and folder.is_dir():
        orphans += [path for path in sorted(folder.iterdir()) if path.name not in known and path.name[0] != "."]
    return Ran(_record(job, records, started), orphans)


def _record(job: Job, cases: Sequence[CaseRecord], started: float) -> RunRecord:
    return RunRecord(
        suite=job.suite.name,
        metric=metric.VERSION,
        prompt=job.prompt.id,
        prompt_sha256=job.prompt.sha256,
        model=job.model,
        mode=job.mode,
        split=job.split,
        status="partial" if len(cases) < len(job.cases) or any(case.error for case in cases) else "ok",
        cases=tuple(cases),
        seconds=round(time.monotonic() - started, 2),
    )


class Answered(NamedTuple):
    """An answer to a case.

    Attributes:
        extraction: The answer with its usage.
        summary: The Summary that is made of it.
        uncompleted: The Summary if the parties stay as the model gives them.
    """

    extraction: Extraction
    summary: Summary
    uncompleted: Summary

    @property
    def draft(self) -> Draft:
        """The answer's Draft."""
        return self.extraction.draft


_Ask = Callable[[Case, Cassette, int, prompts.Prompt], Answered]


@contextmanager
def _asking(job: Job, listener: events.Listener) -> Iterator[_Ask]:
    """Yield a function that asks a case through its cassette; the model itself is opened when it is first needed."""
    from summariser.models import model_over, open_model

    settings = job.settings.model_copy(update={"temperature": job.suite.temperature})
    opened: list[Model] = []

    with ExitStack() as stack:

        def live() -> "Model":
            if not opened:
                opened.append(stack.enter_context(open_model(job.model, settings, listener=listener)))
            return opened[0]

        def transport() -> "Transport":
            return live().transport

        def asked(case: Case, cassette: Cassette, draw: int, prompt: prompts.Prompt) -> Answered:
            if job.mode == "live":
                model = live()
            else:
                model = model_over(job.model, settings, cassette.transport(job.model, draw, transport))
            return _summarised(case, model, prompt, listener)

        yield asked


def _summarised(case: Case, model: "Model", prompt: prompts.Prompt, listener: events.Listener) -> Answered:
    """Return an answer and its Summary; raise the error of a provider that fails, even after some answers."""
    from summariser.models import is_local

    document = replace(case.document, source=case.id)
    extraction = run_now(ask(model, prompt, document, listener=listener))
    for error in extraction.errors:
        if isinstance(error, ProviderError):
            raise error
    extraction.seconds = 0.0
    local = is_local(model.name)
    finished = ground(link(extraction.draft, document, completing=local), document, extraction)
    if not local:
        return Answered(extraction, finished, finished)
    return Answered(
        extraction, finished, ground(link(extraction.draft, document, completing=False), document, extraction)
    )


def answers_of(job: Job, case: Case) -> Answered:
    """Return the recorded answer to a case.

    Args:
        job: The prompt, the model and the suite; its mode is "replay".
        case: The case.

    Raises:
        RecordingsError: The answer is not recorded.
        ModelError: The recorded answer is unusable.
    """
    with _asking(job, events.ignore) as asked:
        return asked(case, _cassette(job, case), 0, job.prompt)


def _cassette(job: Job, case: Case) -> Cassette:
    """Return the recordings of a case for a run."""
    folder = folder_of(job.suite.recordings, job.prompt.id, job.model) / case.id
    others = folders_of_other_versions(job.suite.recordings, job.prompt.id, job.model, case.id)
    return Cassette(folder, job.mode, f"run {job.command(case.id)}", earlier=others)


def _require_same_article(case: Case, job: Job, cassette: Cassette, ask: _Ask, prompt: prompts.Prompt) -> None:
    """Raise an error if the article is not the labelled one; in replay it shows the difference to the recording."""
    if case.document.sha256 == case.gold.article.sha256:
        return
    message = (
        f"The article of case {case.id} is not the one that was labelled (its SHA-256 differs from gold.yaml's); "
        "restore it, or label it again."
    )
    if job.mode != "replay":
        raise InputError(message)
    ask(case, cassette, 0, prompt)  # raises RecordingsError with the difference, unless no call shows it
    raise RecordingsError(message)


def _run_case(case: Case, job: Job, cassette: Cassette, ask: _Ask, prompt: prompts.Prompt) -> CaseRecord:
    draws = []
    for draw in range(job.repeat):
        try:
            answered = ask(case, cassette, draw, prompt)
            drawn = _draw(case, answered.summary, None).model_copy(
                update={"answered": dict(score_case(case, answered.uncompleted).counts)}
            )
            draws.append(_with_checks(drawn, answered.draft, case, job) if job.checks else drawn)
        except (OutputError, RefusedError) as error:
            draws.append(_draw(case, None, str(error)))
        except ModelError as error:
            return _case_record(case, draws, str(error))
    return _case_record(case, draws, None)


def _case_record(case: Case, draws: Sequence[DrawRecord], error: str | None) -> CaseRecord:
    return CaseRecord(
        case=case.id,
        split=case.gold.split,
        sha256=case.gold.article.sha256,
        gold_sha256=hashlib.sha256(case.gold.model_dump_json().encode()).hexdigest(),
        draws=tuple(draws) if error is None else (),
        error=error,
    )


def _draw(case: Case, summary: Summary | None, error: str | None) -> DrawRecord:
    scored = score_case(case, summary)
    kinds = {kind: KindRecord(matching=scored.matchings[kind], counts=scored.counts[kind]) for kind in kind_names()}
    return DrawRecord(summary=summary, error=error, kinds=kinds)


def _with_checks(draw: DrawRecord, draft: Draft, case: Case, job: Job) -> DrawRecord:
    """Return a draw with what the checks do to its claims, and to altered and reworded copies of the right ones."""
    from summariser.models import is_local

    matchings = {kind: record.matching for kind, record in draw.kinds.items()}
    document = replace(case.document, source=case.id)
    trial = Trial(draft, document, job.prompt.by_rules, completing=is_local(job.model))
    rates = check_rates(trial, matchings, job.suite.rewordings(case.id))
    verification = prompts.library().load_step(VERIFICATION).id
    path = verifications.path_of(job.suite.folder, verification, job.prompt.id, job.model, case.id)
    recorded = verifications.load(path)
    if recorded is None:
        return draw.model_copy(update={"checks": rates})
    verified = VerificationRecord(
        rates=verifications.VerifiedTrial(trial, recorded, job.model).rates(matchings),
        summary_tokens=recorded.summary_tokens,
        verification_tokens=recorded.verification_tokens,
    )
    return draw.model_copy(update={"checks": rates, "verification": verified})


def score_case(case: Case, summary: Summary | None) -> Scored:
    """Score a Summary against the gold labels of its case.

    Args:
        case: The case.
        summary: The Summary; None is scored as an empty one.
    """
    gold = gold_side(case)
    predicted = predicted_side(case, summary) if summary else replace(gold, items=dict.fromkeys(kind_names(), ()))
    return metric.score(gold, predicted, case.gold.rejected)


def rescored(record: RunRecord, suite: Suite) -> RunRecord:
    """Return a run with its Summaries scored against the current gold labels and metric, without asking a model.

    Raises:
        InputError: The suite lacks a case of the run, or has another article or another text of the prompt.
    """
    if any(library.has(record.prompt) for library in (suite.library, prompts.library())):
        _require_text(record, suite.prompt(record.prompt).sha256)
    cases = {case.id: case for case in suite.cases}
    gone = [found.case for found in record.cases if found.case not in cases]
    if gone:
        raise InputError(f"The suite lacks the run's case {gone[0]!r}; give the suite with which the run was made.")
    again = []
    for found in record.cases:
        case = cases[found.case]
        if case.gold.article.sha256 != found.sha256:
            raise InputError(f"The article of case {case.id} has changed since the run; run it again.")
        draws = tuple(_draw(case, draw.summary, draw.error) for draw in found.draws)
        again.append(_case_record(case, draws, found.error))
    return record.model_copy(update={"cases": tuple(again), "metric": metric.VERSION})


def _baseline_case(case: Case) -> CaseRecord:
    """Return a case as the baseline system answers it."""
    from summariser.models import Usage

    document = replace(case.document, source=case.id)
    extraction = Extraction(prompt=baseline_system.PROMPT, model=baseline_system.MODEL, usage=Usage())
    summary = ground(link(baseline_system.baseline(document), document), document, extraction)
    return _case_record(case, [_draw(case, summary, None)], None)


def _all_of(errors: Sequence[RecordingsError], command: str) -> RecordingsError:
    """Return several errors as one."""
    if len(errors) == 1:
        return errors[0]
    unrecorded = [error.unrecorded for error in errors if error.unrecorded]
    others = [str(error) for error in errors if not error.unrecorded]
    told = [f"{len(unrecorded)} cases are not recorded yet ({', '.join(unrecorded)}); run {command}."] * bool(
        unrecorded
    )
    return RecordingsError("\n".join([f"{len(errors)} cases cannot be replayed.", *told, *others]))


def write_run(record: RunRecord, folder: Path) -> Path:
    """Write `run.json` into a folder and return its path."""
    path = folder / "run.json"
    write_whole(path, record.to_json())
    return path
