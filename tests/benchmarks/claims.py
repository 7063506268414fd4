"""`python -m tests.benchmarks claims --data FOLDER`: public claim-checking sets, judged as `summariser check` does."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

from summariser import check
from summariser.documents import Document
from summariser.grounding import sentences_of
from tests.benchmarks import pledges, speakers
from tests.benchmarks.others import PYTHON
from tests.benchmarks.scores import Judged, Score, mean, score

_RIVALS = Path(__file__).with_name("rival_claims.py")
_DOMAINS = ("ectsum", "samsum", "qmsumm", "scitldr")
_PUBLISHED = {
    "wice": "AlignScore 66.0, MiniCheck-FT5 72.2, GPT-4o 78.5",
    "bump": "ROC-AUC: FactCC 57.2, SummaC 55.9, DAE 63.7, QAFactEval 71.5",
}

_NEWS = "news: SummaC-Conv 61.9, QAFactEval 74.4, GPT-4 83.3, people 90.0"

Row = dict[str, Any]


def measured(data: Path) -> Iterator[Score]:
    """Yield the scores on each set of the folder: WiCE, SummEdits, BUMP, PolNeAR and pledges.

    Args:
        data: A folder with `claims/*.jsonl`, `quotations/polnear/` and `pledges.csv`.
    """
    judged: dict[str, dict[str, list[Judged]]] = {}
    for name in ("wice", *(f"summedits-{domain}" for domain in _DOMAINS), "bump"):
        judged[name] = dict(_systems(_rows(data / "claims" / f"{name}.jsonl")))
        yield from (score(system, name, rows, _PUBLISHED.get(name, "")) for system, rows in judged[name].items())
    yield from _mean(judged)
    yield from speakers.measured(data / "quotations" / "polnear")
    yield from pledges.measured(data / "pledges.csv")


def _mean(judged: dict[str, dict[str, list[Judged]]]) -> Iterator[Score]:
    """Yield the mean of each system over the domains of SummEdits."""
    for system in judged["wice"]:
        yield mean(system, "summedits, mean", [judged[f"summedits-{d}"][system] for d in _DOMAINS], _NEWS)


def _rows(file: Path) -> list[Row]:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return sorted(rows, key=lambda row: str(row["source"]))


def _systems(rows: list[Row]) -> Iterator[tuple[str, list[Judged]]]:
    """Yield what each system says of the rows: this program, grounded-check and anchorcite."""
    by_source = [list(group) for _, group in groupby(rows, key=lambda row: row["source"])]
    with ProcessPoolExecutor() as pool:
        ours = [accepted for found in pool.map(_checked, by_source, chunksize=4) for accepted in found]
    yield "summariser", _judged(rows, ours)
    asked = [{"source": row["source"], "sentences": sentences_of(row["text"])} for row in rows]
    ran = subprocess.run([PYTHON, _RIVALS], input=json.dumps(asked), capture_output=True, check=True, text=True)
    for system, accepted in json.loads(ran.stdout).items():
        yield system, _judged(rows, accepted)


def _checked(rows: list[Row]) -> list[bool]:
    document = Document.from_text(rows[0]["source"], source="source")
    return [verdict.verified for verdict in check([row["text"] for row in rows], document)]


def _judged(rows: list[Row], accepted: list[bool]) -> list[Judged]:
    return [Judged(str(r["source"]), r["label"] == 1, a) for r, a in zip(rows, accepted, strict=True)]
