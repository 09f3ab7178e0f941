"""A few threads that work through a list, and can be left behind: Ctrl-C must not wait for a model that is silent."""

import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

GRACE = 2.0
"""Seconds that what is being worked at when the pool is stopped gets to come to its end."""
_LOOK = 0.05
"""Seconds after which the one who waits looks whether the pool was stopped."""


class WorkerPool(Generic[T, R]):
    """Does `work` to each of the `tasks`, `size` at a time, until `stop` is set. Work that returns None was not finished."""

    def __init__(self, tasks: Sequence[T], work: Callable[[T], R | None], size: int, stop: Event) -> None:
        self._work = work
        self._stop = stop
        self._todo = SimpleQueue[T]()
        for task in tasks:
            self._todo.put(task)
        self._done = SimpleQueue[R]()
        self._until = float("inf")
        # Daemons: a process that ends does not wait for them.
        self._threads = [Thread(target=self._run, daemon=True) for _ in range(min(size, len(tasks)))]
        for thread in self._threads:
            thread.start()

    def next(self) -> R | None:
        """The next result as soon as it is there; None once there are no more, or none that is worth waiting for.

        May be called again after Ctrl-C: where `stop` was then set, what comes to its end within `GRACE` still counts.
        """
        while True:
            over = not any(thread.is_alive() for thread in self._threads) or time.monotonic() > self._until
            try:
                # Asked for after it was seen that nobody works any more, so that the last result is not lost.
                return self._done.get(block=not over, timeout=_LOOK)
            except Empty:
                if over:
                    return None
            if self._stop.is_set():
                self._until = min(self._until, time.monotonic() + GRACE)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                task = self._todo.get_nowait()
            except Empty:
                return
            result = self._work(task)
            if result is not None:
                self._done.put(result)
