"""Gold and prediction in one form: items with wordings, evidence and fields, in frozen sentence numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from summariser.evals.gold.models import Case, Gold, GoldClaim, GoldDeadline, GoldItem, GoldParty, GoldTowards
from summariser.schema import PARTY, Deadline, ItemKind, KindName, Party, Summary, Towards, kind_named, kinds
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
    kind: KindName
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
    def of_kind(self) -> ItemKind:
        """What kind of item it is."""
        return kind_named(self.kind)

    @property
    def cited(self) -> frozenset[int]:
        """Every sentence that is cited in any alternative."""
        return frozenset().union(*self.evidence)


@dataclass(frozen=True, kw_only=True)
class Side:
    """All items that one side has of a case; `language` is the article's."""

    items: Mapping[KindName, tuple[Item, ...]]
    language: str | None

    def party(self, id: str) -> Item | None:
        """The party of that id."""
        return next((party for party in self.items[PARTY.plural] if party.id == id), None)


def gold_side(case: Case, gold: Gold | None = None) -> Side:
    """Return the labels of a case, adjudicated or an annotator's."""
    labels = gold or case.gold
    items = {
        kind.plural: tuple(_of_gold(kind, item, case.sentences) for item in labels.of(kind.plural)) for kind in kinds()
    }
    return Side(items=items, language=labels.language)


def _of_gold(kind: ItemKind, item: GoldItem, sentences: Sequence[str]) -> Item:
    evidence = tuple(frozenset(numbers) for numbers in item.evidence)
    cited = (" ".join(sentences[n - 1] for n in sorted(numbers) if n <= len(sentences)) for numbers in evidence)
    return Item(
        id=item.id,
        kind=kind.plural,
        wordings=item.names if isinstance(item, GoldParty) else (item.value(kind.text), *item.accept),
        evidence=evidence,
        fields=_with_also(item, _fields(kind, item)),
        carriers=(item.words, *cited) if isinstance(item, GoldClaim) else (),
        numbers=tuple(item.numbers) if isinstance(item, GoldClaim) else (),
        accept=() if isinstance(item, GoldClaim) else tuple(item.accept),
        optional=item.optional,
    )


def _fields(kind: ItemKind, item: GoldItem | SummaryItem) -> dict[str, Value]:
    """Return the fields of an item of either side that are compared; both sides call them by the same names."""
    return {name: _value(getattr(item, name)) for name in kind.compared}


def _value(given: object) -> Value:
    match given:
        case list() | tuple():
            return frozenset(map(str, given))
        case Towards() | GoldTowards():
            return Target(given.id, given.text)
        case Deadline() | GoldDeadline():
            return given.text
    return None if given is None else str(given)


def _with_also(item: GoldItem, fields: dict[str, Value]) -> dict[str, tuple[Value, ...]]:
    """Return each field with its other right values."""
    return {name: (value, *(_as(value, other) for other in item.also.get(name, ()))) for name, value in fields.items()}


def _as(like: Value, other: object) -> Value:
    """Return another right value in the form of the first."""
    if isinstance(like, frozenset):
        return frozenset(other if isinstance(other, list) else [] if other is None else [str(other)])
    if isinstance(like, Target):
        return Target(None if other is None else str(other), like.text)
    return None if other is None else str(other)


def predicted_side(case: Case, summary: Summary) -> Side:
    """Return what a Summary says of the case's article, its evidence in the frozen sentence numbers."""
    items = {kind.plural: tuple(_of_summary(kind, item, case) for item in summary.of(kind)) for kind in kinds()}
    return Side(items=items, language=case.gold.language)


def _of_summary(kind: ItemKind, item: SummaryItem, case: Case) -> Item:
    return Item(
        id=item.id,
        kind=kind.plural,
        wordings=(item.name, *item.aliases) if isinstance(item, Party) else (kind.text_of(item),),
        evidence=(_cited(item, case),),
        fields={name: (value,) for name, value in _fields(kind, item).items()},
        verdicts=tuple(evidence.verdict for evidence in item.evidence),
        verified=item.verified,
    )


def _cited(item: SummaryItem, case: Case) -> frozenset[int]:
    """Return the frozen sentences that the evidence touches, by its offsets: these do not move with the segmenter."""
    return frozenset(number for start, end in item.cited_spans for number in case.frozen(start, end))
