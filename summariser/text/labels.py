"""Labels of speakers in a transcript: names, offices and roles in them."""

import re
from functools import cache, lru_cache
from itertools import pairwise

from summariser.text import lexicon

_NUMERIC_DATE = r"\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?"
_WRITTEN_DATE = r"(?:\d{1,2}\.?[^\S\n])?[^\W\d_]{3,10}\.?(?:[^\S\n]\d{1,2})?,?[^\S\n]\d{4}"
_DAY = r"(?:Today|Yesterday|Heute|Gestern|Aujourd['’]hui|Hier|Hoy|Ayer|Oggi|Ieri|Hoje|Ontem)"
_AT = r"(?:at|um|à|a las|alle|às|om|kl\.?|в)"
_DATE = rf"(?:{_NUMERIC_DATE}|{_WRITTEN_DATE}|{_DAY}),?(?:[^\S\n](?:{_AT}[^\S\n])?|T(?=\d))"
_HOUR = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?"
_AFTER_HOUR = r"(?:[^\S\n]?[AaPp]\.?[^\S\n]?[Mm]\b\.?|[^\S\n]Uhr\b|Z\b)"
TIME = rf"[\[(]?\b(?:{_DATE})?{_HOUR}{_AFTER_HOUR}?[\])]?"
"""The pattern of a time in a label: 10:15, [00:12:03], (9:00 a.m.), [12/03/2025, 14:30:05], Today at 2:03 PM."""
_TIME = re.compile(TIME)
_BRACKETS = re.compile(r"[(\[][^()\[\]]*(?:[(\[][^()\[\]]*[)\]][^()\[\]]*)*[)\]]|\{[^{}]*\}")
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)")
_ELIDED_ARTICLE = re.compile(r"l['’](?=\w)", re.IGNORECASE)
_ADDITION = re.compile(r",\s|\s(?:--?|[–—])\s")
_NUMBER = re.compile(r"(?:[\s,]+(?:no|nr|núm|n[º°o])\.?)?[\s_#-]+\d{1,3}$", re.IGNORECASE)
_CONTRACTED = re.compile(r"['’](?:d|ll|m|re|s|t|ve)$", re.IGNORECASE)
_NUMBERS = frozenset("one two three four five six".split())
_ORDINAL = re.compile(r"I{2,3}|IV|VI{0,3}")  # Hugh Marden III
_LONGEST_NAME = 6
_POST_NOMINALS = frozenset("AM CBE KC MBE MEP MLA MP MPP MS MSP OBE PC QC SC TD".split())
_DUTCH_ARTICLES = frozenset({"de", "het"})  # which begin surnames as well, and are no titles therefore: De Wit
_OF = frozenset(
    "and at aus aux da dai dal dalla das de degli dei del della delle dello der des do dos du for from für in la of "
    "pro the vom with à из от с".split()
)
_CALLS = frozenset("voces voci voice voices voix voz vozes zuruf zurufe".split())
"""Nouns for what somebody calls out; the words after them say from where."""
_OF_ELIDED = ("dell'", "dell’", "all'", "all’")
_SURNAMES = frozenset("bishop guest judge king pope prince".split())
"""Offices that are surnames as well: Nora King."""


# ── names ────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=4096)
def name_in_label(label: str) -> str:
    """Return the name of the speaker in a label of a transcript; "" if the label has no name.

    Titles, offices, constituencies, parties and times are not part of the name: "MS. QUILL" gives "Quill", "Hugh
    Marden, minister" and "[00:12] Hugh Marden (Ostrand South) (Con)" give "Hugh Marden", "SPEAKER 1" gives "". The name
    may be in brackets after an office, with a space or a title: "The Minister for Ports (Hugh Marden)", "(Dr. Marden)".
    """
    from summariser.text.names import is_outlet  # which reads word lists when it is imported

    label = _TIME.sub(" ", label).strip(" *")
    outside = _BRACKETS.sub(" ", label)
    if not is_role(outside):
        return _name_after_offices(outside)
    inside = (each for each in _IN_BRACKETS.findall(label) if not is_role(each))
    names = ((_name_after_offices(_before_full_stop(each)), is_titled(each)) for each in inside)
    return next((name for name, titled in names if (titled or " " in name) and not is_outlet(name)), "")


def is_name(label: str, language: str | None) -> bool:
    """Return True if a label can be the name of a speaker, with or without titles and an office before it.

    Args:
        label: The label without brackets.
        language: The language of the text, whose function words are in no name.
    """
    offices, words = _split(label)
    name = [word for place, word in enumerate(words) if not place or word not in _POST_NOMINALS]
    norms = [_norm(word) for word in name]
    if not name or len(name) > _LONGEST_NAME or any(map(str.isdigit, label)) or any(map(_CONTRACTED.search, name)):
        return False
    if any(_is_of(before) and norm in _holders() - _SURNAMES for before, norm in pairwise(norms)):  # Motion of Senator
        return False
    if not all(_is_capitalised(word) or norm in _particles() for word, norm in zip(name, norms, strict=True)):
        return False
    if name[0] in ("Q", "A") or norms[0] in ("and", "for", "of", "the") or not _is_capitalised(name[-1]):
        return False
    small = lexicon.function_words(language) - lexicon.words("auxiliaries") - _particles()
    leads = lexicon.words("lead_words") | lexicon.WEEKDAYS | lexicon.MONTHS
    whole = [norm for word, norm in zip(name, norms, strict=True) if not (len(norm) == 1 and word.endswith("."))]
    return small.isdisjoint(whole) and (bool(offices) or norms[-1] not in leads)


def is_role(label: str) -> bool:
    """Return True if a label has an office or a role in place of a name: "THE PRESIDENT", "Speaker 1", "moderator"."""
    offices, rest = _split(label)
    norms = [_norm(word) for word in rest]
    if offices and has_office(" ".join(offices)):
        return not rest or _is_of(norms[0]) or _norm(offices[-1]) in _CALLS
    while norms and norms[0] in lexicon.words("determiners"):
        norms.pop(0)
    return any(_ends_role(norms, place) for place in range(len(norms)))


def _ends_role(norms: list[str], place: int) -> bool:
    """Return True if an office is at that place, at the end of a phrase or before "of"."""
    if not has_office(norms[place]) or not lexicon.words("function_words").isdisjoint(norms[:place]):
        return False
    return norms[place] not in _SURNAMES if place + 1 == len(norms) else _is_of(norms[place + 1])


def is_titled(label: str) -> bool:
    """Return True if a title or an office is before the name in a label, or in place of it."""
    return bool(_split(label)[0])


def has_office(words: str) -> bool:
    """Return True if the words contain an office or a role."""
    return not _holders().isdisjoint(re.split(r"[\s-]+", words.casefold().replace(".", "")))


def _name_after_offices(label: str) -> str:
    """Return what is left of a label without titles, offices and post-nominal letters, in normal case; "" for "AB"."""
    _, words = _split(label)
    titles = (_holders() | _honorifics()) - _SURNAMES
    last = max((place for place, word in enumerate(words) if _norm(word) in titles), default=-1)
    name = [word for word in _without_place(words[last + 1 :]) if word not in _POST_NOMINALS]
    initials = len(name) == 1 and name[0].isupper() and len(name[0].strip(".")) <= 2
    if initials or not any(len(word) > 1 and _is_capitalised(word) for word in name):
        return ""
    return " ".join(word.title() if word.isupper() and not _ORDINAL.fullmatch(word) else word for word in name)


def _before_full_stop(words: str) -> str:
    """Return the words before a full stop that is not that of a title or an initial: "Ana Belmar. PI - MA"."""
    ends = (found.end() for found in re.finditer(r"(\w{3,})\.\s", words) if not _is_honorific(found[1]))
    return words[: next(ends, len(words))].strip(". ")


def _without_place(name: list[str]) -> list[str]:
    """Return a name without the state of a member: ALDER for "ALDER of Oregon"."""
    at = next((place for place, word in enumerate(name) if word == "of" and place and name[place - 1].isupper()), None)
    return name[:at] if any(word[1:].islower() for word in name[at or 0 :]) else name


def _split(label: str) -> tuple[list[str], list[str]]:
    """Return the titles and offices at the beginning of a label, and the words after them.

    What follows a comma and the number of a speaker are left out. The words from "of" belong to no name.
    """
    words = _NUMBER.sub("", _ADDITION.split(label, maxsplit=1)[0].strip()).split()
    numbered = words[-1:] and (len(words[-1]) == 1 or _norm(words[-1]) in _NUMBERS)
    if len(words) > 1 and numbered and _norm(words[-2]) in _holders():  # Speaker A
        words.pop()
    if len(words) > 1 and _norm(words[0]) in _DUTCH_ARTICLES and _norm(words[1]) not in _SURNAMES:
        words = words[has_office(words[1]) or _is_honorific(words[1]) :]
    end = next((place for place, word in enumerate(words) if not _is_title(word)), len(words))
    if not has_office(" ".join(words[:end])) and not any(map(_is_honorific, words[:end])):
        end = 0
    if end == len(words) == 2 and _norm(words[0]) in _honorifics() and _norm(words[1]) in _SURNAMES:  # Mr. King
        end = 1
    while end and _is_of(_norm(words[end - 1])):
        end -= 1
    return words[:end], words[end:]


def _is_of(norm: str) -> bool:
    """Return True if a word joins an office and what it is for: "of", "dell'Interno"."""
    return norm in _OF or norm.startswith(_OF_ELIDED)


def _is_title(word: str) -> bool:
    """Return True if a word stands before a name: "Vice-President", "Mr."; some only with their full stop: "On."."""
    word = _ELIDED_ARTICLE.sub("", word, count=1)
    return _titles().issuperset(_norm(word).split("-")) or word.casefold() in _titles()


def _is_honorific(word: str) -> bool:
    word = _ELIDED_ARTICLE.sub("", word, count=1)
    return not _honorifics().isdisjoint((_norm(word), word.casefold()))


def _norm(word: str) -> str:
    return word.casefold().strip(".,*")


def _is_capitalised(word: str) -> bool:
    """Return True if a word has a capital letter: "Quill", "d'Alba", "al-Azar"."""
    return any(map(str.isupper, word))


# ── word lists ───────────────────────────────────────────────────────────────────────────────────


@cache
def _particles() -> frozenset[str]:
    return lexicon.words("name_particles", "any")


@cache
def _honorifics() -> frozenset[str]:
    return lexicon.words("honorifics") | lexicon.words("label_titles")


@cache
def _holders() -> frozenset[str]:
    """Return words for persons who hold an office or have a role."""
    return frozenset().union(*map(lexicon.words, ("offices", "occupations", "ranks", "speaker_nouns")))


@cache
def _titles() -> frozenset[str]:
    """Return words that stand before a name."""
    before = map(lexicon.words, ("title_modifiers", "determiners", "label_articles"))
    return (_honorifics() | _holders()).union(*before)
