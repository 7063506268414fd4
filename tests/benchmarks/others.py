"""The venv of what is measured against and is no requirement of ours; `make bench` makes it."""

from tests.conftest import ROOT

PYTHON = ROOT / ".venv-bench" / "bin" / "python"
