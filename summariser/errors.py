"""Every error a caller can meet, and the exit code the command line gives it.

SummariserError                 2
├── InputError                  2   the source cannot be read or is not fit to be summarised
├── ConfigurationError          2   settings, prompt, model name, missing key or extra
├── StoreError                  2   the store cannot be read or written, or is damaged
├── ClusterError                3   a Ray cluster could not do the work
├── RecordingsError             7   an eval's recorded answers are missing, stale, edited or left over
├── WeightsError                3   the embedded model's weights cannot be had
├── ModelError                  3   one call to a model failed
│   ├── ProviderError           3   the provider answered with an error, or not at all
│   └── RefusedError            3   the model or its filter declined to answer
└── OutputError                 4   the model answered, but not usably (also a ModelError)
    ├── TruncatedError          4   the answer was cut off at the output limit
    └── InvalidOutputError      4   not JSON, of the wrong shape, or empty
"""

from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """The exit codes of the command line."""

    DONE = 0
    GATE_FAILED = 1
    USAGE = 2
    PROVIDER = 3
    OUTPUT = 4
    BATCH_FAILURES = 5
    BUDGET = 6
    RECORDINGS = 7
    INTERRUPTED = 130


class SummariserError(Exception):
    """Base of all errors raised on purpose; its text is one sentence that names the cure."""

    exit_code: ClassVar[Exit] = Exit.USAGE


class InputError(SummariserError):
    """The source cannot be read, or holds nothing that could be summarised."""


class ConfigurationError(SummariserError):
    """A setting, prompt or model name is wrong, or something that it needs is not installed."""


class StoreError(SummariserError):
    """The store cannot be read or written, is damaged, or was made by a newer version."""


class RecordingsError(SummariserError):
    """A recorded answer that an eval needs is missing or was edited, or one is left over.

    `unrecorded` is the case that has no recording at all of what is asked, where that is so.
    """

    exit_code = Exit.RECORDINGS

    def __init__(self, message: str, *, unrecorded: str | None = None) -> None:
        super().__init__(message)
        self.unrecorded = unrecorded


class WeightsError(SummariserError):
    """The embedded model's weights cannot be had, stored or loaded."""

    exit_code = Exit.PROVIDER


class ClusterError(SummariserError):
    """A cluster could not do the work that it was given."""

    exit_code = Exit.PROVIDER


class ModelError(SummariserError):
    """One call to a model did not give a usable answer."""

    exit_code = Exit.PROVIDER


class ProviderError(ModelError):
    """The provider answered with an error, or did not answer; `status` is the HTTP status, if any."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class RefusedError(ModelError):
    """The model, or a content filter in front of it, declined to answer."""


class OutputError(ModelError):
    """The model answered, but not with anything that fits the schema."""

    exit_code = Exit.OUTPUT


class TruncatedError(OutputError):
    """The answer was cut off at the output limit, even after the limit was raised, or (`endless`) repeated itself."""

    def __init__(self, message: str, *, endless: bool = False) -> None:
        super().__init__(message)
        self.endless = endless


class InvalidOutputError(OutputError):
    """The answer was empty, not JSON, or of the wrong shape, even after asking again."""
