"""The commands `summariser models list | pull`."""

import typer

from summariser.cli.configuration import command_settings
from summariser.cli.options import Config, Quiet
from summariser.cli.output import write

app = typer.Typer(help="List the available models and download the embedded one.", no_args_is_help=True)


@app.command("list")
def list_(config: Config = None) -> None:
    """List the embedded model and how to name other models.

    An asterisk marks the default model.
    """
    from summariser.models import WITH_KEY, default_model
    from summariser.models.local import QWEN, cached

    settings = command_settings(config)
    default = default_model(settings)
    there = (settings.cache_dir / QWEN.file).exists()
    unchecked = "here, its hash not yet checked" if there else "not here yet: summariser models pull"
    here = "here" if cached(QWEN, settings.cache_dir) else unchecked
    rows = [
        (QWEN.name, f"runs on this machine, {QWEN.size / 1e9:.1f} GB, {QWEN.licence}, {here}"),
        ("local/<path>", "any GGUF file of yours"),
        (WITH_KEY, "and every other model of OpenAI, with OPENAI_API_KEY"),
        ("openai/<model>", "any OpenAI-compatible server, with OPENAI_BASE_URL"),
        ("anthropic/<model>", "and google, mistral, groq, cohere, xai, each with its extra and key"),
    ]
    for name, what in rows:
        mark = "*" if name == default else " "
        write(f"{mark} {name:<26} {what}\n")


@app.command()
def pull(config: Config = None, quiet: Quiet = False) -> None:
    """Download the embedded model.

    Fetches the weights (1.1 GB) into the cache folder and prints their path.
    """
    from summariser.cli.progress import showing_progress
    from summariser.models.local import QWEN
    from summariser.models.local import pull as fetch

    settings = command_settings(config)
    with showing_progress(quiet=quiet) as listener:
        path = fetch(QWEN, settings.cache_dir, listener=listener)
    write(f"{path}\n")
