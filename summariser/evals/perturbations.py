"""Perturbations of right claims: copies that are wrong in one field, to measure what the checks notice.

Each perturbation takes a claim of a model's answer and returns copies with one field altered, so that the copy says
what the source does not say. They alter what the model gave, before names are linked, as a wrong answer would.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from summariser.documents import Document
from summariser.linking import LinkedItem, LinkedParty
from summariser.schema import DraftItem

FLIPS = {
    "agreed": "refused", "pledged": "refused", "decided": "refused", "planned": "refused", "proposed": "refused",
    "threatened": "agreed", "refused": "agreed",
    "supports": "opposes", "opposes": "supports", "concerned": "supports", "mixed": "supports", "neutral": "opposes",
}  # fmt: skip
"""For each status and stance, one that means the opposite."""
_MODAL = re.compile(
    r"\b(will|would|can|could|may|might|shall|should|must|is|are|was|were|has|have|had|to)\b(?! not)", re.I
)
_NEGATORS = {"fr": "ne pas", "es": "no", "de": "nicht"}
_NOT = re.compile(r"\b(?:not|never|no) ", re.I)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_CONDITIONS = ("if parliament approves it", "unless the court objects", "provided that funding is found")
_DEADLINES = ("by 14 February", "within nine months", "by the end of 2031")
_APART = 3  # sentences between a cited place and another one
_FEW_WORDS = 6  # of another sentence
_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True)
class Subject:
    """A right claim, and what perturbations need of its document.

    Attributes:
        item: The claim, linked.
        parties: The parties of its document.
        document: The document.
        choice: A source of randomness with a seed of its own.
    """

    item: LinkedItem
    parties: Sequence[LinkedParty]
    document: Document
    choice: random.Random

    @property
    def draft(self) -> DraftItem:
        """The claim as the model gave it."""
        return self.item.draft

    def value(self, name: str | None) -> Any:
        """Return the model's value of a field; None if the kind has no such field."""
        return self.item.value(name)

    def changed(self, **values: object) -> DraftItem:
        """Return the claim with other values."""
        return self.draft.model_copy(update=values)

    def stranger(self, *, nearby: bool = False) -> LinkedParty | None:
        """Return a party that the claim does not name and that is no relative of those it names, or None.

        With `nearby` it is one that the cited sentences name, if they name one.
        """
        named = {id for ids in self.item.parties.values() for id in ids}
        named |= {self.item.target} if self.item.target else set()
        near = named | {p.affiliation for p in self.parties if p.id in named}
        near |= {p.id for p in self.parties if p.affiliation in named or (p.affiliation and p.affiliation in near)}
        others = [p for p in self.parties if p.id not in near]
        if nearby:
            cited = " ".join(self.document.sentences[number - 1].text for number in self.draft.sentences)
            others = [p for p in others if any(name in cited for name in p.names)] or others
        return self.choice.choice(others) if others else None


def number(subject: Subject) -> Iterator[DraftItem]:
    """Change a number in the text."""
    text = subject.item.text
    for match in list(_DIGITS.finditer(text))[:1]:
        digits = match.group()
        other = re.sub(r"\d", lambda d: str((int(d.group()) + 3) % 10 or 4), digits, count=1)
        yield subject.changed(**{subject.item.kind.text: text[: match.start()] + other + text[match.end() :]})


def negation(subject: Subject) -> Iterator[DraftItem]:
    """Negate the text, or take its negation away."""
    text, kind = subject.item.text, subject.item.kind
    if kind.label and subject.value(kind.label) == kind.refusal:
        return  # a refusal may be told as what is refused or as what is not done
    language = subject.document.language or "en"
    if language != "en":
        if language in _NEGATORS:
            yield subject.changed(**{kind.text: f"{_NEGATORS[language]} {text}"})
        return
    if found := _NOT.search(text):
        yield subject.changed(**{kind.text: text[: found.start()] + text[found.end() :]})
    elif found := _MODAL.search(text):
        place = found.end() if found.group().casefold() != "to" else found.start()
        space = " not" if found.group().casefold() != "to" else "not "
        yield subject.changed(**{kind.text: text[:place] + space + text[place:]})
    else:
        yield subject.changed(**{kind.text: f"not {text}"})


def actor(subject: Subject) -> Iterator[DraftItem]:
    """Put another party of the document in place of the one that acts or speaks."""
    name = subject.item.kind.actor or ""
    other = subject.stranger()
    given = subject.value(name)
    if other is None or not given:
        return
    yield subject.changed(**{name: [other.name] if isinstance(given, list) else other.name})


def joined(subject: Subject) -> Iterator[DraftItem]:
    """Let another party act or speak as well, one that the cited sentences name if they name one."""
    name = subject.item.kind.actor or ""
    given = subject.value(name)
    other = subject.stranger(nearby=True)
    if other is not None and given and isinstance(given, list):
        yield subject.changed(**{name: [*given, other.name]})


def flip(subject: Subject) -> Iterator[DraftItem]:
    """Turn the status or the stance round."""
    label = subject.item.kind.label
    if label and (value := subject.value(label)) in FLIPS:
        yield subject.changed(**{label: FLIPS[value]})


def recipient(subject: Subject) -> Iterator[DraftItem]:
    """Put another party in place of the one to whom a commitment is made, or whom a risk affects."""
    others = [each for each in subject.item.kind.parties if each.role in ("recipient", "affected")]
    for each in others:
        other = subject.stranger()
        if other is not None and subject.value(each.name):
            yield subject.changed(**{each.name: [other.name]})
            return


def term(subject: Subject) -> Iterator[DraftItem]:
    """Leave out a condition, or put another condition or deadline in place of it."""
    for name in subject.item.kind.terms:
        said = subject.value(name)
        if said and name == "condition":
            yield subject.changed(**{name: None})
        if said:
            strange = _CONDITIONS if name == "condition" else _DEADLINES
            yield subject.changed(**{name: subject.choice.choice(strange)})


def place(subject: Subject) -> Iterator[DraftItem]:
    """Cite another place: other sentences, with their own words as the quotation."""
    cited = set(subject.draft.sentences)
    own = {m.group().casefold() for m in _WORD.finditer(subject.item.text)}
    others = [
        sentence
        for sentence in subject.document.content
        if all(abs(sentence.number - n) > _APART for n in cited)
        and len(own & {m.group().casefold() for m in _WORD.finditer(sentence.text)}) < 2
        and len(sentence.text) > 40
    ]
    if others and cited:
        other = subject.choice.choice(others)
        words = " ".join(other.text.split()) if subject.draft.words else ""
        yield subject.changed(sentences=[other.number], words=words)


def added(subject: Subject) -> Iterator[DraftItem]:
    """Add to the text what another place of the document says."""
    kind, words = subject.item.kind, []
    for sentence in subject.document.content:
        if all(abs(sentence.number - n) > _APART for n in subject.draft.sentences):
            words.append(sentence.text.rstrip(' .”"').split()[-_FEW_WORDS:])
    if others := [each for each in words if len(each) == _FEW_WORDS]:
        further = " ".join(subject.choice.choice(others))
        yield subject.changed(**{kind.text: f"{subject.item.text.rstrip('.')} and {further}"})


def quotation(subject: Subject) -> Iterator[DraftItem]:
    """Alter the quotation in one word, its negation or a number."""
    words = subject.draft.words
    if not words:
        return
    if found := _DIGITS.search(words):
        other = re.sub(r"\d", lambda d: str((int(d.group()) + 3) % 10 or 4), found.group(), count=1)
        yield subject.changed(words=words[: found.start()] + other + words[found.end() :])
    if found := _NOT.search(words):
        yield subject.changed(words=words[: found.start()] + words[found.end() :])
    elif found := re.search(r"\b(will|would|is|are|was|were|has|have|had|could|must)\b(?! not)", words):
        yield subject.changed(words=f"{words[: found.end()]} not{words[found.end() :]}")
    longest = max(_WORD.findall(words), key=len, default="")
    if longest:
        swapped = "bridge" if longest.casefold() != "bridge" else "tunnel"
        yield subject.changed(words=words.replace(longest, swapped, 1))


ADDED = "added"
PERTURBATIONS: dict[str, Callable[[Subject], Iterator[DraftItem]]] = {
    "number": number,
    "negation": negation,
    "actor": actor,
    "joined": joined,
    "flip": flip,
    "recipient": recipient,
    "term": term,
    "place": place,
    ADDED: added,
    "quotation": quotation,
}
"""The kinds of alteration, by name."""


def perturbed(item: LinkedItem, parties: Sequence[LinkedParty], document: Document) -> Iterator[tuple[str, DraftItem]]:
    """Yield each altered copy of a right claim, with the kind of the alteration.

    Args:
        item: The claim, linked.
        parties: The parties of its document.
        document: The document.
    """
    for kind, alter in PERTURBATIONS.items():
        choice = random.Random(f"{document.sha256} {item.id} {kind}")
        for draft in alter(Subject(item, parties, document, choice)):
            yield kind, draft
