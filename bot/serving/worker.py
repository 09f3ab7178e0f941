"""Blocking work beside an event loop: it tells each step, and stops where its caller goes away."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, nullcontext
from threading import Event
from typing import TYPE_CHECKING, TypeVar, cast

from anyio import from_thread, to_thread

if TYPE_CHECKING:
    from collections.abc import Generator

Step = TypeVar("Step")


async def each_step(work: Callable[[], Iterator[Step]], handle: Callable[[Step], Coroutine[object, object, None]]) -> None:
    """Runs `work` in a thread and awaits `handle` for each step of it, in order; raises what either raises.

    Where the caller is cancelled, this returns at once, and the work is closed at its next step: a model's connection is shut,
    and the rest of a long text is not checked.

    >>> async def show(number: int) -> None:
    ...     print(number)
    >>> anyio.run(each_step, lambda: iter([1, 2]), show)
    1
    2
    """

    left = Event()

    def pump() -> None:
        """The thread's part."""
        # Most iterators here are generators, and to close one is how its work is stopped.
        steps = cast("Generator[Step]", work())
        with closing(steps) if hasattr(steps, "close") else nullcontext():
            for step in steps:
                if left.is_set():
                    return
                from_thread.run(handle, step)

    try:
        await to_thread.run_sync(pump, abandon_on_cancel=True)
    finally:
        left.set()
