"""Run by the Python of .venv-bench, never imported: claims through grounded-check and anchorcite.

Reads a JSON list of objects with `source` and `sentences` from standard input, and prints for each package whether it
finds each claim supported, as JSON.
"""

import json
import sys
import tempfile
from pathlib import Path

import anchorcite
import grounded


def main() -> None:
    """Judge what standard input asks for; a claim is supported if each of its sentences is."""
    rows = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "source.txt"
        judged = {"grounded-check": [], "anchorcite": []}
        for row in rows:
            file.write_text(row["source"], "utf-8")
            passed = (grounded.check(sentence, [str(file)]).passed for sentence in row["sentences"])
            judged["grounded-check"].append(all(passed))
            anchors = (anchorcite.anchor_claim(sentence, row["source"]) for sentence in row["sentences"])
            judged["anchorcite"].append(all(anchor is not None for anchor in anchors))
    print(json.dumps(judged))


if __name__ == "__main__":
    main()
