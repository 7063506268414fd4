"""Optional passes over a finished Summary: verification, inferred risks and translation."""

from summariser.postprocess.infer_risks import infer_risks
from summariser.postprocess.requests import Pass, begin
from summariser.postprocess.translate import translate
from summariser.postprocess.verify import (
    VERIFICATION,
    ClaimAnswer,
    ask_about_claims,
    claim_by_fields,
    estimate_verification,
    verify_claims,
    with_answer,
)

__all__ = [
    "VERIFICATION",
    "ClaimAnswer",
    "Pass",
    "ask_about_claims",
    "begin",
    "claim_by_fields",
    "estimate_verification",
    "infer_risks",
    "translate",
    "verify_claims",
    "with_answer",
]
