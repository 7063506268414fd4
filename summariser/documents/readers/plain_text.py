"""Plain text, with words joined that a hyphen divides at the end of a line."""

from summariser.documents.readers.encodings import decode
from summariser.documents.readers.hyphens import without_line_end_hyphens
from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Reading


def read(data: bytes, about: About) -> Reading:
    """Return the text of a file of plain text."""
    decoded = decode(data, source=about.source, declared=about.charset)
    return Reading(text=without_line_end_hyphens(decoded.text), notes=decoded.notes)


READER = Reader(name="plain text", endings=frozenset({".txt", ".text"}), read=read)
