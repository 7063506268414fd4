"""The output of `run` and `rescore`: tables, run.json, reports and the gate."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from summariser.cli.eval.common import console
from summariser.cli.messages import say
from summariser.cli.output import write
from summariser.errors import ConfigurationError, Exit

if TYPE_CHECKING:
    from summariser.evals.gate import Failure
    from summariser.evals.report.rows import Bounds, Row
    from summariser.evals.run_record import RunRecord
    from summariser.evals.suite import Suite

_REPORTS = ("html", "junit", "markdown")


def chosen_reports(wanted: str) -> list[str]:
    """Return the names in a comma-separated list of reports; raise ConfigurationError for an unknown one."""
    found = [name.strip() for name in wanted.split(",") if name.strip()]
    if unknown := [name for name in found if name not in _REPORTS]:
        raise ConfigurationError(f"There is no report {unknown[0]!r}; choose from {', '.join(_REPORTS)}.")
    return found


def finish(
    suite: "Suite", records: "list[RunRecord]", between: "Bounds", output: Path, reports: list[str], *, gated: bool
) -> None:
    """Print the tables, write run.json and the reports, and exit with the result of the gate if `gated`."""
    from summariser.evals.report.rows import rows
    from summariser.evals.report.terminal import print_run
    from summariser.evals.run_record import write_run

    results: list[tuple[RunRecord, list[Failure] | None, list[Row]]] = []
    out = console()
    about_confidence = _confidence_failures(suite, records) if gated else []
    for record in records:
        folder = output / record.prompt / record.model.replace("/", "--")
        path = write_run(record, folder)
        table = rows(record, between)
        failures = _gate(record, suite) if gated and _can_be_gated(record, suite) else None
        if failures is not None and record is records[-1]:
            failures += about_confidence
        results.append((record, failures, table))
        print_run(record, table, out)
        say(f"wrote {path}" + "".join(f" and {folder / name}" for name in _files(reports)))
        _write_reports(suite, record, table, failures, folder, reports)
    if "junit" in reports:
        from summariser.evals.report.junit import junit

        write(junit([(record, failures or []) for record, failures, _ in results]), _created(output) / "junit.xml")
    raise typer.Exit(_say_result(results))


def _confidence_failures(suite: "Suite", records: "list[RunRecord]") -> "list[Failure]":
    """Return the failures of the confidence if all runs that the suite holds were replayed whole."""
    from summariser.evals.gate import confidence_gate

    run = {(record.prompt, record.model) for record in records if record.split == "all" and record.mode == "replay"}
    if not {(each.prompt, each.model) for each in suite.held} <= run:
        return []
    return confidence_gate(records, suite.confidence)


def _can_be_gated(record: "RunRecord", suite: "Suite") -> bool:
    """Return True if the gate applies: one answer per case, and for the baseline system an accepted baseline."""
    from summariser.evals.baseline_system import MODEL
    from summariser.evals.gate import baseline_path

    several = any(len(case.draws) > 1 for case in record.cases)
    return not several and (record.model != MODEL or baseline_path(suite, record.prompt, record.model).exists())


def _files(reports: list[str]) -> list[str]:
    return [name for wanted, name in (("html", "report.html"), ("markdown", "report.md")) if wanted in reports]


def _gate(record: "RunRecord", suite: "Suite") -> "list[Failure]":
    from summariser.evals.gate import baseline_path, live_gate, load_baseline, replay_gate

    baseline = load_baseline(baseline_path(suite, record.prompt, record.model), record.prompt_sha256)
    if record.mode == "live":
        failures, notes = live_gate(record, suite, baseline)
        for note in notes:
            say(f"{record.prompt}: {note}")
        return failures
    return replay_gate(record, suite, baseline, suite.held_as(record.prompt, record.model))


def _write_reports(
    suite: "Suite",
    record: "RunRecord",
    table: "list[Row]",
    failures: "list[Failure] | None",
    folder: Path,
    reports: list[str],
) -> None:
    if "html" in reports:
        from summariser.evals.report.html import run_html

        write(run_html(record, suite, table, failures), folder / "report.html")
    if "markdown" in reports:
        from summariser.evals.report.markdown import run_markdown

        text = run_markdown(record, table, failures)
        write(text, folder / "report.md")
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(text + "\n")


def _say_result(results: "list[tuple[RunRecord, list[Failure] | None, list[Row]]]") -> int:
    """Print the result of the gate and return the exit code."""
    partial = [record for record, _, _ in results if record.status == "partial"]
    for record in partial:
        why = next((case.error for case in record.cases if case.error), "")
        scored = f"{len(record.scored)} of {len(record.cases)} cases were scored"
        say(f"the run of {record.prompt} is partial, {scored}: {why}")
    reasons = [(record, failure) for record, failures, _ in results for failure in failures or ()]
    for record, failure in reasons:
        say(f"gate, {record.prompt}: {failure.message}")
    if reasons:
        say(f"the gate fails for {len(reasons)} reason{'s' * (len(reasons) > 1)}.")
        return int(Exit.GATE_FAILED)
    if partial:
        return int(Exit.PROVIDER)
    ungated = [record.prompt for record, failures, _ in results if failures is None]
    if ungated:
        say(f"not compared with a baseline: {', '.join(ungated)}.")
    if len(ungated) < len(results):
        say("the gate holds.")
    return int(Exit.DONE)


def _created(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be created ({error.strerror}); give another folder with --output."
        ) from None
    return folder
