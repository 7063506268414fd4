"""Messages on standard error: sentences, or with --log-json one JSON object per line.

No message contains a text, a prompt or a key.
"""

import io
import json
import os
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from summariser.errors import Exit

if TYPE_CHECKING:
    from typer.exceptions import TyperException

    from summariser.schema import Summary

_PREFIX = "summariser: "
_OPTIONS = {
    "align": "--align",
    "output": "--output",
    "engine": "--engine",
    "language": "--language",
    "limit": "--limit",
    "live": "--live",
    "model": "--model",
    "prompt": "--prompt",
    "refresh": "--refresh",
    "store": "--store",
    "suite": "--suite",
    "whole_page": "--whole-page",
}
"""Command-line options by the setting or argument that they set; errors of the library name only the latter."""
_NAMED = re.compile(rf"\bthe (?:setting|argument) ({'|'.join(_OPTIONS)})\b")
_COMMAND = re.compile(r"'(summariser [a-z ]+)' \((\w+ [^,()]+(?:, \w+ [^,()]+)*)\)")
"""A command with its arguments in brackets, as the library writes it: 'summariser eval record' (prompt brief@1)."""


class _Style:
    """The message format of this process."""

    json = False


def as_json() -> None:
    """Write all further messages as JSON."""
    _Style.json = True


def is_json() -> bool:
    """Return True if messages are written as JSON."""
    return _Style.json


def hinted(message: str) -> str:
    """Return a message of the library with the option for each setting, argument or command that it names."""
    message = _COMMAND.sub(_with_options, message)
    return _NAMED.sub(lambda found: f"{found[0]} ({_OPTIONS[found[1]]})", message)


def _with_options(found: re.Match[str]) -> str:
    options = (argument.split(" ", 1) for argument in found[2].split(", "))
    return f"'{found[1]} {' '.join(f'--{name} {value}' for name, value in options)}'"


def say(message: str, *, event: str = "note", **fields: object) -> None:
    """Write a message; the JSON form also has the event, its fields and the time in UTC."""
    message = hinted(message)
    if _Style.json:
        when = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = {"time": when, "event": event, **({"message": message} if message else {}), **fields}
        line = json.dumps(entry, ensure_ascii=False, default=str)
    else:
        from summariser.text import printable

        line = f"{_PREFIX}{printable(message)}"
    try:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except RuntimeError:  # raised if a signal handler interrupts another write
        os.write(2, f"\n{line}\n".encode())


def say_usage_error(error: "TyperException") -> None:
    """Write an error of the arguments, as a message if messages are JSON, otherwise with the usage of the command."""
    if _Style.json:
        say(error.format_message(), event="error", code="UsageError", exit_code=int(Exit.USAGE))
        return
    from summariser.text import printable

    shown = io.StringIO()
    error.show(shown)  # type: ignore[attr-defined]  # the errors of arguments have it, and are no public classes
    sys.stderr.write(printable(shown.getvalue(), lines=True))


def counted(number: int, noun: str) -> str:
    """Return a number with a noun, such as "1 request" or "2,000 requests"."""
    return f"{number:,} {noun if number == 1 else f'{noun}s'}"


def in_dollars(cost: float | None) -> str:
    """Return the estimated cost of requests in words; None is a cost that is not known."""
    if cost is None:
        return "cost unknown"
    return f"at most about ${cost:.4f}" if cost else "no cost"


def record(event: str, **fields: object) -> None:
    """Write an event to the JSON log only; people see it in the results or the progress line."""
    if _Style.json:
        say("", event=event, **fields)


def outcome(source: str, summary: "Summary") -> dict[str, object]:
    """Return the log fields of a Summary: status, counts, tokens, cost and time, but none of its content."""
    run = summary.run
    return {
        "source": source,
        "sha256": summary.document.sha256,
        "status": run.status,
        "items": sum(1 for _ in summary.items),
        "unverified": len(summary.unverified),
        "refuted": len(summary.refuted),
        "requests": run.requests,
        "input_tokens": run.input_tokens,
        "output_tokens": run.output_tokens,
        "cost_usd": run.cost_usd,
        "seconds": run.seconds,
    }
