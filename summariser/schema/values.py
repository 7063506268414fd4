"""The closed values that items of every kind share, and the words that models use for nothing."""

from typing import Literal

Verdict = Literal["verbatim", "elided", "cited", "relocated", "altered", "unsupported"]
RunStatus = Literal["ok", "partial", "refused", "truncated", "invalid", "over_budget"]

VERIFIED: frozenset[Verdict] = frozenset({"verbatim", "elided", "cited", "relocated"})

NOTHING = frozenset(
    {
        *("", "-", "—", "[]", "{}", "none", "null", "nil", "n/a", "na", "n.a", "n.a.", "undefined", "unspecified"),
        *("not stated", "not specified", "not mentioned", "not given", "not applicable"),
        *("none stated", "none specified", "none mentioned", "none given", "none reported"),
    }
)
"""The words that models write in place of null."""
