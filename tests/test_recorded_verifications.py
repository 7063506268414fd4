"""Recorded verifications: what a model answers about claims and altered copies, and what the suite makes of it."""

import json
from pathlib import Path

import pytest

from summariser.evals.run_record import load_run
from tests.loopback import Loopback, answers, fails
from tests.small_suite import MODEL, Small

CARRIED = {"carried": ["C1", "R1", "K1"], "doubtful": []}
NONE = {
    "carried": [],
    "doubtful": [{"id": id, "altered": ["by", "raised_by"], "not_said": []} for id in ("C1", "R1", "K1")],
}
STORED = Path("verifications/verification@1/brief@1/openai--small/harbour.json")


def record(small: Small, *replies: object) -> Loopback:
    with Loopback([answers(reply) for reply in replies]) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        ran = small.eval("record", "--verify")
    assert ran.code == 0, ran.err
    return server


def shown(server: Loopback, number: int) -> str:
    return str(server.bodies[number]["messages"][-1]["content"])


def test_a_model_is_asked_about_the_claims_and_about_altered_copies_among_them(small: Small):
    server = record(small, CARRIED, CARRIED)
    stored = json.loads((small.folder / STORED).read_text("utf-8"))
    altered = [each for each in stored["claims"] if each["alteration"]]
    assert len(server.requests) == 2  # the case without claims needs no request
    assert len(stored["claims"]) - len(altered) == 3
    assert {each["alteration"] for each in altered} == {"negation", "actor"}
    assert stored["verification_tokens"] > 0
    for each in stored["claims"]:
        request = shown(server, 1 if each["alteration"] else 0)
        assert (each["claim"] in request) == (each["answer"] is not None)
    assert altered[0]["claim"] not in shown(server, 0)


def test_what_is_recorded_is_not_asked_again(small: Small):
    record(small, CARRIED, CARRIED)
    assert record(small).requests == []


def verified(small: Small) -> dict[str, dict[str, int]]:
    small.eval("run", "--checks", "--no-gate", "-q")
    verification = load_run(small.folder / "runs/brief@1/openai--small").verification
    assert verification is not None
    return {name: dict(verdicts) for name, verdicts in verification.rates.items()}


def test_a_run_with_checks_shows_the_verdicts_after_the_recorded_verification(small: Small):
    record(small, CARRIED, CARRIED)
    rates = verified(small)
    assert rates["right"] == {"supported": 3}
    assert sum(rates["altered"].values()) == 2
    ran = small.eval("run", "--checks", "--no-gate")
    assert "after the recorded verification" in " ".join(ran.out.split())


def test_a_claim_of_which_the_model_reads_a_field_otherwise_is_not_supported(small: Small):
    record(small, NONE, NONE)
    assert verified(small)["right"] == {"not_enough_info": 3}


def test_the_limits_of_the_suite_hold_for_the_verdicts_after_the_verification(small: Small):
    record(small, NONE, NONE)
    small.accept()
    small.edit(
        small.folder / "suite.toml",
        f'model = "{MODEL}"',
        f'model = "{MODEL}"\nverified = {{ right_supported = 0.5 }}',
    )
    ran = small.eval("run", "--checks", "-q")
    assert ran.code == 1
    assert "after the verification 0.000 of the right claims are supported; the limit" in ran.out + ran.err


def test_a_malformed_file_is_an_error_that_names_the_cure(small: Small):
    record(small, CARRIED, CARRIED)
    (small.folder / STORED).write_text('{"format": 1}', "utf-8")
    ran = small.eval("run", "--checks", "--no-gate", "-q")
    assert ran.code == 7
    assert "(verify)" in ran.err


def test_a_local_model_is_not_asked(small: Small):
    ran = small.eval("record", "--verify", "--model", "local/qwen2.5-coder-1.5b", "--prompt", "brief@1")
    assert ran.code == 2
    assert "for models that are not local" in ran.err


@pytest.mark.parametrize("status", [500, 401])
def test_a_failed_request_leaves_no_file(small: Small, status: int):
    with Loopback([fails(status)] * 20) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        ran = small.eval("record", "--verify")
    assert ran.code == 3
    assert not (small.folder / STORED).exists()
