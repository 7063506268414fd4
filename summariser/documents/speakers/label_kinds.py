"""Kinds of words in the labels of speakers: letters, roles, names, and words of which nobody can be read."""

import re
from collections.abc import Callable

from summariser.documents.speakers.initials import letters_in
from summariser.text import is_name, is_role, lexicon

_FEW_WORDS = re.compile(r"[^\W\d_]{3,}(?: [^\W\d_]{3,})?")
_LONGEST_WITHOUT_CASE = 24
_MOST_WORDS_WITHOUT_CASE = 4
_NUMBERED = re.compile(r"([^\W\d_]{1,4})\d{1,3}")
_SHORTEST_NAME = 3
_VOWELS = re.compile(r"[aeiouyаеиоуыэюя]", re.IGNORECASE)


def is_letter(who: str, _: str | None) -> bool:
    """Return True if the words stand for a question, an answer or a speaker's initial: "Q", "Answer", "B"."""
    known = who.casefold() in questions_and_answers()
    return (len(who) == 1 and who.isupper()) or (known and not is_role(who))


def questions_and_answers() -> frozenset[str]:
    """Return the labels of questions and answers, in lower case."""
    return lexicon.words("question_labels") | lexicon.words("answer_labels")


def is_numbered(who: str, language: str | None) -> bool:
    """Return True if the words are a few letters and a number, and no question or answer: "S1", "INT2"."""
    found = _NUMBERED.fullmatch(who)
    asked = lexicon.words("question_labels", language, "en") | lexicon.words("answer_labels", language, "en")
    return found is not None and who[0].isupper() and found[1].casefold() not in asked


def is_initials(who: str, _: str | None) -> bool:
    """Return True if the words are two or three initials: "JA", "M.K."; three letters with a vowel may be a name."""
    letters = letters_in(who)
    short = len(letters) < _SHORTEST_NAME or not (letters == who and letters.isupper() and _VOWELS.search(letters))
    return bool(letters) and short and letters.casefold() not in lexicon.words("lead_words", "any")


def is_speakers_role(who: str, _: str | None) -> bool:
    """Return True if the words are an office or a role, and no clause such as "The minister said"."""
    speech = lexicon.words("speech_verbs") | lexicon.words("attributions")
    return is_role(who) and speech.isdisjoint(word for word in who.split() if word.islower())


def is_lower_case(who: str, language: str | None) -> bool:
    """Return True if the words are one or two in lower case, which may be anybody: "heckler"."""
    excluded = lexicon.words("lead_words") | lexicon.function_words(language) | lexicon.prepositions(language)
    return who.islower() and _FEW_WORDS.fullmatch(who) is not None and excluded.isdisjoint(who.split())


def is_without_case(who: str, language: str | None) -> bool:
    """Return True if the words are a few in a script without capitals, which may be a name or a role: "记者"."""
    leads = lexicon.words("lead_words")
    short = len(who) <= _LONGEST_WITHOUT_CASE and len(who.split()) <= _MOST_WORDS_WITHOUT_CASE
    return short and who.lower() == who.upper() and leads.isdisjoint((who, *who.split())) and language is not None


def is_unresolved(who: str, _: str | None) -> bool:
    """Return True if words may be a label of an unknown form, or a number of a telephone."""
    words = who.casefold().split()
    return (any(map(str.isalpha, who)) or who.startswith("+")) and words[0] not in lexicon.words("lead_words")


def is_unnamed(who: str, _: str | None) -> bool:
    """Return True if there are no words, as after a mark of another speaker and before the narration of a record."""
    return not who


Kind = Callable[[str, str | None], bool]
KINDS: tuple[Kind, ...] = (
    is_letter,
    is_numbered,
    is_speakers_role,
    is_initials,
    is_name,
    is_lower_case,
    is_without_case,
)
"""Rules for the words of a label, in the order in which they are tried."""
UNKNOWN: tuple[Kind, ...] = (is_unresolved, is_unnamed)
"""Rules for labels that end the turn before them although nobody can be read from them."""
