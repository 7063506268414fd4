"""Rules that decide whether the passage concerns a party: something is done or said to it, or a harm would hit it."""

from summariser.grounding.checks.findings import Finding, carried_over, read, stated
from summariser.grounding.checks.participants import Participant, stands_for


def named_in_passage(party: Participant) -> Finding | None:
    """State a party that the passage names.

    Examples:
        >>> says("Arlen will lend Bocia a ship.", text="lend a ship", recipient="Bocia")
        'stated'
    """
    return stated(*party.named_here[:1]) if party.named_here else None


def mentioned_in_passage(party: Participant) -> Finding | None:
    """Carry over a party to whom a pronoun or a description in the passage refers that is not its subject.

    Examples:
        >>> says("Ana Belmar came home. Bocia will pay her.", text="pay", recipient="Ana Belmar")
        'carried_over: “her” stands for Ana Belmar there.'
    """
    subjects = {mention.start for mention in party.subject_mentions}
    for each in party.acting_in_passage:
        for mention in each.mentions:
            if mention.start not in subjects and party.is_meant(mention):
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
    """Carry over a party that the sentences just before name, as the one that a harm would hit.

    Examples:
        >>> says("Bocia is poor. A drought could ruin the harvest.", risk="ruin the harvest", affected="Bocia")
        'carried_over: Sentence 1 names Bocia.'
    """
    if not party.named_before:
        return None
    number = party.named_before[-1]
    return carried_over(f"Sentence {number} names {party.name}.", party.context.sentence_span(number))
