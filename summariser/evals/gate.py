"""The gate: what a run must hold, against its accepted baseline in replay, within a margin when live."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from summariser.errors import ConfigurationError, InputError
from summariser.evals import metric
from summariser.evals.gold.models import Case
from summariser.evals.metric import Counts
from summariser.evals.recordings import dumps, write_whole
from summariser.evals.run import CaseRecord, DrawRecord, RunRecord
from summariser.evals.statistics import LEVEL, Part, difference, holm
from summariser.evals.suite import Held, Suite
from summariser.schema import KindName, kind_named, kind_names, kind_of, kinds

MISSED = "missed"
STRICT = "right"


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Acceptance(_Frozen):
    """When a baseline was accepted, and why."""

    date: datetime.date
    reason: str


class CaseBaseline(_Frozen):
    """What became of each gold item of a case, what was said besides, and the counts of each kind."""

    items: dict[str, str]
    spurious: dict[KindName, list[str]]
    counts: dict[KindName, Counts]


class Baseline(_Frozen):
    """The accepted outcome of one prompt version and model on the whole suite."""

    baseline_version: Literal[1] = 1
    metric: int
    prompt: str
    prompt_sha256: str
    model: str
    history: list[Acceptance]
    cases: dict[str, CaseBaseline]


@dataclass(frozen=True)
class Flip:
    """One thing that is otherwise than before: a gold item by its id, or a prediction that is no gold item."""

    case: str
    kind: str
    item: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.case}, {self.kind}, {self.item}: was {self.was}, is {self.now}"


def baseline_path(suite: Suite, prompt: str, model: str) -> Path:
    """Where the baseline of a prompt version and a model lies."""
    return suite.baselines / prompt / f"{model.replace('/', '--')}.json"


def load_baseline(path: Path, prompt_sha256: str) -> Baseline | None:
    """The baseline in a file; None where there is none.

    Raises InputError where it cannot be held against, ConfigurationError where it is of another text of the prompt than
    the one of this digest.
    """
    if not path.exists():
        return None
    try:
        found = Baseline.model_validate_json(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        first = error.errors(include_url=False)[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        raise InputError(f"The baseline {path} is malformed ({what}); restore it, or accept it anew.") from None
    if found.prompt_sha256 != prompt_sha256:
        raise ConfigurationError(
            f"The baseline {path} was accepted with another text of {found.prompt}; raise the prompt's version, or "
            "delete the baseline to start anew."
        )
    if found.metric != metric.VERSION:
        raise InputError(
            f"The baseline {path} is of version {found.metric} of the metric and this is version {metric.VERSION}; "
            "accept it anew with 'summariser eval accept'."
        )
    if not all(counts.finite for case in found.cases.values() for counts in case.counts.values()):
        raise InputError(f"The baseline {path} holds a number that is none (NaN); restore it, or accept it anew.")
    return found


def accepted(record: RunRecord, old: Baseline | None, reason: str, today: datetime.date) -> Baseline:
    """A run as the new baseline, with the reason added to the history."""
    return Baseline(
        metric=record.metric,
        prompt=record.prompt,
        prompt_sha256=record.prompt_sha256,
        model=record.model,
        history=[*(old.history if old else ()), Acceptance(date=today, reason=reason)],
        cases={case.case: outcome(case) for case in record.scored},
    )


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Write a baseline in one step."""
    write_whole(path, dumps(baseline.model_dump(mode="json")))


def outcome(case: CaseRecord) -> CaseBaseline:
    """What became of each gold item in the first draw of a case, and the counts of all draws."""
    draw = case.draws[0]
    return CaseBaseline(
        items={item: state for kind in kind_names() for item, state in _states(draw, kind)},
        spurious={kind: spurious(draw, kind) for kind in kind_names()},
        counts={kind: case.counts(kind) for kind in kind_names()},
    )


def _states(draw: DrawRecord, kind: KindName) -> Iterator[tuple[str, str]]:
    matching = draw.kinds[kind].matching
    for pair in matching.pairs:
        wrong = [name for name in kind_named(kind).critical if not pair.fields[name]]
        if not pair.optional:
            yield pair.gold, f"wrong in {', '.join(wrong)}" if wrong else STRICT
    yield from ((item, MISSED) for item in matching.missed)


def spurious(draw: DrawRecord, kind: KindName) -> list[str]:
    """The predictions of a kind that are no gold item, each in its own words."""
    if draw.summary is None:
        return []
    words = {item.id: kind_of(item).text_of(item) for item in draw.summary.items}
    return sorted(words[i] for i in draw.kinds[kind].matching.spurious)


def flips(before: Mapping[str, CaseBaseline], now: Mapping[str, CaseBaseline]) -> list[Flip]:
    """What is otherwise in the cases that both have: gold items first, then what is said besides, then bare counts."""
    found: list[Flip] = []
    for case in sorted(before.keys() & now.keys()):
        old, new = before[case], now[case]
        changed = [
            Flip(case, _kind_of(item), item, old.items.get(item, "no item"), new.items.get(item, "no item"))
            for item in sorted(old.items.keys() | new.items.keys())
            if old.items.get(item) != new.items.get(item)
        ]
        for kind in kind_names():
            gone = Counter(old.spurious.get(kind, ())) - Counter(new.spurious.get(kind, ()))
            come = Counter(new.spurious.get(kind, ())) - Counter(old.spurious.get(kind, ()))
            changed += [Flip(case, kind, f"“{_short(text)}”", "said besides", "not said") for text in gone.elements()]
            changed += [Flip(case, kind, f"“{_short(text)}”", "not said", "said besides") for text in come.elements()]
        found += changed or list(_counts_changed(case, old, new))
    return found


def _counts_changed(case: str, old: CaseBaseline, new: CaseBaseline) -> Iterator[Flip]:
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


# ── what must hold ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Failure:
    """One reason why the gate fails: what about, and a sentence; `case` where it is about one."""

    about: str
    message: str
    case: str | None = None


def replay_gate(record: RunRecord, suite: Suite, baseline: Baseline | None, held: Held | None) -> list[Failure]:
    """What a replayed run does not hold: quotations, floors, equality with the baseline. Empty where all holds."""
    failures = list(_unfaithful(record, suite.cases))
    if held is not None and record.split == "all":
        failures += _below_floors(record, held)
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
    """What a live run does not hold, and what it leaves open.

    A kind fails where it is worse than the baseline by more than chance (corrected over the kinds), or by more than the
    suite's margin as it stands; where its interval merely reaches below the margin, that is said and nothing fails.
    """
    failures = list(_unfaithful(record, suite.cases))
    if baseline is None:
        return [
            *failures,
            Failure("baseline", f"There is no baseline of {record.prompt} with {record.model}; {_CURE}"),
        ], []
    strange = [case.case for case in record.scored if case.case not in baseline.cases]
    failures += [Failure("baseline", f"Case {case} is not in the baseline; {_CURE}", case) for case in strange]
    found = {kind: difference(*_both(record, baseline, kind), comparisons=len(kind_names())) for kind in kind_names()}
    notes = []
    for (kind, each), p in zip(found.items(), holm([each.p for each in found.values()]), strict=True):
        if each.value is None:
            continue
        interval = "" if each.low is None else f", 95% interval {each.low:+.3f} to {each.high:+.3f}"
        told = f"the strict F1 of {kind} is {each.value:+.3f} from the baseline's{interval}"
        if each.value < -suite.margin or (each.value < 0 and p < 1 - LEVEL):
            failures.append(Failure(kind, f"Worse: {told}; the margin is {suite.margin:g}."))
        elif each.low is not None and each.low < -suite.margin:
            notes.append(f"Cannot tell whether it is worse: {told}; the margin is {suite.margin:g}.")
    return failures, notes


def _both(record: RunRecord, baseline: Baseline, kind: KindName) -> tuple[list[Part], list[Part]]:
    parts = record.parts([kind], strict=True)
    cases = [case for case in parts if case in baseline.cases]
    old = [baseline.cases[case].counts[kind] for case in cases]
    return [(c.strict, c.gold + c.predicted) for c in old], [parts[case] for case in cases]


def _unfaithful(record: RunRecord, cases: Sequence[Case]) -> Iterator[Failure]:
    """Evidence and quotations that are not the article's own words, and ids that lead nowhere: none is tolerated."""
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
                if quote and not _stands(quote, texts[case.case]):
                    said = _short(quote)
                    yield Failure("quotes", f"Case {case.case}: “{said}” is not in the article.", case.case)


def _stands(quote: str, text: str) -> bool:
    """Whether the quotation, or each of its pieces around an ellipsis, stands in the text, in their order."""
    flat, place = " ".join(text.split()), 0
    pieces = [" ".join(piece.split()) for piece in quote.replace("[…]", "…").replace("...", "…").split("…")]
    for piece in filter(None, pieces):
        found = flat.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return any(pieces)


def _below_floors(record: RunRecord, held: Held) -> Iterator[Failure]:
    for strict, floors in ((True, held.strict), (False, held.detection)):
        for kind, floor in floors.items():
            score = metric.f_score(record.counts(kind), strict=strict)
            if score is None or score < floor:
                name = "strict" if strict else "detection"
                shown = "undefined" if score is None else f"{score:.3f}"
                yield Failure(
                    kind, f"The {name} F1 of {kind} is {shown}, below the floor of {floor:.3f} in suite.toml."
                )
