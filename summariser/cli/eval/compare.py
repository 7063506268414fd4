"""The command `summariser eval compare`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summariser.cli.configuration import command_settings
from summariser.cli.eval.common import (
    DEFAULT_SUITE,
    Cases,
    Split,
    SuiteFolder,
    as_split,
    console,
    held_or_given,
    load_suite,
    require_libraries,
    run_with_progress,
)
from summariser.cli.messages import say
from summariser.cli.options import Config, Quiet
from summariser.cli.output import write
from summariser.errors import ConfigurationError

if TYPE_CHECKING:
    from summariser.evals.run_record import RunRecord
    from summariser.settings import Settings

_SIDE = (
    "A prompt (name@version or a TOML file), a model, PROMPT:MODEL, 'floor' for the baseline system, or the run.json "
    "of a finished run."
)


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help=_SIDE)],
    b: Annotated[str, typer.Argument(metavar="B", help=_SIDE)],
    suite: SuiteFolder = DEFAULT_SUITE,
    split: Cases = Split.ALL,
    all_flips: Annotated[
        bool, typer.Option("--all-flips", help="List every item that is right in one and wrong in the other.")
    ] = False,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Also write the comparison to this Markdown file.")
    ] = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Compare two prompts, models or runs.

    Prints the differences in F1 with confidence intervals and p-values, a verdict for each kind of item, and the items
    that changed. Recorded answers are replayed, without a network or a key.
    """
    require_libraries()
    from summariser.evals.compare import compare as compared
    from summariser.evals.report.markdown import comparison_markdown
    from summariser.evals.report.terminal import print_comparison

    settings = command_settings(config)
    found = compared(*(run_of(name, suite, split, settings, quiet=quiet) for name in (a, b)))
    if print_comparison(found, console(), every_flip=all_flips):
        say("--all-flips lists every item that changed.")
    if markdown is not None:
        write(comparison_markdown(found), markdown)


def run_of(wanted: str, suite: Path, split: Split, settings: "Settings", *, quiet: bool) -> "RunRecord":
    """Return one side of a comparison: a finished run, or a replay of the named prompt and model."""
    from summariser.evals.run import Job
    from summariser.evals.run_record import load_run

    prompt, _, model = wanted.partition(":")
    if not prompt.endswith(".toml"):
        if Path(wanted).exists() or wanted.endswith(".json"):
            return load_run(Path(wanted))
        if "/" in prompt:
            prompt, model = "", prompt
    loaded = load_suite(suite)
    cases = loaded.chosen(as_split(split))
    if not prompt and len({held.prompt for held in loaded.held}) != 1:
        raise ConfigurationError(f"The model {model} needs a prompt; write prompt@version:{model}.")
    (each,) = held_or_given(loaded, [prompt or loaded.held[0].prompt], model or None)
    job = Job(suite=loaded, cases=cases, split=as_split(split), settings=settings, **each._asdict())
    return run_with_progress(job, quiet=quiet).record
