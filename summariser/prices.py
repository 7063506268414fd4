"""What tokens cost, by the vendors' published prices."""


def cost(model: str, input_tokens: int, cached_tokens: int, output_tokens: int) -> float | None:
    """US dollars for so many tokens of `provider/model`; 0 for a local model, None where no price is known."""
    provider, _, name = model.partition("/")
    if provider == "local":
        return 0.0
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=input_tokens, cache_read_tokens=cached_tokens, output_tokens=output_tokens)
    try:
        return round(float(calc_price(usage, model_ref=name, provider_id=provider).total_price), 6)
    except LookupError:
        return None
