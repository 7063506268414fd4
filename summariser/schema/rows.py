"""The rows of tables: one for each item of a Summary, with names beside ids."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from summariser.schema.base import Item
from summariser.schema.kinds import ItemKind, Party, ids_in

COLUMNS: dict[str, type] = {
    "id": str, "source": str, "published": date, "language": str, "kind": str, "item": str, "label": str,
    "who": str, "who_ids": str, "to": str, "to_ids": str, "said_by": str, "said_by_ids": str,
    "text": str, "condition": str, "deadline": str, "deadline_date": date, "quote": str,
    "verified": bool, "verdict": str, "confidence": float, "reason": str, "match": str,
    "sentences": str, "characters": str, "evidence": str, "basis": str, "rests_on": str, "error": str,
}  # fmt: skip
"""The columns of a table with the types of their values. A row is an item, or the document itself with its headline or
error. The columns of the document are not in the rows of `row_of`."""


def row_of(kind: ItemKind, item: Item, name: Callable[[str], str]) -> dict[str, Any]:
    """Return the row of an item: its values by column, without the columns that have none.

    Args:
        kind: The kind of the item.
        item: The item.
        name: Returns the name of a party, given its id.
    """
    target, deadline = getattr(item, kind.target) if kind.target else None, getattr(item, "deadline", None)
    who, to, said_by = _parties(kind, item)
    row: dict[str, Any] = {
        "item": item.id,
        "kind": kind.name,
        "label": str(getattr(item, kind.label)) if kind.label else None,
        "who": _joined(map(name, who)),
        "who_ids": _joined(who),
        "to": target.text if target else _joined(map(name, to)),
        "to_ids": target.id if target else _joined(to),
        "said_by": _joined(map(name, said_by)),
        "said_by_ids": _joined(said_by),
        "text": getattr(item, kind.text),
        "deadline": deadline.text if deadline else None,
        "deadline_date": deadline.date if deadline else None,
        "verified": item.verified,
        "verdict": item.verdict,
        "confidence": item.confidence,
        "reason": item.reason,
        "match": _joined(dict.fromkeys(evidence.match for evidence in item.evidence)),
        "sentences": _joined(item.sentences),
        "characters": _joined(f"{start}–{end}" for start, end in item.cited_spans),
        "evidence": " … ".join(evidence.text for evidence in item.evidence if evidence.text is not None),
        "rests_on": _joined(getattr(item, "rests_on", ())),
    }
    row |= {column: getattr(item, column, None) for column in ("condition", "quote", "basis")}
    return {column: value for column, value in row.items() if value not in (None, "")}


def _parties(kind: ItemKind, item: Item) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the parties that act, of those that it is done or said to or would hit, and of the speakers.

    A party stands for itself, and is followed by the party that it belongs to.
    """
    if isinstance(item, Party):
        return (item.id,), ids_in(item, kind.actor), ()
    speakers = [field.name for field in kind.parties if field.role == "speaker"]
    others = [field.name for field in kind.parties[1:] if field.role != "speaker"]
    of_others, of_speakers = (ids_in(item, next(iter(names), None)) for names in (others, speakers))
    return ids_in(item, kind.actor), of_others, of_speakers


def _joined(values: Iterable[object]) -> str:
    return "; ".join(map(str, values))
