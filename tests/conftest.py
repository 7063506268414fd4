"""What every test may use: a network that is closed, settings that are the tests' own, and the seed."""

import gc
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from summariser.documents.document import Document
from summariser.documents.readers import read

if TYPE_CHECKING:
    from tests.small_suite import Small

settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")
signal.signal(signal.SIGINT, signal.default_int_handler)  # which who starts in the background ignores, and tests send

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "000_06c514ae3e38ddac.txt"


@pytest.fixture(scope="module", autouse=True)
def _little_garbage() -> None:
    """What stays in memory, the libraries above all, is left out of every later collection of garbage."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Name the seed of the order in which something failed."""
    seed = config.getoption("randomly_seed", default=None)
    if exitstatus and seed is not None:
        terminalreporter.write_line(f"This order comes again with --randomly-seed={seed}")


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, server or setting of whoever runs the tests reaches them.

    Claims are verified, and worker processes start, only where a test asks.
    """
    import os

    for name in list(os.environ):
        if name.startswith(("SUMMARISER_", "OPENAI_", "ANTHROPIC_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SUMMARISER_VERIFY", "false")  # the tests of the verification turn it on
    monkeypatch.setenv("SUMMARISER_PROCESSES", "0")
    monkeypatch.setenv("SUMMARISER_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(scope="session")
def seed() -> Document:
    return read(SEED)


@pytest.fixture
def bare(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> "Small":
    """The small suite without recordings."""
    monkeypatch.setenv("SUMMARISER_RETRY_SECONDS", "0")
    from tests.small_suite import Small, build

    build(tmp_path / "suite")
    return Small(tmp_path / "suite", capsys, monkeypatch)


@pytest.fixture
def small(bare: "Small") -> "Small":
    """The small suite, recorded and accepted."""
    bare.record()
    bare.accept()
    return bare
