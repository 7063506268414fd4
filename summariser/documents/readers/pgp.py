"""Text that is signed with PGP, without the armour around it."""

import re

_SIGNED = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----"
    r"(?:[^\S\n]*\n(?:[A-Z][A-Za-z-]*: [^\n]*\n)*[^\S\n]*\n|\s(?:\s*Hash: \S+)?\s*)"  # a page joins the lines
    r"(?P<text>.*?)\s-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----|\Z)",
    re.DOTALL,
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
    bare, signatures = _SIGNED.subn(lambda signed: _ESCAPE.sub("", signed["text"]), text)
    bare, keys = _KEY.subn("", bare)
    if signatures:
        told.append("the PGP signature")
    if keys:
        told.append("a public key of PGP")
    return bare, told
