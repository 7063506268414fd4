"""Summariser and AsyncSummariser, and functions that create one for a single call."""

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable, Sequence, Sized
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
from summariser.comparison import Comparison, Way, compare_summaries, require_able_to_align
from summariser.concurrency import run_now
from summariser.documents import Document, read
from summariser.errors import ConfigurationError, InputError
from summariser.grounding import Given, check_claims
from summariser.models import Model
from summariser.pipeline import Session, Source
from summariser.schema import Summary, Verdict
from summariser.settings import Settings, given_or_loaded, load_settings


class _Client:
    """The base class of both clients: checks the arguments and creates a session."""

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
        return read(
            source,
            published=published or self._published,
            max_characters=self.settings.max_characters,
            whole_page=self.settings.whole_page,
        )

    def check(self, claims: Given, source: Source | Sequence[Source]) -> list[Verdict]:
        """Return what a source says of claims; see `summariser.check`. No model is asked."""
        return check(claims, source, settings=self.settings)

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
        """Return the engine for many sources; raise InputError or ConfigurationError for an invalid argument."""
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
            items=as_items(sources, published=self._published),  # type: ignore[arg-type]  # matches the type of the sources
            session=self._session,
            budget=Budget(self._session.model_name, max_cost, max_tokens),
            concurrency=concurrency or self._concurrency,
            order=order,
            listener=self._session.listener,
        )

    def _report(self, result: Result, done: int, sources: object) -> Result:
        """Send the listener an event about a result, and return the result."""
        total = len(sources) if isinstance(sources, Sized) else None
        self._session.listener(events.Finished(result.status, document=result.id, done=done, total=total))
        return result


class Summariser(_Client):
    """Summarises reports with one model, one prompt and one store.

    Model and store are opened when they are first needed, and all calls share them. Several threads may call it. Use it
    in a `with` statement, or call `close`::

        with Summariser(model="openai/gpt-5-mini", store="summaries.sqlite") as summariser:
            summary = summariser.summarise(Path("article.txt"))
            for result in summariser.summarise_many(Path("reports").glob("*.txt")):
                print(result.id, result.status)

    Args:
        model: A name such as "openai/gpt-5-mini", or an open Model, which stays open.
        prompt: `name`, `name@version` or the path of a TOML file.
        published: The date of publication, for texts that do not state it.
        store: The file that keeps summaries and answers; without it, nothing is kept.
        concurrency: The maximum number of documents in progress. The default is 16, for local models 1.
        timeout: The maximum time of one request in seconds.
        listener: Receives events; see `summariser.events`.
        api_key: The key of the OpenAI-compatible server.
        base_url: The address of the OpenAI-compatible server.
        temperature: The sampling temperature, from 0 to 2.
        seed: The sampling seed, sent if the server accepts one.
        reasoning_effort: How much a reasoning model reasons, as a value that the server accepts, such as "low".
        context_tokens: The context length of the model in tokens; a longer text is split into passages.
        max_output_tokens: The maximum length of an answer in tokens, including reasoning.
        retry_seconds: For how many seconds a request is retried after errors of the connection or the server.
        verify: True or False to let the model check each claim against its cited sentences or not; by default it does
            unless it is local.
        infer_risks: True to let the model infer risks from the items; they are marked as inferred.
        language: The language of the summary as an ISO 639-1 code, if it differs from that of the text.
        refresh: True to ignore stored results and summarise again.
        settings: All other settings, as `load_settings` returns them; the arguments above take precedence.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    _in_event_loop = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store, and the model unless the caller opened it; closing twice is harmless."""
        run_now(self._session.close())

    def summarise(self, source: Source, *, published: date | None = None) -> Summary:
        """Return a Summary of a report in which every item cites the words of the report.

        If some requests fail, the Summary holds the results of the others: its `run.status` is not "ok", its warnings
        say what is missing, and `raise_for_status` raises the error.

        Args:
            source: A Path (a file), a str (the text itself) or a Document.
            published: The date of publication, if the text does not state it.

        Raises:
            InputError: The source cannot be read, or has no text.
            ConfigurationError: The model cannot be opened, or the Summariser is closed.
            StoreError: The store cannot be used.
            WeightsError: The weights of the embedded model are not available.
            ModelError: No request succeeded.
        """
        document = self._read(source, published)
        summary = self._session.open().summarise(document)
        self._report(Result(number=0, id=document.source, source=document.source, summary=summary), 1, (source,))
        return summary

    def compare(self, *texts: Source | Summary, way: Way | None = None, align: bool = False) -> Comparison:
        """Return what changed from one text to another, or where several reports of one event agree and differ.

        Args:
            texts: Two or more sources, which are summarised, or Summaries.
            way: "changes" from the first of two texts to the second, or "reports" of one event. By default two texts
                are compared for changes, more as reports.
            align: True to let the model name the items that are the same, in one request for each two texts; False to
                align them by rules.

        Raises:
            InputError: There are fewer than two texts, or a source cannot be read.
            ConfigurationError: The model cannot be opened or is too small to align items, or the Summariser is closed.
            ModelError: No request about a source succeeded.
        """
        if align:
            require_able_to_align(self._session.model_name)
        summaries = [text if isinstance(text, Summary) else self.summarise(text) for text in texts]
        return run_now(self._compared(summaries, way, align=align))

    async def _compared(self, summaries: Sequence[Summary], way: Way | None, *, align: bool) -> Comparison:
        session = self._session.open() if align else self._session
        model = await session.model() if align else None
        return await compare_summaries(summaries, way=way, model=model, listener=session.listener)

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
        """Summarise many sources concurrently; a source that fails gives a Result with an error, not an exception.

        The sources are read as they are needed. If the iterator is closed early, no further request starts; with a
        store, it waits for the requests in progress and stores their answers.

        Args:
            sources: Paths (files), strings (texts) or Documents.
            concurrency: The maximum number of documents in progress.
            max_cost: The budget in US dollars; once it is reached, no further document starts.
            max_tokens: The budget in tokens, input plus output; once it is reached, no further document starts.
            order: "completion" for results as they are completed, "input" for the order of the sources.
            engine: "local" sends requests from this machine, "openai-batch" uses OpenAI's batch API, and "ray" uses a
                Ray cluster.

        Returns:
            An iterator of Results.

        Raises:
            InputError: `sources` is not an iterable of sources; raised at once.
            ConfigurationError: An argument is invalid (raised at once), or the model cannot be opened (raised by the
                iterator).
            StoreError: The store cannot be used; raised by the iterator.
            WeightsError: The weights of the embedded model are not available; raised by the iterator.
            ProviderError: An error that would occur with every source, such as a wrong key; raised by the iterator.
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
                yield self._report(result, done, sources)


class AsyncSummariser(_Client):
    """A Summariser for an event loop, with the same arguments. Use it in an `async with` statement.

    All work runs in the event loop, except that a local model is loaded in a thread. All tasks of one event loop share
    the model and the store. Cancelling a task ends its request at once::

        async with AsyncSummariser(model="openai/gpt-5-mini") as summariser:
            summary = await summariser.summarise(text)
            async for result in summariser.summarise_many(texts, concurrency=64):
                print(result.id, result.status)

    Raises:
        ConfigurationError: An argument is invalid.
    """

    _in_event_loop = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the store, and the model unless the caller opened it; closing twice is harmless."""
        await self._session.close()

    async def summarise(self, source: Source, *, published: date | None = None) -> Summary:
        """Return a Summary, like `Summariser.summarise`, without blocking the event loop while the model answers."""
        document = self._read(source, published)
        summary = await self._session.open().asummarise(document)
        self._report(Result(number=0, id=document.source, source=document.source, summary=summary), 1, (source,))
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
        """Summarise many sources in tasks of the event loop, like `Summariser.summarise_many`.

        `sources` may also be an asynchronous iterable. If the task that iterates is cancelled, the requests in progress
        are cancelled as well. To stop before the last result, close the iterator, for example with
        `contextlib.aclosing`.
        """
        job = self._job(sources, concurrency=concurrency, max_cost=max_cost, max_tokens=max_tokens, order=order)
        assert isinstance(job, Batch)  # noqa: S101  # the engine "local"
        return self._run(job, sources)

    async def _run(self, job: Batch, sources: object) -> AsyncGenerator[Result, None]:
        self._session.open()
        done = 0
        async with aclosing(job.arun()) as results:
            async for result in results:
                done += 1
                yield self._report(result, done, sources)


# ── functions ────────────────────────────────────────────────────────────────────────────────────


def summarise(
    source: Source,
    *,
    model: str | Model | None = None,
    prompt: str | None = None,
    published: date | None = None,
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> Summary:
    """Return a Summary of a report with a new Summariser; see `Summariser.summarise`."""
    with Summariser(model=model, prompt=prompt, settings=settings, listener=listener) as summariser:
        return summariser.summarise(source, published=published)


def check(claims: Given, source: Source | Sequence[Source], *, settings: Settings | None = None) -> list[Verdict]:
    """Return what a source says of claims that anybody made: one Verdict for each claim, in order. No model is asked.

    A claim that cites nothing is compared with the passage that has most of its words; a claim of several sentences is
    supported if each sentence is. With several sources, a claim has the verdict of the first one that supports it, or
    else of the one that has most of its words::

        for verdict in check(["Orvel Gas will cut 40 jobs."], Path("article.txt")):
            print(verdict.verdict, verdict.reason)

    Args:
        claims: A Summary, whose items are the claims; a str, whose sentences are the claims; or a list. In the list, a
            claim is a str, or a dict with its "text" and any of "id", "sentences" (the numbers of the cited sentences,
            from 1), "words" (a quotation), "by", "said_by", "to" (names), "condition", "deadline", "status", "stance".
        source: A Path (a file), a str (the text itself) or a Document; or a list of them.
        settings: Only `max_characters` matters here.

    Raises:
        InputError: A source cannot be read or has no text, there are no claims, or a claim has the wrong form.
    """
    limit = given_or_loaded(settings).max_characters
    sources = source if isinstance(source, Sequence) and not isinstance(source, str) else [source]
    if not sources:
        raise InputError("There is no source; give at least one.")
    return check_claims(claims, [read(each, max_characters=limit) for each in sources])


def compare(
    *texts: Source | Summary,
    way: Way | None = None,
    align: bool = False,
    model: str | Model | None = None,
    prompt: str | None = None,
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> Comparison:
    """Return what changed between two texts, or where several reports of one event differ; see `Summariser.compare`.

    Sources are summarised, Summaries are taken as they are::

        for change in compare(Path("march.txt"), Path("july.txt")).changes:
            print(change.change, change.was, change.now)
    """
    with Summariser(model=model, prompt=prompt, settings=settings, listener=listener) as summariser:
        return summariser.compare(*texts, way=way, align=align)


async def asummarise(
    source: Source,
    *,
    model: str | Model | None = None,
    prompt: str | None = None,
    published: date | None = None,
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> Summary:
    """Return a Summary of a report in an event loop; see `AsyncSummariser.summarise`."""
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
    """Summarise many sources with a new Summariser; see `Summariser.summarise_many`."""
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
    """Summarise many sources in an event loop; see `AsyncSummariser.summarise_many`."""
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
    """Return the settings with the arguments that are not None; raise ConfigurationError for an invalid one."""
    given = {name: value for name, value in arguments.items() if value is not None}
    checked = load_settings(**given)
    return settings.model_copy(update={name: getattr(checked, name) for name in given})


def _require_day(published: object) -> None:
    if published is not None and (isinstance(published, datetime) or not isinstance(published, date)):
        raise ConfigurationError(
            f"The argument published is of the type {type(published).__name__}; "
            "pass a day as datetime.date, such as date(2024, 6, 19)."
        )
