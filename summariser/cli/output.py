"""Choose the output format, print for a terminal, and write results to standard output or atomically to a file."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from summariser.errors import ConfigurationError, SummariserError
from summariser.render.tables import BINARY_FORMATS, require_format

if TYPE_CHECKING:
    from rich.console import Console

    from summariser.batch import Result
    from summariser.schema import Summary

_Format = TypeVar("_Format", bound=StrEnum)

_NAMES = {
    ".csv": "csv",
    ".html": "html",
    ".ics": "ics",
    ".json": "json",
    ".jsonl": "jsonl",
    ".markdown": "markdown",
    ".md": "markdown",
    ".parquet": "parquet",
    ".txt": "text",
    ".xlsx": "xlsx",
}
"""Output formats by file ending."""


def format_for(output: Path | str | None, given: str | None, *, formats: Sequence[str], usual: str) -> str:
    """Return the output format: the given one, else the one of the file ending, else the usual one.

    Args:
        output: Path or address of the output, or None for standard output.
        given: Format that --format names, or None.
        formats: Formats that the command can write.
        usual: Format to use if neither is given.

    Raises:
        ConfigurationError: The ending contradicts the given format, or no format is given and the ending is unknown.
    """
    ending = Path(output).suffix.casefold() if output is not None else ""
    named = _NAMES.get(ending)
    endings = ", ".join(end for end, name in _NAMES.items() if name in formats and end != ".markdown")
    if given is None and ending and named not in formats:
        raise ConfigurationError(
            f"{output} names no format that can be written here; end it in one of {endings}, or choose with --format."
        )
    any_text = named == "text" and "text" not in formats and given not in BINARY_FORMATS
    if given is not None and named not in (None, given) and not any_text:
        raise ConfigurationError(f"{output} names the format {named}, and --format {given}; leave one of them out.")
    return given or named or usual


def chosen_format(output: Path | None, given: _Format | None, formats: type[_Format]) -> _Format:
    """Return the output format of a command whose usual one is text on a terminal, and json elsewhere.

    Args:
        output: Path of the output, or None for standard output.
        given: Format that --format names, or None.
        formats: Formats that the command can write, among them text and json.

    Raises:
        ConfigurationError: The ending contradicts the given format, or no format is given and the ending is unknown.
    """
    usual = "text" if output is None and sys.stdout is not None and sys.stdout.isatty() else "json"
    return formats(format_for(output, given, formats=[*formats], usual=usual))


def printed(show: "Callable[[Console], None]", *, to_terminal: bool, trim: bool = False) -> str:
    """Return what a function prints on a console.

    Args:
        show: Prints on the console that it is given.
        to_terminal: True to use the width and the colours of the terminal, otherwise 100 columns without colours.
        trim: True to remove the white space that a table leaves at the ends of its lines, which a terminal does not
            show.
    """
    from rich.console import Console

    console = Console(highlight=False) if to_terminal else Console(highlight=False, no_color=True, width=100)
    with console.capture() as captured:
        show(console)
    text = captured.get()
    if not trim or (to_terminal and console.is_terminal):
        return text
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def write(text: str, path: Path | None = None, *, newline: str | None = None) -> None:
    """Write text to standard output, or atomically to a file; raise ConfigurationError if that fails.

    Args:
        text: The text.
        path: The file; None for standard output.
        newline: "" to write line ends as they are in the text; None to write those of the operating system.
    """
    if path is None:
        if sys.stdout is None:
            raise ConfigurationError("Standard output is closed; give --output a file.")
        if newline is not None and isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(newline=newline)
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        path = path.resolve()  # replace the target of a link, not the link
        if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
            path.write_text(text, "utf-8", "backslashreplace", newline)
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _cannot_write(path, error) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline=newline) as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _cannot_write(path, error) from None
        raise


def require_table(format: str, output: Path | str | None, *, bom: bool) -> None:
    """Check that a table can be written, before any request is made; other formats than tables pass.

    Args:
        format: Output format.
        output: Path or address of the output, or None for standard output.
        bom: True if a byte order mark is wanted.

    Raises:
        ConfigurationError: A binary format is to be written to standard output, its library is missing, or a byte
            order mark is wanted in another format than CSV.
    """
    require_format(format, output)
    if bom and format != "csv":
        raise ConfigurationError(f"--bom is for CSV, and the format is {format}; leave it out, or choose --format csv.")


def write_table(results: "Iterable[Result | Summary]", output: Path | None, format: str, *, bom: bool = False) -> None:
    """Write one table: a row for each document, and one for each of its items.

    Args:
        results: Summaries, and Results of documents without one.
        output: Path of the output, or None for standard output, which takes CSV only.
        format: "csv", "parquet" or "xlsx".
        bom: True to begin CSV with a byte order mark.

    Raises:
        ConfigurationError: The file cannot be written.
    """
    from summariser.batch import Result
    from summariser.batch.writers import written

    with written(output, format, bom=bom) as writer:
        for number, each in enumerate(results):
            writer.write(each if isinstance(each, Result) else _result(each, number))


def _result(summary: "Summary", number: int) -> "Result":
    """Return the Result of a document that has a Summary; its error says why the Summary is incomplete, if it is."""
    from summariser.batch import Result

    error = None
    try:
        summary.raise_for_status()
    except SummariserError as incomplete:
        error = incomplete
    source = summary.document.source
    return Result(number=number, id=source, source=source, summary=summary, error=error)


def require_writable(path: Path | None, *, read: Iterable[str | Path] = ()) -> None:
    """Raise ConfigurationError if the file cannot be written, before any request is made.

    Args:
        path: The file; None for standard output.
        read: The files that the command reads, none of which it overwrites.
    """
    if path is None:
        return
    require_no_source(path, read)
    try:
        is_folder, is_special = path.is_dir(), path.exists() and not path.is_file()
    except OSError as error:
        raise _cannot_write(path, error) from None
    if is_folder:
        raise ConfigurationError(f"{path} is a directory; give --output a file.")
    if is_special:
        return
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise ConfigurationError(f"{path} cannot be written; give --output a file in a folder that can.")


def require_no_source(path: Path, read: Iterable[str | Path]) -> None:
    """Raise ConfigurationError if the path is one of those that the command reads."""
    if any(str(each) != "-" and Path(each).resolve() == path.resolve() for each in read):
        raise ConfigurationError(f"{path} is a source; give --output another file.")


def _cannot_write(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"{path} cannot be written ({error.strerror}); give --output another file.")
