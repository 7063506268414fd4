"""The commands `summariser eval …`, put together."""

import typer

from summariser.cli.eval.accept import accept
from summariser.cli.eval.calibrate import calibrate
from summariser.cli.eval.compare import compare
from summariser.cli.eval.gold.app import app as gold_app
from summariser.cli.eval.pairs import pairs
from summariser.cli.eval.power import power
from summariser.cli.eval.record import record
from summariser.cli.eval.rescore import rescore
from summariser.cli.eval.run import run

app = typer.Typer(help="Measure prompts and models on labelled articles.", no_args_is_help=True)
app.command()(run)
app.command()(compare)
app.command()(accept)
app.command()(record)
app.command()(rescore)
app.command()(calibrate)
app.command()(power)
app.command()(pairs)
app.add_typer(gold_app, name="gold")
