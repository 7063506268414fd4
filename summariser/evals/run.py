"""Running a suite: every case asked, linked, grounded and scored, live or from recordings, into one record."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

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
from summariser.evals import baseline_system, metric
from summariser.evals.gold.models import KINDS, Case, KindOfItem
from summariser.evals.metric import Counts, Scored
from summariser.evals.metric.items import gold_side, predicted_side
from summariser.evals.metric.matching import Matching
from summariser.evals.recordings import Cassette, Mode, dumps, folder_of, folders_of_other_versions, write_whole
from summariser.evals.suite import SplitWanted, Suite
from summariser.extraction.extract import Extraction, ask
from summariser.linking import link
from summariser.schema import Summary
from summariser.settings import Settings, load_settings
from summariser.summary_builder import assemble

if TYPE_CHECKING:
    from summariser.models.client import Model
    from summariser.models.exchange import Transport

RECORD_VERSION: Literal[1] = 1


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="null")


class KindRecord(_Frozen):
    """One kind in one draw of a case: how it was matched, and the counts that scores are made of."""

    matching: Matching
    counts: Counts


class DrawRecord(_Frozen):
    """One answer to a case: the Summary, or why there is none, and how it scores."""

    summary: Summary | None
    error: str | None
    kinds: dict[KindOfItem, KindRecord]


class CaseRecord(_Frozen):
    """One case of a run; `draws` is empty where the provider failed, which says nothing about the prompt.

    `sha256` is that of the article, `gold_sha256` that of its labels.
    """

    case: str
    split: str
    sha256: str
    gold_sha256: str
    draws: tuple[DrawRecord, ...]
    error: str | None = None

    def counts(self, kind: KindOfItem) -> Counts:
        """Return the counts of a kind, averaged over the draws."""
        total = Counts()
        for draw in self.draws:
            total.add(draw.kinds[kind].counts, 1 / len(self.draws))
        return total


class RunRecord(_Frozen):
    """A run of a suite, as `run.json` holds it; every report is a view of it."""

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

    def counts(self, kind: KindOfItem) -> Counts:
        """Return the counts of a kind over all cases."""
        total = Counts()
        for case in self.scored:
            total.add(case.counts(kind))
        return total

    def parts(self, kinds: Sequence[KindOfItem], *, strict: bool) -> dict[str, tuple[float, float]]:
        """For each case (true positives, gold + predicted), the kinds taken together: what F1 is made of."""
        found = {}
        for case in self.scored:
            counts = [case.counts(kind) for kind in kinds]
            met = sum(c.strict if strict else c.matched for c in counts)
            found[case.case] = (met, sum(c.gold + c.predicted for c in counts))
        return found

    def to_json(self) -> str:
        """Return the record as JSON text; raises ValueError for NaN."""
        return dumps(self.model_dump(mode="json"))


def load_run(path: Path) -> RunRecord:
    """Return a run by its file or folder. Raises InputError where it is none, or used another text of its prompt."""
    file = path / "run.json" if path.is_dir() else path
    try:
        found = RunRecord.model_validate_json(file.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); give the run.json of a run.") from None
    except (ValidationError, UnicodeDecodeError) as error:
        first = error.errors(include_url=False)[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        raise InputError(f"{file} is no record of a run ({what}); make it anew with 'summariser eval run'.") from None
    if not all(kind.counts.finite for case in found.cases for draw in case.draws for kind in draw.kinds.values()):
        raise InputError(f"{file} holds a number that is none (NaN); make it anew with 'summariser eval run'.")
    _require_text(found, prompts.library().locked().get(found.prompt, found.prompt_sha256))
    return found


def _require_text(record: RunRecord, sha256: str) -> None:
    """Raise InputError where a run was made with another text of its prompt than the one of this digest."""
    if record.prompt_sha256 != sha256:
        raise InputError(
            f"The run was made with another text of {record.prompt} than today's; run it anew, or give a changed text "
            "a version of its own."
        )


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to run: a prompt and a model on some cases, how often, and where answers come from.

    `named` is what a command calls the prompt, such as its path, where that is not its id.
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

    @property
    def command(self) -> str:
        """The command that records the answers."""
        return f"summariser eval record --prompt {self.named or self.prompt.id} --model {self.model}"


@dataclass
class Ran:
    """A run with what the recordings left over."""

    record: RunRecord
    orphans: list[Path] = field(default_factory=list)


def run(
    job: Job, *, listener: events.Listener = events.ignore, progress: Callable[[str], None] = lambda _: None
) -> Ran:
    """Run a job. In replay nothing is asked of a network, and every case is tried before a missing recording is told.

    A provider that fails leaves its case unscored and the run partial. An answer that is refused or unusable is the
    model's own: its case is scored as empty. Raises RecordingsError, InputError or ConfigurationError.
    """
    started = time.monotonic()
    if job.prompt == baseline_system.PROMPT:
        return Ran(_record(job, [_floor_case(case) for case in job.cases], started))
    prompt = job.prompt
    missing: list[RecordingsError] = []
    records: list[CaseRecord] = []
    orphans: list[Path] = []
    folder = folder_of(job.suite.recordings, prompt.id, job.model)
    with _asking(job, listener) as asked:
        for case in job.cases:
            progress(case.id)
            cure = f"run '{job.command} --case {case.id}'"
            try:
                others = folders_of_other_versions(job.suite.recordings, prompt.id, job.model, case.id)
                cassette = Cassette(folder / case.id, job.mode, cure, earlier=others)
                _require_same_article(case, job, cassette, asked, prompt)
                records.append(_run_case(case, job, cassette, asked, prompt))
            except RecordingsError as error:
                missing.append(error)
                continue
            if records[-1].error:
                break
            orphans += cassette.orphans(job.repeat) if job.mode in ("replay", "record") else []
    if missing:
        raise _all_of(missing, job.command)
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


_Ask = Callable[[Case, Cassette, int, prompts.Prompt], Summary]


@contextmanager
def _asking(job: Job, listener: events.Listener) -> Iterator[_Ask]:
    """How a case is asked: through its cassette, with the model itself opened when it is first needed."""
    from summariser.models.factory import model_over, open_model

    settings = job.settings.model_copy(update={"temperature": job.suite.temperature})
    opened: list[Model] = []

    with ExitStack() as stack:

        def live() -> "Model":
            if not opened:
                opened.append(stack.enter_context(open_model(job.model, settings, listener=listener)))
            return opened[0]

        def transport() -> "Transport":
            return live().transport

        def asked(case: Case, cassette: Cassette, draw: int, prompt: prompts.Prompt) -> Summary:
            if job.mode == "live":
                model = live()
            else:
                model = model_over(job.model, settings, cassette.transport(job.model, draw, transport))
            return _summarised(case, model, prompt, listener)

        yield asked


def _summarised(case: Case, model: "Model", prompt: prompts.Prompt, listener: events.Listener) -> Summary:
    """Summarise a case as the pipeline does, but raise the error of a provider that fails: nothing is scored then."""
    document = replace(case.document, source=case.id)
    extraction = run_now(ask(model, prompt, document, listener=listener))
    for error in extraction.errors:
        if isinstance(error, ProviderError):
            raise error
    extraction.seconds = 0.0
    return assemble(link(extraction.draft, document), document, extraction)


def _require_same_article(case: Case, job: Job, cassette: Cassette, ask: _Ask, prompt: prompts.Prompt) -> None:
    """The article must be the labelled one; in replay it is told how it differs from the recorded one."""
    if case.document.sha256 == case.gold.article.sha256:
        return
    said = (
        f"The article of case {case.id} is not the one that was labelled (its SHA-256 differs from gold.yaml's); "
        "restore it, or label it anew"
    )
    if job.mode != "replay":
        raise InputError(f"{said}.")
    ask(case, cassette, 0, prompt)
    raise RecordingsError(f"{said}.")


def _run_case(case: Case, job: Job, cassette: Cassette, ask: _Ask, prompt: prompts.Prompt) -> CaseRecord:
    draws = []
    for draw in range(job.repeat):
        try:
            draws.append(_draw(case, ask(case, cassette, draw, prompt), None))
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
    kinds = {kind: KindRecord(matching=scored.matchings[kind], counts=scored.counts[kind]) for kind in KINDS}
    return DrawRecord(summary=summary, error=error, kinds=kinds)


def score_case(case: Case, summary: Summary | None) -> Scored:
    """Return a Summary against the case's gold; none at all counts as one that is empty."""
    gold = gold_side(case)
    predicted = predicted_side(case, summary) if summary else replace(gold, items=dict.fromkeys(KINDS, ()))
    return metric.score(gold, predicted, case.gold.rejected)


def rescored(record: RunRecord, suite: Suite) -> RunRecord:
    """Return a run's own Summaries against the gold and the metric of today; nobody is asked anything.

    Raises InputError where the suite has not the run's cases, articles or text of the prompt.
    """
    if any(library.has(record.prompt) for library in (suite.library, prompts.library())):
        _require_text(record, suite.prompt(record.prompt).sha256)
    cases = {case.id: case for case in suite.cases}
    gone = [found.case for found in record.cases if found.case not in cases]
    if gone:
        raise InputError(f"The run has a case {gone[0]!r} that the suite has not; give it the suite it was made with.")
    again = []
    for found in record.cases:
        case = cases[found.case]
        if case.gold.article.sha256 != found.sha256:
            raise InputError(f"The article of case {case.id} has changed since the run; run it anew.")
        draws = tuple(_draw(case, draw.summary, draw.error) for draw in found.draws)
        fresh = _case_record(case, draws, found.error)
        again.append(fresh)
    return record.model_copy(update={"cases": tuple(again), "metric": metric.VERSION})


def _floor_case(case: Case) -> CaseRecord:
    from summariser.models.usage import Usage

    document = replace(case.document, source=case.id)
    extraction = Extraction(prompt=baseline_system.PROMPT, model=baseline_system.MODEL, usage=Usage())
    summary = assemble(link(baseline_system.baseline(document), document), document, extraction)
    return _case_record(case, [_draw(case, summary, None)], None)


def _all_of(errors: Sequence[RecordingsError], command: str) -> RecordingsError:
    if len(errors) == 1:
        return errors[0]
    unrecorded = [error.unrecorded for error in errors if error.unrecorded]
    others = [str(error) for error in errors if not error.unrecorded]
    told = [f"{len(unrecorded)} cases are not recorded yet ({', '.join(unrecorded)}); run '{command}'."] * bool(
        unrecorded
    )
    return RecordingsError("\n".join([f"{len(errors)} cases cannot be replayed.", *told, *others]))


def write_run(record: RunRecord, folder: Path) -> Path:
    """Write `run.json` into a folder; returns its path."""
    path = folder / "run.json"
    write_whole(path, record.to_json())
    return path
