"""The command `summariser eval run`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from summariser.cli.configuration import command_settings
from summariser.cli.eval.common import (
    DEFAULT_SUITE,
    CaseNames,
    Cases,
    Model,
    Prompts,
    Repeat,
    Reports,
    Split,
    SuiteFolder,
    Wanted,
    as_split,
    held_or_given,
    load_suite,
    require_chosen,
    run_with_progress,
)
from summariser.cli.eval.reporting import chosen_reports, finish
from summariser.cli.options import Config, Quiet
from summariser.errors import ProviderError

if TYPE_CHECKING:
    from summariser.evals.gold.models import Case
    from summariser.evals.recordings import Mode
    from summariser.evals.report.rows import Bounds
    from summariser.evals.run import Ran
    from summariser.evals.suite import Suite


def run(
    suite: SuiteFolder = DEFAULT_SUITE,
    split: Cases = Split.ALL,
    prompt: Prompts = None,
    model: Model = None,
    case: CaseNames = None,
    live: Annotated[
        bool, typer.Option("--live", help="Send the requests to the model instead of replaying recorded answers.")
    ] = False,
    repeat: Repeat = 1,
    report: Reports = "",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for run.json and the reports. Default: the suite's folder runs."),
    ] = None,
    no_gate: Annotated[
        bool, typer.Option("--no-gate", help="Measure only; do not compare the scores with the baseline.")
    ] = False,
    checks: Annotated[
        bool,
        typer.Option(
            "--checks",
            help="Also measure what the checks say of right claims, of copies altered in one field, and of reworded "
            "ones; takes about a minute a prompt.",
        ),
    ] = False,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Score prompts and compare the scores with the baseline.

    Recorded answers are replayed, without a network or a key, unless --live is given.

    Exit codes: 0 the gate holds; 1 the gate fails; 2 the labels or the settings are wrong; 3 a provider failed, so
    the run is partial; 7 recordings are missing, outdated or unused.
    """
    reports = chosen_reports(report)
    settings = command_settings(config)
    loaded = load_suite(suite)
    from summariser.evals.gold_lint import require_clean
    from summariser.evals.parallel import results
    from summariser.evals.report.rows import bounds
    from summariser.evals.run import Job

    cases = loaded.chosen(as_split(split), case or ())
    target = output or suite / "runs"
    wanted = held_or_given(loaded, prompt, model)
    if live:
        require_chosen(suite, model, wanted)
        _require_ready(loaded, cases, wanted, target)
    mode: Mode = "live" if live else "replay"
    jobs = [
        Job(
            suite=loaded,
            cases=cases,
            mode=mode,
            repeat=repeat,
            split=as_split(split),
            settings=settings,
            checks=checks,
            **each._asdict(),
        )
        for each in wanted
    ]
    done = []
    # live jobs run one after another, with progress; replays take seconds and do not depend on each other
    replays = [] if live else [partial(run_with_progress, job, quiet=True) for job in jobs]
    with results([partial(bounds, loaded, cases), *replays]) as result:
        for number, job in enumerate(jobs, 1):
            ran = run_with_progress(job, quiet=quiet) if live else cast("Ran", result(number))
            done.append(ran.record)
            if not ran.record.scored:
                raise ProviderError(f"Not one case of {job.prompt.id} was scored: {ran.record.cases[0].error}")
        require_clean(loaded, cases)
        between = cast("Bounds", result(0))
    finish(loaded, done, between, target, reports, gated=not no_gate and not case)


def _require_ready(suite: "Suite", cases: "tuple[Case, ...]", wanted: list[Wanted], target: Path) -> None:
    """Check labels, baselines and the output folder before a live run costs anything."""
    from summariser.evals.gate import baseline_path, load_baseline
    from summariser.evals.gold_lint import require_clean
    from summariser.evals.recordings import write_whole

    require_clean(suite, cases)
    for name, chosen, _ in wanted:
        load_baseline(baseline_path(suite, name.id, chosen), name.sha256)
    write_whole(target / ".writable", "")
    (target / ".writable").unlink()
