"""Rules that decide whether a party speaks in the passage, before those that decide whether it acts there."""

from summariser.grounding.checks.findings import Finding, contradicted, quoted, read, stated
from summariser.grounding.checks.participants import Participant, stands_for


def pronoun_speaks(party: Participant) -> Finding | None:
    """Carry over a party that is the last one named before a pronoun that speaks; leave others to the reader.

    Examples:
        >>> says("Ana Belmar met a rival. The minister said it was over.", text="was over", speaker="Ana Belmar")
        'read: It is not clear that “minister” is Ana Belmar.'
    """
    spoken = [subject for each in party.acting for subject in each.spoken]
    mentions = [mention for subject in spoken for mention in subject.mentions]
    if not mentions or any(mention.proper and not mention.resolved for mention in mentions):
        return None
    first = mentions[0]
    if any(start <= first.start < end for start, end in party.named_here):
        return stated((first.start, first.end))
    if any(party.is_named(mention.names) for mention in mentions if mention.resolved):
        return stands_for(party, first)
    if not party.named_before and not party.named_here:
        return None
    if first.pronoun and party.is_named_last(first.start):
        return stands_for(party, first)
    words = quoted(party.context.words_at(first.start, first.end))
    return read(f"It is not clear that {words} is {party.name}.", (first.start, first.end))


def speech_of_another(party: Participant) -> Finding | None:
    """Contradict a party that only the speech of somebody else names: in its quotation marks, or before its verb.

    Examples:
        >>> says("“Joao Pell lost,” said Ana Belmar.", text="lost", speaker="Joao Pell")
        'contradicted: Ana Belmar is speaking there, not Joao Pell.'
        >>> says("Joao Pell lost, said Ana Belmar.", text="lost", speaker="Joao Pell")
        'contradicted: Ana Belmar is speaking there, not Joao Pell.'
    """
    spoken = [subject for each in party.acting for subject in each.spoken if subject.by_name]
    names = [name for subject in spoken for name in subject.names]
    if not party.named_here or not spoken or party.is_named(names) or party.is_kin(names):
        return None
    source, last = party.context.source, spoken[-1]
    within = all(source.quotations.is_direct_speech(*span) for span in party.named_here)
    postposed = len(party.context.quoted) == 1 and all(mention.start > last.at for mention in last.mentions)
    if not within and not (postposed and all(end <= last.at for _, end in party.named_here)):
        return None
    return contradicted(f"{last.names[0]} is speaking there, not {party.name}.", (last.at, last.at + len(last.verb)))


def other_speaker(party: Participant) -> Finding | None:
    """Contradict a party in whose place another known party speaks, by name.

    Examples:
        >>> says("“It is over,” said Joao Pell.", text="It is over", speaker="Ana Belmar", known="Joao Pell")
        'contradicted: Joao Pell is speaking there, not Ana Belmar.'
    """
    known = party.context.source.actors.everybody
    spoken = [subject for each in party.acting for subject in each.spoken if subject.by_name]
    others = [name for subject in spoken for name in subject.names if any(each.has_name(name) for each in known)]
    takes_turn = party.turn is not None and party.actor.has_name(party.turn.speaker)
    if not others or party.named_here or takes_turn or party.is_kin(others):
        return None
    return contradicted(f"{others[0]} is speaking there, not {party.name}.")
