"""What a run said that is no gold item, as YAML to paste: gold grows by looking at it."""

from collections.abc import Iterator, Mapping, Sequence

from summariser.evals.gold import Case, Gold, quoted
from summariser.evals.metric import predicted_side
from summariser.evals.run import CaseRecord, RunRecord
from summariser.schema import PARTY, Deadline, ItemKind, KindName, Towards, ids_in, kind_named, kind_names, kind_of
from summariser.schema import Item as SummaryItem


def stubs(record: RunRecord, cases: Sequence[Case]) -> Iterator[str]:
    """For each case, its spurious predictions: each once as an item to add, once as a trap to reject, to choose from.

    To accept a prediction as another wording of an item, put the line that is given into that item's `accept`.
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
        yield f"  - id: {_free_trap(case.gold, number)}\n    kind: {kind}\n    text: {quoted(wording)}\n"
        yield f"    evidence: [{evidence or [1]}]\n    why: TODO\n"


def _as_item(
    kind: ItemKind, item: SummaryItem, id: str, evidence: Sequence[int], ids: Mapping[str, str]
) -> Iterator[str]:
    """Yield the lines of an item in a gold file; a field that the prediction leaves empty is left out."""
    yield f"- id: {id}"
    for name in kind.labelled:
        value = getattr(item, name)
        if name in kind.party_fields:
            value = tuple(ids[i] for i in ids_in(item, name))
            if not value:
                continue
            shown = f"[{', '.join(map(quoted, value))}]" if isinstance(getattr(item, name), tuple) else quoted(value[0])
        elif isinstance(value, Towards):
            shown = f"{{text: {quoted(value.text or 'TODO')}}}"
        elif isinstance(value, Deadline):
            shown = f"{{text: {quoted(value.text)}}}"
        elif isinstance(value, tuple) or value is None:
            continue
        else:
            shown = str(value) if name == kind.label else quoted(str(value))
        yield f"  {name}: {shown}"
    yield f"  evidence: [{list(evidence) or [1]}]"
    if kind is not PARTY:
        yield f"  words: {quoted(next((e.text for e in item.evidence if e.text), 'TODO'))}"


def _free(gold: Gold, kind: KindName, number: int) -> str:
    """An id that no item of the kind has."""
    taken = max((int(item.id[1:]) for item in gold.of(kind) if item.id[1:].isdigit()), default=0)
    return f"{kind_named(kind).letter}{taken + number}"


def _free_trap(gold: Gold, number: int) -> str:
    taken = max((int(negative.id[1:]) for negative in gold.rejected if negative.id[1:].isdigit()), default=0)
    return f"X{taken + number}"
