"""The command `summariser eval rescore`."""

from pathlib import Path
from typing import Annotated

import typer

from summariser.cli.eval.common import DEFAULT_SUITE, Reports, RunFile, SuiteFolder, load_suite
from summariser.cli.eval.reporting import chosen_reports, finish


def rescore(
    path: RunFile,
    suite: SuiteFolder = DEFAULT_SUITE,
    report: Reports = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder for the new run.json and the reports. Default: runs/rescored in the suite's folder.",
        ),
    ] = None,
) -> None:
    """Score a finished run again with the current labels and metric.

    Uses the answers of the run; no model is asked.
    """
    reports = chosen_reports(report)
    loaded = load_suite(suite)
    from summariser.evals.gold_lint import require_clean
    from summariser.evals.report.rows import bounds
    from summariser.evals.run import rescored
    from summariser.evals.run_record import load_run

    require_clean(loaded)
    again = rescored(load_run(path), loaded)
    scored = loaded.chosen("all", [case.case for case in again.cases])
    finish(loaded, [again], bounds(loaded, scored), output or suite / "runs" / "rescored", reports, gated=False)
