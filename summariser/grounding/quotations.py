"""Are these the source's own words? Exact ones only, and only where nothing that governs them was cut off."""

import itertools
import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from summariser.documents.document import Sentence
from summariser.documents.tokenized import TokenizedDocument
from summariser.grounding.found import Difference, Found
from summariser.text import lexicon
from summariser.text.polarity import negation
from summariser.text.tokens import Token, find_all, tokenize

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,}|\. \. \.)\s*")
_NEAR_QUOTE = 0.55  # share of a quotation's words that an altered passage holds in order
_GOVERNING_WINDOW = 5  # words before a quotation in which a negation or hedge may govern it


class Quotations:
    """Finds quotations in one source."""

    def __init__(self, source: TokenizedDocument) -> None:
        self._source = source
        self._language = source.language
        self._all = source.all
        self._tokens = source.tokens

    def find(self, words: str, cited: Sequence[int] = ()) -> Found:
        """The verdict on words that are claimed to be the source's own; `cited` sentences are looked at first."""
        pieces = [norms for part in _ELLIPSIS.split(words) if (norms := [t.norm for t in tokenize(part)])]
        if not pieces:
            return Found("unsupported", difference="content")
        best: Found | None = None
        for places in self._occurrences(pieces):
            found = self._judge_occurrence(places, pieces, cited)
            if found.good and "?" not in words and self._asks(places[-1][1] - 1):
                found = Found("altered", found.spans, "hedge")
            if found.good and found.verdict != "relocated":
                return found
            if best is None or (found.good and not best.good):
                best = found
        return best or self._nearest(pieces, cited)

    def _occurrences(self, pieces: list[list[str]]) -> Iterable[list[tuple[int, int]]]:
        """Every way in which the pieces stand in order, as (first, last + 1) token places; nearest first."""
        for start in find_all(pieces[0], self._all):
            places = [(start, start + len(pieces[0]))]
            for piece in pieces[1:]:
                following = next((p for p in find_all(piece, self._all[places[-1][1] :])), None)
                if following is None:
                    break
                first = places[-1][1] + following
                places.append((first, first + len(piece)))
            else:
                yield places

    def _judge_occurrence(self, places: list[tuple[int, int]], pieces: list[list[str]], cited: Sequence[int]) -> Found:
        spans = tuple((self._all[first].start, self._all[end - 1].end) for first, end in places)
        whole = ((spans[0][0], spans[-1][1]),)
        sentences = self._source.sentences_of(whole)
        if problem := self._cut_off(places[0][0], places[-1][1]):
            return Found("altered", whole, problem)
        for (_, gap_start), (gap_end, _) in itertools.pairwise(places):
            if problem := self._gap(gap_start, gap_end):
                return Found("altered", whole, problem)
        if len(sentences) > 1 + len(pieces):
            return Found("altered", whole, "order")
        if cited and not set(sentences) <= set(cited) and not set(sentences) & set(cited):
            return Found("relocated", whole)
        return Found("verbatim" if len(pieces) == 1 else "elided", whole)

    def _cut_off(self, first: int, end: int) -> Difference | None:
        """What governs the words from outside and was left out: a negation, hedge, quantifier or condition."""
        sentence = self._source.sentence_at(first)
        if self._inside_word(first):
            return "wording"
        before = self._before_in_clause(first, sentence)
        if before and self._language not in lexicon.LANGUAGES:
            return "language"
        places = range(first - len(before), first)
        if any(negation(self._all, place, self._language) for place in places) or self._negated_aside(first):
            return "negation"
        norms = [t.norm for t in before]
        hedged = norms[-_GOVERNING_WINDOW:]
        if any(n in lexicon.hedges(self._language) for n in hedged) or norms[-2:] == ["so", "called"]:
            return "hedge"
        return self._cut_number(first, end, norms) or self._cut_after(end) or self._cut_condition(first, sentence)

    def _asks(self, place: int) -> bool:
        """Whether the sentence of a word is a question."""
        return self._source.sentence_at(place).text.rstrip("\"'”’») ").endswith("?")

    def _inside_word(self, first: int) -> bool:
        """Whether the words begin in the middle of a hyphenated one ("binding" in "non-binding")."""
        return first > 0 and self._all[first].before == "-" and self._all[first - 1].end + 1 == self._all[first].start

    def _negated_aside(self, first: int) -> bool:
        """Whether a negation stands right before an aside between commas that ends where the words begin."""
        if not self._all[first].before.startswith(","):
            return False
        place = first - 1
        while place > 0 and not self._all[place].after_break:
            place -= 1
        aside = self._all[place].before.startswith(",")
        return aside and place > 0 and bool(negation(self._all, place - 1, self._language))

    def _cut_number(self, first: int, end: int, norms: list[str]) -> Difference | None:
        """Whether an amount lost its bound, its scale, its unit or the other end of its range."""
        amount = self._all[first].is_number or self._all[first].norm in lexicon.CURRENCIES
        quantified = any(tuple(norms[-len(q) :]) == q for q in lexicon.quantifiers(self._language))
        if amount and (quantified or (norms[-1:] in (["to"], ["or"]) and len(norms) > 1 and norms[-2][0].isdigit())):
            return "number"
        if norms[-1:] == ["of"] and norms[-2:-1] and norms[-2] in lexicon.PARTS:
            return "number"
        last, following = self._all[end - 1], self._all[end : end + 2]
        if last.is_number and following and not following[0].after_break:
            norm = following[0].norm
            ranged = norm in ("to", "or", "and") and len(following) > 1 and following[1].is_number
            if ranged or norm in lexicon.SCALES or norm in ("%", "percent", "per") or following[0].is_number:
                return "number"
        return None

    def _cut_after(self, end: int) -> Difference | None:
        """What takes the words back, or makes them depend on something, later in the sentence."""
        last = self._source.sentence_at(end - 1)
        after = [t for t in self._tokens[last.number] if t.start > self._all[end - 1].start]
        norms = [t.norm for t in after]
        if norms[:1] and (negation(self._all, end, self._language) or norms[0] in ("nicht", "keine", "kein", "pas")):
            return "negation"
        clause = next((i for i, n in enumerate(norms) if n in lexicon.conjunctions(self._language)), len(norms))
        if norms[:1] == ["but"] and self._starts_condition(norms[2:] if norms[1:2] == ["only"] else norms[1:]):
            return "condition"
        if any(self._starts_condition(norms[i:]) for i in range(clause)):
            return "condition"
        if (norms and norms[-1] in lexicon.FALSITY) or (norms[-1:] == ["nicht"] and clause == len(norms)):
            return "negation"
        return None

    def _cut_condition(self, first: int, sentence: Sentence) -> Difference | None:
        """Whether the sentence opens with a condition that the words leave out."""
        opening = [t.norm for t in self._tokens[sentence.number][:4]]
        if self._all[first].start == self._tokens[sentence.number][0].start:
            return None
        inverted = self._language == "en" and opening[:1] and opening[0] in ("should", "were", "had")
        return "condition" if inverted or self._starts_condition(opening) else None

    def _before_in_clause(self, first: int, sentence: Sentence) -> list[Token]:
        """The few tokens before a place, back to the last punctuation or the sentence's start."""
        before: list[Token] = []
        place = first
        while place > 0:
            token = self._all[place]
            if token.after_break or any(mark in token.before for mark in '"“”«»„'):
                break
            place -= 1
            if self._all[place].start < sentence.start:
                break
            if self._all[place].norm in lexicon.conjunctions(self._language):
                break
            before.insert(0, self._all[place])
        return before

    def _gap(self, start: int, end: int) -> Difference | None:
        """What an ellipsis may not swallow."""
        gap = self._all[start:end]
        if not gap:
            return None
        if any(negation(self._all, place, self._language) for place in range(start, end)):
            return "negation"
        norms = [t.norm for t in gap]
        if any(n in lexicon.hedges(self._language) for n in norms):
            return "hedge"
        if any(self._starts_condition(norms[i:]) for i in range(len(norms))):
            return "condition"
        following = self._all[end]
        if following.is_number and any(tuple(norms[-len(q) :]) == q for q in lexicon.quantifiers(self._language)):
            return "number"
        if (
            self._all[start - 1].is_number
            and not gap[0].after_break
            and norms[0] not in lexicon.prepositions(self._language)
        ):
            return "number"
        crossed = self._source.sentence_at(start - 1).number != self._source.sentence_at(end).number
        if crossed:
            later = self._tokens[self._source.sentence_at(end).number]
            if any(t.norm in lexicon.speech(self._language) for t in later):
                return "speaker"
            return None if later[0].start == following.start else "order"
        enclosed = gap[0].after_break and following.after_break
        if enclosed and not any(n in lexicon.speech(self._language) for n in norms):
            return None
        if any(n in lexicon.speech(self._language) for n in norms):
            return "speaker"
        if any(t.capital for t in gap) and norms[0] not in lexicon.prepositions(self._language):
            return "name"
        attributive = self._all[start - 1].norm in lexicon.harmless(self._language)
        joined = any(n in lexicon.conjunctions(self._language) for n in norms) and len(gap) > 2
        if joined and not enclosed and not attributive:
            return "order"
        return None

    def holds_condition(self, number: int) -> bool:
        """Whether a condition begins somewhere in the sentence."""
        return self.starts_somewhere([t.norm for t in self._tokens[number]])

    def starts_somewhere(self, norms: Sequence[str]) -> bool:
        """Whether a condition begins at one of the words."""
        return any(self._starts_condition(norms[i:]) for i in range(len(norms)))

    def _starts_condition(self, norms: Sequence[str]) -> bool:
        return any(tuple(norms[: len(phrase)]) == phrase for phrase in lexicon.conditions(self._language))

    def _nearest(self, pieces: list[list[str]], cited: Sequence[int]) -> Found:
        """What an inexact quotation was probably made of, and what differs."""
        wanted = [norm for piece in pieces for norm in piece]
        best_share, best_sentence, best_ops = 0.0, None, []
        for sentence in self._source.document.sentences:
            have = [t.norm for t in self._tokens[sentence.number]]
            if len(set(wanted) & set(have)) < _NEAR_QUOTE * len(set(wanted)) * 0.6:
                continue
            matcher = SequenceMatcher(None, have, wanted, autojunk=False)
            share = sum(block.size for block in matcher.get_matching_blocks()) / len(wanted)
            share += 0.01 * (sentence.number in cited)
            if share > best_share:
                best_share, best_sentence, best_ops = share, sentence, matcher.get_opcodes()
        if best_sentence is None or best_share < _NEAR_QUOTE:
            return Found("unsupported", difference="content")
        span = ((best_sentence.start, best_sentence.end),)
        tokens = self._tokens[best_sentence.number]
        return self._inexact(wanted, tokens, best_ops, span, best_sentence.number in cited or not cited)

    def _inexact(
        self,
        wanted: list[str],
        tokens: list[Token],
        ops: Sequence[tuple[str, int, int, int, int]],
        span: tuple[tuple[int, int], ...],
        was_cited: bool,
    ) -> Found:
        edits = [op for op in ops if op[0] != "equal"]
        while edits and edits[0][0] == "delete" and edits[0][1] == 0:
            edits.pop(0)
        while edits and edits[-1][0] == "delete" and edits[-1][2] == len(tokens):
            edits.pop()
        missing = [t.norm for _, a, b, _, _ in edits for t in tokens[a:b]]
        added = [norm for _, _, _, c, d in edits for norm in wanted[c:d]]
        changed = [*missing, *added]
        harmless = lexicon.harmless(self._language)
        if all(norm in harmless for norm in changed) and not any(op[0] == "replace" for op in edits):
            first = next(op for op in ops if op[0] == "equal")[1]
            last = [op for op in ops if op[0] == "equal"][-1][2]
            places = self._all.index(tokens[first]), self._all.index(tokens[last - 1]) + 1
            problem = self._cut_off(*places)
            if problem is None:
                return Found("cited" if was_cited else "relocated", span)
            return Found("altered", span, problem)
        return Found("altered", span, self._kind_of_change(changed, tokens))

    def _kind_of_change(self, changed: Sequence[str], tokens: Sequence[Token]) -> Difference:
        capitals = {t.norm for t in tokens if t.capital}
        if any(n in lexicon.negations(self._language) or n.endswith("n't") or n in ("rule", "ruled") for n in changed):
            return "negation"
        if any(n in lexicon.WEEKDAYS | lexicon.MONTHS | lexicon.RELATIVE_DAYS for n in changed):
            return "date"
        if any(n[0].isdigit() or n in lexicon.SCALES or n in lexicon.UNITS or n in lexicon.CURRENCIES for n in changed):
            return "number"
        if any(n in lexicon.hedges(self._language) for n in changed):
            return "hedge"
        if any(n in capitals for n in changed):
            return "name"
        return "wording"
