"""Join the parties of many documents: which of them are one, and how each is called."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from summariser.storage import CommitmentIndex, DocumentEntry, PartyEntry
from summariser.text import COMMON_ORGANISATIONS, all_states, is_part_of_person, is_short_form, norms, state_named

_QUALIFIED = re.compile(r"(?P<name>.+) \[(?P<place>.+)\]")
_STATE = "state "
_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class Joined:
    """Entries of the index that are one party; or one entry that is another party in each document.

    Attributes:
        name: The most frequent name; for a state, its usual name.
        entries: The entries.
        alone: True if it is another party in each document.
    """

    name: str
    entries: tuple[PartyEntry, ...]
    alone: bool


@dataclass(frozen=True)
class Meant:
    """The parties that a name means.

    Attributes:
        numbers: The numbers of their entries.
        alone: Those of the numbers that are another party in each document.
        documents: The documents whose parties are meant, of those that are alone; None for all.
        mentioned_in: The documents that mention one of them.
        labels: What the parties are called.
    """

    numbers: frozenset[int]
    alone: frozenset[int]
    documents: frozenset[int] | None
    mentioned_in: frozenset[int]
    labels: tuple[str, ...]

    def includes(self, document: int, numbers: Iterable[int]) -> bool:
        """Return True if one of the parties of a document is meant."""
        here = self.documents is None or document in self.documents
        return any(number in self.numbers and (here or number not in self.alone) for number in numbers)


class Parties:
    """The parties of an index, joined as far as they are asked for.

    Args:
        index: The index.
        documents: The documents that count, by number.
        same: Groups of names; the names of a group mean one party, which is called by the first.
        apart: Names that mean another party in each document.

    Attributes:
        unknown: The names in `same` and `apart` that no party has.
    """

    def __init__(
        self,
        index: CommitmentIndex,
        documents: Mapping[int, DocumentEntry],
        *,
        same: Sequence[Sequence[str]] = (),
        apart: Sequence[str] = (),
    ) -> None:
        self._index = index
        self._documents = documents
        self._sources = Counter(document.source for document in documents.values())
        self._mentions: dict[int, list[int]] = {}
        named = {name: self._named(name) for name in (*apart, *(name for names in same for name in names))}
        self.unknown = [name for name, entries in named.items() if not entries]
        self._apart = {entry.number for name in apart for entry in named[name] if _is_called(entry, name)}
        self._same = [(names[0], [entry for name in names for entry in named[name]]) for names in same]

    def meant(self, name: str) -> Meant:
        """Return the parties that a name may mean.

        The name is a whole name or an alias, a name or a seat of government of a state, part of a person's name, or a
        short form of an organisation's name. "NAME [SOURCE]", which is how a party with namesakes is called, means only
        those in this source.
        """
        qualified = _QUALIFIED.fullmatch(name)
        documents = self._documents_at(qualified["place"]) if qualified else None
        if qualified and documents:
            named = self._named(qualified["name"], parts=True)
            found = [entry for entry in named if not documents.isdisjoint(self._mentions[entry.number])]
        else:
            documents, found = None, self._named(name, parts=True)
        joined = self._joined(found, whole_states=True)
        parties = list(dict.fromkeys(joined[entry.number] for entry in found))
        numbers = frozenset(entry.number for party in parties for entry in party.entries)
        units = [unit for party in parties for unit in self._units(party) if documents is None or unit[0] in documents]
        called = self.labels(number for _, number in units)
        return Meant(
            numbers=numbers,
            alone=frozenset(entry.number for party in parties for entry in party.entries if party.alone),
            documents=documents,
            mentioned_in=frozenset(document for number in numbers for document in self._mentions[number]),
            labels=tuple(sorted(called(*unit) for unit in set(units))),
        )

    def labels(self, wanted: Iterable[int]) -> Callable[[int, int], str]:
        """Return a function that says what a party of a document is called, given the document and the entry's number.

        It is called by its name, with a source behind it where several parties have the name.

        Args:
            wanted: The numbers of the entries of all parties that are to be called.
        """
        joined = self._joined(self._index.parties(set(wanted)))
        parties = dict.fromkeys(joined.values())
        names = Counter[tuple[str, ...]]()
        for party in parties:
            names[norms(party.name)] += len(self._units(party))

        def label(party: Joined, document: int) -> str:
            return party.name if names[norms(party.name)] == 1 else f"{party.name} [{self._place(party, document)}]"

        everywhere = {party: label(party, 0) for party in parties if not party.alone or names[norms(party.name)] == 1}
        by_number = {number: everywhere[party] for number, party in joined.items() if party in everywhere}

        def called(document: int, number: int) -> str:
            return by_number.get(number) or label(joined[number], document)

        return called

    def _units(self, party: Joined) -> list[tuple[int, int]]:
        """Return a document and a number for each party: one, unless it is another party in each document."""
        if party.alone:
            return [(document, each.number) for each in party.entries for document in self._mentions[each.number]]
        return [min((self._mentions[each.number][0], each.number) for each in party.entries)]

    def _place(self, party: Joined, document: int) -> str:
        """Return the source that tells a party from its namesakes: the first one that names the party."""
        found = self._documents[document if party.alone else self._units(party)[0][0]]
        return found.source if self._sources[found.source] == 1 else _with_digest(found)

    def _documents_at(self, place: str) -> frozenset[int]:
        """Return the documents with a source, which may be followed by the beginning of their digest."""
        return frozenset(n for n, each in self._documents.items() if place in (each.source, _with_digest(each)))

    # ── joining ──────────────────────────────────────────────────────────────────────────────────

    def _joined(self, entries: Iterable[PartyEntry], *, whole_states: bool = False) -> dict[int, Joined]:
        """Return the joined party of each of these entries, and of all entries that could be one with them.

        Args:
            entries: The entries.
            whole_states: True to find all entries of the states among them, which no name depends on.
        """
        known = self._related(entries, whole_states=whole_states)
        groups = _by_alias(
            _by_key(entry for number, entry in known.items() if number not in self._apart), self._mentions
        )
        groups += [_Group([entry], alone=True) for number, entry in known.items() if number in self._apart]
        parties = [Joined(self._usual_name(group.entries), tuple(group.entries), group.alone) for group in groups]
        for name, same in self._same:
            parties = _united(parties, {entry.number for entry in same}, name)
        return {entry.number: party for party in parties for entry in party.entries}

    def _related(self, entries: Iterable[PartyEntry], *, whole_states: bool) -> dict[int, PartyEntry]:
        """Return the entries, and all others that share a key with one of them, directly or through others."""
        new = {entry.number: entry for entry in (*entries, *(entry for _, same in self._same for entry in same))}
        related: dict[int, PartyEntry] = {}
        asked: set[str] = set()
        while new:
            related |= new
            keys = {key for entry in new.values() for key in (entry.key, *entry.other_keys)} - asked
            asked |= keys
            wanted = [key for key in keys if whole_states or not key.startswith(_STATE)]
            new = {entry.number: entry for entry in self._index.parties_with(wanted, besides=related)}
        self._look_up(related.values())
        return {number: entry for number, entry in related.items() if self._mentions[number]}

    def _look_up(self, entries: Iterable[PartyEntry]) -> None:
        """Find the documents that mention these entries."""
        new = {entry.number for entry in entries} - self._mentions.keys()
        self._mentions |= {number: [] for number in new}
        for number, document in self._index.mentions(new):
            if document in self._documents:
                self._mentions[number].append(document)

    def _usual_name(self, entries: Sequence[PartyEntry]) -> str:
        """Return the name that most documents use; for a state, its usual name."""
        if entries[0].key.startswith(_STATE):
            return all_states()[entries[0].key.removeprefix(_STATE)].name
        if len(entries) == 1:
            return entries[0].name
        counts = Counter[str]()
        for entry in entries:
            counts[entry.name] += len(self._mentions[entry.number])
        return min(counts, key=lambda name: (-counts[name], len(name), name))

    def _named(self, name: str, *, parts: bool = False) -> list[PartyEntry]:
        """Return the entries that have a name, and with `parts` those with a name that it is part of."""
        words, state = norms(name), state_named(name)
        if not words:
            return []
        parts = parts and state is None
        called = list(self._index.parties_called(" ".join(words), part=words[-1] if parts else ""))
        found = {entry.number: entry for entry in called if _has_name(entry, words)}
        if state is not None:
            found |= {entry.number: entry for entry in self._index.parties_with([f"{_STATE}{state}"])}
        if parts and (not found or len(words) == 1):  # a whole name of several words is not part of another one
            found |= {entry.number: entry for entry in called if _is_person_with(entry, words)}
        if parts and not found:
            found = {entry.number: entry for entry in called if _has_short_form(entry, words)}
        self._look_up(found.values())
        return [entry for entry in found.values() if self._mentions[entry.number]]


def _with_digest(document: DocumentEntry) -> str:
    return f"{document.source}, text {document.text[:8]}"


def _united(parties: Sequence[Joined], numbers: Set[int], name: str) -> list[Joined]:
    """Return the parties, with those united that have one of these entries."""
    meant = [party for party in parties if any(entry.number in numbers for entry in party.entries)]
    if not meant:
        return [*parties]
    entries = tuple(entry for party in meant for entry in party.entries)
    return [*(party for party in parties if party not in meant), Joined(name, entries, alone=False)]


# ── what a name means ────────────────────────────────────────────────────────────────────────────


def _has_name(entry: PartyEntry, words: Sequence[str]) -> bool:
    return " ".join(words) in entry.names


def _is_person_with(entry: PartyEntry, words: Sequence[str]) -> bool:
    """Return True if words are part of a person's name."""
    return entry.kind == "person" and any(is_part_of_person(words, name.split()) for name in entry.names)


def _has_short_form(entry: PartyEntry, words: Sequence[str]) -> bool:
    """Return True if words are a short form of an organisation's name, and not all of them common nouns."""
    common = all(word in COMMON_ORGANISATIONS for word in words)
    return entry.kind == "organisation" and not common and any(is_short_form(words, n.split()) for n in entry.names)


def _is_called(entry: PartyEntry, name: str) -> bool:
    """Return True if a name is the party's own name, and not an alias."""
    words = " ".join(norms(name))
    return words in (entry.names[0], entry.key) or entry.key == f"{_STATE}{state_named(name)}"


# ── which entries are one party ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Group:
    """Entries that are one party, or one that is alone in each document."""

    entries: list[PartyEntry]
    alone: bool = False

    @property
    def own_names(self) -> set[tuple[str, str]]:
        return {(entry.kind, entry.key) for entry in self.entries if entry.certain}


def _by_key(entries: Iterable[PartyEntry]) -> list[_Group]:
    """Return the entries in groups: those of one kind with one certain key are a group, unless something differs."""
    groups: list[_Group] = []
    certain: dict[tuple[str, str], list[PartyEntry]] = {}
    for entry in entries:
        if entry.certain:
            certain.setdefault((entry.kind, entry.key), []).append(entry)
        else:
            groups.append(_Group([entry], alone=True))
    for namesakes in certain.values():
        groups += [_Group(namesakes)] if _agree(namesakes) else _by_affiliation(namesakes)
    return groups


def _by_affiliation(namesakes: Sequence[PartyEntry]) -> Iterator[_Group]:
    """Yield namesakes in groups: one for each affiliation. One without an affiliation could be any, so it is alone."""
    for group in _connected(namesakes, lambda entry: entry.affiliation):
        if group[0].affiliation and _agree(group):
            yield _Group(group)
        else:
            yield from (_Group([entry], alone=True) for entry in group)


def _by_alias(groups: Sequence[_Group], mentions: Mapping[int, Sequence[int]]) -> list[_Group]:
    """Return the groups, joined where the name of one is an alias of the other, unless something differs."""
    owners = Counter(name for group in groups for name in group.own_names)

    def names(group: _Group) -> Iterator[tuple[str, str]]:
        aliases = ((entry.kind, key) for entry in group.entries for key in entry.other_keys)
        yield from (name for name in {*group.own_names, *aliases} if owners[name] == 1)

    joined: list[_Group] = []
    for together in _connected(groups, names):
        entries = [entry for group in together for entry in group.entries]
        if len(together) > 1 and _agree(entries) and not _side_by_side(entries, mentions):
            joined.append(_Group(entries))
        else:
            joined += together
    return joined


def _connected(items: Sequence[_T], keys_of: Callable[[_T], Iterable[Hashable]]) -> list[list[_T]]:
    """Return items in groups: two that share a key are in one group, as are two that share one with a third."""
    parents = list(range(len(items)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number

    first: dict[Hashable, int] = {}
    for number, item in enumerate(items):
        for key in keys_of(item):
            parents[root(number)] = root(first.setdefault(key, number))
    groups: dict[int, list[_T]] = {}
    for number, item in enumerate(items):
        groups.setdefault(root(number), []).append(item)
    return list(groups.values())


_Told = tuple[str | None, tuple[str, ...], tuple[str, ...]]
"""What a document says of a party: its country, its affiliation, and what this belongs to."""


def _agree(entries: Iterable[PartyEntry]) -> bool:
    """Return True if nothing that the documents say of country and affiliation differs."""
    told = {(entry.country, entry.affiliation, entry.above) for entry in entries}
    return all(_compatible(one, other) for one, other in combinations(told, 2))


def _compatible(one: _Told, other: _Told) -> bool:
    """Return True if two parties can be one: the affiliation of one is that of the other, or contains it."""
    (country, own, above), (other_country, others, others_above) = one, other
    if country and other_country and country != other_country:
        return False
    if not own or not others:
        return True
    return not {*own}.isdisjoint({*others, *others_above}) or not {*others}.isdisjoint(above)


def _side_by_side(entries: Iterable[PartyEntry], mentions: Mapping[int, Sequence[int]]) -> bool:
    """Return True if one document lists two of the parties, by different names."""
    keys: dict[int, str] = {}
    return any(
        keys.setdefault(document, entry.key) != entry.key for entry in entries for document in mentions[entry.number]
    )
