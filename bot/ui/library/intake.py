"""Articles that are being taken in, in a thread of their own (see `bot.ui.running`), so that the page can be used meanwhile."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event as Flag
from threading import Lock, Thread
from typing import Literal

from bot.errors import FootnoteError
from bot.request_context import request_thread
from bot.ui.words import word
from bot.wiring.library import Library
from vectorstore.errors import VectorstoreError
from vectorstore.types import IngestOutcome, IngestSource

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Items that are made ready before they are taken in: with more, the first would wait for the last address."""

IntakeStatus = Literal["waiting", "reading", "added", "changed", "unchanged", "failed", "cancelled"]
SourceMaker = Callable[[], Sequence[IngestSource]]
"""Makes an item ready: keeps the file that was dropped, or fetches the address; may raise the roots of both error trees."""


@dataclass(frozen=True, slots=True)
class IntakeItem:
    """A file, an address or a text on its way into the library; `said` is what the reader must know of it.

    Of an article that is `known`, nothing may come, and it is then unchanged.
    """

    name: str
    make: SourceMaker
    status: IntakeStatus = "waiting"
    articles: tuple[str, ...] = ()
    said: str = ""
    known: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing more will become of it."""
        return self.status not in ("waiting", "reading")


class Intake:
    """Takes in one batch of items after another. The page looks at `items`, and calls everything else.

    >>> intake = Intake(service.library)
    >>> intake.add([IntakeItem("Rain", lambda: [service.library.pasted("Rain", "It rained on Ner.")])])
    >>> intake.join(60), [item.status for item in intake.items]
    (True, ['added'])
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._items: list[IntakeItem] = []
        self._lock = Lock()
        self._cancel = Flag()
        self._thread: Thread | None = None

    @property
    def items(self) -> tuple[IntakeItem, ...]:
        """All items by now, in the order in which they came."""
        with self._lock:
            return tuple(self._items)

    @property
    def running(self) -> bool:
        """Whether more will come."""
        with self._lock:
            return self._thread is not None

    @property
    def cancelling(self) -> bool:
        """Whether it was cancelled, though the item at hand may not be let go of yet."""
        return self._cancel.is_set() and self.running

    def add(self, items: Sequence[IntakeItem]) -> None:
        """Take these in as well, after those that are on their way; what is over is not listed any more."""
        # The state of the thread and the list change together: `_next` ends the thread under the same lock, so nothing is added
        # to one that has just looked for the last time.
        with self._lock:
            if self._thread is None:
                self._items = []
                self._cancel.clear()
            self._items += items
            if self._thread is None and self._items:
                self._thread = request_thread(self._run, "footnote-intake")
                self._thread.start()

    def retry(self, place: int) -> None:
        """Try the item at this place again."""
        items = self.items
        # The place comes from the browser, which may be one batch behind.
        if 0 <= place < len(items) and items[place].status in ("failed", "cancelled"):
            again = replace(items[place], status="waiting", said="")
            with self._lock:
                running = self._thread is not None
                if running:
                    self._items[place] = again
            if not running:
                # Beginning anew empties the list; the other failures are put back, so that each of them can be tried again as
                # well.
                kept = [one for at, one in enumerate(items) if at != place and one.status == "failed"]
                self.add([again])
                with self._lock:
                    self._items = [*kept, *self._items]

    def cancel(self) -> None:
        """Take in no more; what is in the index by then stays."""
        self._cancel.set()

    def dismiss(self) -> None:
        """Forget what is over; while more is to come, the items keep their places."""
        with self._lock:
            if self._thread is None:
                self._items = []

    def join(self, seconds: float) -> bool:
        """Wait for the thread; whether it has ended."""
        # Read once: the thread sets it to None when it ends.
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return not self.running

    def _run(self) -> None:
        while batch := self._next():
            try:
                self._take(batch)
            except Exception:
                # The thread's last line of defence: the reader gets a sentence, the log the traceback.
                log.exception("articles could not be taken in")
                self._fail(batch, word("library.something_went_wrong"))

    def _next(self) -> list[int]:
        """The places of the next items; [] and the end of the thread where there are none, in one step."""
        with self._lock:
            if self._cancel.is_set():
                self._items = [one if one.settled else replace(one, status="cancelled") for one in self._items]
            # By place and not by item: items are replaced as they come on, and keep their places.
            batch = [at for at, one in enumerate(self._items) if one.status == "waiting"][:AT_ONCE]
            if not batch:
                self._thread = None
            return batch

    def _take(self, batch: Sequence[int]) -> None:
        sources: list[IngestSource] = []
        of: list[int] = []
        for at in batch:
            if self._cancel.is_set():
                return
            self._set(at, status="reading")
            try:
                # Fetching an address takes seconds; the items' lock isn't held meanwhile.
                made = self.items[at].make()
            except (FootnoteError, VectorstoreError) as error:
                self._set(at, status="failed", said=f"{error.message} {error.help}".strip())
                continue
            if not made and self.items[at].known:
                self._set(at, status="unchanged")
            sources += made
            # An item may make several sources, as a feed does: the place of the item that each of them came of.
            of += [at] * len(made)
        try:
            if not sources:
                return
            for at, outcome in zip(of, self._library.take_in(sources, None, self._cancel.is_set), strict=False):
                self._settle(at, outcome)
        except (FootnoteError, VectorstoreError) as error:
            self._fail(batch, f"{error.message} {error.help}".strip())
        finally:
            # An address may stand for nothing at all, as an empty feed does.
            self._fail(batch, word("library.nothing_came_of_it"))

    def _settle(self, at: int, outcome: IngestOutcome) -> None:
        before = self.items[at]
        # A feed is one item with many sources: it counts as what the best of them came to.
        best = min(before.status, outcome.status, key=_ORDER.index) if before.settled else outcome.status
        said = "; ".join(filter(None, [before.said, *dict.fromkeys(failure.reason for failure in outcome.failures)]))
        self._set(at, status=best, said=said, articles=(*before.articles, *outcome.articles))

    def _fail(self, batch: Sequence[int], said: str) -> None:
        """Whatever of the batch has not come to anything by now has failed, unless it was cancelled."""
        for at in batch:
            if not self.items[at].settled:
                cancelled = self._cancel.is_set()
                self._set(at, status="cancelled" if cancelled else "failed", said="" if cancelled else said)

    def _set(self, at: int, status: IntakeStatus, said: str = "", articles: tuple[str, ...] = ()) -> None:
        with self._lock:
            self._items[at] = replace(self._items[at], status=status, said=said, articles=articles)


# The best first.
_ORDER: tuple[IntakeStatus, ...] = ("added", "changed", "unchanged", "failed", "cancelled", "reading", "waiting")
