"""The normal form of text: NFC, LF for every line end, no ligatures, soft hyphens, control or zero-width characters."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029\x0b\x0c]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\u200b\u202a-\u202e\u2066-\u2069]")
_SOFT_HYPHEN = re.compile("\u00ad(?:[^\\S\n]*\n(?=[^\\W\\d_]))?")
_PRESENTATION_FORMS = re.compile(
    "[\ufb00-\ufb4f\ufb50-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc]"
)  # ligatures and shaped letters


def normalise(text: str) -> str:
    """Return a text in its normal form, which is also safe to print on a terminal."""
    text = _LINE_ENDS.sub("\n", text)
    text = _SOFT_HYPHEN.sub("", _CONTROLS.sub("", text))
    text = _PRESENTATION_FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return unicodedata.normalize("NFC", text)


def printable(text: str, *, lines: bool = False) -> str:
    """Return a text with escapes for what changes a terminal or the order of the characters on it.

    Args:
        text: The text, such as the name of a file.
        lines: True to keep line feeds and tabs.
    """
    return _UNPRINTABLE.sub(lambda found: found[0] if lines and found[0] in "\n\t" else _escaped(found[0]), text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
