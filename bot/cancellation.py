"""Work that blocks: run beside whoever waits for it, and ended from another thread when nobody waits any more.

A generator is closed by the thread that runs it, and only between two of its items. A thread that waits for a model's next word
would wait on, up to the model's timeout, for an answer that nobody reads any more. So whoever runs such work gives it a
`Cancellation`; what waits for a network inside it registers, for as long as it waits, how it is woken: its connection is shut
down under it. For asyncio, such work runs in a thread of its own (`stream_in_thread`, `run_in_thread`).

>>> woken = []
>>> with cancellable() as cancellation, current_cancellation().waking(lambda: woken.append("shut")):
...     cancellation.cancel()
>>> woken, cancellation.cancelled
(['shut'], True)
"""

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar, copy_context
from threading import Lock
from typing import Final, Protocol, TypeVar

from bot.errors import FootnoteError

T = TypeVar("T")


class WorkStopped(FootnoteError):
    """The work was stopped, as nobody waits for it any more."""

    help = ""


class Cancellation:
    """Whether somebody has given up some work, and what that work waits for. Threads share it."""

    def __init__(self) -> None:
        self.cancelled = False
        self._wakers: list[Callable[[], None]] = []
        self._lock = Lock()

    def cancel(self) -> None:
        """Gives the work up and wakes it; may be called more than once, and after its end."""
        with self._lock:
            self.cancelled = True
            wakers = list(self._wakers)
        # Outside of the lock, since what is woken takes it to sign itself off.
        for wake in wakers:
            wake()

    @contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """A block that waits for something, and is woken by `wake`: at once where the work was given up before."""
        with self._lock:
            self._wakers.append(wake)
            gone = self.cancelled
        if gone:
            wake()
        try:
            yield
        finally:
            with self._lock:
                self._wakers.remove(wake)


_CURRENT: ContextVar["Cancellation | None"] = ContextVar("footnote_cancellation", default=None)


def current_cancellation() -> Cancellation:
    """That of the work which this thread or task does; of work that nobody can give up, one that nobody holds."""
    return _CURRENT.get() or Cancellation()


@contextmanager
def cancellable(cancellation: Cancellation | None = None) -> Iterator[Cancellation]:
    """A block whose work can be given up by this cancellation, a new one where none is named."""
    token = _CURRENT.set(cancellation or Cancellation())
    try:
        yield current_cancellation()
    finally:
        _CURRENT.reset(token)


class NetworkStream(Protocol):
    """A connection as httpcore has it."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What comes next; b"" at the end."""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends it."""

    def close(self) -> None:
        """Closes the connection."""

    def start_tls(
        self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None
    ) -> "NetworkStream":
        """The connection, encrypted from now on."""

    def get_extra_info(self, info: str) -> object:
        """What is known of the connection by this name; None for nothing."""


class _WokenStream:
    """The same connection, whose reading ends when the work that reads is given up."""

    def __init__(self, stream: NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What comes next."""
        with current_cancellation().waking(self._shut):
            return self._stream.read(max_bytes, timeout)

    def start_tls(self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None) -> NetworkStream:
        """The connection, encrypted from now on."""
        return _WokenStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends it."""
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        """Closes the connection."""
        self._stream.close()

    def get_extra_info(self, info: str) -> object:
        """What httpcore asks of a connection."""
        return self._stream.get_extra_info(info)

    def _shut(self) -> None:
        # To close a socket wakes no thread that waits for it; to shut it down does.
        found = self.get_extra_info("socket")
        if isinstance(found, socket.socket):
            with suppress(OSError):
                # Of an encrypted connection too, whose own way would first wait to say goodbye.
                socket.socket.shutdown(found, socket.SHUT_RDWR)


class _WakingBackend:
    """Makes connections as another of httpcore's backends does, each of which can be woken."""

    def __init__(self, backend: object) -> None:
        self._backend = backend

    def connect_tcp(self, *given: object, **named: object) -> NetworkStream:
        """A connection to a host."""
        return _WokenStream(self._backend.connect_tcp(*given, **named))  # type: ignore[attr-defined]  # httpcore's own form

    def connect_unix_socket(self, *given: object, **named: object) -> NetworkStream:
        """A connection to a socket of this machine."""
        return _WokenStream(self._backend.connect_unix_socket(*given, **named))  # type: ignore[attr-defined]

    def sleep(self, seconds: float) -> None:
        """Waits between two tries to connect."""
        self._backend.sleep(seconds)  # type: ignore[attr-defined]


def make_wakeable(client: object) -> None:
    """Has all connections of an httpx client end when the work that waits for them is given up.

    A transport of one's own would be the public way, and turn off the proxies that the environment names. Where the client is
    built otherwise than it is now, its reading ends with its timeout.
    """
    # httpx keeps one transport for all addresses, and one more for each proxy that is set.
    transports = [getattr(client, "_transport", None), *getattr(client, "_mounts", {}).values()]
    for pool in (getattr(transport, "_pool", None) for transport in transports):
        backend: object = getattr(pool, "_network_backend", None)
        if pool is not None and backend is not None and not isinstance(backend, _WakingBackend):
            pool._network_backend = _WakingBackend(backend)


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
