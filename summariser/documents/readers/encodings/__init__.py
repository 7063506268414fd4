"""Encodings: bytes to characters, by what is declared, by UTF-8, and by what reads as words of a language."""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from summariser.documents.document import detect_languages
from summariser.documents.readers.encodings.repaired_text import is_utf7, repaired
from summariser.documents.readers.encodings.tables import EBCDIC, LANGUAGES, LETTERS, MEANT, RARE, encoding_name
from summariser.documents.readers.encodings.wide import Wide, as_utf16, as_utf32, looks_wide
from summariser.documents.reading import Note
from summariser.errors import InputError

_SAMPLE = 65536  # bytes, or characters, that are looked at to tell text from binary data
_GUESSED_FROM = 8000  # characters that have to be words of a language
_SURE = 0.5  # the probability of a language from which a guess is accepted
_LEAD = 0.1  # by which the probability of the best guess exceeds that of one that is another text
_ALIKE = 0.02  # the share of characters in which two texts may differ without being others
_WIDE_SHARE = 0.95  # of its characters that are usual together
_FEWEST_WIDE = 40  # bytes of a text that may be UTF-16 though it has no zero byte
_STRICTNESS = 3  # by which few words that are not formed like words count as many
_MOST_BAD = 0.5  # bad bytes of a text that is still UTF-8, as a share of its characters outside ASCII

_EBCDIC_SPACE = b"@"
_FEWEST_SPACES = 0.05  # of the characters of a text
_FEWEST_OF_UTF8 = 3  # characters outside ASCII of a line that is UTF-8 among others that are not
_FEWEST_OF_RARE = 4  # characters outside ASCII that show a rare encoding
_BOMS = (
    (codecs.BOM_UTF8, "utf_8_sig"),
    (codecs.BOM_UTF32_LE, "utf_32"),
    (codecs.BOM_UTF32_BE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BROKEN = re.compile(
    r"[^\W\d_][^\w\s.,:;!?'’‘“”\"()/&@+*«»„…–—｡｢｣､･。，、：；！？（）「」『』《》·\-]+[^\W\d_]|[^\W\d_](?:[“”«»]|(?![0-9])\d)[^\W\d_]|[^\W\d_][„‚]|ς[^\W\d_]|[\u2500-\u259f\x80-\x9f]"
)
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")  # Katakana and marks; those of EUC-JP in Shift JIS begin with marks
_HALF_WIDTH_MARKS = re.compile("[\uff61-\uff65]")
_MOST_MARKS = 0.25  # of them
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_JIS = re.compile(rb"\x1b(?P<set>\$[@B]|\(I)(?P<letters>[^\x1b]*)(?:\x1b\([BJ])?")
_HZ = re.compile(rb"~\{(?:[!-~]{2})+?~\}")
_MARKUP = re.compile(r"<[^<>]{0,2000}>|https?://\S+|(?<![\w.])[\w.]++@[\w.]+")
_KANA = frozenset({"cp932", "euc_jp"})
_KANA_LETTERS = re.compile("[\u3041-\u30fa]")


@dataclass(frozen=True)
class Decoded:
    """A decoded text.

    Attributes:
        text: The text.
        notes: What a reader should know: that the encoding is a guess, or that bytes were replaced.
    """

    text: str
    notes: tuple[Note, ...] = ()


def decode(data: bytes, *, source: str, declared: str | None = None) -> Decoded:
    """Return the text of encoded bytes.

    A byte order mark decides, then the declared encoding, then UTF-8, also with a few bad bytes, and then the encoding
    in which the bytes read as words of a language.

    Args:
        data: The bytes.
        source: The name of the source, for messages.
        declared: The encoding that the format or a server declares.

    Raises:
        InputError: The bytes are not text, or their encoding cannot be told.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _repaired(_marked(data, encoding, source))
    data = _without_padding(data.removesuffix(b"\x1a"))  # the end of a file in DOS
    if is_utf7(data) or (_is_declared_utf7(declared) and b"+" in data):
        raise InputError(f"{source} is in UTF-7, which is not read; save it as UTF-8.")
    found = (
        _as_declared(data, declared)
        or _wide(data, source)
        or _as_escaped(data)
        or _as_utf8(data)
        or _as_mixed(data, source)
        or _as_words(data, source)
    )
    _require_text(found.text, source)
    return _repaired(found)


def _without_padding(data: bytes) -> bytes:
    """Return bytes without the zero bytes with which a file of fixed length ends."""
    bare = data.rstrip(b"\0")
    return bare if len(data) - len(bare) > 1 and b"\0" not in bare else data


def _repaired(found: Decoded) -> Decoded:
    """Return a text that was encoded twice as it was before, with a note; any other text unchanged."""
    if (again := repaired(found.text)) is None:
        return found
    text, encoding = again
    told = f"The text was UTF-8 that had been read as {encoding_name(encoding)} and encoded again; this was undone."
    return Decoded(text, (*found.notes, ("encoding_guessed", told)))


def _is_declared_utf7(declared: str | None) -> bool:
    return re.sub(r"[\W_]", "", (declared or "").casefold()) in ("utf7", "unicode11utf7", "csunicode11utf7")


def _marked(data: bytes, encoding: str, source: str) -> Decoded:
    """Return the text of bytes with a byte order mark; one bad end, as of a file cut short, is replaced."""
    text = data.decode(encoding, "replace")
    bad = text.count("\ufffd")
    if bad > max(3, 0.01 * len(text)):
        raise InputError(f"{source} cannot be decoded (it begins like UTF-8 or UTF-16, but is not); save it as UTF-8.")
    _require_text(text, source)
    return Decoded(text, _replaced(bad, encoding.removesuffix("_sig")))


def _as_declared(data: bytes, declared: str | None) -> Decoded | None:
    """Return the text in the declared encoding; None if nothing usable is declared or the bytes do not fit it."""
    try:
        name = codecs.lookup((declared or "").strip().strip("'\"")).name
    except (LookupError, ValueError):  # nothing is declared, or a name that nobody knows
        return None
    encoding = MEANT.get(name, name.replace("-", "_"))
    try:
        text = data.decode(encoding)
        return (None if encoding.startswith("utf_8") else _utf8_instead(data, encoding)) or Decoded(text)
    except UnicodeDecodeError:
        if encoding.startswith("iso2022"):
            return _as_escaped(data)
        found = (None if encoding.startswith("utf_8") else _utf8_instead(data, encoding)) or _as_utf8(data)
        if found is not None:
            return found
        text = data.decode(encoding, "replace")
        bad = text.count("\ufffd")
        return Decoded(text, _replaced(bad, encoding)) if bad <= max(3, 0.01 * len(text)) else None
    except LookupError:  # no encoding of text, such as base64
        return None


def _utf8_instead(data: bytes, declared: str) -> Decoded | None:
    """Return the text in UTF-8 if the bytes are UTF-8 and would be another text as declared; None otherwise."""
    differs = _MULTIBYTE.search(data) is not None or "a".encode(declared) != b"a"  # "a" differs in UTF-16 and EBCDIC
    text = _strict(data, "utf_8") if differs and b"\0" not in data else None
    if text is None:
        return None
    return Decoded(text, (("encoding_guessed", f"{encoding_name(declared)} is declared, but the encoding is UTF-8."),))


def _wide(data: bytes, source: str) -> Decoded | None:
    """Return the text of UTF-16 or UTF-32 without a byte order mark; None if the bytes do not look so.

    Raises:
        InputError: There are zero bytes, but no text.
    """
    if not looks_wide(data):
        return None
    found = as_utf32(data[: len(data) // 4 * 4]) or as_utf16(data[: len(data) // 2 * 2])
    if found is None and b"\0" in data[:_SAMPLE]:
        raise InputError(f"{source} is not text (it holds binary data); give a text file.")
    if found is None:
        return None
    cut = len(data) % (4 if "32" in found.encoding else 2)
    guessed = _guessed(found.encoding, f"{found.text}\ufffd" if cut else found.text)
    return Decoded(guessed.text, (*guessed.notes, *_replaced(1 if cut else 0, found.encoding)))


def _is_sure(found: Wide) -> bool:
    """Return True if a text in UTF-16 is words of a language; pairs of bytes of another encoding are not."""
    sample = found.text[:_GUESSED_FROM]
    return found.share >= _WIDE_SHARE and detect_languages(sample, most=1)[0][1] >= _SURE


def _as_escaped(data: bytes) -> Decoded | None:
    """Return the text of ASCII with marks that switch to Japanese, Korean or Chinese; None if it has none."""
    sample = data[:_SAMPLE]
    if b"\x1b$)C" in sample:
        text = _strict(data, "iso2022_kr")
    elif b"\x1b$" in sample:
        text = _strict(data, "iso2022_jp") or _strict(_JIS.sub(_as_euc, data), "euc_jis_2004")
    else:
        text = _strict(data, "hz") if _HZ.search(sample) else None
    return None if text is None else Decoded(text)


def _as_euc(marked: re.Match[bytes]) -> bytes:
    """Return characters of ISO 2022 in EUC-JIS-2004, which has those of Windows as well, such as digits in circles."""
    letters = bytes(byte | 0x80 if byte > 0x20 else byte for byte in marked["letters"])
    return letters if b"$" in marked["set"] else re.sub(rb"[\xa1-\xdf]", lambda each: b"\x8e" + each[0], letters)


def _as_utf8(data: bytes) -> Decoded | None:
    """Return the text in UTF-8, with a few bad bytes replaced; None if it is not UTF-8."""
    text = _strict(data, "utf_8")
    if text is not None:
        return Decoded(text)
    if _SURROGATES.search(data) and (text := _strict(_SURROGATES.sub(_joined, data), "utf_8")) is not None:
        return _guessed("CESU-8", text)
    text = data.decode("utf_8", "replace")
    bad = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - bad
    return Decoded(text, _replaced(bad, "utf_8")) if good and bad <= max(1, _MOST_BAD * good) else None


def _joined(surrogates: re.Match[bytes]) -> bytes:
    """Return in UTF-8 a character that is written as two halves of UTF-16, as some databases write it."""
    return surrogates[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _as_mixed(data: bytes, source: str) -> Decoded | None:
    """Return the text of lines of which some are UTF-8, as of files that were put together; None if none are."""
    lines = data.split(b"\n")
    texts = [_strict(line, "utf_8") if len(_MULTIBYTE.findall(line)) >= _FEWEST_OF_UTF8 else None for line in lines]
    wide = sum(text is not None for text in texts)
    if not wide:
        return None
    found = _as_words(b"\n".join(line for line, text in zip(lines, texts, strict=True) if text is None), source)
    others = iter(found.text.split("\n"))
    if found.text.count("\n") != len(lines) - wide - 1:
        return None
    told = "1 line is UTF-8" if wide == 1 else f"{wide:,} lines are UTF-8"
    text = "\n".join(next(others) if text is None else text for text in texts)
    return Decoded(text, (*found.notes, ("encoding_guessed", f"{told}, unlike the others.")))


def _as_words(data: bytes, source: str) -> Decoded:
    """Return the text in the encoding in which it is words of a language.

    Raises:
        InputError: No encoding gives words of a language, or several do.
    """
    ranked = _ranked(data)
    if ranked and ranked[0].score >= _SURE and not any(_rivals(ranked[0], other) for other in ranked[1:]):
        return _guessed(ranked[0].encoding, ranked[0].text)
    found = as_utf16(data) if not ranked or ranked[0].score < _SURE else None
    if found is not None and _is_sure(found) and len(data) >= _FEWEST_WIDE:
        return _guessed(found.encoding, found.text)
    candidates = [*([found.encoding] if found else []), *(guess.encoding for guess in ranked)]
    names = " or ".join(map(encoding_name, candidates[:4]))
    what = f"it may be {names}" if names else "its bytes are text in no known encoding"
    raise InputError(f"{source} cannot be decoded ({what}); save it as UTF-8.")


@dataclass(frozen=True)
class _Guess:
    """A text in an encoding, and how sure it is, from 0 to 1, that it is words of a language of that encoding."""

    score: float
    encoding: str
    text: str


def _ranked(data: bytes) -> list[_Guess]:
    """Return the texts that the bytes may be, the likeliest first; each text with the most usual of its encodings."""
    guesses: dict[str, _Guess] = {}
    for encoding in LANGUAGES:
        if encoding in EBCDIC and data.count(_EBCDIC_SPACE) <= max(data.count(b" "), _FEWEST_SPACES * len(data)):
            continue
        text = _strict(data, encoding)
        if text is None or _has_controls(text):
            continue
        guess = _Guess(_plausibility(text, encoding), encoding, text)
        if text not in guesses or guess.score > guesses[text].score:
            guesses[text] = guess
    return sorted(guesses.values(), key=lambda guess: -guess.score)


def _rivals(best: _Guess, other: _Guess) -> bool:
    """Return True if another text is nearly as likely as the best, and so different that a choice matters."""
    return best.score - other.score < _LEAD and sum(map(str.__ne__, best.text, other.text)) > _ALIKE * len(best.text)


def _plausibility(text: str, encoding: str) -> float:
    """Return how sure it is, from 0 to 1, that a text is words of a language that the encoding is used for."""
    from charset_normalizer import from_bytes

    sample = text[:_GUESSED_FROM] if encoding in EBCDIC else _telling(text)
    usual = LANGUAGES[encoding].split()
    found = [(score, language) for language, score in detect_languages(sample) if language in usual]
    score, language = max(found, default=(0.0, ""))
    few = encoding in RARE and sum(not character.isascii() for character in sample) < _FEWEST_OF_RARE
    if score < _SURE / 2 or few or (encoding in _KANA and not _KANA_LETTERS.search(sample)):
        return 0.0
    match = from_bytes(sample.encode(encoding, "ignore"), cp_isolation=[encoding], threshold=1.0).best()
    chaos = match.chaos if match is not None else 0.0
    return (
        score
        * (1 - min(1.0, chaos))
        * (1 - _spoilt(sample, language)) ** _STRICTNESS
        * (0.8 if encoding in RARE else 1.0)
    )


def _telling(text: str) -> str:
    """Return the first lines that have characters outside ASCII, without markup, which tells nothing of a language."""
    lines: list[str] = []
    left = _GUESSED_FROM
    for line in text.splitlines():
        if left > 0 and not line.isascii():
            bare = _MARKUP.sub(" ", line[: 4 * left])[:left]
            lines.append(bare)
            left -= len(bare)
    return "\n".join(lines)


def _spoilt(text: str, language: str) -> float:
    """Return the share of words that are not formed like words, of those with characters outside ASCII."""
    words = [word for word in unicodedata.normalize("NFC", text).split() if not word.isascii()]
    alphabet = LETTERS.get(language)
    if len(_HALF_WIDTH_MARKS.findall(text)) > _MOST_MARKS * len(_HALF_WIDTH.findall(text)) or (
        language != "ja" and _HALF_WIDTH.search(text)
    ):
        return 1.0
    return sum(_is_spoilt(word, alphabet) for word in words) / max(1, len(words))


def _is_spoilt(word: str, alphabet: str | None) -> bool:
    """Return True if a word has scripts, capitals, symbols or letters where the language does not have them."""
    bare = "".join(character for character in word if not unicodedata.category(character).startswith("M"))
    if _BROKEN.search(bare) or unicodedata.combining(word[0]):
        return True
    letters = [character for character in word if character.isalpha() or character not in bare]
    capitals = [letter.isupper() for letter in letters if letter.isupper() or letter.islower()]
    mixed = any(before < after for before, after in pairwise(capitals)) and "-" not in word
    foreign = alphabet is not None and any(not c.isascii() and c.lower() not in alphabet for c in letters)
    scripts = {_script(letter) for letter in letters}
    return mixed or foreign or len(scripts - {"LATIN"} if "CJK" in scripts else scripts) > 1


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "NONE").partition(" ")[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "HANGUL", "KATAKANA-HIRAGANA", "HALFWIDTH") else name


def _guessed(encoding: str, text: str) -> Decoded:
    return Decoded(text, (("encoding_guessed", f"The encoding was guessed to be {encoding_name(encoding)}."),))


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _replaced(bad: int, encoding: str) -> tuple[Note, ...]:
    if not bad:
        return ()
    name = encoding_name(encoding)
    what = f"1 place is not {name} and stands" if bad == 1 else f"{bad:,} places are not {name} and stand"
    return (("bytes_replaced", f"{what} as \ufffd in the text."),)


def _has_controls(text: str) -> bool:
    sample = text[:_SAMPLE]
    return sum(c < " " and c not in "\t\n\r\f\v" for c in sample) > 0.02 * len(sample)


def _require_text(text: str, source: str) -> None:
    if _has_controls(text):
        raise InputError(f"{source} is not text (it holds binary data); give a text file.")
