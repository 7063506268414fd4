"""A run as one self-contained HTML page: each article with its evidence, and gold items beside predictions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from summariser.evals.calibration import judged_claims, measures
from summariser.evals.gate import Failure
from summariser.evals.gold import Case
from summariser.evals.metric import Item, Pair, Side, Target, Value, gold_side, predicted_side
from summariser.evals.report.rows import Row
from summariser.evals.report.tables import check_tables, run_tables
from summariser.evals.run_record import CaseRecord, DrawRecord, RunRecord
from summariser.evals.suite import Suite
from summariser.schema import PARTY, KindName, claim_names, kind_names


@dataclass(frozen=True)
class Field:
    """One field of an item; `state` is right, wrong, off (wrong and not critical), or empty if it was not compared."""

    name: str
    value: str
    state: str


@dataclass(frozen=True)
class Shown:
    """One gold item or prediction in the words of the page."""

    id: str
    wording: str
    sentences: str
    fields: tuple[Field, ...]
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A gold item beside its prediction; one of the two may be None."""

    kind: KindName
    state: str
    gold: Shown | None
    predicted: Shown | None
    similarity: str = ""


@dataclass(frozen=True)
class Sentence:
    """A sentence of the article, and the ids of the items of each side that cite it."""

    number: int
    text: str
    gold: str
    predicted: str


@dataclass(frozen=True)
class CasePage:
    """The section of one case."""

    id: str
    split: str
    title: str
    error: str
    sentences: tuple[Sentence, ...]
    lines: tuple[Line, ...]
    hard_negatives: tuple[str, ...]
    failures: tuple[str, ...]


def run_html(record: RunRecord, suite: Suite, table: Sequence[Row], failures: Sequence[Failure] | None) -> str:
    """Return a run as an HTML page; words of articles and models are escaped.

    Args:
        record: The run.
        suite: Its suite.
        table: Its rows.
        failures: The failures of the gate; None if the run was not compared with a baseline.
    """
    cases = {case.id: case for case in suite.cases}
    failed = failures or ()
    pages = [_page(found, cases[found.case], failed) for found in record.cases]
    whole = [failure.message for failure in failed if failure.case is None]
    return _template().render(
        record=record,
        tables=[*run_tables(table), *check_tables(record)],
        curve=risk_coverage_points(record),
        pages=pages,
        failures=failed,
        gated=failures is not None,
        whole=whole,
        kinds=kind_names(),
    )


_CURVE_WIDTH, _CURVE_HEIGHT = 320, 160  # of the picture, in pixels


def risk_coverage_points(record: RunRecord) -> str:
    """Return the risk-coverage curve of a run's claims on the split test as the points of an SVG polyline.

    To the right more claims are kept, the most confident ones first; upwards more of the kept ones are wrong.

    Args:
        record: The run.
    """
    found = measures(judged_claims(record, split="test"))
    curve = found[0].risk_coverage if found else []
    return " ".join(f"{kept * _CURVE_WIDTH:.1f},{(1 - wrong) * _CURVE_HEIGHT:.1f}" for kept, wrong in curve)


@cache
def _template() -> Template:
    text = (files("summariser.evals.report") / "page.html").read_text("utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        text
    )


def _page(found: CaseRecord, case: Case, failures: Sequence[Failure]) -> CasePage:
    draw = found.draws[0] if found.draws else None
    gold = gold_side(case)
    predicted = predicted_side(case, draw.summary) if draw and draw.summary else Side(items={}, language=None)
    lines = tuple(_lines(draw, gold, predicted)) if draw else ()
    rejected = {negative.id: negative for negative in case.gold.rejected}
    hits = [hit for kind in kind_names() for hit in draw.kinds[kind].matching.traps] if draw else []
    return CasePage(
        id=case.id,
        split=case.gold.split,
        title=case.document.title or case.id,
        error=found.error or (draw.error if draw and draw.error else ""),
        sentences=tuple(_sentences(case, gold, predicted)),
        lines=lines,
        hard_negatives=tuple(
            f"{predicted} fell into {id}: {rejected[id].text} ({rejected[id].why})"
            for id, predicted in hits
            if id in rejected
        ),
        failures=tuple(failure.message for failure in failures if failure.case == case.id),
    )


def _sentences(case: Case, gold: Side, predicted: Side) -> list[Sentence]:
    def citing(side: Side, number: int) -> str:
        claims = (item for kind in claim_names() for item in side.items.get(kind, ()))
        return ", ".join(item.id for item in claims if number in item.cited)

    texts = enumerate(case.sentences, 1)
    return [Sentence(n, text, citing(gold, n), citing(predicted, n)) for n, text in texts]


def _lines(draw: DrawRecord, gold: Side, predicted: Side) -> Iterator[Line]:
    """Yield the pairs of each kind, then the missed gold items, then the spurious predictions."""
    our_names, their_names = _names(gold), _names(predicted)
    for kind in kind_names():
        matching = draw.kinds[kind].matching
        ours = {item.id: item for item in gold.items[kind]}
        theirs = {item.id: item for item in predicted.items.get(kind, ())}
        notes = {
            **dict.fromkeys(matching.duplicates, "said twice"),
            **dict.fromkeys(matching.splits, "part of an item already met"),
        }
        for pair in matching.pairs:
            state = "optional" if pair.optional else "right" if pair.strict else "wrong"
            left = _shown(ours[pair.gold], our_names, None)
            right = _shown(theirs[pair.predicted], their_names, pair)
            yield Line(kind, state, left, right, f"{pair.similarity:.2f}")
        for id in matching.missed:
            yield Line(kind, "missed", _shown(ours[id], our_names, None), None)
        for id in matching.spurious:
            yield Line(kind, "spurious", None, _shown(theirs[id], their_names, None, notes.get(id, "")))


def _names(side: Side) -> Mapping[str, str]:
    return {party.id: party.wordings[0] for party in side.items.get(PARTY.plural, ())}


def _shown(item: Item, names: Mapping[str, str], pair: Pair | None, note: str = "") -> Shown:
    """Return an item for the page, with the states of its fields if it is the prediction of a pair."""
    fields = []
    for name, values in item.fields.items():
        state = "" if pair is None else "right" if pair.fields[name] else "wrong"
        if state == "wrong" and name not in item.of_kind.critical:
            state = "off"
        fields.append(Field(name, _value(values[0], names), state))
    if pair is not None:
        compared_as_text = ("names", "negation", "numbers")
        fields += [Field(name, "", "wrong") for name in compared_as_text if pair.fields.get(name) is False]
    if item.verdict is not None:
        said = item.verdict.replace("_", " ")
        fields.append(Field("verdict", f"{said}: {item.reason}" if item.reason else said, ""))
    wording = " · ".join(item.wordings) if item.of_kind is PARTY else item.wordings[0]
    sentences = " or ".join("+".join(map(str, sorted(numbers))) for numbers in item.evidence if numbers)
    return Shown(item.id, wording, sentences, tuple(fields), note)


def _value(value: Value, names: Mapping[str, str]) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(names.get(i, i) for i in value)) or "–"
    if isinstance(value, Target):
        return " ".join(
            filter(None, (value.id, names.get(value.id or "", ""), f"“{value.text}”" if value.text else ""))
        )
    return "–" if value is None else names.get(value, value)
