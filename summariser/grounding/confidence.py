"""Confidence: the calibrated probability that every critical field of a claim is right.

A logistic regression over the outcomes of the checks and over how the claim was made. `calibration.json` holds its
weights; `summariser eval calibrate` fits them on the suite's split `dev`.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from summariser.models import is_local
from summariser.schema import Item, ids_in, kind_of

MadeBy = Literal["rules", "small", "large"]
"""Who made a claim: the rules, a local model, or any other model."""
ClaimT = TypeVar("ClaimT", bound=Item)
FILE = "calibration.json"
_GROUPS = {
    "by": "actor", "raised_by": "actor", "to": "recipient", "affects": "recipient", "said_by": "speaker",
    "status": "label", "stance": "label", "towards": "target", "condition": "term", "deadline": "term",
}  # fmt: skip
"""The groups of fields that share a weight; all others are the text."""


class Bin(BaseModel):
    """A row of the reliability table: claims of similar confidence.

    Attributes:
        claims: Their number.
        confidence: Their mean confidence.
        right: The share of them that is right.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    claims: int
    confidence: float
    right: float


class Calibration(BaseModel):
    """The weights of the regression, and what they were fitted on.

    Attributes:
        version: The version of the features.
        suite: The name of the suite.
        split: The split of the cases.
        recordings: The prompts and models whose recorded answers were used.
        claims: The number of claims.
        intercept: The intercept.
        weights: The weight of each feature.
        reliability: The reliability table on the same claims, each judged by weights fitted on the other documents.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    suite: str
    split: str
    recordings: tuple[str, ...]
    claims: int
    intercept: float
    weights: dict[str, float]
    reliability: tuple[Bin, ...]

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability that a claim with these features is right, 1 / (1 + exp(-(b + Σ w·x)))."""
        total = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def calibration() -> Calibration | None:
    """Return the calibration that comes with the program; None while there is none."""
    file = files("summariser.grounding") / FILE
    return Calibration.model_validate(json.loads(file.read_text("utf-8"))) if file.is_file() else None


def with_confidence(item: ClaimT, model: str) -> ClaimT:
    """Return a claim with the probability that every critical field is right, in hundredths.

    Args:
        item: The claim, with its checks.
        model: The model, as provider/name.
    """
    fitted = calibration()
    if fitted is None:
        return item
    probability = round(fitted.probability(features(item, made_by(item, model))), 2)
    return item.model_copy(update={"confidence": probability})


def made_by(item: Item, model: str) -> MadeBy:
    """Return who made a claim.

    Args:
        item: The claim, with its checks.
        model: The model, as provider/name.
    """
    if any(check.given_by == "rules" for check in item.checks):
        return "rules"
    return "small" if is_local(model) else "large"


def features(item: Item, maker: MadeBy) -> dict[str, float]:
    """Return the features of a claim by name.

    Args:
        item: The claim, with its checks.
        maker: Who made it.
    """
    found = {f"made by {maker}": 1.0, f"made by {maker}, {kind_of(item).name}": 1.0}
    for check in item.checks:
        group = _GROUPS.get(check.field, "text")
        asked = check.confirmed is not None and check.outcome != "contradicted"
        outcome = _ANSWERS[bool(check.confirmed)] if asked else check.outcome
        if outcome != "stated":
            found[f"{group} {outcome}"] = 1.0
    for evidence in item.evidence:
        if evidence.match != "verbatim":
            found[f"words {evidence.match}"] = 1.0
    if not ids_in(item, kind_of(item).actor):
        found["nobody named"] = 1.0
    return found


_ANSWERS = {True: "confirmed", False: "not confirmed"}
