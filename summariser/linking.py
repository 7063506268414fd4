"""Names → parties: aliases merged, people who share a name kept apart, every reference made an id."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from summariser import cues
from summariser.document import Document, Sentence
from summariser.schema import (
    Draft,
    DraftCommitment,
    DraftItem,
    DraftParty,
    DraftReaction,
    DraftRisk,
    Kind,
    Warning_,
)
from summariser.tokens import Token, find_all, is_content, state_named, states, states_in, stem, tokenise

_T = TypeVar("_T", bound=DraftItem)

_TITLES = frozenset(
    [
        "president",
        "prime",
        "minister",
        "chancellor",
        "king",
        "queen",
        "prince",
        "princess",
        "senator",
        "representative",
        "secretary",
        "of",
        "state",
        "foreign",
        "defence",
        "defense",
        "finance",
        "trade",
        "minister",
        "general",
        "colonel",
        "admiral",
        "leader",
        "chief",
        "executive",
        "chairman",
        "chairwoman",
        "chair",
        "director",
        "governor",
        "mayor",
        "professor",
        "dr",
        "mr",
        "mrs",
        "ms",
        "sir",
        "lord",
        "lady",
        "pope",
        "ambassador",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "deputy",
        "vice",
        "former",
        "acting",
        "current",
        "the",
        "his",
        "her",
        "their",
        "president's",
        "premier",
        "commissioner",
        "judge",
        "justice",
        "captain",
        "président",
        "présidente",
        "ministre",
        "premier",
        "chancelier",
        "monsieur",
        "madame",
        "m",
        "mme",
        "presidente",
        "ministro",
        "ministra",
        "señor",
        "bundeskanzler",
        "kanzler",
        "präsident",
        "minister",
        "herr",
        "frau",
    ]
)
_PRONOUNS = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "i",
        "you",
        "who",
        "both",
        "him",
        "her",
        "them",
        "us",
        "this",
        "that",
        "these",
        "those",
        "il",
        "elle",
        "ils",
        "elles",
        "nous",
        "on",
        "lui",
        "él",
        "ella",
        "ellos",
        "ellas",
        "nosotros",
        "er",
        "sie",
        "es",
        "wir",
        "none",
        "null",
        "unknown",
        "n/a",
        "nobody",
        "everyone",
    ]
)
_TIMES = frozenset(
    "year month week day today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday".split()
)
_LONGEST_NAME = 12
_BACKWARD = re.compile(
    r"(?:the )?(?:two|both|three) (?:leaders|countries|sides|states|nations|parties|men|women|neighbou?rs)"
    r"|(?:the )?(?:report|article|agency|text|author)(?: itself)?|(?:both|two) sides",
    re.I,
)
_CLAUSE = re.compile(
    r",\s.*$|\s\(.*$|\s+(?:(?:previously|earlier|later|also|reportedly)\s+)?"
    r"(?:said|says|told|believes?|announced|reported|warned|argued|has|have|had|is|are|was|were|will|could)\b.*$"
)
_GROUP = re.compile(
    r"\b(?:officials|troops|soldiers|forces|leaders|allies|workers|growers|farmers|residents|members|experts|analysts|"
    r"lawmakers|countries|states|nations|people|families|protesters|investors|unions|employees|voters|patients|"
    r"civilians|refugees|students|doctors|nurses|drivers|fishermen|customers|shareholders|neighbou?rs)\b", re.I
)  # fmt: skip
_ORGANISATION = re.compile(
    r"\b(?:ministry|department|agency|council|commission|committee|court|bank|union|party|university|institute|center|"
    r"centre|company|corporation|corp|inc|ltd|plc|gmbh|group|association|federation|organi[sz]ation|parliament|senate|"
    r"congress|house|government|administration|police|army|navy|nato|un|eu|who|imf|ministère|ministerio|ministerium)\b", re.I
)  # fmt: skip
_OUTLET = re.compile(
    r"\b(?:news|news agency|newspaper|times|post|herald|tribune|gazette|guardian|telegraph|journal|daily|broadcaster|"
    r"television|tv|radio|reuters|afp|agence france-presse|associated press|ap|bloomberg|bbc|cnn|xinhua|tass|kcna|"
    r"yonhap|media|press agency|press)\b", re.I
)  # fmt: skip
_CHANNEL = re.compile(
    r"(?:\b(?:told|tells|to|by|with|from|according to|quoted by|distributed by|reported by|interview with|statement to)\s+(?:the\s+)?$)",
    re.I,
)
_REPORTS = re.compile(
    r"^['’]?s?\s*(?:\S+\s)?(?:reported|reports|said|says|quoted|published|wrote|which reported)\b", re.I
)


@dataclass(frozen=True, kw_only=True)
class LinkedParty:
    """A party with its id, every name the text has for it, and where the model saw it.

    `bare` are the numbers of the sentences in which part of a person's name stands for the person.
    """

    id: str
    name: str
    kind: Kind
    aliases: tuple[str, ...]
    affiliation: str | None
    role: str
    sentences: tuple[int, ...]
    words: str
    bare: frozenset[int] = frozenset()
    added: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The name and all aliases."""
        return frozenset((self.name, *self.aliases))


@dataclass(frozen=True, kw_only=True)
class LinkedCommitment:
    """A commitment whose names are party ids."""

    id: str
    draft: DraftCommitment
    by: tuple[str, ...]
    to: tuple[str, ...]
    said_by: str | None


@dataclass(frozen=True, kw_only=True)
class LinkedReaction:
    """A reaction whose names are ids; `towards` is a party's or commitment's, or None."""

    id: str
    draft: DraftReaction
    by: tuple[str, ...]
    towards: str | None


@dataclass(frozen=True, kw_only=True)
class LinkedRisk:
    """A risk whose names are party ids."""

    id: str
    draft: DraftRisk
    raised_by: str | None
    affects: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A Draft with ids instead of names. `incomplete` are the ids of items a name of which led nowhere."""

    headline: str
    overview: str
    parties: tuple[LinkedParty, ...]
    commitments: tuple[LinkedCommitment, ...]
    reactions: tuple[LinkedReaction, ...]
    risks: tuple[LinkedRisk, ...]
    warnings: tuple[Warning_, ...]
    incomplete: frozenset[str]


def link(draft: Draft, document: Document) -> Linked:
    """Merge the parties of a Draft and resolve every name in its items to a party's id."""
    linker = _Linker(document)
    for party in draft.parties:
        linker.list_party(party)
    linker.complete_names()
    commitments = [linker.commitment(i, c) for i, c in enumerate(linker.distinct("C", draft.commitments), 1)]
    reactions = [linker.reaction(i, r, commitments) for i, r in enumerate(linker.distinct("R", draft.reactions), 1)]
    risks = [linker.risk(i, r) for i, r in enumerate(linker.distinct("K", draft.risks), 1)]
    return Linked(
        headline=draft.headline.strip(),
        overview=draft.overview.strip(),
        parties=linker.finished(),
        commitments=tuple(commitments),
        reactions=tuple(reactions),
        risks=tuple(risks),
        warnings=tuple(linker.warnings),
        incomplete=frozenset(linker.incomplete),
    )


@dataclass
class _Entry:
    """A party in the making."""

    name: str
    kind: Kind
    state: str | None
    aliases: list[str] = field(default_factory=list)
    affiliation: str | None = None
    role: str = ""
    sentences: tuple[int, ...] = ()
    words: str = ""
    added: bool = False

    @property
    def names(self) -> list[str]:
        return [self.name, *self.aliases]


class _Linker:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._tokens = {s.number: _tokens(document, s) for s in document.sentences}
        self._entries: list[_Entry] = []
        self._no_party: set[tuple[str, ...]] = set()
        self.warnings: list[Warning_] = []
        self.incomplete: set[str] = set()

    # ── parties ──────────────────────────────────────────────────────────────────────────────────

    def list_party(self, party: DraftParty) -> None:
        """Take in one party of the Draft: merged into one that is there, left out, or new."""
        name = _clean(party.name)
        if not name or self._is_no_party(name, None):
            return
        state = state_named(name)
        kind: Kind = "state" if state else party.kind
        if state and party.kind != "state":
            self._warn("kind_corrected", f"{name} was called a {party.kind}; it is a state.")
        entry = self._known(name, ())
        aliases = [alias for a in party.aliases if (alias := _clean(a)) and self._mentioned(alias)]
        aliases = [a for a in aliases if state_named(a) == state and self._known(a, ()) in (None, entry)]
        if entry is None:
            entry = _Entry(name, kind, state, role=party.role.strip(), words=party.words)
            entry.affiliation = party.affiliation
            self._entries.append(entry)
        elif _norms(name) != _norms(entry.name):
            _add_alias(entry, name)
        entry.sentences = tuple(dict.fromkeys((*entry.sentences, *party.sentences)))[:4]
        for alias in aliases:
            _add_alias(entry, alias)

    def complete_names(self) -> None:
        """Give each person the fullest name that the text has, and each state the names it goes by there."""
        content = [t for s in self._document.content for t in self._tokens[s.number]]
        for entry in self._entries:
            self._complete(entry, content)
        merged: list[_Entry] = []
        for entry in self._entries:
            twin = next((e for e in merged if _norms(e.name) == _norms(entry.name)), None)
            if twin is None:
                merged.append(entry)
            else:
                for alias in entry.aliases:
                    _add_alias(twin, alias)
        self._entries = merged

    def _complete(self, entry: _Entry, content: Sequence[Token]) -> None:
        if entry.kind == "person" and len(_norms(entry.name)) == 1 and (fuller := self._full_name(entry.name)):
            entry.aliases.insert(0, entry.name)
            entry.name = fuller
        if entry.state:
            for code, first, end, is_name in states_in(content):
                if code == entry.state and is_name:
                    _add_alias(entry, self._document.text[content[first].start : content[end - 1].end])
            official = states()[entry.state].name
            if official in entry.aliases:
                entry.aliases.remove(official)
                _add_alias(entry, entry.name)
                entry.aliases = [a for a in entry.aliases if _norms(a) != _norms(official)]
                entry.name = official

    def _full_name(self, surname: str) -> str | None:
        """The one fuller name that ends in this surname, if the text has exactly one."""
        wanted = _norms(surname)[0]
        fuller: dict[tuple[str, ...], str] = {}
        for sentence in self._document.content:
            tokens = self._tokens[sentence.number]
            for place in find_all([wanted], tokens):
                start = place
                while (
                    start > 0
                    and tokens[start - 1].capital
                    and tokens[start].before == " "
                    and tokens[start - 1].norm not in _TITLES
                    and not states_in(tokens[start - 1 : start])
                    and place - start < 3
                ):
                    start -= 1
                if start < place and is_content(tokens[start], self._document.language):
                    text = self._document.text[tokens[start].start : tokens[place].end]
                    fuller[tuple(_norms(text))] = text
        return next(iter(fuller.values())) if len(fuller) == 1 else None

    def finished(self) -> tuple[LinkedParty, ...]:
        """The parties, numbered, with their affiliations resolved."""
        parties = []
        for number, entry in enumerate(self._entries, 1):
            affiliation = self._known(_clean(entry.affiliation), ()) if entry.affiliation else None
            parties.append(
                LinkedParty(
                    id=f"P{number}",
                    name=entry.name,
                    kind=entry.kind,
                    aliases=tuple(entry.aliases),
                    affiliation=self._id(affiliation) if affiliation and affiliation is not entry else None,
                    role=entry.role,
                    sentences=entry.sentences,
                    words=entry.words,
                    bare=self._bare(entry),
                    added=entry.added,
                )
            )
        return tuple(parties)

    def _bare(self, entry: _Entry) -> frozenset[int]:
        """The sentences in which a part of the person's name stands alone and means this person."""
        if entry.kind != "person":
            return frozenset()
        words = {word for name in entry.names for word in _norms(name) if word not in _TITLES and len(word) > 1}
        return frozenset(
            sentence.number
            for sentence in self._document.content
            if any(
                self._stands_for(entry, place, sentence.number, words)
                for place in range(len(self._tokens[sentence.number]))
            )
        )

    def _stands_for(self, entry: _Entry, place: int, number: int, words: set[str]) -> bool:
        tokens = self._tokens[number]
        token = tokens[place]
        if token.norm not in words or not token.capital:
            return False
        beside = [*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 2]]
        if any(
            t.capital and not t.after_break and not token.after_break and t.norm not in _TITLES
            for t in beside
            if t.start < token.start
        ):
            return False
        if any(t.capital and t.before == " " for t in beside if t.start > token.start):
            return False
        return self._known(token.norm, (number,)) is entry

    # ── items ────────────────────────────────────────────────────────────────────────────────────

    def distinct(self, letter: str, items: Sequence[_T]) -> list[_T]:
        """The items without those that say the same of the same sentences once more."""
        kept: list[_T] = []
        seen: dict[str, int] = {}
        for item in items:
            key = item.model_dump_json(exclude={"words"})
            if key in seen:
                self._warn("duplicate_merged", "The model gave this item more than once.", f"{letter}{seen[key]}")
                continue
            kept.append(item)
            seen[key] = len(kept)
        return kept

    def commitment(self, number: int, draft: DraftCommitment) -> LinkedCommitment:
        """A commitment with ids; one with no actor left is incomplete."""
        item = f"C{number}"
        by = self._resolve_all(draft.by, draft, item)
        to = tuple(i for i in self._resolve_all(draft.to, draft, item) if i not in by)
        said_by = self._resolve_all([draft.said_by] if draft.said_by else [], draft, item)
        if not by:
            self._incomplete(item, "It names nobody who commits to it.")
        return LinkedCommitment(id=item, draft=draft, by=by, to=to, said_by=said_by[0] if said_by else None)

    def reaction(self, number: int, draft: DraftReaction, commitments: Sequence[LinkedCommitment]) -> LinkedReaction:
        """A reaction with ids; `towards` is resolved only where its words are a party's name or a commitment's action."""
        item = f"R{number}"
        by = self._resolve_all(draft.by, draft, item)
        if not by:
            self._incomplete(item, "It names nobody who reacts.")
        return LinkedReaction(id=item, draft=draft, by=by, towards=self._target(draft, commitments))

    def risk(self, number: int, draft: DraftRisk) -> LinkedRisk:
        """A risk with ids."""
        item = f"K{number}"
        raised = draft.raised_by if draft.raised_by and not _own_voice(draft.raised_by) else None
        raised_by = self._resolve_all([raised] if raised else [], draft, item)
        affects = self._resolve_all(draft.affects, draft, item)
        return LinkedRisk(id=item, draft=draft, raised_by=raised_by[0] if raised_by else None, affects=affects)

    def _target(self, draft: DraftReaction, commitments: Sequence[LinkedCommitment]) -> str | None:
        name = _clean(draft.towards)
        entry = self._known(name, draft.sentences) if name else None
        if entry is not None:
            return self._id(entry)
        language = self._document.language
        wanted = {stem(t.norm, language) for t in tokenise(draft.towards) if is_content(t, language)}
        for commitment in commitments:
            action = {stem(t.norm, language) for t in tokenise(commitment.draft.action)}
            if len(wanted) >= 2 and wanted <= action:
                return commitment.id
        return None

    def _resolve_all(self, names: Iterable[str], draft: DraftItem, item: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in names:
            for part in self._parts(_clean(name), draft.sentences):
                if entry := self._resolve(part, draft, item):
                    found[self._id(entry)] = None
        return tuple(found)

    def _parts(self, name: str, sentences: Sequence[int]) -> list[str]:
        """ "North Korea and Russia" as two names, where each is one by itself."""
        if self._known(name, sentences):
            return [name]
        parts = [p for p in re.split(r",\s*|\s+(?:and|et|y|und|&)\s+", re.sub(r"^both ", "", name, flags=re.I)) if p]
        each_known = all(self._known(part, sentences) or state_named(part) for part in parts)
        return parts if len(parts) > 1 and each_known else [name]

    def _resolve(self, name: str, draft: DraftItem, item: str) -> _Entry | None:
        if not name:
            return None
        if not self._is_name(name):
            self._incomplete(item, f"{name!r} is no name; who is meant was left open.")
            return None
        if entry := self._known(name, draft.sentences):
            return entry
        if self._is_no_party(name, item):
            self._incomplete(item)
            return None
        entry = _Entry(name, self._guess_kind(name), state_named(name), sentences=tuple(draft.sentences), added=True)
        content = [t for s in self._document.content for t in self._tokens[s.number]]
        self._complete(entry, content)
        if twin := next((e for e in self._entries if _norms(e.name) == _norms(entry.name)), None):
            _add_alias(twin, name)
            return twin
        self._entries.append(entry)
        self._warn(
            "party_added",
            f"{entry.name} was added by code: {item} names it, the list of parties did not.",
            self._id(entry),
        )
        return entry

    def _is_name(self, name: str) -> bool:
        """Whether this can name somebody: no pronoun, no adverbial, no clause."""
        if state_named(name):
            return True
        tokens = tokenise(name)
        language = self._document.language
        if name.casefold() in _PRONOUNS or _BACKWARD.fullmatch(name) or len(tokens) > _LONGEST_NAME:
            return False
        timely = any(t.norm in _TIMES for t in tokens)
        adverbial = tokens[0].norm in cues.prepositions(language) if tokens else True
        return not timely and not adverbial and any(is_content(t, language) for t in tokens)

    # ── who is meant ─────────────────────────────────────────────────────────────────────────────

    def _known(self, name: str, sentences: Sequence[int]) -> _Entry | None:
        """The party of that name: by its whole name, as a state, or as a person by part of the name."""
        wanted = _norms(name)
        if not wanted:
            return None
        for entry in self._entries:
            if any(_norms(n) == wanted for n in entry.names):
                if len(wanted) > 1 or entry.kind != "person" or not self._namesakes(entry, wanted[0]):
                    return entry
        if code := state_named(name):
            return next((entry for entry in self._entries if entry.state == code), None)
        people = [e for e in self._entries if e.kind == "person" and _is_part(wanted, e)]
        if len(people) <= 1:
            return people[0] if people else None
        return self._nearest_person(people, wanted, sentences)

    def _namesakes(self, entry: _Entry, word: str) -> bool:
        return any(e is not entry and e.kind == "person" and word in _norms(e.name) for e in self._entries)

    def _nearest_person(self, people: list[_Entry], wanted: list[str], sentences: Sequence[int]) -> _Entry:
        """Of several people of one name, who is meant in these sentences.

        One whose full name stands there; else one whose description in the text (the words beside the full
        name) is taken up there; else the one that the text introduces first, who goes by the bare name.
        """
        here = [t for n in sentences if n in self._tokens for t in self._tokens[n]]
        for person in people:
            if any(next(iter(find_all(_norms(n), here)), None) is not None for n in person.names if len(_norms(n)) > 1):
                return person
        language = self._document.language
        content = {stem(t.norm, language) for t in here if is_content(t, language) and t.norm not in wanted}
        takes_up = {id(p): len(content & self._description(p)) for p in people}
        best = max(people, key=lambda p: takes_up[id(p)])
        rest = [takes_up[id(p)] for p in people if p is not best]
        if takes_up[id(best)] >= 2 and takes_up[id(best)] > max(rest):
            return best
        return min(people, key=self._first_mention)

    def _description(self, person: _Entry) -> set[str]:
        """The content words within a few places of the person's full name where it first stands."""
        language = self._document.language
        for sentence in self._document.content:
            tokens = self._tokens[sentence.number]
            for place in find_all(_norms(person.name), tokens):
                beside = tokens[max(0, place - 3) : place] + tokens[place : place + 16]
                names = set(_norms(person.name))
                return {stem(t.norm, language) for t in beside if is_content(t, language) and t.norm not in names}
        return set()

    def _first_mention(self, entry: _Entry) -> int:
        for sentence in self._document.content:
            if next(iter(find_all(_norms(entry.name), self._tokens[sentence.number])), None) is not None:
                return sentence.number
        return len(self._document.sentences) + 1

    def _is_no_party(self, name: str, item: str | None) -> bool:
        """Whether the name is only that of a reporter, a photographer or an outlet; said once."""
        norms = tuple(_norms(name))
        if norms in self._no_party:
            return True
        places = [(s, place) for s in self._document.sentences for place in find_all(norms, self._tokens[s.number])]
        if not places:
            return False
        reason = None
        if all(sentence.boilerplate for sentence, _ in places):
            reason = "stands only in a byline, credit, caption or menu"
        elif _OUTLET.search(name) and all(self._is_channel(s.text, name) for s, _ in places if not s.boilerplate):
            reason = "is a news outlet that only carries what others say"
        if reason is None:
            return False
        self._no_party.add(norms)
        self._warn("no_party", f"{name} {reason}, so it is no party.", item)
        return True

    def _is_channel(self, text: str, name: str) -> bool:
        """Whether the outlet is told something or reports something wherever the sentence names it."""
        flat = re.escape(name.removeprefix("the ").removeprefix("The "))
        return all(
            _CHANNEL.search(text[: match.start()]) or _REPORTS.match(text[match.end() :].lstrip())
            for match in re.finditer(flat, text)
        )

    def _guess_kind(self, name: str) -> Kind:
        if state_named(name):
            return "state"
        if _GROUP.search(name):
            return "group"
        if _ORGANISATION.search(name):
            return "organisation"
        words = [w for w in name.split() if w.casefold().strip(".") not in _TITLES]
        named = len(words) > 1 or (bool(words) and self._full_name(words[-1]) is not None)
        is_person = named and len(words) <= 4 and all(w[0].isupper() for w in words) and not states_in(tokenise(name))
        return "person" if is_person else "group"

    def _mentioned(self, name: str) -> bool:
        norms = _norms(name)
        return any(next(iter(find_all(norms, tokens)), None) is not None for tokens in self._tokens.values())

    # ── what to say ──────────────────────────────────────────────────────────────────────────────

    def _id(self, entry: _Entry) -> str:
        return f"P{next(i for i, e in enumerate(self._entries, 1) if e is entry)}"

    def _warn(self, code: str, message: str, item: str | None = None) -> None:
        self.warnings.append(Warning_(code=code, message=message, item=item))

    def _incomplete(self, item: str, message: str | None = None) -> None:
        self.incomplete.add(item)
        if message:
            self._warn("unresolved_name", message, item)


def _tokens(document: Document, sentence: Sentence) -> list[Token]:
    start, text = document.said(sentence)
    return tokenise(text, start)


def _clean(name: str) -> str:
    """A name without quotation marks, a leading article, an apposition or a clause that a model ran on with."""
    name = " ".join(name.split()).strip(" .;:\"'“”«»")
    name = re.sub(r"^(?:the|both the) ", "", name, flags=re.I)
    return _CLAUSE.sub("", name).strip(" ,")


def _norms(name: str) -> list[str]:
    return [t.norm for t in tokenise(name) if t.norm != "the"]


def _is_part(wanted: list[str], entry: _Entry) -> bool:
    """Whether the words are part of a person's name, or the name with titles around it."""
    bare = [word for word in wanted if word not in _TITLES]
    for name in entry.names:
        have = _norms(name)
        if bare and (
            set(bare) <= set(have) or (len(have) > 1 and set(have) <= set(bare) and len(bare) <= len(have) + 1)
        ):
            return True
    return False


def _own_voice(name: str) -> bool:
    return (
        re.fullmatch(r"(?:the )?(?:report|article|text|author)(?: itself)?|none|null|n/a", name.strip(), re.I)
        is not None
    )


def _add_alias(entry: _Entry, name: str) -> None:
    if name and all(_norms(name) != _norms(known) for known in entry.names):
        entry.aliases.append(name)
