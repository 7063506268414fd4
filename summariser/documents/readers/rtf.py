"""RTF: the text of the document, without headers, styles and hidden words."""

import re

from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Reading
from summariser.errors import InputError
from summariser.extras import installing

_INFO = re.compile(r"\{\\title\s+([^{}\\]+)\}")


def read(data: bytes, about: About) -> Reading:
    """Return the text of an RTF file.

    Raises:
        InputError: The file is damaged, or the extra is not installed.
    """
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError:
        raise InputError(f"{about.source} is RTF; to read it, {installing('files')}.") from None
    source = data.decode("latin-1")
    try:
        text = str(rtf_to_text(source, errors="replace"))  # type: ignore[no-untyped-call]  # the library has no types
    except (ValueError, LookupError, IndexError, RecursionError):
        raise InputError(f"{about.source} is a damaged RTF file; save it again, or save it as text.") from None
    title = _INFO.search(source)
    text = re.sub(r"[^\S\n]*\|[^\S\n]*(?=\n)", "", text.replace("\r\n", "\n"))
    text = re.sub(r"\n+", "\n\n", text).strip()  # every line is a paragraph
    return Reading(text=text, title=title[1].strip() or None if title else None)


READER = Reader(
    name="RTF",
    endings=frozenset({".rtf"}),
    read=read,
    recognises=lambda data: data.lstrip().startswith(b"{\\rtf"),
    most_bytes=25_000_000,
)
