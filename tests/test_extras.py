"""What is installed: extras are named once, and a package of somebody else's with our name is noticed."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from summariser.extras import SUMMARY, installing, namesake
from tests.conftest import ROOT


def distribution(folder: Path, name: str, summary: str) -> None:
    """Metadata of an installed distribution."""
    metadata = folder / f"{name}-9.9.dist-info"
    metadata.mkdir()
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: 9.9\nSummary: {summary}\n"
    (metadata / "METADATA").write_text(text)


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_name_and_summary_are_those_of_the_distribution():
    assert f"install {project()['name']} with its extra local" in installing("local")


def test_a_library_that_is_there_and_does_not_work_is_told_with_its_own_words():
    assert installing("files", ImportError("lxml.html.clean is a project\nof its own")).endswith(
        "(lxml.html.clean is a project of its own)"
    )
    assert installing("files", ModuleNotFoundError("No module named 'lxml'")) == installing("files")
    assert project()["description"] == SUMMARY


def test_a_strangers_package_of_our_name_is_noticed_and_the_cure_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    assert namesake() is None
    distribution(tmp_path, "summariser_extras", "Something else")
    assert namesake() is None
    distribution(tmp_path, "summariser", "Summarise texts")
    told = namesake() or ""
    assert "run pip uninstall summariser, then install structured-summariser again" in told


def test_an_older_build_of_our_own_under_that_name_is_no_stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    distribution(tmp_path, "summariser", SUMMARY)
    assert namesake() is None


def start(folder: Path) -> subprocess.CompletedProcess[str]:
    """`summariser --help` with a folder on the path, and at the end whether importlib.metadata was imported."""
    code = (
        f"import sys; sys.path.append({str(folder)!r}); sys.argv = ['summariser', '--help']\n"
        "from summariser.cli import main\n"
        "try:\n    main()\nfinally:\n    print('importlib.metadata' in sys.modules)\n"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


def test_the_command_line_says_it_in_one_line_and_pays_nothing_where_there_is_no_stranger(tmp_path: Path):
    alone = start(tmp_path)
    assert (alone.stderr, alone.stdout.splitlines()[-1]) == ("", "False")
    distribution(tmp_path, "summariser", "Summarise texts")
    (told,) = start(tmp_path).stderr.splitlines()
    assert told.startswith("summariser: Another package called summariser is installed beside structured-summariser")


def test_no_file_tells_anybody_to_install_the_strangers_package():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)  # noqa: S607
    if listed.returncode:
        pytest.skip("no checkout")
    name = "summariser"
    wrong = (f"pip install {name}", f"'{name}[", f'"{name}[', f"pip install -U {name}")
    files = [ROOT / path for path in listed.stdout.decode().split("\0") if path]
    texts = {path: path.read_text("utf-8", errors="replace") for path in files if path.is_file()}
    assert [str(path) for path, text in texts.items() if any(words in text for words in wrong)] == []
