"""Views of a Summary: its items in plain words, which the renderings show."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from summariser.render import MARK_NAMES, MARKS, Article, Cell, Finding, Line, Mark, Section, SourceSentence, View
from summariser.schema.base import Item, words_for
from summariser.schema.kinds import PARTY, Deadline, ItemKind, Towards, claims, ids_in
from summariser.schema.values import VerdictLabel
from summariser.schema.warnings import COUNTED, counted
from summariser.text import lexicon, printable

if TYPE_CHECKING:
    from summariser.documents import Document
    from summariser.schema.summary import Summary

_ABSOLUTE = re.compile(r"/|[A-Za-z]:[/\\]|\\\\")
MARK_OF: dict[VerdictLabel, Mark] = {"supported": "✓", "not_enough_info": "?", "refuted": "✗"}


def view_of(summary: "Summary", document: "Document | None" = None) -> View:
    """Return a Summary as a View.

    Args:
        summary: The Summary.
        document: The document that it was made from; None if it is not at hand.

    Raises:
        InputError: The Summary was made from another document.
    """
    about = summary.document
    facts = [source_in_words(about.source), about.published.isoformat() if about.published else None, about.language]
    general = [warning for warning in summary.warnings if warning.item is None]
    return View(
        headline=summary.headline or about.title or "(no headline)",
        facts=tuple(filter(None, facts)),
        overview=summary.overview,
        sections=tuple(_section(summary, kind) for kind in (*claims(), PARTY)),
        warnings=tuple(warning.message for warning in general),
        telling=tuple(warning.message for warning in general if warning.code not in COUNTED),
        counted=counted(summary.warnings),
        tally=_tally(summary),
        made_by=summary.run.maker(),
        closing=summary.run.in_words(),
        characters=about.characters,
        language=about.language or "",
        article=_article(summary.with_source(document)) if document is not None else None,
    )


def source_in_words(source: str) -> str:
    """Return the name of a source for a reader elsewhere: of an absolute path the name of the file alone."""
    return printable(re.split(r"[/\\]", source)[-1] if _ABSOLUTE.match(source) else source)


def mark_of(item: Item) -> Mark:
    """Return the mark that an item bears."""
    return "~" if item.inferred else MARK_OF[item.verdict]


def _tally(summary: "Summary") -> str:
    """Return how many items there are and how many have each mark, of the claims and of the parties apart."""
    counted_apart = [_counted_marks(summary, kinds) for kinds in (claims(), (PARTY,))]
    return "; ".join(filter(None, counted_apart)) or "Nothing was found in this text."


def _counted_marks(summary: "Summary", kinds: Sequence[ItemKind]) -> str:
    found = [(kind, items) for kind in kinds if (items := summary.of(kind))]
    marks = Counter(mark_of(item) for _, items in found for item in items)
    if not marks:
        return ""
    *others, last = (kind.name if marks.total() == 1 else kind.plural for kind, _ in found)
    names = f"{', '.join(others)} and {last}" if others else last
    counts = ", ".join(f"{marks[mark]} {MARK_NAMES[mark]} ({mark})" for mark in MARKS if mark in marks)
    return f"{marks.total()} {names}: {counts}"


def _article(summary: "Summary") -> Article | None:
    document = summary.source
    if document is None:
        return None
    sentences = (
        SourceSentence(each.number, each.start, each.end, each.paragraph, each.boilerplate is None)
        for each in document.sentences
    )
    return Article(document.text, tuple(sentences))


# ── items ────────────────────────────────────────────────────────────────────────────────────────


def _section(summary: "Summary", kind: ItemKind) -> Section:
    items = sorted(summary.of(kind), key=_rank)
    lines = tuple(_line(summary, kind, item) for item in items)
    return Section(kind.heading, kind.name, lines, is_claim=kind != PARTY)


def _rank(item: Item) -> tuple[int, float]:
    """Return what items are sorted by: their marks, and in doubt the confidence, so that the most doubtful is first."""
    mark = mark_of(item)
    return MARKS.index(mark), (item.confidence or 0) if mark == "?" else 0


def _line(summary: "Summary", kind: ItemKind, item: Item) -> Line:
    def names(ids: tuple[str, ...]) -> str:
        return ", ".join(map(summary.name, ids))

    label, who, what = kind.in_words(item, names)
    reason = "" if item.inferred else item.reason
    others = (name for name in kind.party_fields if name != kind.actor)
    return Line(
        id=item.id,
        label=label,
        who=who,
        what=what,
        short=_short(kind, item),
        due=_due(item),
        where=_where(kind, item),
        sentences=item.sentences,
        spans=tuple(item.cited_spans),
        quote=" … ".join(each.text for each in item.evidence if each.text),
        mark=mark_of(item),
        reason=reason,
        unsettled=tuple(dict.fromkeys(words_for(type(item), check.field) for check in item.doubts)),
        notes=(
            *(warning.message for warning in summary.warnings_about(item) if warning.message != reason),
            *_left_open(item),
        ),
        parties=tuple(
            dict.fromkeys(
                summary.name(id)
                for id in (*ids_in(item, kind.actor), *(id for name in others for id in ids_in(item, name)))
            )
        )
        if kind != PARTY
        else (kind.text_of(item),),
        cells=tuple(_cells(summary, kind, item)),
        findings=tuple(
            Finding(words_for(type(item), check.field), check.outcome.replace("_", " "), check.reason)
            for check in item.checks
        ),
    )


def _left_open(item: Item) -> Iterator[str]:
    """Yield what a supported item leaves open nevertheless: the kind of a party that no word shows."""
    if item.verdict == "supported":
        for check in item.doubts:
            yield f"{words_for(type(item), check.field)}: {check.reason}"


def _short(kind: ItemKind, item: Item) -> str:
    """Return what an item says in few words, with its condition, deadline and subject if these words lack them."""
    said = item.short or str(getattr(item, kind.text))
    parts = [said.rstrip(" .")]
    for name in kind.terms:
        term = getattr(item, name)
        words = term.text if isinstance(term, Deadline) else term
        if words and words.casefold() not in said.casefold():
            parts.append(words)
    about = getattr(item, kind.target).text if kind.target else ""
    on = f" (on {about})" if about and about.casefold() not in said.casefold() else ""
    return "; ".join(parts) + on


def _due(item: Item) -> str:
    deadline = getattr(item, "deadline", None)
    if not isinstance(deadline, Deadline) or deadline.date is None:
        return ""
    return f"{'from' if _starting().match(deadline.text.strip()) else 'due'} {deadline.date.isoformat()}"


@cache
def _starting() -> re.Pattern[str]:
    """Return the pattern of the words that open the day on which something begins."""
    return lexicon.pattern("starting_words")


def _cells(summary: "Summary", kind: ItemKind, item: Item) -> Iterator[Cell]:
    """Yield each field of an item in words, in the order of the schema."""
    for name in kind.item.model_fields:
        if name in Item.model_fields:
            continue
        value = getattr(item, name)
        if name in kind.party_fields:
            value = ", ".join(map(summary.name, ids_in(item, name)))
        elif isinstance(value, Deadline):
            value = f"{value.text} ({value.date.isoformat()})" if value.date else value.text
        elif isinstance(value, Towards):
            value = value.text
        elif isinstance(value, tuple):
            value = ", ".join(map(str, value))
        yield Cell(words_for(type(item), name), "" if value is None else str(value))


def _where(kind: ItemKind, item: Item) -> str:
    """Return the numbers of the cited sentences, such as `[4]`, and how the words match if they do not stand there."""
    if item.inferred:
        return f"from {', '.join(id for name in kind.items for id in ids_in(item, name))}"
    places = []
    for evidence in item.evidence:
        cited = ", ".join(map(str, evidence.sentences)) or "–"
        places.append(f"[{cited}]" if evidence.match == "verbatim" else f"[{cited}] {evidence.match}")
    return " ".join(dict.fromkeys(places))
