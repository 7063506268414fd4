"""Verification: one request a document about the fields of the claims that the rules do not refute."""

import json

import pytest

from summariser import Summariser, Summary, load_settings, summarise
from summariser.concurrency import run_now
from summariser.documents.document import Document
from summariser.errors import ProviderError, RefusedError
from summariser.models import verifies
from summariser.pipeline import Session
from summariser.postprocess import estimate_verification, verify_claims
from summariser.testing import FakeModel
from tests.test_pipeline import ANSWER, TEXT, changed, made

DOCUMENT = Document.from_text(TEXT)
ALL = {"carried": ["C1", "R1", "K1"], "doubtful": []}
VAGUE = changed(reactions=[{**ANSWER["reactions"][0], "stance": "mixed"}])


def verified(summary: Summary, *answers: object) -> tuple[Summary, FakeModel]:
    asked = FakeModel(*answers)
    return run_now(verify_claims(summary, DOCUMENT, asked)), asked


def doubt(id: str, *altered: str, not_said: tuple[str, ...] = ()) -> dict[str, object]:
    carried = [each for each in ALL["carried"] if each != id]
    return {"carried": carried, "doubtful": [{"id": id, "altered": list(altered), "not_said": list(not_said)}]}


def test_one_request_shows_all_claims_with_their_sentences_and_not_what_the_rules_found():
    _, asked = verified(made(), ALL)
    (wire,) = asked.requests
    shown = wire["messages"][-1]["content"]
    assert "[2] Arlen and Bocia signed a treaty on Monday" in shown
    assert 'C1 [2] commitment - by: Arlen, Bocia; action: "not build new ports"; status: agreed' in shown
    assert "K1 [4] risk - " in shown and "raised_by: dockers" in shown
    assert "supported" not in shown and "stated" not in shown


def test_a_claim_that_rests_on_reading_becomes_supported_if_the_model_confirms_every_field():
    before = made(VAGUE)
    assert (before.reactions[0].verdict, before.reactions[0].doubts[0].field) == ("not_enough_info", "stance")
    after, _ = verified(before, ALL)
    (stance,) = (check for check in after.reactions[0].checks if check.field == "stance")
    assert (after.reactions[0].verdict, after.reactions[0].verified) == ("supported", True)
    assert (stance.outcome, stance.confirmed, stance.settled) == ("read", True, True)
    assert Summary.model_validate(json.loads(after.to_json())) == after


def test_an_altered_field_refutes_a_claim_and_the_reason_says_who_says_so():
    before = made(VAGUE)
    after, _ = verified(before, doubt("R1", "stance"))
    assert after.reactions[0].verdict == "refuted"
    assert "the model says that they say otherwise" in after.reactions[0].reason
    assert after.reactions[0].evidence == before.reactions[0].evidence


def test_a_field_that_the_cited_words_state_and_the_model_reads_otherwise_is_not_settled():
    after, _ = verified(made(), doubt("C1", "status"))
    assert after.commitments[0].verdict == "not_enough_info"
    assert after.commitments[0].reason == (
        "Status: The cited words say it, but the model, asked about them alone, reads them otherwise."
    )


def test_a_field_that_is_not_said_leaves_a_claim_unsettled_unless_the_rules_found_its_words():
    after, _ = verified(made(VAGUE), doubt("R1", not_said=("stance",)))
    assert after.reactions[0].verdict == "not_enough_info"
    assert after.reactions[0].reason == (
        "Stance: Asked about the cited sentences alone, the model says that they do not say this."
    )
    found, _ = verified(made(), doubt("R1", not_said=("towards",)))
    (towards,) = (check for check in found.reactions[0].checks if check.field == "towards")
    assert (found.reactions[0].verdict, towards.confirmed, towards.settled) == ("supported", False, True)


def test_a_doubt_about_a_condition_that_the_claim_leaves_out_is_settled_if_the_model_has_none():
    text = TEXT.replace("building new ports.", "building new ports. If the court agrees, the bar will begin in May.")
    both = [{**ANSWER["commitments"][0], "sentences": [2, 3], "words": ""}]
    before = summarise(text, model=FakeModel(changed(commitments=both, reactions=[], risks=[])))
    assert [check.field for check in before.commitments[0].doubts] == ["condition"]
    after = run_now(verify_claims(before, Document.from_text(text), FakeModel(ALL)))
    assert after.commitments[0].verdict == "supported"


def test_a_condition_that_the_claim_leaves_out_is_a_field_of_its_own():
    after, _ = verified(made(), doubt("C1", "condition"))
    assert after.commitments[0].verdict == "refuted"
    assert after.commitments[0].doubts[0].field == "condition"


def test_what_the_source_contradicts_is_neither_asked_about_nor_changed():
    refuted = made(changed(commitments=[{**ANSWER["commitments"][0], "words": "signed a treaty on Friday"}]))
    assert refuted.commitments[0].verdict == "refuted"
    after, asked = verified(refuted, {"carried": ["C1", "R1", "K1"], "doubtful": []})
    assert "C1 [" not in asked.requests[0]["messages"][-1]["content"]
    assert after.commitments[0] == refuted.commitments[0]


def test_a_claim_of_which_the_answer_says_nothing_keeps_its_verdict_and_a_warning_names_it():
    before = made(VAGUE)
    after, _ = verified(before, {"carried": ["C1", "K1"], "doubtful": []})
    assert after.reactions == before.reactions
    assert [w.message for w in after.warnings if w.code == "not_verified"] == [
        "The verification says nothing of R1; their verdicts are those of the rules."
    ]


@pytest.mark.parametrize(
    ("error", "status"), [(RefusedError("no"), "refused"), (ProviderError("down"), "partial")], ids=str
)
def test_a_request_that_fails_changes_no_claim_and_a_warning_says_so(error: Exception, status: str):
    before = made()
    after, _ = verified(before, error)
    assert list(after.claims) == list(before.claims)
    assert (after.run.status, after.warnings[-1].code) == (status, "call_failed")


def test_an_unknown_id_and_an_unknown_field_do_no_harm():
    answer = {"carried": ["C1", "R1", "K1", "C9"], "doubtful": [{"id": "X", "altered": ["nothing"], "not_said": []}]}
    after, _ = verified(made(), answer)
    assert all(claim.verified for claim in after.claims)


def test_it_is_on_by_default_for_models_that_are_not_local(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SUMMARISER_VERIFY")
    assert verifies("openai/gpt-5-mini", load_settings()) is True
    assert verifies("local/any", load_settings()) is False
    assert verifies("openai/gpt-5-mini", load_settings(verify=False)) is False
    assert verifies("local/any", load_settings(verify=True)) is True


def test_a_remote_model_is_asked_twice_and_a_fake_one_only_if_the_setting_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SUMMARISER_VERIFY")
    remote = FakeModel(ANSWER, ALL, verified=True)
    assert summarise(TEXT, model=remote).run.passes == ("verification@1",)
    assert len(remote.requests) == 2
    assert summarise(TEXT, model=FakeModel(ANSWER)).run.passes == ()
    assert Summariser(model=FakeModel(ANSWER, ALL), verify=True).summarise(TEXT).run.requests == 2


def test_the_estimate_is_near_what_the_request_takes():
    _, asked = verified(made(), ALL)
    sent = sum(len(message["content"]) for message in asked.requests[0]["messages"]) // 4
    assert 0.5 * sent <= estimate_verification(DOCUMENT).input_tokens <= 2 * sent


def test_a_summary_with_and_one_without_verification_have_different_keys_in_the_store():
    keys = {
        Session(model="openai/gpt-5-mini", settings=load_settings(verify=verify)).key(DOCUMENT)
        for verify in (True, False)
    }
    assert len(keys) == 2
