"""Shares and balanced accuracy with bootstrap intervals over documents."""

import random
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

_DRAWS = 1000
_SEED = 7


@dataclass(frozen=True)
class Judged:
    """One judged claim: its document, whether it is right, and whether it was accepted."""

    document: str
    right: bool
    accepted: bool


@dataclass(frozen=True)
class Score:
    """What a system does on one set, in per cent, with 95% intervals over documents.

    Attributes:
        system: The system.
        name: The set.
        rows: How many claims were judged.
        accepted: The share of the right ones that are accepted, with its interval.
        refused: The share of the others that are refused.
        balanced: The mean of both, or the macro F that the set is measured by.
        published: Figures that others published for the set's own test part.
    """

    system: str
    name: str
    rows: int
    accepted: tuple[float, float, float]
    refused: tuple[float, float, float]
    balanced: tuple[float, float, float]
    published: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the score by the names of its attributes."""
        return asdict(self)

    def __str__(self) -> str:
        figures = "  ".join(f"{value:5.1f} [{low:4.1f}, {high:4.1f}]" for value, low, high in self.figures)
        return f"{self.name:<26} {self.system:<16} {self.rows:5}  {figures}  {self.published}".rstrip()

    @property
    def figures(self) -> tuple[tuple[float, float, float], ...]:
        """The three figures in the order of the table."""
        return self.accepted, self.refused, self.balanced


HEAD = f"{'set':<26} {'system':<16} {'rows':>5}  {'right accepted':<18}  {'others refused':<18}  balanced accuracy"


def score(system: str, name: str, judged: Sequence[Judged], published: str = "") -> Score:
    """Return the score of judged claims, with intervals from a seeded bootstrap over documents."""
    return mean(system, name, [judged], published)


def mean(system: str, name: str, sets: Sequence[Sequence[Judged]], published: str = "") -> Score:
    """Return the mean score over several sets, each drawn by itself."""
    counts = [list(_by_document(judged).values()) for judged in sets]
    chance = random.Random(_SEED)
    drawn = [_mean(_figures(chance.choices(each, k=len(each))) for each in counts) for _ in range(_DRAWS)]
    figures = _with_intervals(_mean(map(_figures, counts)), drawn)
    return Score(system, name, sum(map(len, sets)), *figures, published)


def _mean(figures: Iterable[tuple[float, float, float]]) -> tuple[float, float, float]:
    accepted, refused, balanced = (statistics.fmean(column) for column in zip(*figures, strict=True))
    return accepted, refused, balanced


def _by_document(judged: Sequence[Judged]) -> dict[str, tuple[int, int, int, int]]:
    """Return how many claims are right, right and accepted, wrong, wrong and refused, by document."""
    found: dict[str, list[int]] = {}
    for each in judged:
        counts = found.setdefault(each.document, [0, 0, 0, 0])
        counts[0 if each.right else 2] += 1
        counts[1 if each.right else 3] += each.accepted == each.right
    return {document: (a, b, c, d) for document, (a, b, c, d) in found.items()}


def _figures(counts: Sequence[tuple[int, int, int, int]]) -> tuple[float, float, float]:
    right, accepted, wrong, refused = (sum(column) for column in zip(*counts, strict=True))
    shares = 100 * accepted / max(1, right), 100 * refused / max(1, wrong)
    return (*shares, sum(shares) / 2)


def macro_f(system: str, name: str, judged: Sequence[Judged], published: str = "") -> Score:
    """Return the score of a classification, with the macro F of both classes in place of the balanced accuracy."""
    documents: dict[str, list[Judged]] = {}
    for each in judged:
        documents.setdefault(each.document, []).append(each)
    groups, chance = list(documents.values()), random.Random(_SEED)
    drawn = [_f_figures([j for g in chance.choices(groups, k=len(groups)) for j in g]) for _ in range(_DRAWS // 10)]
    return Score(system, name, len(judged), *_with_intervals(_f_figures(judged), drawn), published)


def _f_figures(judged: Sequence[Judged]) -> tuple[float, float, float]:
    accepted, refused, _ = _figures(list(_by_document(judged).values()))
    return accepted, refused, 100 * sum(_f(judged, positive) for positive in (True, False)) / 2


def _f(judged: Sequence[Judged], positive: bool) -> float:
    hit = sum(j.right is positive and j.accepted is positive for j in judged)
    missed = sum(j.right is positive for j in judged) + sum(j.accepted is positive for j in judged)
    return 2 * hit / max(1, missed)


def _with_intervals(
    figures: tuple[float, float, float], drawn: Sequence[tuple[float, float, float]]
) -> list[tuple[float, float, float]]:
    columns = [sorted(column) for column in zip(*drawn, strict=True)]
    edge = len(drawn) * 25 // 1000
    return [(value, column[edge], column[-edge - 1]) for value, column in zip(figures, columns, strict=True)]
