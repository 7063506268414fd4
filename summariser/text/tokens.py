"""Text as tokens that compare equal where only typography differs; numbers, negations and states in it."""

import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

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
_SCALES_IN_DIGITS = {"1000": 1e3, "1000000": 1e6, "1000000000": 1e9, "1000000000000": 1e12}
_APOSTROPHES = "'’‘ʼ＇"
_TYPOGRAPHY = str.maketrans({"’": "'", "−": "-", " ": None, "\u00a0": None, "\u202f": None})
_SNOWBALL = {
    "en": "english", "fr": "french", "es": "spanish", "de": "german", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "ru": "russian",
}  # fmt: skip
_SMALLEST_SPELLED = 1.5  # "one" is more often a pronoun than a number
_SPELLED_NUMBERS = frozenset({"en", "fr", "es", "pt", "de", "it", "nl"})


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
        """Whether it is a number in digits."""
        return self.norm.lstrip("-")[0].isdigit()

    @property
    def after_break(self) -> bool:
        """Whether punctuation that ends a clause stands before it."""
        return any(mark in self.before for mark in ",;:.!?—–()\n") or " - " in self.before


def tokenize(text: str, offset: int = 0) -> list[Token]:
    """The tokens of a text; their offsets count its code points, plus `offset`.

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


_HANGUL_WORD = re.compile(r"[가-힣]{3,}")
_PARTICLES = tuple(
    "에게서 으로서 으로써 에서는 에게는 께서 에서 에게 으로 까지 부터 이나 은 는 이 가 을 를 의 와 과 에 도 로".split()
)
_SURNAMES = frozenset("김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방")


def _without_particle(word: str) -> str:
    """A Korean word without the particle at its end: 정부가 is 정부. 김정은 stays whole, for it may be a name."""
    if not _HANGUL_WORD.fullmatch(word):
        return word
    particle = next(
        (each for each in _PARTICLES if word.endswith(each) and len(word) - len(each) >= _SHORTEST_NOUN), ""
    )
    may_be_name = len(word) == 3 and word[0] in _SURNAMES and particle in ("은", "이", "도", "의", "로")
    return word if may_be_name or not particle else word[: -len(particle)]


_SHORTEST_NOUN = 2  # syllables


def _fold(text: str) -> tuple[str, list[int]]:
    """Compatibility composition, character by character, with the place each result came from."""
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
    """This thread's stemmer of a language."""
    found: dict[str, snowballstemmer.stemmer] = _stemmers.__dict__
    if language not in found:
        found[language] = snowballstemmer.stemmer(_SNOWBALL.get(language, "porter"))
    return found[language]


@lru_cache(maxsize=16384)
def stem(word: str, language: str | None) -> str:
    """The word's stem; British and American spellings give the same one."""
    if language not in _SNOWBALL:
        return word
    if language == "en":
        word = lexicon.AMERICAN.get(word, word)
    return str(_stemmer(language).stemWord(word))


def is_content(token: Token, language: str | None) -> bool:
    """Whether the token says something by itself: no function word, no number, no sign."""
    return token.norm[0].isalpha() and token.norm not in lexicon.function_words(language)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def with_digits(text: str, language: str | None) -> str:
    """The text with its spelled-out numbers in digits, where the language is one that can be read so."""
    if language not in _SPELLED_NUMBERS:
        return text
    from text_to_num import alpha2digit

    for words, sign in lexicon.SPELLED_SIGNS:
        text = text.replace(words, sign)
    return str(alpha2digit(text, language, _SMALLEST_SPELLED))


def numbers(text: str, language: str | None) -> frozenset[tuple[float, str]]:
    """Every number of a text, spelled out or not, as (value, unit); the unit is "" where it has none."""
    tokens = tokenize(with_digits(text, language))
    found = set()
    for place, token in enumerate(tokens):
        if not token.is_number or (place and tokens[place - 1].is_number and token.norm in _SCALES_IN_DIGITS):
            continue
        value = _value(token.norm, language)
        following = [t.norm for t in tokens[place + 1 : place + 4]]
        unit = lexicon.CURRENCIES.get(tokens[place - 1].norm, "") if place else ""
        while following and following[0] in lexicon.SCALES | _SCALES_IN_DIGITS:
            value *= (lexicon.SCALES | _SCALES_IN_DIGITS)[following.pop(0)]
        if following and not unit:
            unit = "%-points" if following[:2] in lexicon.PERCENTAGE_POINTS else lexicon.UNITS.get(following[0], "")
        found.add((round(value, 6), unit))
    return frozenset(found)


def _value(digits: str, language: str | None) -> float:
    """The value of digits with separators: in English a comma groups thousands, elsewhere a point does."""
    group, point = (",", ".") if language in (None, "en", "ko", "ja", "zh") else (".", ",")
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d+)?", digits):
        digits = digits.replace(group, "")
    digits = digits.replace(",", ".")
    head, dot, tail = digits.rpartition(".")
    return float(head.replace(".", "") + dot + tail)


# ── negation ─────────────────────────────────────────────────────────────────────────────────────

Polarity = dict[str, set[int]]


def polarity(tokens: Sequence[Token], language: str | None) -> tuple[Polarity, list[list[str]]]:
    """How often each content stem is negated where it stands, and the stems that each negation governs.

    A negation governs the next two content words of its clause that are no names; negations that follow
    each other closely ("did not rule out") govern the same words and count together.
    """
    counts: Polarity = {}
    groups: list[list[str]] = []
    governing, left = 0, 0
    since = 99
    for place, token in enumerate(tokens):
        if place and token.after_break:
            governing = left = 0
        since += 1
        if weight := negation(tokens, place, language):
            if since > 3:
                governing = 0
                groups.append([])
            governing, left, since = governing + weight, 2, 0
            continue
        if not is_content(token, language):
            continue
        word = stem(token.norm, language)
        if left and not (token.capital and place):
            counts.setdefault(word, set()).add(governing)
            groups[-1].append(word)
            left -= 1
        else:
            counts.setdefault(word, set()).add(0)
    return counts, [group for group in groups if group]


_WITH_NEXT = {
    "rule": "out", "ruled": "out", "rules": "out", "ruling": "out", "far": "from", "yet": "to", "short": "of",
}  # fmt: skip


def negation(tokens: Sequence[Token], place: int, language: str | None) -> int:
    """1 where the token is a negation or a word that denies, refuses or excludes; else 0."""
    norm = tokens[place].norm
    following = tokens[place + 1].norm if place + 1 < len(tokens) else ""
    if norm in ("not", "nicht") and following in ("only", "just", "nur"):
        return 0
    if norm in _WITH_NEXT:
        return int(following == _WITH_NEXT[norm])
    return int(norm in lexicon.negations(language) or norm.endswith("n't"))


# ── states ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class State:
    """One row of states.tsv: what may stand for a state in a text."""

    code: str
    name: str
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]
    seats: tuple[str, ...]


@cache
def states() -> dict[str, State]:
    """Every state, by its ISO 3166-1 code (EU and XK besides)."""
    from importlib.resources import files

    rows = (files("summariser.text") / "states.tsv").read_text("utf-8").splitlines()[1:]
    split = (row.split("\t") for row in rows)
    parsed = (
        State(code, name, *(tuple(filter(None, part.split("|"))) for part in parts)) for code, name, *parts in split
    )
    return {state.code: state for state in parsed}


@cache
def _state_phrases() -> dict[tuple[str, ...], tuple[str, bool]]:
    """The token sequences that stand for a state: its code, and whether they name it (not only its people)."""
    phrases: dict[tuple[str, ...], tuple[str, bool]] = {}
    for state in states().values():
        for names, is_name in ((state.demonyms, False), ((state.name, *state.aliases, *state.seats), True)):
            for name in names:
                phrases[tuple(t.norm for t in tokenize(name) if t.norm != "the")] = (state.code, is_name)
    return phrases


_LONGEST_PHRASE = 6


def state_named(name: str) -> str | None:
    """The code of the state whose name, alias or seat of government this is, or None."""
    key = tuple(token.norm for token in tokenize(name) if token.norm != "the")
    code, is_name = _state_phrases().get(key, (None, False))
    return code if is_name else None


def states_in(tokens: Sequence[Token]) -> list[tuple[str, int, int, bool]]:
    """The states that capitalised words stand for: (code, first token, last token + 1, whether as a name)."""
    return list(_states_in(tuple(tokens)))


@lru_cache(maxsize=4096)  # the same sentences are asked about for every party
def _states_in(tokens: tuple[Token, ...]) -> tuple[tuple[str, int, int, bool], ...]:
    found, place = [], 0
    while place < len(tokens):
        if tokens[place].capital:
            for length in range(min(_LONGEST_PHRASE, len(tokens) - place), 0, -1):
                key = tuple(token.norm for token in tokens[place : place + length])
                if hit := _state_phrases().get(key):
                    found.append((hit[0], place, place + length, hit[1]))
                    place += length
                    break
            else:
                place += 1
        else:
            place += 1
    return tuple(found)


def find_all(needle: Sequence[str], hay: Sequence[Token]) -> Iterable[int]:
    """The places at which the norms stand in a row among the tokens."""
    if not needle:
        return
    first, length = needle[0], len(needle)
    for place in range(len(hay) - length + 1):
        if hay[place].norm == first and all(hay[place + i].norm == needle[i] for i in range(1, length)):
            yield place
