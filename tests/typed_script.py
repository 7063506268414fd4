"""A script that uses the public names, for type checkers: `mypy --strict` and pyright's strict mode accept it."""

import asyncio
from datetime import date
from pathlib import Path

from summariser import (
    AsyncSummariser,
    Commitment,
    Document,
    Model,
    Result,
    Summariser,
    SummariserError,
    Summary,
    asummarise,
    asummarise_many,
    events,
    load_settings,
    open_model,
    summarise,
    summarise_many,
)
from summariser.testing import FakeModel, cassette


def lines_of(summary: Summary) -> list[str]:
    """Return what a script may show of a summary."""
    lines: list[str] = [summary.headline, summary.to_json(indent=None), summary.to_markdown()]
    for commitment in summary.commitments:
        who: str = ", ".join(map(summary.name, commitment.by))
        day: date | None = commitment.deadline.date if commitment.deadline else None
        lines.append(f"{who} {commitment.status} {commitment.action} {day} {commitment.sentences}")
    lines += [f"{reaction.stance} {reaction.towards.text} {reaction.quote}" for reaction in summary.reactions]
    lines += [f"{risk.basis} {risk.risk} {risk.inferred}" for risk in summary.risks]
    for item in summary.unverified:
        verdict: str = item.verdict
        lines += [f"{item.id}: {verdict} {item.confidence} {item.reason}"]
        lines += [f"{evidence.match} {evidence.text} {evidence.difference}" for evidence in item.evidence]
        lines += [f"{check.field}: {check.outcome} {check.reason} {check.sentences}" for check in item.checks]
    lines += [item.id for item in summary.refuted]
    lines += [f"{warning.code.value}: {warning.message}" for warning in summary.warnings]
    return lines + [str(row["text"]) for row in summary.to_rows()]


def supported(summary: Summary) -> list[Commitment]:
    """Return the commitments that the source supports."""
    return [commitment for commitment in summary.commitments if commitment.verdict == "supported"]


def progress(event: events.Event) -> None:
    """Show an event."""
    lines_of_event: str = str(event)
    Path("log").write_text(lines_of_event, "utf-8")


def synchronous(paths: list[Path]) -> None:
    """Use what works without an event loop."""
    model: Model
    with open_model("openai/gpt-5-mini", load_settings(timeout_seconds=30)) as model:
        try:
            summary = summarise(paths[0], model=model, published=date(2025, 3, 1))
        except SummariserError as error:
            raise SystemExit(str(error)) from error
        summary.raise_for_status()
        assert lines_of(summary) or supported(summary)
    with Summariser(model="openai/gpt-5-mini", prompt="brief", timeout=30, listener=progress) as client:
        assert client.summarise(paths[0]).run.status == "ok"
        result: Result
        for result in client.summarise_many(paths):
            result.raise_for_status()
    assert [result.id for result in summarise_many(paths, model="openai/gpt-5-mini", concurrency=16)]
    with cassette(Path("cassettes/one"), "auto", model="openai/gpt-5-mini") as recorded:
        assert summarise(Document.from_text("Arlen signed a pact."), model=recorded)


async def asynchronous(paths: list[Path]) -> None:
    """Use what works in an event loop."""
    async with AsyncSummariser(model=FakeModel({}), concurrency=8) as client:
        summary: Summary = await client.summarise(paths[0])
        assert summary.headline
        async for result in client.summarise_many(paths):
            assert result.id
    assert await asummarise(paths[0])
    async for result in asummarise_many(paths):
        assert result.error is None or result.summary is None


if __name__ == "__main__":
    synchronous([Path("report.txt")])
    asyncio.run(asynchronous([Path("report.txt")]))
