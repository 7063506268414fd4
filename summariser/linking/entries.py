"""The entries of a registry: the parties found so far, in order, and who of them has a name."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from summariser.schema import DraftParty, PartyKind
from summariser.text import norms


@dataclass(eq=False)
class Entry:
    """A party while its names and affiliation are still incomplete.

    `state` is a state's code in the list of states, `given` what the model says of the party, and `short` the parts of
    its names that the text uses by themselves.
    """

    name: str
    kind: PartyKind
    state: str | None
    aliases: list[str] = field(default_factory=list)
    affiliation: str | None = None
    role: str = ""
    sentences: tuple[int, ...] = ()
    words: str = ""
    added: bool = False
    given: list[DraftParty] = field(default_factory=list)
    short: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        """The name and all aliases."""
        return [self.name, *self.aliases]

    def changes(self, *, affiliated: bool) -> dict[str, str]:
        """Return what code changed in the model's party, as sentences by the name of the field.

        Args:
            affiliated: True if the party has an affiliation in the end.
        """
        if not self.given:
            return dict.fromkeys(
                ("name", "kind", "affiliation"), "The party was added by code, since an item names it."
            )
        known = {norms(name) for party in self.given for name in (party.name, *party.aliases)}
        first = self.given[0]
        found: dict[str, str] = dict(first.repairs)
        if norms(self.name) not in known:
            found["name"] = f"The model says {first.name!r}; the text has this name in full."
        found |= {f"aliases {a}": "Added from the text." for a in self.aliases if norms(a) not in known}
        if self.kind != first.kind:
            found["kind"] = f"The model says {first.kind!r}; the name shows another kind."
        if affiliated and not any(party.affiliation for party in self.given):
            found["affiliation"] = "Read off the text."
        return found


class Entries:
    """Entries in order, with an index of the words of their names, so that no question goes through all of them.

    A name is added to an entry that is registered by `call` or `rename` only.

    Attributes:
        version: A number that changes with every change of the entries and their names.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.version = 0
        self.replace(entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._places)

    def replace(self, entries: Iterable[Entry]) -> None:
        """Register these entries in place of all others."""
        self._places: dict[Entry, int] = {}
        self._named: dict[tuple[str, ...], set[Entry]] = {}
        self._with_word: dict[tuple[PartyKind, str], set[Entry]] = {}
        self._of_state: dict[str, Entry] = {}
        self.version += 1
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Register an entry behind all others."""
        self._places[entry] = len(self._places)
        if entry.state:
            self._of_state.setdefault(entry.state, entry)
        for name in entry.names:
            self._note(entry, name)

    def call(self, entry: Entry, name: str) -> None:
        """Add a name to the aliases of an entry, unless the entry has it."""
        if name and all(norms(name) != norms(known) for known in entry.names):
            entry.aliases.append(name)
            self._note(entry, name)

    def rename(self, entry: Entry, name: str) -> None:
        """Change the name of an entry; the former name is its first alias."""
        entry.aliases.insert(0, entry.name)
        entry.name = name
        self._note(entry, name)

    def _note(self, entry: Entry, name: str) -> None:
        """Add a name of an entry to the index, if the entry is registered."""
        if entry not in self._places:
            return
        self.version += 1
        words = norms(name)
        self._named.setdefault(words, set()).add(entry)
        for word in words:
            self._with_word.setdefault((entry.kind, word), set()).add(entry)

    def id_of(self, entry: Entry) -> str:
        """Return the id of a registered entry."""
        return f"P{self._places[entry] + 1}"

    def named(self, words: tuple[str, ...]) -> list[Entry]:
        """Return the entries with this name, in order, given the words of the name."""
        return self._in_order(self._named.get(words, ()))

    def of_state(self, code: str) -> Entry | None:
        """Return the first entry that is a state, given its code; None if there is none."""
        return self._of_state.get(code)

    def with_any(self, words: Iterable[str], kind: PartyKind) -> list[Entry]:
        """Return the entries of a kind whose names have any of the words, in order."""
        return self._in_order({entry for word in words for entry in self._with_word.get((kind, word), ())})

    def with_all(self, words: Iterable[str], kind: PartyKind) -> list[Entry]:
        """Return the entries of a kind whose names have all of the words, though not always in one name, in order."""
        rarest, *others = sorted((self._with_word.get((kind, word), set()) for word in words), key=len)
        return self._in_order(rarest.intersection(*others))

    def _in_order(self, entries: Collection[Entry]) -> list[Entry]:
        return sorted(entries, key=self._places.__getitem__)
