"""Writing results: to standard output, or to a file that is whole or not there."""

import os
import sys
import tempfile
from pathlib import Path

from summariser.errors import ConfigurationError


def write(text: str, path: Path | None = None) -> None:
    """Write text to standard output, or in one step to a file. Raises ConfigurationError where that fails."""
    if path is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _cannot_write(path, error) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
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


def require_writable(path: Path | None) -> None:
    """Find out before any work is paid for that the file can be written. Raises ConfigurationError."""
    if path is None:
        return
    if path.is_dir():
        raise ConfigurationError(f"{path} is a directory; give --output a file.")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise ConfigurationError(f"{path} cannot be written; give --output a file in a folder that can.")


def _cannot_write(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"{path} cannot be written: {error.strerror}.")
