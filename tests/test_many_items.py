"""A text with many items and many parties takes as much longer as it has more of them."""

import sys
from collections import Counter
from types import FrameType

from tests.benchmarks.many_items import summarised


def calls(commitments: int, persons: int) -> int:
    """Return the number of calls of functions that it takes to summarise a text with so many commitments."""
    counted = Counter[str]()

    def count(frame: FrameType, event: str, argument: object) -> None:
        counted[event] += 1

    sys.setprofile(count)
    try:
        summary = summarised(commitments, persons)
    finally:
        sys.setprofile(None)
    assert len(summary.commitments) == commitments
    assert sum(party.kind == "person" for party in summary.parties) >= persons
    return counted["call"] + counted["c_call"]


def test_four_times_the_commitments_by_four_times_the_persons_take_four_times_the_calls():
    summarised(2, 2)  # reads word lists and compiles patterns, once
    assert calls(160, 80) < 4.3 * calls(40, 20)
