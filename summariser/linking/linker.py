"""The items of a Draft with ids instead of names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from summariser.documents.document import Document
from summariser.linking.linked import Linked, LinkedCommitment, LinkedReaction, LinkedRisk
from summariser.linking.registry import Registry
from summariser.schema import Draft, DraftCommitment, DraftItem, DraftReaction, DraftRisk, Warning_
from summariser.text import lexicon
from summariser.text.names import can_be_name, clean, own_voice
from summariser.text.numbers import numbers
from summariser.text.polarity import polarity
from summariser.text.states import state_named
from summariser.text.tokens import is_content, stem, tokenize

_SAME = 0.9  # share of content words in common (Dice) from which two wordings are one
_T = TypeVar("_T", bound=DraftItem)


def link(draft: Draft, document: Document) -> Linked:
    """Merge the parties of a Draft and resolve every name in its items to a party's id."""
    linker = _Linker(document)
    for party in draft.parties:
        linker.registry.add_listed(party)
    linker.registry.complete_names()
    if document.language in lexicon.LANGUAGES:  # in others it cannot be told who acts
        linker.registry.leave_out_idle(_named_by_claims(draft))
    commitments = [linker.commitment(i, c) for i, c in enumerate(linker.distinct("C", draft.commitments), 1)]
    reactions = [linker.reaction(i, r, commitments) for i, r in enumerate(linker.distinct("R", draft.reactions), 1)]
    risks = [linker.risk(i, r) for i, r in enumerate(linker.distinct("K", draft.risks), 1)]
    linker.registry.add_short_names()
    return Linked(
        headline=draft.headline.strip(),
        overview=draft.overview.strip(),
        parties=linker.registry.finished(),
        commitments=tuple(commitments),
        reactions=tuple(reactions),
        risks=tuple(risks),
        warnings=tuple(linker.warnings),
        incomplete=frozenset(linker.incomplete),
    )


def _fields_and_text(item: DraftItem) -> tuple[str, str]:
    """Everything that an item says but where it stands, as JSON without its text; and its text."""
    name = next(field for field in ("action", "statement", "risk") if field in type(item).model_fields)
    return item.model_dump_json(exclude={"words", "sentences", name}), str(getattr(item, name))


def _named_by_claims(draft: Draft) -> Iterator[tuple[str, Sequence[int]]]:
    """Every name in the claims of a Draft, with the sentences of the claim."""
    for commitment in draft.commitments:
        for name in (*commitment.by, *commitment.to, commitment.said_by or ""):
            yield name, commitment.sentences
    for reaction in draft.reactions:
        for name in (*reaction.by, reaction.towards):
            yield name, reaction.sentences
    for risk in draft.risks:
        for name in (*risk.affects, risk.raised_by or ""):
            yield name, risk.sentences


class _Linker:
    def __init__(self, document: Document) -> None:
        self._document = document
        self.registry = Registry(document, self._warn)
        self.warnings: list[Warning_] = []
        self.incomplete: set[str] = set()

    def distinct(self, letter: str, items: Sequence[_T]) -> list[_T]:
        """The items without those that say the same once more; the one that stays cites what both did."""
        kept: list[_T] = []
        for item in items:
            twin = next((place for place, other in enumerate(kept) if self._says_the_same(item, other)), None)
            if twin is None:
                kept.append(item)
                continue
            both = sorted({*kept[twin].sentences, *item.sentences})
            kept[twin] = kept[twin].model_copy(update={"sentences": both})
            self._warn("duplicate_merged", "The model gave this item more than once.", f"{letter}{twin + 1}")
        return kept

    def _says_the_same(self, one: DraftItem, other: DraftItem) -> bool:
        """Whether two items are alike in all fields but their place, and in nearly all words of their text.

        Where the words are not the very same, the numbers and negations are, and the sentences overlap or adjoin.
        """
        told, text = _fields_and_text(one)
        told_too, text_too = _fields_and_text(other)
        if told != told_too:
            return False
        near = any(abs(n - m) <= 1 for n in one.sentences for m in other.sentences)
        if text == text_too:
            return near or one.sentences == other.sentences
        return near and self._same_words(text, text_too)

    def _same_words(self, one: str, other: str) -> bool:
        language = self._document.language
        a, b = tokenize(one), tokenize(other)
        if numbers(one, language) != numbers(other, language):
            return False
        if polarity(a, language)[1] != polarity(b, language)[1]:
            return False
        ours, theirs = ({stem(t.norm, language) for t in side if is_content(t, language)} for side in (a, b))
        return bool(ours and theirs) and 2 * len(ours & theirs) / (len(ours) + len(theirs)) >= _SAME

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
        """A reaction with ids; `towards` is one where its words are a party's name or a commitment's action."""
        item = f"R{number}"
        by = self._resolve_all(draft.by, draft, item)
        if not by:
            self._incomplete(item, "It names nobody who reacts.")
        return LinkedReaction(id=item, draft=draft, by=by, towards=self._target(draft, commitments))

    def risk(self, number: int, draft: DraftRisk) -> LinkedRisk:
        """A risk with ids."""
        item = f"K{number}"
        raised = draft.raised_by if draft.raised_by and not own_voice(draft.raised_by) else None
        raised_by = self._resolve_all([raised] if raised else [], draft, item)
        affects = self._resolve_all(draft.affects, draft, item)
        return LinkedRisk(id=item, draft=draft, raised_by=raised_by[0] if raised_by else None, affects=affects)

    def _target(self, draft: DraftReaction, commitments: Sequence[LinkedCommitment]) -> str | None:
        name = clean(draft.towards)
        entry = self.registry.known(name, draft.sentences) if name else None
        if entry is not None:
            return self.registry.id_of(entry)
        language = self._document.language
        wanted = {stem(t.norm, language) for t in tokenize(draft.towards) if is_content(t, language)}
        actions = {c.id: {stem(t.norm, language) for t in tokenize(c.draft.action)} for c in commitments}
        found = [id for id, action in actions.items() if wanted and wanted <= action]
        unique = len(found) == 1  # one word is enough where only one commitment has it
        return found[0] if found and (unique or len(wanted) >= 2) else None

    def _resolve_all(self, names: Iterable[str], draft: DraftItem, item: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in names:
            for part in self._parts(clean(name), draft.sentences):
                if party := self._resolve(part, draft.sentences, item):
                    found[party] = None
        return tuple(found)

    def _resolve(self, name: str, sentences: Sequence[int], item: str) -> str | None:
        """The id of the party of that name; the item is incomplete where there can be none."""
        if not name:
            return None
        if not self.registry.known(name, sentences) and not can_be_name(name, self._document.language):
            self._incomplete(item, f"{name!r} is no name; who is meant was left open.")
            return None
        party = self.registry.find_or_add(name, sentences, item)
        if party is None:
            self._incomplete(item)
        return party

    def _parts(self, name: str, sentences: Sequence[int]) -> list[str]:
        """ "North Korea and Russia" as two names, where each is one by itself."""
        if self.registry.known(name, sentences):
            return [name]
        parts = [p for p in re.split(r",\s*|\s+(?:and|et|y|und|&)\s+", re.sub(r"^both ", "", name, flags=re.I)) if p]
        each_known = all(self.registry.known(part, sentences) or state_named(part) for part in parts)
        return parts if len(parts) > 1 and each_known else [name]

    def _warn(self, code: str, message: str, item: str | None = None) -> None:
        self.warnings.append(Warning_(code=code, message=message, item=item))

    def _incomplete(self, item: str, message: str | None = None) -> None:
        self.incomplete.add(item)
        if message:
            self._warn("unresolved_name", message, item)
