"""Taking in what a watcher tells of: files that came or changed, what is not there any more, and what is new in feeds."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bot.errors import FootnoteError
from bot.wiring.engine import SearchEngine
from bot.wiring.library import Library
from bot.wiring.library_intake import fetched_source
from bot.wiring.watched_places import FollowedFeed, WatchedFolder
from vectorstore.errors import IndexMissing, VectorstoreError
from vectorstore.types import Failure, IngestReport, IngestSource, failures_and_notes

if TYPE_CHECKING:
    from bot.wiring.watch_loop import WatchedBatch
    from vectorstore.fetching import FetchedFile
    from vectorstore.storage.records import KnownArticle
    from vectorstore.watching import FolderBatch

Known = Mapping[str, "KnownArticle"]
JITTER = 0.1
"""The share by which the time to the next look varies, so that not all feeds are asked for at the same moment."""
LONGEST = 24 * 60.0
"""Minutes at most between two looks at a feed that fails: each failure doubles the time."""


class WatchedIntake:
    """Writes the batches of a watcher into the index of a home, and says what became of which article."""

    def __init__(self, engine: SearchEngine, library: Library) -> None:
        self._engine = engine
        self._library = library

    def take(self, batch: "FolderBatch", folders: Sequence[WatchedFolder]) -> "WatchedBatch":
        """Takes in a batch; raises what an ingest does."""
        started, before = perf_counter(), self._known()
        failed = self._whole(batch.whole, folders)
        failed += self._touched(batch.touched, folders)
        # Last, so that a moved file is found in its new place before the old one is called missing.
        self._missing(batch, before, folders)
        return told(before, self._known(), failed, perf_counter() - started)

    def _whole(self, roots: Sequence[Path], folders: Sequence[WatchedFolder]) -> list[Failure]:
        """Looks through folders from the beginning."""
        failed: list[Failure] = []
        # Two ingests at most, as `prune` holds for all folders of one.
        for prune in (False, True):
            wanted = [root for root in roots if (root in {Path(one.path) for one in folders if one.prune == prune})]
            if there := [root for root in wanted if root.is_dir()]:
                report = self._library.ingest(there, prune=prune, rebuild=False, progress=None)
                failed += (*report.failed, *report.notes)
        return failed

    def _touched(self, paths: Sequence[Path], folders: Sequence[WatchedFolder]) -> list[Failure]:
        """Takes in single files, each under the id that an ingest of its folder would give it."""
        sources = [source for path in paths if (source := _source(path, folders))]
        if not sources:
            return []
        outcomes = self._library.take_in(sources)
        return [failure for outcome in outcomes for failure in outcome.failures]

    def _missing(self, batch: "FolderBatch", before: Known, folders: Sequence[WatchedFolder]) -> None:
        """Marks or removes the articles whose files are not there any more."""
        # A folder that is not there as a whole may be on a disk that was taken out, which removes nothing.
        if missing := [path for path in batch.missing if _root(path, folders)]:
            self._library.mark_gone(missing)
        # Files of several articles may lack one that they had, so all that are gone since are looked at.
        now = self._known()
        gone = [id for id, one in now.items() if one.gone and id in before and not before[id].gone]
        if pruned := [id for id in gone if _is_pruned(now[id].origin, folders)]:
            self._library.remove(pruned)

    def _known(self) -> Known:
        try:
            return self._engine.catalog.known_articles()
        except IndexMissing:
            return {}


def told(before: Known, now: Known, found: Iterable[Failure], seconds: float) -> "WatchedBatch":
    """What became of which article between two states of the catalog, with what was said of the files."""
    from bot.wiring.watch_loop import WatchedBatch

    both = [id for id in now if id in before]
    failed, notes = failures_and_notes(found)
    report = IngestReport(
        added=tuple(id for id in now if id not in before),
        # A file that has come back counts as changed: its article was marked as gone.
        changed=tuple(id for id in both if now[id].hash != before[id].hash or (before[id].gone and not now[id].gone)),
        removed=tuple(id for id in before if id not in now),
        gone=tuple(id for id in both if now[id].gone and not before[id].gone),
        failed=failed,
        notes=notes,
        seconds=seconds,
    )
    return WatchedBatch(report, moved=tuple(id for id in both if now[id].origin != before[id].origin))


def _root(path: Path, folders: Sequence[WatchedFolder]) -> Path | None:
    """The watched folder that a path lies in; None where there is none, or the folder is not there."""
    return next((root for one in folders if path.is_relative_to(root := Path(one.path)) and root.is_dir()), None)


def _source(path: Path, folders: Sequence[WatchedFolder]) -> IngestSource | None:
    """A file to take in; None where it is in none of the folders, or has gone since."""
    from vectorstore.readers import place_in
    from vectorstore.readers.files import printable

    root = _root(path, folders)
    return IngestSource(path, place_in(path, root), printable(path)) if root and path.is_file() else None


def _is_pruned(origin: str, folders: Sequence[WatchedFolder]) -> bool:
    return any(one.prune and Path(origin).is_relative_to(one.path) for one in folders)


@dataclass(frozen=True, slots=True)
class FeedLook:
    """What came of a look at a feed: the feed with its next time, and what was taken in."""

    feed: FollowedFeed
    batch: "WatchedBatch"


def due_feeds(feeds: Sequence[FollowedFeed], now: float) -> Iterator[FollowedFeed]:
    """Those to look at now, in seconds since 1970, the longest due first.

    >>> [one.url for one in due_feeds([FollowedFeed("a", due=30), FollowedFeed("b", due=10), FollowedFeed("c", due=90)], 50)]
    ['b', 'a']
    """
    return iter(sorted((one for one in feeds if one.due <= now), key=lambda one: one.due))


def after_look(feed: FollowedFeed, now: float, said: Mapping[str, str], failure: str = "", chance: float = 0.5) -> FollowedFeed:
    """The feed with the time of its next look; `chance`, 0 to 1, is where in the jitter that falls.

    >>> after_look(FollowedFeed("a", minutes=10), 1000.0, {}).due
    1600.0
    >>> after_look(FollowedFeed("a", minutes=10, failed=1), 1000.0, {}, "The server is down.").due
    3400.0
    """
    failed = feed.failed + 1 if failure else 0
    # An hour, two, four and so on: a server that is down is not asked each hour for a week.
    minutes = min(LONGEST, feed.minutes * 2.0**failed) if failure else float(feed.minutes)
    due = now + minutes * 60 * (1 + JITTER * (2 * chance - 1))
    return replace(feed, due=due, failure=failure, failed=failed, said=dict(said))


class FeedReader:
    """Looks at feeds, and takes in the articles that are new in them."""

    def __init__(self, engine: SearchEngine, library: Library) -> None:
        self._engine = engine
        self._library = library

    def look(self, feed: FollowedFeed) -> FeedLook:
        """Looks at a feed now; what is wrong with the feed itself is told in it, and raised by nothing."""
        from bot.wiring.watch_loop import WatchedBatch

        started, now = perf_counter(), time.time()
        try:
            # One fetcher for the whole program, as it is the one that knows when a host was last asked.
            first = self._engine.fetcher().fetch(feed.url, feed.said)
            sources, found = self._sources(first)
            # Most looks bring nothing new, and must not wait for another process that writes.
            outcomes = list(self._library.take_in(sources)) if sources else []
        except (FootnoteError, VectorstoreError) as error:
            # What was said of the feed is forgotten: it is fetched as a whole the next time.
            told = IngestReport(failed=(Failure(feed.url, error.message),))
            missed = after_look(feed, now, {}, error.message, random.random())
            return FeedLook(missed, WatchedBatch(told, feed=feed.url))
        failed, notes = failures_and_notes((*found, *(failure for one in outcomes for failure in one.failures)))
        report = IngestReport(
            added=tuple(id for one in outcomes for id in one.added),
            changed=tuple(id for one in outcomes for id in one.changed),
            failed=failed,
            notes=notes,
            seconds=perf_counter() - started,
        )
        return FeedLook(after_look(feed, now, first.said, "", random.random()), WatchedBatch(report, feed=feed.url))

    def _sources(self, first: "FetchedFile") -> tuple[list[IngestSource], list[Failure]]:
        """What is new in a feed as it was fetched, and what of it cannot be had."""
        from vectorstore.fetching import FetchedFile, articles_named_by

        known, sources, failed = self._known_addresses(), list[IngestSource](), list[Failure]()
        # The feed itself is asked for even where an article has its very address.
        for found in articles_named_by(first, self._engine.fetcher(), skip=lambda url: url in known):
            if not isinstance(found, FetchedFile):
                failed.append(found)
            elif not found.unchanged:
                sources.append(fetched_source(self._engine.home, found))
        return sources, failed

    def _known_addresses(self) -> set[str]:
        """The addresses of the articles that are there, and of those that a person has deleted."""
        try:
            catalog = self._engine.catalog
        except IndexMissing:
            return set()
        # What somebody has deleted would otherwise come back with the next look.
        return {one.origin for one in catalog.known_articles().values()} | set(catalog.trash_origins().values())
