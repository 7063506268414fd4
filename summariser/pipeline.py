"""summarise: read a source, ask a model, link and ground what it says, and stamp the result."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from summariser import events, prompts
from summariser.asking import ask
from summariser.assembly import assemble
from summariser.document import Document
from summariser.linking import link
from summariser.readers import read
from summariser.schema import Summary
from summariser.settings import Settings, load_settings

if TYPE_CHECKING:
    from summariser.models.door import Model

Source = str | Path | Document


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
    "partial" and its warnings say what is missing.

    Raises InputError, ConfigurationError, WeightsError, or the ModelError of a run in which no call succeeded.
    """
    settings = settings or load_settings()
    document = read(source, published=published, max_characters=settings.max_characters)
    with _opened(model, settings, listener) as opened:
        chosen = prompts.load(prompt or settings.prompt or default_prompt(opened.name))
        drafted = ask(opened, chosen, document, listener=listener)
    return assemble(link(drafted.draft, document), document, drafted)


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

    The work is done in a thread; cancelling stops waiting for it, not a request that is under way.
    """
    work = partial(
        summarise, source, model=model, prompt=prompt, published=published, settings=settings, listener=listener
    )
    return await asyncio.to_thread(work)


def default_prompt(model: str) -> str:
    """The prompt for a model that was not given one: a call for each kind for small, local ones, else one call."""
    return "sections" if model.startswith("local/") else "brief"


@contextmanager
def _opened(model: "str | Model | None", settings: Settings, listener: events.Listener) -> "Iterator[Model]":
    """A Model for the length of a `with`: opened and closed here where a name is given, else left as it is."""
    if model is not None and not isinstance(model, str):
        yield model
        return
    from summariser.models.naming import default_model
    from summariser.models.opening import open_model

    with open_model(model or default_model(settings), settings, listener=listener) as opened:
        yield opened
