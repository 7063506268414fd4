"""Hyphens at the ends of lines: joined where they divide a word, kept where they belong to it."""

import re
from functools import cache

from summariser.documents.document import detect_language

_DIVIDED = re.compile(r"(?<![^\W\d_])(?P<left>[^\W\d_]++)(?P<hyphen>[-‐\u00ad¬])[^\S\n]*\n[^\S\n]*(?P<right>[^\W\d_]+)")
_END = re.compile(r"(?P<chain>[-‐\w’']*?)(?P<left>[^\W\d_]+)(?P<hyphen>[-‐\u00ad¬])\s*$")
_BEGINNING = re.compile(r"\s*(?P<right>[^\W\d_]+)")
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]++[-‐][^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 60  # characters of a word
_CONJUNCTIONS = frozenset("and or to und oder bis et ou y o e en of och eller og i a".split())
_ONLY_DIVIDE = ("\u00ad", "¬")  # the soft hyphen, and the sign that some programs write for it
_WITHOUT_HYPHENS = frozenset({"da", "de", "fi", "hu", "nb", "nl", "no", "sv"})
"""Languages that write compounds as one word, so that a hyphen before a lower-case letter divides a word."""


def without_line_end_hyphens(text: str, language: str | None = None) -> str:
    """Return a text in which no word is divided at the end of a line.

    Args:
        text: The text, with its line breaks.
        language: The language of the text; None if it has to be detected.
    """
    if not _DIVIDED.search(text):
        return text
    hyphens = Hyphens(text, language)
    lines = text.split("\n")
    for number in range(len(lines) - 1):
        end = hyphens.before(lines[number], lines[number + 1])
        if end is not None:  # the rest of the word moves up; the line break stays, so that lines keep their width
            word, _, rest = lines[number + 1].lstrip().partition(" ")
            lines[number], lines[number + 1] = end + word, rest
    return "\n".join(lines)


class Hyphens:
    """The hyphens at the ends of the lines of one text.

    A divided word is joined if it stands undivided elsewhere in the text, or if it is in a word list of the language
    (which needs the extra `files`). Otherwise the hyphen stays and only the line break goes.

    Args:
        text: The text, with its line breaks.
        language: The language of the text; None if it has to be detected.
    """

    def __init__(self, text: str, language: str | None = None) -> None:
        self._language = language or detect_language(text)
        whole = _DIVIDED.sub(" ", text)
        self._words = frozenset(word.casefold() for word in _WORD.findall(whole))
        self._compounds = frozenset(word.casefold().replace("‐", "-") for word in _COMPOUND.findall(whole))

    def before(self, line: str, following: str) -> str | None:
        """Return a line as it stands directly before the following one if a hyphen ends it; None if none does."""
        end, beginning = _END.search(line[-_LONGEST:]), _BEGINNING.match(following)
        if end is None or beginning is None:
            return None
        left, right = end["left"], beginning["right"]
        kept = line.rstrip()
        if end["hyphen"] in _ONLY_DIVIDE:
            return kept[:-1]
        is_chain = following[beginning.end() :].startswith(("-", "‐"))  # state-of-the-art, unlike short- and long-term
        if right in _CONJUNCTIONS and not is_chain and (left + right).casefold() not in self._words:
            return f"{kept} "
        is_last = "-" in end["chain"] or "‐" in end["chain"]  # of several hyphens, unlike the apostrophe of "l’in-"
        return kept[:-1] if not is_last and self._divides(left, right) else kept

    def _divides(self, left: str, right: str) -> bool:
        """Return True if the hyphen between two parts only divides a word."""
        whole, compound = (left + right).casefold(), f"{left}-{right}".casefold()
        if compound in self._compounds:
            return False
        if whole in self._words:
            return True
        if not (right.islower() or (left.isupper() and right.isupper())):
            return False
        if self._language in _WITHOUT_HYPHENS:
            return True
        if is_known(compound, self._language) or is_known(whole, self._language):
            return not is_known(compound, self._language)
        left_is_part = left[0].isupper() and is_known(left, self._language, unsure=True)
        return not left_is_part and not is_known(right, self._language, unsure=True)


@cache
def is_known(word: str, language: str | None, *, unsure: bool = False) -> bool:
    """Return True if a word is in the word list of a language; `unsure` if there is no word list."""
    try:
        import simplemma
    except ImportError:
        return unsure
    try:
        return simplemma.is_known(word, lang=language) if language is not None else unsure
    except ValueError:  # there is no list of this language
        return unsure
