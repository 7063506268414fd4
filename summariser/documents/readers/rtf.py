"""RTF: the text of the document, without headers, styles, hidden words and tracked deletions."""

import re

from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Reading
from summariser.errors import InputError
from summariser.extras import installing

_SHAPE = re.compile(r"\{\\shp(?![a-z])")
_SHAPE_OR_END = re.compile(r"\{\\shp(?![a-z])|\\par(?![a-z]) ?")
_BOX = re.compile(r"\{\\shptxt(?![a-z]) ?")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_FOOTNOTE = re.compile(r"\{\\footnote(?![a-z])")
_DELETED = re.compile(r"\{(?:[^{}\\]|\\.)*?\\deleted1?(?![a-z0-9])(?:[^{}\\]|\\.)*\}", re.DOTALL)
_CHARACTER_SET = re.compile(r"\{\\rtf\d*\s*\\(mac|pca|pc)(?![a-z])")
_ENCODINGS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
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
    source = _DELETED.sub("", data.decode("latin-1"))
    if not source.lstrip().startswith("{\\rtf"):
        raise InputError(f"{about.source} does not begin like RTF; give it the ending of what it is, such as .txt.")
    named = _CHARACTER_SET.match(source.lstrip())
    encoding = _ENCODINGS[named[1]] if named else "cp1252"
    footnotes = len(_FOOTNOTE.findall(source))
    try:
        text = str(rtf_to_text(_with_boxes_as_paragraphs(source), encoding, "replace"))  # type: ignore[no-untyped-call]  # the library has no types
    except (ValueError, LookupError, IndexError, RecursionError):
        raise InputError(f"{about.source} is a damaged RTF file; save it again, or save it as text.") from None
    title = _INFO.search(source)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\r\n", "\n")
    text = re.sub(r"[^\S\n]*\|[^\S\n]*(?=\n)", "", text)
    text = re.sub(r"(?<=\S)[^\S\n]*\|[^\S\n]*(?=\S)", " | ", text)
    text = re.sub(r"[^\S\n]*\n\s*", "\n\n", text).strip()  # every line is a paragraph
    notes = f"{footnotes} footnote{'s' if footnotes > 1 else ''}"
    return Reading(
        text=text,
        title=title[1].strip() if title and any(map(str.isalnum, title[1])) else None,
        notes=(("parts_left_out", f"Left out of the RTF file: {notes}."),) if footnotes else (),
    )


def _with_boxes_as_paragraphs(source: str) -> str:
    """Return a source whose text boxes are paragraphs behind the paragraph that has them."""
    parts: list[str] = []
    boxes: list[str] = []
    position = 0
    while found := (_SHAPE_OR_END if boxes else _SHAPE).search(source, position):
        if found[0].startswith("{"):
            end = _end_of_group(source, found.start())
            parts.append(source[position : found.start()])
            shape = source[found.start() : end]
            boxes += _boxes(shape)
            position = end
        else:
            parts += [source[position : found.end()], *(f"{{{box}\\par}}" for box in boxes)]
            boxes, position = [], found.end()
    end = source.rfind("}", position)
    return "".join([*parts, source[position:end], *(f"\\par {{{box}}}" for box in boxes), source[end:]])


def _boxes(shape: str) -> list[str]:
    """Return the contents of the text boxes of a shape."""
    found: list[str] = []
    position = 0
    while at := _BOX.search(shape, position):
        position = _end_of_group(shape, at.start())
        found.append(shape[at.end() : position - 1])
    return found


def _end_of_group(source: str, start: int) -> int:
    """Return the offset after the group that begins at an offset."""
    depth = 0
    for found in _BRACE.finditer(source, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(source)


READER = Reader(
    name="RTF",
    endings=frozenset({".rtf"}),
    read=read,
    recognises=lambda data: data.lstrip().startswith(b"{\\rtf"),
    most_bytes=25_000_000,
)
