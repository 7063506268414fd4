"""Passes over a finished Summary, each asked for by the user: a second look, inferred risks, another language."""

from summariser.postprocess.infer_risks import infer_risks
from summariser.postprocess.translate import translate
from summariser.postprocess.verify import verify_claims

__all__ = ["infer_risks", "translate", "verify_claims"]
