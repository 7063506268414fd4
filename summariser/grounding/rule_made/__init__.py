"""What rules leave open in an item that they read off the text: fields that no words settle, though some fit."""

from collections.abc import Callable, Iterator, Mapping

from summariser.grounding.checks import Finding
from summariser.grounding.rule_made.commitments import UNDERTAKING
from summariser.grounding.rule_made.made import Doubt, RuleMade, RuleMadeItems
from summariser.grounding.rule_made.parties import WHO
from summariser.grounding.rule_made.reactions import TOPIC
from summariser.grounding.rule_made.risks import RISK

OPEN: tuple[Callable[[RuleMade], Iterator[Doubt]], ...] = (*WHO, *UNDERTAKING, *TOPIC, *RISK)
"""All rules; each is asked, and the first reason for a field counts."""


def left_open(made: RuleMade) -> Mapping[str, Finding]:
    """Return why the words leave fields open, by the name of the field.

    Args:
        made: An item that rules read off the text.
    """
    found: dict[str, Finding] = {}
    for rule in OPEN:
        for field, finding in rule(made):
            found.setdefault(field, finding.by(rule))
    return found


__all__ = ["OPEN", "Doubt", "RuleMade", "RuleMadeItems", "left_open"]
