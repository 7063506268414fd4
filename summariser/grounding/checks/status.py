"""Rules on the status of a commitment: which words of agreeing, promising, refusing or threatening stand there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from summariser.extraction.rules import FUTURES
from summariser.grounding.checks.findings import (
    Finding,
    FirstOf,
    Span,
    carried_over,
    contradicted,
    listed,
    quoted,
    read,
    stand_in,
    stated,
)
from summariser.grounding.checks.signals import Signal, Signals, is_negated, phrases_of, signals
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.text import Token, lexicon, negation, polarity_of, stem, tokenize

_UNDERTAKEN = frozenset({"agreed", "pledged", "decided", "planned"})
_FUTURE = frozenset({"pledged", "planned", "decided"})
_NOT_REFUSED = ("agreed", "decided", "planned", "pledged", "proposed", "threatened")
_WEAK_REFUSALS = lexicon.words("weak_refusals", "en")
_REFUSING = lexicon.words("refusing_words", "en")
_AGREEMENTS = lexicon.words("agreement_nouns", "en")
_DUE = frozenset("is are was were has have be".split())
_INSTEAD = frozenset({"instead", "rather"})
_RATHER = frozenset({("rather", "than"), ("instead", "of")})
_WHATEVER = frozenset({"of", "or"})
_SCOPE = 3  # words after "will not" that tell what is refused
_TERMS_FOLLOW = 10  # sentences after an agreement that may state its terms
_OPENING = 4  # sentences of a document that may tell what the whole is about


@dataclass(frozen=True)
class Status:
    """The status that a claim gives, in the context of the claim."""

    context: Context
    value: str

    @cached_property
    def signals(self) -> Signals:
        """The words that signal a status in the quoted sentences, with those of a future that is told."""
        tokens, language = self.context.quoted_tokens, self.context.language
        found = signals("status", tokens, language)
        for place in _futures(tokens, language):
            for value in _FUTURE:
                found.add(value, Signal(tokens[place], is_negated(tokens, place, 1, language)))
        return found

    @cached_property
    def negated_modal(self) -> Span | None:
        """The place of "will not" or "would never" in the cited words."""
        following = {one.start: two for one, two in pairwise(self.context.quoted_tokens)}
        for token in self.cited:
            after = following.get(token.start)
            if token.norm in ("won't", "wouldn't"):
                return _span(token)
            if token.norm in ("will", "ll", "would") and after is not None and after.norm in ("not", "never"):
                return token.start, after.end
            if token.norm == "not" and after is not None and after.norm == "going":
                return token.start, after.end
        return None

    @cached_property
    def is_answered_no(self) -> bool:
        """True if the cited words answer "no": as a whole clause, or at its end."""
        following = {one.start: two for one, two in pairwise(self.context.quoted_tokens)}
        answers = (token for token in self.cited if token.norm == "no")
        return any(following.get(token.start) is None or following[token.start].after_break for token in answers)

    @cached_property
    def is_done_without(self) -> bool:
        """True if a word of the claim stands right after "rather than" or "instead of" in the cited words."""
        said = {stem(token.norm, self.context.language) for token in self.context.said}
        tokens = self.cited
        return any(
            (one.norm, two.norm) in _RATHER
            and any(stem(token.norm, self.context.language) in said for token in tokens[place + 2 : place + 4])
            for place, (one, two) in enumerate(pairwise(tokens))
        )

    @cached_property
    def refusal(self) -> Span | None:
        """The place of the words by which the cited words refuse: "will not", "ruled out", "rejected"."""
        if self.negated_modal is not None:
            return self.negated_modal
        refusals = signals("status", self.cited, self.context.language).get("refused", ())
        found = (s.token for s in refusals if not s.negated and s.token.norm not in _WEAK_REFUSALS)
        return next((_span(token) for token in found if self.context.is_done_by_claimed(token)), None)

    @property
    def other_refusal(self) -> Token | None:
        """The first word of refusing in the quoted sentences, whoever refuses."""
        refusals = self.signals.get("refused", ())
        return next((s.token for s in refusals if not s.negated and s.token.norm not in _WEAK_REFUSALS), None)

    @property
    def refuses_claim(self) -> bool:
        """True if a word of the claim is among the first ones after "will not" or "would never"."""
        end = self.negated_modal[1] if self.negated_modal is not None else 0
        after = [token for token in self.cited if token.start >= end][:_SCOPE]
        said = {stem(token.norm, self.context.language) for token in self.context.said}
        return any(stem(token.norm, self.context.language) in said for token in after)

    @property
    def cited(self) -> list[Token]:
        """The tokens of the cited words; those of their sentences if there are none."""
        return self.context.cited_tokens or self.context.quoted_tokens

    @cached_property
    def is_negated_in_claim(self) -> bool:
        """True if the claim's own words negate, refuse or end something."""
        tokens = tokenize(self.context.claim.text)
        negates = any(negation(tokens, place, self.context.language) for place in range(len(tokens)))
        return negates or any(token.norm in _REFUSING for token in tokens)

    @property
    def has_two_sides(self) -> bool:
        """True if the claim names two parties, as an agreement has, or none at all."""
        sides = [actor for field in self.context.claim.of("actor", "recipient") for actor in field.actors]
        return len(sides) != 1

    @property
    def words_alone(self) -> set[str]:
        """The statuses that words in the cited ones show which show no other status."""
        found = signals("status", self.cited, self.context.language)
        places = [signal.token.start for each in found.values() for signal in each]
        return {v for v, each in found.items() if any(places.count(s.token.start) == 1 and not s.negated for s in each)}

    @property
    def is_of_signatory(self) -> bool:
        """True if sentences before or at the opening name each party that acts in the claim, beside an agreement."""
        context, source = self.context, self.context.source
        opening = (sentence.number for sentence in source.document.content[:_OPENING])
        near = (*opening, *source.before(min(context.quoted, default=1), _TERMS_FOLLOW))
        agreed = [n for n in near if "agreed" in signals("status", source.tokens([n]), context.language).plain]
        actors = [actor for field in context.claim.of("actor") for actor in field.actors]
        return all(source.naming(actor, agreed) for actor in actors)

    @cached_property
    def negated_words(self) -> set[str]:
        """The first words, as stems, that negations govern in the cited words; then the next one after "agree"."""
        scopes = self.context.cited_polarity[1]
        return {word for scope in scopes for word in scope[: 2 if scope[0] in _undertakings() else 1]}

    @cached_property
    def negated_in_claim(self) -> set[str]:
        """The words, as stems, that negations govern in the claim."""
        scopes = polarity_of(self.context.said, self.context.language, hard=True)[1]
        return {word for scope in scopes for word in scope}

    def words(self, span: Span) -> str:
        """Return the source's words at a place, in quotation marks."""
        return quoted(self.context.words_at(*span))


def _futures(tokens: list[Token], language: str | None) -> Iterator[int]:
    """Yield the places of words of a future that is told: "said it would pay", "is to be cleared", "must pay"."""
    if language in FUTURES:
        yield from (place for place, token in enumerate(tokens) if FUTURES[language].fullmatch(token.norm))
        return
    told = any(token.norm in lexicon.speech("en") for token in tokens)
    for place, token in enumerate(tokens):
        due = token.norm in _DUE and place + 1 < len(tokens) and tokens[place + 1].norm == "to"
        if due or token.norm in ("must", "shall") or (told and token.norm == "would"):
            yield place


@cache
def _undertakings() -> frozenset[str]:
    """Return the stems of words for agreeing, promising and deciding."""
    entries = lexicon.by_value("commitment_verbs", "en")
    return frozenset(stem(e, "en") for value in _UNDERTAKEN for e in entries.get(value, ()) if " " not in e)


def _span(token: Token) -> Span:
    return token.start, token.end


# ── a refusal ────────────────────────────────────────────────────────────────────────────────────


def refusal_in_words(status: Status) -> Finding | None:
    """State a refusal for which a word stands.

    Examples:
        >>> says("The bank will not pay.", text="pay", status="refused")
        'stated'
        >>> says("The union rejected the offer.", text="accept the offer", actor="union", status="refused")
        'stated'
    """
    if status.value != "refused" or status.refusal is None:
        return None
    return stated(status.refusal)


def negated_undertaking(status: Status) -> Finding | None:
    """State a refusal if the text negates what the claim says, or each word of undertaking in it.

    Examples:
        >>> says("The bank has never paid the fine.", text="pay the fine", status="refused")
        'stated'
    """
    if status.value != "refused":
        return None
    said = {stem(token.norm, status.context.language) for token in status.context.said}
    negates_claim = bool(status.negated_words & said - status.negated_in_claim)
    undone = _UNDERTAKEN & status.signals.keys() - status.signals.plain
    return stated(*status.context.spans[:1]) if negates_claim or (undone and not status.negated_in_claim) else None


def refusal_by_answer(status: Status) -> Finding | None:
    """State a refusal if somebody answers "no", or does something else "rather than" what the claim says.

    Examples:
        >>> says("The answer is no.", text="pay the fine", status="refused")
        'stated'
        >>> says("The bank has elected to sue rather than pay the fine.", text="pay the fine", status="refused")
        'stated'
    """
    refuses = status.value == "refused" and (status.is_answered_no or status.is_done_without)
    return stated(*status.context.spans[:1]) if refuses else None


def refusal_in_both(status: Status) -> Finding | None:
    """State a refusal if the text and the claim negate the same word, and nobody undertakes it there.

    Examples:
        >>> says("Nobody will be let in, said Kall.", text="not let anybody in", status="refused")
        'stated'
    """
    both = status.negated_words & status.negated_in_claim
    refuses = status.value == "refused" and both and not status.signals.plain & _UNDERTAKEN
    return stated(*status.context.spans[:1]) if refuses else None


def undertaking_told_as_refusal(status: Status) -> Finding | None:
    """Contradict a refusal if nothing refuses there and a word of undertaking stands there.

    Examples:
        >>> says("The bank agreed to pay.", text="pay", status="refused")
        'contradicted: No word there refuses, and “agreed” stands there.'
    """
    instead = not _INSTEAD.isdisjoint(token.norm for token in status.cited)
    if status.value != "refused" or status.negated_words or status.other_refusal is not None or instead:
        return None
    other = next((value for value in _NOT_REFUSED if value in status.signals.plain), None)
    word = status.signals.first(other, negated=False) if other else None
    if word is None:
        return None
    return contradicted(f"No word there refuses, and {status.words(_span(word))} stands there.", _span(word))


def refusal_of_another(status: Status) -> Finding | None:
    """Leave a refusal to the reader if a word of refusing stands there, but not clearly of a party of the claim.

    Examples:
        >>> says("Kall will pay, though Lume refused.", text="pay", actor="Kall", status="refused")
        'read: “refused” stands there, but it is not clear who refuses what.'
    """
    word = status.other_refusal
    if status.value != "refused" or word is None:
        return None
    return read(f"{status.words(_span(word))} stands there, but it is not clear who refuses what.", _span(word))


def no_refusal(status: Status) -> Finding | None:
    """Leave a refusal to the reader for which no words stand.

    Examples:
        >>> says("Talks about the money broke down.", text="give the money", status="refused")
        'read: No word there shows a refusal.'
    """
    return read("No word there shows a refusal.") if status.value == "refused" else None


# ── another status ───────────────────────────────────────────────────────────────────────────────


def refusal_told_as_undertaking(status: Status) -> Finding | None:
    """Contradict another status where the text refuses; leave it to the reader if words for both stand there.

    Examples:
        >>> says("The bank will not pay.", text="pay", status="pledged")
        'contradicted: The text refuses this (“will not”), the item says “pledged”.'
        >>> says("The bank rejected it and promised to appeal.", text="appeal", actor="bank", status="pledged")
        'read: The cited sentences say “promised”, and they say “rejected”.'
    """
    refusal = status.refusal
    if refusal is None or status.is_negated_in_claim or status.value == "threatened":
        return None
    word = status.signals.first(status.value, negated=False)
    if status.negated_modal is not None and not status.refuses_claim:
        return read(f"The cited words also say {status.words(refusal)}, perhaps of something else.", refusal)
    if word is not None and status.negated_modal is None:
        return read(f"The cited sentences say {status.words(_span(word))}, and they say {status.words(refusal)}.")
    reason = f"The text refuses this ({status.words(refusal)}), the item says {quoted(status.value)}."
    return contradicted(reason, refusal)


def taken_back(status: Status) -> Finding | None:
    """Leave a status to the reader if words in the quotation may take it back: "broke", "withdrew", "might".

    Examples:
        >>> says("The bank broke its promise to pay.", text="pay", status="pledged")
        'read: “broke” in the cited words may take “pledged” back.'
    """
    word = _signal(status)
    said = {token.norm for token in status.context.said}
    tokens = status.context.cited_tokens
    taken = [t for p, t in enumerate(tokens) if not (p and t.norm == "whether" and tokens[p - 1].norm in _WHATEVER)]
    back = {t.norm for t in taken if t.norm in lexicon.REVERSALS - said and not t.capital}
    if word is None or not back or status.value not in _UNDERTAKEN:
        return None
    return read(f"{listed(sorted(back))} in the cited words may take {quoted(status.value)} back.")


def status_in_words(status: Status) -> Finding | None:
    """State a status for which a word stands, not negated unless the claim itself negates.

    Examples:
        >>> says("The bank promised to pay.", text="pay", status="pledged")
        'stated'
        >>> says("The company said it would pay.", text="pay", status="planned")
        'stated'
        >>> says("We’ll pay.", text="pay", status="planned")
        'stated'
    """
    word = _signal(status)
    return stated(_span(word)) if word is not None else None


def _signal(status: Status) -> Token | None:
    """Return the first word for the status that is not negated; any word for it if the claim itself negates."""
    either = status.is_negated_in_claim and status.value != "agreed"  # "agreed not to" has an agreement of its own
    return status.signals.first(status.value, negated=None if either else False)


def negated_status(status: Status) -> Finding | None:
    """Contradict a status if every word for it is negated.

    Examples:
        >>> says("The bank did not promise any money.", text="give money", status="pledged")
        'contradicted: The text negates “promise”, the item says “pledged”.'
    """
    word = status.signals.first(status.value)
    if word is None:
        return None
    reason = f"The text negates {status.words(_span(word))}, the item says {quoted(status.value)}."
    return contradicted(reason, _span(word))


def status_in_lead_in(status: Status) -> Finding | None:
    """Carry over a status for which the sentences before have a word, if the cited words are firm or have none.

    Examples:
        >>> says("Both agreed to: ¶ - shut the port; ¶ - open the pass.", text="open the pass", status="agreed")
        'carried_over: “agreed” stands in sentence 1.'
    """
    context = status.context
    tokens = context.source.tokens((*context.window, *context.passage))
    word = signals("status", tokens, context.language).last(status.value)
    plain = status.signals.plain - ({"refused"} if status.is_negated_in_claim else set())
    if status.value == "agreed" and not status.has_two_sides:
        return None
    if word is None or (plain and not plain & {*_FUTURE, status.value}):
        return None
    numbers = context.source.document.at(*_span(word))
    return carried_over(stand_in([context.words_at(*_span(word))], numbers), _span(word))


def term_of_agreement(status: Status) -> Finding | None:
    """Carry over "agreed" to a promise or a plan in a document that opens with an agreement.

    Examples:
        >>> says("A pact is near. It rained. It snowed. It froze. Some will leave.", text="leave", status="agreed")
        'carried_over: The opening of the document tells of an agreement (“pact”).'
    """
    if status.value != "agreed" or not status.signals.plain & {"pledged", "planned"}:
        return None
    opening = [sentence.number for sentence in status.context.source.document.content[:_OPENING]]
    if (not status.has_two_sides and not status.is_of_signatory) or "threatened" in status.words_alone:
        return None
    word = next((t for t in status.context.source.tokens(opening) if t.norm in _AGREEMENTS), None)
    if word is None:
        return None
    return carried_over(
        f"The opening of the document tells of an agreement ({status.words(_span(word))}).", _span(word)
    )


def no_word_of_status(status: Status) -> Finding | None:
    """Leave a status to the reader for which no word stands.

    Examples:
        >>> says("Trade talks are over.", text="end trade talks", status="decided")
        'read: No word there shows “decided”.'
    """
    return read(f"No word there shows {quoted(status.value)}.")


STATUS: tuple[Callable[[Status], Finding | None], ...] = (
    refusal_in_words,
    negated_undertaking,
    refusal_by_answer,
    refusal_in_both,
    undertaking_told_as_refusal,
    refusal_of_another,
    no_refusal,
    refusal_told_as_undertaking,
    taken_back,
    status_in_words,
    negated_status,
    status_in_lead_in,
    term_of_agreement,
    no_word_of_status,
)
"""Rules on the status of a commitment, in order."""


def _statuses(context: Context, field: Field) -> Iterator[Status]:
    """Yield the status of a field, in a language with words of status."""
    if phrases_of("status", context.language):
        yield Status(context, field.text)


status = FirstOf(_statuses, STATUS)
"""The check of a commitment's status."""
