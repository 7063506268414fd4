"""Text as tokens that compare equal where only typography differs."""

import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from summariser.text import lexicon

_PATTERN = re.compile(
    r"(?<![\w)\]])[-−]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)"  # numbers in groups of three
    r"|(?:(?<![\w)\]])[-−])?\d+(?:[.,]\d+)*"  # numbers, with their sign and separators
    r"|[^\W\d_]+n['’]t\b"  # English contractions keep their negation
    r"|(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[\u3040-\u30ff\u3400-\u9fff]"  # scripts without spaces: one character each
    r"|[^\W\d_]+"
    r"|[%‰$€£¥₩₽₹°]"
)
_HANGUL_WORD = re.compile(r"[가-힣]{3,}")
_SHORTEST_NOUN = 2  # syllables of a Korean noun
_APOSTROPHES = "'’‘ʼ＇"
_TYPOGRAPHY = str.maketrans({"’": "'", "−": "-", " ": None, "\u00a0": None, "\u202f": None})
_SNOWBALL = {
    "en": "english", "fr": "french", "es": "spanish", "de": "german", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "ru": "russian",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign: its comparable form, its place in the text, and what stands before it."""

    norm: str
    start: int
    end: int
    before: str
    capital: bool

    @property
    def is_number(self) -> bool:
        """True if it is a number in digits."""
        return self.norm.lstrip("-")[0].isdigit()

    @property
    def after_break(self) -> bool:
        """True if punctuation that ends a clause stands before it."""
        return any(mark in self.before for mark in ",;:.!?—–()\n") or " - " in self.before


def tokenize(text: str, offset: int = 0) -> list[Token]:
    """Return the tokens of a text; their offsets count its code points, plus `offset`.

    Compatibility forms, soft hyphens, case, quote marks, dashes, other punctuation and white space make no
    difference to `norm`; a possessive 's is no token.
    """
    return list(_tokens(text, offset))


@lru_cache(maxsize=4096)  # the same names and sentences are looked at over and over
def _tokens(text: str, offset: int) -> tuple[Token, ...]:
    folded, places = _fold(text)
    tokens: list[Token] = []
    previous = 0
    for match in _PATTERN.finditer(folded):
        word = match.group()
        if word in ("s", "S") and match.start() and folded[match.start() - 1] in _APOSTROPHES:
            previous = match.end()
            continue
        norm = _without_particle(word.casefold().translate(_TYPOGRAPHY))
        if "." in norm and norm[0].isalpha():
            norm = norm.replace(".", "")
        start, end = places[match.start()], places[match.end() - 1] + 1
        tokens.append(Token(norm, offset + start, offset + end, folded[previous : match.start()], word[0].isupper()))
        previous = match.end()
    return tuple(tokens)


def _without_particle(word: str) -> str:
    """Return a Korean word without its particle: 정부가 is 정부. 김정은 stays whole, for it may be a name."""
    if not _HANGUL_WORD.fullmatch(word):
        return word
    ends = (each for each in lexicon.words("particles", "ko") if word.endswith(each))
    particle = max((each for each in ends if len(word) - len(each) >= _SHORTEST_NOUN), key=len, default="")
    has_surname = len(word) == 3 and word[0] in lexicon.words("surnames", "ko")
    return word if has_surname and particle in ("은", "이", "도", "의", "로") else word.removesuffix(particle)


def _fold(text: str) -> tuple[str, list[int]]:
    """Return the text in compatibility composition, with the place that each character came from."""
    if text.isascii():
        return text, list(range(len(text)))
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(unicodedata.normalize("NFC", text)):
        if unicodedata.category(character) == "Cf":
            continue
        composed = unicodedata.normalize("NFKC", character) if character not in "…\u00a0\u202f" else character
        if unicodedata.category(character) == "No":
            composed = f" {composed}"  # 5² is not 52, nor 5¼ 51
        for result in composed:
            folded.append(result)
            places.append(place)
    return "".join(folded), places


_stemmers = threading.local()  # a stemmer holds the word that it works on


def _stemmer(language: str) -> "snowballstemmer.stemmer":
    """Return this thread's stemmer of a language."""
    found: dict[str, snowballstemmer.stemmer] = _stemmers.__dict__
    if language not in found:
        found[language] = snowballstemmer.stemmer(_SNOWBALL.get(language, "porter"))
    return found[language]


@lru_cache(maxsize=16384)
def stem(word: str, language: str | None) -> str:
    """Return the word's stem; British and American spellings give the same one."""
    if language not in _SNOWBALL:
        return word
    if language == "en":
        word = lexicon.AMERICAN.get(word, word)
    return str(_stemmer(language).stemWord(word))


def is_content(token: Token, language: str | None) -> bool:
    """Return True if the token is no function word, number or sign."""
    return token.norm[0].isalpha() and token.norm not in lexicon.function_words(language)


def find_all(needle: Sequence[str], hay: Sequence[Token]) -> Iterable[int]:
    """Yield the places at which the norms stand in a row among the tokens."""
    if not needle:
        return
    first, length = needle[0], len(needle)
    for place in range(len(hay) - length + 1):
        if hay[place].norm == first and all(hay[place + i].norm == needle[i] for i in range(1, length)):
            yield place
