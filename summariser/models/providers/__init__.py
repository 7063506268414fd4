"""The transports to providers: OpenAI and compatible servers, its Batch API, other vendors."""
