"""The commands `summariser prompts list | show | diff | lock`."""

import difflib
from typing import Annotated

import typer

from summariser.cli.output import write

app = typer.Typer(help="List, show, compare and release the versioned prompts.", no_args_is_help=True)
_HELP = "Prompt as name, name@version or the path of a TOML file."
Wanted = Annotated[str, typer.Argument(metavar="PROMPT", help=_HELP)]


@app.command("list")
def list_() -> None:
    """List every prompt with its digest, state and purpose."""
    from summariser.prompts import library

    prompts = library()
    locked = prompts.locked()
    for name, version in prompts.ids():
        prompt = prompts.load_any(f"{name}@{version}")
        released = "released" if prompt.id in locked else "draft"
        write(f"{prompt.id:<16} {prompt.sha256[:12]}  {released:<8}  {prompt.description}\n")


@app.command()
def show(prompt: Wanted) -> None:
    """Print the text of a prompt."""
    write(_text(prompt))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_HELP)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_HELP)],
) -> None:
    """Print the differences between two prompts as a unified diff."""
    lines = difflib.unified_diff(_text(old).splitlines(True), _text(new).splitlines(True), old, new)
    write("".join(lines))


@app.command()
def lock() -> None:
    """Release all unreleased prompt versions.

    The text of a released version can never change. Works in a checkout only.
    """
    from summariser.prompts import library_to_release

    added = library_to_release().lock()
    typer.echo(f"Released {', '.join(added)}." if added else "Every version is released already.", err=True)


def _text(wanted: str) -> str:
    from pathlib import Path

    from summariser.prompts import library, load_file

    path = Path(wanted)
    if not wanted.endswith(".toml"):
        prompt = library().load_any(wanted)
        path = library().path(prompt.name, prompt.version)
    load_file(path)
    return path.read_text("utf-8")
