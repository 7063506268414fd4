"""The HTML report: one file that asks for nothing, whose every text is text; looked at in a browser as well."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from summariser.evals.run_record import load_run
from tests.small_suite import LABELS, NOTHING, Small, add_case, build
from tests.test_pipeline import ANSWER, TEXT, changed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
FOLDER = "runs/brief@1/openai--small"


@pytest.fixture
def small(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Small:
    """The small suite with a hostile article, and answers that are partly wrong."""
    monkeypatch.setenv("SUMMARISER_RETRY_SECONDS", "0")
    build(tmp_path / "suite")
    suite = Small(tmp_path / "suite", capsys, monkeypatch)
    add_case(suite.folder, "harbour", f"{TEXT} A reader wrote {HOSTILE} there.", LABELS)
    wrong = changed(
        commitments=[{**ANSWER["commitments"][0], "by": ["Arlen"], "words": "signed two treaties on Monday"}],
        risks=[
            {"sentences": [5], "words": "", "risk": f"a reader could write {HOSTILE}", "raised_by": None, "affects": []}
        ],
    )
    suite.record(wrong, NOTHING)
    suite.accept()
    assert suite.eval("run", "--report", "html").code == 0
    return suite


def page(small: Small) -> str:
    return (small.folder / FOLDER / "report.html").read_text("utf-8")


def test_the_page_asks_for_nothing(small: Small):
    text = page(small)
    assert "default-src 'none'" in text
    assert not re.findall(r"(?:src|href)=[\"']?(?!#)[^\"'>\s]", re.sub(r"&lt;.*?&gt;", "", text))


def test_what_comes_from_an_article_or_a_model_is_text(small: Small):
    text = page(small)
    assert "<script" not in text
    assert "<img" not in text
    assert text.count(html.escape("<script>", quote=False)) >= 2


def test_an_expected_line_is_there_for_each_pair_and_each_miss(small: Small):
    states = re.findall(r'data-state="(\w+)" data-kind="(\w+)"', page(small))
    assert sorted(state for state in states if state[1] != "parties") == [
        ("missed", "risks"),
        ("right", "reactions"),
        ("spurious", "risks"),
        ("wrong", "commitments"),
    ]


def test_each_prediction_has_its_verdict_and_its_reason(small: Small):
    text = page(small)
    (case,) = [case for case in load_run(small.folder / FOLDER).cases if case.case == "harbour"]
    summary = case.draws[0].summary
    assert summary is not None
    assert {item.verdict for item in summary.items} > {"supported", "not_enough_info"}
    for item in summary.items:
        said = ": ".join(filter(None, (item.verdict.replace("_", " "), item.reason)))
        assert f'<span class="name">verdict</span> {html.escape(said)}' in text.replace("&#39;", "&#x27;"), item.id


def test_supported_unsettled_and_refuted_predictions_are_all_predictions(small: Small):
    for case in load_run(small.folder / FOLDER).cases:
        for kind in case.draws[0].kinds.values():
            counts = kind.counts
            assert sum(counts.verdicts.values()) == counts.predicted
            assert counts.verdicts.get("supported", 0) == counts.verified
    header = re.findall(r"<th scope=\"col\">([^<]*)</th>", page(small))
    assert {"supported (✓)", "not settled (?)", "refuted (✗)"} <= set(header)


# ── in a browser ─────────────────────────────────────────────────────────────────────────────────


def dumped(path: Path, folder: Path) -> str:
    """The page's document as headless Chromium has it after running whatever it would run."""
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={folder}", "--virtual-time-budget=2000", "--dump-dom", path.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


@pytest.mark.browser
def test_in_a_browser_the_page_shows_what_the_record_says(small: Small, tmp_path: Path):
    if CHROMIUM is None:
        pytest.fail("there is no Chromium here; install Debian's package chromium")
    dom = dumped(small.folder / FOLDER / "report.html", tmp_path / "profile")
    record = load_run(small.folder / FOLDER)
    harbour = json.loads((small.folder / FOLDER / "run.json").read_text("utf-8"))["cases"][0]
    section = dom[dom.index('id="harbour"') : dom.index('id="quiet"')]
    for kind, told in harbour["draws"][0]["kinds"].items():
        pairs, missed, spurious = (told["matching"][name] for name in ("pairs", "missed", "spurious"))
        shown = re.findall(rf'data-state="(\w+)" data-kind="{kind}"', section)
        assert shown.count("right") == sum(pair["strict"] for pair in pairs)
        assert shown.count("wrong") == sum(not pair["strict"] and not pair["optional"] for pair in pairs)
        assert (shown.count("missed"), shown.count("spurious")) == (len(missed), len(spurious))
    assert re.search(r'field wrong"><span class="name">by ✗</span>', section)
    assert f"<title>small: {record.prompt} with {record.model}</title>" in dom  # no script has changed it
    assert "<script" not in dom
