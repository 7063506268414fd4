"""Open a model by its name: choose the transport, find the key, say what is missing."""

from collections.abc import Callable

from summariser import events
from summariser.errors import ConfigurationError
from summariser.models.door import Model
from summariser.models.naming import EMBEDDED, resolve_model_name
from summariser.settings import Settings

_NO_KEY = "local-servers-need-no-key"


def open_model(name: str, settings: Settings, *, listener: events.Listener = events.ignore) -> Model:
    """A Model to be asked. A local one is loaded here, its weights fetched first where need be.

    Raises ConfigurationError for a wrong name, a missing key or extra; WeightsError for the weights.
    """
    provider, model = resolve_model_name(name)
    if provider == "local":
        return _open_local(model, settings, listener)
    if provider == "openai":
        return _open_openai(name, settings)
    from summariser.models.vendors import open_vendor

    return open_vendor(name, settings)


def _open_openai(name: str, settings: Settings) -> Model:
    import openai

    from summariser.models.openai_api import openai_transport

    key = settings.api_key.get_secret_value() if settings.api_key else None
    if key is None and settings.base_url is None:
        raise ConfigurationError(
            f"No key for {name}: set OPENAI_API_KEY, give the address of your own server in OPENAI_BASE_URL, "
            f"or use the embedded model with --model {EMBEDDED}."
        )
    try:
        client = openai.OpenAI(
            api_key=key or _NO_KEY, base_url=settings.base_url, max_retries=0, timeout=settings.timeout_seconds
        )
    except Exception as error:  # the SDK raises whatever its URL parser does
        raise ConfigurationError(f"The base URL {settings.base_url!r} is wrong: {error}.") from None
    return Model(
        name=name,
        transport=openai_transport(client, where=_where(settings.base_url)),
        retry_seconds=settings.retry_seconds,
        sampling=_sampling(settings),
        close=client.close,
    )


def _open_local(model: str, settings: Settings, listener: events.Listener) -> Model:
    import openai

    from summariser.models.local import LocalServer
    from summariser.models.openai_api import openai_transport
    from summariser.models.weights import find_weights

    LocalServer.require_runtime()
    weights = find_weights(model, settings, listener=listener)
    server = LocalServer.start(
        weights,
        alias=model if f"local/{model}" == EMBEDDED else weights.name,
        context_tokens=settings.context_tokens,
        threads=settings.threads,
        listener=listener,
    )
    client = openai.OpenAI(
        api_key=server.key, base_url=f"{server.address}/v1", max_retries=0, timeout=settings.local_timeout_seconds
    )
    return Model(
        name=f"local/{model}",
        transport=openai_transport(client, where="The embedded model", streaming=True),
        retry_seconds=settings.retry_seconds,
        sampling=_sampling(settings),
        context_tokens=settings.context_tokens,
        close=_both(client.close, server.stop),
    )


def _sampling(settings: Settings) -> dict[str, float | int]:
    seed = {} if settings.seed is None else {"seed": settings.seed}
    return {"temperature": settings.temperature, **seed}


def _where(base_url: str | None) -> str:
    """The server's name for errors, without any credentials in its address."""
    if base_url is None:
        return "OpenAI"
    return f"The server at {base_url.partition('://')[2].rpartition('@')[2] or base_url}"


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def close() -> None:
        try:
            first()
        finally:
            second()

    return close
