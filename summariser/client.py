"""Summariser and AsyncSummariser: a model, a prompt and a store, opened once; and the functions that need no object."""

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable, Sized
from contextlib import aclosing, closing
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, get_args

from summariser import events
from summariser.batch.api import (
    EngineName,
    engine_for,
    items_of,
    items_of_stream,
    require_number,
    require_one_of,
    require_sources,
)
from summariser.batch.budget import Budget
from summariser.batch.engine import Engine
from summariser.batch.local import Batch
from summariser.batch.results import Order, Result
from summariser.concurrency import run_now
from summariser.documents import Document, read
from summariser.errors import ConfigurationError
from summariser.models import Model
from summariser.pipeline import Session, Source
from summariser.schema import Summary
from summariser.settings import Settings, given_or_loaded, load_settings


class _Client:
    """What both kinds of client are: arguments that were checked, and a session made of them that is not open yet."""

    _in_event_loop: bool

    def __init__(
        self,
        *,
        model: str | Model | None = None,
        prompt: str | None = None,
        published: date | None = None,
        store: Path | str | None = None,
        concurrency: int | None = None,
        timeout: float | None = None,
        listener: events.Listener = events.ignore,
        api_key: str | None = None,
        base_url: str | None = None,
        temperature: float | None = None,
        seed: int | None = None,
        reasoning_effort: str | None = None,
        context_tokens: int | None = None,
        max_output_tokens: int | None = None,
        retry_seconds: float | None = None,
        verify: bool | None = None,
        infer_risks: bool | None = None,
        language: str | None = None,
        refresh: bool | None = None,
        settings: Settings | None = None,
    ) -> None:
        require_number("concurrency", concurrency, int, least=1)
        require_number("timeout", timeout, (int, float), least=0.001)
        _require_day(published)
        self.settings = _changed(
            given_or_loaded(settings),
            store=store,
            timeout_seconds=timeout,
            local_timeout_seconds=timeout,
            api_key=api_key,
            base_url=base_url,
            temperature=temperature,
            seed=seed,
            reasoning_effort=reasoning_effort,
            context_tokens=context_tokens,
            max_output_tokens=max_output_tokens,
            retry_seconds=retry_seconds,
            verify=verify,
            infer_risks=infer_risks,
            language=language,
            refresh=refresh,
        )
        self._published, self._concurrency = published, concurrency
        self._session = Session(
            model=model, prompt=prompt, settings=self.settings, listener=listener, in_event_loop=self._in_event_loop
        )

    def _read(self, source: Source, published: date | None) -> Document:
        return read(source, published=published or self._published, max_characters=self.settings.max_characters)

    def _job(
        self,
        sources: Iterable[Source] | AsyncIterable[Source],
        *,
        concurrency: int | None,
        max_cost: float | None,
        max_tokens: int | None,
        order: Order,
        engine: EngineName = "local",
    ) -> Engine:
        """Return the engine for many sources. Raises InputError or ConfigurationError for a wrong argument."""
        kinds = (Iterable, AsyncIterable) if self._in_event_loop else (Iterable,)
        require_sources(sources, *kinds)
        require_one_of("order", order, get_args(Order))
        require_one_of("engine", engine, get_args(EngineName))
        require_number("concurrency", concurrency, int, least=1)
        require_number("max_cost", max_cost, (int, float), least=0)
        require_number("max_tokens", max_tokens, int, least=0)
        as_items = items_of_stream if isinstance(sources, AsyncIterable) else items_of
        return engine_for(
            engine,
            items=as_items(sources, published=self._published),  # type: ignore[arg-type]  # of the kind that it is
            session=self._session,
            budget=Budget(self._session.name, max_cost, max_tokens),
            concurrency=concurrency or self._concurrency,
            order=order,
            listener=self._session.listener,
        )

    def _tell(self, result: Result, done: int, sources: object) -> Result:
        """Tell the listener of a result that is handed out; the same result."""
        total = len(sources) if isinstance(sources, Sized) else None
        self._session.listener(events.Finished(result.status, document=result.id, done=done, total=total))
        return result


class Summariser(_Client):
    """A model, a prompt and a store that summarise one report after another, or many at once.

    Model and store are opened when they are first needed, and shared by all calls, which may come from any number of
    threads. Use it in a `with`, or `close` it::

        with Summariser(model="openai/gpt-5-mini", store="summaries.sqlite") as summariser:
            summary = summariser.summarise(Path("article.txt"))
            for result in summariser.summarise_many(Path("reports").glob("*.txt")):
                print(result.id, result.status)

    Args:
        model: a name such as "openai/gpt-5-mini", or a Model opened before, which stays open.
        prompt: `name` or `name@version`, or the path of a TOML file.
        published: the day of publication, where a text does not say it.
        store: the file in which summaries and answers are kept; none is kept without one.
        concurrency: how many documents at once; 16 unless given, for local models 1.
        timeout: how many seconds one call to the model may take.
        listener: is told what happens; see `summariser.events`.
        api_key: the key of the OpenAI-compatible server.
        base_url: the address of the OpenAI-compatible server.
        temperature: of sampling, from 0 to 2.
        seed: of sampling, sent where the server takes one.
        reasoning_effort: how much a reasoning model reasons, in the server's own word, such as "low".
        context_tokens: the model's context in tokens; a longer text is read in passages.
        max_output_tokens: the limit of every answer in tokens, reasoning included.
        retry_seconds: for how many seconds a call that failed in transport is retried.
        verify: whether the model looks at each verified claim once more.
        infer_risks: whether the model infers risks from the items, marked as inferred.
        language: the language of the summary as an ISO 639-1 code, where it is not the text's own.
        refresh: whether what the store has is made anew.
        settings: everything else, as `load_settings` returns it; the arguments above count before its fields.

    Raises:
        ConfigurationError: for an argument that is wrong.
    """

    _in_event_loop = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the model, if it was opened here, and the store; closing twice is harmless."""
        run_now(self._session.close())

    def summarise(self, source: Source, *, published: date | None = None) -> Summary:
        """Turn a report into a Summary whose every item is tied to the report's words.

        Where some of the calls fail, the Summary holds what the others gave: its `run.status` is not "ok", its warnings
        say what is missing, and `raise_for_status` makes an error of it.

        Args:
            source: a Path (a file), a str (the text itself) or a Document.
            published: the day of publication, where the text does not say it.

        Raises:
            InputError: the source cannot be read, or holds no text.
            ConfigurationError: the model cannot be opened, or this is closed.
            StoreError: the store cannot be used.
            WeightsError: the embedded model's weights cannot be had.
            ModelError: no call succeeded.
        """
        document = self._read(source, published)
        summary = self._session.open().summarise(document)
        self._tell(Result(number=0, id=document.source, source=document.source, summary=summary), 1, (source,))
        return summary

    def summarise_many(
        self,
        sources: Iterable[Source],
        *,
        concurrency: int | None = None,
        max_cost: float | None = None,
        max_tokens: int | None = None,
        order: Order = "completion",
        engine: EngineName = "local",
    ) -> Generator[Result]:
        """Summarise many sources at once, taken as they are wanted; a failure is a value, not an exception.

        Closing the iterator early begins no further request; with a store those under way are waited for and kept.

        Args:
            sources: Paths (files), strings (texts) or Documents.
            concurrency: how many documents at once.
            max_cost: a limit in US dollars, after which no document is begun.
            max_tokens: the same for tokens, read and written.
            order: "completion" for results as they are done, "input" for the order of the sources.
            engine: "local" asks from here, "openai-batch" by the provider's Batch API, "ray" on a Ray cluster.

        Returns:
            An iterator of Results.

        Raises:
            InputError: at once, where `sources` are none.
            ConfigurationError: at once for a wrong argument; from the iterator where the model cannot be opened.
            StoreError: from the iterator.
            WeightsError: from the iterator.
            ProviderError: from the iterator, where it would meet every source, such as a wrong key.
        """
        job = self._job(
            sources,
            concurrency=concurrency,
            max_cost=max_cost,
            max_tokens=max_tokens,
            order=order,
            engine=engine,
        )
        return self._run(job, sources)

    def _run(self, job: Engine, sources: object) -> Generator[Result]:
        self._session.open()
        with closing(job.run()) as results:
            for done, result in enumerate(results, 1):
                yield self._tell(result, done, sources)


class AsyncSummariser(_Client):
    """A Summariser for an event loop: the same arguments, in an `async with`, with calls to be awaited.

    Everything happens in the loop; only a model that has to be loaded is loaded in a thread. Model and store are shared
    by all tasks of one event loop. Cancelling a task ends its request at once::

        async with AsyncSummariser(model="openai/gpt-5-mini") as summariser:
            summary = await summariser.summarise(text)
            async for result in summariser.summarise_many(texts, concurrency=64):
                print(result.id, result.status)

    Raises:
        ConfigurationError: for an argument that is wrong.
    """

    _in_event_loop = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the model, if it was opened here, and the store; closing twice is harmless."""
        await self._session.close()

    async def summarise(self, source: Source, *, published: date | None = None) -> Summary:
        """Do what `Summariser.summarise` does, without holding up the event loop while the model answers."""
        document = self._read(source, published)
        summary = await self._session.open().asummarise(document)
        self._tell(Result(number=0, id=document.source, source=document.source, summary=summary), 1, (source,))
        return summary

    def summarise_many(
        self,
        sources: Iterable[Source] | AsyncIterable[Source],
        *,
        concurrency: int | None = None,
        max_cost: float | None = None,
        max_tokens: int | None = None,
        order: Order = "completion",
    ) -> AsyncGenerator[Result, None]:
        """Do what `Summariser.summarise_many` does in tasks of the event loop; `sources` may be asynchronous too.

        Where the task that iterates is cancelled, so are the requests under way. Whoever leaves the loop early closes
        the iterator with `contextlib.aclosing`.
        """
        job = self._job(sources, concurrency=concurrency, max_cost=max_cost, max_tokens=max_tokens, order=order)
        assert isinstance(job, Batch)  # noqa: S101  # the engine that asks from here
        return self._run(job, sources)

    async def _run(self, job: Batch, sources: object) -> AsyncGenerator[Result, None]:
        self._session.open()
        done = 0
        async with aclosing(job.arun()) as results:
            async for result in results:
                done += 1
                yield self._tell(result, done, sources)


# ── without an object ────────────────────────────────────────────────────────────────────────────


def summarise(
    source: Source,
    *,
    model: str | Model | None = None,
    prompt: str | None = None,
    published: date | None = None,
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> Summary:
    """Turn a report into a Summary, by a Summariser of its own: see `Summariser.summarise`."""
    with Summariser(model=model, prompt=prompt, settings=settings, listener=listener) as summariser:
        return summariser.summarise(source, published=published)


async def asummarise(
    source: Source,
    *,
    model: str | Model | None = None,
    prompt: str | None = None,
    published: date | None = None,
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> Summary:
    """Turn a report into a Summary in an event loop: see `AsyncSummariser.summarise`."""
    async with AsyncSummariser(model=model, prompt=prompt, settings=settings, listener=listener) as summariser:
        return await summariser.summarise(source, published=published)


def summarise_many(
    sources: Iterable[Source],
    *,
    model: str | Model | None = None,
    prompt: str | None = None,
    concurrency: int | None = None,
    max_cost: float | None = None,
    max_tokens: int | None = None,
    order: Order = "completion",
    engine: EngineName = "local",
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> Generator[Result]:
    """Summarise many sources at once, by a Summariser of its own: see `Summariser.summarise_many`."""
    summariser = Summariser(model=model, prompt=prompt, concurrency=concurrency, settings=settings, listener=listener)
    results = summariser.summarise_many(sources, max_cost=max_cost, max_tokens=max_tokens, order=order, engine=engine)
    return _closing(summariser, results)


def asummarise_many(
    sources: Iterable[Source] | AsyncIterable[Source],
    *,
    model: str | Model | None = None,
    prompt: str | None = None,
    concurrency: int | None = None,
    max_cost: float | None = None,
    max_tokens: int | None = None,
    order: Order = "completion",
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> AsyncGenerator[Result, None]:
    """Summarise many sources at once in an event loop: see `AsyncSummariser.summarise_many`."""
    summariser = AsyncSummariser(
        model=model, prompt=prompt, concurrency=concurrency, settings=settings, listener=listener
    )
    results = summariser.summarise_many(sources, max_cost=max_cost, max_tokens=max_tokens, order=order)
    return _aclosing(summariser, results)


def _closing(summariser: Summariser, results: Generator[Result]) -> Generator[Result]:
    with summariser, closing(results):
        yield from results


async def _aclosing(summariser: AsyncSummariser, results: AsyncGenerator[Result, None]) -> AsyncGenerator[Result, None]:
    async with summariser, aclosing(results):
        async for result in results:
            yield result


def _changed(settings: Settings, **arguments: Any) -> Settings:
    """Return the settings with those arguments that are not None. Raises ConfigurationError for a wrong one."""
    given = {name: value for name, value in arguments.items() if value is not None}
    checked = load_settings(**given)
    return settings.model_copy(update={name: getattr(checked, name) for name in given})


def _require_day(published: object) -> None:
    if published is not None and (isinstance(published, datetime) or not isinstance(published, date)):
        raise ConfigurationError(
            f"The argument published is of the type {type(published).__name__}; "
            "pass a day as datetime.date, such as date(2024, 6, 19)."
        )
