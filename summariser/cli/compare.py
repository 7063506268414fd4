"""The command `summariser compare`."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summariser.cli.configuration import command_settings, command_store
from summariser.cli.messages import say
from summariser.cli.options import Config, FormatOption, Model, NoStore, Output, Prompt, Quiet, StoreFile
from summariser.cli.output import chosen_format, printed, require_writable, write
from summariser.cli.sources import read_source, require_one_stdin, with_source
from summariser.errors import ConfigurationError, Exit, InputError

if TYPE_CHECKING:
    from summariser.comparison import Comparison
    from summariser.schema import Summary

CHANGES = ("dropped", "softer", "turned", "firmer", "number", "date", "condition", "recipient", "new", "gone")
DIFFERENCES = ("number", "date", "name", "speaker", "stance", "only")


class Format(StrEnum):
    """The output formats of a comparison."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


class Ways(StrEnum):
    """How texts are compared."""

    CHANGES = "changes"
    REPORTS = "reports"


def compare(
    texts: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT TEXT...",
            help="Two or more texts to summarise, or summaries as JSON; - reads standard input.",
        ),
    ],
    way: Annotated[
        Ways | None,
        typer.Option(
            "--as",
            help="Tell the changes of one matter from the first text to the second, or compare reports of one event. "
            "Default: changes for two texts, reports for more.",
        ),
    ] = None,
    align: Annotated[
        bool,
        typer.Option(
            "--align", help="Ask the model which items are the same, in one request for each two texts. Default: rules."
        ),
    ] = False,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="NAMES",
            help="Exit with code 1 if a change or difference has one of these names, separated by commas: of changes "
            f"{', '.join(CHANGES)}; of reports {', '.join(DIFFERENCES)}.",
        ),
    ] = None,
    output: Output = None,
    format: FormatOption[Format] = None,
    model: Model = None,
    prompt: Prompt = None,
    store: StoreFile = None,
    no_store: NoStore = False,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Compare two statements over time, or several reports of one event.

    Tells which commitments are new, dropped, firmer or softer or have another number, date, condition or recipient,
    which stances turned and which risks are new or gone; of reports, where they differ in a number, a date, a
    stance, a name or a speaker, and what only some of them have. Each with the words of both texts.
    """
    from summariser.client import Summariser

    settings = command_settings(config, model=model, prompt=prompt, store=store)
    chosen = chosen_format(output, format, Format)
    require_writable(output, read=texts)
    wanted = way.value if way is not None else "changes" if len(texts) == 2 else "reports"
    failing = _names(fail_on, CHANGES if wanted == "changes" else DIFFERENCES)
    if len(texts) < 2:
        raise InputError("A comparison needs two texts; give another one.")
    require_one_stdin(texts)
    settings = command_store(settings, store=store, no_store=no_store, quiet=quiet)
    from summariser.cli.progress import showing_progress

    with showing_progress(quiet=quiet, verbose=False) as listener:
        with Summariser(settings=settings, listener=listener) as summariser:
            sources = [_summary(text) or read_source(text, settings) for text in texts]
            comparison = summariser.compare(*sources, way=way.value if way is not None else None, align=align)
    write(_rendered(comparison, chosen, to_terminal=output is None), output)
    _fail(comparison, failing)


def _names(given: str | None, known: Sequence[str]) -> list[str]:
    names = [name.strip() for name in (given or "").split(",") if name.strip()]
    unknown = next((name for name in names if name not in known), "" if given is not None and not names else None)
    if unknown is not None:
        raise ConfigurationError(f"--fail-on names {unknown!r}; choose from {', '.join(known)}.")
    return names


def _fail(comparison: "Comparison", failing: list[str]) -> None:
    """Exit with code 1 if the comparison has a change or difference with one of the names."""
    found = [name for name in failing if any(comparison.of(name))]
    if found:
        counts = ", ".join(f"{len(list(comparison.of(name)))} {name}" for name in found)
        say(f"The texts differ (--fail-on): {counts}.", event="differ", names=found)
        raise typer.Exit(int(Exit.GATE_FAILED))


def _summary(text: str) -> "Summary | None":
    """Return the Summary in a file; None if the file is a text to summarise."""
    from summariser.summary_files import SummaryReader

    path = Path(text)
    if text == "-":
        buffer = sys.stdin.buffer if sys.stdin is not None else None
        if not isinstance(buffer, BufferedReader) or buffer.peek(1)[:1] != b"{":
            return None
    elif path.suffix.casefold() not in (".json", ".jsonl"):
        return None
    reader = SummaryReader()
    found = list(reader.read([text]))
    if reader.errors:
        raise reader.errors[0]
    if len(found) != 1:
        raise InputError(f"{text} has {len(found)} summaries; give a file with one.")
    return with_source(found[0], path.parent)


def _rendered(comparison: "Comparison", format: Format, *, to_terminal: bool) -> str:
    if format is Format.JSON:
        return comparison.to_json() + "\n"
    if format is Format.MARKDOWN:
        return comparison.to_markdown()
    if format is Format.HTML:
        return comparison.to_html()
    from summariser.comparison.views import view_of
    from summariser.render.comparison import print_comparison

    return printed(partial(print_comparison, view_of(comparison)), to_terminal=to_terminal, trim=True)
