"""The loop of a watcher: batches of changes are taken in, what fails is tried once more and then told once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event

from bot.errors import FootnoteError, with_commands
from bot.types import Problem
from vectorstore.errors import VectorstoreError
from vectorstore.types import Failure, IngestReport
from vectorstore.watching import FolderBatch, FolderWatcher

AGAIN = 3.0
"""Seconds after which files that could not be read are tried once more: they may have been half written."""
LONGEST = 60.0
"""Seconds at most between two attempts while something stands in the way of all of them."""
PATIENT = 20.0
"""Seconds for which a hindrance that may pass, such as another process that writes, is waited for without a word."""


@dataclass(frozen=True, slots=True)
class WatchedBatch:
    """What came of a batch of changes: `report.failed` holds only what was not told before.

    `moved` are the ids of articles whose files are elsewhere now. `feed` is the address of the feed that was looked at, "" for
    folders. `trouble` stands in the way of the whole batch, which is tried again.
    """

    report: IngestReport = field(default_factory=IngestReport)
    moved: tuple[str, ...] = ()
    feed: str = ""
    trouble: Problem | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def has_news(self) -> bool:
        """Whether there is anything to tell."""
        one = self.report
        return bool(one.added or one.changed or one.removed or one.gone or one.failed or self.moved or self.trouble)


TakeIn = Callable[[FolderBatch], WatchedBatch]
"""Takes in what a batch tells of; may raise the roots of `bot.errors` and `vectorstore.errors`."""
Tell = Callable[[WatchedBatch], None]


class FailureMemory:
    """Which failures were told, so that each is told once; what failed and then went well may be told again.

    >>> memory, bad = FailureMemory(), Failure("a.md", "The file is empty.")
    >>> [len(memory.new(found)) for found in ([bad], [bad], [], [bad])]
    [1, 0, 0, 1]
    """

    def __init__(self) -> None:
        self._told: set[Failure] = set()

    def unknown(self, failed: Sequence[Failure]) -> list[Failure]:
        """Those that were not told yet."""
        return [one for one in failed if one not in self._told]

    def new(self, failed: Sequence[Failure], attempted: Callable[[str], bool] = lambda _: True) -> list[Failure]:
        """Those that were not told yet, and are from now on; `attempted` says of a place whether it was tried just now."""
        found = self.unknown(failed)
        self._told = {one for one in self._told if one in failed or not attempted(one.where)} | set(found)
        return found


class WatchLoop:
    """Follows a watcher until it is stopped. It ends by `run` returning, and is used once."""

    def __init__(self, watcher: FolderWatcher, take: TakeIn, tell: Tell, chore: Callable[[], bool] = lambda: True) -> None:
        """`chore` is done several times a second beside; the loop ends where it says False."""
        self._watcher = watcher
        self._take = take
        self._tell = tell
        self._chore = chore
        self._memory = FailureMemory()
        # Changes that were not taken in yet, all joined into one batch.
        self._waiting = FolderBatch()
        # Files that failed, until they are tried once more.
        self._held = FolderBatch()
        self._held_until = 0.0
        self._hindered_since: float | None = None
        self._delay = 0.0
        self._next = 0.0
        # The hindrance that was told last.
        self._said = ""

    def run(self, stop: Event) -> None:
        """Takes in what changes until `stop` is set."""
        # A batch comes several times a second, empty where nothing has changed: that is the loop's clock.
        for batch in self._watcher.batches(stop):
            self._waiting = self._waiting.joined(batch)
            now = time.monotonic()
            if self._waiting and now >= self._next:
                self._attempt(now)
            elif self._held and now >= self._held_until and now >= self._next:
                self._try_held(now)
            # The chore comes last, so that what has changed is taken in even where the loop is about to end.
            if not self._chore():
                return

    def _attempt(self, now: float) -> None:
        """Takes in the changes that wait."""
        batch, self._waiting = self._waiting, FolderBatch()
        taken = self._taken(batch, now)
        if taken is None:
            # What could not be taken in waits on, together with whatever changes in the meantime.
            self._waiting = batch.joined(self._waiting)
        # What fails in a look at whole folders is told at once: most of these files have lain there for long.
        elif not batch.whole and self._memory.unknown(taken.report.failed):
            # They may be half written, so nothing is said of them before they were tried once more.
            self._held, self._held_until = self._held.joined(batch), now + AGAIN
            self._say(taken, ())
        else:
            self._say(taken, self._new_failures(batch, taken))

    def _try_held(self, now: float) -> None:
        """Takes in once more what failed a moment ago."""
        batch, self._held = self._held, FolderBatch()
        taken = self._taken(batch, now)
        if taken is None:
            self._held = batch
        else:
            self._say(taken, self._new_failures(batch, taken))

    def _new_failures(self, batch: FolderBatch, taken: WatchedBatch) -> Sequence[Failure]:
        """The failures of a batch that were not told yet."""
        names = {path.name for path in batch.touched}
        # A place is the file's path in its folder, with "#2" or the like behind it: the name tells enough to forget by.
        attempted = (lambda _: True) if batch.whole else (lambda where: where.rpartition("/")[2].partition("#")[0] in names)
        return self._memory.new(taken.report.failed, attempted)

    def _taken(self, batch: FolderBatch, now: float) -> WatchedBatch | None:
        """What came of a batch; None where something stands in its way, which is told once."""
        try:
            taken = self._take(batch)
        except (FootnoteError, VectorstoreError) as error:
            self._hindered(error, now)
            return None
        # A batch that went in ends the hindrance, and the same one is told again when it comes back.
        self._hindered_since, self._delay, self._said = None, 0.0, ""
        return taken

    def _hindered(self, error: FootnoteError | VectorstoreError, now: float) -> None:
        self._hindered_since = self._hindered_since or now
        # 1, 2, 4 seconds and so on: a disk that is full or a lock that is held is asked for less and less often.
        # `2 * 0 or 1.0`: the first wait is a second.
        self._delay = min(LONGEST, 2 * self._delay or 1.0)
        self._next = now + self._delay
        # A disk that is full will not pass by itself, and is told at once.
        if error.retryable and now - self._hindered_since < PATIENT:
            return
        # The same hindrance is told once, and not with every attempt.
        if error.message != self._said:
            self._said = error.message
            self._tell(WatchedBatch(trouble=Problem(error.message, with_commands(error.help), error.retryable)))

    def _say(self, taken: WatchedBatch, failed: Sequence[Failure]) -> None:
        batch = replace(taken, report=replace(taken.report, failed=tuple(failed)))
        if batch.has_news:
            self._tell(batch)
