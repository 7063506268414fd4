"""What tokens cost, by the vendors' published prices."""


def cost(model: str, input_tokens: int, cached_tokens: int, output_tokens: int, *, share: float = 1.0) -> float | None:
    """US dollars for so many tokens of `provider/model`; 0 for a local model, None where no price is known.

    `share` is how much of the published price is paid: 0.5 for what a provider does in batches.
    """
    provider, _, name = model.partition("/")
    if provider == "local":
        return 0.0
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=input_tokens, cache_read_tokens=cached_tokens, output_tokens=output_tokens)
    try:
        return round(share * float(calc_price(usage, model_ref=name, provider_id=provider).total_price), 6)
    except LookupError:
        return None
