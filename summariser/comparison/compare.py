"""Compare Summaries: the changes of one matter, or the differences of several reports on one event."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import get_args

from summariser import events
from summariser.comparison.ask import GivenPairs, ask_for_pairs
from summariser.comparison.changes import changes_between
from summariser.comparison.models import ChangeName, Comparison, Way
from summariser.comparison.reports import reports_of
from summariser.comparison.sides import Compared
from summariser.errors import InputError
from summariser.models import Model
from summariser.schema import Summary

_ORDER = get_args(ChangeName)


async def compare_summaries(
    summaries: Sequence[Summary],
    *,
    way: Way | None = None,
    model: Model | None = None,
    listener: events.Listener = events.ignore,
) -> Comparison:
    """Return what changed between two Summaries, or where several reports of one event agree and differ.

    Args:
        summaries: The Summaries. With their documents (see `Summary.with_source`) more can be told, for what no item
            has may stand in a sentence.
        way: "changes" from the first of two to the second, or "reports" of one event. By default two Summaries are
            compared for changes, more as reports.
        model: The model that names the items that are the same, in one request for each two Summaries; None to align
            them by rules.
        listener: Receives an event for each request.

    Raises:
        InputError: There are fewer than two Summaries, or more than two are compared for changes.
    """
    if len(summaries) < 2:
        raise InputError("A comparison needs two texts; give another one.")
    way = way or ("changes" if len(summaries) == 2 else "reports")
    if way == "changes" and len(summaries) > 2:
        raise InputError("Changes are told between two texts; give two, or compare all as reports of one event.")
    texts = [Compared(number, summary) for number, summary in enumerate(summaries)]
    given, notes = await _pairs(texts, model, listener)
    notes = list(dict.fromkeys((*_limits(texts), *notes)))
    documents = tuple(summary.document for summary in summaries)
    if way == "changes":
        found = changes_between(texts[0], texts[1], given[0, 1] if given is not None else None)
        changes = sorted(found.changes, key=lambda change: _ORDER.index(change.change))
        return Comparison(
            way=way,
            documents=documents,
            changes=tuple(changes),
            same=tuple(found.same),
            unclear=tuple(found.unclear),
            notes=tuple(notes),
        )
    differences, same, unclear = reports_of(texts, given)
    return Comparison(
        way=way,
        documents=documents,
        differences=tuple(differences),
        same=tuple(same),
        unclear=tuple(unclear),
        notes=tuple(notes),
    )


async def _pairs(
    texts: Sequence[Compared], model: Model | None, listener: events.Listener
) -> tuple[dict[tuple[int, int], GivenPairs] | None, list[str]]:
    """Return the pairs that a model calls the same, for each two texts, and notes about requests that failed."""
    if model is None:
        return None, []
    found: dict[tuple[int, int], GivenPairs] = {}
    for one, other in combinations(texts, 2):
        pairs, request = await ask_for_pairs(one, other, model, listener=listener)
        if pairs is None:
            why = next(iter(map(str, request.failures)), "a batch API cannot answer it")
            return None, [f"The items were aligned by rules, for the request about them failed: {why}"]
        found[one.number, other.number] = pairs
    return found, []


def _limits(texts: Sequence[Compared]) -> Iterator[str]:
    """Yield what limits the comparison."""
    for text in texts:
        document, status = text.summary.document, text.summary.run.status
        if not text.is_whole:
            yield f"The summary of {document.source} is incomplete ({status}); what it lacks is not called dropped."
        if not text.has_text:
            yield f"The text of {document.source} is not at hand; only what its summary cites was compared."
        if text.is_read_by_rules:
            yield (
                f"Rules read the items of {document.source} off its words; they find a part of what it says. What it "
                "lacks is unclear, unless a model names the items that are the same."
            )
        yield from _left_out(text)
    languages = {text.language for text in texts}
    if len(languages) > 1:
        yield "The texts are in different languages; without a model hardly any items are found to be the same."
    days = [text.summary.document.published for text in texts]
    if all(days) and days != sorted(days, key=str):
        yield "The texts are not in the order of their days of publication."


def _left_out(text: Compared) -> Iterator[str]:
    """Yield how many items of a text are not compared, and why."""
    refuted, inferred = text.left_out()
    for number, why in ((refuted, "that its own text refutes (✗)"), (inferred, "that the model inferred (~)")):
        if number:
            items, are = ("item", "is") if number == 1 else ("items", "are")
            yield f"{number} {items} of {text.summary.document.source} {why} {are} not compared."
