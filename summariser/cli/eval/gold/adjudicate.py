"""The command `summariser eval gold adjudicate`."""

from typing import Annotated

import typer

from summariser.cli.eval.common import DEFAULT_SUITE, SuiteFolder, require_libraries
from summariser.cli.output import write
from summariser.errors import ConfigurationError, InputError


def adjudicate(
    name: Annotated[
        str, typer.Argument(metavar="CASE", help="Name of the case, which is its folder in the suite's folder gold.")
    ],
    suite: SuiteFolder = DEFAULT_SUITE,
) -> None:
    """Start the final labels of a case from two annotators' labels.

    Writes annotator a's labels to gold.yaml, with each difference from annotator b as an open decision.
    """
    require_libraries()
    from summariser.evals.agreement import OPEN, draft
    from summariser.evals.gold.models import GOLD_FILE

    folder = suite / "gold" / name
    if not folder.is_dir():
        raise InputError(f"There is no case {name!r} in {suite}; create it with 'summariser eval gold new'.")
    target = folder / GOLD_FILE
    if target.exists():
        raise ConfigurationError(f"{target} is there already; edit it, or move it away to start again.")
    text = draft(folder)
    write(text, target)
    write(f"{target}: {text.count(OPEN)} differences to settle.\n")
