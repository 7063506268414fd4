"""What tokens cost, by the vendors' published prices."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider


def cost(model: str, input_tokens: int, cached_tokens: int, output_tokens: int, *, share: float = 1.0) -> float | None:
    """Return US dollars for so many tokens of `provider/model`; 0 for a local model, None where no price is known.

    `share` is how much of the published price is paid: 0.5 for what a provider does in batches.
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
    """Return the model in the list of prices, which takes long to find; None where it is not there."""
    from genai_prices.data_snapshot import get_snapshot

    try:
        return get_snapshot().find_provider_model(name, None, vendor, None)
    except LookupError:
        return None
