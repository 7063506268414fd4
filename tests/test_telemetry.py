"""What whoever traces gets to see: spans and metrics by the conventions, and no text."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from summariser import asummarise_many, load_settings, summarise
from summariser.errors import RefusedError
from summariser.prompts import load
from summariser.testing import FakeModel
from tests.conftest import ROOT
from tests.test_batch import texts
from tests.test_pipeline import ANSWER, TEXT

EXPORTER, READER = InMemorySpanExporter(), InMemoryMetricReader()


@pytest.fixture(scope="session", autouse=True)
def _set_up() -> None:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(EXPORTER))
    trace.set_tracer_provider(provider)
    metrics.set_meter_provider(MeterProvider(metric_readers=[READER]))


@pytest.fixture(autouse=True)
def _empty() -> None:
    EXPORTER.clear()


def spans() -> dict[str, ReadableSpan]:
    return {span.name: span for span in EXPORTER.get_finished_spans()}


def test_a_document_and_each_request_have_a_span_with_model_and_tokens():
    asked = FakeModel(ANSWER)
    summarise(TEXT, model=asked)
    found = spans()
    assert set(found) == {"summarise", "chat fake"}
    request, whole = found["chat fake"], found["summarise"]
    assert request.kind is trace.SpanKind.CLIENT
    assert dict(request.attributes or {}) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "fake",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 20,
    }
    assert request.parent is not None and request.parent.span_id == whole.context.span_id
    assert dict(whole.attributes or {}) == {
        "summariser.prompt": load("brief").id, "summariser.sentences": 4, "summariser.status": "ok",
    }  # fmt: skip


def test_a_failure_is_told_by_its_kind_alone():
    asked = FakeModel(RefusedError("The model refused to answer (I know a secret)."))
    with pytest.raises(RefusedError):
        summarise(TEXT, model=asked)
    for span in spans().values():
        assert (span.attributes or {})["error.type"] == "RefusedError"
        assert span.events == ()
        assert "secret" not in span.to_json()


def test_no_text_is_in_a_span():
    asked = FakeModel(ANSWER)
    summarise(TEXT, model=asked)
    shown = "".join(span.to_json() for span in EXPORTER.get_finished_spans())
    assert not [word for word in ("Arlen", "treaty", "quays") if word in shown]


def test_tokens_and_seconds_are_metrics():
    asked = FakeModel(ANSWER)
    summarise(TEXT, model=asked)
    data = READER.get_metrics_data()
    assert data is not None
    found = {m.name: m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics}
    assert set(found) == {"gen_ai.client.operation.duration", "gen_ai.client.token.usage"}
    kinds = {point.attributes["gen_ai.token.type"] for point in found["gen_ai.client.token.usage"].data.data_points}
    assert kinds == {"input", "output"}


def test_nothing_is_imported_for_those_who_do_not_trace():
    script = (
        "import sys\nfrom summariser import summarise\nfrom summariser.testing import FakeModel\n"
        "from tests.test_pipeline import ANSWER, TEXT\nasked = FakeModel(ANSWER)\nsummarise(TEXT, model=asked)\n"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_with_a_store_a_request_has_one_span_and_an_answer_from_it_none(tmp_path: Path):
    for prompt, expected in (("brief@2", {"summarise", "chat fake"}), ("brief@1", {"summarise"})):
        EXPORTER.clear()
        summarise(TEXT, model=FakeModel(ANSWER), prompt=prompt, settings=load_settings(store=tmp_path / "s"))
        names = [span.name for span in EXPORTER.get_finished_spans()]
        assert sorted(names) == sorted(expected)


def test_in_an_event_loop_each_document_has_its_own_requests():
    async def main() -> None:
        asked = FakeModel(lambda wire: ANSWER)
        assert [r.status async for r in asummarise_many(texts(3), model=asked, concurrency=3)] == ["ok"] * 3

    asyncio.run(main())
    found = EXPORTER.get_finished_spans()
    wholes = {span.context.span_id for span in found if span.name == "summarise" and span.context}
    parents = [span.parent.span_id for span in found if span.name == "chat fake" and span.parent]
    assert len(wholes) == 3
    assert set(parents) == wholes
