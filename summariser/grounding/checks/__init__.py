"""The checks of an item's fields: small named rules in one ordered table.

To add one, write a function that takes a Context and a Field and returns a Finding, or None if it has no opinion, give
it examples, and name it in `CHECKS`. A check with several cases is a FirstOf: a table of its own, of smaller rules.
"""

from summariser.grounding.checks.findings import Finding, FirstOf, contradicted, quoted, read
from summariser.grounding.checks.table import CHECKS, check_field, findings_of, left_out
from summariser.grounding.checks.terms import LEFT_OUT

__all__ = [
    "CHECKS",
    "LEFT_OUT",
    "Finding",
    "FirstOf",
    "check_field",
    "contradicted",
    "findings_of",
    "left_out",
    "quoted",
    "read",
]
