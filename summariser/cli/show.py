"""The command `summariser show`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summariser.cli.formats import Format, require_one_page, show_all
from summariser.cli.messages import say
from summariser.cli.options import Bom, Full
from summariser.cli.output import format_for, require_table, require_writable, write, write_table
from summariser.errors import InputError

if TYPE_CHECKING:
    from summariser.schema import Summary


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
    from summariser.summary_files import summaries_in

    usual = Format.TEXT if output is None and sys.stdout.isatty() else Format.JSON
    chosen = Format(format_for(output, format, formats=[*Format], usual=usual))
    require_table(chosen, output, bom=bom)
    require_writable(output)
    found = [summary for file in files for summary in summaries_in(file)]
    summaries = [summary for summary in found if summary is not None]
    if failed := len(found) - len(summaries):
        say(f"{failed} of {len(found)} results have no summary, because their documents failed.", event="failed")
    if not summaries:
        raise InputError("There is no summary in what was given: every document had failed.")
    require_one_page(chosen, len(summaries))
    if document is not None and len(summaries) > 1:
        raise InputError("The option --document is for one summary; give one file.")
    if chosen.is_table:
        write_table(summaries, output, chosen, bom=bom)
        return
    if chosen is Format.HTML:
        summaries = [_with_document(summaries[0], document, [Path(file).parent for file in files])]
    if chosen is Format.JSON and len(summaries) > 1:
        write(json.dumps([s.model_dump(mode="json") for s in summaries], ensure_ascii=False, indent=2) + "\n", output)
        return
    write(show_all(summaries, chosen, full=full, to_terminal=output is None), output)


def _with_document(summary: "Summary", given: Path | None, folders: list[Path]) -> "Summary":
    """Return a Summary with the text of its document if that is at hand; a document that was given must fit."""
    from summariser.documents import read

    if given is not None:
        return summary.with_text(read(given).text)
    named = Path(summary.document.source)
    for path in (named, *(folder / named.name for folder in folders)):
        try:
            text = read(path).text if path.is_file() else ""
        except (InputError, OSError, ValueError):
            continue
        if text and summary.is_of(text):
            return summary.with_text(text)
    return summary
