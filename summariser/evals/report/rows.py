"""What every view shows of a run: scores with intervals between floor and ceiling, finding and reading apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summariser.evals import metric
from summariser.evals.agreement import agreement, annotated
from summariser.evals.baseline_system import MODEL as FLOOR_MODEL
from summariser.evals.baseline_system import PROMPT as FLOOR_PROMPT
from summariser.evals.gold import Case
from summariser.evals.metric import Counts
from summariser.evals.run import Job, RunRecord, run
from summariser.evals.statistics import Interval, f1_interval
from summariser.evals.suite import Suite
from summariser.schema import KindName, claim_names, kind_names

TOGETHER = "claims"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The two lines beside every score: what a dozen cue words reach, and what two annotators reach."""

    baseline: RunRecord
    ceiling: Mapping[KindName, Counts] | None


@dataclass(frozen=True, kw_only=True)
class Score:
    """One F1 with its interval, its precision and recall, and the floor and ceiling beside it."""

    f1: Interval
    precision: float | None
    recall: float | None
    baseline: float | None
    ceiling: float | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """All that is told of one kind, or of the three kinds of claims together."""

    name: str
    counts: Counts
    strict: Score
    detection: Score

    @property
    def found(self) -> float | None:
        """Finding: of the gold items, the share of which a sentence is cited."""
        return metric.ratio(self.counts.found, self.counts.gold)

    @property
    def well_placed(self) -> float | None:
        """Finding: of the predictions, the share that cites a sentence of a gold item."""
        return metric.ratio(self.counts.well_placed, self.counts.predicted)

    @property
    def read(self) -> float | None:
        """Reading: of the items matched, the share that is right in every critical field."""
        return metric.ratio(self.counts.strict, self.counts.matched)

    @property
    def evidence(self) -> float | None:
        """Of the items matched, the mean overlap of the sentences cited with the gold's (Dice)."""
        return metric.ratio(self.counts.evidence, self.counts.matched)

    @property
    def fields(self) -> Iterator[tuple[str, float]]:
        """Reading: for each field, the share of the matched items in which it is right."""
        for name, asked in self.counts.asked.items():
            yield name, self.counts.right.get(name, 0) / asked


def bounds(suite: Suite, cases: Sequence[Case]) -> Bounds:
    """Floor and ceiling on these cases; no ceiling where nothing was labelled twice."""
    baseline = run(Job(suite=suite, cases=tuple(cases), prompt=FLOOR_PROMPT, model=FLOOR_MODEL)).record
    twice = [found for case in cases if (found := annotated(case))]
    if not twice:
        return Bounds(baseline=baseline, ceiling=None)
    ceiling = {kind: Counts() for kind in kind_names()}
    for found in twice:
        for kind, counts in agreement(found).items():
            ceiling[kind].add(counts)
    return Bounds(baseline=baseline, ceiling=ceiling)


def rows(record: RunRecord, between: Bounds) -> list[Row]:
    """A row a kind, and one for the claims together."""
    wanted: list[tuple[str, Sequence[KindName]]] = [(kind, (kind,)) for kind in kind_names()]
    return [_row(name, kinds, record, between) for name, kinds in (*wanted, (TOGETHER, claim_names()))]


def _row(name: str, kinds: Sequence[KindName], record: RunRecord, between: Bounds) -> Row:
    counts = _sum([record.counts(kind) for kind in kinds])
    baseline = _sum([between.baseline.counts(kind) for kind in kinds])
    ceiling = _sum([between.ceiling[kind] for kind in kinds]) if between.ceiling else None

    def score(*, strict: bool) -> Score:
        return Score(
            f1=f1_interval(list(record.parts(kinds, strict=strict).values())),
            precision=metric.precision(counts, strict=strict),
            recall=metric.recall(counts, strict=strict),
            baseline=metric.f_score(baseline, strict=strict),
            ceiling=metric.f_score(ceiling, strict=strict) if ceiling else None,
        )

    return Row(name=name, counts=counts, strict=score(strict=True), detection=score(strict=False))


def _sum(counts: Sequence[Counts]) -> Counts:
    total = Counts()
    for each in counts:
        total.add(each)
    total.cases = counts[0].cases
    return total


def figure(value: float | None) -> str:
    """A share as it is shown: two decimals, a dash where it is undefined."""
    return "–" if value is None else f"{value:.2f}"


def with_interval(score: Score) -> str:
    """F1 with its 95% interval."""
    if score.f1.low is None or score.f1.high is None:
        return figure(score.f1.value)
    return f"{figure(score.f1.value)} [{score.f1.low:.2f}, {score.f1.high:.2f}]"
