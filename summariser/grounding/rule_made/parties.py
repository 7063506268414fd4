"""What rules leave open about who acts, who speaks and whose view it is."""

from collections.abc import Callable, Iterator

from summariser.extraction.rules import Mention, Reading
from summariser.grounding.actors import Actor
from summariser.grounding.checks import quoted, read
from summariser.grounding.rule_made.made import Doubt, RuleMade
from summariser.text import lexicon, norms, state_named

_PERSONS = lexicon.words("offices") | lexicon.words("occupations", "en") | lexicon.words("speaker_nouns")
_GROUPS = lexicon.words("group_nouns", "en")
_COUNTS = frozenset("some many several most two three four five six deux trois quatre cinq dos tres cuatro".split())
_CLAIMING = frozenset("claims claimed alleges alleged accuses accused".split())
_IS = frozenset("is are was were".split())


def group_without_name(made: RuleMade) -> Iterator[Doubt]:
    """Leave open who acts if it is a group or a person without a name: who belongs to it is not said.

    Examples:
        >>> doubts("Some boat owners will sue Kallport.")
        'by: “boat owners” is no name, and who is meant is not said.'
    """
    for actor in made.named(made.item.kind.actor):
        if _is_description(made, actor.name):
            yield made.item.kind.actor or "", read(f"{quoted(actor.name)} is no name, and who is meant is not said.")


def _is_description(made: RuleMade, name: str) -> bool:
    """Return True if a name is a common noun for several people or for one with an office."""
    words = norms(name)
    common = name[:1].islower() or (len(words) == 1 and words[0] not in made.reading.capitals and not name.isupper())
    if not words or not common or state_named(name):
        return False
    plural = words[-1] in _GROUPS or (words[-1].endswith("s") and not words[-1].endswith("ss"))
    return plural or words[-1] in _PERSONS or words[0] in _COUNTS or words[-1].endswith("ly")


def part_of_longer_name(made: RuleMade) -> Iterator[Doubt]:
    """Leave open who acts if the name is a part of a longer one there: a word with "of" or a number belongs to it.

    Examples:
        >>> doubts("The Guild of Kall Net Owners promised to pay.")
        'by: “Kall Net Owners” is part of a longer name there.'
    """
    for actor in made.named(made.item.kind.actor):
        places = [m for m in made.mentions_of(actor) if m.named]
        if places and all(_is_cut(made.reading, m) or _goes_beyond(actor, m) for m in places):
            yield made.item.kind.actor or "", read(f"{quoted(actor.name)} is part of a longer name there.")


def _goes_beyond(actor: Actor, mention: Mention) -> bool:
    """Return True if a mention is the actor's name with a noun and "of" before it."""
    words, longest = norms(mention.name), max((norms(name) for name in actor.names), key=len)
    before = words[: len(words) - len(longest)]
    return words[len(before) :] == longest and before[-1:] in (("of",), ("for",))


def _is_cut(reading: Reading, mention: Mention) -> bool:
    """Return True if a capitalised word and "of" stand before a mention, or a number right after it."""
    before = reading.tokens[max(0, mention.first - 2) : mention.first]
    joined = len(before) == 2 and before[0].capital and before[1].norm in ("of", "for") and mention.first > 1
    after = reading.tokens[mention.end : mention.end + 1]
    numbered = any(token.is_number and reading.adjoins(mention.end) for token in after)
    return numbered or (joined and reading.adjoins(mention.first) and reading.adjoins(mention.first - 1))


def named_with_others(made: RuleMade) -> Iterator[Doubt]:
    """Leave open who acts if "and" joins another name to the one of the item, and the item leaves it out.

    Examples:
        >>> doubts("Both Ana Belmar and Joao Pell spoke of “a slap in the face of Kallport”.")
        'by: “Joao Pell” is named beside Ana Belmar there.'
    """
    field = made.item.kind.actor or ""
    acting = made.named(field)
    groups = [made.reading.joined(mention) for mention in made.reading.mentions if not mention.pronoun]
    whole = [group for group in groups if not any(len(other) > len(group) and group[0] in other for other in groups)]
    own = [group for group in whole if any(actor.has_name(m.name) for actor in acting for m in group)]
    for other in own[0] if own and all(len(group) > 1 for group in own) else ():
        if not any(actor.has_name(other.name) for actor in made.actors_of_item):
            yield field, read(f"{quoted(other.name)} is named beside {acting[0].name} there.")
            return


def other_words_for_actor(made: RuleMade) -> Iterator[Doubt]:
    """Leave open who acts if the subject is another name, or a description whose noun the party's names lack.

    Examples:
        >>> doubts("Kallport Lines grew. On Monday the company decided to close a mine.")
        'by: “company” stands there; that it means Kallport Lines is a reading.'
    """
    subject, field = made.subject, made.item.kind.actor or ""
    acting = made.named(field)
    if not made.is_commitment or subject is None or subject.pronoun or len(acting) != 1:
        return
    if any(actor.has_name(subject.name) for actor in made.named("to")):
        return
    head = norms(subject.name)[-1:]
    known = {norm for actor in acting for name in actor.names for norm in norms(name)}
    if not known.issuperset(head) and not any(actor.has_name(subject.name) for actor in acting):
        yield field, read(f"{quoted(subject.name)} stands there; that it means {acting[0].name} is a reading.")


def subject_elsewhere(made: RuleMade) -> Iterator[Doubt]:
    """Leave open who acts if other words than a verb follow the name: the subject of the verb is another one.

    Examples:
        >>> doubts("At the harbour, fairs of Kallport and its mayor near Lume will open in May.")
        'by: It is not clear that “Kallport” is the subject of “will”.'
    """
    verb, subject = made.verb, made.subject
    if not made.is_commitment or made.reading.language != "en" or subject is None or verb is None or subject.pronoun:
        return
    settled = made.reading.subjects(verb.place, guessing=False)
    if not settled and not _shares_subject(made, verb.place, subject):
        word = made.reading.slice(verb.place, verb.place + 1)
        yield "by", read(f"It is not clear that {quoted(subject.name)} is the subject of {quoted(word)}.")


def _shares_subject(made: RuleMade, place: int, subject: Mention) -> bool:
    """Return True if "and" stands before a verb, and the subject is that of an earlier verb."""
    earlier = (verb.place for verb in made.reading.verbs if verb.place < place)
    joined = made.reading.norms(place - 1, place) in (["and"], ["but"])
    return joined and any(subject in made.reading.subjects(at, speech=True, guessing=False) for at in earlier)


def patient_of_future(made: RuleMade) -> Iterator[Doubt]:
    """Leave open who acts if something will be done and no agent is named.

    Examples:
        >>> doubts("The wells of Kallport will be closed in May, Ana Belmar said.")
        'by: Something is to be done there; by whom is not said.'
    """
    verb = made.verb
    if not made.is_commitment or made.reading.language != "en" or verb is None:
        return
    after = verb.after(5)
    if "be" not in after[:3]:
        return
    place = verb.place + 2 + after.index("be")
    word = next((at for at in range(place, min(place + 3, len(made.reading.tokens))) if _is_participle(made, at)), None)
    if word is not None and made.reading.agent(word) is None:
        yield "by", read("Something is to be done there; by whom is not said.")


def _is_participle(made: RuleMade, place: int) -> bool:
    norm = made.reading.tokens[place].norm
    return norm.endswith(("ed", "en")) or norm in lexicon.words("irregular_participles", "en")


def holder_elsewhere(made: RuleMade) -> Iterator[Doubt]:
    """Leave open whose view it is if no verb there has the party as its subject.

    Examples:
        >>> doubts("Ana Belmar near the port of Kallport praised the plan.")
        'by: It is not clear that “Ana Belmar” is the one who reacts.'
    """
    reading, field = made.reading, made.item.kind.actor or ""
    if made.item.kind.label != "stance" or reading.language != "en" or reading.sentence.turn is not None:
        return
    verbs = [at for at, norm in enumerate(reading.norms()) if norm in _IS]
    verbs += [verb.place for verb in reading.verbs]
    subjects = [m for at in verbs for m in reading.subjects(at, speech=True, guessing=False)]
    own = any(m.pronoun or not m.named or actor.has_name(m.name) for m in subjects for actor in made.named(field))
    if not own and made.named(field) and not reading.sentence.turn:
        yield field, read(f"It is not clear that {quoted(made.named(field)[0].name)} is the one who reacts.")


WHO: tuple[Callable[[RuleMade], Iterator[Doubt]], ...] = (
    group_without_name,
    part_of_longer_name,
    named_with_others,
    other_words_for_actor,
    subject_elsewhere,
    patient_of_future,
    holder_elsewhere,
)
"""Rules that find whose undertaking or view the words leave open."""
