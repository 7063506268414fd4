"""Turn a report into parties, commitments, reactions and risks that a reader can check."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summariser.batch.api import summarise_many
    from summariser.batch.results import Result
    from summariser.documents.document import Document
    from summariser.errors import (
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
    from summariser.pipeline import asummarise, summarise
    from summariser.schema import Commitment, Evidence, Party, Reaction, Risk, Summary
    from summariser.settings import Settings, load_settings
    from summariser.version import VERSION as __version__

_HOMES = {
    "summariser.batch.results": ("Result",),
    "summariser.batch.api": ("summarise_many",),
    "summariser.documents.document": ("Document",),
    "summariser.errors": (
        "ClusterError", "ConfigurationError", "ContextLengthError", "IncompleteError", "InputError", "InternalError",
        "InvalidOutputError", "KnownFailureError", "LostError", "ModelError", "OutputError", "ProviderError",
        "RecordingsError", "RefusedError", "StoreError", "SummariserError", "TransientError", "TruncatedError",
        "WeightsError",
    ),
    "summariser.models.client": ("Model",),
    "summariser.models.factory": ("open_model",),
    "summariser.pipeline": ("asummarise", "summarise"),
    "summariser.schema": ("Commitment", "Evidence", "Party", "Reaction", "Risk", "Summary"),
    "summariser.settings": ("Settings", "load_settings"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
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
    "SummariserError",
    "Summary",
    "TransientError",
    "TruncatedError",
    "WeightsError",
    "__version__",
    "asummarise",
    "load_settings",
    "open_model",
    "summarise",
    "summarise_many",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that `--help` costs little."""
    from importlib import import_module

    if name == "__version__":
        return import_module("summariser.version").VERSION
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'summariser' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
