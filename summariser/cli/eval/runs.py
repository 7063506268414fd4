"""`summariser eval run | compare | accept | record | rescore | power`."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from summariser.cli.configuration import Config, command_settings
from summariser.cli.eval.common import (
    DEFAULT_SUITE,
    CaseNames,
    Model,
    Quiet,
    Split,
    SuiteFolder,
    as_split,
    console,
    held_or_given,
    load_suite,
    require_chosen,
    require_libraries,
    run_told,
)
from summariser.cli.messages import say
from summariser.cli.output import write
from summariser.errors import ConfigurationError, Exit, InputError, ProviderError

if TYPE_CHECKING:
    from summariser.evals.gate import Baseline, Failure
    from summariser.evals.recordings import Mode
    from summariser.evals.report.rows import Bounds, Row
    from summariser.evals.run import Ran, RunRecord
    from summariser.evals.suite import Suite
    from summariser.settings import Settings

Prompts = Annotated[
    list[str] | None,
    typer.Option(
        "--prompt",
        "-p",
        help="name@version, a TOML file, or 'floor'; may be given several times; default: what is held.",
    ),
]
_REPORTS = ("html", "junit", "markdown")


def run(
    suite: SuiteFolder = DEFAULT_SUITE,
    split: Annotated[Split, typer.Option(help="Which cases.")] = Split.ALL,
    prompt: Prompts = None,
    model: Model = None,
    case: CaseNames = None,
    live: Annotated[bool, typer.Option("--live", help="Ask the model instead of the recordings.")] = False,
    repeat: Annotated[int, typer.Option(min=1, max=100, help="Draws of each case.")] = 1,
    report: Annotated[str, typer.Option(help="html, junit, markdown: comma-separated.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of run.json and reports; default: SUITE/runs.")
    ] = None,
    no_gate: Annotated[bool, typer.Option("--no-gate", help="Measure only; hold nothing against a baseline.")] = False,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Run the suite, from recordings unless --live, and hold it against its baseline.

    Exit code 0: all holds. 1: the gate fails. 2: gold or settings are wrong. 3: a provider failed and the run is
    partial. 7: recordings are missing, stale or left over.
    """
    reports = _reports(report)
    settings = command_settings(config)
    loaded = load_suite(suite)
    from summariser.evals.gate import baseline_path, load_baseline
    from summariser.evals.gold_lint import require_clean
    from summariser.evals.parallel import results
    from summariser.evals.recordings import write_whole
    from summariser.evals.report.rows import bounds
    from summariser.evals.run import Job

    cases = loaded.chosen(as_split(split), case or ())
    target = output or suite / "runs"
    wanted = held_or_given(loaded, prompt, model)
    if live:  # whatever can be known beforehand is known before anything is paid for
        require_chosen(suite, model, wanted)
        require_clean(loaded, cases)
        for name, chosen, _ in wanted:
            load_baseline(baseline_path(loaded, name.id, chosen), name.sha256)
        write_whole(target / ".writable", "")
        (target / ".writable").unlink()
    mode: Mode = "live" if live else "replay"
    jobs = [
        Job(
            suite=loaded,
            cases=cases,
            mode=mode,
            repeat=repeat,
            split=as_split(split),
            settings=settings,
            **each._asdict(),
        )
        for each in wanted
    ]
    done = []
    # a live model is asked by one job at a time, with progress; replays take seconds and are independent of each other
    replays = [] if live else [partial(run_told, job, quiet=True) for job in jobs]
    with results([partial(bounds, loaded, cases), *replays]) as result:
        for number, job in enumerate(jobs, 1):
            ran = run_told(job, quiet=quiet) if live else cast("Ran", result(number))
            done.append(ran.record)
            if not ran.record.scored:
                raise ProviderError(f"Not one case of {job.prompt.id} was scored: {ran.record.cases[0].error}")
        require_clean(loaded, cases)
        between = cast("Bounds", result(0))
    _finish(loaded, done, between, target, reports, held=not no_gate and not case)


def _reports(wanted: str) -> list[str]:
    found = [name.strip() for name in wanted.split(",") if name.strip()]
    if unknown := [name for name in found if name not in _REPORTS]:
        raise ConfigurationError(f"There is no report {unknown[0]!r}; choose of {', '.join(_REPORTS)}.")
    return found


def _finish(
    suite: "Suite", records: "list[RunRecord]", between: "Bounds", output: Path, reports: list[str], *, held: bool
) -> None:
    """Print the tables, write the record and the reports, and end with what the gate says."""
    from summariser.evals.report.rows import rows
    from summariser.evals.report.terminal import print_run
    from summariser.evals.run import write_run

    failed: list[tuple[RunRecord, list[Failure] | None, list[Row]]] = []
    out = console()
    for record in records:
        folder = output / record.prompt / record.model.replace("/", "--")
        path = write_run(record, folder)
        table = rows(record, between)
        failures = _gate(record, suite) if held and _is_held(record, suite) else None
        failed.append((record, failures, table))
        print_run(record, table, out)
        say(f"wrote {path}" + "".join(f" and {folder / name}" for name in _files(reports)))
        _write_reports(suite, record, table, failures, folder, reports)
    if "junit" in reports:
        from summariser.evals.report.junit import junit

        write(junit([(record, failures or []) for record, failures, _ in failed]), _made(output) / "junit.xml")
    raise typer.Exit(_told(failed))


def _is_held(record: "RunRecord", suite: "Suite") -> bool:
    """One draw of each case is held; the floor only where it has a baseline, for nobody promised its scores."""
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


def _told(failed: "list[tuple[RunRecord, list[Failure] | None, list[Row]]]") -> int:
    """Say what the gate says, and which exit code that is."""
    partial = [record for record, _, _ in failed if record.status == "partial"]
    for record in partial:
        why = next((case.error for case in record.cases if case.error), "")
        scored = f"{len(record.scored)} of {len(record.cases)} cases were scored"
        say(f"the run of {record.prompt} is partial, {scored}: {why}")
    reasons = [(record, failure) for record, failures, _ in failed for failure in failures or ()]
    for record, failure in reasons:
        say(f"gate, {record.prompt}: {failure.message}")
    if reasons:
        say(f"the gate fails for {len(reasons)} reason{'s' * (len(reasons) > 1)}.")
        return int(Exit.GATE_FAILED)
    if partial:
        return int(Exit.PROVIDER)
    ungated = [record.prompt for record, failures, _ in failed if failures is None]
    if ungated:
        say(f"nothing was held against a baseline: {', '.join(ungated)}.")
    if len(ungated) < len(failed):
        say("the gate holds.")
    return int(Exit.DONE)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be made ({error.strerror}); give another with --output.") from None
    return folder


def compare(
    a: Annotated[
        str,
        typer.Argument(metavar="A", help="A prompt (or its TOML file), a model, prompt:model, 'floor', or a run.json."),
    ],
    b: Annotated[str, typer.Argument(metavar="B", help="The same.")],
    suite: SuiteFolder = DEFAULT_SUITE,
    split: Annotated[Split, typer.Option(help="Which cases.")] = Split.ALL,
    all_flips: Annotated[bool, typer.Option("--all-flips", help="Show every item that flipped.")] = False,
    markdown: Annotated[Path | None, typer.Option(help="Write the comparison as Markdown to this file.")] = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Say whether B is better than A, where, by how much, and which items flipped; from recordings or finished runs."""
    require_libraries()
    from summariser.evals.compare import compare as compared
    from summariser.evals.report.markdown import comparison_markdown
    from summariser.evals.report.terminal import print_comparison

    settings = command_settings(config)
    found = compared(*(_side(name, suite, split, settings, quiet=quiet) for name in (a, b)))
    if print_comparison(found, console(), every_flip=all_flips):
        say("--all-flips shows every item that flipped.")
    if markdown is not None:
        write(comparison_markdown(found), markdown)


def _side(wanted: str, suite: Path, split: Split, settings: "Settings", *, quiet: bool) -> "RunRecord":
    """One side of a comparison: a finished run, or a replay of what is named."""
    from summariser.evals.run import Job, load_run

    prompt, _, model = wanted.partition(":")
    if not prompt.endswith(".toml"):
        if Path(wanted).exists() or wanted.endswith(".json"):
            return load_run(Path(wanted))
        if "/" in prompt:
            prompt, model = "", prompt
    loaded = load_suite(suite)
    cases = loaded.chosen(as_split(split))
    if not prompt and len({held.prompt for held in loaded.held}) != 1:
        raise ConfigurationError(f"Which prompt with {model}? Write prompt@version:{model}.")
    (each,) = held_or_given(loaded, [prompt or loaded.held[0].prompt], model or None)
    job = Job(suite=loaded, cases=cases, split=as_split(split), settings=settings, **each._asdict())
    return run_told(job, quiet=quiet).record


def accept(
    reason: Annotated[str, typer.Option("--reason", help="Why the new scores are right; kept in the baseline.")],
    suite: SuiteFolder = DEFAULT_SUITE,
    prompt: Prompts = None,
    model: Model = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Make the replayed scores the baseline, and say what that changes."""
    import datetime

    from summariser.evals import gate
    from summariser.evals.gold_lint import require_clean
    from summariser.evals.run import Job

    if not reason.strip():
        raise ConfigurationError("The reason is empty; say in a sentence why the new scores are right.")
    settings = command_settings(config)
    loaded = load_suite(suite)
    require_clean(loaded)
    for each in held_or_given(loaded, prompt, model):
        path = gate.baseline_path(loaded, each.prompt.id, each.model)
        old = _readable_baseline(path, each.prompt.sha256)
        job = Job(suite=loaded, cases=loaded.cases, settings=settings, **each._asdict())
        record = run_told(job, quiet=quiet).record
        new = gate.accepted(record, old, reason.strip(), datetime.datetime.now(tz=datetime.UTC).date())
        changes = gate.flips(old.cases, new.cases) if old else []
        gate.write_baseline(new, path)
        for flip in changes:
            write(f"{flip}\n")
        write(f"{path}: {len(new.cases)} cases, {len(changes)} changes.\n")


def _readable_baseline(path: Path, prompt_sha256: str) -> "Baseline | None":
    """The old baseline; one that cannot be held against any more is replaced, its history lost, which is said."""
    from summariser.evals import gate

    try:
        return gate.load_baseline(path, prompt_sha256)
    except InputError as error:
        say(f"{error} It is replaced.")
        return None


def record(
    suite: SuiteFolder = DEFAULT_SUITE,
    prompt: Prompts = None,
    model: Model = None,
    case: CaseNames = None,
    repeat: Annotated[int, typer.Option(min=1, max=100, help="Draws of each case.")] = 1,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask anew even where an answer is recorded.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Delete recordings that nothing asks for any more.")] = False,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Ask the model what is not recorded yet, and keep its answers."""
    from summariser.cli.progress import showing_progress
    from summariser.evals.run import Job
    from summariser.evals.run import run as run_job

    settings = command_settings(config)
    loaded = load_suite(suite)
    cases = loaded.chosen("all", case or ())
    failed = 0
    wanted = held_or_given(loaded, prompt, model)
    require_chosen(suite, model, wanted)
    for each in wanted:
        mode: Mode = "refresh" if refresh else "record"
        job = Job(suite=loaded, cases=cases, mode=mode, repeat=repeat, settings=settings, **each._asdict())
        name = job.prompt.id
        with showing_progress(quiet=quiet, verbose=True) as listener:
            ran = run_job(job, listener=listener, progress=partial(_announce, name, quiet=quiet))
        write(f"{name} with {job.model}: {len(ran.record.scored)} of {len(cases)} cases recorded.\n")
        for path in ran.orphans if ran.record.status == "ok" else ():
            if prune:
                _delete(path)
                write(f"deleted {path}\n")
            else:
                say(f"nothing asks for {path}; --prune deletes it.")
        for found in ran.record.cases:
            if found.error:
                failed += 1
                say(f"{found.case}: {found.error}")
    raise typer.Exit(int(Exit.PROVIDER) if failed else int(Exit.DONE))


def _announce(prompt: str, case: str, *, quiet: bool) -> None:
    if not quiet:
        say(f"{prompt}, {case}")


def _delete(path: Path) -> None:
    import shutil

    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def rescore(
    path: Annotated[Path, typer.Argument(metavar="RUN", help="A run.json or its folder.")],
    suite: SuiteFolder = DEFAULT_SUITE,
    report: Annotated[str, typer.Option(help="html, junit, markdown: comma-separated.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the new record and reports.")
    ] = None,
) -> None:
    """Score a finished run anew, by the gold and the metric of today; nobody is asked anything."""
    from summariser.evals.gold_lint import require_clean

    reports = _reports(report)
    loaded = load_suite(suite)
    require_clean(loaded)
    from summariser.evals.report.rows import bounds
    from summariser.evals.run import load_run, rescored

    again = rescored(load_run(path), loaded)
    scored = loaded.chosen("all", [case.case for case in again.cases])
    _finish(loaded, [again], bounds(loaded, scored), output or suite / "runs" / "rescored", reports, held=False)


def power(
    a: Annotated[
        str | None, typer.Argument(metavar="A", help="As for compare; default: the first prompt held.")
    ] = None,
    b: Annotated[str | None, typer.Argument(metavar="B", help="As for compare; default: the last prompt held.")] = None,
    suite: SuiteFolder = DEFAULT_SUITE,
    split: Annotated[Split, typer.Option(help="Which cases.")] = Split.ALL,
    difference: Annotated[float, typer.Option(min=0.001, max=1, help="The difference in F1 to be seen.")] = 0.05,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Say what difference this gold can show, and how many cases it takes to show a given one."""
    from summariser.evals.compare import compare as compared
    from summariser.evals.statistics import documents_needed

    loaded = load_suite(suite)
    held = ["floor", *(each.prompt for each in loaded.held)][-2:]
    settings = command_settings(config)
    sides = [_side(name, suite, split, settings, quiet=quiet) for name in (a or held[0], b or held[-1])]
    found = compared(*sides)
    write(f"{found.documents} cases; a difference is seen with a probability of 0.8 at p < 0.05 over four kinds\n")
    for measure, differences in (("strict", found.strict), ("detection", found.detection)):
        for kind, each in differences.items():
            if each.visible is None:
                write(f"{measure:<10} {kind:<12} the two do not differ anywhere: nothing can be said\n")
                continue
            needed = documents_needed(each.visible, found.documents, difference)
            write(f"{measure:<10} {kind:<12} visible {each.visible:.3f}; {difference:g} would take {needed} cases\n")
