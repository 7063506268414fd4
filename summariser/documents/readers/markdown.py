"""Markdown: the text without its markup; links keep their words, headings become places."""

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from summariser.documents.readers.encodings import decode
from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Place, Reading, placed

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\ufeff?---[^\S\n]*\n(.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\ufeff?\+\+\+[^\S\n]*\n(.*?)\n\+\+\+[^\S\n]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"(?:\w[\w.-]*|\"[^\"\n]+\"|'[^'\n]+')[^\S\n]*:(?:\s|\Z)")
_CONTINUES = re.compile(r"\s|#|-\s|[\]}]|\Z")
"""How a line of front matter begins that is no field: nested, a comment, an entry of a list, or a closing bracket."""
_FIELD = re.compile(r"^(title|date|author|lang|language)[^\S\n]*:[^\S\n]*(.+?)[^\S\n]*$", re.MULTILINE | re.IGNORECASE)
_TAGS = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<(script|style)\b(?:(?!<\1\b).)*?</\1>|</?[a-zA-Z][^<>]*>", re.DOTALL | re.IGNORECASE
)
_BLANK = "\n"


def read(data: bytes, about: About) -> Reading:
    """Return the text of a Markdown file."""
    from summariser.documents.publication import find_date

    decoded = decode(data, source=about.source, declared=about.charset)
    text = re.sub(r"\r\n?", "\n", decoded.text)
    fields, end = _front_matter(text)
    tokens = _tokens(text[end:])
    found, places = placed(_pieces(tokens))
    first = next((_words(inline) for opening, inline in _headings(tokens) if opening.tag == "h1"), None)
    return Reading(
        text=found,
        places=places,
        title=fields.get("title") or first,
        published=find_date(fields.get("date", "")),
        author=fields.get("author"),
        language=(fields.get("lang") or fields.get("language") or "")[:2].casefold() or None,
        notes=decoded.notes,
    )


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return the fields of the front matter, in YAML or TOML, and the offset behind it.

    There are none, and the offset is 0, if the text begins with a rule below which sentences stand.
    """
    if found := _TOML.match(text):
        try:
            return {name.casefold(): str(value) for name, value in tomllib.loads(found[1]).items()}, found.end()
        except tomllib.TOMLDecodeError:
            return {}, 0
    found = _FRONT_MATTER.match(text)
    lines = [line for line in found[1].split("\n") if line.strip() and not line.startswith("#")] if found else []
    if found is None or not lines or not _KEY.match(lines[0]):
        return {}, 0
    if not all(_KEY.match(line) or _CONTINUES.match(line) for line in lines):
        return {}, 0
    return {name.casefold(): value.strip("\"'") for name, value in _FIELD.findall(found[1])}, found.end()


def _tokens(text: str) -> "list[Token]":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True, "maxNesting": 50}).enable("table").parse(text)


def _headings(tokens: "list[Token]") -> "Iterator[tuple[Token, Token]]":
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            yield opening, inline


def _pieces(tokens: "list[Token]") -> Iterator[tuple[str, Place]]:
    """Yield the blocks of the file with the headings above them."""
    heading: str | None = None
    marker = ""
    cells: list[str] = []
    opened = ""
    for token in tokens:
        if token.type == "list_item_open":
            marker = f"{token.info}. " if token.info else "- "
        elif token.type == "tr_close":
            yield f"{' | '.join(cells)}\n", Place(heading=heading)
            cells.clear()
        elif token.type == "inline" and opened in ("th_open", "td_open"):
            cells.append(_words(token))
        elif token.type == "inline":
            words = _words(token)
            heading = " ".join(words.split()) if opened == "heading_open" else heading
            yield f"{marker}{words}\n{'' if marker else _BLANK}", Place(heading=heading)
            marker = ""
        elif token.type in ("fence", "code_block", "html_block"):
            shown = _TAGS.sub("", token.content) if token.type == "html_block" else token.content
            yield f"{shown.strip()}\n\n" if shown.strip() else "", Place(heading=heading)
        elif token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
            yield _BLANK, Place(heading=heading)
        opened = token.type


def _words(inline: "Token") -> str:
    """Return the words of a line without markup; an image is its description."""
    parts: list[str] = []
    for token in inline.children or ():
        if token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "image":
            parts.append(_words(token))
        elif token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type == "html_inline" and token.content.casefold().startswith("<br"):
            parts.append("\n")
    return "".join(parts).strip()


READER = Reader(name="Markdown", endings=frozenset({".md", ".markdown"}), read=read)
