"""Text that is signed with PGP, without the armour around it."""

import re

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE, _END = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
_HEADERS = re.compile(
    r"[^\S\n]*\n(?:[A-Z][A-Za-z-]*: [^\n]*\n)*[^\S\n]*\n|\s(?:\s*Hash: \S+)?\s*"  # a page joins the lines
)
_KEY = re.compile(r"-----BEGIN PGP PUBLIC KEY BLOCK-----.*?(?:-----END PGP PUBLIC KEY BLOCK-----|\Z)", re.DOTALL)
_ENCRYPTED = re.compile(r"\s*-----BEGIN PGP MESSAGE-----")
_ESCAPE = re.compile(r"^- ", re.MULTILINE)  # before a line that begins with a hyphen


def is_encrypted(text: str) -> bool:
    """Return True if a text is nothing but a message that is encrypted with PGP."""
    return _ENCRYPTED.match(text) is not None


def without_armour(text: str) -> tuple[str, list[str]]:
    """Return a text without signatures and public keys of PGP, and what was left out, in words.

    Args:
        text: The text, with line feeds as line ends.
    """
    told: list[str] = []
    if "-----BEGIN PGP " not in text:
        return text, told
    bare, signatures = _without_signatures(text)
    bare, keys = _KEY.subn("", bare)
    if signatures:
        told.append("the PGP signature")
    if keys:
        told.append("a public key of PGP")
    return bare, told


def _without_signatures(text: str) -> tuple[str, int]:
    """Return a text in which signed parts stand without their headers and signatures, and the number of such parts."""
    kept: list[str] = []
    position = signatures = 0
    while (begin := text.find(_SIGNED, position)) >= 0 and (behind := text.find(_SIGNATURE, begin)) >= 0:
        end = text.find(_END, behind)
        signed = text[begin + len(_SIGNED) : behind]
        headers = _HEADERS.match(signed)
        signed = signed[headers.end() if headers else 0 : -1]
        kept += [text[position:begin], _ESCAPE.sub("", signed)]
        position = end + len(_END) if end >= 0 else len(text)
        signatures += 1
    return "".join([*kept, text[position:]]), signatures
