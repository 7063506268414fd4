"""Formats that are not read: recognised, so that a message can say what to do instead."""

import re
from typing import NoReturn

from summariser.documents.readers.registry import About, Reader
from summariser.errors import InputError

_DOCUMENT = "save it as PDF, .docx or text"
_KINDS = (  # how files of a kind begin, what they are, and what to do
    (rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM....\0\0\0\0|II\*\0|MM\0\*", "an image", "read it with OCR"),
    (
        rb"\0...ftyp|ID3[\x02-\x04]|\xff[\xfb\xf3\xf2]|OggS|RIFF....(?:WAVE|AVI )|fLaC|\x1aE\xdf\xa3",
        "a recording",
        "transcribe it",
    ),
    (rb"PK[\x03\x05\x07]", "a zip archive without a document that is read", "give the files in it"),
    (
        rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1.*E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
        "protected by a password",
        "save it without one",
    ),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a file of an old Office program or of Outlook", _DOCUMENT),
    (
        rb"7z\xbc\xaf|\x28\xb5\x2f\xfd|Rar!\x1a|\x1f\x9d|\x04\x22\x4d\x18|LZIP|\x5d\0\0.{10}\0|.{257}ustar",
        "an archive",
        "unpack it, or compress it as .gz",
    ),
    (
        rb"\x30[\x80-\x84].{0,4}\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03]",
        "a signed or encrypted message (S/MIME)",
        "open it in a mail program, and save its text",
    ),
    (rb"\x78\x9f\x3e\x22", "a message of Outlook (winmail.dat)", "open the mail in Outlook, and save its text"),
    (
        rb"(?:\xef\xbb\xbf)?\s*(?:<SAMI\b|Scenarist_SCC|\d{3}STL\d\d\.\d\d|(?:\{\d+\}\{\d+\}\S[^\n]*\n){2}|(?:\[\d+\]\[\d+\]\S[^\n]*\n){3})",
        "captions of a kind that is not read",
        "save them as .srt or .vtt",
    ),
    (rb"%!PS", "PostScript", "save it as PDF"),
    (rb"PAR1|SQLite format 3\0", "a table of data", "give its texts as JSON Lines"),
    (
        rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<\?xml\b|<\0\?\0x\0|\0<\0\?\0x|<(?:\w+:)?(?:akomaNtoso|TEI|teiCorpus)[\s>])",
        "XML of a kind that is not read",
        "save it as HTML or text",
    ),
)
_PATTERN = re.compile(b"|".join(b"(" + pattern + b")" for pattern, _, _ in _KINDS), re.DOTALL)
_PAGE = re.compile(  # XML that is XHTML
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)


def recognises(data: bytes) -> bool:
    """Return True if a file is of a format that is known but not read."""
    return _PATTERN.match(data) is not None and _PAGE.match(data) is None


def read(data: bytes, about: About) -> NoReturn:
    """Refuse the file.

    Raises:
        InputError: Always; it says what the file is and what to do.
    """
    found = _PATTERN.match(data)
    _, what, cure = _KINDS[(found.lastindex or 1) - 1] if found else _KINDS[0]
    raise InputError(f"{about.source} is {what}; {cure}.")


READER = Reader(name="other", endings=frozenset(), read=read, recognises=recognises, by_beginning=True)
