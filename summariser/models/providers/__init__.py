"""The transports to providers: OpenAI and servers that speak its API, its Batch API, other vendors."""
