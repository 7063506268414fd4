"""`summariser summarise`."""

import json
import sys
from contextlib import ExitStack
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summariser.cli.output import require_writable, write
from summariser.errors import ConfigurationError, Exit, InputError, SummariserError

if TYPE_CHECKING:
    from summariser.document import Document
    from summariser.schema import Summary
    from summariser.settings import Settings


class Format(StrEnum):
    """How a Summary is written."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"


_EXITS = {"partial": Exit.PROVIDER, "refused": Exit.PROVIDER, "truncated": Exit.OUTPUT, "invalid": Exit.OUTPUT}


def summarise(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files, or - for standard input.")],
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="Default: text on a terminal, json elsewhere.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead.")] = None,
    model: Annotated[str | None, typer.Option("--model", "-m", help="provider/name; see 'models list'.")] = None,
    prompt: Annotated[str | None, typer.Option("--prompt", "-p", help="name@version; see 'prompts list'.")] = None,
    published: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of publication, where the text does not say it.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if any item is not verified.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be asked and cost; ask nobody.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No narration on standard error.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="More narration in a log.")] = False,
) -> None:
    """Summarise reports into parties, commitments, reactions and risks, each tied to the words of its source."""
    from summariser.settings import load_settings

    settings = load_settings(model=model, prompt=prompt)
    chosen = format or (Format.TEXT if output is None and sys.stdout.isatty() else Format.JSON)
    require_writable(output)
    if output is not None and any(source != "-" and Path(source).resolve() == output.resolve() for source in sources):
        raise ConfigurationError(f"{output} is a source; give --output another file.")
    if sources.count("-") > 1:
        raise ConfigurationError("Standard input can be read only once; give - only once.")
    day = published.date() if published else None
    if dry_run:
        _dry_run([_read(source, day, settings) for source in sources], settings)
        return
    _Job(settings, chosen, output, quiet=quiet, verbose=verbose, strict=strict).run(sources, day)


class _Job:
    """The sources of one command line, summarised in order by one model."""

    def __init__(
        self, settings: "Settings", format: Format, output: Path | None, *, quiet: bool, verbose: bool, strict: bool
    ) -> None:
        self._settings, self._format, self._output = settings, format, output
        self._quiet, self._verbose, self._strict = quiet, verbose, strict
        self._texts: list[str] = []

    def run(self, sources: list[str], published: date | None) -> None:
        """Summarise each source; one that fails does not keep the others from being written."""
        documents: list[Document] = []
        errors: list[SummariserError] = []
        summaries: list[Summary] = []
        for source in sources:
            try:
                documents.append(_read(source, published, self._settings))
            except SummariserError as error:
                self._failed(error, errors, alone=len(sources) == 1)
        if documents:
            summaries = self._summarise(documents, errors, alone=len(sources) == 1)
        if self._format is Format.JSON and (summaries or len(sources) > 1):
            found = [s.model_dump(mode="json") for s in summaries]
            data = found[0] if len(sources) == 1 else found
            self._texts.append(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        if self._texts:
            write("".join(self._texts), self._output)
        raise typer.Exit(self._exit_code(summaries, errors))

    def _summarise(self, documents: "list[Document]", errors: list[SummariserError], *, alone: bool) -> "list[Summary]":
        from summariser.cli.narration import narrating
        from summariser.models.naming import default_model
        from summariser.models.opening import open_model
        from summariser.pipeline import summarise as summarise_one

        name = default_model(self._settings)
        summaries = []
        with ExitStack() as stack:
            if not self._quiet:
                print(f"summariser: using {name}", file=sys.stderr)
            listener = stack.enter_context(narrating(quiet=self._quiet, verbose=self._verbose))
            model = stack.enter_context(open_model(name, self._settings, listener=listener))
            for document in documents:
                try:
                    summary = summarise_one(document, model=model, settings=self._settings, listener=listener)
                except SummariserError as error:
                    self._failed(error, errors, alone=alone)
                    continue
                summaries.append(summary)
                if self._format is not Format.JSON:
                    self._texts.append(_rendered(summary, self._format, to_terminal=self._output is None))
        return summaries

    def _failed(self, error: SummariserError, errors: list[SummariserError], *, alone: bool) -> None:
        if alone:
            raise error
        print(f"summariser: {error}", file=sys.stderr)
        errors.append(error)

    def _exit_code(self, summaries: "list[Summary]", errors: list[SummariserError]) -> int:
        if errors:
            return int(errors[0].exit_code)
        for summary in summaries:
            if summary.run.status in _EXITS:
                print(f"summariser: {summary.document.source} is incomplete; its warnings say why.", file=sys.stderr)
                return int(_EXITS[summary.run.status])
        unverified = sum(len(summary.unverified) for summary in summaries)
        if self._strict and unverified:
            print(f"summariser: {unverified} items are not verified (--strict).", file=sys.stderr)
            return int(Exit.GATE_FAILED)
        return int(Exit.DONE)


def _read(source: str, published: date | None, settings: "Settings") -> "Document":
    from summariser.readers import STDIN, read, read_stdin

    if not source:
        raise InputError("A source is empty; give a file, or - for standard input.")
    if source == STDIN:
        return read_stdin(published=published, max_characters=settings.max_characters)
    return read(Path(source), published=published, max_characters=settings.max_characters)


def _rendered(summary: "Summary", format: Format, *, to_terminal: bool) -> str:
    if format is Format.JSONL:
        return summary.to_json(indent=None) + "\n"
    if format is Format.MARKDOWN:
        from summariser.render.markdown import to_markdown

        return to_markdown(summary)
    from rich.console import Console

    from summariser.render.text import print_text

    console = Console(highlight=False) if to_terminal else Console(highlight=False, no_color=True, width=100)
    with console.capture() as captured:
        print_text(summary, console)
    return captured.get() if to_terminal and console.is_terminal else _trimmed(captured.get())


def _trimmed(text: str) -> str:
    """The text without the white space that a table leaves at the ends of its lines."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _dry_run(documents: "list[Document]", settings: "Settings") -> None:
    """Print the requests that would be made, what they weigh and what they would cost at most."""
    from summariser import prompts
    from summariser.asking import estimate_tokens, questions, room_for
    from summariser.models.naming import default_model, limits_of, resolve_model_name
    from summariser.pipeline import default_prompt
    from summariser.prices import cost

    model = default_model(settings)
    resolve_model_name(model)
    prompt = prompts.load(settings.prompt or default_prompt(model))
    room = room_for(prompt, **limits_of(model, settings)._asdict())
    for document in documents:
        total_in = total_out = 0
        write(f"{document.source}: {len(document.sentences)} sentences, {len(document.text):,} characters\n")
        for question in questions(prompt, document, room=room):
            messages = prompt.render(question.call, document, question.sentences, question.focus)
            tokens = sum(estimate_tokens(message.content) for message in messages) + (room or 0) * question.gist
            total_in, total_out = total_in + tokens, total_out + question.call.max_output_tokens
            limit = question.call.max_output_tokens
            write(f"  {question.call.name:<24} about {tokens:,} tokens in, at most {limit:,} out\n")
        price = cost(model, total_in, 0, total_out)
        worth = "cost unknown" if price is None else f"at most about ${price:.4f}"
        write(f"  {prompt.id} with {model}: about {total_in:,} tokens in, at most {total_out:,} out, {worth}\n")
