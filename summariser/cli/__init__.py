"""The command line; `main` is the only function that prints an error."""

import logging
import os
import sys
import warnings
from typing import NoReturn

_LOGGERS = ("htmldate", "instructor", "openai", "pypdfium2", "trafilatura")
"""Loggers that quote texts, or tell what an error message says better."""


def main() -> NoReturn:
    """Run the command line and end the process with a documented exit code."""
    from typer.exceptions import TyperException

    from summariser.cli.app import app
    from summariser.cli.messages import as_json, say, say_usage_error
    from summariser.errors import Exit, SummariserError, code_of
    from summariser.extras import namesake

    _set_up_process()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if "--log-json" in sys.argv:  # from the first line on
        as_json()
    if warning := namesake():
        say(warning, event="namesake")
    try:
        code = app(_with_values(sys.argv[1:]), prog_name="summariser", standalone_mode=False) or int(Exit.DONE)
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(Exit.DONE)
    except TyperException as error:
        say_usage_error(error)
        code = int(Exit.USAGE)
    except KeyboardInterrupt:
        code = int(Exit.INTERRUPTED)
    except BrokenPipeError:
        code = int(Exit.DONE)
    except OSError as error:  # such as a full disk
        what = f"{error.filename}: " if error.filename else ""
        say(
            f"{what}{error.strerror or error}; check the free space and the permissions, then run it again.",
            event="error",
            code="OSError",
        )
        code = int(Exit.USAGE)
    except SummariserError as error:
        say(str(error), event="error", code=code_of(error), exit_code=int(error.exit_code))
        code = int(error.exit_code)
    if code == Exit.INTERRUPTED:
        say("interrupted.", event="error", code="Interrupted", exit_code=code)
    _flush()
    sys.exit(code)


def _with_values(arguments: list[str]) -> list[str]:
    """Return the arguments with `--strict`, whose value is optional, as `--strict=refuted`; `--` ends the options."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return [*("--strict=refuted" if each == "--strict" else each for each in arguments[:end]), *arguments[end:]]


def _set_up_process() -> None:
    """Silence the loggers and warnings of libraries, which only the program may do, not the library."""
    warnings.filterwarnings("ignore", module="dateutil")  # about time zones that a page names
    for logger in map(logging.getLogger, _LOGGERS):
        if logger.level == logging.NOTSET:  # OPENAI_LOG, for one, sets a level
            logger.setLevel(logging.CRITICAL)


def _flush() -> None:
    """Flush standard output; a closed pipe (`| head -1`) is not an error."""
    try:
        sys.stdout.flush()
    except OSError:  # reported before, or the reader has closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
