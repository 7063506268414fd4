"""Prompts of the user's own: the text that was named is the text that is asked and scored."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from summariser import load_settings, prompts, summarise
from summariser.errors import ConfigurationError
from summariser.evals.run_record import load_run
from summariser.prompts import Library
from summariser.testing import FakeModel
from tests.loopback import Loopback, answers
from tests.small_suite import MODEL, NOTHING, Ran, Small, build, draft
from tests.test_killed_batches import Command, documents, provider
from tests.test_pipeline import ANSWER, TEXT

MARK = "You turn exactly one report"


def marked(path: Path, version: int = 77) -> Path:
    """A draft whose words are told from every other prompt's by `MARK`."""
    draft(path, version)
    path.write_text(path.read_text("utf-8").replace("You turn a report", MARK, 1), "utf-8")
    return path


@pytest.fixture
def bare(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Small:
    """The small suite without recordings."""
    monkeypatch.setenv("SUMMARISER_RETRY_SECONDS", "0")
    build(tmp_path / "suite")
    return Small(tmp_path / "suite", capsys, monkeypatch)


def tampered(folder: Path) -> Path:
    """A file that calls itself `brief@1` and holds another text."""
    return marked(folder / "tampered.toml", 1)


def asked_with_mark(small: Small) -> bool:
    return all(MARK in path.read_text("utf-8") for path in small.recordings)


# ── by path ──────────────────────────────────────────────────────────────────────────────────────


def test_a_prompt_by_path_is_recorded_and_run_with_its_own_text_under_its_id(bare: Small, tmp_path: Path):
    path = marked(tmp_path / "mine.toml")
    bare.record(prompt=path)
    assert asked_with_mark(bare)
    assert {p.parent.parent.parent.name for p in bare.recordings} == {"brief@77"}
    assert bare.eval("run", "--prompt", path, "--no-gate").code == 0
    record = load_run(bare.folder / "runs/brief@77/openai--small")
    assert (record.prompt, record.prompt_sha256) == ("brief@77", prompts.load(str(path)).sha256)


def test_a_prompt_by_path_is_compared_also_with_the_model_named(bare: Small, tmp_path: Path):
    path = marked(tmp_path / "mine.toml")
    bare.record()
    bare.record(prompt=path)
    for side in (path, f"{path}:{MODEL}"):
        ran = bare.eval("compare", "brief@1", side)
        assert (ran.code, "brief@77" in ran.out) == (0, True), ran.err


def test_a_missing_recording_of_a_prompt_by_path_names_the_command_with_that_path(bare: Small, tmp_path: Path):
    path = marked(tmp_path / "mine.toml")
    ran = bare.eval("run", "--prompt", path, "--no-gate")
    assert (ran.code, f"eval record --prompt {path} --model" in ran.err) == (7, True)


def test_a_live_run_asks_the_text_that_was_named(bare: Small, tmp_path: Path):
    with Loopback([answers(ANSWER), answers(NOTHING)]) as server:
        bare.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert bare.eval("run", "--live", "--no-gate", "--prompt", marked(tmp_path / "mine.toml")).code == 0
        assert all(MARK in str(body) for body in server.bodies)


def test_a_batch_asks_the_text_that_was_named(tmp_path: Path):
    path = marked(tmp_path / "mine.toml")
    with provider() as address:
        code, results, _ = Command(tmp_path, address).run(documents(tmp_path, 2), "--prompt", path)
    assert code == 0
    assert {r["summary"]["run"]["prompt_sha256"] for r in results} == {prompts.load(str(path)).sha256}


# ── of a suite ───────────────────────────────────────────────────────────────────────────────────


def test_a_suites_own_prompt_is_found_before_the_programs(bare: Small):
    path = marked(bare.folder / "prompts/brief/v9.toml", 9)
    marked(bare.folder / "prompts/mine/v1.toml", 1)
    bare.edit(bare.folder / "prompts/mine/v1.toml", 'name = "brief"', 'name = "mine"')
    for wanted, id in (("brief@9", "brief@9"), ("brief", "brief@9"), ("mine", "mine@1")):
        shutil.rmtree(bare.folder / "recordings", ignore_errors=True)
        bare.record(prompt=wanted)
        assert asked_with_mark(bare)
        assert {p.parent.parent.parent.name for p in bare.recordings} == {id}
    assert prompts.load("brief", folder=bare.folder / "prompts") == prompts.load(str(path))
    assert prompts.load("brief@1", folder=bare.folder / "prompts") == prompts.load("brief@1")


def test_a_suite_holds_a_prompt_of_its_own(bare: Small):
    marked(bare.folder / "prompts/brief/v9.toml", 9)
    bare.edit(bare.folder / "suite.toml", "brief@1", "brief@9")
    bare.record(prompt="brief@9")
    bare.accept()
    ran = bare.eval("run")
    assert (ran.code, "the gate holds" in ran.err) == (0, True)


def test_a_prompt_that_is_nowhere_names_those_of_the_suite_too(bare: Small):
    draft(bare.folder / "prompts/brief/v9.toml", 9)
    ran = bare.eval("run", "--prompt", "none")
    assert (ran.code, "There is no prompt 'none'; choose one of brief@9, brief@1, brief@2" in ran.err) == (2, True)


def test_a_suites_own_prompt_that_holds_an_articles_words_is_told(bare: Small):
    path = draft(bare.folder / "prompts/brief/v9.toml", 9)
    bare.edit(path, "You turn a report", TEXT.splitlines()[2].replace('"', "”") + " You turn a report")
    ran = bare.eval("gold check")
    assert (ran.code, f"{path}: it contains wording of the article of harbour" in ran.out) == (2, True)


# ── a released text never changes ────────────────────────────────────────────────────────────────


def refused(ran: Ran) -> bool:
    return ran.code == 2 and "calls itself brief@1, which is released with another text; raise its version" in ran.err


@pytest.mark.parametrize("command", ["run", "run --live", "record", "accept --reason x", "compare brief@2"])
def test_a_released_id_with_another_text_is_refused_by_every_eval(bare: Small, tmp_path: Path, command: str):
    path = tampered(tmp_path)
    option = () if command.startswith("compare") else ("--prompt",)
    if command.startswith("compare"):
        bare.record(prompt="brief@2")
    words = command.split()
    assert refused(bare.eval(words[0], *words[1:], *option, path))


def test_a_suites_own_released_id_with_another_text_is_refused(bare: Small):
    marked(bare.folder / "prompts/brief/v1.toml", 1)
    assert refused(bare.eval("run"))


@pytest.mark.parametrize("command", ["summarise", "batch"])
def test_a_released_id_with_another_text_is_refused_by_summarise_and_batch(bare: Small, tmp_path: Path, command: str):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    bare.monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert refused(bare.run(command, tmp_path / "a.txt", "--model", MODEL, "--prompt", tampered(tmp_path)))


def test_a_released_id_with_another_text_is_refused_by_the_library(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="released with another text"):
        summarise(TEXT, model=FakeModel(ANSWER), prompt=str(tampered(tmp_path)))
    with pytest.raises(ConfigurationError, match="released with another text"):
        summarise(TEXT, model=FakeModel(ANSWER), settings=load_settings(prompt=str(tampered(tmp_path))))


def test_a_released_prompt_of_a_step_with_another_text_is_refused(tmp_path: Path):
    shutil.copytree(prompts.library().folder, tmp_path / "prompts")
    own = Library(tmp_path / "prompts")
    path = own.path("translation", 1)
    path.write_text(path.read_text("utf-8").replace("changes = ", "changes =  ", 1), "utf-8")
    with pytest.raises(ConfigurationError, match="calls itself translation@1, which is released"):
        own.load_step("translation")


def test_the_same_text_under_a_released_id_is_taken(tmp_path: Path):
    shutil.copy(prompts.library().path("brief", 1), tmp_path / "copy.toml")
    assert prompts.load(str(tmp_path / "copy.toml")) == prompts.load("brief@1")


# ── runs and baselines that were made with another text ──────────────────────────────────────────


def test_a_run_and_a_baseline_of_another_text_under_the_same_id_are_refused(bare: Small):
    path = draft(bare.folder / "prompts/brief/v9.toml", 9)
    bare.record(prompt="brief@9")
    assert bare.eval("accept", "--reason", "first", "--prompt", "brief@9").code == 0
    assert bare.eval("run", "--prompt", "brief@9").code == 0
    shutil.copytree(bare.folder / "runs/brief@9/openai--small", bare.folder / "runs/old")
    bare.edit(path, 'changes = "', 'changes = "Another text. ')  # which is never asked, so that all recordings fit
    for command in ("run", "accept --reason again"):
        ran = bare.eval(*command.split(), "--prompt", "brief@9")
        assert (ran.code, "was accepted with another text of brief@9; raise" in ran.err) == (2, True), ran.err
    ran = bare.eval("rescore", bare.folder / "runs/old")
    assert (ran.code, "was made with another text of brief@9" in ran.err) == (2, True)
    ran = bare.eval("compare", bare.folder / "runs/old", "brief@9")
    assert (ran.code, "different texts of brief@9" in ran.err) == (2, True)


def test_a_run_of_a_released_id_with_another_text_is_refused(bare: Small):
    bare.record()
    assert bare.eval("run", "--no-gate").code == 0
    run = bare.folder / "runs/brief@1/openai--small/run.json"
    bare.edit(run, prompts.load("brief@1").sha256, "0" * 64)
    for command in (("rescore", run), ("compare", run, "brief@1")):
        ran = bare.eval(*command)
        assert (ran.code, "another text of brief@1 than the current one" in ran.err) == (2, True)


# ── releasing ────────────────────────────────────────────────────────────────────────────────────


def test_an_installed_program_releases_no_prompts(tmp_path: Path):
    package = Path(prompts.__file__).parents[1]
    shutil.copytree(package, tmp_path / "summariser", ignore=shutil.ignore_patterns("__pycache__"))
    installed = tmp_path / "summariser/_prompts"
    if not installed.exists():
        shutil.copytree(prompts.library().folder, installed)
    before = (installed / prompts.LOCK).read_text("utf-8")
    draft(installed / "brief/v9.toml", 9)
    command = [sys.executable, "-m", "summariser", "prompts", "lock"]
    environment = {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "Prompts are released in a checkout" in done.stderr) == (2, True), done.stderr
    assert (installed / prompts.LOCK).read_text("utf-8") == before
