"""The embedded model's seconds for the seed, against one plain call of it with the schema of the prompt `brief`."""

import time
from collections.abc import Iterator
from typing import Any

import openai

from summariser import events, load_settings, prompts, summarise
from summariser.documents.document import Document
from summariser.models.factory import open_model
from summariser.models.local.server import LocalServer
from summariser.models.local.weights import find_weights
from summariser.models.names import EMBEDDED
from summariser.schema.response import ResponseSchema
from summariser.settings import Settings
from tests.benchmarks.measuring import Row
from tests.conftest import SEED


def measured() -> Iterator[Row]:
    """Seconds and tokens written, once each; the model is loaded before, by a server of its own for each."""
    settings = load_settings()
    document = Document.from_text(SEED.read_text("utf-8"))
    with open_model(EMBEDDED, settings) as model:
        run = summarise(document, model=model, settings=settings.model_copy(update={"store": None})).run
    plain, wrote, finish = _plain_call(document, settings)
    ours, theirs = f"the seed with {run.prompt}, {run.requests} requests", f"a plain call with brief ({finish})"
    yield Row(ours, theirs, "s", run.seconds, plain)
    yield Row(ours, theirs, "tokens written", run.output_tokens, wrote)


def _plain_call(document: Document, settings: Settings) -> tuple[float, int, str]:
    """Seconds, tokens written and why the model stopped, for one call of the SDK."""
    prompt = prompts.load("brief")
    (call,) = prompt.calls
    schema = ResponseSchema(call.fills, sentences=len(document.sentences)).wire
    alias = EMBEDDED.partition("/")[2]
    server = LocalServer.start(
        find_weights(alias, settings),
        alias=alias,
        context_tokens=settings.context_tokens,
        threads=settings.threads,
        listener=events.ignore,
    )
    client = openai.OpenAI(api_key=server.key, base_url=f"{server.address}/v1", max_retries=0, timeout=3600)
    create: Any = client.chat.completions.create
    try:
        started = time.perf_counter()
        answer = create(
            model=alias,
            messages=[message.model_dump() for message in prompt.render(call, document, document.content)],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "Answer", "strict": True, "schema": schema},
            },
            max_tokens=call.max_output_tokens,
            temperature=settings.temperature,
        )
        taken = time.perf_counter() - started
    finally:
        server.stop()
    return taken, answer.usage.completion_tokens, answer.choices[0].finish_reason
