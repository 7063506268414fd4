"""Encodings: bytes to characters, by what is declared, by UTF-8, and by what reads as words of a language."""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from summariser.documents.document import detect_languages
from summariser.documents.reading import Note
from summariser.errors import InputError

_SAMPLE = 65536  # bytes, or characters, that are looked at to tell text from binary data
_GUESSED_FROM = 8000  # characters that have to be words of a language
_SURE = 0.5  # the probability of a language from which a guess is accepted
_LEAD = 0.1  # by which the probability of the best guess exceeds that of one that is another text
_ALIKE = 0.02  # the share of characters in which two texts may differ without being others
_FEWEST_WIDE = 40  # bytes of a text that may be UTF-16 though it has no zero byte
_MOST_SCRIPTS = 5  # blocks of letters in a text
_STRICTNESS = 3  # by which few words that are not formed like words count as many
_MOST_BAD = 0.5  # bad bytes of a text that is still UTF-8, as a share of its characters outside ASCII

# The order decides between encodings that give the same characters.
_LANGUAGES = {
    "cp1252": "ca da de en es et eu fi fr ga gl id is it ms nl no nb nn oc pt sv sq sw af lb",
    "cp1251": "ru uk bg be sr mk mn kk ky tg ba",
    "cp1250": "pl cs sk hu sl hr bs sr ro sq",
    "gb18030": "zh",
    "big5hkscs": "zh",
    "cp932": "ja",
    "euc_jp": "ja",
    "cp949": "ko",
    "koi8_r": "ru",
    "koi8_u": "uk",
    "cp866": "ru be",
    "cp855": "ru bg sr",
    "cp1253": "el",
    "cp1254": "tr az",
    "cp1255": "he yi",
    "cp1256": "ar fa ur",
    "cp1257": "lt lv et",
    "cp1258": "vi",
    "cp874": "th",
    "iso8859_2": "pl cs sk hu sl hr ro",
    "iso8859_5": "ru bg sr",
    "iso8859_6": "ar",
    "iso8859_7": "el",
    "mac_roman": "da de en es fr it nl no pt sv",
    "mac_cyrillic": "ru uk bg sr mk",
    "mac_iceland": "is",
    "mac_greek": "el",
    "mac_turkish": "tr",
    "mac_latin2": "pl cs sk hu",
    "cp850": "de es fr it pt da no sv",
    "cp437": "de en es fr it",
    "cp860": "pt",
    "cp861": "is",
    "cp865": "da no",
    "cp852": "pl cs sk hu",
    "cp737": "el",
    "cp857": "tr",
    "cp862": "he",
    "cp720": "ar",
    "cp775": "lt lv et",
    "cp1125": "uk",
    "kz1048": "kk",
    "ptcp154": "kk",
    "johab": "ko",
    "cp037": "en nl pt",
    "cp273": "de",
    "cp500": "de en es fr it",
}
_LETTERS = {  # the letters outside ASCII, for languages of which some encodings differ in few letters
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "sl": "čšž",
    "hr": "čćđšž",
    "bs": "čćđšž",
    "ro": "ăâîșțşţ",
    "de": "äöüßéèàáâêç",
    "pt": "áàâãçéêíóôõúüªº",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
}
_RARE = frozenset(
    "mac_roman mac_cyrillic mac_greek mac_iceland mac_turkish mac_latin2 cp437 cp720 cp737 "
    "cp775 cp850 cp852 cp855 cp857 cp860 cp861 cp862 cp865 cp866 cp1125 kz1048 ptcp154 johab".split()
)
_EBCDIC = frozenset({"cp037", "cp273", "cp500"})
_EBCDIC_SPACE = b"@"
_FEWEST_SPACES = 0.05  # of the characters of a text
_FEWEST_OF_UTF8 = 3  # characters outside ASCII of a line that is UTF-8 among others that are not
_FEWEST_OF_RARE = 4  # characters outside ASCII that show a rare encoding
_NAMES = {
    "cp949": "EUC-KR",
    "cp932": "Shift JIS",
    "euc_jp": "EUC-JP",
    "big5hkscs": "Big5",
    "gb18030": "GB 18030",
    "cp874": "TIS-620",
    "mac_roman": "Mac Roman",
    "mac_cyrillic": "Mac Cyrillic",
    "mac_greek": "Mac Greek",
    "mac_latin2": "Mac Central European",
    "mac_turkish": "Mac Turkish",
    "kz1048": "KZ-1048",
    "johab": "Johab",
    "utf_16_le": "UTF-16-LE",
    "utf_16_be": "UTF-16-BE",
    "utf_8": "UTF-8",
    "utf_16": "UTF-16",
    "utf_32": "UTF-32",
}
_MEANT = {  # what a declared encoding means in practice, as the Encoding Standard of the WHATWG has it
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf_8_sig"),
    (codecs.BOM_UTF32_LE, "utf_32"),
    (codecs.BOM_UTF32_BE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BROKEN = re.compile(
    r"[^\W\d_][^\w\s.,:;!?'’‘“”\"()/&@+*«»„…–—。，、：；！？（）「」『』《》·\-]+[^\W\d_]|[^\W\d_](?:[“”«»]|(?![0-9])\d)[^\W\d_]|[^\W\d_][„‚]|ς[^\W\d_]|[\u2500-\u259f\uff61-\uff9f\x80-\x9f]"
)
_JIS = re.compile(rb"\x1b(?P<set>\$[@B]|\(I)(?P<letters>[^\x1b]*)(?:\x1b\([BJ])?")
_HZ = re.compile(rb"~\{(?:[!-~]{2})+?~\}")
_MARKUP = re.compile(r"<[^<>]{0,2000}>|https?://\S+|(?<![\w.])[\w.]++@[\w.]+")
_USUAL = re.compile(r"[ \n.,0-9。，、]")
_EAST_ASIAN = ("gb2312", "big5", "euc_jp", "euc_kr")
_USUAL_SHARE = 0.95  # of characters
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
            return _marked(data, encoding, source)
    data = data.removesuffix(b"\x1a")  # the end of a file in DOS
    found = (
        _as_declared(data, declared)
        or _wide(data, source)
        or _as_escaped(data)
        or _as_utf8(data)
        or _as_mixed(data, source)
        or _as_words(data, source)
    )
    _require_text(found.text, source)
    return found


def encoding_name(encoding: str) -> str:
    """Return the usual name of one of Python's encodings: "Windows-1252" for cp1252."""
    if encoding in _NAMES:
        return _NAMES[encoding]
    for prefix, usual in (("cp125", "Windows-125"), ("iso8859_", "ISO 8859-"), ("koi8_", "KOI8-"), ("cp", "CP")):
        if encoding.startswith(prefix):
            return (
                (usual + encoding.removeprefix(prefix)).upper()
                if prefix == "koi8_"
                else (usual + encoding.removeprefix(prefix))
            )
    return encoding.upper()


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
    encoding = _MEANT.get(name, name.replace("-", "_"))
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
    """Return the text of UTF-16 without a byte order mark, if there are zero bytes; None if there are none."""
    if b"\0" not in data[:_SAMPLE]:
        return None
    found = _as_utf16(data)
    if found is None:
        raise InputError(f"{source} is not text (it holds binary data); give a text file.")
    return found


def _as_utf16(data: bytes) -> Decoded | None:
    """Return the text of UTF-16 in the byte order in which it has the usual spaces, stops and digits; None if none."""
    best, most = None, 0.01
    for encoding in ("utf_16_le", "utf_16_be"):
        text = _strict(data, encoding)
        if not text or _has_controls(text) or _scripts(text[:_GUESSED_FROM]) > _MOST_SCRIPTS:
            continue
        sample = text[:_GUESSED_FROM]
        share = len(_USUAL.findall(sample)) / len(sample)
        if share > most or (best is None and _scripts(sample) <= 2 and sum(map(str.isalpha, sample)) > len(sample) / 2):
            best, most = (encoding, text), max(share, most)
    return _guessed(*best) if best else None


def _is_wide_text(text: str) -> bool:
    """Return True if a text is words of a language in characters that an older encoding has; pairs of bytes are not."""
    sample = text[:_GUESSED_FROM]
    usual = max(len(sample.encode(encoding, "ignore").decode(encoding)) for encoding in _EAST_ASIAN)
    return usual >= _USUAL_SHARE * len(sample) and detect_languages(sample, most=1)[0][1] >= _SURE


def _scripts(text: str) -> int:
    """Return the number of blocks of 256 characters that its letters are from, East Asian ones counted once."""
    return len({0x4E if "\u3040" <= c <= "\ud7ff" else ord(c) >> 8 for c in text if c.isalpha()})


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
    text = data.decode("utf_8", "replace")
    bad = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - bad
    return Decoded(text, _replaced(bad, "utf_8")) if good and bad <= max(1, _MOST_BAD * good) else None


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
    found = _as_utf16(data) if not ranked or ranked[0].score < _SURE else None
    if found is not None and _is_wide_text(found.text) and len(data) >= _FEWEST_WIDE:
        return found
    names = " or ".join(encoding_name(guess.encoding) for guess in ranked[:4])
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
    for encoding in _LANGUAGES:
        if encoding in _EBCDIC and data.count(_EBCDIC_SPACE) <= max(data.count(b" "), _FEWEST_SPACES * len(data)):
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

    sample = text[:_GUESSED_FROM] if encoding in _EBCDIC else _telling(text)
    usual = _LANGUAGES[encoding].split()
    found = [(score, language) for language, score in detect_languages(sample) if language in usual]
    score, language = max(found, default=(0.0, ""))
    few = encoding in _RARE and sum(not character.isascii() for character in sample) < _FEWEST_OF_RARE
    if score < _SURE / 2 or few or (encoding in _KANA and not _KANA_LETTERS.search(sample)):
        return 0.0
    match = from_bytes(sample.encode(encoding, "ignore"), cp_isolation=[encoding], threshold=1.0).best()
    chaos = match.chaos if match is not None else 0.0
    return (
        score
        * (1 - min(1.0, chaos))
        * (1 - _spoilt(sample, language)) ** _STRICTNESS
        * (0.8 if encoding in _RARE else 1.0)
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
    alphabet = _LETTERS.get(language)
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
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "HANGUL", "KATAKANA-HIRAGANA") else name


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
