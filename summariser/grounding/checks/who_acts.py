"""Rules that decide whether a party acts in the passage: as a subject, an agent, a speaker, or by another word."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from summariser.documents import Document, Turn
from summariser.grounding.checks.findings import Finding, carried_over, contradicted, quoted, read, stated
from summariser.grounding.checks.participants import Participant, stands_for
from summariser.grounding.checks.who_is_concerned import people_of_state
from summariser.text import Token, is_content, lexicon, norms, tokenize

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
DEFINITE_WORDS = frozenset("the their its his her our this".split())  # before a noun that the text has named
_POSSESSIVE_PRONOUNS = frozenset("his her its their".split())
_COMMITMENTS = lexicon.words("given_words", "en") | frozenset("plan plans decision refusal goal".split())
_BETWEEN = lexicon.words("preverbal_words", "en") | frozenset("has have had also".split())
_AUTHORS = (("speaker",), ("author",), ("host",))
_LABEL = re.compile(r"\s*([A-Z][A-Z .’'-]{2,40}):\s")
_BACK = 10  # sentences back in which a person is named to whom a pronoun may refer
_WE = frozenset("we us our ours nous notre nos nosotros nuestro nuestra wir uns unser unsere".split())
_LABEL_BACK = 60  # sentences back in which the label of a speaker stands
_FAR = 60  # characters after a name from which on a subject does not belong to it
_SHORT = 3  # words of a quotation whose sentence is read with it
OPENING = 3  # sentences at the beginning of a document, which name its issuer or those whom it is about


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


def several_speakers(party: Participant) -> Finding | None:
    """Leave to the reader who acts in words that stand in the turns of several speakers.

    Examples:
        >>> talk = "ANA BELMAR: Well? ¶ JOAO PELL: Yes. ¶ ANA BELMAR: So? ¶ JOAO PELL: We will pay."
        >>> says(talk, words="So? JOAO PELL: We will pay.", cited=(3, 4), text="pay", actor="Ana Belmar")
        'read: Several speakers say the cited words.'
    """
    return read("Several speakers say the cited words.") if party.of_several_turns else None


def turn_of_transcript(party: Participant) -> Finding | None:
    """Take "I" and "we" in a turn of a transcript, and words without any other actor, for those of its speaker.

    Examples:
        >>> talk = "ANA BELMAR: Well? ¶ JOAO PELL: Yes. ¶ ANA BELMAR: So? ¶ JOAO PELL: We will pay."
        >>> says(talk, text="pay", actor="Joao Pell")
        'carried_over: JOAO PELL is speaking there.'
        >>> says(talk, text="pay", actor="Lume Union")
        'read: JOAO PELL is speaking there, and it is not clear that of Lume Union.'
        >>> says(talk, text="pay", actor="Lume Union", known="Joao Pell of Arlen")
        'contradicted: JOAO PELL is speaking there, not Lume Union.'
    """
    turn = party.turn
    if turn is None or turn.answers:
        return None
    subjects = party.subject_mentions
    unquoted = any(mention.may_act for each in party.acting for mention in each.mentions)
    own_words = all(mention.pronoun == "own" for mention in subjects) if subjects else not unquoted
    if party.takes_turn or (turn.speaker and party.is_kin((turn.speaker,))):
        speaks = own_words or (party.field.role == "speaker" and not party.tells_of_another)
        return carried_over(f"{turn.label} is speaking there.", turn.span) if speaks else None
    if not own_words or party.named_here:
        return None
    return _other_speaker_of_turn(party, turn)


def _other_speaker_of_turn(party: Participant, turn: Turn) -> Finding | None:
    """Return the finding on a party in the turn of somebody else; None if a question tells of others."""
    own = [mention for each in party.acting for mention in each.mentions if mention.pronoun == "own"]
    if not turn.speaker:
        unknown = read(f"It is not known who {quoted(turn.label)} is, who speaks there.", turn.span)
        return unknown if own or not turn.asks else None
    plural = all(party.context.words_at(mention.start, mention.end).casefold() in _WE for mention in own)
    if not own or (plural and not party.actor.person and not _speaks_for_another(party, turn.speaker)):
        return read(f"{turn.label} is speaking there, and it is not clear that of {party.name}.", turn.span)
    name = [token.norm for token in tokenize(party.name) if is_content(token, party.context.language)]
    said = {token.norm for token in party.context.quoted_tokens}
    if party.field.role == "speaker" and said.issuperset(name):  # "as the President told us, Arlen will pay"
        return read(f"{turn.label} is speaking there, and perhaps tells what {party.name} says.", turn.span)
    return contradicted(f"{turn.label} is speaking there, not {party.name}.", turn.span)


def _speaks_for_another(party: Participant, speaker: str) -> bool:
    """Return True if a speaker is known to belong to another body, and no people of this one stand there."""
    belongs = any(other.belongs_to for other in party.context.source.actors.bearers(speaker))
    return belongs and people_of_state(party) is None


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


def speaker_of_passage(party: Participant) -> Finding | None:
    """State the speaker of the passage: by name beside a verb of saying, in a turn, or in a quotation that runs on.

    Examples:
        >>> says("“It will rain,” said Ana Belmar.", text="it will rain", speaker="Ana Belmar")
        'stated'
        >>> says("“It will rain,” said Ana Belmar. “It will snow.”", text="it will snow", speaker="Ana Belmar")
        'carried_over: Ana Belmar is speaking there.'
    """
    for each in party.acting_in_passage:
        if any(party.is_named(subject.names) for subject in each.spoken):
            return stated(*party.named_here[:1]) if party.named_here else carried_over(f"{party.name} speaks there.")
        if party.is_named(each.speakers) and not party.tells_of_another:
            return carried_over(f"{party.name} is speaking there.")
    return None


def party_to_agreement(party: Participant) -> Finding | None:
    """State a party that a sentence of agreement names as the other side.

    Examples:
        >>> says("Arlen signed a pact with Bocia.", text="sign a pact", status="agreed", actor="Bocia")
        'stated'
    """
    agreed = not _AGREEING.isdisjoint(t.norm for t in party.context.quoted_tokens)
    labelled = any(each.role == "status" and each.text == "agreed" for each in party.context.claim.fields)
    return stated(*party.named_here[:1]) if agreed and labelled and party.named_here else None


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


def label_before(party: Participant) -> Finding | None:
    """Carry over the party whose name is the last label of a speaker before the passage: "OFFICIAL: …".

    Examples:
        >>> says("OFFICIAL: Good evening. ¶ It is a broad package.", text="broad package", speaker="official")
        'carried_over: “OFFICIAL” is the last speaker named before.'
    """
    context, source = party.context, party.context.source
    if party.tells_of_another or party.turn is not None:
        return None
    number = min(context.quoted, default=0)
    for sentence in reversed(source.document.sentences[max(0, number - _LABEL_BACK) : number]):
        label = _LABEL.match(sentence.text)
        if label is not None:
            same = norms(label.group(1)) in [norms(name) for name in party.actor.names]
            reason = f"{quoted(label.group(1))} is the last speaker named before."
            return carried_over(reason, (sentence.start, sentence.end)) if same else None
    return None


def author_of_remarks(party: Participant) -> Finding | None:
    """Carry over an unnamed speaker to "I" and "we" in a text that names nobody as its speaker.

    Examples:
        >>> says("I am pleased with the plan.", text="pleased with the plan", speaker="speaker")
        'carried_over: “I” there is the speaker of the whole text.'
    """
    if norms(party.name) not in _AUTHORS or party.turn is not None:
        return None
    own = next((m for each in party.acting for m in each.mentions if m.pronoun == "own" and not m.quoted), None)
    if own is None or party.tells_of_another:
        return None
    return carried_over(
        f"{quoted(party.context.words_at(own.start, own.end))} there is the speaker of the whole text.",
        (own.start, own.end),
    )


def issuer(party: Participant) -> Finding | None:
    """Carry over a party that the opening names, if the passage says "we" or "I" outside quotations and transcripts.

    Examples:
        >>> says("Kall Group ¶ The year was good. We will open a mine.", text="open a mine", actor="Kall Group")
        'carried_over: The document says “We” of its issuer, and its opening names Kall Group.'
    """
    context = party.context
    own = next((m for each in party.acting for m in each.mentions if m.pronoun == "own" and not m.quoted), None)
    if own is None or any(context.source.document.sentences[n - 1].turn for n in context.quoted):
        return None
    document = context.source.document
    opening = [sentence.number for sentence in document.content[:OPENING]]
    if not context.source.naming(party.actor, opening) or party.is_named(_labels(document)):
        return None
    word = quoted(context.words_at(own.start, own.end))
    return carried_over(
        f"The document says {word} of its issuer, and its opening names {party.name}.", (own.start, own.end)
    )


@lru_cache(maxsize=8)
def _labels(document: Document) -> tuple[str, ...]:
    """Return the labels of speakers that open sentences of a document, each once."""
    labels = (_LABEL.match(sentence.text) for sentence in document.content)
    return tuple(dict.fromkeys(label.group(1) for label in labels if label is not None))


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
    if party.opening_describes_another:
        return None
    number = party.named_before[-1]
    if party.stranger_may_act(number):
        return None
    reason = f"Sentence {number} names {party.name}, and the cited words name nobody else who acts."
    return carried_over(reason, party.context.sentence_span(number))


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
