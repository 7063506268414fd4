"""What rules leave open about an undertaking: to whom, how firm, on which condition."""

import re
from collections.abc import Callable, Iterator

from summariser.grounding.checks import quoted, read
from summariser.grounding.rule_made.made import Doubt, RuleMade
from summariser.text import is_content

_CONDITIONS = re.compile(
    r"\b(?:in th(?:at|is) case|if so|yet to (?:approve|agree|ratify|vote|decide|sign)|subject to|conditional on)\b",
    re.I,
)
_RETURNS = re.compile(r"\b(?:in return|in exchange|en contrepartie|en échange|a cambio)\b", re.I)
_EVERYBODY = re.compile(r"\bto (?:each|every|all)\b(?! other)(?: [\w’'-]+){1,3}", re.I)
_ASKED = re.compile(r"\b(?:which|that) [^,.;]{1,60}?\b(?:requested|demanded|asked for|called for|ordered)\b", re.I)
_SUBORDINATING = frozenset("when while where because as though although whom".split())
_EARLIER = re.compile(r"\b(?:(?:earlier|previous) version|misstated|incorrectly|erroneously|correction)\b", re.I)
_CLAIMING = frozenset("claims claimed alleges alleged accuses accused".split())


def alleged(made: RuleMade) -> Iterator[Doubt]:
    """Leave open whether somebody undertakes what another claims of them.

    Examples:
        >>> doubts("Near the port Joao Pell, she claimed, plans to close the mine.")
        'status: This is what others claim of Joao Pell (“claimed”).'
    """
    acting = made.named("by")
    for place, norm in enumerate(made.reading.norms()):
        subjects = made.reading.subjects(place, speech=True) if norm in _CLAIMING and made.is_commitment else []
        own = any(actor.has_name(mention.name) for actor in acting for mention in subjects)
        if subjects and acting and not own:
            word = made.reading.slice(place, place + 1)
            yield "status", read(f"This is what others claim of {acting[0].name} ({quoted(word)}).")


def in_subordinate_clause(made: RuleMade) -> Iterator[Doubt]:
    """Leave open whether it is undertaken if the words stand in a clause about something else.

    Examples:
        >>> doubts("Ana Belmar came to the mine she plans to close.")
        'status: The words stand in a clause that tells of something else.'
    """
    reading, subject = made.reading, made.subject
    if not made.is_commitment or subject is None or reading.language != "en":
        return
    first = subject.first if subject.opens < 0 else subject.opens
    while first and reading.tokens[first - 1].norm in reading.determiners - {"that"}:
        first -= 1
    if not first or reading.tokens[first].after_break or reading.quoted(first) != reading.quoted(first - 1):
        return
    before = reading.tokens[first - 1]
    governed = any(verb.sense.kind == "speech" or first <= verb.end for verb in reading.verbs if verb.place < first)
    of_noun = subject.pronoun and is_content(before, reading.language) and not governed
    if before.norm in _SUBORDINATING or of_noun:
        yield "status", read("The words stand in a clause that tells of something else.")


def agreement_of_one(made: RuleMade) -> Iterator[Doubt]:
    """Leave open with whom somebody agreed if the item names no other side.

    Examples:
        >>> doubts("On Monday Kallport accepted the offer.")
        'to: An agreement has two sides, and only one is named.'
    """
    sides = [*made.item.parties.get("by", ()), *made.item.parties.get("to", ())]
    if made.is_commitment and made.item.value("status") == "agreed" and len(sides) == 1:
        yield "to", read("An agreement has two sides, and only one is named.")


def recipient_in_words(made: RuleMade) -> Iterator[Doubt]:
    """Leave open to whom it is promised or refused if the words say so and no recipient is named.

    Examples:
        >>> doubts("On Monday Kallport promised 40 crowns to every household.")
        'to: The text says “to every household”, and no recipient is named.'
    """
    if not made.is_commitment or made.item.parties.get("to"):
        return
    text = made.item.text
    found = _EVERYBODY.search(text) or _RETURNS.search(made.reading.text)
    if found is None and made.item.value("status") == "refused":
        found = _ASKED.search(text)
    if found is not None:
        yield "to", read(f"The text says {quoted(found.group())}, and no recipient is named.")


def bare_future(made: RuleMade) -> Iterator[Doubt]:
    """Leave open how firm a bare "will" is that somebody says, or that a document about an agreement tells.

    Examples:
        >>> doubts("Kallport would close the mine, Ana Belmar of Kallport said.")
        'status: “would” does not say whether it is planned, promised or agreed.'
    """
    verb = made.verb
    if (
        not made.is_commitment
        or made.item.value("status") != "planned"
        or verb is None
        or made.reading.language != "en"
    ):
        return
    bare = verb.norm in ("will", "would", "ll")
    if bare and (made.named("said_by") or made.agreement):
        yield "status", read(f"{quoted(verb.norm)} does not say whether it is planned, promised or agreed.")


def announced_clause(made: RuleMade) -> Iterator[Doubt]:
    """Leave open how firm it is if somebody announced that something will be: it may be decided or planned.

    Examples:
        >>> doubts("Ana Belmar announced that the mine closes in May.")
        'status: “announced” does not say whether it is decided or planned.'
    """
    verb = made.verb
    if made.is_commitment and verb is not None and verb.norm.startswith("announc") and verb.after(1) == ["that"]:
        yield "status", read(f"{quoted(verb.norm)} does not say whether it is decided or planned.")


def condition_in_words(made: RuleMade) -> Iterator[Doubt]:
    """Leave open the condition if words point to one and the item has none.

    Examples:
        >>> doubts("In that case Lume and Kallport will close the mine.")
        'condition: The text says “In that case”, and no condition is given.'
    """
    found = _CONDITIONS.search(made.reading.text) if made.is_commitment else None
    if found is not None and not made.item.value("condition"):
        yield "condition", read(f"The text says {quoted(found.group())}, and no condition is given.")


def cut_at_colon(made: RuleMade) -> Iterator[Doubt]:
    """Leave the text open if the sentence says after a colon what it is.

    Examples:
        >>> doubts("On Monday Kallport decided on a new rule: no ferry sails at night.")
        'action: The sentence goes on after a colon.'
    """
    words = " ".join(made.reading.text.split())
    _, found, rest = words.partition(made.item.text)
    if made.is_commitment and found and rest.startswith(":"):
        yield made.item.kind.text, read("The sentence goes on after a colon.")


def fragment(made: RuleMade) -> Iterator[Doubt]:
    """Leave open what a heading or a fragment says.

    Examples:
        >>> doubts("It rained. ¶ Next month Joao Pell will close the mine ¶ It snowed.")
        'action: “Next month Joao Pell will close the mine” is a heading or a fragment.'
    """
    text = made.reading.text.strip()
    if text[-1:] not in tuple('.!?”"’»…);:,') and text[:1].isalpha():
        yield made.item.kind.text, read(f"{quoted(text)} is a heading or a fragment.")


def corrected(made: RuleMade) -> Iterator[Doubt]:
    """Leave open what a correction says of an earlier version.

    Examples:
        >>> doubts("In an earlier version Joao Pell planned to close the mine.")
        'action: The sentence is about an earlier version.'
    """
    if _EARLIER.search(made.reading.text):
        yield made.item.kind.text, read("The sentence is about an earlier version.")


UNDERTAKING: tuple[Callable[[RuleMade], Iterator[Doubt]], ...] = (
    alleged,
    in_subordinate_clause,
    agreement_of_one,
    recipient_in_words,
    bare_future,
    announced_clause,
    condition_in_words,
    cut_at_colon,
    fragment,
    corrected,
)
"""Rules that find what the words of an undertaking leave open."""
