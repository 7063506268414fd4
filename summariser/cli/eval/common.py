"""Options, choice of prompts and models, and progress, shared by the eval commands."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from summariser.cli.messages import say
from summariser.errors import ConfigurationError, RecordingsError
from summariser.extras import installing

if TYPE_CHECKING:
    from rich.console import Console

    from summariser.evals.run import Job, Ran
    from summariser.evals.suite import SplitWanted, Suite
    from summariser.prompts import Prompt

DEFAULT_SUITE = Path("evals")


class Split(StrEnum):
    """The splits of a suite's cases."""

    DEV = "dev"
    TEST = "test"
    ALL = "all"


CaseNames = Annotated[list[str] | None, typer.Option("--case", help="Use only this case; can be repeated.")]
Cases = Annotated[
    Split, typer.Option("--split", help="Cases to use: dev (for tuning), test (for the final measurement) or all.")
]
Model = Annotated[
    str | None,
    typer.Option("--model", "-m", help="Model, as provider/name. Default: the model that suite.toml names."),
]
Prompts = Annotated[
    list[str] | None,
    typer.Option(
        "--prompt",
        "-p",
        help="Prompt, as name@version, the path of a TOML file, or 'floor' for the baseline system without a model; "
        "can be repeated. Default: every prompt that suite.toml names.",
    ),
]
Repeat = Annotated[int, typer.Option("--repeat", min=1, max=100, help="Number of answers to request for each case.")]
Reports = Annotated[
    str, typer.Option("--report", help="Reports to write: html, junit, markdown; separate several by commas.")
]
RunFile = Annotated[Path, typer.Argument(metavar="RUN", help="A finished run: run.json or the folder that holds it.")]
SuiteFolder = Annotated[Path, typer.Option("--suite", help="Folder of the evaluation suite.", show_default=True)]


def load_suite(folder: Path) -> "Suite":
    """Load a suite; raise ConfigurationError if a library of the extra `evals` is missing."""
    require_libraries()
    from summariser.evals.suite import Suite

    return Suite.load(folder)


def require_libraries() -> None:
    """Raise ConfigurationError if the extra `evals` is not installed."""
    from importlib.util import find_spec

    lacking = [name for name in ("numpy", "scipy", "yaml") if find_spec(name) is None]
    if lacking:
        raise ConfigurationError(
            f"The eval commands need {', '.join(lacking)}, which is not installed; {installing('evals')}."
        )


def as_split(split: Split) -> "SplitWanted":
    """Return the split in the type that the suite uses."""
    return split.value


class Wanted(NamedTuple):
    """A prompt and a model to run, and the name by which the command line gave the prompt."""

    prompt: "Prompt"
    model: str
    named: str


def held_or_given(suite: "Suite", prompts: list[str] | None, model: str | None) -> list[Wanted]:
    """Return the prompts and models to run: those given, else those that suite.toml names."""
    from summariser.evals.baseline_system import MODEL, PROMPT
    from summariser.models import EMBEDDED

    def found(name: str) -> "Prompt":
        return PROMPT if name in ("floor", PROMPT.id) else suite.prompt(name)

    if prompts:
        used = {each.prompt: each.model for each in reversed(suite.held)}
        usual = suite.held[0].model if suite.held else EMBEDDED
        loaded = [(found(name), name) for name in prompts]
        return [
            Wanted(prompt, MODEL if prompt is PROMPT else model or used.get(prompt.id, usual), name)
            for prompt, name in loaded
        ]
    held = dict.fromkeys((each.prompt, model or each.model) for each in suite.held)
    if not held:
        raise ConfigurationError(f"The suite in {suite.folder} names no prompt; give one with --prompt.")
    return [Wanted(found(name), chosen, name) for name, chosen in held]


def require_chosen(suite: Path, model: str | None, wanted: list[Wanted]) -> None:
    """Raise ConfigurationError if the suite of the current folder decides by itself to which server texts are sent."""
    from summariser.models import is_local

    remote = next((each.model for each in wanted if "/" in each.model and not is_local(each.model)), None)
    if suite == DEFAULT_SUITE and model is None and remote is not None:
        raise ConfigurationError(
            f"The suite in {suite} names the model {remote}, to which its articles would be sent; confirm this with "
            f"--model {remote}."
        )


def run_with_progress(job: "Job", *, quiet: bool) -> "Ran":
    """Run a job and show its progress; raise RecordingsError if a recording is not used by any request."""
    from summariser.cli.eval.network import closed_network
    from summariser.cli.progress import showing_progress
    from summariser.evals.run import run

    closed = closed_network() if job.mode == "replay" else nullcontext()
    with closed, _progress(job, quiet=quiet) as tell, showing_progress(quiet=True) as listener:
        ran = run(job, listener=listener, progress=tell)
    if ran.orphans and job.mode != "live":
        shown = "".join(f"\n  {path}" for path in ran.orphans[:20])
        raise RecordingsError(
            f"Nothing asks for {len(ran.orphans)} recordings; restore what asked for them, or delete them with "
            f"'summariser eval record --prompt {job.named or job.prompt.id} --model {job.model} --prune':{shown}"
        )
    return ran


@contextmanager
def _progress(job: "Job", *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show a bar on a terminal, plain lines in the log of a run that asks a model, and nothing if quiet."""
    if quiet:
        yield lambda _: None
        return
    if not sys.stderr.isatty():
        slow = job.mode != "replay"
        yield lambda case: say(f"{job.prompt.id}, {case}") if slow else None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(job.prompt.id, total=len(job.cases))
        started = [False]

        def tell(case: str) -> None:
            progress.update(task, advance=int(started[0]), description=f"{job.prompt.id}, {case}")
            started[0] = True

        yield tell


def console() -> "Console":
    """Return standard output as a rich console: in colour on a terminal, plain and 160 columns wide elsewhere."""
    from rich.console import Console

    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, no_color=True, width=160)
