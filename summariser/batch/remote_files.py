"""List, read and write files of shared or object storage, such as s3://bucket/folder, with fsspec.

If a storage needs a package of its own (s3fs, gcsfs, adlfs …), the error message names it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from summariser.documents import without_password
from summariser.errors import ConfigurationError, InputError
from summariser.models import short


def is_address(name: str) -> bool:
    """Return True if a name is an address and not a path."""
    return "://" in name


def names_at(address: str, accepts: Callable[[str, bool], bool]) -> list[str]:
    """Return the addresses of the files of a folder, of the matches of a pattern, or of a single file.

    Args:
        address: The address of a folder or a file, or a pattern with * or ?.
        accepts: Returns True for a file of a folder to include, by its name and whether it is a pipe or a device.

    Raises:
        InputError: The storage cannot be read.
    """
    with _read_at(address) as (files, path):
        if "*" in path or "?" in path:
            found = [name for name in sorted(files.glob(path)) if files.isfile(name)]
        elif files.isdir(path):
            entries = sorted(files.find(path, detail=True).items())
            found = [name for name, entry in entries if accepts(name, entry["type"] == "other")]
        else:
            return [address]
        return [files.unstrip_protocol(name) for name in found]


@contextmanager
def opened_at(address: str) -> Iterator[IO[bytes]]:
    """Open the file at an address for reading, as a context manager.

    Raises:
        InputError: The file cannot be read.
    """
    with _read_at(address) as (files, path), files.open(path, "rb") as file:
        yield file


def require_storage(address: str) -> None:
    """Check that a file can be written at an address, before any request is made.

    Raises:
        ConfigurationError: The address is a folder, its folder does not exist, or its storage cannot be used.
    """
    try:
        files, path = _files_and_path(address)
        if files.isdir(path):
            raise IsADirectoryError("it is a folder")
        if "file" in files.protocol and not Path(path).parent.is_dir():
            raise FileNotFoundError("its folder does not exist")
    except Exception as error:  # each storage raises exceptions of its own
        raise ConfigurationError(
            f"{without_password(address)} cannot be written ({short(without_password(str(error)))}); "
            "give another address as the argument output."
        ) from None


def put(file: Path, address: str) -> None:
    """Copy a file to an address atomically: under a temporary name first.

    Raises:
        ConfigurationError: The address cannot be written.
    """
    try:
        files, path = _files_and_path(address)
        partial = f"{path}.partial"
        files.put_file(str(file), partial)
        try:
            files.mv(partial, path)
        except BaseException:
            files.rm_file(partial)
            raise
    except Exception as error:  # each storage raises exceptions of its own
        reason = short(without_password(f"{type(error).__name__}: {error}"))
        raise ConfigurationError(
            f"{without_password(address)} cannot be written ({reason}); results in the store are kept: "
            "give another address as the argument output."
        ) from None


@contextmanager
def _read_at(address: str) -> Iterator[tuple[Any, str]]:
    """Yield the storage of an address and the path in it; turn every exception into an InputError."""
    try:
        yield _files_and_path(address)
    except InputError:
        raise
    except Exception as error:  # each storage raises exceptions of its own
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else f"{type(error).__name__}: {error}"
        raise InputError(
            f"{without_password(address)} cannot be read ({short(without_password(reason))}); "
            "check the address and your permission to read it."
        ) from None


def _files_and_path(address: str) -> tuple[Any, str]:
    import fsspec.core

    files, path = fsspec.core.url_to_fs(address)
    return files, str(path)
