"""Checks of who speaks: whose words, views or decisions a passage tells of."""

from collections.abc import Iterator, Sequence

from summariser.grounding.checks.findings import Finding, carried_over, quoted, read, stated
from summariser.grounding.checks.participants import Participant
from summariser.text import Token, lexicon

_SOURCES = (("according", "to"), ("in", "view", "of"), ("in", "words", "of"), ("in", "opinion", "of"))
_STATEMENTS = lexicon.words("statement_nouns", "en")
_BETWEEN = lexicon.words("preverbal_words", "en") | {"also", "then", "never", "often", "all", "both"}
_WITHIN = frozenset({"of", "in", "among", "within", "from"})
_MODIFIERS = 3  # words between a possessive and its noun
_DASHES = "―—–-"


def source_of_statement(party: Participant) -> Finding | None:
    """State a party that "according to" names as the source.

    Examples:
        >>> says("According to Ana Belmar, it is over.", text="it is over", speaker="Ana Belmar")
        'stated'
    """
    for tokens, place, end in _places(party):
        before = [t.norm for t in _before_phrase(tokens, place, 4)]
        if any(tuple(before[-len(words) :]) == words for words in _SOURCES):
            return stated((tokens[place].start, tokens[end - 1].end))
    return None


def owner_of_statement(party: Participant) -> Finding | None:
    """State a party whose claim, view or decision the passage tells of: "Belmar's promise", "the fears among staff".

    Examples:
        >>> says("The town knew of Ana Belmar’s promise to go.", text="go", speaker="Ana Belmar")
        'stated'
    """
    for tokens, place, end in _places(party):
        span = (tokens[place].start, tokens[end - 1].end)
        after = tokens[end : end + _MODIFIERS]
        owns = party.context.source.document.text[span[1] : span[1] + 1] in ("'", "’")
        if owns and any(t.norm in _STATEMENTS for t in after):
            return stated(span)
        before = [t.norm for t in _before_phrase(tokens, place, 3)]
        if before[-1:] and before[-1] in _WITHIN and before[-2:-1] and before[-2] in _STATEMENTS:
            return stated(span)
    return None


def one_who_feels(party: Participant) -> Finding | None:
    """State a party whose name is the object of a verb of emotion: "a plan that had alarmed the growers".

    Examples:
        >>> says("It was a plan that had alarmed the growers.", text="alarmed by the plan", speaker="growers")
        'stated'
    """
    for tokens, place, end in _places(party):
        before = [t.norm for t in _before_phrase(tokens, place, 1)]
        if before and before[0] in lexicon.words("emotion_verbs", "en"):
            return stated((tokens[place].start, tokens[end - 1].end))
    return None


def agent_of_act(party: Participant) -> Finding | None:
    """State a party that stands after "by" as the agent of a participle: "a penalty imposed by the Bureau".

    Examples:
        >>> says("It was a penalty imposed by the Bocia Bureau.", text="penalty", speaker="Bocia Bureau")
        'stated'
    """
    for tokens, place, end in _places(party):
        before = [t.norm for t in _before_phrase(tokens, place, 3)]
        if before[-1:] == ["by"] and any(_is_participle(word) for word in before[:-1]):
            return stated((tokens[place].start, tokens[end - 1].end))
    return None


def _is_participle(word: str) -> bool:
    return word.endswith("ed") or word in lexicon.words("irregular_participles", "en")


def name_before_finite_verb(party: Participant) -> Finding | None:
    """State a party whose name stands right before a word in the form of a finite verb, whatever verb it is.

    Examples:
        >>> says("The minutes show what Ana Belmar tasted.", text="tasted", speaker="Ana Belmar")
        'stated'
        >>> says("The fans sang, but their chief, Joao Pell, was sad.", text="was sad", speaker="Joao Pell")
        'stated'
    """
    if party.context.language != "en":
        return None
    for tokens, place, end in _places(party):
        before = [t.norm for t in _before_phrase(tokens, place, 1)]
        if before and before[0] in _GOVERNING:
            continue
        at = end
        while at < len(tokens) and not tokens[at].after_break and tokens[at].norm in _BETWEEN:
            at += 1
        stands_apart = tokens[place].before == ", " and at == end  # in apposition: its chairman, Belmar, was
        joined = at < len(tokens) and (not tokens[at].after_break or (stands_apart and tokens[at].before == ", "))
        if joined and _is_finite(tokens[at]):
            return stated((tokens[place].start, tokens[end - 1].end))
    return None


_GOVERNING = (lexicon.prepositions("en") | {"of", "to", "than", "between", "against", "about"}) - {
    "after", "before", "since", "until", "that", "as",
}  # fmt: skip


def _is_finite(token: Token) -> bool:
    """Return True if a word has the form of a finite verb: an auxiliary, a verb of saying, a past, or a form in -s."""
    norm = token.norm
    ending = norm.endswith("ed") or (norm.endswith("s") and not norm.endswith(("ss", "us", "is")))
    return not token.capital and (norm in _FINITE or ending)


_FINITE = (
    lexicon.words("auxiliaries", "en")
    | frozenset(form for form in lexicon.words("speech_verbs", "en") if not form.endswith("ing"))
    | frozenset(forms.split()[0] for forms in lexicon.values("irregular_verbs", "en").values())
)


def name_after_verb_of_saying(party: Participant) -> Finding | None:
    """State a party whose name stands right after a verb of saying that follows the statement: "…, said the clerk".

    Examples:
        >>> says("“It is over,” said the clerk Belmar.", text="It is over", speaker="clerk Belmar")
        'stated'
    """
    for tokens, place, end in _places(party):
        before = _before_phrase(tokens, place, 1)
        if before and before[0].norm in lexicon.words("speech_verbs", "en"):
            marks = before[0].before
            if any(mark in marks for mark in ',”"»’'):
                return stated((tokens[place].start, tokens[end - 1].end))
    return None


def thing_speaks(party: Participant) -> Finding | None:
    """Leave a person to the reader where "it" speaks.

    Examples:
        >>> says("Ana Belmar left. It said the port was open.", text="port open", speaker="Ana Belmar")
        'read: “It” speaks there, which is not a person.'
    """
    if not party.actor.person or party.named_here:
        return None
    tokens, speech = party.context.quoted_tokens, lexicon.words("speech_verbs", "en")
    for mention in party.free_mentions:
        after = next((token.norm for token in tokens if token.start >= mention.end), "")
        if mention.pronoun == "thing" and not mention.quoted and after in speech:
            words = party.context.words_at(mention.start, mention.end)
            return read(f"{quoted(words)} speaks there, which is not a person.", (mention.start, mention.end))
    return None


def signature(party: Participant) -> Finding | None:
    r"""State a party whose name follows the passage after a dash, as a signature: "“We stay.” — Ana Belmar".

    Examples:
        >>> says("“We stay.”\n― Ana Belmar", cited=(1,), text="We stay", speaker="Ana Belmar")
        'carried_over: Ana Belmar stands under these words.'
    """
    context = party.context
    last = max(context.quoted, default=0)
    following = context.source.document.sentence(last + 1)
    if following is None or following.text.strip()[:1] not in tuple(_DASHES):
        return None
    if not context.source.naming(party.actor, [following.number]):
        return None
    return carried_over(f"{party.name} stands under these words.", (following.start, following.end))


def _places(party: Participant) -> Iterator[tuple[Sequence[Token], int, int]]:
    """Yield where the passage names the party: the sentence's tokens, and the first place and the end of the name."""
    for number in party.context.quoted:
        tokens = party.context.source.indexed.tokens[number]
        for place, end in party.context.source.actors.names_in(party.actor, number):
            further = (at for at in range(end, len(tokens)) if not _goes_on(tokens[at]))
            yield tokens, place, next(further, len(tokens))


def _goes_on(token: Token) -> bool:
    """Return True if a word with a capital goes on from the word before it."""
    return token.capital and token.before in (" ", "-", ". ")


def _before_phrase(tokens: Sequence[Token], place: int, count: int) -> Sequence[Token]:
    """Return the words before the noun phrase in which a name stands, without its determiners and titles."""
    at = place
    while at and (tokens[at - 1].capital or tokens[at - 1].norm in _PHRASE) and not tokens[at].before.startswith(","):
        at -= 1
    return tokens[max(0, at - count) : at]


_PHRASE = lexicon.words("determiners", "en") | lexicon.words("honorifics", "en") | lexicon.words("offices", "en")
