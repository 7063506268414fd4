"""Pledges in manifestos: whether a sentence is a pledge, by the words of the status "pledged"."""

import csv
from collections.abc import Iterator
from pathlib import Path

from summariser.grounding.checks.signals import signals
from summariser.text import tokenize
from tests.benchmarks.scores import Judged, Score, macro_f

_ENGLISH = "India"  # the country whose manifestos are in English
_PUBLISHED = "macro F: BERT zero-shot 70.1, in domain 76.4"


def measured(file: Path) -> Iterator[Score]:
    """Yield the score on the English sentences of the file."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["country"] == _ENGLISH]
    judged = [Judged(row["file"], row["binary_pledge"] == "1", _is_pledge(row["text"])) for row in rows]
    yield macro_f("summariser", "pledges (macro F)", judged, _PUBLISHED)


def _is_pledge(text: str) -> bool:
    return "pledged" in signals("status", tokenize(text), "en").plain
