"""Checks of a party itself: its names, its kind, the party that it belongs to, and its role."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from summariser.grounding.checks.findings import Finding, FirstOf, Span, carried_over, quoted, read, stated
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.linking.actor_kinds import guess_kind, kind_by_noun
from summariser.schema import PartyKind
from summariser.text import find_all, lexicon, state_named, states_in, tokenize

_BODIES = lexicon.words("organisation_nouns") | lexicon.words("public_bodies") | lexicon.words("company_nouns")
_GOVERNMENTS = lexicon.words("governments", "any")
_LONGEST_ACRONYM = 6
_SAID = 0.6  # share of the content words of a role that the sentences naming the party must have


def name(context: Context, field: Field) -> Finding | None:
    """Look for a name in the text; a state may go by any of its names.

    Examples:
        >>> says("The Kall Group will pay.", name="Kall Group")
        'stated'
        >>> says("Moscow will pay.", name="Russia")
        'carried_over: The text calls this state by another name.'
        >>> says("The Kall Group will pay.", name="Lume Bank")
        'read: The text nowhere has “Lume Bank” as a name.'
    """
    tokens = context.source.indexed.all
    norms = [token.norm for token in tokenize(field.text) if token.norm != "the"]
    place = next(iter(find_all(norms, tokens)), None)
    if place is not None:
        return stated((tokens[place].start, tokens[place + len(norms) - 1].end))
    code = state_named(field.text)
    if code is not None and any(code == each for each, *_ in states_in(tokens)):
        return carried_over("The text calls this state by another name.")
    if norms and {token.norm for token in tokens}.issuperset(norms):
        return carried_over(f"The text has the words of {quoted(field.text)}, but not next to each other.")
    return read(f"The text nowhere has {quoted(field.text)} as a name.")


def kind_shown(party: "PartyKindClaim") -> Finding | None:
    """State a party's kind that its name shows, or a description of it anywhere in the text.

    Examples:
        >>> says("The Dockers' Union will pay.", name="Dockers' Union", kind="organisation")
        'stated'
        >>> says("Kall, a mining company, will pay.", name="Kall", kind="organisation")
        'stated'
    """
    context, kind = party
    name = context.claim.text
    shown = guess_kind(name, has_full_name=False) == kind and (kind != "group" or not name.istitle())
    if shown or (kind == "organisation" and _is_named_as_body(context)):
        return stated(*context.spans[:1])
    return next((stated(each.span) for each in _descriptions(context) if each.kind == kind), None)


def kind_spoken_against(party: "PartyKindClaim") -> Finding | None:
    """Leave a party's kind to the reader if its name or a description speaks of another kind.

    Examples:
        >>> says("The Dockers' Union will pay.", name="Dockers' Union", kind="state")
        "read: “Dockers' Union” speaks of an organisation, not of a state."
        >>> says("Kall, a mining company, will pay.", name="Kall", kind="state")
        'read: “mining company” speaks of an organisation, not of a state.'
    """
    context, kind = party
    name = context.claim.text
    by_name = "state" if state_named(name) else kind_by_noun(name)
    if by_name is not None and by_name != kind and not _may_be_either(name, kind):
        return read(_speaks_of(name, by_name, kind), *context.spans[:1])
    for each in _descriptions(context):
        if {each.kind, kind} != {"group", "organisation"} and not _may_be_either(each.words, kind):
            return read(_speaks_of(each.words, each.kind, kind), each.span)
    return None


def _speaks_of(words: str, shown: PartyKind, kind: PartyKind) -> str:
    return f"{quoted(words)} speaks of {_WITH_ARTICLE[shown]}, not of {_WITH_ARTICLE[kind]}."


def _may_be_either(words: str, kind: PartyKind) -> bool:
    """Return True if words fit a kind as well: a government is its state, and a firm may be called a group."""
    said = {token.norm for token in tokenize(words)}
    return (kind == "state" and not said.isdisjoint(_GOVERNMENTS)) or (kind == "group" and "group" in said)


def kind_unmentioned(party: "PartyKindClaim") -> Finding | None:
    """Leave a party's kind open if nothing speaks for or against it; the party may be supported all the same.

    Examples:
        >>> says("Kall will pay.", name="Kall", kind="organisation")
        'read: No word there shows whether this is an organisation.'
    """
    return replace(read(f"No word there shows whether this is {_WITH_ARTICLE[party.kind]}."), minor=True)


class PartyKindClaim(NamedTuple):
    """A party with the kind that it is given."""

    context: Context
    kind: PartyKind


def _kinds(context: Context, field: Field) -> Iterator[PartyKindClaim]:
    yield from (PartyKindClaim(context, kind) for kind in _WITH_ARTICLE if kind == field.text)


KIND = (kind_shown, kind_spoken_against, kind_unmentioned)
"""Rules that decide whether the text shows a party's kind."""
kind = FirstOf(_kinds, KIND)
_WITH_ARTICLE: dict[PartyKind, str] = {
    "state": "a state", "person": "a person", "organisation": "an organisation", "group": "a group",
}  # fmt: skip
_END = r"(?=[,.;]|\s(?:of|for|in|at|on|with|from|that|which|who|whose|de|del|du|des|para|que|von|für|aus|mit|con)\b)"
_PHRASE = r"((?:[^\W\d_][\w’'-]*\s+){1,5}?[^\W\d_][\w’'-]*)"
_APPOSITION = re.compile(rf",\s+{_PHRASE}{_END}")
_COPULA = re.compile(rf"\s+(?:is|was|are|were|es|era|est|ist|war)\s+{_PHRASE}{_END}")


class _Description(NamedTuple):
    """Words that describe a party: the kind that they imply, the words, and their place."""

    kind: PartyKind
    words: str
    span: Span


def _descriptions(context: Context) -> Iterator[_Description]:
    """Yield the descriptions of a party beside its name: "Kall, a big firm", "the firm Kall", "Kall is a firm"."""
    text, source = context.source.document.text, context.source
    names = [each.text for each in context.claim.of("name")]
    forms = [tuple(token.norm for token in tokenize(name) if token.norm != "the") for name in names]
    for number in context.passage:
        tokens, (_, stop) = source.indexed.tokens[number], context.sentence_span(number)
        for place, form in ((place, each) for each in forms if each for place in find_all(each, tokens)):
            end = tokens[place + len(form) - 1].end
            for pattern in (_APPOSITION, _COPULA):
                if match := pattern.match(text, end, stop):
                    yield from _described(context, match.start(1), match.end(1), opened=True)
            first = place
            while first and place - first < 2 and tokens[first - 1].norm.islower() and not tokens[first].before.strip():
                first -= 1
            if first < place and not tokens[place - 1].capital:
                yield from _described(context, tokens[first].start, tokens[place - 1].end)


def _described(context: Context, start: int, end: int, *, opened: bool = False) -> Iterator[_Description]:
    """Yield the description between two offsets, if its head noun implies a kind; `opened` by a determiner."""
    words = context.words_at(start, end).split()
    determiners = lexicon.words("determiners", context.language)
    if opened and words[0].casefold() not in determiners:
        return
    phrase = [word for word in words if word.casefold() not in determiners]
    head = "".join(phrase[:1] if context.language in ("es", "fr") else phrase[-1:])
    found = _kind_of_noun(head, context.language)
    if found is not None:
        yield _Description(found, " ".join(phrase), (start, end))


def _kind_of_noun(noun: str, language: str | None) -> PartyKind | None:
    """Return the kind that a noun implies: a country is a state, a baker a person."""
    word = noun.casefold()
    if word in lexicon.words("state_nouns", language):
        return "state"
    if word in lexicon.words("offices", language):
        return "person"
    return "organisation" if word in _BODIES else kind_by_noun(word)


def _is_named_as_body(context: Context) -> bool:
    """Return True if a name of the party has a word for a body, or is an acronym."""
    names = [each.text for each in context.claim.of("name")]
    acronym = any(name.isupper() and 2 <= len(name) <= _LONGEST_ACRONYM for name in names)
    return acronym or any(token.norm in _BODIES for name in names for token in tokenize(name))


def affiliation(context: Context, field: Field) -> Finding | None:
    """Look for a sentence that names both the party and the one that it belongs to, or for a state in its name.

    Examples:
        >>> says("Russian farmers will pay.", name="Russian farmers", affiliation="Russia")
        'stated'
        >>> says("The Kall Group grew. Ana Belmar will pay.", name="Ana Belmar", affiliation="Kall Group")
        'carried_over: The sentence next to one that names it names Kall Group.'
        >>> says("Ana Belmar will pay.", name="Ana Belmar", affiliation="Kall Group")
        'read: No sentence names it together with Kall Group.'
    """
    both = [n for actor in field.actors for n in context.source.naming(actor, context.passage)]
    if both:
        return stated(context.sentence_span(both[0]))
    own = {code for code, *_ in states_in(tokenize(context.claim.text))}
    if own and own == {state_named(name) for actor in field.actors for name in actor.names} - {None}:
        return stated(*context.spans[:1])
    beside = [n for actor in field.actors for n in context.source.naming(actor, _beside(context))]
    if beside:
        reason = f"The sentence next to one that names it names {field.text}."
        return carried_over(reason, context.sentence_span(beside[0]))
    return read(f"No sentence names it together with {field.text}.")


def _beside(context: Context) -> list[int]:
    """Return the sentences next to those that name the party."""
    return sorted({m for n in context.passage for m in (n - 1, n + 1)} & set(context.source.indexed.tokens))


def role(context: Context, field: Field) -> Finding | None:
    """Look for the words of a party's role in the sentences that name it, and in those next to them.

    Examples:
        >>> says("Ana Belmar, a minister, will pay.", name="Ana Belmar", role="minister")
        'stated'
        >>> says("A minister came. Ana Belmar will pay.", name="Ana Belmar", role="minister")
        'carried_over: The sentences next to those that name it say so.'
        >>> says("Ana Belmar will pay.", name="Ana Belmar", role="minister")
        'read: No sentence that names it says “minister”.'
    """
    wanted = context.content_words(field.text)
    if not wanted:
        return None
    if len(context.explained(wanted, context.passage)) >= _SAID * len(wanted):
        return stated(*context.spans[:1])
    if len(context.explained(wanted, [*context.passage, *_beside(context)])) >= _SAID * len(wanted):
        return carried_over("The sentences next to those that name it say so.")
    return read(f"No sentence that names it says {quoted(field.text)}.")
