"""Usage: the tokens and requests of a question, read from the reports of each vendor."""

from dataclasses import dataclass

_MOST_TOKENS = 10**9  # of one answer; larger counts are wrong


@dataclass(kw_only=True)
class Usage:
    """The usage of a question so far.

    Attributes:
        requests: The number of requests, failed ones included.
        input_tokens: Input tokens by the provider's count, cached ones included for most providers.
        cached_tokens: Input tokens that came from the provider's cache.
        output_tokens: Output tokens by the provider's count.
        seconds: The time taken.
    """

    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0

    def add(self, other: "Usage") -> None:
        """Add the usage of another question to this one."""
        self.requests += other.requests
        self.input_tokens += other.input_tokens
        self.cached_tokens += other.cached_tokens
        self.output_tokens += other.output_tokens
        self.seconds += other.seconds


def count_tokens(reported: object, usage: Usage) -> None:
    """Add the input, cached and output tokens of a provider's report to `usage`; each vendor names them differently."""
    details = getattr(reported, "prompt_tokens_details", None)
    found = _count(details, "cached_tokens") or _count(
        reported, "cached_content_token_count", "cached_prompt_text_tokens"
    )
    # Anthropic does not include cached tokens in its count of input tokens; the other vendors do.
    apart = _count(reported, "cache_read_input_tokens")
    usage.input_tokens += _count(reported, "prompt_tokens", "input_tokens", "prompt_token_count")
    usage.input_tokens += apart + _count(reported, "cache_creation_input_tokens")
    usage.output_tokens += _count(reported, "completion_tokens", "output_tokens", "candidates_token_count")
    usage.cached_tokens += found + apart


def _count(holder: object, *names: str) -> int:
    values = (getattr(holder, name, None) for name in names)
    found = next((value for value in values if isinstance(value, int | float) and value == value), 0)  # noqa: PLR0124  # not NaN
    return int(min(max(found, 0), _MOST_TOKENS))
