"""The command `summariser eval gold check`."""

import typer

from summariser.cli.eval.common import DEFAULT_SUITE, CaseNames, SuiteFolder, load_suite, require_libraries
from summariser.cli.messages import say
from summariser.cli.output import write
from summariser.errors import Exit


def check(suite: SuiteFolder = DEFAULT_SUITE, case: CaseNames = None) -> None:
    """Check the label files for errors.

    Checks the schema, ids, references, quotations and licences, and finds near-duplicate articles and prompts that
    quote an article.
    """
    require_libraries()
    from summariser.evals.gold_lint import check as complaints
    from summariser.evals.gold_lint import unreadable
    from summariser.prompts import library

    broken = unreadable(suite, case or ())
    found = [str(complaint) for complaint in broken]
    if not broken:
        loaded = load_suite(suite)
        cases = loaded.chosen("all", case or ())
        found = [str(complaint) for complaint in complaints(loaded, library(), cases)]
    for complaint in found:
        write(f"{complaint}\n")
    if found:
        say(f"{len(found)} error{'s' * (len(found) > 1)} in the labels; correct the files.")
        raise typer.Exit(int(Exit.USAGE))
    items = sum(len(list(each.gold.items)) for each in cases)
    write(f"{len(cases)} cases, {items} items: all clean.\n")
