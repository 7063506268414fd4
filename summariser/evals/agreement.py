"""Two annotators of one article: where they differ, and how far they agree, which is the ceiling for any system."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from summariser.errors import InputError
from summariser.evals import metric
from summariser.evals.gold import Case, Gold, load_gold, quoted
from summariser.evals.metric import Counts, Item, Matcher, Side, gold_side
from summariser.evals.statistics import alpha
from summariser.schema import KindName, kind_names, kinds

A_FILE, B_FILE = "annotator-a.yaml", "annotator-b.yaml"
OPEN = "OPEN: "  # how a difference begins that nobody has settled yet


@dataclass(frozen=True)
class Annotated:
    """A case with the labels of both its annotators."""

    case: Case
    a: Gold
    b: Gold


def annotated(case: Case) -> Annotated | None:
    """The case with both annotators' labels, or None where they are not kept.

    Raises InputError where only one is there, or where the two are not about the same sentences.
    """
    paths = case.folder / A_FILE, case.folder / B_FILE
    there = [path for path in paths if path.exists()]
    if not there:
        return None
    if len(there) == 1:
        lacking = next(path for path in paths if not path.exists())
        raise InputError(f"{lacking} is missing beside {there[0].name}; add it, or take both away.")
    a, b = map(load_gold, paths)
    for path, labels in zip(paths, (a, b), strict=True):
        if labels.article.sentences != case.gold.article.sentences or labels.article.sha256 != case.gold.article.sha256:
            raise InputError(f"{path} names other sentences than gold.yaml; label the article that gold.yaml is about.")
    return Annotated(case, a, b)


def annotators(folder: Path) -> Annotated:
    """Both annotators' labels of a case that has no gold yet. Raises InputError as `annotated` does."""
    case = Case(folder, load_gold(folder / A_FILE))
    found = annotated(case)
    if found is None:
        raise InputError(f"{folder} has no {A_FILE}; label the article first ('summariser eval gold new').")
    return found


def as_prediction(side: Side) -> Side:
    """Labels as if a system had said them: the first evidence and the first value of each field."""
    items = {kind: tuple(map(_as_said, side.items[kind])) for kind in kind_names()}
    return replace(side, items=items)


def _as_said(item: Item) -> Item:
    fields = {name: values[:1] for name, values in item.fields.items()}
    return replace(item, evidence=item.evidence[:1], fields=fields)


def agreement(found: Annotated) -> dict[KindName, Counts]:
    """The counts of both directions, each annotator once in the place of gold, once in that of a system."""
    a, b = gold_side(found.case, found.a), gold_side(found.case, found.b)
    total = {kind: Counts() for kind in kind_names()}
    for one, other in ((a, b), (b, a)):
        scored = metric.score(one, as_prediction(other))
        for kind in kind_names():
            total[kind].add(scored.counts[kind], 0.5)
    return total


def alphas(cases: Sequence[Annotated]) -> dict[KindName, float | None]:
    """Krippendorff's alpha for the label of each kind that has one, over the items that both annotators have.

    The values are those that each gave first; what else they would accept plays no part.
    """
    labels = {kind.plural: kind.label for kind in kinds() if kind.label}
    pairs: dict[KindName, list[tuple[Hashable, Hashable]]] = {kind: [] for kind in labels}
    for found in cases:
        a, b = as_prediction(gold_side(found.case, found.a)), as_prediction(gold_side(found.case, found.b))
        matcher = Matcher(a, b)
        for kind, name in labels.items():
            for pair in matcher.matchings[kind].pairs:
                one, other = _item(a, kind, pair.gold), _item(b, kind, pair.predicted)
                pairs[kind].append((str(one.fields[name][0]), str(other.fields[name][0])))
    return {kind: alpha(found) for kind, found in pairs.items()}


def differences(found: Annotated) -> Iterator[tuple[str, str]]:
    """Where two annotators differ, as (what it is about, how): fields, and items that only one has."""
    a, b = gold_side(found.case, found.a), gold_side(found.case, found.b)
    matcher = Matcher(a, as_prediction(b))
    for kind in kind_names():
        matching = matcher.matchings[kind]
        for pair in matching.pairs:
            one, other = _item(a, kind, pair.gold), _item(b, kind, pair.predicted)
            for name in (name for name, right in pair.fields.items() if not right):
                mine, theirs = _value(one, name), _value(other, name)
                yield pair.gold, f"{name}: a has {mine}; b ({pair.predicted}) has {theirs}"
            if one.optional != other.optional:
                yield pair.gold, f"optional: only {'a' if one.optional else 'b'} ({pair.predicted}) says so"
        paired = {pair.gold for pair in matching.pairs}
        for item in a.items[kind]:
            if item.id not in paired:
                yield item.id, f"only a has it: {item.wordings[0]}"
        met = {pair.predicted for pair in matching.pairs}
        for item in b.items[kind]:
            if item.id not in met:
                yield f"b's {item.id}", f"only b has it: {item.wordings[0]}"
    cited = {(hard_negative.kind, *map(tuple, hard_negative.evidence)) for hard_negative in found.a.rejected}
    for hard_negative in found.b.rejected:
        if (hard_negative.kind, *map(tuple, hard_negative.evidence)) not in cited:
            yield f"b's {hard_negative.id}", f"only b has this trap: {hard_negative.text}"


def _item(side: Side, kind: KindName, id: str) -> Item:
    return next(item for item in side.items[kind] if item.id == id)


def _value(item: Item, name: str) -> str:
    if name == "names":
        return ", ".join(item.wordings)
    if name == "numbers":
        return f"{', '.join(item.numbers) or 'none needed'} ({item.wordings[0]!r})"
    if name == "negation":
        return repr(item.wordings[0])
    return _plain(item.fields[name][0])


def _plain(value: object) -> str:
    return ",".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def draft(folder: Path) -> str:
    """A gold file to be adjudicated: annotator a's labels, and every difference as an open decision."""
    found = annotators(folder)
    lines = (folder / A_FILE).read_text("utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if line.split("#")[0].rstrip() == "article:")
    decisions = ["adjudication:"] + [
        f"  - {{about: {quoted(about)}, note: {quoted(OPEN + how)}}}" for about, how in differences(found)
    ]
    second = [f"  - {{id: {b.id}, kind: {b.kind}, who: {quoted(b.who)}}}" for b in found.b.annotators]
    if len(decisions) == 1:
        decisions = ["adjudication: []"]
    return "\n".join([*lines[:place], *second, *decisions, *lines[place:]]) + "\n"
