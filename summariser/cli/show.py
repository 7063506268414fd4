"""The command `summariser show`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from summariser.cli.formats import Format, rendered, require_one_page
from summariser.cli.messages import say
from summariser.cli.options import Bom, FormatOption, Full, Output
from summariser.cli.output import chosen_format, require_table, require_writable, write, write_table
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
    output: Output = None,
    format: FormatOption[Format] = None,
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

    chosen = chosen_format(output, format, Format)
    require_table(chosen, output, bom=bom)
    require_writable(output, read=[*files, *([document] if document else [])])
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
    write("".join(rendered(s, chosen, full=full, to_terminal=output is None) for s in summaries), output)
