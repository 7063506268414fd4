"""Recorded verifications: what a model answers about the claims of a case, and about copies altered in one field."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from summariser.errors import RecordingsError
from summariser.evals.check_rates import RIGHT, WRONG, Trial, Verdicts
from summariser.evals.metric import Matching
from summariser.evals.perturbations import PERTURBATIONS
from summariser.linking import Linked, LinkedItem
from summariser.postprocess import ClaimAnswer, claim_by_fields, with_answer
from summariser.schema import Item, KindName, VerdictLabel

ALTERED = "altered"
ALTERATIONS = tuple(name for name in PERTURBATIONS if name != "quotation")
"""The kinds of alteration that a model is asked about; code alone refutes an altered quotation."""


class RecordedClaim(BaseModel):
    """A claim as the model saw it, and what it answered.

    Attributes:
        claim: The claim by its fields (see `claim_by_fields`).
        alteration: The kind of the alteration; empty for a claim as it is.
        answer: The answer; None if the model was not asked, because the rules refuted the claim.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    claim: str
    alteration: str
    answer: ClaimAnswer | None


class CaseVerification(BaseModel):
    """The verification of one case, in the format of its file.

    Attributes:
        format: The version of the format.
        prompt: The id of the prompt that asked for the claims.
        model: The model, as provider/name.
        verification: The id of the prompt of the verification.
        summary_tokens: The tokens of the requests for the claims and of the answers, estimated from the texts.
        verification_tokens: The same of the requests that verify the claims as they are.
        claims: The claims as they are, then the altered copies.
    """

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    prompt: str
    model: str
    verification: str
    summary_tokens: int
    verification_tokens: int
    claims: tuple[RecordedClaim, ...]

    @cached_property
    def answers(self) -> Mapping[str, ClaimAnswer]:
        """The answers by the claims as the model saw them."""
        return {each.claim: each.answer for each in reversed(self.claims) if each.answer is not None}

    @cached_property
    def copies(self) -> frozenset[str]:
        """The altered copies of right claims, as the model saw them."""
        return frozenset(each.claim for each in self.claims if each.alteration)


def path_of(folder: Path, verification: str, prompt: str, model: str, case: str) -> Path:
    """Return the file of a case's recorded verification in a suite's folder.

    Args:
        folder: The suite's folder.
        verification: The id of the prompt of the verification.
        prompt: The id of the prompt that asked for the claims.
        model: The model, as provider/name.
        case: The name of the case.
    """
    return folder / "verifications" / verification / prompt / model.replace("/", "--") / f"{case}.json"


def load(path: Path) -> CaseVerification | None:
    """Return the recorded verification in a file; None if there is no file.

    Raises:
        RecordingsError: The file is malformed.
    """
    if not path.is_file():
        return None
    try:
        return CaseVerification.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise RecordingsError(
            f"The recorded verification {path} cannot be read ({where}: {first['msg']}); restore it, or delete it and "
            "record it again with 'summariser eval record' (verify)."
        ) from None


@dataclass
class VerifiedTrial:
    """The claims of an answer after the recorded verification.

    Attributes:
        trial: The answer and its document.
        recorded: The recorded verification.
        model: The model that made the claims, as provider/name.
    """

    trial: Trial
    recorded: CaseVerification
    model: str

    def rates(self, matchings: Mapping[KindName, Matching]) -> dict[str, Verdicts]:
        """Return the verdicts on the claims after the verification, and on the altered copies that it was shown.

        A claim about which the model was not asked keeps the verdict of the rules.

        Args:
            matchings: What the gold labels say of the claims, by kind.

        Returns:
            The number of claims with each verdict: "right" and "wrong" ones as they are, all "altered" ones, and those
            with each kind of alteration.
        """
        found: dict[str, Counter[VerdictLabel]] = {}
        for name, linked_item in self.trial.labelled(matchings):
            item = self.trial.item(linked_item)
            found.setdefault(name, Counter())[self._verdict(item, self.trial.linked)] += 1
            if name != RIGHT:
                continue
            for alteration, verdict in self._copies(linked_item):
                found.setdefault(ALTERED, Counter())[verdict] += 1
                found.setdefault(alteration, Counter())[verdict] += 1
        return {name: dict(found[name]) for name in (RIGHT, WRONG, ALTERED, *PERTURBATIONS) if name in found}

    def _copies(self, item: LinkedItem) -> Iterator[tuple[str, VerdictLabel]]:
        """Yield the verdict on each altered copy of a right claim that the model was shown, with its alteration."""
        for alteration, changed in self.trial.copies(item, {}):
            found = self.trial.item_on(item, changed) if alteration in ALTERATIONS else None
            if found is not None and claim_by_fields(found[0], found[1].name) in self.recorded.copies:
                yield alteration, self._verdict(*found)

    def _verdict(self, item: Item, linked: Linked) -> VerdictLabel:
        answer = self.recorded.answers.get(claim_by_fields(item, linked.name))
        if answer is None or item.verdict == "refuted":
            return item.verdict
        return with_answer(item, answer, linked.name, self.model).verdict
