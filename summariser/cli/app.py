"""The command-line application: all commands and the options of the program itself."""

from typing import Annotated

import typer

from summariser.cli import models, prompts
from summariser.cli.batch import batch
from summariser.cli.check import check
from summariser.cli.commitments import commitments
from summariser.cli.compare import compare
from summariser.cli.eval.app import app as eval_app
from summariser.cli.schema import schema
from summariser.cli.show import show
from summariser.cli.summarise import summarise
from summariser.version import VERSION

_HELP = "Summarise news reports as parties, commitments, reactions and risks, each checked against the text."
app = typer.Typer(
    help=_HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(summarise)
app.command()(batch)
app.command()(check)
app.command()(show)
app.command()(compare)
app.command()(commitments)
app.command()(schema)
app.add_typer(eval_app, name="eval")
app.add_typer(prompts.app, name="prompts")
app.add_typer(models.app, name="models")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"summariser {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Handle the options of the program itself."""
