"""Stubs for gold files: the spurious predictions of a run as YAML, from which annotators extend the labels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from summariser.evals.gold import Case, Gold, quoted
from summariser.evals.metric import predicted_side
from summariser.evals.run_record import CaseRecord, RunRecord
from summariser.schema import PARTY, Deadline, ItemKind, KindName, Towards, ids_in, kind_named, kind_names, kind_of
from summariser.schema import Item as SummaryItem


def stubs(record: RunRecord, cases: Sequence[Case]) -> Iterator[str]:
    """Yield the spurious predictions of each case as lines of a gold file.

    Each prediction is given twice, as an item to add and as a hard negative to reject, and its wording once for the
    list `accept` of another item.

    Args:
        record: The run.
        cases: The cases of its suite.
    """
    by_id = {case.id: case for case in cases}
    for found in record.scored:
        if found.case in by_id:
            yield from _of_case(found, by_id[found.case])


def _of_case(found: CaseRecord, case: Case) -> Iterator[str]:
    summary = found.draws[0].summary
    spurious = [(kind, i) for kind in kind_names() for i in found.draws[0].kinds[kind].matching.spurious]
    if summary is None or not spurious:
        return
    items = {item.id: item for item in summary.items}
    cited = {i.id: sorted(i.cited) for kind in kind_names() for i in predicted_side(case, summary).items[kind]}
    names = {party.id: party.name for party in summary.parties}
    gold_ids = {name: party.id for party in case.gold.parties for name in party.names}
    yield f"# ── {case.id}: {len(spurious)} predictions that are no gold item\n"
    for number, (kind, identity) in enumerate(spurious, 1):
        item, evidence = items[identity], cited[identity]
        wording = " ".join(kind_of(item).text_of(item).split())
        ids = {i: gold_ids.get(name, f"TODO {name}") for i, name in names.items()}
        yield f"# {identity} of the run. To accept it as a wording of an item: accept: [{quoted(wording)}]\n"
        yield f"# to add it to {kind}:\n"
        yield from (
            f"  {line}\n" for line in _as_item(kind_named(kind), item, _free(case.gold, kind, number), evidence, ids)
        )
        yield "# to reject it, under rejected:\n"
        yield f"  - id: {_free_negative(case.gold, number)}\n    kind: {kind}\n    text: {quoted(wording)}\n"
        yield f"    evidence: [{evidence or [1]}]\n    why: TODO\n"


def _as_item(
    kind: ItemKind, item: SummaryItem, id: str, evidence: Sequence[int], ids: Mapping[str, str]
) -> Iterator[str]:
    """Yield the lines of an item in a gold file, without the fields that the prediction leaves empty."""
    yield f"- id: {id}"
    for name in kind.labelled:
        shown = _as_value(kind, item, name, ids)
        if shown is not None:
            yield f"  {name}: {shown}"
    yield f"  evidence: [{list(evidence) or [1]}]"
    if kind is not PARTY:
        yield f"  words: {quoted(next((e.text for e in item.evidence if e.text), 'TODO'))}"


def _as_value(kind: ItemKind, item: SummaryItem, name: str, ids: Mapping[str, str]) -> str | None:
    """Return a field's value as YAML; None for a field that the prediction leaves empty."""
    value = getattr(item, name)
    if name in kind.party_fields:
        parties = [quoted(ids[i]) for i in ids_in(item, name)]
        if not parties:
            return None
        return f"[{', '.join(parties)}]" if isinstance(value, tuple) else parties[0]
    match value:
        case Towards():
            return f"{{text: {quoted(value.text or 'TODO')}}}"
        case Deadline():
            return f"{{text: {quoted(value.text)}}}"
        case tuple() | None:
            return None
    return str(value) if name == kind.label else quoted(str(value))


def _free(gold: Gold, kind: KindName, number: int) -> str:
    """Return an id that no item of the kind has."""
    return f"{kind_named(kind).letter}{_last(item.id for item in gold.of(kind)) + number}"


def _free_negative(gold: Gold, number: int) -> str:
    """Return an id that no hard negative has."""
    return f"X{_last(negative.id for negative in gold.rejected) + number}"


def _last(ids: Iterable[str]) -> int:
    """Return the highest number in ids."""
    return max((int(id[1:]) for id in ids if id[1:].isdigit()), default=0)
