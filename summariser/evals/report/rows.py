"""The rows of all reports: the scores of a run by kind, between the baseline system and inter-annotator agreement."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summariser.evals import baseline_system, metric
from summariser.evals.agreement import agreement, annotated
from summariser.evals.gold import Case
from summariser.evals.metric import Counts
from summariser.evals.run import Job, run
from summariser.evals.run_record import RunRecord
from summariser.evals.statistics import Interval, f1_interval
from summariser.evals.suite import Suite
from summariser.schema import KindName, claim_names, kind_names

TOGETHER = "claims"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The references for every score.

    Attributes:
        baseline: The run of the baseline system.
        annotators: The counts of two annotators against each other; None if no case has two annotations.
    """

    baseline: RunRecord
    annotators: Mapping[KindName, Counts] | None


@dataclass(frozen=True, kw_only=True)
class Score:
    """One F1 and its references; every share is None if it is undefined.

    Attributes:
        f1: The F1 with its confidence interval.
        precision: The precision.
        recall: The recall.
        baseline: The F1 of the baseline system.
        annotators: The F1 of two annotators against each other.
    """

    f1: Interval
    precision: float | None
    recall: float | None
    baseline: float | None
    annotators: float | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """The results of one kind, or of all claims together.

    Attributes:
        name: The plural of the kind, or "claims".
        counts: The counts.
        strict: The score of pairs with every critical field right.
        detection: The score of all pairs.
    """

    name: str
    counts: Counts
    strict: Score
    detection: Score

    @property
    def found(self) -> float | None:
        """The share of the gold items of which a prediction cites a sentence."""
        return metric.ratio(self.counts.found, self.counts.gold)

    @property
    def well_placed(self) -> float | None:
        """The share of the predictions that cite a sentence of a gold item."""
        return metric.ratio(self.counts.well_placed, self.counts.predicted)

    @property
    def read(self) -> float | None:
        """The share of the pairs with every critical field right."""
        return metric.ratio(self.counts.strict, self.counts.matched)

    @property
    def evidence(self) -> float | None:
        """The mean Dice coefficient of the cited sentences of the pairs."""
        return metric.ratio(self.counts.evidence, self.counts.matched)

    @property
    def fields(self) -> Iterator[tuple[str, float]]:
        """The share of the pairs in which a field is right, for each field."""
        for name, asked in self.counts.asked.items():
            yield name, self.counts.right.get(name, 0) / asked


def bounds(suite: Suite, cases: Sequence[Case]) -> Bounds:
    """Return the references for the scores of a run on some cases of a suite."""
    job = Job(suite=suite, cases=tuple(cases), prompt=baseline_system.PROMPT, model=baseline_system.MODEL)
    baseline = run(job).record
    annotated_twice = [found for case in cases if (found := annotated(case))]
    if not annotated_twice:
        return Bounds(baseline=baseline, annotators=None)
    total = {kind: Counts() for kind in kind_names()}
    for found in annotated_twice:
        for kind, counts in agreement(found).items():
            total[kind].add(counts)
    return Bounds(baseline=baseline, annotators=total)


def rows(record: RunRecord, between: Bounds) -> list[Row]:
    """Return one row for each kind, and one for all claims together.

    Args:
        record: The run.
        between: The references for its scores.
    """
    wanted: list[tuple[str, Sequence[KindName]]] = [(kind, (kind,)) for kind in kind_names()]
    return [_row(name, kinds, record, between) for name, kinds in (*wanted, (TOGETHER, claim_names()))]


def _row(name: str, kinds: Sequence[KindName], record: RunRecord, between: Bounds) -> Row:
    counts = _sum([record.counts(kind) for kind in kinds])
    baseline = _sum([between.baseline.counts(kind) for kind in kinds])
    annotators = _sum([between.annotators[kind] for kind in kinds]) if between.annotators else None

    def score(*, strict: bool) -> Score:
        return Score(
            f1=f1_interval(list(record.parts(kinds, strict=strict).values())),
            precision=metric.precision(counts, strict=strict),
            recall=metric.recall(counts, strict=strict),
            baseline=metric.f_score(baseline, strict=strict),
            annotators=metric.f_score(annotators, strict=strict) if annotators else None,
        )

    return Row(name=name, counts=counts, strict=score(strict=True), detection=score(strict=False))


def _sum(counts: Sequence[Counts]) -> Counts:
    """Return the sum of the counts of several kinds in the same cases."""
    total = Counts()
    for each in counts:
        total.add(each)
    total.cases = counts[0].cases
    return total


def figure(value: float | None) -> str:
    """Return a share with two decimals; a dash if it is undefined."""
    return "–" if value is None else f"{value:.2f}"


def with_interval(score: Score) -> str:
    """Return the F1 of a score with its 95% confidence interval."""
    if score.f1.low is None or score.f1.high is None:
        return figure(score.f1.value)
    return f"{figure(score.f1.value)} [{score.f1.low:.2f}, {score.f1.high:.2f}]"
