"""The command `summariser eval pairs`."""

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from summariser.cli.configuration import command_settings
from summariser.cli.eval.common import DEFAULT_SUITE, Cases, Split, SuiteFolder, as_split, console, load_suite
from summariser.cli.messages import say
from summariser.cli.options import Config, Quiet
from summariser.errors import ConfigurationError, Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from summariser.evals.pairs import PairScore
    from summariser.evals.suite import HeldComparison


def pairs(
    suite: SuiteFolder = DEFAULT_SUITE,
    split: Cases = Split.ALL,
    record: Annotated[
        bool, typer.Option("--record", help="Ask the models for answers that are not recorded yet.")
    ] = False,
    details: Annotated[
        bool, typer.Option("--details", help="List what is told without a label, and the labels that are not told.")
    ] = False,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Measure comparisons on the labelled pairs of a suite.

    Compares the two texts of each pair from recorded answers, without a network or a key, and exits with code 1 if the
    F1 of changes or of differences falls below the limits in suite.toml.
    """
    from summariser.cli.eval.network import closed_network
    from summariser.evals.pairs import comparison_of, load_pairs, score

    loaded = load_suite(suite)
    found = load_pairs(loaded, as_split(split))
    if not found or not loaded.compared:
        raise ConfigurationError(
            f"The suite in {suite} has no labelled pairs in this split, or names no model for them."
        )
    settings, failed = command_settings(config), []
    for wanted in loaded.compared:
        scores = []
        for pair in found:
            if record and not quiet:
                say(f"{wanted.prompt} with {wanted.model}, {pair.gold.pair}")
            with nullcontext() if record else closed_network():
                comparison = comparison_of(pair, loaded, wanted, settings, "record" if record else "replay")
            scores.append(score(pair, comparison))
        console().print(_table(wanted, scores))
        if details:
            _print_details(scores)
        failed += _below(wanted, scores)
    for each in failed:
        say(each)
    if failed:
        raise typer.Exit(int(Exit.GATE_FAILED))


def _table(wanted: "HeldComparison", scores: "Sequence[PairScore]") -> "Table":
    from rich.table import Table

    from summariser.evals.pairs import f1_of

    how = "the model names the same items" if wanted.align else "rules align the items"
    table = Table(title=f"Comparisons: {wanted.prompt} with {wanted.model}, {how}", title_justify="left")
    for column in ("pairs", "number", "told rightly", "without a label", "not told", "precision", "recall", "F1"):
        table.add_column(column)
    for way in ("changes", "reports"):
        chosen = [each for each in scores if each.way == way]
        counts = (
            len(chosen),
            sum(each.right for each in chosen),
            sum(len(each.spurious) for each in chosen),
            sum(len(each.missed) for each in chosen),
        )
        table.add_row(way, *map(str, counts), *(f"{value:.2f}" for value in f1_of(chosen)))
    return table


def _print_details(scores: "Sequence[PairScore]") -> None:
    from rich.markup import escape

    for each in scores:
        for told in each.spurious:
            console().print(f"{each.pair}: told without a label: {told.kind} {told.name}: {escape(told.words)}")
        for label in each.missed:
            console().print(f"{each.pair}: not told: {label.kind} {label.change}: {escape(label.what)}")


def _below(wanted: "HeldComparison", scores: "Sequence[PairScore]") -> list[str]:
    from summariser.evals.pairs import f1_of

    found = []
    for way, least in (("changes", wanted.changes), ("reports", wanted.reports)):
        *_, value = f1_of([each for each in scores if each.way == way])
        if value < least:
            found.append(f"{wanted.prompt} with {wanted.model}: F1 of {way} is {value:.3f}; the limit is {least:g}.")
    return found
