"""Rules on the stance of a reaction: which words of support, opposition and concern stand there."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from summariser.grounding.checks.findings import (
    Finding,
    FirstOf,
    Span,
    carried_over,
    contradicted,
    quoted,
    read,
    stand_in,
    stated,
)
from summariser.grounding.checks.signals import REACH, Signals, is_negated, phrases_of, signals
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.text import Token, lexicon, negation

_OPPOSED = {"supports": "opposes", "opposes": "supports"}
_SIDES = {"good": ("supports",), "bad": ("opposes", "concerned")}
_CONTRAST = lexicon.words("contrast_words", "en")
_INSTEAD = frozenset({"instead", "rather"})
_STOPPING = lexicon.words("stopping_words", "en")


@dataclass(frozen=True)
class Stance:
    """The stance that a claim gives, in the context of the claim."""

    context: Context
    value: str

    @cached_property
    def shown(self) -> dict[str, Token]:
        """The stances that words of the quoted sentences show, each with the first such word."""
        return self.shown_by(self.context.quoted_tokens)

    @cached_property
    def shown_in_own_words(self) -> dict[str, Token]:
        """The stances that words of the clauses show of which a party of the claim is the subject, in the citation."""
        cited = self.context.cited_tokens or self.context.quoted_tokens
        clauses = [clause for clause in _clauses(cited) if self.context.is_done_by_claimed(clause[-1])]
        return self.shown_by([token for clause in clauses or [cited] for token in clause])

    @property
    def is_demanded(self) -> bool:
        """True if the cited words demand something, and demand that it does not happen, ends or waits."""
        tokens = self.context.cited_tokens or self.context.quoted_tokens
        demands = any(token.norm in _demands() for token in self.context.quoted_tokens)
        before = [frozenset[str](), *({t.norm for t in tokens[max(0, p - 2) : p]} for p in range(1, len(tokens)))]
        stops = (t.norm in _STOPPING and _INSTEAD.isdisjoint(b) for t, b in zip(tokens, before, strict=True))
        return demands and any(stops)

    def shown_by(self, tokens: Sequence[Token]) -> dict[str, Token]:
        """Return the stances that words show, each with its first word."""
        language = self.context.language
        shown = _shown(signals("stance", tokens, language))
        for place, token in enumerate(tokens) if language == "en" else ():
            is_name = token.capital and token.before == " "  # United States
            values = () if is_name else evaluations().get(token.norm, ())
            negated = bool(values) and is_negated(tokens, place, 1, language)
            for value in filter(None, map(_OPPOSED.get, values)) if negated else values:
                shown.setdefault(value, token)
        return shown

    @cached_property
    def shown_by_verbs(self) -> dict[str, Token]:
        """The stances that verbs of the cited words show, each with the first such verb."""
        tokens = self.context.cited_tokens or self.context.quoted_tokens
        return _shown(_verbs_of_stance(tokens, self.context.language))

    @cached_property
    def taken(self) -> dict[str, Token]:
        """Those stances of which a party that the claim names is the subject."""
        return {value: verb for value, verb in self.shown_by_verbs.items() if self.context.is_done_by_claimed(verb)}

    @property
    def is_limited(self) -> bool:
        """True if the cited words negate something or set one view against another: "the cut, if not the timetable"."""
        norms = {token.norm for token in self.context.cited_tokens}
        return bool(self.context.cited_polarity[1]) or not _CONTRAST.isdisjoint(norms)

    @property
    def opposite(self) -> str:
        """The stance against the one that the claim gives; empty if there is none."""
        return _OPPOSED.get(self.value, "")

    def word(self, token: Token) -> str:
        """Return a word as it stands in the source, in quotation marks, with the negation that governs it."""
        tokens = self.context.quoted_tokens
        place = next((at for at, other in enumerate(tokens) if other.start == token.start), None)
        start = token.start
        if place is not None and is_negated(tokens, place, 1, self.context.language):
            before = range(place - 1, max(-1, place - 1 - REACH), -1)
            start = next((tokens[at].start for at in before if negation(tokens, at, self.context.language)), start)
        return quoted(self.context.words_at(start, token.end))

    def contradiction(self, value: str) -> Finding:
        """Return the finding that a verb shows another stance."""
        verb = self.taken[value]
        reason = f"{self.word(verb)} in the cited words shows {quoted(value)}, the item says {quoted(self.value)}."
        return contradicted(reason, (verb.start, verb.end))


def _shown(found: Signals) -> dict[str, Token]:
    """Return the stances that signals show, each with its first word; a negated word of one side shows the other."""
    shown: dict[str, Token] = {}
    for value, words in found.items():
        for token, negated in words:
            side = _OPPOSED.get(value) if negated else value
            if side is not None:
                shown.setdefault(side, token)
    return shown


def _verbs_of_stance(tokens: Sequence[Token], language: str | None) -> Signals:
    """Return the verbs of stance among tokens: listed forms after a subject, an auxiliary or an adverb."""
    listed, nominal = lexicon.words("stance_verbs", language), _before_nouns()
    found = Signals()
    for value, words in signals("stance", tokens, language).items():
        for signal in words:
            place = tokens.index(signal.token)
            before = tokens[place - 1].norm if place else ""
            inflected = language != "en" or signal.token.norm.endswith(("s", "ed", "ing")) or before in _before_verbs()
            if signal.token.norm in listed and before not in nominal and inflected:
                found.add(value, signal)
    return found


def _clauses(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the clauses of a passage: they begin after a break at a word of contrast or "and"."""
    clause: list[Token] = []
    for token in tokens:
        if clause and token.after_break and (token.norm in _CONTRAST or token.norm == "and"):
            yield clause
            clause = []
        clause.append(token)
    if clause:
        yield clause


@cache
def _demands() -> frozenset[str]:
    """Return the verbs of asking and demanding, in all forms."""
    entries = lexicon.by_value("stance_verbs", "en")["neutral"] | lexicon.by_value("status_words", "en")["proposed"]
    return frozenset(entry.split()[0] for entry in entries) - {"would", "should", "consider", "considering"}


@cache
def _before_verbs() -> frozenset[str]:
    """Return words after which the base form of a verb stands: auxiliaries, "to", pronouns and adverbs."""
    pronouns = frozenset(p.word for p in lexicon.pronouns("en") if p.form in ("subject", "any"))
    return pronouns | lexicon.words("preverbal_words", "en") | lexicon.words("auxiliaries", "en") | {"not", "who"}


@cache
def _before_nouns() -> frozenset[str]:
    """Return words after which a form is a noun."""
    return lexicon.words("determiners", "en") | lexicon.words("prepositions", "en") | {"and", "of", "for", "no"}


@cache
def evaluations() -> dict[str, tuple[str, ...]]:
    """Return the stances that an evaluating word can show, by word."""
    return {word: _SIDES[side] for word, side in lexicon.values("evaluative_words", "en").items()}


def _spans(stance: Stance) -> Sequence[Span]:
    return stance.context.spans


# ── mixed and neutral ────────────────────────────────────────────────────────────────────────────


def two_stances(stance: Stance) -> Finding | None:
    """State "mixed" if words of two stances stand there, or a word of one stance and a word of contrast.

    Examples:
        >>> says("Ana Belmar praised the plan but feared its cost.", text="praised the plan", stance="mixed")
        'stated'
        >>> says("Ana Belmar praised the plan.", text="praised the plan", stance="mixed")
        'read: The cited sentences do not show two stances.'
    """
    if stance.value != "mixed":
        return None
    shown = stance.shown.keys()
    several = len(shown & {"supports", "opposes", "concerned"}) > 1
    contrast = not _CONTRAST.isdisjoint(stance.context.norms)
    if several or (contrast and (shown or stance.context.polarity[1])):
        return stated(*_spans(stance))
    return read("The cited sentences do not show two stances.")


def mere_statement(stance: Stance) -> Finding | None:
    """State "neutral" if somebody speaks and no words of a stance stand there.

    Examples:
        >>> says("Ana Belmar said the plan was old.", text="the plan was old", stance="neutral")
        'stated'
    """
    if stance.value != "neutral" or stance.shown.keys() - {"neutral"}:
        return None
    speech = lexicon.speech(stance.context.language)
    speaks = any(token.norm in speech for token in stance.context.quoted_tokens)
    return stated(*_spans(stance)) if speaks or "neutral" in stance.shown else None


def stance_beside_neutral(stance: Stance) -> Finding | None:
    """Leave "neutral" to the reader if a word of another stance stands there.

    Examples:
        >>> says("Ana Belmar welcomed the plan.", text="the plan", stance="neutral")
        'read: “welcomed” there shows “supports” rather than “neutral”.'
    """
    side = next((side for side in ("opposes", "supports", "concerned") if side in stance.shown), None)
    if stance.value != "neutral" or side is None:
        return None
    word = stance.word(stance.shown[side])
    return read(f"{word} there shows {quoted(side)} rather than “neutral”.")


# ── support, opposition, concern ─────────────────────────────────────────────────────────────────


def stances_on_both_sides(stance: Stance) -> Finding | None:
    """Leave a stance to the reader if words for the opposite stand there too, unless only its own is a verb.

    Examples:
        >>> says("It is good, a failure even, said Ana Belmar.", text="it is good", stance="supports")
        'read: “good” there shows “supports”, “failure” shows “opposes”.'
    """
    shown, opposite = stance.shown, stance.opposite
    if stance.value not in shown or opposite not in shown:
        return None
    if stance.value in stance.shown_by_verbs and opposite not in stance.shown_by_verbs:
        return None
    one, other = (f"{stance.word(shown[side])}" for side in (stance.value, opposite))
    return read(f"{one} there shows {quoted(stance.value)}, {other} shows {quoted(opposite)}.")


def stance_in_own_words(stance: Stance) -> Finding | None:
    """State a stance if the words for the other one stand in another clause or outside the cited words.

    Examples:
        >>> says("Ana Belmar praised it, yet Joao Pell was furious.", speaker="Joao Pell", stance="opposes")
        'stated'
    """
    if stance.opposite not in stance.shown:
        return None
    shown = stance.shown_in_own_words
    return stated(*_spans(stance)) if stance.value in shown and stance.opposite not in shown else None


def concern_beside_support(stance: Stance) -> Finding | None:
    """Leave support to the reader if a word of concern stands there, and the word of support is no verb.

    Examples:
        >>> says("Ana Belmar fears for the great plan.", text="the great plan", stance="supports")
        'read: “fears” there shows “concerned”, “great” shows “supports”.'
    """
    concern = stance.shown.get("concerned")
    if stance.value != "supports" or concern is None or concern.norm == "could" or stance.value not in stance.shown:
        return None
    if stance.value in stance.shown_by_verbs:
        return None
    word = stance.word(stance.shown[stance.value])
    return read(f"{stance.word(concern)} there shows “concerned”, {word} shows “supports”.")


def stance_in_words(stance: Stance) -> Finding | None:
    """State a stance for which a word stands; a negated word of the opposite stance is one.

    Examples:
        >>> says("Ana Belmar welcomed the plan.", text="welcomed the plan", stance="supports")
        'stated'
        >>> says("Ana Belmar does not support the plan.", text="the plan", stance="opposes")
        'stated'
        >>> says("The mayor isn’t wrong, said Ana Belmar.", text="the mayor is not wrong", stance="supports")
        'stated'
    """
    return stated(*_spans(stance)) if stance.value in stance.shown else None


def demand_to_stop(stance: Stance) -> Finding | None:
    """State opposition to what somebody demands to end, to wait or not to happen.

    Examples:
        >>> says("Ana Belmar wants the vote postponed.", text="wants the vote postponed", stance="opposes")
        'stated'
    """
    return stated(*_spans(stance)) if stance.value == "opposes" and stance.is_demanded else None


def denial(stance: Stance) -> Finding | None:
    """State opposition if the cited words negate what they say, and nothing there shows support.

    Examples:
        >>> says("“We never agreed to it,” said Ana Belmar.", text="never agreed to it", stance="opposes")
        'stated'
    """
    negates = bool(stance.context.cited_polarity[1]) and not stance.shown.keys() & {"supports", "neutral"}
    return stated(*_spans(stance)) if stance.value == "opposes" and negates else None


def opposite_stance(stance: Stance) -> Finding | None:
    """Contradict a stance if a verb of the opposite stance stands there and no word for it.

    Examples:
        >>> says("Ana Belmar condemned it.", text="condemned it", speaker="Ana Belmar", stance="supports")
        'contradicted: “condemned” in the cited words shows “opposes”, the item says “supports”.'
    """
    return stance.contradiction(stance.opposite) if stance.opposite in stance.taken and not stance.is_limited else None


def concern_told_as_support(stance: Stance) -> Finding | None:
    """Contradict support if a verb of concern stands there and no word of support.

    Examples:
        >>> says("Ana Belmar worries about it.", text="about it", speaker="Ana Belmar", stance="supports")
        'contradicted: “worries” in the cited words shows “concerned”, the item says “supports”.'
    """
    worried = stance.value == "supports" and "concerned" in stance.taken
    return stance.contradiction("concerned") if worried else None


def support_told_as_concern(stance: Stance) -> Finding | None:
    """Contradict concern if the only verbs of stance there are verbs of support.

    Examples:
        >>> says("Ana Belmar welcomed it.", text="welcomed it", speaker="Ana Belmar", stance="concerned")
        'contradicted: “welcomed” in the cited words shows “supports”, the item says “concerned”.'
    """
    pleased = stance.value == "concerned" and stance.taken.keys() == {"supports"}
    return stance.contradiction("supports") if pleased else None


def stance_in_other_cited_words(stance: Stance) -> Finding | None:
    """Carry over a stance for which a word stands in another cited sentence, and none for the opposite.

    Examples:
        >>> says("It was a feat. Thank you, said Ana Belmar.", cited=(1, 2), words="It was a feat", stance="supports")
        'carried_over: “Thank” stands in sentence 2.'
    """
    context = stance.context
    shown = stance.shown_by([t for n in context.passage if n not in context.quoted for t in context.source.tokens([n])])
    if stance.value not in shown or stance.opposite in shown or stance.opposite in stance.shown:
        return None
    span = shown[stance.value].start, shown[stance.value].end
    return carried_over(stand_in([context.words_at(*span)], context.source.document.at(*span)), span)


def no_word_of_stance(stance: Stance) -> Finding | None:
    """Leave a stance to the reader for which no word stands.

    Examples:
        >>> says("Ana Belmar spoke of the plan.", text="the plan", stance="supports")
        'read: No word there shows “supports”.'
    """
    return read(f"No word there shows {quoted(stance.value)}.")


STANCE: tuple[Callable[[Stance], Finding | None], ...] = (
    two_stances,
    mere_statement,
    stance_beside_neutral,
    stance_in_own_words,
    stances_on_both_sides,
    concern_beside_support,
    stance_in_words,
    demand_to_stop,
    denial,
    opposite_stance,
    concern_told_as_support,
    support_told_as_concern,
    stance_in_other_cited_words,
    no_word_of_stance,
)
"""Rules on the stance of a reaction, in order."""


def _stances(context: Context, field: Field) -> Iterator[Stance]:
    """Yield the stance of a field, in a language with words of stance."""
    if phrases_of("stance", context.language):
        yield Stance(context, field.text)


stance = FirstOf(_stances, STANCE)
"""The check of a reaction's stance."""
