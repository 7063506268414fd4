"""Where sentences end for certain, and where none ends, whatever the library that finds sentences says."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from summariser.text import lexicon


class Ends(NamedTuple):
    """A place where the library ends a sentence.

    Attributes:
        before: The words before it, from the beginning of the sentence.
        space: True if white space follows them.
        after: The beginning of the words after it.
        language: The language of the text.
    """

    before: str
    space: bool
    after: str
    language: str


_LOOKED_AT = 200  # characters before and after the end of a sentence
_LIST_NUMBER = re.compile(r"\(?\d{1,3}[.)]|\d{1,3}(?:\.\d{1,3})+\.?")
_LIST_LETTER = re.compile(r"\w[.)]")
_OMISSION = re.compile(r"(?:\.{3}|…)$")
_ORDINAL = re.compile(r"(?<![\w.,])\d{1,3}\.$")
_INITIALS = re.compile(r"(?<![\w.])(?:[^\W\d_]{1,3}\.){2,}$")
_LETTERS = re.compile(r"(?<!\w)(?P<word>[^\W\d_]{1,20})\.$")
_ASKED = re.compile(r"[!?][”’\"»“]?$")
_DATE_IN_DIGITS = re.compile(r"(?<!\d)(?:1[89]|20)\d\d\.(?:\s?\d{1,2}\.){0,2}$")
_THAI_ABBREVIATION = re.compile(r"(?<![\u0e00-\u0e7f])(?:[\u0e01-\u0e2e]{1,4}\.)+$")  # consonants alone
_QUOTED = re.compile(r"[.!?。！？…][”’\"』」]$")
_KOREAN_QUOTATIVE = re.compile(r"(?:이?라[고며는]|고|며)(?![가-힣])|이?라[고며]|[고며는]\s")
_JAPANESE_QUOTATIVE = re.compile(r"と|って")
_QUESTION_QUOTED = re.compile(r"[!?][”’\"]$")
_SPEAKER_SAID = re.compile(
    r"(?:[A-Z][\w’'.-]*\s){1,4}(?:said|asked|wondered|wrote|shouted|replied|added)"
    r"(?:[.,;:]|\s(?:on|in|at|to|of|after|during|when|while|before|last|yesterday|today|with|from)\s(?!.*\bthat\b))"
)
_NAME = re.compile(r"[a-z][A-Z]|https?:|www\.|(?:de|van|von|al)\s")  # iPhone, https:, de Gaulle

_AFTER_FULL_STOP = re.compile(r"[。！？]+(?=[0-9０-９])")
_BEFORE_YEAR = re.compile(r"(?<=[a-zäöüß]{5})\.\s+(?=(?:1[5-9]|20)\d\d\s(?P<verb>[^\W\d_]+)\b)")
_VERBS_AFTER_YEAR = {
    "de": frozenset("wurde wurden war waren hatte hatten kam kamen gab folgte folgten begann erschien ist wird".split())
}
_WORD_LIKE_ABBREVIATION = {
    "en": re.compile(r"\bMay\.\s+(?=[“\"‘]?[A-Z])"),
    "nl": re.compile(r"\bapp\.\s+(?=[A-Z])"),
}
_OPENS, _CLOSES = "「『（(“《", "」』）)”》"


def runs_on(text: str, held: tuple[int, int], start: int, language: str) -> bool:
    """Return True if no sentence ends after the words between two offsets, though the library says so.

    Args:
        text: The text.
        held: The offsets of the words.
        start: The offset at which the next words begin.
        language: The language of the text.
    """
    before = text[max(held[0], held[1] - _LOOKED_AT) : held[1]]
    end = Ends(before, held[1] < start, text[start : start + _LOOKED_AT].partition("\n")[0], language)
    is_whole = len(before) == held[1] - held[0]
    return (is_whole and _is_label(end)) or any(rule(end) for rule in _RUNS_ON)


def ends_within(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Yield the offsets between two others at which a sentence ends though the library finds none.

    Args:
        text: The text.
        start: The first offset.
        end: The last offset.
        language: The language of the text.
    """
    for match in _AFTER_FULL_STOP.finditer(text, start, end):
        before = text[start : match.end()]
        if sum(map(before.count, _OPENS)) == sum(map(before.count, _CLOSES)):
            yield match.end()
    if verbs := _VERBS_AFTER_YEAR.get(language):
        yield from (m.end() for m in _BEFORE_YEAR.finditer(text, start, end) if m["verb"] in verbs)
    if words := _WORD_LIKE_ABBREVIATION.get(language):
        yield from (m.end() for m in words.finditer(text, start, end))


# ── where no sentence ends ───────────────────────────────────────────────────────────────────────


def _is_label(end: Ends) -> bool:
    """Return True if the words are the number of an item or a section, or initials."""
    return _LIST_NUMBER.fullmatch(end.before) is not None or _INITIALS.fullmatch(end.before) is not None


def _is_title(end: Ends) -> bool:
    last = end.before.rpartition(" ")[2].lstrip("(«“\"'’")
    return last.casefold() in lexicon.words("abbreviated_titles", end.language)


def _is_comma(end: Ends) -> bool:
    """Return True if the words end with a comma of Burmese."""
    return end.before.endswith("၊")


def _goes_on_in_lower_case(end: Ends) -> bool:
    """Return True if lower case follows an omission, an ordinal, initials, or the mark of a name or an exclamation."""
    if not end.after[:1].islower() or _LIST_LETTER.match(end.after) or _NAME.match(end.after):
        return False
    if any(pattern.search(end.before) for pattern in (_OMISSION, _ORDINAL, _INITIALS)):
        return True
    return _ASKED.search(end.before) is not None and end.before.lstrip("“\"'«„‘¿¡")[:1].isupper()


def _is_within_word(end: Ends) -> bool:
    """Return True if a full stop stands between letters, words in capitals or numbers, without a space."""
    if end.space or not end.before.endswith(".") or not end.after[:1].isalnum():
        return False
    found = _LETTERS.search(end.before)
    if found is None:
        return end.before[-2:-1].isdecimal() and end.after[0].isdecimal()
    return len(found["word"]) == 1 or (found["word"].isupper() and end.after[:2].isupper())


def _is_turkish_body(end: Ends) -> bool:
    """Return True if initials end the words in Turkish, whose sentences end with verbs."""
    initials = _INITIALS.search(end.before) if end.language == "tr" else None
    return initials is not None and initials[0].isupper()


def _is_thai_abbreviation(end: Ends) -> bool:
    """Return True if a full stop follows Thai consonants; no full stop ends a sentence in Thai."""
    return _THAI_ABBREVIATION.search(end.before) is not None


def _is_korean_date(end: Ends) -> bool:
    return end.language == "ko" and _DATE_IN_DIGITS.search(end.before) is not None


def _is_quotative(end: Ends) -> bool:
    """Return True if the particle that follows a quotation in Korean or Japanese follows its mark."""
    particle = {"ko": _KOREAN_QUOTATIVE, "ja": _JAPANESE_QUOTATIVE}.get(end.language)
    return particle is not None and _QUOTED.search(end.before) is not None and particle.match(end.after) is not None


def _is_asked(end: Ends) -> bool:
    """Return True if a speaker and a verb of speech follow a quoted question or exclamation in English."""
    return (
        end.language == "en"
        and _QUESTION_QUOTED.search(end.before) is not None
        and _SPEAKER_SAID.match(end.after) is not None
    )


_RUNS_ON: tuple[Callable[[Ends], bool], ...] = (
    _is_title,
    _is_comma,
    _goes_on_in_lower_case,
    _is_within_word,
    _is_turkish_body,
    _is_thai_abbreviation,
    _is_korean_date,
    _is_quotative,
    _is_asked,
)
