"""The command `summariser batch`."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summariser.cli.batch_run import run_batch
from summariser.cli.configuration import command_settings, command_store
from summariser.cli.messages import as_json, counted, in_dollars, say
from summariser.cli.options import (
    Bom,
    Config,
    DryRun,
    LogJson,
    Model,
    NoStore,
    Prompt,
    Quiet,
    Refresh,
    StoreFile,
    WholePage,
)
from summariser.cli.output import format_for, require_no_source, require_table, require_writable
from summariser.errors import ConfigurationError, Exit

if TYPE_CHECKING:
    from summariser.batch import Item, LeftOut
    from summariser.settings import Settings

_REASONS = 3  # documents that cannot be read and are named by a dry run


class Format(StrEnum):
    """The output formats of a batch."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    HTML = "html"


_FILES = [format for format in Format if format is not Format.HTML]  # pages are a folder, which has no ending


class Where(StrEnum):
    """The engines that can run a batch."""

    LOCAL = "local"
    OPENAI_BATCH = "openai-batch"
    RAY = "ray"


class Order(StrEnum):
    """The orders in which results can be written."""

    COMPLETION = "completion"
    INPUT = "input"


def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Files, folders, glob patterns, .jsonl files with one document per line, @FILE for a list of paths, "
            "addresses of the web, storage addresses such as s3://bucket/folder, or - for JSON Lines on standard "
            "input.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="Write the results to this file or storage address, or with --format html into this folder, instead "
            "of standard output.",
        ),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(
            "--format", "-f", help="Output format. Default: the format of the file ending of --output, else jsonl."
        ),
    ] = None,
    bom: Bom = False,
    order: Annotated[
        Order, typer.Option("--order", help="Write results as they are completed, or in the order of the input.")
    ] = Order.COMPLETION,
    store: StoreFile = None,
    no_store: NoStore = False,
    engine: Annotated[
        Where,
        typer.Option(
            "--engine",
            help="How requests are run: local sends them from this machine; openai-batch uses OpenAI's Batch API, at "
            "half the price and within 24 hours; ray spreads the documents over a Ray cluster.",
        ),
    ] = Where.LOCAL,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Number of workers on the Ray cluster. Default: one per node."),
    ] = None,
    model: Model = None,
    prompt: Prompt = None,
    published: Annotated[
        datetime | None,
        typer.Option(
            "--published",
            formats=["%Y-%m-%d"],
            help="Publication date of the documents that state none, neither in their text nor in their line of a "
            ".jsonl file. It turns deadlines such as 'by Friday' into dates.",
        ),
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            "-c",
            min=1,
            max=1024,
            help="Maximum number of documents in progress at the same time. Default: 16, for local models 1.",
        ),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes",
            min=0,
            max=1024,
            help="Number of worker processes that read, link and ground documents; 0 for none. Default: one per core, "
            "none for local models.",
        ),
    ] = None,
    requests_per_minute: Annotated[
        float | None,
        typer.Option("--requests-per-minute", min=0.001, help="Rate limit: maximum number of requests per minute."),
    ] = None,
    tokens_per_minute: Annotated[
        float | None,
        typer.Option(
            "--tokens-per-minute", min=1, help="Rate limit: maximum number of tokens per minute, input plus output."
        ),
    ] = None,
    max_cost: Annotated[
        float | None,
        typer.Option("--max-cost", min=0, help="Budget: start no document once the cost reaches this many US dollars."),
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            "--max-tokens",
            min=0,
            help="Budget: start no document once this many tokens are used, input plus output.",
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Summarise only the first documents, this many.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Summarise documents again that failed in an earlier run.")
    ] = False,
    whole_page: WholePage = False,
    refresh: Refresh = False,
    config: Config = None,
    dry_run: DryRun = False,
    log_json: LogJson = False,
    quiet: Quiet = False,
) -> None:
    """Summarise many documents in one resumable run.

    Results are kept in a store. If a run is interrupted, the same command continues it: documents that are already in
    the store are not sent again.
    """
    from summariser.batch import Budget, LeftOut, engine_for, items_from
    from summariser.cli.progress import Plain
    from summariser.pipeline import Session

    if log_json:
        as_json()
    settings = command_settings(
        config,
        model=model,
        prompt=prompt,
        store=store,
        refresh=refresh or None,
        processes=processes,
        whole_page=whole_page or None,
    )
    settings = command_store(settings, store=store, no_store=no_store, quiet=quiet)
    chosen = Format(format_for(output, format, formats=_FILES, usual=Format.JSONL))
    if chosen is Format.HTML:
        require_no_source(_folder(output), _paths(sources))
    else:
        _require_writable(output, sources)
    require_table(chosen, output, bom=bom)
    left_out = LeftOut()
    items = items_from(sources, left_out)
    if published is not None:
        items = (replace(item, default_published=published.date()) for item in items)
    if dry_run:
        code = _dry_run(items if limit is None else islice(items, limit), settings, _share_of_price(engine))
        _say_left_out(left_out)
        raise typer.Exit(code)
    session = Session(settings=settings)
    job = engine_for(
        engine.value,
        items=items,
        session=session,
        budget=Budget(session.model_name, max_cost, max_tokens),
        order=order.value,
        retry_failed=retry_failed,
        limit=limit,
        concurrency=concurrency,
        requests_per_minute=requests_per_minute,
        tokens_per_minute=tokens_per_minute,
        workers=workers,
        listener=Plain(quiet=quiet, verbose=False).handle,
    )
    _set_up_process(engine)
    with session:
        code = run_batch(job, output, chosen, bom=bom, total=_total(sources, limit, quiet=quiet), quiet=quiet)
    _say_left_out(left_out)
    raise typer.Exit(code)


def _say_left_out(left_out: "LeftOut") -> None:
    """Say which files of folders were not read; this is no progress message, so --quiet does not silence it."""
    if told := str(left_out):
        say(told, event="left_out")


def _set_up_process(engine: Where) -> None:
    """Set the thread switch interval and Ray's log level, which a library must not change for its caller."""
    from summariser.batch.local import SWITCH_INTERVAL

    sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_INTERVAL))
    if engine is not Where.RAY:
        return
    for name, value in (("RAY_USAGE_STATS_ENABLED", "0"), ("RAY_BACKEND_LOG_LEVEL", "fatal")):
        os.environ.setdefault(name, value)
    with suppress(ImportError):  # the engine reports a missing Ray
        import_module("ray.data")  # sets the levels of its loggers when it is imported
        for name in ("ray", "ray.data"):
            logging.getLogger(name).setLevel(logging.ERROR)


def _share_of_price(engine: Where) -> float:
    """Return the share of the published price that an engine pays."""
    from summariser.models.providers import PRICE

    return PRICE if engine is Where.OPENAI_BATCH else 1.0


def _folder(output: str | None) -> Path:
    """Return the folder of the pages; raise ConfigurationError if the output can be none."""
    from summariser.batch.remote_files import is_address
    from summariser.documents import without_password

    if output is None:
        raise ConfigurationError("HTML pages need a folder; name one with --output.")
    if is_address(output):
        raise ConfigurationError(f"{without_password(output)} is an address; HTML pages need a folder of this machine.")
    if Path(output).suffix.casefold() in (".html", ".htm") and not Path(output).is_dir():
        raise ConfigurationError(f"{output} names a file; HTML pages need a folder, named without such an ending.")
    if Path(output).exists() and not Path(output).is_dir():
        raise ConfigurationError(f"{output} is a file; HTML pages need a folder.")
    return Path(output)


def _paths(sources: list[str]) -> list[str]:
    """Return the sources as they stand on the disk; that of a list of files is the list."""
    return [source.removeprefix("@") for source in sources]


def _require_writable(output: str | None, sources: list[str]) -> None:
    from summariser.batch.remote_files import is_address, require_storage

    if output is not None and is_address(output):
        require_storage(output)
    else:
        require_writable(Path(output) if output is not None else None, read=_paths(sources))


def _total(sources: list[str], limit: int | None, *, quiet: bool) -> int | None:
    """Return the number of documents, for the remaining time; None if it is unknown or not shown."""
    from summariser.batch import count

    found = None if quiet else count(sources)
    return min(found, limit) if found is not None and limit is not None else found


def _dry_run(items: "Iterator[Item]", settings: "Settings", share: float) -> int:
    """Print how many requests the documents need that are not in the store, and the maximum cost.

    Returns:
        The exit code, which is that of the batch if documents cannot be read.
    """
    from summariser.cli.output import write
    from summariser.cli.sources import say_notes
    from summariser.errors import InputError
    from summariser.extraction import estimates, room_for
    from summariser.models import cost, limits_of, verifies
    from summariser.pipeline import Session
    from summariser.postprocess import estimate_verification

    with Session(settings=settings) as session:
        room = room_for(session.prompt, **limits_of(session.model_name, settings)._asdict())
        documents = kept = requests = read = wrote = 0
        wrong: list[str] = []
        for item in items:
            try:
                document = item.document(**settings.reading)
            except InputError as error:
                wrong.append(str(error) if item.id in str(error) else f"{item.id}: {error}")
                continue
            say_notes(document)
            if session.kept(document):
                kept += 1
                continue
            found = estimates(session.prompt, document, room=room)
            found += [estimate_verification(document)] if verifies(session.model_name, settings) else []
            documents, requests = documents + 1, requests + len(found)
            read, wrote = read + sum(e.input_tokens for e in found), wrote + sum(e.output_tokens for e in found)
    price = cost(session.model_name, read, 0, wrote, share=share)
    write(
        f"{counted(documents, 'document')} to summarise, {kept} in the store, {len(wrong)} that cannot be read\n"
        f"{session.prompt.id} with {session.model_name}: {counted(requests, 'request')}, about {read:,} tokens in, "
        f"at most {wrote:,} out, {in_dollars(price)}\n"
    )
    for why in wrong[:_REASONS]:
        say(why, event="unreadable")
    return int(Exit.BATCH_FAILURES if wrong else Exit.DONE)
