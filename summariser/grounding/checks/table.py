"""The table of checks: which rules look at which fields, in order."""

from collections.abc import Callable
from typing import NamedTuple

from summariser.grounding.checks import parties, profile, quantities, statement, statement_polarity, terms, wording
from summariser.grounding.checks.findings import Finding, FirstOf, quoted, read, worst
from summariser.grounding.checks.harm import harm
from summariser.grounding.checks.negations import negation
from summariser.grounding.checks.participants import nobody_named, participants
from summariser.grounding.checks.stance import stance
from summariser.grounding.checks.status import status
from summariser.grounding.claims import Field, Role
from summariser.grounding.context import Context

Rule = Callable[[Context, Field], Finding | None]


class Check(NamedTuple):
    """One row of the table.

    Attributes:
        roles: The roles of the fields that the check looks at.
        rule: The check: one rule, or the first of several with an opinion.
        decides: True if no further check looks at the field once this one has an opinion.
    """

    roles: tuple[Role, ...]
    rule: Rule
    decides: bool = False


_WORDS: tuple[Role, ...] = ("text", "risk", "condition", "deadline")
_CLAIM: tuple[Role, ...] = ("claim",)
_PARTIES: tuple[Role, ...] = ("actor", "speaker", "recipient", "affected")

CHECKS: tuple[Check, ...] = (
    Check(("text", "claim", "condition", "deadline"), wording.exact_words, decides=True),
    Check((*_WORDS, *_CLAIM), wording.unknown_language, decides=True),
    Check(_WORDS, quantities.numbers),
    Check(_WORDS, quantities.days),
    Check((*_WORDS, *_CLAIM), quantities.scalars),
    Check(("text", "risk"), wording.opposites),
    Check(("text", "risk"), wording.names),
    Check(("text", "risk"), negation),
    Check(("text", "risk"), wording.content),
    Check(("text", "risk"), wording.further_facts),
    Check(_CLAIM, statement.numbers_of_claim),
    Check(_CLAIM, statement.days_of_claim),
    Check(_CLAIM, statement.opposite),
    Check(_CLAIM, statement.other_name),
    Check(_CLAIM, statement.unknown_names),
    Check(_CLAIM, statement_polarity.negation_added),
    Check(_CLAIM, statement_polarity.negation_dropped),
    Check(_CLAIM, statement_polarity.refusal_dropped),
    Check(_CLAIM, statement_polarity.hedge_dropped),
    Check(_CLAIM, statement.quoted_words),
    Check(_CLAIM, statement.every_word),
    Check(_CLAIM, statement.other_verb),
    Check(_CLAIM, statement.speaker_of_another_turn),
    Check(("condition",), terms.opening_of_condition),
    Check(("condition", "deadline"), terms.words_of_term),
    Check(("risk",), harm),
    Check(_PARTIES, nobody_named, decides=True),
    Check(("actor",), FirstOf(participants, parties.WHO_ACTS)),
    Check(("speaker",), FirstOf(participants, parties.WHO_SPEAKS)),
    Check(("recipient",), FirstOf(participants, parties.TO_WHOM)),
    Check(("affected",), FirstOf(participants, parties.WHOM_IT_HITS)),
    Check(("target",), parties.target),
    Check(("status",), status),
    Check(("stance",), stance),
    Check(("name",), profile.name),
    Check(("kind",), profile.kind),
    Check(("affiliation",), profile.affiliation),
    Check(("role",), profile.role),
)
"""All checks. The finding of a field is the worst of its checks' findings."""


def check_field(context: Context, field: Field) -> Finding:
    """Return what the source says of a field: the worst finding of the checks that look at it.

    Args:
        context: The claim and the passage that it cites.
        field: One of the claim's fields.
    """
    findings = findings_of(context, field)
    return worst(findings) if findings else read(f"Nothing shows whether the text says {quoted(field.text)}.")


def findings_of(context: Context, field: Field) -> list[Finding]:
    """Return the findings of all checks that look at a field and have an opinion, in the order of the table.

    Args:
        context: The claim and the passage that it cites.
        field: One of the claim's fields.
    """
    findings: list[Finding] = []
    for check in CHECKS:
        found = check.rule(context, field) if field.role in check.roles else None
        if found is not None:
            findings.append(found.by(check.rule))
        if found is not None and check.decides:
            break
    return findings


def left_out(context: Context) -> Finding | None:
    """Return the finding that the claim leaves out a condition, or None."""
    if context.claim.of("condition") or not context.claim.conditional:
        return None
    rules = (statement.condition_of_main_statement,) if context.claim.of("claim") else terms.LEFT_OUT
    return next((found.by(rule) for rule in rules if (found := rule(context)) is not None), None)
