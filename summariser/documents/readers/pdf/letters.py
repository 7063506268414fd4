"""Letters that the fonts of a PDF do not give: ligatures, such as fi and ff, found by the words that they make."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from summariser.documents.readers.hyphens import is_known

UNKNOWN = 0xF0000
"""The character of a glyph without a letter is this plus its code, in a plane for private use."""
_UNKNOWN = "[\U000f0000-\U000f001f\ue000-\uf8ff\ufffd]"  # also of private use, which fonts give to ligatures
_CONTROL = re.compile("[\U000f0000-\U000f001f]")
_LIGATURES = ("fi", "ff", "fl", "ffi", "ffl", "ft", "tt", "ti", "Th")
_BROKEN = re.compile(rf"(?:[^\W\d_]|{_UNKNOWN})*{_UNKNOWN}(?:[^\W\d_]|{_UNKNOWN})*")
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{4,}(?![^\W_])")
_SHORT = re.compile(r"(?<![^\W_])T[a-z]{1,2}(?![^\W_])")
_TH = re.compile(r"\bTh[a-z]")
_FEWEST_BEGUN = 3  # sentences that begin with a word without its Th
_BEGUN_WITH_TH = {
    f"{start}{whole[2:]}": whole
    for whole in ("The", "They", "This", "These", "Those", "There", "That")
    for start in ("T", "h", "")
}
_WITHOUT_TH = re.compile(rf"(?:^|[.!?][\"'”’)]*\s)(?:{'|'.join(_BEGUN_WITH_TH)})(?=\s[a-z])")
_FEWEST_LETTERS = 2  # of a word with a glyph that has none
_ENOUGH = 2_000  # letters of a text in which "fi" stands
_RARE = 0.0005  # of the letters; a text with fewer "fi" may lack the f of its ligatures
_FEWEST_WORDS = 5  # that lack the f of a ligature before all that do are mended
_LACKING = 0.3  # of the unknown words


def mending(texts: Iterable[str], language: str | None) -> dict[str, str]:
    """Return the words of texts in which letters are missing, with the words that they are.

    A glyph without a letter is the ligature that makes a known word; if none does, it is that of most other words, or
    the replacement character. Words that lack the f of a ligature ("irst") count only if many of the unknown words do.

    Args:
        texts: The lines of a document.
        language: The language of the document, or None.
    """
    lines = list(texts)
    found = {word for line in lines for word in _BROKEN.findall(line)}
    symbols = {word: re.sub(_UNKNOWN, "", word) for word in found}
    symbols = {
        word: letters if _CONTROL.search(word) else word  # others may be symbols of a font of its own
        for word, letters in symbols.items()
        if (len(letters) < _FEWEST_LETTERS or (not _CONTROL.search(word) and is_known(letters.casefold(), language)))
        and not any(_is_word(whole, language) for whole in _made(word).values())
    }
    lacking = _with_missing_f(lines, language) if _lacks_ligatures(lines) else {}
    if lacks_th(lines, language):
        begun = {word for line in lines for word in re.findall(r"\bT[a-z]+", line)}
        lacking |= {word: _BEGUN_WITH_TH[word] for word in begun & _BEGUN_WITH_TH.keys()}
    return symbols | _with_glyphs(found - symbols.keys(), language) | lacking


def lacks_th(lines: Sequence[str], language: str | None) -> bool:
    """Return True if no word of an English text begins with Th, and some sentences begin with the rest of such."""
    letters = sum(map(str.isalpha, "".join(lines)))
    if language != "en" or letters < _ENOUGH or any(_TH.search(line) for line in lines):
        return False
    return sum(len(_WITHOUT_TH.findall(line)) for line in lines) >= _FEWEST_BEGUN


def mended(text: str, words: dict[str, str]) -> str:
    """Return a text with the words of `mending` instead of the broken ones."""
    if not words:
        return text
    text = _BROKEN.sub(lambda found: words.get(found[0], found[0]), text)
    text = _SHORT.sub(lambda found: words.get(found[0], found[0]), text)
    return _WORD.sub(lambda found: words.get(found[0], found[0]), text)


def _made(word: str) -> dict[str, str]:
    """Return the words that a word with a glyph without letters is with each ligature."""
    return {ligature: re.sub(_UNKNOWN, ligature, word) for ligature in _LIGATURES}


def _is_word(word: str, language: str | None) -> bool:
    return (word[1:].islower() or word.isupper()) and len(word) > 2 and is_known(word.casefold(), language)


def _with_glyphs(broken: set[str], language: str | None) -> dict[str, str]:
    """Return the words with glyphs that have no letter, with their letters."""
    certain: dict[str, str] = {}
    likely: dict[str, str] = {}
    votes: dict[str, Counter[str]] = {}
    for word in sorted(broken):
        glyphs = set(re.findall(_UNKNOWN, word))
        known = {ligature: whole for ligature, whole in _made(word).items() if _is_word(whole, language)}
        if len(glyphs) == 1 and len(known) == 1:
            ligature, certain[word] = known.popitem()
            if glyphs != {"\ufffd"}:  # which stands for any ligature
                votes.setdefault(glyphs.pop(), Counter())[ligature] += 1
        elif known and "\ufffd" not in word:
            likely[word] = next(iter(known.values()))
    usual = _most_known(broken, language) | {glyph: count.most_common(1)[0][0] for glyph, count in votes.items()}
    voted = {word: re.sub(_UNKNOWN, lambda found: usual.get(found[0], "\ufffd"), word) for word in broken}
    return voted | {word: whole for word, whole in likely.items() if "\ufffd" in voted[word]} | certain


def _most_known(broken: set[str], language: str | None) -> dict[str, str]:
    """Return for each glyph the ligature that makes more known words with it than any other does."""
    counts: dict[str, Counter[str]] = {}
    for word in broken:
        for glyph in set(re.findall(_UNKNOWN, word)) - {"\ufffd"}:
            known = [ligature for ligature, whole in _made(word).items() if _is_word(whole, language)]
            counts.setdefault(glyph, Counter()).update(known)
    best = {glyph: [*count.most_common(2), ("", 0), ("", 0)] for glyph, count in counts.items()}
    return {glyph: first for glyph, ((first, most), (_, next_most), *_) in best.items() if most > max(next_most, 1)}


def _lacks_ligatures(lines: list[str]) -> bool:
    letters = sum(letter.isascii() for line in lines for letter in line if letter.isalpha())
    return letters >= _ENOUGH and sum(line.count("fi") for line in lines) < _RARE * letters


def _with_missing_f(lines: list[str], language: str | None) -> dict[str, str]:
    """Return the words that lack the f of a ligature, with it; none if they may be words for all that."""
    words = {word for line in lines for word in _WORD.findall(line) if word[1:].islower()}
    unknown = [word for word in words if word.islower() and not is_known(word, language, unsure=True)]
    lacking = {word: whole for word in unknown if (whole := _with_f(word, language))}
    if len(lacking) < _FEWEST_WORDS or len(lacking) < _LACKING * len(unknown):
        return {}
    return lacking | {
        word: lacking[word.lower()].capitalize() for word in words if word[0].isupper() and word.lower() in lacking
    }


def _with_f(word: str, language: str | None) -> str | None:
    for place, letter in enumerate(word):
        if letter in "fil" or word[place - 1 : place] == "f":
            wholes = (f"{word[:place]}{missing}{word[place:]}" for missing in ("f", "ff"))
            if whole := next((whole for whole in wholes if is_known(whole, language)), None):
                return whole
    return None
