"""Find quotations in a source: exact ones from which nothing that governs them was left out."""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property

from summariser.documents import Sentence, TokenizedDocument
from summariser.grounding.alterations import Change, Excerpt, Gap, kind_of_change, left_out_around, left_out_between
from summariser.grounding.found import Difference, Found
from summariser.schema import Match
from summariser.text import lexicon, tokenize

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,}|\. \. \.)\s*")
_NEAR_QUOTE = 0.55  # share of a quotation's words that an altered passage holds in order
_SIMILAR = 0.33  # share of a quotation's words, in any order, of the passages that are compared with it
_SHORTEST = 3  # characters; a shorter text is not a quotation
_QUOTED = re.compile(r'“[^“”]+”?|«[^«»]+»?|„[^„“”]+[“”]?|"[^"\n]+"?|‘[^‘’]+(?:’[a-z][^‘’]*)*’|(?<!\w)\'[^\n]+?\'(?!\w)')

_Occurrence = list[tuple[int, int]]  # where the pieces of a quotation stand, as token places (first, last + 1)
_Edit = tuple[str, int, int, int, int]  # as difflib gives it: from a sentence to a quotation


class Quotations:
    """Finds quotations in one source."""

    def __init__(self, source: TokenizedDocument) -> None:
        self._source = source
        self._all = source.all

    def find(self, words: str, cited: Sequence[int] = (), *, near: Sequence[int] | None = None) -> Found:
        """Return the match of a quotation, preferably at the cited sentences.

        Args:
            words: The quotation; an ellipsis stands for omitted words.
            cited: The numbers of the cited sentences.
            near: The numbers of the sentences in which similar words are looked for; None for all.
        """
        pieces = [norms for part in _ELLIPSIS.split(words) if (norms := [t.norm for t in tokenize(part)])]
        if not pieces:
            return Found("missing", difference="content")
        asks = "?" in words
        for number in sorted(set(cited)):
            for occurrence in self._occurrences(pieces, self._place_in_all(number), self._place_in_all(number + 1)):
                if (found := self._match(occurrence, cited, asks=asks)).good:
                    return found
        best: Found | None = None
        for occurrence in self._occurrences(pieces):
            found = self._match(occurrence, cited, asks=asks)
            if found.good and found.match != "relocated":
                return found
            if best is None or (found.good and not best.good):
                best = found
        return best or self._nearest([norm for piece in pieces for norm in piece], cited, near)

    def _place_in_all(self, number: int) -> int:
        """Return the place of the first token of a sentence, given its number, in the list of all tokens."""
        sentences = self._source.document.sentences
        start = sentences[number - 1].start if number <= len(sentences) else len(self._source.document.text)
        return bisect_left(self._all, start, key=lambda token: token.start)

    def _occurrences(self, pieces: list[list[str]], first: int = 0, end: int | None = None) -> Iterator[_Occurrence]:
        """Yield every way in which the pieces stand in order, each at the nearest place after the one before.

        The first piece begins at a place from `first` to before `end`.
        """
        for start in self._places_of(pieces[0], first, end):
            places = [(start, start + len(pieces[0]))]
            for piece in pieces[1:]:
                following = next(self._places_of(piece, places[-1][1]), None)
                if following is None:
                    break
                places.append((following, following + len(piece)))
            else:
                yield places

    def _places_of(self, words: Sequence[str], start: int = 0, end: int | None = None) -> Iterator[int]:
        """Yield the places, from `start` to before `end`, at which words stand one after the other."""
        places = self._places.get(words[0], [])
        last = len(places) if end is None else bisect_left(places, end)
        for number in range(bisect_left(places, start), last):
            place = places[number]
            if [token.norm for token in self._all[place : place + len(words)]] == words:
                yield place

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The places of each word."""
        found: dict[str, list[int]] = {}
        for place, token in enumerate(self._all):
            found.setdefault(token.norm, []).append(place)
        return found

    def _match(self, occurrence: _Occurrence, cited: Sequence[int], *, asks: bool) -> Found:
        """Return the match of an occurrence; `asks` is True if the quotation has a question mark."""
        whole = ((self._all[occurrence[0][0]].start, self._all[occurrence[-1][1] - 1].end),)
        if difference := self._difference(occurrence, asks=asks):
            return Found("altered", whole, difference, "cut" if len(occurrence) == 1 else "gap")
        if cited and set(self._source.sentences_of(whole)).isdisjoint(cited):
            return Found("relocated", whole)
        return Found("verbatim" if len(occurrence) == 1 else "elided", whole)

    def _difference(self, occurrence: _Occurrence, *, asks: bool) -> Difference | None:
        """Return what is left out around or between the words and changes their meaning."""
        first, end = occurrence[0][0], occurrence[-1][1]
        if around := left_out_around(Excerpt(self._source, first, end)):
            return around
        for (_, start), (stop, _) in itertools.pairwise(occurrence):
            if between := left_out_between(Gap(self._source, start, stop)):
                return between
        sentences = self._source.sentences_of([(self._all[first].start, self._all[end - 1].end)])
        if len(sentences) > 1 + len(occurrence):
            return "order"
        return "question" if self._is_question(end - 1) and not asks else None

    def _is_question(self, place: int) -> bool:
        """Return True if the sentence of a token is a question."""
        return self._source.sentence_at(place).text.rstrip("\"'”’») ").endswith("?")

    def _nearest(self, wanted: list[str], cited: Sequence[int], near: Sequence[int] | None) -> Found:
        """Return the match of words without an occurrence: altered if a sentence is similar, else missing."""
        best_share, best, best_edits = 0.0, None, []
        for sentence in self._similar(set(wanted), near):
            have = [t.norm for t in self._source.tokens[sentence.number]]
            bonus = 0.01 * (sentence.number in cited)
            most = (Counter(have) & Counter(wanted)).total() / len(wanted) + bonus  # in any order
            if most < _NEAR_QUOTE or most <= best_share:
                continue
            matcher = SequenceMatcher(None, have, wanted, autojunk=False)
            share = sum(block.size for block in matcher.get_matching_blocks()) / len(wanted) + bonus
            if share > best_share:
                best_share, best, best_edits = share, sentence, matcher.get_opcodes()
        if best is None or best_share < _NEAR_QUOTE:
            return Found("missing", difference="content")
        difference = self._alteration(wanted, best, best_edits)
        match: Match = "altered"
        if difference is None:
            match = "elided" if best.number in cited or not cited else "relocated"
        return Found(match, ((best.start, best.end),), difference)

    def _similar(self, wanted: set[str], near: Sequence[int] | None) -> Iterator[Sentence]:
        """Yield the sentences that have a third of the wanted words, in order, of all or of those that are near."""
        if near is None:
            shared = Counter(number for word in wanted for number in self._source.sentences_with.get(word, ()))
        else:
            shared = Counter({number: len(wanted & self._source.norms(number)) for number in near})
        for number in sorted(shared):
            if shared[number] >= _SIMILAR * len(wanted):
                yield self._source.document.sentences[number - 1]

    def _alteration(self, wanted: list[str], sentence: Sentence, edits: Sequence[_Edit]) -> Difference | None:
        """Return what the quotation changes in a sentence; None if only function words differ."""
        tokens = self._source.tokens[sentence.number]
        inner = _without_ends(edits, len(tokens))
        missing = [t.norm for _, start, end, _, _ in inner for t in tokens[start:end]]
        added = [norm for _, _, _, start, end in inner for norm in wanted[start:end]]
        changed, harmless = [*missing, *added], lexicon.harmless(self._source.language)
        if any(kind == "replace" for kind, *_ in inner) or not all(norm in harmless for norm in changed):
            return kind_of_change(Change(changed, tokens, self._source.language))
        kept = [(start, end) for kind, start, end, _, _ in edits if kind == "equal"]
        before = self._place_in_all(sentence.number)
        return left_out_around(Excerpt(self._source, before + kept[0][0], before + kept[-1][1]))

    def is_direct_speech(self, start: int, end: int) -> bool:
        """Return True if quotation marks open before the span of the source's text and close after it."""
        place = bisect_right(self._quoted, start, key=lambda span: span[0])
        return place > 0 and end <= self._quoted[place - 1][1] and end - start > _SHORTEST

    @cached_property
    def _quoted(self) -> list[tuple[int, int]]:
        """The spans of the text in quotation marks, which never overlap, in order."""
        return [match.span() for match in _QUOTED.finditer(self._source.document.text)]


def _without_ends(edits: Sequence[_Edit], length: int) -> list[_Edit]:
    """Return the edits without omissions at either end of a sentence of `length` tokens."""
    changes = [edit for edit in edits if edit[0] != "equal"]
    while changes and changes[0][0] == "delete" and changes[0][1] == 0:
        changes.pop(0)
    while changes and changes[-1][0] == "delete" and changes[-1][2] == length:
        changes.pop()
    return changes
