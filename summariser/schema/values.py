"""The closed values of the data, and the words that models use in place of them."""

from collections.abc import Mapping
from typing import Literal

Kind = Literal["state", "person", "organisation", "group"]
Status = Literal["agreed", "pledged", "decided", "planned", "proposed", "threatened", "refused"]
Stance = Literal["supports", "opposes", "concerned", "mixed", "neutral"]
Basis = Literal["reported", "inferred"]
Verdict = Literal["verbatim", "elided", "cited", "relocated", "altered", "unsupported"]
RunStatus = Literal["ok", "partial", "refused", "truncated", "invalid", "over_budget"]

# Words that models use in place of a closed value, without case and punctuation; those that say less than one do, or
# something between two, are not here.
NEAR_MISSES: Mapping[str, Mapping[str, str]] = {
    "kind": {
        **dict.fromkeys(("country", "nation", "government", "nation state", "sovereign state", "states"), "state"),
        **dict.fromkeys(("individual", "human", "politician", "official", "leader", "persons"), "person"),
        **dict.fromkeys(
            (
                "organization", "org", "company", "corporation", "business", "firm", "institution", "agency",
                "political party", "ngo", "association", "union", "trade union", "body", "ministry", "court",
                "media", "bank", "international organisation", "international organization", "government agency",
                "organisations", "organizations",
            ),
            "organisation",
        ),
        **dict.fromkeys(("groups", "population", "community", "crowd", "ethnic group", "people", "coalition"), "group"),
    },
    "status": {
        **dict.fromkeys(("agree", "signed", "accepted", "agreement", "agreed to", "concluded"), "agreed"),
        **dict.fromkeys(
            ("promised", "promise", "pledge", "committed", "vowed", "commitment", "commits", "guaranteed", "pledges"),
            "pledged",
        ),
        **dict.fromkeys(
            ("decision", "decides", "ordered", "imposed", "ruled", "enacted", "adopted", "approved", "mandated"),
            "decided",
        ),
        **dict.fromkeys(("plan", "plans", "scheduled", "intended", "intends", "planning"), "planned"),
        **dict.fromkeys(("proposal", "offered", "suggested", "proposes", "offer", "suggests"), "proposed"),
        **dict.fromkeys(("threat", "threatens", "threatening"), "threatened"),
        **dict.fromkeys(("refusal", "refuses", "rejected", "declined", "ruled out", "rejects"), "refused"),
    },
    "stance": {
        **dict.fromkeys(
            ("support", "supportive", "supporting", "supported", "positive", "in favour", "in favor", "favours",
             "favors", "endorses", "welcomes", "approves", "agrees", "pro"),
            "supports",
        ),
        **dict.fromkeys(
            ("oppose", "opposed", "opposing", "opposition", "negative", "against", "critical", "criticises",
             "criticizes", "condemns", "rejects", "disapproves", "anti"),
            "opposes",
        ),
        **dict.fromkeys(("concern", "concerns", "worried", "worries", "cautious", "wary", "alarmed"), "concerned"),
        **dict.fromkeys(("ambivalent",), "mixed"),
        **dict.fromkeys(("neither", "no stance", "informational", "noncommittal", "factual"), "neutral"),
    },
}  # fmt: skip

VERIFIED: frozenset[Verdict] = frozenset({"verbatim", "elided", "cited", "relocated"})

NOTHING = frozenset(
    {
        *("", "-", "—", "[]", "{}", "none", "null", "nil", "n/a", "na", "n.a", "n.a.", "undefined", "unspecified"),
        *("not stated", "not specified", "not mentioned", "not given", "not applicable"),
        *("none stated", "none specified", "none mentioned", "none given", "none reported"),
    }
)
"""What models write in place of null."""
