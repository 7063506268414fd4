"""Renderings: what the source or a model wrote is shown, never interpreted."""

import io
import re
from typing import Any

import pytest
from rich.console import Console

from summariser import load_settings, summarise
from summariser.render import in_marks
from summariser.render.text import print_text
from summariser.schema import Summary
from summariser.testing import FakeModel
from tests.test_pipeline import ANSWER, TEXT, changed, made


def text_of(summary: Summary, *, full: bool = True, **options: Any) -> str:
    out = io.StringIO()
    print_text(summary.view(), Console(file=out, width=100, highlight=False, **options), full=full)
    return out.getvalue()


@pytest.mark.parametrize("full", [True, False])
def test_markup_of_a_model_is_text(full: bool):
    asked = FakeModel(changed(headline="[bold]Treaty[/bold] <script>x</script> *a* `b`"))
    summary = summarise(TEXT, model=asked)
    assert "[bold]Treaty[/bold] <script>" in text_of(summary, full=full)
    assert r"\<script\>x\</script\> \*a\* \`b\`" in summary.to_markdown(full=full)


def test_a_terminal_gets_colour_and_a_file_none():
    assert "\x1b[" in text_of(made(), force_terminal=True, color_system="standard")
    assert "\x1b[" not in text_of(made())


def test_every_item_stands_in_both_renderings_with_its_sentence():
    summary = made()
    for shown in (text_of(summary), summary.to_markdown(full=True).replace("\\", "")):
        for item in summary.items:
            places = ", ".join(map(str, item.sentences))
            assert re.search(rf"\b{item.id}\b.*?\[{places}\]", shown, re.DOTALL)


RISK = ANSWER["risks"][0]
MIXED = changed(
    risks=[
        RISK,
        {**RISK, "risk": "half of the quays could close by 2040"},
        {**RISK, "risk": "half of the quays could not close"},
        {**RISK, "risk": "two thirds of the quays could close", "words": "two thirds of the quays could close"},
    ],
    commitments=[],
)


@pytest.fixture(scope="module")
def mixed() -> Summary:
    """A Summary with risks of all verdicts."""
    return summarise(TEXT, model=FakeModel(MIXED))


def both(summary: Summary) -> tuple[str, str]:
    """The text and the Markdown, each with single spaces and without what a rendering adds."""
    shown = text_of(summary), summary.to_markdown(full=True)
    return tuple(" ".join(re.sub(r"[\\`*]|\n\s*-(?= )", "", each).split()) for each in shown)


def test_what_is_refuted_comes_first_then_what_is_not_settled_then_what_is_supported(mixed: Summary):
    for shown in both(mixed):
        marks = re.findall(r"([✗?✓])(?: refuted| not settled)? K\d", shown)
        assert marks == ["✗", "✗", "?", "✓"]


def test_of_what_is_not_settled_the_most_doubtful_is_first(mixed: Summary):
    open_risk = next(risk for risk in mixed.risks if risk.verdict == "not_enough_info")
    risks = tuple(open_risk.model_copy(update={"id": f"K{c}", "confidence": c / 10}) for c in (7, 1, 4))
    sections = mixed.model_copy(update={"risks": risks}).view().sections
    assert [line.id for section in sections for line in section.lines if section.kind == "risk"] == ["K1", "K4", "K7"]


def test_each_item_that_is_not_supported_has_one_reason_below_it_and_no_other_has_one(mixed: Summary):
    for shown in both(mixed):
        for item in mixed.risks:
            behind = shown.split(f"{item.id} risk", 1)[1].split(" risk ", 1)[0]
            assert (item.reason in behind) if item.reason else ("The harm:" not in behind)
    assert {item.verdict: bool(item.reason) for item in mixed.risks} == {
        "refuted": True, "not_enough_info": True, "supported": False,
    }  # fmt: skip


def test_the_tally_counts_every_mark_and_the_legend_says_what_each_means(mixed: Summary):
    tally = "5 reactions and risks: 2 refuted (✗), 1 not settled (?), 2 supported (✓); 4 parties: 4 supported (✓)"
    for shown in both(mixed):
        after = shown.split(tally, 1)[1]
        assert "✗ refuted: the text says something else, or the quoted words are not the text's." in after
        assert "? not settled: the checks could not find every field" in after
        assert "✓ supported: the cited words are the text's, and the checks found every field" in after
        assert "[1] the number of the sentence that an item cites." in after
        assert "~" not in after


def test_the_legend_leaves_out_marks_that_do_not_occur():
    supported = {**RISK, "raised_by": None}
    summary = summarise(TEXT, model=FakeModel(changed(parties=[], commitments=[], reactions=[], risks=[supported])))
    for shown in both(summary):
        assert "1 risk: 1 supported (✓)" in shown
        assert "✗" not in shown


def test_an_inferred_risk_has_a_mark_of_its_own_and_no_reason():
    inferred = {"risk": "prices could rise", "rests_on": ["K1"], "affects": []}
    summary = summarise(TEXT, model=FakeModel(ANSWER, {"risks": [inferred]}), settings=load_settings(infer_risks=True))
    assert [risk.inferred for risk in summary.risks] == [False, True]
    for shown in both(summary):
        assert re.search(r"~(?: inferred)? K2 risk the model: prices could rise", shown)
        assert "1 inferred (~)" in shown
        assert "~ inferred: a model concluded it from other items; the text does not say it." in shown
    assert summary.view().sections[2].lines[-1].reason == ""


def test_nothing_found_is_said():
    asked = FakeModel({**ANSWER, "parties": [], "commitments": [], "reactions": [], "risks": []})
    assert "Nothing was found in this text." in text_of(summarise(TEXT, model=asked))


def test_general_warnings_are_shown():
    asked = FakeModel(changed(headline="Dorland"))
    assert "The headline says 'Dorland'" in text_of(summarise(TEXT, model=asked))


# ── in brief ─────────────────────────────────────────────────────────────────────────────────────

LONG = TEXT + "\n\n" + " ".join(["The harbour lay quiet in the morning sun, and nobody was about."] * 20)


def brief(summary: Summary) -> str:
    return " ".join(text_of(summary, full=False).split())


def test_in_brief_ids_and_parties_are_left_out_and_what_is_not_settled_is_named(mixed: Summary):
    for shown in (brief(mixed), mixed.to_markdown()):
        assert not re.search(r"\b[KP]\d\b", shown)
        assert "Parties" not in shown
        (open_risk,) = [risk for risk in mixed.risks if risk.verdict == "not_enough_info"]
        assert open_risk.doubts[0].field == "risk" and "not settled: the harm" in shown
        assert next(risk.reason for risk in mixed.risks if risk.verdict == "refuted") in shown.replace("\\", "")


def test_in_brief_the_cited_words_stand_beneath_an_item_that_says_it_in_other_words():
    said = changed(reactions=[{**ANSWER["reactions"][0], "statement": "is glad of the price"}])
    summary = summarise(LONG, model=FakeModel(said))
    shown = brief(summary)
    assert f"“{summary.reactions[0].evidence[0].text}”" in shown.partition("is glad of the price")[2]


@pytest.mark.parametrize(
    ("words", "shown"), [("we pay", "“we pay”"), ("“We pay,” he said", "“We pay,” he said"), ("«Oui»", "«Oui»")]
)
def test_words_that_begin_with_a_quotation_mark_get_no_other(words: str, shown: str):
    assert in_marks(words) == shown


def test_in_brief_an_item_in_the_words_of_the_text_is_not_quoted_again():
    risk = {**RISK, "risk": "half of the quays could close", "words": "half of the quays could close"}
    shown = brief(summarise(LONG, model=FakeModel(changed(risks=[risk], commitments=[], reactions=[]))))
    assert shown.count("half of the quays could close") == 1


def test_in_brief_quotations_are_cut_until_the_text_is_shorter_than_the_article():
    words = "bars both from building new ports"
    commitments = [{**ANSWER["commitments"][0], "action": f"keep away from ports of the type {n}"} for n in range(5)]
    asked = changed(commitments=[{**each, "words": words} for each in commitments])
    crowded, roomy = (summarise(text, model=FakeModel(asked)) for text in (TEXT, LONG))
    assert words not in brief(crowded)
    assert words in brief(roomy)


@pytest.mark.parametrize(
    ("deadline", "told"),
    [
        ("by 4 April 2031", "due 2031-04-04"),
        ("from 4 April 2031", "from 2031-04-04"),
        ("as of 4 April 2031", "from 2031"),
    ],
)
def test_in_brief_a_day_stands_beside_what_is_due_or_begins_then(deadline: str, told: str):
    dated = {**ANSWER["commitments"][0], "deadline": deadline, "words": deadline}
    text = TEXT.replace("building new ports.", f"building new ports {deadline}.")
    summary = summarise(text, model=FakeModel(changed(commitments=[dated])))
    for shown in (brief(summary), summary.to_markdown(), summary.to_html()):
        assert told in shown


def test_in_brief_notes_of_one_kind_are_counted_and_not_told_one_by_one():
    summary = made()
    told = [warning.message for warning in summary.warnings if warning.code == "party_added"]
    assert told and "1 party added that an item names" in brief(summary).casefold()
    assert not any(message in brief(summary) for message in told)
    assert all(message in " ".join(text_of(summary).split()) for message in told)
