"""Kinds of words in the labels of speakers: letters, roles, names, and words of which nobody can be read."""

import re
from collections.abc import Callable

from summariser.text import is_name, is_role, lexicon

_FEW_WORDS = re.compile(r"[^\W\d_]{3,}(?: [^\W\d_]{3,})?")
_LONGEST_WITHOUT_CASE = 24
_MOST_WORDS_WITHOUT_CASE = 4


def is_letter(who: str, _: str | None) -> bool:
    """Return True if the words stand for a question, an answer or a speaker's initial: "Q", "Answer", "B"."""
    known = who.casefold() in questions_and_answers()
    return (len(who) == 1 and who.isupper()) or (known and not is_role(who))


def questions_and_answers() -> frozenset[str]:
    """Return the labels of questions and answers, in lower case."""
    return lexicon.words("question_labels") | lexicon.words("answer_labels")


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
    """Return True if words may be a label of an unknown form."""
    words = who.casefold().split()
    return any(map(str.isalpha, who)) and words[0] not in lexicon.words("lead_words")


def is_unnamed(who: str, _: str | None) -> bool:
    """Return True if there are no words, as after a mark of another speaker and before the narration of a record."""
    return not who


Kind = Callable[[str, str | None], bool]
KINDS: tuple[Kind, ...] = (is_letter, is_speakers_role, is_name, is_lower_case, is_without_case)
"""Rules for the words of a label, in the order in which they are tried."""
UNKNOWN: tuple[Kind, ...] = (is_unresolved, is_unnamed)
"""Rules for labels that end the turn before them although nobody can be read from them."""
