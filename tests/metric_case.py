"""A small labelled case, its perfect prediction, and the alterations that the metric's published test is about."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from summariser.evals.metric import Item, Side, Target, Value
from summariser.schema import KindName

SENTENCES = (
    "Arland will pay Belmark 40 million crowns by May if the dam is built.",
    "Belmark pledged to Arland that it will open the northern locks for 12 days.",
    "Nina Orr, president of Arland, called the payment a fair price.",
    "Cordia, which lies downstream, rejected the dam as a theft of water.",
    "Cordia warned that its wheat fields could dry up.",
    "A breach could flood the lower town.",
    "The talks had lasted 3 days.",
    "It rained all week.",
)


def side(items: Mapping[KindName, tuple[Item, ...]]) -> Side:
    """A side in English."""
    return Side(items=items, language="en")


def item(id: str, kind: KindName, wording: str, sentence: int, **fields: Value) -> Item:
    """One item citing one sentence; what its fields hold."""
    return Item(
        id=id,
        kind=kind,
        wordings=(wording,),
        evidence=(frozenset({sentence}),),
        fields={name: (value,) for name, value in fields.items()},
        carriers=(SENTENCES[sentence - 1],),
    )


def party(id: str, *names: str, kind: str = "state", affiliation: str | None = None) -> Item:
    """A party with its names."""
    fields = {"kind": (kind,), "affiliation": (affiliation,)}
    return Item(id=id, kind="parties", wordings=names, evidence=(frozenset({1}),), fields=fields)


def _gold() -> Side:
    one, two = frozenset({"P1"}), frozenset({"P2"})
    c1 = item(
        "C1", "commitments", "pay Belmark 40 million crowns", 1, by=one, to=two, status="planned",
        condition="if the dam is built", deadline="by May", said_by=None,
    )  # fmt: skip
    c2 = item(
        "C2", "commitments", "open the northern locks for 12 days", 2, by=two, to=one, status="pledged",
        condition=None, deadline=None, said_by="P2",
    )  # fmt: skip
    r1 = item(
        "R1", "reactions", "called the payment a fair price", 3, by=frozenset({"P3"}),
        towards=Target("C1", "the payment"), stance="supports", quote=None,
    )  # fmt: skip
    r2 = item(
        "R2", "reactions", "rejected the dam as a theft of water", 4, by=frozenset({"P4"}),
        towards=Target("P1", "the dam"), stance="opposes", quote=None,
    )  # fmt: skip
    k1 = item("K1", "risks", "Cordia's wheat fields could dry up", 5, raised_by="P4", affects=frozenset({"P4"}))
    k2 = item("K2", "risks", "a breach could flood the lower town", 6, raised_by=None, affects=frozenset())
    return side(
        {
            "parties": (
                party("P1", "Arland", "Port Arl"),
                party("P2", "Belmark"),
                replace(
                    party("P3", "Nina Orr", "Orr", kind="person", affiliation="P1"), accept=("President Nina Orr",)
                ),
                party("P4", "Cordia"),
            ),
            "commitments": (replace(c1, numbers=("40 million crowns",)), c2),
            "reactions": (r1, r2),
            "risks": (k1, replace(k2, optional=True)),
        }
    )


GOLD = _gold()


def said(items: Mapping[KindName, tuple[Item, ...]] = GOLD.items) -> Side:
    """Items as a prediction: bare of what only gold has."""
    bare = {
        kind: tuple(replace(i, carriers=(), numbers=(), optional=False) for i in found) for kind, found in items.items()
    }
    return side(bare)


def with_(kind: KindName, *items: Item) -> Side:
    """The perfect prediction with one kind replaced."""
    return said({**GOLD.items, kind: items})


def but(original: Item, wording: str | None = None, **fields: Value) -> Item:
    """An item with other words or fields."""
    wordings = (wording,) if wording else original.wordings
    return replace(original, wordings=wordings, fields={**original.fields, **{n: (v,) for n, v in fields.items()}})


C1, C2 = GOLD.items["commitments"]
R1, R2 = GOLD.items["reactions"]
K1, K2 = GOLD.items["risks"]
P1, P2, P3, P4 = GOLD.items["parties"]


def _renamed() -> Side:
    """Everything in another order and under other ids."""
    new = {"P1": "P9", "P2": "P8", "P3": "P7", "P4": "P6"}

    def mapped(value: Value) -> Value:
        if isinstance(value, frozenset):
            return frozenset(new[i] for i in value)
        if isinstance(value, Target):
            return Target({**new, "C1": "C7", "C2": "C6"}.get(value.id or "", value.id), value.text)
        return new.get(value, value) if value else value

    ids = {**new, "C1": "C7", "C2": "C6", "R1": "R5", "R2": "R4", "K1": "K3", "K2": "K1"}
    items = {
        kind: tuple(
            replace(i, id=ids[i.id], fields={name: tuple(map(mapped, values)) for name, values in i.fields.items()})
            for i in reversed(found)
        )
        for kind, found in GOLD.items.items()
    }
    return said(items)


def _everything() -> Side:
    items = [
        item(f"C{n}", "commitments", text, n, by=frozenset(), to=frozenset(), status="agreed", condition=None,
             deadline=None, said_by=None)
        for n, text in enumerate(SENTENCES, 1)
    ]  # fmt: skip
    return with_("commitments", *items[:6])


def _spurious(id: str = "C3") -> Item:
    return item(
        id, "commitments", "hold a parade on every Sunday", 8, by=frozenset({"P4"}), to=frozenset(), status="planned",
        condition=None, deadline=None, said_by=None,
    )  # fmt: skip


SPURIOUS = _spurious()
_MERGED = replace(
    but(C1, "pay Belmark 40 million crowns and open the northern locks for 12 days"), evidence=(frozenset({1, 2}),)
)
_ALIASED = said({**GOLD.items, "parties": (party("P1", "Port Arl"), P2, P3, P4)})

ALTERATIONS: Mapping[str, Callable[[], Side]] = {
    "none": said,
    "actors swapped": lambda: with_("commitments", but(C1, by=frozenset({"P2"}), to=frozenset({"P1"})), C2),
    "a not added": lambda: with_("commitments", but(C1, "not pay Belmark 40 million crowns"), C2),
    "a number changed": lambda: with_("commitments", but(C1, "pay Belmark 400 million crowns"), C2),
    "a needed number left out": lambda: with_("commitments", but(C1, "pay Belmark"), C2),
    "another status": lambda: with_("commitments", but(C1, status="agreed"), C2),
    "the condition left out": lambda: with_("commitments", but(C1, condition=None), C2),
    "the condition negated": lambda: with_("commitments", but(C1, condition="if the dam is not built"), C2),
    "the right sentence and other words": lambda: with_("commitments", C1, but(C2, "close the harbour to all ships")),
    "one dropped": lambda: with_("commitments", C1),
    "one said twice": lambda: with_("commitments", C1, C2, replace(C1, id="C3")),
    "two merged into one": lambda: with_("commitments", _MERGED),
    "one split in two": lambda: with_("commitments", C1, C2, replace(but(C2, "open the locks"), id="C3")),
    "order and ids changed": _renamed,
    "an actor under its alias": lambda: _ALIASED,
    "the leader for the state": lambda: with_("commitments", but(C1, by=frozenset({"P3"})), C2),
    "a wrong sentence cited": lambda: with_("commitments", replace(C1, evidence=(frozenset({7}),)), C2),
    "a wrong sentence and other words": lambda: with_(
        "commitments", replace(but(C1, "send money north"), evidence=(frozenset({7}),)), C2
    ),
    "a spurious one added": lambda: with_("commitments", C1, C2, SPURIOUS),
    "an optional one left out": lambda: with_("risks", K1),
    "an optional one said twice": lambda: with_("risks", K1, K2, replace(K2, id="K3")),
    "the other stance": lambda: with_("reactions", but(R1, stance="opposes"), R2),
    "aimed at the other party": lambda: with_("reactions", R1, but(R2, towards=Target("P2", "the dam"))),
    "the raiser left out": lambda: with_("risks", but(K1, raised_by=None)),
    "an alias left out": lambda: said({**GOLD.items, "parties": (party("P1", "Arland"), P2, P3, P4)}),
    "an accepted name for the name": lambda: said(
        {**GOLD.items, "parties": (P1, P2, party("P3", "President Nina Orr", "Orr", kind="person"), P4)}
    ),
    "two parties made one": lambda: said(
        {**GOLD.items, "parties": (party("P1", "Arland", "Port Arl", "Belmark"), P3, P4)}
    ),
    "nothing said": lambda: with_("commitments"),
    "every sentence said": _everything,
}
