"""Usage: what a question has cost, and how each vendor reports it."""

from dataclasses import dataclass

_MOST_TOKENS = 10**9  # of one answer; servers that count otherwise are not believed


@dataclass(kw_only=True)
class Usage:
    """What a question has cost so far, failed attempts included; tokens as the provider counts them."""

    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0

    def add(self, other: "Usage") -> None:
        """Count another question's cost in."""
        self.requests += other.requests
        self.input_tokens += other.input_tokens
        self.cached_tokens += other.cached_tokens
        self.output_tokens += other.output_tokens
        self.seconds += other.seconds


def count_tokens(reported: object, usage: Usage) -> None:
    """Add what the provider says it read, found in its cache, and wrote; each vendor has its own words for it."""
    details = getattr(reported, "prompt_tokens_details", None)
    found = _count(details, "cached_tokens") or _count(
        reported, "cached_content_token_count", "cached_prompt_text_tokens"
    )
    # Anthropic counts what it has to do with its cache apart from the other input, the others within it.
    apart = _count(reported, "cache_read_input_tokens")
    usage.input_tokens += _count(reported, "prompt_tokens", "input_tokens", "prompt_token_count")
    usage.input_tokens += apart + _count(reported, "cache_creation_input_tokens")
    usage.output_tokens += _count(reported, "completion_tokens", "output_tokens", "candidates_token_count")
    usage.cached_tokens += found + apart


def _count(holder: object, *names: str) -> int:
    values = (getattr(holder, name, None) for name in names)
    found = next((value for value in values if isinstance(value, int | float) and value == value), 0)  # noqa: PLR0124  # not NaN
    return int(min(max(found, 0), _MOST_TOKENS))
