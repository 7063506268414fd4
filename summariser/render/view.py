"""What every rendering says of an item: one line of words, its marks, and why it is not verified."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summariser.schema import Commitment, Item, Party, Reaction, Risk, Summary, is_inferred


@dataclass(frozen=True, slots=True)
class Line:
    """One item as words: its id, a label (kind, status, stance), who, what, where, and the warnings about it."""

    id: str
    label: str
    who: str
    what: str
    where: str
    verified: bool
    inferred: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one kind, unverified ones first, inferred ones last."""

    title: str
    lines: tuple[Line, ...]


def sections(summary: Summary) -> Iterator[Section]:
    """Commitments, reactions, risks and parties, in the order in which a reader wants them."""
    for title, items in (
        ("Commitments", summary.commitments),
        ("Reactions", summary.reactions),
        ("Risks", summary.risks),
        ("Parties", summary.parties),
    ):
        yield Section(title, _lines(summary, items))


def _lines(summary: Summary, items: Sequence[Item]) -> tuple[Line, ...]:
    lines = [_line(summary, item) for item in items]
    return tuple(sorted(lines, key=lambda line: (line.inferred, line.verified)))


def _line(summary: Summary, item: Item) -> Line:
    label, who, what = _words(summary, item)
    return Line(
        id=item.id,
        label=label,
        who=who,
        what=what,
        where=_where(item),
        verified=item.verified,
        inferred=is_inferred(item),
        warnings=tuple(w.message for w in summary.warnings if w.item == item.id),
    )


def _words(summary: Summary, item: Item) -> tuple[str, str, str]:
    names = {party.id: party.name for party in summary.parties}

    def who(ids: Sequence[str]) -> str:
        return ", ".join(names[i] for i in ids)

    if isinstance(item, Party):
        known = f" ({', '.join(item.aliases)})" if item.aliases else ""
        return item.kind, f"{item.name}{known}", item.role
    if isinstance(item, Commitment):
        towards = f" → {who(item.to)}" if item.to else ""
        extras = [item.condition, item.deadline.text if item.deadline else None]
        return item.status, f"{who(item.by) or '?'}{towards}", "; ".join(filter(None, (item.action, *extras)))
    if isinstance(item, Reaction):
        about = f" (on {item.towards.text})" if item.towards.text else ""
        return item.stance, who(item.by) or "?", f"{item.statement}{about}"
    hit = f" (hits {who(item.affects)})" if item.affects else ""
    raised = names[item.raised_by] if item.raised_by else "the model" if is_inferred(item) else "the report"
    return item.basis, raised, f"{item.risk}{hit}"


def _where(item: Item) -> str:
    """Sentence numbers and verdicts, such as `[4] cited`."""
    if isinstance(item, Risk) and is_inferred(item):
        return f"from {', '.join(item.rests_on)}"
    places = []
    for evidence in item.evidence:
        cited = ", ".join(map(str, evidence.sentences)) or "–"
        places.append(f"[{cited}] {evidence.verdict}")
    return "; ".join(places)


def general_warnings(summary: Summary) -> tuple[str, ...]:
    """The warnings that are about no single item."""
    return tuple(warning.message for warning in summary.warnings if warning.item is None)


def closing_line(summary: Summary) -> str:
    """Prompt, model, tokens, seconds and cost in one line."""
    run = summary.run
    cost = "cost unknown" if run.cost_usd is None else f"${run.cost_usd:.4f}" if run.cost_usd else "no cost"
    status = "" if run.status == "ok" else f" · {run.status}"
    requests = "1 request" if run.requests == 1 else f"{run.requests} requests"
    prompts = " + ".join((run.prompt, *run.passes))
    return (
        f"{prompts} · {run.model} · {requests} · {run.input_tokens:,} tokens in "
        f"({run.cached_tokens:,} cached), {run.output_tokens:,} out · {run.seconds:.0f} s · {cost}{status}"
    )


def tally(summary: Summary) -> str:
    """How many items there are and how many of them the source carries."""
    inferred = sum(is_inferred(item) for item in summary.items)
    total = sum(1 for _ in summary.items) - inferred
    unverified = len(summary.unverified)
    if not total:
        return "Nothing was found in this text."
    doubted = f"; {unverified} marked ✗ are not" if unverified else ""
    return f"{total - unverified} of {total} items verified{doubted}" + (f"; {inferred} inferred" if inferred else "")
