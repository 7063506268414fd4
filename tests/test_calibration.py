"""The confidence of claims: its file is what a refit gives, and its measures are those of their formulas."""

import pytest

from summariser.evals.calibration import JudgedClaim, Measures, calibrated, fit, measures, reliability
from summariser.evals.suite import Suite
from summariser.grounding.confidence import Calibration, calibration
from summariser.settings import Settings
from tests.conftest import ROOT


def claim(
    case: str, features: dict[str, float], *, right: bool, run: str = "brief@3 with openai/claude"
) -> JudgedClaim:
    return JudgedClaim(run, case, "large", "supported", None, features, right)


def test_the_file_is_what_the_recorded_answers_of_dev_give():
    if not (ROOT / "evals").exists():
        pytest.skip("the suite is not part of the installed package")
    suite = Suite.load(ROOT / "evals")
    kept, fitted = calibration(), calibrated(suite, Settings(model="openai/none"))
    assert kept is not None
    assert (kept.suite, kept.split, kept.recordings, kept.claims) == (
        "reports",
        "dev",
        fitted.recordings,
        fitted.claims,
    )
    assert kept.weights == pytest.approx(fitted.weights, abs=0.01)
    assert kept.intercept == pytest.approx(fitted.intercept, abs=0.01)


def test_a_feature_of_right_claims_raises_the_confidence_and_one_of_wrong_claims_lowers_it():
    judged = [
        claim(f"case {n % 5}", {"text read": float(n % 2), "actor read": float(n % 3 == 0)}, right=n % 2 == 0)
        for n in range(60)
    ]
    fitted = fit(judged, suite="a", split="dev")
    assert fitted.weights["text read"] < -1
    assert fitted.probability({}) > 0.8
    assert fitted.probability({"text read": 1.0}) < 0.2
    assert sum(row.claims for row in fitted.reliability) == 60


def test_a_claim_without_confidence_is_left_out_of_the_measures():
    assert measures([claim("a", {}, right=True)]) == []
    flat = Calibration(suite="a", split="dev", recordings=(), claims=0, intercept=0, weights={}, reliability=())
    assert [measure.judged for measure in measures([claim("a", {}, right=True)], flat)] == [((0.5, True),)] * 2


def test_the_measures_of_four_claims():
    measure = Measures("four", ((0.9, True), (0.8, False), (0.3, True), (0.1, False)))
    assert measure.right == 0.5
    assert measure.brier == pytest.approx((0.01 + 0.64 + 0.49 + 0.01) / 4)
    assert measure.auroc == 0.75  # of the four pairs of a right and a wrong claim three are in order
    assert measure.risk_coverage == [(0.25, 0.0), (0.5, 0.5), (0.75, 1 / 3), (1.0, 0.5)]
    assert measure.calibration_error == pytest.approx((0.1 + 0.8 + 0.7 + 0.1) / 4)


def test_the_area_under_the_curve_is_not_defined_where_all_claims_are_right():
    assert Measures("right", ((0.9, True), (0.8, True))).auroc is None


def test_the_bins_of_the_reliability_table_have_equal_numbers_from_low_to_high():
    rows = reliability([(n / 20, n >= 10) for n in range(20)], bins=4)
    assert [row.claims for row in rows] == [5, 5, 5, 5]
    assert [row.right for row in rows] == [0.0, 0.0, 1.0, 1.0]
    assert [row.confidence for row in rows] == sorted(row.confidence for row in rows)
