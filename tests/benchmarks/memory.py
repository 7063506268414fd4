"""Peak memory of a process that summarises many documents; `python -m tests.benchmarks.memory 1000` is such a one."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.many import summarise_all
from tests.benchmarks.measuring import Row
from tests.conftest import ROOT
from tests.test_killed_batches import provider


def measured(*, long: bool) -> Iterator[Row]:
    """The peak at more and more documents against that at a thousand."""
    few = 1000
    reference = _peak(few)
    for count in (10_000, 100_000) if long else (4000,):
        yield Row(f"peak memory at {count:,} documents", f"at {few:,}", "MB", _peak(count), reference)


def _peak(count: int) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.memory", str(count)]
    return float(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _own_peak() -> float:
    """This process's peak in megabytes, as Linux tells it: what getrusage gives begins with its parent's."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("utf-8"))
    if found is None:
        raise SystemExit("this machine does not tell a process's peak memory")
    return int(found[1]) / 1024


if __name__ == "__main__":
    with provider() as address:
        summarise_all(address, int(sys.argv[1]), 16)
    print(_own_peak())
