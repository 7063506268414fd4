"""Hints about installation: how to install an extra, and a conflict with another package of the same name."""

import os
import sys

DISTRIBUTION = "structured-summariser"
SUMMARY = "Turn a news report, statement or transcript into a structured summary that a reader can check"
_IMPORTED = "summariser"
_METADATA = (".dist-info", ".egg-info")


def installing(extra: str, error: ImportError | None = None) -> str:
    """Return the part of a sentence that says how to install an extra.

    Args:
        extra: The extra.
        error: The error of the import, which is named if the library is there and something that it needs is not.
    """
    why = f" ({' '.join(str(error).split())})" if error is not None and type(error) is ImportError else ""
    return f"install {DISTRIBUTION} with its extra {extra}: from a checkout, pip install '.[{extra}]'{why}"


def namesake() -> str | None:
    """Return a sentence with a remedy if another distribution called `summariser` is also installed, else None.

    Both distributions contain a package `summariser`, so the one that was installed last overwrote files of the other.
    """
    if not any(_may_have_it(folder) for folder in sys.path):
        return None
    from importlib.metadata import metadata

    try:
        if metadata(_IMPORTED).json.get("summary") == SUMMARY:
            return None
    except Exception:  # it is not installed, or its metadata cannot be read
        return None
    return (
        f"Another package called {_IMPORTED} is installed beside {DISTRIBUTION} and may have overwritten its files: "
        f"run pip uninstall {_IMPORTED}, then install {DISTRIBUTION} again, from a checkout with "
        "pip install --force-reinstall --no-deps ."
    )


def _may_have_it(folder: str) -> bool:
    """Return True if a folder has metadata of that name; importing importlib.metadata to find out would take longer."""
    try:
        names = [entry.name.lower() for entry in os.scandir(folder or ".")]
    except OSError:  # a zip file, or a folder that does not exist
        return False
    return any(name.startswith(f"{_IMPORTED}-") and name.endswith(_METADATA) for name in names)
