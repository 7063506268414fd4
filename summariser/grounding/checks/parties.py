"""The tables of rules on the parties that an item names: who acts, who speaks, to whom, whom it hits, about what."""

from collections.abc import Callable

from summariser.grounding.checks.findings import Finding, FirstOf, carried_over, listed, read, stated, words_for
from summariser.grounding.checks.participants import Participant, participants
from summariser.grounding.checks.several_parties import (
    both_sides,
    done_by_others,
    joined_to_subject,
    one_of_several,
    shared_name,
)
from summariser.grounding.checks.speaking import (
    agent_of_act,
    name_after_verb_of_saying,
    name_before_finite_verb,
    one_who_feels,
    owner_of_statement,
    signature,
    source_of_statement,
    thing_speaks,
)
from summariser.grounding.checks.who_acts import (
    before_verb,
    decides,
    member_or_office,
    named_only,
    not_named,
    only_party_named,
    opens_cited_words,
    other_subject,
    party_to_agreement,
    patient_of_passive,
    subject_by_name,
    unclear_name,
)
from summariser.grounding.checks.who_acts_as_speaker import (
    author_of_remarks,
    issuer,
    label_before,
    several_speakers,
    speaker_of_passage,
    turn_of_transcript,
)
from summariser.grounding.checks.who_acts_by_reference import (
    author_of_act,
    head_of_name,
    kin_of_subject,
    known_by_office,
    last_person_named,
    named_before,
    named_in_lead_in,
    other_in_lead_in,
    promise_of_pronoun,
    refers_to,
)
from summariser.grounding.checks.who_is_concerned import (
    affected_before,
    body_of_speaker,
    group_of_plural,
    member_named,
    mentioned_in_passage,
    named_in_passage,
    named_in_window,
    noun_of_group,
    only_other_named,
    people_of_state,
)
from summariser.grounding.checks.who_speaks import (
    organ_of_state,
    other_speaker,
    pronoun_speaks,
    said_by_others,
    speech_of_another,
)
from summariser.grounding.claims import Field
from summariser.grounding.context import Context

PartyRule = Callable[[Participant], Finding | None]

WHO_ACTS: tuple[PartyRule, ...] = (
    unclear_name,
    shared_name,
    several_speakers,
    turn_of_transcript,
    patient_of_passive,
    done_by_others,
    subject_by_name,
    opens_cited_words,
    before_verb,
    joined_to_subject,
    speaker_of_passage,
    party_to_agreement,
    kin_of_subject,
    refers_to,
    named_in_lead_in,
    other_in_lead_in,
    both_sides,
    one_of_several,
    decides,
    agent_of_act,
    head_of_name,
    promise_of_pronoun,
    label_before,
    author_of_remarks,
    issuer,
    known_by_office,
    member_or_office,
    only_party_named,
    other_subject,
    named_before,
    last_person_named,
    author_of_act,
    named_only,
    not_named,
)
"""Rules that decide whether a party acts in the passage."""
WHO_SPEAKS: tuple[PartyRule, ...] = (
    unclear_name,
    shared_name,
    several_speakers,
    turn_of_transcript,
    said_by_others,
    speaker_of_passage,
    signature,
    source_of_statement,
    speech_of_another,
    owner_of_statement,
    one_who_feels,
    agent_of_act,
    name_before_finite_verb,
    name_after_verb_of_saying,
    thing_speaks,
    organ_of_state,
    pronoun_speaks,
    other_speaker,
    *WHO_ACTS[4:],
)
"""Rules that decide whether a party speaks in the passage."""
_CONCERNED: tuple[PartyRule, ...] = (named_in_passage, mentioned_in_passage, member_named, named_in_lead_in)
_GROUPS: tuple[PartyRule, ...] = (people_of_state, noun_of_group, group_of_plural, one_of_several)
TO_WHOM: tuple[PartyRule, ...] = (*_CONCERNED, *_GROUPS, only_other_named, named_in_window, not_named)
"""Rules that decide whether the passage concerns a party."""
WHOM_IT_HITS: tuple[PartyRule, ...] = (*_CONCERNED, *_GROUPS, body_of_speaker, affected_before, not_named)
"""Rules that decide whether a harm would hit a party."""


def target(context: Context, field: Field) -> Finding | None:
    """Look for what a reaction is about: the party that it names, or its words, in the passage or just before it.

    Examples:
        >>> says("Ana Belmar praised the port deal.", text="praised it", target="the port deal")
        'stated'
        >>> says("The port deal is done. Ana Belmar praised it.", text="praised it", target="the port deal")
        'carried_over: There are words for “port” and “deal” in sentence 1.'
        >>> says("Ana Belmar praised it.", text="praised it", target="the fish tax")
        'read: The text nowhere has “fish” and “tax”, which this is said to be about.'
    """
    named = FirstOf(participants, _CONCERNED)
    found = next((f for party in participants(context, field) if (f := named.decide(party)) is not None), None)
    if found is not None:
        return found
    if not field.text and not field.actors:
        return read("It does not say what this is about.")
    wanted = context.content_words(field.text)
    return _target_in_words(context, wanted) if wanted else None


def _target_in_words(context: Context, wanted: list[str]) -> Finding:
    """Return the finding on the content words of what a reaction is about."""
    here = context.explained(wanted, context.passage)
    if len(here) == len(wanted):
        return stated(*context.spans_with(wanted))
    near = context.explained([word for word in wanted if word not in here], context.window)
    if 2 * (len(here) + len(near)) >= len(wanted):
        return carried_over(
            words_for(context, near, context.window) if near else "The cited sentences name it in part."
        )
    lacking = [word for word in wanted if word not in (*here, *near) and not context.source.indexed.has_stem(word)]
    if not lacking:
        return carried_over("The text names what it is about elsewhere.")
    return read(f"The text nowhere has {listed(lacking)}, which this is said to be about.")
