"""The registry of a document's parties: list, complete, merge, distinguish and add them."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import cached_property

from summariser.documents import Document, TokenizedDocument
from summariser.extraction.rules import readings
from summariser.extraction.rules.acronyms import acronyms
from summariser.extraction.rules.affiliation import affiliations
from summariser.linking.actor_kinds import guess_kind, kind_by_noun
from summariser.linking.entries import Entries, Entry
from summariser.linking.linked import LinkedParty
from summariser.schema import DraftParty, PartyKind
from summariser.text import (
    COMMON_ORGANISATIONS,
    TITLES,
    Token,
    all_states,
    clean,
    find_all,
    is_content,
    is_outlet,
    is_part_of_person,
    is_short_form,
    norms,
    only_carries,
    state_named,
    states_in,
    stem,
    tokenize,
    without_title,
)

Warn = Callable[[str, str, str | None], None]
"""Takes a warning: its code, its message, and the id of the item that it is about."""


class PartyRegistry:
    """The parties found so far in one document.

    Args:
        document: The document.
        warn: Takes the warnings about names and parties.
    """

    def __init__(self, document: Document, warn: Warn) -> None:
        self._document = document
        self._tokens = TokenizedDocument(document).tokens
        self._content = frozenset(sentence.number for sentence in document.content)
        self._entries = Entries()
        self._found: dict[tuple[str, tuple[int, ...]], Entry | None] = {}
        self._found_in = self._entries.version
        self._no_party: set[tuple[str, ...]] = set()
        self._warn = warn
        self._short_forms = {norms(short): full for short, full in acronyms(document).items()}
        self._longer: dict[tuple[str, ...], list[str]] = {}
        self._described: dict[tuple[str, ...], set[str]] = {}
        self._first: dict[tuple[str, ...], int] = {}

    def add_listed(self, party: DraftParty) -> None:
        """Add one party of the Draft: merge it with a known one, leave it out, or register it as new."""
        if " and the " in party.name:
            for part in party.name.split(" and the "):
                self.add_listed(party.model_copy(update={"name": part, "aliases": []}))
            return
        name = clean(party.name)
        if not name or self.is_no_party(name, None):
            return
        name = clean(self._in_full(name))
        state = state_named(name)
        if party.kind == "person" and not state:
            name = without_title(name)
        kind: PartyKind = "state" if state else kind_by_noun(name) or party.kind
        if kind != party.kind:
            message = f"The kind of {name} was changed from {party.kind} to {kind} because of its name."
            self._warn("kind_corrected", message, None)
        entry = self.known(name, ())
        aliases = [alias for a in party.aliases if (alias := clean(a)) and self._mentioned(alias)]
        aliases = [a for a in aliases if state_named(a) == state and self.known(a, ()) in (None, entry)]
        if entry is None:
            entry = Entry(name, kind, state, role=party.role.strip(), words=party.words)
            entry.affiliation = party.affiliation
            self._entries.add(entry)
        elif norms(name) != norms(entry.name):
            self._entries.call(entry, name)
        entry.given.append(party)
        entry.sentences = tuple(dict.fromkeys((*entry.sentences, *party.sentences)))[:4]
        for alias in aliases:
            self._entries.call(entry, alias)

    def complete_names(self) -> None:
        """Give each person the fullest name in the text and each state its names in the text; merge namesakes."""
        for entry in self._entries:
            self._complete(entry)
        merged: dict[tuple[str, ...], Entry] = {}
        for entry in self._entries:
            twin = merged.setdefault(norms(entry.name), entry)
            for alias in entry.aliases if twin is not entry else ():
                self._entries.call(twin, alias)
        self._entries.replace(merged.values())

    def _complete(self, entry: Entry) -> None:
        """Complete the name and aliases of one party from the text."""
        if entry.kind == "person" and len(norms(entry.name)) == 1 and (fuller := self._full_name(entry.name)):
            self._entries.rename(entry, fuller)
        for short in self._acronyms_of.get(norms(entry.name), ()):
            self._entries.call(entry, short)
        if entry.state:
            for name in self._names_of_states.get(entry.state, ()):
                self._entries.call(entry, name)
            official = all_states()[entry.state].name
            if official in entry.aliases:
                others = (entry.name, *entry.aliases)
                entry.name = official
                entry.aliases = [name for name in others if norms(name) != norms(official)]

    @cached_property
    def _acronyms_of(self) -> dict[tuple[str, ...], list[str]]:
        """The acronyms of each name in the text, by the words of the name."""
        found: dict[tuple[str, ...], list[str]] = {}
        for short, full in acronyms(self._document).items():
            found.setdefault(norms(full), []).append(short)
        return found

    @cached_property
    def _names_of_states(self) -> dict[str, list[str]]:
        """The names that the text has for each state, in order, by the code of the state."""
        content = [t for s in self._document.content for t in self._tokens[s.number]]
        found: dict[str, dict[str, None]] = {}
        for code, first, end, is_name in states_in(content):
            if is_name:
                name = self._document.text[content[first].start : content[end - 1].end]
                found.setdefault(code, {})[name] = None
        return {code: list(names) for code, names in found.items()}

    def _full_name(self, surname: str) -> str | None:
        """Return the longer name that ends in a surname; None unless the text has exactly one."""
        fuller = self._full_names(surname)
        return fuller[0] if len(fuller) == 1 else None

    def _full_names(self, surname: str) -> list[str]:
        """Return the longer names in the text that end in a surname."""
        word = norms(surname)[:1]
        if word not in self._longer:
            self._longer[word] = self._find_full_names(word)
        return self._longer[word]

    def _find_full_names(self, surname: tuple[str, ...]) -> list[str]:
        fuller: dict[tuple[str, ...], str] = {}
        for number, place in self._places_of(surname, self._content):
            tokens = self._tokens[number]
            start = _start_of_name(tokens, place)
            if start < place and is_content(tokens[start], self._document.language):
                text = self._document.text[tokens[start].start : tokens[place].end]
                fuller[norms(text)] = text
        return list(fuller.values())

    def _places_of(self, words: Sequence[str], among: Set[int] | None = None) -> Iterator[tuple[int, int]]:
        """Yield the sentences, in order, and the places in them at which words stand one after the other.

        Args:
            words: The words.
            among: The numbers of the sentences to look at; None for all.
        """
        for number, place in self._places.get(words[0], ()) if words else ():
            if among is None or number in among:
                tokens = self._tokens[number][place : place + len(words)]
                if len(tokens) == len(words) and all(t.norm == w for t, w in zip(tokens, words, strict=True)):
                    yield number, place

    @cached_property
    def _places(self) -> dict[str, list[tuple[int, int]]]:
        """The sentences and the places in them at which each word stands, in order."""
        found: dict[str, list[tuple[int, int]]] = {}
        for number, tokens in self._tokens.items():
            for place, token in enumerate(tokens):
                found.setdefault(token.norm, []).append((number, place))
        return found

    def finished(self) -> tuple[LinkedParty, ...]:
        """Return the parties, numbered, with their affiliations resolved."""
        return tuple(map(self._linked, self._entries))

    def _linked(self, entry: Entry) -> LinkedParty:
        affiliation = self._affiliation(entry)
        return LinkedParty(
            id=self.id_of(entry),
            name=entry.name,
            kind=entry.kind,
            country=entry.state if entry.state != "EU" else None,  # ISO 3166 has no country code for the EU
            aliases=tuple(entry.aliases),
            affiliation=self.id_of(affiliation) if affiliation else None,
            role=entry.role,
            sentences=entry.sentences,
            words=entry.words,
            bare=self._bare(entry),
            added=entry.added,
            short=frozenset(entry.short),
            changes=entry.changes(affiliated=affiliation is not None),
        )

    def _affiliation(self, entry: Entry) -> Entry | None:
        """Return the party that an entry belongs to: by the model's answer, otherwise by the words of the text."""
        if entry.state:
            return None
        in_text = affiliations(self._document)
        own = [entry.affiliation] if entry.affiliation else [in_text[name] for name in entry.names if name in in_text]
        own += [entry.name] * (entry.kind != "person")  # as in "South Korean Foreign Ministry"
        parties = (party for name in own for party in (self.known(clean(name), ()), self._state_of(name)))
        return next((party for party in parties if party is not None and party is not entry), None)

    def _state_of(self, name: str) -> Entry | None:
        """Return the state whose name or people is part of a name."""
        codes = [code for code, *_ in states_in(tokenize(name))]
        return next(filter(None, map(self._entries.of_state, codes)), None)

    def _bare(self, entry: Entry) -> frozenset[int]:
        """Return the sentences in which part of a person's name stands alone and means this person."""
        if entry.kind != "person":
            return frozenset()
        words = {word for name in entry.names for word in norms(name) if word not in TITLES and len(word) > 1}
        return frozenset(
            number
            for word in words
            for number, place in self._places_of((word,), self._content)
            if self._stands_for(entry, place, number, words)
        )

    def leave_out_idle(self, named: Iterable[tuple[str, Sequence[int]]]) -> None:
        """Remove the parties that no claim names and that act in no sentence.

        Persons and states stay.

        Args:
            named: The names in the claims, each with the sentences of its claim.
        """
        used = {entry for name, sentences in named if (entry := self.known(clean(name), sentences))}
        used |= {entry for e in self._entries if e.affiliation and (entry := self.known(clean(e.affiliation), ()))}
        acting = {
            norms(mention.name)
            for reading in readings(self._document)
            for mention in reading.mentions
            if not mention.pronoun and not reading.placed(mention)
        }
        used |= {entry for entry in self._entries if entry.kind in ("person", "state") or self._acts(entry, acting)}
        for entry in self._entries:
            if entry not in used:
                message = f"The party {entry.name} was left out: it does nothing in the report, and no item names it."
                self._warn("idle_party", message, None)
        self._entries.replace([entry for entry in self._entries if entry in used])

    def _acts(self, entry: Entry, acting: set[tuple[str, ...]]) -> bool:
        return any(norms(name) in acting or norms(name)[-1:] in acting for name in entry.names)

    def add_short_names(self, *, as_aliases: bool) -> None:
        """Find the parts of the names of persons and organisations that the text uses by themselves.

        Args:
            as_aliases: True to add them to the aliases; otherwise they only serve to find the party in the text.
        """
        for sentence in self._document.content:
            if sentence.text == self._document.title and self._document.title.istitle():
                continue
            for run in capital_runs(self._tokens[sentence.number]):
                words = tuple(token.norm for token in run)
                entry = self.known(" ".join(words), (sentence.number,))
                text = self._document.text[run[0].start : run[-1].end]
                if entry is None or states_in(run) or text not in entry.name:
                    continue
                short = entry.kind in ("person", "organisation") and is_short_form(words, norms(entry.name))
                if short and (len(words) > 1 or all(self.known(name, ()) for name in self._full_names(text))):
                    entry.short.add(text)
                    if as_aliases:
                        self._entries.call(entry, text)

    def _stands_for(self, entry: Entry, place: int, number: int, words: set[str]) -> bool:
        """Return True if the token at a place of a sentence is one of the words, stands alone and means the entry."""
        tokens = self._tokens[number]
        token = tokens[place]
        if token.norm not in words or not token.capital:
            return False
        beside = [*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 2]]
        if any(
            t.capital and not t.after_break and not token.after_break and t.norm not in TITLES
            for t in beside
            if t.start < token.start
        ):
            return False
        if any(t.capital and t.before == " " for t in beside if t.start > token.start):
            return False
        return self.known(token.norm, (number,)) is entry

    # ── finding and adding ───────────────────────────────────────────────────────────────────────

    def find_or_add(self, name: str, sentences: Sequence[int], item: str) -> str | None:
        """Return the id of the party with a name, and add the party if it is new.

        Args:
            name: The name in the item.
            sentences: The numbers of the item's sentences.
            item: The item's id, for the warning.

        Returns:
            The party's id; None for a news outlet or a reporter.
        """
        if entry := self.known(name, sentences):
            return self.id_of(entry)
        if self.is_no_party(name, item):
            return None
        name = without_title(clean(self._in_full(name)))
        kind = guess_kind(name, has_full_name=self._full_name(name.rsplit(maxsplit=1)[-1]) is not None)
        entry = Entry(name, kind, state_named(name), sentences=tuple(sentences), added=True)
        self._complete(entry)
        wanted = norms(entry.name)
        if twin := next((e for e in self._entries.named(wanted) if norms(e.name) == wanted), None):
            self._entries.call(twin, name)
            return self.id_of(twin)
        self._entries.add(entry)
        message = f"The party {entry.name} was added: {item} names it, and the model's list of parties does not."
        self._warn("party_added", message, self.id_of(entry))
        return self.id_of(entry)

    def _in_full(self, name: str) -> str:
        """Return the full name that an acronym stands for in this text; any other name as it is."""
        return self._short_forms.get(norms(name), name)

    # ── resolution of names ──────────────────────────────────────────────────────────────────────

    def known(self, name: str, sentences: Sequence[int]) -> Entry | None:
        """Return the party with a name: its whole name, a short form, a name of a state, or part of a person's name.

        Args:
            name: The name.
            sentences: The numbers of the sentences in which it is used, which decide between namesakes.
        """
        if self._found_in != self._entries.version:
            self._found_in = self._entries.version
            self._found.clear()
        key = name, tuple(sentences)
        if key not in self._found:
            self._found[key] = self._find(name, sentences)
        return self._found[key]

    def _find(self, name: str, sentences: Sequence[int]) -> Entry | None:
        wanted = norms(self._in_full(name))
        if not wanted:
            return None
        for entry in self._entries.named(wanted):
            if len(wanted) > 1 or entry.kind != "person" or not self._has_namesake(entry, wanted[0]):
                return entry
        if code := state_named(name):
            return self._entries.of_state(code)
        persons = self._entries.with_any(wanted, "person")
        people = [each for each in persons if any(is_part_of_person(wanted, norms(n)) for n in each.names)]
        if not people:
            return self._by_short_name(wanted)
        if len(people) == 1:
            return people[0]
        return self._nearest_person(people, wanted, sentences)

    def _by_short_name(self, wanted: Sequence[str]) -> Entry | None:
        """Return the one organisation whose name contains these words in a row, unless all are common nouns."""
        if all(word in COMMON_ORGANISATIONS or state_named(word) for word in wanted):
            return None
        named = self._entries.with_all(wanted, "organisation")
        found = [entry for entry in named if is_short_form(wanted, norms(entry.name))]
        return found[0] if len(found) == 1 else None

    def _has_namesake(self, entry: Entry, word: str) -> bool:
        """Return True if another person's name contains the word."""
        persons = self._entries.with_any([word], "person")
        return any(word in norms(other.name) for other in persons if other is not entry)

    def _nearest_person(self, people: list[Entry], wanted: Sequence[str], sentences: Sequence[int]) -> Entry:
        """Return the namesake to which these sentences refer.

        It is the one whose full name they contain; otherwise the one whose description in the text (the words beside
        the full name) they repeat; otherwise the one that the text introduces first.
        """
        here = [t for n in sentences if n in self._tokens for t in self._tokens[n]]
        for person in people:
            if any(next(iter(find_all(norms(n), here)), None) is not None for n in person.names if len(norms(n)) > 1):
                return person
        language = self._document.language
        content = {stem(t.norm, language) for t in here if is_content(t, language) and t.norm not in wanted}
        repeated = {id(p): len(content & self._description(p)) for p in people}
        best = max(people, key=lambda p: repeated[id(p)])
        rest = [repeated[id(p)] for p in people if p is not best]
        if repeated[id(best)] >= 2 and repeated[id(best)] > max(rest):
            return best
        return min(people, key=self._first_mention)

    def _description(self, person: Entry) -> set[str]:
        """Return the content words near the first occurrence of a person's full name."""
        key = norms(person.name)
        if key not in self._described:
            self._described[key] = self._describe(person)
        return self._described[key]

    def _describe(self, person: Entry) -> set[str]:
        language = self._document.language
        name = norms(person.name)
        for number, place in self._places_of(name, self._content):
            tokens = self._tokens[number]
            beside = tokens[max(0, place - 3) : place] + tokens[place : place + 16]
            return {stem(t.norm, language) for t in beside if is_content(t, language) and t.norm not in name}
        return set()

    def _first_mention(self, entry: Entry) -> int:
        """Return the number of the first sentence with the full name; one more than the last if there is none."""
        key = norms(entry.name)
        if key not in self._first:
            self._first[key] = self._find_first(entry)
        return self._first[key]

    def _find_first(self, entry: Entry) -> int:
        found = next(self._places_of(norms(entry.name), self._content), None)
        return found[0] if found else len(self._document.sentences) + 1

    def is_no_party(self, name: str, item: str | None) -> bool:
        """Return True if a name is only that of a reporter, a photographer or a news outlet, and warn once about it.

        Args:
            name: The name.
            item: The id of the item that uses it; None if it is in the list of parties.
        """
        wanted = norms(name)
        if wanted in self._no_party:
            return True
        places = [(self._document.sentences[n - 1], place) for n, place in self._places_of(wanted)]
        if not places:
            return False
        reason = None
        if all(sentence.boilerplate for sentence, _ in places):
            reason = "is only in a byline, credit, caption, menu or notice"
        elif is_outlet(name) and all(only_carries(name, s.text) for s, _ in places if not s.boilerplate):
            reason = "is a news outlet that only reports what others say"
        if reason is None:
            return False
        self._no_party.add(wanted)
        self._warn("no_party", f"{name} {reason}, so it is not a party.", item)
        return True

    def _mentioned(self, name: str) -> bool:
        return next(self._places_of(norms(name)), None) is not None

    def id_of(self, entry: Entry) -> str:
        """Return the id of a registered party."""
        return self._entries.id_of(entry)


def capital_runs(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the runs of capitalised words that only a space, a hyphen or an apostrophe separates, without titles."""
    runs: list[list[Token]] = []
    for place, token in enumerate(tokens):
        if not token.capital or not token.norm[0].isalpha():
            continue
        joined = runs and runs[-1][-1] is tokens[place - 1] and token.before in (" ", "-", "’", "'")
        if joined:
            runs[-1].append(token)
        else:
            runs.append([token])
    bare = ([t for i, t in enumerate(run) if any(u.norm not in TITLES for u in run[: i + 1])] for run in runs)
    return [run for run in bare if run]


def _start_of_name(tokens: Sequence[Token], place: int) -> int:
    """Return the place of the first of at most three capitalised words before a surname that belong to its name."""
    start = place
    while (
        start > 0
        and tokens[start - 1].capital
        and tokens[start].before == " "
        and tokens[start - 1].norm not in TITLES
        and not states_in(tokens[start - 1 : start])
        and place - start < 3
    ):
        start -= 1
    return start
