"""Gold labels and predictions in one form: items with wordings, evidence and fields, and gold sentence numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from summariser.evals.gold import Case, Gold, GoldClaim, GoldDeadline, GoldItem, GoldParty, GoldTowards
from summariser.schema import (
    PARTY,
    Deadline,
    ItemKind,
    KindName,
    Party,
    Summary,
    Towards,
    VerdictLabel,
    claims,
    kind_named,
    kinds,
)
from summariser.schema import Item as SummaryItem
from summariser.text.similarity import name_key

Ids = frozenset[str]


@dataclass(frozen=True)
class Target:
    """The subject of a reaction: its words, and the id of the party or item that they mean, if any."""

    id: str | None
    text: str


Value = str | Ids | Target | None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of either side.

    Attributes:
        id: Its id.
        kind: The plural of its kind.
        wordings: Every right wording, the given one first; for a party, every name.
        evidence: The alternative sets of cited sentences.
        fields: Every right value of each field, the given one first.
        carriers: Other texts that carry the item: its words in the source, then its cited sentences.
        numbers: The numbers that a prediction needs, as texts.
        accept: Other right names of a party.
        optional: True if the item neither counts when it is missed nor when it is met.
        verdict: The verdict of a prediction; None for a gold item.
        reason: Why a prediction is not supported, as a sentence.
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
    verdict: VerdictLabel | None = None
    reason: str = ""

    @property
    def of_kind(self) -> ItemKind:
        """The item's kind."""
        return kind_named(self.kind)

    @property
    def cited(self) -> frozenset[int]:
        """The sentences that any alternative cites."""
        return frozenset().union(*self.evidence)

    @property
    def name_keys(self) -> frozenset[str]:
        """The names of a party in the form in which they are compared, with the accepted ones."""
        return frozenset(map(name_key, (*self.wordings, *self.accept)))

    @property
    def terms(self) -> tuple[str, ...]:
        """The texts of the condition and the deadline, as far as they are given."""
        values = (value for name in self.of_kind.terms for value in self.fields.get(name, ()))
        return tuple(value for value in values if isinstance(value, str))

    @property
    def distinguished(self) -> Ids:
        """The parties that the item names in fields whose parties the metric distinguishes."""
        ids: set[str] = set()
        kind = self.of_kind
        for name in (*(each.name for each in kind.parties if each.apart), *filter(None, [kind.target])):
            for value in self.fields.get(name, ())[:1]:
                ids |= ids_of(value)
        return frozenset(ids)


def ids_of(value: Value) -> Ids:
    """Return the ids in a field's value, which may hold one, several or none."""
    if isinstance(value, frozenset):
        return value
    id = value.id if isinstance(value, Target) else value
    return frozenset() if id is None else frozenset({id})


@dataclass(frozen=True, kw_only=True)
class Side:
    """The items of one side of a case.

    Attributes:
        items: The items by the plural of their kind.
        language: The language of the article, as an ISO 639-1 code.
    """

    items: Mapping[KindName, tuple[Item, ...]]
    language: str | None

    @property
    def parties(self) -> tuple[Item, ...]:
        """The parties."""
        return self.items[PARTY.plural]

    @property
    def targets(self) -> Iterator[Item]:
        """The claims that may be the target of another item."""
        for kind in claims():
            if kind.may_be_target:
                yield from self.items.get(kind.plural, ())

    def party(self, id: str) -> Item | None:
        """Return the party with an id; None if there is none."""
        return next((party for party in self.parties if party.id == id), None)


def gold_side(case: Case, gold: Gold | None = None) -> Side:
    """Return the labels of a case in the form of the metric.

    Args:
        case: The case.
        gold: The labels of an annotator; None for the adjudicated labels.
    """
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
    """Return the compared fields of an item of either side, which both sides call by the same names."""
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
    """Return another right value in the type of the first."""
    if isinstance(like, frozenset):
        return frozenset(other if isinstance(other, list) else [] if other is None else [str(other)])
    if isinstance(like, Target):
        return Target(None if other is None else str(other), like.text)
    return None if other is None else str(other)


def predicted_side(case: Case, summary: Summary) -> Side:
    """Return a Summary of the case's article in the form of the metric, with evidence in gold sentence numbers."""
    items = {kind.plural: tuple(_of_summary(kind, item, case) for item in summary.of(kind)) for kind in kinds()}
    return Side(items=items, language=case.gold.language)


def _of_summary(kind: ItemKind, item: SummaryItem, case: Case) -> Item:
    return Item(
        id=item.id,
        kind=kind.plural,
        wordings=(item.name, *item.aliases) if isinstance(item, Party) else (kind.text_of(item),),
        evidence=(_cited(item, case),),
        fields={name: (value,) for name, value in _fields(kind, item).items()},
        verdict=item.verdict,
        reason=item.reason,
    )


def _cited(item: SummaryItem, case: Case) -> frozenset[int]:
    """Return the gold sentences that the evidence touches, by its offsets, which do not depend on the segmenter."""
    return frozenset(number for start, end in item.cited_spans for number in case.frozen(start, end))
