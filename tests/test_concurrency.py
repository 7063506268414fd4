"""The same coroutines in threads and in an event loop: run to their end, waiting, and given up."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import CancelledError

import pytest

from summariser.batch.budget import Budget
from summariser.batch.rate_limit import Throttle
from summariser.concurrency import TaskMonitor, ThreadMonitor, in_thread, iterate_now, resolved, run_now
from summariser.errors import ConfigurationError, TransientError
from summariser.testing import completion

LONG = 60  # seconds after which a test that hangs fails
NEVER = 1_000_000.0  # seconds, of what ends only because it is given up


# ── without an event loop ────────────────────────────────────────────────────────────────────────


def test_a_coroutine_that_never_suspends_needs_no_event_loop():
    async def inner() -> int:
        return await resolved(20)

    async def outer() -> int:
        return await inner() + await resolved(inner()) + 2

    assert run_now(outer()) == 42


def test_its_error_is_the_callers():
    async def failing() -> None:
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        run_now(failing())


def test_one_that_does_suspend_is_ended_and_told():
    ended: list[bool] = []

    class Suspending:
        def __await__(self) -> object:
            yield

    async def suspending() -> None:
        try:
            await Suspending()
        finally:
            ended.append(True)

    with pytest.raises(ConfigurationError, match="waits for an event loop was used without one"):
        run_now(suspending())
    assert ended == [True]


def test_closing_an_iterator_closes_the_asynchronous_generator_below():
    closed: list[str] = []

    async def numbers() -> AsyncGenerator[int, None]:
        try:
            for number in range(5):
                yield number
        finally:
            closed.append(await resolved("closed"))

    assert list(iterate_now(numbers())) == list(range(5))
    iterator = iterate_now(numbers())
    assert next(iterator) == 0
    iterator.close()
    assert closed == ["closed"] * 2


# ── monitors ─────────────────────────────────────────────────────────────────────────────────────


def test_threads_that_wait_are_woken_by_another():
    monitor, waiting, woken = ThreadMonitor(), threading.Semaphore(0), list[int]()

    def wait(number: int) -> None:
        with monitor:
            waiting.release()
            run_now(monitor.wait())
            woken.append(number)

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert waiting.acquire(timeout=LONG)
    with monitor:
        monitor.notify_all()
    for thread in threads:
        thread.join(LONG)
    assert sorted(woken) == [0, 1, 2]


def test_tasks_that_wait_are_woken_one_by_one_or_all_together():
    async def main() -> None:
        monitor, woken = TaskMonitor(), list[int]()

        async def wait(number: int) -> None:
            with monitor:
                await monitor.wait()
            woken.append(number)

        tasks = [asyncio.ensure_future(wait(number)) for number in range(4)]
        await asyncio.sleep(0)
        monitor.notify()
        await tasks[0]
        assert woken == [0]
        monitor.notify_all()
        await asyncio.gather(*tasks)
        assert woken == [0, 1, 2, 3]

    asyncio.run(main())


def test_a_wait_has_an_end_though_nobody_notifies():
    async def main() -> None:
        with (monitor := TaskMonitor()):
            await monitor.wait(0)
        monitor.notify()  # whom nobody waits for

    asyncio.run(main())
    with (monitor := ThreadMonitor()):
        run_now(monitor.wait(0))


def test_a_task_that_is_cancelled_as_it_is_woken_wakes_another():
    async def main() -> None:
        monitor = TaskMonitor()

        async def wait() -> None:
            with monitor:
                await monitor.wait()

        first, second = asyncio.ensure_future(wait()), asyncio.ensure_future(wait())
        await asyncio.sleep(0)
        monitor.notify()
        first.cancel()
        await second
        assert first.cancelled()

    asyncio.run(main())


# ── work in a thread ─────────────────────────────────────────────────────────────────────────────


def test_blocking_work_is_awaited_and_its_thread_ends_with_it():
    async def main() -> None:
        before = threading.active_count()
        worker = await in_thread(threading.current_thread, discard=lambda thread: None)
        worker.join(LONG)
        assert worker is not threading.main_thread()
        assert threading.active_count() == before

    asyncio.run(main())


def test_what_comes_of_work_that_nobody_awaits_any_more_is_discarded():
    release, discarded = threading.Event(), threading.Event()

    async def main() -> None:
        task = asyncio.ensure_future(in_thread(lambda: release.wait(LONG), discard=lambda _: discarded.set()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        release.set()
        assert await asyncio.to_thread(discarded.wait, LONG)

    asyncio.run(main())


# ── the rate limiter in an event loop ────────────────────────────────────────────────────────────


def test_no_more_requests_than_allowed_are_under_way_and_a_complaint_halves_them():
    async def main() -> None:
        gate, active, most = Throttle(most=4, budget=Budget("x/y"), in_event_loop=True), 0, list[int]()

        async def attempt() -> object:
            nonlocal active
            active += 1
            most.append(active)
            await asyncio.sleep(0)
            active -= 1
            return completion("x")

        async def complaining() -> object:
            raise TransientError("too much", status=429)

        await asyncio.gather(*(gate.pass_through(attempt) for _ in range(20)))
        assert max(most) == 4
        most.clear()
        with pytest.raises(TransientError):
            await gate.pass_through(complaining)
        gate._raise_limit = lambda: None  # type: ignore[method-assign]  # no answer brings one back
        await asyncio.gather(*(gate.pass_through(attempt) for _ in range(20)))
        assert max(most) == 2

    asyncio.run(main())


def test_a_closed_rate_limiter_lets_nobody_pass_and_ends_every_wait():
    async def main() -> None:
        gate = Throttle(most=1, budget=Budget("x/y"), in_event_loop=True)
        sleeping = asyncio.ensure_future(gate.sleep(NEVER))
        held = asyncio.ensure_future(gate.pass_through(lambda: asyncio.sleep(NEVER)))  # type: ignore[arg-type,return-value]
        await asyncio.sleep(0)
        queued = asyncio.ensure_future(gate.pass_through(lambda: asyncio.sleep(0)))  # type: ignore[arg-type,return-value]
        await asyncio.sleep(0)
        gate.close()
        for waiting in (sleeping, queued):
            with pytest.raises(CancelledError):
                await waiting
        assert not held.done()
        held.cancel()

    asyncio.run(main())
