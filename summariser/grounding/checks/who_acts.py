"""Rules that decide whether a party acts in the passage by its name: as a subject, an agent, or otherwise."""

from collections.abc import Sequence
from functools import cache

from summariser.grounding.checks.findings import Finding, carried_over, contradicted, quoted, read, stated
from summariser.grounding.checks.participants import Participant, stands_for
from summariser.text import Token, lexicon, norms

_RECEIVING = lexicon.words("receiving_words", "en")
_AGREEING = lexicon.by_value("status_words", "en")["agreed"]
_BODIES = lexicon.words("actor_nouns", "en") - lexicon.words("group_nouns", "en")
_GENERIC = lexicon.words("generic_bodies", "en")
_BEING = lexicon.words("forms_of_be", "en")
_BEFORE_PARTICIPLES = _BEING | frozenset("will would has have had to not also now then".split())
_PARTICIPLES = lexicon.words("irregular_participles", "en")
_STATES = lexicon.words("stative_participles", "en")
_AUXILIARIES = lexicon.words("auxiliaries", "en")
_DETERMINERS = frozenset({"the", "that"})
_OF = frozenset({"of", "of the", "for", "for the", "at", "at the"})
_POSSESSIVES = frozenset({"’s", "'s", "’", "'"})
_BETWEEN = lexicon.words("preverbal_words", "en") | frozenset("has have had also".split())
_FAR = 60  # characters after a name from which on a subject does not belong to it
_SHORT = 3  # words of a quotation whose sentence is read with it


def unclear_name(party: Participant) -> Finding | None:
    """Leave a party to the reader whose name is a common noun that fits several: "the ministry" may be any ministry.

    Examples:
        >>> says("The ministry will pay for the port.", text="pay for the port", actor="ministry")
        'read: It is not said which ministry is meant.'
    """
    words = norms(party.name)
    if len(words) != 1 or not party.name[:1].islower() or words[0] not in _BODIES:
        return None
    others = (other for other in party.context.source.actors.with_word(words[0]) if other.name != party.name)
    fits_another = any(words[0] in norms(other.name) for other in others)
    return read(f"It is not said which {party.name} is meant.") if fits_another or words[0] in _GENERIC else None


def patient_of_passive(party: Participant) -> Finding | None:
    """Leave a party to the reader to whom something is done there, by somebody else or by nobody who is named.

    Examples:
        >>> says("The savers will be paid by March.", text="pay by March", actor="savers")
        'read: Something is done to savers there; who does it is not said.'
        >>> says("Ana Belmar was criticised by Joao Pell.", text="criticised", actor="Ana Belmar")
        'read: Something is done to Ana Belmar there.'
    """
    if party.field.role != "actor" or party.context.language != "en":
        return None
    subject = next((each for each in party.subjects if party.is_named(each.names)), None)
    ends = [end for _, end in party.named_here] if subject is None else [m.end for m in subject.mentions[-1:]]
    if not ends:
        return None
    if all(undergoes(party, end) for end in ends):
        return read(f"Something is done to {party.name} there; who does it is not said.", *party.named_here[:1])
    if subject is None and all(undergoes(party, end, with_agent=True) for end in ends):
        return read(f"Something is done to {party.name} there.", *party.named_here[:1])
    return None


def undergoes(party: Participant, end: int, *, with_agent: bool = False) -> bool:
    """Return True if the verb after a subject that ends there is a passive, with or without an agent."""
    after = [token for token in party.context.quoted_tokens if token.start >= end][:6]
    is_passive = False
    for place, token in enumerate(after):
        if is_passive and _is_participle(token):
            return token.norm not in _STATES and _has_agent(after[place + 1 :]) == with_agent
        if token.norm not in _BEFORE_PARTICIPLES:
            return False
        is_passive |= token.norm in _BEING
    return False


def _has_agent(after: Sequence[Token]) -> bool:
    """Return True if "by" stands among the words after a participle, and no day or number after it: "by March"."""
    by = next((place for place, token in enumerate(after) if token.norm == "by"), None)
    if by is None:
        return False
    return not any(t.is_number or t.norm in lexicon.MONTHS | lexicon.WEEKDAYS for t in after[by + 1 : by + 2])


def _is_participle(token: Token) -> bool:
    return token.norm.endswith(("ed", "en")) or token.norm in _PARTICIPLES


def subject_by_name(party: Participant) -> Finding | None:
    """State a party that is the subject of the verbs that govern the quotation, or the agent of a passive.

    Examples:
        >>> says("On Monday Arlen signed the treaty.", text="sign the treaty", actor="Arlen")
        'stated'
        >>> says("The treaty was signed by Bocia in May.", text="sign the treaty", actor="Bocia")
        'stated'
        >>> says("Ana Belmar came home. On Monday she agreed to leave.", text="leave", actor="Ana Belmar")
        'carried_over: “she” stands for Ana Belmar there.'
    """
    subject = next((each for each in party.subjects if party.is_named(each.names)), None)
    if subject is None:
        return None
    if party.named_here:
        return stated(*party.named_here[:1])
    mention = next((each for each in subject.mentions if party.is_named(each.names)), None)
    if mention is None:
        return stated((subject.at, subject.at + len(subject.verb)))
    return stands_for(party, mention) if party.may_be(mention) else None


def opens_cited_words(party: Participant) -> Finding | None:
    """State a party whose name opens the cited words or their sentence, as their subject.

    Examples:
        >>> says("The savers all but shut the bank.", text="shut the bank", actor="savers")
        'stated'
    """
    context, text = party.context, party.context.source.document.text
    starts = {start for start, _ in context.spans}
    starts |= {tokens[0].start for n in context.quoted if (tokens := context.source.indexed.tokens[n])}
    for start, end in party.named_here:
        opens = any(text[s:start].casefold().strip() in ("", "the") for s in starts if s <= start)
        owns = text[end : end + 2] in ("’s", "'s")
        if opens and not owns and (party.field.role == "speaker" or not _subject_stands_later(party, start)):
            return stated((start, end))
    return None


def _subject_stands_later(party: Participant, start: int) -> bool:
    """Return True if the verbs in the cited words have subjects, all of them proper names that stand much later."""
    mentions = party.subject_mentions
    later = all(m.proper and not m.resolved and m.start > start + _FAR for m in mentions)
    return bool(mentions) and later


def before_verb(party: Participant) -> Finding | None:
    """State a party whose name stands right before an auxiliary or a verb of saying in the cited words.

    Examples:
        >>> says("In May the savers will sue the bank.", text="sue the bank", actor="savers")
        'stated'
    """
    context = party.context
    reported = party.field.role == "speaker" and any(each.spoken for each in party.acting)
    verbs = lexicon.speech(context.language) | (frozenset() if reported else _AUXILIARIES)
    cited = context.cited_tokens if len(context.cited_tokens) > _SHORT else context.quoted_tokens
    for start, end in party.named_here:
        after = next((t for t in context.quoted_tokens if t.start >= end), None)
        if after is None or after not in cited or after.norm not in verbs or after.after_break:
            continue
        if not _is_governed([t for t in cited if t.end <= start], context.language):
            return stated((start, end))
    return None


def _is_governed(before: Sequence[Token], language: str | None) -> bool:
    """Return True if one of the two words before a name is a preposition."""
    return any(t.norm in lexicon.prepositions(language) - _DETERMINERS for t in before[-2:])


def party_to_agreement(party: Participant) -> Finding | None:
    """State a party that a sentence of agreement names as the other side.

    Examples:
        >>> says("Arlen signed a pact with Bocia.", text="sign a pact", status="agreed", actor="Bocia")
        'stated'
    """
    agreed = not _AGREEING.isdisjoint(t.norm for t in party.context.quoted_tokens)
    labelled = any(each.role == "status" and each.text == "agreed" for each in party.context.claim.fields)
    return stated(*party.named_here[:1]) if agreed and labelled and party.named_here else None


def decides(party: Participant) -> Finding | None:
    """State a party whose name stands right before a verb of deciding: "…, the Bureau ordered".

    Examples:
        >>> says("Kall must pay, the Bureau in Bocia ordered.", words="must pay", text="must pay", status="decided",
        ...     actor="Bureau in Bocia", known="Kall")
        'stated'
    """
    if not any(field.text == "decided" for field in party.context.claim.of("status")):
        return None
    tokens = party.context.quoted_tokens
    for start, end in party.named_here:
        after = next((t for t in tokens if t.start >= end and t.norm not in _BETWEEN), None)
        governed = _is_governed([t for t in tokens if t.end <= start], party.context.language)
        if after is not None and not after.after_break and after.norm in _ordering() and not governed:
            return stated((start, end))
    return None


@cache
def _ordering() -> frozenset[str]:
    """Return the verbs of deciding, in all forms."""
    return frozenset(entry for entry in lexicon.by_value("commitment_verbs", "en")["decided"] if " " not in entry)


def member_or_office(party: Participant) -> Finding | None:
    """Carry over a body whose member or office acts: "members of the union", "the union's chairman".

    Examples:
        >>> says("Some members of the Lume Union stayed.", text="stay", actor="Lume Union")
        'carried_over: “members of the Lume Union” acts there.'
    """
    context = party.context
    for mention in (mention for each in party.acting for mention in each.mentions if mention.free):
        for start, end in party.named_here:
            member = mention.end <= start and context.words_at(mention.end, start) in _OF
            office = end <= mention.start and context.words_at(end, mention.start) in _POSSESSIVES
            if member or office:
                span = min(start, mention.start), max(end, mention.end)
                return carried_over(f"{quoted(context.words_at(*span))} acts there.", span)
    return None


def only_party_named(party: Participant) -> Finding | None:
    """State a party that the passage names, if no verb there has a subject and it names no other known party.

    Examples:
        >>> says("No more coal from Kallport.", text="coal", actor="Kallport")
        'stated'
    """
    if not party.named_here or party.subjects or party.others_named:
        return None
    return stated(*party.named_here[:1])


def other_subject(party: Participant) -> Finding | None:
    """Contradict a party in whose place another known party is the subject, by name.

    Examples:
        >>> says("On Monday Arlen signed the pact.", text="sign the pact", actor="Bocia", known="Arlen")
        'contradicted: The text says this of Arlen, not of Bocia.'
    """
    if not party.other_subjects or party.named_here:
        return None
    subject = party.subjects[0]
    if party.context.language == "en" and any(undergoes(party, m.end) for m in subject.mentions[-1:]):
        return None
    if not _RECEIVING.isdisjoint(token.norm for token in party.context.cited_tokens):  # who gives is not said
        return None
    if not party.actor.person and all(map(party.is_person_of_no_body, party.other_subjects)):
        return None  # a leader may act for a state
    if any(party.is_kin_of(other, party.other_subjects) for other in party.field.actors if other != party.actor):
        return None  # one of several parties of the item is the subject
    span = (subject.at, subject.at + len(subject.verb))
    others = " and ".join(party.other_subjects)
    return contradicted(f"The text says this of {others}, not of {party.name}.", span)


def named_only(party: Participant) -> Finding | None:
    """Leave a party to the reader that the passage names, but not as the one who acts.

    Examples:
        >>> says("On Monday Arlen promised Bocia a ship.", text="give a ship", actor="Bocia", known="Arlen")
        'read: The cited sentences name Bocia, but it seems that Arlen acts there.'
        >>> says("On Monday the union promised Bocia a ship.", text="give a ship", actor="Bocia")
        'read: The cited sentences name Bocia, but not clearly as the one who acts.'
    """
    if not party.named_here:
        return None
    others = " and ".join(party.other_subjects)
    doubt = f"but it seems that {others} acts there" if others else "but not clearly as the one who acts"
    return read(f"The cited sentences name {party.name}, {doubt}.", *party.named_here[:1])


def not_named(party: Participant) -> Finding | None:
    """Leave a party to the reader that the passage does not name.

    Examples:
        >>> says("A strike shut the mine.", text="shut the mine", actor="Arlen")
        'read: The cited words do not name Arlen.'
        >>> says("Бочия большая. Порт закроют.", text="Порт закроют", actor="Бочия", language="ru")
        'read: The cited words do not name Бочия.'
    """
    return read(f"The cited words do not name {party.name}.")
