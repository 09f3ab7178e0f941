"""Work that blocks, in threads beside the server's loop: what it yields comes as events, and it ends when its caller goes."""

import asyncio
import contextvars
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from threading import Thread
from typing import Generic, TypeVar

from fastapi import Request
from starlette.responses import StreamingResponse

from bot.cancellation import Cancellation, cancellable
from bot.json_records import Record
from bot.serving.failures import HttpProblem, RequestRefused, problem_of

T = TypeVar("T")

log = logging.getLogger(__name__)

PAUSE = 15.0
"""Seconds after which a stream that has nothing to tell says so, as a proxy would otherwise take it for dead and close it."""
GONE = HttpProblem(499, "The caller has gone.", "", "caller_gone")
"""What nobody reads any more; the number is that of nginx."""


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


class _Over:
    """The end of a stream."""


class BackgroundStream(Generic[T]):
    """What a blocking generator yields, made in a thread of its own, for `async for`.

    Once it is closed, the generator is closed too: at once where it waits for a model, whose connection is shut down, else when
    it yields the next time.
    """

    def __init__(self, work: Callable[[], Generator[T]]) -> None:
        """Starts the work at once."""
        self._work = work
        self._cancellation = Cancellation()
        self._loop = asyncio.get_running_loop()
        self._came: asyncio.Queue[T | _Failed | _Over] = asyncio.Queue()
        # The context goes along, so that what the thread does is traced as part of the request.
        run = contextvars.copy_context().run
        # A thread of its own, and none of Starlette's pool: an answer may wait minutes for a model, and short requests must
        # not.
        Thread(target=run, args=(self._run,), name="footnote-serve-answer", daemon=True).start()

    def close(self) -> None:
        """Lets the work go; may be called more than once."""
        self._cancellation.cancel()

    async def __anext__(self) -> T:
        """The next; raises what the work has raised."""
        came = await self._came.get()
        if isinstance(came, _Failed):
            raise came.error
        if isinstance(came, _Over):
            raise StopAsyncIteration
        return came

    def __aiter__(self) -> "BackgroundStream[T]":
        return self

    def _run(self) -> None:
        try:
            with cancellable(self._cancellation):
                self._pump()
        except Exception as error:
            self._tell(self._came.put_nowait, _Failed(error))
        else:
            self._tell(self._came.put_nowait, _Over())

    def _pump(self) -> None:
        items = self._work()
        try:
            for item in items:
                if self._cancellation.cancelled:
                    return
                self._tell(self._came.put_nowait, item)
        finally:
            items.close()

    def _tell(self, call: Callable[..., None], *given: object) -> None:
        # The loop is closed once the server has stopped, when nobody is left to be told.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(call, *given)


async def unless_gone(request: Request, work: Coroutine[object, object, T]) -> T:
    """What the work comes to; where the caller goes away before, it is cancelled, and RequestRefused raised."""
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise RequestRefused(GONE)
        return task.result()
    finally:
        for one in (task, gone):
            one.cancel()
        # Waited for, so that what was cancelled has closed its stream before the response is sent.
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    # The body was read before, so nothing but the end of the connection is still to come.
    while (await request.receive())["type"] != "http.disconnect":
        pass


class EventStreamResponse(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        # Proxies hold back what they take for a page: nginx knows the second header.
        super().__init__(content, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def sse(event: str, record: Record) -> bytes:
    """One server-sent event.

    >>> sse("token", {"text": "In 1932"})
    b'event: token\\ndata: {"text": "In 1932"}\\n\\n'
    """
    return f"event: {event}\n".encode() + sse_data(record)


def sse_data(record: Record) -> bytes:
    """An event without a name, as OpenAI's protocol has them."""
    # JSON has no bare line ends, so a record is one line of data, whatever text is in it.
    return f"data: {json.dumps(record, ensure_ascii=False, allow_nan=False)}\n\n".encode()


async def event_lines(
    stream: BackgroundStream[T],
    first: T,
    write: Callable[[T], Iterator[bytes]],
    fail: Callable[[HttpProblem], bytes],
) -> AsyncIterator[bytes]:
    """The lines that `write` makes of each item, the first of which came already; of an error, those of `fail`, and the end."""
    try:
        for line in write(first):
            yield line
        async with aclosing(_written(stream, write)) as lines:
            async for line in lines:
                yield line
    except Exception as error:
        # The status was sent with the first event, so what goes wrong later is an event.
        yield fail(problem_of(error))
    finally:
        stream.close()


async def _written(stream: BackgroundStream[T], write: Callable[[T], Iterator[bytes]]) -> AsyncGenerator[bytes]:
    """The lines of each item, and a comment after each pause without one, which clients pass over."""
    while True:
        try:
            item = await asyncio.wait_for(anext(stream), PAUSE)
        except TimeoutError:
            # A line that begins with a colon is a comment in server-sent events.
            yield b": nothing new\n\n"
        except StopAsyncIteration:
            return
        else:
            for line in write(item):
                yield line
