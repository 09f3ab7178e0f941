"""For whom something is done, and by which door it came in: what logs, limits and the audit log know of a request.

It travels in a context variable, so that no function between the door and the model's server has to pass it on. A thread starts
without one: whoever starts it for somebody runs it `in_request`, or in a copy of the context.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, replace
from threading import Thread
from typing import Literal, TypeVar
from uuid import UUID, uuid4

T = TypeVar("T")

Door = Literal["page", "shell", "http", "mcp", "python"]
"""How a request came in: the browser, the command line, HTTP, MCP, or another program's own call."""
Role = Literal["none", "reader", "editor", "admin"]
"""What somebody may do, the least first (see `bot.permissions`)."""

LONGEST_ID = 64
"""Characters of a request's id that another program gave; what is longer is cut."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One request: its id, its door, and who asks.

    `session` tells one caller from another where nobody signs in: a tab of the browser, an address of the network. It is "" for
    those who own the machine, whom no limit per caller holds up. `person` is who signed in, by their address, or whose token
    was sent; "" is the owner of the machine, whose `role` is that of an admin.

    >>> RequestContext("http", session="192.0.2.7").caller
    '192.0.2.7'
    """

    door: Door = "python"
    id: str = ""
    session: str = ""
    person: str = ""
    role: Role = "admin"

    @property
    def caller(self) -> str:
        """What limits per caller are counted by; "" where there are none."""
        return self.person or self.session


_CURRENT: ContextVar[RequestContext | None] = ContextVar("footnote_request", default=None)
RequestSource = Callable[[], RequestContext]
"""Tells for whom a thread is at work that was told nothing."""
# Lists of one, so that `set_request_source` can change what all threads see without `global`.
_SOURCE: list[RequestSource] = [RequestContext]
_DOOR: list[Door] = ["python"]


def set_request_source(source: RequestSource, door: Door = "python") -> None:
    """Has `source` tell for whom all threads of this process work, where no request was begun in them; its `door` is this."""
    _SOURCE[0], _DOOR[0] = source, door


def current_request() -> RequestContext:
    """The request that this thread, or this task, is at work for."""
    return _CURRENT.get() or _SOURCE[0]()


def background_request() -> RequestContext:
    """What Footnote does by itself, for nobody who asks: it comes in by this process's door, and may do all."""
    # The source is not asked: it may look at a page that is not there yet.
    return RequestContext(_DOOR[0])


def new_request_id() -> str:
    """A new id: 32 hexadecimal digits, as servers that take nothing but a UUID for it want them."""
    return uuid4().hex


def request_id(given: str) -> str:
    """An id that another program gave, as it may stand in a log and a header; a new one where nothing of it may.

    >>> request_id("order 12\\r\\nHost: evil")
    'order12Host:evil'
    """
    # Nothing but what is printed, as one word: the id goes into a header and a line of a log.
    kept = "".join(sign for sign in given if "!" <= sign <= "~")[:LONGEST_ID]
    return kept or new_request_id()


def is_uuid(id: str) -> bool:
    """Whether an id has the form of a UUID.

    >>> is_uuid(new_request_id()), is_uuid("order-12")
    (True, False)
    """
    try:
        UUID(id)
    except ValueError:
        return False
    return True


def identified(request: RequestContext) -> RequestContext:
    """The request with an id of its own, where it has none."""
    return request if request.id else replace(request, id=new_request_id())


@contextmanager
def request_scope(request: RequestContext) -> Iterator[RequestContext]:
    """A block that works for a request; in a thread of its own, or a task, it does not show outside of these.

    >>> with request_scope(RequestContext("http", request_id("7f"))):
    ...     current_request().id
    '7f'
    """
    token = _CURRENT.set(identified(request))
    try:
        yield current_request()
    finally:
        _CURRENT.reset(token)


def request_copy(request: RequestContext) -> Context:
    """A copy of this context that works for a request; `run` of it calls a function there."""
    context = copy_context()
    context.run(_CURRENT.set, identified(request))
    return context


def request_thread(work: Callable[[], None], name: str) -> Thread:
    """A thread that does the work for the current request, with its role and its limits; it ends with the process.

    A thread has no request of its own, and where people sign in it may do nothing without one. Start it with `start`.
    """
    return Thread(target=request_copy(current_request()).run, args=(work,), name=name, daemon=True)


class BackgroundJob(ABC):
    """Work for the current request in a thread of its own: the page that began it looks in every so often, and may be left.

    >>> class Count(BackgroundJob):
    ...     def __init__(self) -> None:
    ...         self.counted = 0
    ...         self._begin("count")
    ...     def _run(self) -> None:
    ...         self.counted += 1
    >>> job = Count()
    >>> job.join(10), job.counted
    (True, 1)
    """

    _thread: Thread

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return not self._thread.is_alive()

    def join(self, seconds: float) -> bool:
        """Wait for the thread; whether it has ended."""
        self._thread.join(seconds)
        return self.over

    # Called last in `__init__`: the thread may look at everything from its first moment.
    def _begin(self, name: str) -> None:
        self._thread = request_thread(self._run, name)
        self._thread.start()

    @abstractmethod
    def _run(self) -> None:
        """What the thread does."""


def in_request(items: Iterator[T], request: RequestContext) -> Generator[T]:
    """The items, each made for the request, whoever asks for them; to close this closes them.

    A generator runs in the context of whoever asks for its next item, so it cannot set a variable for itself alone.
    """
    context = request_copy(request)
    try:
        while True:
            try:
                item = context.run(next, items)
            except StopIteration:
                return
            yield item
    finally:
        if close := getattr(items, "close", None):
            context.run(close)
