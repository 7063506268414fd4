"""Check the arguments of a call for many documents, turn its sources into Items and choose the engine."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

from summariser import events
from summariser.batch.budget import Budget
from summariser.batch.engine import Engine
from summariser.batch.local import Batch
from summariser.batch.results import Order
from summariser.batch.sources import Item
from summariser.documents import Document, require_source
from summariser.errors import ConfigurationError, InputError
from summariser.pipeline import Session, Source

EngineName = Literal["local", "openai-batch", "ray"]


def engine_for(  # noqa: PLR0913  # the options of all engines
    name: EngineName,
    *,
    items: Iterable[Item] | AsyncIterable[Item],
    session: Session,
    budget: Budget,
    order: Order = "completion",
    retry_failed: bool = False,
    limit: int | None = None,
    concurrency: int | None = None,
    requests_per_minute: float | None = None,
    tokens_per_minute: float | None = None,
    workers: int | None = None,
    listener: events.Listener = events.ignore,
) -> Engine:
    """Return the engine with that name for a batch.

    Args:
        name: The engine.
        items: The documents.
        session: The model, prompt and store.
        budget: The limits on cost and tokens.
        order: The order of the results.
        retry_failed: True to summarise documents again that failed in an earlier run.
        limit: The maximum number of documents.
        concurrency: The maximum number of documents in progress.
        requests_per_minute: The maximum number of requests per minute.
        tokens_per_minute: The maximum number of tokens per minute, input plus output.
        workers: The number of workers on the Ray cluster.
        listener: Receives the events of the engine.

    Raises:
        ConfigurationError: The engine does not support one of the arguments.
    """
    common: dict[str, Any] = {
        "items": items,
        "session": session,
        "budget": budget,
        "order": order,
        "retry_failed": retry_failed,
        "limit": limit,
    }
    rates: dict[str, Any] = {
        "concurrency": concurrency,
        "requests_per_minute": requests_per_minute,
        "tokens_per_minute": tokens_per_minute,
    }
    if workers is not None and name != "ray":
        raise ConfigurationError("Only the engine ray has workers; leave the argument workers out.")
    if name == "local":
        return Batch(**common, **rates)
    if name == "ray":
        from summariser.batch.ray import ClusterBatch

        return ClusterBatch(**common, **rates, workers=workers, listener=listener)
    for rate, value in rates.items():
        if value is not None:
            raise ConfigurationError(f"The engine openai-batch does not support the argument {rate}; leave it out.")
    from summariser.batch.provider import ProviderBatch  # imports the SDK

    return ProviderBatch(**common, poll_seconds=session.settings.poll_seconds, listener=listener)


def items_of(sources: Iterable[Source], *, published: date | None = None) -> Iterator[Item]:
    """Yield sources as Items."""
    return (_item(number, source, published) for number, source in enumerate(sources))


async def items_of_stream(sources: AsyncIterable[Source], *, published: date | None = None) -> AsyncIterator[Item]:
    """Yield the sources of an asynchronous iterable as Items."""
    number = 0
    async for source in sources:
        yield _item(number, source, published)
        number += 1


def _item(number: int, source: Source, published: date | None) -> Item:
    """Return the source as an Item; an invalid source becomes an Item with an error."""
    try:
        require_source(source)
    except InputError as error:
        return Item(id=str(number), error=error)
    if isinstance(source, Path):
        return Item(id=str(source), path=source, published=published)
    if isinstance(source, Document):
        return Item(id=source.source, source=source.source, ready=source)
    return Item(id=str(number), text=source, source="text", published=published)


# ── arguments ────────────────────────────────────────────────────────────────────────────────────


def require_sources(sources: object, *kinds: type) -> None:
    """Raise InputError if the argument is not an iterable of sources or not of one of these types."""
    if isinstance(sources, str | bytes | Path | Document) or not isinstance(sources, kinds):
        raise InputError(
            f"The argument sources is of the type {type(sources).__name__}; "
            "pass a list, or another iterable, of texts as str, files as Path, or Documents."
        )


def require_one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    """Raise ConfigurationError if the value of an argument is not one of the known values."""
    if value not in known:
        raise ConfigurationError(f"The argument {name} is {value!r}; choose one of {', '.join(known)}.")


def require_number(name: str, value: object, kinds: type | tuple[type, ...], *, least: float) -> None:
    """Raise ConfigurationError if an argument is neither None nor a number of these types that is at least `least`."""
    if value is None or (isinstance(value, kinds) and not isinstance(value, bool) and value >= least):  # type: ignore[operator]  # a number
        return
    whole = "a whole number" if kinds is int else "a number"
    raise ConfigurationError(f"The argument {name} is {value!r}; give {whole} of {least} or more.")
