"""The linker: resolve every name in the items of a Draft to the id of a party."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from summariser.documents import Document
from summariser.linking.linked import Linked, LinkedItem
from summariser.linking.party_registry import PartyRegistry
from summariser.schema import Draft, DraftItem, ItemKind, PartyField, SummaryWarning, WarningCode, claims
from summariser.text import (
    can_be_name,
    clean,
    is_content,
    lexicon,
    norms,
    numbers_in,
    own_voice,
    polarity_of,
    state_named,
    stem,
    tokenize,
)

_SAME = 0.9  # two wordings with at least this share of content words in common (Dice) are the same
_LIGHT = lexicon.words("light_words", "en")


def link(draft: Draft, document: Document, *, completing: bool = True) -> Linked:
    """Merge the parties of a Draft and resolve every name in its items to a party's id.

    Args:
        draft: The model's answers.
        document: The document that the Draft is about.
        completing: False to leave the list of parties as the model gives it: the short names in the text are no
            aliases, and no party is left out because it does nothing. A large model lists what belongs there.

    Returns:
        The parties and items, with warnings about everything that was merged, corrected, added or left out.
    """
    linker = _Linker(document)
    for party in draft.parties:
        linker.registry.add_listed(party)
    linker.registry.complete_names()
    if completing and document.language in lexicon.RULE_LANGUAGES:  # only there do rules find who acts
        linker.registry.leave_out_idle(_named_by_claims(draft))
    for kind in claims():
        linker.link(kind, draft.of(kind))
    linker.registry.add_short_names(as_aliases=completing)
    return Linked(
        headline=draft.headline.strip(),
        overview=draft.overview.strip(),
        parties=linker.registry.finished(),
        claims=linker.linked,
        warnings=tuple(linker.warnings),
        incomplete=frozenset(linker.incomplete),
    )


def _fields(kind: ItemKind, item: DraftItem) -> str:
    """Return the item's fields as JSON, without its text and its place in the source."""
    return item.model_dump_json(exclude={"words", "sentences", kind.text})


def _text(kind: ItemKind, item: DraftItem) -> str:
    return str(getattr(item, kind.text))


def _named_by_claims(draft: Draft) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield every name in the claims of a Draft, with the sentences of the claim."""
    for kind in claims():
        for item in draft.of(kind):
            for name in kind.party_fields:
                yield from ((each, item.sentences) for each in _names(item, name))
            if kind.target:
                yield getattr(item, kind.target), item.sentences


def _names(item: DraftItem, name: str) -> list[str]:
    """Return the names in a field that may hold one, several or none."""
    value = getattr(item, name)
    return value if isinstance(value, list) else [value] if value else []


class _Texts:
    """Texts as words, by the ids of their items.

    Attributes:
        words: The words of each text in order, by id.
    """

    def __init__(self) -> None:
        self.words: dict[str, Sequence[str]] = {}
        self._with_word: dict[str, dict[str, None]] = {}

    def add(self, id: str, words: Sequence[str]) -> None:
        """Add a text behind all others."""
        self.words[id] = words
        for word in words:
            self._with_word.setdefault(word, {})[id] = None

    def with_all(self, words: Collection[str]) -> list[str]:
        """Return the ids of the texts that have all of the words, in order; none if there are no words."""
        having = sorted((self._with_word.get(word, {}) for word in words), key=len)
        return [id for id in having[0] if all(id in each for each in having[1:])] if having else []


class _Linker:
    """Links the items of one Draft, kind by kind."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.registry = PartyRegistry(document, self._warn)
        self._labels = frozenset(norms(turn.party) for turn in document.turns)
        self.linked: dict[str, list[LinkedItem]] = {}
        self._targets = _Texts()
        self.warnings: list[SummaryWarning] = []
        self.incomplete: set[str] = set()

    def _distinct(self, kind: ItemKind, items: Sequence[DraftItem]) -> list[DraftItem]:
        """Return the items without duplicates; the item that stays cites the sentences of both.

        Duplicates have the same fields and nearly the same text, and sentences that overlap or adjoin; without a
        sentence, the very text.
        """
        kept: list[DraftItem] = []
        cited: dict[tuple[str, int | str], list[int]] = {}  # the places in `kept`, by fields and sentence
        for item in items:
            fields, text = _fields(kind, item), _text(kind, item)
            near: set[int | str] = {n + far for n in item.sentences for far in (-1, 0, 1)} or {text}
            places = sorted({place for where in near for place in cited.get((fields, where), ())})
            twin = next((place for place in places if self._says_the_same(text, _text(kind, kept[place]))), None)
            if twin is None:
                kept.append(item)
            else:
                both = sorted({*kept[twin].sentences, *item.sentences})
                kept[twin] = kept[twin].model_copy(update={"sentences": both})
                message = "The model gave this item more than once; the duplicates were merged."
                self._warn("duplicate_merged", message, f"{kind.letter}{twin + 1}")
            for where in (*item.sentences,) or (text,):
                cited.setdefault((fields, where), []).append(len(kept) - 1 if twin is None else twin)
        return kept

    def _says_the_same(self, one: str, other: str) -> bool:
        """Return True if two texts have the same numbers and negations and nearly the same content words."""
        if one == other:
            return True
        language = self._document.language
        a, b = tokenize(one), tokenize(other)
        if numbers_in(one, language) != numbers_in(other, language):
            return False
        if polarity_of(a, language)[1] != polarity_of(b, language)[1]:
            return False
        ours, theirs = ({stem(t.norm, language) for t in side if is_content(t, language)} for side in (a, b))
        return bool(ours and theirs) and 2 * len(ours & theirs) / (len(ours) + len(theirs)) >= _SAME

    def link(self, kind: ItemKind, drafts: Sequence[DraftItem]) -> None:
        """Link the items of a kind; a kind whose items may be targets must come before the kinds that have targets."""
        linked = self.linked.setdefault(kind.plural, [])
        for number, draft in enumerate(self._distinct(kind, drafts), 1):
            linked.append(self._item(kind, f"{kind.letter}{number}", draft))
            if kind.may_be_target:
                self._targets.add(linked[-1].id, self._stems(linked[-1].text))

    def _item(self, kind: ItemKind, id: str, draft: DraftItem) -> LinkedItem:
        """Link an item; it is incomplete if a required field has no party left."""
        parties: dict[str, tuple[str, ...]] = {}
        for each in kind.parties:
            found = self._resolve_all(self._named(draft, each), draft, id)
            parties[each.name] = tuple(i for i in found if i not in parties.get(each.apart_from, ()))
            if each.missing and not found:
                self._incomplete(id, each.missing)
        target = self._target(getattr(draft, kind.target), draft.sentences) if kind.target else None
        changes = dict(draft.repairs)
        changes |= {each.name: change for each in kind.parties if (change := self._change(draft, each))}
        if kind.target and target is not None:
            changes[kind.target] = f"Code linked it to {target}."
        return LinkedItem(kind=kind, id=id, draft=draft, parties=parties, target=target, changes=changes)

    def _change(self, draft: DraftItem, each: PartyField) -> str:
        """Return which names of a field stand for a party with another name, as a sentence; empty if none does."""
        linked = []
        for name in self._named(draft, each):
            entry = self.registry.known(clean(name), draft.sentences)
            if entry is not None and norms(clean(name)) not in [norms(known) for known in entry.names]:
                linked.append(f"{name!r} to {entry.name}")
        return f"Code linked {', '.join(linked)}." if linked else ""

    def _named(self, draft: DraftItem, each: PartyField) -> list[str]:
        """Return the names in a field, without those that mean the report itself where the field excludes it."""
        names = _names(draft, each.name)
        return [name for name in names if not own_voice(name)] if each.own_voice else names

    def _target(self, words: str, sentences: Sequence[int]) -> str | None:
        """Return the id of the party that the words name, or of the one item whose text contains the words."""
        name = clean(words)
        entry = self.registry.known(name, sentences) if name else None
        if entry is not None:
            return self.registry.id_of(entry)
        wanted = set(self._stems(words))
        found = self._targets.with_all(wanted)
        if len(wanted) == 1:  # "the offer" is "offer four per cent", not "put the offer to a ballot"
            return found[0] if len(found) == 1 and wanted == {*self._targets.words[found[0]][:1]} else None
        return found[0] if found else None

    def _stems(self, words: str) -> list[str]:
        """Return the stems of the content words in order, without verbs of little meaning."""
        language = self._document.language
        return [stem(t.norm, language) for t in tokenize(words) if is_content(t, language) and t.norm not in _LIGHT]

    def _resolve_all(self, names: Iterable[str], draft: DraftItem, item: str) -> tuple[str, ...]:
        """Return the ids of the parties that the names mean, each once."""
        found: dict[str, None] = {}
        for name in names:
            for part in self._parts(clean(name), draft.sentences):
                if party := self._resolve(part, draft.sentences, item):
                    found[party] = None
        return tuple(found)

    def _resolve(self, name: str, sentences: Sequence[int], item: str) -> str | None:
        """Return the id of the party with that name; None if there is none, which makes the item incomplete."""
        if not name:
            return None
        can_be_party = can_be_name(name, self._document.language) or norms(name) in self._labels
        if not self.registry.known(name, sentences) and not can_be_party:
            self._incomplete(item, f"{name!r} is not a name, so the party was left open.")
            return None
        party = self.registry.find_or_add(name, sentences, item)
        if party is None:
            self._incomplete(item)
        return party

    def _parts(self, name: str, sentences: Sequence[int]) -> list[str]:
        """Return "North Korea and Russia" as two names if each of them is a known party or a state."""
        if self.registry.known(name, sentences):
            return [name]
        parts = [p for p in re.split(r",\s*|\s+(?:and|et|y|und|&)\s+", re.sub(r"^both ", "", name, flags=re.I)) if p]
        each_known = all(self.registry.known(part, sentences) or state_named(part) for part in parts)
        return parts if len(parts) > 1 and each_known else [name]

    def _warn(self, code: str, message: str, item: str | None = None) -> None:
        self.warnings.append(SummaryWarning(code=WarningCode(code), message=message, item=item))

    def _incomplete(self, item: str, message: str | None = None) -> None:
        self.incomplete.add(item)
        if message:
            self._warn("unresolved_name", message, item)
