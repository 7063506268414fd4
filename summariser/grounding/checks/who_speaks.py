"""Rules that decide whether a party speaks in the passage, before those that decide whether it acts there."""

from summariser.extraction.rules import ActorMention
from summariser.grounding.checks.findings import Finding, carried_over, contradicted, quoted, read, stated
from summariser.grounding.checks.participants import Participant, stands_for
from summariser.grounding.checks.several_parties import excludes
from summariser.text import lexicon, state_named


def said_by_others(party: Participant) -> Finding | None:
    """Leave a party to the reader if other parties of the item alone speak in the quoted sentences.

    Examples:
        >>> says("Ana Belmar met Joao Pell. “I am sad,” she said.", text="sad", speaker="Ana Belmar; Joao Pell")
        'read: It seems that Ana Belmar speaks there without Joao Pell.'
    """
    if party.field.role != "speaker":
        return None
    spoken = [subject for each in party.acting for subject in (*each.spoken, *each.reacting)]
    if not spoken or not all(excludes(party, subject) for subject in spoken):
        return None
    if (other := speech_of_another(party)) is not None:
        return other
    who = " and ".join(dict.fromkeys(name for subject in spoken for name in subject.names))
    span = spoken[0].at, spoken[0].at + len(spoken[0].verb)
    return read(f"It seems that {who} speaks there without {party.name}.", span)


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
    if (not party.named_before and not party.named_here) or not party.may_be(first):
        return None
    if first.pronoun and party.is_named_last(_start_of_report(party, first)):
        return stands_for(party, first)
    words = quoted(party.context.words_at(first.start, first.end))
    return read(f"It is not clear that {words} is {party.name}.", (first.start, first.end))


def _start_of_report(party: Participant, pronoun: ActorMention) -> int:
    """Return where the sentence begins into which "she said" is inserted; otherwise where the pronoun stands."""
    text = party.context.source.document.text
    if not text[: pronoun.start].rstrip(' ”"’').endswith(",") or party.named_here:
        return pronoun.start
    return min(party.context.sentence_span(number)[0] for number in party.context.quoted)


def organ_of_state(party: Participant) -> Finding | None:
    """Carry over a state for which "his ministry" or "the government" speaks, if no other state is named later.

    Examples:
        >>> says("Chad is poor. Its ministry said it would pay.", text="would pay", speaker="Chad")
        'carried_over: “ministry” is that of Chad, the state that is named last before.'
    """
    source, context = party.context.source, party.context
    if state_named(party.name) is None:
        return None
    spoken = (mention for each in party.acting for subject in each.spoken for mention in subject.mentions)
    organ = next((m for m in spoken if context.words_at(m.start, m.end).split()[-1].casefold() in _ORGANS), None)
    if organ is None or organ.proper:
        return None
    before = [n for n in (*context.window, *context.passage) if context.sentence_span(n)[0] <= organ.start]
    states = (other for other in source.actors.named_in(before) if state_named(other.name))
    last = {state.name: source.last_named(state, before, before=len(source.document.text)) for state in states}
    if last.get(party.name, -1) < 0 or last[party.name] < max(last.values()):
        return None
    words = quoted(context.words_at(organ.start, organ.end))
    return carried_over(
        f"{words} is that of {party.name}, the state that is named last before.", (organ.start, organ.end)
    )


_ORGANS = lexicon.words("state_organs", "en") | {"cabinet"}


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
    spoken = [subject for each in party.acting for subject in each.spoken if subject.by_name]
    others = [n for subject in spoken for n in subject.names if party.context.source.actors.bearers(n)]
    if not others or party.named_here or party.takes_turn or party.is_kin(others):
        return None
    return contradicted(f"{others[0]} is speaking there, not {party.name}.")
