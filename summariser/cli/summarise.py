"""The command `summariser summarise`."""

import json
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summariser.cli.configuration import command_settings, command_store
from summariser.cli.formats import Format, rendered, require_one_page
from summariser.cli.messages import as_json, counted, in_dollars, outcome, record, say
from summariser.cli.options import (
    Bom,
    Config,
    DryRun,
    FormatOption,
    Full,
    LogJson,
    Model,
    NoStore,
    Output,
    Prompt,
    Published,
    Quiet,
    Refresh,
    StoreFile,
    WholePage,
)
from summariser.cli.output import chosen_format, require_table, require_writable, write, write_table
from summariser.cli.sources import read_source, require_one_stdin, say_notes
from summariser.errors import Exit, InputError, ModelError, SummariserError, code_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from summariser.batch import Result
    from summariser.documents import Document
    from summariser.extraction import Estimate
    from summariser.schema import Summary
    from summariser.settings import Settings


class Strict(StrEnum):
    """The verdicts for which `--strict` fails."""

    REFUTED = "refuted"
    ALL = "all"


_EXITS = {"partial": Exit.PROVIDER, "refused": Exit.PROVIDER, "truncated": Exit.OUTPUT, "invalid": Exit.OUTPUT}


def summarise(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Files to summarise (text, HTML, PDF, Word, e-mail, captions …) or addresses of the web; - reads "
            "standard input.",
        ),
    ],
    format: FormatOption[Format] = None,
    output: Output = None,
    bom: Bom = False,
    model: Model = None,
    prompt: Prompt = None,
    published: Published = None,
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            "-l",
            metavar="CODE",
            help="Translate the summary into this language, an ISO 639-1 code such as de; costs further requests. "
            "Default: the language of the document.",
        ),
    ] = None,
    verify: Annotated[
        bool | None,
        typer.Option(
            "--verify/--no-verify",
            help="Ask the model once more, in one request a document, whether the cited sentences carry each field of "
            "each claim. Default: on for models that are not local.",
            show_default=False,
        ),
    ] = None,
    infer_risks: Annotated[
        bool,
        typer.Option(
            "--infer-risks",
            help="Ask the model for risks that follow from the items without being in the text; they are marked as "
            "inferred and never verified.",
        ),
    ] = False,
    whole_page: WholePage = False,
    store: StoreFile = None,
    no_store: NoStore = False,
    refresh: Refresh = False,
    config: Config = None,
    strict: Annotated[
        Strict | None,
        typer.Option(
            "--strict",
            help="Exit with code 1 if any item is refuted (✗); with --strict=all also if any is not settled (?).",
        ),
    ] = None,
    full: Full = False,
    dry_run: DryRun = False,
    log_json: LogJson = False,
    quiet: Quiet = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Print each request when standard error is not a terminal."),
    ] = False,
) -> None:
    """Summarise documents and check every item against the text.

    Each item (party, commitment, reaction or risk) cites the sentences of the document that support it. Items that
    the text does not support are marked and explained.
    """
    if log_json:
        as_json()
    settings = command_settings(
        config,
        model=model,
        prompt=prompt,
        language=language,
        verify=verify,
        infer_risks=infer_risks or None,
        whole_page=whole_page or None,
        store=store,
        refresh=refresh or None,
    )
    chosen = chosen_format(output, format, Format)
    require_table(chosen, output, bom=bom)
    require_writable(output, read=sources)
    require_one_page(chosen, len(sources))
    require_one_stdin(sources)
    day = published.date() if published else None
    if dry_run:
        _dry_run([read_source(source, settings, published=day) for source in sources], settings)
        return
    settings = command_store(settings, store=store, no_store=no_store, quiet=quiet)
    job = _Job(
        settings=settings, format=chosen, output=output, bom=bom, quiet=quiet, verbose=verbose, strict=strict, full=full
    )
    job.run(sources, day)


@dataclass(kw_only=True)
class _Job:
    """Summarises the sources of one command line, in order, with one model."""

    settings: "Settings"
    format: Format
    output: Path | None
    bom: bool
    quiet: bool
    verbose: bool
    strict: Strict | None
    full: bool
    _texts: list[str] = field(default_factory=list, init=False)
    _failures: "list[Result]" = field(default_factory=list, init=False)

    def run(self, sources: list[str], published: date | None) -> None:
        """Summarise each source and write the results; a source that fails does not stop the others."""
        documents: list[Document] = []
        errors: list[SummariserError] = []
        summaries: list[Summary] = []
        for source in sources:
            try:
                documents.append(read_source(source, self.settings, published=published))
            except SummariserError as error:
                self._failed(source, error, errors, alone=len(sources) == 1)
        if documents:
            summaries = self._summarise(documents, errors, alone=len(sources) == 1)
        if self.format is Format.JSON and (summaries or len(sources) > 1):
            found = [s.model_dump(mode="json") for s in summaries]
            data = found[0] if len(sources) == 1 else found
            self._texts.append(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        if self.format.is_table:
            write_table([*summaries, *self._failures], self.output, self.format, bom=self.bom)
        if self._texts:
            write("".join(self._texts), self.output)
        raise typer.Exit(self._exit_code(summaries, errors))

    def _summarise(self, documents: "list[Document]", errors: list[SummariserError], *, alone: bool) -> "list[Summary]":
        from summariser.cli.progress import showing_progress
        from summariser.extraction import not_looked_for
        from summariser.pipeline import Session

        summaries = []
        with showing_progress(quiet=self.quiet, verbose=self.verbose) as listener:
            with Session(settings=self.settings, listener=listener) as session:
                if not self.quiet:
                    say(
                        f"using {session.model_name}", event="start", model=session.model_name, prompt=session.prompt.id
                    )
                for document in documents:
                    if note := not_looked_for(session.prompt, document):
                        say(f"{document.source}: {note}", event="not_looked_for", source=document.source)
                    try:
                        summary = session.summarise(document)
                    except (ModelError, InputError) as error:
                        self._failed(document.source, error, errors, alone=alone)
                        continue
                    if not self.quiet:
                        record("document", **outcome(document.source, summary))
                    summaries.append(summary)
                    if self.format is not Format.JSON and not self.format.is_table:
                        shown = rendered(summary, self.format, full=self.full, to_terminal=self.output is None)
                        self._texts.append(shown)
        return summaries

    def _failed(self, source: str, error: SummariserError, errors: list[SummariserError], *, alone: bool) -> None:
        if alone:
            raise error
        from summariser.batch import Result

        say(str(error), event="error", code=code_of(error), exit_code=int(error.exit_code))
        errors.append(error)
        self._failures.append(Result(number=len(self._failures), id=source, source=source, error=error))

    def _exit_code(self, summaries: "list[Summary]", errors: list[SummariserError]) -> int:
        if errors:
            return int(errors[0].exit_code)
        for summary in summaries:
            if summary.run.status in _EXITS:
                say(f"{summary.document.source} is incomplete; its warnings say why.", event="incomplete")
                return int(_EXITS[summary.run.status])
        if self.strict is not None and (failing := list(self._failing(summaries))):
            what = "not supported (--strict=all)" if self.strict is Strict.ALL else "refuted (--strict)"
            subject = "1 item is" if len(failing) == 1 else f"{len(failing)} items are"
            say(f"{subject} {what}: {', '.join(failing)}.", event="strict", items=failing)
            return int(Exit.GATE_FAILED)
        return int(Exit.DONE)

    def _failing(self, summaries: "list[Summary]") -> "Iterator[str]":
        """Yield the ids of the items for which `--strict` fails; of several documents with their sources."""
        for summary in summaries:
            source = f"{summary.document.source} " if len(summaries) > 1 else ""
            for item in summary.unverified if self.strict is Strict.ALL else summary.refuted:
                yield f"{source}{item.id}"


def _dry_run(documents: "list[Document]", settings: "Settings") -> None:
    """Print the planned requests, their size in tokens and the maximum cost."""
    from summariser import prompts
    from summariser.extraction import estimates, not_looked_for, room_for
    from summariser.models import cost, default_model, limits_of, resolve_model_name
    from summariser.pipeline import default_prompt
    from summariser.text import printable

    model = default_model(settings)
    resolve_model_name(model)
    prompt = prompts.load(settings.prompt or default_prompt(model))
    room = room_for(prompt, **limits_of(model, settings)._asdict())
    for document in documents:
        say_notes(document)
        size = f"{counted(len(document.sentences), 'sentence')}, {counted(len(document.text), 'character')}"
        write(f"{'Standard input' if document.source == '-' else printable(document.source)}: {size}\n")
        found = estimates(prompt, document, room=room)
        found += [estimated] if (estimated := _verification(model, settings, document)) else []
        for each in found:
            write(f"  {each.call:<24} about {each.input_tokens:,} tokens in, at most {each.output_tokens:,} out\n")
        read, wrote = sum(each.input_tokens for each in found), sum(each.output_tokens for each in found)
        price = cost(model, read, 0, wrote)
        requests, worth = counted(len(found), "request"), in_dollars(price)
        write(f"  {prompt.id} with {model}: {requests}, about {read:,} tokens in, at most {wrote:,} out, {worth}\n")
        write("  Further requests are made only if an answer is cut off or unusable, or if a request fails.\n")
        if note := not_looked_for(prompt, document):
            write(f"  {note}\n")
        for note in _postprocessing_notes(settings):
            write(f"  {note}\n")


def _verification(model: str, settings: "Settings", document: "Document") -> "Estimate | None":
    """Return the estimate of the request that verifies the claims; None if they are not verified."""
    from summariser.models import verifies
    from summariser.postprocess import estimate_verification

    return estimate_verification(document) if verifies(model, settings) else None


def _postprocessing_notes(settings: "Settings") -> "Iterator[str]":
    """Yield a line about each optional pass, whose number of requests depends on the items found."""
    if settings.infer_risks:
        yield "--infer-risks adds one request about the items."
    if settings.language:
        yield "--language adds one request for every 3,000 characters of summary text, if the language differs."
