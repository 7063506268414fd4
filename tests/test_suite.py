"""The suite that comes with the program: what it must hold, whatever the model says about it."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from summariser.evals import baseline_system, statistics
from summariser.evals import compare as comparison
from summariser.evals.agreement import annotated
from summariser.evals.gold import SCHEMA_FILE, json_schema
from summariser.evals.gold_lint import check
from summariser.evals.recordings import folder_of
from summariser.evals.report import bounds, rows, run_tables, table_markdown
from summariser.evals.run import Job, run
from summariser.evals.run_record import RunRecord
from summariser.evals.statistics import holm
from summariser.evals.suite import Suite
from summariser.models.names import EMBEDDED
from summariser.prompts import library
from summariser.schema import kind_names
from tests.conftest import ROOT, SEED
from tests.small_suite import Small

SUITE = ROOT / "evals"


@pytest.fixture(scope="module")
def suite() -> Suite:
    return Suite.load(SUITE)


def test_there_are_at_least_25_cases_half_of_them_for_tuning(suite: Suite):
    splits = Counter(case.gold.split for case in suite.cases if case.id != "seed")
    assert sum(splits.values()) >= 24
    assert splits["dev"] == splits["test"]


def test_the_seed_is_a_dev_case_read_from_where_it_lies(suite: Suite):
    seed = next(case for case in suite.cases if case.id == "seed")
    assert seed.gold.split == "dev"
    assert (seed.folder / seed.gold.article.file).resolve() == SEED.resolve()


def test_articles_are_as_long_as_they_should_be(suite: Suite):
    words = [len(case.document.text.split()) for case in suite.cases if case.id != "seed"]
    assert sum(count > 1500 for count in words) == 2
    assert sum(250 <= count <= 700 for count in words) == len(words) - 2


def test_one_article_is_french_and_one_is_in_another_language(suite: Suite):
    assert Counter(case.gold.language for case in suite.cases) == {"en": len(suite.cases) - 2, "fr": 1, "es": 1}


def test_the_gold_is_clean(suite: Suite):
    assert [str(complaint) for complaint in check(suite, library())] == []


def test_editors_are_given_the_schema_of_today():
    assert (SUITE / SCHEMA_FILE).read_text("utf-8") == json_schema()


def test_every_case_was_labelled_twice_and_says_by_whom(suite: Suite):
    for case in suite.cases:
        found = annotated(case)
        assert found is not None
        assert [a.id for a in case.gold.annotators] == ["a", "b"]


def test_hardly_anything_is_in_two_of_the_cases(suite: Suite):
    empty = [case.id for case in suite.cases if not case.gold.commitments and not case.gold.risks]
    assert {"village-festival", "football-derby"} <= set(empty)


def test_the_datasheet_lists_every_case(suite: Suite):
    listed = re.findall(r"^\| ([a-z-]+) \| (dev|test) \|", (SUITE / "DATASHEET.md").read_text("utf-8"), re.M)
    assert sorted(listed) == sorted((case.id, case.gold.split) for case in suite.cases)


def test_definitions_in_the_prompts_are_the_guides_own_words():
    """The guide and `brief@1` define the four kinds in the same sentences."""
    guide, brief = (
        " ".join(re.sub(r"[*`]", "", text).split())
        for text in ((SUITE / "GUIDELINES.md").read_text("utf-8"), library().load("brief@1").system)
    )
    for sentence in (
        "an actor that in this story acts, promises, speaks, or is acted upon or addressed",
        "a course of action, or abstention, that a party binds itself to or announces as its own",
        '"Did not rule out" is not "agreed"',
        "What others expect or fear is not a commitment",
        "One item for each action that could be kept or broken by itself",
        "An obligation that an authority imposes is the authority's commitment, decided",
        "a possible harm that the report says could happen",
        "People who share a name stay apart",
    ):
        assert sentence in guide
        assert sentence in brief


@pytest.fixture(scope="module")
def records(suite: Suite) -> list[RunRecord]:
    """What is held, replayed, and the floor behind it."""
    held = [(suite.prompt(each.prompt), each.model) for each in suite.held]
    return [
        run(Job(suite=suite, cases=suite.cases, prompt=prompt, model=model)).record
        for prompt, model in [*held, (baseline_system.PROMPT, baseline_system.MODEL)]
    ]


def sections_1(suite: Suite) -> RunRecord:
    """`sections@1`, which docs/evals.md shows but nothing holds: on the cases that it was recorded on."""
    recorded = folder_of(suite.recordings, "sections@1", EMBEDDED)
    cases = tuple(case for case in suite.cases if (recorded / case.id).is_dir())
    return run(Job(suite=suite, cases=cases, prompt=suite.prompt("sections@1"), model=EMBEDDED)).record


def test_the_documents_show_these_very_scores(suite: Suite, records: list[RunRecord]):
    page = (ROOT / "docs" / "evals.md").read_text("utf-8")
    cases = {case.id: case for case in suite.cases}
    for record in (*records[:-1], sections_1(suite)):
        between = bounds(suite, [cases[each.case] for each in record.cases])
        table = table_markdown(run_tables(rows(record, between))[0])
        assert table.partition("\n\n")[2].strip() in page


def test_exchanging_labels_raises_false_alarms_at_the_stated_rate(
    suite: Suite, records: list[RunRecord], monkeypatch: pytest.MonkeyPatch
):
    """On this gold, each document's answers exchanged at random, 5% of 300 verdicts at most find something."""
    a, b = records[:2]
    cases = [case.id for case in suite.cases]
    kinds = []
    for kind in kind_names():
        ours, theirs = (record.parts([kind], strict=False) for record in (a, b))
        kinds.append(np.array([[*ours[case], *theirs[case]] for case in cases], dtype=float))
    monkeypatch.setattr(statistics, "DRAWS", 1000)
    random, alarms = np.random.default_rng(8), 0
    for _ in range(300):
        swap = random.integers(0, 2, len(cases)).astype(bool)[:, None]
        mixed = [np.where(swap, pairs[:, [2, 3, 0, 1]], pairs) for pairs in kinds]
        alarms += min(holm([statistics.permutation_p(pairs) for pairs in mixed])) < comparison.SIGNIFICANT
    assert alarms <= 24  # the 99th percentile of a binomial of 300 at 5%


def test_the_commands_hold_the_suite_and_compare_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """As `make test` runs them: the gate holds, and a comparison ends with a verdict."""
    small = Small(SUITE, capsys, monkeypatch)
    ran = small.eval("run", "--output", tmp_path)
    assert (ran.code, "the gate holds" in ran.err) == (0, True), ran.err
    ran = small.eval("compare", "floor", "sections@3")
    assert ran.code == 0
    verdict = " ".join(ran.out.split())[-160:]
    assert (
        "sections@3" in verdict
        and "is better than floor@1" in verdict
        and "in parties, commitments, reactions and risks" in verdict
    )
    ran = small.eval("power", "floor", "sections@3", "--difference", "0.05")
    told = re.findall(r"visible ([\d.]+); 0.05 would take (\d+) cases", ran.out)
    assert (ran.code, len(told)) == (0, 8)
    for visible, needed in told:  # the error of a mean falls with the root of the number of documents
        assert abs(int(needed) / 27 - (float(visible) / 0.05) ** 2) < 1


def test_the_same_run_in_another_process_is_the_same_but_for_times(suite: Suite, tmp_path: Path):
    """Nothing hangs on the order of a set, which changes from process to process."""
    written = []
    for seed in ("1", "2"):
        command = [
            sys.executable,
            "-m",
            "summariser",
            "eval",
            "run",
            "--suite",
            str(SUITE),
            "--output",
            str(tmp_path / seed),
        ]
        command += ["--prompt", "sections@3", "--case", "seed", "--case", "steel-tariffs", "--case", "bank-sanctions"]
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True)
        (path,) = (tmp_path / seed).glob("sections@3/*/run.json")
        written.append(re.sub(r'"seconds": [\d.]+', "", path.read_text("utf-8")))
    assert written[0] == written[1]
