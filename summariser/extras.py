"""What is installed: how to install one of the extras, and whether another package of the same name is in the way."""

import os
import sys

DISTRIBUTION = "structured-summariser"
SUMMARY = "Turn a news report, statement or transcript into a structured summary that a reader can check"
_IMPORTED = "summariser"
_METADATA = (".dist-info", ".egg-info")


def installing(extra: str) -> str:
    """The part of a sentence that says how to install an extra."""
    return f"install {DISTRIBUTION} with its extra {extra}: from a checkout, pip install '.[{extra}]'"


def namesake() -> str | None:
    """A sentence that names the cure where somebody else's distribution `summariser` is installed as well, else None.

    Both have a package `summariser`, so whichever was installed last has written over files of the other.
    """
    if not any(_may_have_it(folder) for folder in sys.path):
        return None
    from importlib.metadata import metadata

    try:
        if metadata(_IMPORTED).json.get("summary") == SUMMARY:
            return None
    except Exception:  # there is none, or its metadata cannot be read
        return None
    return (
        f"Another package called {_IMPORTED} is installed beside {DISTRIBUTION} and may have written over its files: "
        f"run pip uninstall {_IMPORTED}, then install {DISTRIBUTION} again, from a checkout with "
        "pip install --force-reinstall --no-deps ."
    )


def _may_have_it(folder: str) -> bool:
    """Return True if a folder of the import path has metadata of that name; importlib.metadata costs more to import."""
    try:
        names = [entry.name.lower() for entry in os.scandir(folder or ".")]
    except OSError:  # a zip file, or a folder that is not there
        return False
    return any(name.startswith(f"{_IMPORTED}-") and name.endswith(_METADATA) for name in names)
