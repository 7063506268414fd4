"""The command `summariser check`."""

import json
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summariser.cli.configuration import command_settings
from summariser.cli.messages import say
from summariser.cli.options import Config, FormatOption, Output
from summariser.cli.output import chosen_format, printed, require_writable, write
from summariser.cli.sources import read_source, require_one_stdin, say_notes
from summariser.errors import Exit, InputError

if TYPE_CHECKING:
    from summariser.documents import Document
    from summariser.grounding import Given
    from summariser.render.claims import CheckedClaims
    from summariser.schema import Verdict
    from summariser.settings import Settings


class Format(StrEnum):
    """The output formats of checked claims."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"
    MARKDOWN = "markdown"


def check(
    claims: Annotated[
        str,
        typer.Argument(
            metavar="CLAIMS",
            help="File with the claims: a summary as JSON, claims as JSON Lines, or plain text whose sentences are the "
            "claims; - reads standard input.",
        ),
    ],
    source: Annotated[
        list[str],
        typer.Option(
            "--source",
            "-s",
            metavar="FILE",
            help="Text file to check the claims against; give it again for further files. - reads standard input.",
        ),
    ],
    format: FormatOption[Format] = None,
    output: Output = None,
    fail_under: Annotated[
        float | None,
        typer.Option(
            "--fail-under",
            min=0,
            max=1,
            help="Exit with code 1 if the share of supported claims is below this number, such as 0.9.",
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Check claims against source texts, without asking a model.

    A claim that cites nothing is compared with the passage that has most of its words. Each claim is supported (✓),
    refuted (✗) or not settled (?), with the reason and the words of the source. With several sources, the first one
    that supports a claim counts.
    """
    settings = command_settings(config)
    chosen = chosen_format(output, format, Format)
    require_writable(output, read=[claims, *source])
    require_one_stdin([claims, *source])

    from summariser.grounding import check_claims

    given = _claims(_text(claims, settings), claims)
    documents = [read_source(each, settings) for each in source]
    for document in documents:
        say_notes(document)
    verdicts = check_claims(given, documents)
    write(_rendered(verdicts, documents, chosen, to_terminal=output is None), output)
    share = sum(verdict.verified for verdict in verdicts) / len(verdicts)
    if fail_under is not None and share < fail_under:
        say(
            f"{share:.2f} of the claims are supported, which is below {fail_under:g} (--fail-under).",
            event="unsupported",
            share=share,
        )
        raise typer.Exit(int(Exit.GATE_FAILED))


def _text(claims: str, settings: "Settings") -> str:
    """Return the text of the file of claims."""
    document = read_source(claims, settings)
    say_notes(document)
    return document.text


def _claims(text: str, name: str) -> "Given":
    """Return the claims that a file holds: a Summary, JSON Lines, or plain text.

    Raises:
        InputError: A line is no JSON, or the JSON is no Summary and no claim.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return [_line(line, name, number) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if isinstance(data, dict) and "schema_version" in data:
        return _summary(data, name)
    return data if isinstance(data, list) else [data]


def _line(line: str, name: str, number: int) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        why = error.msg
    except RecursionError:
        why = "nested too deeply"
    except ValueError:
        why = "a number is too long"
    raise InputError(f"{name}, line {number} is no JSON ({why}); give one JSON object per line, or plain text.")


def _summary(data: dict[str, Any], name: str) -> "Given":
    from pydantic import ValidationError

    from summariser.schema import summary_type

    try:
        return summary_type().model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise InputError(f"{name} is no summary ({where}: {first['msg']}); give one that this program wrote.") from None


def _rendered(verdicts: "list[Verdict]", documents: "list[Document]", format: Format, *, to_terminal: bool) -> str:
    if format is Format.JSON:
        return json.dumps([v.model_dump(mode="json") for v in verdicts], ensure_ascii=False, indent=2) + "\n"
    if format is Format.JSONL:
        return "".join(json.dumps(v.model_dump(mode="json"), ensure_ascii=False) + "\n" for v in verdicts)
    from summariser.render.claims import claims_to_html, claims_to_markdown, print_claims

    checked = _checked(verdicts, documents)
    if format is Format.HTML:
        return claims_to_html(checked)
    if format is Format.MARKDOWN:
        return claims_to_markdown(checked)
    return printed(partial(print_claims, checked), to_terminal=to_terminal)


def _checked(verdicts: "list[Verdict]", documents: "list[Document]") -> "CheckedClaims":
    """Return the verdicts in the form that is rendered."""
    from summariser.render.claims import CheckedClaim, CheckedClaims, CheckedField
    from summariser.schema import MARK_OF

    return CheckedClaims(
        tuple(
            CheckedClaim(
                id=verdict.id,
                text=verdict.claim,
                mark=MARK_OF[verdict.verdict],
                reason=verdict.reason,
                source=verdict.source,
                where=verdict.sentences,
                spans=tuple(verdict.cited_spans),
                fields=tuple(CheckedField(c.field, c.outcome, c.reason) for c in verdict.checks),
            )
            for verdict in verdicts
        ),
        {document.source: document.text for document in documents},
        {document.source: tuple(note for _, note in document.notes) for document in documents},
    )
