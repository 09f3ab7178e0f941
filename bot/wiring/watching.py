"""Watching: what changes in folders, and what is new in feeds, is taken in while people ask. One process watches for a home."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from operator import eq
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import FootnoteError, InputError
from bot.permissions import Permission, needs, open_to_all
from bot.request_context import background_request, current_request, request_copy
from bot.wiring.engine import SearchEngine
from bot.wiring.library import Library
from bot.wiring.standing import StandingAsker
from bot.wiring.watched_intake import FeedReader, due_feeds
from bot.wiring.watched_places import MINUTES, FollowedFeed, WatchedFolder, WatchedPlaces, WatchedPlacesFile
from vectorstore.errors import IndexBusy, VectorstoreError
from vectorstore.storage.home import file_lock

if TYPE_CHECKING:
    from bot.wiring.watch_loop import Tell, WatchedBatch, WatchLoop

log = logging.getLogger(__name__)

LOCK = "watching.lock"
KEPT = 20
"""Batches that are remembered for whoever asks what happened."""
PAUSE = 1.0
"""Seconds between two looks whether there is anything to watch."""
QUIET = 5.0
"""Seconds for which no article must have changed before standing questions are asked again."""


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """How watching stands: what is watched, whether this process does it, and what happened last, the newest first.

    `missing` are the folders that are not there just now, `problem` says why nothing can be watched.
    """

    places: WatchedPlaces
    here: bool
    batches: "tuple[WatchedBatch, ...]" = ()
    missing: tuple[str, ...] = ()
    problem: str = ""


class Watching:
    """What a home watches, and the thread that does so. Threads may share it.

    >>> service.watching.status().places.folders
    ()
    """

    def __init__(self, engine: SearchEngine, library: Library, standing: StandingAsker) -> None:
        self._engine = engine
        self._library = library
        self._standing = standing
        self._home = engine.settings.home
        self._file = WatchedPlacesFile(self._home)
        self._feeds = FeedReader(engine, library)
        self._batches: deque[WatchedBatch] = deque(maxlen=KEPT)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._here = False
        self._problem = ""
        # The last generation of the articles that was seen, and since when; 0.0 once its questions were asked.
        self._quiet: tuple[int, float] = (-1, 0.0)

    # What is watched

    @needs(Permission.MAINTAIN)
    def status(self) -> WatchStatus:
        """What is watched, by whom, and what happened last."""
        try:
            places = self._file.places()
        except InputError as error:
            # Told as switched off: nothing can be followed until the file is mended.
            return WatchStatus(WatchedPlaces(on=False), self._here, problem=error.message)
        missing = tuple(one.path for one in places.folders if not Path(one.path).is_dir())
        return WatchStatus(places, self._here, tuple(reversed(self._batches)), missing, self._problem)

    @needs(Permission.MAINTAIN)
    def add_folder(self, path: Path, *, prune: bool = False) -> None:
        """Watches a folder from now on; raises InputError where it cannot be."""
        self._file.add_folder(WatchedFolder(str(watchable(path, self._home)), prune))

    @needs(Permission.MAINTAIN)
    def follow_feed(self, url: str, minutes: int = MINUTES) -> "WatchedBatch":
        """Follows a feed from now on, and looks at it at once; raises InputError where it cannot be fetched now."""
        # Looked at before it is kept, so that an address that is no feed is refused at once.
        look = self._feeds.look(FollowedFeed(url, minutes))
        if look.feed.failure:
            raise InputError(look.feed.failure, "Give the address of a feed, a sitemap or a page that can be fetched.")
        self._file.add_feed(look.feed)
        return look.batch

    @needs(Permission.MAINTAIN)
    def remove_feed(self, url: str) -> None:
        """Follows a feed no longer; its articles stay."""
        self._file.remove_feed(url)

    @needs(Permission.MAINTAIN)
    def remove_folder(self, path: str) -> None:
        """Watches a folder no longer; its articles stay."""
        self._file.remove_folder(path)

    @needs(Permission.MAINTAIN)
    def switch(self, on: bool) -> None:
        """Turns watching on or off; what is watched stays known."""
        self._file.switch(on)

    # Doing it

    @needs(Permission.MAINTAIN)
    def start(self) -> None:
        """Watches in a thread of this process until `close`, as soon as there is anything to watch."""
        if self._thread is None:
            # Whoever starts it: what it does is the program's own work.
            run = request_copy(background_request()).run
            self._thread = threading.Thread(target=run, args=(self._keep_on,), name="footnote-watching", daemon=True)
            self._thread.start()

    @open_to_all
    def close(self) -> None:
        """Ends the thread, if there is one, after the batch that it is at."""
        self._stop.set()
        if self._thread is not None:
            # Five seconds at most: a batch may be in the middle of a large PDF, and the process must end.
            self._thread.join(5)

    @needs(Permission.MAINTAIN)
    def follow(self, folders: Sequence[WatchedFolder], tell: "Tell", stop: threading.Event) -> None:
        """Follows these folders in the caller's thread until `stop` is set.

        Raises InputError where another process watches for this home.
        """
        try:
            # One process watches for a home: two would take in each file twice.
            with file_lock(self._home / LOCK, "watching"), self._feeds_followed(tell):
                self._loop(lambda: folders, tell).run(stop)
        except IndexBusy as error:
            help = "Add the folder to those that it watches, or end it first."
            raise InputError(f"Another Footnote watches for {self._home} already.", help) from error

    def _keep_on(self) -> None:
        """The thread: nothing that goes wrong ends it."""
        # `wait` is the pause and the end in one: it comes back at once when the home is closed.
        while not self._stop.wait(PAUSE):
            try:
                self._turn()
            except IndexBusy:
                # Another process watches. When it ends, this one goes on in its place.
                continue
            except (FootnoteError, VectorstoreError) as error:
                self._problem = error.message
            except Exception:
                log.exception("watching failed, and is tried again")
                # A fault that was not foreseen may come with every turn: the log must not fill up with it.
                self._stop.wait(30 * PAUSE)

    def _turn(self) -> None:
        self._ask_standing()
        if not self._file.places().followed:
            return
        with file_lock(self._home / LOCK, "watching"):
            self._here = True
            try:
                with self._feeds_followed(self._batches.append):
                    self._loop(self._folders, self._batches.append, self._chore).run(self._stop)
            finally:
                self._here = False

    @contextmanager
    def _feeds_followed(self, tell: "Tell") -> Iterator[None]:
        """Looks at the feeds that are due in a thread of its own during the block: a slow server must not hold up folders."""
        ended = threading.Event()
        # A thread begins without a request; this one works for whoever follows the feeds.
        run = request_copy(current_request()).run
        given = (self._follow_feeds, ended, tell)
        thread = threading.Thread(target=run, args=given, name="footnote-feeds", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(5)

    def _follow_feeds(self, ended: threading.Event, tell: "Tell") -> None:
        from bot.wiring.watch_loop import FailureMemory

        memory = FailureMemory()
        while not ended.wait(PAUSE):
            try:
                places = self._file.places()
                for feed in due_feeds(places.feeds if places.on else (), time.time()):
                    # Asked between two feeds, as a single fetch may take half a minute.
                    if ended.is_set():
                        return
                    look = self._feeds.look(feed)
                    self._file.note(look.feed)
                    report = look.batch.report
                    # A feed's failures are told once, as those of files are; what is said of other feeds stays known.
                    new = memory.new(report.failed, partial(eq, feed.url))
                    batch = replace(look.batch, report=replace(report, failed=tuple(new)))
                    if batch.has_news:
                        tell(batch)
            except (FootnoteError, VectorstoreError) as error:
                log.warning("the feeds were not looked at: %s", error.message)
                ended.wait(30 * PAUSE)
            except Exception:
                log.exception("looking at the feeds failed, and is tried again")
                ended.wait(30 * PAUSE)

    def _loop(
        self, folders: Callable[[], Sequence[WatchedFolder]], tell: "Tell", chore: Callable[[], bool] = lambda: True
    ) -> "WatchLoop":
        from bot.wiring.watch_loop import WatchLoop
        from bot.wiring.watched_intake import WatchedIntake
        from vectorstore.watching import FolderWatcher

        # Made for each loop, as the watcher that goes with it is used once.
        intake = WatchedIntake(self._engine, self._library)
        # What the home keeps of the articles is no article itself.
        watcher = FolderWatcher(lambda: [Path(one.path) for one in folders()], [self._home])
        return WatchLoop(watcher, lambda batch: intake.take(batch, folders()), tell, chore)

    def _folders(self) -> Sequence[WatchedFolder]:
        places = self._file.places()
        return places.folders if places.on else ()

    def _chore(self) -> bool:
        self._ask_standing()
        return self._file.places().followed

    def _ask_standing(self) -> None:
        """Asks the standing questions that are due, once the articles have been at rest for a while."""
        generation, since = self._quiet
        now = time.monotonic()
        with suppress(VectorstoreError):
            # Each change begins the wait anew: while a folder is being filled, nothing is asked.
            if (current := self._engine.catalog.generation()) != generation:
                self._quiet = (current, now)
                return
        if since and now - since >= QUIET:
            # Once for each state of the articles, whatever comes of it.
            self._quiet = (generation, 0.0)
            for outcome in self._standing.ask_everybodys(lambda: not self._stop.is_set()):
                if outcome.failure:
                    log.warning("the standing question %s was not asked: %s", outcome.question.id, outcome.failure)


def watchable(path: Path, home: Path) -> Path:
    """The folder, by its absolute path; raises InputError where it is none, or lies in the home itself."""
    folder = path.expanduser().absolute()
    if not folder.is_dir():
        raise InputError(f"{path} is no folder, and folders alone can be watched.", "Name a folder that is there.")
    if folder.is_relative_to(home.absolute()):
        raise InputError(f"{path} is where Footnote keeps its own files.", "Name a folder of your articles.")
    return folder
