"""Run a suite: ask, link, ground and score every case, live or from recordings, and return the record of the run."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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
from summariser.evals.check_rates import Trial, check_rates
from summariser.evals.gold import Case
from summariser.evals.metric import Scored, gold_side, predicted_side
from summariser.evals.recordings import Cassette, Mode, folder_of, folders_of_other_versions
from summariser.evals.run_record import (
    CaseRecord,
    DrawRecord,
    KindRecord,
    RunRecord,
    VerificationRecord,
    require_same_prompt,
)
from summariser.evals.suite import SplitWanted, Suite
from summariser.extraction import Extraction, ask
from summariser.grounding import ground
from summariser.linking import link
from summariser.postprocess import VERIFICATION
from summariser.schema import Draft, Summary, kind_names
from summariser.settings import Settings, load_settings

if TYPE_CHECKING:
    from summariser.models import Model, Transport


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
    missing: list[RecordingsError] = []
    records: list[CaseRecord] = []
    orphans: list[Path] = []
    with _asking(job, listener) as asked:
        for case in job.cases:
            progress(case.id)
            try:
                cassette = _cassette(job, case)
                _require_same_article(case, job, cassette, asked)
                records.append(_run_case(case, job, cassette, asked))
            except RecordingsError as error:
                missing.append(error)
                continue
            if records[-1].error:
                break
            orphans += cassette.orphans(job.repeat) if job.mode in ("replay", "record") else []
    if missing:
        raise _all_of(missing, job.command())
    return Ran(_record(job, records, started), [*orphans, *_of_unknown_cases(job)])


def _of_unknown_cases(job: Job) -> list[Path]:
    """Return the folders of recordings whose case is not in the suite."""
    folder = folder_of(job.suite.recordings, job.prompt.id, job.model)
    if job.mode == "live" or not folder.is_dir():
        return []
    known = {case.id for case in job.suite.cases}
    return [path for path in sorted(folder.iterdir()) if path.name not in known and path.name[0] != "."]


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


_Ask = Callable[[Case, Cassette, int], Answered]


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

        def asked(case: Case, cassette: Cassette, draw: int) -> Answered:
            if job.mode == "live":
                model = live()
            else:
                model = model_over(job.model, settings, cassette.transport(job.model, draw, transport))
            return _summarised(case, model, job.prompt, listener)

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
        return asked(case, _cassette(job, case), 0)


def _cassette(job: Job, case: Case) -> Cassette:
    """Return the recordings of a case for a run."""
    folder = folder_of(job.suite.recordings, job.prompt.id, job.model) / case.id
    others = folders_of_other_versions(job.suite.recordings, job.prompt.id, job.model, case.id)
    return Cassette(folder, job.mode, f"run {job.command(case.id)}", earlier=others)


def _require_same_article(case: Case, job: Job, cassette: Cassette, ask: _Ask) -> None:
    """Raise an error if the article is not the labelled one; in replay it shows the difference to the recording."""
    if case.document.sha256 == case.gold.article.sha256:
        return
    message = (
        f"The article of case {case.id} is not the one that was labelled (its SHA-256 differs from gold.yaml's); "
        "restore it, or label it again."
    )
    if job.mode != "replay":
        raise InputError(message)
    ask(case, cassette, 0)  # raises RecordingsError with the difference, unless no call shows it
    raise RecordingsError(message)


def _run_case(case: Case, job: Job, cassette: Cassette, ask: _Ask) -> CaseRecord:
    draws = []
    for draw in range(job.repeat):
        try:
            answered = ask(case, cassette, draw)
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
        require_same_prompt(record, suite.prompt(record.prompt).sha256)
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
