"""The command `summariser eval power`."""

from typing import Annotated

import typer

from summariser.cli.configuration import command_settings
from summariser.cli.eval.common import DEFAULT_SUITE, Cases, Split, SuiteFolder, load_suite
from summariser.cli.eval.compare import run_of
from summariser.cli.options import Config, Quiet
from summariser.cli.output import write

_SIDE = "A prompt, model or run, as for 'summariser eval compare'. Default: "


def power(
    a: Annotated[
        str | None, typer.Argument(metavar="A", help=f"{_SIDE}the last but one prompt of suite.toml, or 'floor'.")
    ] = None,
    b: Annotated[str | None, typer.Argument(metavar="B", help=f"{_SIDE}the last prompt of suite.toml.")] = None,
    suite: SuiteFolder = DEFAULT_SUITE,
    split: Cases = Split.ALL,
    difference: Annotated[
        float, typer.Option("--difference", min=0.001, max=1, help="Difference in F1 that a comparison should detect.")
    ] = 0.05,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Estimate which difference in F1 the suite can detect.

    Prints, for each kind of item, the smallest difference that a comparison of A and B detects with a probability of
    0.8, and how many cases are needed to detect --difference.
    """
    from summariser.evals.compare import compare as compared
    from summariser.evals.statistics import documents_needed

    loaded = load_suite(suite)
    held = ["floor", *(each.prompt for each in loaded.held)][-2:]
    settings = command_settings(config)
    sides = [run_of(name, suite, split, settings, quiet=quiet) for name in (a or held[0], b or held[-1])]
    found = compared(*sides)
    write(f"{found.documents} cases; a difference is seen with a probability of 0.8 at p < 0.05 over four kinds\n")
    for measure, differences in (("strict", found.strict), ("detection", found.detection)):
        for kind, each in differences.items():
            if each.visible is None:
                write(f"{measure:<10} {kind:<12} the two do not differ anywhere: nothing can be said\n")
                continue
            needed = documents_needed(each.visible, found.documents, difference)
            write(f"{measure:<10} {kind:<12} visible {each.visible:.3f}; {difference:g} would take {needed} cases\n")
