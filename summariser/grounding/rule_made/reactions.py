"""What rules leave open about a reaction: what it is about."""

from collections.abc import Callable, Iterator

from summariser.grounding.checks import quoted, read
from summariser.grounding.rule_made.made import Doubt, RuleMade
from summariser.text import Token, lexicon, norms, tokenize

_LATER = lexicon.WEEKDAYS | lexicon.MONTHS
_VAGUE = frozenset("twice once again today table per cent percent one two mr mrs ms dr".split())
_POINTING = frozenset("it its his her their them they he she this that these those him itself themselves".split())
_SPECIFIC = frozenset("a an the his her its their our your".split())


def topic_without_name(made: RuleMade) -> Iterator[Doubt]:
    """Leave open what a reaction is about if the words are a day, a number, a pronoun or no noun phrase.

    Examples:
        >>> doubts("Ana Belmar denied it had closed the mine.")
        'towards: “it had closed the mine” does not name what this is about.'
    """
    target = made.item.kind.target
    said = str(made.item.value(target) or "") if target else ""
    words = norms(said)
    if not words or (made.item.target is not None and len(words) == 1 and words[0] not in _POINTING):
        return
    small = lexicon.prepositions(made.reading.language) - {"that", "having"}
    opens = words[0] in small | _POINTING | lexicon.words("auxiliaries", "en") or words[0].endswith("ly")
    empty = all(_says_little(token) for token in tokenize(said))
    if opens or empty:
        yield target or "", read(f"{quoted(said)} does not name what this is about.")


def _says_little(token: Token) -> bool:
    vague = token.norm in _LATER | _SPECIFIC | _VAGUE
    return vague or token.is_number or lexicon.UNITS.get(token.norm) == "%"


def feared_harm(made: RuleMade) -> Iterator[Doubt]:
    """Leave open what a fear or a warning is about: its object is the harm, not what may do it.

    Examples:
        >>> doubts("Ana Belmar fears a flood.")
        'towards: “a flood” is what is feared; what may cause it is another thing.'
    """
    said = made.item.value(made.item.kind.target)
    risks = any(each.kind.possible for each in made.beside)
    if said and risks and made.item.value("stance") == "concerned":
        reason = f"{quoted(str(said))} is what is feared; what may cause it is another thing."
        yield made.item.kind.target or "", read(reason)


def request_to_nobody(made: RuleMade) -> Iterator[Doubt]:
    """Leave open to whom a request is made if its words name nobody.

    Examples:
        >>> doubts("Ana Belmar asked for the pump to be shut off.")
        'towards: “the pump to be shut off” names nobody to whom the request is made.'
    """
    said = str(made.item.value(made.item.kind.target) or "")
    if made.item.value("stance") != "neutral" or not said:
        return
    words = norms(said)
    addressed = any(norms(mention.name)[-1:] == (word,) for mention in made.reading.mentions for word in words)
    if not addressed:
        yield made.item.kind.target or "", read(f"{quoted(said)} names nobody to whom the request is made.")


TOPIC: tuple[Callable[[RuleMade], Iterator[Doubt]], ...] = (
    topic_without_name,
    feared_harm,
    request_to_nobody,
)
"""Rules that find that the words leave open what a reaction is about."""
