"""`make bench`: how long things take, as ratios within one run, since machines differ. Never part of the tests."""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import (
    claims,
    event_loop,
    following,
    grounding,
    length,
    many,
    many_items,
    memory,
    model,
    real,
    startup,
    store,
)
from tests.benchmarks.measuring import Row, machine
from tests.benchmarks.others import PYTHON
from tests.benchmarks.scores import HEAD, Score

_BY_NAME_ONLY = ("model", "claims", "following")
_BY_ITSELF = frozenset({"items", "following"})  # measured against nothing that must be installed


def main() -> None:
    """Print a row for each comparison as it is made; write all, and the machine, as JSON."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    asked.add_argument(
        "parts",
        nargs="*",
        help="startup, real, many, event_loop, memory, grounding, length, items, store (all unless told), model, "
        "claims, following",
    )
    asked.add_argument("--long", action="store_true", help="memory up to 100,000 documents")
    asked.add_argument(
        "--output", type=Path, default=Path("bench.json"), help="where the JSON goes; default: bench.json"
    )
    asked.add_argument("--data", type=Path, help="the folder of public sets, for the part claims")
    asked.add_argument("--picture", type=Path, help="where the picture of the part length goes")
    given = asked.parse_args()
    parts: dict[str, Callable[[], Iterator[Row | Score]]] = {
        "startup": startup.measured,
        "real": real.measured,
        "many": many.measured,
        "event_loop": event_loop.measured,
        "memory": lambda: memory.measured(long=given.long),
        "grounding": grounding.measured,
        "length": lambda: length.measured(given.picture),
        "items": many_items.measured,
        "store": store.measured,
        "following": following.measured,
        "model": model.measured,
        "claims": lambda: claims.measured(given.data),
    }
    if unknown := set(given.parts) - parts.keys():
        asked.error(f"there is no part {', '.join(sorted(unknown))}; choose of {', '.join(parts)}")
    if not PYTHON.exists() and not (given.parts and _BY_ITSELF.issuperset(given.parts)):
        asked.error("what is measured against is not installed; `make .venv-bench/bench` does that")
    if "claims" in given.parts and (given.data is None or not given.data.is_dir()):
        asked.error("the part claims needs --data with the folder of public sets")
    print(", ".join(f"{name} {value}" for name, value in machine().items()))
    rows = []
    for name in given.parts or [name for name in parts if name not in _BY_NAME_ONLY]:
        if name == "claims":
            print(HEAD)
        for row in parts[name]():
            print(row, flush=True)
            rows.append(row.as_json())
    given.output.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
