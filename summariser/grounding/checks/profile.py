"""Checks of a party itself: its names, its kind, the party that it belongs to, and its role."""

from summariser.grounding.checks.findings import Finding, carried_over, quoted, read, stated
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.linking.actor_kinds import guess_kind
from summariser.text import find_all, lexicon, state_named, states_in, tokenize

_BODIES = lexicon.words("organisation_nouns") | lexicon.words("public_bodies") | lexicon.words("company_nouns")
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


def kind(context: Context, field: Field) -> Finding | None:
    """Compare a party's kind with what its name shows.

    Examples:
        >>> says("The Dockers' Union will pay.", name="Dockers' Union", kind="organisation")
        'stated'
        >>> says("Kall will pay.", name="Kall", kind="organisation")
        'read: The name does not show that the kind is “organisation”.'
    """
    shown = guess_kind(context.claim.text, has_full_name=False) == field.text
    if shown or (field.text == "organisation" and _is_named_as_body(context)):
        return stated(*context.spans[:1])
    return read(f"The name does not show that the kind is {quoted(field.text)}.")


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
