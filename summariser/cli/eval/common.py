"""What the eval commands share: options, progress, consoles."""

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

SuiteFolder = Annotated[Path, typer.Option("--suite", help="Folder of the suite.", show_default=True)]
CaseNames = Annotated[list[str] | None, typer.Option("--case", help="Only this case; may be given several times.")]
Model = Annotated[str | None, typer.Option("--model", "-m", help="provider/name; default: what the suite holds.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No narration on standard error.")]
DEFAULT_SUITE = Path("evals")


class Split(StrEnum):
    """Which cases."""

    DEV = "dev"
    TEST = "test"
    ALL = "all"


def load_suite(folder: Path) -> "Suite":
    """The suite; says what to install where the harness lacks its libraries."""
    require_libraries()
    from summariser.evals.suite import Suite

    return Suite.load(folder)


def require_libraries() -> None:
    """Raises ConfigurationError where the `evals` extra is not installed."""
    from importlib.util import find_spec

    lacking = [name for name in ("numpy", "scipy", "yaml") if find_spec(name) is None]
    if lacking:
        raise ConfigurationError(
            f"The eval harness needs {', '.join(lacking)}, which is not installed; {installing('evals')}."
        )


def as_split(split: Split) -> "SplitWanted":
    """The split as the harness calls it."""
    return split.value


class Wanted(NamedTuple):
    """A prompt and a model that are to be run, and what the command line calls the prompt."""

    prompt: "Prompt"
    model: str
    named: str


def held_or_given(suite: "Suite", prompts: list[str] | None, model: str | None) -> list[Wanted]:
    """The prompts and models that are meant: those given, else those that the suite holds."""
    from summariser.evals.baseline_system import MODEL, PROMPT
    from summariser.models.names import EMBEDDED

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
        raise ConfigurationError(f"{suite.folder} holds no prompt; give one with --prompt.")
    return [Wanted(found(name), chosen, name) for name, chosen in held]


def require_chosen(suite: Path, model: str | None, wanted: list[Wanted]) -> None:
    """Raise ConfigurationError where a suite that merely lies in the current folder says where texts are sent."""
    from summariser.models.names import is_local

    remote = next((each.model for each in wanted if "/" in each.model and not is_local(each.model)), None)
    if suite == DEFAULT_SUITE and model is None and remote is not None:
        raise ConfigurationError(
            f"The suite in {suite} names the model {remote}, to which its articles would be sent; say so with --model "
            f"{remote}."
        )


def run_told(job: "Job", *, quiet: bool) -> "Ran":
    """Run a job with progress on a terminal. Raises RecordingsError for recordings that nothing asks for."""
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
            f"'{job.command} --prune':{shown}"
        )
    return ran


@contextmanager
def _progress(job: "Job", *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal; plain lines in a log where asking takes long; nothing when quiet."""
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
    """Standard output as a rich console: colour on a terminal, plain and 160 wide elsewhere."""
    from rich.console import Console

    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, no_color=True, width=160)
