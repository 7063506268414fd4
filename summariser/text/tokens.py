"""Tokens, which compare equal if they differ only in typography."""

import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from summariser.text import lexicon

if TYPE_CHECKING:
    import snowballstemmer

_MARKS = "".join(chr(c) for c in range(0x300, 0x1E00) if unicodedata.category(chr(c)) in ("Mn", "Mc"))
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_PATTERN = re.compile(
    r"(?<![\w)\]])[-−]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)"  # numbers in groups of three
    r"|(?:(?<![\w)\]])[-−])?\d+(?:[.,٫٬]\d+)*"  # numbers, with their sign and separators
    r"|[^\W\d_]+n['’]t\b"  # English contractions keep their negation
    r"|(?:[^\W\d_]\.){2,}"  # U.S.
    rf"|[{_UNSPACED}][{_MARKS}]*"  # scripts without spaces: one character each
    rf"|[^\W\d_{_UNSPACED}][^\W\d_{_UNSPACED}{_MARKS}]*(?:[{_MARKS}]+[^\W\d_{_UNSPACED}{_MARKS}]*)*"
    r"|[%‰٪$€£¥₩₽₹°]"
)
# characters that folding leaves alone
_PLAIN = re.compile(r"[\x00-\x7fÀ-ÖØ-öø-ÿ‘’“”«»–—…\u00a0\u202f]*")
_HANGUL_WORD = re.compile(r"[가-힣]{3,}")
_SHORTEST_NOUN = 2  # syllables of a Korean noun
_BREAKS = frozenset(",;:.!?—–()\n。、।،؛؟")
_NO_BREAK = ("", " ")
_AS_THEY_ARE = "…\u00a0\u202f\u0e33\u0eb3"  # the last two are vowels, which NFKC takes apart
_APOSTROPHES = "'’‘ʼ＇"
_POINTS = dict.fromkeys((*range(0x591, 0x5C8), 0x640, *range(0x64B, 0x656), 0x670))  # Hebrew and Arabic vowels
_DIGITS = {c: str(unicodedata.decimal(chr(c))) for c in range(0x660, 0x1E00) if chr(c).isdecimal()}
_SIGNS = str.maketrans({"’": "'", "−": "-", " ": None, "\u00a0": None, "\u202f": None, "٫": ".", "٬": ",", "٪": "%"})
_TYPOGRAPHY = _SIGNS | _DIGITS | _POINTS
_SNOWBALL = {
    "en": "english", "fr": "french", "es": "spanish", "de": "german", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "ru": "russian",
}  # fmt: skip


class Token(NamedTuple):
    """One word, number or sign.

    Attributes:
        norm: The normalised form, for comparison.
        start: The offset of the first character.
        end: The offset after the last character.
        before: The characters between the previous token and this one.
        capital: True if the token begins with a capital letter.
        after_break: True if punctuation that ends a clause precedes the token.
    """

    norm: str
    start: int
    end: int
    before: str
    capital: bool
    after_break: bool

    @property
    def is_number(self) -> bool:
        """True if the token is a number in digits."""
        return self.norm.lstrip("-")[0].isdigit()


def tokenize(text: str, offset: int = 0) -> list[Token]:
    """Return the tokens of a text.

    Compatibility forms, soft hyphens, case, quotation marks, dashes, other punctuation and white space have no effect
    on `norm`. A possessive 's is not a token.

    Args:
        text: The text.
        offset: The offset of the text within a longer one; it is added to `start` and `end`, which count code points.
    """
    tokens = _tokens(text)
    if not offset:
        return list(tokens)
    return [Token(t.norm, t.start + offset, t.end + offset, t.before, t.capital, t.after_break) for t in tokens]


@lru_cache(maxsize=8192)  # called often with the same names and sentences
def _tokens(text: str) -> tuple[Token, ...]:
    folded, places = _fold(text)
    tokens: list[Token] = []
    previous = 0
    for match in _PATTERN.finditer(folded):
        word = match.group()
        if word in ("s", "S") and match.start() and folded[match.start() - 1] in _APOSTROPHES:
            previous = match.end()
            continue
        norm = word.casefold()
        if not word.isascii() or " " in word:
            norm = _without_particle(norm.translate(_TYPOGRAPHY))
        if "." in norm and norm[0].isalpha():
            norm = norm.replace(".", "")
        start, end = places[match.start()], places[match.end() - 1] + 1
        before = folded[previous : match.start()]
        tokens.append(Token(norm, start, end, before, word[0].isupper(), _ends_clause(before)))
        previous = match.end()
    return tuple(tokens)


def _ends_clause(before: str) -> bool:
    """Return True if the characters between two tokens end a clause."""
    return before not in _NO_BREAK and (not _BREAKS.isdisjoint(before) or " - " in before)


def _without_particle(word: str) -> str:
    """Return a Korean word without its particle: 정부 for 정부가. 김정은 is unchanged, because it may be a name."""
    if not _HANGUL_WORD.fullmatch(word):
        return word
    ends = (each for each in lexicon.words("particles", "ko") if word.endswith(each))
    particle = max((each for each in ends if len(word) - len(each) >= _SHORTEST_NOUN), key=len, default="")
    has_surname = len(word) == 3 and word[0] in lexicon.words("surnames", "ko")
    return word if has_surname and particle in ("은", "이", "도", "의", "로") else word.removesuffix(particle)


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Return the text in NFKC, and for each character its index in the original text."""
    if _PLAIN.fullmatch(text):
        return text, range(len(text))
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(unicodedata.normalize("NFC", text)):
        if unicodedata.category(character) == "Cf":
            continue
        composed = unicodedata.normalize("NFKC", character) if character not in _AS_THEY_ARE else character
        if unicodedata.category(character) == "No":
            composed = f" {composed}"  # 5² is not 52, nor 5¼ 51
        for result in composed:
            folded.append(result)
            places.append(place)
    return "".join(folded), places


_stemmers = threading.local()  # a stemmer is not thread-safe


def _stemmer(language: str) -> "snowballstemmer.stemmer":
    """Return the stemmer of this thread for a language."""
    import snowballstemmer

    found: dict[str, snowballstemmer.stemmer] = _stemmers.__dict__
    if language not in found:
        found[language] = snowballstemmer.stemmer(_SNOWBALL.get(language, "porter"))
    return found[language]


@lru_cache(maxsize=16384)
def stem(word: str, language: str | None) -> str:
    """Return the stem of a word; British and American spellings have the same stem."""
    if language not in _SNOWBALL:
        return word
    if language == "en":
        word = lexicon.AMERICAN.get(word, word)
    return str(_stemmer(language).stemWord(word))


def is_content(token: Token, language: str | None) -> bool:
    """Return True if the token is not a function word, a number or a sign."""
    return token.norm[0].isalpha() and token.norm not in lexicon.function_words(language)


def find_all(needle: Sequence[str], hay: Sequence[Token]) -> Iterable[int]:
    """Yield each index in `hay` at which tokens with the norms in `needle` begin, in the same order."""
    if not needle:
        return
    first, length = needle[0], len(needle)
    for place in range(len(hay) - length + 1):
        if hay[place].norm == first and all(hay[place + i].norm == needle[i] for i in range(1, length)):
            yield place
