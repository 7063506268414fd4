"""Short forms of statements: without the attribution and the actor that stand beside them, cut after a clause."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from summariser.text import lexicon
from summariser.text.names import is_outlet
from summariser.text.names import norms as name_norms
from summariser.text.tokens import tokenize

MOST_WORDS = 28
"""A longer statement is cut after a clause."""
_FEWEST_WORDS = 3  # of what remains when an attribution or an actor is left out
_FEWEST_BEFORE_CUT = 10
_MODALS = frozenset("can could may might must shall should will would".split())
"""Words after which a statement says what it is about; it is never cut before one."""
_OPENING, _CLOSING = "“«„", "”»"
_NO_CLAUSE = "|".join(
    "no yes nothing so little much sorry thanks what why how who to of on in at by for with from about".split()
)
"""Words after "said" that begin no clause."""
_UNSURE = frozenset("did do does to would could might may should can cannot will not never no nor nobody".split())
"""Words before a verb of speech with which nobody has said anything for certain."""
_END = re.compile(r"[\s.,;]+$")
_CLAUSE_END = re.compile(r"[,;:]\s| [–—-] |\s(?=(?:which|who|whose|because|while|although|but)\s)")
_DAY = r"(?:(?:(?:early|late|earlier|later)\s)?on\s)?(?:[A-Z]\w+day|yesterday)"
_ADVERBS = frozenset("also then later earlier previously repeatedly".split())


def shortened(text: str, names: Sequence[str], language: str | None) -> str:
    """Return the short form of a statement, in its own words.

    In English texts the attribution ("Ann Lee said on Monday that …", "…, she said, …", "…, she said") and an actor at
    the beginning ("Arlen rebuked …") are left out if they name one of `names`, a pronoun or a news outlet. What is
    still longer than `MOST_WORDS` is cut after a clause, with an ellipsis, unless a condition would be lost.

    Args:
        text: The statement.
        names: The names and aliases of the parties that stand beside it.
        language: The ISO 639-1 code of its language.

    Examples:
        >>> shortened("Ann Lee said on Monday that the port would close.", ["Ann Lee"], "en")
        'the port would close'
        >>> shortened("“We will pay,” the minister told reporters.", ["minister"], "en")
        '“We will pay”'
        >>> shortened("Arlen rebuked Bocia for the visit.", ["Arlen"], "en")
        'rebuked Bocia for the visit'
        >>> shortened("Arlen, they said, is worried that Bocia could leave.", ["Arlen"], "en")
        'is worried that Bocia could leave'
        >>> shortened("Ann Lee did not say that the port would close.", ["Ann Lee"], "en")
        'did not say that the port would close'
    """
    said = " ".join(text.split())
    if language == "en":
        for _ in range(3):
            before = said
            for rule in (_without_inserted, _without_opening, _without_closing, _without_actor):
                said = rule(said, tuple(names))
            if said == before:
                break
    return _cut(_END.sub("", said), language)


# ── attribution and actor ────────────────────────────────────────────────────────────────────────


@cache
def _speech() -> str:
    """Return the forms of the verbs of speech as alternatives of a regular expression."""
    return "|".join(sorted(lexicon.words("plain_speech_verbs", "en"), key=len, reverse=True))


@cache
def _opening() -> re.Pattern[str]:
    """Return a pattern for "Ann Lee said on Monday that", "She told reporters:" and "She said " before a clause."""
    any_clause = rf"(?:\s{_DAY})?\s(?!(?:{_NO_CLAUSE})\b)(?=[^\W\d_])"
    return re.compile(
        rf"(?:[Oo]n\s[A-Z]\w+day,?\s)?(?P<who>[^“”\";:]{{1,120}}?)\s"
        rf"(?:(?:{_speech()})\b[^“”\";:,.]{{0,60}}?(?:\sthat\s|:\s)|said\b{any_clause})"
    )


@cache
def _closing() -> re.Pattern[str]:
    """Return a pattern for ",” she said in Rome" and ",” says Ann Lee, a professor" at the end."""
    return re.compile(
        rf"(?:(?P<quoted>,[”\"]|[”\"],)|,)\s(?:(?P<who>[^,“”\"]{{1,80}}?)\s(?:{_speech()})\b(?(quoted)[^“”\"]{{0,160}}|[^“”\",]{{0,60}})"
        rf"|(?:{_speech()})\s(?P<after>[^“”\"]{{1,160}}))$"
    )


@cache
def _inserted() -> re.Pattern[str]:
    """Return a pattern for ", she said," and ", Ann Lee told reporters," within a statement, and the word after it."""
    return re.compile(rf",\s(?P<who>[^,“”\"]{{1,80}}?)\s(?:{_speech()})\b[^,“”\";:]{{0,40}},\s(?P<next>[\w’'-]+)")


def _without_opening(said: str, names: tuple[str, ...]) -> str:
    match = _opening().match(said)
    if match is None or not _stands_beside(match["who"], names) or _is_unsure(match["who"]):
        return said
    return _enough(said[match.end() :], said)


def _without_closing(said: str, names: tuple[str, ...]) -> str:
    match = _closing().search(_END.sub("", said))
    if match is None:
        return said
    who = match["who"] or match["after"]
    if not _stands_beside(who, names) or (match["who"] and _is_unsure(match["who"])):
        return said
    quote = (match["quoted"] or "").strip(",")
    return _enough(said[: match.start()] + quote, said)


def _without_inserted(said: str, names: tuple[str, ...]) -> str:
    match = _inserted().search(said)
    if match is None or match["who"] == "who" or not _stands_beside(match["who"], names) or _is_unsure(match["who"]):
        return said
    joint = ", " if match["next"] in lexicon.words("conjunctions", "en") else " "
    return said[: match.start()] + joint + said[match.start("next") :]


def _without_actor(said: str, names: tuple[str, ...]) -> str:
    pattern = _actor(names)
    match = pattern.match(said) if pattern else None
    if match is None or match["verb"] in _not_verbs():
        return said
    drops_verb = match["verb"] in ("has", "have", "had") or (match["verb"] == "said" and match["clause"] is not None)
    start = match.end() if drops_verb else match.start("verb")
    return _enough(said[start:], said)


@lru_cache(maxsize=512)
def _actor(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return a pattern for one or two of the names, with what describes them, before a word in lower case."""
    known = "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True) if name)
    if not known:
        return None
    named = rf"(?:(?:the|a|an)\s)?(?:(?:[A-Z][\w’'-]*|\w+\sminister|president|leader|chief)\s){{0,4}}?(?:{known})"
    described = r"(?:,\s(?:who|whose|which|an?|the|its|his|her|their)\s[^,“”\"]{1,90},|\s\([^()]{1,40}\))?"
    clause = rf"(?P<clause>(?!(?:{_NO_CLAUSE})\b)(?=[^\W\d_]))?"
    return re.compile(
        rf"(?:[Oo]n\s[A-Z]\w+day,?\s)?(?:[Bb]oth\s)?{named}(?:\sand\s{named})?{described}"
        rf"\s(?P<verb>[a-z][\w’'-]*)\s{clause}",
        re.IGNORECASE if known.islower() else re.NOFLAG,
    )


@cache
def _not_verbs() -> frozenset[str]:
    """Return words in lower case that follow a name and are no verb."""
    lists = ("prepositions", "conjunctions", "determiners")
    found = frozenset[str]().union(*(lexicon.words(name, "en") for name in lists))
    found |= frozenset("or of as who which whose also s than to".split())
    return found - lexicon.words("auxiliaries", "en")


def _stands_beside(who: str, names: tuple[str, ...]) -> bool:
    """Return True if words name one of the parties beside the statement, a pronoun or a news outlet."""
    words = {token.norm for token in tokenize(who)}
    if {"that", "which", "if", "whether"} & words:
        return False
    last = [names_norms[-1] for name in names if (names_norms := name_norms(name))]
    pronoun = len(words - _ADVERBS) == 1 and bool(words & {"he", "she", "they", "it", "we", "i", "who"})
    return pronoun or bool(words & set(last)) or is_outlet(who)


def _is_unsure(who: str) -> bool:
    """Return True if the words before a verb of speech mean that nobody has said it for certain."""
    return bool({token.norm for token in tokenize(who)[-3:]} & _UNSURE)


def _enough(rest: str, said: str) -> str:
    """Return what remains of a statement, or the statement if too little remains."""
    return rest if len(rest.split()) >= _FEWEST_WORDS else said


# ── length ───────────────────────────────────────────────────────────────────────────────────────


def _cut(said: str, language: str | None) -> str:
    """Return a statement cut after its last clause that fits, with an ellipsis; whole if a condition would be lost."""
    words = said.split(" ")
    if len(words) <= MOST_WORDS:
        return said
    modal = next((place for place, word in enumerate(words) if word.lower() in _MODALS), 0)
    first, last = (len(" ".join(words[:count])) for count in (max(_FEWEST_BEFORE_CUT, modal + 5), MOST_WORDS))
    ends = [match.start() for match in _CLAUSE_END.finditer(said, first) if match.start() <= last]
    end = ends[-1] if ends else max(first, last)
    left_out = [token.norm for token in tokenize(said[end:])]
    if any(lexicon.opens_condition(left_out[place:], language) for place in range(len(left_out))):
        return said
    kept = _END.sub("", said[:end])
    opened = max(kept.rfind(mark) for mark in _OPENING) > max(kept.rfind(mark) for mark in _CLOSING)
    return f"{kept} …”" if opened else f"{kept} …"
