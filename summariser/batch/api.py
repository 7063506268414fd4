"""What the calls for many documents share: their arguments checked, their sources as Items, and the engine to run."""

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


def engine_for(  # noqa: PLR0913  # what the engines know it by
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
    """Return the engine of that name for a batch. Raises ConfigurationError where it has no use for what is given."""
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
        raise ConfigurationError("Only the engine ray has workers; leave their number out.")
    if name == "local":
        return Batch(**common, **rates)
    if name == "ray":
        from summariser.batch.ray import ClusterBatch

        return ClusterBatch(**common, **rates, workers=workers, listener=listener)
    for rate, value in rates.items():
        if value is not None:
            raise ConfigurationError(f"The provider decides on the {rate.replace('_', ' ')} of a batch; leave it out.")
    from summariser.batch.provider import ProviderBatch  # which imports the SDK

    return ProviderBatch(**common, poll_seconds=session.settings.poll_seconds, listener=listener)


def items_of(sources: Iterable[Source], *, published: date | None = None) -> Iterator[Item]:
    """Yield sources as Items."""
    return (_item(number, source, published) for number, source in enumerate(sources))


async def items_of_stream(sources: AsyncIterable[Source], *, published: date | None = None) -> AsyncIterator[Item]:
    """Yield the same of sources that come asynchronously."""
    number = 0
    async for source in sources:
        yield _item(number, source, published)
        number += 1


def _item(number: int, source: Source, published: date | None) -> Item:
    """Return the source as an Item; a source that is none is the Item's error."""
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
    """Raise InputError for what is no iterable of sources, of one of those kinds."""
    if isinstance(sources, str | bytes | Path | Document) or not isinstance(sources, kinds):
        raise InputError(
            f"The argument sources is of the type {type(sources).__name__}; "
            "pass a list, or another iterable, of texts as str, files as Path, or Documents."
        )


def require_one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    """Raise ConfigurationError for an argument that is none of the known ones."""
    if value not in known:
        raise ConfigurationError(f"The argument {name} is {value!r}; choose one of {', '.join(known)}.")


def require_number(name: str, value: object, kinds: type | tuple[type, ...], *, least: float) -> None:
    """Raise ConfigurationError for an argument that is no number of those kinds, or too small; None is one."""
    if value is None or (isinstance(value, kinds) and not isinstance(value, bool) and value >= least):  # type: ignore[operator]  # a number
        return
    whole = "a whole number" if kinds is int else "a number"
    raise ConfigurationError(f"The argument {name} is {value!r}; give {whole} of {least} or more.")
