"""Parallel tasks, each in its own process where a process is cheap to start."""

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context

from summariser.processes import usable_cores

_tasks: list[Callable[[], object]] = []  # forked processes inherit this list from their parent


@contextmanager
def results(tasks: Sequence[Callable[[], object]]) -> Iterator[Callable[[int], object]]:
    """Run tasks while the context lasts.

    On Linux with more than one core the tasks run in parallel in forked processes, which share the loaded modules.
    Elsewhere each task runs when its result is requested.

    Args:
        tasks: Functions without arguments whose results can be pickled.

    Yields:
        A function that takes the number of a task, from 0, and returns its result or raises its error.
    """
    cores = usable_cores()
    if sys.platform != "linux" or min(cores, len(tasks)) < 2:
        yield cache(lambda number: tasks[number]())
        return
    _tasks[:] = tasks
    with ProcessPoolExecutor(min(cores, len(tasks)), mp_context=get_context("fork")) as pool:
        futures = [pool.submit(_run, number) for number in range(len(tasks))]
        yield lambda number: futures[number].result()


def _run(number: int) -> object:
    return _tasks[number]()
