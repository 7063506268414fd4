"""Inter-annotator agreement: the scores of two annotators against each other, and their differences."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from summariser.errors import InputError
from summariser.evals import metric
from summariser.evals.gold import Case, Gold, load_gold, quoted
from summariser.evals.metric import Counts, Item, Matcher, Pair, Side, gold_side
from summariser.evals.statistics import alpha
from summariser.schema import KindName, kind_names, kinds

A_FILE, B_FILE = "annotator-a.yaml", "annotator-b.yaml"
OPEN = "OPEN: "  # the first words of the note of a difference that is not settled yet


@dataclass(frozen=True)
class Annotated:
    """A case with the labels of its two annotators, `a` and `b`."""

    case: Case
    a: Gold
    b: Gold


def annotated(case: Case) -> Annotated | None:
    """Return a case with the labels of both annotators; None if the case has none.

    Raises:
        InputError: The labels of one annotator are missing, or are about other sentences than the gold labels.
    """
    paths = case.folder / A_FILE, case.folder / B_FILE
    present = [path for path in paths if path.exists()]
    if not present:
        return None
    if len(present) == 1:
        missing = next(path for path in paths if not path.exists())
        raise InputError(f"{missing} is missing beside {present[0].name}; add it, or remove both.")
    a, b = map(load_gold, paths)
    for path, labels in zip(paths, (a, b), strict=True):
        if labels.article.sentences != case.gold.article.sentences or labels.article.sha256 != case.gold.article.sha256:
            raise InputError(
                f"{path} names other sentences than gold.yaml; label the article and sentences of gold.yaml."
            )
    return Annotated(case, a, b)


def annotators(folder: Path) -> Annotated:
    """Return the labels of both annotators of a case without adjudicated labels.

    Raises:
        InputError: Labels are missing, or the two annotators labelled different sentences.
    """
    case = Case(folder, load_gold(folder / A_FILE))
    found = annotated(case)
    if found is None:
        raise InputError(f"{folder} has no {A_FILE}; label the article first ('summariser eval gold new').")
    return found


def as_prediction(side: Side) -> Side:
    """Return labels in the form of a prediction: the first evidence and the first value of each field."""
    items = {kind: tuple(map(_as_predicted, side.items[kind])) for kind in kind_names()}
    return replace(side, items=items)


def _as_predicted(item: Item) -> Item:
    fields = {name: values[:1] for name, values in item.fields.items()}
    return replace(item, evidence=item.evidence[:1], fields=fields)


def agreement(found: Annotated) -> dict[KindName, Counts]:
    """Return the counts of two annotators: the mean of both directions, each annotator once as gold, once as system."""
    a, b = gold_side(found.case, found.a), gold_side(found.case, found.b)
    total = {kind: Counts() for kind in kind_names()}
    for one, other in ((a, b), (b, a)):
        scored = metric.score(one, as_prediction(other))
        for kind in kind_names():
            total[kind].add(scored.counts[kind], 0.5)
    return total


def alphas(cases: Sequence[Annotated]) -> dict[KindName, float | None]:
    """Return Krippendorff's alpha of the label of each kind with a label, over the items of both annotators.

    It compares the first value that each annotator gave; other accepted values do not count.

    Returns:
        The alpha by kind, at most 1; None if it is undefined.
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
    """Yield the differences of two annotators, as (the id of the item, a description)."""
    a, b = gold_side(found.case, found.a), gold_side(found.case, found.b)
    matcher = Matcher(a, as_prediction(b))
    for kind in kind_names():
        pairs = matcher.matchings[kind].pairs
        for pair in pairs:
            yield from _pair_differences(pair, _item(a, kind, pair.gold), _item(b, kind, pair.predicted))
        yield from _only_in(a, "a", kind, {pair.gold for pair in pairs})
        yield from _only_in(b, "b", kind, {pair.predicted for pair in pairs})
    cited = {(negative.kind, *map(tuple, negative.evidence)) for negative in found.a.rejected}
    for negative in found.b.rejected:
        if (negative.kind, *map(tuple, negative.evidence)) not in cited:
            yield f"b's {negative.id}", f"only b has this hard negative: {negative.text}"


def _pair_differences(pair: Pair, one: Item, other: Item) -> Iterator[tuple[str, str]]:
    """Yield the differences of an item that both annotators have."""
    for name in (name for name, right in pair.fields.items() if not right):
        yield pair.gold, f"{name}: a has {_value(one, name)}; b ({other.id}) has {_value(other, name)}"
    if one.optional != other.optional:
        yield pair.gold, f"optional: only {'a' if one.optional else 'b'} ({other.id}) says so"


def _only_in(side: Side, annotator: str, kind: KindName, matched: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the items that only one annotator has."""
    for item in side.items[kind]:
        if item.id not in matched:
            about = item.id if annotator == "a" else f"{annotator}'s {item.id}"
            yield about, f"only {annotator} has it: {item.wordings[0]}"


def _item(side: Side, kind: KindName, id: str) -> Item:
    return next(item for item in side.items[kind] if item.id == id)


def _value(item: Item, name: str) -> str:
    """Return the annotator's value of a field, or the words of a field that is compared as text."""
    if name == "names":
        return ", ".join(item.wordings)
    if name == "numbers":
        return f"{', '.join(item.numbers) or 'none needed'} ({item.wordings[0]!r})"
    if name not in item.fields:  # what is compared as text: the wording, or its negation
        return repr(item.wordings[0])
    return _plain(item.fields[name][0])


def _plain(value: object) -> str:
    return ",".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def draft(folder: Path) -> str:
    """Return a gold file for adjudication: the labels of annotator a, with every difference as an open decision.

    Raises:
        InputError: Labels are missing, or the two annotators labelled different sentences.
    """
    found = annotators(folder)
    lines = (folder / A_FILE).read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.split("#")[0].rstrip() == "article:")
    decisions = ["adjudication:"] + [
        f"  - {{about: {quoted(about)}, note: {quoted(OPEN + how)}}}" for about, how in differences(found)
    ]
    second = [f"  - {{id: {b.id}, kind: {b.kind}, who: {quoted(b.who)}}}" for b in found.b.annotators]
    if len(decisions) == 1:
        decisions = ["adjudication: []"]
    return "\n".join([*lines[:place], *second, *decisions, *lines[place:]]) + "\n"
