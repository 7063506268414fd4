"""Tasks that run at once, each in a process of its own, where that is cheap."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context

_tasks: list[Callable[[], object]] = []  # what a forked process finds here is what its parent put there


@contextmanager
def results(tasks: Sequence[Callable[[], object]]) -> Iterator[Callable[[int], object]]:
    """For the length of a `with`: a function that gives the result of a task by its number, or raises its error.

    On Linux with more than one core the tasks run at once in forked processes, which share what is loaded
    already; elsewhere each runs when its result is asked for. Results must be picklable.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if sys.platform != "linux" or min(cores, len(tasks)) < 2:
        yield cache(lambda number: tasks[number]())
        return
    _tasks[:] = tasks
    with ProcessPoolExecutor(min(cores, len(tasks)), mp_context=get_context("fork")) as pool:
        futures = [pool.submit(_run, number) for number in range(len(tasks))]
        yield lambda number: futures[number].result()


def _run(number: int) -> object:
    return _tasks[number]()
