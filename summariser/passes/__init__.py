"""Passes over a finished Summary, each asked for by the user: a second look, inferred risks, another language."""

from summariser.passes.inferred import infer_risks
from summariser.passes.second_look import look_again
from summariser.passes.translation import translate

__all__ = ["infer_risks", "look_again", "translate"]
