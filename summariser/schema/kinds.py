"""The kinds of items: the one place that defines each kind.

A kind consists of the class that a model fills (its Draft class), the class that a Summary holds (its Item class), and
an ItemKind that names the roles of the fields for all code that handles items: the response schema, linking,
grounding, rendering, translation, gold files and the metric. The title of a field of an Item class is what a reader
calls it. `declared` adds another kind.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field

from summariser.schema.base import DraftItem, Frozen, Item, Name, Names, bounded

Who = Callable[[tuple[str, ...]], str]
"""A function that returns the joined names of parties, given their ids."""
PartyRole = Literal["actor", "speaker", "recipient", "affected"]
"""What a party does: it acts, it speaks, or something is done or said to it, or a harm would hit it."""
Words = tuple[str, str, str]
"""An item for a reader: a label such as its status, the parties that it is about, and its content."""


@dataclass(frozen=True, kw_only=True)
class PartyField:
    """A field that names parties: one, or a list of them.

    Attributes:
        name: The field's name, in a Draft (where the field holds names) and in a Summary (where it holds ids).
        role: What the parties do in the cited sentences: they act, speak, or are only named.
        missing: The warning for an item without any party in the field, which is then not settled; empty if the field
            may be empty.
        apart_from: A field whose parties this one does not repeat.
        own_voice: True if "the report" is not a party here, because it is the source's own voice.
        apart: True if the metric distinguishes two parties in such fields of one item even if one speaks for the other.
    """

    name: str
    role: PartyRole = "recipient"
    missing: str = ""
    apart_from: str = ""
    own_voice: bool = False
    apart: bool = True


@dataclass(frozen=True, kw_only=True, eq=False)
class ItemKind:
    """A kind of items: its names, its classes, and the roles of its fields.

    Attributes:
        name: The kind in the singular, such as "commitment".
        plural: The list of its items in a Draft, a Summary, a prompt and a gold file, such as "commitments".
        letter: The first letter of its ids, such as "C".
        heading: The heading of its section in a rendering.
        meaning: The definition of the kind in one sentence, for annotators.
        draft: The class that a model fills.
        item: The class that a Summary holds.
        text: The field with the item's content in words.
        label: The field with a closed value, such as "status"; None if there is none.
        near_misses: The words that models use in place of each value of the label, without case and punctuation; only
            words that mean exactly one value.
        parties: The fields that name parties; the first one names those that act.
        target: The field for the item's subject: its words, and the id of the party or item that they mean, if any.
        may_be_target: True if another item's target may be an item of this kind.
        terms: The other fields in the source's words, which the cited words must contain.
        items: The fields of a Summary's item that hold ids of other items.
        unlabelled: The fields of a Summary's item that gold files do not have.
        refusal: The value of the label that means that the text says what is not done; None if there is none.
        possible: True if the text tells of what could happen, so that the cited words must speak of a danger.
        critical: The fields that the metric requires to be right for an item to be strictly right.
        words: Returns an item in words for a reader; None for the label, the parties that act and the text.
        claim: Returns an item as one sentence for a model; None for the parties that act and the text.
    """

    name: str
    plural: str
    letter: str
    heading: str
    meaning: str
    draft: type[DraftItem]
    item: type[Item]
    text: str
    label: str | None = None
    near_misses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parties: tuple[PartyField, ...] = ()
    target: str | None = None
    may_be_target: bool = False
    terms: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    unlabelled: tuple[str, ...] = ()
    refusal: str | None = None
    possible: bool = False
    critical: tuple[str, ...] = ("wording", "negation", "numbers")
    words: Callable[[Any, Who], Words] | None = None
    claim: Callable[[Any, Who], str] | None = None

    @cached_property
    def party_fields(self) -> tuple[str, ...]:
        """The names of the fields that name parties."""
        return tuple(each.name for each in self.parties)

    @property
    def actor(self) -> str | None:
        """The field with the parties that act; None if the kind has no such field."""
        return self.parties[0].name if self.parties else None

    @cached_property
    def labelled(self) -> tuple[str, ...]:
        """The fields of the kind in a gold file, without those that all items have there."""
        own = (name for name in self.item.model_fields if name not in Item.model_fields)
        return tuple(name for name in own if name not in self.unlabelled)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The labelled fields that the metric compares one by one; it compares wordings and names as texts."""
        return tuple(name for name in self.labelled if name not in (self.text, *_NAMES))

    @cached_property
    def alternatives(self) -> tuple[str, ...]:
        """The labelled fields for which a gold file may give other right values, or wrong values."""
        chosen = (self.label, self.target, *self.party_fields)
        return tuple(name for name in self.compared if name in chosen)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The values that the label may have; empty if the kind has no label."""
        return get_args(self.item.model_fields[self.label].annotation) if self.label else ()

    def text_of(self, item: Item) -> str:
        """Return the text of a Summary's item; for a party, its name."""
        return str(getattr(item, "name" if self is PARTY else self.text))

    def in_words(self, item: Item, who: Who) -> Words:
        """Return an item for a reader: its label, the parties that it is about, and its content."""
        if self.words is not None:
            return self.words(item, who)
        label = str(getattr(item, self.label)) if self.label else self.name
        return label, who(ids_in(item, self.actor)) or "?", str(getattr(item, self.text))

    def as_claim(self, item: Item, who: Who) -> str:
        """Return an item as one sentence that a model can check."""
        if self.claim is not None:
            return self.claim(item, who)
        return f"{who(ids_in(item, self.actor)) or 'somebody'}: {getattr(item, self.text)}"


_NAMES = ("name", "aliases")


def ids_in(item: Item, name: str | None) -> tuple[str, ...]:
    """Return the ids in a field of an item, which may hold one, several or none."""
    value = getattr(item, name) if name else None
    return tuple(value) if isinstance(value, tuple | list) else () if value is None else (str(value),)


# ── parties ──────────────────────────────────────────────────────────────────────────────────────

PartyKind = Literal["state", "person", "organisation", "group"]


class DraftParty(DraftItem):
    """An actor, as the model names it."""

    name: Name = Field(description="full name, as the report gives it")
    kind: PartyKind = Field(description="state, person, organisation or group")
    aliases: Names = Field(default=[], description="its other names in the report")
    affiliation: Name | None = Field(None, description="name of the party it belongs to or speaks for")
    role: str = Field(
        "", max_length=600, json_schema_extra=bounded(120), description="what it is or does in this story"
    )


class Party(Item):
    """An actor of the story; `affiliation` is another party's id, `country` a state's ISO 3166-1 code."""

    name: str
    kind: PartyKind
    country: str | None = None
    aliases: tuple[str, ...] = Field(title="other names")
    affiliation: str | None = Field(title="whom it belongs to")
    role: str


def _party_words(item: Party, who: Who) -> Words:
    known = f" ({', '.join(item.aliases)})" if item.aliases else ""
    return item.kind, f"{item.name}{known}", item.role


PARTY = ItemKind(
    name="party",
    plural="parties",
    letter="P",
    heading="Parties",
    meaning="An actor of the story.",
    draft=DraftParty,
    item=Party,
    text="role",
    label="kind",
    near_misses={
        "state": ("country", "nation", "government", "nation state", "sovereign state", "states"),
        "person": ("individual", "human", "politician", "official", "leader", "persons"),
        "organisation": (
            "organization", "org", "company", "corporation", "business", "firm", "institution", "agency",
            "political party", "ngo", "association", "union", "trade union", "body", "ministry", "court", "media",
            "bank", "international organisation", "international organization", "government agency", "organisations",
            "organizations",
        ),
        "group": ("groups", "population", "community", "crowd", "ethnic group", "people", "coalition"),
    },
    parties=(PartyField(name="affiliation", apart=False),),
    unlabelled=("country", "role"),
    critical=("names", "kind"),
    words=_party_words,
)  # fmt: skip

# ── commitments ──────────────────────────────────────────────────────────────────────────────────

Status = Literal["agreed", "pledged", "decided", "planned", "proposed", "threatened", "refused"]


class DraftCommitment(DraftItem):
    """A course of action that a party binds itself to or announces as its own."""

    by: Names = Field(description="names of the parties that commit themselves")
    to: Names = Field(default=[], description="names of the parties to whom")
    action: str = Field(max_length=1200, json_schema_extra=bounded(240), description="what is to be done or not done")
    status: Status = Field(description="how firm it is")
    condition: str | None = Field(
        None, max_length=800, json_schema_extra=bounded(160), description="the condition, in the report's words"
    )
    deadline: str | None = Field(
        None, max_length=400, json_schema_extra=bounded(80), description="by when, in the report's words"
    )
    said_by: Name | None = Field(None, description="name of who says so, null where the report itself does")


class Deadline(Frozen):
    """By when: the source's words, and the day where they name one for certain."""

    text: str
    date: date | None


class Commitment(Item):
    """A course of action that parties commit to or announce as their own; `by`, `to`, `said_by` are party ids."""

    by: tuple[str, ...] = Field(title="who acts")
    to: tuple[str, ...] = Field(title="to whom")
    action: str = Field(title="what is done")
    status: Status
    condition: str | None
    deadline: Deadline | None
    said_by: str | None = Field(title="who says so")


def _commitment_words(item: Commitment, who: Who) -> Words:
    towards = f" → {who(item.to)}" if item.to else ""
    terms = (item.action, item.condition, item.deadline.text if item.deadline else None)
    return item.status, f"{who(item.by) or '?'}{towards}", "; ".join(filter(None, terms))


def _commitment_claim(item: Commitment, who: Who) -> str:
    to = f" towards {who(item.to)}" if item.to else ""
    condition = f"on the condition: {item.condition}" if item.condition else ""
    terms = "; ".join(filter(None, (item.action, condition, item.deadline.text if item.deadline else "")))
    return f"{who(item.by) or 'somebody'} {item.status}{to}: {terms}"


COMMITMENT = ItemKind(
    name="commitment",
    plural="commitments",
    letter="C",
    heading="Commitments",
    meaning="A course of action that a party binds itself to or announces as its own.",
    draft=DraftCommitment,
    item=Commitment,
    text="action",
    label="status",
    near_misses={
        "agreed": ("agree", "signed", "accepted", "agreement", "agreed to", "concluded"),
        "pledged": (
            "promised", "promise", "pledge", "committed", "vowed", "commitment", "commits", "guaranteed", "pledges",
        ),
        "decided": ("decision", "decides", "ordered", "imposed", "ruled", "enacted", "adopted", "approved", "mandated"),
        "planned": ("plan", "plans", "scheduled", "intended", "intends", "planning"),
        "proposed": ("proposal", "offered", "suggested", "proposes", "offer", "suggests"),
        "threatened": ("threat", "threatens", "threatening"),
        "refused": ("refusal", "refuses", "rejected", "declined", "ruled out", "rejects"),
    },
    parties=(
        PartyField(name="by", role="actor", missing="It names nobody who commits to it."),
        PartyField(name="to", apart_from="by"),
        PartyField(name="said_by", role="speaker", apart=False),
    ),
    may_be_target=True,
    terms=("condition", "deadline"),
    refusal="refused",
    critical=("by", "to", "status", "condition", "wording", "negation", "numbers"),
    words=_commitment_words,
    claim=_commitment_claim,
)  # fmt: skip

# ── reactions ────────────────────────────────────────────────────────────────────────────────────

Stance = Literal["supports", "opposes", "concerned", "mixed", "neutral"]


class DraftReaction(DraftItem):
    """A statement or act by which a party takes a stance."""

    by: Names = Field(description="names of the parties that speak or act")
    towards: str = Field(
        "", max_length=600, json_schema_extra=bounded(120), description="the party or commitment it is about"
    )
    stance: Stance = Field(description="the stance taken towards it")
    statement: str = Field(
        max_length=1200, json_schema_extra=bounded(240), description="what is said or done, in a few words"
    )
    quote: str | None = Field(
        None,
        max_length=2000,
        json_schema_extra=bounded(300),
        description="their direct speech, copied exactly from between the quotation marks, or null",
    )


class Towards(Frozen):
    """What a reaction is about: the words, and the id of a party or commitment where they are one."""

    id: str | None
    text: str


class Reaction(Item):
    """A stance that parties take; `quote` is verbatim direct speech."""

    by: tuple[str, ...] = Field(title="who reacts")
    towards: Towards = Field(title="about what")
    stance: Stance
    statement: str = Field(title="what is said")
    quote: str | None = Field(title="quotation")


def _reaction_words(item: Reaction, who: Who) -> Words:
    about = f" (on {item.towards.text})" if item.towards.text else ""
    return item.stance, who(item.by) or "?", f"{item.statement}{about}"


_STANCE_VERBS = {"concerned": "is concerned about", "neutral": "speaks of", "mixed": "has mixed views of"}


def _reaction_claim(item: Reaction, who: Who) -> str:
    about = f" {item.towards.text}" if item.towards.text else ""
    return f"{who(item.by) or 'somebody'} {_STANCE_VERBS.get(item.stance, item.stance)}{about}: {item.statement}"


REACTION = ItemKind(
    name="reaction",
    plural="reactions",
    letter="R",
    heading="Reactions",
    meaning="A stance that parties take.",
    draft=DraftReaction,
    item=Reaction,
    text="statement",
    label="stance",
    near_misses={
        "supports": (
            "support", "supportive", "supporting", "supported", "positive", "in favour", "in favor", "favours",
            "favors", "endorses", "welcomes", "approves", "agrees", "pro",
        ),
        "opposes": (
            "oppose", "opposed", "opposing", "opposition", "negative", "against", "critical", "criticises",
            "criticizes", "condemns", "rejects", "disapproves", "anti",
        ),
        "concerned": ("concern", "concerns", "worried", "worries", "cautious", "wary", "alarmed"),
        "mixed": ("ambivalent",),
        "neutral": ("neither", "no stance", "informational", "noncommittal", "factual"),
    },
    parties=(PartyField(name="by", role="speaker", missing="It names nobody who reacts."),),
    target="towards",
    critical=("by", "towards", "stance", "wording", "negation", "numbers"),
    words=_reaction_words,
    claim=_reaction_claim,
)  # fmt: skip

# ── risks ────────────────────────────────────────────────────────────────────────────────────────

Basis = Literal["reported", "inferred"]


class DraftRisk(DraftItem):
    """A possible harm that the source reports."""

    risk: str = Field(max_length=1200, json_schema_extra=bounded(240), description="the harm that could happen")
    raised_by: Name | None = Field(None, description="name of who says so, null where the report itself does")
    affects: Names = Field(default=[], description="names of the parties that would be harmed")


class Risk(Item):
    """A possible harm; `raised_by` is null in the source's own voice."""

    risk: str = Field(title="the harm")
    basis: Basis = "reported"
    raised_by: str | None = Field(title="who warns")
    affects: tuple[str, ...] = Field(title="whom it would hit")
    rests_on: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why the verdict is not "supported", as a sentence; empty if it is."""
        return "A model concluded it from other items; the text does not say it." if self.inferred else super().reason


def _risk_words(item: Risk, who: Who) -> Words:
    hit = f" (hits {who(item.affects)})" if item.affects else ""
    raised = who((item.raised_by,)) if item.raised_by else "the model" if item.inferred else "the report"
    return "risk", raised, f"{item.risk}{hit}"


def _risk_claim(item: Risk, who: Who) -> str:
    hit = f" It would hit {who(item.affects)}." if item.affects else ""
    raised = f"{who((item.raised_by,))} warns of" if item.raised_by else "The report speaks of"
    return f"{raised} a possible harm: {item.risk}{hit}"


RISK = ItemKind(
    name="risk",
    plural="risks",
    letter="K",
    heading="Risks",
    meaning="A possible harm.",
    draft=DraftRisk,
    item=Risk,
    text="risk",
    parties=(
        PartyField(name="raised_by", role="speaker", own_voice=True),
        PartyField(name="affects", role="affected", apart=False),
    ),
    items=("rests_on",),
    unlabelled=("basis", "rests_on"),
    possible=True,
    critical=("raised_by", "wording", "negation", "numbers"),
    words=_risk_words,
    claim=_risk_claim,
)

# ── all of them ──────────────────────────────────────────────────────────────────────────────────

_declared: list[ItemKind] = []


def claims() -> tuple[ItemKind, ...]:
    """Return the kinds of claims about the source: all kinds except parties, in the order of their sections."""
    return (COMMITMENT, REACTION, RISK, *_declared)


def kinds() -> tuple[ItemKind, ...]:
    """Return all kinds, parties first."""
    return (PARTY, *claims())


def kind_names() -> tuple[str, ...]:
    """Return the plurals of all kinds, parties first."""
    return tuple(kind.plural for kind in kinds())


def claim_names() -> tuple[str, ...]:
    """Return the plurals of all kinds except parties."""
    return tuple(kind.plural for kind in claims())


def near_misses(name: str) -> Mapping[str, str]:
    """Return the words that models use in place of the values of a label, each with the value that it means."""
    of_label = (kind.near_misses for kind in kinds() if kind.label == name)
    return {word: value for each in of_label for value, words in each.items() for word in words}


def kind_named(plural: str) -> ItemKind:
    """Return the kind with a plural.

    Raises:
        KeyError: No kind has this plural.
    """
    return {kind.plural: kind for kind in kinds()}[plural]


def kind_of(item: Item) -> ItemKind:
    """Return the kind of an item of a Summary."""
    return next(kind for kind in kinds() if isinstance(item, kind.item))


@contextmanager
def declared(kind: ItemKind) -> Iterator[None]:
    """Add a kind while the context lasts: prompts, Summaries, gold files and the metric know it.

    Raises:
        ValueError: Another kind has the same plural or the same letter.
    """
    if any(kind.plural == other.plural or kind.letter == other.letter for other in kinds()):
        raise ValueError(
            f"A kind with the plural {kind.plural!r} or the letter {kind.letter!r} exists already; choose others."
        )
    _declared.append(kind)
    try:
        yield
    finally:
        _declared.remove(kind)


def _known(plural: str) -> str:
    if plural not in kind_names():
        raise ValueError(f"there is no kind {plural!r}; choose one of {', '.join(kind_names())}")
    return plural


KindName = Annotated[str, AfterValidator(_known)]
"""The plural of a kind, which names its lists, its items in gold files and its scores."""
