"""The harness from the command line: run, record, gate, accept, compare; good weather and bad."""

import json
import re
import socket
from pathlib import Path
from xml.etree import ElementTree

import pytest

from summariser.cli.eval.network import closed_network
from summariser.errors import RecordingsError
from summariser.evals.recordings import dumps, write_whole
from summariser.evals.run_record import load_run
from tests.loopback import Loopback, answers, fails
from tests.small_suite import LABELS, MODEL, NOTHING, QUIET, Ran, Small, add_case, build, draft
from tests.test_pipeline import ANSWER, TEXT, changed


def says(ran: Ran, code: int, *parts: object) -> None:
    """The command ended with this code and said these things on standard error."""
    assert ran.code == code, ran.err
    for part in parts:
        assert str(part) in ran.err, ran.err


def without_times(text: str) -> str:
    return re.sub(r'"seconds": [\d.]+', '"seconds": 0', text)


# ── good weather ─────────────────────────────────────────────────────────────────────────────────


def test_a_recorded_and_accepted_suite_holds_without_network_or_key(small: Small):
    small.monkeypatch.delenv("OPENAI_BASE_URL")
    ran = small.eval("run")
    says(ran, 0, "the gate holds")
    assert "brief@1 with openai/small: 2 cases" in ran.out


def test_the_same_run_twice_is_the_same_but_for_times(small: Small, tmp_path: Path):
    for name in ("one", "two"):
        assert small.eval("run", "--output", tmp_path / name).code == 0
    one, two = ((tmp_path / name / "brief@1/openai--small/run.json").read_text() for name in ("one", "two"))
    assert without_times(one) == without_times(two)


def test_the_record_holds_what_was_right(small: Small):
    small.eval("run")
    record = load_run(small.folder / "runs/brief@1/openai--small")
    counts = {kind: record.counts(kind) for kind in ("parties", "commitments", "reactions", "risks")}
    assert {kind: (c.gold, c.predicted, c.strict) for kind, c in counts.items()} == {
        "parties": (4, 4, 4),
        "commitments": (1, 1, 1),
        "reactions": (1, 1, 1),
        "risks": (1, 1, 1),
    }
    assert counts["risks"].correctly_empty == 1


def test_a_rescored_run_scores_by_the_gold_of_today(small: Small):
    small.eval("run")
    small.edit(small.gold, "status: agreed", "status: pledged")
    ran = small.eval("rescore", small.folder / "runs/brief@1/openai--small")
    again = load_run(small.folder / "runs/rescored/brief@1/openai--small")
    assert (ran.code, again.counts("commitments").strict) == (0, 0)


def test_reports_are_written_where_asked(small: Small, tmp_path: Path):
    summary = tmp_path / "summary.md"
    small.monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    ran = small.eval("run", "--report", "html,junit,markdown", "--output", tmp_path / "out")
    assert ran.code == 0
    root = ElementTree.fromstring((tmp_path / "out/junit.xml").read_text("utf-8"))
    assert [(s.get("tests"), s.get("failures")) for s in root] == [("3", "0")]
    assert "| commitments | 1 | 1.00" in summary.read_text("utf-8")
    assert "a fair price for peace" in (tmp_path / "out/brief@1/openai--small/report.html").read_text("utf-8")


def test_a_prompt_against_itself_cannot_be_told_apart(small: Small):
    ran = small.eval("compare", "brief@1", "brief@1")
    assert ran.code == 0
    assert "Cannot tell in parties, commitments, reactions and risks" in " ".join(ran.out.split())


def test_a_comparison_names_what_flipped(small: Small):
    ran = small.eval("compare", "floor", "brief@1", "--all-flips")
    assert ran.code == 0
    assert re.search(r"harbour\s+C1\s+.*right", ran.out)


def test_the_floor_asks_nobody(bare: Small):
    ran = bare.eval("run", "--prompt", "floor", "--no-gate")
    assert (ran.code, "floor@1 with none/cue-words: 2 cases" in ran.out) == (0, True)


def test_only_new_requests_are_put_to_the_model(small: Small):
    add_case(small.folder, "second", QUIET.replace("Forty", "Fifty"), "parties: []\n")
    with Loopback([answers(NOTHING)]) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert small.eval("record").code == 0
        assert len(server.requests) == 1


def test_what_another_version_of_the_prompt_asked_word_for_word_is_repeated_from_there(small: Small):
    kept = small.folder / "recordings" / "brief@1"
    kept.rename(kept.with_name("brief@2"))
    assert small.eval("run", "--prompt", "brief@1", "--no-gate").code == 0
    with Loopback() as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert small.eval("record", "--prompt", "brief@1").code == 0
        assert server.requests == []
    assert not kept.exists()


def test_several_draws_are_recorded_apart_and_averaged(bare: Small):
    worse = changed(commitments=[])
    with Loopback([answers(each) for each in (ANSWER, worse, NOTHING, NOTHING)]) as server:
        bare.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert bare.eval("record", "--repeat", "2").code == 0
    bare.eval("run", "--repeat", "2", "--no-gate")
    record = load_run(bare.folder / "runs/brief@1/openai--small")
    assert (len(bare.recordings), record.counts("commitments").strict) == (4, 0.5)


def test_a_live_run_within_the_margin_passes_and_keeps_nothing(small: Small):
    before = small.recordings
    with Loopback([answers(each) for each in (ANSWER, NOTHING)]) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        says(small.eval("run", "--live"), 0, "the gate holds")
    assert small.recordings == before


def test_power_says_where_nothing_can_be_said(small: Small):
    """In the small suite the two differ nowhere, so no number of cases would show it."""
    ran = small.eval("power", "floor", "brief@1", "--difference", "0.1")
    assert (ran.code, ran.out.count("nothing can be said"), ran.out.count("would take")) == (0, 8, 0)


def test_spurious_predictions_become_stubs_to_paste(bare: Small):
    extra = {**ANSWER["risks"][0], "sentences": [2], "risk": "the treaty on Monday could fail"}
    bare.record(changed(risks=[*ANSWER["risks"], extra]), NOTHING)
    bare.eval("run", "--no-gate")
    ran = bare.eval("gold stubs", bare.folder / "runs/brief@1/openai--small")
    assert ran.code == 0
    assert '- id: K2\n    risk: "the treaty on Monday could fail"' in ran.out
    assert 'kind: risks\n    text: "the treaty on Monday could fail"\n    evidence: [[2]]' in ran.out


# ── what must make a build fail ──────────────────────────────────────────────────────────────────


def worsen(small: Small, old: str, new: str) -> None:
    small.edit(small.recording("harbour"), old, new)


def test_a_recording_without_an_item_fails_the_gate_and_names_it(small: Small):
    path = small.recording("harbour")
    data = json.loads(path.read_text("utf-8"))
    answer = json.loads("\n".join(data["answer"]["choices"][0]["message"]["content"]))
    data["answer"]["choices"][0]["message"]["content"] = [json.dumps({**answer, "commitments": []})]
    path.write_text(json.dumps(data), "utf-8")
    says(small.eval("run"), 1, "harbour, commitments, C1: was right, is missed", "the gate fails")


def test_a_recording_with_another_actor_fails_the_gate_and_names_the_item(small: Small):
    worsen(small, '\\"by\\": [\\"Arlen\\", \\"Bocia\\"]', '\\"by\\": [\\"Arlen\\"]')
    says(small.eval("run"), 1, "harbour, commitments, C1: was right, is wrong in by")


def test_only_accept_with_a_reason_changes_the_baseline(small: Small):
    path = small.folder / "baselines/brief@1/openai--small.json"
    before = path.read_text("utf-8")
    worsen(small, '\\"by\\": [\\"Arlen\\", \\"Bocia\\"]', '\\"by\\": [\\"Arlen\\"]')
    small.eval("run")
    small.eval("compare", "floor", "brief@1")
    says(small.eval("accept", "--reason", " "), 2, "say in a sentence why")
    assert path.read_text("utf-8") == before
    ran = small.eval("accept", "--reason", "the model says so now")
    assert "harbour, commitments, C1: was right, is wrong in by" in ran.out
    assert [a["reason"] for a in json.loads(path.read_text("utf-8"))["history"]] == [
        "first scores",
        "the model says so now",
    ]
    says(small.eval("run"), 0)


def test_a_floor_in_the_suite_file_is_held(small: Small):
    text = (small.folder / "suite.toml").read_text("utf-8")
    (small.folder / "suite.toml").write_text(f"{text}strict = {{ risks = 1.0, commitments = 1.0 }}\n", "utf-8")
    says(small.eval("run"), 0)
    worsen(small, '\\"by\\": [\\"Arlen\\", \\"Bocia\\"]', '\\"by\\": [\\"Arlen\\"]')
    says(small.eval("run"), 1, "The strict F1 of commitments is 0.000, below the floor of 1.000")


def enlarge(small: Small) -> None:
    """Six more cases like the first, recorded and accepted."""
    for number in range(6):
        add_case(small.folder, f"more{number}", TEXT.replace("Monday", f"{number + 2} May"), LABELS)
    with Loopback(otherwise=answers(ANSWER)) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        small.eval("record")
    small.accept()


def test_a_live_run_that_is_much_worse_fails(small: Small):
    enlarge(small)
    with Loopback(otherwise=answers(NOTHING)) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        says(small.eval("run", "--live"), 1, "Worse: the strict F1 of commitments is -1.000 from the baseline's")


def test_a_live_run_of_one_case_that_says_nothing_fails_too(small: Small):
    with Loopback(otherwise=answers(NOTHING)) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        says(small.eval("run", "--live"), 1, "Worse: the strict F1 of risks is -1.000")


def test_a_live_run_that_is_a_little_worse_is_told_as_open(small: Small):
    enlarge(small)
    small.edit(small.folder / "suite.toml", 'name = "small"', 'name = "small"\nmargin = 0.2')
    replies = [answers(changed(risks=[])), *[answers(ANSWER)] * 6, answers(NOTHING)]
    with Loopback(replies) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        says(small.eval("run", "--live"), 0, "Cannot tell whether it is worse", "the gate holds")


def test_without_a_baseline_the_gate_fails(bare: Small):
    bare.record()
    says(bare.eval("run"), 1, "There is no baseline of brief@1", "eval accept")


# ── recordings that do not fit ───────────────────────────────────────────────────────────────────


def test_one_changed_character_of_a_prompt_is_told_with_the_case_and_the_difference(bare: Small, tmp_path: Path):
    path = draft(tmp_path / "mine.toml", 77)
    bare.record(prompt=path)
    bare.edit(path, "You turn", "You Turn")
    says(
        bare.eval("run", "--prompt", path, "--no-gate"),
        7, "Case harbour", "Case quiet", "-system: You turn a report", "+system: You Turn a report",
    )  # fmt: skip


def test_one_changed_character_of_an_article_is_told_with_the_case_and_the_difference(small: Small):
    small.edit(small.folder / "gold/harbour/article.txt", "Monday", "Munday")
    ran = small.eval("run")
    says(ran, 7, "Case harbour is asked otherwise", "Munday", "eval record --prompt brief@1")
    small.edit(small.folder / "gold/harbour/article.txt", "Munday", "Monday")
    says(small.eval("run"), 0)


def test_one_changed_description_of_the_schema_is_told(small: Small, monkeypatch: pytest.MonkeyPatch):
    from summariser.schema.response import ResponseSchema

    wire = ResponseSchema.wire.func

    def altered(self: ResponseSchema) -> dict[str, object]:
        return json.loads(json.dumps(wire(self)).replace("how firm it is", "how firm it seems"))

    monkeypatch.setattr(ResponseSchema, "wire", property(altered))
    says(small.eval("run"), 7, "Case harbour", "how firm it is", "how firm it seems")


def test_a_missing_recording_names_the_case_and_the_command(small: Small):
    small.recording("quiet").unlink()
    says(small.eval("run"), 7, "Case quiet is not recorded yet", f"--model {MODEL} --case quiet")


def test_a_recording_whose_request_was_edited_is_told(small: Small):
    path = small.recording("quiet")
    small.edit(path, "Forty", "Fifty")
    says(small.eval("run"), 7, path.name, "edited after it was recorded")


def test_a_recording_that_is_no_json_is_told(small: Small):
    small.recording("quiet").write_text("{", "utf-8")
    says(small.eval("run"), 7, "cannot be read", "eval record")


def test_an_orphan_is_told_and_pruned_when_asked(small: Small):
    path = small.recording("quiet")
    lost = path.with_name("99-lost.json")
    data = json.loads(path.read_text("utf-8"))
    from summariser.models.cassette import request_key

    request = json.loads(json.dumps(data["request"]))
    request["wire"]["max_tokens"] = 7
    from summariser.evals.recordings import _lines_joined

    lost.write_text(json.dumps({**data, "request": request, "key": request_key(_lines_joined(request))}), "utf-8")
    (path.parent.parent / "gone").mkdir()
    says(small.eval("run"), 7, "Nothing asks for 2 recordings", "99-lost.json", "--prune")
    assert small.eval("record", "--prune").code == 0
    says(small.eval("run"), 0)
    assert (lost.exists(), (path.parent.parent / "gone").exists()) == (False, False)


def test_unicode_in_a_recording_is_kept_as_it_came(bare: Small):
    headline = "„Ein ﬁxer Preis“ – 5\u202f000 №"
    bare.record(json.dumps(changed(headline=headline), ensure_ascii=False), NOTHING)
    assert headline in bare.recording("harbour").read_text("utf-8")


def test_a_lone_surrogate_is_kept_as_it_came(tmp_path: Path):
    write_whole(tmp_path / "x.json", dumps({"content": "half \ud83d of a sign"}))
    assert json.loads((tmp_path / "x.json").read_text("utf-8")) == {"content": "half \ud83d of a sign"}


def test_nothing_of_the_key_is_recorded(bare: Small):
    bare.monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-12345")
    bare.record()
    assert not any("sk-secret" in path.read_text("utf-8") for path in bare.recordings)


def test_in_a_replay_no_connection_can_be_opened():
    with closed_network(), pytest.raises(RecordingsError, match="tried to open a connection"):
        socket.create_connection(("127.0.0.1", 9))


# ── providers that fail ──────────────────────────────────────────────────────────────────────────


def test_a_provider_that_fails_in_the_middle_leaves_a_partial_run(small: Small):
    with Loopback([answers(ANSWER), fails(500)], otherwise=fails(500)) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        says(small.eval("run", "--live", "--no-gate"), 3, "is partial, 1 of 2 cases were scored", "HTTP 500")
    record = load_run(small.folder / "runs/brief@1/openai--small")
    assert (record.status, [case.case for case in record.scored]) == ("partial", ["harbour"])


def test_a_provider_that_fails_within_a_case_leaves_that_case_unscored(bare: Small):
    first = {"parties": []}
    with Loopback([answers(first)], otherwise=fails(500)) as server:
        bare.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        says(bare.eval("run", "--live", "--no-gate", "--prompt", "sections@1"), 3, "Not one case of sections@1")


def test_nothing_is_pruned_where_the_provider_failed(small: Small):
    gone = small.folder / "recordings/brief@1/openai--small/gone"
    gone.mkdir()
    small.recording("harbour").unlink()
    with Loopback(otherwise=fails(500)) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert small.eval("record", "--prune").code == 3
    assert gone.exists()


def test_a_held_prompt_of_which_nothing_was_scored_is_no_success(small: Small):
    replies = [answers(ANSWER), answers(NOTHING)]
    with Loopback(replies, otherwise=fails(500)) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        says(small.eval("run", "--live", "-p", "brief@1", "-p", "sections@1"), 3, "Not one case of sections@1")


def test_what_can_be_known_beforehand_is_known_before_anything_is_paid_for(small: Small):
    small.edit(small.gold, "Apache-2.0", "mine")
    with Loopback(otherwise=answers(ANSWER)) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        says(small.eval("run", "--live"), 2, "licence")
        assert server.requests == []


def test_a_folder_that_cannot_be_written_is_a_sentence(small: Small):
    (small.folder / "runs").write_text("in the way", "utf-8")
    says(small.eval("run"), 2, "run.json cannot be written")


def test_a_provider_that_fails_at_once_is_no_run(small: Small):
    with Loopback(otherwise=fails(500)) as server:
        small.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        says(small.eval("run", "--live"), 3, "Not one case of brief@1 was scored")


def test_an_unusable_answer_is_the_models_own_and_counts_as_nothing_said(bare: Small):
    with Loopback([answers("no json")] * 3 + [answers(NOTHING)]) as server:
        bare.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        bare.eval("record")
    bare.eval("run", "--no-gate")
    record = load_run(bare.folder / "runs/brief@1/openai--small")
    assert (record.status, record.counts("commitments").matched, record.counts("commitments").gold) == ("ok", 0, 1)


# ── gold and settings that are wrong ─────────────────────────────────────────────────────────────

WRONG_GOLD = [
    ("status: agreed", "status: agred", "line 29, item C1: commitments.0.status: Input should be 'agreed'"),
    ("status: agreed", "stauts: agreed", "item C1: commitments.0"),
    ("by: [P1, P2]", "by: [P1, P9]", "by of C1 names P9, which does not exist"),
    ("id: C1, text", "id: C7, text", "towards of R1 names C7"),
    ("{id: P2,", "{id: P1,", "two items have the id P1"),
    ("words: bars both", "words: bars them", "item C1: the words 'bars them from building new ports' are not in its"),
    ("quote: a fair", "quote: a Fair and", "the quote"),
    ("name: Bocia", "name: Bozia", "item P2: the name 'Bozia' is not in the article"),
    ("evidence: [[3]]\n    words", "evidence: [[30]]\n    words", "cites sentence 30, but the article has"),
    ("licence: \"Apache-2.0\"", "licence: \"all mine\"", "the licence 'all mine'"),
    ("case: harbour", "case: harbor", "name it 'harbour', like its folder"),
    ("by: [P1, P2]", "by: [P1, P2", "is not valid YAML"),
    ("kind: group", "kind: NO", "item P4: parties.3.kind"),
    ("why: the treaty bars them}", "fields: {satus: [agreed]}, why: no}", "fields of X1 names 'satus'"),
    ("why: the treaty bars them}", "fields: {status: [agred]}, why: no}", "fields.status of X1 is 'agred'"),
    ("stance: supports", "stance: supports\n    also: {stance: [suports]}", "also.stance of R1 is 'suports'"),
    ("action: not build new ports", "action: not build new ports\n    numbers: [Monday]", "item C1"),
    ("id: K1, risk: half", "id: K1, note: {a: .nan}, risk: half", "item K1"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), WRONG_GOLD, ids=[row[2][:30] for row in WRONG_GOLD])
def test_wrong_gold_is_told_with_file_and_item(small: Small, old: str, new: str, told: str):
    small.edit(small.gold, old, new)
    ran = small.eval("gold check")
    assert ran.code == 2
    assert "gold" in ran.out + ran.err
    assert told in ran.out + ran.err
    assert small.eval("run").code == 2


def test_clean_gold_is_called_clean(small: Small):
    ran = small.eval("gold check")
    assert (ran.code, ran.out) == (0, "2 cases, 7 items: all clean.\n")


def test_a_suite_without_cases_is_refused(bare: Small, tmp_path: Path):
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "suite.toml").write_text('name = "x"\nmetric = 1\n', "utf-8")
    says(bare.eval("run", suite=empty), 2, "has no cases", "gold new")


def test_a_split_without_cases_is_refused(small: Small):
    says(small.eval("run", "--split", "test"), 2, "no case in the split 'test'")


def test_a_folder_that_is_no_suite_is_refused(bare: Small, tmp_path: Path):
    says(bare.eval("run", suite=tmp_path / "nowhere"), 2, "suite.toml cannot be read", "--suite")


def test_a_case_that_does_not_exist_is_refused(small: Small):
    says(small.eval("run", "--case", "nobody"), 2, "no case 'nobody'", "harbour, quiet")


def test_a_baseline_of_another_metric_is_refused(small: Small):
    small.edit(small.folder / "baselines/brief@1/openai--small.json", '"metric": 1', '"metric": 0')
    says(small.eval("run"), 2, "belongs to version 0 of the metric", "eval accept")
    assert small.eval("accept", "--reason", "new metric").code == 0
    says(small.eval("run"), 0)


def test_a_baseline_with_nan_is_refused(small: Small):
    small.edit(small.folder / "baselines/brief@1/openai--small.json", '"gold": 4.0', '"gold": NaN')
    says(small.eval("run"), 2, "baseline", "openai--small.json")


def test_a_record_with_nan_is_refused(small: Small):
    small.eval("run")
    small.edit(small.folder / "runs/brief@1/openai--small/run.json", '"gold": 4.0', '"gold": NaN')
    says(small.eval("compare", small.folder / "runs/brief@1/openai--small", "brief@1"), 2, "NaN")


def test_runs_scored_by_different_gold_are_not_compared(small: Small):
    small.eval("run")
    small.edit(small.gold, "status: agreed", "status: pledged")
    run = small.folder / "runs/brief@1/openai--small"
    says(small.eval("compare", run, "brief@1"), 2, "different gold of harbour", "eval rescore")


def test_a_run_of_another_suite_cannot_be_rescored(small: Small, tmp_path: Path):
    small.eval("run")
    build(tmp_path / "other")
    small.edit(tmp_path / "other/gold/harbour/gold.yaml", "sha256: ", "sha256: 0000")
    says(small.eval("rescore", small.folder / "runs/brief@1/openai--small", suite=tmp_path / "other"), 2, "gold.yaml")


def test_a_record_of_a_run_that_is_none_is_refused(small: Small, tmp_path: Path):
    (tmp_path / "run.json").write_text("{}", "utf-8")
    says(small.eval("compare", tmp_path / "run.json", "brief@1"), 2, "is not the record of a run")


def test_an_unknown_report_is_refused_before_anything_runs(small: Small):
    says(small.eval("run", "--report", "pdf"), 2, "no report 'pdf'", "html, junit, markdown")


# ── two annotators ───────────────────────────────────────────────────────────────────────────────


def annotate(small: Small, b: str = LABELS) -> None:
    add_case(small.folder, "harbour", TEXT, LABELS, file="annotator-a.yaml")
    add_case(small.folder, "harbour", TEXT, b, file="annotator-b.yaml")


def test_annotators_who_agree_reach_one(small: Small):
    annotate(small)
    ran = small.eval("gold agree")
    assert ran.code == 0
    assert "commitments  strict F1 1.00  detection F1 1.00" in ran.out


def test_annotators_who_differ_are_told_apart_and_open_decisions_keep_the_gold_unclean(small: Small):
    annotate(small, LABELS.replace("status: agreed", "status: pledged").replace("id: X1", "id: X2"))
    ran = small.eval("gold agree")
    assert "commitments  strict F1 0.00  detection F1 1.00" in ran.out
    small.gold.unlink()
    ran = small.eval("gold adjudicate", "harbour")
    assert (ran.code, "1 differences to settle" in ran.out) == (0, True)
    assert "status: a has agreed; b (C1) has pledged" in small.gold.read_text("utf-8")
    says(small.eval("run"), 2, "this difference is still open")


def test_annotators_who_tell_an_item_in_other_words_are_told_apart_as_well(small: Small):
    action = re.search(r"action: (.+)", LABELS)
    assert action is not None
    annotate(small, LABELS.replace(action[0], "action: give the whole coast away"))
    small.gold.unlink()
    ran = small.eval("gold adjudicate", "harbour")
    assert ran.code == 0
    assert "wording: a has" in small.gold.read_text("utf-8")


def test_annotators_of_different_sentences_are_refused(small: Small):
    annotate(small)
    path = small.folder / "gold/harbour/annotator-b.yaml"
    path.write_text(
        re.sub(r"- \[0, (\d+)\]", lambda m: f"- [0, {int(m[1]) - 1}]", path.read_text("utf-8"), count=1), "utf-8"
    )
    says(small.eval("gold agree"), 2, "annotator-b.yaml names other sentences than gold.yaml")


def test_one_annotator_alone_is_refused(small: Small):
    add_case(small.folder, "harbour", TEXT, LABELS, file="annotator-a.yaml")
    says(small.eval("gold agree"), 2, "annotator-b.yaml is missing")


# ── new cases ────────────────────────────────────────────────────────────────────────────────────


def test_a_new_case_is_a_frame_with_numbered_sentences(small: Small, tmp_path: Path):
    (tmp_path / "new.txt").write_text(QUIET.replace("fair", "market"), "utf-8")
    ran = small.eval("gold new", tmp_path / "new.txt", "market", "--published", "2030-01-02")
    assert ran.code == 0
    text = (small.folder / "gold/market/gold.yaml").read_text("utf-8")
    assert "# 2: The market opened on Saturday." in text
    assert "published: 2030-01-02" in text
    assert (small.folder / "gold/market" / text.split("$schema=")[1].split()[0]).exists()
    assert small.eval("gold check").out == "3 cases, 7 items: all clean.\n"


def test_a_case_that_is_there_is_not_overwritten(small: Small, tmp_path: Path):
    (tmp_path / "new.txt").write_text(QUIET, "utf-8")
    says(small.eval("gold new", tmp_path / "new.txt", "harbour"), 2, "is there already")


def test_articles_of_two_splits_that_are_nearly_the_same_are_told(small: Small):
    add_case(small.folder, "twin", TEXT.replace("Monday", "Friday"), LABELS, split="test")
    ran = small.eval("gold check")
    assert (ran.code, "of its wording with twin, which is in the other split" in ran.out) == (2, True)


def test_an_article_that_leaks_into_a_prompt_is_told(small: Small):
    leak = "The levy has been in force for nine years. The Dutch trade minister, Eva Smit, called the levy a mistake.\n"
    add_case(small.folder, "leak", leak, "parties: []\n")
    ran = small.eval("gold check")
    assert (ran.code, "it contains wording of the article of leak" in ran.out) == (2, True)


def test_a_party_of_a_test_case_named_in_a_prompt_is_told(small: Small):
    labels = "parties:\n  - {id: P1, name: Eva Smit, kind: person, evidence: [[1]]}\n"
    add_case(small.folder, "named", "Eva Smit sang well.\nNobody else did.\n", labels, split="test")
    ran = small.eval("gold check")
    assert (ran.code, "it names Eva Smit, of the test case named" in ran.out) == (2, True)


def test_items_that_the_metric_could_confuse_are_told(small: Small):
    twin = LABELS.replace(
        "reactions:\n",
        LABELS[LABELS.index("  - id: C1") : LABELS.index("reactions:")].replace("C1", "C2") + "reactions:\n",
    )
    add_case(small.folder, "harbour", TEXT, twin)
    ran = small.eval("gold check")
    assert ran.code == 2
    assert "the metric could take one for the other" in ran.out
