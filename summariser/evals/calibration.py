"""Calibration: fit the confidence of claims on recorded answers, and measure it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from summariser.errors import InputError
from summariser.evals.gold import Case
from summariser.evals.recordings import is_recorded
from summariser.evals.run import Job, run
from summariser.evals.run_record import CaseRecord, RunRecord
from summariser.evals.suite import SplitWanted, Suite
from summariser.grounding.confidence import Bin, Calibration, MadeBy, features, made_by
from summariser.schema import VerdictLabel, claims
from summariser.settings import Settings

_BINS = 10
_STRENGTH = 1.0  # of the regularisation, as scikit-learn's C; of 0.05 to 1 the best on the other documents of dev
_FEWEST = 5  # claims that a feature must have


@dataclass(frozen=True)
class JudgedClaim:
    """A claim of a run with what the checks say of it, and whether the gold labels say that it is right.

    Attributes:
        run: The prompt and the model.
        case: Its case.
        made_by: Who made it.
        verdict: The verdict of the checks.
        confidence: The confidence; None if it is not known.
        features: The features of the confidence.
        right: True if every critical field is right.
    """

    run: str
    case: str
    made_by: MadeBy
    verdict: VerdictLabel
    confidence: float | None
    features: dict[str, float]
    right: bool


def calibrated(suite: Suite, settings: Settings) -> Calibration:
    """Return the calibration fitted on all recorded answers to the split dev of a suite.

    Args:
        suite: The suite.
        settings: The settings of the replays.

    Raises:
        InputError: No prompt has recordings.
    """
    return fit(recorded_claims(suite, settings, "dev"), suite=suite.name, split="dev")


def recorded_claims(suite: Suite, settings: Settings, split: SplitWanted) -> list[JudgedClaim]:
    """Return the judged claims of all recorded answers of a suite, by replay.

    Args:
        suite: The suite.
        settings: The settings of the replays.
        split: The split of the cases.

    Raises:
        InputError: No prompt has recordings.
    """
    found: list[JudgedClaim] = []
    for prompt, model, cases in _recorded(suite, split):
        job = Job(suite=suite, cases=cases, prompt=suite.prompt(prompt), model=model, split=split, settings=settings)
        found += judged_claims(run(job).record)
    if not found:
        raise InputError(f"The suite in {suite.folder} has no recordings; make them with 'summariser eval record'.")
    return found


def _recorded(suite: Suite, split: SplitWanted) -> Iterator[tuple[str, str, tuple[Case, ...]]]:
    """Yield each prompt and model with recordings of its own, with the cases that are recorded."""
    wanted = suite.chosen(split, ())
    for prompt in sorted(path.name for path in suite.recordings.iterdir() if path.is_dir()):
        for folder in sorted(path for path in (suite.recordings / prompt).iterdir() if path.is_dir()):
            model = folder.name.replace("--", "/", 1)
            cases = tuple(case for case in wanted if is_recorded(suite.recordings, prompt, model, case.id))
            if cases and not _is_borrowed(suite.recordings, prompt, folder.name):
                yield prompt, model, cases


def _is_borrowed(recordings: Path, prompt: str, model: str) -> bool:
    """Return True if the next version of the prompt has recordings but not of all cases, and so replays these too."""
    name, _, version = prompt.partition("@")
    following = recordings / f"{name}@{int(version) + 1}" / model
    mine = {path.name for path in (recordings / prompt / model).iterdir()}
    return following.is_dir() and not mine <= {path.name for path in following.iterdir()}


def judged_claims(record: RunRecord, *, split: str = "all") -> list[JudgedClaim]:
    """Return the claims of a run that the gold labels judge; optional and neutral ones are left out.

    Args:
        record: The run.
        split: The split of the cases, or "all".
    """
    cases = (case for case in record.scored if split in ("all", case.split))
    return [claim for case in cases for claim in _of_case(record, case)]


def _of_case(record: RunRecord, case: CaseRecord) -> Iterable[JudgedClaim]:
    summary = case.draws[0].summary
    if summary is None:
        return
    for kind in claims():
        matching = case.draws[0].kinds[kind.plural].matching
        pairs = {pair.predicted: pair for pair in matching.pairs}
        for item in summary.of(kind):
            pair = pairs.get(item.id)
            if item.id in matching.neutral or (pair is not None and pair.optional):
                continue
            maker = made_by(item, record.model)
            yield JudgedClaim(
                run=f"{record.prompt} with {record.model}",
                case=case.case,
                made_by=maker,
                verdict=item.verdict,
                confidence=item.confidence,
                features=features(item, maker),
                right=pair is not None and pair.strict,
            )


# ── the fit ──────────────────────────────────────────────────────────────────────────────────────


def fit(judged: Sequence[JudgedClaim], *, suite: str, split: str) -> Calibration:
    """Return the weights of a logistic regression with an L2 penalty, fitted on claims.

    Each run has the same total weight, so that the runs with many claims do not decide alone.

    Args:
        judged: The claims.
        suite: The name of the suite.
        split: The split of the cases.
    """
    names = _common(judged)
    intercept, weights = _fitted(judged, names)
    held_out = [
        (probability, claim.right)
        for case in sorted({claim.case for claim in judged})
        for probability, claim in _without(judged, names, case)
    ]
    return Calibration(
        suite=suite,
        split=split,
        recordings=tuple(sorted({claim.run for claim in judged})),
        claims=len(judged),
        intercept=round(intercept, 4),
        weights={name: round(weight, 4) for name, weight in zip(names, weights, strict=True)},
        reliability=tuple(reliability(held_out)),
    )


def _common(judged: Sequence[JudgedClaim]) -> list[str]:
    """Return the features that enough claims have, in alphabetical order."""
    counts: dict[str, int] = {}
    for claim in judged:
        for name in claim.features:
            counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= _FEWEST)


def _fitted(judged: Sequence[JudgedClaim], names: Sequence[str]) -> tuple[float, list[float]]:
    from sklearn.linear_model import LogisticRegression

    rows = [[claim.features.get(name, 0.0) for name in names] for claim in judged]
    runs = [claim.run for claim in judged]
    share = {run: len(judged) / len(set(runs)) / runs.count(run) for run in set(runs)}
    model = LogisticRegression(C=_STRENGTH, max_iter=2000)
    model.fit(rows, [claim.right for claim in judged], sample_weight=[share[run] for run in runs])
    return float(model.intercept_[0]), [float(weight) for weight in model.coef_[0]]


def _without(judged: Sequence[JudgedClaim], names: Sequence[str], case: str) -> Iterable[tuple[float, JudgedClaim]]:
    """Yield the claims of a case with the probabilities by weights that were fitted on the other cases."""
    intercept, weights = _fitted([claim for claim in judged if claim.case != case], names)
    fitted = Calibration(
        suite="", split="", recordings=(), claims=0, intercept=intercept,
        weights=dict(zip(names, weights, strict=True)),
        reliability=(),
    )  # fmt: skip
    for claim in judged:
        if claim.case == case:
            yield fitted.probability(claim.features), claim


# ── the measures ─────────────────────────────────────────────────────────────────────────────────


def reliability(judged: Sequence[tuple[float, bool]], bins: int = _BINS) -> list[Bin]:
    """Return claims in bins of equal number, from the lowest confidence to the highest.

    Args:
        judged: The confidence of each claim, and whether it is right.
        bins: The number of bins.
    """
    ordered = sorted(judged)
    size = len(ordered) / bins
    parts = [ordered[round(at * size) : round((at + 1) * size)] for at in range(bins)]
    return [
        Bin(
            claims=len(part),
            confidence=round(sum(p for p, _ in part) / len(part), 4),
            right=round(sum(right for _, right in part) / len(part), 4),
        )
        for part in parts
        if part
    ]


@dataclass(frozen=True)
class Measures:
    """How good the confidence of some claims is.

    Attributes:
        name: What the claims have in common.
        judged: The confidence of each claim, and whether it is right.
    """

    name: str
    judged: tuple[tuple[float, bool], ...]

    @property
    def right(self) -> float:
        """The share of the claims that is right."""
        return sum(right for _, right in self.judged) / len(self.judged)

    @property
    def brier(self) -> float:
        """The Brier score, the mean of (confidence - outcome)²; lower is better (Brier 1950)."""
        return sum((p - right) ** 2 for p, right in self.judged) / len(self.judged)

    @property
    def calibration_error(self) -> float:
        """The expected calibration error: Σ n/N · |mean confidence - share right| over bins (Naeini et al. 2015)."""
        bins = reliability(self.judged)
        return sum(each.claims * abs(each.confidence - each.right) for each in bins) / len(self.judged)

    @cached_property
    def auroc(self) -> float | None:
        """The area under the ROC curve: how often a right claim has more confidence than another; None if undefined."""
        from sklearn.metrics import roc_auc_score

        outcomes = [right for _, right in self.judged]
        return float(roc_auc_score(outcomes, [p for p, _ in self.judged])) if len(set(outcomes)) == 2 else None

    @property
    def risk_coverage(self) -> list[tuple[float, float]]:
        """The share of the claims that are kept, most confident first, and the share of the kept ones that is wrong."""
        ordered = sorted(self.judged, reverse=True)
        wrong, curve = 0, []
        for kept, (_, right) in enumerate(ordered, 1):
            wrong += not right
            curve.append((kept / len(ordered), wrong / kept))
        return curve


def measures(judged: Sequence[JudgedClaim], calibration: Calibration | None = None) -> list[Measures]:
    """Return the measures of all claims together, then of those of each maker; claims without confidence are left out.

    Args:
        judged: The claims.
        calibration: The weights; None for the confidence that the claims have.
    """
    given = [
        (claim.made_by, calibration.probability(claim.features) if calibration else claim.confidence, claim.right)
        for claim in judged
    ]
    known = [(maker, probability, right) for maker, probability, right in given if probability is not None]
    groups = [("all claims", [(p, right) for _, p, right in known])]
    for group in ("large", "small", "rules"):
        groups.append((f"made by {group}", [(p, right) for maker, p, right in known if maker == group]))
    return [Measures(name, tuple(pairs)) for name, pairs in groups if pairs]
