"""The public names have types that strict checkers accept."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def test_a_script_that_uses_the_public_names_passes_mypy_strict(tmp_path: Path):
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(tmp_path)]
    script = str(ROOT / "tests/typed_script.py")
    done = subprocess.run([*command, script], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout
