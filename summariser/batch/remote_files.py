"""Addresses of shared or object storage, such as s3://bucket/folder: listed, read and written through fsspec.

A kind of storage that needs a package of its own (s3fs, gcsfs, adlfs …) says so when it is first used.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from summariser.errors import ConfigurationError, InputError
from summariser.models.classification import short


def is_address(name: str) -> bool:
    """Return True if a name is an address, not a path."""
    return "://" in name


def names_at(address: str, endings: frozenset[str]) -> list[str]:
    """Return the addresses that one stands for: a folder's files with such endings, what fits a pattern, or itself.

    Raises InputError where it cannot be looked at.
    """
    with _read_at(address) as (files, path):
        if "*" in path or "?" in path:
            found = [name for name in sorted(files.glob(path)) if files.isfile(name)]
        elif files.isdir(path):
            found = sorted(name for name in files.find(path) if Path(name).suffix.casefold() in endings)
        else:
            return [address]
        return [files.unstrip_protocol(name) for name in found]


@contextmanager
def opened_at(address: str) -> Iterator[IO[bytes]]:
    """The file at an address, open to be read. Raises InputError where it cannot be."""
    with _read_at(address) as (files, path), files.open(path, "rb") as file:
        yield file


@contextmanager
def text_at(address: str) -> Iterator[IO[str]]:
    """The lines of a text in UTF-8 at an address, as they are wanted. Raises InputError where they cannot be read."""
    with opened_at(address) as file, io.TextIOWrapper(file, encoding="utf-8") as lines:
        yield lines


def require_storage(address: str) -> None:
    """Find out before any work whether a file can be at an address. Raises ConfigurationError where it cannot."""
    try:
        files, path = _files_and_path(address)
        if files.isdir(path):
            raise IsADirectoryError("it is a folder")
        if "file" in files.protocol and not Path(path).parent.is_dir():
            raise FileNotFoundError("its folder does not exist")
    except Exception as error:  # each kind of storage has its own
        raise ConfigurationError(
            f"{address} cannot be written ({short(str(error))}); give another address as the argument output."
        ) from None


def put(file: Path, address: str) -> None:
    """Put a file at an address, under another name first, so that it is whole there or not there.

    Raises ConfigurationError where that fails.
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
    except Exception as error:  # each kind of storage has its own
        told = short(f"{type(error).__name__}: {error}")
        raise ConfigurationError(
            f"{address} cannot be written ({told}); what was done is kept: give another address as the argument output."
        ) from None


@contextmanager
def _read_at(address: str) -> Iterator[tuple[Any, str]]:
    """The storage of an address and the path in it; what goes wrong with them is an InputError."""
    try:
        yield _files_and_path(address)
    except InputError:
        raise
    except UnicodeDecodeError:
        raise InputError(f"{address} cannot be read (not UTF-8); give a file in UTF-8.") from None
    except Exception as error:  # each kind of storage has its own
        told = "there is no such file" if isinstance(error, FileNotFoundError) else f"{type(error).__name__}: {error}"
        raise InputError(
            f"{address} cannot be read ({short(told)}); check the address and the right to read it."
        ) from None


def _files_and_path(address: str) -> tuple[Any, str]:
    import fsspec.core

    files, path = fsspec.core.url_to_fs(address)
    return files, str(path)
