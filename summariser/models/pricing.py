"""The cost of tokens by the vendors' published prices."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider


def cost(model: str, input_tokens: int, cached_tokens: int, output_tokens: int, *, share: float = 1.0) -> float | None:
    """Return the cost of tokens in US dollars; 0 for a local model, None if the price is unknown.

    Args:
        model: The name of the model, as provider/name.
        input_tokens: The input tokens, cached ones included.
        cached_tokens: The input tokens that came from the provider's cache.
        output_tokens: The output tokens.
        share: The share of the published price that is paid, such as 0.5 for batches.
    """
    vendor, _, name = model.partition("/")
    if vendor == "local":
        return 0.0
    from genai_prices import Usage

    if (found := _priced(vendor, name)) is None:
        return None
    provider, priced = found
    usage = Usage(input_tokens=input_tokens, cache_read_tokens=cached_tokens, output_tokens=output_tokens)
    return round(share * float(priced.calc_price(usage, provider).total_price), 6)


@lru_cache(maxsize=64)
def _priced(vendor: str, name: str) -> "tuple[Provider, ModelInfo] | None":
    """Return the provider and the model from the list of prices, or None; cached, because the search is slow."""
    from genai_prices.data_snapshot import get_snapshot

    try:
        return get_snapshot().find_provider_model(name, None, vendor, None)
    except LookupError:
        return None
