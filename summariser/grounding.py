"""Evidence verdicts: does the source carry what an item says? Deterministic rules, no similarity thresholds.

A quotation is taken as the source's own only where its words stand there in a row (or in order around an
ellipsis) and where nothing that governs them was cut off. A paraphrase is taken as carried only where the
cited sentences hold its numbers, names and days, agree with it in what is negated, and share its content.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from summariser import cues
from summariser.document import Document, Sentence
from summariser.schema import Evidence, Verdict
from summariser.tokens import (
    Token,
    find_all,
    is_content,
    negation,
    numbers,
    polarity,
    state_named,
    states_in,
    stem,
    tokenise,
    with_digits,
)

Difference = Literal[
    "negation", "number", "date", "name", "speaker", "hedge", "condition", "order", "wording", "content", "language"
]

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,}|\. \. \.)\s*")
_CARRIED = 0.6  # share of a paraphrase's content words that the cited sentences must hold
_RELOCATED = 0.75  # the same for sentences that were not cited
_CLOSE = 0.5  # above this share an unfit passage is an altered one, below it an unrelated one
_NEAR_QUOTE = 0.55  # share of a quotation's words that an altered passage holds in order
_GOVERNING_WINDOW = 5  # words before a quotation in which a negation or hedge may govern it


@dataclass(frozen=True, slots=True)
class Found:
    """Where something stands in the source, the verdict on it, and what differs where it is no good one.

    `detail` is the name, number or word that the difference is about, where there is one.
    """

    verdict: Verdict
    spans: tuple[tuple[int, int], ...] = ()
    difference: Difference | None = None
    detail: str = ""

    @property
    def good(self) -> bool:
        return self.difference is None and self.verdict != "unsupported"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a passage does not carry a claim: what kind of difference, and what it is about."""

    difference: Difference
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who must be named where a claim stands: by any of its names, or in the sentences listed in `bare`,
    where part of its name is known to mean it.
    """

    name: str
    names: frozenset[str]
    person: bool = False
    bare: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Claim:
    """What an item says, and where the model says it stands.

    `text` is the paraphrase, `actors` must be named there, `speakers` among them must be who speaks there
    where it says who does; `sentences` and `words` are the citation. `negated` says that the text tells
    what is refused.
    """

    text: str
    actors: tuple[Actor, ...] = ()
    speakers: tuple[Actor, ...] = ()
    sentences: tuple[int, ...] = ()
    words: str = ""
    negated: bool = False


class Grounder:
    """Checks claims against one document."""

    def __init__(self, document: Document, *, persons: Sequence[Actor] = ()) -> None:
        self.document = document
        self.language = document.language
        self._tokens = {s.number: _tokens(document, s) for s in document.sentences}
        self._all = [token for s in document.sentences for token in self._tokens[s.number]]
        self._persons = persons
        inside = (t for s in document.sentences for t in self._tokens[s.number][1:])
        self._names = frozenset(t.norm for t in inside if t.capital)
        self._stems = frozenset(stem(t.norm, self.language) for t in self._all)

    # ── the two questions ────────────────────────────────────────────────────────────────────────

    def claim(self, claim: Claim) -> Found:
        """The verdict on one item: on its quotation, if it has one, and on its paraphrase."""
        cited = [s for n in claim.sentences if (s := self.document.sentence(n)) and not s.boilerplate]
        if not claim.words.strip():
            return self._paraphrase(claim, cited)
        quoted = self.quote(claim.words, tuple(s.number for s in cited))
        if not quoted.good:
            return quoted
        passage = sorted({*self._sentences_of(quoted.spans), *(s.number for s in cited)})
        problem = self._problem(claim, passage, _CARRIED)
        if problem is None:
            return quoted
        return _unfit(problem, quoted.spans)

    def quote(self, words: str, cited: Sequence[int] = ()) -> Found:
        """The verdict on words that are claimed to be the source's own; `cited` sentences are looked at first."""
        pieces = [norms for part in _ELLIPSIS.split(words) if (norms := [t.norm for t in tokenise(part)])]
        if not pieces:
            return Found("unsupported", difference="content")
        best: Found | None = None
        for places in self._occurrences(pieces):
            found = self._judge_occurrence(places, pieces, cited)
            if found.good and found.verdict != "relocated":
                return found
            if best is None or (found.good and not best.good):
                best = found
        return best or self._nearest(pieces, cited)

    # ── quotations ───────────────────────────────────────────────────────────────────────────────

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
        sentences = self._sentences_of(whole)
        if problem := self._cut_off(places[0][0], places[-1][1]):
            return Found("altered", whole, problem)
        for (_, gap_start), (gap_end, _) in zip(places, places[1:], strict=False):
            if problem := self._gap(gap_start, gap_end):
                return Found("altered", whole, problem)
        if len(sentences) > 1 + len(pieces):
            return Found("altered", whole, "order")
        if cited and not set(sentences) <= set(cited) and not set(sentences) & set(cited):
            return Found("relocated", whole)
        return Found("verbatim" if len(pieces) == 1 else "elided", whole)

    def _cut_off(self, first: int, end: int) -> Difference | None:
        """What governs the words from outside and was left out: a negation, hedge, quantifier or condition."""
        sentence = self._sentence_at(first)
        before = self._before_in_clause(first, sentence)
        places = range(first - len(before), first)
        if any(negation(self._all, place, self.language) for place in places):
            return "negation"
        if any(t.norm in cues.hedges(self.language) for t in before[-_GOVERNING_WINDOW:]):
            return "hedge"
        norms = [t.norm for t in before]
        if self._all[first].is_number or self._all[first].norm in cues.CURRENCIES:
            if any(tuple(norms[-len(q) :]) == q for q in cues.quantifiers(self.language)):
                return "number"
        last = self._sentence_at(end - 1)
        after = [t.norm for t in self._all[end : end + 4] if t.start < last.end]
        if self._starts_condition(after):
            return "condition"
        if after and after[0] in ("nicht", "keine", "kein", "pas"):
            return "negation"
        opening = [t.norm for t in self._tokens[sentence.number][:4]]
        if self._starts_condition(opening) and self._all[first].start > self._tokens[sentence.number][0].start:
            clause = [t for t in self._tokens[sentence.number] if t.start <= self._all[first].start]
            if sum(t.after_break for t in clause[1:]) <= 1:
                return "condition"
        return None

    def _before_in_clause(self, first: int, sentence: Sentence) -> list[Token]:
        """The few tokens before a place, back to the last punctuation or the sentence's start."""
        before: list[Token] = []
        place = first
        while place > 0 and len(before) < _GOVERNING_WINDOW:
            token = self._all[place]
            if token.after_break or any(mark in token.before for mark in '"“”«»„'):
                break
            place -= 1
            if self._all[place].start < sentence.start:
                break
            if self._all[place].norm in cues.conjunctions(self.language):
                break
            before.insert(0, self._all[place])
        return before

    def _gap(self, start: int, end: int) -> Difference | None:
        """What an ellipsis may not swallow."""
        gap = self._all[start:end]
        if not gap:
            return None
        if any(negation(self._all, place, self.language) for place in range(start, end)):
            return "negation"
        norms = [t.norm for t in gap]
        if any(n in cues.hedges(self.language) for n in norms):
            return "hedge"
        if any(self._starts_condition(norms[i:]) for i in range(len(norms))):
            return "condition"
        following = self._all[end]
        if following.is_number and any(tuple(norms[-len(q) :]) == q for q in cues.quantifiers(self.language)):
            return "number"
        crossed = self._sentence_at(start - 1).number != self._sentence_at(end).number
        if crossed:
            opens = self._tokens[self._sentence_at(end).number][0].start == following.start
            closes = self._tokens[self._sentence_at(start - 1).number][-1].end == self._all[start - 1].end
            return None if opens or closes else "order"
        enclosed = gap[0].after_break and following.after_break
        if enclosed and not any(n in cues.speech(self.language) for n in norms):
            return None
        if any(n in cues.speech(self.language) for n in norms):
            return "speaker"
        if any(t.capital for t in gap) and norms[0] not in cues.prepositions(self.language):
            return "name"
        attributive = self._all[start - 1].norm in cues.harmless(self.language)
        joined = any(n in cues.conjunctions(self.language) for n in norms) and len(gap) > 2
        if joined and not enclosed and not attributive:
            return "order"
        return None

    def _starts_condition(self, norms: Sequence[str]) -> bool:
        return any(tuple(norms[: len(phrase)]) == phrase for phrase in cues.conditions(self.language))

    def _nearest(self, pieces: list[list[str]], cited: Sequence[int]) -> Found:
        """What an inexact quotation was probably made of, and what differs."""
        wanted = [norm for piece in pieces for norm in piece]
        best_share, best_sentence, best_ops = 0.0, None, []
        for sentence in self.document.sentences:
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
        harmless = cues.harmless(self.language)
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
        if any(n in cues.negations(self.language) or n.endswith("n't") or n in ("rule", "ruled") for n in changed):
            return "negation"
        if any(n in cues.WEEKDAYS | cues.MONTHS | cues.RELATIVE_DAYS for n in changed):
            return "date"
        if any(n[0].isdigit() or n in cues.SCALES or n in cues.UNITS or n in cues.CURRENCIES for n in changed):
            return "number"
        if any(n in cues.hedges(self.language) for n in changed):
            return "hedge"
        if any(n in capitals for n in changed):
            return "name"
        return "wording"

    # ── paraphrases ──────────────────────────────────────────────────────────────────────────────

    def _paraphrase(self, claim: Claim, cited: Sequence[Sentence]) -> Found:
        numbers_cited = [s.number for s in cited]
        problem: Problem | None = Problem("content")
        if cited:
            problem = self._problem(claim, numbers_cited, _CARRIED)
            if problem is None:
                return Found("cited", self._runs(numbers_cited))
        elsewhere = self._best_elsewhere(claim, numbers_cited)
        if elsewhere is not None:
            return Found("relocated", self._runs([elsewhere]))
        if not cited or self._coverage(claim.text, numbers_cited) < _CLOSE:
            return Found("unsupported", self._runs(numbers_cited), "content")
        assert problem is not None
        return _unfit(problem, self._runs(numbers_cited))

    def _best_elsewhere(self, claim: Claim, cited: Sequence[int]) -> int | None:
        """The one other sentence that carries the claim wholly; the nearest to what was cited."""
        carrying = [
            s.number
            for s in self.document.content
            if s.number not in cited and self._problem(claim, [s.number], _RELOCATED, strict_names=True) is None
        ]
        origin = cited[0] if cited else 1
        return min(carrying, key=lambda number: (abs(number - origin), number), default=None)

    def _problem(
        self, claim: Claim, passage: Sequence[int], share: float, *, strict_names: bool = False
    ) -> Problem | None:
        """What keeps these sentences from carrying the claim, or None where they do."""
        text = " ".join(self._text(number) for number in passage)
        tokens = [t for number in passage for t in self._tokens[number]]
        if self._coverage(claim.text, passage) < share:
            return Problem("content")
        if self.language not in cues.LANGUAGES:
            return Problem("language")
        if wrong := self._wrong_number(claim.text, text):
            return Problem("number", wrong)
        said = tokenise(claim.text)
        norms = {t.norm for t in tokens}
        for token in said:
            dated = token.norm in cues.WEEKDAYS | cues.MONTHS and (token.capital or self.language != "en")
            if dated and token.norm not in norms:
                return Problem("date", claim.text[token.start : token.end])
        if missing := self._missing_name(claim.text, said, tokens):
            return Problem("name", missing)
        for actor in (*claim.speakers, *claim.actors):
            if not self._names_actor(actor, passage, strict_names):
                return Problem("name", actor.name)
        for actor in claim.speakers:
            if speaker := self._other_speaker(actor, passage):
                return Problem("speaker", speaker)
        if not self._negations_agree(said, tokens, claim.negated):
            return Problem("negation")
        return None

    def _coverage(self, text: str, passage: Sequence[int]) -> float:
        """The share of the claim's content words that the sentences hold; 0 for fewer than two."""
        have = {stem(t.norm, self.language) for n in passage for t in self._tokens[n]}
        have |= {code for n in passage for code, *_ in states_in(self._tokens[n])}
        said = tokenise(with_digits(text, self.language))
        as_state = {i: code for code, first, end, _ in states_in(said) for i in range(first, end)}
        wanted = [
            as_state.get(i, stem(t.norm, self.language)) for i, t in enumerate(said) if is_content(t, self.language)
        ]
        if len(wanted) < 2:
            return 0.0  # a word alone says nothing that could be carried
        return sum(w in have for w in wanted) / len(wanted)

    def _wrong_number(self, said: str, text: str) -> str:
        """The first number of the claim that the passage does not have in that unit, or nothing."""
        have = numbers(text, self.language)
        values = {value for value, _ in have}
        for value, unit in sorted(numbers(said, self.language)):
            unitless = (value, "") in have and unit not in ("%", "%-points")
            if (value, unit) not in have and not unitless and not (unit == "" and value in values):
                return f"{value:g} {unit}".strip()
        return ""

    def _missing_name(self, text: str, said: Sequence[Token], tokens: Sequence[Token]) -> str:
        """The first name in the claim that the passage does not have (a state by any of its names), or nothing."""
        have = {t.norm for t in tokens}
        have_states = {code for code, *_ in states_in(tokens)}
        in_state = {i for code, first, end, _ in states_in(said) if code in have_states for i in range(first, end)}
        for i, token in enumerate(said):
            known = i in in_state or token.norm in have or not token.capital
            if not known and self._is_name(said, i):
                return text[token.start : token.end]
        return ""

    def _is_name(self, said: Sequence[Token], place: int) -> bool:
        """Whether a capitalised word of a claim is a name; a first word is one if it is joined to another."""
        token = said[place]
        if token.norm in cues.function_words(self.language) or token.norm in cues.WEEKDAYS | cues.MONTHS:
            return False
        if place or token.norm in self._names:
            return True
        following = [t for t in said[1:3] if t.norm not in _JOINING]
        return stem(token.norm, self.language) not in self._stems and bool(following) and following[0].capital

    def _names_actor(self, actor: Actor, passage: Sequence[int], strict: bool) -> bool:
        """Whether the passage names the actor, or refers back to it with a pronoun."""
        if any(self.mentions(actor, number) for number in passage):
            return True
        if strict or not any(self._has_pronoun(number) for number in passage):
            return False
        return (
            self._last_persons(min(passage), actor) == [actor.name]
            if actor.person
            else self._just_named(actor, passage)
        )

    def _last_persons(self, before: int, *others: Actor) -> list[str]:
        """The persons named in the nearest sentence before that names any: who "he" or "she" may be."""
        earlier = [s.number for s in self.document.content if s.number < before][-4:]
        for number in reversed(earlier):
            named = [p.name for p in dict.fromkeys((*self._persons, *others)) if self.mentions(p, number)]
            if named:
                return self._speakers(number) or named
        return []

    def _just_named(self, actor: Actor, passage: Sequence[int]) -> bool:
        earlier = [s.number for s in self.document.content if s.number < min(passage)]
        return bool(earlier) and self.mentions(actor, earlier[-1])

    def _other_speaker(self, actor: Actor, passage: Sequence[int]) -> str:
        """Who plainly speaks in the one cited sentence where that is not the actor, or nothing.

        "He said" is the person named last before; a person's name right beside the verb of saying is the
        speaker. Where nobody is found so, nothing is said against the actor.
        """
        if len(passage) != 1 or actor.name in (speakers := self._speakers(passage[0])):
            return ""
        if actor.person and speakers:
            return speakers[0]
        tokens = self._tokens[passage[0]]
        for place, token in enumerate(tokens[1:], 1):
            if token.norm in cues.speech(self.language) and tokens[place - 1].norm in _SINGULAR_PERSONS:
                last = self._last_persons(passage[0])
                if last and actor.name not in last:
                    return last[0]
        return ""

    def _speakers(self, number: int) -> list[str]:
        """The persons whose name stands right before or after a verb of saying in the sentence."""
        tokens = self._tokens[number]
        spoken = [i for i, t in enumerate(tokens) if t.norm in cues.speech(self.language)]
        found = []
        for person in self._persons:
            for name in self._written(person, number):
                ends = [place + len(name) for place in find_all(name, tokens)]
                starts = [place for place in find_all(name, tokens)]
                if any(end in spoken for end in ends) or any(start - 1 in spoken for start in starts):
                    found.append(person.name)
                    break
        return found

    def _written(self, actor: Actor, number: int) -> list[list[str]]:
        """The forms by which a sentence may name the actor, as word sequences, longest first."""
        forms = [[t.norm for t in tokenise(name) if t.norm != "the"] for name in actor.names]
        if number in actor.bare:
            forms += [[word] for form in list(forms) for word in form]
        return sorted(filter(None, forms), key=len, reverse=True)

    def mentions(self, actor: Actor, number: int) -> bool:
        """Whether the sentence names the actor; a state also by its people or its seat of government."""
        return bool(self._places(actor, number))

    def acts(self, actor: Actor, numbers_: Sequence[int], verbs: frozenset[str]) -> bool:
        """Whether the actor can be who does what the verbs say: named before the last of them, or after "by".

        Where a sentence has no such verb, or does not name the actor, nothing is said against it.
        """
        for number in numbers_:
            tokens = self._tokens[number]
            said = [i for i, t in enumerate(tokens) if t.norm in verbs]
            places = self._places(actor, number)
            if said and places:
                return any(place < said[-1] or (place and tokens[place - 1].norm in _AGENT) for place in places)
        return True

    def _places(self, actor: Actor, number: int) -> list[int]:
        """Where the sentence names the actor, as token places."""
        tokens = self._tokens[number]
        places = [place for form in self._written(actor, number) for place in find_all(form, tokens)]
        codes = {state_named(name) for name in actor.names} - {None}
        return places + [first for code, first, _, _ in states_in(tokens) if code in codes]

    def _has_pronoun(self, number: int) -> bool:
        return any(t.norm in _PRONOUNS for t in self._tokens[number])

    def _negations_agree(self, said: Sequence[Token], tokens: Sequence[Token], negated: bool) -> bool:
        """Whether what the claim negates is negated in the passage, and the other way round."""
        ours, our_groups = polarity(said, self.language)
        theirs, their_groups = polarity(tokens, self.language)

        def agree(word: str) -> bool:
            return bool(ours[word] & theirs[word]) or (negated and bool({c + 1 for c in ours[word]} & theirs[word]))

        for group in our_groups:
            shared = [word for word in group if word in theirs]
            if not any(agree(word) for word in shared) and not negated:
                return False
        for group in their_groups:
            shared = [word for word in group if word in ours]
            if shared and not any(agree(word) for word in shared):
                return False
        return True

    def strangers(self, text: str) -> list[str]:
        """The names and numbers of a text of several sentences' making that the source nowhere has."""
        said = tokenise(text)
        have = {t.norm for t in self._all}
        have_states = {code for code, *_ in states_in(self._all)}
        in_state = {i for code, first, end, _ in states_in(said) if code in have_states for i in range(first, end)}
        names = [
            text[t.start : t.end]
            for i, t in enumerate(said)
            if t.capital and t.norm not in have and i not in in_state and stem(t.norm, self.language) not in self._stems
        ]
        values = {value for value, _ in numbers(self.document.text, self.language)}
        return names + [f"{value:g}" for value, _ in sorted(numbers(text, self.language)) if value not in values]

    # ── places ───────────────────────────────────────────────────────────────────────────────────

    def evidence(self, found: Found) -> tuple[Evidence, ...]:
        """A verdict as Evidence: one for each span, or one without a place where nothing was found."""
        if not found.spans:
            return (Evidence(sentences=(), start=None, end=None, text=None, verdict=found.verdict),)
        return tuple(
            Evidence(
                sentences=self.document.at(start, end),
                start=start,
                end=end,
                text=self.document.text[start:end],
                verdict=found.verdict,
            )
            for start, end in found.spans
        )

    def _runs(self, numbers_: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """The sentences as spans of the text, neighbours joined."""
        spans: list[tuple[int, int, int]] = []
        for number in sorted(set(numbers_)):
            sentence = self.document.sentences[number - 1]
            if spans and spans[-1][2] == number - 1:
                spans[-1] = (spans[-1][0], sentence.end, number)
            else:
                spans.append((sentence.start, sentence.end, number))
        return tuple((start, end) for start, end, _ in spans)

    def _sentences_of(self, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        return tuple(sorted({number for start, end in spans for number in self.document.at(start, end)}))

    def _sentence_at(self, place: int) -> Sentence:
        start = self._all[place].start
        return next(s for s in self.document.sentences if s.start <= start < s.end)

    def _text(self, number: int) -> str:
        return self.document.said(self.document.sentences[number - 1])[1]


def _unfit(problem: Problem, spans: tuple[tuple[int, int], ...]) -> Found:
    verdict: Verdict = "unsupported" if problem.difference == "content" else "altered"
    return Found(verdict, spans, problem.difference, problem.detail)


_AGENT = frozenset("by between with and par por von durch".split())
_JOINING = frozenset("and et y und or of".split())
_SINGULAR_PERSONS = frozenset("he she il elle él ella er".split())
_PRONOUNS = frozenset(
    [
        "he",
        "she",
        "they",
        "his",
        "her",
        "their",
        "him",
        "them",
        "il",
        "elle",
        "ils",
        "elles",
        "son",
        "sa",
        "leur",
        "él",
        "ella",
        "ellos",
        "ellas",
        "su",
        "sus",
        "er",
        "sie",
        "ihr",
    ]
)


def _tokens(document: Document, sentence: Sentence) -> list[Token]:
    start, text = document.said(sentence)
    return tokenise(text, start)
