"""Rules that decide whether the passage concerns a party: something is done or said to it, or a harm would hit it."""

from summariser.grounding.actors import Actor
from summariser.grounding.checks.findings import Finding, Span, carried_over, quoted, read, stated
from summariser.grounding.checks.participants import Participant, stands_for
from summariser.text import lexicon, state_named, states_in, stem

_OPENERS = frozenset("after before since while when where which who whose because although though".split())
_POSSESSIVES = frozenset("its his their".split())
_EACH = frozenset("each every any all".split())
_PLURALS = frozenset(pronoun.word for pronoun in lexicon.pronouns("en") if pronoun.referent == "plural")


def named_in_passage(party: Participant) -> Finding | None:
    """State a party that the passage names.

    Examples:
        >>> says("Arlen will lend Bocia a ship.", text="lend a ship", recipient="Bocia")
        'stated'
    """
    named = [span for span in party.named_here if not _is_elsewhere(party, span)]
    return stated(*named[:1]) if named else None


def _is_elsewhere(party: Participant, span: Span) -> bool:
    """Return True if a name stands in another clause than the cited words, or names the one from whom a harm comes."""
    context = party.context
    before = [token.norm for token in context.quoted_tokens if token.end <= span[0]][-2:]
    if party.field.role == "affected":
        return "by" in before or before[-1:] == ["from"]
    cited = context.cited_tokens
    if not cited or span[0] < cited[-1].end:
        return False
    between = (token.norm for token in context.quoted_tokens if cited[-1].end <= token.start < span[0])
    return not _OPENERS.isdisjoint(between)


def mentioned_in_passage(party: Participant) -> Finding | None:
    """Carry over a party to whom a pronoun or a description in the passage refers that is not its subject.

    Examples:
        >>> says("Ana Belmar came home. Bocia will pay her.", text="pay", recipient="Ana Belmar")
        'carried_over: “her” stands for Ana Belmar there.'
    """
    subjects = {mention.start for mention in party.subject_mentions}
    for each in party.acting_in_passage:
        for mention in each.mentions:
            possessive = party.context.words_at(mention.start, mention.end).casefold() in _POSSESSIVES
            after = next((t.norm for t in party.context.quoted_tokens if t.start >= mention.end), "")
            acts = mention.start in subjects or (mention.free and after in lexicon.words("auxiliaries", "en"))
            if acts or possessive or _is_elsewhere(party, (mention.start, mention.end)):
                continue
            if party.is_meant(mention):
                return stands_for(party, mention)
    return None


def member_named(party: Participant) -> Finding | None:
    """Carry over a body of which the passage names a member.

    Examples:
        >>> says("Arlen will pay Ana Belmar.", text="pay", recipient="Bocia", known="Ana Belmar of Bocia")
        'carried_over: The cited sentences name Ana Belmar, who belongs to Bocia.'
    """
    source = party.context.source
    members = (kin for kin in source.actors.kin(party.actor) if kin.belongs_to == party.name)
    named = next((member for member in members if source.naming(member, party.context.passage)), None)
    if named is None:
        return None
    which = "who" if named.person else "which"
    return carried_over(f"The cited sentences name {named.name}, {which} belongs to {party.name}.")


def people_of_state(party: Participant) -> Finding | None:
    """Carry over a state whose adjective stands in the passage: "Chadian tiles".

    Examples:
        >>> says("Arlen will tax Chadian tiles.", text="tax tiles", recipient="Chad")
        'carried_over: “Chadian” names Chad.'
    """
    codes = {state_named(name) for name in party.actor.names} - {None}
    for number in party.context.quoted:
        tokens = party.context.source.tokens([number])
        for code, first, end, is_name in states_in(tokens):
            if code in codes and not is_name:
                span = tokens[first].start, tokens[end - 1].end
                return carried_over(f"{quoted(party.context.words_at(*span))} names {party.name}.", span)
    return None


def noun_of_group(party: Participant) -> Finding | None:
    """Carry over a group whose noun stands in the passage: "each household" for "eleven households".

    Examples:
        >>> says("Kall will pay each displaced household.", text="pay", recipient="eleven households")
        'carried_over: “household” stands for eleven households there.'
    """
    context, language = party.context, party.context.language
    if language != "en" or party.name != party.name.casefold() or party.named_here:
        return None
    words = context.content_words(party.name.split(" on ")[0].split(" of ")[0])
    head = words[-1] if words and words[-1].endswith("s") else ""
    tokens = context.quoted_tokens
    each = (p for p, t in enumerate(tokens) if t.norm in _EACH)
    distributed = (t for p in each for t in tokens[p + 1 : p + 4] if stem(t.norm, language) == stem(head, language))
    token = next((t for t in tokens if t.norm == head), None) or next(distributed, None)
    if token is None or _is_elsewhere(party, (token.start, token.end)):
        return None
    span = token.start, token.end
    return carried_over(f"{quoted(context.words_at(*span))} stands for {party.name} there.", span)


def group_of_plural(party: Participant) -> Finding | None:
    """Carry over a group that the sentences just before name, if "they", "them" or "their" stands in the passage.

    Examples:
        >>> says("The tenants met. Kall will pay their bills.", text="pay the bills", recipient="tenants")
        'carried_over: “their” stands for tenants there.'
    """
    plural = (t for t in party.context.quoted_tokens if t.norm in _PLURALS)
    token = next(plural, None) if party.context.language == "en" and party.name.endswith("s") else None
    if token is None or not party.named_before or party.name != party.name.casefold():
        return None
    span = token.start, token.end
    return carried_over(f"{quoted(party.context.words_at(*span))} stands for {party.name} there.", span)


def only_other_named(party: Participant) -> Finding | None:
    """Carry over a party that is the only one which the sentences just before and the passage name beside the actor.

    Examples:
        >>> says("Arlen met Bocia. It will send wheat.", text="send wheat", actor="Arlen", recipient="Bocia")
        'carried_over: Sentence 1 names Bocia, and no other party is named there beside Arlen.'
    """
    context, source = party.context, party.context.source
    actors = [actor for field in context.claim.of("actor", "speaker") for actor in field.actors]
    own = {name for each in (party.actor, *actors) for name in (each.name, *(k.name for k in source.actors.kin(each)))}
    numbers = (*context.window, *context.passage)
    named = source.actors.named_in(numbers)
    if not party.named_before or not actors or any(other.name not in own for other in named):
        return None
    if any(party.names_unknown(number) for number in numbers):
        return None
    number = party.named_before[-1]
    beside = " and ".join(actor.name for actor in actors)
    reason = f"Sentence {number} names {party.name}, and no other party is named there beside {beside}."
    return carried_over(reason, context.sentence_span(number))


def body_of_speaker(party: Participant) -> Finding | None:
    """Carry over the speaker as the one whom a harm would hit that is told of "me" or "us"; of "us" the body as well.

    Examples:
        >>> says("Ana Belmar sat. ¶ “We could lose it.”", risk="lose it", speaker="Ana Belmar", affected="Kall Port",
        ...     known="Ana Belmar of Kall Port")
        'carried_over: Ana Belmar speaks there of “We”, and Ana Belmar belongs to Kall Port.'
        >>> says("Ana Belmar sat. ¶ “I could lose it.”", risk="lose it", speaker="Ana Belmar", affected="Ana Belmar")
        'carried_over: “I” stands for Ana Belmar there.'
    """
    speakers = [actor for field in party.context.claim.of("actor", "speaker") for actor in field.actors]
    own = next((m for each in party.acting for m in each.mentions if m.pronoun == "own"), None)
    if own is None:
        return None
    if any(each.name == party.name for each in speakers):
        return stands_for(party, own) if party.may_be(own) else None
    member = next((each for each in speakers if party.is_kin((each.name,))), None)
    if member is None or party.is_speaking_person(own):
        return None
    word, (who, body) = quoted(party.context.words_at(own.start, own.end)), _member_first(member, party.actor)
    reason = f"{member.name} speaks there of {word}, and {who} belongs to {body}."
    return carried_over(reason, (own.start, own.end))


def _member_first(one: Actor, other: Actor) -> tuple[str, str]:
    """Return the names of two relatives, the one that belongs to the other first."""
    return (other.name, one.name) if other.belongs_to == one.name else (one.name, other.name)


def named_in_window(party: Participant) -> Finding | None:
    """Leave a party to the reader that only the sentences just before name.

    Examples:
        >>> says("Bocia is poor. Arlen will send wheat.", text="send wheat", recipient="Bocia")
        'read: Sentence 1 names Bocia, but the cited words do not.'
    """
    if not party.named_before:
        return None
    return read(f"Sentence {party.named_before[-1]} names {party.name}, but the cited words do not.")


def affected_before(party: Participant) -> Finding | None:
    """Carry over a party that the sentences just before name, as the one that a harm would hit, if no other is named.

    Examples:
        >>> says("Bocia is poor. A drought could ruin the harvest.", risk="ruin the harvest", affected="Bocia")
        'carried_over: Sentence 1 names Bocia.'
    """
    if not party.named_before or party.others_named:
        return None
    number = party.named_before[-1]
    if party.names_stranger(number):
        return None
    return carried_over(f"Sentence {number} names {party.name}.", party.context.sentence_span(number))
