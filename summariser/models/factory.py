"""Open a model by its name: choose the transport, find the key, say what is missing."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from summariser import events
from summariser.errors import ConfigurationError
from summariser.models.capabilities import Capabilities, Known
from summariser.models.classification import masked, short
from summariser.models.client import Model
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


def open_model(name: str, settings: Settings, *, listener: events.Listener = events.ignore) -> Model:
    """A Model to be asked. A local one is loaded here, its weights fetched first where need be.

    Raises ConfigurationError for a wrong name, a missing key or extra; WeightsError for the weights.
    """
    provider, model = resolve_model_name(name)
    if provider == "local":
        return _open_local(model, settings, listener)
    if provider == "openai":
        return _open_openai(name, settings)
    from summariser.models.providers.vendors import open_vendor

    return open_vendor(name, settings)


def _open_openai(name: str, settings: Settings) -> Model:
    from summariser.models.providers.openai import openai_transport

    client, known = _openai_client(name, settings), _known(settings)
    wording = _wording(client, settings)
    return Model(
        name=name,
        transport=openai_transport(client, wording, known=known),
        known=known,
        secrets=tuple(wording.secrets),
        retry_seconds=settings.retry_seconds,
        sampling=sampling_of(settings),
        **limits_of(name, settings)._asdict(),
        close=client.close,
    )


def open_in_batches(
    name: str, settings: Settings, find: "Find", *, listener: events.Listener = events.ignore
) -> "tuple[Model, BatchAPI]":
    """A Model whose answers come out of batches (`find` has those that are there), and the API that takes these.

    Raises ConfigurationError for a model that is not openai/…, a wrong name or a missing key.
    """
    from summariser.models.providers.openai import openai_transport
    from summariser.models.providers.openai_batch import PRICE, BatchAPI, BatchInbox

    if not name.startswith("openai/"):
        raise ConfigurationError(f"{name} takes no batches; choose a model openai/…, or leave out the argument engine.")
    client, known = _openai_client(name, settings), _known(settings)
    wording = _wording(client, settings)
    mailbox = BatchInbox(find)
    deferred = client.with_options(http_client=mailbox.client())
    model = Model(
        name=name,
        transport=openai_transport(deferred, wording, known=known),
        known=known,
        secrets=tuple(wording.secrets),
        retry_seconds=0,
        price=PRICE,
        sampling=sampling_of(settings),
        **limits_of(name, settings)._asdict(),
        close=client.close,
    )
    return model, BatchAPI(client, mailbox, wording, retry_seconds=settings.retry_seconds, listener=listener)


def _openai_client(name: str, settings: Settings) -> "openai.OpenAI":
    """The SDK's client for a key and an address that can be ones."""
    import httpx2
    import openai

    key = settings.api_key.get_secret_value().strip() if settings.api_key else None
    if not key and settings.base_url is None:
        raise ConfigurationError(
            f"No key for {name}: set OPENAI_API_KEY, give the address of your own server in OPENAI_BASE_URL, "
            f"or use the embedded model, {EMBEDDED} as the setting model."
        )
    if key and not (key.isascii() and key.isprintable()):
        raise ConfigurationError("The key holds characters that no key can hold; set OPENAI_API_KEY anew.")
    address = None if settings.base_url is None else Address.parse(settings.base_url)
    refuse_unusable_network()
    try:
        http = openai.DefaultHttpxClient(timeout=settings.timeout_seconds)
        http.max_redirects = _REDIRECTS
        http.event_hooks = {"request": [partial(_without_foreign_key, address)]}
        return openai.OpenAI(
            api_key=key or _NO_KEY,
            base_url=address.url if address else None,
            default_query=address.query if address else None,
            default_headers={_AZURES_KEY: key} if key and address and address.is_azure_deployment else None,
            max_retries=0,
            timeout=openai.Timeout(settings.timeout_seconds, connect=min(_CONNECT_SECONDS, settings.timeout_seconds)),
            http_client=http,
        )
    except (OSError, ValueError, ImportError, httpx2.InvalidURL) as error:  # for whatever else the client reads
        raise ConfigurationError(
            f"The HTTP client cannot be set up ({masked(short(str(error)), key)}); check the base URL and the "
            "environment variables for proxies and certificates."
        ) from None


def _without_foreign_key(address: Address | None, request: "httpx2.Request") -> None:
    """Take Azure's key out of a request that a redirect sends to another host."""
    if address is not None and request.url.host != address.host:
        request.headers.pop(_AZURES_KEY, None)


def _open_local(model: str, settings: Settings, listener: events.Listener) -> Model:
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
    client = openai.OpenAI(
        api_key=server.key,
        base_url=f"{server.address}/v1",
        max_retries=0,
        timeout=settings.local_timeout_seconds,
        http_client=openai.DefaultHttpxClient(trust_env=False),  # a proxy cannot reach this machine's loopback
    )
    known = _known(settings)
    return Model(
        name=f"local/{model}",
        known=known,
        transport=openai_transport(
            client,
            ErrorMessages("The embedded model", (server.key,), _OUT_OF_MEMORY),
            known=known,
            streaming=True,
        ),
        retry_seconds=settings.retry_seconds,
        sampling=sampling_of(settings),
        **limits_of(f"local/{model}", settings)._asdict(),
        close=_both(client.close, server.stop),
    )


def sampling_of(settings: Settings) -> dict[str, float | int | str]:
    """What is asked of the sampler: the temperature, and the seed and the reasoning effort where they are set."""
    optional = {"seed": settings.seed, "reasoning_effort": settings.reasoning_effort}
    return {"temperature": settings.temperature, **{name: v for name, v in optional.items() if v is not None}}


def _wording(client: "openai.OpenAI", settings: Settings) -> "ErrorMessages":
    from summariser.models.providers.openai import ErrorMessages

    secrets = () if settings.base_url is None else Address.parse(settings.base_url).secrets
    return ErrorMessages(_where(settings.base_url), (client.api_key, *secrets))


def _known(settings: Settings) -> Known:
    return Known(Capabilities(context_tokens=settings.context_tokens))


def _where(base_url: str | None) -> str:
    """The server's name for errors."""
    return "OpenAI" if base_url is None else f"The server at {Address.parse(base_url).shown}"


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def close() -> None:
        try:
            first()
        finally:
            second()

    return close
