"""Blocking work for asyncio: it runs in a thread of its own, and ends when whoever wanted it goes away."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final, TypeVar

from bot.cancellation import Cancellation, cancellable

T = TypeVar("T")


class _End:
    """What stands for the end of a stream: a StopIteration cannot pass from a thread to asyncio."""


_END: Final = _End()


async def stream_in_thread(items: Generator[T]) -> AsyncGenerator[T]:
    """The items of a blocking generator, each made in one thread; closing this, or a cancelled task, closes it there.

    The step that is being made at that moment comes to its end first, and nobody waits for it; one that waits for a silent
    server is woken.
    """
    loop, context, cancellation = asyncio.get_running_loop(), copy_context(), Cancellation()

    def take() -> T | _End:
        """The next item, with the caller's own context variables around it: its spans and its callbacks."""
        return context.run(_next_of, items, cancellation)

    # One thread for the whole stream: what it holds (a connection, a file) is not handed from thread to thread.
    thread = ThreadPoolExecutor(1, "footnote-stream")
    try:
        while not isinstance(item := await loop.run_in_executor(thread, take), _End):
            yield item
    finally:
        cancellation.cancel()
        # In the same thread, as a generator may only be closed where it runs, and behind the step that is being made.
        thread.submit(items.close)
        thread.shutdown(wait=False)


def _next_of(items: Generator[T], cancellation: Cancellation) -> T | _End:
    with cancellable(cancellation):
        return next(items, _END)


async def run_in_thread(work: Callable[[Callable[[], bool]], T]) -> T:
    """What the work returns, from a thread; it is given a function that says whether anybody still waits for it."""
    cancellation = Cancellation()

    def done() -> T:
        """The work, which is woken where it waits for a silent server."""
        with cancellable(cancellation):
            return work(lambda: not cancellation.cancelled)

    try:
        return await asyncio.to_thread(done)
    finally:
        cancellation.cancel()
