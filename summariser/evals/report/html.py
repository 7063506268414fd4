"""A run as one HTML page without outside requests: each article with its evidence, gold beside predicted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from summariser.evals.gate import Failure
from summariser.evals.gold import Case
from summariser.evals.metric import Item, Pair, Side, Target, Value, gold_side, predicted_side
from summariser.evals.report.rows import Row
from summariser.evals.report.tables import run_tables
from summariser.evals.run import CaseRecord, DrawRecord, RunRecord
from summariser.evals.suite import Suite
from summariser.schema import PARTY, KindName, claim_names, kind_names


@dataclass(frozen=True)
class Field:
    """One field of an item as it is shown; `state` is right, wrong, or empty where nothing was compared."""

    name: str
    value: str
    state: str


@dataclass(frozen=True)
class Shown:
    """One item as it is shown: gold or predicted, or one of a pair."""

    id: str
    wording: str
    sentences: str
    fields: tuple[Field, ...]
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A gold item beside the prediction that is it; one of the two may be lacking."""

    kind: KindName
    state: str
    gold: Shown | None
    predicted: Shown | None
    similarity: str = ""


@dataclass(frozen=True)
class Sentence:
    """A sentence of the article, and the items of either side that cite it."""

    number: int
    text: str
    gold: str
    predicted: str


@dataclass(frozen=True)
class CasePage:
    """All that is shown of one case."""

    id: str
    split: str
    title: str
    error: str
    sentences: tuple[Sentence, ...]
    lines: tuple[Line, ...]
    traps: tuple[str, ...]
    failures: tuple[str, ...]


def run_html(record: RunRecord, suite: Suite, table: Sequence[Row], failures: Sequence[Failure] | None) -> str:
    """The page. Whatever comes from an article or a model is text on it, never markup."""
    cases = {case.id: case for case in suite.cases}
    told = failures or ()
    pages = [_page(found, cases[found.case], told) for found in record.cases]
    whole = [failure.message for failure in told if failure.case is None]
    return _template().render(
        record=record,
        tables=run_tables(table),
        pages=pages,
        failures=told,
        gated=failures is not None,
        whole=whole,
        kinds=kind_names(),
    )


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
    traps = {negative.id: negative for negative in case.gold.rejected}
    hits = [hit for kind in kind_names() for hit in draw.kinds[kind].matching.traps] if draw else []
    return CasePage(
        id=case.id,
        split=case.gold.split,
        title=case.document.title or case.id,
        error=found.error or (draw.error if draw and draw.error else ""),
        sentences=tuple(_sentences(case, gold, predicted)),
        lines=lines,
        traps=tuple(f"{p} fell into {t}: {traps[t].text} ({traps[t].why})" for t, p in hits if t in traps),
        failures=tuple(failure.message for failure in failures if failure.case == case.id),
    )


def _sentences(case: Case, gold: Side, predicted: Side) -> list[Sentence]:
    def citing(side: Side, number: int) -> str:
        said = [item for kind in claim_names() for item in side.items.get(kind, ())]
        return ", ".join(item.id for item in said if number in item.cited)

    texts = enumerate(case.sentences, 1)
    return [Sentence(n, text, citing(gold, n), citing(predicted, n)) for n, text in texts]


def _lines(draw: DrawRecord, gold: Side, predicted: Side) -> list[Line]:
    lines: list[Line] = []
    for kind in kind_names():
        matching = draw.kinds[kind].matching
        ours = {item.id: item for item in gold.items[kind]}
        theirs = {item.id: item for item in predicted.items.get(kind, ())}
        names_ours, names_theirs = _names(gold), _names(predicted)
        paired = {pair.predicted for pair in matching.pairs}
        for pair in matching.pairs:
            state = "optional" if pair.optional else "right" if pair.strict else "wrong"
            lines.append(
                Line(
                    kind,
                    state,
                    _shown(ours[pair.gold], names_ours, None),
                    _shown(theirs[pair.predicted], names_theirs, pair),
                    f"{pair.similarity:.2f}",
                )
            )
        lines += [Line(kind, "missed", _shown(ours[i], names_ours, None), None) for i in matching.missed]
        notes = {
            **dict.fromkeys(matching.duplicates, "said twice"),
            **dict.fromkeys(matching.splits, "part of an item already met"),
        }
        lines += [
            Line(kind, "spurious", None, _shown(theirs[i], names_theirs, None, notes.get(i, "")))
            for i in matching.spurious
            if i not in paired
        ]
    return lines


def _names(side: Side) -> Mapping[str, str]:
    return {party.id: party.wordings[0] for party in side.items.get(PARTY.plural, ())}


def _shown(item: Item, names: Mapping[str, str], pair: Pair | None, note: str = "") -> Shown:
    fields = []
    for name, values in item.fields.items():
        state = "" if pair is None else "right" if pair.fields[name] else "wrong"
        if state == "wrong" and name not in item.of_kind.critical:
            state = "off"
        fields.append(Field(name, _value(values[0], names), state))
    if pair is not None:
        lacking = ("names", "negation", "numbers")
        fields += [Field(name, "", "wrong") for name in lacking if pair.fields.get(name) is False]
    if item.verdicts:
        fields.append(Field("verdict", ", ".join(item.verdicts) + ("" if item.verified else ", not verified"), ""))
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
