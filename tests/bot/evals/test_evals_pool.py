"""A few threads that work through a list."""

import threading

import pytest

from bot.evals.pool import WorkerPool


def drained(pool: WorkerPool[int, int]) -> list[int]:
    found = []
    while (one := pool.next()) is not None:
        found.append(one)
    return found


def test_all_is_worked_through() -> None:
    assert sorted(drained(WorkerPool(range(20), lambda n: 2 * n, 3, threading.Event()))) == list(range(0, 40, 2))


def test_nothing_to_do_is_done_at_once() -> None:
    assert drained(WorkerPool((), lambda n: n, 3, threading.Event())) == []


def test_what_was_not_finished_is_left_out() -> None:
    assert sorted(drained(WorkerPool(range(4), lambda n: n if n % 2 else None, 2, threading.Event()))) == [1, 3]


def test_stopped_it_begins_nothing_more() -> None:
    stop = threading.Event()

    def work(n: int) -> int:
        stop.set()
        return n

    assert drained(WorkerPool(range(4), work, 1, stop)) == [0]


def test_a_task_that_does_not_end_is_left_behind() -> None:
    stop, release = threading.Event(), threading.Event()

    def work(n: int) -> int:
        release.wait(30) if n else stop.set()
        return n

    try:
        assert drained(WorkerPool(range(2), work, 2, stop)) == [0]
    finally:
        release.set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_is_not_waited_for() -> None:
    def work(n: int) -> int:
        raise SystemExit

    assert drained(WorkerPool(range(3), work, 2, threading.Event())) == []
