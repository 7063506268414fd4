"""Optional passes over a finished Summary: verification, inferred risks and translation."""

from summariser.postprocess.infer_risks import infer_risks
from summariser.postprocess.translate import translate
from summariser.postprocess.verify import estimate_verification, verify_claims

__all__ = ["estimate_verification", "infer_risks", "translate", "verify_claims"]
