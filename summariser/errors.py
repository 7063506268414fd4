"""The errors of this package, and the exit codes of the command line.

SummariserError                 2
├── InputError                  2   the source cannot be read or is not fit to be summarised
├── ConfigurationError          2   settings, prompt, model name, missing key or extra
├── StoreError                  2   the store cannot be read or written, or is damaged
├── BudgetError                 6   a budget was reached before a document was done
├── ListenerError               2   a listener of the caller raised an exception
├── ClusterError                3   a Ray cluster could not do the work
├── RecordingsError             7   an eval's recorded answers are missing, stale, edited or left over
├── WeightsError                3   the embedded model's weights cannot be downloaded, stored or loaded
├── KnownFailureError           2   a document of a batch failed before
├── LostError                   2   the workers that had a document of a batch were lost
├── InternalError               2   a document of a batch met a bug of the program
└── ModelError                  3   one call to a model failed
    ├── ProviderError           3   the provider answered with an error, or not at all
    │   ├── TransientError      3   an error that may pass; the same call may succeed later
    │   └── ContextLengthError  3   the request is longer than the model's context
    ├── RefusedError            3   the model or its filter declined to answer
    ├── IncompleteError         3   some calls of a document failed, so its summary is partial
    └── OutputError             4   the model answered, but not usably
        ├── TruncatedError      4   the answer was cut off at the output limit
        └── InvalidOutputError  4   not JSON, of the wrong shape, or empty
"""

from enum import IntEnum
from functools import partial
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
    """The source cannot be read, or contains no text to summarise."""


class ConfigurationError(SummariserError):
    """A setting, prompt or model name is wrong, or something that it needs is not installed."""


class StoreError(SummariserError):
    """The store cannot be read or written, is damaged, or was made by a newer version."""


class RecordingsError(SummariserError):
    """A recorded answer that an eval needs is missing or was edited, or a recording is unused.

    Attributes:
        unrecorded: The name of the case, if the case has no recording at all for the model and the prompt; else None.
    """

    exit_code = Exit.RECORDINGS

    def __init__(self, message: str, *, unrecorded: str | None = None) -> None:
        super().__init__(message)
        self.unrecorded = unrecorded


class WeightsError(SummariserError):
    """The embedded model's weights cannot be downloaded, stored or loaded."""

    exit_code = Exit.PROVIDER


class BudgetError(SummariserError):
    """A budget was reached before a document was done."""

    exit_code = Exit.BUDGET


class ClusterError(SummariserError):
    """A Ray cluster could not do its work."""

    exit_code = Exit.PROVIDER


class ListenerError(SummariserError):
    """The caller's listener raised an exception, which is the `__cause__`."""


class KnownFailureError(SummariserError):
    """The same document failed in an earlier run.

    Attributes:
        code: The name of the error class of that failure.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        """Return what pickle needs to make the error again."""
        return partial(type(self), code=self.code), (str(self),)


class LostError(SummariserError):
    """Every worker that processed a document of a batch was lost."""


class InternalError(SummariserError):
    """A document of a batch failed because of a bug in this package; the other documents continue."""


class ModelError(SummariserError):
    """One call to a model gave no usable answer.

    Attributes:
        status: The HTTP status, or None.
        retryable: True if the same call may succeed later.
        retry_after: The seconds that the server asks the client to wait, or None.
    """

    exit_code = Exit.PROVIDER
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class ProviderError(ModelError):
    """The provider answered with an error, or did not answer."""


class TransientError(ProviderError):
    """The provider failed in a way that may pass; try the same call again, after `retry_after` seconds if it is set."""

    retryable = True


class ContextLengthError(ProviderError):
    """The request is longer than the model's context.

    Attributes:
        context_tokens: The size of the model's context in tokens, if the server reports it; else None.
    """

    def __init__(self, message: str, *, status: int | None = None, context_tokens: int | None = None) -> None:
        super().__init__(message, status=status)
        self.context_tokens = context_tokens


class IncompleteError(ModelError):
    """Some calls of a document failed; its Summary has the results of the other calls.

    Attributes:
        by_provider: True if the provider may have caused the failure, rather than the document.
    """

    def __init__(self, message: str, *, by_provider: bool = False) -> None:
        super().__init__(message)
        self.by_provider = by_provider


class RefusedError(ModelError):
    """The model, or a content filter in front of it, declined to answer."""


class OutputError(ModelError):
    """The model answered, but the answer does not fit the schema."""

    exit_code = Exit.OUTPUT


class TruncatedError(OutputError):
    """The answer was cut off at the output limit, also after the limit was raised, if it could be.

    Attributes:
        endless: True if the answer was cut off because it repeated itself.
    """

    def __init__(self, message: str, *, endless: bool = False) -> None:
        super().__init__(message)
        self.endless = endless


class InvalidOutputError(OutputError):
    """The answer was empty, not JSON, or of the wrong shape, even after asking again."""


def code_of(error: SummariserError) -> str:
    """Return the name of an error's class, or of its nearest base class in this module.

    For a KnownFailureError, return the name of the error class of the earlier failure.
    """
    if isinstance(error, KnownFailureError):
        return error.code
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == __name__)
