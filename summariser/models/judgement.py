"""What an answer or an error of a provider means, decided in one place."""

from typing import TYPE_CHECKING

from openai.types.chat import ChatCompletion

from summariser.errors import InvalidOutputError, ProviderError, RefusedError, TruncatedError

if TYPE_CHECKING:
    from summariser.models.door import Spent

TRANSIENT_STATUSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


class TransientError(ProviderError):
    """An error that may be gone in a moment; `retry_after` is the wait the server asks for, in seconds."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, status=status)
        self.retry_after = retry_after


def is_transient(error: BaseException) -> bool:
    """Whether trying the same again can help."""
    return isinstance(error, TransientError)


def judge(completion: ChatCompletion) -> ChatCompletion:
    """The completion, if there is an answer in it to be parsed.

    Raises RefusedError, TruncatedError or InvalidOutputError: none of them is cured by asking the same again.
    """
    if not isinstance(completion, ChatCompletion) or not completion.choices:
        raise InvalidOutputError("The model's answer held no choices; try again, or try another model.")
    choice = completion.choices[0]
    if choice.message is None:
        raise InvalidOutputError("The model's answer held no message; try again, or try another model.")
    if choice.message.refusal:
        raise RefusedError(f"The model refused to answer: {_short(choice.message.refusal)}")
    if choice.finish_reason == "content_filter":
        raise RefusedError("The provider's content filter withheld the answer; try another model.")
    if choice.finish_reason == "length":
        raise TruncatedError("The model's answer was cut off at its limit; try a shorter text or another model.")
    if not (choice.message.content or "").strip():
        raise InvalidOutputError("The model's answer was empty; try again, or try another model.")
    choice.message.content = _without_fence(choice.message.content or "")
    return completion


def count_tokens(usage: object, spent: "Spent") -> None:
    """Add what the provider says it read, found in its cache, and wrote; each vendor has its own words for it."""
    details = getattr(usage, "prompt_tokens_details", None)
    spent.input_tokens += _count(usage, "prompt_tokens", "input_tokens")
    spent.output_tokens += _count(usage, "completion_tokens", "output_tokens")
    spent.cached_tokens += _count(details, "cached_tokens") or _count(usage, "cache_read_input_tokens")


def _count(holder: object, *names: str) -> int:
    return next((value for name in names if isinstance(value := getattr(holder, name, None), int)), 0)


def _without_fence(text: str) -> str:
    """The JSON inside a Markdown code fence, where a server without constrained decoding put one."""
    stripped = text.strip()
    if stripped.startswith("```") and stripped.endswith("```") and "\n" in stripped:
        return stripped[stripped.index("\n") + 1 : -3].strip()
    return text


def _short(text: str, limit: int = 200) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
