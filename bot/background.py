"""Blocking work for asyncio: it runs in a thread of its own, and ends when whoever wanted it goes away."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final, TypeVar

from bot.errors import FootnoteError

T = TypeVar("T")


class _End:
    """What stands for the end of a stream: a StopIteration cannot pass from a thread to asyncio."""


_END: Final = _End()


class WorkStopped(FootnoteError):
    """The work was stopped, as nobody waits for it any more."""

    help = ""


async def stream_in_thread(items: Generator[T]) -> AsyncGenerator[T]:
    """The items of a blocking generator, each made in one thread; closing this, or a cancelled task, closes it there.

    The step that is being made at that moment comes to its end first, and nobody waits for it.
    """
    loop, context = asyncio.get_running_loop(), copy_context()

    def take() -> T | _End:
        """The next item, with the caller's own context variables around it: its spans and its callbacks."""
        return context.run(next, items, _END)

    # One thread for the whole stream: what it holds (a connection, a file) is not handed from thread to thread.
    thread = ThreadPoolExecutor(1, "footnote-stream")
    try:
        while not isinstance(item := await loop.run_in_executor(thread, take), _End):
            yield item
    finally:
        thread.submit(items.close)
        thread.shutdown(wait=False)


async def run_in_thread(work: Callable[[Callable[[], bool]], T]) -> T:
    """What the work returns, from a thread; it is given a function that says whether anybody still waits for it."""
    gone = False
    try:
        return await asyncio.to_thread(work, lambda: not gone)
    finally:
        gone = True
