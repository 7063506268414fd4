"""The command `summariser eval record`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summariser.cli.configuration import command_settings
from summariser.cli.eval.common import (
    DEFAULT_SUITE,
    CaseNames,
    Model,
    Prompts,
    Repeat,
    SuiteFolder,
    held_or_given,
    load_suite,
    require_chosen,
)
from summariser.cli.messages import say
from summariser.cli.options import Config, Quiet
from summariser.cli.output import write
from summariser.errors import Exit

if TYPE_CHECKING:
    from summariser.evals.recordings import Mode
    from summariser.evals.run import Job


def record(
    suite: SuiteFolder = DEFAULT_SUITE,
    prompt: Prompts = None,
    model: Model = None,
    case: CaseNames = None,
    repeat: Repeat = 1,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask the model again for answers that are already recorded.")
    ] = False,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify",
            help="Record what the model says of the recorded claims, and of copies altered in one field, instead of "
            "the answers themselves.",
        ),
    ] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Delete recordings that no request uses any more.")] = False,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Ask the model for answers that are not recorded yet.

    The answers are stored in the suite's folder recordings, where later runs replay them.
    """
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
        if verify:
            failed += _record_verifications(job, quiet=quiet)
            continue
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


def _record_verifications(job: "Job", *, quiet: bool) -> int:
    """Record the verifications of a job's cases and return the number of cases that failed."""
    from summariser.cli.progress import showing_progress
    from summariser.evals import verifying

    written = failed = 0
    with showing_progress(quiet=quiet, verbose=True) as listener:
        announce = partial(_announce, f"verification of {job.prompt.id}", quiet=quiet)
        for case, found in verifying.record(job, listener=listener, progress=announce):
            if isinstance(found, Path):
                written += 1
            else:
                failed += 1
                say(f"{case.id}: {found}")
    write(f"{job.prompt.id} with {job.model}: the verifications of {written} cases recorded.\n")
    return failed


def _announce(prompt: str, case: str, *, quiet: bool) -> None:
    if not quiet:
        say(f"{prompt}, {case}")


def _delete(path: Path) -> None:
    import shutil

    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
