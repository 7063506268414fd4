"""One document's way: ask a model, link and ground what it says, and stamp the result."""

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
from summariser.extraction import ask
from summariser.grounding import ground
from summariser.linking import link
from summariser.models import Model, RateLimiter, default_model, resolve_model_name, server_of
from summariser.postprocess import infer_risks, translate, verify_claims
from summariser.schema import Summary
from summariser.settings import Settings
from summariser.storage import Store, key_of, opened_store

Source = str | Path | Document


class Session:
    """A model, a prompt and a store for one document after another, as a `with`, or in an event loop an `async with`.

    Without `in_event_loop` it serves any number of threads, and its coroutines never suspend (`run_now` runs them);
    with it, all tasks of one event loop. The model is opened when it is first needed, and closed at the end unless it
    came open.

    Args:
        model: a name, or a Model that was opened before; without one that of the settings.
        prompt: what names one for `prompts.load`, or a Prompt that was loaded before.
        settings: everything else.
        listener: is told what happens.
        in_event_loop: whether it is used in an event loop.

    Raises:
        ConfigurationError: for a prompt or model that is none.
        StoreError: for the store, once that is opened.
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
        self.name = _name_of(model, settings)
        wanted = prompt or settings.prompt or default_prompt(self.name)
        self.prompt = wanted if isinstance(wanted, prompts.Prompt) else prompts.load(wanted)
        self.given = None if model is None or isinstance(model, str) else model
        if self.given is None:
            resolve_model_name(self.name)
        self.store: Store | None = None
        self.in_event_loop = in_event_loop
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
        """Open the store, if the settings name one and it is not open yet; the session itself.

        Raises StoreError or ConfigurationError.
        """
        with self._lock:
            self._require_not_closed()
            if not self._is_open:
                self.store = self._exits.enter_context(opened_store(self.settings))
                self._is_open = True
        return self

    async def close(self) -> None:
        """Close the model, if it was opened here, and the store; closing twice is harmless."""
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
        """Return what workers share state by who use this session."""
        return TaskMonitor() if self.in_event_loop else ThreadMonitor()

    def _require_not_closed(self) -> None:
        if self._is_closed:
            raise ConfigurationError("This Summariser is closed; open another.")

    # ── the model ────────────────────────────────────────────────────────────────────────────────

    async def model(self, gate: RateLimiter | None = None) -> Model:
        """Return the model, opened now if it was not; with a store, one that remembers its answers.

        Every attempt to reach its provider passes through the `gate`, if there is one, and waits between attempts as
        that does.
        """
        model = self._model or await self._opened_once()
        if gate is None:
            return model
        own = model.sleep not in (time.sleep, asyncio.sleep)  # time that was made for this model
        return model.changed(gate=gate, sleep=model.sleep if own else gate.sleep)

    async def _opened_once(self) -> Model:
        """Open the model, however many want it at once."""
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
        opening = partial(open_model, self.name, self.settings, in_event_loop=self.in_event_loop)
        if not self.in_event_loop:
            return opening(listener=self.listener)
        loop = asyncio.get_running_loop()

        def hear(event: events.Event) -> None:
            loop.call_soon_threadsafe(self.listener, event)  # in the thread in which all else is heard

        return await in_thread(partial(opening, listener=hear), discard=lambda model: asyncio.run(_closed(model)))

    def remembering(self, model: Model) -> Model:
        """Return a model that remembers its answers in the store, if there is one."""
        if self.store is None:
            return model
        server = server_of(self.name, self.settings)
        return self.store.remembering(model, server=server, refresh=self.settings.refresh)

    # ── a document ───────────────────────────────────────────────────────────────────────────────

    def key(self, document: Document) -> str:
        """Return what the document's Summary is kept under."""
        return key_of(document, self.prompt, self.name, self.settings)

    def kept(self, document: Document) -> Summary | None:
        """Return the Summary that the store has of the document, unless it is to be made anew."""
        if self.store is None or self.settings.refresh:
            return None
        return self.store.summary(self.key(document), source=document.source)

    def summarise(self, document: Document) -> Summary:
        """Do in threads what `asummarise` does."""
        return run_now(self.asummarise(document))

    async def asummarise(self, document: Document) -> Summary:
        """Return the Summary of a document: the store's, else a new one, which the store keeps if it is whole.

        Raises ModelError where no call succeeded.
        """
        if kept := self.kept(document):
            told = f"{document.source} was summarised before; the setting refresh makes it anew."
            self.listener(events.Note(told, document=document.source))
            return kept
        summary = await self.make(document, await self.model(), id=document.source)
        if self.store is not None and summary.run.status == "ok":
            self.store.keep(self.key(document), summary)
        return summary

    async def make(self, document: Document, model: Model, *, id: str) -> Summary:
        """Return a new Summary of a document, which `id` names in events.

        Raises ModelError where no call succeeded.
        """
        listener = events.about(id, self.listener)
        with telemetry.document(self.prompt.id, len(document.sentences)) as tell:
            extraction = await ask(model, self.prompt, document, listener=listener)
            summary = ground(link(extraction.draft, document), document, extraction)
            summary = await _postprocessed(summary, document, model, self.settings, listener)
            tell(summary.run.status)
        return summary


async def _closed(model: Model) -> None:
    await resolved(model.close())


def _require_types(model: object, prompt: object, listener: object) -> None:
    """Raise ConfigurationError for an argument of a wrong type, which a script without a type checker may give."""
    for name, value, sound, cure in (
        ("model", model, isinstance(model, str | Model | None), "a name as str, or what open_model returns"),
        (
            "prompt",
            prompt,
            isinstance(prompt, str | prompts.Prompt | None),
            "name, name@version or the path of a TOML file, as str",
        ),
        ("listener", listener, callable(listener), "a function that takes an event"),
    ):
        if not sound:
            raise ConfigurationError(f"The argument {name} is of the type {type(value).__name__}; pass {cure}.")


async def _postprocessed(
    summary: Summary, document: Document, model: Model, settings: Settings, listener: events.Listener
) -> Summary:
    """Return the Summary after the passes that the settings ask for."""
    if settings.verify:
        summary = await verify_claims(summary, document, model, listener=listener)
    if settings.infer_risks:
        summary = await infer_risks(summary, document, model, listener=listener)
    if settings.language:
        summary = await translate(summary, document, model, language=settings.language, listener=listener)
    if summary.run.passes:
        summary = type(summary).model_validate(summary.model_dump())  # every id resolves, still
        summary.check(document.text)
    return summary


def _name_of(model: str | Model | None, settings: Settings) -> str:
    return model if isinstance(model, str) else default_model(settings) if model is None else model.name


def default_prompt(model: str) -> str:
    """Return the prompt for a model that was not given one: several calls for small, local models, else one call."""
    return "sections" if model.startswith("local/") else "brief"
