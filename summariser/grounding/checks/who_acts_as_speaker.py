"""Rules that decide whether a party acts in the passage because it speaks there: in a turn, as an author or issuer."""

import re
from functools import lru_cache

from summariser.documents import Document, Turn
from summariser.grounding.checks.findings import Finding, carried_over, contradicted, quoted, read, stated
from summariser.grounding.checks.participants import Participant
from summariser.grounding.checks.who_acts_by_reference import OPENING, begins_lines
from summariser.grounding.checks.who_is_concerned import people_of_state
from summariser.text import is_content, norms, tokenize

_AUTHORS = (("speaker",), ("author",), ("host",))
_LABEL = re.compile(r"\s*([A-Z][A-Z .’'-]{2,40}):\s")
_WE = frozenset("we us our ours nous notre nos nosotros nuestro nuestra wir uns unser unsere".split())
_LABEL_BACK = 60  # sentences back in which the label of a speaker stands


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
        'read: JOAO PELL is speaking there, and it is not clear whether for Lume Union.'
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
        return read(f"{turn.label} is speaking there, and it is not clear whether for {party.name}.", turn.span)
    name = [token.norm for token in tokenize(party.name) if is_content(token, party.context.language)]
    said = {token.norm for token in party.context.quoted_tokens}
    if party.field.role == "speaker" and said.issuperset(name):  # "as the President told us, Arlen will pay"
        return read(f"{turn.label} is speaking there, and perhaps tells what {party.name} says.", turn.span)
    return contradicted(f"{turn.label} is speaking there, not {party.name}.", turn.span)


def _speaks_for_another(party: Participant, speaker: str) -> bool:
    """Return True if a speaker is known to belong to another body, and no people of this one stand there."""
    belongs = any(other.belongs_to for other in party.context.source.actors.bearers(speaker))
    return belongs and people_of_state(party) is None


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
    if begins_lines(document, frozenset(party.actor.names)):
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
