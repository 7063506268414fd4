"""The lock file of a folder of prompts: the SHA-256 of every released version."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

LOCK = "lock.toml"
_HEADER = "# SHA-256 of every released prompt version: these never change. Written by `summariser prompts lock`.\n"


def read_lock(folder: Path) -> dict[str, str]:
    """Return the digests in a folder's lock file, by the ids of the prompts; {} if there is no lock file."""
    path = folder / LOCK
    if not path.exists():
        return {}
    return {str(id): str(digest) for id, digest in tomllib.loads(path.read_text("utf-8")).items()}


def write_lock(folder: Path, digests: Mapping[str, str]) -> None:
    """Write a folder's lock file, sorted by the ids of the prompts."""
    lines = [f'"{id}" = "{digests[id]}"\n' for id in sorted(digests)]
    (folder / LOCK).write_text(_HEADER + "".join(lines), "utf-8")
