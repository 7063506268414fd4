"""Summaries in files: one Summary, a list of them, JSON Lines, or the results of a batch."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from summariser.errors import InputError
from summariser.schema import Summary, summary_type

STDIN = "-"


def summaries_in(source: str | Path) -> Iterator[Summary | None]:
    """Yield the Summaries in a file.

    The file holds a Summary as JSON, a list of them, or JSON Lines of Summaries or of the results of a batch.

    Args:
        source: A path, or - for standard input.

    Yields:
        Each Summary; None for a result without one, because its document failed.

    Raises:
        InputError: The file cannot be read, or a part of it is no Summary; the message names the line.
    """
    name = "Standard input" if source == STDIN else str(source)
    text = _text(source, name)
    try:
        data = json.loads(text)
    except RecursionError:
        raise InputError(f"{name} is nested too deeply; give a file that this program wrote.") from None
    except ValueError:
        yield from _of_lines(text, name)
        return
    for place, each in enumerate(data if isinstance(data, list) else [data], 1):
        yield from _summary(each, f"{name}, item {place}," if isinstance(data, list) else name)


def _text(source: str | Path, name: str) -> str:
    if source == STDIN and sys.stdin is None:
        raise InputError("Standard input is closed; give a file.")
    try:
        return (sys.stdin.buffer.read() if source == STDIN else Path(source).read_bytes()).decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{name} does not exist; check the name.") from None
    except IsADirectoryError:
        raise InputError(f"{name} is a directory; give the files in it.") from None
    except UnicodeDecodeError:
        raise InputError(f"{name} is not UTF-8; give a file that this program wrote.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{name} cannot be read ({why}); check its name and rights.") from None


def _of_lines(text: str, name: str) -> Iterator[Summary | None]:
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise InputError(f"{name} is empty; give a summary that this program wrote.")
    for number, line in lines:
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            raise InputError(f"{name}, line {number}, is no JSON; give a summary that this program wrote.") from None
        yield from _summary(data, f"{name}, line {number},")


def _summary(data: Any, name: str) -> Iterator[Summary | None]:
    if isinstance(data, dict) and "summary" in data and "schema_version" not in data:
        if data["summary"] is None:
            yield None
            return
        data = data["summary"]
    if not isinstance(data, dict) or "schema_version" not in data:
        raise InputError(f"{name} is no summary (it has no schema_version); give a file that this program wrote.")
    try:
        yield summary_type().model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise InputError(f"{name} is no summary ({where}: {first['msg']}); give one that this program wrote.") from None
