"""One of the compared texts: its items in the words of the text, and the sentences that are known of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from summariser.comparison.models import Side
from summariser.schema import Deadline, Item, ItemKind, Party, Summary, claims, ids_in
from summariser.text import is_content, stem, tokenize, with_digits
from summariser.text.similarity import name_key

_CITED = 0.35  # weight of a word that only the cited sentences have
_TARGET = 0.7  # weight of a word of the subject alone
_BY_RULES = frozenset({"by_rules", "not_looked_for"})  # warnings that say so
Bag = Mapping[str, float]
"""The content words of an item or a sentence, as stems, with a weight."""


@dataclass(frozen=True)
class Compared:
    """A Summary that is compared.

    Attributes:
        number: The number of its text in the comparison, from 0.
        summary: The Summary.
    """

    number: int
    summary: Summary

    @property
    def language(self) -> str | None:
        """The language of the text."""
        return self.summary.document.language

    @property
    def is_whole(self) -> bool:
        """True if no request failed, so that what is not there was looked for."""
        return self.summary.run.status == "ok"

    @cached_property
    def sentences(self) -> dict[int, str]:
        """The sentences by number: all of the text if it is at hand, otherwise those that items cite."""
        if self.summary.source is not None:
            return {each.number: each.text for each in self.summary.source.content}
        found: dict[int, str] = {}
        for item in self.summary.items:
            for evidence in item.evidence:
                if evidence.text and len(evidence.sentences) == 1:
                    number = evidence.sentences[0]
                    found[number] = max(found.get(number, ""), evidence.text, key=len)
        return found

    @property
    def is_read_by_rules(self) -> bool:
        """True if rules read the items off the text, which find only a part of them."""
        return any(warning.code in _BY_RULES for warning in self.summary.warnings)

    def why_unclear(self, *, aligned_by_model: bool) -> str:
        """Return why the text may say what no item of its summary says, as a sentence; empty if it was read whole.

        Args:
            aligned_by_model: True if a model was asked which items and sentences of the texts are the same.
        """
        source = self.summary.document.source
        if not self.is_whole:
            return f"The summary of {source} is incomplete ({self.summary.run.status})."
        if self.is_read_by_rules and not aligned_by_model:
            return f"Rules read the items of {source} off its words, and find only a part of them."
        return ""

    @property
    def has_text(self) -> bool:
        """True if the whole text is at hand."""
        return self.summary.source is not None

    def items(self) -> Iterator[tuple[ItemKind, Item]]:
        """Yield the claims that are compared, with their kinds: those that are neither inferred nor refuted."""
        for kind in claims():
            yield from ((kind, item) for item in self.summary.of(kind) if not item.inferred and not _is_refuted(item))

    def left_out(self) -> tuple[int, int]:
        """Return the number of claims that are not compared: those that the text refutes, and inferred ones."""
        items = [item for kind in claims() for item in self.summary.of(kind)]
        refuted = sum(map(_is_refuted, items))
        return refuted, sum(item.inferred and not _is_refuted(item) for item in items)

    @cached_property
    def parties(self) -> dict[str, Party]:
        """The parties by id."""
        return {party.id: party for party in self.summary.parties}

    def party_keys(self, ids: Iterable[str]) -> frozenset[str]:
        """Return what identifies parties in the other text: their names, aliases and country, and their bodies'."""
        return frozenset(key for id in ids for key in self._keys_of(id))

    def _keys_of(self, id: str) -> Iterator[str]:
        party = self.parties[id]
        for name in (party.name, *party.aliases):
            key = name_key(name)
            yield key
            if party.kind == "person":
                yield key.rpartition(" ")[2]
        if party.country:
            yield f"country {party.country}"

    def bodies_of(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the parties that some belong to, the parties themselves included."""
        found = list(ids)
        for id in found:
            above = self.parties[id].affiliation
            if above is not None and above not in found:
                found.append(above)
        return tuple(found)

    def names(self, ids: Iterable[str]) -> str:
        """Return the names of parties, joined."""
        return ", ".join(self.parties[id].name for id in ids)

    def side(self, kind: ItemKind, item: Item) -> Side:
        """Return an item as it is shown in a comparison."""
        said = kind.text_of(item)
        terms = [_term(getattr(item, name)) for name in kind.terms]
        return Side(
            source=self.number,
            item=item.id,
            who=self.names(ids_in(item, kind.actor)),
            text="; ".join(filter(None, (said, *terms))),
            sentences=item.sentences,
            quote=" … ".join(each.text for each in item.evidence if each.text),
            verdict=item.verdict,
        )

    def sentence(self, number: int) -> Side:
        """Return a sentence as it is shown in a comparison."""
        text = " ".join(self.sentences[number].split())
        return Side(source=self.number, item=None, who="", text=text, sentences=(number,), quote=text, verdict=None)

    def bag(self, kind: ItemKind, item: Item) -> Bag:
        """Return the content words of an item: its own, those of its subject, and those of the cited sentences."""
        found: dict[str, float] = {}
        own = [kind.text_of(item), *(_term(getattr(item, name)) for name in kind.terms)]
        about = getattr(item, kind.target).text if kind.target else ""
        cited = (self.sentences.get(number, "") for number in item.sentences)
        for weight, texts in ((_CITED, cited), (_TARGET, (about,)), (1.0, own)):
            found |= dict.fromkeys(words_of(" ".join(texts), self.language), weight)
        return found


Number = tuple[float, str]
"""A number of a text: its value and its unit, which may be empty."""


def closest_numbers(mine: Iterable[Number], theirs: Iterable[Number]) -> tuple[Number, Number] | None:
    """Return the two numbers with one unit that are closest to each other; None if there are none.

    Args:
        mine: Numbers of one text.
        theirs: Numbers of the other text.
    """
    others = list(theirs)
    pairs = [(a, b) for a in mine for b in others if not a[1] or not b[1] or a[1] == b[1]]
    return min(pairs, key=lambda pair: abs(pair[0][0] - pair[1][0]), default=None)


def in_words(number: Number) -> str:
    """Return a number with its unit as a reader writes it."""
    value, unit = number
    return f"{value:,.10g} {unit}".strip()


def words_of(text: str, language: str | None) -> Counter[str]:
    """Return how often each content word (as its stem) and each number occurs in a text."""
    found = tokenize(with_digits(text, language))
    return Counter(
        token.norm if token.is_number else stem(token.norm, language)
        for token in found
        if token.is_number or is_content(token, language)
    )


def _term(value: object) -> str:
    return value.text if isinstance(value, Deadline) else str(value or "")


def _is_refuted(item: Item) -> bool:
    return item.verdict == "refuted"
