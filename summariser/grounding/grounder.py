"""Claims held against one document: their quotations, and their paraphrases."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from summariser.documents.document import Document, Sentence
from summariser.documents.tokenized import TokenizedDocument
from summariser.grounding.actors import Actor, Actors
from summariser.grounding.found import Found, Problem
from summariser.grounding.quotations import Quotations
from summariser.schema import Evidence
from summariser.text import lexicon
from summariser.text.numbers import numbers, with_digits
from summariser.text.polarity import polarity
from summariser.text.states import states_in
from summariser.text.tokens import Token, is_content, stem, tokenize

_CARRIED = 0.6  # share of a paraphrase's content words that the cited sentences must hold
_RELOCATED = 0.75  # the same for sentences that were not cited
_CLOSE = 0.5  # above this share an unfit passage is an altered one, below it an unrelated one
_SCALARS = lexicon.words("scalar_words", "en")
_SHORTEST = 3  # characters; less is no quotation
_QUOTED = re.compile(r'“[^“”]+”?|«[^«»]+»?|„[^„“”]+[“”]?|"[^"\n]+"?|‘[^‘’]+(?:’[a-z][^‘’]*)*’|(?<!\w)\'[^\n]+?\'(?!\w)')
_NONE: frozenset[str] = frozenset()
_JOINING = frozenset(["and", "et", "y", "und", "or", "of"])


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
    """Checks claims against one document; `persons` are those of its story, whom a pronoun may mean."""

    def __init__(self, document: Document, *, persons: Sequence[Actor] = ()) -> None:
        self._source = source = TokenizedDocument(document)
        self._language = source.language
        self._all = source.all
        self._tokens = source.tokens
        self._quotations = Quotations(source)
        self._actors = Actors(source, persons)
        self.quote = self._quotations.find
        self.mentions, self.acts = self._actors.mentions, self._actors.acts
        inside = (token for tokens in source.tokens.values() for token in tokens[1:])
        self._names = frozenset(token.norm for token in inside if token.capital)
        self._holding = self._index()

    def _index(self) -> dict[str, list[int]]:
        """The numbers of the sentences that hold a stem, or name a state, by the stem or the state's code."""
        holding: dict[str, list[int]] = {}
        for number in self._tokens:
            for what in self._held([number]):
                holding.setdefault(what, []).append(number)
        return holding

    def _held(self, passage: Sequence[int]) -> set[str]:
        """The stems that sentences hold, and the codes of the states that they name."""
        stems = {stem(t.norm, self._language) for n in passage for t in self._tokens[n]}
        return stems | {code for n in passage for code, *_ in states_in(self._tokens[n])}

    def claim(self, claim: Claim) -> Found:
        """The verdict on one item: on its quotation, if it has one, and on its paraphrase."""
        cited = [s for n in claim.sentences if (s := self._source.document.sentence(n)) and not s.boilerplate]
        if not claim.words.strip():
            return self._paraphrase(claim, cited)
        quoted = self._quotations.find(claim.words, tuple(s.number for s in cited))
        if not quoted.good:
            return quoted
        passage = sorted({*self._source.sentences_of(quoted.spans), *(s.number for s in cited)})
        problem = self._problem(claim, passage, _CARRIED)
        if problem is None:
            named = self._naming(claim, passage)
            return replace(quoted, spans=(*self._source.runs(named), *quoted.spans)) if named else quoted
        return problem.at(*quoted.spans)

    def _naming(self, claim: Claim, passage: Sequence[int]) -> list[int]:
        """The sentences before the passage that say who is meant by a pronoun in it."""
        actors = (*claim.speakers, *claim.actors)
        return [n for actor in actors if (n := self._actors.antecedent(actor, passage)) is not None]

    def evidence(self, found: Found) -> tuple[Evidence, ...]:
        """A verdict as Evidence: one for each span, or one without a place where nothing was found."""
        if not found.spans:
            return (Evidence(sentences=(), start=None, end=None, text=None, verdict=found.verdict),)
        return tuple(
            Evidence(
                sentences=self._source.document.at(start, end),
                start=start,
                end=end,
                text=self._source.document.text[start:end],
                verdict=found.verdict,
            )
            for start, end in found.spans
        )

    def _paraphrase(self, claim: Claim, cited: Sequence[Sentence]) -> Found:
        numbers_cited = [s.number for s in cited]
        problem: Problem | None = Problem("content")
        if cited:
            problem = self._problem(claim, numbers_cited, _CARRIED)
            if problem is None:
                return Found("cited", self._source.runs([*self._naming(claim, numbers_cited), *numbers_cited]))
        elsewhere = self._best_elsewhere(claim, numbers_cited)
        if elsewhere is not None:
            return Found("relocated", self._source.runs([elsewhere]))
        if not cited or self._coverage(claim.text, numbers_cited) < _CLOSE:
            return Found("unsupported", self._source.runs(numbers_cited), "content")
        assert problem is not None
        return problem.at(*self._source.runs(numbers_cited))

    def _best_elsewhere(self, claim: Claim, cited: Sequence[int]) -> int | None:
        """The one other sentence that carries the claim wholly; the nearest to what was cited."""
        origin = cited[0] if cited else 1
        near = sorted(self._sharing(claim.text, _RELOCATED), key=lambda number: (abs(number - origin), number))
        fit = (n for n in near if n not in cited and not self._source.document.sentences[n - 1].boilerplate)
        return next((n for n in fit if self._problem(claim, [n], _RELOCATED, strict_names=True) is None), None)

    def _sharing(self, text: str, share: float) -> list[int]:
        """The sentences that each hold such a share of the text's content."""
        wanted = self._wanted(text)
        held = Counter(number for word in wanted for number in self._holding.get(word, ()))
        return [number for number, count in held.items() if count / len(wanted) >= share]

    def _problem(
        self, claim: Claim, passage: Sequence[int], share: float, *, strict_names: bool = False
    ) -> Problem | None:
        """What keeps these sentences from carrying the claim, or None where they do."""
        text = " ".join(self._source.text(number) for number in passage)
        tokens = [t for number in passage for t in self._tokens[number]]
        if self._coverage(claim.text, passage) < share:
            return Problem("content")
        if self._language not in lexicon.LANGUAGES and self._quotations.find(claim.text, passage).verdict != "verbatim":
            return Problem("language")
        if wrong := self._wrong_number(claim.text, text):
            return Problem("number", wrong)
        said = tokenize(claim.text)
        norms = {t.norm for t in tokens}
        for token in said:
            dated = token.norm in lexicon.WEEKDAYS | lexicon.MONTHS and (token.capital or self._language != "en")
            if dated and token.norm not in norms:
                return Problem("date", claim.text[token.start : token.end])
        for token in said:
            if token.norm in _SCALARS and token.norm not in norms:
                return Problem("number", token.norm)
            if token.norm not in norms and lexicon.OPPOSITES.get(token.norm, _NONE) & norms:
                return Problem("wording", token.norm)
        if missing := self._missing_name(claim.text, said, tokens):
            return Problem("name", missing)
        for actor in (*claim.speakers, *claim.actors):
            if not self._actors.named(actor, passage, strict_names):
                return Problem("name", actor.name)
        for actor in claim.speakers:
            if speaker := self._actors.other_speaker(actor, passage):
                return Problem("speaker", speaker)
        if not self._negations_agree(said, tokens, claim.negated):
            return Problem("negation")
        return None

    def _coverage(self, text: str, passage: Sequence[int]) -> float:
        """The share of the claim's content words that the sentences hold; 0 for fewer than two."""
        wanted, have = self._wanted(text), self._held(passage)
        if len(wanted) < 2:
            return 0.0  # a word alone says nothing that could be carried
        return sum(w in have for w in wanted) / len(wanted)

    def _wanted(self, text: str) -> list[str]:
        """The stems of a text's content words, or the codes of the states that they stand for."""
        said = tokenize(with_digits(text, self._language))
        as_state = {i: code for code, first, end, _ in states_in(said) for i in range(first, end)}
        return [
            as_state.get(i, stem(t.norm, self._language)) for i, t in enumerate(said) if is_content(t, self._language)
        ]

    def _wrong_number(self, said: str, text: str) -> str:
        """The first number of the claim that the passage does not have in that unit, or nothing."""
        have = numbers(text, self._language)
        values = {value for value, _ in have}
        for value, unit in sorted(numbers(said, self._language)):
            if (value, unit) not in have and not (unit == "" and value in values):
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
        if token.norm in lexicon.function_words(self._language) or token.norm in lexicon.WEEKDAYS | lexicon.MONTHS:
            return False
        if place or token.norm in self._names:
            return True
        following = [t for t in said[1:3] if t.norm not in _JOINING]
        return stem(token.norm, self._language) not in self._holding and bool(following) and following[0].capital

    def _negations_agree(self, said: Sequence[Token], tokens: Sequence[Token], negated: bool) -> bool:
        """Whether what the claim negates is negated in the passage, and the other way round."""
        ours, our_groups = polarity(said, self._language)
        theirs, their_groups = polarity(tokens, self._language)

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

    def may_speak(self, actor: Actor, passage: Sequence[int]) -> bool:
        """Whether the sentences name the actor, or refer back to it, and nobody else plainly speaks there."""
        return self._actors.named(actor, passage, False) and not self._actors.other_speaker(actor, passage)

    def says_all(self, text: str, passage: Sequence[int]) -> bool:
        """Whether the sentences hold every word of a text that is no article or the like."""
        have = {stem(t.norm, self._language) for n in passage for t in self._source.tokens[n]}
        spare = lexicon.harmless(self._language)
        return all(stem(t.norm, self._language) in have for t in tokenize(text) if t.norm not in spare)

    def conditional(self, passage: Sequence[int]) -> bool:
        """Whether the cited sentence, the last where one before it only says who is meant, holds a condition."""
        return 1 <= len(passage) <= 2 and self._quotations.holds_condition(max(passage))

    def tells_condition(self, text: str) -> bool:
        """Whether a text of one's own tells its condition itself."""
        return self._quotations.starts_somewhere([t.norm for t in tokenize(text)])

    def in_quotation_marks(self, start: int, end: int) -> bool:
        """Whether the span is direct speech: inside quotation marks that open before it and close after it."""
        text = self._source.document.text
        return any(m.start() <= start and end <= m.end() for m in _QUOTED.finditer(text)) and end - start > _SHORTEST

    def strangers(self, text: str) -> list[str]:
        """The names and numbers of a text of several sentences' making that the source nowhere has."""
        said = tokenize(text)
        have = {t.norm for t in self._all}
        in_state = {i for code, first, end, _ in states_in(said) if code in self._holding for i in range(first, end)}
        names = [
            text[t.start : t.end]
            for i, t in enumerate(said)
            if t.capital
            and t.norm not in have
            and i not in in_state
            and stem(t.norm, self._language) not in self._holding
        ]
        return names + [f"{value:g}" for value, _ in sorted(numbers(text, self._language)) if value not in self._values]

    @cached_property
    def _values(self) -> frozenset[float]:
        """The numbers of the source, by sentences: number words take the square of a text's length to find."""
        said = (numbers(sentence.text, self._language) for sentence in self._source.document.sentences)
        return frozenset(value for found in said for value, _ in found)
