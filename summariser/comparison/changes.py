"""Changes: what happened to the items of the first text in the second, told by small rules on aligned items."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from summariser.comparison.alignment import Likeness, align
from summariser.comparison.ask import GivenPairs
from summariser.comparison.models import Agreement, Change, ChangeName, Side, Unclear
from summariser.comparison.sides import Compared, Number, closest_numbers, in_words, words_of
from summariser.schema import COMMITMENT, REACTION, RISK, Deadline, Item, ItemKind, claims, ids_in
from summariser.text import numbers_in
from summariser.text.similarity import f1, name_key

FIRMNESS: dict[str, int] = {"refused": 0, "proposed": 1, "planned": 2, "pledged": 3, "decided": 4, "agreed": 4}
"""How firm each status is, except a threat, which stands apart."""
_SAME_TERMS = 0.5  # content-word F1 from which two conditions mean the same
_ANOTHER = "An item of the other text is like it, but more like another item of this text."
_CARRIED = 0.6  # share of a term's words that a sentence has which says it too


class Pair(NamedTuple):
    """Two items that are the same, and their texts."""

    before: Item
    after: Item
    first: Compared
    second: Compared
    kind: ItemKind


Finding = tuple[ChangeName, str, str]
"""The name of a change, and the value before and after in words."""


class Alone(NamedTuple):
    """An item without a partner: its text, and the other one."""

    kind: ItemKind
    item: Item
    one: Compared
    other: Compared

    @property
    def side(self) -> Side:
        """The item as it is shown."""
        return self.one.side(self.kind, self.item)

    def unclear(self, reason: str, sentences: tuple[int, ...] = ()) -> Unclear:
        """Return that it is unclear whether the other text has the item."""
        return Unclear(kind=self.kind.name, side=self.side, other=self.other.number, reason=reason, sentences=sentences)


@dataclass
class Found:
    """What a comparison of two texts has found."""

    changes: list[Change] = field(default_factory=list)
    same: list[Agreement] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)


def changes_between(first: Compared, second: Compared, given: GivenPairs | None = None) -> Found:
    """Return what changed from the first text to the second, what stayed, and what is unclear.

    Args:
        first: The first text.
        second: The second text.
        given: The pairs that a model calls the same, with what differs; None to align the items by rules.
    """
    likeness = Likeness.of(first, second, same_actors=True)
    found = Found()
    for kind in claims():
        mine, theirs = ([item for k, item in side.items() if k is kind] for side in (first, second))
        aligned = align(kind, mine, theirs, likeness, given.of(kind.letter) if given is not None else None)
        for before, after in aligned.one_to_one:
            _compare(Pair(before, after, first, second, kind), given, found)
        for items, one, other in ((aligned.alone[0], first, second), (aligned.alone[1], second, first)):
            for item in items:
                _place(Alone(kind, item, one, other), likeness, given, found)
        if given is None:
            sides = ((aligned.left[0], first, second), (aligned.left[1], second, first))
            found.unclear += [
                Alone(kind, item, one, other).unclear(_ANOTHER) for items, one, other in sides for item in items
            ]
    return found


def _compare(pair: Pair, given: GivenPairs | None, found: Found) -> None:
    """Add what differs between two items that are the same, or that nothing does."""
    named = given.pairs[pair.before.id, pair.after.id] if given is not None else None
    changes = [_change(pair, *finding) for finding in _findings(pair, named)]
    found.changes += changes
    if not changes:
        sides = pair.first.side(pair.kind, pair.before), pair.second.side(pair.kind, pair.after)
        found.same.append(Agreement(kind=pair.kind.name, sides=sides))


def _place(alone: Alone, likeness: Likeness, given: GivenPairs | None, found: Found) -> None:
    """Add what it means that an item has no partner: it is new or dropped, a sentence says it too, or it is unclear."""
    said = given.sentence_for(alone.item.id, alone.one.number) if given is not None else None
    if said is not None:
        sentence = alone.other.sentence(said[0])
        sides = (alone.side, sentence) if alone.one.number == 0 else (sentence, alone.side)
        changes = list(_in_sentence(alone.kind, *sides, said[1]))
        found.changes += changes
        if not changes:
            found.same.append(Agreement(kind=alone.kind.name, sides=sides))
        return
    told = _new_or_dropped(alone, likeness, aligned_by_model=given is not None)
    if isinstance(told, Unclear):
        found.unclear.append(told)
    elif told is not None:
        found.changes.append(told)


def _findings(pair: Pair, told: frozenset[str] | None) -> Iterator[Finding]:
    """Yield the changes between two items: those that rules find, or those that a model names and the items show.

    Whether a commitment is firmer or softer is told by its statuses where they differ, whatever the model says.
    """
    if told is None:
        yield from (finding for rule in _RULES.get(pair.kind.name, ()) for finding in rule(pair))
        return
    by_status = [*_firmness(pair)] if pair.kind is COMMITMENT and told & {"firmer", "softer"} else []
    yield from by_status
    for name in sorted(told & _NAMED.keys() - ({"firmer", "softer"} if by_status else set())):
        change, values = _NAMED[name]
        if pair.kind is (REACTION if change == "turned" else COMMITMENT):
            was, now = values(pair)
            if was != now:
                yield change, was, now


def _change(pair: Pair, name: ChangeName, was: str, now: str) -> Change:
    return Change(
        kind=pair.kind.name,
        change=name,
        before=pair.first.side(pair.kind, pair.before),
        after=pair.second.side(pair.kind, pair.after),
        was=was,
        now=now,
    )


# ── items of one text alone ──────────────────────────────────────────────────────────────────────

_ALONE: dict[tuple[str, bool], ChangeName] = {
    (COMMITMENT.name, True): "dropped",
    (COMMITMENT.name, False): "new",
    (RISK.name, True): "gone",
    (RISK.name, False): "new",
}


def _in_sentence(kind: ItemKind, before: Side, after: Side, differences: frozenset[str]) -> Iterator[Change]:
    """Yield what a model says differs between an item and a sentence of the other text without an item."""
    for name in sorted(differences & _NAMED.keys()):
        change = _NAMED[name][0]
        if kind is (REACTION if change == "turned" else COMMITMENT):
            yield Change(kind=kind.name, change=change, before=before, after=after, was=before.text, now=after.text)


def _new_or_dropped(alone: Alone, likeness: Likeness, *, aligned_by_model: bool) -> Change | Unclear | None:
    """Return what it means that an item stands in one text alone; None if that means nothing.

    Nothing is called dropped, gone or new if the other text was read
    in part, or by rules alone, or has a sentence that may tell of it.
    """
    kind, item, one, other = alone
    name = _ALONE.get((kind.name, one.number == 0))
    if name is None:
        return None
    if reason := other.why_unclear(aligned_by_model=aligned_by_model):
        return alone.unclear(reason)
    if places := likeness.mentions(kind, item, one, other):
        return alone.unclear("No item of the other text is the same, but a sentence there may tell of it.", places)
    before, after = (alone.side, None) if one.number == 0 else (None, alone.side)
    return Change(kind=kind.name, change=name, before=before, after=after)


# ── aligned items ────────────────────────────────────────────────────────────────────────────────


def _firmness(pair: Pair) -> Iterator[Finding]:
    """Tell a status that became firmer or softer."""
    was, now = _labels(pair)
    if was in FIRMNESS and now in FIRMNESS and FIRMNESS[was] != FIRMNESS[now]:
        yield ("dropped" if now == "refused" else "firmer" if FIRMNESS[now] > FIRMNESS[was] else "softer"), was, now


def numbers(pair: Pair) -> Iterator[Finding]:
    """Tell a number of one item that neither the other item nor its cited sentences have, if they have another one."""
    mine = _own_numbers(pair.kind, pair.before, pair.first) - _known_numbers(pair.kind, pair.after, pair.second)
    theirs = _own_numbers(pair.kind, pair.after, pair.second) - _known_numbers(pair.kind, pair.before, pair.first)
    found = closest_numbers(mine, theirs)
    if found is not None:
        yield "number", in_words(found[0]), in_words(found[1])


def deadline(pair: Pair) -> Iterator[Finding]:
    """Tell a deadline that is another, new or gone."""
    was, now = (getattr(item, "deadline", None) for item in (pair.before, pair.after))
    if was is None and now is None:
        return
    if was is not None and now is not None:
        if (was.date and was.date == now.date) or name_key(was.text) == name_key(now.text):
            return
        if (was.date and now.date) or f1(was.text, now.text, pair.first.language) < _SAME_TERMS:
            yield "date", was.text, now.text
    elif was is not None and not _says(pair.second, pair.after, was.text):
        yield "date", was.text, ""
    elif now is not None and not _says(pair.first, pair.before, now.text):
        yield "date", "", now.text


def _condition(pair: Pair) -> Iterator[Finding]:
    """Tell a condition that is another, new or gone."""
    was, now = (getattr(item, "condition", None) or "" for item in (pair.before, pair.after))
    if not was and not now:
        return
    if was and now:
        if f1(was, now, pair.first.language) < _SAME_TERMS and not _says(pair.second, pair.after, was):
            yield "condition", was, now
    elif was and not _says(pair.second, pair.after, was):
        yield "condition", was, ""
    elif now and not _says(pair.first, pair.before, now):
        yield "condition", "", now


def _recipient(pair: Pair) -> Iterator[Finding]:
    """Tell recipients that have no name in common."""
    was, now = ids_in(pair.before, "to"), ids_in(pair.after, "to")
    ours, others = pair.first.party_keys(was), pair.second.party_keys(now)
    if ours and others and not ours & others:
        yield "recipient", pair.first.names(was), pair.second.names(now)


def stance(pair: Pair) -> Iterator[Finding]:
    """Tell a stance that turned."""
    was, now = _labels(pair)
    if was != now and "neutral" not in (was, now):
        yield "turned", was, now


_RULES: dict[str, tuple[Callable[[Pair], Iterator[Finding]], ...]] = {
    COMMITMENT.name: (_firmness, numbers, deadline, _condition, _recipient),
    REACTION.name: (stance, numbers),
    RISK.name: (numbers,),
}
"""The rules for pairs of each kind, in the order in which their changes are told."""


def _labels(pair: Pair) -> tuple[str, str]:
    """Return the closed values of both items, such as their status."""
    label = pair.kind.label or ""
    return str(getattr(pair.before, label)), str(getattr(pair.after, label))


def _statuses(pair: Pair) -> tuple[str, str]:
    """Return the status of both items if it differs, else their texts."""
    was, now = _labels(pair)
    return (was, now) if was != now else (pair.kind.text_of(pair.before), pair.kind.text_of(pair.after))


def _terms(name: str) -> Callable[[Pair], tuple[str, str]]:
    """Return a function that returns a term of both items in words, or their texts if neither has it."""

    def values(pair: Pair) -> tuple[str, str]:
        was, now = (getattr(item, name) for item in (pair.before, pair.after))
        words = tuple(each.text if isinstance(each, Deadline) else each or "" for each in (was, now))
        return (words[0], words[1]) if any(words) else _texts(pair)

    return values


def _texts(pair: Pair) -> tuple[str, str]:
    return pair.kind.text_of(pair.before), pair.kind.text_of(pair.after)


def _recipients(pair: Pair) -> tuple[str, str]:
    was, now = pair.first.names(ids_in(pair.before, "to")), pair.second.names(ids_in(pair.after, "to"))
    return (was, now) if was != now else _texts(pair)


_NAMED: dict[str, tuple[ChangeName, Callable[[Pair], tuple[str, str]]]] = {
    "firmer": ("firmer", _statuses),
    "softer": ("softer", _statuses),
    "off": ("dropped", _statuses),
    "number": ("number", _texts),
    "date": ("date", _terms("deadline")),
    "condition": ("condition", _terms("condition")),
    "recipient": ("recipient", _recipients),
    "stance": ("turned", _labels),
}
"""The changes that a model may name, and how the values before and after are read off the items."""


def _own_numbers(kind: ItemKind, item: Item, side: Compared) -> frozenset[Number]:
    """Return the numbers of an item's text and condition, without those of its deadline."""
    texts = [kind.text_of(item), str(getattr(item, "condition", None) or "")]
    due = getattr(item, "deadline", None)
    dated = numbers_in(due.text, side.language) if isinstance(due, Deadline) else frozenset()
    return frozenset(number for text in texts for number in numbers_in(text, side.language)) - dated


def _known_numbers(kind: ItemKind, item: Item, side: Compared) -> frozenset[Number]:
    """Return the numbers of an item and of its cited sentences."""
    cited = (side.sentences.get(number, "") for number in item.sentences)
    found = frozenset(number for text in cited for number in numbers_in(text, side.language))
    return found | _own_numbers(kind, item, side)


def _says(side: Compared, item: Item, words: str) -> bool:
    """Return True if the cited sentences of an item have most words of a term."""
    wanted = words_of(words, side.language)
    have = words_of(" ".join(side.sentences.get(number, "") for number in item.sentences), side.language)
    return bool(wanted) and (wanted & have).total() / wanted.total() >= _CARRIED
