"""The command `summariser show`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from summariser.cli.formats import Format, require_one_page, show_all
from summariser.cli.messages import say
from summariser.cli.options import Bom, Full
from summariser.cli.output import format_for, on_terminal, require_table, require_writable, write, write_table
from summariser.cli.sources import with_source
from summariser.errors import ConfigurationError, InputError


def show(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Summaries as JSON or JSON Lines, as 'summarise' and 'batch' write them; - reads standard input.",
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            help="Output format. Default: the format of the file ending of --output, else text on a terminal and json "
            "in a pipe.",
        ),
    ] = None,
    document: Annotated[
        Path | None,
        typer.Option(
            "--document",
            help="File that the summary was made from; the page shows it. Default: the file that the summary names, "
            "if it has not changed.",
        ),
    ] = None,
    bom: Bom = False,
    full: Full = False,
) -> None:
    """Show summaries again in any format, without asking a model."""
    from summariser.summary_files import SummaryReader

    usual = Format.TEXT if output is None and on_terminal() else Format.JSON
    chosen = Format(format_for(output, format, formats=[*Format], usual=usual))
    require_table(chosen, output, bom=bom)
    require_writable(output)
    reader = SummaryReader()
    summaries = list(reader.read(files))
    if reader.errors:
        raise reader.errors[0]
    if reader.failed:
        of = reader.failed + len(summaries)
        say(f"{reader.failed} of {of} results have no summary, because their documents failed.", event="failed")
    if not summaries:
        why = "every document had failed" if reader.failed else "it is empty"
        raise InputError(f"There is no summary in what was given: {why}.")
    require_one_page(chosen, len(summaries))
    if document is not None and chosen is not Format.HTML:
        raise ConfigurationError("The option --document is for the page; choose --format html, or leave it out.")
    if document is not None and len(summaries) > 1:
        raise InputError("The option --document is for one summary; give one file.")
    if chosen.is_table:
        write_table(summaries, output, chosen, bom=bom)
        return
    if chosen is Format.HTML:
        summaries = [with_source(summaries[0], Path(files[0]).parent, document)]
    if chosen is Format.JSON and len(summaries) > 1:
        write(json.dumps([s.model_dump(mode="json") for s in summaries], ensure_ascii=False, indent=2) + "\n", output)
        return
    write(show_all(summaries, chosen, full=full, to_terminal=output is None), output)
