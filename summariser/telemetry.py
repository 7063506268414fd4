"""Spans and metrics by OpenTelemetry's conventions for generative AI.

This module imports nothing: it does nothing unless the host program has imported OpenTelemetry's API. A span never has
a text, a prompt, an answer or a key, nor the message of an error, because that may quote an answer.
"""

import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from summariser.version import VERSION

_T = TypeVar("_T")
_PROVIDERS = {"google": "gcp.gemini", "mistral": "mistral_ai", "xai": "x_ai"}  # the other names are the same
_SCOPE = "summariser"


async def observed(model: str, attempt: Callable[[], Awaitable[_T]]) -> _T:
    """Return the answer of one attempt to call a model; record a client span, and metrics of tokens and seconds."""
    trace, metrics = sys.modules.get("opentelemetry.trace"), sys.modules.get("opentelemetry.metrics")
    if trace is None:
        return await attempt()
    provider, _, name = model.partition("/")
    attributes: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": _PROVIDERS.get(provider, provider),
        "gen_ai.request.model": name,
    }
    tracer = trace.get_tracer(_SCOPE, VERSION)
    started = time.monotonic()
    with tracer.start_as_current_span(
        f"chat {name}",
        kind=trace.SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        failed: dict[str, str] = {}
        tokens = (0, 0)
        try:
            answer = await attempt()
            tokens = _tokens(answer)
        except Exception as error:
            failed = {"error.type": type(error).__name__}
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(trace.Status(trace.StatusCode.ERROR))
            raise
        finally:
            for kind, count in zip(("input", "output"), tokens, strict=True):
                span.set_attribute(f"gen_ai.usage.{kind}_tokens", count)
            if metrics is not None:
                _measure(metrics, attributes, failed, time.monotonic() - started, tokens)
    return answer


def _tokens(answer: object) -> tuple[int, int]:
    reported = getattr(answer, "usage", None)
    return int(getattr(reported, "prompt_tokens", 0) or 0), int(getattr(reported, "completion_tokens", 0) or 0)


def _measure(
    metrics: Any, attributes: dict[str, Any], failed: dict[str, str], seconds: float, tokens: tuple[int, int]
) -> None:
    meter = metrics.get_meter(_SCOPE, VERSION)
    duration = meter.create_histogram("gen_ai.client.operation.duration", unit="s")
    duration.record(seconds, {**attributes, **failed})
    reported = meter.create_histogram("gen_ai.client.token.usage", unit="{token}")
    for kind, count in zip(("input", "output"), tokens, strict=True):
        if count:
            reported.record(count, {**attributes, "gen_ai.token.type": kind})


@contextmanager
def document(prompt: str, sentences: int) -> Iterator[Callable[[str], None]]:
    """Record a span around one document; yield a function that sets the status of the run."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        yield lambda status: None
        return
    attributes = {"summariser.prompt": prompt, "summariser.sentences": sentences}
    tracer = trace.get_tracer(_SCOPE, VERSION)
    with tracer.start_as_current_span(
        "summarise", attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield lambda status: span.set_attribute("summariser.status", status)
        except Exception as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(trace.Status(trace.StatusCode.ERROR))
            raise
