"""The command `summariser eval gold stubs`."""

from summariser.cli.eval.common import DEFAULT_SUITE, CaseNames, RunFile, SuiteFolder, load_suite
from summariser.cli.output import write


def stubs(run: RunFile, suite: SuiteFolder = DEFAULT_SUITE, case: CaseNames = None) -> None:
    """Print the predictions of a run that no label covers.

    Prints them as YAML to paste into gold.yaml, as missing items or as hard negatives (rejected).
    """
    loaded = load_suite(suite)
    from summariser.evals.gold_stubs import stubs as stubs_of
    from summariser.evals.run_record import load_run

    chosen = loaded.chosen("all", case or ())
    write("".join(stubs_of(load_run(run), chosen)))
