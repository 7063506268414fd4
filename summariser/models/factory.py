"""Open a model by its name: choose the transport, find the key, say what is missing."""

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

_AZURES_KEY = "api-key"  # the header in which Azure takes a key
_REDIRECTS = 5
_OUT_OF_MEMORY = "its process may have run out of memory: lower context_tokens and try again"
_NO_KEY = "local-servers-need-no-key"
_CONNECT_SECONDS = 10.0  # a server that is there is reached in that time, however long its answers take


def open_model(
    name: str, settings: Settings, *, listener: events.Listener = events.ignore, in_event_loop: bool = False
) -> Model:
    """Return a Model to be asked. A local one is loaded here, its weights fetched first where need be.

    With `in_event_loop` it is one for a running event loop alone; what waits meanwhile is the opening of a local one.

    Raises ConfigurationError for a wrong name, a missing key or extra; WeightsError for the weights.
    """
    provider, model = resolve_model_name(name)
    if provider == "local":
        return _open_local(model, settings, listener, in_event_loop=in_event_loop)
    if provider == "openai":
        return _open_openai(name, settings, in_event_loop=in_event_loop)
    from summariser.models.providers.vendors import connector

    connect, known = connector(name, settings)
    return Model.over(connect, in_event_loop=in_event_loop, known=known, **_of_settings(name, settings))


def model_over(name: str, settings: Settings, transport: Transport) -> Model:
    """Return the Model that settings describe, over another transport: nothing is opened, no key is needed.

    Raises ConfigurationError for a wrong name.
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
    """Return the fields of a Model that its name and settings decide."""
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
    """Return a Model whose answers come out of batches (`find` has those that are there), and the API that takes these.

    Raises ConfigurationError for a model that is not openai/…, a wrong name or a missing key.
    """
    from summariser.models.providers.openai import openai_transport
    from summariser.models.providers.openai_batch import PRICE, BatchAPI, BatchInbox

    if not name.startswith("openai/"):
        raise ConfigurationError(f"{name} takes no batches; choose a model openai/…, or leave out the argument engine.")
    client = _openai_client(name, settings)
    known, wording = _known(settings), _error_messages(name, settings)
    mailbox = BatchInbox(find)
    deferred = client.with_options(http_client=mailbox.client())
    model = Model(
        transport=openai_transport(deferred, wording, known=known),
        close=client.close,
        known=known,
        secrets=tuple(wording.secrets),
        price=PRICE,
        **{**_of_settings(name, settings), "retry_seconds": 0.0},
    )
    return model, BatchAPI(client, mailbox, wording, retry_seconds=settings.retry_seconds, listener=listener)


def _key(name: str, settings: Settings) -> str:
    """Return the key to send. Raises ConfigurationError where there is none, or it cannot be one."""
    key = settings.api_key.get_secret_value().strip() if settings.api_key else None
    if not key and settings.base_url is None:
        raise ConfigurationError(
            f"No key for {name}: set OPENAI_API_KEY, give the address of your own server in OPENAI_BASE_URL, "
            f"or use the embedded model, {EMBEDDED} as the setting model."
        )
    if key and not (key.isascii() and key.isprintable()):
        raise ConfigurationError("The key holds characters that no key can hold; set OPENAI_API_KEY anew.")
    return key or _NO_KEY


@overload
def _openai_client(name: str, settings: Settings) -> "openai.OpenAI": ...


@overload
def _openai_client(name: str, settings: Settings, *, in_event_loop: bool) -> "openai.OpenAI | openai.AsyncOpenAI": ...


def _openai_client(
    name: str, settings: Settings, *, in_event_loop: bool = False
) -> "openai.OpenAI | openai.AsyncOpenAI":
    """Return the SDK's client for a key and an address that can be ones."""
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
        "default_headers": {_AZURES_KEY: key} if azure else None,
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
    except (OSError, ValueError, ImportError, httpx2.InvalidURL) as error:  # for whatever else the client reads
        raise ConfigurationError(
            f"The HTTP client cannot be set up ({masked(short(str(error)), key)}); check the base URL and the "
            "environment variables for proxies and certificates."
        ) from None


def _without_thread(client: "openai.AsyncOpenAI") -> "openai.AsyncOpenAI":
    """Keep the SDK from finding out the platform, for a header, in a thread that would stay."""
    client._platform = "Unknown"
    return client


def _without_foreign_key(address: Address | None, request: "httpx2.Request") -> None:
    """Take Azure's key out of a request that a redirect sends to another host."""
    if address is not None and request.url.host != address.host:
        request.headers.pop(_AZURES_KEY, None)


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

    def connect(in_event_loop: bool) -> Connection:  # past any proxy, which cannot reach this machine's loopback
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
    """Return what is asked of the sampler: the temperature; seed and reasoning effort where they are set."""
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
    """Return the server's name for errors."""
    return "OpenAI" if base_url is None else f"The server at {Address.parse(base_url).shown}"
