"""The command `summariser eval accept`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summariser.cli.configuration import command_settings
from summariser.cli.eval.common import (
    DEFAULT_SUITE,
    Model,
    Prompts,
    SuiteFolder,
    held_or_given,
    load_suite,
    run_with_progress,
)
from summariser.cli.messages import say
from summariser.cli.options import Config, Quiet
from summariser.cli.output import write
from summariser.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from summariser.evals.gate import Baseline


def accept(
    reason: Annotated[
        str, typer.Option("--reason", help="Why the new scores are right, in one sentence; stored in the baseline.")
    ],
    suite: SuiteFolder = DEFAULT_SUITE,
    prompt: Prompts = None,
    model: Model = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Make the current scores the new baseline.

    Recorded answers are replayed. Prints each item whose result changes. No other command changes a baseline.
    """
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
        record = run_with_progress(job, quiet=quiet).record
        new = gate.accepted(record, old, reason.strip(), datetime.datetime.now(tz=datetime.UTC).date())
        changes = gate.flips(old.cases, new.cases) if old else []
        gate.write_baseline(new, path)
        for flip in changes:
            write(f"{flip}\n")
        write(f"{path}: {len(new.cases)} cases, {len(changes)} changes.\n")


def _readable_baseline(path: Path, prompt_sha256: str) -> "Baseline | None":
    """Return the old baseline, or None if it cannot be compared any more, which a message says."""
    from summariser.evals import gate

    try:
        return gate.load_baseline(path, prompt_sha256)
    except InputError as error:
        say(f"{error} It is replaced.")
        return None
