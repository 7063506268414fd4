"""The gate: compare a run with its accepted baseline, exactly in replay and within a margin when live."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from summariser.errors import ConfigurationError, InputError
from summariser.evals import metric
from summariser.evals.calibration import judged_claims, measures
from summariser.evals.check_rates import REWORDED, RIGHT, Verdicts
from summariser.evals.gold import Case
from summariser.evals.metric import Counts
from summariser.evals.perturbations import ADDED, PERTURBATIONS
from summariser.evals.recordings import dumps, write_whole
from summariser.evals.run_record import CaseRecord, DrawRecord, RunRecord
from summariser.evals.statistics import LEVEL, Part, difference, holm
from summariser.evals.suite import CheckLimits, ConfidenceLimits, Held, Suite
from summariser.evals.verifications import ALTERED
from summariser.schema import KindName, kind_named, kind_names, kind_of, kinds

MISSED = "missed"
STRICT = "right"


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Acceptance(_Frozen):
    """The acceptance of a baseline: its day and its reason."""

    date: datetime.date
    reason: str


class CaseBaseline(_Frozen):
    """The accepted outcome of one case.

    Attributes:
        items: The outcome of each gold item, by id: "right", "wrong in …" or "missed".
        spurious: The texts of the spurious predictions of each kind.
        counts: The counts of each kind.
    """

    items: dict[str, str]
    spurious: dict[KindName, list[str]]
    counts: dict[KindName, Counts]


class Baseline(_Frozen):
    """The accepted outcome of one prompt version and model on the whole suite.

    Attributes:
        baseline_version: The version of the file format.
        metric: The version of the metric.
        prompt: The id of the prompt.
        prompt_sha256: The SHA-256 of the prompt's file.
        model: The model, as provider/name.
        history: Every acceptance, the first one first.
        cases: The outcome of each case.
    """

    baseline_version: Literal[1] = 1
    metric: int
    prompt: str
    prompt_sha256: str
    model: str
    history: list[Acceptance]
    cases: dict[str, CaseBaseline]


@dataclass(frozen=True)
class Flip:
    """One difference from the baseline: a gold item, by its id, or a spurious prediction, by its text."""

    case: str
    kind: str
    item: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.case}, {self.kind}, {self.item}: was {self.was}, is {self.now}"


def baseline_path(suite: Suite, prompt: str, model: str) -> Path:
    """Return the path of the baseline of a prompt version and a model."""
    return suite.baselines / prompt / f"{model.replace('/', '--')}.json"


def load_baseline(path: Path, prompt_sha256: str) -> Baseline | None:
    """Return the baseline in a file; None if the file does not exist.

    Args:
        path: The file.
        prompt_sha256: The SHA-256 of the prompt that the run uses.

    Raises:
        InputError: The file is malformed, or belongs to another version of the metric.
        ConfigurationError: The baseline was accepted with another text of the prompt.
    """
    if not path.exists():
        return None
    try:
        found = Baseline.model_validate_json(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        first = error.errors(include_url=False)[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        raise InputError(f"The baseline {path} is malformed ({what}); restore it, or accept it again.") from None
    if found.prompt_sha256 != prompt_sha256:
        raise ConfigurationError(
            f"The baseline {path} was accepted with another text of {found.prompt}; raise the prompt's version, or "
            "delete the baseline to start again."
        )
    if found.metric != metric.VERSION:
        raise InputError(
            f"The baseline {path} belongs to version {found.metric} of the metric, and this is version "
            f"{metric.VERSION}; accept it again with 'summariser eval accept'."
        )
    if not all(counts.finite for case in found.cases.values() for counts in case.counts.values()):
        raise InputError(f"The baseline {path} contains NaN in place of a number; restore it, or accept it again.")
    return found


def accepted(record: RunRecord, old: Baseline | None, reason: str, today: datetime.date) -> Baseline:
    """Return a run as the new baseline.

    Args:
        record: The run.
        old: The baseline that it replaces, if any.
        reason: Why the run is accepted.
        today: The day of the acceptance.
    """
    return Baseline(
        metric=record.metric,
        prompt=record.prompt,
        prompt_sha256=record.prompt_sha256,
        model=record.model,
        history=[*(old.history if old else ()), Acceptance(date=today, reason=reason)],
        cases={case.case: outcome(case) for case in record.scored},
    )


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Write a baseline to a file in one step."""
    write_whole(path, dumps(baseline.model_dump(mode="json")))


def outcome(case: CaseRecord) -> CaseBaseline:
    """Return the outcome of each gold item in the first draw of a case, and the mean counts of all draws."""
    draw = case.draws[0]
    return CaseBaseline(
        items={item: state for kind in kind_names() for item, state in _states(draw, kind)},
        spurious={kind: spurious(draw, kind) for kind in kind_names()},
        counts={kind: case.counts(kind) for kind in kind_names()},
    )


def _states(draw: DrawRecord, kind: KindName) -> Iterator[tuple[str, str]]:
    """Yield the required gold items of a kind, each with its outcome."""
    matching = draw.kinds[kind].matching
    for pair in matching.pairs:
        wrong = [name for name in kind_named(kind).critical if not pair.fields[name]]
        if not pair.optional:
            yield pair.gold, f"wrong in {', '.join(wrong)}" if wrong else STRICT
    yield from ((item, MISSED) for item in matching.missed)


def spurious(draw: DrawRecord, kind: KindName) -> list[str]:
    """Return the texts of the spurious predictions of a kind, sorted."""
    if draw.summary is None:
        return []
    words = {item.id: kind_of(item).text_of(item) for item in draw.summary.items}
    return sorted(words[i] for i in draw.kinds[kind].matching.spurious)


def flips(before: Mapping[str, CaseBaseline], now: Mapping[str, CaseBaseline]) -> list[Flip]:
    """Return the differences in the cases that both have.

    In each case they are the changed gold items, then the changed spurious predictions; if there are none, the changed
    counts.
    """
    found: list[Flip] = []
    for case in sorted(before.keys() & now.keys()):
        old, new = before[case], now[case]
        changed = [*_changed_items(case, old, new), *_changed_spurious(case, old, new)]
        found += changed or _changed_counts(case, old, new)
    return found


def _changed_items(case: str, old: CaseBaseline, new: CaseBaseline) -> Iterator[Flip]:
    for item in sorted(old.items.keys() | new.items.keys()):
        was, now = old.items.get(item, "no item"), new.items.get(item, "no item")
        if was != now:
            yield Flip(case, _kind_of(item), item, was, now)


def _changed_spurious(case: str, old: CaseBaseline, new: CaseBaseline) -> Iterator[Flip]:
    for kind in kind_names():
        before, after = Counter(old.spurious.get(kind, ())), Counter(new.spurious.get(kind, ()))
        for text in (before - after).elements():
            yield Flip(case, kind, f"“{_short(text)}”", "said besides", "not said")
        for text in (after - before).elements():
            yield Flip(case, kind, f"“{_short(text)}”", "not said", "said besides")


def _changed_counts(case: str, old: CaseBaseline, new: CaseBaseline) -> Iterator[Flip]:
    for kind in kind_names():
        before, after = vars(old.counts.get(kind, Counts())), vars(new.counts.get(kind, Counts()))
        for name in before:
            if _rounded(before[name]) != _rounded(after[name]):
                yield Flip(case, kind, f"count of {name}", _shown(before[name]), _shown(after[name]))


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: round(number, 6) for key, number in value.items() if number}
    return round(float(str(value)), 6)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {number:g}" for key, number in value.items()) or "none"
    return f"{float(str(value)):g}"


def _kind_of(item: str) -> KindName:
    return next(kind.plural for kind in kinds() if kind.letter == item[0])


def _short(text: str, limit: int = 80) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


# ── the gates ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Failure:
    """One reason why the gate fails.

    Attributes:
        about: Its subject: "baseline", "evidence", "quotes" or a kind.
        message: A sentence.
        case: The case; None if the reason is about the whole suite.
    """

    about: str
    message: str
    case: str | None = None


def replay_gate(record: RunRecord, suite: Suite, baseline: Baseline | None, held: Held | None) -> list[Failure]:
    """Return the reasons why a replayed run fails the gate; an empty list means that the gate holds.

    The evidence and quotations must be the article's words, and all outcomes must equal the baseline. If suite.toml has
    an entry for the prompt and the model, and the run is over all cases, its scores must reach the minimums there.

    Args:
        record: The run.
        suite: Its suite.
        baseline: Its accepted baseline, if there is one.
        held: Its entry in suite.toml, if there is one.
    """
    failures = list(_unfaithful(record, suite.cases))
    if held is not None and record.split == "all":
        failures += _below_minimum(record, held)
        failures += _beyond_limits(record.checks, held.checks)
        if verification := record.verification:
            pooled = {name: verification.rates[name] for name in (RIGHT, ALTERED) if name in verification.rates}
            failures += _beyond_limits(pooled, held.verified, "after the verification ")
    if baseline is None:
        return [*failures, Failure("baseline", f"There is no baseline of {record.prompt} with {record.model}; {_CURE}")]
    now = {case.case: outcome(case) for case in record.scored}
    failures += [Failure("baseline", f"{flip}.", flip.case) for flip in flips(baseline.cases, now)]
    failures += [
        Failure("baseline", f"Case {case} is not in the baseline; {_CURE}", case)
        for case in now
        if case not in baseline.cases
    ]
    gone = [case for case in baseline.cases if case not in {c.id for c in suite.cases}]
    failures += [
        Failure("baseline", f"Case {case} of the baseline is gone from the suite; {_CURE}", case) for case in gone
    ]
    return failures


_CURE = "look at the run, then accept it with 'summariser eval accept' (reason …)."


def live_gate(record: RunRecord, suite: Suite, baseline: Baseline | None) -> tuple[list[Failure], list[str]]:
    """Return the reasons why a live run fails the gate, and notes about what remains open.

    A kind fails if its strict F1 is significantly worse than the baseline's (p-values corrected for the number of
    kinds), or worse by more than the suite's margin. If only its confidence interval reaches below the margin, a note
    says so.

    Args:
        record: The run.
        suite: Its suite.
        baseline: Its accepted baseline, if there is one.
    """
    failures = list(_unfaithful(record, suite.cases))
    if baseline is None:
        return [
            *failures,
            Failure("baseline", f"There is no baseline of {record.prompt} with {record.model}; {_CURE}"),
        ], []
    unknown = [case.case for case in record.scored if case.case not in baseline.cases]
    failures += [Failure("baseline", f"Case {case} is not in the baseline; {_CURE}", case) for case in unknown]
    found = {kind: difference(*_both(record, baseline, kind), comparisons=len(kind_names())) for kind in kind_names()}
    notes = []
    for (kind, each), p in zip(found.items(), holm([each.p for each in found.values()]), strict=True):
        if each.value is None:
            continue
        interval = "" if each.low is None else f", 95% interval {each.low:+.3f} to {each.high:+.3f}"
        what = f"the strict F1 of {kind} is {each.value:+.3f} from the baseline's{interval}"
        if each.value < -suite.margin or (each.value < 0 and p < 1 - LEVEL):
            failures.append(Failure(kind, f"Worse: {what}; the margin is {suite.margin:g}."))
        elif each.low is not None and each.low < -suite.margin:
            notes.append(f"Cannot tell whether it is worse: {what}; the margin is {suite.margin:g}.")
    return failures, notes


def _both(record: RunRecord, baseline: Baseline, kind: KindName) -> tuple[list[Part], list[Part]]:
    """Return the parts of strict F1, case by case, of the baseline and of a run."""
    parts = record.parts([kind], strict=True)
    cases = [case for case in parts if case in baseline.cases]
    old = [baseline.cases[case].counts[kind] for case in cases]
    return [(c.strict, c.gold + c.predicted) for c in old], [parts[case] for case in cases]


def _unfaithful(record: RunRecord, cases: Sequence[Case]) -> Iterator[Failure]:
    """Yield a failure for each evidence, quotation or id in the summaries that does not match its article."""
    texts = {case.id: case.document.text for case in cases}
    for case in record.scored:
        for draw in case.draws:
            if draw.summary is None:
                continue
            try:
                draw.summary.check(texts[case.case])
            except ValueError as error:
                yield Failure("evidence", f"Case {case.case}: {error}.", case.case)
            for item in draw.summary.claims:
                quote = getattr(item, "quote", None)
                if quote and not _is_in(quote, texts[case.case]):
                    message = f"Case {case.case}: “{_short(quote)}” is not in the article."
                    yield Failure("quotes", message, case.case)


def _is_in(quote: str, text: str) -> bool:
    """Return True if a text contains a quotation, or all its parts around ellipses in their order."""
    flat, place = " ".join(text.split()), 0
    pieces = [" ".join(piece.split()) for piece in quote.replace("[…]", "…").replace("...", "…").split("…")]
    for piece in filter(None, pieces):
        found = flat.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return any(pieces)


def _below_minimum(record: RunRecord, held: Held) -> Iterator[Failure]:
    """Yield a failure for each score below its minimum in suite.toml."""
    for strict, minimums in ((True, held.strict), (False, held.detection)):
        for kind, minimum in minimums.items():
            score = metric.f_score(record.counts(kind), strict=strict)
            if score is None or score < minimum:
                name = "strict" if strict else "detection"
                shown = "undefined" if score is None else f"{score:.3f}"
                message = f"The {name} F1 of {kind} is {shown}, below the floor of {minimum:.3f} in suite.toml."
                yield Failure(kind, message)


def _beyond_limits(rates: Mapping[str, Verdicts], limits: CheckLimits, when: str = "") -> Iterator[Failure]:
    """Yield a failure for each limit in suite.toml that the verdicts exceed; none if they were not measured."""
    for name, verdicts in rates.items():
        number = sum(verdicts.values())
        supported, refuted = verdicts.get("supported", 0) / number, verdicts.get("refuted", 0) / number
        if name == RIGHT and supported < limits.right_supported:
            yield _beyond(f"{when}{supported:.3f} of the right claims are supported", limits.right_supported)
        if name in (RIGHT, REWORDED) and refuted > limits.right_refuted:
            yield _beyond(f"{when}{refuted:.3f} of the {name} claims are refuted", limits.right_refuted)
        limit = limits.added_supported if name == ADDED else limits.altered_supported
        if name in (ALTERED, *PERTURBATIONS) and supported > limit:
            which = "altered claims" if name == ALTERED else f"altered claims ({name})"
            yield _beyond(f"{when}{supported:.3f} of the {which} are supported", limit)


def _beyond(what: str, limit: float) -> Failure:
    return Failure("checks", f"{what}; the limit in suite.toml is {limit:.3f}.")


def confidence_gate(records: Sequence[RunRecord], limits: ConfidenceLimits) -> list[Failure]:
    """Return the reasons why the confidence of the claims of several runs fails the gate.

    Args:
        records: The runs, of all cases each.
        limits: The limits of the suite.
    """
    found = measures([claim for record in records for claim in judged_claims(record, split="test")])
    if not found:
        return []
    failures = []
    if found[0].auroc is not None and found[0].auroc < limits.auroc:
        failures.append(_beyond(f"the AUROC of the confidence is {found[0].auroc:.3f}", limits.auroc))
    if found[0].calibration_error > limits.calibration_error:
        error = found[0].calibration_error
        failures.append(_beyond(f"the calibration error of the confidence is {error:.3f}", limits.calibration_error))
    return failures
