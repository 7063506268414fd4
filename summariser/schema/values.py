"""The closed values that items of every kind share, and the words that models use for nothing."""

from typing import Literal

Match = Literal["verbatim", "elided", "relocated", "altered", "missing"]
"""How the words that an item cites stand in the source."""
Outcome = Literal["stated", "carried_over", "read", "contradicted"]
"""What the source says of one field of an item."""
VerdictLabel = Literal["supported", "not_enough_info", "refuted"]
"""What a reader should think of an item, in the terms of FEVER."""
Origin = Literal["model", "rules", "code"]
"""Who gave a field: the model, the rules that read the text, or the code that links and checks."""
RunStatus = Literal["ok", "partial", "refused", "truncated", "invalid", "over_budget"]

GOOD_MATCHES: frozenset[Match] = frozenset({"verbatim", "elided", "relocated"})
"""The matches of words that are the source's."""

NOTHING = frozenset(
    {
        *("", "-", "—", "[]", "{}", "none", "null", "nil", "n/a", "na", "n.a", "n.a.", "undefined", "unspecified"),
        *("not stated", "not specified", "not mentioned", "not given", "not applicable"),
        *("none stated", "none specified", "none mentioned", "none given", "none reported"),
    }
)
"""The words that models write in place of null."""
