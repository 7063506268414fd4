"""The command `summariser commitments`."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from summariser.cli.configuration import command_settings
from summariser.cli.messages import as_json, is_json, say
from summariser.cli.options import Config, FormatOption, LogJson, Output, Quiet
from summariser.cli.output import chosen_format, printed, require_writable, write
from summariser.errors import ConfigurationError, Exit, code_of

if TYPE_CHECKING:
    from summariser.following import Answer, Query
    from summariser.schema import Status as StatusLabel
    from summariser.settings import Settings

_DAY = ["%Y-%m-%d"]
_MOST_NAMED = 5  # parties in a message
_SHOWN = 100  # commitments as text


class Format(StrEnum):
    """The output formats of commitments."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    ICS = "ics"


_EXACT = (Format.CSV, Format.ICS)
"""The formats that have their own line ends."""


class Status(StrEnum):
    """The statuses of commitments."""

    AGREED = "agreed"
    PLEDGED = "pledged"
    DECIDED = "decided"
    PLANNED = "planned"
    PROPOSED = "proposed"
    THREATENED = "threatened"
    REFUSED = "refused"


def commitments(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE...",
            help="JSON files with summaries, the .jsonl files that 'summariser batch' writes, folders of both, glob "
            "patterns, or - for standard input. Default: the store.",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="NAME", help="Only commitments by this party; give it again for further parties."),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="NAME", help="Only commitments to this party; give it again for further parties."),
    ] = None,
    status: Annotated[
        list[Status] | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help="Only commitments of this status: agreed, pledged, decided, planned, proposed, threatened or refused; "
            "give it again for further ones.",
        ),
    ] = None,
    due_before: Annotated[
        datetime | None,
        typer.Option(
            "--due-before", metavar="DATE", formats=_DAY, help="Only commitments with a deadline before this day."
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", metavar="DATE", formats=_DAY, help="Only commitments that were published on this day or later."
        ),
    ] = None,
    text: Annotated[
        str,
        typer.Option(
            "--text",
            metavar="WORDS",
            help="Only commitments that have all these words, in any form, in their action or condition.",
        ),
    ] = "",
    verified: Annotated[
        bool, typer.Option("--verified", help="Only commitments that the source supports (✓). Default: all.")
    ] = False,
    same: Annotated[
        list[str] | None,
        typer.Option(
            "--same",
            metavar="A=B",
            help="Take the parties with these names for one party, which is called A; A alone joins all that are "
            "called A. @FILE reads one such entry from each line of a file.",
        ),
    ] = None,
    apart: Annotated[
        list[str] | None,
        typer.Option(
            "--apart",
            metavar="NAME",
            help="Take the parties with this name for a different party in each document. @FILE reads one name from "
            "each line of a file.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="N",
            min=1,
            help="The most commitments to show, those with the earliest deadlines. "
            f"Default: {_SHOWN} as text, otherwise all.",
        ),
    ] = None,
    format: FormatOption[Format] = None,
    output: Output = None,
    store: Annotated[
        Path | None,
        typer.Option(
            "--store",
            help="Database file with the summaries. Default: the file of the setting store, else store.sqlite in your "
            "data directory.",
        ),
    ] = None,
    config: Config = None,
    log_json: LogJson = False,
    quiet: Quiet = False,
) -> None:
    """List who promised what to whom, over many summaries.

    Nothing is sent anywhere. A party that several documents name is one if its full name is the same and nothing that
    they say of its country or affiliation differs. The format ics is a calendar file with the deadlines.
    """
    if log_json:
        as_json()
    settings = command_settings(config, store=store)
    chosen = chosen_format(output, format, Format)
    require_writable(output, read=sources or [])
    if sources and store is not None:
        raise ConfigurationError("Both --store and sources are given; leave one out.")

    from summariser.following import Query, require_calendar

    if chosen is Format.ICS:
        require_calendar()
    query = Query(
        by=tuple(by or ()),
        to=tuple(to or ()),
        statuses=cast("tuple[StatusLabel, ...]", tuple(each.value for each in status or ())),
        verified=verified,
        due_before=_day(due_before),
        since=_day(since),
        text=text,
        same=tuple(_names(entry) for entry in _entries(same)),
        apart=tuple(_entries(apart)),
        limit=_SHOWN if limit is None and chosen is Format.TEXT else limit,
    )
    gc.disable()  # the rows live until the process ends, and searching them for garbage takes a third of the time
    answer, code = _of_files(sources, query, quiet=quiet) if sources else _of_store(settings, query, quiet=quiet)
    write(_rendered(answer, chosen, to_terminal=output is None), output, newline="" if chosen in _EXACT else None)
    if not quiet:
        for note in _notes(answer, chosen):
            _say(note)
    raise typer.Exit(int(code))


def _say(message: str, *, event: str = "note", **fields: object) -> None:
    """Write a message, without the control characters that a file of somebody else may have."""
    from summariser.text import normalise

    say(normalise(message), event=event, **fields)


# ── what the options say ─────────────────────────────────────────────────────────────────────────


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _names(entry: str) -> tuple[str, ...]:
    """Return the names that mean one party, of an entry such as A=B."""
    return tuple(name.strip() for name in entry.split("="))


def _entries(given: Iterable[str] | None) -> list[str]:
    """Return the entries of an option, with those of the files that it names."""
    found: list[str] = []
    for entry in given or ():
        found += _lines(Path(entry[1:])) if entry.startswith("@") else [entry]
    return found


def _lines(path: Path) -> list[str]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise ConfigurationError(
            f"The list {path} cannot be read ({why}); give a text file with one entry per line."
        ) from None
    return [line.strip() for line in lines if line.strip()]


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


def _of_files(sources: list[str], query: "Query", *, quiet: bool) -> "tuple[Answer, Exit]":
    """Return the answer of files, and the exit code, which says whether all could be read."""
    from summariser.following import commitments
    from summariser.summary_files import SummaryReader

    reader = SummaryReader()
    with _progress("reading summaries", quiet=quiet) as progress:
        answer = commitments(reader.read(sources, progress), query)
    for error in reader.errors:
        _say(str(error), event="error", code=code_of(error), exit_code=int(error.exit_code))
    if reader.failed and not quiet:
        say(f"{_counted(reader.failed, 'document')} failed in a batch and {_are(reader.failed)} without a summary.")
    return answer, Exit.USAGE if reader.errors else Exit.DONE


def _of_store(settings: "Settings", query: "Query", *, quiet: bool) -> "tuple[Answer, Exit]":
    """Return the answer of the store, and the exit code, which says whether all of it could be read."""
    from summariser.following import commitments_in
    from summariser.settings import default_store
    from summariser.storage import Store

    path = settings.store or default_store()
    if not path.is_file():
        raise ConfigurationError(
            f"There is no store {path}; summarise a document first, name another file in the setting store, or give "
            "files or folders with summaries."
        )
    doing = "adding earlier summaries to the index of commitments, once"
    with Store(path) as store, _progress(doing, quiet=quiet, told=True) as progress:
        answer = commitments_in(store, query, progress)
        if store.damage and not answer.unreadable and not quiet:
            say(store.damage)
    if answer.unreadable:
        those, its = ("it is", "its text") if answer.unreadable == 1 else ("they are", "their texts")
        say(
            f"{_counted(answer.unreadable, 'summary')} of the store {path} cannot be read, so {those} left out; "
            f"summarise {its} again.",
            event="error",
            code="StoreError",
            exit_code=int(Exit.USAGE),
        )
    return answer, Exit.USAGE if answer.unreadable else Exit.DONE


@contextmanager
def _progress(doing: str, *, quiet: bool, told: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows how much is done: a bar on a terminal.

    Args:
        doing: What is done.
        quiet: True to show nothing.
        told: True to write a message as well, if there is anything to do.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False)
    shown = console.is_terminal and not quiet and not is_json()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        task = bar.add_task(doing, total=None)

        def progress(done: int, total: int) -> None:
            if told and not quiet and not done and total:
                say(f"{doing} ({total:,})")
            bar.update(task, completed=done, total=total)

        yield progress


# ── the answer ───────────────────────────────────────────────────────────────────────────────────


def _rendered(answer: "Answer", format: Format, *, to_terminal: bool) -> str:
    from summariser.following import print_table, to_calendar, to_csv

    if format is Format.CSV:
        return to_csv(answer)
    if format is Format.ICS:
        return to_calendar(answer)
    if format is Format.JSONL:
        return "\n".join([*answer.lines, ""])
    if format is Format.JSON:
        return f"[{','.join(answer.lines)}]\n"
    return printed(partial(print_table, answer), to_terminal=to_terminal)


def _notes(answer: "Answer", format: Format) -> Iterator[str]:
    """Yield what a reader of the answer must know: what it lacks and what was not clear."""
    for name in answer.unknown:
        yield f"No party is called {name!r}."
    for name, labels in answer.ambiguous.items():
        more = f" and {len(labels) - _MOST_NAMED:,} more" if len(labels) > _MOST_NAMED else ""
        names = {label.rsplit(" [", 1)[0] for label in labels}
        cure = f" --same {names.pop()!r} takes them for one." if len(names) == 1 else ""
        yield f"{name!r} may mean {len(labels):,} parties: {'; '.join(labels[:_MOST_NAMED])}{more}.{cure}"
    if answer.beyond_limit:
        all_of_them = f"--limit {sum(answer.verdicts.values())}"
        cure = f"{all_of_them} or --format jsonl shows all" if format is Format.TEXT else f"{all_of_them} shows all"
        yield f"{_left_out(answer.beyond_limit, 'commitment')} because of the limit; {cure}."
    if answer.replaced:
        yield f"{_left_out(answer.replaced, 'summary')}, because a later one is of the same text."
    if answer.undated:
        yield f"{_left_out(answer.undated, 'commitment')}, because no deadline with a date is known."
    if answer.unpublished:
        yield f"{_left_out(answer.unpublished, 'commitment')}, because the day of publication is not known."
    if format is Format.ICS and (undated := sum(each.deadline_date is None for each in answer)):
        yield f"{_counted(undated, 'commitment')} without a date {_are(undated)} not in the calendar."
    if answer.incomplete:
        summaries = _counted(answer.summaries, "summary")
        yield f"{answer.incomplete:,} of {summaries} {_are(answer.incomplete)} incomplete."


def _left_out(number: int, noun: str) -> str:
    return f"{_counted(number, noun)} {_are(number)} left out"


def _counted(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
