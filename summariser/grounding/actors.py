"""Actors, and the places at which a text names them."""

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from summariser.documents import TokenizedDocument
from summariser.text import TITLES, Token, find_all, lexicon, norms, state_named, states_in, tokenize

_Key = TypeVar("_Key", str, int)
_PARTICLES = lexicon.words("name_particles", "any") - {"and", "et", "y", "the", "of", "for"}
_OFFICES = lexicon.words("state_organs", "en")
_GOVERNMENTS = lexicon.words("governments", "any")
_OF = frozenset("of from for in at de du des del from von aus".split())
_HELD = lexicon.words("offices", "en") | lexicon.words("ranks", "en") | frozenset({"vice", "deputy", "prime", "first"})


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor that a claim names.

    Attributes:
        name: The name that is shown.
        names: All names by which a text may call the actor.
        person: True for one person, to whom "he" or "she" may refer.
        bare: The numbers of the sentences in which a part of a name refers to the actor.
        belongs_to: The name of the actor to which it belongs or for which it speaks; empty if there is none.
    """

    name: str
    names: frozenset[str]
    person: bool = False
    bare: frozenset[int] = frozenset()
    belongs_to: str = ""

    def has_name(self, name: str) -> bool:
        """Return True if a name in the text is the actor's: one of its names, a surname, or the end of a name."""
        return _is_name_of(self, name)


@lru_cache(maxsize=16384)
def _is_name_of(actor: Actor, name: str) -> bool:
    code = state_named(name)
    if code is not None:
        return any(state_named(each) == code for each in actor.names)
    words = tuple(word for word in norms(name) if word not in TITLES) or norms(name)
    if not words:
        return False
    for have in (form for each in actor.names for form in _forms_of(each)):
        if have == norms(name) or have == words:
            return True
        if state_named(" ".join(have)) is not None:
            continue
        shorter, longer = sorted((words, have), key=len)
        if shorter and len(shorter) < len(longer) and longer[-len(shorter) :] == shorter:
            if actor.person or not _belongs_to_another(longer[: -len(shorter)]):
                return True
            continue
        rest = longer[len(shorter) :] if shorter and longer[: len(shorter)] == shorter else []
        if rest and (rest[0] in ("of", "for", "in") or (actor.person and rest[0] in _PARTICLES)):
            return True
    return False


def _belongs_to_another(before: tuple[str, ...]) -> bool:
    """Return True if the words before a name make it a part of another one: "a man from Arlen" is not Arlen.

    A government is its state: "the government of Arlen".
    """
    return any(word in _OF for word in before[-2:]) and _GOVERNMENTS.isdisjoint(before)


def _forms_of(name: str) -> list[tuple[str, ...]]:
    """Return the words of a name, with and without titles at its beginning."""
    words = norms(name)
    bare = tuple(itertools.dropwhile(lambda word: word in TITLES, words))
    return [words, bare] if bare and bare != words else [words]


def _without_article(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a name without "the" at its beginning; within it, it stays: "Ministry of the Interior"."""
    return words[1:] if words[:1] == ("the",) else words


def _is_part(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return True if one run of tokens is a part of the other."""
    return one != other and other[0] <= one[0] and one[1] <= other[1]


@dataclass(frozen=True, slots=True)
class _Forms:
    """The word sequences by which a source may name an actor: in full, by parts of its names, and as a state."""

    full: tuple[tuple[str, ...], ...]
    parts: frozenset[str]
    states: frozenset[str]


class _Index:
    """The places of actors in a list, by what a text may have of them, so that nobody goes through the whole list.

    Args:
        actors: The actors.
        forms: The word sequences by which a source may name each of them.

    Attributes:
        names: Their places by the name that is shown.
        words: By each word of their names.
        starts: By each word with which a source may begin to name them.
        states: By the codes of the states that their names stand for.
        bare: By the numbers of the sentences in which a part of a name refers to them.
    """

    def __init__(self, actors: Sequence[Actor], forms: Sequence[_Forms]) -> None:
        names = [(actor.name, *actor.names) for actor in actors]
        self.names = _places((place, [actor.name]) for place, actor in enumerate(actors))
        self.words = _places((place, {w for name in each for w in norms(name)}) for place, each in enumerate(names))
        self.starts = _places((place, {form[0] for form in each.full}) for place, each in enumerate(forms))
        self.states = _places((place, each.states) for place, each in enumerate(forms))
        self.bare = _places((place, actor.bare) for place, actor in enumerate(actors))
        ends = [{end for name in each for form in _forms_of(name) for end in _ends(form)} for each in names]
        self._ends = _places(enumerate(ends))

    def bearers(self, name: str) -> set[int]:
        """Return the places of all actors that may have a name: `Actor.has_name` decides which of them have it."""
        code = state_named(name)
        if code is not None:
            return set(self.states.get(code, ()))
        words = norms(name)
        bare = tuple(word for word in words if word not in TITLES)
        return {place for end in _ends(words) | _ends(bare) for place in self._ends.get(end, ())}


def _ends(words: tuple[str, ...]) -> frozenset[str]:
    """Return the first and the last word of a name: two forms of one name have one of them in common."""
    return frozenset({*words[:1], *words[-1:]})


def _places(keys: Iterable[tuple[int, Iterable[_Key]]]) -> dict[_Key, list[int]]:
    """Return the places by each of their keys, given the keys of each place in order."""
    found: dict[_Key, list[int]] = {}
    for place, own in keys:
        for key in own:
            found.setdefault(key, []).append(place)
    return found


class Actors:
    """Resolves actors in one source.

    Args:
        source: The source.
        everybody: All actors that are known.
    """

    def __init__(self, source: TokenizedDocument, everybody: Sequence[Actor] = ()) -> None:
        self._source = source
        self._language = source.language
        self._small = lexicon.function_words(self._language) | _OFFICES | {"even"}
        self._forms: dict[Actor, _Forms] = {}
        self._named: dict[tuple[Actor, int], list[tuple[int, int]]] = {}
        self._named_in: dict[int, list[int]] = {}
        self._bearers: dict[str, list[Actor]] = {}
        self._everybody = everybody
        self._bodies = {each.name: each.belongs_to for each in reversed(everybody)}
        self._kin: dict[Actor, dict[Actor, None]] = {}

    def kin(self, actor: Actor) -> Collection[Actor]:
        """Return the known actors to which an actor belongs, or that belong to it, directly or by a body between."""
        if actor not in self._kin:
            places = {place for body in self._bodies_of(actor) for place in self._index.names.get(body, ())}
            places.update(self._members.get(actor.name, ()))
            found = (self._everybody[place] for place in sorted(places))
            self._kin[actor] = dict.fromkeys(other for other in found if other.name != actor.name)
        return self._kin[actor].keys()

    @cached_property
    def _members(self) -> dict[str, list[int]]:
        """The places of the known actors that belong to each body, directly or by a body between."""
        return _places((place, self._bodies_of(each)) for place, each in enumerate(self._everybody))

    def _bodies_of(self, actor: Actor) -> list[str]:
        """Return the names of the actors to which an actor belongs: its department, and the state of that."""
        found: list[str] = []
        name = actor.belongs_to
        while name and name not in found:
            found.append(name)
            name = self._bodies.get(name, "")
        return found

    @cached_property
    def offices(self) -> dict[Actor, frozenset[tuple[str, ...]]]:
        """The offices of each known person that stand before the name in the text: "vice president" of "Harris"."""
        found: dict[Actor, set[tuple[str, ...]]] = {}
        for actor in (each for each in self._everybody if each.person):
            offices = found.setdefault(
                actor, {tuple(itertools.takewhile(_HELD.__contains__, norms(name))) for name in actor.names}
            )
            for number in self.sentences_naming(actor):
                tokens = self._source.tokens[number]
                for first, _ in self.names_in(actor, number):
                    place = first
                    while place and tokens[place - 1].norm in _HELD and tokens[place].before == " ":
                        place -= 1
                    offices.add(tuple(token.norm for token in tokens[place:first]))
        return {actor: frozenset(offices - {()}) for actor, offices in found.items()}

    @cached_property
    def holders(self) -> dict[tuple[str, ...], list[Actor]]:
        """The known persons that have each office."""
        found: dict[tuple[str, ...], list[Actor]] = {}
        for actor, offices in self.offices.items():
            for office in offices:
                found.setdefault(office, []).append(actor)
        return found

    # ── who is known ─────────────────────────────────────────────────────────────────────────────

    def bearers(self, name: str) -> list[Actor]:
        """Return the known actors that have a name, in order."""
        if name not in self._bearers:
            candidates = map(self._everybody.__getitem__, sorted(self._index.bearers(name)))
            self._bearers[name] = [actor for actor in candidates if actor.has_name(name)]
        return self._bearers[name]

    def with_word(self, word: str) -> list[Actor]:
        """Return the known actors one of whose names has a word, in order."""
        return [self._everybody[place] for place in self._index.words.get(word, ())]

    def named_in(self, numbers: Iterable[int]) -> list[Actor]:
        """Return the known actors that any of the sentences names, in order."""
        places = {place for number in numbers for place in self._named_in_sentence(number)}
        return [self._everybody[place] for place in sorted(places)]

    def _named_in_sentence(self, number: int) -> list[int]:
        """Return the places of the known actors that a sentence names."""
        if number not in self._named_in:
            starts, states = self._index.starts, self._index.states
            found = set(self._index.bare.get(number, ()))
            found.update(place for word in self._source.norms(number) for place in starts.get(word, ()))
            found.update(place for code, *_ in self._source.states(number) for place in states.get(code, ()))
            self._named_in[number] = [place for place in found if self.names_in(self._everybody[place], number)]
        return self._named_in[number]

    @cached_property
    def _index(self) -> "_Index":
        """The places of the known actors by what a text may have of them."""
        return _Index(self._everybody, [self._forms_of(actor) for actor in self._everybody])

    # ── names in the source ──────────────────────────────────────────────────────────────────────

    def names_in(self, actor: Actor, number: int) -> list[tuple[int, int]]:
        """Return the names of the actor in a sentence, each from its first token to before its end, in order."""
        key = actor, number
        if key not in self._named:
            self._named[key] = self._find(actor, number)
        return self._named[key]

    def sentences_naming(self, actor: Actor) -> list[int]:
        """Return the numbers of all sentences that name the actor, in order."""
        forms, index = self._forms_of(actor), self._source.sentences_with
        candidates = {number for form in forms.full for number in index.get(form[0], ())} | actor.bare
        candidates |= set(self._source.sentences_with_states) if forms.states else set()
        return [number for number in sorted(candidates) if self.names_in(actor, number)]

    def _find(self, actor: Actor, number: int) -> list[tuple[int, int]]:
        forms = self._forms_of(actor)
        words = self._source.norms(number)
        in_full = [form for form in forms.full if form[0] in words]
        parts = [(word,) for word in forms.parts if word in words] if number in actor.bare else []
        states = [each for each in self._source.states(number) if each[0] in forms.states] if forms.states else []
        if not (in_full or parts or states):
            return []
        tokens = self._source.tokens[number]
        found = [(p, p + len(form)) for form in (*in_full, *parts) for p in find_all(form, tokens)]
        if forms.states:
            found = [(first, end) for first, end in found if not self._longer_name(tokens, first, end)]
        for _, first, end, is_name in states:
            if (is_name and not self._longer_name(tokens, first, end)) or self._in_office(tokens, end):
                found.append((first, end))
        return sorted({one for one in found if not any(_is_part(one, other) for other in found)})

    def _forms_of(self, actor: Actor) -> "_Forms":
        """Return the word sequences by which the source may name an actor."""
        if actor not in self._forms:
            full = {_without_article(tuple(t.norm for t in tokenize(name))) for name in actor.names}
            full |= {tuple(norm for norm in form if norm != "the") for form in full if "the" in form}
            codes = frozenset(code for name in actor.names if (code := state_named(name)) is not None)
            parts = frozenset(word for form in full for word in form)
            self._forms[actor] = _Forms(tuple(filter(None, full)), parts, codes)
        return self._forms[actor]

    def _longer_name(self, tokens: Sequence[Token], first: int, end: int) -> bool:
        """Return True if a state's name is part of another name or of a currency: Chad Miller, US$5."""
        if end < len(tokens) and tokens[end].before.startswith("$"):
            return True  # US$5
        if 2 * sum(t.capital for t in tokens) > len(tokens):
            return False  # a line in title case
        before = tokens[first - 1] if first and tokens[first - 1].end + 1 == tokens[first].start else None
        after = tokens[end] if end < len(tokens) and tokens[end - 1].end + 1 == tokens[end].start else None
        return any(
            t is not None and t.capital and t.norm not in self._small and not states_in([t]) for t in (before, after)
        )

    def _in_office(self, tokens: Sequence[Token], place: int) -> bool:
        """Return True if an office follows a state's people: the Russian president is the state, a Russian poet not."""
        return place < len(tokens) and tokens[place].norm in _OFFICES
