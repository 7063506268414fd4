"""Rules that decide whether a party acts in the passage by another word: a pronoun, an office, a description."""

import re
from functools import lru_cache
from itertools import pairwise

from summariser.documents import Document
from summariser.grounding.checks.findings import Finding, carried_over, quoted, read
from summariser.grounding.checks.participants import Participant, stands_for
from summariser.text import lexicon, norms

_BODIES = lexicon.words("actor_nouns", "en") - lexicon.words("group_nouns", "en")
DEFINITE_WORDS = frozenset("the their its his her our this".split())  # before a noun that the text has named
_POSSESSIVE_PRONOUNS = frozenset("his her its their".split())
_COMMITMENTS = lexicon.words("given_words", "en") | frozenset("plan plans decision refusal goal".split())
_BACK = 10  # sentences back in which a person is named to whom a pronoun may refer
_FEWEST_LINES = 2  # that a name begins, so that it may be the label of one speaker of several
OPENING = 3  # sentences at the beginning of a document, which name its issuer or those whom it is about


def kin_of_subject(party: Participant) -> Finding | None:
    """Carry over a body for whom a member acts, and a member for whom its body acts: the text says who belongs where.

    Examples:
        >>> says("Ana Belmar will sign the pact.", text="sign the pact", actor="Arlen", known="Ana Belmar of Arlen")
        'carried_over: Ana Belmar acts there, and Ana Belmar belongs to Arlen.'
    """
    actors = party.context.source.actors
    acting = (name for subject in party.subjects for name in subject.names)
    speaking = (name for each in party.acting for name in each.speakers)
    for name in (*acting, *speaking):
        kin = next((each for each in actors.bearers(name) if each in actors.kin(party.actor)), None)
        if kin is not None:
            member, body = (kin.name, party.name) if kin.belongs_to == party.name else (party.name, kin.name)
            return carried_over(f"{kin.name} acts there, and {member} belongs to {body}.")
    return None


def refers_to(party: Participant) -> Finding | None:
    """Carry over a party to whom a pronoun or a description in the passage refers.

    Examples:
        >>> says("Ana Belmar came home. A day later she left.", text="leave", actor="Ana Belmar")
        'carried_over: “she” stands for Ana Belmar there.'
    """
    for each in party.acting_in_passage:
        for mention in each.mentions:
            if mention.resolved and mention.free and party.is_meant(mention):
                return stands_for(party, mention)
    return None


def named_in_lead_in(party: Participant) -> Finding | None:
    """Carry over a party that the sentence names which introduces a list.

    Examples:
        >>> says("Arlen and Bocia agreed to: ¶ - shut a port; ¶ - open the pass.", text="open it", actor="Bocia")
        'carried_over: The sentence that introduces the list names Bocia.'
    """
    source = party.context.source
    for number in party.context.quoted:
        introducing = source.lead_in(number)
        if introducing is not None and source.naming(party.actor, [introducing]):
            reason = f"The sentence that introduces the list names {party.name}."
            return carried_over(reason, party.context.sentence_span(introducing))
    return None


def other_in_lead_in(party: Participant) -> Finding | None:
    """Leave a party to the reader if the sentence that introduces a list begins with another known party.

    Examples:
        >>> says("Arlen will: ¶ - lend Bocia a ship.", text="lend a ship", actor="Bocia", known="Arlen")
        'read: The sentence that introduces the list begins with Arlen, not with Bocia.'
    """
    source = party.context.source
    for introducing in filter(None, map(source.lead_in, party.context.quoted)):
        for other in source.actors.named_in([introducing]):
            opens = any(first == 0 for first, _ in source.actors.names_in(other, introducing))
            if opens and other.name != party.name and not party.is_kin(other.names):
                reason = f"The sentence that introduces the list begins with {other.name}, not with {party.name}."
                return read(reason, party.context.sentence_span(introducing))
    return None


def last_person_named(party: Participant) -> Finding | None:
    """Carry over the person whom the text names last before "he" or "she", some sentences back.

    Examples:
        >>> says("They met Ana Belmar. It was hot. It was dry. It was late. She left.", text="leave",
        ...     actor="Ana Belmar")
        'carried_over: Sentence 1 names Ana Belmar, the last person named before “She”.'
    """
    context, source = party.context, party.context.source
    mentions = (m for each in party.acting for m in each.mentions)
    pronoun = next((m for m in mentions if m.pronoun == "person" and m.free and not m.quoted), None)
    if pronoun is None or not party.actor.person or party.named_here or party.is_of_stranger(pronoun):
        return None
    first = min(context.quoted)
    for number in reversed([*source.before(first, _BACK), *(n for n in context.quoted)]):
        persons = (other for other in source.actors.named_in([number]) if other.person)
        if not all(party.is_named((other.name,)) for other in persons):
            return None
        if source.naming(party.actor, [number]):
            word = quoted(context.words_at(pronoun.start, pronoun.end))
            reason = f"Sentence {number} names {party.name}, the last person named before {word}."
            return carried_over(reason, context.sentence_span(number))
    return None


def author_of_act(party: Participant) -> Finding | None:
    """Carry over the one party that the document names first, if nobody acts in the passage: "the tax will end".

    Examples:
        >>> says("Arlen acts. It is May. It is hot. It is dry. The rule will be repealed.", text="repeal the rule",
        ...     status="decided", actor="Arlen")
        'carried_over: Sentence 1 names Arlen first, and the cited words name nobody else who acts.'
    """
    context, source = party.context, party.context.source
    elsewhere = party.field.role != "actor" or party.others_named or party.named_here or party.turn is not None
    if elsewhere or not context.known_language:
        return None
    acting = [*party.subject_mentions, *party.free_mentions]
    if any(m.pronoun or (m.resolved and any(m.names)) or m.proper for m in acting):
        return None
    for sentence in source.document.content[:OPENING]:
        named = {
            other.name: source.actors.names_in(other, sentence.number)[0][0]
            for other in source.actors.named_in([sentence.number])
        }
        if named:
            first = min(named, key=lambda name: named[name])
            if (first != party.name and not party.is_kin((first,))) or party.names_stranger(sentence.number):
                return None
            reason = (
                f"Sentence {sentence.number} names {party.name} first, and the cited words name nobody else who acts."
            )
            return carried_over(reason, context.sentence_span(sentence.number)) if party.name in named else None
    return None


def head_of_name(party: Participant) -> Finding | None:
    """Carry over a body for which its last noun opens a sentence: "Their committee" is the residents' committee.

    Examples:
        >>> says("Ana Belmar left the Orvel Committee. Anglers met. Their committee threatened to sue.", text="sue",
        ...     actor="anglers’ committee")
        'carried_over: “Their committee” stands for anglers’ committee there.'
    """
    context, words = party.context, party.name.split()
    head = norms(words[-1])[-1:] if len(words) > 1 else ()
    if not head or head[0] not in _BODIES or party.named_here:
        return None
    others = (other for other in context.source.actors.with_word(head[0]) if head == norms(other.name)[-1:])
    if any(other.name != party.name and not party.is_kin(other.names) for other in others):
        return None
    for number in context.quoted:
        two = context.source.tokens([number])[:2]
        if len(two) > 1 and two[0].norm in DEFINITE_WORDS and two[1].norm == head[0]:
            span = two[0].start, two[1].end
            return carried_over(f"{quoted(context.words_at(*span))} stands for {party.name} there.", span)
    return None


def promise_of_pronoun(party: Participant) -> Finding | None:
    """Carry over the party named before "his promise", "their plan" and the like.

    Examples:
        >>> says("Kall asked Ana Belmar about her promise to lower the tax.", known="Kall",
        ...     words="her promise to lower the tax", text="lower the tax", actor="Ana Belmar")
        'carried_over: “her promise” is that of Ana Belmar.'
    """
    context = party.context
    for one, two in pairwise(context.cited_tokens or context.quoted_tokens):
        if one.norm in _POSSESSIVE_PRONOUNS and two.norm in _COMMITMENTS and party.is_named_last(one.start):
            span = one.start, two.end
            if any(end <= one.start for _, end in party.named_here):
                return carried_over(f"{quoted(context.words_at(*span))} is that of {party.name}.", span)
    return None


def known_by_office(party: Participant) -> Finding | None:
    """Carry over a person whose office acts, if the text gives it with the name: "the vice president".

    Examples:
        >>> says("The president will pay.", text="pay", actor="President Ana Belmar")
        'carried_over: “president” is the office of President Ana Belmar.'
    """
    actors = party.context.source.actors
    own = actors.offices.get(party.actor, frozenset[tuple[str, ...]]())
    for mention in (mention for each in party.acting for mention in each.mentions if mention.may_act):
        words = party.context.words_at(mention.start, mention.end)
        office = norms(words)
        if not mention.proper and office in own and all(o.has_name(party.name) for o in actors.holders[office]):
            return carried_over(f"{quoted(words)} is the office of {party.name}.", (mention.start, mention.end))
    return None


def named_before(party: Participant) -> Finding | None:
    """Carry over a party whom the sentences just before name, if only a pronoun or a description acts in the passage.

    Examples:
        >>> says("Kallport had a bad year. The mine will be shut.", text="shut the mine", actor="Kallport")
        'carried_over: Sentence 1 names Kallport, and the cited words name nobody else who acts.'
    """
    if not party.context.known_language or (party.field.role == "speaker" and party.tells_of_another):
        return None
    acting = party.subject_mentions or party.free_mentions
    if any(mention.proper and not mention.resolved for mention in acting) or not party.named_before:
        return None
    if any(party.is_of_another(mention) for mention in acting):
        return None
    own = any(mention.pronoun == "own" for mention in acting)
    labelled = own and begins_lines(party.context.source.document, frozenset(party.actor.names))
    if labelled or party.opening_describes_another:
        return None
    number = party.named_before[-1]
    if party.stranger_may_act(number):
        return None
    reason = f"Sentence {number} names {party.name}, and the cited words name nobody else who acts."
    return carried_over(reason, party.context.sentence_span(number))


@lru_cache(maxsize=64)
def begins_lines(document: Document, names: frozenset[str]) -> bool:
    """Return True if a mark sets a name apart at the beginning of several lines, as labels do of some form."""
    name = "|".join(re.escape(each) for each in sorted(names, key=len, reverse=True))
    mark = r"[^\S\n]?[\])>]?[^\S\n]?[:|\])>/~–—=-]|[^\S\n]*\n(?!\s*\n)"
    lines = re.compile(rf"^[^\w\n]*(?:[\d:.]+[^\w\n]+)?(?:{name})(?:{mark})", re.MULTILINE | re.IGNORECASE)
    return len(lines.findall(document.text)) >= _FEWEST_LINES
