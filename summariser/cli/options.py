"""Options that several commands share, each with its one help text."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

_Format = TypeVar("_Format", bound=StrEnum)

Bom = Annotated[
    bool,
    typer.Option("--bom", help="Begin CSV with a byte order mark, by which Excel recognises UTF-8."),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="Read settings from this TOML file instead of ./summariser.toml. Your own configuration file is read "
        "as well, with lower priority.",
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Print the planned requests and their estimated cost, and send nothing."),
]
FormatOption = Annotated[
    _Format | None,
    typer.Option(
        "--format",
        "-f",
        help="Output format. Default: the format of the file ending of --output; without --output, text on a terminal "
        "and json otherwise.",
    ),
]
"""The format of a command's output, one of its own formats; `chosen_format` says which counts."""
Full = Annotated[
    bool,
    typer.Option(
        "--full",
        help="As text and Markdown, show every item with its id and reason, the parties and all notes; the other "
        "formats have every item in any case.",
    ),
]
LogJson = Annotated[
    bool, typer.Option("--log-json", help="Write progress and errors to standard error as JSON, one object per line.")
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        help="Model to use, as provider/name, such as openai/gpt-5-mini; 'summariser models list' shows the choices. "
        "Default: openai/gpt-5-mini if OPENAI_API_KEY is set, otherwise the embedded local model.",
    ),
]
NoStore = Annotated[bool, typer.Option("--no-store", help="Neither read nor write stored results.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write the result to this file instead of standard output.")
]
Prompt = Annotated[
    str | None,
    typer.Option(
        "--prompt",
        "-p",
        help="Prompt to use, as name, name@version or the path of a TOML file; 'summariser prompts list' shows the "
        "choices. Default: sections for local models, brief for all others.",
    ),
]
Published = Annotated[
    datetime | None,
    typer.Option(
        "--published",
        formats=["%Y-%m-%d"],
        help="Publication date, which turns deadlines such as 'by Friday' into dates. Default: the date that the text "
        "states.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress messages; errors are still printed.")]
Refresh = Annotated[bool, typer.Option("--refresh", help="Ignore stored results and summarise again.")]
StoreFile = Annotated[
    Path | None,
    typer.Option(
        "--store",
        help="Database file that keeps summaries and model answers for later runs. Default: store.sqlite in your "
        "data directory.",
    ),
]
WholePage = Annotated[
    bool,
    typer.Option("--whole-page", help="Read everything that an HTML page shows, not only its article."),
]
