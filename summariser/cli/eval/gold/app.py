"""The commands `summariser eval gold …`, put together."""

import typer

from summariser.cli.eval.gold.adjudicate import adjudicate
from summariser.cli.eval.gold.agree import agree
from summariser.cli.eval.gold.check import check
from summariser.cli.eval.gold.new import new
from summariser.cli.eval.gold.schema import schema
from summariser.cli.eval.gold.stubs import stubs

app = typer.Typer(help="Label articles, check the labels and measure agreement.", no_args_is_help=True)
app.command()(new)
app.command()(check)
app.command()(agree)
app.command()(adjudicate)
app.command()(stubs)
app.command()(schema)
