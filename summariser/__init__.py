"""Summarise news reports as parties, commitments, reactions and risks, each with its evidence in the text."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import summariser.events as events  # noqa: PLR0402  # mypy treats `from summariser import` as an attribute
    import summariser.testing as testing  # noqa: PLR0402  # the same
    from summariser.batch.results import Result
    from summariser.client import (
        AsyncSummariser,
        Summariser,
        asummarise,
        asummarise_many,
        summarise,
        summarise_many,
    )
    from summariser.documents.document import Document
    from summariser.errors import (
        BudgetError,
        ClusterError,
        ConfigurationError,
        ContextLengthError,
        IncompleteError,
        InputError,
        InternalError,
        InvalidOutputError,
        KnownFailureError,
        LostError,
        ModelError,
        OutputError,
        ProviderError,
        RecordingsError,
        RefusedError,
        StoreError,
        SummariserError,
        TransientError,
        TruncatedError,
        WeightsError,
    )
    from summariser.models.client import Model
    from summariser.models.factory import open_model
    from summariser.schema import Commitment, Evidence, Party, Reaction, Risk, Summary
    from summariser.settings import Settings, load_settings
    from summariser.version import VERSION as __version__

_HOMES = {
    "summariser.batch.results": ("Result",),
    "summariser.client": (
        "AsyncSummariser", "Summariser", "asummarise", "asummarise_many", "summarise", "summarise_many",
    ),
    "summariser.documents.document": ("Document",),
    "summariser.errors": (
        "BudgetError", "ClusterError", "ConfigurationError", "ContextLengthError", "IncompleteError", "InputError",
        "InternalError", "InvalidOutputError", "KnownFailureError", "LostError", "ModelError", "OutputError",
        "ProviderError", "RecordingsError", "RefusedError", "StoreError", "SummariserError", "TransientError",
        "TruncatedError", "WeightsError",
    ),
    "summariser.models.client": ("Model",),
    "summariser.models.factory": ("open_model",),
    "summariser.schema": ("Commitment", "Evidence", "Party", "Reaction", "Risk", "Summary"),
    "summariser.settings": ("Settings", "load_settings"),
}  # fmt: skip
_MODULES = ("events", "testing")
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AsyncSummariser",
    "BudgetError",
    "ClusterError",
    "Commitment",
    "ConfigurationError",
    "ContextLengthError",
    "Document",
    "Evidence",
    "IncompleteError",
    "InputError",
    "InternalError",
    "InvalidOutputError",
    "KnownFailureError",
    "LostError",
    "Model",
    "ModelError",
    "OutputError",
    "Party",
    "ProviderError",
    "Reaction",
    "RecordingsError",
    "RefusedError",
    "Result",
    "Risk",
    "Settings",
    "StoreError",
    "Summariser",
    "SummariserError",
    "Summary",
    "TransientError",
    "TruncatedError",
    "WeightsError",
    "__version__",
    "asummarise",
    "asummarise_many",
    "events",
    "load_settings",
    "open_model",
    "summarise",
    "summarise_many",
    "testing",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `--help` starts fast."""
    from importlib import import_module

    if name == "__version__":
        return import_module("summariser.version").VERSION
    if name in _MODULES:
        return import_module(f"summariser.{name}")
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'summariser' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
