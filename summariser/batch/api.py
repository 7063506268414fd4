"""summarise_many, and the engines that it may run on."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args

from summariser import events
from summariser.batch.budget import Budget
from summariser.batch.engine import Engine
from summariser.batch.provider import ProviderBatch
from summariser.batch.ray import ClusterBatch
from summariser.batch.results import Order, Result
from summariser.batch.sources import Item
from summariser.batch.threads import Batch
from summariser.documents.document import Document
from summariser.documents.readers import require_source
from summariser.errors import ConfigurationError, InputError
from summariser.models.client import Model
from summariser.pipeline import Session, Source
from summariser.settings import Settings, given_or_loaded

EngineName = Literal["local", "openai-batch", "ray"]


def summarise_many(  # noqa: PLR0913  # what users of the function know it by
    sources: Iterable[Source],
    *,
    model: "str | Model | None" = None,
    prompt: str | None = None,
    concurrency: int | None = None,
    max_cost: float | None = None,
    max_tokens: int | None = None,
    order: Order = "completion",
    engine: EngineName = "local",
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> Iterator[Result]:
    """Summarise many sources at once: Paths (files), strings (texts) or Documents, taken as they are wanted.

    Yields a Result for each as it is done (or in their order); a failure is a value, not an exception. `max_cost` is in
    US dollars, `max_tokens` counts those read and written; no document is begun once a limit is reached. With a `store`
    in the settings nothing is made that was made before. `concurrency` is 16 unless given, for local models 1. `engine`
    says where the work is done: here, by the provider's own Batch API, or on a Ray cluster.

    Raises InputError or ConfigurationError at once for an argument that is wrong; from the iterator ConfigurationError,
    StoreError, WeightsError, or a ProviderError that would meet every source (a wrong key).
    """
    _require_sources(sources)
    _require_one_of("order", order, get_args(Order))
    _require_one_of("engine", engine, get_args(EngineName))
    _require_number("concurrency", concurrency, int, least=1)
    _require_number("max_cost", max_cost, (int, float), least=0)
    _require_number("max_tokens", max_tokens, int, least=0)
    session = Session(model=model, prompt=prompt, settings=given_or_loaded(settings), listener=listener)
    job = engine_for(
        engine,
        items=(_item(number, source) for number, source in enumerate(sources)),
        session=session,
        budget=Budget(session.name, max_cost, max_tokens),
        concurrency=concurrency,
        order=order,
        listener=listener,
    )
    return _run(job)


def _run(job: Engine) -> Iterator[Result]:
    with job.session:
        yield from job.run()


def _require_sources(sources: object) -> None:
    if isinstance(sources, str | bytes | Path | Document) or not isinstance(sources, Iterable):
        raise InputError(
            f"The argument sources is of the type {type(sources).__name__}; "
            "pass a list, or another iterable, of texts as str, files as Path, or Documents."
        )


def _require_one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ConfigurationError(f"The argument {name} is {value!r}; choose one of {', '.join(known)}.")


def _require_number(name: str, value: object, kinds: type | tuple[type, ...], *, least: int) -> None:
    if value is None or (isinstance(value, kinds) and not isinstance(value, bool) and value >= least):  # type: ignore[operator]  # a number
        return
    whole = "a whole number" if kinds is int else "a number"
    raise ConfigurationError(f"The argument {name} is {value!r}; give {whole} of {least} or more.")


def engine_for(  # noqa: PLR0913  # what the engines know it by
    name: EngineName,
    *,
    items: Iterable[Item],
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
    """The engine of that name for a batch. Raises ConfigurationError where it has no use for what is given."""
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
        return ClusterBatch(**common, **rates, workers=workers, listener=listener)
    for rate, value in rates.items():
        if value is not None:
            raise ConfigurationError(f"The provider decides on the {rate.replace('_', ' ')} of a batch; leave it out.")
    return ProviderBatch(**common, poll_seconds=session.settings.poll_seconds, listener=listener)


def _item(number: int, source: Source) -> Item:
    """The source as an Item; a source that is none is the Item's error."""
    try:
        require_source(source)
    except InputError as error:
        return Item(id=str(number), error=error)
    if isinstance(source, Path):
        return Item(id=str(source), path=source)
    if isinstance(source, Document):
        return Item(id=source.source, source=source.source, ready=source)
    return Item(id=str(number), text=source, source="text")
