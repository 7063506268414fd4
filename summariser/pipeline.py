"""Process one document: extract a draft with a model, link its names, ground its items and run the optional passes."""

import asyncio
import threading
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from summariser import events, prompts, telemetry
from summariser.concurrency import Monitor, TaskMonitor, ThreadMonitor, in_thread, resolved, run_now
from summariser.documents import Document
from summariser.errors import ConfigurationError
from summariser.extraction import Extraction, ask
from summariser.grounding import ground
from summariser.linking import link
from summariser.models import (
    Model,
    RateLimiter,
    default_model,
    is_local,
    resolve_model_name,
    server_of,
    verifies,
)
from summariser.postprocess import infer_risks, translate, verify_claims
from summariser.processes import Compute, here
from summariser.schema import Summary
from summariser.settings import Settings
from summariser.storage import Store, key_of, opened_store

Source = str | Path | Document


class Session:
    """A model, a prompt and a store for several documents. Use it with `with`, or in an event loop with `async with`.

    Without `in_event_loop`, several threads may use it, and its coroutines never suspend (`run_now` runs them). With
    `in_event_loop`, all tasks of one event loop may use it. The model is opened when it is first needed. It is closed
    at the end unless the caller opened it.

    Args:
        model: A name, or an open Model; None for the default of the settings.
        prompt: A name that `prompts.load` accepts, or a Prompt; None for the default of the settings.
        settings: All other settings.
        listener: Receives events.
        in_event_loop: True for use in an event loop.

    Raises:
        ConfigurationError: The prompt or the model does not exist, or an argument has the wrong type.
        StoreError: The store cannot be opened; raised when the session is opened.
    """

    def __init__(
        self,
        *,
        model: str | Model | None = None,
        prompt: str | prompts.Prompt | None = None,
        settings: Settings,
        listener: events.Listener = events.ignore,
        in_event_loop: bool = False,
    ) -> None:
        _require_types(model, prompt, listener)
        self.settings, self.listener = settings, events.one_at_a_time(listener)
        self.model_name = _name_of(model, settings)
        wanted = prompt or settings.prompt or default_prompt(self.model_name)
        self.prompt = wanted if isinstance(wanted, prompts.Prompt) else prompts.load(wanted)
        self.given = None if model is None or isinstance(model, str) else model
        if self.given is None:
            resolve_model_name(self.model_name)
        self.store: Store | None = None
        self.in_event_loop = in_event_loop
        self._loop: asyncio.AbstractEventLoop | None = None
        self._exits, self._lock = ExitStack(), threading.Lock()
        self._is_open = self._is_closed = False
        self._model: Model | None = None
        self._opening = self.monitor()
        self._is_opening = False

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        run_now(self.close())

    async def __aenter__(self) -> Self:
        return self.open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def open(self) -> Self:
        """Open the store if the settings name one and it is not open yet, and return the session.

        Raises:
            StoreError: The store cannot be opened.
            ConfigurationError: The session is closed, or the store is a folder.
        """
        with self._lock:
            self._require_not_closed()
            if not self._is_open:
                self.store = self._exits.enter_context(opened_store(self.settings))
                self._is_open = True
        return self

    async def close(self) -> None:
        """Close the store, and the model unless the caller opened it; closing twice is harmless."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            model, self._model = self._model, None
        if self.store is not None and self.store.damage:
            self.listener(events.Note(self.store.damage))
        with self._exits:
            if model is not None:
                await resolved(model.close())

    def monitor(self) -> Monitor:
        """Return a new monitor for the workers that use this session: for threads or for tasks."""
        return TaskMonitor() if self.in_event_loop else ThreadMonitor()

    def _require_same_loop(self) -> None:
        """Raise ConfigurationError in another event loop than the first, in which the connections of the model are."""
        loop = asyncio.get_running_loop()
        if (self._loop or loop) is not loop:
            raise ConfigurationError("This AsyncSummariser is in use in another event loop; open one for each loop.")
        self._loop = loop

    def _require_not_closed(self) -> None:
        if self._is_closed:
            raise ConfigurationError("This Summariser is closed; open another.")

    # ── the model ────────────────────────────────────────────────────────────────────────────────

    async def model(self, rate_limiter: RateLimiter | None = None, *, compute: Compute = here) -> Model:
        """Open the model if it is not open yet, and return it; with a store, it caches its answers.

        Args:
            rate_limiter: Limits the requests of the model, and waits between attempts; None for no limit.
            compute: Calls functions that take long.

        Raises:
            ConfigurationError: The model cannot be opened, or the session is closed.
            WeightsError: The weights of the embedded model are not available.
        """
        if self.in_event_loop:
            self._require_same_loop()
        model = self._model or await self._opened_once()
        if rate_limiter is None:
            return model
        own = model.sleep not in (time.sleep, asyncio.sleep)  # a sleep of the caller's own, as in tests
        sleep = model.sleep if own else rate_limiter.sleep
        return model.changed(rate_limiter=rate_limiter, sleep=sleep, compute=compute)

    async def _opened_once(self) -> Model:
        """Open the model once, even if several workers need it at the same time."""
        with self._opening:
            while self._is_opening:
                await self._opening.wait()
            if self._model is not None:
                return self._model
            self._is_opening = True
        try:
            model = self.remembering(await self._opened())
            with self._lock:
                self._model = None if self._is_closed else model
            if self._model is None:
                await resolved(model.close())
                self._require_not_closed()
            return model
        finally:
            with self._opening:
                self._is_opening = False
                self._opening.notify_all()

    async def _opened(self) -> Model:
        from summariser.models import open_model

        if self.given is not None:
            return self.given.in_event_loop() if self.in_event_loop else self.given.changed(close=lambda: None)
        opening = partial(open_model, self.model_name, self.settings, in_event_loop=self.in_event_loop)
        if not self.in_event_loop:
            return opening(listener=self.listener)
        loop = asyncio.get_running_loop()

        def handle(event: events.Event) -> None:
            loop.call_soon_threadsafe(self.listener, event)  # in the thread of all other events

        return await in_thread(partial(opening, listener=handle), discard=lambda model: asyncio.run(_closed(model)))

    def remembering(self, model: Model) -> Model:
        """Return the model with a cache in the store, if there is one."""
        if self.store is None:
            return model
        server = server_of(self.model_name, self.settings)
        return self.store.remembering(model, server=server, refresh=self.settings.refresh)

    # ── a document ───────────────────────────────────────────────────────────────────────────────

    def key(self, document: Document) -> str:
        """Return the key of the document's Summary in the store."""
        return key_of(document, self.prompt, self.model_name, self.settings)

    def kept(self, document: Document) -> Summary | None:
        """Return the stored Summary of the document; None if there is none or the setting refresh is on."""
        if self.store is None or self.settings.refresh:
            return None
        found = self.store.summary(self.key(document), source=document.source)
        return found.with_source(document) if found is not None else None

    def summarise(self, document: Document) -> Summary:
        """Summarise a document in a thread, like `asummarise`."""
        return run_now(self.asummarise(document))

    async def asummarise(self, document: Document) -> Summary:
        """Return the stored Summary of a document, or make a new one and store it if it is complete.

        Raises:
            ModelError: No request succeeded.
        """
        if kept := self.kept(document):
            message = f"{document.source} was summarised before; use the setting refresh to summarise it again."
            self.listener(events.Note(message, document=document.source))
            return kept
        summary = await self.make(document, await self.model(), id=document.source)
        if self.store is not None and summary.run.status == "ok":
            self.store.keep(self.key(document), summary)
        return summary

    async def make(self, document: Document, model: Model, *, id: str) -> Summary:
        """Return a new Summary of a document.

        Args:
            document: The document.
            model: The model to ask.
            id: The name of the document in events.

        Raises:
            ModelError: No request succeeded.
        """
        listener = events.about(id, self.listener)
        with telemetry.document(self.prompt.id, len(document.sentences)) as tell:
            extraction = await ask(model, self.prompt, document, listener=listener)
            summary = await model.compute(_grounded, extraction, document)
            summary = await _postprocessed(summary, document, model, self.settings, listener)
            tell(summary.run.status)
        return summary.with_source(document)


def _grounded(extraction: Extraction, document: Document) -> Summary:
    """Return the Summary of what was extracted: its names linked, its items grounded."""
    linked = link(extraction.draft, document, completing=is_local(extraction.model))
    return ground(linked, document, extraction)


async def _closed(model: Model) -> None:
    await resolved(model.close())


def _require_types(model: object, prompt: object, listener: object) -> None:
    """Raise ConfigurationError if an argument has the wrong type."""
    for name, value, valid, cure in (
        ("model", model, isinstance(model, str | Model | None), "a name as str, or what open_model returns"),
        (
            "prompt",
            prompt,
            isinstance(prompt, str | prompts.Prompt | None),
            "name, name@version or the path of a TOML file, as str",
        ),
        ("listener", listener, callable(listener), "a function that takes an event"),
    ):
        if not valid:
            raise ConfigurationError(f"The argument {name} is of the type {type(value).__name__}; pass {cure}.")


async def _postprocessed(
    summary: Summary, document: Document, model: Model, settings: Settings, listener: events.Listener
) -> Summary:
    """Return the Summary after the optional passes of the settings."""
    if verifies(model.name, settings) and (settings.verify or model.verified):
        summary = await verify_claims(summary, document, model, listener=listener)
    if settings.infer_risks:
        summary = await infer_risks(summary, document, model, listener=listener)
    if settings.language:
        summary = await translate(summary, document, model, language=settings.language, listener=listener)
    if summary.run.passes:
        summary = type(summary).model_validate(summary.model_dump())  # checks that every id still resolves
        summary.check(document.text)
    return summary


def _name_of(model: str | Model | None, settings: Settings) -> str:
    return model if isinstance(model, str) else default_model(settings) if model is None else model.name


def default_prompt(model: str) -> str:
    """Return the name of the default prompt for a model.

    Local models get a prompt of several small requests, all others a prompt of one request.

    Args:
        model: The name of the model.
    """
    return "sections" if model.startswith("local/") else "brief"
