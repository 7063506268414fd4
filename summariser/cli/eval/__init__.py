"""`summariser eval`: run the suite, compare, accept a baseline, record, and work on gold."""

import typer

from summariser.cli.eval import gold, runs

app = typer.Typer(help="Measure prompts and models on labelled cases.", no_args_is_help=True)
app.command()(runs.run)
app.command()(runs.compare)
app.command()(runs.accept)
app.command()(runs.record)
app.command()(runs.rescore)
app.command()(runs.power)
app.add_typer(gold.app, name="gold")
