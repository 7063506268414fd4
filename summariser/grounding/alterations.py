"""Find what a quotation leaves out or changes: around it, under an ellipsis, or by other words than the source's.

Each table holds a kind of difference and the rule that finds it, in the order in which they are tried. A rule takes an
`Excerpt`, a `Gap` or a `Change` and returns True if it applies.
"""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from summariser.documents import Sentence, TokenizedDocument
from summariser.grounding.found import Difference
from summariser.text import Token, lexicon, negation

_GOVERNING_WINDOW = 5  # words before a quotation within which a hedge may govern it
_QUOTATION_MARKS = '"“”«»„'
_POSTPOSED = lexicon.words("postposed_negations")
_CLAUSE = re.compile(r"[,;:，；：、،؛—–()（）。.!?！？।]")
_FULL_STOP = re.compile(r"[;；؛。.!?！？।]")
_NEGATES_AFTER = frozenset({"hi", "ja", "ko", "tr"})
"""Languages in which a negation stands behind what it governs."""
_CONCESSIVE = lexicon.words("concessive_words")


def _ends_with_quantifier(norms: Sequence[str], language: str | None) -> bool:
    return any(tuple(norms[-len(phrase) :]) == phrase for phrase in lexicon.quantifiers(language))


# ── the words around a quotation ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Excerpt:
    """The tokens of a source from `first` to before `end`, cut out of their sentence."""

    source: TokenizedDocument
    first: int
    end: int

    @property
    def language(self) -> str | None:
        """The language of the source."""
        return self.source.language

    @property
    def tokens(self) -> Sequence[Token]:
        """All tokens of the source."""
        return self.source.all

    @property
    def opening(self) -> Token:
        """The first token of the excerpt."""
        return self.tokens[self.first]

    @cached_property
    def sentence(self) -> Sentence:
        """The sentence in which the excerpt begins."""
        return self.source.sentence_at(self.first)

    @cached_property
    def before(self) -> list[str]:
        """The words before the excerpt in its clause."""
        place = self.first
        while place > 0 and not self._opens_clause(place):
            previous = self.tokens[place - 1]
            if previous.start < self.sentence.start or previous.norm in lexicon.conjunctions(self.language):
                break
            place -= 1
        return [token.norm for token in self.tokens[place : self.first]]

    def _opens_clause(self, place: int) -> bool:
        token = self.tokens[place]
        return token.after_break or any(mark in token.before for mark in _QUOTATION_MARKS)

    @cached_property
    def after(self) -> list[str]:
        """The words after the excerpt in the sentence in which it ends."""
        last = self.source.sentence_at(self.end - 1)
        return [t.norm for t in self.source.tokens[last.number] if t.start > self.tokens[self.end - 1].start]

    @cached_property
    def around(self) -> tuple[str, str]:
        """The text of the sentences before and after the excerpt."""
        text, last = self.source.document.text, self.source.sentence_at(self.end - 1)
        return text[self.sentence.start : self.opening.start], text[self.tokens[self.end - 1].end : last.end]

    def is_negation(self, place: int) -> bool:
        """Return True if a negation stands at that place of the source."""
        return bool(negation(self.tokens, place, self.language))


def part_of_hyphenated_word(cut: Excerpt) -> bool:
    """Return True if the excerpt begins within a word: "binding" of "non-binding"."""
    return cut.first > 0 and cut.opening.before == "-" and cut.tokens[cut.first - 1].end + 1 == cut.opening.start


def unknown_language(cut: Excerpt) -> bool:
    """Return True if words stand before the excerpt in a language without a list of negations."""
    return bool(cut.before) and not lexicon.reads_negations(cut.language)


def negated_in_clause(cut: Excerpt) -> bool:
    """Return True if a negation stands in the clause around the excerpt, in a language that rules do not read."""
    if cut.language is None or cut.language in lexicon.RULE_LANGUAGES:
        return False
    negations = lexicon.in_running_text("negations", cut.language)
    before, after = cut.around
    follows = _clause_after(after, cut.language) if cut.language in _NEGATES_AFTER else ""
    return any(negations.search(words) for words in (_governing_clause(before, cut.language), follows))


def _clause_after(after: str, language: str) -> str:
    """Return the words after an excerpt up to the end of their clause."""
    words = _CLAUSE.split(after)[0].split()
    ends = (place for place, word in enumerate(words) if word in lexicon.words("conjunctions", language))
    return " ".join(words[: next(ends, len(words))])


def _governing_clause(before: str, language: str) -> str:
    """Return the words of the clause before an excerpt, and of the one before it if "that" joins them."""
    *earlier, clause = _CLAUSE.split(before)
    joined = earlier and clause.strip().partition(" ")[0].casefold() in lexicon.words("complementisers", language)
    return f"{earlier[-1]} {clause}" if joined else clause


def on_condition(cut: Excerpt) -> bool:
    """Return True if a condition stands in the sentence around the excerpt, in a language that rules do not read."""
    if cut.language is None or cut.language in lexicon.RULE_LANGUAGES:
        return False
    conditions = lexicon.in_running_text("conditions", cut.language)
    before, after = cut.around
    earlier, later = _FULL_STOP.split(before)[-1], _FULL_STOP.split(after)[0]
    return any(conditions.search(words) for words in (f". {earlier}" if earlier.strip() else "", later))


def negated_before(cut: Excerpt) -> bool:
    """Return True if a negation stands before the excerpt in its clause."""
    return any(map(cut.is_negation, range(cut.first - len(cut.before), cut.first)))


def negated_before_aside(cut: Excerpt) -> bool:
    """Return True if a negation stands before an aside between commas, after which the excerpt begins."""
    if not cut.opening.before.startswith(","):
        return False
    place = cut.first - 1
    while place > 0 and not cut.tokens[place].after_break:
        place -= 1
    return place > 0 and cut.tokens[place].before.startswith(",") and cut.is_negation(place - 1)


def hedged_before(cut: Excerpt) -> bool:
    """Return True if a hedge stands shortly before the excerpt."""
    return not lexicon.hedges(cut.language).isdisjoint(cut.before[-_GOVERNING_WINDOW:])


def so_called(cut: Excerpt) -> bool:
    """Return True if "so-called" stands before the excerpt."""
    return cut.before[-2:] == ["so", "called"]


def _is_amount(token: Token) -> bool:
    return token.is_number or token.norm in lexicon.CURRENCIES


def quantified_amount(cut: Excerpt) -> bool:
    """Return True if the excerpt begins with an amount without the bound before it: "more than 5"."""
    return _is_amount(cut.opening) and _ends_with_quantifier(cut.before, cut.language)


def upper_end_of_range(cut: Excerpt) -> bool:
    """Return True if the excerpt begins with the second amount of a range: "5 to 7"."""
    joined = cut.before[-1:] in (["to"], ["or"]) and len(cut.before) > 1 and cut.before[-2][0].isdigit()
    return joined and _is_amount(cut.opening)


def whole_of_part(cut: Excerpt) -> bool:
    """Return True if the excerpt leaves out which part is meant: "half of the workers"."""
    return cut.before[-1:] == ["of"] and len(cut.before) > 1 and cut.before[-2] in lexicon.PARTS


def amount_goes_on(cut: Excerpt) -> bool:
    """Return True if the excerpt ends with a number whose range, scale or unit follows."""
    following = cut.tokens[cut.end : cut.end + 2]
    if not cut.tokens[cut.end - 1].is_number or not following or following[0].after_break:
        return False
    norm = following[0].norm
    ranged = norm in ("to", "or", "and") and len(following) > 1 and following[1].is_number
    return ranged or norm in lexicon.SCALES or norm in ("%", "percent", "per") or following[0].is_number


def negated_after(cut: Excerpt) -> bool:
    """Return True if a negation stands right after the excerpt."""
    if not cut.after or _FULL_STOP.search(cut.tokens[cut.end].before):
        return False
    return cut.is_negation(cut.end) or cut.after[0] in _POSTPOSED


def but_on_condition(cut: Excerpt) -> bool:
    """Return True if "but" or "but only" with a condition stands right after the excerpt."""
    if cut.after[:1] != ["but"]:
        return False
    return lexicon.opens_condition(cut.after[2 if cut.after[1:2] == ["only"] else 1 :], cut.language)


def _rest_of_clause(cut: Excerpt) -> int:
    """Return how many words after the excerpt belong to its clause."""
    conjunctions = lexicon.conjunctions(cut.language)
    return next((place for place, norm in enumerate(cut.after) if norm in conjunctions), len(cut.after))


def condition_after(cut: Excerpt) -> bool:
    """Return True if a condition begins after the excerpt in its clause."""
    concedes = [norm in _CONCESSIVE for norm in ("", *cut.after)]  # even if
    places = (place for place in range(_rest_of_clause(cut)) if not concedes[place])
    return any(lexicon.opens_condition(cut.after[place:], cut.language) for place in places)


def declared_false(cut: Excerpt) -> bool:
    """Return True if the sentence ends by calling the excerpt untrue: "... is a lie"."""
    return bool(cut.after) and cut.after[-1] in lexicon.FALSITY


def negated_at_end(cut: Excerpt) -> bool:
    """Return True if the clause ends with the German "nicht"."""
    return cut.after[-1:] == ["nicht"] and _rest_of_clause(cut) == len(cut.after)


def condition_before(cut: Excerpt) -> bool:
    """Return True if the sentence opens with a condition before the excerpt; in English by inversion as well."""
    opening = cut.source.tokens[cut.sentence.number][:4]
    if cut.opening.start == opening[0].start:
        return False
    norms = [token.norm for token in opening]
    inverted = cut.language == "en" and norms[0] in ("should", "were", "had")
    return inverted or lexicon.opens_condition(norms, cut.language)


CUTS: tuple[tuple[Difference, Callable[[Excerpt], bool]], ...] = (
    ("wording", part_of_hyphenated_word),
    ("language", unknown_language),
    ("negation", negated_in_clause),
    ("condition", on_condition),
    ("negation", negated_before),
    ("negation", negated_before_aside),
    ("hedge", hedged_before),
    ("hedge", so_called),
    ("number", quantified_amount),
    ("number", upper_end_of_range),
    ("number", whole_of_part),
    ("number", amount_goes_on),
    ("negation", negated_after),
    ("condition", but_on_condition),
    ("condition", condition_after),
    ("negation", declared_false),
    ("negation", negated_at_end),
    ("condition", condition_before),
)


def left_out_around(cut: Excerpt) -> Difference | None:
    """Return what governs the excerpt but was cut off, or None.

    Args:
        cut: The excerpt.
    """
    return next((difference for difference, applies in CUTS if applies(cut)), None)


# ── the words under an ellipsis ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Gap:
    """The tokens of a source from `start` to before `end`, for which an ellipsis stands in a quotation."""

    source: TokenizedDocument
    start: int
    end: int

    @property
    def language(self) -> str | None:
        """The language of the source."""
        return self.source.language

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The tokens left out."""
        return self.source.all[self.start : self.end]

    @cached_property
    def norms(self) -> list[str]:
        """The words left out."""
        return [token.norm for token in self.tokens]

    @property
    def previous(self) -> Token:
        """The token before the gap."""
        return self.source.all[self.start - 1]

    @property
    def following(self) -> Token:
        """The token after the gap."""
        return self.source.all[self.end]

    @cached_property
    def resumed(self) -> list[Token]:
        """The tokens of the sentence in which the quotation goes on."""
        return self.source.tokens[self.source.sentence_at(self.end).number]

    @cached_property
    def crosses_sentences(self) -> bool:
        """True if the quotation goes on in another sentence."""
        return self.source.sentence_at(self.start - 1).number != self.source.sentence_at(self.end).number

    @property
    def encloses_aside(self) -> bool:
        """True if punctuation stands at both ends of the gap."""
        return self.tokens[0].after_break and self.following.after_break

    @property
    def opens_with_preposition(self) -> bool:
        """True if the first word left out is a preposition."""
        return self.norms[0] in lexicon.prepositions(self.language)

    def has(self, words: Set[str]) -> bool:
        """Return True if one of these words was left out."""
        return not words.isdisjoint(self.norms)


def omitted_negation(gap: Gap) -> bool:
    """Return True if a negation was left out."""
    return any(negation(gap.source.all, place, gap.language) for place in range(gap.start, gap.end))


def omitted_hedge(gap: Gap) -> bool:
    """Return True if a hedge was left out."""
    return gap.has(lexicon.hedges(gap.language))


def omitted_condition(gap: Gap) -> bool:
    """Return True if a condition begins in the gap."""
    return any(lexicon.opens_condition(gap.norms[place:], gap.language) for place in range(len(gap.norms)))


def omitted_quantifier(gap: Gap) -> bool:
    """Return True if the bound of the number after the gap was left out."""
    return gap.following.is_number and _ends_with_quantifier(gap.norms, gap.language)


def omitted_unit(gap: Gap) -> bool:
    """Return True if what the number before the gap counts was left out."""
    return gap.previous.is_number and not gap.tokens[0].after_break and not gap.opens_with_preposition


def speech_in_next_sentence(gap: Gap) -> bool:
    """Return True if the quotation goes on in another sentence, in which somebody speaks."""
    speech = lexicon.speech(gap.language)
    return gap.crosses_sentences and any(token.norm in speech for token in gap.resumed)


def resumed_within_sentence(gap: Gap) -> bool:
    """Return True if the quotation goes on in another sentence, but not at its beginning."""
    return gap.crosses_sentences and gap.resumed[0].start != gap.following.start


def omitted_speech(gap: Gap) -> bool:
    """Return True if a verb of saying was left out within a sentence."""
    return not gap.crosses_sentences and gap.has(lexicon.speech(gap.language))


def omitted_name(gap: Gap) -> bool:
    """Return True if a name was left out that is not part of an aside or a prepositional phrase."""
    if gap.crosses_sentences or gap.encloses_aside or gap.opens_with_preposition:
        return False
    return any(token.capital for token in gap.tokens)


def omitted_coordination(gap: Gap) -> bool:
    """Return True if a conjunction and words that it joins were left out, except in an attribute after an article."""
    if gap.crosses_sentences or gap.encloses_aside or len(gap.tokens) <= 2:
        return False
    return gap.has(lexicon.conjunctions(gap.language)) and gap.previous.norm not in lexicon.harmless(gap.language)


OMISSIONS: tuple[tuple[Difference, Callable[[Gap], bool]], ...] = (
    ("negation", omitted_negation),
    ("hedge", omitted_hedge),
    ("condition", omitted_condition),
    ("number", omitted_quantifier),
    ("number", omitted_unit),
    ("speaker", speech_in_next_sentence),
    ("order", resumed_within_sentence),
    ("speaker", omitted_speech),
    ("name", omitted_name),
    ("order", omitted_coordination),
)


def left_out_between(gap: Gap) -> Difference | None:
    """Return what an ellipsis must not leave out but does, or None.

    Args:
        gap: The words under the ellipsis.
    """
    return next((difference for difference, applies in OMISSIONS if gap.tokens and applies(gap)), None)


# ── words in place of the source's ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Change:
    """The words that a quotation has more or less than the sentence that is nearest to it."""

    norms: Sequence[str]
    sentence: Sequence[Token]
    language: str | None


def changed_negation(change: Change) -> bool:
    """Return True if a negation was added or left out."""
    negations = lexicon.negations(change.language)
    return any(n in negations or n.endswith("n't") or n in ("rule", "ruled") for n in change.norms)


def changed_day(change: Change) -> bool:
    """Return True if a weekday, a month or a word such as "tomorrow" was changed."""
    return any(n in days for n in change.norms for days in (lexicon.WEEKDAYS, lexicon.MONTHS, lexicon.RELATIVE_DAYS))


def changed_number(change: Change) -> bool:
    """Return True if a number, its scale, unit or currency was changed."""
    tables = (lexicon.SCALES, lexicon.UNITS, lexicon.CURRENCIES)
    return any(n[0].isdigit() or any(n in table for table in tables) for n in change.norms)


def changed_hedge(change: Change) -> bool:
    """Return True if a hedge was added or left out."""
    return not lexicon.hedges(change.language).isdisjoint(change.norms)


def changed_name(change: Change) -> bool:
    """Return True if a word that the sentence has with a capital was left out or moved."""
    return any(token.capital and token.norm in change.norms for token in change.sentence)


CHANGES: tuple[tuple[Difference, Callable[[Change], bool]], ...] = (
    ("negation", changed_negation),
    ("date", changed_day),
    ("number", changed_number),
    ("hedge", changed_hedge),
    ("name", changed_name),
)


def kind_of_change(change: Change) -> Difference:
    """Return what was changed; the wording if nothing more can be said."""
    return next((difference for difference, applies in CHANGES if applies(change)), "wording")
