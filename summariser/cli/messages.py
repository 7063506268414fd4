"""What is said on standard error: sentences for people, or with --log-json an object a line for machines.

Neither holds a text, a prompt or a key.
"""

import json
import os
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summariser.schema import Summary

_PREFIX = "summariser: "
_OPTIONS = {
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
}
"""The options that set what the package calls 'the setting NAME' or 'the argument NAME'; it knows no options itself."""
_NAMED = re.compile(rf"\bthe (?:setting|argument) ({'|'.join(_OPTIONS)})\b")


class _Style:
    """How things are said in this process."""

    json = False


def as_json() -> None:
    """From now on say everything as JSON."""
    _Style.json = True


def is_json() -> bool:
    """Whether everything is said as JSON."""
    return _Style.json


def hinted(message: str) -> str:
    """A sentence of the package's, with the option behind each setting or argument that it names."""
    return _NAMED.sub(lambda found: f"{found[0]} ({_OPTIONS[found[1]]})", message)


def say(message: str, *, event: str = "note", **fields: object) -> None:
    """Say one thing: the message to people; to machines the event as well, with its fields and the time in UTC."""
    message = hinted(message)
    if _Style.json:
        when = datetime.now(UTC).isoformat(timespec="milliseconds")
        told = {"time": when, "event": event, **({"message": message} if message else {}), **fields}
        line = json.dumps(told, ensure_ascii=False, default=str)
    else:
        line = f"{_PREFIX}{message}"
    try:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except RuntimeError:  # in a signal's handler, in the middle of another line
        os.write(2, f"\n{line}\n".encode())


def record(event: str, **fields: object) -> None:
    """Tell machines alone of an event that people see from the results or the progress."""
    if _Style.json:
        say("", event=event, **fields)


def outcome(source: str, summary: "Summary") -> dict[str, object]:
    """What is told of a Summary: what it took and how it went, nothing of what it says."""
    run = summary.run
    return {
        "source": source,
        "sha256": summary.document.sha256,
        "status": run.status,
        "items": sum(1 for _ in summary.items),
        "unverified": len(summary.unverified),
        "requests": run.requests,
        "input_tokens": run.input_tokens,
        "output_tokens": run.output_tokens,
        "cost_usd": run.cost_usd,
        "seconds": run.seconds,
    }
