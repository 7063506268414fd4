"""Comparisons: what changed between two texts, and where reports of one event differ."""

import json
from pathlib import Path
from typing import get_args

import pytest

from summariser import Comparison, Summary, compare, summarise
from summariser.cli.compare import CHANGES, DIFFERENCES
from summariser.comparison import ChangeName, DifferenceName, Way
from summariser.documents import read
from summariser.errors import ConfigurationError, InputError, ProviderError
from summariser.models import EMBEDDED
from summariser.schema import SummaryWarning
from summariser.testing import FakeModel
from tests.program import run

MARCH = """Arlen and Bocia end talks

HALVIK, 3 March 2031 – Arlen proposed to lend Bocia 40 million crowns if the port stays open.
Arlen will send 30 doctors to Bocia by 1 May. The union of dockers welcomed the loan.
Ana Belmar promised a bridge over the river Senn. Fishermen fear that the river could silt up."""
JULY = """Arlen and Bocia sign

HALVIK, 14 July 2031 – Arlen agreed to lend Bocia 55 million crowns.
Arlen will send 30 doctors to Bocia by 1 September. The union of dockers rejected the loan.
The ministry of trade will close its office at Brenn. Traders warn that prices could rise."""


def item(by: str, sentences: list[int], words: str, **fields: object) -> dict[str, object]:
    return {"by": [by], "sentences": sentences, "words": words, **fields}


def commitment(by: str, sentences: list[int], action: str, status: str, **fields: object) -> dict[str, object]:
    known = {"to": [], "condition": None, "deadline": None, "said_by": None, **fields}
    return item(by, sentences, action, action=action, status=status, **known)


EMPTY: dict[str, object] = {"aliases": [], "affiliation": None, "role": "", "words": ""}


def party(name: str, kind: str, sentence: int) -> dict[str, object]:
    return {"name": name, "kind": kind, "sentences": [sentence]} | EMPTY


PARTIES = [party("Arlen", "state", 2), party("Bocia", "state", 2), party("union of dockers", "organisation", 4)]


def reaction(said: str, stance: str) -> dict[str, object]:
    return item("union of dockers", [4], said, stance=stance, statement=said, towards="the loan", quote=None)


def risk(words: str) -> dict[str, object]:
    return {"risk": words, "raised_by": None, "affects": [], "sentences": [6], "words": words}


IN_MARCH = {
    "headline": "Talks end", "overview": "Talks end.", "parties": [*PARTIES, party("Ana Belmar", "person", 5)],
    "commitments": [
        commitment("Arlen", [2], "lend Bocia 40 million crowns", "proposed", condition="if the port stays open"),
        commitment("Arlen", [3], "send 30 doctors to Bocia", "planned", deadline="by 1 May"),
        commitment("Ana Belmar", [5], "a bridge over the river Senn", "pledged"),
    ],
    "reactions": [reaction("welcomed the loan", "supports")],
    "risks": [risk("the river could silt up")],
}  # fmt: skip
IN_JULY = {
    "headline": "Deal", "overview": "Deal.", "parties": [*PARTIES, party("ministry of trade", "organisation", 5)],
    "commitments": [
        commitment("Arlen", [2], "lend Bocia 55 million crowns", "agreed"),
        commitment("Arlen", [3], "send 30 doctors to Bocia", "planned", deadline="by 1 September"),
        commitment("ministry of trade", [5], "close its office at Brenn", "planned"),
    ],
    "reactions": [reaction("rejected the loan", "opposes")],
    "risks": [risk("prices could rise")],
}  # fmt: skip


def summary(text: str = MARCH, answer: object = IN_MARCH) -> Summary:
    return summarise(text, model=FakeModel(answer))


def names(comparison: Comparison) -> set[tuple[str, str]]:
    return {(change.kind, change.change) for change in comparison.changes}


def changes() -> Comparison:
    return compare(summary(), summary(JULY, IN_JULY))


# ── changes of one matter ────────────────────────────────────────────────────────────────────────


def test_each_kind_of_change_is_told_with_what_was_and_what_is():
    comparison = changes()
    told = {change.change: (change.was, change.now) for change in comparison.changes if change.kind == "commitment"}
    assert told["firmer"] == ("proposed", "agreed")
    assert [value.partition(" ")[0] for value in told["number"]] == ["40,000,000", "55,000,000"]
    assert told["date"] == ("by 1 May", "by 1 September")
    assert told["condition"] == ("if the port stays open", "")
    assert {"new", "dropped"} <= told.keys()
    assert ("reaction", "turned") in names(comparison)
    assert {("risk", "new"), ("risk", "gone")} <= names(comparison)


def test_both_sides_have_their_words_sentences_and_verdicts():
    (turned,) = changes().of("turned")
    assert (turned.before.sentences, turned.after.sentences) == ((4,), (4,))
    assert "welcomed the loan" in turned.before.quote
    assert (turned.was, turned.now) == ("supports", "opposes")
    assert turned.before.verdict in ("supported", "not_enough_info")


def test_a_text_is_the_same_as_itself():
    comparison = compare(summary(), summary())
    assert comparison.changes == () and comparison.unclear == ()
    assert len(comparison.same) == 5


def test_nothing_is_called_dropped_if_the_second_text_was_read_in_part():
    second = summary(JULY, IN_JULY)
    partial = second.model_copy(update={"run": second.run.model_copy(update={"status": "partial"})})
    comparison = compare(summary(), partial)
    assert not list(comparison.of("dropped", "gone"))
    assert any("incomplete (partial)" in each.reason for each in comparison.unclear)
    assert any("is incomplete (partial)" in note for note in comparison.notes)


@pytest.mark.parametrize("way", ["changes", "reports"])
def test_what_rules_did_not_find_is_unclear_unless_a_model_aligns_the_texts(way: Way):
    by_rules = SummaryWarning(code="by_rules", item=None, message="Rules read it.")
    mine, other = (s.model_copy(update={"warnings": (by_rules,)}) for s in (summary(), summary(JULY, IN_JULY)))
    alone = ("new", "dropped", "gone", "only")
    comparison = compare(mine, other, way=way)
    assert not list(comparison.of(*alone))
    bridge = [each for each in comparison.unclear if "bridge" in each.side.text]
    assert [each.reason for each in bridge] == [
        "Rules read the items of text off its words, and find only a part of them."
    ]
    assert "Rules read the items of text" in comparison.to_markdown()
    asked = compare(mine, other, way=way, model=FakeModel({"same": []}), align=True)
    assert any("bridge" in str(each) for each in asked.of(*alone))


def test_nothing_is_called_dropped_that_stands_in_a_sentence_without_an_item():
    text = JULY.replace(
        "close its office at Brenn.",
        "close its office at Brenn. Ana Belmar repeated that a bridge over the Senn river will come.",
    )
    comparison = compare(summary(), summary(text, IN_JULY))
    assert not any("bridge" in change.before.text for change in comparison.of("dropped") if change.before)
    (unclear,) = [each for each in comparison.unclear if "bridge" in each.side.text]
    assert unclear.sentences == (6,)


def test_without_the_texts_a_note_says_so():
    read = [Summary.model_validate_json(each.to_json()) for each in (summary(), summary(JULY, IN_JULY))]
    assert any("is not at hand" in note for note in compare(*read).notes)


def test_the_way_and_the_number_of_texts_are_checked():
    with pytest.raises(InputError, match="needs two texts"):
        compare(summary())
    with pytest.raises(InputError, match="between two texts"):
        compare(summary(), summary(), summary(), way="changes")


# ── a model that names the same items ────────────────────────────────────────────────────────────


def test_a_model_may_name_the_same_items_and_what_differs():
    same = {"same": [{"first": "C1", "second": "C1", "differences": ["number", "firmer", "stance"]}]}
    asked = FakeModel(same)
    comparison = compare(summary(), summary(JULY, IN_JULY), model=asked, align=True)
    pair = {change.change for change in comparison.changes if change.before and change.after}
    assert pair == {"number", "firmer"}
    shown = asked.requests[0]["messages"][-1]["content"]
    assert "C1 commitment - by: Arlen" in shown and "[2]" not in shown


@pytest.mark.parametrize("told", ["softer", "firmer"])
def test_statuses_that_differ_tell_whether_a_commitment_is_firmer_whatever_the_model_says(told: str):
    same = {"same": [{"first": "C1", "second": "C1", "differences": [told]}]}
    comparison = compare(summary(), summary(JULY, IN_JULY), model=FakeModel(same), align=True)
    (pair,) = [change for change in comparison.changes if change.before and change.after]
    assert (pair.change, pair.was, pair.now) == ("firmer", "proposed", "agreed")


@pytest.mark.parametrize("way", ["changes", "reports"])
def test_items_that_their_own_text_refutes_are_not_compared_and_a_note_counts_them(way: Way):
    wrong = {**IN_JULY, "commitments": [commitment("Arlen", [2], "lend Bocia 90 million crowns", "agreed")]}
    refuted = summary(JULY, wrong)
    assert [each.verdict for each in refuted.commitments] == ["refuted"]
    comparison = compare(summary(), refuted, way=way)
    assert any(note.startswith("1 item of") and "its own text refutes" in note for note in comparison.notes)
    sides = [side for each in (*comparison.same, *comparison.differences) for side in each.sides]
    sides += [side for each in comparison.changes for side in (each.before, each.after) if side]
    assert not [side for side in sides if "90 million" in side.text]


def test_the_model_sees_all_sentences_of_both_texts_once():
    asked = FakeModel({"same": []})
    compare(summary(), summary(JULY, IN_JULY), model=asked, align=True)
    shown = asked.requests[0]["messages"][-1]["content"].splitlines()
    wanted = [f"S{each.number} {each.text}" for text in (MARCH, JULY) for each in read(text).content]
    assert [line for line in shown if line.startswith("S")] == wanted


def test_a_sentence_that_the_model_pairs_with_an_item_is_shown_beside_it():
    text = JULY.replace("close its office at Brenn.", "close its office at Brenn. There will be no crossing after all.")
    same = {"same": [{"first": "C3", "second": "S6", "differences": ["off"]}]}
    comparison = compare(summary(), summary(text, IN_JULY), model=FakeModel(same), align=True)
    off = [change for change in comparison.of("dropped") if "bridge" in change.before.text]
    assert [change.after.text for change in off] == ["There will be no crossing after all."]


def test_unknown_ids_of_a_model_do_no_harm():
    same = {
        "same": [
            {"first": "C9", "second": "C1", "differences": []},
            {"first": "C1", "second": "S99", "differences": []},
        ]
    }
    comparison = compare(summary(), summary(JULY, IN_JULY), model=FakeModel(same), align=True)
    assert not [change for change in comparison.changes if change.before and change.after]


def test_the_embedded_model_is_refused_for_aligning_before_anything_is_asked(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="too small to say which items are the same"):
        compare(summary(), summary(JULY, IN_JULY), model=EMBEDDED, align=True)
    for name, text in (("a.txt", MARCH), ("b.txt", JULY)):
        (tmp_path / name).write_text(text, "utf-8")
    ran = run(("compare", "a.txt", "b.txt", "--align", "--model", EMBEDDED), folder=tmp_path, environment={})
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.rstrip().endswith("in the setting model (--model), or leave out the argument align (--align).")


def test_if_the_request_fails_rules_align_the_items_and_a_note_says_so():
    comparison = compare(
        summary(), summary(JULY, IN_JULY), model=FakeModel(ProviderError("the server is down")), align=True
    )
    assert names(comparison) == names(changes())
    assert any("aligned by rules" in note and "the server is down" in note for note in comparison.notes)


# ── reports of one event ─────────────────────────────────────────────────────────────────────────

HERALD = """Ferry sinks

SKERRA, 8 November 2031 – Seventeen people drowned when the ferry sank off Skerra, Minister Gudrun Tellar said.
Arlen will send 30 divers to Skerra."""
POST = """Ferry disaster

SKERRA, 8 November 2031 – Nineteen people drowned when the ferry sank off Skerra, Minister Gudrun Teller said.
Bocia will pay for the funerals."""


def reports() -> Comparison:
    parties = [party("Arlen", "state", 3), party("Bocia", "state", 3)]
    empty = {"headline": "Ferry", "overview": "Ferry.", "reactions": [], "risks": []}
    first = {
        **empty,
        "parties": parties[:1],
        "commitments": [commitment("Arlen", [3], "send 30 divers to Skerra", "planned")],
    }
    second = {
        **empty,
        "parties": parties[1:],
        "commitments": [commitment("Bocia", [3], "pay for the funerals", "planned")],
    }
    return compare(summary(HERALD, first), summary(POST, second), way="reports")


def test_reports_differ_in_numbers_names_and_items():
    found = {each.difference: each for each in reports().differences if each.difference != "only"}
    assert found["number"].values == ("17", "19")
    assert found["name"].values == ("Tellar", "Teller")
    only = [(each.sides[0].text, each.missing) for each in reports().differences if each.difference == "only"]
    assert only == [("send 30 divers to Skerra", (1,)), ("pay for the funerals", (0,))]


def test_three_texts_are_compared_as_reports():
    comparison = compare(summary(), summary(JULY, IN_JULY), summary())
    assert comparison.way == "reports"
    assert any({side.source for side in each.sides} == {0, 2} for each in comparison.same)


# ── renderings and the command ───────────────────────────────────────────────────────────────────


def test_json_markdown_and_html_show_every_change_with_both_quotations():
    comparison = changes()
    assert Comparison.model_validate_json(comparison.to_json()) == comparison
    shown = comparison.to_markdown(), comparison.to_html()
    for change in comparison.changes:
        for side in (change.before, change.after):
            for text in shown if side else ():
                assert side.text.split(";")[0] in " ".join(
                    text.replace("\\", "").replace("<mark>", "").replace("</mark>", "").split()
                )


def test_the_page_of_a_hostile_text_is_text():
    hostile = "<script>alert(1)</script>"
    text = MARCH.replace("a bridge over", f"a {hostile} bridge over")
    answer = {
        **IN_MARCH,
        "commitments": [commitment("Ana Belmar", [5], f"a {hostile} bridge over the river Senn", "pledged")],
    }
    page = compare(summary(text, answer), summary(JULY, IN_JULY)).to_html()
    assert hostile not in page
    assert "default-src &#39;none&#39;" in page


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    for name, each in (("march", summary()), ("july", summary(JULY, IN_JULY))):
        (tmp_path / f"{name}.json").write_text(each.to_json(), "utf-8")
    return [tmp_path / "march.json", tmp_path / "july.json"]


def test_the_command_compares_summaries_and_fails_on_named_changes(files: list[Path], tmp_path: Path):
    ran = run(["compare", *files, "--format", "text", "--no-store"], folder=tmp_path, environment={})
    assert ran.code == 0, ran.err
    assert "Firmer" in ran.out and "by 1 September" in ran.out
    failed = run(["compare", *files, "--fail-on", "dropped,turned", "--no-store"], folder=tmp_path, environment={})
    assert failed.code == 1
    assert json.loads(failed.out)["way"] == "changes"
    assert "1 dropped, 1 turned" in failed.err
    fine = run(["compare", files[0], files[0], "--fail-on", "dropped", "--no-store"], folder=tmp_path, environment={})
    assert fine.code == 0


def test_the_command_refuses_unknown_names_and_files_with_several_summaries(files: list[Path], tmp_path: Path):
    unknown = run(["compare", *files, "--fail-on", "worse"], folder=tmp_path, environment={})
    assert unknown.code == 2 and "choose from dropped" in unknown.err
    both = tmp_path / "both.json"
    both.write_text(json.dumps([json.loads(file.read_text("utf-8")) for file in files]), "utf-8")
    several = run(["compare", both, files[0]], folder=tmp_path, environment={})
    assert several.code == 2 and "has 2 summaries" in several.err
    assert ConfigurationError.exit_code == 2


def test_the_same_words_of_another_actor_are_no_change_of_the_same_commitment():
    other = {**IN_MARCH, "commitments": [{**IN_MARCH["commitments"][1], "by": ["Bocia"]}], "reactions": [], "risks": []}
    text = MARCH.replace("Arlen will send 30 doctors to Bocia", "Bocia will send 30 doctors to Arlen")
    comparison = compare(summary(), summary(text, other))
    assert not [
        change for change in comparison.changes if change.before and change.after and "doctors" in change.before.text
    ]


def test_an_item_whose_like_has_a_closer_partner_is_unclear_and_not_lost():
    text = MARCH.replace("Ana Belmar promised", "Arlen will send 9 doctors to Bocia by sea. Ana Belmar promised")
    more = commitment("Arlen", [4], "send 9 doctors to Bocia by sea", "planned")
    both = summary(text, {**IN_MARCH, "commitments": [IN_MARCH["commitments"][1], more], "reactions": [], "risks": []})
    one = summary(MARCH, {**IN_MARCH, "commitments": [IN_MARCH["commitments"][1]], "reactions": [], "risks": []})
    comparison = compare(both, one)
    assert not comparison.changes
    assert [each.side.text for each in comparison.unclear] == ["send 9 doctors to Bocia by sea"]


def test_a_risk_with_another_number_is_not_the_same():
    def of(number: int) -> Summary:
        words = f"the river could rise by {number} metres"
        text = MARCH.replace("the river could silt up", words)
        return summary(text, {**IN_MARCH, "commitments": [], "reactions": [], "risks": [risk(words)]})

    comparison = compare(of(3), of(5))
    assert [(each.kind, each.change) for each in comparison.changes] == [("risk", "number")]


def test_reports_that_tell_opposite_stances_differ():
    found = compare(summary(), summary(JULY, IN_JULY), way="reports")
    assert ("supports", "opposes") in [each.values for each in found.differences if each.difference == "stance"]
    assert not any(side.text == "welcomed the loan" for each in found.same for side in each.sides)


def test_a_summary_may_come_from_standard_input(files: list[Path], tmp_path: Path):
    ran = run(["compare", files[0], "-", "--no-store"], folder=tmp_path, environment={}, stdin=files[1].read_bytes())
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["documents"][1]["published"] == "2031-07-14"


@pytest.mark.parametrize(("way", "name"), [("changes", "only"), ("reports", "dropped"), ("changes", "")])
def test_a_name_that_cannot_occur_is_refused(files: list[Path], tmp_path: Path, way: str, name: str):
    ran = run(["compare", *files, "--as", way, "--fail-on", name], folder=tmp_path, environment={})
    assert ran.code == 2 and "choose from" in ran.err


def test_the_command_knows_all_names_of_changes_and_differences():
    assert get_args(ChangeName) == CHANGES
    assert {*get_args(DifferenceName)} == {*DIFFERENCES}
