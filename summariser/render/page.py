"""A View as one HTML page: the article beside the summary. The page loads nothing and sends nothing."""

import base64
import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

from summariser.render.pieces import Piece, pieces
from summariser.render.view import MARK_NAMES, Article, Line, Section, SourceSentence, View

if TYPE_CHECKING:
    from jinja2 import Environment, Template


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence of the article.

    Attributes:
        number: Its number.
        pieces: Its text, cut where cited words begin and end.
        kind: "cited", "uncited" or "boilerplate".
    """

    number: int
    pieces: tuple[Piece, ...]
    kind: str


def to_html(view: View) -> str:
    """Return a View as one HTML page, which loads and sends nothing.

    Words of the source and of the model are shown as text. A content security policy allows only the page's own script
    and style.

    Args:
        view: The View. Without an article the page shows the cited passages alone.
    """
    lines = [line for section in view.sections for line in section.lines]
    return (
        template("page.html").render(
            view=view,
            paragraphs=_paragraphs(view, view.article) if view.article else [],
            passages=[] if view.article else _passages(view),
            parties=sorted({name for line in lines for name in line.parties}),
            mark_names={mark: name for mark, name in MARK_NAMES.items() if any(line.mark == mark for line in lines)},
            slug=_slug,
            rows=_rows,
            columns=_columns,
            places=_places,
            **policy(),
        )
        + "\n"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """A document in the index of pages.

    Attributes:
        source: The name of its source.
        page: The name of its page; empty if it has no summary.
        headline: The headline of its summary.
        published: Its day of publication; empty if it is unknown.
        tally: The number of items with each mark.
        status: Whether the summary is complete, or "failed".
        error: Why it is not; empty if it is.
    """

    source: str
    page: str
    headline: str
    published: str
    tally: str
    status: str
    error: str


def to_index(entries: Sequence[IndexEntry]) -> str:
    """Return the index of pages as an HTML page, which loads and sends nothing.

    Args:
        entries: The documents in their order.
    """
    failed = sum(not entry.page for entry in entries)
    return template("index.html").render(entries=entries, failed=failed, **policy()) + "\n"


@cache
def policy() -> dict[str, str]:
    """Return the style and the script of the page, and the content security policy that allows them alone."""
    style, script = (_file(name) for name in ("page.css", "page.js"))
    allowed = f"style-src {_hash(style)}; script-src {_hash(script)}"
    return {
        "style": style,
        "script": script,
        "policy": f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'",
    }


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _file(name: str) -> str:
    return (files("summariser.render") / name).read_text("utf-8")


def template(name: str) -> "Template":
    """Return a page's template by the name of its file; all values are escaped."""
    return _environment().get_template(name)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(_file), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _slug(text: str) -> str:
    """Return a text as a class name."""
    return "-".join(text.split())


@dataclass(frozen=True, slots=True)
class Row:
    """A field of an item: its value, and what the source says of it."""

    title: str
    value: str
    outcome: str
    reason: str


def _places(line: Line, parties: list[str]) -> str:
    """Return the places of an item's parties in the list of all parties, from 1."""
    return " ".join(str(parties.index(name) + 1) for name in line.parties)


def _columns(section: Section) -> list[str]:
    """Return the titles of the fields that an item of a section has."""
    filled = {cell.title for line in section.lines for cell in line.cells if cell.value}
    return [cell.title for cell in section.lines[0].cells if cell.title in filled]


def _rows(line: Line) -> list[Row]:
    """Return the fields of an item that have a value, or of which the checks say something."""
    found = {each.title: each for each in line.findings}
    rows = []
    for cell in line.cells:
        check = found.pop(cell.title, None)
        if cell.value or check:
            rows.append(Row(cell.title, cell.value, check.outcome if check else "", check.reason if check else ""))
    return rows + [Row(each.title, "", each.outcome, each.reason) for each in found.values()]


# ── the article ──────────────────────────────────────────────────────────────────────────────────


def _paragraphs(view: View, article: Article) -> list[list[ShownSentence]]:
    """Return the sentences of the article by paragraph, each cut where cited words begin and end."""
    citing = [line for section in view.sections if section.is_claim for line in section.lines]
    cited = {number for line in citing for number in line.sentences}
    spans = _spans(citing, article.sentences)
    shown = [
        (
            sentence.paragraph,
            ShownSentence(
                sentence.number,
                tuple(pieces(article.text, sentence.start, sentence.end, spans.get(sentence.number, []))),
                "boilerplate" if not sentence.is_content else "cited" if sentence.number in cited else "uncited",
            ),
        )
        for sentence in article.sentences
    ]
    return [[sentence for _, sentence in group] for _, group in groupby(shown, key=lambda each: each[0])]


def _spans(lines: list[Line], sentences: tuple[SourceSentence, ...]) -> dict[int, list[tuple[int, int, str]]]:
    """Return the cited spans of each sentence, by its number, with the ids of the items that cite them."""
    found: dict[int, list[tuple[int, int, str]]] = {}
    starts = [sentence.start for sentence in sentences]
    for line in lines:
        for start, end in line.spans:
            place = max(0, bisect_right(starts, start) - 1)
            for sentence in sentences[place:]:
                if sentence.start >= end:
                    break
                if sentence.end > start:
                    span = (max(start, sentence.start), min(end, sentence.end), line.id)
                    found.setdefault(sentence.number, []).append(span)
    return found


def _passages(view: View) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the cited passages of a View without an article: the place, the words, and the items that cite them."""
    found: dict[tuple[str, str], list[str]] = {}
    for section in view.sections:
        for line in section.lines if section.is_claim else ():
            if line.quote:
                found.setdefault((line.where, line.quote), []).append(line.id)
    return [(where, words, tuple(ids)) for (where, words), ids in found.items()]
