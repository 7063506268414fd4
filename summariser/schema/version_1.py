"""Read Summaries in version 1 of the format, which versions 0.x of the program wrote."""

from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]

_MATCHES = {"cited": "verbatim", "unsupported": "missing"}
"""The matches of version 2 by verdict of version 1; the other verdicts keep their names."""
_QUOTATION = frozenset({"altered", "unsupported"})
"""The codes of warnings about the cited words."""
_REFUTING = frozenset({"altered", "quote_altered", "order_in_text"})
"""The codes of warnings about an item that version 2 refutes."""
_FIELDS = {
    "actor_doubtful": "by", "condition_doubtful": "condition",
    "deadline_doubtful": "deadline", "quote_altered": "quote",
    "quote_doubtful": "quote", "raiser_doubtful": "raised_by", "risk_doubtful": "risk", "stance_doubtful": "stance",
    "status_doubtful": "status", "towards_doubtful": "towards", "role_unsupported": "role",
}  # fmt: skip
"""The fields that warnings are about, by code; version 2 has checks in their place."""


def is_version_1(data: Json) -> bool:
    """Return True if JSON data are a Summary in version 1."""
    return data.get("schema_version") == 1


def upgraded(data: Json, lists: Iterable[str]) -> Json:
    """Return a Summary of version 1 in version 2: its warnings about items as checks, with a verdict for each item.

    Args:
        data: The Summary as JSON data.
        lists: The names of the lists of items.
    """
    warnings = data.get("warnings", [])
    kept = [warning for warning in warnings if warning.get("code") not in _QUOTATION.union(_FIELDS)]
    items = {name: [_item(item, warnings) for item in data[name]] for name in lists if name in data}
    return {**data, "schema_version": 2, **items, "warnings": kept}


def _item(item: Json, warnings: list[Json]) -> Json:
    about = [w for w in warnings if w.get("item") == item.get("id")]
    difference = next((w["message"] for w in about if w["code"] in _QUOTATION), None)
    evidence = [_evidence(each, difference) for each in item.get("evidence", [])]
    refuted = any(w["code"] in _REFUTING for w in about)
    verdict = "supported" if item.get("verified") else "refuted" if refuted else "not_enough_info"
    return {**item, "evidence": evidence, "checks": list(_checks(about)), "verdict": verdict, "confidence": None}


def _evidence(evidence: Json, difference: str | None) -> Json:
    rest = {name: value for name, value in evidence.items() if name != "verdict"}
    verdict = str(evidence.get("verdict"))
    return {
        **rest,
        "match": _MATCHES.get(verdict, verdict),
        "difference": difference if verdict in _QUOTATION else None,
    }


def _checks(warnings: list[Json]) -> Iterator[Json]:
    for warning in warnings:
        if warning["code"] in _FIELDS:
            outcome = "contradicted" if warning["code"] in _REFUTING else "read"
            yield {"field": _FIELDS[warning["code"]], "outcome": outcome, "reason": warning["message"]}
