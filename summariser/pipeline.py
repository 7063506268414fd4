"""summarise: read a source, ask a model, link and ground what it says, and stamp the result."""

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from summariser import events, prompts, telemetry
from summariser.cancellation import Cancellation
from summariser.documents.document import Document
from summariser.documents.readers import read
from summariser.errors import ConfigurationError
from summariser.extraction.extract import ask
from summariser.grounding import ground
from summariser.linking import link
from summariser.models.names import default_model, resolve_model_name, server_of
from summariser.postprocess import infer_risks, translate, verify_claims
from summariser.schema import Summary
from summariser.settings import Settings, given_or_loaded
from summariser.storage.store import Store, key_of, opened_store

if TYPE_CHECKING:
    from summariser.models.client import Model, RateLimiter, Usage

Source = str | Path | Document
_T = TypeVar("_T")


def summarise(
    source: Source,
    *,
    model: "str | Model | None" = None,
    prompt: str | None = None,
    published: date | None = None,
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> Summary:
    """Turn a report into a Summary whose every item is tied to the report's words.

    `source` is a Path (a file), a str (the text itself) or a Document. `model` is a name such as
    "openai/gpt-5-mini", or a Model opened before, which stays open. `prompt` is `name` or `name@version`.
    `published` is the day of publication, where the text does not say it. Everything else is a field of
    `settings`. Where some of the calls fail, the Summary holds what the others gave, its `run.status` is
    "partial" and its warnings say what is missing. With a `store` in the settings, whatever was summarised before
    is taken from there, and kept there.

    Raises InputError, ConfigurationError, StoreError, WeightsError, or the ModelError of a run in which no call
    succeeded.
    """
    return _summarise(source, published, settings, partial(Session, model=model, prompt=prompt, listener=listener))


def _summarise(
    source: Source, published: date | None, settings: Settings | None, session_for: "Callable[..., Session]"
) -> Summary:
    """The Summary of a source, by a session of its own that is made for the settings."""
    settings = given_or_loaded(settings)
    document = read(source, published=published, max_characters=settings.max_characters)
    with session_for(settings=settings) as session:
        return session.summarise(document)


class Session:
    """A model, a prompt and a store for one document after another, in any number of threads, as a `with`.

    `prompt` is what names one for `prompts.load`, or a Prompt that was loaded before. The model is opened (by
    `opening`) when it is first needed, and closed at the end unless it came open; every attempt to reach its provider
    passes through the `gate`, if there is one, and waits between attempts by `sleep`. Once the `cancellation` is set no
    further attempt is made, a model that was opened here is closed, and whoever summarises gets a CancelledError.

    Raises ConfigurationError for a prompt or model that is none, StoreError for the store.
    """

    def __init__(
        self,
        *,
        model: "str | Model | None" = None,
        prompt: str | prompts.Prompt | None = None,
        settings: Settings,
        listener: events.Listener = events.ignore,
        cancellation: Cancellation | None = None,
    ) -> None:
        _require_types(model, prompt, listener)
        self.settings, self.listener = settings, listener
        self.gate: RateLimiter | None = None
        self.sleep: Callable[[float], None] | None = None
        self._cancellation = cancellation
        self.opening: Callable[[], Model] = self._open
        self.name = _name_of(model, settings)
        wanted = prompt or settings.prompt or default_prompt(self.name)
        self.prompt = wanted if isinstance(wanted, prompts.Prompt) else prompts.load(wanted)
        self.given = None if model is None or isinstance(model, str) else model
        if self.given is None:
            resolve_model_name(self.name)
        self._exits = ExitStack()
        self._lock = threading.Lock()
        self._opened: Model | None = None
        self.store: Store | None = None

    def __enter__(self) -> Self:
        self.store = self._exits.enter_context(opened_store(self.settings))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.store is not None and self.store.damage:
            self.listener(events.Note(self.store.damage))
        self._exits.close()

    @property
    def model(self) -> "Model":
        """The model, opened now if it was not; with a store, one that remembers its answers."""
        with self._lock:
            if self._opened is None:
                opened = self.given or self._exits.enter_context(self.opening())
                self._opened = self._remembering(self._gated(opened))
            return self._opened

    def _gated(self, model: "Model") -> "Model":
        """The model, with this session's way of waiting and of giving up."""
        gate, sleep, cancellation = self.gate, self.sleep, self._cancellation
        if cancellation is not None:
            gate, sleep = _Guarded(cancellation, gate or model.gate), sleep or cancellation.sleep
            if self.given is None:  # closing may take a moment, and whoever cancels does not wait for it
                cancellation.when_set(threading.Thread(target=model.close, daemon=True).start)
        elif gate is None:
            return model
        own = model.sleep is not time.sleep  # time that was made for this model
        return replace(model, gate=gate, sleep=model.sleep if own else sleep or model.sleep, close=lambda: None)

    def _open(self) -> "Model":
        from summariser.models.factory import open_model

        return open_model(self.name, self.settings, listener=self.listener)

    def _remembering(self, model: "Model") -> "Model":
        if self.store is None:
            return model
        server = server_of(self.name, self.settings)
        return self.store.remembering(model, server=server, refresh=self.settings.refresh)

    def key(self, document: Document) -> str:
        """What the document's Summary is kept under."""
        return key_of(document, self.prompt, self.name, self.settings)

    def kept(self, document: Document) -> Summary | None:
        """The Summary that the store has of the document, unless it is to be made anew."""
        if self.store is None or self.settings.refresh:
            return None
        return self.store.summary(self.key(document), source=document.source)

    def summarise(self, document: Document, *, listener: events.Listener | None = None) -> Summary:
        """The Summary of a document: the store's, else a new one, which the store keeps if it is whole.

        Raises ModelError where no call succeeded.
        """
        heard = listener or self.listener
        if kept := self.kept(document):
            heard(events.Note(f"{document.source} was summarised before; the setting refresh makes it anew."))
            return kept
        summary = self.make(document, listener=heard)
        if self.store is not None and summary.run.status == "ok":
            self.store.keep(self.key(document), summary)
        return summary

    def make(self, document: Document, *, listener: events.Listener | None = None) -> Summary:
        """A new Summary of a document. Raises ModelError where no call succeeded."""
        heard = listener or self.listener
        with telemetry.document(self.prompt.id, len(document.sentences)) as tell:
            extraction = ask(self.model, self.prompt, document, listener=heard)
            summary = ground(link(extraction.draft, document), document, extraction)
            summary = _passed_over(summary, document, self.model, self.settings, heard)
            tell(summary.run.status)
        return summary


def _require_types(model: object, prompt: object, listener: object) -> None:
    """Raises ConfigurationError for an argument of a wrong type, which a script without a type checker may give."""
    from summariser.models.client import Model

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


def _passed_over(
    summary: Summary, document: Document, model: "Model", settings: Settings, listener: events.Listener
) -> Summary:
    """The Summary after the passes that the settings ask for."""
    if settings.verify:
        summary = verify_claims(summary, document, model, listener=listener)
    if settings.infer_risks:
        summary = infer_risks(summary, document, model, listener=listener)
    if settings.language:
        summary = translate(summary, document, model, language=settings.language, listener=listener)
    if summary.run.passes:
        summary = type(summary).model_validate(summary.model_dump())  # every id resolves, still
        summary.check(document.text)
    return summary


async def asummarise(
    source: Source,
    *,
    model: "str | Model | None" = None,
    prompt: str | None = None,
    published: date | None = None,
    settings: Settings | None = None,
    listener: events.Listener = events.ignore,
) -> Summary:
    """`summarise` for a running event loop: the same arguments, result and errors.

    The work is done in a thread of its own. Cancelling ends retries and waiting at once: no further request is made,
    and a model that was opened for this call is closed. A request that is under way then is not waited for, neither
    here nor at the interpreter's exit.
    """
    cancellation = Cancellation()
    session_for = partial(Session, model=model, prompt=prompt, listener=listener, cancellation=cancellation)
    done = _in_daemon_thread(partial(_summarise, source, published, settings, session_for))
    try:
        return await asyncio.wrap_future(done)
    except asyncio.CancelledError:
        cancellation.set()
        raise


def _in_daemon_thread(work: Callable[[], _T]) -> "Future[_T]":
    """What the work gives or raises; unlike an executor's threads, this one is not waited for at the exit."""
    done: Future[_T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True).start()
    return done


@dataclass(frozen=True)
class _Guarded:
    """A gate behind which a cancellation is looked at."""

    cancellation: Cancellation
    gate: "RateLimiter | None"

    def pass_through(self, attempt: Callable[[], _T], usage: "Usage") -> _T:
        """What the attempt gives. Raises CancelledError, and makes no attempt, where it was cancelled."""

        def checked() -> _T:
            self.cancellation.check()
            return attempt()

        return checked() if self.gate is None else self.gate.pass_through(checked, usage)


def _name_of(model: "str | Model | None", settings: Settings) -> str:
    return model if isinstance(model, str) else default_model(settings) if model is None else model.name


def default_prompt(model: str) -> str:
    """The prompt for a model that was not given one: a call for each kind for small, local ones, else one call."""
    return "sections" if model.startswith("local/") else "brief"
