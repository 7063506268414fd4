"""Gold and prediction in one form: items with wordings, evidence and fields, in frozen sentence numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from summariser.evals.gold.models import (
    KINDS,
    Case,
    Gold,
    GoldCommitment,
    GoldItem,
    GoldParty,
    GoldReaction,
    GoldRisk,
    KindOfItem,
)
from summariser.schema import Commitment, Party, Reaction, Risk, Summary
from summariser.schema import Item as SummaryItem

Ids = frozenset[str]


@dataclass(frozen=True)
class Target:
    """What a reaction is about: an id, and the words."""

    id: str | None
    text: str


Value = str | Ids | Target | None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of either side.

    `fields` gives for each field every right value, the first being the one given; `wordings` every right
    wording (for a party: every name). `carriers` are texts that carry the item besides: its quotation and its
    cited sentences. `numbers` are those it must have, as texts.
    """

    id: str
    kind: KindOfItem
    wordings: tuple[str, ...]
    evidence: tuple[frozenset[int], ...] = ()
    fields: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    carriers: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    optional: bool = False
    verdicts: tuple[str, ...] = ()
    verified: bool = False

    @property
    def cited(self) -> frozenset[int]:
        """Every sentence that is cited in any alternative."""
        return frozenset().union(*self.evidence)


@dataclass(frozen=True, kw_only=True)
class Side:
    """All items that one side has of a case; `language` is the article's."""

    items: Mapping[KindOfItem, tuple[Item, ...]]
    language: str | None

    def party(self, id: str) -> Item | None:
        """The party of that id."""
        return next((party for party in self.items["parties"] if party.id == id), None)


def gold_side(case: Case, gold: Gold | None = None) -> Side:
    """The labels of a case, adjudicated or an annotator's."""
    labels = gold or case.gold
    sentences = case.sentences
    items = {kind: tuple(_of_gold(kind, item, sentences) for item in labels.of(kind)) for kind in KINDS}
    return Side(items=items, language=labels.language)


def _of_gold(kind: KindOfItem, item: GoldItem, sentences: Sequence[str]) -> Item:
    evidence = tuple(frozenset(numbers) for numbers in item.evidence)
    if isinstance(item, GoldParty):
        return Item(
            id=item.id,
            kind=kind,
            wordings=item.names,
            evidence=evidence,
            fields=_with_also(item, _fields(item)),
            accept=tuple(item.accept),
            optional=item.optional,
        )
    cited = (" ".join(sentences[n - 1] for n in sorted(numbers) if n <= len(sentences)) for numbers in evidence)
    return Item(
        id=item.id,
        kind=kind,
        wordings=item.wordings,
        evidence=evidence,
        fields=_with_also(item, _fields(item)),
        carriers=(item.words, *cited),
        numbers=tuple(item.numbers),
        optional=item.optional,
    )


def _fields(item: GoldItem | SummaryItem) -> dict[str, Value]:
    """The fields of an item of either side, which call them by the same names."""
    match item:
        case GoldParty() | Party():
            return {"kind": item.kind, "affiliation": item.affiliation}
        case GoldCommitment() | Commitment():
            return {
                "by": frozenset(item.by),
                "to": frozenset(item.to),
                "status": item.status,
                "condition": item.condition,
                "deadline": item.deadline.text if item.deadline else None,
                "said_by": item.said_by,
            }
        case GoldReaction() | Reaction():
            target = Target(item.towards.id, item.towards.text)
            return {"by": frozenset(item.by), "towards": target, "stance": item.stance, "quote": item.quote}
        case GoldRisk() | Risk():
            return {"raised_by": item.raised_by, "affects": frozenset(item.affects)}


def _with_also(item: GoldItem, fields: dict[str, Value]) -> dict[str, tuple[Value, ...]]:
    """Each field with its other right values."""
    return {name: (value, *(_as(value, other) for other in item.also.get(name, ()))) for name, value in fields.items()}


def _as(like: Value, other: object) -> Value:
    """Another right value in the form of the first."""
    if isinstance(like, frozenset):
        return frozenset(other if isinstance(other, list) else [] if other is None else [str(other)])
    if isinstance(like, Target):
        return Target(None if other is None else str(other), like.text)
    return None if other is None else str(other)


def predicted_side(case: Case, summary: Summary) -> Side:
    """What a Summary says of the case's article, its evidence in the frozen sentence numbers."""
    kinds: Mapping[KindOfItem, Sequence[SummaryItem]] = {
        "parties": summary.parties,
        "commitments": summary.commitments,
        "reactions": summary.reactions,
        "risks": summary.risks,
    }
    items = {kind: tuple(_of_summary(kind, item, case) for item in found) for kind, found in kinds.items()}
    return Side(items=items, language=case.gold.language)


def _of_summary(kind: KindOfItem, item: SummaryItem, case: Case) -> Item:
    return Item(
        id=item.id,
        kind=kind,
        wordings=_said(item),
        evidence=(_cited(item, case),),
        fields={name: (value,) for name, value in _fields(item).items()},
        verdicts=tuple(evidence.verdict for evidence in item.evidence),
        verified=item.verified,
    )


def _cited(item: SummaryItem, case: Case) -> frozenset[int]:
    """The frozen sentences that the evidence touches, by its offsets: these do not move with the segmenter."""
    found: set[int] = set()
    for evidence in item.evidence:
        if evidence.start is not None and evidence.end is not None:
            found |= case.frozen(evidence.start, evidence.end)
    return frozenset(found)


def _said(item: SummaryItem) -> tuple[str, ...]:
    """What an item of a Summary says: its wording, or a party's names."""
    match item:
        case Party():
            return (item.name, *item.aliases)
        case Commitment():
            return (item.action,)
        case Reaction():
            return (item.statement,)
        case Risk():
            return (item.risk,)
