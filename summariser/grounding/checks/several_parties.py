"""Who of several parties acts: together, by "both" or "they", or one of them without the others."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from summariser.extraction.rules import ActorMention, Subject
from summariser.grounding.checks.findings import Finding, carried_over, quoted, read, stated
from summariser.grounding.checks.participants import Participant
from summariser.grounding.checks.who_acts import undergoes
from summariser.grounding.checks.who_acts_by_reference import DEFINITE_WORDS, OPENING
from summariser.text import Token, lexicon, norms

_JOINING = frozenset({"and", "and the", "et", "et la", "et le", "y", "y la", "y el", "und"})
_WITH = frozenset("with alongside mit con avec".split())
_RELATIVE = frozenset({"which", "whom", "that"})
_TOGETHER = frozenset("both each together jointly either neither".split())
_SIDES = lexicon.words("sides", "en")
_SIGNATORIES = frozenset({"signatory", "signatories", "everyone", "everybody", "together"})
_PLURAL_PRONOUNS = frozenset(p.word for p in lexicon.pronouns("en") if p.referent == "plural") | {"each", "both", "our"}
_DEFINITE = frozenset("the our these those both all".split())
_SMALL_NUMBERS = frozenset("two three four five six seven".split())
_SEVERAL = 2  # parties of a field for which a plural may stand
_NEAR = 6  # sentences before a passage that may name them
_OPENING_OF_SEVERAL = 8  # sentences of a document that may name them


def shared_name(party: Participant) -> Finding | None:
    """Leave a party to the reader that the passage names only by a name of another party of the item as well.

    Examples:
        >>> says("On Monday Belmar will pay for it.", text="pay for it", actor="Ana Belmar; Rui Belmar")
        'read: The cited sentences may mean Ana Belmar or Rui Belmar.'
    """
    if any(norms(party.context.words_at(*span)) == norms(party.name) for span in party.named_here):
        return None
    proper = (name for each in party.acting for mention in each.mentions if mention.proper for name in mention.names)
    own = [name for name in proper if party.actor.has_name(name)]
    for other in (each for each in party.field.actors if each != party.actor and own):
        if all(map(other.has_name, own)):
            return read(f"The cited sentences may mean {party.name} or {other.name}.", *party.named_here[:1])
    return None


def done_by_others(party: Participant) -> Finding | None:
    """Leave a party to the reader if other known parties alone are the subject of the text's own words.

    Examples:
        >>> says("On Monday Arlen and Bocia agreed on a dam. There Arlen gives the land.", cited=(1, 2),
        ...     words="Arlen and Bocia agreed on a dam. There Arlen gives the land.", text="give the land",
        ...     status="agreed", actor="Arlen; Bocia")
        'read: It seems that Arlen acts there without Bocia.'
        >>> says("Arlen and Bocia will build it, and Dorland will pay.", text="pay", actor="Arlen; Dorland",
        ...     known="Bocia")
        'read: It seems that Dorland acts there without Arlen.'
    """
    subject = party.doers
    if party.field.role != "actor" or subject is None or not excludes(party, subject):
        return None
    if any(undergoes(party, mention.end) for mention in subject.mentions[-1:]):
        return None
    who, span = " and ".join(subject.names), (subject.at, subject.at + len(subject.verb))
    return read(f"It seems that {who} {'act' if len(subject.names) > 1 else 'acts'} there without {party.name}.", span)


def excludes(party: Participant, subject: Subject) -> bool:
    """Return True if a subject is one or more of the other parties of a field, and not this one.

    Args:
        party: One of several parties of a field.
        subject: The subject of a verb.
    """
    others = [other for other in party.field.actors if other != party.actor]
    if not others or party.is_named(subject.names) or party.is_kin(subject.names) or _acts_beside(party, subject):
        return False
    if party.are_known(subject):
        return any(party.is_kin_of(other, subject.names) for other in others)
    described = not any(mention.proper for mention in subject.mentions)  # an unknown name may be a place
    return described and party.is_singular(subject) and bool(party.named_here)


def _acts_beside(party: Participant, subject: Subject) -> bool:
    """Return True if words near a subject make a party act as well: "together with Arlen", "both", its name nearer."""
    source = party.context.source
    number = next(n for n in party.context.quoted if _is_within(subject.at, party.context.sentence_span(n)))
    tokens = source.tokens([number])
    together = (place for place, token in enumerate(tokens) if token.norm in _TOGETHER)
    if any(not place or tokens[place - 1].norm not in _RELATIVE for place in together):
        return True
    acting = source.acting.get(number)
    after = subject.mentions[-1].end if subject.mentions else subject.at
    nearer = (m for m in acting.mentions if m.free and after < m.start < subject.at) if acting is not None else ()
    if any(party.is_named(mention.names) for mention in nearer):
        return True
    for first, end in source.actors.names_in(party.actor, number):
        before = [token.norm for token in tokens[max(0, first - 3) : first]]
        named = tokens[first].start, tokens[end - 1].end
        if not _WITH.isdisjoint(before) or any(_joins(party, named, mention) for mention in subject.mentions):
            return True
    return False


def _is_within(offset: int, span: tuple[int, int]) -> bool:
    return span[0] <= offset < span[1]


def _joins(party: Participant, named: tuple[int, int], mention: ActorMention) -> bool:
    """Return True if only names, commas and "and" stand between a name and a mention."""
    first, last = sorted([named, (mention.start, mention.end)])
    between = [token for token in party.context.quoted_tokens if first[1] <= token.start < last[0]]
    return all(token.capital or token.norm in _JOINING or token.norm in DEFINITE_WORDS for token in between)


def joined_to_subject(party: Participant) -> Finding | None:
    """State a party that "and" joins to the subject.

    Examples:
        >>> says("Workers and the Kallport firm shook hands.", text="shake hands", actor="Kallport")
        'stated'
    """
    context = party.context
    for start, end in party.named_here:
        for mention in party.subject_mentions:
            first, last = sorted([(start, end), (mention.start, mention.end)])
            if context.words_at(first[1], last[0]).strip(" ,").casefold() in _JOINING:
                return stated((start, end))
    return None


def both_sides(party: Participant) -> Finding | None:
    """Carry over a party that the opening names with another, if "both" or "the two" sides, ministers or leaders act.

    Examples:
        >>> says("Arlen met Bocia. The two sides will leave.", text="leave", actor="Bocia", known="Arlen")
        'carried_over: “two sides” stands for the parties that the opening names, Bocia among them.'
    """
    context, source = party.context, party.context.source
    introducing = [n for n in map(source.lead_in, context.quoted) if n is not None]
    if len(party.field.actors) > _SEVERAL:
        return None
    both = next((pair for n in (*context.quoted, *introducing) for pair in _pairs_of_sides(source.tokens([n]))), None)
    opening = [sentence.number for sentence in source.document.content[:OPENING]]
    if both is None or not source.naming(party.actor, opening):
        return None
    others = (other for other in source.actors.named_in(opening) if other.name != party.name)
    if all(party.is_kin(other.names) for other in others):
        return None
    words = quoted(context.words_at(*both))
    return carried_over(f"{words} stands for the parties that the opening names, {party.name} among them.", both)


def _pairs_of_sides(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the places of "both sides", "the two ministers" and the like."""
    for one, two in pairwise(tokens):
        if one.norm in ("two", "both") and two.norm in _SIDES:
            yield one.start, two.end


def one_of_several(party: Participant) -> Finding | None:
    """Carry over each of several parties that the text names before, if a plural stands for them: "the four", "them".

    Examples:
        >>> says("Arlen and Bocia met. The pact obliges them to leave.", text="leave", actor="Arlen; Bocia")
        'carried_over: “them” stands for the parties that the text names before, Arlen among them.'
        >>> says("Arlen and Bocia met. The leaders will leave.", text="leave", actor="Arlen; Bocia")
        'carried_over: “The leaders” stands for the parties that the text names before, Arlen among them.'
    """
    context, source = party.context, party.context.source
    several = len(party.field.actors)
    plural = next(_plurals(context.quoted_tokens, several), None) if context.language == "en" else None
    if plural is None or several < _SEVERAL:
        return None
    opening = [sentence.number for sentence in source.document.content[:_OPENING_OF_SEVERAL]]
    first = min(context.quoted, default=1)
    near = [n for n in (*opening, *source.before(first, _NEAR), *context.passage) if n <= max(context.passage)]
    named = source.naming(party.actor, near)
    others = [other for other in party.field.actors if other != party.actor and not party.is_kin(other.names)]
    if not any(source.naming(other, named) for other in others if other.person == party.actor.person):
        return None
    reason = f"{quoted(context.words_at(*plural))} stands for the parties that the text names before"
    return carried_over(f"{reason}, {party.name} among them.", plural, context.sentence_span(named[-1]))


def _plurals(tokens: Sequence[Token], count: int) -> Iterator[tuple[int, int]]:
    """Yield the places of plurals that may stand for so many parties: "they", "the four", "our two countries"."""
    for place, token in enumerate(tokens):
        two = tokens[place : place + 2]
        if count > _SEVERAL and any(t.norm in ("both", "two") for t in two):
            continue
        if token.norm in _PLURAL_PRONOUNS:
            yield token.start, token.end
        elif len(two) > 1 and token.norm in _DEFINITE and (two[1].norm in _SIDES or two[1].norm in _SMALL_NUMBERS):
            yield token.start, two[1].end
        elif token.norm in _SIGNATORIES:
            yield token.start, token.end
