"""Open a model by its name: choose the transport, find the API key, report what is missing."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, overload

from summariser import events
from summariser.errors import ConfigurationError
from summariser.models.capabilities import Capabilities, Known
from summariser.models.classification import masked, short
from summariser.models.client import Connection, Model
from summariser.models.exchange import Transport
from summariser.models.names import EMBEDDED, LOCAL_CONTEXT_TOKENS, limits_of, resolve_model_name
from summariser.models.providers.addresses import Address, refuse_unusable_network
from summariser.settings import Settings

if TYPE_CHECKING:
    import httpx2
    import openai

    from summariser.models.providers.openai import ErrorMessages
    from summariser.models.providers.openai_batch import BatchAPI, Find

_AZURE_KEY = "api-key"  # the header of Azure's API keys
_REDIRECTS = 5
_OUT_OF_MEMORY = "its process may have run out of memory: lower context_tokens and try again"
_NO_KEY = "local-servers-need-no-key"
_CONNECT_SECONDS = 10.0  # to connect, even if answers take much longer


def open_model(
    name: str, settings: Settings, *, listener: events.Listener = events.ignore, in_event_loop: bool = False
) -> Model:
    """Return a Model by its name. A local model is loaded at once, and its weights are downloaded if necessary.

    Args:
        name: The name of the model, as provider/name.
        settings: The settings.
        listener: Receives the events of downloading and loading.
        in_event_loop: True for a model that is used only in a running event loop. Loading a local model blocks the
            loop.

    Raises:
        ConfigurationError: The name is wrong, or an API key or an extra is missing.
        WeightsError: The weights cannot be downloaded, stored or loaded.
    """
    if not isinstance(name, str):
        raise ConfigurationError("The argument name is not a str; pass the model as provider/name.")
    if not isinstance(settings, Settings):
        raise ConfigurationError("The argument settings is not a Settings; pass what load_settings returns.")
    provider, model = resolve_model_name(name)
    if provider == "local":
        return _open_local(model, settings, listener, in_event_loop=in_event_loop)
    if provider == "openai":
        return _open_openai(name, settings, in_event_loop=in_event_loop)
    from summariser.models.providers.vendors import connector

    connect, known = connector(name, settings)
    return Model.over(connect, in_event_loop=in_event_loop, known=known, **_of_settings(name, settings))


def model_over(name: str, settings: Settings, transport: Transport) -> Model:
    """Return a Model by name and settings with a given transport; it needs no API key and opens no connection.

    Raises:
        ConfigurationError: The name is wrong.
    """
    return Model(transport=transport, **_of_settings(name, settings))


def _open_openai(name: str, settings: Settings, *, in_event_loop: bool) -> Model:
    from summariser.models.providers.openai import openai_transport

    known, wording = _known(settings), _error_messages(name, settings)

    def connect(in_event_loop: bool) -> Connection:
        client = _openai_client(name, settings, in_event_loop=in_event_loop)
        return Connection(openai_transport(client, wording, known=known), client.close)

    secrets = tuple(wording.secrets)
    return Model.over(
        connect, in_event_loop=in_event_loop, known=known, secrets=secrets, **_of_settings(name, settings)
    )


def _of_settings(name: str, settings: Settings) -> dict[str, Any]:
    """Return the fields of a Model that depend on its name and the settings."""
    provider, _ = resolve_model_name(name)
    sampling = sampling_of(settings)
    if provider not in ("openai", "local"):
        from summariser.models.providers.vendors import taken_by_vendor

        sampling = taken_by_vendor(provider, sampling)
    limits = limits_of(name, settings)._asdict()
    return {"name": name, "retry_seconds": settings.retry_seconds, "sampling": sampling, **limits}


def open_in_batches(
    name: str, settings: Settings, find: "Find", *, listener: events.Listener = events.ignore
) -> "tuple[Model, BatchAPI]":
    """Return a Model whose answers come from batches, and the API to submit the batches to.

    Args:
        name: The name of the model, as openai/name.
        settings: The settings.
        find: Returns the reply to a request, or None if it has not arrived.
        listener: Receives the events of the API.

    Raises:
        ConfigurationError: The name is wrong, the model does not support batches, or the API key is missing.
    """
    from summariser.models.providers.openai import openai_transport
    from summariser.models.providers.openai_batch import PRICE, BatchAPI, BatchInbox

    if not name.startswith("openai/"):
        raise ConfigurationError(
            f"{name} does not support batches; choose a model openai/…, or leave out the argument engine."
        )
    client = _openai_client(name, settings)
    known, wording = _known(settings), _error_messages(name, settings)
    inbox = BatchInbox(find)
    deferred = client.with_options(http_client=inbox.client())
    model = Model(
        transport=openai_transport(deferred, wording, known=known),
        close=client.close,
        known=known,
        secrets=tuple(wording.secrets),
        price=PRICE,
        **{**_of_settings(name, settings), "retry_seconds": 0.0},
    )
    return model, BatchAPI(client, inbox, wording, retry_seconds=settings.retry_seconds, listener=listener)


def _key(name: str, settings: Settings) -> str:
    """Return the API key to send; raise ConfigurationError if it is missing or has characters that are not allowed."""
    key = settings.api_key.get_secret_value().strip() if settings.api_key else None
    if not key and settings.base_url is None:
        raise ConfigurationError(
            f"No key for {name}: set OPENAI_API_KEY, give the address of your own server in OPENAI_BASE_URL, "
            f"or use the embedded model, {EMBEDDED} as the setting model."
        )
    if key and not (key.isascii() and key.isprintable()):
        raise ConfigurationError("The key contains characters that no key can contain; correct OPENAI_API_KEY.")
    return key or _NO_KEY


@overload
def _openai_client(name: str, settings: Settings) -> "openai.OpenAI": ...


@overload
def _openai_client(name: str, settings: Settings, *, in_event_loop: bool) -> "openai.OpenAI | openai.AsyncOpenAI": ...


def _openai_client(
    name: str, settings: Settings, *, in_event_loop: bool = False
) -> "openai.OpenAI | openai.AsyncOpenAI":
    """Return the client of the SDK; raise ConfigurationError if its key, address or network settings are wrong."""
    import httpx2
    import openai

    key = _key(name, settings)
    address = None if settings.base_url is None else Address.parse(settings.base_url)
    refuse_unusable_network()
    azure = address is not None and address.is_azure_deployment and key != _NO_KEY
    options: Any = {
        "api_key": key,
        "base_url": address.url if address else None,
        "default_query": address.query if address else None,
        "default_headers": {_AZURE_KEY: key} if azure else None,
        "max_retries": 0,
        "timeout": openai.Timeout(settings.timeout_seconds, connect=min(_CONNECT_SECONDS, settings.timeout_seconds)),
    }

    def before(request: "httpx2.Request") -> None:
        _without_foreign_key(address, request)

    async def before_in_event_loop(request: "httpx2.Request") -> None:
        _without_foreign_key(address, request)

    try:
        if in_event_loop:
            hooks: Any = {"request": [before_in_event_loop]}
            waiting = openai.DefaultAsyncHttpxClient(max_redirects=_REDIRECTS, event_hooks=hooks)
            return _without_thread(openai.AsyncOpenAI(http_client=waiting, **options))
        blocking = openai.DefaultHttpxClient(max_redirects=_REDIRECTS, event_hooks={"request": [before]})
        return openai.OpenAI(http_client=blocking, **options)
    except (OSError, ValueError, ImportError, httpx2.InvalidURL) as error:  # other environment variables of the client
        raise ConfigurationError(
            f"The HTTP client cannot be set up ({masked(short(str(error)), key)}); check the base URL and the "
            "environment variables for proxies and certificates."
        ) from None


def _without_thread(client: "openai.AsyncOpenAI") -> "openai.AsyncOpenAI":
    """Return the client, prevented from starting a thread that detects the platform for a header."""
    client._platform = "Unknown"
    return client


def _without_foreign_key(address: Address | None, request: "httpx2.Request") -> None:
    """Remove Azure's key from a request that a redirect sends to another host."""
    if address is not None and request.url.host != address.host:
        request.headers.pop(_AZURE_KEY, None)


def _open_local(model: str, settings: Settings, listener: events.Listener, *, in_event_loop: bool) -> Model:
    import openai

    from summariser.models.local.server import LocalServer
    from summariser.models.local.weights import find_weights
    from summariser.models.providers.openai import ErrorMessages, openai_transport

    LocalServer.require_runtime()
    weights = find_weights(model, settings, listener=listener)
    server = LocalServer.start(
        weights,
        alias=model if f"local/{model}" == EMBEDDED else weights.name,
        context_tokens=settings.context_tokens or LOCAL_CONTEXT_TOKENS,
        threads=settings.threads,
        listener=listener,
    )
    known, wording = _known(settings), ErrorMessages("The embedded model", (server.key,), _OUT_OF_MEMORY)
    options: Any = {
        "api_key": server.key,
        "base_url": f"{server.address}/v1",
        "max_retries": 0,
        "timeout": settings.local_timeout_seconds,
    }

    def connect(in_event_loop: bool) -> Connection:  # without a proxy, for the server is on loopback
        client = (
            _without_thread(openai.AsyncOpenAI(http_client=openai.DefaultAsyncHttpxClient(trust_env=False), **options))
            if in_event_loop
            else openai.OpenAI(http_client=openai.DefaultHttpxClient(trust_env=False), **options)
        )
        return Connection(openai_transport(client, wording, known=known, streaming=True), client.close)

    opened = Model.over(connect, in_event_loop=in_event_loop, known=known, **_of_settings(f"local/{model}", settings))
    disconnect = opened.close

    def close() -> Awaitable[None] | None:
        server.stop()
        return disconnect()

    return opened.changed(close=close)


def sampling_of(settings: Settings) -> dict[str, float | int | str]:
    """Return the sampling parameters: the temperature, and seed and reasoning effort if they are set."""
    optional = {"seed": settings.seed, "reasoning_effort": settings.reasoning_effort}
    return {"temperature": settings.temperature, **{name: v for name, v in optional.items() if v is not None}}


def _error_messages(name: str, settings: Settings) -> "ErrorMessages":
    from summariser.models.providers.openai import ErrorMessages

    key = _key(name, settings)
    secrets = () if settings.base_url is None else Address.parse(settings.base_url).secrets
    return ErrorMessages(_where(settings.base_url), (key, *secrets))


def _known(settings: Settings) -> Known:
    return Known(Capabilities(context_tokens=settings.context_tokens))


def _where(base_url: str | None) -> str:
    """Return the name of the server for messages."""
    return "OpenAI" if base_url is None else f"The server at {Address.parse(base_url).shown}"
