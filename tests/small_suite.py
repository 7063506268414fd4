"""A suite of two small cases in a folder of its own, and the command line, run in this process."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from summariser.cli import main
from summariser.documents.document import Document
from summariser.evals.gold import frame
from summariser.prompts import library
from tests.loopback import Loopback, answers
from tests.test_pipeline import ANSWER, TEXT

MODEL = "openai/small"
QUIET = "Village fair draws a crowd\n\nThe fair opened on Saturday. Forty pies were eaten, and the band played.\n"
NOTHING = {"parties": [], "commitments": [], "reactions": [], "risks": [], "headline": "A fair", "overview": "A fair."}
LABELS = """
parties:
  - {id: P1, name: Arlen, kind: state, evidence: [[2]]}
  - {id: P2, name: Bocia, kind: state, evidence: [[2]]}
  - {id: P3, name: Ana Belmar, kind: person, affiliation: P1, evidence: [[3]]}
  - {id: P4, name: dockers, accept: [Dockers], kind: group, evidence: [[4]]}
commitments:
  - id: C1
    by: [P1, P2]
    action: not build new ports
    status: agreed
    evidence: [[2]]
    words: bars both from building new ports
reactions:
  - id: R1
    by: [P3]
    towards: {id: C1, text: treaty}
    stance: supports
    statement: called it a fair price for peace
    quote: a fair price for peace
    evidence: [[3]]
    words: a fair price for peace
risks:
  - {id: K1, risk: half of the quays could close, raised_by: P4, evidence: [[4]], words: half of the quays could close}
rejected:
  - {id: X1, kind: commitments, text: Arlen will build new ports, evidence: [[2]], why: the treaty bars them}
"""
EMPTY = "\nparties: []\n"


@dataclass
class Ran:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@dataclass
class Small:
    """The suite's folder, and the command line pointed at it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    @property
    def gold(self) -> Path:
        """The gold of the case that has items."""
        return self.folder / "gold" / "harbour" / "gold.yaml"

    @property
    def recordings(self) -> list[Path]:
        """All recorded answers."""
        return sorted((self.folder / "recordings").rglob("*.json"))

    def recording(self, case: str) -> Path:
        """The one recorded answer of a case."""
        return next(path for path in self.recordings if path.parent.name == case)

    def eval(self, *arguments: object, suite: Path | None = None) -> Ran:
        """Run `summariser eval` in this process; never a traceback."""
        command, *rest = map(str, arguments)
        return self.run("eval", *command.split(), *rest, "--suite", suite or self.folder)

    def run(self, *arguments: object) -> Ran:
        """Run the program in this process."""
        self.capsys.readouterr()
        self.monkeypatch.setattr(sys, "argv", ["summariser", *map(str, arguments)])
        with pytest.raises(SystemExit) as ending:
            main()
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(int(ending.value.code or 0), out, err)

    def edit(self, path: Path, old: str, new: str) -> None:
        """Change one place of a file."""
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def record(self, *replies: object, prompt: object = "brief@1") -> None:
        """Have a server answer the cases, in their order, and keep its answers."""
        with Loopback([answers(reply) for reply in replies or (ANSWER, NOTHING)]) as server:
            self.monkeypatch.setenv("OPENAI_BASE_URL", server.url)
            ran = self.eval("record", "--prompt", prompt)
        assert ran.code == 0, ran.err

    def accept(self) -> None:
        """Make what is recorded the baseline."""
        ran = self.eval("accept", "--reason", "first scores", "-q")
        assert ran.code == 0, ran.err


def draft(path: Path, version: int) -> Path:
    """Write `brief@1` as another version of that prompt, one that nobody released, into a file."""
    text = library().path("brief", 1).read_text("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("version = 1", f"version = {version}", 1), "utf-8")
    return path


def build(folder: Path) -> None:
    """Write the suite into a folder: two cases, no recordings yet."""
    (folder / "gold").mkdir(parents=True)
    held = f'[[held]]\nprompt = "brief@1"\nmodel = "{MODEL}"\n'
    (folder / "suite.toml").write_text(f'name = "small"\nmetric = 1\n{held}', "utf-8")
    for case, text, labels in (("harbour", TEXT, LABELS), ("quiet", QUIET, EMPTY)):
        add_case(folder, case, text, labels)


def add_case(folder: Path, case: str, text: str, labels: str, *, split: str = "dev", file: str = "gold.yaml") -> Path:
    """Write one labelled case."""
    path = folder / "gold" / case
    path.mkdir(parents=True, exist_ok=True)
    (path / "article.txt").write_text(text, "utf-8")
    head = frame(
        Document.from_text(text),
        case=case,
        split=split,
        licence="Apache-2.0",
        origin="written for the tests",
        annotator="a",
        kind="person",
        who="whoever wrote the tests",
        file="article.txt",
    )
    head = head[: head.index("parties:")]
    (path / file).write_text(head + labels.lstrip("\n"), "utf-8")
    return path / file
