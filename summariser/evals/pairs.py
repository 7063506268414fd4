"""Labelled comparisons: pairs of texts, what changed or differs between them, and the scores of comparisons."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from summariser import events
from summariser.comparison import Comparison, Side, Way, compare_summaries
from summariser.concurrency import run_now
from summariser.documents import Document, read
from summariser.errors import InputError, ProviderError
from summariser.evals.gold import Split, yaml12
from summariser.evals.recordings import Cassette, Mode, folder_of
from summariser.evals.suite import HeldComparison, SplitWanted, Suite
from summariser.extraction import ask
from summariser.grounding import ground
from summariser.linking import link
from summariser.models import Model, Transport, is_local, model_over, open_model
from summariser.prompts import Prompt
from summariser.schema import Summary
from summariser.settings import Settings
from summariser.text.similarity import recall

FOLDER = "pairs"
_SAME_MATTER = 0.5  # share of the words of a label that a told change has, if their sentences differ
_ANY_KIND = frozenset({"number", "name", "speaker"})  # differences that count whatever the kind of their items

Sentences = list[Annotated[int, Field(ge=1)]]


class GoldChange(BaseModel):
    """A labelled change or difference.

    Attributes:
        kind: The kind of the item, or "fact".
        change: Its name; in reports "only_a" and "only_b" for an item of one report alone.
        a: The sentences of the first text that show it.
        b: The sentences of the second.
        what: What it is, in a few words.
        optional: True if careful readers could differ: no reward, no penalty.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["commitment", "reaction", "risk", "fact"]
    change: Literal[
        "new", "dropped", "firmer", "softer", "number", "date", "condition", "recipient", "turned", "gone", "name",
        "speaker", "only_a", "only_b",
    ]  # fmt: skip
    a: Sentences
    b: Sentences
    what: Annotated[str, Field(min_length=1)]
    optional: bool = False


class GoldPair(BaseModel):
    """The labels of a pair, in the format of its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pair: str
    split: Split
    way: Way
    published: tuple[date, date]
    changes: tuple[GoldChange, ...]


@dataclass(frozen=True)
class Pair:
    """A labelled pair: its folder, its two documents and its labels."""

    folder: Path
    documents: tuple[Document, Document]
    gold: GoldPair


@dataclass(frozen=True)
class Told:
    """A change or difference of a comparison, in the terms of the labels."""

    kind: str
    name: str
    a: frozenset[int]
    b: frozenset[int]
    words: str


@dataclass(frozen=True)
class PairScore:
    """How a comparison of a pair compares with its labels.

    Attributes:
        pair: The name of the pair.
        way: How it is compared.
        right: The number of required labels that it tells.
        spurious: What it tells that no label has.
        missed: The required labels that it does not tell.
    """

    pair: str
    way: Way
    right: int
    spurious: tuple[Told, ...]
    missed: tuple[GoldChange, ...]


def load_pairs(suite: Suite, split: SplitWanted = "all") -> tuple[Pair, ...]:
    """Return the labelled pairs of a suite, in the order of their names; none if it has no such folder.

    Args:
        suite: The suite.
        split: The split of the pairs.

    Raises:
        InputError: A file is malformed or missing.
    """
    folders = sorted(path.parent for path in (suite.folder / FOLDER).glob("*/gold.yaml"))
    pairs = [_load(folder) for folder in folders]
    return tuple(pair for pair in pairs if split in ("all", pair.gold.split))


def _load(folder: Path) -> Pair:
    path = folder / "gold.yaml"
    try:
        gold = GoldPair.model_validate(yaml12.load(path.read_text("utf-8")))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise InputError(f"{path} is no valid label file ({error}); correct it.") from None
    documents = [
        replace(read(folder / f"{name}.txt", published=day), source=f"{folder.name}/{name}")
        for name, day in zip("ab", gold.published, strict=True)
    ]
    return Pair(folder, (documents[0], documents[1]), gold)


# ── comparing ────────────────────────────────────────────────────────────────────────────────────


def comparison_of(
    pair: Pair, suite: Suite, wanted: HeldComparison, settings: Settings, mode: Mode = "replay"
) -> Comparison:
    """Return the comparison of a pair, from recorded answers.

    Args:
        pair: The pair.
        suite: The suite, for its prompts and its temperature.
        wanted: The prompt, the model, and whether the model also names the items that are the same.
        settings: The settings.
        mode: "replay", or "record" to ask the model for what is not recorded.

    Raises:
        RecordingsError: An answer is not recorded.
        ModelError: A request failed.
    """
    settings = settings.model_copy(update={"temperature": suite.temperature})
    prompt = suite.prompt(wanted.prompt)
    with ExitStack() as stack:

        def live() -> Transport:
            return stack.enter_context(open_model(wanted.model, settings)).transport

        folder = folder_of(pair.folder / "recordings", prompt.id, wanted.model)
        cassette = Cassette(folder, mode, "run 'summariser eval pairs' (record)", name=f"Pair {pair.folder.name}")
        model = model_over(wanted.model, settings, cassette.transport(wanted.model, 0, cache(live)))
        summaries = [_summary(document, model, prompt) for document in pair.documents]
        aligning = model if wanted.align else None
        return run_now(compare_summaries(summaries, way=pair.gold.way, model=aligning))


def _summary(document: Document, model: Model, prompt: Prompt) -> Summary:
    extraction = run_now(ask(model, prompt, document, listener=events.ignore))
    for error in extraction.errors:
        if isinstance(error, ProviderError):
            raise error
    extraction.seconds = 0.0
    linked = link(extraction.draft, document, completing=is_local(model.name))
    return ground(linked, document, extraction).with_source(document)


# ── scores ───────────────────────────────────────────────────────────────────────────────────────


def score(pair: Pair, comparison: Comparison) -> PairScore:
    """Return how a comparison compares with the labels of its pair.

    A told change is right if a label has its kind and name, and cites a common sentence of each text in which both cite
    one; or if it has half of the words of the label. In reports, the kind of a number, a name or a speaker does not
    matter. A label counts once; what tells an optional label, or one a second time, counts neither way.

    Args:
        pair: The pair.
        comparison: Its comparison.
    """
    told = told_in(comparison)
    left = list(pair.gold.changes)
    right, spurious = 0, []
    for each in told:
        label = next((label for label in left if _fits(label, each, pair)), None)
        if label is not None:
            left.remove(label)
            right += not label.optional
        elif not any(_fits(label, each, pair) for label in pair.gold.changes):
            spurious.append(each)
    missed = tuple(label for label in left if not label.optional)
    return PairScore(pair.gold.pair, pair.gold.way, right, tuple(spurious), missed)


def told_in(comparison: Comparison) -> list[Told]:
    """Return the changes and differences of a comparison of two texts in the terms of the labels."""
    found = [
        _told(each.kind, each.change, [side for side in (each.before, each.after) if side], f"{each.was} {each.now}")
        for each in comparison.changes
    ]
    for each in comparison.differences:
        name = f"only_{'b' if 0 in each.missing else 'a'}" if each.difference == "only" else str(each.difference)
        name = "number" if name == "date" else name  # the labels of reports count days among the numbers
        found.append(_told(each.kind, name, each.sides, " ".join(each.values)))
    return found


def _told(kind: str, name: str, sides: Sequence[Side], values: str) -> Told:
    cited = [frozenset(n for side in sides if side.source == source for n in side.sentences) for source in (0, 1)]
    words = " ".join((values, *(f"{side.who} {side.text}" for side in sides)))
    return Told(kind, name, cited[0], cited[1], words)


def _fits(label: GoldChange, told: Told, pair: Pair) -> bool:
    same_kind = label.kind == told.kind or (pair.gold.way == "reports" and label.change in _ANY_KIND)
    if label.change != told.name or not same_kind:
        return False
    common = [bool(set(gold) & cited) for gold, cited in ((label.a, told.a), (label.b, told.b)) if gold and cited]
    if common and all(common):
        return True
    return recall(told.words, label.what, pair.documents[0].language) >= _SAME_MATTER


def f1_of(scores: Sequence[PairScore]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the comparisons of several pairs together (micro average)."""
    right = sum(each.right for each in scores)
    told = right + sum(len(each.spurious) for each in scores)
    wanted = right + sum(len(each.missed) for each in scores)
    precision, recalled = (right / total if total else 0.0 for total in (told, wanted))
    return precision, recalled, 2 * right / (told + wanted) if told + wanted else 0.0
