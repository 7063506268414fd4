"""Passes over a finished Summary: inferred risks, another language."""

from collections.abc import Awaitable, Callable

import pytest

from summariser import Summary, load_settings, summarise
from summariser.concurrency import run_now
from summariser.documents.document import Document
from summariser.errors import ConfigurationError
from summariser.postprocess import infer_risks, translate
from summariser.testing import FakeModel
from tests.test_pipeline import ANSWER, TEXT, changed, made


def now(pass_: Callable[..., Awaitable[Summary]], *arguments: object, **more: object) -> Summary:
    """What a pass makes of a Summary, without an event loop."""
    return run_now(pass_(*arguments, **more))


CARRIED = {"carried": ["C1", "R1", "K1"], "doubtful": []}
DOCUMENT = Document.from_text(TEXT)
HARM = {"rests_on": ["C1", "K1"], "risk": "Trade could move to other harbours.", "affects": ["Arlen"]}


def codes(summary: Summary) -> list[str]:
    return [warning.code for warning in summary.warnings]


# ── inferred risks ───────────────────────────────────────────────────────────────────────────────


def test_inferred_risks_are_marked_unverified_and_list_what_they_rest_on():
    asked = FakeModel({"risks": [HARM]})
    after = now(infer_risks, made(), DOCUMENT, asked)
    reported, inferred = after.risks
    assert reported.basis == "reported" and reported.verified
    assert (inferred.id, inferred.basis, inferred.rests_on, inferred.verified) == (
        "K2",
        "inferred",
        ("C1", "K1"),
        False,
    )
    assert (inferred.evidence, inferred.raised_by) == ((), None)
    assert inferred.affects == (next(p.id for p in after.parties if p.name == "Arlen"),)
    assert "treaty on Monday" not in asked.requests[0]["messages"][-1]["content"]
    assert Summary.model_validate(after.model_dump()) == after


def test_an_inferred_risk_is_no_failure_of_verification_and_shown_last_as_inferred():
    asked = FakeModel({"risks": [HARM]})
    after = now(infer_risks, made(), DOCUMENT, asked)
    assert after.unverified == made().unverified
    assert "1 inferred (~)" in after.view().tally
    (risks,) = (section.lines for section in after.view().sections if section.heading == "Risks")
    assert [(line.id, line.mark, line.who, line.where) for line in risks][-1] == (
        "K2",
        "~",
        "the model",
        "from C1, K1",
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"rests_on": []}, "it rests on no item"),
        ({"rests_on": ["C9", "P1"]}, "it rests on no item"),
        ({"risk": "Trade could move to Zurich."}, "the source has no Zurich"),
        ({"risk": "Some 40 quays could close."}, "the source has no 40"),
        ({"risk": "half of the quays could close"}, "the report names it"),
        ({"risk": " "}, "it is empty"),
    ],
)
def test_an_inferred_risk_that_cannot_stand_is_left_out_and_said(change: dict[str, object], why: str):
    asked = FakeModel({"risks": [{**HARM, **change}]})
    after = now(infer_risks, made(), DOCUMENT, asked)
    assert [risk.id for risk in after.risks] == ["K1"]
    (warning,) = [w.message for w in after.warnings if w.code == "inferred_left_out"]
    assert why in warning


def test_without_items_nothing_is_inferred_and_nobody_asked():
    empty = made({"parties": [], "commitments": [], "reactions": [], "risks": [], "headline": "", "overview": ""})
    asked = FakeModel()
    assert now(infer_risks, empty, DOCUMENT, asked).risks == ()
    assert asked.requests == []


# ── another language ─────────────────────────────────────────────────────────────────────────────

GERMAN = {
    "headline": "Arlen und Bocia schließen Hafenvertrag",
    "overview": "Arlen und Bocia haben am Montag einen Vertrag unterzeichnet.",
    "C1": "keine neuen Häfen bauen",
    "R1": "begrüßte einen fairen Preis für den Frieden",
    "K1": "die Hälfte der Kais könnte schließen",
}


def test_texts_are_translated_evidence_quotations_and_verdicts_stay():
    asked = FakeModel(GERMAN)
    before = made()
    after = now(translate, before, DOCUMENT, asked, language="de")
    assert (after.headline, after.commitments[0].action, after.risks[0].risk) == (
        GERMAN["headline"], GERMAN["C1"], GERMAN["K1"],
    )  # fmt: skip
    assert [i.evidence for i in after.items] == [i.evidence for i in before.items]
    assert [i.verified for i in after.items] == [i.verified for i in before.items]
    assert after.reactions[0].quote == before.reactions[0].quote
    assert "translated" in codes(after)
    assert "into German" in asked.requests[0]["messages"][0]["content"]
    after.check(DOCUMENT.text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("headline", "Arlen und Bocia schließen 3 Verträge"),
        ("overview", "Arlen und Bocia haben am Dienstag einen Vertrag unterzeichnet."),
        ("C1", " "),
    ],
)
def test_a_translation_that_changes_a_number_or_a_day_or_is_empty_is_left_out_and_said(key: str, text: str):
    asked = FakeModel({**GERMAN, key: text})
    before = made()
    after = now(translate, before, DOCUMENT, asked, language="de")
    assert (after.headline == before.headline, after.overview == before.overview) == (
        key == "headline",
        key == "overview",
    )
    assert (after.commitments == before.commitments) == (key == "C1")
    (said,) = [w.message for w in after.warnings if w.code == "not_translated"]
    assert said.endswith(f"{key}.")


def test_a_translation_that_loses_a_persons_name_is_left_out():
    named = made(changed(headline="Ana Belmar signs treaty"))
    asked = FakeModel({**GERMAN, "headline": "Premierministerin unterzeichnet"})
    assert now(translate, named, DOCUMENT, asked, language="de").headline == "Ana Belmar signs treaty"


def test_into_its_own_language_nothing_is_translated():
    asked = FakeModel()
    summary = made()
    assert now(translate, summary, DOCUMENT, asked, language="en") == summary
    assert asked.requests == []


def test_long_summaries_are_translated_some_texts_at_a_time():
    long = made().model_copy(update={"headline": "Arlen signs. " * 140, "overview": "Bocia signs. " * 140})
    asked = FakeModel({"headline": "x"}, {"overview": "y", **{k: GERMAN[k] for k in ("C1", "R1", "K1")}})
    after = now(translate, long, DOCUMENT, asked, language="de")
    assert (len(asked.requests), after.headline, after.overview) == (2, "x", "y")


# ── all together ─────────────────────────────────────────────────────────────────────────────────


def test_the_settings_ask_for_passes_and_the_run_says_what_they_were_and_took():
    asked = FakeModel(ANSWER, CARRIED, {"risks": [HARM]}, {**GERMAN, "K2": "Handel könnte abwandern."})
    settings = load_settings(verify=True, infer_risks=True, language="de")
    summary = summarise(TEXT, model=asked, settings=settings)
    assert summary.run.passes == ("verification@1", "inferred-risks@1", "translation@1")
    assert summary.run.requests == len(asked.requests) == 4
    assert (summary.run.input_tokens, summary.run.output_tokens) == (400, 80)
    assert summary.risks[1].risk == "Handel könnte abwandern."


def test_none_is_asked_for_by_default():
    asked = FakeModel(ANSWER)
    assert summarise(TEXT, model=asked).run.passes == ()
    assert len(asked.requests) == 1


def test_a_language_that_is_none_is_refused_with_those_that_are():
    with pytest.raises(ConfigurationError, match=r"'xx' is not a known language code; choose one of ar, .*zh"):
        load_settings(language="xx")
